import Columns
import Diagnostics

/// A table as Markdown: numbers rounded as on the screen but without thousands separators, missing as `·`.
package enum MarkdownDocument {
  /// All rows, then the notes as a list; lines without their ends.
  package static func lines(_ table: Table, notes: [Note] = []) -> [String] {
    var lines: [String] = []
    write(table, notes: notes) { lines.append($0) }
    return lines
  }

  /// The same line by line: a large table is never there as text.
  static func write<Failure: Error>(
    _ table: Table, notes: [Note] = [], to put: (String) throws(Failure) -> Void
  ) throws(Failure) {
    let formats = CellFormat.ofDocument(table)
    try put(row(table.schema.names.map { escaped(visible($0)) }))
    try put(row(formats.map { $0.alignment == .right ? "---:" : "---" }))
    for segment in table.segments {
      for index in 0..<segment.count {
        try put(row(zip(formats, segment.columns).map { escaped($0.text($1.value(index))) }))
      }
    }
    if !notes.isEmpty { try put("") }
    for note in notes.saidOnce { try put("- \(escaped(visible(note.message)))") }
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
