/// A unit of time, as people write it; the plural is the same unit.
package enum TimeUnit: String, Sendable, CaseIterable {
  case second, minute, hour, day, week, month, quarter, year

  /// The unit of a word in lower case, singular or plural; nil for another word.
  package init?(_ word: String) {
    let singular = word.hasSuffix("s") ? String(word.dropLast()) : word
    self.init(rawValue: singular)
  }

  /// Whether whole days make it up.
  package var isCalendar: Bool { microseconds == nil }

  /// The length of the units below a day.
  package var microseconds: Int64? {
    switch self {
    case .second: Calendar.microsecondsPerSecond
    case .minute: Calendar.microsecondsPerMinute
    case .hour: Calendar.microsecondsPerHour
    case .day, .week, .month, .quarter, .year: nil
    }
  }

  /// Its days, where they are always as many.
  package var wholeDays: Int64? {
    switch self {
    case .day: 1
    case .week: 7
    case .second, .minute, .hour, .month, .quarter, .year: nil
    }
  }

  /// The words of units made up of whole days, all singular ones before the plural ones.
  package static let calendarWords = words(of: [.day, .week, .month, .quarter, .year])
  /// The words of units below a day, all singular ones before the plural ones.
  package static let clockWords = words(of: [.second, .minute, .hour])

  private static func words(of units: [TimeUnit]) -> [String] {
    units.map(\.rawValue) + units.map { $0.rawValue + "s" }
  }
}

/// A number read off a date or a datetime (by the clock as written).
package enum DatePart: Sendable, CaseIterable {
  case year, isoYear, quarter, month, week, weekday, day, dayOfYear, hour, minute, second

  fileprivate func value(ofDay days: Int32) -> Int64 {
    switch self {
    case .year: Int64(Calendar.day(of: days).year)
    case .isoYear: Int64(Calendar.isoWeek(days).year)
    case .quarter: Int64((Calendar.day(of: days).month + 2) / 3)
    case .month: Int64(Calendar.day(of: days).month)
    case .day: Int64(Calendar.day(of: days).day)
    case .week: Int64(Calendar.isoWeek(days).week)
    case .weekday: Int64(Calendar.weekday(days))
    case .dayOfYear: Int64(Calendar.dayOfYear(days))
    case .hour, .minute, .second: 0
    }
  }

  fileprivate func value(ofTime time: Int64) -> Int64 {
    switch self {
    case .hour: time / Calendar.microsecondsPerHour
    case .minute: time / Calendar.microsecondsPerMinute % 60
    case .second: time / Calendar.microsecondsPerSecond % 60
    default: 0
    }
  }
}

extension Kernels {
  /// A kernel that reads a part of a time.
  package static func part(_ part: DatePart) -> VectorKernel {
    { (arguments, rows, _) throws(KernelFault) in
      if isAllMissing(arguments) { return allMissing(arguments, rows, .int) }
      return try folding(arguments, rows) { (arguments, rows) throws(KernelFault) in
        let column = arguments[0].column(rows: rows)
        let values: Buffer<Int64>
        switch part {
        case .hour, .minute, .second:
          values = map(column.localMicroseconds) { part.value(ofTime: Calendar.timeOfDay($0)) }
        default:
          values = byDay(column.calendarDays) { part.value(ofDay: $0) }
        }
        return .int(values, validity: column.validity)
      }
    }
  }

  /// Something that depends on the day alone. Where there are more rows than days from the first to the last, each day
  /// is worked out once; elsewhere neighbouring rows of one day are.
  @inline(__always)
  static func byDay<Result: BitwiseCopyable>(_ days: Buffer<Int32>, _ body: (Int32) -> Result) -> Buffer<
    Result
  > {
    guard let (first, last) = days.span.extremes(nil) else { return Buffer([]) }
    let width = Int(last) - Int(first)
    if width < days.count / 2 {
      var made = MutableBuffer<Result>(capacity: width + 1)
      for day in first...last { made.append(body(day)) }
      let table = made.freeze()
      let known = table.span
      return map(days) { day in known[Int(day &- first)] }
    }
    var latest = days[0]
    var known = body(latest)
    return map(days) { day in
      if day != latest {
        latest = day
        known = body(day)
      }
      return known
    }
  }

  /// `is_weekend(x)`: Saturday or Sunday.
  package static func isWeekend(
    _ arguments: [Datum], _ rows: Int, _ state: CallState
  ) throws(KernelFault) -> Datum {
    if isAllMissing(arguments) { return allMissing(arguments, rows, .bool) }
    return try folding(arguments, rows) { (arguments, rows) throws(KernelFault) in
      let column = arguments[0].column(rows: rows)
      return .bool(bits(column.calendarDays) { Calendar.weekday($0) >= 6 }, validity: column.validity)
    }
  }

  /// The number of whole and part units in a duration.
  package static func count(of microseconds: Int64) -> VectorKernel {
    { (arguments, rows, _) throws(KernelFault) in
      if isAllMissing(arguments) { return allMissing(arguments, rows, .float) }
      return try folding(arguments, rows) { (arguments, rows) throws(KernelFault) in
        let column = arguments[0].column(rows: rows)
        let values: Buffer<Double> = map(column.int64Values) { Double($0) / Double(microseconds) }
        return .float(values, validity: column.validity)
      }
    }
  }

  /// `days_between(from, to)`: calendar days, by the day as written.
  package static func daysBetween(
    _ arguments: [Datum], _ rows: Int, _ state: CallState
  ) throws(KernelFault) -> Datum {
    if isAllMissing(arguments) { return allMissing(arguments, rows, .int) }
    return try folding(arguments, rows) { (arguments, rows) throws(KernelFault) in
      let values = combine(arguments[0].calendarDays, arguments[1].calendarDays, rows) {
        Int64($1) - Int64($0)
      }
      return .int(values, validity: validity(of: arguments, rows: rows))
    }
  }

  /// `age(birth, on)`: completed years. Who was born on 29 February has the birthday on 1 March in common years.
  package static func age(
    _ arguments: [Datum], _ rows: Int, _ state: CallState
  ) throws(KernelFault) -> Datum {
    if isAllMissing(arguments) { return allMissing(arguments, rows, .int) }
    return try folding(arguments, rows) { (arguments, rows) throws(KernelFault) in
      let values = combine(arguments[0].calendarDays, arguments[1].calendarDays, rows) { birth, on in
        years(from: birth, to: on)
      }
      let known = validity(of: arguments, rows: rows)
      let ahead = (0..<values.count).count { values[$0] < 0 && known?[$0] != false }
      state.add(
        // Of a few people it is no wonder, of nearly all the days are exchanged.
        ahead * 10 > values.count * 9
          ? "below 0, as the second day is the earlier: age(birth, on) wants the day of birth first"
          : "below 0: the second day lies before the day of birth", ahead)
      return .int(values, validity: known)
    }
  }

  /// Completed years between two days; before birth they are negative.
  static func years(from birth: Int32, to on: Int32) -> Int64 {
    let (a, b) = (Calendar.day(of: birth), Calendar.day(of: on))
    let isBeforeBirthday = (b.month, b.day) < (a.month, a.day)
    return Int64(b.year - a.year - (isBeforeBirthday ? 1 : 0))
  }

  /// `fiscal_year(x, first_month)`: the year in which the fiscal year ends; the calendar year when it begins in January.
  package static func fiscalYear(
    _ arguments: [Datum], _ rows: Int, _ state: CallState
  ) throws(KernelFault) -> Datum {
    if isAllMissing(arguments) { return allMissing(arguments, rows, .int) }
    let first = arguments[1].value(0).integer ?? 1
    guard (1...12).contains(first) else {
      throw KernelFault("a fiscal year begins in a month from 1 to 12, not \(first)")
    }
    return try folding([arguments[0]], rows) { (arguments, rows) throws(KernelFault) in
      let column = arguments[0].column(rows: rows)
      let values = byDay(column.calendarDays) { days in
        let day = Calendar.day(of: days)
        return Int64(day.year + (first > 1 && day.month >= first ? 1 : 0))
      }
      return .int(values, validity: column.validity)
    }
  }

  // MARK: Units

  static func unit(_ argument: Datum) throws(KernelFault) -> TimeUnit {
    let word = argument.value(0).string ?? ""
    guard let unit = TimeUnit(word) else {
      throw KernelFault(
        "\"\(word)\" is no unit of time",
        help: ["the units are " + TimeUnit.allCases.map(\.rawValue).joined(separator: ", ")])
    }
    return unit
  }

  /// The first day of the unit that holds a day. Weeks begin on Monday.
  static func start(of unit: TimeUnit, _ days: Int32) -> Int32 {
    let day = Calendar.day(of: days)
    switch unit {
    // What lies under a missing value of a file may be any number: it must not trap.
    case .week: return days &- Int32(Calendar.weekday(days) - 1)
    case .month: return days &- Int32(day.day - 1)
    case .quarter:
      return Calendar.days(year: day.year, month: (day.month - 1) / 3 * 3 + 1, day: 1) ?? days
    case .year: return Calendar.days(year: day.year, month: 1, day: 1) ?? days
    case .day, .hour, .minute, .second: return days
    }
  }

  /// The last day of the unit that holds a day.
  static func end(of unit: TimeUnit, _ days: Int32) -> Int32 {
    let start = start(of: unit, days)
    // What is no day of the calendar stays none; the month after the last one is no such day either.
    guard Calendar.days.contains(start) else { return start }
    let months: Int
    switch unit {
    case .week: return start &+ 6
    case .month: months = 1
    case .quarter: months = 3
    case .year: months = 12
    case .day, .hour, .minute, .second: return days
    }
    return (Calendar.adding(months: months, to: start) ?? Calendar.days.upperBound + 1) - 1
  }

  /// `start_of(x, unit)`: a date for units from the day up, a datetime below.
  package static func startOf(
    _ arguments: [Datum], _ rows: Int, _ state: CallState
  ) throws(KernelFault) -> Datum {
    try boundary(arguments, rows, state, isEnd: false)
  }

  /// `end_of(x, unit)`: the last day of the unit, or the last microsecond for units below the day.
  package static func endOf(
    _ arguments: [Datum], _ rows: Int, _ state: CallState
  ) throws(KernelFault) -> Datum {
    try boundary(arguments, rows, state, isEnd: true)
  }

  private static func boundary(
    _ arguments: [Datum], _ rows: Int, _ state: CallState, isEnd: Bool
  ) throws(KernelFault) -> Datum {
    let unit = try unit(arguments[1])
    if isAllMissing(arguments) { return allMissing(arguments, rows, unit.isCalendar ? .date : .datetime) }
    return try folding([arguments[0]], rows) { (arguments, rows) throws(KernelFault) in
      let column = arguments[0].column(rows: rows)
      guard let size = unit.microseconds else {
        let days = byDay(column.calendarDays) { isEnd ? end(of: unit, $0) : start(of: unit, $0) }
        // Only the last week of the year 9999 ends outside the calendar; a mark for "for ever" may lie in it.
        let inside = bits(days) { Calendar.days.contains($0) }
        let outside = rows - inside.ones
        if outside == 0 { return .date(days, validity: column.validity) }
        for row in 0..<rows where !inside[row] && column.isKnown(row) {
          state.addUnconverted(ValueText.plain(column.value(row)))
        }
        return .date(days, validity: column.validity.map { $0.and(inside) } ?? inside)
      }
      let starts = map(column.localMicroseconds) { local -> Int64 in
        let rest = local % size
        let start = local &- (rest < 0 ? rest + size : rest)
        return isEnd ? start &+ (size - 1) : start
      }
      try requireCalendar(starts, column.validity, nil)
      guard let offsets = column.writtenOffsets else { return .datetime(starts, validity: column.validity) }
      let instants = combine(.values(starts), .values(offsets), rows) {
        $0 &- Int64($1) &* Calendar.microsecondsPerMinute
      }
      return .datetime(instants, offsets: offsets, validity: column.validity)
    }
  }

  // MARK: Steps on the calendar

  /// `add(x, n, unit)`: so many units later; months, quarters and years are clipped to the month's end. A date
  /// becomes a datetime for units below the day. What leaves the years 1 to 9999 is a fault.
  package static func addUnits(
    _ arguments: [Datum], _ rows: Int, _ state: CallState
  ) throws(KernelFault) -> Datum {
    let unit = try unit(arguments[2])
    let isDate = arguments[0].type == .date && unit.isCalendar
    if isAllMissing(arguments) { return allMissing(arguments, rows, isDate ? .date : .datetime) }
    return try folding([arguments[0], arguments[1]], rows) { (arguments, rows) throws(KernelFault) in
      let column = arguments[0].column(rows: rows)
      let steps = arguments[1].integers
      let known = validity(of: arguments, rows: rows)
      if isDate {
        let days = column.dayValues
        var result = MutableBuffer<Int32>(count: rows)
        for row in 0..<rows {
          let isKnown = known?[row] ?? true
          result[row] = isKnown ? try later(days[row], steps[row], unit, row) : 0
        }
        return .date(result.freeze(), validity: known)
      }
      let locals = column.localMicroseconds
      let offsets = column.writtenOffsets
      var result = MutableBuffer<Int64>(count: rows)
      for row in 0..<rows {
        result[row] = 0
        guard known?[row] ?? true else { continue }
        let shift = Int64(offsets?[row] ?? 0) * Calendar.microsecondsPerMinute
        result[row] = try later(locals[row], steps[row], unit, row) - shift
      }
      let instants = result.freeze()
      try requireCalendar(instants, known, offsets)
      return .datetime(instants, offsets: offsets, validity: known)
    }
  }

  private static func later(
    _ days: Int32, _ steps: Int64, _ unit: TimeUnit, _ row: Int
  ) throws(KernelFault) -> Int32 {
    let months: Int64 = unit == .month ? 1 : unit == .quarter ? 3 : unit == .year ? 12 : 0
    if months > 0 {
      let (total, overflow) = steps.multipliedReportingOverflow(by: months)
      if !overflow, let day = Calendar.adding(months: Int(total), to: days) { return day }
    } else {
      let (shift, overflow) = steps.multipliedReportingOverflow(by: unit == .week ? 7 : 1)
      let (sum, second) = Int64(days).addingReportingOverflow(shift)
      if !overflow, !second, let day = Int32(exactly: sum), Calendar.days.contains(day) { return day }
    }
    throw KernelFault("the date lies outside the years 1 to 9999", row: row)
  }

  private static func later(
    _ local: Int64, _ steps: Int64, _ unit: TimeUnit, _ row: Int
  ) throws(KernelFault) -> Int64 {
    guard let size = unit.microseconds else {
      let day = try later(Calendar.days(ofMicroseconds: local), steps, unit, row)
      return Int64(day) * Calendar.microsecondsPerDay + Calendar.timeOfDay(local)
    }
    let (shift, overflow) = steps.multipliedReportingOverflow(by: size)
    let (sum, second) = local.addingReportingOverflow(shift)
    if overflow || second || sum.magnitude > 400_000_000_000_000_000 {
      throw KernelFault("the time lies outside the years 1 to 9999", row: row)
    }
    return sum
  }

  // MARK: Sequences

  /// The most elements that `sequence` makes.
  package static let sequenceLimit = 10_000_000

  /// `sequence(from, to, step)`: a list from the first to the last, both included; ints by an int, dates by a duration
  /// of whole days or a word (`month`), datetimes by a duration or a word.
  package static func sequence(_ arguments: [Value], _ state: CallState) throws(KernelFault) -> Value {
    if arguments.contains(.missing) { return .missing }
    var arguments = arguments
    if arguments.count == 2 { arguments.append(arguments[0].integer != nil ? .int(1) : .text("day")) }
    switch (arguments[0], arguments[1], arguments[2]) {
    case (.int(let from), .int(let to), .int(let step)):
      return .list(try steps(from, to, step, state).map { .int($0) })
    case (.date(let from), .date(let to), .duration(let step)) where step % Calendar.microsecondsPerDay == 0:
      let days = step / Calendar.microsecondsPerDay
      return .list(try steps(Int64(from), Int64(to), days, state).map { .date(Int32(clamping: $0)) })
    case (.date, .date, .duration):
      throw KernelFault(
        "dates go on by whole days", help: ["datetime(…) around the first date makes a sequence of datetimes"]
      )
    case (_, _, .duration(let step)):
      let ends = arguments.prefix(2).map { $0.widened(to: .datetime) }
      guard case .datetime(let from, let offset) = ends[0], case .datetime(let to, _) = ends[1] else { break }
      return .list(try steps(from, to, step, state).map { .datetime($0, offset: offset) })
    case (_, _, .text): return try unitSequence(arguments, state)
    default: break
    }
    throw KernelFault(
      "a sequence needs a step that goes with its ends: a number for numbers, a duration for times")
  }

  private static func unitSequence(_ arguments: [Value], _ state: CallState) throws(KernelFault) -> Value {
    let word = Datum.constant(arguments[2], .text)
    let unit = try unit(word)
    if case (.date(let from), .date(let to)) = (arguments[0], arguments[1]), let days = unit.wholeDays {
      return .list(try steps(Int64(from), Int64(to), days, state).map { .date(Int32(clamping: $0)) })
    }
    let areDates = arguments[0].type == .date && arguments[1].type == .date
    let type: DataType = areDates && unit.isCalendar ? .date : .datetime
    let (from, to) = (arguments[0].widened(to: type), arguments[1].widened(to: type))
    if let size = unit.microseconds ?? unit.wholeDays.map({ $0 * Calendar.microsecondsPerDay }),
      case (.datetime(let first, let offset), .datetime(let last, _)) = (from, to)
    {
      return .list(try steps(first, last, size, state).map { .datetime($0, offset: offset) })
    }
    var result: [Value] = []
    while result.count <= sequenceLimit {
      // Counted from the first, so that a month's end clips only where it must.
      let count = Datum.constant(.int(Int64(result.count)), .int)
      // Behind the last day of the calendar there is no further one.
      guard let later = try? addUnits([.constant(from, type), count, word], 1, state).value(0) else {
        return .list(result)
      }
      let next = later.widened(to: type)
      if Value.precedes(to, next) { return .list(result) }
      result.append(next)
    }
    throw KernelFault("a sequence of more than 10,000,000 elements")
  }

  private static func steps(
    _ from: Int64, _ to: Int64, _ step: Int64, _ state: CallState
  ) throws(KernelFault) -> [Int64] {
    if step == 0 { throw KernelFault("a sequence cannot go on by steps of 0") }
    if (Double(to) - Double(from)) / Double(step) >= Double(sequenceLimit) {
      throw KernelFault("a sequence of more than 10,000,000 elements")
    }
    let span = (Double(to) - Double(from)) / Double(step)
    if span > 0 { try state.checkRoom(forValues: Int(span)) }
    var result: [Int64] = []
    var value = from
    while step > 0 ? value <= to : value >= to {
      result.append(value)
      let (next, overflow) = value.addingReportingOverflow(step)
      if overflow { break }
      value = next
    }
    return result
  }
}
