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
}
