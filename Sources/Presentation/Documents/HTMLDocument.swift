import Columns
import Diagnostics
import Planning

/// Results as a complete small web page: no script, no outside file, readable in dark and light.
package enum HTMLDocument {
  /// Each table with its size as the caption and its notes below.
  package static func lines(_ results: [WrittenResult]) -> [String] {
    var lines: [String] = []
    write(results) { lines.append($0) }
    return lines
  }

  /// The same line by line: a large table is never there as text.
  static func write<Failure: Error>(
    _ results: [WrittenResult], to put: (String) throws(Failure) -> Void
  ) throws(Failure) {
    let head = [
      "<!DOCTYPE html>", "<html lang=\"en\">", "<head>", "<meta charset=\"utf-8\">",
      "<meta name=\"viewport\" content=\"width=device-width\">",
      "<title>\(results.count { $0.table.columnCount > 0 } == 1 ? "Result" : "Results")</title>", style,
      "</head>", "<body>",
    ]
    for line in head { try put(line) }
    for result in results {
      for text in result.texts { try put(paragraph(text)) }
      if let picture = result.picture {
        for line in ["<figure>", drawing(picture), "</figure>"] { try put(line) }
      }
      if result.table.columnCount > 0 { try write(result.marked, to: put) }
      if result.notes.isEmpty { continue }
      try put("<h2>Notes</h2>")
      try put("<ul>")
      for note in result.notes.saidOnce {
        try put("<li class=\"\(note.kind.rawValue)\">\(escaped(visible(note.message)))</li>")
      }
      try put("</ul>")
    }
    try put("</body>")
    try put("</html>")
  }

  /// A vector picture as an element of the page: what stands before it in a file of its own has no place here.
  private static func drawing(_ picture: String) -> String {
    guard let start = picture.firstRange(of: "<svg") else { return "" }
    let end = picture.lastIndex(of: ">") ?? start.lowerBound
    return String(picture[start.lowerBound...end])
  }

  private static func write<Failure: Error>(
    _ table: Table, to put: (String) throws(Failure) -> Void
  ) throws(Failure) {
    let formats = CellFormat.ofDocument(table)
    let caption = "\(counted(table.rowCount, "row")) × \(counted(table.columnCount, "column"))"
    try put("<table>")
    try put("<caption>\(escaped(caption))</caption>")
    let heads = zip(formats, table.schema.names).map { format, name in
      "<th scope=\"col\"\(attribute(format))>\(escaped(visible(name)))</th>"
    }
    try put("<thead><tr>\(heads.joined())</tr></thead>")
    try put("<tbody>")
    for segment in table.segments {
      for row in 0..<segment.count {
        let cells = zip(formats, segment.columns).map { format, column in
          column.isKnown(row)
            ? "<td\(attribute(format))>\(escaped(format.text(column.value(row))))</td>"
            : "<td\(attribute(format, "missing")) title=\"missing\">·</td>"
        }
        try put("<tr>\(cells.joined())</tr>")
      }
    }
    try put("</tbody>")
    try put("</table>")
  }

  /// A text between the tables; several lines stand as they are.
  private static func paragraph(_ text: String) -> String {
    if !text.contains("\n") { return "<p>\(escaped(visible(text)))</p>" }
    let lines = text.split(separator: "\n", omittingEmptySubsequences: false).map {
      escaped(visible(String($0)))
    }
    return "<pre>\(lines.joined(separator: "\n"))</pre>"
  }

  private static func attribute(_ format: CellFormat, _ word: String? = nil) -> String {
    let words = (format.alignment == .right ? ["number"] : []) + (word.map { [$0] } ?? [])
    return words.isEmpty ? "" : " class=\"\(words.joined(separator: " "))\""
  }

  /// Text that may stand in an element or a quoted attribute.
  static func escaped(_ text: String) -> String {
    var result = ""
    for character in text {
      switch character {
      case "&": result += "&amp;"
      case "<": result += "&lt;"
      case ">": result += "&gt;"
      case "\"": result += "&quot;"
      case "'": result += "&#39;"
      default: result.append(character)
      }
    }
    return result
  }

  private static let style = """
    <style>
    :root { color-scheme: light dark; }
    body { font-family: system-ui, sans-serif; margin: 2rem; }
    table { border-collapse: collapse; }
    caption { text-align: left; padding-bottom: .5rem; }
    th, td { padding: .2rem .8rem; border-bottom: 1px solid #8886; text-align: left; }
    thead th { border-bottom-width: 2px; }
    .number { text-align: right; font-variant-numeric: tabular-nums; }
    .missing { opacity: .5; }
    figure { margin: 1rem 0; }
    figure svg { max-width: 100%; height: auto; }
    </style>
    """
}
