import Columns
import Diagnostics
import Planning
import Scheduling
import Synchronization

/// Joins with a condition that an order answers: the right rows are put in order once, by their keys and by a value that
/// the condition bounds, and each left row looks up where its matches begin and end. Trying all pairs would take the
/// product of both sides' rows.
extension Executor {
  struct RangeMatches {
    var matches: Matches
    /// Pairs for which the condition is neither true nor false; nil where they are too many to be counted.
    var unknown: Int? = 0
    /// Of `join asof`: left rows with several equally near rows; nil where the nearest of the matches is still to be found.
    var ties: Int?
  }

  /// The matches; nil where another way has to find them, or finds them as fast.
  func rangeMatches(
    _ node: Plan.Join, _ keys: JoinKeys, _ left: Segment, _ right: Segment, _ found: Reservation
  ) throws -> RangeMatches? {
    guard let residual = node.residual, left.count > 0, right.count > 0 else { return nil }
    let onlyExists = node.kind == .semi || node.kind == .anti
    if !onlyExists, left.count.saturating(times: right.count) < Self.fewPairs { return nil }
    let condition = RangeCondition(residual, width: left.columns.count)
    // Without an order each pair is tried either way; with keys they need not be held all at once.
    if condition.primary.isEmpty, node.keys.isEmpty, !onlyExists { return nil }
    let working = try reserve(
      (left.count + right.count).saturating(times: 64),
      for: "the order of \(counted(left.count + right.count, "row"))", node.origin)
    defer { working.release() }
    // A sum that is too great is told of the pairs that have it, and of no others.
    guard let search = try RangeSearch(condition, keys, left, right, context) else { return nil }
    if onlyExists { return try existing(node, condition, search, left, right) }
    let blocks = Self.blocks(left.count)
    let isNearest = node.nearest.map { search.finds(nearest: $0) } ?? false
    let evaluator = condition.rest.map { Evaluator($0, context) }
    let parts = try context.workers.map(blocks.count) { number -> RangeMatches in
      if isNearest {
        // The comparison has the left value on its left.
        return search.nearest(of: blocks[number], isBelow: node.nearest?.comparison.hasPrefix(">") ?? true)
      }
      var part = RangeMatches(matches: .joined([]))
      var pieces: [Matches] = []
      try search.pairs(of: blocks[number]) { pairs in
        try context.workers.cancellation.check()
        var pairs = pairs
        if let evaluator {
          let (kept, unknown) = try holding(pairs, evaluator, left, right)
          pairs = kept
          part.unknown = part.unknown.map { $0 + unknown }
        }
        try grow(found, pairs.left.count, node, left, right)
        pieces.append(pairs)
      }
      part.matches = .joined(pieces)
      return part
    }
    if let evaluator { context.note { evaluator.notes() } }
    var result = RangeMatches(matches: .joined(parts.map(\.matches)))
    result.unknown = try unknown(residual, condition, search, left, right, of: nil).map { missing in
      parts.reduce(missing) { $0 + ($1.unknown ?? 0) }
    }
    if isNearest { result.ties = parts.reduce(0) { $0 + ($1.ties ?? 0) } }
    return result
  }

  /// Of a join that only asks whether there is a match: the first one that is found of each left row. What is not known of
  /// a row that has one does not matter.
  private func existing(
    _ node: Plan.Join, _ condition: RangeCondition, _ search: RangeSearch, _ left: Segment, _ right: Segment
  ) throws -> RangeMatches? {
    guard let residual = node.residual else { return nil }
    let blocks = Self.blocks(left.count)
    let evaluator = condition.rest.map { Evaluator($0, context) }
    let parts = try context.workers.map(blocks.count) { number -> RangeMatches in
      var part = RangeMatches(matches: .joined([]))
      guard let evaluator else {
        var pieces: [Matches] = []
        try search.pairs(of: blocks[number], limit: 1) { pieces.append($0) }
        part.matches = .joined(pieces)
        return part
      }
      (part.matches, part.unknown) = try firstMatches(of: blocks[number], search, evaluator, left, right)
      return part
    }
    if let evaluator { context.note { evaluator.notes() } }
    var result = RangeMatches(matches: .joined(parts.map(\.matches)))
    var isMatched = [Bool](repeating: false, count: left.count)
    for index in 0..<result.matches.left.count { isMatched[Int(result.matches.left[index])] = true }
    let open = (0..<left.count).filter { !isMatched[$0] }
    result.unknown = try unknown(residual, condition, search, left, right, of: open).map { missing in
      parts.reduce(missing) { $0 + ($1.unknown ?? 0) }
    }
    return result
  }

  /// Tries few candidates of each row, and ever more of those that have no match yet.
  private func firstMatches(
    of rows: Range<Int>, _ search: RangeSearch, _ evaluator: Evaluator, _ left: Segment, _ right: Segment
  ) throws -> (Matches, unknown: Int) {
    var match = [UInt32](repeating: missingRow, count: rows.count)
    var unknown = [Int](repeating: 0, count: rows.count)
    var waiting = Array(rows)
    var tried = 0
    var size = 8
    while !waiting.isEmpty {
      let range = tried..<tried.saturating(plus: size)
      let pending = waiting
      try search.pairs(of: pending, candidates: range) { pairs in
        try context.workers.cancellation.check()
        let (kept, unknownPairs) = try holdingOrOpen(pairs, evaluator, left, right)
        for index in 0..<kept.left.count {
          let place = Int(kept.left[index]) - rows.lowerBound
          if match[place] == missingRow { match[place] = kept.right[index] }
        }
        for row in unknownPairs { unknown[row - rows.lowerBound] += 1 }
      }
      tried = range.upperBound
      waiting = waiting.filter {
        match[$0 - rows.lowerBound] == missingRow && search.hasCandidate($0, at: tried)
      }
      size *= 16
    }
    let found = rows.filter { match[$0 - rows.lowerBound] != missingRow }
    let matches = Matches(
      left: Buffer(found.map { UInt32(truncatingIfNeeded: $0) }),
      right: Buffer(found.map { match[$0 - rows.lowerBound] }))
    let open = match.indices.reduce(0) { $0 + (match[$1] == missingRow ? unknown[$1] : 0) }
    return (matches, open)
  }

  private static func blocks(_ rows: Int) -> [Range<Int>] {
    stride(from: 0, to: rows, by: rangeRows).map { $0..<min(rows, $0 + rangeRows) }
  }

  /// So many pairs are tried as fast as an order is made.
  private static let fewPairs = 4096
  /// Left rows that a worker takes at a time.
  private static let rangeRows = 8192
  /// More pairs of which a value is missing are not counted: it would take longer than the join itself.
  private static let mostUnsure = 400_000_000
  /// Nor are more of them tried whose other bounds hold.
  private static let mostTried = 20_000_000

  /// How many pairs of which a value is missing have a condition that is not known; nil where they are too many.
  ///
  /// - Parameter rows: of these left rows alone; nil for all.
  private func unknown(
    _ residual: PlanExpression, _ condition: RangeCondition, _ search: RangeSearch, _ left: Segment,
    _ right: Segment, of rows: [Int]?
  ) throws -> Int? {
    let rows = rows ?? Array(0..<left.count)
    let count = search.unsurePairs(of: rows)
    // Of one comparison none of them is known.
    if count == 0 || condition.isSingle { return count }
    if count > Self.mostUnsure { return nil }
    let evaluator = condition.rest == nil ? nil : Evaluator(residual, context)
    let tried = Atomic(0)
    let counts = try context.workers.map((rows.count + Self.rangeRows - 1) / Self.rangeRows) {
      number -> Int in
      var count = 0
      let part = rows.dropFirst(number * Self.rangeRows).prefix(Self.rangeRows)
      try search.unsure(of: part, check: context.workers.cancellation.check) { pairs in
        try context.workers.cancellation.check()
        guard let evaluator else {
          count += pairs.left.count
          return
        }
        if tried.add(pairs.left.count, ordering: .relaxed).newValue > Self.mostTried { return }
        count += try holding(pairs, evaluator, left, right).unknown
      }
      return count
    }
    return tried.load(ordering: .relaxed) > Self.mostTried ? nil : counts.reduce(0, +)
  }
}
