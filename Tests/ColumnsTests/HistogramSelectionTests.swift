import Testing

@testable import Columns

/// Order statistics by counting against sorting.
@Suite struct HistogramSelectionTests {
  private struct Numbers: RandomNumberGenerator {
    var state: UInt64
    mutating func next() -> UInt64 {
      state = TextHash.mix(state &+ 0x9E37_79B9_7F4A_7C15)
      return state
    }
  }

  /// What the middle of sorted values is (R type 7), worked out the plain way.
  private func reference<V: Comparable>(_ values: [V], _ fraction: Double) -> (
    low: V, high: V, weight: Double
  )? {
    if values.isEmpty { return nil }
    let sorted = values.sorted()
    let position = Double(sorted.count - 1) * fraction
    let below = Int(position.rounded(.down))
    let weight = position - Double(below)
    if weight == 0 || below + 1 == sorted.count { return (sorted[below], sorted[below], 0) }
    return (sorted[below], sorted[below + 1], weight)
  }

  private func check<V: RankedValue>(_ rows: [(group: Int, value: V)], groups: Int) {
    let cut = rows.count / 3
    let chunks = [rows[..<cut], rows[cut..<cut], rows[cut...]].map { part in
      (values: Buffer(part.map(\.value)), groups: Buffer(part.map { UInt32($0.group) }))
    }
    for fraction in [0, 0.1, 0.25, 0.5, 0.9, 0.999, 1] {
      let found = HistogramSelection(chunks, groupCount: groups).neighbours(fraction: fraction)
      #expect(found.count == groups)
      for group in 0..<groups {
        let expected = reference(rows.filter { $0.group == group }.map(\.value), fraction)
        #expect(found[group]?.low == expected?.low)
        #expect(found[group]?.weight == expected?.weight)
        if expected?.weight != 0 { #expect(found[group]?.high == expected?.high) }
      }
    }
  }

  @Test func floatsAsBySorting() {
    var random = Numbers(state: 7)
    let kinds: [(inout Numbers) -> Double] = [
      { Double.random(in: 0...1, using: &$0) },
      { Double(Int.random(in: -3...3, using: &$0)) },
      { 1 / Double.random(in: -1...1, using: &$0) },
      { [-Double.infinity, -0.0, 0, 2.5e-308, 1.7e308, .infinity][Int.random(in: 0..<6, using: &$0)] },
      { _ in 4.5 },
    ]
    for kind in kinds {
      for count in [1, 2, 40, 3_001] {
        // The last of the groups has no value.
        check((0..<count).map { _ in (Int.random(in: 0..<4, using: &random), kind(&random)) }, groups: 5)
      }
    }
  }

  @Test func wholeNumbersAsBySorting() {
    var random = Numbers(state: 11)
    for range in [Int64(0)...1, -5...5, 1_000_000...1_000_000_000_000, Int64.min...Int64.max] {
      for count in [1, 3, 2_000] {
        check(
          (0..<count).map { _ in
            (Int.random(in: 0..<3, using: &random), Int64.random(in: range, using: &random))
          }, groups: 3)
      }
    }
  }

  /// The same answer above and below the number of values from which they are counted, with missing ones.
  @Test func aMedianOfManyIsThatOfAll() throws {
    var random = Numbers(state: 3)
    let rows = 2 * 2_048 * 8 + 1_005
    #expect(HistogramSelection<Double>.suits(groups: 2, values: rows - 1_000))
    let values = (0..<rows).map { $0 < 1_000 ? nil : Double.random(in: 0...100, using: &random) }
    let groups = (0..<rows).map { UInt32($0 % 2) }
    let state = Aggregates.median([.float], [.missing])
    try state.update(
      [.column(Column(values.map { $0.map { .float($0) } ?? .missing }, type: .float))], rows: rows,
      groups: Buffer(groups), groupCount: 2, selection: nil)
    let found = try state.finish(groupCount: 2)[0]
    for group in 0..<2 {
      let own = stride(from: group, to: rows, by: 2).compactMap { values[$0] }
      let middle = reference(own, 0.5)
      let expected = middle.map { $0.low + ($0.high - $0.low) * $0.weight }
      #expect(found.value(group) == .float(expected ?? .nan))
    }
    #expect(state.skipped == 1_000)
  }

  /// NaN and infinities are told apart wherever they stand.
  @Test(arguments: [1, 7, 8, 9, 64, 70]) func onlyNotANumberIsNoNumber(_ count: Int) throws {
    for place in 0..<count {
      for (odd, isNumber) in [(Double.nan, false), (.infinity, true), (-.infinity, true)] {
        var values = [Double](repeating: 1, count: count)
        values[place] = odd
        let known = Column.float(Buffer(values)).knownNumbers
        #expect((known?.ones ?? count) == (isNumber ? count : count - 1))
        #expect(known?[place] ?? true == isNumber)
      }
    }
  }

  /// Four sums side by side lose nothing: what a plain sum would drop is kept.
  @Test func aSumOfManyIsRight() throws {
    let values = (0..<4_003).map { index in
      index % 4 == 0 ? 1e16 : index % 4 == 1 ? 1.0 : index % 4 == 2 ? -1e16 : 0.25
    }
    let state = Aggregates.sum([.float], [.missing])
    try state.update(
      [.column(.float(Buffer(values)))], rows: values.count, groups: nil, groupCount: 1, selection: nil)
    var chosen = MutableBitmap(repeating: false, count: values.count)
    for index in 0..<4_000 { chosen.set(index) }
    let part = Aggregates.sum([.float], [.missing])
    try part.update(
      [.column(.float(Buffer(values)))], rows: values.count, groups: nil, groupCount: 1,
      selection: chosen.freeze())
    // 1,000 fours of 1.25, then 1e16 + 1 - 1e16.
    #expect(try state.finish(groupCount: 1)[0].value(0) == .float(1_251))
    #expect(try part.finish(groupCount: 1)[0].value(0) == .float(1_250))
  }
}
