/// The text being edited and where the cursor is, in unicode scalars.
package struct EditBuffer: Equatable, Sendable {
  package var text: [Unicode.Scalar]
  /// A place between scalars: 0 to the number of scalars.
  package var cursor: Int

  /// - Parameter cursor: brought into the text; nil for its end.
  package init(_ text: [Unicode.Scalar] = [], cursor: Int? = nil) {
    self.text = text
    self.cursor = max(0, min(cursor ?? text.count, text.count))
  }

  package init(_ text: String) { self.init(Array(text.unicodeScalars)) }

  /// The text as a Swift string.
  package var string: String {
    // Asked at each key: by bytes it takes a tenth of what appending scalars does.
    var bytes: [UInt8] = []
    bytes.reserveCapacity(text.count + text.count / 4)
    for scalar in text {
      if scalar.isASCII {
        bytes.append(UInt8(truncatingIfNeeded: scalar.value))
      } else {
        bytes.append(contentsOf: scalar.utf8)
      }
    }
    return String(decoding: bytes, as: UTF8.self)
  }

  package var isEmpty: Bool { text.isEmpty }
  /// Whether the cursor stands behind the last scalar of the text.
  package var isAtEnd: Bool { cursor >= text.count }

  // MARK: Lines

  /// Where the line around a position begins.
  package func lineStart(_ position: Int) -> Int {
    var index = min(position, text.count)
    while index > 0, text[index - 1] != "\n" { index -= 1 }
    return index
  }

  /// Where the line around a position ends, before its line break.
  package func lineEnd(_ position: Int) -> Int {
    var index = max(0, position)
    while index < text.count, text[index] != "\n" { index += 1 }
    return index
  }

  // MARK: Characters

  /// The end of the character (grapheme cluster) that begins at a position.
  package func characterEnd(_ position: Int) -> Int {
    guard position < text.count else { return text.count }
    if text[position].value < 0x300, position + 1 >= text.count || text[position + 1].value < 0x300 {
      return position + 1
    }
    let window = text[position..<min(text.count, position + 40)]
    return position + max(1, Self.characters(window).first?.unicodeScalars.count ?? 1)
  }

  /// The start of the character that ends at a position.
  package func characterStart(_ position: Int) -> Int {
    guard position > 0 else { return 0 }
    if text[position - 1].value < 0x300 { return position - 1 }
    let window = text[max(0, position - 40)..<position]
    return position - max(1, Self.characters(window).last?.unicodeScalars.count ?? 1)
  }

  private static func characters(_ scalars: ArraySlice<Unicode.Scalar>) -> String {
    var view = String.UnicodeScalarView()
    view.append(contentsOf: scalars)
    return String(view)
  }

  // MARK: Words

  static func isWord(_ scalar: Unicode.Scalar) -> Bool {
    scalar == "_" || scalar.properties.isAlphabetic || scalar.properties.numericType != nil
      || scalar.properties.generalCategory == .nonspacingMark
  }

  /// The end of the word around a position, or of the next one.
  package func wordEnd(_ position: Int) -> Int {
    var index = position
    while index < text.count, !Self.isWord(text[index]) { index += 1 }
    while index < text.count, Self.isWord(text[index]) { index += 1 }
    return index
  }

  /// The start of the word around a position, or of the one before.
  package func wordStart(_ position: Int) -> Int {
    var index = position
    while index > 0, !Self.isWord(text[index - 1]) { index -= 1 }
    while index > 0, Self.isWord(text[index - 1]) { index -= 1 }
    return index
  }

  /// The start of the run of non-blanks before a position, as Ctrl-W takes it.
  package func blankWordStart(_ position: Int) -> Int {
    var index = position
    while index > 0, text[index - 1].properties.isWhitespace { index -= 1 }
    while index > 0, !text[index - 1].properties.isWhitespace { index -= 1 }
    return index
  }

  // MARK: Changes

  /// The buffer with a part replaced and the cursor behind the new text; a range outside is clipped.
  package func replacing(_ range: Range<Int>, with new: [Unicode.Scalar]) -> EditBuffer {
    let bounds = range.clamped(to: 0..<text.count)
    var result = self
    result.text.replaceSubrange(bounds, with: new)
    result.cursor = bounds.lowerBound + new.count
    return result
  }

  /// The same text with the cursor elsewhere, brought into the text.
  package func moved(to position: Int) -> EditBuffer { EditBuffer(text, cursor: position) }

  /// The cursor one line up or down at the same distance from the line's start; nil on the first or last line.
  package func movedVertically(by direction: Int, column: Int) -> EditBuffer? {
    let start = lineStart(cursor)
    let target: Int
    if direction < 0 {
      guard start > 0 else { return nil }
      target = lineStart(start - 1)
    } else {
      let end = lineEnd(cursor)
      guard end < text.count else { return nil }
      target = end + 1
    }
    return moved(to: min(target + column, lineEnd(target)))
  }
}
