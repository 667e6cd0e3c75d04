/// A range in a source text, in UTF-8 byte offsets; empty where something is missing.
package struct SourceRange: Hashable, Sendable {
  /// The offset of the first byte.
  package var lower: Int
  /// The offset behind the last byte.
  package var upper: Int

  /// An `upper` below `lower` counts as `lower`: the range is empty then.
  package init(_ lower: Int, _ upper: Int) {
    self.lower = lower
    self.upper = max(lower, upper)
  }

  /// The smallest range that holds both.
  package func union(_ other: SourceRange) -> SourceRange {
    SourceRange(min(lower, other.lower), max(upper, other.upper))
  }

  package var isEmpty: Bool { lower == upper }
  /// Whether a byte offset lies inside; `upper` itself does not.
  package func contains(_ offset: Int) -> Bool { lower <= offset && offset < upper }
}

/// A text that a person wrote, with its name for messages (a file's path, or `input`).
package final class SourceText: Sendable {
  /// What messages call it: a file's path, or `input`.
  package let name: String
  /// The UTF-8, into which ranges point.
  package let bytes: [UInt8]
  private let lineStarts: [Int]

  package init(_ text: String, name: String = "input") {
    self.name = name
    self.bytes = Array(text.utf8)
    var starts = [0]
    for (index, byte) in bytes.enumerated() where byte == UInt8(ascii: "\n") { starts.append(index + 1) }
    self.lineStarts = starts
  }

  /// The whole text, made anew at each call.
  package var text: String { String(decoding: bytes, as: UTF8.self) }
  /// The number of lines, at least 1; a line end at the end of the text begins one more.
  package var lineCount: Int { lineStarts.count }

  /// The text of a range; a range outside the text is clipped.
  package subscript(range: SourceRange) -> String {
    let lower = min(max(0, range.lower), bytes.count)
    let upper = min(max(lower, range.upper), bytes.count)
    return String(decoding: bytes[lower..<upper], as: UTF8.self)
  }

  /// Line and column of an offset, both from 1; columns count characters.
  package func position(of offset: Int) -> (line: Int, column: Int) {
    let clipped = min(max(0, offset), bytes.count)
    var low = 0
    var high = lineStarts.count
    while high - low > 1 {
      let middle = (low + high) / 2
      if lineStarts[middle] <= clipped { low = middle } else { high = middle }
    }
    let before = String(decoding: bytes[lineStarts[low]..<clipped], as: UTF8.self)
    return (low + 1, before.count + 1)
  }

  /// A line's text without its line end; lines count from 1.
  package func line(_ number: Int) -> String {
    guard number >= 1, number <= lineStarts.count else { return "" }
    let lower = lineStarts[number - 1]
    var upper = number < lineStarts.count ? lineStarts[number] - 1 : bytes.count
    if upper > lower, bytes[upper - 1] == UInt8(ascii: "\r") { upper -= 1 }
    return String(decoding: bytes[lower..<upper], as: UTF8.self)
  }

  /// The range of a line without its line end; lines count from 1.
  package func lineRange(_ number: Int) -> SourceRange {
    guard number >= 1, number <= lineStarts.count else { return SourceRange(bytes.count, bytes.count) }
    let lower = lineStarts[number - 1]
    return SourceRange(lower, number < lineStarts.count ? lineStarts[number] - 1 : bytes.count)
  }
}
