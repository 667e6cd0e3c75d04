import Diagnostics

/// What the spelling of a literal is worth.
enum LiteralValue {
  /// True for the digits of 2^63, which only a `-` in front makes a value.
  static func isSmallestInteger(_ spelling: String) -> Bool {
    spelling.filter { $0 != "_" } == "9223372036854775808"
  }

  // MARK: - Durations

  /// Microseconds of one part such as `1.5h`, nil when they do not fit.
  static func durationPart(_ spelling: String) -> (Int64, DurationUnit)? {
    let number = spelling.prefix { $0.isNumber || $0 == "." }
    guard let unit = DurationUnit(rawValue: String(spelling.dropFirst(number.count))) else { return nil }
    let pieces = number.split(separator: ".", maxSplits: 1, omittingEmptySubsequences: false)
    let whole = pieces[0].isEmpty ? 0 : Int64(pieces[0])
    guard let whole else { return nil }
    let (scaled, overflow) = whole.multipliedReportingOverflow(by: unit.length)
    guard !overflow else { return nil }
    guard pieces.count == 2, let fraction = Double("0." + pieces[1]) else { return (scaled, unit) }
    let part = Int64((fraction * Double(unit.length)).rounded())
    let (sum, tooLong) = scaled.addingReportingOverflow(part)
    return tooLong ? nil : (sum, unit)
  }

  // MARK: - Dates

  /// Why a date is none.
  struct MomentFault: Error {
    var diagnostic: @Sendable (SourceRange) -> Diagnostic
  }

  /// The value of `2026-10-01` or `2026-10-01T08:30:15.5+01:00`.
  static func moment(_ spelling: String) -> Result<Expression.Kind, MomentFault> {
    let bytes = Array(spelling.utf8)
    let timeStart = bytes.firstIndex { $0 | 0x20 == UInt8(ascii: "t") }
    let date = String(decoding: bytes[..<(timeStart ?? bytes.count)], as: UTF8.self)
    let parts = date.split(separator: "-", omittingEmptySubsequences: false)
    guard parts.count == 3, let year = Int(parts[0]), let month = Int(parts[1]), let day = Int(parts[2])
    else {
      return .failure(MomentFault { SyntaxMessages.unreadableDate(spelling, at: $0) })
    }
    if parts[1].count != 2 || parts[2].count != 2 {
      let padded = [String(parts[0]), padded(month), padded(day)].joined(separator: "-")
      return .failure(MomentFault { SyntaxMessages.shortDate(padded, at: $0) })
    }
    if let fault = dateFault(year, month, day) { return .failure(fault) }
    let days = daysSinceEpoch(year, month, day)
    guard let timeStart else { return .success(.date(Int32(days))) }
    return time(Array(bytes[(timeStart + 1)...]), days: days, spelling)
  }

  private static func padded(_ number: Int) -> String { number < 10 ? "0\(number)" : String(number) }

  private static func dateFault(_ year: Int, _ month: Int, _ day: Int) -> MomentFault? {
    if year < 1 { return MomentFault { SyntaxMessages.noSuchYear(at: $0) } }
    if month < 1 || month > 12 { return MomentFault { SyntaxMessages.noSuchMonth(month, at: $0) } }
    let length = daysInMonth(year, month)
    if day < 1 || day > length {
      return MomentFault { SyntaxMessages.noSuchDay(day, year: year, month: month, length: length, at: $0) }
    }
    return nil
  }

  static func daysInMonth(_ year: Int, _ month: Int) -> Int {
    switch month {
    case 2: year % 4 == 0 && (year % 100 != 0 || year % 400 == 0) ? 29 : 28
    case 4, 6, 9, 11: 30
    default: 31
    }
  }

  /// Days from 1970-01-01 in the proleptic Gregorian calendar; the year begins in March, so that the leap day
  /// comes last.
  static func daysSinceEpoch(_ year: Int, _ month: Int, _ day: Int) -> Int {
    let shifted = month <= 2 ? year - 1 : year
    let era = shifted >= 0 ? shifted / 400 : (shifted - 399) / 400
    let yearOfEra = shifted - era * 400
    let dayOfYear = (153 * ((month + 9) % 12) + 2) / 5 + day - 1
    return era * 146_097 + yearOfEra * 365 + yearOfEra / 4 - yearOfEra / 100 + dayOfYear - 719_468
  }

  /// `08:30`, with seconds, their fraction and an offset where they are written.
  private static func time(
    _ bytes: [UInt8], days: Int, _ spelling: String
  ) -> Result<Expression.Kind, MomentFault> {
    let unreadable = MomentFault { SyntaxMessages.unreadableTime(spelling, at: $0) }
    var index = 0
    func number(_ width: Int) -> Int? {
      guard index + width <= bytes.count else { return nil }
      var value = 0
      for byte in bytes[index..<index + width] {
        guard byte >= UInt8(ascii: "0"), byte <= UInt8(ascii: "9") else { return nil }
        value = value * 10 + Int(byte - UInt8(ascii: "0"))
      }
      index += width
      return value
    }
    func take(_ character: UInt8) -> Bool {
      guard index < bytes.count, bytes[index] == character else { return false }
      index += 1
      return true
    }
    let colon = UInt8(ascii: ":")
    guard let hour = number(2), take(colon), let minute = number(2) else { return .failure(unreadable) }
    var second = 0
    var microseconds = 0
    if take(colon) {
      guard let value = number(2) else { return .failure(unreadable) }
      second = value
      if take(UInt8(ascii: ".")) {
        var digits = 0
        while let digit = number(1) {
          digits += 1
          if digits > 6 { return .failure(MomentFault { SyntaxMessages.tooFineTime(at: $0) }) }
          microseconds = microseconds * 10 + digit
        }
        for _ in digits..<6 { microseconds *= 10 }
      }
    }
    guard hour < 24, minute < 60, second < 60 else {
      return .failure(MomentFault { SyntaxMessages.noSuchTime(at: $0) })
    }
    var offset: Int?
    if index < bytes.count {
      if bytes[index] | 0x20 == UInt8(ascii: "z") {
        index += 1
        offset = 0
      } else {
        let sign = bytes[index] == UInt8(ascii: "-") ? -1 : 1
        index += 1
        guard let hours = number(2) else { return .failure(unreadable) }
        _ = take(colon)
        let minutes = number(2) ?? 0
        guard hours <= 18, minutes < 60 else {
          return .failure(MomentFault { SyntaxMessages.noSuchOffset(at: $0) })
        }
        offset = sign * (hours * 60 + minutes)
      }
    }
    guard index == bytes.count else { return .failure(unreadable) }
    let seconds = days * 86_400 + hour * 3600 + minute * 60 + second
    return .success(.datetime(Int64(seconds) * 1_000_000 + Int64(microseconds), offset: offset))
  }

  /// The value of a text that is nothing but a date or a datetime, as query languages quote them.
  static func dateInText(_ text: String) -> Expression.Kind? {
    let spelling = text.split(separator: " ", omittingEmptySubsequences: false).joined(separator: "T")
    let tokens = Lexer.tokens(of: SourceText(spelling))
    guard tokens.count == 2, tokens[0].kind == .date || tokens[0].kind == .datetime,
      case .success(let kind) = moment(spelling)
    else { return nil }
    return kind
  }

  // MARK: - Text

  /// The value of a text token, and what is wrong with it.
  static func text(_ token: Token, in source: SourceText) -> (value: String, fault: Diagnostic?) {
    let spelling = source[token.range]
    let quote = spelling.unicodeScalars.first ?? "\""
    var bytes = Array(source.bytes[token.range.lower..<token.range.upper].dropFirst(quote.utf8.count))
    if token.isTerminated {
      let last = spelling.unicodeScalars.last ?? "\""
      bytes.removeLast(min(bytes.count, last.utf8.count))
    }
    let value = unescaped(bytes)
    if !token.isTerminated { return (value, SyntaxMessages.unclosedText(String(quote), at: token.range)) }
    if !quote.isASCII { return (value, SyntaxMessages.typographicQuotes(value, at: token.range)) }
    return (value, nil)
  }

  /// Escapes resolved; a backslash before anything that is no escape stays.
  static func unescaped(_ bytes: [UInt8]) -> String {
    guard bytes.contains(UInt8(ascii: "\\")) else { return String(decoding: bytes, as: UTF8.self) }
    var result: [UInt8] = []
    var index = 0
    while index < bytes.count {
      let byte = bytes[index]
      guard byte == UInt8(ascii: "\\"), index + 1 < bytes.count else {
        result.append(byte)
        index += 1
        continue
      }
      index += 2
      switch bytes[index - 1] {
      case UInt8(ascii: "n"): result.append(0x0A)
      case UInt8(ascii: "t"): result.append(0x09)
      case UInt8(ascii: "\""): result.append(UInt8(ascii: "\""))
      case UInt8(ascii: "'"): result.append(UInt8(ascii: "'"))
      case UInt8(ascii: "\\"): result.append(byte)
      case UInt8(ascii: "u"):
        if let (scalar, end) = scalarEscape(bytes, at: index) {
          result += Array(String(Character(scalar)).utf8)
          index = end
        } else {
          result += [byte, bytes[index - 1]]
        }
      default: result += [byte, bytes[index - 1]]
      }
    }
    return String(decoding: result, as: UTF8.self)
  }

  /// The scalar of `{1F600}` at an index, and the index behind it.
  private static func scalarEscape(_ bytes: [UInt8], at index: Int) -> (Unicode.Scalar, Int)? {
    guard index < bytes.count, bytes[index] == UInt8(ascii: "{"),
      let close = bytes[index...].firstIndex(of: UInt8(ascii: "}")), close - index <= 9,
      let value = UInt32(String(decoding: bytes[(index + 1)..<close], as: UTF8.self), radix: 16),
      let scalar = Unicode.Scalar(value)
    else { return nil }
    return (scalar, close + 1)
  }

  /// The brace that closes the one at `open`, quotes skipped.
  static func closingBrace(_ bytes: [UInt8], from open: Int, to end: Int) -> Int? {
    var depth = 0
    var quote: UInt8?
    var index = open
    while index < end {
      let byte = bytes[index]
      if let inside = quote {
        if byte == UInt8(ascii: "\\") { index += 1 } else if byte == inside { quote = nil }
      } else {
        switch byte {
        case UInt8(ascii: "\""), UInt8(ascii: "'"), UInt8(ascii: "`"): quote = byte
        case UInt8(ascii: "{"): depth += 1
        case UInt8(ascii: "}"):
          depth -= 1
          if depth == 0 { return index }
        default: break
        }
      }
      index += 1
    }
    return nil
  }
}

extension Expression {
  /// A value written out.
  var isLiteral: Bool {
    switch kind {
    case .missing, .bool, .int, .float, .percent, .text, .date, .datetime, .duration: true
    case .unary(.minus, let operand): operand.isLiteral
    default: false
    }
  }
}
