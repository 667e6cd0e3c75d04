/// Values as text: exact for files and results, and by the formats of `f"{x:.1}"`.
package enum ValueText {
  /// The value as the writers of files and the `text` function give it; missing is the empty text.
  package static func plain(_ value: Value) -> String {
    switch value {
    case .missing: ""
    case .int(let value): String(value)
    case .float(let value): number(value)
    case .bool(let value): String(value)
    case .text(let value): value
    case .date(let days): Calendar.text(days: days)
    case .datetime(let instant, let offset): Calendar.text(microseconds: instant, offset: offset)
    case .duration(let value): Calendar.text(duration: value)
    case .list(let values): "[" + values.map(nested).joined(separator: ", ") + "]"
    case .record(let fields):
      "{" + fields.map { "\($0.name): \(nested($0.value))" }.joined(separator: ", ") + "}"
    }
  }

  private static func nested(_ value: Value) -> String {
    if case .text(let text) = value { return "\"\(text)\"" }
    return value.isMissing ? "missing" : plain(value)
  }

  /// A float in the shortest form that reads back as the same number; whole ones keep `.0`.
  package static func number(_ value: Double) -> String {
    if !value.isFinite { return value.isNaN ? "" : (value < 0 ? "-inf" : "inf") }
    return String(value)
  }

  /// A format that asks for more decimals gets so many: a cell of a million zeros helps nobody.
  private static let mostDecimals = 1000

  /// By a format: `.1` one decimal, `,` thousands, `,.2` both, `%d %b %Y` for dates; none gives the plain text.
  package static func formatted(_ value: Value, _ format: String?) -> String {
    guard let format, !format.isEmpty else { return plain(value) }
    switch value {
    case .date(let days): return DateFormat.text(days: days, time: 0, offset: nil, pattern: format)
    case .datetime(let instant, let offset):
      let local = instant &+ Int64(offset ?? 0) * Calendar.microsecondsPerMinute
      return DateFormat.text(
        days: Calendar.days(ofMicroseconds: local), time: Calendar.timeOfDay(local), offset: offset,
        pattern: format)
    default: break
    }
    guard let number = value.number else { return plain(value) }
    if format.hasSuffix("%") {
      let rest = String(format.dropLast())
      return formatted(.float(number * 100), rest.isEmpty ? ".0" : rest) + "%"
    }
    let groups = format.contains(",")
    var decimals: Int?
    if let dot = format.firstIndex(of: ".") {
      decimals = Int(format[format.index(after: dot)...].prefix { $0.isNumber })
    }
    if decimals == nil, case .int(let whole) = value {
      return groups ? separated(String(whole)) : String(whole)
    }
    var text = fixed(number, decimals: min(decimals ?? 0, mostDecimals))
    if case .int(let whole) = value, let decimals, decimals > 0 {
      text = "\(whole)." + String(repeating: "0", count: min(decimals, mostDecimals))
    }
    return groups ? separated(text) : text
  }

  /// What is wrong with a format for a value of this kind, and what to write; nil where nothing is.
  package static func fault(ofFormat format: String?, for value: Value) -> KernelFault? {
    guard let format, !format.isEmpty else { return nil }
    switch value {
    case .date, .datetime:
      if DateFormat.isPattern(format) { return nil }
      if let letter = DateFormat.unknownLetter(format) {
        return KernelFault(
          "\"\(format)\" is no pattern of a date: it has no letter %\(letter)", help: [DateFormat.letters])
      }
      return KernelFault(
        "\"\(format)\" is no pattern of a date",
        help: [DateFormat.advice(format)])
    case .int, .float:
      var rest = Substring(format)
      if rest.first == "," { rest = rest.dropFirst() }
      if rest.first == "." {
        rest = rest.dropFirst()
        if rest.first?.isNumber != true { rest = "?" }
        rest = rest.drop { $0.isNumber }
      }
      // `.1%`: a share from 0 to 1 as a percentage.
      if rest.isEmpty || rest == "f" || rest == "%" { return nil }
      return KernelFault(
        "\"\(format)\" is no format of a number",
        help: [
          "write \".2\" for decimals, \",\" for thousands, \",.1\" for both, \".1%\" for a share as a percentage"
        ])
    default: return nil
    }
  }

  /// A number with a fixed number of decimals, halves away from zero.
  package static func fixed(_ value: Double, decimals: Int) -> String {
    guard value.isFinite, abs(value) < 1e21 else { return number(value) }
    // A tie in the decimal text (2.675) is a tie for people, though the binary number lies a hair beside it.
    var digits = DecimalDigits(value.magnitude)
    digits.round(places: decimals)
    return (value < 0 && !digits.isZero ? "-" : "") + digits.text(decimals: decimals)
  }

  /// Thousands separated by commas.
  package static func separated(_ text: String) -> String {
    let sign = text.hasPrefix("-") ? "-" : ""
    let body = sign.isEmpty ? text[...] : text.dropFirst()
    let whole = body.prefix { $0.isNumber }
    let rest = body.dropFirst(whole.count)
    var result = ""
    for (index, digit) in whole.enumerated() {
      if index > 0, (whole.count - index).isMultiple(of: 3) { result.append(",") }
      result.append(digit)
    }
    return sign + result + rest
  }
}

/// Dates by patterns of `%` letters, the common ones of strftime.
package enum DateFormat {
  /// The English names, January first; `%b` and `%B` write and read these.
  package static let months = [
    "January", "February", "March", "April", "May", "June", "July", "August", "September", "October",
    "November",
    "December",
  ]
  /// The English names, Monday first as ISO 8601 counts.
  package static let weekdays = [
    "Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday",
  ]

  /// Ways of writing a day, a moment or a month that are offered for texts that they fit.
  package static let common = [
    "%d/%m/%Y", "%m/%d/%Y", "%d.%m.%Y", "%d-%m-%Y", "%Y/%m/%d", "%Y%m%d", "%d-%b-%Y", "%d %b %Y", "%d/%m/%y",
    "%m/%d/%y",
    "%d %B %Y", "%d/%m/%Y %H:%M", "%m/%d/%Y %H:%M", "%d.%m.%Y %H:%M", "%d/%m/%Y %H:%M:%S",
    "%m/%d/%Y %H:%M:%S",
    "%Y.%m.%d", "%b %d, %Y", "%B %d, %Y", "%b %d %Y", "%d-%b-%y", "%Y/%m/%d %H:%M", "%Y/%m/%d %H:%M:%S",
    "%d-%m-%Y %H:%M", "%d-%b-%Y %H:%M", "%d-%b-%Y %H:%M:%S", "%d/%m/%Y %I:%M %p", "%m/%d/%Y %I:%M %p",
    "%d.%m.%Y %H:%M:%S", "%d-%m-%Y %H:%M:%S", "%d.%m.%y", "%d-%m-%y", "%m-%d-%Y",
    "%d/%m/%Y %I:%M:%S %p", "%m/%d/%Y %I:%M:%S %p", "%d/%m/%y %H:%M", "%m/%d/%y %H:%M",
    // Months alone.
    "%b-%y", "%b %Y", "%B %Y", "%b-%Y", "%B-%Y", "%Y-%m", "%m/%Y", "%Y/%m", "%m.%Y",
  ]

  /// Whether a text has `%` letters, and none that is unknown.
  package static func isPattern(_ text: String) -> Bool {
    var percent = false
    var found = false
    for character in text {
      if percent {
        guard field(character, 0, 0, 0) != nil else { return false }
        found = found || character != "%"
        percent = false
      } else {
        percent = character == "%"
      }
    }
    return found && !percent
  }

  /// The first letter behind `%` that says nothing; nil where there is none.
  static func unknownLetter(_ text: String) -> Character? {
    var percent = false
    for character in text {
      if percent, field(character, 0, 0, 0) == nil { return character }
      percent = !percent && character == "%"
    }
    return nil
  }

  /// What to write for a text that is no pattern.
  static func advice(_ text: String) -> String {
    converted(text).map { "a pattern has % letters: \"\($0)\"" }
      ?? "a pattern has % letters, such as \"%d/%m/%Y\" or \"%b %Y\""
  }

  /// Letters of the patterns of databases and spreadsheets, the longer ones first; of `m` the place tells whether months
  /// or minutes are meant.
  private static let foreign: [(letters: String, ours: String)] = [
    ("yyyy", "%Y"), ("yy", "%y"), ("mmmm", "%B"), ("month", "%B"), ("mmm", "%b"), ("mon", "%b"), ("mm", "%m"),
    ("mi", "%M"), ("m", "%m"), ("dddd", "%A"), ("ddd", "%a"), ("day", "%A"), ("dy", "%a"), ("dd", "%d"),
    ("d", "%e"), ("hh24", "%H"), ("hh12", "%I"), ("hh", "%H"), ("h", "%H"), ("ss", "%S"), ("am/pm", "%p"),
    ("am", "%p"), ("pm", "%p"), ("q", "%q"),
  ]

  /// `yyyy-mm-dd hh24:mi` as `%Y-%m-%d %H:%M`; nil where letters are left that say nothing there.
  package static func converted(_ text: String) -> String? {
    var rest = text.lowercased()[...]
    var parts: [String] = []
    while let next = rest.first {
      if let (letters, ours) = foreign.first(where: { rest.hasPrefix($0.letters) }) {
        parts.append(ours)
        rest = rest.dropFirst(letters.count)
      } else {
        if next.isLetter || next == "%" { return nil }
        parts.append(String(next))
        rest = rest.dropFirst()
      }
    }
    let fields = parts.indices.filter { parts[$0].first == "%" }
    if fields.isEmpty { return nil }
    for (place, index) in fields.enumerated() {
      let before = place > 0 ? parts[fields[place - 1]] : ""
      let behind = place + 1 < fields.count ? parts[fields[place + 1]] : ""
      if parts[index] == "%m", ["%H", "%I"].contains(before) || behind == "%S" { parts[index] = "%M" }
      if parts[index] == "%H", parts.contains("%p") { parts[index] = "%I" }
    }
    return parts.joined()
  }

  private static let commonLetters =
    "%Y %y year, %m %b %B month, %d %e day, %a %A weekday, %H hour, %I %p hour with AM or PM, %M minute, %S second"

  /// The letters in one line, for help and reference pages: those that are written.
  package static let letters = commonLetters + ", %q quarter, %G %V ISO year and week"

  /// The letters of patterns by which texts are read.
  package static let readLetters = commonLetters + ", %G %V ISO year and week"

  /// Why no text can be read by a pattern; nil where some can.
  package static func faultOfReading(_ pattern: String) -> KernelFault? {
    let plain = pattern.replacing("%%", with: "")
    if plain.contains("%q") {
      return KernelFault(
        "no day follows from a quarter: %q is written, and not read",
        help: ["of year y and quarter q the first day is date(y, 3 * q - 2, 1)"])
    }
    if plain.contains("%V") != plain.contains("%G") {
      let isOfDays = plain.contains("%m") || plain.contains("%d")
      return KernelFault(
        "an ISO week goes by its own year: %V and %G are read together",
        help: [
          "such as \"\(plain.contains("%V") && !isOfDays ? pattern.replacing("%Y", with: "%G") : "%G-W%V")\""
        ])
    }
    return nil
  }

  /// A day and the microseconds since its midnight, by a pattern; unknown letters stay as they are.
  package static func text(days: Int32, time: Int64, offset: Int16?, pattern: String) -> String {
    var result = ""
    var percent = false
    for character in pattern {
      if percent {
        result += field(character, days, time, offset) ?? "%\(character)"
        percent = false
      } else if character == "%" {
        percent = true
      } else {
        result.append(character)
      }
    }
    return percent ? result + "%" : result
  }

  private static func field(_ letter: Character, _ days: Int32, _ time: Int64, _ offset: Int16?) -> String? {
    let day = Calendar.day(of: days)
    let seconds = Int(time / Calendar.microsecondsPerSecond)
    let hour = seconds / 3600
    switch letter {
    case "Y": return Calendar.padded(day.year, 4)
    case "y": return Calendar.padded(day.year % 100, 2)
    case "m": return Calendar.padded(day.month, 2)
    case "d": return Calendar.padded(day.day, 2)
    case "e": return String(day.day)
    case "b": return String(months[day.month - 1].prefix(3))
    case "B": return months[day.month - 1]
    case "a": return String(weekdays[Calendar.weekday(days) - 1].prefix(3))
    case "A": return weekdays[Calendar.weekday(days) - 1]
    case "H": return Calendar.padded(hour, 2)
    case "I": return Calendar.padded(hour % 12 == 0 ? 12 : hour % 12, 2)
    case "p": return hour < 12 ? "AM" : "PM"
    case "M": return Calendar.padded(seconds / 60 % 60, 2)
    case "S": return Calendar.padded(seconds % 60, 2)
    case "f": return Calendar.padded(Int(time % Calendar.microsecondsPerSecond), 6)
    case "j": return Calendar.padded(Calendar.dayOfYear(days), 3)
    case "u": return String(Calendar.weekday(days))
    case "V": return Calendar.padded(Calendar.isoWeek(days).week, 2)
    case "G": return String(Calendar.isoWeek(days).year)
    case "q": return String((day.month + 2) / 3)
    case "F": return Calendar.text(days: days)
    case "z":
      guard let offset else { return "" }
      let size = Int(offset.magnitude)
      return "\(offset < 0 ? "-" : "+")\(Calendar.padded(size / 60, 2))\(Calendar.padded(size % 60, 2))"
    case "%": return "%"
    default: return nil
    }
  }
}
