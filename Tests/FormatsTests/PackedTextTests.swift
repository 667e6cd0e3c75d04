import Columns
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
}
