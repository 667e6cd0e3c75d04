import Columns
import Diagnostics
import Planning
import Scheduling

/// Joins: rows of both sides are numbered by their keys, right rows of a number lie together, and each left row
/// takes those of its number, in the left order.
extension Executor {
  /// - Parameter readsAll: the caller reads every segment once; the rows need not be kept for it then.
  func join(_ node: Plan.Join, readsAll: Bool = false) throws -> SegmentStream {
    guard Executor.joinsOnDisk(node) else { return try joinInMemory(node, readsAll: readsAll) }
    return try trying(node.origin) {
      try joinInMemory(node, readsAll: readsAll)
    } onDisk: {
      try joinOnDisk(node)
    }
  }

  private func joinInMemory(_ node: Plan.Join, readsAll: Bool) throws -> SegmentStream {
    try prepareTexts(node.keys.map { $0.left }, of: node.left)
    try prepareTexts(node.keys.map { $0.right }, of: node.right)
    let (leftRows, rightRows) = (
      try held(node.left), try held(node.right)
    )
    // A left join's columns lie where they lay: what holds them is kept with the result.
    let (leftTable, rightTable) = (leftRows.table, rightRows.table)
    let inputs = leftRows.memory + rightRows.memory
    let keys = try joinKeys(node, leftTable, rightTable)
    if let joined = try indexJoin(node, keys, leftTable, rightTable) {
      var rows = joined.rows
      rows.memory = inputs + joined.working
      if readsAll { return rows }
      let kept = try held(rows)
      for reservation in joined.working { reservation.release() }
      return SegmentStream(kept.table, memory: kept.memory)
    }
    defer { keys.memory.release() }
    let working = try reserve(
      leftTable.rowCount.saturating(times: 24), for: "the matches of \(counted(leftTable.rowCount, "row"))",
      node.origin)
    defer { working.release() }
    let (left, right) = try conditionSides(node, leftTable, rightTable)
    let report = context.report("join", node.origin)
    let found = Reservation(context.budget)
    defer { found.release() }
    var matches: Matches
    var unknown: Int? = 0
    var ties: Int?
    if let ranges = try rangeMatches(node, keys, left, right, found) {
      (matches, unknown, ties) = (ranges.matches, ranges.unknown, ranges.ties)
    } else if node.keys.isEmpty {
      (matches, unknown) = try crossMatches(node, left, right, found)
    } else {
      matches = try keyMatches(node, keys, leftTable, rightTable)
      if let residual = node.residual { (matches, unknown) = try kept(matches, residual, left, right) }
    }
    if node.kind == .asof, ties == nil { (matches, ties) = try nearest(matches, node, left, right) }
    var outcome = JoinOutcome(matches, leftRows: left.count, rightRows: right.count, kind: node.kind)
    (outcome.leftWithoutKey, outcome.rightWithoutKey) = (keys.withoutKey(\.left), keys.withoutKey(\.right))
    report.add(rowsIn: left.count, rowsOut: outcome.left.count)
    let notes =
      Executor.notes(node, outcome, unknown, left.count, right.count, lacking: lacking(node, left, right))
      + Executor.tieNotes(node, ties ?? 0)
    context.note { notes }
    report.did(.joined(outcome.counts(left.count, right.count)))
    let joined = try assembled(node, outcome, leftTable, rightTable)
    return SegmentStream(joined.table, memory: inputs + joined.memory)
  }

  /// The columns of a condition in which values are missing.
  private func lacking(_ node: Plan.Join, _ left: Segment, _ right: Segment) -> [String] {
    let width = left.columns.count
    return (node.residual?.columns ?? []).sorted().compactMap { index in
      let column = index < width ? left.columns[index] : right.columns[index - width]
      guard column.missingCount > 0 else { return nil }
      let name = index < width ? node.left.schema[index].name : node.right.schema[index - width].name
      let isOfBoth = node.left.schema.names.contains(name) && node.right.schema.names.contains(name)
      return "`\(visible(isOfBoth && index >= width ? "\(node.rightName).\(name)" : name))`"
    }
  }

  /// Of both sides the columns that the condition reads beyond the keys.
  private func conditionSides(_ node: Plan.Join, _ left: Table, _ right: Table) throws -> (Segment, Segment) {
    let width = left.columnCount
    var (ofLeft, ofRight) = (Set<Int>(), node.nearest?.right.columns ?? [])
    for index in node.residual?.columns ?? [] {
      if index < width { ofLeft.insert(index) } else { ofRight.insert(index - width) }
    }
    return (try whole(left, ofLeft), try whole(right, ofRight))
  }

  // MARK: Finding matches

  /// Of each left row's matches the nearest; of equally near ones the later row, and how many rows had such.
  private func nearest(
    _ matches: Matches, _ node: Plan.Join, _ left: Segment, _ right: Segment
  ) throws -> (matches: Matches, ties: Int?) {
    guard let nearest = node.nearest else { return (matches, 0) }
    let values = try Evaluator(nearest.right, context).column(right)
    // Of right values below the left one the greatest is nearest, of those above the least.
    let order = try Sorter.order(
      [SortKey(column: values, descending: nearest.comparison.hasPrefix("<"))], rows: right.count,
      by: context.workers)
    let peers = Sorter.boundaries([values], order: order)
    var rank = [Int](repeating: 0, count: right.count)
    var current = 0
    for position in 0..<right.count {
      if peers[position] { current = position }
      rank[Int(order[position])] = current
    }
    var leftRows = MutableBuffer<UInt32>(capacity: left.count)
    var rightRows = MutableBuffer<UInt32>(capacity: left.count)
    var ties = 0
    var isTied = false
    for index in 0..<matches.left.count {
      let (l, r) = (matches.left[index], matches.right[index])
      if leftRows.count > 0, leftRows[leftRows.count - 1] == l {
        let best = rightRows[rightRows.count - 1]
        if rank[Int(r)] < rank[Int(best)] { continue }
        isTied = rank[Int(r)] == rank[Int(best)]
        rightRows[rightRows.count - 1] = r
      } else {
        if isTied { ties += 1 }
        isTied = false
        leftRows.append(l)
        rightRows.append(r)
      }
    }
    if isTied { ties += 1 }
    return (Matches(left: leftRows.freeze(), right: rightRows.freeze()), ties)
  }

  // MARK: The result

  /// The joined rows, gathered a segment after the other: each can be stopped, and goes to disk where memory is short.
  private func assembled(
    _ node: Plan.Join, _ outcome: JoinOutcome, _ left: Table, _ right: Table
  ) throws -> HeldTable {
    let width = left.columnCount
    let leftRows = left.rowCount
    let sources = try context.workers.map(node.output.count) { position -> Column in
      let index = node.output[position]
      if index >= width { return right.column(index - width) }
      guard outcome.hasRightOnly, let partner = node.keyPartners[index] else { return left.column(index) }
      // A row that only the right side has takes its key from there.
      let type = node.schema[position].type
      noteOrders(left.column(index), right.column(partner - width), node.schema[position].name, node)
      return Column.concatenated(
        [left.column(index).widened(to: type), right.column(partner - width).widened(to: type)], type: type)
    }
    let rows = outcome.left.count
    let size = Table.segmentRows
    let store = RowStore(context)
    let places = try context.workers.map((rows + size - 1) / size) { number in
      let range = number * size..<min(rows, (number + 1) * size)
      let (ofLeft, ofRight) = (outcome.left.slice(range), outcome.right.slice(range))
      let ofEither = outcome.hasRightOnly ? Executor.either(ofLeft, ofRight, leftRows) : ofLeft
      let columns = node.output.enumerated().map { position, index -> Column in
        let column: Column
        if index >= width {
          column = sources[position].take(ofRight)
        } else if outcome.keepsLeft {
          column = sources[position].slice(range)
        } else {
          column = sources[position].take(node.keyPartners[index] == nil ? ofLeft : ofEither)
        }
        return column.widened(to: node.schema[position].type)
      }
      return try store.keep(Segment(columns: columns, count: range.count))
    }
    return try store.table(node.schema, places)
  }

  /// Tells where the texts of a key stand in orders that do not agree.
  private func noteOrders(_ left: Column, _ right: Column, _ name: String, _ node: Plan.Join) {
    guard let fault = TextPool.orderFault([left.pool, right.pool].compactMap(\.self)) else { return }
    let note = Note(
      .fact, "`\(visible(name))` of both sides: \(fault)", subject: name, at: node.origin.range)
    context.note { [note] }
  }

  /// Rows of the left side, or of the right one behind it where the left one has none.
  private static func either(
    _ left: Buffer<UInt32>, _ right: Buffer<UInt32>, _ leftRows: Int
  ) -> Buffer<UInt32> {
    var rows = MutableBuffer<UInt32>(count: left.count)
    for row in 0..<left.count {
      rows[row] = left[row] == missingRow ? UInt32(truncatingIfNeeded: leftRows + Int(right[row])) : left[row]
    }
    return rows.freeze()
  }

  static func notes(
    _ node: Plan.Join, _ outcome: JoinOutcome, _ unknown: Int?, _ leftRows: Int, _ rightRows: Int,
    lacking: [String] = []
  ) -> [Note] {
    var notes: [Note] = []
    let range = node.origin.range
    let partner = node.rightTold
    let lost = outcome.unmatchedLeft
    let lostWhy = withoutKey(node.keys.map { $0.left }, outcome.leftWithoutKey, of: lost)
    switch node.kind {
    case .inner, .right:
      if lost > 0 {
        notes.append(
          Note(
            .join,
            "join left out \(grouped(lost)) of \(counted(leftRows, "row")) without a match in \(partner)\(lostWhy)",
            count: lost, total: leftRows, at: range))
      }
    case .left, .asof, .full:
      if lost > 0 {
        notes.append(
          Note(
            .structural,
            "\(grouped(lost)) of \(counted(leftRows, "row")) have no match in \(partner)\(lostWhy): its columns are missing there",
            count: lost, total: leftRows, at: range))
      }
    case .semi, .anti:
      let (verb, fate) =
        node.kind == .semi
        ? ("join semi", "are left out: a missing key") : ("join anti", "are kept: a missing key")
      if outcome.leftWithoutKey > 0 {
        notes.append(
          Note(
            .missing,
            "\(verb): \(grouped(outcome.leftWithoutKey)) of \(counted(leftRows, "row")) \(fate) matches nothing",
            count: outcome.leftWithoutKey, total: leftRows, subject: node.keys.first?.left.columnNames.first,
            at: range))
      }
    }
    let alone = outcome.unmatchedRight
    let fate: (kind: Note.Kind, words: String)? =
      switch node.kind {
      case .inner, .left: (.join, " and are not in the result")
      case .full, .right:
        (.structural, ": the join puts them at the end, without values in the columns from before")
      case .asof, .semi, .anti: nil
      }
    if alone > 0, let fate {
      let aloneWhy = withoutKey(node.keys.map { $0.right }, outcome.rightWithoutKey, of: alone)
      notes.append(
        Note(
          fate.kind,
          "\(grouped(alone)) of \(counted(rightRows, "row")) of \(partner) match nothing\(aloneWhy)\(fate.words)",
          count: alone, total: rightRows, at: range))
    }
    // Ranges are there to find several; where sums go wrong by it, it is told all the same.
    if outcome.multiplied > 0, node.kind != .semi, node.kind != .anti,
      !node.keys.isEmpty || !node.summed.isEmpty
    {
      notes.append(
        Note(
          .join,
          "\(counted(outcome.multiplied, "row")) matched more than one row of \(partner): the result has \(counted(outcome.extra, "row")) more\(node.repeated)",
          count: outcome.multiplied, at: range))
    }
    if let note = node.addedNote(outcome.counts(leftRows, rightRows)) { notes.append(note) }
    if unknown != 0 {
      let pairs = unknown.map { counted($0, "pair") } ?? "pairs of rows"
      let cause = lacking.isEmpty ? "" : ", where \(lacking.joined(separator: " or ")) is missing"
      notes.append(
        Note(
          .missing, "the join condition is not known for \(pairs)\(cause)", count: unknown, at: range))
    }
    return notes
  }
}

extension Executor {
  /// How many of the rows without a match have no key: another cause than a key that the other side lacks.
  fileprivate static func withoutKey(_ keys: [PlanExpression], _ count: Int, of rows: Int) -> String {
    if count == 0 { return "" }
    let names = keys.compactMap { $0.isColumn ? $0.columnNames.first.map { "`\($0)`" } : nil }
    let key = names.count == keys.count ? names.joined(separator: " or ") : "the key"
    return " (\(count == rows && rows > 1 ? "all" : grouped(count)) because \(key) is missing)"
  }

  fileprivate static func tieNotes(_ node: Plan.Join, _ ties: Int) -> [Note] {
    if ties == 0 { return [] }
    return [
      Note(
        .tie,
        "\(counted(ties, "row")) had several equally near rows in \(node.rightTold): the last of these was taken",
        count: ties, at: node.origin.range)
    ]
  }
}

/// Which rows a join gives, and what became of the others.
struct JoinOutcome {
  var left = Buffer<UInt32>([])
  var right = Buffer<UInt32>([])
  var unmatchedLeft = 0
  var unmatchedRight = 0
  /// Those of them that have no key to match with.
  var leftWithoutKey = 0
  var rightWithoutKey = 0
  /// Left rows with several matches, and the rows that they added.
  var multiplied = 0
  var extra = 0
  var hasRightOnly = false
  /// Every left row is there once, in its place.
  var keepsLeft = false

  init() {}

  /// How often the rows of both sides, of so many, are in the result.
  func counts(_ leftRows: Int, _ rightRows: Int) -> JoinCounts {
    JoinCounts(
      multiplied: multiplied, extra: extra, met: rightRows - unmatchedRight,
      pairs: leftRows - unmatchedLeft + extra, unmatched: (unmatchedLeft, unmatchedRight))
  }

  init(_ matches: Executor.Matches, leftRows: Int, rightRows: Int, kind: Plan.Join.Kind) {
    var counts = [UInt32](repeating: 0, count: leftRows)
    var used = [Bool](repeating: false, count: rightRows)
    for index in 0..<matches.left.count {
      counts[Int(matches.left[index])] += 1
      used[Int(matches.right[index])] = true
    }
    for count in counts {
      if count == 0 { unmatchedLeft += 1 }
      if count > 1 {
        multiplied += 1
        extra += Int(count) - 1
      }
    }
    unmatchedRight = used.reduce(0) { $0 + ($1 ? 0 : 1) }
    switch kind {
    case .semi, .anti:
      let wanted = kind == .semi
      left = Buffer((0..<leftRows).filter { (counts[$0] > 0) == wanted }.map { UInt32($0) })
      right = Buffer(repeating: missingRow, count: left.count)
    case .inner: (left, right) = (matches.left, matches.right)
    case .left, .asof, .full, .right:
      var l = MutableBuffer<UInt32>(capacity: matches.left.count + unmatchedLeft)
      var r = MutableBuffer<UInt32>(capacity: matches.left.count + unmatchedLeft)
      var position = 0
      for row in 0..<leftRows {
        if counts[row] == 0 {
          if kind != .right {
            l.append(UInt32(row))
            r.append(missingRow)
          }
          continue
        }
        for _ in 0..<counts[row] {
          l.append(UInt32(row))
          r.append(matches.right[position])
          position += 1
        }
      }
      if kind == .right || kind == .full {
        for row in 0..<rightRows where !used[row] {
          l.append(missingRow)
          r.append(UInt32(row))
          hasRightOnly = true
        }
      }
      (left, right) = (l.freeze(), r.freeze())
    }
    switch kind {
    case .inner: keepsLeft = unmatchedLeft == 0 && multiplied == 0
    case .left, .asof: keepsLeft = multiplied == 0
    case .right, .full: keepsLeft = false
    case .semi, .anti: keepsLeft = left.count == leftRows
    }
  }
}
