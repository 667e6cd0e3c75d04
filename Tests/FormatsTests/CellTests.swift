import Columns
import Diagnostics
import Planning
import Testing

@testable import Formats

/// What a cell becomes: the rules of the language's reference.
struct CellTests {
  private func column(_ cells: [String], _ options: [Option] = []) throws -> Column {
    let reading = try read("id,x\n" + cells.map { "1,\($0)\n" }.joined(), options)
    return try #require(reading.table.column(named: "x"))
  }

  private func type(_ cells: String...) throws -> DataType { try column(cells).type }

  @Test("Numbers")
  func numbers() throws {
    #expect(try type("1", "-5", "0") == .int)
    #expect(try type("1", "2.5") == .float)
    #expect(try type("1", "x") == .text)
    #expect(try type("007", "12") == .text)
    #expect(try type("0.5", ".5", "-1e-3") == .float)
    #expect(try type("999999999999999999") == .int)
    #expect(try type("9223372036854775807", "-9223372036854775808") == .int)
    #expect(try type("9223372036854775808") == .text && type("-9223372036854775809") == .text)
    #expect(try type("+123456789012345678") == .text)
    #expect(try type("0000000000000000001") == .text && type("1.5", "9223372036854775807") == .float)
    #expect(try type("1E5", "2E5") == .text)
    #expect(try type("1e+05", "2.0E10") == .float)
    #expect(try type("+5") == .text)
    #expect(try type("1,5".replacingOccurrences(",", with: ";")) == .text)
  }

  @Test("Doubles are correctly rounded")
  func doubles() throws {
    let texts = [
      "0.1", "123456.789", "9007199254740993.0", "1.7976931348623157e+308", "5e-324",
      "2.2250738585072011e-308",
      "0.30000000000000004", "123456789012345678.5", "1e+23", "8.5", "-0.0",
      "3.14159265358979323846264338327950288",
    ]
    let column = try column(texts)
    #expect(column.values == texts.map { .float(Double($0) ?? .nan) })
  }

  @Test("Days and times")
  func times() throws {
    #expect(try type("2026-01-31", "1999-12-01") == .date)
    #expect(try type("2026-02-30") == .text)
    #expect(try type("2026-10") == .text)
    #expect(try type("01/10/2026") == .text)
    #expect(try type("2026-01-31", "2026-01-31T08:30") == .datetime)
    let column = try column(["2026-01-31", "2026-01-31 08:30:15.25", "2026-01-31T08:30+02:00"])
    #expect(column.value(0) == .datetime(1_769_817_600_000_000, offset: 0))
    #expect(column.value(1) == .datetime(1_769_848_215_250_000, offset: 0))
    #expect(column.value(2) == .datetime(1_769_841_000_000_000, offset: 120))
  }

  @Test("Times finer than a microsecond are cut, with a note")
  func fineTimes() throws {
    let text =
      "id,x\n1,2026-01-31T08:30:15.1234567\n2,2026-01-31T08:30:15.123456000\n3,2026-01-31 08:30:15.9999999Z\n"
    let reading = try read(text)
    #expect(
      reading.values("x")
        == [
          .datetime(1_769_848_215_123_456, offset: 0), .datetime(1_769_848_215_123_456, offset: 0),
          .datetime(1_769_848_215_999_999, offset: 0),
        ])
    #expect(
      reading.notes.contains {
        $0.message.contains("2 times of `x`") && $0.message.contains("lines 2, 4") && $0.count == 2
      })
    let forced = try read(text, [Option("types", .record([("x", .word("datetime"))]))])
    #expect(forced.notes.contains { $0.message.contains("cut to microseconds") })
    #expect(throws: FormatFault.self) { try read(text, [Option("strict", .value(.bool(true)))]) }
  }

  @Test("Booleans")
  func booleans() throws {
    #expect(try type("true", "FALSE", "True") == .bool)
    #expect(try type("true", "1") == .text)
    #expect(try column(["true", "", "FALSE"]).values == [.bool(true), .missing, .bool(false)])
  }

  @Test("Marks of missing")
  func marks() throws {
    #expect(try column(["1", "", "NA"]).values == [.int(1), .missing, .missing])
    #expect(try column(["1", "N/A", "-", "."]).values == [.int(1), .missing, .missing, .missing])
    #expect(try column(["a", "N/A", "NA"]).values == [.text("a"), .text("N/A"), .missing])
    #expect(try column(["a", "\"NA\"", "\"\""]).values == [.text("a"), .text("NA"), .text("")])
    #expect(try column(["-", "-"]).type == .text)
    #expect(try column(["1", "nan", "NaN"]).values == [.int(1), .missing, .missing])
    let given = try column(["120", "999"], [Option("missing", .record([("x", .list([.value(.int(999))]))]))])
    #expect(given.values == [.int(120), .missing])
  }

  @Test("Types given by hand")
  func types() throws {
    let dated = try column(
      ["31/01/2026", "13/13/2026"],
      [Option("types", .record([("x", .call("date", [.value(.text("%d/%m/%Y"))]))]))])
    #expect(dated.values == [.date(20_484), .missing])
    let text = try column(["1", "2"], [Option("types", .record([("x", .word("text"))]))])
    #expect(text.values == [.text("1"), .text("2")])
    let int = try column(["007", "x"], [Option("types", .record([("x", .word("int"))]))])
    #expect(int.values == [.int(7), .missing])
  }

  @Test("A later cell that contradicts widens the column and names its line")
  func widening() throws {
    var sizes = CSVSizes()
    sizes.sample = 64
    sizes.range = 200
    let filler = (1...200).map { "\($0),\($0)\n" }.joined()
    let cases: [(cell: String, type: DataType)] = [
      ("1.5", .float), ("abc", .text), ("007", .text), ("9234567890123456789", .text), ("2026-10", .text),
    ]
    for item in cases {
      let text = "id,x\n" + filler + "0,\(item.cell)\n" + filler
      let reading = try readAll(source(Array(text.utf8), sizes: sizes), workers: 2)
      #expect(reading.types[1] == item.type)
      let change = try #require(reading.changes.first)
      #expect(change.line == 202 && change.cell == item.cell && change.column == "x" && change.from == .int)
      if item.type == .text { #expect(reading.values("x")[200] == .text(item.cell)) }
      #expect(reading.table.rowCount == 401)
      #expect(reading.notes.contains { $0.subject == "x" && $0.message.contains("line 202") })
    }
  }

  @Test("Quoted numbers are text where the file leaves others unquoted")
  func quotedNumbers() throws {
    #expect(try column(["\"12\"", "\"13\""]).type == .text)
    let all = try read("\"a\",\"b\"\n\"1\",\"2\"\n")
    #expect(all.types == [.int, .int])
    #expect(try read("\"1\",\"2\"\n", [Option("header", .value(.bool(false)))]).types == [.int, .int])
  }

  @Test("Quotes that could be left out say what the others mean")
  func quotes() throws {
    let cells = "7,2026-01-31,true"
    let quoted = "\"7\",\"2026-01-31\",\"true\""
    // Only what must be quoted is: these are texts.
    let needed = try read("n,d,b,t\n\(quoted),Ann\n\(quoted),Bob\n")
    #expect(needed.types == [.text, .text, .text, .text])
    #expect(needed.notes.contains { $0.message.contains("`types = {d: date}` reads them as dates") })
    // All texts are quoted, and so may dates be.
    let texts = try read("n,d,b,t\n\(quoted),\"Ann\"\n\(quoted),\"Bob\"\n")
    #expect(texts.types == [.text, .date, .bool, .text])
    // Everything is quoted.
    let all = try read("\"n\",\"d\",\"b\",\"m\"\n\(quoted),\"-\"\n\(quoted),\"5\"\n")
    #expect(all.types == [.int, .date, .bool, .int] && all.values("m") == [.missing, .int(5)])
    #expect(try read("n,d,b\n\(cells)\n\(quoted)\n").types == [.int, .date, .bool])
    let marked = try read("n,t\n\"7\",Ann\n-,Bob\n")
    #expect(marked.values("n") == [.text("7"), .text("-")] && marked.notes.count == 1)
    let marks = try column(["5", "\"-\"", "6", "-"])
    #expect(marks.values == [.text("5"), .text("-"), .text("6"), .text("-")])
  }

  @Test("A column empty in the sample follows the quotes of its first cell")
  func lateQuotes() throws {
    var sizes = CSVSizes()
    sizes.sample = 64
    let filler = String(repeating: "1,\n", count: 100)
    for (cell, type) in [("\"7\"", DataType.text), ("\"true\"", .text), ("7", .int)] {
      let reading = try readAll(source("id,x\n" + filler + "1,\(cell)\n" + filler, sizes: sizes))
      #expect(reading.types[1] == type)
    }
  }

  @Test("An empty list of marks leaves only the empty cell missing")
  func noMarks() throws {
    for value in [OptionValue.list([]), .record([("x", .list([]))])] {
      let texts = try column(["NA", "a", ""], [Option("missing", value)])
      #expect(texts.values == [.text("NA"), .text("a"), .missing])
      let numbers = try column(["NA", "-", "5"], [Option("missing", value)])
      #expect(numbers.values == [.text("NA"), .text("-"), .text("5")])
    }
    let other = try column(["NA", "5"], [Option("missing", .record([("id", .list([]))]))])
    #expect(other.values == [.missing, .int(5)])
  }

  @Test("Durations are read where they are asked for")
  func durations() throws {
    let reading = try read("id,x\n1,3d 4h\n2,-1min 30s\n3,\n")
    #expect(reading.types[1] == .text)
    #expect(reading.notes.contains { $0.message.contains("`types = {x: duration}` reads them") })
    let given = try column(
      ["3d 4h", "", "soon"], [Option("types", .record([("x", .word("duration"))]))])
    #expect(given.values == [.duration(273_600_000_000), .missing, .missing])
  }
}

extension String {
  func replacingOccurrences(_ old: Character, with new: Character) -> String {
    String(map { $0 == old ? new : $0 })
  }
}
