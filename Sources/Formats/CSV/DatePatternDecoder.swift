import Columns

/// A pattern of days and times such as `%d/%m/%Y %H:%M`: `%Y %y %m %b %B %d %e %H %I %M %S %f %p %z`.
struct DatePattern: Sendable, Equatable {
  enum Part: Sendable, Equatable {
    case literal(UInt8)
    case field(UInt8)
  }
  private let parts: [Part]
  let text: String

  /// Ways of writing a day that a note offers.
  static let common = DateFormat.common.compactMap { DatePattern($0) }

  /// Whether it holds a time of day.
  var hasTime: Bool { parts.contains(.field(UInt8(ascii: "H"))) || parts.contains(.field(UInt8(ascii: "I"))) }

  /// Whether it says which day; of months alone the first day is taken.
  var hasDay: Bool { parts.contains(.field(UInt8(ascii: "d"))) || parts.contains(.field(UInt8(ascii: "e"))) }

  private static let fields = Set("YymbBdeHIMSfpz%".utf8)

  /// Nil when the pattern has an unknown letter.
  init?(_ text: String) {
    var parts: [Part] = []
    var isField = false
    for byte in text.utf8 {
      if isField {
        guard Self.fields.contains(byte) else { return nil }
        parts.append(byte == UInt8(ascii: "%") ? .literal(byte) : .field(byte))
        isField = false
      } else if byte == UInt8(ascii: "%") {
        isField = true
      } else {
        parts.append(.literal(byte))
      }
    }
    if isField { return nil }
    self.parts = parts
    self.text = text
  }

  /// Whether a cell follows the pattern.
  func fits(_ cell: [UInt8]) -> Bool { cell.withUnsafeBufferPointer { value($0, as: .date) != nil } }

  private struct Found {
    var year: Int?
    var month: Int?
    var day: Int?
    var hour = 0
    var minute = 0
    var second = 0
    var micro = 0
    var isAfternoon: Bool?
    var offset: Int16?
  }

  /// The value of a cell that follows the pattern to its end.
  func value(_ cell: UnsafeBufferPointer<UInt8>, as type: DataType) -> Value? {
    var position = 0
    var found = Found()
    for (index, part) in parts.enumerated() {
      switch part {
      case .literal(let byte):
        guard position < cell.count, cell[position] == byte else { return nil }
        position += 1
      case .field(let field):
        // Where no sign parts the fields, each has all its digits.
        let width = isBeside(index) ? 2...2 : 1...2
        guard read(field, cell, &position, &found, width) else { return nil }
      }
    }
    guard position == cell.count, let year = found.year, let month = found.month,
      let days = Calendar.days(year: year, month: month, day: found.day ?? 1)
    else { return nil }
    if type == .date { return .date(days) }
    var hour = found.hour
    if let isAfternoon = found.isAfternoon {
      guard (1...12).contains(hour) else { return nil }
      hour = hour % 12 + (isAfternoon ? 12 : 0)
    }
    guard hour < 24, found.minute < 60, found.second < 60 else { return nil }
    let seconds = Int64(days) * 86_400 + Int64(hour * 3600 + found.minute * 60 + found.second)
    let local = seconds * 1_000_000 + Int64(found.micro)
    return .datetime(local - Int64(found.offset ?? 0) * Calendar.microsecondsPerMinute, offset: found.offset)
  }

  /// Whether a field stands right before or behind another one of digits.
  private func isBeside(_ index: Int) -> Bool {
    [index - 1, index + 1].contains { other in
      guard parts.indices.contains(other) else { return false }
      if case .field(let letter) = parts[other] { return !"bBpz".utf8.contains(letter) }
      return false
    }
  }

  private func read(
    _ field: UInt8, _ cell: UnsafeBufferPointer<UInt8>, _ position: inout Int, _ found: inout Found,
    _ width: ClosedRange<Int>
  ) -> Bool {
    switch field {
    case UInt8(ascii: "Y"): found.year = number(cell, &position, 4...4)
    case UInt8(ascii: "y"):
      // As POSIX has it: 69 to 99 are the last century.
      found.year = number(cell, &position, 2...2).map { $0 < 69 ? 2000 + $0 : 1900 + $0 }
    case UInt8(ascii: "m"): found.month = number(cell, &position, width)
    case UInt8(ascii: "b"), UInt8(ascii: "B"):
      found.month = month(cell, &position, isLong: field == UInt8(ascii: "B"))
    case UInt8(ascii: "d"), UInt8(ascii: "e"):
      if position < cell.count, cell[position] == 32 { position += 1 }
      found.day = number(cell, &position, width)
      return found.day != nil
    case UInt8(ascii: "p"):
      guard position + 2 <= cell.count, cell[position + 1] | 0x20 == UInt8(ascii: "m") else { return false }
      let letter = cell[position] | 0x20
      guard letter == UInt8(ascii: "a") || letter == UInt8(ascii: "p") else { return false }
      found.isAfternoon = letter == UInt8(ascii: "p")
      position += 2
    case UInt8(ascii: "f"):
      let begin = position
      guard let value = number(cell, &position, 1...6) else { return false }
      found.micro = (position - begin..<6).reduce(value) { value, _ in value * 10 }
    case UInt8(ascii: "z"): return offset(cell, &position, &found)
    default: return time(field, cell, &position, &found, width)
    }
    return found.year != nil || field != UInt8(ascii: "Y") && field != UInt8(ascii: "y")
  }

  private func time(
    _ field: UInt8, _ cell: UnsafeBufferPointer<UInt8>, _ position: inout Int, _ found: inout Found,
    _ width: ClosedRange<Int>
  ) -> Bool {
    guard let value = number(cell, &position, width) else { return false }
    switch field {
    case UInt8(ascii: "M"): found.minute = value
    case UInt8(ascii: "S"): found.second = value
    default: found.hour = value
    }
    return true
  }

  private func offset(
    _ cell: UnsafeBufferPointer<UInt8>, _ position: inout Int, _ found: inout Found
  ) -> Bool {
    guard position < cell.count else { return false }
    if cell[position] == UInt8(ascii: "Z") {
      position += 1
      found.offset = 0
      return true
    }
    let isWest = cell[position] == UInt8(ascii: "-")
    guard isWest || cell[position] == UInt8(ascii: "+") else { return false }
    position += 1
    guard let hours = number(cell, &position, 2...2), hours < 24 else { return false }
    if position < cell.count, cell[position] == UInt8(ascii: ":") { position += 1 }
    guard let minutes = number(cell, &position, 2...2), minutes < 60 else { return false }
    found.offset = Int16((hours * 60 + minutes) * (isWest ? -1 : 1))
    return true
  }

  private func number(
    _ cell: UnsafeBufferPointer<UInt8>, _ position: inout Int, _ digits: ClosedRange<Int>
  ) -> Int? {
    var value = 0
    var count = 0
    while count < digits.upperBound, position < cell.count, cell[position] &- 48 <= 9 {
      value = value * 10 + Int(cell[position] &- 48)
      position += 1
      count += 1
    }
    return count < digits.lowerBound ? nil : value
  }

  private static let months = [
    "january", "february", "march", "april", "may", "june", "july", "august", "september", "october",
    "november",
    "december",
  ]

  private func month(
    _ cell: UnsafeBufferPointer<UInt8>, _ position: inout Int, isLong: Bool
  ) -> Int? {
    let rest = String(decoding: cell[position...].prefix(9), as: UTF8.self).lowercased()
    for (index, name) in Self.months.enumerated() {
      let wanted = isLong ? name : String(name.prefix(3))
      if rest.hasPrefix(wanted) {
        position += wanted.utf8.count
        return index + 1
      }
    }
    return nil
  }
}
