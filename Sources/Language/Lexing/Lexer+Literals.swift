/// Numbers, dates and texts.
extension Lexer {
  // MARK: - Numbers

  /// A number and what hangs on it: a date's dashes, a percent sign, a unit.
  mutating func number() -> Token.Kind {
    if let kind = date() { return kind }
    var isFloat = false
    digits()
    if byte() == UInt8(ascii: "."), isDigit(at: index + 1) {
      isFloat = true
      index += 1
      digits()
    }
    if let kind = exponent() { return kind }
    if byte() == UInt8(ascii: "%"), !isForeignPercent() {
      index += 1
      return .percent
    }
    guard nameCharacter(at: index) > 0 else { return isFloat ? .float : .int }
    let start = index
    while case let length = nameCharacter(at: index), length > 0 { index += length }
    if isUnit(start, index) { return .duration }
    if let end = firstOfTouchingParts(start) {
      index = end
      return .duration
    }
    return .malformedNumber
  }

  private func isUnit(_ lower: Int, _ upper: Int) -> Bool {
    DurationUnit(rawValue: String(decoding: bytes[lower..<upper], as: UTF8.self)) != nil
  }

  /// `1h30min`: where the first unit ends, when units and numbers alternate to the end.
  private func firstOfTouchingParts(_ start: Int) -> Int? {
    var place = start
    var first: Int?
    while true {
      let unit = place
      while nameCharacter(at: place) > 0, !isDigit(at: place) { place += nameCharacter(at: place) }
      guard isUnit(unit, place) else { return nil }
      if first == nil { first = place }
      if nameCharacter(at: place) == 0 { return first }
      while isDigit(at: place) { place += 1 }
    }
  }

  /// Digits, with single `_` between them.
  private mutating func digits() {
    while isDigit(at: index) || (byte() == UInt8(ascii: "_") && isDigit(at: index + 1)) { index += 1 }
  }

  private mutating func exponent() -> Token.Kind? {
    guard let e = byte(), e | 0x20 == UInt8(ascii: "e") else { return nil }
    var place = index + 1
    if let sign = byte(at: place), sign == UInt8(ascii: "+") || sign == UInt8(ascii: "-") { place += 1 }
    guard isDigit(at: place) else { return nil }
    index = place
    digits()
    guard nameCharacter(at: index) > 0 else { return .float }
    while case let length = nameCharacter(at: index), length > 0 { index += length }
    return .malformedNumber
  }

  /// `5 %>% x` written without blanks: the sign belongs to R, not to the number.
  private func isForeignPercent() -> Bool {
    byte(1) == UInt8(ascii: ">") && byte(2) == UInt8(ascii: "%")
  }

  // MARK: - Dates

  /// `2026-10-01`, `2026-10-01T08:30:15.5+01:00`; also `2026-10-1`, for which the parser has a word.
  private mutating func date() -> Token.Kind? {
    let start = index
    guard digitRun(at: start) == 4, byte(4) == UInt8(ascii: "-") else { return nil }
    let month = digitRun(at: start + 5)
    guard (1...2).contains(month), byte(at: start + 5 + month) == UInt8(ascii: "-") else { return nil }
    let dayStart = start + 6 + month
    let day = digitRun(at: dayStart)
    guard (1...2).contains(day), byte(at: dayStart + day) != UInt8(ascii: "_") else { return nil }
    index = dayStart + day
    if let t = byte(), t | 0x20 == UInt8(ascii: "t"), isDigit(at: index + 1) {
      index += 1
      time()
      return nameCharacter(at: index) > 0 ? swallowLetters() : .datetime
    }
    return nameCharacter(at: index) > 0 ? swallowLetters() : .date
  }

  private mutating func swallowLetters() -> Token.Kind {
    while case let length = nameCharacter(at: index), length > 0 { index += length }
    return .malformedNumber
  }

  private func digitRun(at place: Int) -> Int {
    var count = 0
    while isDigit(at: place + count) { count += 1 }
    return count
  }

  private mutating func time() {
    index += digitRun(at: index)
    while byte() == UInt8(ascii: ":"), isDigit(at: index + 1) {
      index += 1
      index += digitRun(at: index)
    }
    if byte() == UInt8(ascii: "."), isDigit(at: index + 1) {
      index += 1
      index += digitRun(at: index)
    }
    if let z = byte(), z | 0x20 == UInt8(ascii: "z"), nameCharacter(at: index + 1) == 0 {
      index += 1
    } else if let sign = byte(), sign == UInt8(ascii: "+") || sign == UInt8(ascii: "-") {
      offset()
    }
  }

  /// `+01:00`, `+0100` or `+01`, only when it touches the time.
  private mutating func offset() {
    let hours = digitRun(at: index + 1)
    let end = index + 1 + hours
    if hours == 2, byte(at: end) == UInt8(ascii: ":"), digitRun(at: end + 1) == 2 {
      index = end + 3
    } else if hours == 2 || hours == 4, nameCharacter(at: end) == 0, byte(at: end) != UInt8(ascii: ".") {
      index = end
    }
  }

  // MARK: - Texts

  /// A text up to its closing quote or the line's end; false when the quote is missing.
  mutating func text(closing quote: UInt8) -> Bool {
    index += 1
    while let next = byte(), next != UInt8(ascii: "\n") {
      if next == UInt8(ascii: "\\"), let escaped = byte(1), escaped != UInt8(ascii: "\n") {
        index += 2
      } else if next == quote {
        index += 1
        return true
      } else {
        index += 1
      }
    }
    leaveCarriageReturn()
    return false
  }

  /// A text between typographic quotes, as word processors write them.
  mutating func typographicText() -> Bool? {
    guard let (first, length) = scalar(at: index), Self.isQuote(first) else { return nil }
    let isDouble = first.value >= 0x201C
    index += length
    while let (next, length) = scalar(at: index), next != "\n" {
      if next == "\\", let escaped = byte(1), escaped != UInt8(ascii: "\n"), escaped < 0x80 {
        index += 2
        continue
      }
      index += length
      if Self.isQuote(next), (next.value >= 0x201C) == isDouble { return true }
    }
    leaveCarriageReturn()
    return false
  }

  /// `f"…"`: quotes inside the braces do not close it.
  mutating func interpolation(closing quote: UInt8) -> Bool {
    let start = index
    if start < plainUntil { return text(closing: quote) }
    index += 1
    var depth = 0
    while let next = byte(), next != UInt8(ascii: "\n") {
      switch next {
      case UInt8(ascii: "\\") where depth == 0:
        index += byte(1) == UInt8(ascii: "\n") || byte(1) == nil ? 1 : 2
      case UInt8(ascii: "{"):
        if depth == 0, byte(1) == UInt8(ascii: "{") {
          index += 2
        } else {
          (depth, index) = (depth + 1, index + 1)
        }
      case UInt8(ascii: "}"):
        (depth, index) = (max(0, depth - 1), index + 1)
      case quote where depth == 0:
        index += 1
        return true
      case UInt8(ascii: "\"") where depth > 0, UInt8(ascii: "'") where depth > 0:
        if !text(closing: next) {
          return plainText(from: start, closing: quote)
        }
      default: index += 1
      }
    }
    if depth > 0 { return plainText(from: start, closing: quote) }
    leaveCarriageReturn()
    return false
  }

  /// A brace was left open up to the line's end: the whole is read as if it were plain text.
  private mutating func plainText(from start: Int, closing quote: UInt8) -> Bool {
    plainUntil = index
    index = start
    return text(closing: quote)
  }

  mutating func quotedName() -> Bool {
    index += 1
    while let next = byte(), next != UInt8(ascii: "\n") {
      index += 1
      if next == UInt8(ascii: "`") { return true }
    }
    leaveCarriageReturn()
    return false
  }

  /// The `\r` of a line end is not part of an unclosed text.
  private mutating func leaveCarriageReturn() {
    if index > 0, bytes[index - 1] == UInt8(ascii: "\r") { index -= 1 }
  }
}

/// The units of durations; a day is 24 hours.
package enum DurationUnit: String, Sendable, CaseIterable {
  case weeks = "w"
  case days = "d"
  case hours = "h"
  case minutes = "min"
  case seconds = "s"
  case milliseconds = "ms"
  case microseconds = "us"

  /// The length of one such unit.
  package var length: Int64 {
    switch self {
    case .weeks: 604_800_000_000
    case .days: 86_400_000_000
    case .hours: 3_600_000_000
    case .minutes: 60_000_000
    case .seconds: 1_000_000
    case .milliseconds: 1_000
    case .microseconds: 1
    }
  }
}
