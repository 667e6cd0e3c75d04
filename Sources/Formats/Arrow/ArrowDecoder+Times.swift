import Columns
import Diagnostics

extension ArrowDecoder {
  /// Times of any unit as microseconds. What does not fit into 64 bits is an error; parts of a microsecond are cut
  /// and counted.
  mutating func microseconds(
    _ unit: ArrowType.Unit, _ range: Range<Int>, _ validity: Bitmap?
  ) throws(ArrowFault) -> Buffer<Int64> {
    let instants = try microseconds(of: try values(Int64.self, range), unit, validity)
    let calendar = Calendar.instants
    if let row = instants.firstRow(where: { !calendar.contains($0) }, validity) {
      throw ArrowFault(
        "has a time in column `\(column)` outside of the years 1 to 9999: \(instants[row]) microseconds from 1970-01-01"
      )
    }
    return instants
  }

  mutating func decodeTimes(
    _ unit: ArrowType.Unit, _ bits: Int, _ range: Range<Int>, _ validity: Bitmap?
  ) throws(ArrowFault) -> Column {
    let times = bits == 32 ? try values(Int32.self, range).map { Int64($0) } : try values(Int64.self, range)
    return .duration(try microseconds(of: times, unit, validity), validity: validity)
  }

  private mutating func microseconds(
    of times: Buffer<Int64>, _ unit: ArrowType.Unit, _ validity: Bitmap?
  ) throws(ArrowFault) -> Buffer<Int64> {
    switch unit {
    case .microsecond: return times
    case .nanosecond:
      // Rounded down, before 1970 too, so that no instant moves to a later one.
      let cut = times.map { $0 >= 0 ? $0 / 1000 : ($0 &+ 1) / 1000 - 1 }
      for row in 0..<times.count where times[row] % 1000 != 0 && validity?[row] ?? true {
        tally.cutTimes += 1
      }
      return cut
    case .second, .millisecond:
      let factor = unit.microseconds
      let limit = Int64.max / factor
      if let row = times.firstRow(where: { $0 > limit || $0 < -limit }, validity) {
        throw ArrowFault(
          "has a time in column `\(column)` that is too far away: \(times[row]) \(unit)s since 1970")
      }
      return times.map { $0 &* factor }
    }
  }

  /// Dates that are written as milliseconds.
  func decodeDates(_ range: Range<Int>, _ validity: Bitmap?) throws(ArrowFault) -> Column {
    let day: Int64 = 86_400_000
    let times = try values(Int64.self, range)
    let days = times.map { $0 >= 0 ? $0 / day : ($0 &+ 1) / day - 1 }
    if let row = days.firstRow(where: { Int32(exactly: $0) == nil }, validity) {
      throw ArrowFault("has a date in column `\(column)` that is too far away: \(times[row]) ms since 1970")
    }
    let dates = days.map { Int32(truncatingIfNeeded: $0) }
    try checkDays(dates, validity)
    return .date(dates, validity: validity)
  }

  /// Refuses days outside of the calendar, which runs from the year 1 to 9999: they could be shown, but not counted with.
  func checkDays(_ days: Buffer<Int32>, _ validity: Bitmap?) throws(ArrowFault) {
    let calendar = Calendar.days
    if let row = days.firstRow(where: { !calendar.contains($0) }, validity) {
      throw ArrowFault(
        "has a date in column `\(column)` outside of the years 1 to 9999: \(grouped(Int(days[row]))) days from 1970-01-01"
      )
    }
  }
}

/// The time zone of a column of datetimes, which Arrow has for all rows and Rounds as an offset in each.
enum ArrowZone {
  /// Minutes of a zone that is a fixed offset; nil for a place, whose offset changes with the season.
  static func offset(of zone: String) -> Int16? {
    if ["UTC", "Etc/UTC", "GMT", "Z", ""].contains(zone) { return 0 }
    let turned = "Etc/GMT"
    if zone.hasPrefix(turned), let hours = Int16(zone.dropFirst(turned.count)), abs(hours) <= 14 {
      return -60 * hours
    }
    let parts = zone.dropFirst().split(separator: ":")
    guard let sign = zone.first, sign == "+" || sign == "-", parts.count == 2,
      parts.allSatisfy({ $0.utf8.count == 2 && $0.utf8.allSatisfy { 48...57 ~= $0 } }),
      let hours = Int16(parts[0]), let minutes = Int16(parts[1]), hours <= 18, minutes < 60
    else { return nil }
    return (sign == "-" ? -1 : 1) * (hours * 60 + minutes)
  }

  /// The zone of an offset of whole hours; nil where there is none that every reader knows (Polars takes no
  /// offsets). In these names the sign is turned: `Etc/GMT-2` is two hours before UTC.
  static func name(of offset: Int16) -> String? {
    if offset == 0 { return "UTC" }
    guard offset % 60 == 0, -12...14 ~= offset / 60 else { return nil }
    return "Etc/GMT" + (offset > 0 ? "-" : "+") + String((offset / 60).magnitude)
  }
}
