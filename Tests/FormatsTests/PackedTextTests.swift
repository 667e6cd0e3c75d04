import Columns
import Diagnostics
import Planning
import TestSupport
import Testing

@testable import Formats

/// Text files that are packed.
struct PackedTextTests {
  /// `a,b` and the rows `1,x` and `2,y`, in two frames.
  private static let frames: [UInt8] = packed("a,b\n1,x\n") + packed("2,y\n")

  /// A frame of one raw block, as the format's description (RFC 8878) has it.
  private static func packed(_ text: String) -> [UInt8] {
    let bytes = Array(text.utf8)
    let size = UInt8(bytes.count)
    // A single segment with its size; one last raw block, whose header is its size times eight and a one.
    return [0x28, 0xB5, 0x2F, 0xFD, 0x20, size, size << 3 | 1, 0, 0] + bytes
  }

  private func read(_ bytes: [UInt8]) throws -> Reading {
    try readAll(CSVSource(.memory(Buffer(bytes), name: "x.csv.zst"), options: CSVOptions()))
  }

  @Test("zstd, in several frames")
  func zstd() throws {
    let reading = try read(Self.frames)
    #expect(reading.table.schema.names == ["a", "b"])
    #expect(reading.rows == [[.int(1), .text("x")], [.int(2), .text("y")]])
    #expect(FormatTable.input(forPath: "x.csv.zst").name == "csv")
    #expect(FormatTable.input(forPath: "x.tsv.zst").name == "tsv")
  }

  @Test("zstd behind a frame that is passed over, as pzstd writes it")
  func skippable() throws {
    for kind in [UInt8(0x50), 0x5F] {
      let reading = try read([kind, 0x2A, 0x4D, 0x18, 4, 0, 0, 0, 1, 2, 3, 4] + Self.frames)
      #expect(reading.rows == [[.int(1), .text("x")], [.int(2), .text("y")]])
    }
  }

  @Test("zstd that is cut short or damaged is refused")
  func damaged() throws {
    for length in 5..<16 { #expect(throws: FormatFault.self) { try read(Array(Self.frames[..<length])) } }
    var bytes = Self.frames
    bytes[6] = 0xFF
    #expect(throws: FormatFault.self) { try read(bytes) }
  }

  @Test(
    "zstd of a large text, as Python packs it", .enabled(if: PackedTextTests.canPack, "skipped: no pyarrow"))
  func large() throws {
    let folder = try DuckDB.temporaryFolder()
    defer { _ = DuckDB.output(of: "rm -r '\(folder)'") }
    let script = """
      import pyarrow as pa
      with pa.output_stream('\(folder)/n.csv.zst', compression='zstd') as f: f.write(('n\\n' + ''.join(f'{i}\\n' for i in range(300000))).encode())
      """
    try DuckDB.write(script, to: folder + "/pack.py")
    _ = DuckDB.output(of: "python3 '\(folder)/pack.py'")
    let reading = try readAll(CSVSource(.file(folder + "/n.csv.zst"), options: CSVOptions()))
    #expect(reading.table.rowCount == 300_000)
    #expect(reading.table.row(299_999) == [.int(299_999)])
  }

  static let canPack = DuckDB.output(of: "python3 -c 'import pyarrow' 2>/dev/null && echo yes") == "yes\n"

  /// Packed text is read while it is unpacked: rows, notes and types are those of the plain text, however long the
  /// packed bytes say that it is, and from a temporary file as from memory.
  @Test("Packed text reads as plain text does", arguments: [1, 2])
  func readsWhileUnpacking(workers: Int) throws {
    let word = String(repeating: "w", count: 60)
    let lines = (0..<20_000).map {
      "\($0),\($0 % 7 == 0 ? "" : "\(word)\($0 % 13)"),\(Double($0 % 100) / 4)\n"
    }
    let parts = [lines[..<7000], lines[7000...]].map { Array($0.joined().utf8) }
    let head = Array("id,w,x\n".utf8)
    // A file over 16 MB in which a late cell makes text of a column of numbers.
    let long = Array(repeating: parts.flatMap { $0 }, count: 14).joined() + Array("1,a,odd\n".utf8)
    var sizes = CSVSizes()
    for (name, pieces) in [
      ("one", [head + parts[0] + parts[1]]), ("several", [head, parts[0], parts[1]]), ("long", [head + long]),
    ] {
      let plain = pieces.flatMap { $0 }
      sizes.range = name == "long" ? 3 << 20 : 60_000
      let expected = try readAll(source(plain, sizes: sizes), workers: workers)
      let packed = try pieces.flatMap { try zipped($0) }
      let found = try readAll(source(packed, sizes: sizes, name: "test.csv"), workers: workers)
      #expect(found.types == expected.types && found.table.rowCount == expected.table.rowCount, "\(name)")
      if name != "long" {
        #expect(found.notes.map(\.message) == expected.notes.map(\.message), "\(name)")
      } else {
        // Of plain text the end is looked at before the rest; both tell of the odd cell with its line.
        let line = grouped(14 * 20_000 + 2)
        for notes in [found.notes, expected.notes] {
          #expect(notes.contains { $0.message.contains("line \(line) holds \"odd\"") }, "\(notes)")
        }
      }
      for row in stride(from: 0, to: expected.table.rowCount, by: 997) {
        #expect(found.table.row(row) == expected.table.row(row), "\(name) \(row)")
      }
    }
  }

  /// The same bytes, as gzip packs them.
  private func zipped(_ bytes: [UInt8]) throws -> [UInt8] {
    let packer = try Gzip()
    var result: [UInt8] = []
    func add(_ part: Span<UInt8>) { for index in 0..<part.count { result.append(part[index]) } }
    try packer.pack(bytes.span, add)
    try packer.finish(add)
    return result
  }

  @Test("gzip that is cut short or damaged behind the first rows is refused when they are read")
  func damagedBehind() throws {
    let text = Array(("n\n" + (0..<300_000).map { "\($0 &* 7919 % 100_003)\n" }.joined()).utf8)
    let whole = try zipped(text)
    for count in [whole.count - 1, whole.count - 9, whole.count / 2] {
      #expect(throws: FormatFault.self) { try readAll(source(Array(whole[..<count])), workers: 2) }
    }
    var broken = whole
    for index in broken.count / 2..<broken.count / 2 + 64 { broken[index] ^= 0x55 }
    #expect(throws: FormatFault.self) { try readAll(source(broken), workers: 2) }
    #expect(try readAll(source(whole), workers: 2).table.rowCount == 300_000)
  }

  /// Whoever opens a file and reads no more of it leaves no thread waiting.
  @Test("Packed text may be left unread")
  func leftUnread() throws {
    let whole = try zipped(Array(("n\n" + String(repeating: "12345\n", count: 2_000_000)).utf8))
    for _ in 0..<20 { #expect(try source(whole).schema.count == 1) }
    #expect(try readAll(source(whole), workers: 2).table.rowCount == 2_000_000)
  }

  /// Behind what the packed bytes foresee the last range goes on: a filter works there as in the others.
  @Test("A filter works where the length of packed text was not foreseen", arguments: [1, 2])
  func filtersWhatWasNotForeseen(workers: Int) throws {
    var sizes = CSVSizes()
    sizes.range = 5000
    let rows = (0..<20_000).map { "\($0),t\($0 % 7)\n" }
    // The end of the last stream says that it is short.
    let packed = try [["n,t\n"], rows[..<19_990].map { $0 }, rows[19_990...].map { $0 }].flatMap {
      try zipped(Array($0.joined().utf8))
    }
    let filter = SegmentFilter(columns: [0]) { segment in
      Buffer(
        (0..<segment.count).filter { (segment.columns[0].value($0).integer ?? 0) % 10 == 3 }.map {
          UInt32($0)
        })
    }
    let reading = try readAll(source(packed, sizes: sizes), workers: workers, filter: filter)
    #expect(reading.values("n") == stride(from: 3, to: 20_000, by: 10).map { .int(Int64($0)) })
    #expect(reading.values("t") == stride(from: 3, to: 20_000, by: 10).map { .text("t\($0 % 7)") })
  }
}
