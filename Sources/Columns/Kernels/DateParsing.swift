/// Digits and marks of a text, read from the front.
struct TextScanner {
  private let bytes: [UInt8]
  private(set) var position = 0

  init(_ text: String) { bytes = Array(text.utf8) }

  var isAtEnd: Bool { position == bytes.count }
  var next: UInt8? { position < bytes.count ? bytes[position] : nil }

  mutating func skip(_ byte: UInt8) -> Bool {
    guard next == byte else { return false }
    position += 1
    return true
  }

  mutating func skip(_ mark: Unicode.Scalar) -> Bool {
    for byte in String(Character(mark)).utf8 where !skip(byte) { return false }
    return true
  }

  /// A number of at least `least` and at most `most` digits.
  mutating func number(_ least: Int, _ most: Int) -> Int? {
    var value = 0
    var digits = 0
    while digits < most, let byte = next, (48...57).contains(byte) {
      value = value * 10 + Int(byte) - 48
      digits += 1
      position += 1
    }
    return digits >= least ? value : nil
  }

  /// Digits behind a point as microseconds; further digits are cut off.
  mutating func fraction() -> Int64? {
    var value: Int64 = 0
    var digits = 0
    while let byte = next, (48...57).contains(byte) {
      if digits < 6 { value = value * 10 + Int64(byte) - 48 }
      digits += 1
      position += 1
    }
    guard digits > 0 else { return nil }
    for _ in min(digits, 6)..<6 { value *= 10 }
    return value
  }

  /// The index of the name (or of its first three letters) that stands here, in any case.
  mutating func name(_ names: [String]) -> Int? {
    let rest = bytes[position...].prefix(12).map { $0 | 32 }
    for isShort in [false, true] {
      for (index, name) in names.enumerated() {
        let wanted = (isShort ? name.prefix(3) : name[...]).utf8.map { $0 | 32 }
        if rest.starts(with: wanted) {
          position += wanted.count
          return index
        }
      }
    }
    return nil
  }

  /// `Z`, `+02:00`, `+0200` or `+02` in minutes.
  mutating func offset() -> Int16? {
    if skip(UInt8(ascii: "Z")) || skip(UInt8(ascii: "z")) { return 0 }
    let isNegative = next == UInt8(ascii: "-")
    guard skip(isNegative ? UInt8(ascii: "-") : UInt8(ascii: "+")), let hours = number(2, 2) else {
      return nil
    }
    let hasColon = skip(UInt8(ascii: ":"))
    let minutes = number(2, 2)
    guard hours <= 18, minutes ?? 0 < 60, minutes != nil || !hasColon else { return nil }
    let total = Int16(hours * 60 + (minutes ?? 0))
    return isNegative ? -total : total
  }
}

/// Dates and datetimes as ISO 8601 writes them: `2026-10-01`, `2026-10-01T08:30:15.25+02:00`, with `T` or one blank.
package enum ISOTime {
  /// A date or a datetime; nil when the text is neither or names a day that does not exist.
  package static func value(_ text: String) -> Value? {
    var scanner = TextScanner(text)
    guard let days = date(&scanner) else { return nil }
    if scanner.isAtEnd { return .date(days) }
    guard
      scanner.skip(UInt8(ascii: "T")) || scanner.skip(UInt8(ascii: " ")) || scanner.skip(UInt8(ascii: "t")),
      let time = time(&scanner)
    else { return nil }
    let local = Int64(days) * Calendar.microsecondsPerDay + time
    if scanner.isAtEnd { return .datetime(local, offset: nil) }
    guard let offset = scanner.offset(), scanner.isAtEnd else { return nil }
    return .datetime(local - Int64(offset) * Calendar.microsecondsPerMinute, offset: offset)
  }

  private static func date(_ scanner: inout TextScanner) -> Int32? {
    guard let year = scanner.number(4, 4), scanner.skip(UInt8(ascii: "-")),
      let month = scanner.number(2, 2), scanner.skip(UInt8(ascii: "-")), let day = scanner.number(2, 2)
    else { return nil }
    return Calendar.days(year: year, month: month, day: day)
  }

  private static func time(_ scanner: inout TextScanner) -> Int64? {
    guard let hour = scanner.number(2, 2), scanner.skip(UInt8(ascii: ":")),
      let minute = scanner.number(2, 2), hour < 24, minute < 60
    else { return nil }
    var time = Int64(hour * 60 + minute) * Calendar.microsecondsPerMinute
    guard scanner.skip(UInt8(ascii: ":")) else { return time }
    guard let second = scanner.number(2, 2), second < 60 else { return nil }
    time += Int64(second) * Calendar.microsecondsPerSecond
    guard scanner.skip(UInt8(ascii: ".")) || scanner.skip(UInt8(ascii: ",")) else { return time }
    return scanner.fraction().map { time + $0 }
  }

  /// The first or last day of `2026` or `2026-10`.
  package static func partial(_ text: String, atEnd: Bool) -> Int32? {
    var scanner = TextScanner(text)
    guard let year = scanner.number(4, 4) else { return nil }
    if scanner.isAtEnd {
      return Calendar.days(year: year, month: atEnd ? 12 : 1, day: atEnd ? 31 : 1)
    }
    guard scanner.skip(UInt8(ascii: "-")), let month = scanner.number(2, 2), scanner.isAtEnd,
      (1...12).contains(month)
    else { return nil }
    return Calendar.days(
      year: year, month: month, day: atEnd ? Calendar.daysInMonth(year: year, month: month) : 1)
  }
}

/// Reads dates by the patterns that `format` writes.
package enum DateParser {
  private struct Parts {
    var year: Int?
    var month = 1
    var day = 1
    var dayOfYear: Int?
    /// An ISO week: its year, its number and the day in it, Monday unless it is given.
    var weekYear: Int?
    var week: Int?
    var weekday = 1
    var hour = 0
    var minute = 0
    var second = 0
    var fraction: Int64 = 0
    var isAfternoon: Bool?
    var offset: Int16?
  }

  /// The date or datetime that a whole text holds; nil when it does not fit the pattern or the calendar.
  /// Two-digit years are 1969 to 2068.
  package static func parse(_ text: String, pattern: String, as type: DataType) -> Value? {
    var scanner = TextScanner(text)
    var parts = Parts()
    var isField = false
    let letters = Array(pattern.unicodeScalars)
    var fieldEnd = -2
    for (index, scalar) in letters.enumerated() {
      if isField {
        // Where no sign parts the fields, each has all its digits.
        let isBeside =
          fieldEnd == index - 2
          || index + 2 < letters.count && letters[index + 1] == "%"
            && isOfDigits(letters[index + 2])
        guard read(scalar, &scanner, &parts, isBeside ? 2 : 1) else { return nil }
        isField = false
        if isOfDigits(scalar) { fieldEnd = index }
      } else if scalar == "%" {
        isField = true
      } else if scalar == " " {
        // One blank of the pattern stands for any number of them.
        guard scanner.skip(UInt8(ascii: " ")) else { return nil }
        while scanner.skip(UInt8(ascii: " ")) {}
      } else if !scanner.skip(scalar) {
        return nil
      }
    }
    guard scanner.isAtEnd else { return nil }
    return value(parts, type)
  }

  /// Names, halves of a day, offsets and a sign are told from digits that stand beside them.
  private static func isOfDigits(_ letter: Unicode.Scalar) -> Bool {
    !"bBaApz%".unicodeScalars.contains(letter)
  }

  private static func read(
    _ letter: Unicode.Scalar, _ scanner: inout TextScanner, _ parts: inout Parts, _ fewest: Int = 1
  ) -> Bool {
    switch letter {
    case "Y": parts.year = scanner.number(4, 4)
    case "y": parts.year = scanner.number(2, 2).map { $0 < 69 ? 2000 + $0 : 1900 + $0 }
    case "m": parts.month = scanner.number(fewest, 2) ?? 0
    case "d", "e":
      while scanner.skip(UInt8(ascii: " ")) {}
      parts.day = scanner.number(fewest, 2) ?? 0
    case "b", "B": parts.month = (scanner.name(DateFormat.months) ?? -1) + 1
    case "a", "A": return scanner.name(DateFormat.weekdays) != nil
    case "G": parts.weekYear = scanner.number(4, 4)
    case "V": parts.week = scanner.number(fewest, 2)
    case "u": parts.weekday = scanner.number(1, 1) ?? 0
    case "j": parts.dayOfYear = scanner.number(1, 3)
    case "H", "I": parts.hour = scanner.number(fewest, 2) ?? 99
    case "M": parts.minute = scanner.number(2, 2) ?? 99
    case "S": parts.second = scanner.number(2, 2) ?? 99
    case "f": parts.fraction = scanner.fraction() ?? -1
    case "p": return readHalf(&scanner, &parts)
    case "z":
      parts.offset = scanner.offset()
      return parts.offset != nil
    case "F":
      return read("Y", &scanner, &parts) && scanner.skip(UInt8(ascii: "-")) && read("m", &scanner, &parts)
        && scanner.skip(UInt8(ascii: "-")) && read("d", &scanner, &parts)
    case "T":
      return read("H", &scanner, &parts) && scanner.skip(UInt8(ascii: ":")) && read("M", &scanner, &parts)
        && scanner.skip(UInt8(ascii: ":")) && read("S", &scanner, &parts)
    case "%": return scanner.skip(UInt8(ascii: "%"))
    default: return false
    }
    return parts.hour < 25 && parts.minute < 60 && parts.second < 60 && parts.fraction >= 0
  }

  private static func readHalf(_ scanner: inout TextScanner, _ parts: inout Parts) -> Bool {
    switch scanner.name(["AM", "PM"]) {
    case 0: parts.isAfternoon = false
    case 1: parts.isAfternoon = true
    default: return false
    }
    return true
  }

  /// The day of an ISO week; nil where the year has no such week.
  private static func day(ofWeek parts: Parts) -> Int32? {
    guard let year = parts.weekYear, let week = parts.week, (1...7).contains(parts.weekday),
      // The fourth of January always lies in the first week.
      let fourth = Calendar.days(year: year, month: 1, day: 4)
    else { return nil }
    let monday = Int(fourth) - Calendar.weekday(fourth) + 1
    let day = monday + (week - 1) * 7 + parts.weekday - 1
    guard let found = Int32(exactly: day), week >= 1, Calendar.isoWeek(found) == (year, week) else {
      return nil
    }
    return found
  }

  private static func value(_ parts: Parts, _ type: DataType) -> Value? {
    guard let year = parts.year ?? parts.weekYear else { return nil }
    var days = Calendar.days(year: year, month: parts.month, day: parts.day)
    if parts.week != nil || parts.weekYear != nil { days = day(ofWeek: parts) }
    if let dayOfYear = parts.dayOfYear, let first = Calendar.days(year: year, month: 1, day: 1) {
      let isInside = dayOfYear >= 1 && dayOfYear <= (Calendar.isLeap(year) ? 366 : 365)
      days = isInside ? first + Int32(dayOfYear - 1) : nil
    }
    var hour = parts.hour
    if let isAfternoon = parts.isAfternoon {
      guard (1...12).contains(hour) else { return nil }
      hour = hour % 12 + (isAfternoon ? 12 : 0)
    }
    guard let days, hour < 24 else { return nil }
    if type == .date { return .date(days) }
    let seconds = Int64(hour * 3600 + parts.minute * 60 + parts.second)
    let local =
      Int64(days) * Calendar.microsecondsPerDay + seconds * Calendar.microsecondsPerSecond + parts.fraction
    let offset = Int64(parts.offset ?? 0) * Calendar.microsecondsPerMinute
    return .datetime(local - offset, offset: parts.offset)
  }
}
