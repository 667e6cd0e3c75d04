/// The proleptic Gregorian calendar on plain integers: days since 1970-01-01, microseconds since midnight.
///
/// Source of the day-number formulas: H. Hinnant, "chrono-compatible low-level date algorithms".
package enum Calendar {
  package static let microsecondsPerDay: Int64 = 86_400_000_000
  package static let microsecondsPerHour: Int64 = 3_600_000_000
  package static let microsecondsPerMinute: Int64 = 60_000_000
  package static let microsecondsPerSecond: Int64 = 1_000_000

  /// Days that fit: the years 0001 to 9999.
  package static let days: ClosedRange<Int32> = -719_162...2_932_896
  /// The same in microseconds since 1970-01-01T00:00.
  package static let instants =
    Int64(days.lowerBound) * microsecondsPerDay..<(Int64(days.upperBound) + 1) * microsecondsPerDay

  /// A day by its year, month (from 1) and day of the month (from 1); not checked.
  package struct Day: Hashable, Sendable {
    package var year: Int
    package var month: Int
    package var day: Int
    package init(year: Int, month: Int, day: Int) {
      self.year = year
      self.month = month
      self.day = day
    }
  }

  /// Days since 1970-01-01 of a calendar day that exists; nil when it does not.
  package static func days(year: Int, month: Int, day: Int) -> Int32? {
    guard (1...9999).contains(year), (1...12).contains(month), day >= 1,
      day <= daysInMonth(year: year, month: month)
    else { return nil }
    return Int32(dayNumber(year: year, month: month, day: day))
  }

  private static func dayNumber(year: Int, month: Int, day: Int) -> Int {
    let y = month <= 2 ? year - 1 : year
    let era = (y >= 0 ? y : y - 399) / 400
    let yearOfEra = y - era * 400
    let dayOfYear = (153 * (month + (month > 2 ? -3 : 9)) + 2) / 5 + day - 1
    let dayOfEra = yearOfEra * 365 + yearOfEra / 4 - yearOfEra / 100 + dayOfYear
    return era * 146_097 + dayOfEra - 719_468
  }

  /// The calendar day of a number of days since 1970-01-01.
  package static func day(of days: Int32) -> Day {
    let z = Int(days) + 719_468
    let era = (z >= 0 ? z : z - 146_096) / 146_097
    let dayOfEra = z - era * 146_097
    let yearOfEra = (dayOfEra - dayOfEra / 1460 + dayOfEra / 36_524 - dayOfEra / 146_096) / 365
    let dayOfYear = dayOfEra - (365 * yearOfEra + yearOfEra / 4 - yearOfEra / 100)
    let shifted = (5 * dayOfYear + 2) / 153
    let month = shifted < 10 ? shifted + 3 : shifted - 9
    return Day(
      year: yearOfEra + era * 400 + (month <= 2 ? 1 : 0), month: month,
      day: dayOfYear - (153 * shifted + 2) / 5 + 1)
  }

  /// The number of a day's month, so that months follow each other; nil where the day is not its first.
  package static func monthNumber(ofFirst days: Int32) -> Int? {
    let date = day(of: days)
    return date.day == 1 ? date.year * 12 + date.month : nil
  }

  /// Whether a year of the Gregorian calendar has 366 days.
  package static func isLeap(_ year: Int) -> Bool {
    year.isMultiple(of: 4) && (!year.isMultiple(of: 100) || year.isMultiple(of: 400))
  }

  /// 28 to 31, for a month from 1 to 12.
  package static func daysInMonth(year: Int, month: Int) -> Int {
    switch month {
    case 2: isLeap(year) ? 29 : 28
    case 4, 6, 9, 11: 30
    default: 31
    }
  }

  /// 1 for Monday to 7 for Sunday (ISO 8601).
  package static func weekday(_ days: Int32) -> Int {
    let shifted = (Int(days) + 3) % 7
    return (shifted < 0 ? shifted + 7 : shifted) + 1
  }

  /// The ISO 8601 week and the year that it belongs to.
  package static func isoWeek(_ days: Int32) -> (year: Int, week: Int) {
    let thursday = Int(days) - weekday(days) + 4
    let year = day(of: Int32(clamping: thursday)).year
    let first = dayNumber(year: year, month: 1, day: 1)
    return (year, (thursday - first) / 7 + 1)
  }

  /// 1 to 366.
  package static func dayOfYear(_ days: Int32) -> Int {
    Int(days) - dayNumber(year: day(of: days).year, month: 1, day: 1) + 1
  }

  /// The same day some months later, clipped to the month's end; nil beyond the years 1 to 9999.
  package static func adding(months: Int, to days: Int32) -> Int32? {
    let from = day(of: days)
    let (total, overflow) = (from.year * 12 + from.month - 1).addingReportingOverflow(months)
    if overflow { return nil }
    let year = total >= 0 ? total / 12 : -1
    guard (1...9999).contains(year) else { return nil }
    let month = total % 12 + 1
    return self.days(
      year: year, month: month, day: min(from.day, daysInMonth(year: year, month: month)))
  }

  /// The day that holds an instant, by floor.
  package static func days(ofMicroseconds value: Int64) -> Int32 {
    let quotient = value / microsecondsPerDay
    return Int32(clamping: value % microsecondsPerDay < 0 ? quotient - 1 : quotient)
  }

  /// Microseconds since midnight, by floor.
  package static func timeOfDay(_ value: Int64) -> Int64 {
    let rest = value % microsecondsPerDay
    return rest < 0 ? rest + microsecondsPerDay : rest
  }

  /// `2026-01-31`
  package static func text(days: Int32) -> String {
    let day = day(of: days)
    return "\(padded(day.year, 4))-\(padded(day.month, 2))-\(padded(day.day, 2))"
  }

  /// `2026-01-31T08:30:00`, with a fraction only when there is one and the offset where one was written.
  package static func text(microseconds: Int64, offset: Int16? = nil) -> String {
    let local = microseconds &+ Int64(offset ?? 0) * microsecondsPerMinute
    let time = timeOfDay(local)
    var text = text(days: days(ofMicroseconds: local)) + "T" + timeText(time)
    if let offset {
      let magnitude = Int(offset.magnitude)
      text +=
        offset == 0
        ? "Z" : "\(offset < 0 ? "-" : "+")\(padded(magnitude / 60, 2)):\(padded(magnitude % 60, 2))"
    }
    return text
  }

  private static func timeText(_ time: Int64) -> String {
    let seconds = Int(time / microsecondsPerSecond)
    var text = "\(padded(seconds / 3600, 2)):\(padded(seconds / 60 % 60, 2)):\(padded(seconds % 60, 2))"
    let fraction = Int(time % microsecondsPerSecond)
    if fraction > 0 {
      var digits = padded(fraction, 6)
      while digits.last == "0" { digits.removeLast() }
      text += "." + digits
    }
    return text
  }

  /// `3d 4h 15min`, `-90s`, `0s`: the literal that gives this duration.
  package static func text(duration: Int64) -> String {
    if duration == 0 { return "0s" }
    var rest = duration.magnitude
    var parts: [String] = []
    let units: [(UInt64, String)] = [
      (86_400_000_000, "d"), (3_600_000_000, "h"), (60_000_000, "min"), (1_000_000, "s"),
    ]
    for (size, name) in units where rest >= size {
      parts.append("\(rest / size)\(name)")
      rest %= size
    }
    if rest > 0 {
      if rest.isMultiple(of: 1000) { parts.append("\(rest / 1000)ms") } else { parts.append("\(rest)us") }
    }
    return (duration < 0 ? "-" : "") + parts.joined(separator: " ")
  }

  /// A number of 0 or more with zeros in front up to a width; a longer one is written whole.
  package static func padded(_ value: Int, _ width: Int) -> String {
    let digits = String(value)
    return String(repeating: "0", count: max(0, width - digits.count)) + digits
  }
}
