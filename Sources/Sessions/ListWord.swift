/// A list as a word of the command line: `a,"b,c"`, quoted as a cell of a file is.
enum ListWord {
  struct Part {
    var text: String
    var isQuoted: Bool
  }

  /// The elements, blanks around them left out; nil where a quote is not closed or something stands behind one.
  static func parts(_ text: String) -> [Part]? {
    if text.isEmpty { return [] }
    var parts: [Part] = []
    var rest = Substring(text)
    while true {
      rest = rest.drop(while: \.isWhitespace)
      if rest.first == "\"" {
        guard let inner = quoted(&rest) else { return nil }
        rest = rest.drop(while: \.isWhitespace)
        guard rest.isEmpty || rest.first == "," else { return nil }
        parts.append(Part(text: inner, isQuoted: true))
      } else {
        let plain = rest.prefix { $0 != "," }
        rest = rest[plain.endIndex...]
        parts.append(Part(text: String(plain).trimmingBlanks, isQuoted: false))
      }
      guard rest.first == "," else { return parts }
      rest = rest.dropFirst()
    }
  }

  /// The text between quotes, of which the first stands next; two of them inside are one.
  private static func quoted(_ rest: inout Substring) -> String? {
    rest = rest.dropFirst()
    var inner = ""
    while let end = rest.firstIndex(of: "\"") {
      inner += rest[..<end]
      rest = rest[rest.index(after: end)...]
      guard rest.first == "\"" else { return inner }
      inner += "\""
      rest = rest.dropFirst()
    }
    return nil
  }
}
