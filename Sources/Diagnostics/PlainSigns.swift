/// Rounds' own signs beyond ASCII, and how they are written where `set ascii = on` asks for ASCII alone.
package enum PlainSigns {
  private static let signs: [Character: String] = [
    "…": "...", "·": "-", "›": ">", "❯": ">", "–": "-", "—": "-", "−": "-", "×": "x", "÷": "/", "→": "->",
    "≥": ">=",
    "≤": "<=", "≠": "!=", "≈": "~", "▸": ">", "─": "-",
  ]

  /// A text of Rounds with its signs in ASCII where `ascii` asks for it. What comes from the data keeps its letters.
  package static func written(_ text: String, ascii: Bool) -> String {
    if !ascii || text.utf8.allSatisfy({ $0 < 0x80 }) { return text }
    return text.reduce(into: "") { $0 += signs[$1] ?? String($1) }
  }
}
