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

  /// The default colour and nothing else.
  package static let plain = TextStyle()

  /// The same style without its colour; what is not a colour stays.
  package var withoutColour: TextStyle {
    var style = self
    style.foreground = nil
    return style
  }

  /// Appends the escape sequence that sets exactly this style.
  package func appendSequence(to bytes: inout [UInt8]) {
    bytes.append(contentsOf: [0x1B, UInt8(ascii: "["), UInt8(ascii: "0")])
    if isBold { Self.append(1, to: &bytes) }
    if isFaint { Self.append(2, to: &bytes) }
    if isUnderlined { Self.append(4, to: &bytes) }
    if isReversed { Self.append(7, to: &bytes) }
    if let colour = foreground {
      switch colour {
      case 0...7: Self.append(30 + colour, to: &bytes)
      case 8...15: Self.append(82 + colour, to: &bytes)
      default:
        Self.append(38, to: &bytes)
        Self.append(5, to: &bytes)
        Self.append(colour, to: &bytes)
      }
    }
    bytes.append(UInt8(ascii: "m"))
  }

  /// `;` and a number, digit by digit: a long statement changes its style hundreds of times at every key.
  private static func append(_ number: UInt8, to bytes: inout [UInt8]) {
    bytes.append(UInt8(ascii: ";"))
    if number >= 100 { bytes.append(UInt8(ascii: "0") + number / 100) }
    if number >= 10 { bytes.append(UInt8(ascii: "0") + number / 10 % 10) }
    bytes.append(UInt8(ascii: "0") + number % 10)
  }
}
