import Columns
import Planning
import Scheduling

/// Right rows in the order of their keys and of a bounded value, and how left rows find theirs.
struct RangeSearch: Sendable {
  /// The right rows: group after group, ascending by the first bounded value, those without it behind.
  private let order: Buffer<UInt32>
  /// Where each group begins in it, and the end.
  private let starts: [Int]
  /// The group of each left row; nil for one group of all.
  private let groups: Buffer<UInt32>?
  private let hasKey: Bitmap?
  /// The first bounded value in that order, as whole numbers of the same order; and how many of each group have one.
  private let values: [Int64]
  private let known: [Int]
  /// What the left rows bound it by.
  private let bounds: [(bound: RangeCondition.Bound, values: [Int64])]
  /// The second value, and what it is bounded by.
  private let second: (tree: ExtremeTree, bound: RangeCondition.Bound, values: [Int64])?
  /// Rows of which all bounded or bounding values are known.
  private let isSureLeft: [Bool]
  private let isSureRight: [Bool]
  /// Of each bound, the second value's last, the left rows that have what it bounds by; nil where all have.
  private let hasBound: [Bitmap?]
  /// The second value in the order of the first, and the places that have it; nil where all have.
  private let secondValues: [Int64]
  private let hasSecond: [Bool]?
  /// The places of right rows that lack a value, and where each group's begin among them.
  private let unsurePlaces: [Int]
  private let unsureStarts: [Int]
  /// The expression that the order goes by.
  private let ordered: String
  private let hasRest: Bool

  /// Nil where a bound cannot be worked out for all rows.
  init?(
    _ condition: RangeCondition, _ keys: Executor.JoinKeys, _ left: Segment, _ right: Segment,
    _ context: QueryContext
  ) throws {
    func numbers(_ expression: PlanExpression, _ rows: Segment) -> (values: [Int64], column: Column)? {
      guard let column = try? Evaluator(expression, context).column(rows) else { return nil }
      return (Self.ordered(column), column)
    }
    let (leftCount, rightCount) = (left.count, right.count)
    let numbered = try Self.groups(keys, leftCount, rightCount, context)
    (groups, hasKey) = (numbered.left, numbered.hasKey)
    let bounded = condition.primary.first?.right
    ordered = bounded?.description ?? ""
    var first: (values: [Int64], column: Column)?
    if let bounded {
      guard let found = numbers(bounded, right) else { return nil }
      first = found
    }
    let placed = try Sorter.partitioned(
      numbered.right, first.map { [SortKey($0.column)] } ?? [], rows: rightCount, workers: context.workers)
    order = placed.order
    let order = placed.order
    let starts = placed.starts
    self.starts = starts
    let placedFirst = first
    values = placedFirst.map { first in order.array.map { first.values[Int($0)] } } ?? []
    known = starts.indices.dropLast().map { group in
      guard let first = placedFirst else { return starts[group + 1] - starts[group] }
      return (starts[group]..<starts[group + 1]).count { first.column.isKnown(Int(order[$0])) }
    }
    var sureLeft = [Bool](repeating: true, count: leftCount)
    var sureRight = (0..<rightCount).map { placedFirst?.column.isKnown($0) ?? true }
    var bounds: [(bound: RangeCondition.Bound, values: [Int64])] = []
    var hasBound: [Bitmap?] = []
    for bound in condition.primary {
      guard let (values, column) = numbers(bound.left, left) else { return nil }
      hasBound.append(column.knownRows)
      if column.missingCount > 0 {
        for row in 0..<leftCount where !column.isKnown(row) { sureLeft[row] = false }
      }
      bounds.append((bound, values))
    }
    self.bounds = bounds
    if let bound = condition.secondary {
      guard let (values, column) = numbers(bound.left, left),
        let (others, otherColumn) = numbers(bound.right, right)
      else { return nil }
      hasBound.append(column.knownRows)
      if column.missingCount > 0 {
        for row in 0..<leftCount where !column.isKnown(row) { sureLeft[row] = false }
      }
      if otherColumn.missingCount > 0 {
        for row in 0..<rightCount where !otherColumn.isKnown(row) { sureRight[row] = false }
      }
      // A row without the value is below every upper bound's reach, and above every lower one's.
      let never = bound.isUpper ? Int64.max : Int64.min
      let placedValues = order.array.map { otherColumn.isKnown(Int($0)) ? others[Int($0)] : never }
      second = (ExtremeTree(placedValues, isLeast: bound.isUpper), bound, values)
      secondValues = placedValues
      hasSecond = otherColumn.missingCount == 0 ? nil : order.array.map { otherColumn.isKnown(Int($0)) }
    } else {
      second = nil
      secondValues = []
      hasSecond = nil
    }
    self.hasBound = hasBound
    var places: [Int] = []
    unsureStarts = starts.indices.map { group in
      if group > 0 { places += (starts[group - 1]..<starts[group]).filter { !sureRight[Int(order[$0])] } }
      return places.count
    }
    unsurePlaces = places
    (isSureLeft, isSureRight) = (sureLeft, sureRight)
    hasRest = condition.rest != nil
  }

  /// The rows of both sides numbered by their keys together, and which of them, the right ones behind the left, have all.
  private static func groups(
    _ keys: Executor.JoinKeys, _ leftCount: Int, _ rightCount: Int, _ context: QueryContext
  ) throws -> (left: Buffer<UInt32>?, right: RowGroups?, hasKey: Bitmap?) {
    if keys.types.left.isEmpty { return (nil, nil, nil) }
    let both = zip(keys.whole(\.left), keys.whole(\.right)).map { l, r in
      let type = DataType.common(l.type, r.type) ?? l.type
      return Column.concatenated([l.widened(to: type), r.widened(to: type)], type: type)
    }
    var known: Bitmap?
    for key in both { if let rows = key.knownRows { known = known.map { $0.and(rows) } ?? rows } }
    let numbered = try Grouper.numbers(both, rows: leftCount + rightCount, by: context.workers)
    let right = RowGroups(count: numbered.count, ids: numbered.ids.slice(leftCount..<leftCount + rightCount))
    return (numbered.ids.slice(0..<leftCount), right, known)
  }

  /// Values as whole numbers that compare as they do; 0 where one is missing.
  private static func ordered(_ column: Column) -> [Int64] {
    guard column.type == .float else {
      let values = column.int64Values
      return (0..<column.count).map { values[$0] }
    }
    let values = column.floatValues
    return (0..<column.count).map { row in
      // -0 and 0 are equal.
      let bits = Int64(bitPattern: (values[row] + 0).bitPattern)
      return bits < 0 ? bits ^ Int64.max : bits
    }
  }

  private func group(of row: Int) -> Int? {
    guard let groups else { return 0 }
    if let hasKey, !hasKey[row] { return nil }
    let group = Int(groups[row])
    return group + 1 < starts.count ? group : nil
  }

  /// How many of the ordered values of a stretch are below one, or not above it.
  private func count(below value: Int64, orEqual: Bool, in range: Range<Int>) -> Int {
    var (low, high) = (range.lowerBound, range.upperBound)
    while low < high {
      let middle = (low + high) / 2
      if orEqual ? values[middle] <= value : values[middle] < value {
        low = middle + 1
      } else {
        high = middle
      }
    }
    return low
  }

  /// Whether a left row has more places in the order than so many.
  func hasCandidate(_ row: Int, at place: Int) -> Bool { places(of: row).map { place < $0.count } ?? false }

  /// The places in the order that the bounds leave a left row, or some of them.
  private func places(of row: Int, _ candidates: Range<Int>? = nil) -> Range<Int>? {
    guard isSureLeft[row], let group = group(of: row) else { return nil }
    let whole = starts[group]..<starts[group] + known[group]
    var (low, high) = (whole.lowerBound, whole.upperBound)
    for (bound, values) in bounds {
      if bound.isUpper {
        high = min(high, count(below: values[row], orEqual: !bound.isStrict, in: whole))
      } else {
        low = max(low, count(below: values[row], orEqual: bound.isStrict, in: whole))
      }
    }
    if let candidates {
      let all = low
      low = min(high, all.saturating(plus: candidates.lowerBound))
      high = min(high, all.saturating(plus: candidates.upperBound))
    }
    return low < high ? low..<high : nil
  }

  /// Pairs that are handed on at once, about.
  private static let pairsAtOnce = 262_144

  /// Hands on the pairs of some left rows that all bounds leave, in the order of the left rows, right rows ascending.
  ///
  /// - Parameters:
  ///   - limit: so many pairs of each left row are enough.
  ///   - candidates: of each left row those in these places of its own in the order, and no others.
  func pairs(
    of rows: some Sequence<Int>, limit: Int? = nil, candidates: Range<Int>? = nil,
    _ body: (Executor.Matches) throws -> Void
  ) throws {
    var batch = PairBatch()
    var inside: [Int] = []
    for row in rows {
      guard let places = places(of: row, candidates) else { continue }
      let first = batch.right.count
      if let second {
        let value = second.values[row]
        inside.removeAll(keepingCapacity: true)
        // Rows without the value stand where its greatest or least number is.
        let isEnd = value == .max || value == .min
        second.tree.add(
          places, second.bound.isStrict, value, limit: isEnd ? .max : limit ?? .max, to: &inside)
        for place in inside where hasSecond?[place] ?? true { batch.add(row, order[place]) }
      } else {
        for place in places.prefix(limit ?? places.count) { batch.add(row, order[place]) }
      }
      if batch.right.count - first > 1 { batch.right[first...].sort() }
      try batch.handOn(from: Self.pairsAtOnce, body)
    }
    try batch.handOn(from: 1, body)
  }

  /// Pairs on their way to whoever takes them a batch at a time.
  private struct PairBatch {
    private var left: [UInt32] = []
    var right: [UInt32] = []

    mutating func add(_ row: Int, _ other: UInt32) {
      left.append(UInt32(truncatingIfNeeded: row))
      right.append(other)
    }

    /// Hands on what has gathered where it is so many pairs.
    mutating func handOn(from least: Int, _ body: (Executor.Matches) throws -> Void) throws {
      if left.count < least { return }
      try body(Executor.Matches(left: Buffer(left), right: Buffer(right)))
      left.removeAll(keepingCapacity: true)
      right.removeAll(keepingCapacity: true)
    }
  }

  // MARK: The nearest one

  /// Whether the order alone tells which match of a left row is the nearest.
  func finds(nearest: (left: PlanExpression, right: PlanExpression, comparison: String)) -> Bool {
    !bounds.isEmpty && second == nil && !hasRest && nearest.right.description == ordered
  }

  /// The nearest match of each of some left rows: the last one below it, or the first above; of equal ones the last in its
  /// table.
  ///
  /// - Parameter isBelow: whether the nearest is the last one below.
  func nearest(of rows: Range<Int>, isBelow: Bool) -> Executor.RangeMatches {
    var left: [UInt32] = []
    var right: [UInt32] = []
    var ties = 0
    for row in rows {
      guard let places = places(of: row) else { continue }
      let best = values[isBelow ? places.upperBound - 1 : places.lowerBound]
      let first = count(below: best, orEqual: false, in: places)
      let end = count(below: best, orEqual: true, in: places)
      if end - first > 1 { ties += 1 }
      left.append(UInt32(truncatingIfNeeded: row))
      right.append(order[end - 1])
    }
    return Executor.RangeMatches(
      matches: Executor.Matches(left: Buffer(left), right: Buffer(right)), unknown: 0, ties: ties)
  }

  // MARK: Pairs of which a value is missing

  private func size(_ group: Int) -> Int { starts[group + 1] - starts[group] }

  /// The pairs, with equal keys, of which a bounded or a bounding value is missing.
  ///
  /// - Parameter rows: of these left rows alone; nil for all.
  func unsurePairs(of rows: [Int]? = nil) -> Int {
    func pairs(_ row: Int) -> Int {
      guard let group = group(of: row) else { return 0 }
      return isSureLeft[row] ? unsureStarts[group + 1] - unsureStarts[group] : size(group)
    }
    if let rows { return rows.reduce(0) { $0.saturating(plus: pairs($1)) } }
    return isSureLeft.indices.reduce(0) { $0.saturating(plus: pairs($1)) }
  }

  /// Hands on those of these pairs of which no bound is false: where one is, what is missing does not matter.
  ///
  /// - Parameter check: throws when the query is cancelled.
  func unsure(
    of rows: some Sequence<Int>, check: () throws -> Void, _ body: (Executor.Matches) throws -> Void
  ) throws {
    var looked = 0
    var batch = PairBatch()
    for row in rows {
      guard let group = group(of: row) else { continue }
      func look(_ place: Int) {
        if mayHold(row, place, group) { batch.add(row, order[place]) }
      }
      if isSureLeft[row] {
        for index in unsureStarts[group]..<unsureStarts[group + 1] { look(unsurePlaces[index]) }
      } else {
        for place in starts[group]..<starts[group + 1] { look(place) }
        looked += size(group)
        if looked > Self.pairsAtOnce {
          try check()
          looked = 0
        }
      }
      try batch.handOn(from: Self.pairsAtOnce, body)
    }
    try batch.handOn(from: 1, body)
  }

  /// Whether no bound is false for a left row and the right one in a place.
  private func mayHold(_ row: Int, _ place: Int, _ group: Int) -> Bool {
    func holds(_ bound: RangeCondition.Bound, _ value: Int64, _ limit: Int64) -> Bool {
      bound.isUpper
        ? (bound.isStrict ? value < limit : value <= limit)
        : (bound.isStrict ? value > limit : value >= limit)
    }
    if place < starts[group] + known[group] {
      for (index, (bound, limits)) in bounds.enumerated() where hasBound[index]?[row] ?? true {
        if !holds(bound, values[place], limits[row]) { return false }
      }
    }
    guard let second, hasSecond?[place] ?? true, hasBound.last??[row] ?? true else { return true }
    return holds(second.bound, secondValues[place], second.values[row])
  }
}

/// The least or greatest of each stretch of values whose length is a power of two: the places of values on one side of a
/// bound are found without looking at the others.
struct ExtremeTree: Sendable {
  private let isLeast: Bool
  private let size: Int
  private let nodes: [Int64]

  init(_ values: [Int64], isLeast: Bool) {
    self.isLeast = isLeast
    var size = 1
    while size < values.count { size *= 2 }
    self.size = size
    var nodes = [Int64](repeating: isLeast ? .max : .min, count: 2 * size)
    for (place, value) in values.enumerated() { nodes[size + place] = value }
    for node in stride(from: size - 1, to: 0, by: -1) {
      let (one, two) = (nodes[2 * node], nodes[2 * node + 1])
      nodes[node] = isLeast ? min(one, two) : max(one, two)
    }
    self.nodes = nodes
  }

  /// Adds the places of a range whose value is below a bound (above it where the greatest are kept), or equal to it unless
  /// the bound is strict; ascending.
  ///
  /// - Parameter limit: so many places are enough.
  func add(_ range: Range<Int>, _ isStrict: Bool, _ bound: Int64, limit: Int, to places: inout [Int]) {
    let end = limit == .max ? .max : places.count + limit
    add(1, 0, size, range, isStrict, bound, end, &places)
  }

  private func add(
    _ node: Int, _ lower: Int, _ width: Int, _ range: Range<Int>, _ isStrict: Bool, _ bound: Int64,
    _ end: Int, _ places: inout [Int]
  ) {
    if lower >= range.upperBound || lower + width <= range.lowerBound || places.count >= end { return }
    let best = nodes[node]
    if isLeast ? (isStrict ? best >= bound : best > bound) : (isStrict ? best <= bound : best < bound) {
      return
    }
    if width == 1 {
      places.append(lower)
      return
    }
    let half = width / 2
    add(2 * node, lower, half, range, isStrict, bound, end, &places)
    add(2 * node + 1, lower + half, half, range, isStrict, bound, end, &places)
  }
}
