import Diagnostics

/// Text brought to a width in terminal columns.
enum Fitting {
  enum Alignment: Sendable { case left, right }

  static func blanks(_ count: Int) -> String { String(repeating: " ", count: max(0, count)) }

  /// Text padded to a width; longer text stays as it is.
  static func pad(_ text: String, _ width: Int, _ alignment: Alignment) -> String {
    let gap = blanks(width - DisplayWidth.of(text))
    return alignment == .left ? text + gap : gap + text
  }

  /// The beginning of a text with a mark where the rest was cut; the whole where it fits.
  static func shorten(_ text: String, _ width: Int, _ ellipsis: String) -> String {
    if DisplayWidth.of(text) <= width { return text }
    var result = ""
    var used = 0
    for character in text {
      let size = DisplayWidth.of(character)
      if used + size > width - 1 { break }
      result.append(character)
      used += size
    }
    return width > 0 ? result + ellipsis : ""
  }

  /// Lines of at most `width` columns, broken at blanks where there are any. Later lines are indented.
  static func wrap(_ text: String, _ width: Int, indent: Int = 0) -> [String] {
    var lines: [String] = []
    var line = ""
    var used = 0
    let indent = indent < width - 4 ? indent : 0
    for word in text.split(separator: " ", omittingEmptySubsequences: false) {
      let size = DisplayWidth.of(word)
      if used > 0, used + 1 + size <= width {
        line += " " + word
        used += 1 + size
        continue
      }
      if used > 0 {
        lines.append(line)
        line = blanks(indent)
        used = indent
      }
      for character in word {
        let size = DisplayWidth.of(character)
        if used + size > width, used > indent {
          lines.append(line)
          line = blanks(indent)
          used = indent
        }
        line.append(character)
        used += size
      }
    }
    lines.append(line)
    return lines
  }
}
