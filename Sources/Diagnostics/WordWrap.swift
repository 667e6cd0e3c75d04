/// Text in lines that a screen holds.
package enum WordWrap {
  /// Lines of at most `width` columns, broken at blanks where there are any. Later lines are indented.
  package static func lines(_ text: String, _ width: Int, indent: Int = 0) -> [String] {
    var lines: [String] = []
    let leading = min(text.prefix { $0 == " " }.count, max(0, width - 4))
    var line = String(repeating: " ", count: leading)
    var used = leading
    var holdsWord = false
    let text = text.dropFirst(leading)
    let indent = indent < width - 4 ? indent : 0
    for word in text.split(separator: " ", omittingEmptySubsequences: false) {
      let size = DisplayWidth.of(word)
      if holdsWord, used + 1 + size <= width {
        line += " " + word
        used += 1 + size
        continue
      }
      if holdsWord {
        lines.append(line)
        line = String(repeating: " ", count: indent)
        used = indent
      }
      holdsWord = true
      for character in word {
        let size = DisplayWidth.of(character)
        if used + size > width, used > indent {
          lines.append(line)
          line = String(repeating: " ", count: indent)
          used = indent
        }
        line.append(character)
        used += size
      }
    }
    lines.append(line)
    return lines
  }

  /// A line of prose or of a list, whose further lines stand below its text: behind its blanks, or behind the gap of
  /// two blanks or more that parts a name from what is said of it.
  package static func hanging(_ text: String, _ width: Int) -> [String] {
    if DisplayWidth.of(text) <= width { return [text] }
    let leading = text.prefix { $0 == " " }.count
    var indent = leading
    if let gap = text.dropFirst(leading).firstRange(of: "  ") {
      let rest = text[gap.upperBound...].drop { $0 == " " }
      let column = DisplayWidth.of(text[..<rest.startIndex])
      indent = column <= width / 2 ? column : leading + 2
    }
    return lines(text, width, indent: indent)
  }
}
