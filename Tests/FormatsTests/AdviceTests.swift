import Columns
import Diagnostics
import Planning
import Testing

@testable import Formats

/// Columns that stay text although they look like numbers: why, and what reads them, never at the cost of good data.
struct AdviceTests {
  private func reading(_ cells: [String], _ options: [Option] = [], with other: String = "1") throws
    -> Reading
  {
    try readAll(source("id;x\n" + cells.map { "\(other);\($0)\n" }.joined(), options))
  }

  private func note(_ cells: [String], with other: String = "1") throws -> String {
    let reading = try reading(cells, with: other)
    #expect(reading.types[1] == .text, "\(cells)")
    return reading.notes.filter { $0.subject == "x" }.map(\.message).joined(separator: "\n")
  }

  private let comma = [Option("decimal", .value(.text(",")))]

  @Test("Numbers with a decimal comma are read as they are meant")
  func decimalComma() throws {
    let column = try reading(["1.234,5", "-12,25", "3", "1.234.567", "12.345.678,9", "1.234"], comma)
    #expect(
      column.values("x") == [
        .float(1234.5), .float(-12.25), .float(3), .float(1_234_567), .float(12_345_678.9), .float(1234),
      ])
    for wrong in ["1.23,4", "12.34", "1.234,", "0.123,4", "1234.567,8", "1.2345", ".123", "1.234,5,6"] {
      #expect(try reading([wrong, "1,5"], comma).types[1] == .text, "\(wrong)")
    }
    let given = try reading(
      ["1.234,5", "1.234", "1.5"], comma + [Option("types", .record([("x", .word("float"))]))])
    #expect(given.values("x") == [.float(1234.5), .float(1234), .missing])
    let whole = try reading(["1.234", "12"], comma + [Option("types", .record([("x", .word("int"))]))])
    #expect(whole.values("x") == [.int(1234), .int(12)])
  }

  @Test("A decimal comma is recognised, and told from commas between thousands")
  func commaAdvice() throws {
    for cells in [["1.234,5", "2.500,75"], ["3,7", "12,25"], ["3,7", "4", "1.500,0"]] {
      #expect(try note(cells).contains("`with decimal = \",\"` reads them as numbers"), "\(cells)")
    }
    #expect(
      try note(["3,7", "12,25"], with: "0.5").contains(
        "float(replace(replace(x, \".\", \"\"), \",\", \".\"))"))
    #expect(try note(["1,200.50", "900.25"]).contains("float(replace(x, \",\", \"\"))"))
    #expect(try note(["1,200", "2,500.5"]).contains("float(replace(x, \",\", \"\"))"))
    #expect(try note(["$1,200", "$3"]).contains("float(replace(replace(x, \"$\", \"\"), \",\", \"\"))"))
    let both = try note(["1,200", "2,500", "900"])
    #expect(both.contains("reads that as 1200, `with decimal = \",\"` as 1.200"))
  }

  @Test("Numbers with exponents and no decimal sign are codes")
  func codes() throws {
    let note = try note(["4E-06", "4E-01", "4e+11"])
    #expect(note.contains("an exponent and no decimal sign") && note.contains("`types = {x: float}`"))
    #expect(try self.note(["1", "2", "3", "4E-06"]).contains("codes"))
    // Marks among codes are no marks among numbers: one note says what there is to say.
    #expect(try !self.note(["4E-06", "5E-07", "-"]).contains("beside numbers"))
    #expect(try self.note(["1E5", "2E6"]).contains("codes"))
    #expect(try reading(["4E-06", "0.5"]).types[1] == .float)
    let forced = try reading(["4E-06"], [Option("types", .record([("x", .word("float"))]))])
    #expect(forced.values("x") == [.float(4e-6)])
  }

  @Test("An exponent behind the sample widens whole numbers to text, and floats not at all")
  func lateExponents() throws {
    var sizes = CSVSizes()
    sizes.sample = 64
    for (cell, type) in [("7", DataType.text), ("7.5", .float)] {
      let rows = String(repeating: "1,\(cell)\n", count: 100)
      let reading = try readAll(source("id,x\n" + rows + "1,4E-06\n" + rows, sizes: sizes))
      #expect(reading.types[1] == type)
      #expect(reading.notes.contains { $0.message.contains("line 102") } == (type == .text))
    }
  }

  @Test("A list of missing texts is advised only for words")
  func missing() throws {
    #expect(
      try note(["1", "2", "3", "unknown", "?"]).contains("missing = {x: [\"?\", \"unknown\"]}` reads these"))
    for odd in ["08", "4W-06", "12345-6789", "1,200.50", "2x", "1E5", "9234567890123456789"] {
      let note = try note(["1", "2", "3", odd])
      #expect(!note.contains("missing =") && note.contains(odd), "\(note)")
    }
    #expect(try note(["1", "2", "3", "08"]).contains("begins with 0, as codes do: `types = {x: int}`"))
    #expect(!(try note(["1", "2", "3", "4", "5", "6", "a", "b", "c", "d"]).contains("missing =")))
    #expect(try note(["2026-01-02", "2026-02-03", "2026-03"]).contains("date(x, partial: start)"))
  }

  @Test("Days in the ways that reports write them are told with their pattern")
  func days() throws {
    let cases = [
      (["01/07/2026 2:15 PM", "01/19/2026 11:05 AM"], "datetime(\"%m/%d/%Y %I:%M %p\")"),
      (["Jan 7, 2026", "Mar 17, 2026"], "date(\"%b %d, %Y\")"),
      (["2000.01.31", "2001.12.01"], "date(\"%Y.%m.%d\")"),
      (["7-Jan-26", "17-Mar-26"], "date(\"%d-%b-%y\")"),
    ]
    for (cells, type) in cases {
      #expect(try note(cells).contains("`types = {x: \(type)}` reads them"), "\(cells)")
      let option = type.split(separator: "\"")
      let given = OptionValue.call(String(option[0].dropLast()), [.value(.text(String(option[1])))])
      let reading = try reading(cells, [Option("types", .record([("x", given)]))])
      #expect(!reading.values("x").contains(.missing), "\(cells)")
    }
  }

  @Test("Quoted numbers are advised as what they are, and those of an identifier are left alone")
  func quoted() throws {
    func notes(_ name: String, _ cells: [String]) throws -> String {
      let rows = cells.map { "\"\($0)\";1\n" }.joined()
      return try readAll(source("\(name);n\n" + rows)).notes.map(\.message).joined()
    }
    #expect(try notes("los", ["3", "4"]).contains("`types = {los: int}`"))
    #expect(try notes("los", ["3", "4.5"]).contains("`types = {los: float}`"))
    for name in ["mrn", "Patient ID", "encounterId", "zip_code"] {
      #expect(try notes(name, ["3", "4"]).isEmpty, "\(name)")
    }
  }

  @Test("A header below a title is found, and what stands below it is not taken for odd cells")
  func title() throws {
    for head in ["Report\nMade 2026\n\n", "Report,,\nMade 2026,,\n,,\n"] {
      let notes = try readAll(source(head + "id,n,ward\n1,3,A\n2,4,B\n3,5,A\n")).notes.map(\.message)
      #expect(
        notes.contains("line 4 looks like the header, below a title: `with skip = 3` begins there"),
        "\(notes)")
      #expect(!notes.contains { $0.contains("missing =") })
    }
    for text in ["name\nx,y,1\nz,w,2\n", "a,b,c\nx,y,1\n", "note\na\nb\n", "a,b\nx,y\nz,w\n"] {
      #expect(try !readAll(source(text)).notes.contains { $0.message.contains("title") }, "\(text)")
    }
  }

  @Test("Files of other programs are called by their names")
  func foreignFiles() throws {
    let zip: [UInt8] = [0x50, 0x4B, 3, 4, 0, 1]
    let zeros = [UInt8](repeating: 0, count: 300)
    for (name, bytes, kind, help) in [
      ("x.xlsx", zip, "an Excel workbook", "Save As"), ("x.dta", zeros, "a Stata file", "export delimited"),
      ("x.sas7bdat", zeros, "a SAS file", "proc export"), ("x.rds", zeros, "a file of R", "write.csv"),
      ("x.dat", Array("$FL2 x".utf8), "an SPSS file", "Save As"),
      ("x.zip", zip, "a zip archive (or a workbook)", "where it comes from"),
    ] {
      let fault = #expect(throws: FormatFault.self) { _ = try source(bytes, name: name) }
      #expect(fault?.message == "this is \(kind), not rows of text")
      #expect(fault?.help.first?.contains(help) == true, "\(name)")
    }
  }

  @Test("The same holds for cells behind the sample")
  func late() throws {
    var sizes = CSVSizes()
    sizes.sample = 64
    let filler = (1...100).map { "\($0);\($0)\n" }.joined()
    let cases = [
      ("unknown", "`missing = {x: [\"unknown\"]}`"), ("007", "begins with 0"), ("4W-06", ""),
      ("1,200.50", "float(replace(x, \",\", \"\"))"), ("3,7", "`with decimal = \",\"`"),
    ]
    for (cell, advice) in cases {
      let text = "id;x\n" + filler + "0;\(cell)\n" + filler
      let reading = try readAll(source(text, sizes: sizes))
      let note = try #require(reading.notes.first { $0.subject == "x" }?.message)
      #expect(note.contains("line 102 holds \"\(cell)\"") && note.contains(advice), "\(note)")
      #expect(cell == "unknown" || !note.contains("missing ="))
    }
  }

  @Test(
    "Cells that the samples of middle and end show are told with their line, empty lines counted",
    arguments: [0, 1])
  func lateSample(emptyLines: Int) throws {
    var sizes = CSVSizes()
    (sizes.sample, sizes.range) = (256, 512)
    let filler = (1...2000).map { "\($0);\($0)\n" }
    let text =
      "id;x\n\n" + filler.joined() + String(repeating: "\n", count: emptyLines) + "0;odd\n"
      + filler.prefix(3).joined()
    let reading = try readAll(source(text, sizes: sizes), workers: 2)
    let line = 2003 + emptyLines
    let note = try #require(reading.notes.first { $0.subject == "x" }?.message)
    #expect(note.contains("line \(grouped(line)) holds \"odd\""), "\(note)")
    let fault = try #require(throws: FormatFault.self) {
      try source(text.replacing("\n\n", with: "\n"), [Option("strict", .value(.bool(true)))], sizes: sizes)
    }
    #expect(fault.line == 2002 && emptyLines == 0 || emptyLines == 1, "\(fault)")
  }

  @Test("A column a good part of which are days or numbers is remarked")
  func partly() throws {
    let days = try note(["2026-01-02", "13/02/2026", "2026-02-03", "14/03/2026", "2026-01-05", "x"])
    #expect(
      days.contains("of 6 cells looked at 3 are ISO dates, others not: line 3 holds \"13/02/2026\""),
      "\(days)")
    #expect(try note(["1.5", "2", "3", "a", "b", "c", "d"]).contains("3 are numbers"))
    #expect(try note(["1", "2", "a", "b", "c"]).isEmpty)
    #expect(try note(["a", "b", "c"]).isEmpty)
  }

  @Test("Decimal commas are recognised among other cells")
  func mostlyCommas() throws {
    let found = try note(["1,5", "2,25", "3,5", "4,5", "x"])
    #expect(
      found.contains("`with decimal = \",\"` reads them") && found.contains("one holds \"x\""), "\(found)")
    #expect(try note(["1.234,50", "2.500,00", "unknown"]).contains("one holds \"unknown\""))
    #expect(try note(["1,234.50", "2,500.00", "unknown"]).contains("float(replace(x, \",\", \"\"))"))
    #expect(try note(["a,1", "b,2", "c,3"]).isEmpty)
    #expect(try note(["1,5", "a", "b", "c"]).isEmpty)
  }

  @Test("Points that may stand between thousands are remarked beside semicolons, unless the sign was given")
  func thousands() throws {
    func notes(_ text: String, _ options: [Option] = []) throws -> [String] {
      try readAll(source(text, options)).notes.filter { $0.subject == "x" }.map(\.message)
    }
    let found = try notes("id;x\n1;7\n2;1.234\n3;-12.500\n")
    #expect(
      found.count == 1 && found[0].contains("(line 3 holds \"1.234\")") && found[0].contains("as 1234"),
      "\(found)")
    #expect(try notes("id;x\n1;1.234\n2;0.5\n").isEmpty)
    #expect(try notes("id;x\n1;0.234\n").isEmpty)
    #expect(try notes("id,x\n1,1.234\n").isEmpty)
    #expect(try notes("id;x\n1;1.234\n", [Option("decimal", .value(.text(".")))]).isEmpty)
    #expect(try notes("id;x\n1;1.234\n", comma).isEmpty)
  }

  @Test("Whole numbers that a float cannot hold are counted, and only those")
  func rounding() throws {
    let text = "id,x\n1,2.5\n2,9007199254740993\n3,9007199254740994\n4,-123456789012345677\n5,1e+300\n"
    for options in [[], [Option("types", .record([("x", .word("float"))]))]] {
      let reading = try readAll(source(text, options))
      #expect(reading.types[1] == .float)
      let notes = reading.notes.filter { $0.subject == "x" }
      #expect(notes.map(\.count) == [2])
      #expect(notes.first?.message.contains("rounded (lines 3, 5)") ?? false, "\(notes)")
    }
  }

  @Test("Floats that need an exponent read back as floats")
  func writtenExponents() throws {
    let table = Table([("x", Column([.float(1e300), .float(-1e-9), .float(2.5e-8)]))])
    let format = try #require(FormatTable.outputs.first { $0.name == "csv" })
    var bytes: [UInt8] = []
    try format.write([WrittenResult(table)]) { part in
      for index in 0..<part.count { bytes.append(part[index]) }
    }
    #expect(try readAll(source(bytes)).rows == (0..<3).map { table.row($0) })
  }
}
