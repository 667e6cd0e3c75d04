import Scheduling
import Testing

@testable import Columns

/// Keys of few values, numbered without being looked up.
@Suite struct KeyDomainTests {
  private static let pool = TextPool(["b", "a", "c"], isDistinct: true)
  private static let texts = Column.text(
    .u8(Buffer([2, 0, 9, 1, 0])), pool, validity: Bitmap([true, true, false, true, true]))
  private static let numbers = Column(
    [.int(-3), .int(4), .int(4), .missing, .int(-1)], type: .int)
  private static let days = Column([.date(10), .date(12), .missing, .date(10), .date(11)], type: .date)
  private static let flags = Column(
    [.bool(true), .missing, .bool(false), .bool(true), .bool(true)], type: .bool)

  private func domain(_ columns: [Column], limit: Int = 10_000) -> KeyDomain? {
    KeyDomain(columns.map { [$0] }, limit: limit, by: Alone())
  }

  /// The keys of each row's number are the row's keys; different keys have different numbers.
  @Test(arguments: [
    [texts], [numbers], [days], [flags], [texts, numbers], [numbers, texts, days],
    [flags, days, numbers, texts],
  ]) func numbersAreKeys(_ columns: [Column]) throws {
    let domain = try #require(self.domain(columns))
    let numbers = domain.numbers(columns, rows: 5)
    #expect(numbers.array.allSatisfy { $0 < domain.size })
    let keys = domain.keys(numbers)
    #expect(keys.map(\.values) == columns.map(\.values))
    #expect(keys.map(\.type) == columns.map(\.type))
    let rows = (0..<5).map { row in columns.map { $0.value(row) } }
    for left in 0..<5 {
      for right in 0..<5 { #expect((numbers[left] == numbers[right]) == (rows[left] == rows[right])) }
    }
  }

  @Test func partsShareTheirNumbers() throws {
    let parts = [
      Column([.int(7), .int(9)], type: .int), .missing(count: 2, type: .int), Column([.int(5)], type: .int),
    ]
    let domain = try #require(KeyDomain([parts], limit: 100, by: Alone()))
    #expect(domain.size == 6)
    #expect(parts.map { domain.numbers([$0], rows: $0.count).array } == [[2, 4], [5, 5], [0]])
  }

  @Test func keysOfManyValuesHaveNone() {
    #expect(domain([Self.numbers], limit: 8) == nil)
    #expect(domain([Self.numbers], limit: 9) != nil)
    #expect(domain([Self.numbers, Self.texts], limit: 35) == nil)
    #expect(domain([Column([.int(.min), .int(.max)], type: .int)], limit: .max) == nil)
    #expect(domain([Column([.float(1)], type: .float)]) == nil)
    let twice = Column.text(.u8(Buffer([0, 1])), TextPool(["a", "a"], isDistinct: false), validity: nil)
    #expect(domain([twice]) == nil)
    let other = Column.text(.u8(Buffer([0])), TextPool(["z"], isDistinct: true), validity: nil)
    #expect(KeyDomain([[Self.texts, other]], limit: 100, by: Alone()) == nil)
    #expect(domain([.missing(count: 3, type: .int)]) == nil)
  }
}
