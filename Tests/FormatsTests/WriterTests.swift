import Columns
import Diagnostics
import Planning
import Testing

@testable import Formats

struct WriterTests {
  private func written(_ table: Table, as name: String) throws -> String {
    let format = try #require(FormatTable.outputs.first { $0.name == name })
    var bytes: [UInt8] = []
    try format.write([WrittenResult(table)]) { part in
      for index in 0..<part.count { bytes.append(part[index]) }
    }
    return String(decoding: bytes, as: UTF8.self)
  }

  private let table = Table([
    ("n", Column([.int(1), .missing, .int(-3)])),
    ("x", Column([.float(1), .float(0.1), .missing])),
    ("t", Column([.text("a,b"), .text(""), .text("say \"hi\"\n")])),
    ("d", Column([.date(20_484), .missing, .date(0)])),
    ("b", Column([.bool(true), .bool(false), .missing])),
  ])

  @Test("Comma-separated text follows RFC 4180")
  func csv() throws {
    #expect(
      try written(table, as: "csv")
        == "n,x,t,d,b\n1,1.0,\"a,b\",2026-01-31,true\n,0.1,\"\",,false\n-3,,\"say \"\"hi\"\"\n\",1970-01-01,\n"
    )
  }

  @Test("JSON")
  func json() throws {
    let small = Table([
      ("a", Column([.int(9_007_199_254_740_993), .missing])),
      ("b", Column([.text("x\"\\\u{1}é"), .text("")])),
      ("c", Column([.float(.infinity), .float(2.5)])),
    ])
    #expect(
      try written(small, as: "ndjson")
        == "{\"a\":9007199254740993,\"b\":\"x\\\"\\\\\\u0001é\",\"c\":null}\n{\"a\":null,\"b\":\"\",\"c\":2.5}\n"
    )
    #expect(
      try written(Table([("a", Column([.int(1), .int(2)]))]), as: "json") == "[\n{\"a\":1},\n{\"a\":2}\n]\n")
  }

  @Test("What is written reads back the same", arguments: ["csv", "tsv"])
  func roundTrip(format: String) throws {
    var tables = [table]
    tables.append(Table([("only", Column([.text("007"), .missing, .text(""), .text("NA"), .text("5")]))]))
    tables.append(Table([("codes", Column([.text("1"), .text("2")]))]))
    tables.append(
      Table([
        ("day", Column([.text("2026-01-31"), .missing, .text("2026-02-01")])),
        ("flag", Column([.text("true"), .text("FALSE"), .text("")])),
        ("time", Column([.text("2026-01-31T08:30"), .text("2026-01-31"), .missing])),
        ("mark", Column([.text("-"), .text("5"), .text("N/A")])),
        ("2026", Column([.text("NA"), .text("7"), .text("4E-06")])),
      ]))
    tables.append(Table([("2026-01-01", Column([.text("1"), .text("2")]))]))
    for sign in [",", ";", "|", "\t"] {
      let texts: [Value] = [.text("a\(sign)b"), .text("c\(sign)d"), .missing, .text("e")]
      tables.append(Table([("n\(sign)o", Column(texts))]))

    }
    tables.append(
      Table([("2026-01-01", Column([.float(1), .float(2.5)])), ("1.5", Column([.float(3), .float(1e300)]))]))
    tables.append(
      Table([
        ("when", Column([.datetime(1_769_848_215_250_000, offset: nil), .missing])),
        ("at", Column([.datetime(0, offset: 120), .datetime(60_000_000, offset: -330)])),
        ("tab\t,\"name", Column([.text("\t"), .text("a\r\nb")])),
      ]))
    for table in tables {
      let text = try written(table, as: format)
      let back = try readAll(source(Array(text.utf8), name: "back.\(format)"))
      #expect(back.table.schema == table.schema, "\(text)")
      #expect(back.rows == (0..<table.rowCount).map { table.row($0) }, "\(text)")
    }
  }
}
