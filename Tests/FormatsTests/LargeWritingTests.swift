import Columns
import Planning
import Scheduling
import Testing

@testable import Formats

/// Tables of many blocks, and cells at the limits of their spelling.
struct LargeWritingTests {
  private func written(_ table: Table, as name: String, workers: Int = 1, hasTotals: Bool = false) throws
    -> String
  {
    let format = try #require(FormatTable.outputs.first { $0.name == name })
    var bytes: [UInt8] = []
    try format.write([WrittenResult(table, hasTotals: hasTotals, workers: Workers(count: workers))]) { part in
      part.withUnsafeBufferPointer { bytes.append(contentsOf: $0) }
    }
    return String(decoding: bytes, as: UTF8.self)
  }

  /// Rows over several segments, of which some texts stand in quotes and some cells are missing.
  private var large: Table {
    let rows = 18_000
    func column(_ value: (Int) -> Value, _ type: DataType) -> Column {
      Column((0..<rows).map(value), type: type)
    }
    let words = ["plain", "with, comma", "say \"so\"", "", "12", String(repeating: "long ", count: 40)]
    let codes = (0..<rows).map { UInt32($0 % words.count) }
    let columns: [(Field, Column)] = [
      (Field("n", .int), column({ $0 % 7 == 0 ? .missing : .int(Int64($0) * 1_000_003 - 20_000_000) }, .int)),
      (Field("x", .float), column({ .float(Double($0) / 8 - 100) }, .float)),
      (Field("own", .text), column({ .text("row \($0)") }, .text)),
      (Field("word", .text), .text(codes: codes, of: words)),
      (Field("span", .duration), column({ .duration(Int64($0) * 1_000_000) }, .duration)),
    ]
    return Table(schema: Schema(columns.map(\.0)), columns: columns.map(\.1), count: rows)
  }

  @Test("The bytes are the same whatever the number of workers", arguments: ["csv", "json"])
  func workers(format: String) throws {
    let table = large
    let one = try written(table, as: format)
    #expect(try written(table, as: format, workers: 3) == one)
  }

  @Test("Every row is written as it is, in order")
  func rows() throws {
    let table = large
    let lines = try written(table, as: "csv", workers: 2).split(
      separator: "\n", omittingEmptySubsequences: false)
    #expect(lines.count == table.rowCount + 2)
    let words = ["plain", "\"with, comma\"", "\"say \"\"so\"\"\"", "\"\"", "\"12\""]
    for row in [0, 1, 2, 3, 4, 1023, 1024, 16_383, 16_384, 17_999] where row % 6 < 5 {
      let number = row % 7 == 0 ? "" : String(row * 1_000_003 - 20_000_000)
      #expect(lines[row + 1].hasPrefix("\(number),\(Double(row) / 8 - 100),row \(row),\(words[row % 6]),"))
    }
  }

  @Test("Floats are spelled in the shortest form that reads back")
  func floats() throws {
    let values: [(Double, String)] = [
      (0, "0.0"), (-0.0, "-0.0"), (0.1, "0.1"), (0.1 + 0.2, "0.30000000000000004"), (1e-5, "1.0e-05"),
      (123_456.78, "123456.78"), (-2.5, "-2.5"), (1e9, "1000000000.0"), (999_999_999.99, "999999999.99"),
      (0.001, "0.001"), (1e16, "1.0e+16"), (1.0 / 3, "0.3333333333333333"), (7.000001, "7.000001"),
      (.infinity, "inf"), (-.infinity, "-inf"), (2.0.nextUp, "2.0000000000000004"), (40, "40.0"),
      (Double.leastNonzeroMagnitude, "5.0e-324"), (.greatestFiniteMagnitude, "1.7976931348623157e+308"),
    ]
    let table = Table([
      ("x", .float(Buffer(values.map(\.0)))), ("end", Column(values.map { _ in .int(1) })),
    ])
    let lines = try written(table, as: "csv").split(separator: "\n").dropFirst()
    #expect(lines.map { String($0.dropLast(2)) } == values.map(\.1))
  }

  @Test("Integers of all lengths")
  func integers() throws {
    var values: [Int64] = [0, -1, .min, .max, Int64.max / 10]
    var power: Int64 = 1
    for _ in 0..<18 {
      power *= 10
      values += [power - 1, power, -power]
    }
    let table = Table([("n", .int(Buffer(values)))])
    let lines = try written(table, as: "csv").split(separator: "\n").dropFirst()
    #expect(lines.map(String.init) == values.map { String($0) })
  }

  @Test("Datetimes with fractions, offsets and early days")
  func datetimes() throws {
    let table = Table([
      (
        "at",
        Column([
          .datetime(1_769_848_215_250_000, offset: nil), .datetime(-1, offset: nil),
          .datetime(0, offset: nil),
          .datetime(-62_135_596_800_000_000, offset: nil),
        ])
      ),
      (
        "zoned",
        Column([
          .datetime(0, offset: 120), .datetime(0, offset: 0), .datetime(60_000_000, offset: -330), .missing,
        ])
      ),
    ])
    #expect(
      try written(table, as: "csv")
        == """
        at,zoned
        2026-01-31T08:30:15.25,1970-01-01T02:00:00+02:00
        1969-12-31T23:59:59.999999,1970-01-01T00:00:00Z
        1970-01-01T00:00:00,1969-12-31T18:31:00-05:30
        0001-01-01T00:00:00,

        """)
  }

  @Test("A text of many bytes beside short ones")
  func longText() throws {
    let long = String(repeating: "é,", count: 100_000)
    let rows = (0..<200).map { Value.text($0 == 77 ? long : "t\($0)") }
    let table = Table([("t", Column(rows)), ("n", Column((0..<200).map { .int(Int64($0)) }))])
    let lines = try written(table, as: "csv").split(separator: "\n")
    #expect(lines.count == 201)
    #expect(lines[78] == "\"\(long)\",77")
    #expect(lines[200] == "t199,199")
  }

  @Test("A total is marked in a key of any type, and columns of nothing are missing")
  func totals() throws {
    let table = Table([
      ("year", Column([.int(2025), .int(2026), .missing])), ("n", Column([.int(1), .int(2), .int(3)])),
      ("none", .missing(count: 3)),
    ])
    #expect(
      try written(table, as: "ndjson", hasTotals: true) == """
        {"year":2025,"n":1,"none":null}
        {"year":2026,"n":2,"none":null}
        {"year":"Total","n":3,"none":null}

        """)
    #expect(
      try written(table, as: "csv", hasTotals: true) == "year,n,none\n\"2025\",1,\n\"2026\",2,\nTotal,3,\n")
  }
}
