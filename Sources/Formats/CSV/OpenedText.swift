import Columns
import Diagnostics
import Planning

/// A text file made ready: unpacked, and converted where it is not UTF-8.
struct OpenedText {
  let bytes: ByteSource
  var notes: [Note] = []
  /// Where the text is in another encoding than UTF-8.
  private(set) var conversion: TextConversion?

  init(_ origin: ByteOrigin, _ options: CSVOptions) throws(FormatFault) {
    var source = try ByteSource.open(origin)
    var head = try source.bytes(at: 0, count: 4096)
    if Gunzip.looksPacked(head) || Zstd.looksPacked(head) {
      source = try Gunzip.looksPacked(head) ? Gunzip.unpacked(source) : Zstd.unpacked(source)
      head = try source.bytes(at: 0, count: 4096)
      if Gunzip.looksPacked(head) || Zstd.looksPacked(head) {
        throw FormatFault(
          file: source.name, "this file is packed twice",
          help: ["unpack it once first: gunzip or unzstd, as its ending says"])
      }
    } else if let packing = Self.packing(source.name), !Self.isPlain(head) {
      throw FormatFault(
        file: source.name, "\(source.name) ends in .\(packing) and is not packed so, or it is damaged",
        help: ["if it is plain text, give it the ending .csv"])
    }
    var (encoding, mark) = TextEncoding.detect(head)
    if [[0xFF, 0xFE, 0, 0], [0, 0, 0xFE, 0xFF]].contains(where: head.starts(with:)) {
      throw FormatFault(
        file: source.name, "this is text in UTF-32", help: ["save it as UTF-8 where it comes from"])
    }
    if let kind = OpenedText.foreign(head, isText: encoding != .utf8 || options.encoding != nil)
      ?? OpenedText.named(source.name, head)
    {
      let known = ForeignFile.by(FormatTable.ending(of: source.name), kind)
      throw FormatFault(
        file: source.name, "this is \(known?.name ?? kind), not rows of text",
        help: [
          kind == "JSON"
            ? "JSON is written but not read: save it as CSV or Arrow where it comes from, as `save \"x.csv\"` does"
            : known?.help ?? "save it as CSV where it comes from"
        ])
    }
    if let asked = options.encoding {
      // A byte order mark knows better which way round the two bytes are.
      if mark == 0 || asked == .utf8 || asked == .windows1252 { encoding = asked }
    }
    if encoding == .utf8 {
      bytes = source
      return
    }
    let conversion = try TextConversion(source, encoding, from: encoding == .windows1252 ? 0 : mark)
    self.conversion = conversion
    bytes = conversion.bytes
    notes.append(Note(.input, "\(source.name) was converted from \(encoding.rawValue)"))
  }

  /// What the ending of a name says that it is packed with.
  private static func packing(_ name: String) -> String? {
    let ending = name.split(separator: ".").last?.lowercased() ?? ""
    return ["gz", "zst"].contains(ending) && name.contains(".") ? ending : nil
  }

  /// Whether bytes are those of a text: no control characters but blanks and line ends.
  private static func isPlain(_ head: [UInt8]) -> Bool {
    head.allSatisfy { $0 >= 0x20 && $0 != 0x7F || (9...13).contains($0) }
  }

  /// JSON by its ending, where the bytes could be text as well: an array without records.
  private static func named(_ name: String, _ head: [UInt8]) -> String? {
    let first = head.first { $0 > 0x20 }
    let opens = first == UInt8(ascii: "[") || first == UInt8(ascii: "{")
    return opens && ["json", "ndjson", "jsonl"].contains(FormatTable.ending(of: name)) ? "JSON" : nil
  }

  /// What a file is that cannot be delimited text.
  ///
  /// - Parameter isText: its zero bytes are those of a known encoding.
  private static func foreign(_ head: [UInt8], isText: Bool) -> String? {
    let kinds: [(bytes: [UInt8], name: String)] = [
      ([0x50, 0x4B, 0x03, 0x04], "a zip archive (or a workbook)"),
      ([0xD0, 0xCF, 0x11, 0xE0], "an Excel workbook"),
      (Array("PAR1".utf8), "a Parquet file"), (Array("ARROW1".utf8), "an Arrow file"),
      (Array("%PDF-".utf8), "a PDF document"), (Array("SQLite format 3".utf8), "an SQLite database"),
      (Array("$FL2".utf8), "an SPSS file"), (Array("$FL3".utf8), "an SPSS file"),
      (Array("<stata_dta>".utf8), "a Stata file"),
      (Array("HEADER RECORD*******".utf8), "a SAS transport file"),
      ([0x42, 0x5A, 0x68], "compressed with bzip2"), ([0xFD, 0x37, 0x7A, 0x58, 0x5A], "compressed with xz"),
    ]
    if let kind = kinds.first(where: { head.starts(with: $0.bytes) }) { return kind.name }
    // A stray zero byte in a text is told cell by cell.
    let zeros = head.reduce(0) { $1 == 0 ? $0 + 1 : $0 }
    if !isText, zeros > 16, zeros * 50 > head.count { return "a binary file" }
    let begin = head.lazy.filter { $0 > 0x20 }.prefix(14).map { $0 | 0x20 }
    let opening = String(decoding: Array(begin), as: UTF8.self)
    if ["<!doctype", "<html", "<table", "<?xml", "<svg"].contains(where: opening.hasPrefix) {
      return "a page of HTML or XML"
    }
    // Square brackets and braces with bit 5 set.
    return ["{{", "{\"", "{}"].contains(where: opening.hasPrefix) && head.contains(UInt8(ascii: ":"))
      ? "JSON" : nil
  }
}

/// A file of another program: what it is called, and how its rows get out of it.
private struct ForeignFile {
  var name: String
  var help: String

  private static let byEnding: [String: ForeignFile] = {
    let excel = ForeignFile(
      name: "an Excel workbook", help: "in Excel: Save As, CSV UTF-8; then load that file, one for each sheet"
    )
    let r = ForeignFile(
      name: "a file of R", help: "in R: write.csv(x, \"x.csv\", row.names = FALSE); then load that file")
    let sas = ForeignFile(
      name: "a SAS file", help: "in SAS: proc export data=x outfile=\"x.csv\" dbms=csv; then load that file")
    let stata = ForeignFile(
      name: "a Stata file", help: "in Stata: export delimited using \"x.csv\"; then load that file")
    let spss = ForeignFile(
      name: "an SPSS file",
      help: "in SPSS: File, Save As, CSV with the names of the variables; then load that file")
    return [
      "xlsx": excel, "xlsm": excel, "xlsb": excel, "xls": excel, "rds": r, "rda": r, "rdata": r,
      "sas7bdat": sas, "xpt": sas, "dta": stata, "sav": spss, "por": spss,
    ]
  }()

  /// By what the bytes show, where they show it, or else by the ending: archives and other bytes tell nothing.
  static func by(_ ending: String, _ kind: String) -> ForeignFile? {
    if let known = byEnding.values.first(where: { $0.name == kind }) { return known }
    if kind == "a SAS transport file" { return byEnding["xpt"] }
    return kind == "a zip archive (or a workbook)" || kind == "a binary file" ? byEnding[ending] : nil
  }
}
