import Testing

@testable import Columns

/// The look-up of a segment's keys in C, against one row after the other in Swift.
@Suite struct KeyMatchingTests {
  private func check<Key: FixedWidthInteger & BitwiseCopyable>(
    _ keys: [Key], base: Key, table: [UInt32], known: [Bool]?, marked: Int
  ) {
    var rows = MutableBuffer<UInt32>(count: keys.count + 1)
    var partners = MutableBuffer<UInt32>(count: keys.count + 1)
    var marks = MutableBuffer<UInt8>(repeating: 0, count: marked + 1)
    let count = KeyMatching.found(
      Buffer(keys), base: UInt64(truncatingIfNeeded: base), table: Buffer(table),
      known: known.map { Bitmap($0) },
      rows: &rows, partners: &partners, marks: &marks)
    var expected: [(row: UInt32, number: UInt32)] = []
    for (row, key) in keys.enumerated() where known?[row] ?? true {
      let place = Int128(key) - Int128(base)
      guard place >= 0, place < Int128(table.count - 1), table[Int(place)] != missingRow else { continue }
      expected.append((UInt32(row), table[Int(place)]))
    }
    #expect(count == expected.count)
    #expect((0..<count).map { rows[$0] } == expected.map(\.row))
    #expect((0..<count).map { partners[$0] } == expected.map(\.number))
    let met = Set(expected.map(\.number).filter { $0 < marked }.map { Int($0) })
    #expect((0..<marked).allSatisfy { (marks[$0] == 1) == met.contains($0) })
  }

  private func checkAll<Key: FixedWidthInteger & BitwiseCopyable>(_ type: Key.Type) {
    let some = (0..<777).map { Key(truncatingIfNeeded: TextHash.mix(UInt64($0)) % 23) }
    let ends: [Key] = [.min, .max, 0, 5, 9, 10, 11, 12, .max - 1]
    let table: [UInt32] = [4, missingRow, 2, 0, 1, 3, missingRow, 900, missingRow]
    let known = (0..<777).map { $0 % 5 != 0 }
    for base: Key in [0, 5, 10] {
      check(some, base: base, table: table, known: nil, marked: 5)
      check(some, base: base, table: table, known: known, marked: 1_000)
      check(ends, base: base, table: table, known: nil, marked: 0)
      check(ends, base: base, table: [missingRow], known: nil, marked: 3)
      check([], base: base, table: table, known: nil, marked: 3)
    }
  }

  @Test func keysOfEveryWidthAreFound() {
    checkAll(Int8.self)
    checkAll(Int16.self)
    checkAll(Int32.self)
    checkAll(Int64.self)
    checkAll(UInt8.self)
    checkAll(UInt16.self)
    checkAll(UInt32.self)
    check([Int64.min, -3, -2, -1, .max], base: -3, table: [7, 8, missingRow], known: nil, marked: 9)
  }
}
