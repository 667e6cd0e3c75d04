import Columns
import Diagnostics
import Glibc
import Planning
import TestSupport
import Testing

@testable import Formats

/// An Arrow file of a table, in memory.
func arrowBytes(_ table: Table) throws -> [UInt8] {
  var bytes: [UInt8] = []
  try ArrowWriter.write([WrittenResult(table)]) { part in
    for index in 0..<part.count { bytes.append(part[index]) }
  }
  return bytes
}

func readArrow(_ bytes: [UInt8], workers: Int = 1, columns: [Int]? = nil, filter: SegmentFilter? = nil) throws
  -> Reading
{
  try readAll(
    ArrowSource(Buffer(bytes), name: "test.arrow"), columns: columns, workers: workers, filter: filter)
}

/// A table of every type, with missing values in each column.
let everyType: Table = {
  let visit = Value.record([Value.Field("code", .text("I21")), Value.Field("n", .int(2))])
  let other = Value.record([Value.Field("code", .missing), Value.Field("n", .int(-7))])
  return Table([
    ("small", Column([.int(1), .missing, .int(-3), .int(127)])),
    ("big", Column([.int(.max), .int(.min), .missing, .int(0)])),
    ("x", Column([.float(1), .float(0.1), .missing, .float(-1e300)])),
    ("b", Column([.bool(true), .missing, .bool(false), .bool(true)])),
    ("t", Column([.text("Ä"), .text(""), .missing, .text("Ä")])),
    ("d", Column([.date(20_484), .missing, .date(0), .date(-1)])),
    (
      "at",
      Column([
        .datetime(1_769_848_215_250_000, offset: nil), .missing, .datetime(-1, offset: nil),
        .datetime(0, offset: nil),
      ])
    ),
    (
      "zoned",
      Column([.datetime(0, offset: 300), .missing, .datetime(5, offset: 300), .datetime(7, offset: 300)])
    ),
    ("took", Column([.duration(90_000_000), .missing, .duration(-1), .duration(0)])),
    (
      "codes",
      Column([
        .list([.text("a"), .missing]), .missing, .list([]),
        .list([.text("long text of more than twelve bytes")]),
      ])
    ),
    ("visit", Column([visit, .missing, other, visit])),
    ("none", .missing(count: 4)),
  ])
}()

struct ArrowTests {
  @Test("What is written reads back the same")
  func roundTrip() throws {
    let reading = try readArrow(arrowBytes(everyType))
    #expect(reading.table.schema == everyType.schema)
    for (index, field) in everyType.schema.fields.enumerated() {
      #expect(reading.table.column(index).values == everyType.column(index).values, "\(field.name)")
    }
    #expect(reading.notes.isEmpty)
  }

  @Test("Segments are record batches, and have one dictionary")
  func segments() throws {
    let first = Segment(
      columns: [
        .text(.u8(Buffer([0, 1, 0])), TextPool(["a", "b"], isDistinct: true)),
        Column([.int(1), .int(2), .int(3)]),
      ], count: 3)
    let second = Segment(
      columns: [
        .text(.u8(Buffer([1, 0])), TextPool(["b", "c"], isDistinct: true)),
        Column([.missing, .int(1 << 40)], type: .int),
      ], count: 2)
    let third = Segment(columns: [.missing(count: 1, type: .text), .missing(count: 1, type: .int)], count: 1)
    let table = Table(
      schema: Schema([Field("t", .text), Field("n", .int)]), segments: [first, second, third])
    let bytes = try arrowBytes(table)
    for workers in [1, 3] {
      let reading = try readArrow(bytes, workers: workers)
      #expect(reading.table.segments.map(\.count) == [3, 2, 1])
      #expect(reading.values("t") == [.text("a"), .text("b"), .text("a"), .text("c"), .text("b"), .missing])
      #expect(reading.values("n") == [.int(1), .int(2), .int(3), .missing, .int(1 << 40), .missing])
      let pools = reading.table.segments.compactMap { $0.columns[0].pool }
      #expect(pools.allSatisfy { $0 === pools[0] && $0.isDistinct })
    }
  }

  @Test("Text of mostly different values, a slice of it, and nothing at all")
  func plainTexts() throws {
    let pool = TextPool((0..<300).map { "E\($0)" }, isDistinct: false)
    let column = Column.text(.sequence(start: 0, count: 300), pool)
    let whole = Table([("t", column), ("l", Column((0..<300).map { .list([.int($0), .int(7)]) }))])
    let table = Table(schema: whole.schema, segments: [whole.segments[0].slice(64..<200)])
    let reading = try readArrow(arrowBytes(table))
    #expect(reading.values("t") == (64..<200).map { .text("E\($0)") })
    #expect(reading.values("l") == (64..<200).map { .list([.int($0), .int(7)]) })
    let empty = Table(schema: whole.schema, segments: [])
    let none = try readArrow(arrowBytes(empty))
    #expect(none.table.schema == whole.schema)
    #expect(none.table.rowCount == 0)
  }

  @Test("Levels keep their order")
  func levels() throws {
    let column = Column.text(codes: [2, 0, 1], of: ["low", "mid", "high"], ordered: true)
    let reading = try readArrow(arrowBytes(Table([("risk", column)])))
    let pool = try #require(reading.table.column(0).pool)
    #expect(pool.isOrdered)
    #expect(reading.values("risk") == [.text("high"), .text("low"), .text("mid")])
    let ranks = (0..<3).map { row -> UInt32 in
      guard case .text(let codes, let pool) = reading.table.column(0).storage else { return 9 }
      return pool.ranks[codes[row]]
    }
    #expect(ranks == [2, 0, 1])
  }

  @Test("Columns that are not asked for are not decoded; a filter's columns come first")
  func pruning() throws {
    let bytes = try arrowBytes(everyType)
    let reading = try readArrow(bytes, columns: [2, 0])
    #expect(reading.table.schema.names == ["x", "small"])
    #expect(reading.values("small") == everyType.column(0).values)
    let filter = SegmentFilter(columns: [1]) { segment in
      #expect(segment.columns.count == 1)
      return Buffer([0, 3])
    }
    let picked = try readArrow(bytes, columns: [4, 0], filter: filter)
    #expect(picked.values("t") == [.text("Ä"), .text("Ä")])
    #expect(picked.values("small") == [.int(1), .int(127)])
  }

  @Test("Datetimes of several offsets keep their instants and lose the offsets, which is said")
  func offsets() throws {
    let column = Column([.datetime(0, offset: 60), .datetime(9, offset: 120), .missing])
    let table = Table([("at", column)])
    #expect(ArrowWriter.losses(table).map(\.message).contains { $0.contains("`at`") })
    #expect(ArrowWriter.losses(everyType).isEmpty)
    #expect(
      try readArrow(arrowBytes(table)).values("at") == [
        .datetime(0, offset: 0), .datetime(9, offset: 0), .missing,
      ])
    #expect(ArrowZone.offset(of: "+05:30") == 330 && ArrowZone.name(of: 330) == nil)
    #expect(ArrowZone.offset(of: "Europe/Berlin") == nil && ArrowZone.offset(of: "+5:30") == nil)
  }

  @Test("Several results are no Arrow file")
  func oneTable() throws {
    #expect(throws: FormatFault.self) {
      try ArrowWriter.write([WrittenResult(everyType), WrittenResult(everyType)]) { _ in }
    }
  }

  @Test("Every body and buffer begins at a multiple of 64 bytes")
  func alignment() throws {
    let bytes = try arrowBytes(everyType)
    let file = try ArrowFile(Buffer(bytes))
    #expect(file.batches.count == 1)
    #expect(
      try file.batches[0].header.integers(2, width: 2).enumerated().allSatisfy { $0 % 2 == 1 || $1 % 64 == 0 }
    )
    #expect(
      Array(bytes.prefix(8)) == Array("ARROW1\0\0".utf8) && Array(bytes.suffix(6)) == Array("ARROW1".utf8))
  }

  // MARK: What is wrong

  @Test("A changed byte anywhere gives an error or a table, and never more")
  func damaged() throws {
    let bytes = try arrowBytes(everyType)
    var faults = 0
    for position in bytes.indices {
      for change: UInt8 in [0xFF, 0x01, 0x80] {
        var copy = bytes
        copy[position] ^= change
        do {
          let reading = try readArrow(copy)
          // Every cell can be made.
          for column in reading.table.segments.flatMap(\.columns) { _ = column.values }
        } catch let fault as FormatFault {
          #expect(fault.file == "test.arrow" && fault.message.hasPrefix("this file "))
          faults += 1
        }
      }
    }
    #expect(faults > 1000)
  }

  @Test("A file cut anywhere is refused")
  func truncated() throws {
    let bytes = try arrowBytes(everyType)
    for length in 0..<bytes.count {
      #expect(throws: FormatFault.self) { try readArrow(Array(bytes[..<length])) }
    }
  }

  @Test("A code that is no entry of its dictionary names its column")
  func codes() throws {
    let table = Table([("ward", .text(codes: Array(repeating: 0, count: 200) + [1], of: ["north", "south"]))])
    var bytes = try arrowBytes(table)
    let file = try ArrowFile(Buffer(bytes))
    // The codes are the last buffer of the batch; the body is the only run of 200 zeros and a one.
    let codes = file.batches[0].body.array
    let start = try #require(bytes.indices.first { bytes[$0...].starts(with: codes) })
    bytes[start + 3] = 0xFE
    let fault = #expect(throws: FormatFault.self) { try readArrow(bytes) }
    #expect(
      fault?.message == "this file is damaged: column `ward` has the code 254 in a dictionary of 2 entries")
  }

  @Test("A mapped file that another program cuts short ends the program with its name")
  func cutWhileMapped() async {
    let result = await #expect(processExitsWith: .exitCode(1), observing: [\.standardErrorContent]) {
      let path = try DuckDB.temporaryFolder() + "/cut.arrow"
      try DuckDB.write(String(repeating: "x", count: 100_000), to: path)
      let file = try #require(try MappedFile.open(path))
      truncate(path, 10)
      unlink(path)
      #expect(file.bytes[50_000] == 0)
    }
    let said = String(decoding: result?.standardErrorContent ?? [], as: UTF8.self)
    #expect(said.contains("/cut.arrow was cut short by another program while it was open"))
  }

  @Test("Other files are told apart")
  func others() throws {
    for text in ["", "id,age\n1,2\n", "ARROW1", "PAR1abcdefgh", "FEA1abcdefgh"] {
      #expect(throws: FormatFault.self) { try readArrow(Array(text.utf8)) }
    }
  }
}
