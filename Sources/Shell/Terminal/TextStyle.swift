/// How a piece of text looks on a terminal.
package struct TextStyle: Hashable, Sendable {
  /// A colour of the terminal's palette, 0...255; nil is the default colour.
  package var foreground: UInt8?
  package var isBold = false
  package var isFaint = false
  package var isUnderlined = false
  package var isReversed = false

  package init(
    foreground: UInt8? = nil, bold: Bool = false, faint: Bool = false, underline: Bool = false,
    reverse: Bool = false
  ) {
    self.foreground = foreground
    isBold = bold
    isFaint = faint
    isUnderlined = underline
    isReversed = reverse
  }

  package static let plain = TextStyle()

  /// The same style without its colour; what is not a colour stays.
  package var withoutColour: TextStyle {
    var style = self
    style.foreground = nil
    return style
  }

  /// Appends the escape sequence that sets exactly this style.
  package func appendSequence(to bytes: inout [UInt8]) {
    bytes.append(contentsOf: "\u{1B}[0".utf8)
    if isBold { bytes.append(contentsOf: ";1".utf8) }
    if isFaint { bytes.append(contentsOf: ";2".utf8) }
    if isUnderlined { bytes.append(contentsOf: ";4".utf8) }
    if isReversed { bytes.append(contentsOf: ";7".utf8) }
    if let colour = foreground {
      switch colour {
      case 0...7: bytes.append(contentsOf: ";\(30 + Int(colour))".utf8)
      case 8...15: bytes.append(contentsOf: ";\(82 + Int(colour))".utf8)
      default: bytes.append(contentsOf: ";38;5;\(colour)".utf8)
      }
    }
    bytes.append(UInt8(ascii: "m"))
  }
}
