/// Rounds' own signs beyond ASCII, and how they are written where `set ascii = on` asks for ASCII alone.
package enum PlainSigns {
  private static let signs: [Character: String] = [
    "…": "...", "·": "-", "›": ">", "❯": ">", "–": "-", "—": "-", "−": "-", "×": "x", "÷": "/", "→": "->",
    "≥": ">=",
    "≤": "<=", "≠": "!=", "≈": "~", "▸": ">", "─": "-",
  ]

  private static let blocks: [Character: Character] = [
    " ": " ", "▁": "_", "▂": ".", "▃": ":", "▄": "-", "▅": "=", "▆": "+", "▇": "*", "█": "#",
  ]

  /// Whether a text is a drawing in blocks of eighths, as `describe` makes them.
  package static func isDrawn(_ text: String) -> Bool {
    text.utf8.count > text.count && text.allSatisfy { blocks[$0] != nil }
  }

  /// Such a drawing in ASCII: a lower and a higher sign for a lower and a higher block.
  package static func drawn(_ text: String) -> String { String(text.map { blocks[$0] ?? $0 }) }

  /// A text of Rounds with its signs in ASCII where `ascii` asks for it. What comes from the data keeps its letters.
  package static func written(_ text: String, ascii: Bool) -> String {
    if !ascii || text.utf8.allSatisfy({ $0 < 0x80 }) { return text }
    return text.reduce(into: "") { $0 += signs[$1] ?? String($1) }
  }
}
