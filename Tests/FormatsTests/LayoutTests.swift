import Columns
import Diagnostics
import Foundation
import Planning
import Testing

@testable import Formats

/// Files that are not laid out as they should be.
struct LayoutTests {
  private func has(_ reading: Reading, _ words: String...) -> Bool {
    reading.notes.contains { note in words.allSatisfy { note.message.contains($0) } }
  }

  @Test("A first line that gives the delimiter, as Excel writes it, is no row")
  func separatorLine() throws {
    for lineEnd in ["\n", "\r\n"] {
      let lines = ["sep=;", "a;b,c", "1;2,5", "3;x"]
      let reading = try read(lines.joined(separator: lineEnd) + lineEnd)
      #expect(reading.table.schema.names == ["a", "b,c"] && reading.table.rowCount == 2)
      #expect(reading.notes.contains { $0.message.contains("the first line says what stands between cells") })
      #expect(
        reading.notes.contains { $0.message.contains("line 3 holds \"2,5\"") } || reading.types[1] == .text)
    }
    // A column of that name is one.
    #expect(try read("sep=,b\n1,2\n").table.schema.names == ["sep=", "b"])
    #expect(try read("sep=\n1\n").table.schema.names == ["sep="])
  }

  @Test("UTF-32 is refused, and a mark of UTF-8 may stand twice")
  func marks() throws {
    let wide = [UInt8]([0xFF, 0xFE, 0, 0]) + "a,b\n1,2\n".utf8.flatMap { [$0, 0, 0, 0] }
    let fault = try #require(throws: FormatFault.self) { try source(wide) }
    #expect(fault.message.contains("UTF-32"))
    let mark: [UInt8] = [0xEF, 0xBB, 0xBF]
    #expect(try readAll(source(mark + mark + Array("a,b\n1,2\n".utf8))).table.schema.names == ["a", "b"])
  }

  @Test("Line ends, marks and encodings")
  func encodings() throws {
    let expected: [[Value]] = [[.int(1), .text("é")], [.int(2), .text("ü")]]
    let plain = "a,b\n1,é\n2,ü\n"
    #expect(try read(plain).rows == expected)
    #expect(try read(plain.split(separator: "\n").joined(separator: "\r\n")).rows == expected)
    #expect(try read(plain.split(separator: "\n").joined(separator: "\r")).rows == expected)
    #expect(try readAll(source([0xEF, 0xBB, 0xBF] + Array(plain.utf8))).rows == expected)
    let little: [UInt8] = plain.utf16.flatMap { [UInt8($0 & 255), UInt8($0 >> 8)] }
    let big: [UInt8] = plain.utf16.flatMap { [UInt8($0 >> 8), UInt8($0 & 255)] }
    for bytes in [[0xFF, 0xFE] + little, [0xFE, 0xFF] + big] {
      let reading = try readAll(source(bytes))
      #expect(reading.rows == expected)
      #expect(has(reading, "converted from UTF-16"))
    }
    let latin = try readAll(source(plain.unicodeScalars.map { UInt8($0.value) }))
    #expect(latin.rows == expected)
    #expect(has(latin, "2 cells", "Windows-1252", "lines 2, 3"))
    // The names are told of like the cells, and nothing that `strict` lets pass.
    let names: [UInt8] =
      [UInt8(ascii: "G"), 0xF6, UInt8(ascii: ";"), UInt8(ascii: "b")] + Array("\n1;2\n".utf8)
    let named = try readAll(source(names))
    #expect(named.table.schema.names == ["Gö", "b"])
    #expect(has(named, "1 name in the header is not UTF-8", "Windows-1252", "Gö"))
    #expect(throws: FormatFault.self) { try source(names, [Option("strict", .value(.bool(true)))]) }
    let told = try readAll(
      source(plain.unicodeScalars.map { UInt8($0.value) }, [Option("encoding", .value(.text("latin-1")))]))
    #expect(told.rows == expected)
  }

  @Test("Empty files and headers alone")
  func empty() throws {
    #expect(try read("").table.columnCount == 0)
    #expect(try read("").table.rowCount == 0)
    #expect(try read("a,b\n").table.schema.names == ["a", "b"])
    #expect(try read("a,b").table.rowCount == 0)
    #expect(try read("\n\n\n").table.rowCount == 0)
  }

  @Test("Ragged rows lose nothing in silence")
  func ragged() throws {
    let reading = try read("a,b,c\n1,2\n1,2,3,4\n1,2,3\n")
    #expect(reading.table.schema.names == ["a", "b", "c", "column_4"])
    #expect(reading.rows[0] == [.int(1), .int(2), .missing, .missing])
    #expect(reading.rows[1] == [.int(1), .int(2), .int(3), .int(4)])
    #expect(has(reading, "2 rows have fewer cells", "lines 2, 4"))
    var sizes = CSVSizes()
    sizes.sample = 16
    let text = "a,b\n" + String(repeating: "1,2\n", count: 50) + "1,2,3\n1\n"
    let late = try readAll(source(text, sizes: sizes))
    #expect(late.table.columnCount == 2 && late.table.rowCount == 52)
    #expect(has(late, "1 row has more cells", "line 52"))
    #expect(has(late, "1 row has fewer cells", "line 53"))
    #expect(throws: FormatFault.self) {
      try readAll(source(text, [Option("strict", .value(.bool(true)))], sizes: sizes))
    }
  }

  @Test("Blank lines are skipped and counted unless they end the file")
  func blank() throws {
    let reading = try read("a,b\n1,2\n\n\n3,4\n\n\n")
    #expect(reading.table.rowCount == 2)
    #expect(has(reading, "2 empty lines", "lines 3, 4"))
    #expect(try read("a,b\n1,2\n\n").notes.isEmpty)
  }

  @Test("Names that are missing or stand twice")
  func names() throws {
    let reading = try read("a,a,,a_2,a\n1,2,3,4,5\n")
    #expect(reading.table.schema.names == ["a", "a_3", "column_3", "a_2", "a_4"])
    #expect(has(reading, "without a name", "column_3"))
    #expect(has(reading, "stand twice"))
    let simple = try read("x,x\n1,2\n")
    #expect(simple.table.schema.names == ["x", "x_2"])
  }

  @Test("A missing header is guessed only when it is certain")
  func headerless() throws {
    #expect(try read("Ann,2020-01-01\nBob,2021-01-01\n").table.schema.names == ["column_1", "column_2"])
    #expect(try read("dept,2019,2020\nA,1,2\n").table.schema.names == ["dept", "2019", "2020"])
    #expect(try read("a,b\nc,d\n").table.schema.names == ["a", "b"])
    let told = try read("a,b\nc,d\n", [Option("header", .value(.bool(false)))])
    #expect(told.rows == [[.text("a"), .text("b")], [.text("c"), .text("d")]])
  }

  @Test("Delimiters", arguments: [",", ";", "\t", "|"])
  func delimiters(delimiter: String) throws {
    let text = "name,value,note\nx,1,\"a,b;c|d\"\ny,2,z\n".replacing(",", with: delimiter)
    let reading = try read(text)
    #expect(reading.table.schema.names == ["name", "value", "note"])
    #expect(reading.values("value") == [.int(1), .int(2)])
  }

  @Test("A file that says it holds tabs is split at nothing else")
  func tabbed() throws {
    for name in ["x.tsv", "x.tab", "x.TSV.gz"] {
      let text = try readAll(source("a;b\n1;2\n3;4\n", name: name))
      #expect(text.table.schema.names == ["a;b"])
      #expect(has(text, "`with delimiter = \";\"` splits them"))
      let cells = try readAll(source("a,b\tc\nx,y\t3\n", name: name))
      #expect(cells.table.schema.names == ["a,b", "c"] && cells.notes.isEmpty)
      let given = try readAll(source("a;b\n1;2\n", [Option("delimiter", .value(.text(";")))], name: name))
      #expect(given.table.schema.names == ["a", "b"])
    }
    #expect(try readAll(source("note\nx\ny\n", name: "x.tsv")).notes.isEmpty)
  }

  @Test("JSON is refused, whatever is in it, and says what is read instead")
  func json() throws {
    for text in ["[\n{\"a\":1}\n]\n", "[\n\n]\n", "{\"a\":1}\n{\"a\":2}\n", "[[\n{\"a\":1}\n]]\n"] {
      do {
        _ = try source(text, name: "out.json")
        Issue.record("\(text) was read")
      } catch let fault as FormatFault {
        #expect(fault.message.contains("is JSON") && fault.help.joined().contains("CSV or Arrow"))
      }
    }
  }

  @Test("A file whose size the system does not tell is read to its end")
  func sizeless() throws {
    guard access("/proc/self/status", R_OK) == 0 else { return }
    let options = try CSVOptions([
      Option("delimiter", .value(.text(":"))), Option("header", .value(.bool(false))),
    ])
    #expect(try readAll(CSVSource(.file("/proc/self/status"), options: options)).table.rowCount > 5)
  }

  @Test("Quotes out of place are kept and noted")
  func quotes() throws {
    let reading = try read("a,b\n\"x\"y,1\n5\" pipe,2\n\"he said \"\"hi\"\"\",3\n\"open,4\nz,5\n")
    #expect(
      reading.values("a") == [
        .text("xy"), .text("5\" pipe"), .text("he said \"hi\""), .text("\"open"), .text("z"),
      ])
    #expect(reading.values("b") == [.int(1), .int(2), .int(3), .int(4), .int(5)])
    #expect(has(reading, "text behind a closing quote", "line 2"))
    #expect(has(reading, "never closed", "line 5"))
    do {
      _ = try read("a,b\n\"x\"y,1\n", [Option("strict", .value(.bool(true)))])
      Issue.record("strict read a row with text behind a quote")
    } catch let fault as FormatFault {
      #expect(fault.line == 2)
    }
  }

  @Test("Options")
  func options() throws {
    let reading = try read(
      "made by X\n# c\na;b\n1,5;2\n# d\n2,5;3\n",
      [
        Option("skip", .value(.int(1))), Option("comment", .value(.text("#"))),
        Option("decimal", .value(.text(","))), Option("delimiter", .value(.text(";"))),
      ])
    #expect(reading.rows == [[.float(1.5), .int(2)], [.float(2.5), .int(3)]])
    #expect(throws: Diagnostic.self) { try CSVOptions([Option("delimeter", .value(.text(";")))]) }
    #expect(throws: Diagnostic.self) {
      try source("a\n1\n", [Option("types", .record([("b", .word("int"))]))])
    }
  }

  @Test("Notes give the fix")
  func fixes() throws {
    #expect(
      has(try read("id,admitted\n1,31/01/2026\n2,01/02/2026\n"), "types = {admitted: date(\"%d/%m/%Y\")}"))
    let marks = try read("id,bp\n1,120\n2,N/A\n3,low\n4,N/A\n5,118\n6,90\n")
    #expect(has(marks, "keeps 2 `N/A` beside numbers", "missing = {bp: [\"N/A\", \"low\"]}"))
    let others = try read("id,bp\n1,120\n2,N/A\n3,low\n4,N/A\n5,118\n6,090\n")
    #expect(has(others, "missing = {bp: [\"N/A\"]}", "; then it still is text: line 4 holds \"low\""))
    #expect(has(try read("id,bp\n1,120\n2,N/A\n3,NA\n4,\n"), "`bp` 1 empty, 1 `N/A`, 1 `NA`"))
    let forced = try read(
      "id,x\n1,5\n2,five\n", [Option("types", .record([("x", .word("int"))]))])
    #expect(forced.notes.contains { $0.kind == .converted && $0.count == 1 && $0.message.contains("line 3") })
  }

  @Test("Whole numbers alone in the first row are a row, unless columns are numbered so")
  func numberedNames() throws {
    let rows = try read("1,2\n3,4\n5,6\n")
    #expect(rows.table.rowCount == 3 && rows.table.schema.names == ["column_1", "column_2"])
    #expect(rows.notes.contains { $0.message.hasPrefix("the first row holds values, not names") })
    #expect(try read("7\n8\n").table.rowCount == 2)
    for text in ["0,1,2\n5,6,7\n", "2024,2025\n5,6\n"] {
      let named = try read(text)
      #expect(named.table.rowCount == 1)
      #expect(
        named.notes.contains { $0.message.hasPrefix("the first row holds whole numbers, taken as names") })
    }
    let labelled = try read("ward,2024,2025\nA,5,6\n")
    #expect(labelled.table.schema.names == ["ward", "2024", "2025"] && labelled.notes.isEmpty)
    #expect(try read("1,2\nx,y\n").table.schema.names == ["1", "2"])
  }

  @Test("Strict refuses an empty file")
  func strictEmptiness() throws {
    let strict = [Option("strict", .value(.bool(true)))]
    #expect(throws: FormatFault.self) { try readAll(source("", strict)) }
    #expect(try readAll(source("a,b\n", strict)).table.rowCount == 0)
  }

  @Test("Strict refuses a cell that makes text of numbers, and no codes")
  func strictCells() throws {
    let strict = [Option("strict", .value(.bool(true)))]
    func line(_ text: String, _ more: [Option] = [], _ sizes: CSVSizes = CSVSizes()) throws -> Int? {
      do {
        _ = try readAll(source(text, strict + more, sizes: sizes))
        return nil
      } catch let fault as FormatFault {
        #expect(fault.message.contains("`x`"))
        return fault.line
      }
    }
    #expect(try line("id,x\n1,5\n2,6\n3,abc\n") == 4)
    #expect(try line("id,x\n1,2026-01-01\n2,2026-01-02\n3,soon\n") == 4)
    #expect(try line("id,x\n1,5\n2,6\n3,007\n") == nil)
    #expect(try line("id,x\n1,a\n2,6\n3,b\n") == nil)
    #expect(try line("id,x\n1,5\n2,6\n3,abc\n", [Option("types", .record([("x", .word("text"))]))]) == nil)
    var sizes = CSVSizes()
    sizes.sample = 64
    let filler = String(repeating: "1,5\n", count: 100)
    #expect(try line("id,x\n" + filler + "1,abc\n" + filler, [], sizes) == 102)
    #expect(try line("id,x\n" + filler + "1,007\n" + filler, [], sizes) == nil)
    #expect(try line("id,x\n" + filler + "1,2.5\n" + filler, [], sizes) == nil)
  }

  @Test("Every file of the test data loads or is refused with a reason")
  func everything() throws {
    guard let sharedData, let files = FileManager.default.enumerator(atPath: sharedData + "/csv") else {
      return
    }
    var loaded = 0
    for case let path as String in files
    where ["csv", "tsv", "txt", "psv", "gz"].contains((path as NSString).pathExtension) {
      do {
        _ = try readAll(CSVSource(.file(sharedData + "/csv/" + path), options: CSVOptions()))
        loaded += 1
      } catch let fault as FormatFault {
        #expect(!fault.message.isEmpty)
      }
    }
    #expect(loaded > 400)
  }

  @Test("The cells of csv-spectrum are those of its JSON")
  func spectrum() throws {
    guard let sharedData else { return }
    let folder = sharedData + "/csv/spectrum/"
    for file in try FileManager.default.contentsOfDirectory(atPath: folder + "csvs")
    where file.hasSuffix(".csv") {
      let name = String(file.dropLast(4))
      // Its JSON is known to be wrong for this one.
      if name == "location_coordinates" { continue }
      guard let data = FileManager.default.contents(atPath: folder + "json/\(name).json"),
        let records = try JSONSerialization.jsonObject(with: data) as? [[String: String]]
      else { continue }
      var options = CSVOptions()
      let head = try CSVSource(.file(folder + "csvs/" + file), options: options)
      options.types = head.schema.names.map { ($0, TypeRequest(type: .text)) }
      let reading = try readAll(CSVSource(.file(folder + "csvs/" + file), options: options))
      #expect(reading.table.rowCount == records.count, "\(file)")
      for (row, record) in zip(reading.rows, records) {
        for (column, name) in reading.table.schema.names.enumerated() {
          #expect(row[column].string ?? "" == record[name], "\(file) \(name)")
        }
      }
    }
  }
}
