/// Conversions. What does not convert is missing and counted with its text.
extension Kernels {
  /// A kernel that gives its one argument as another type.
  package static func cast(to type: DataType) -> VectorKernel {
    { (arguments, rows, state) throws(KernelFault) in
      try convert(arguments[0], to: type, rows, state)
    }
  }

  static func convert(
    _ argument: Datum, to type: DataType, _ rows: Int, _ state: CallState
  ) throws(KernelFault) -> Datum {
    if isAllMissing([argument]) { return allMissing([argument], rows, type) }
    if argument.type == type, type != .text { return argument }
    return try folding([argument], rows) { (arguments, rows) throws(KernelFault) in
      let column = arguments[0].column(rows: rows)
      switch (column.type, type) {
      case (.text, .text): return column.withoutOrder
      case (.text, _): return convertTexts(column, to: type, state) { parse($0, as: type) }
      case (.int, .float): return .float(column.floatValues, validity: column.validity)
      case (.float, .int): return truncated(column, state)
      case (.datetime, .date): return .date(column.calendarDays, validity: column.validity)
      case (.date, .datetime): return .datetime(column.localMicroseconds, validity: column.validity)
      default: return convertValues(column, to: type, state)
      }
    }
  }

  private static func truncated(_ column: Column, _ state: CallState) -> Column {
    let values = column.floatValues
    // 2^63 itself does not fit, -2^63 does.
    let bad = bits(values) { !($0 >= -9_223_372_036_854_775_808 && $0 < 9_223_372_036_854_775_808) }
    let whole: Buffer<Int64> = map(values) { value in
      value >= -9_223_372_036_854_775_808 && value < 9_223_372_036_854_775_808 ? Int64(value) : 0
    }
    if bad.ones == 0 { return .int(whole, validity: column.validity) }
    for row in 0..<column.count where bad[row] && column.isKnown(row) {
      state.addUnconverted(ValueText.number(values[row]))
    }
    return .int(whole, validity: validity(column.validity, without: bad))
  }

  private static func convertValues(_ column: Column, to type: DataType, _ state: CallState) -> Column {
    var builder = ColumnBuilder(type, capacity: column.count)
    for row in 0..<column.count {
      let value = column.value(row)
      if value.isMissing {
        builder.append(.missing)
      } else if let converted = converted(value, to: type) {
        builder.append(converted)
      } else {
        state.addUnconverted(ValueText.plain(value))
        builder.append(.missing)
      }
    }
    return builder.finish()
  }

  /// One value as another type; nil when it does not convert.
  static func converted(_ value: Value, to type: DataType) -> Value? {
    switch (value, type) {
    case (.text(let text), .text): .text(text)
    case (.text(let text), _): parse(text, as: type)
    case (_, .text): .text(ValueText.plain(value))
    case (.bool(let bit), .int): .int(bit ? 1 : 0)
    case (.bool(let bit), .float): .float(bit ? 1 : 0)
    case (.int(0), .bool): .bool(false)
    case (.int(1), .bool): .bool(true)
    case (.float(let number), .bool): number == 0 ? .bool(false) : number == 1 ? .bool(true) : nil
    default: value.widened(to: type).type == type ? value.widened(to: type) : nil
    }
  }

  /// Converts a text column, each dictionary entry once.
  static func convertTexts(
    _ column: Column, to type: DataType, _ state: CallState, _ parse: (String) -> Value?
  ) -> Column {
    guard case .text(let codes, let pool) = column.storage else {
      return .missing(count: column.count, type: type)
    }
    if isTestedByRow(codes, pool) { return convertRows(column, codes, pool, to: type, state, parse) }
    let entries = state.remembered(for: pool) { () -> ConvertedPool in
      var builder = ColumnBuilder(type, capacity: pool.count + 1)
      var failed: Set<Int> = []
      var plain: Set<Int> = []
      for entry in 0..<pool.count {
        let value = parse(pool[entry])
        if value == nil { failed.insert(entry) }
        if case .datetime(_, nil)? = value { plain.insert(entry) }
        builder.append(value ?? .missing)
      }
      // Missing rows take the last.
      builder.append(.missing)
      return ConvertedPool(values: builder.finish(), failed: failed, plain: plain)
    }
    if type == .datetime { countOffsets(column, codes, entries, state) }
    if !entries.failed.isEmpty {
      var counts: [Int: Int] = [:]
      for row in 0..<column.count where column.isKnown(row) && entries.failed.contains(codes[row]) {
        counts[codes[row], default: 0] += 1
      }
      for (entry, count) in counts { state.addUnconverted(pool[entry], rows: count) }
    }
    return entries.values.take(rowIndices(column, codes, entries: pool.count))
  }

  private struct ConvertedPool: Sendable {
    let values: Column
    let failed: Set<Int>
    /// Times without an offset.
    let plain: Set<Int>
  }

  private static func countOffsets(
    _ column: Column, _ codes: TextCodes, _ entries: ConvertedPool, _ state: CallState
  ) {
    let times = entries.values.count - 1 - entries.failed.count
    let known = column.count - column.missingCount
    if entries.failed.isEmpty, entries.plain.isEmpty || entries.plain.count == times {
      return entries.plain.isEmpty ? state.addTimes(with: known) : state.addTimes(without: known)
    }
    var plain = 0
    var others = 0
    for row in 0..<column.count where column.isKnown(row) && !entries.failed.contains(codes[row]) {
      if entries.plain.contains(codes[row]) { plain += 1 } else { others += 1 }
    }
    state.addTimes(with: others, without: plain)
  }

  private static func convertRows(
    _ column: Column, _ codes: TextCodes, _ pool: TextPool, to type: DataType, _ state: CallState,
    _ parse: (String) -> Value?
  ) -> Column {
    var builder = ColumnBuilder(type, capacity: column.count)
    for row in 0..<column.count {
      guard column.isKnown(row) else {
        builder.append(.missing)
        continue
      }
      let text = pool[codes[row]]
      let value = parse(text)
      if value == nil { state.addUnconverted(text) }
      if case .datetime(_, let offset)? = value {
        state.addTimes(with: offset == nil ? 0 : 1, without: offset == nil ? 1 : 0)
      }
      builder.append(value ?? .missing)
    }
    return builder.finish()
  }

  // MARK: Reading texts

  /// A text as a value of a type, blanks around it ignored; nil when it is none.
  package static func parse(_ text: String, as type: DataType) -> Value? {
    let text = trimmed(text)
    switch type {
    case .int: return parseInt(text).map { .int($0) }
    case .float: return parseFloat(text).map { .float($0) }
    case .bool: return parseBool(text).map { .bool($0) }
    case .text: return .text(text)
    case .date:
      switch ISOTime.value(text) {
      case .date(let days): return .date(days)
      case .datetime(let instant, let offset):
        let local = instant &+ Int64(offset ?? 0) &* Calendar.microsecondsPerMinute
        return .date(Calendar.days(ofMicroseconds: local))
      default: return nil
      }
    case .datetime: return ISOTime.value(text).map { $0.widened(to: .datetime) }
    case .duration: return parseDuration(text).map { .duration($0) }
    case .list, .record, .missing: return nil
    }
  }

  private static func parseInt(_ text: String) -> Int64? {
    guard text.utf8.allSatisfy({ (48...57).contains($0) || $0 == 43 || $0 == 45 }) else { return nil }
    return Int64(text)
  }

  private static func parseFloat(_ text: String) -> Double? {
    // Only decimal numbers: no `nan`, `inf` or hexadecimal ones.
    let isPlain = text.utf8.allSatisfy { byte in
      (48...57).contains(byte) || byte == 43 || byte == 45 || byte == 46 || byte | 32 == 101
    }
    guard isPlain, let number = Double(text), number.isFinite else { return nil }
    return number
  }

  private static func parseBool(_ text: String) -> Bool? {
    switch text.lowercased() {
    case "true", "yes", "1", "t", "y": true
    case "false", "no", "0", "f", "n": false
    default: nil
    }
  }

  private static let durationUnits: [String: Double] = [
    "us": 1, "ms": 1e3, "s": 1e6, "sec": 1e6, "second": 1e6, "seconds": 1e6, "min": 60e6, "minute": 60e6,
    "minutes": 60e6, "m": 60e6, "mins": 60e6, "secs": 1e6, "hr": 3600e6, "hrs": 3600e6, "h": 3600e6,
    "hour": 3600e6, "hours": 3600e6, "d": 86_400e6, "day": 86_400e6,
    "days": 86_400e6, "w": 604_800e6, "week": 604_800e6, "weeks": 604_800e6,
  ]

  /// `10:30` and `100:05:30`: hours, minutes and seconds, as a spreadsheet reads and shows them.
  private static func clockDuration(_ text: Substring) -> Int64? {
    let parts = text.split(separator: ":", omittingEmptySubsequences: false)
    guard (2...3).contains(parts.count), (1...6).contains(parts[0].count),
      parts.allSatisfy({ $0.allSatisfy { $0.isASCII && $0.isNumber } }),
      parts.dropFirst().allSatisfy({ $0.count == 2 })
    else { return nil }
    let numbers = parts.compactMap { Int64($0) }
    guard numbers.count == parts.count, numbers.dropFirst().allSatisfy({ $0 < 60 }) else { return nil }
    let seconds = numbers[0] * 3600 + numbers[1] * 60 + (numbers.count > 2 ? numbers[2] : 0)
    return seconds * Calendar.microsecondsPerSecond
  }

  /// `3d 4h`, `2h 15m`, `1 day, 3 hours`, `-90min`, `1.5h`, `2 weeks`, `10:30`.
  private static func parseDuration(_ text: String) -> Int64? {
    var rest = text[...]
    let isNegative = rest.first == "-"
    if isNegative { rest = rest.dropFirst() }
    if let clock = clockDuration(rest) { return isNegative ? -clock : clock }
    var total: Int128 = 0
    var parts = 0
    while !rest.isEmpty {
      let number = rest.prefix { $0.isASCII && ($0.isNumber || $0 == ".") }
      rest = rest.dropFirst(number.count).drop { $0 == " " }
      let unit = rest.prefix { $0.isASCII && $0.isLetter }
      // `1 day, 3 hours`
      rest = rest.dropFirst(unit.count).drop { $0 == " " }
      if rest.first == ",", parts < 8 { rest = rest.dropFirst().drop { $0 == " " } }
      guard let size = durationUnits[unit.lowercased()] else { return nil }
      if let whole = Int64(number) {
        total += Int128(whole) * Int128(size)
      } else {
        guard let value = Double(number), value * size < 9.3e18 else { return nil }
        total += Int128((value * size).rounded())
      }
      parts += 1
    }
    return parts > 0 ? Int64(exactly: isNegative ? -total : total) : nil
  }

  package static func trimmed(_ text: String) -> String {
    var scalars = text.unicodeScalars[...]
    while let first = scalars.first, first.properties.isWhitespace { scalars.removeFirst() }
    while let last = scalars.last, last.properties.isWhitespace { scalars.removeLast() }
    return scalars.count == text.unicodeScalars.count ? text : String(String.UnicodeScalarView(scalars))
  }

  // MARK: Dates from texts and numbers

  /// `date(text, partial: start|end)` and `date(text, pattern)`, the same for datetimes.
  package static func castTime(to type: DataType) -> VectorKernel {
    { (arguments, rows, state) throws(KernelFault) in
      if isAllMissing(arguments) { return allMissing(arguments, rows, type) }
      guard arguments.count > 1, let word = arguments[1].constant?.string else {
        return try convert(arguments[0], to: type, rows, state)
      }
      if !word.contains("%"), word != "start", word != "end" {
        throw KernelFault(
          "\"\(word)\" is no pattern of a date", help: [DateFormat.advice(word)])
      }
      if let fault = DateFormat.faultOfReading(word) { throw fault }
      return try folding([arguments[0]], rows) { (arguments, rows) throws(KernelFault) in
        convertTexts(arguments[0].column(rows: rows), to: type, state) { text in
          let text = trimmed(text)
          if word.contains("%") { return DateParser.parse(text, pattern: word, as: type) }
          if let whole = parse(text, as: type) { return whole }
          return ISOTime.partial(text, atEnd: word == "end").map { Value.date($0).widened(to: type) }
        }
      }
    }
  }

  /// `date(y, m, d)` and `datetime(y, m, d, h, min, s)`: what the calendar does not have does not convert.
  package static func timeOfParts(_ arguments: [Value], _ state: CallState) throws(KernelFault) -> Value {
    let parts = arguments.map { Int(exactly: $0.integer ?? -1) ?? -1 }
    let clock = (parts.dropFirst(3) + [0, 0, 0]).prefix(3).map { $0 }
    guard parts.count >= 3, let days = Calendar.days(year: parts[0], month: parts[1], day: parts[2]),
      (0...23).contains(clock[0]), (0...59).contains(clock[1]), (0...59).contains(clock[2])
    else {
      state.addUnconverted(parts.map { String($0) }.joined(separator: "-"))
      return .missing
    }
    if parts.count == 3 { return .date(days) }
    let seconds = Int64(clock[0] * 3600 + clock[1] * 60 + clock[2])
    return .datetime(
      Int64(days) * Calendar.microsecondsPerDay + seconds * Calendar.microsecondsPerSecond, offset: nil)
  }
}

extension Column {
  /// The same text without an order of its own.
  var withoutOrder: Column {
    guard case .text(let codes, let pool) = storage, pool.isOrdered else { return self }
    let plain = TextPool(offsets: pool.offsets, bytes: pool.bytes, isDistinct: pool.isDistinct)
    return Column(type: type, storage: .text(codes, plain), validity: validity, count: count)
  }
}
