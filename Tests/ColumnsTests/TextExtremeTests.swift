import Columns
import Testing

/// The least and greatest texts of groups, whatever dictionaries the segments' texts lie in: against a plain loop.
@Suite struct TextExtremeTests {
  /// How a segment's texts are stored.
  enum Storage: CaseIterable {
    /// A dictionary of the segment's own.
    case own
    /// One that all segments share, small beside their rows.
    case shared
    /// One that all segments share, of more texts than they have rows.
    case sharedAndLarge
    /// A text a row, the same text several times.
    case plain
  }

  /// Texts that differ early, late, only in length, or beyond ASCII.
  private static let texts = [
    "", "a", "a\u{0}", "ab", "sepsis", "sepsis, seen 10", "sepsis, seen 1", "sepsis, seen 9", "zebra",
    "Ä", "ä", "é", "日本", "z", "zz", "sepsis, seen 100000000", "sepsis, seen 100000001",
  ]

  private static func column(_ values: [String?], _ storage: Storage) -> Column {
    let pool: TextPool
    switch storage {
    case .own: pool = TextPool(Array(Set(values.compactMap { $0 })).sorted().reversed(), isDistinct: true)
    case .shared: pool = shared
    case .sharedAndLarge: pool = large
    case .plain: pool = TextPool(values.map { $0 ?? "" }, isDistinct: false)
    }
    let places = Dictionary((0..<pool.count).map { (pool[$0], UInt32($0)) }, uniquingKeysWith: { $1 })
    let codes =
      storage == .plain
      ? (0..<values.count).map { UInt32($0) } : values.map { $0.flatMap { places[$0] } ?? 0 }
    let validity = Bitmap(values.map { $0 != nil })
    return .text(.u32(Buffer(codes)), pool, validity: validity)
  }

  private static let shared = TextPool(texts, isDistinct: true)
  private static let large = TextPool(texts + (0..<5_000).map { "filler \($0)" }, isDistinct: true)

  /// Texts of Swift compare by canonical order; these go by scalars.
  private static func isLess(_ a: String, _ b: String) -> Bool {
    a.utf8.lexicographicallyPrecedes(b.utf8)
  }

  @Test(arguments: Storage.allCases, Storage.allCases)
  func areThoseOfAPlainLoop(_ first: Storage, _ second: Storage) throws {
    var random = Random(7)
    for greatest in [false, true] {
      let groupCount = 40
      var expected = [String?](repeating: nil, count: groupCount)
      var whole: (any AggregateState)?
      let kernel = greatest ? Aggregates.max : Aggregates.min
      var skipped = 0
      for number in 0..<6 {
        let rows = 300
        let values = (0..<rows).map { _ in
          Int.random(in: 0..<10, using: &random) == 0 ? nil : Self.texts.randomElement(using: &random)
        }
        // Each segment numbers its groups for itself, and not all groups have rows in it.
        let groups = (0..<rows).map { _ in UInt32.random(in: 0..<30, using: &random) }
        let map = Buffer((0..<30).map { UInt32(($0 * 7 + number * 5) % groupCount) })
        for (value, group) in zip(values, groups) {
          guard let value else {
            skipped += 1
            continue
          }
          let target = Int(map[Int(group)])
          guard let known = expected[target] else {
            expected[target] = value
            continue
          }
          if greatest ? Self.isLess(known, value) : Self.isLess(value, known) { expected[target] = value }
        }
        let state = kernel([.text], [])
        let column = Self.column(values, number.isMultiple(of: 2) ? first : second)
        try state.update(
          [.column(column)], rows: rows, groups: Buffer(groups), groupCount: 30, selection: nil)
        if whole == nil { whole = kernel([.text], []) }
        try whole?.merge(state, map: map, groupCount: groupCount)
      }
      let state = try #require(whole)
      let result = try state.finish(groupCount: groupCount)[0]
      #expect(result.values == expected.map { $0.map(Value.text) ?? .missing })
      #expect(state.skipped == skipped)
    }
  }

  /// A segment whose texts have an order of their own makes the others go by it.
  @Test func anOrderDecidesWhenItComes() throws {
    let ordered = TextPool(["low", "middle", "high"], isDistinct: true, ordered: true)
    let plain = Self.column(["low", "high", "middle", nil], .own)
    let bands = Column.text(.u32(Buffer([2, 0, 1, 1])), ordered)
    for columns in [[plain, bands], [bands, plain]] {
      let whole = Aggregates.max([.text], [])
      for column in columns {
        let state = Aggregates.max([.text], [])
        try state.update([.column(column)], rows: 4, groups: nil, groupCount: 1, selection: nil)
        try whole.merge(state, map: Buffer([0]), groupCount: 1)
      }
      #expect(try whole.finish(groupCount: 1)[0].values == [.text("high")])
    }
  }

  /// Many replacements let go of what was replaced.
  @Test func textsThatGrowKeepOnlyTheLast() throws {
    let state = Aggregates.max([.text], [])
    for number in 0..<9_000 {
      let text = "visit \(String(repeating: "0", count: 6 - String(number).count))\(number)"
      let column = Column.text(.u32(Buffer([0, 0])), TextPool([text, "unused"], isDistinct: false))
      try state.update([.column(column)], rows: 2, groups: nil, groupCount: 1, selection: nil)
    }
    let result = try state.finish(groupCount: 1)[0]
    #expect(result.values == [.text("visit 008999")])
    #expect(MemoryUse.bytes(of: [result]) < 1_000)
  }
}
