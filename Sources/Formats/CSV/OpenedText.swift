import Columns
import Diagnostics
import Planning

/// A text file made ready: unpacked, and converted where it is not UTF-8.
struct OpenedText {
  let bytes: ByteSource
  var notes: [Note] = []

  init(_ origin: ByteOrigin, _ options: CSVOptions) throws(FormatFault) {
    var source = try ByteSource.open(origin)
    var head = try source.bytes(at: 0, count: 4096)
    if Gunzip.looksPacked(head) {
      source = ByteSource(try Gunzip.unpacked(source), name: source.name)
      head = try source.bytes(at: 0, count: 4096)
    } else if Zstd.looksPacked(head) {
      source = ByteSource(try Zstd.unpacked(source), name: source.name)
      head = try source.bytes(at: 0, count: 4096)
    }
    if let kind = OpenedText.foreign(head) {
      throw FormatFault(file: source.name, "\(source.name) is \(kind), not a text file")
    }
    var (encoding, mark) = TextEncoding.detect(head)
    if let asked = options.encoding {
      // A byte order mark knows better which way round the two bytes are.
      if mark == 0 || asked == .utf8 || asked == .windows1252 { encoding = asked }
    }
    if encoding == .utf8 {
      bytes = source
      return
    }
    let all = try source.bytes(at: 0, count: source.count)
    let converted = encoding.converted(all, from: encoding == .windows1252 ? 0 : mark)
    bytes = ByteSource(converted.bytes, name: source.name)
    notes.append(Note(.input, "\(source.name) was converted from \(encoding.rawValue)"))
    if converted.unreadable > 0 {
      notes.append(
        Note(
          .input, "\(counted(converted.unreadable, "character")) could not be converted and became U+FFFD",
          count: converted.unreadable))
    }
  }

  /// What a file is that cannot be delimited text.
  private static func foreign(_ head: [UInt8]) -> String? {
    let kinds: [(bytes: [UInt8], name: String)] = [
      ([0x50, 0x4B, 0x03, 0x04], "a zip archive (or a workbook)"),
      ([0xD0, 0xCF, 0x11, 0xE0], "an old Excel workbook"),
      (Array("PAR1".utf8), "a Parquet file"), (Array("ARROW1".utf8), "an Arrow file"),
      (Array("%PDF-".utf8), "a PDF document"), (Array("SQLite format 3".utf8), "an SQLite database"),
      ([0x42, 0x5A, 0x68], "compressed with bzip2"), ([0xFD, 0x37, 0x7A, 0x58, 0x5A], "compressed with xz"),
    ]
    return kinds.first { head.starts(with: $0.bytes) }?.name
  }
}
