import Columns
import Diagnostics
import Planning

/// The kinds of file that are read and written.
package enum FormatTable {
  package static let inputs: [InputFormat] = [csv, tsv, arrow]
  package static let outputs: [OutputFormat] = [
    OutputFormat(
      name: "csv", extensions: ["csv"], summary: "comma-separated text", losses: OrderLoss.notes
    ) { results, emit in
      for result in results { try TableWriter.delimited(result, by: UInt8(ascii: ","), emit: emit) }
    },
    OutputFormat(
      name: "tsv", extensions: ["tsv", "tab"], summary: "tab-separated text", losses: OrderLoss.notes
    ) { results, emit in
      for result in results { try TableWriter.delimited(result, by: UInt8(ascii: "\t"), emit: emit) }
    },
    OutputFormat(
      name: "json", extensions: ["json"],
      summary: "an array of records; several results are an array of such arrays", isOneDocument: true,
      losses: OrderLoss.notes
    ) { results, emit in
      try TableWriter.json(results, emit: emit)
    },
    OutputFormat(
      name: "ndjson", extensions: ["ndjson", "jsonl"], summary: "a record a line", losses: OrderLoss.notes
    ) { results, emit in
      for result in results { try TableWriter.jsonLines(result, emit: emit) }
    },
    OutputFormat(
      name: "arrow", extensions: ["arrow", "feather"],
      summary:
        "one table as an Arrow file (Feather 2), for pyarrow, Polars, DuckDB and R; opened again at once",
      isOneDocument: true, isBinary: true, losses: ArrowWriter.losses
    ) { results, emit in
      try ArrowWriter.write(results, emit: emit)
    },
  ]

  /// How text is packed as it is written.
  package static let packings: [Packing] = [
    Packing(name: "gzip", ending: "gz") { try Gzip() },
    Packing(name: "zstd", ending: "zst") { try ZstdPacker() },
  ]

  /// Endings of packed files; the ending before says what is packed.
  package static let packedEndings = packings.map(\.ending)

  /// The format of a path by its ending, `.gz` and `.zst` left aside; delimited text when the ending says nothing.
  package static func input(forPath path: String) -> InputFormat {
    let ending = ending(of: path)
    return inputs.first { $0.extensions.contains(ending) } ?? csv
  }

  /// The ending of a path in lower case, `.gz` and `.zst` left aside; empty where there is none.
  static func ending(of path: String) -> String {
    let base = path.split(separator: "/").last.map { $0.lowercased() } ?? ""
    var parts = base.split(separator: ".").map(String.init)
    if let last = parts.last, parts.count > 1, packedEndings.contains(last) { parts.removeLast() }
    return parts.count > 1 ? parts.last ?? "" : ""
  }

  /// The format of bytes without a name, by how they begin: delimited text unless they show another.
  package static func input(forHead head: ArraySlice<UInt8>) -> InputFormat {
    ArrowFile.isArrow(Array(head)) ? arrow : csv
  }

  private static let csv = InputFormat(
    name: "csv", extensions: ["csv", "txt", "dat", "psv"], summary: "delimited text, the delimiter guessed",
    options: CSVOptions.rows + [.filename]
  ) { origin, options in
    try CSVSource(origin, options: try CSVOptions(options))
  }

  private static let tsv = InputFormat(
    name: "tsv", extensions: ["tsv", "tab"], summary: "text delimited by tabs",
    options: CSVOptions.rows + [.filename]
  ) { origin, options in
    try CSVSource(origin, options: try CSVOptions(options))
  }

  private static let arrow = InputFormat(
    name: "arrow", extensions: ["arrow", "feather", "ipc", "arrows"],
    summary: "an Arrow file (Feather 2) or stream, LZ4 and zstd inside; mapped into memory, not read",
    options: [.filename]
  ) { origin, options in
    if let option = options.first {
      throw Diagnostic(
        "unknown-option", "Arrow files have no option `\(option.name)`: they say themselves what they hold",
        at: option.range,
        help: ["`\(OptionRow.filename.name)` alone can stand here; types are changed by `derive`"])
    }
    return try ArrowSource(origin)
  }
}
