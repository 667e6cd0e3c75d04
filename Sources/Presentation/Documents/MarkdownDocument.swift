import Columns
import Diagnostics

/// A table as Markdown: numbers rounded as on the screen but without thousands separators, missing as `·`.
package enum MarkdownDocument {
  /// All rows, then the notes as a list; lines without their ends.
  package static func lines(_ table: Table, notes: [Note] = []) -> [String] {
    let whole = table.merged
    let formats = zip(whole.columns, table.schema.names).map {
      CellFormat($0, name: $1, missingMark: "·", grouping: false)
    }
    var lines = [row(table.schema.names.map { escaped(visible($0)) })]
    lines.append(row(formats.map { $0.alignment == .right ? "---:" : "---" }))
    for index in 0..<whole.count {
      lines.append(row(zip(formats, whole.columns).map { escaped($0.text($1.value(index))) }))
    }
    if !notes.isEmpty { lines.append("") }
    return lines + notes.saidOnce.map { "- \(escaped(visible($0.message)))" }
  }

  /// A text between the tables; several lines stand as they are.
  static func paragraph(_ text: String) -> [String] {
    if !text.contains("\n") { return [escaped(visible(text))] }
    return ["```text"]
      + text.split(separator: "\n", omittingEmptySubsequences: false).map { visible(String($0)) }
      + ["```"]
  }

  private static func row(_ cells: [String]) -> String { "| " + cells.joined(separator: " | ") + " |" }

  /// Text that Markdown shows as it is: its own signs get a backslash, `<` and `&` their entities.
  package static func escaped(_ text: String) -> String {
    var result = ""
    for character in text {
      switch character {
      case "|", "*", "_", "`", "\\", "[", "]", "~": result += "\\\(character)"
      case "<": result += "&lt;"
      case "&": result += "&amp;"
      default: result.append(character)
      }
    }
    return result
  }
}
