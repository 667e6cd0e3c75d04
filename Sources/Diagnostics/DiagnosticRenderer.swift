/// Writes diagnostics for people: where, what, the line with the place underlined, and what to do.
package struct DiagnosticRenderer: Sendable {
  /// Whether ANSI colours are written.
  package var color: Bool
  /// Columns of the screen: of a longer source line the part around the place is shown. Nil shows whole lines.
  package var columns: Int?

  /// Whether Rounds' own signs are written in ASCII.
  package var ascii: Bool

  package init(color: Bool = false, columns: Int? = nil, ascii: Bool = false) {
    self.color = color
    self.columns = columns
    self.ascii = ascii
  }

  /// All of them in their order, each beginning on a line of its own; no line end behind the last.
  package func render(_ diagnostics: [Diagnostic]) -> String {
    diagnostics.map(render).joined(separator: "\n")
  }

  /// `FILE:LINE:COLUMN: error: …`, the source line, the underlined span, and the help lines.
  package func render(_ diagnostic: Diagnostic) -> String {
    var lines: [String] = []
    let word = painted(diagnostic.severity.rawValue + ":", diagnostic.severity == .error ? "1;31" : "1;33")
    if let source = diagnostic.source, let range = diagnostic.range {
      let place = source.position(of: range.lower)
      let head = "\(visible(source.name)):\(place.line):\(place.column): "
      lines += wrapped(head + word, diagnostic.message, head.count + diagnostic.severity.rawValue.count + 1)
      lines += excerpt(source, range)
    } else {
      lines += wrapped(word, diagnostic.message, diagnostic.severity.rawValue.count + 1)
    }
    for related in diagnostic.related {
      guard let source = related.source ?? diagnostic.source else { continue }
      let place = source.position(of: related.range.lower)
      if source.text == diagnostic.source?.text {
        lines.append("  line \(place.line): \(said(related.message))")
      } else {
        lines.append("  \(visible(source.name)):\(place.line):\(place.column): \(said(related.message))")
        lines += excerpt(source, related.range)
      }
    }
    for help in diagnostic.help { lines += wrapped("  " + painted("help:", "1;36"), help, 7) }
    return lines.joined(separator: "\n")
  }

  private func said(_ message: String) -> String {
    PlainSigns.written(visible(message), ascii: ascii)
  }

  /// A message behind its painted head, of so many columns, in as many lines as the screen wants.
  private func wrapped(_ head: String, _ message: String, _ headWidth: Int) -> [String] {
    let text = said(message)
    guard let columns, headWidth + 1 + width(text) > columns else { return [head + " " + text] }
    let blank = String(repeating: "x", count: headWidth)
    var lines = WordWrap.lines(blank + " " + text, columns, indent: min(headWidth + 1, 8))
    lines[0] = head + lines[0].dropFirst(headWidth)
    return lines
  }

  /// Columns of a line that are shown where no screen says how many there is room for: a line that a program wrote may
  /// be of any length.
  private static let longestExcerpt = 400

  private func excerpt(_ source: SourceText, _ range: SourceRange) -> [String] {
    let place = source.position(of: range.lower)
    let number = String(place.line)
    let room = columns.map { max(20, $0 - number.count - 6) } ?? Self.longestExcerpt
    let lineRange = near(range.lower, in: source.lineRange(place.line), of: source, room)
    let line = source[lineRange]
    let upper = min(max(range.upper, range.lower), lineRange.upper)
    let before = source[SourceRange(lineRange.lower, range.lower)]
    let span = source[SourceRange(range.lower, upper)]
    let gutter = String(repeating: " ", count: number.count)
    let shown = part(visible(line), from: width(before), length: max(1, width(span)), room)
    let pad = String(repeating: " ", count: shown.start)
    let mark = String(repeating: "^", count: shown.length)
    return ["  \(number) | \(shown.text)", "  \(gutter) | \(pad)\(painted(mark, "1;31"))"]
  }

  /// Of a line that a program wrote what may come onto the screen: many faults of one line are shown in no time.
  private func near(
    _ place: Int, in line: SourceRange, of source: SourceText, _ room: Int
  ) -> SourceRange {
    if line.upper - line.lower <= 16 * room { return line }
    func start(of offset: Int) -> Int {
      var offset = offset
      // No character is cut through.
      while offset > line.lower, source.bytes[offset] & 0xC0 == 0x80 { offset -= 1 }
      return offset
    }
    let upper = place + 8 * room
    return SourceRange(
      start(of: max(line.lower, place - 4 * room)), upper >= line.upper ? line.upper : start(of: upper))
  }

  /// The part of a line that fits, with as much of a span as there is room for, and where the span is in it.
  private func part(
    _ line: String, from start: Int, length: Int, _ room: Int
  ) -> (text: String, start: Int, length: Int) {
    let whole = width(line)
    if whole <= room { return (line, start, length) }
    let lead = max(0, (room - min(length, room * 2 / 3)) / 2)
    let first = max(0, min(start - lead, whole - room))
    var text = ""
    var column = 0
    for character in line {
      let next = column + DisplayWidth.of(character)
      if column >= first + (first > 0 ? 1 : 0), next <= first + room - (first + room < whole ? 1 : 0) {
        // A wide character that the cut goes through leaves a blank.
        if text.isEmpty, first > 0 { text = "…" + String(repeating: " ", count: column - first - 1) }
        text.append(character)
      }
      column = next
    }
    if first + room < whole { text += "…" }
    let shown = max(0, start - first)
    return (text, shown, max(1, min(length, room - shown)))
  }

  private func width(_ text: String) -> Int {
    text.reduce(0) { $0 + DisplayWidth.of($1) }
  }

  private func painted(_ text: String, _ code: String) -> String {
    color ? "\u{1B}[\(code)m\(text)\u{1B}[0m" : text
  }
}
