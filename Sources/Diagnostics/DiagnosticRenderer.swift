/// Writes diagnostics for people: where, what, the line with the place underlined, and what to do.
package struct DiagnosticRenderer: Sendable {
  package var color: Bool

  package init(color: Bool = false) { self.color = color }

  package func render(_ diagnostics: [Diagnostic]) -> String {
    diagnostics.map(render).joined(separator: "\n")
  }

  /// `FILE:LINE:COLUMN: error: …`, the source line, the underlined span, and the help lines.
  package func render(_ diagnostic: Diagnostic) -> String {
    var lines: [String] = []
    let word = painted(diagnostic.severity.rawValue + ":", diagnostic.severity == .error ? "1;31" : "1;33")
    if let source = diagnostic.source, let range = diagnostic.range {
      let place = source.position(of: range.lower)
      lines.append("\(source.name):\(place.line):\(place.column): \(word) \(visible(diagnostic.message))")
      lines += excerpt(source, range)
    } else {
      lines.append("\(word) \(visible(diagnostic.message))")
    }
    for related in diagnostic.related {
      guard let source = diagnostic.source else { continue }
      let place = source.position(of: related.range.lower)
      lines.append("  line \(place.line): \(visible(related.message))")
    }
    for help in diagnostic.help { lines.append("  \(painted("help:", "1;36")) \(visible(help))") }
    return lines.joined(separator: "\n")
  }

  private func excerpt(_ source: SourceText, _ range: SourceRange) -> [String] {
    let place = source.position(of: range.lower)
    let line = source.line(place.line)
    let lineRange = source.lineRange(place.line)
    let upper = min(max(range.upper, range.lower), lineRange.upper)
    let before = source[SourceRange(lineRange.lower, range.lower)]
    let span = source[SourceRange(range.lower, upper)]
    let number = String(place.line)
    let gutter = String(repeating: " ", count: number.count)
    let pad = String(repeating: " ", count: width(before))
    let mark = String(repeating: "^", count: max(1, width(span)))
    return ["  \(number) | \(visible(line))", "  \(gutter) | \(pad)\(painted(mark, "1;31"))"]
  }

  private func width(_ text: String) -> Int {
    text.reduce(0) { $0 + DisplayWidth.of($1) }
  }

  private func painted(_ text: String, _ code: String) -> String {
    color ? "\u{1B}[\(code)m\(text)\u{1B}[0m" : text
  }
}
