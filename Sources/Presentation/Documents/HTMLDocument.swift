import Columns
import Diagnostics
import Planning

/// Results as a complete small web page: no script, no outside file, readable in dark and light.
package enum HTMLDocument {
  /// Each table with its size as the caption and its notes below.
  package static func lines(_ results: [WrittenResult]) -> [String] {
    var lines = [
      "<!DOCTYPE html>", "<html lang=\"en\">", "<head>", "<meta charset=\"utf-8\">",
      "<meta name=\"viewport\" content=\"width=device-width\">",
      "<title>\(results.count { $0.table.columnCount > 0 } == 1 ? "Result" : "Results")</title>", style,
      "</head>", "<body>",
    ]
    for result in results {
      lines += result.texts.map(paragraph)
      if let picture = result.picture { lines += ["<figure>", drawing(picture), "</figure>"] }
      if result.table.columnCount > 0 {
        let table = result.marked
        lines += tableLines(
          table, caption: "\(counted(table.rowCount, "row")) × \(counted(table.columnCount, "column"))")
      }
      if result.notes.isEmpty { continue }
      lines += ["<h2>Notes</h2>", "<ul>"]
      lines += result.notes.saidOnce.map {
        "<li class=\"\($0.kind.rawValue)\">\(escaped(visible($0.message)))</li>"
      }
      lines.append("</ul>")
    }
    return lines + ["</body>", "</html>"]
  }

  /// A vector picture as an element of the page: what stands before it in a file of its own has no place here.
  private static func drawing(_ picture: String) -> String {
    guard let start = picture.firstRange(of: "<svg") else { return "" }
    let end = picture.lastIndex(of: ">") ?? start.lowerBound
    return String(picture[start.lowerBound...end])
  }

  /// The table alone, for a page that holds more.
  package static func tableLines(_ table: Table, caption: String) -> [String] {
    let whole = table.merged
    let formats = zip(whole.columns, table.schema.names).map {
      CellFormat($0, name: $1, missingMark: "·", grouping: false)
    }
    var lines = ["<table>", "<caption>\(escaped(caption))</caption>"]
    let heads = zip(formats, table.schema.names).map { format, name in
      "<th scope=\"col\"\(attribute(format))>\(escaped(visible(name)))</th>"
    }
    lines.append("<thead><tr>\(heads.joined())</tr></thead>")
    lines.append("<tbody>")
    for row in 0..<whole.count {
      let cells = zip(formats, whole.columns).map { format, column in
        column.isKnown(row)
          ? "<td\(attribute(format))>\(escaped(format.text(column.value(row))))</td>"
          : "<td\(attribute(format, "missing")) title=\"missing\">·</td>"
      }
      lines.append("<tr>\(cells.joined())</tr>")
    }
    return lines + ["</tbody>", "</table>"]
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
