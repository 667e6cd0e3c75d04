internal import CVector
import Columns

/// Values straight from the bytes of a cell. Each function takes the whole cell and gives nil when the cell is not
/// exactly such a value.
enum CellDecoder {
  /// A whole number: no leading plus, no leading zero before a further digit (that is a code), at most what 64 bits hold.
  @inline(__always)
  static func int(_ cell: UnsafePointer<UInt8>, _ count: Int) -> Int64? {
    guard count > 0 else { return nil }
    let isNegative = cell[0] == UInt8(ascii: "-")
    var index = isNegative ? 1 : 0
    let digits = count &- index
    if digits < 1 { return nil }
    if digits > 18 { return longInt(cell, count) }
    if digits > 1, cell[index] == UInt8(ascii: "0") { return nil }
    var value: Int64 = 0
    while index < count {
      let digit = cell[index] &- 48
      if digit > 9 { return nil }
      value = value &* 10 &+ Int64(digit)
      index &+= 1
    }
    return isNegative ? 0 &- value : value
  }

  /// A whole number of nineteen digits, which may be too large to be one.
  @inline(never)
  private static func longInt(_ cell: UnsafePointer<UInt8>, _ count: Int) -> Int64? {
    let isNegative = cell[0] == UInt8(ascii: "-")
    guard count == (isNegative ? 20 : 19), cell[isNegative ? 1 : 0] &- 49 <= 8 else { return nil }
    return Int64(String(decoding: UnsafeBufferPointer(start: cell, count: count), as: UTF8.self))
  }

  /// The same as `float`, where eight bytes can be read: up to eight bytes are taken as one word, without a look at each.
  @inline(__always)
  static func wordFloat(_ cell: UnsafePointer<UInt8>, _ count: Int, decimal: UInt8) -> Double? {
    if count > 0, count <= 8, let value = shortFloat(shortKey(cell, count), count, decimal) { return value }
    return float(cell, count, decimal: decimal)
  }

  /// The same as `int`, where eight bytes can be read: up to eight digits are taken as one word, without a look at each.
  @inline(__always)
  static func wordInt(_ cell: UnsafePointer<UInt8>, _ count: Int) -> Int64? {
    if count > 0, count <= 8, count == 1 || cell[0] != 48, let value = number(shortKey(cell, count), count) {
      return Int64(truncatingIfNeeded: value)
    }
    return int(cell, count)
  }

  /// The number of one to eight digits, the first of them in the lowest byte; nil where one is no digit.
  @inline(__always)
  private static func number(_ digits: UInt64, _ length: Int) -> UInt64? {
    let ones: UInt64 = 0x0101_0101_0101_0101
    // The digits end at the highest byte, zeros before them; a byte above nine shows in its highest bit.
    let shift = UInt64(truncatingIfNeeded: 64 &- length &* 8)
    var value = (digits ^ (ones &* 0x30) &>> shift) &<< shift
    if (value &+ ones &* 0x76 | value) & (ones &* 0x80) != 0 { return nil }
    value = (value &* 2561) &>> 8 & 0x00FF_00FF_00FF_00FF
    value = (value &* 6_553_601) &>> 16 & 0x0000_FFFF_0000_FFFF
    return (value &* 42_949_672_960_001) &>> 32
  }

  /// Digits with at most one point among them; nil for all else, which may be a number all the same.
  @inline(__always)
  private static func shortFloat(_ word: UInt64, _ count: Int, _ decimal: UInt8) -> Double? {
    let ones: UInt64 = 0x0101_0101_0101_0101
    let marked = word ^ UInt64(decimal) &* ones
    let points = (marked &- ones) & ~marked & (ones &* 0x80)
    var digits = word
    var length = count
    var fraction = 0
    if points != 0 {
      // Bits before the first point: what stands behind it moves one place down.
      let place = UInt64(truncatingIfNeeded: points.trailingZeroBitCount & ~7)
      let behind = place == 56 ? 0 : word &>> (place &+ 8)
      digits = word & (1 &<< place &- 1) | behind &<< place
      length &-= 1
      fraction = length &- Int(truncatingIfNeeded: place >> 3)
    }
    if length == 0 || length &- fraction > 1 && word & 0xFF == 48 { return nil }
    guard let value = number(digits, length) else { return nil }
    return fraction == 0 ? Double(value) : Double(value) / rounds_power_of_ten(fraction)
  }

  /// A number, correctly rounded. An exponent counts only when it has a sign or the number a point: `1E5` is a code.
  /// Digits without a point or exponent obey the rules of `int`.
  @inline(__always)
  static func float(
    _ cell: UnsafePointer<UInt8>, _ count: Int, decimal: UInt8 = UInt8(ascii: ".")
  ) -> Double? {
    guard count > 0 else { return nil }
    let isNegative = cell[0] == UInt8(ascii: "-")
    let first = isNegative ? 1 : 0
    var index = first
    var mantissa: UInt64 = 0
    while index < count {
      let digit = cell[index] &- 48
      if digit > 9 { break }
      mantissa = mantissa &* 10 &+ UInt64(digit)
      index &+= 1
    }
    let whole = index &- first
    if whole > 1, cell[first] == 48 { return nil }
    if index == count {
      if whole < 1 { return nil }
      if whole > 18 { return longInt(cell, count).map { Double($0) } }
      return isNegative ? -Double(mantissa) : Double(mantissa)
    }
    var fraction = 0
    if cell[index] == decimal {
      index &+= 1
      let begin = index
      while index < count {
        let digit = cell[index] &- 48
        if digit > 9 { break }
        mantissa = mantissa &* 10 &+ UInt64(digit)
        index &+= 1
      }
      fraction = index &- begin
      if index == count, whole &+ fraction <= 19, fraction <= 22, mantissa <= 1 << 53 {
        if whole &+ fraction == 0 { return nil }
        let value = Double(mantissa) / rounds_power_of_ten(fraction)
        return isNegative ? -value : value
      }
    }
    return rareFloat(
      cell, count, index, hasPoint: cell[first &+ whole] == decimal, digits: whole + fraction, decimal)
  }

  /// Exponents and more digits than a double holds exactly.
  @inline(never)
  private static func rareFloat(
    _ cell: UnsafePointer<UInt8>, _ count: Int, _ from: Int, hasPoint: Bool, digits: Int, _ decimal: UInt8
  ) -> Double? {
    guard digits > 0, digits < 800 else { return nil }
    var index = from
    if decimal == UInt8(ascii: ","), index < count, cell[index] == UInt8(ascii: ".") {
      return groupedFloat(cell, count)
    }
    if index < count {
      guard cell[index] | 0x20 == UInt8(ascii: "e") else { return nil }
      index += 1
      guard index < count else { return nil }
      let isSigned = cell[index] == UInt8(ascii: "-") || cell[index] == UInt8(ascii: "+")
      guard isSigned || hasPoint else { return nil }
      if isSigned { index += 1 }
      guard index < count, count - index <= 4 else { return nil }
      while index < count {
        guard cell[index] &- 48 <= 9 else { return nil }
        index += 1
      }
    }
    var text = String(decoding: UnsafeBufferPointer(start: cell, count: count), as: UTF8.self)
    if decimal != UInt8(ascii: ".") {
      text = String(text.map { $0.asciiValue == decimal ? "." : $0 })
    }
    if text.hasSuffix(".") { text.removeLast() }
    guard let value = Double(text), value.isFinite else { return nil }
    return value
  }

  /// A number with a decimal comma and points between groups of three digits: `1.234,5`, `12.345.678`.
  private static func groupedFloat(_ cell: UnsafePointer<UInt8>, _ count: Int) -> Double? {
    let text = UnsafeBufferPointer(start: cell, count: count)
    let digits = text[(text[0] == UInt8(ascii: "-") ? 1 : 0)...]
    let isDigit: (UInt8) -> Bool = { $0 &- 48 <= 9 }
    let parts = digits.split(separator: UInt8(ascii: ","), omittingEmptySubsequences: false)
    let groups = parts[0].split(separator: UInt8(ascii: "."), omittingEmptySubsequences: false)
    guard parts.count <= 2, digits.first != 48, (1...3).contains(groups[0].count),
      groups.allSatisfy({ $0.allSatisfy(isDigit) }),
      groups.dropFirst().allSatisfy({ $0.count == 3 })
    else { return nil }
    if parts.count == 2, parts[1].isEmpty || !parts[1].allSatisfy(isDigit) { return nil }
    let plain = text.filter { $0 != UInt8(ascii: ".") }.map {
      $0 == UInt8(ascii: ",") ? UInt8(ascii: ".") : $0
    }
    return Double(String(decoding: plain, as: UTF8.self))
  }

  /// Whether a text, blanks around it left aside, is a number.
  static func isFloat(_ text: [UInt8], decimal: UInt8) -> Bool {
    text.withUnsafeBufferPointer { cell in
      let cell = CellKind.trimmed(cell)
      return cell.baseAddress.map { CellDecoder.float($0, cell.count, decimal: decimal) != nil } ?? false
    }
  }

  /// `true` or `false` in any case.
  @inline(__always)
  static func bool(_ cell: UnsafePointer<UInt8>, _ count: Int) -> Bool? {
    func lower(_ index: Int) -> UInt8 { cell[index] | 0x20 }
    if count == 4, lower(0) == 0x74, lower(1) == 0x72, lower(2) == 0x75, lower(3) == 0x65 { return true }
    if count == 5, lower(0) == 0x66, lower(1) == 0x61, lower(2) == 0x6C, lower(3) == 0x73, lower(4) == 0x65 {
      return false
    }
    return nil
  }

  @inline(__always)
  private static func pair(_ cell: UnsafePointer<UInt8>, _ index: Int) -> Int? {
    let tens = cell[index] &- 48
    let ones = cell[index &+ 1] &- 48
    return tens > 9 || ones > 9 ? nil : Int(tens) &* 10 &+ Int(ones)
  }

  /// An ISO day that exists: `2026-01-31`. Days since 1970-01-01.
  @inline(__always)
  static func date(_ cell: UnsafePointer<UInt8>, _ count: Int) -> Int32? {
    count == 10 ? day(cell) : nil
  }

  @inline(__always)
  private static func day(_ cell: UnsafePointer<UInt8>) -> Int32? {
    guard cell[4] == UInt8(ascii: "-"), cell[7] == UInt8(ascii: "-"), let century = pair(cell, 0),
      let years = pair(cell, 2), let month = pair(cell, 5), let day = pair(cell, 8)
    else { return nil }
    let year = century &* 100 &+ years
    guard month >= 1, month <= 12, day >= 1, year >= 1 else { return nil }
    if day > 28, day > Calendar.daysInMonth(year: year, month: month) { return nil }
    // The years run from March, so that the leap day is the last.
    let shifted = month <= 2 ? year &- 1 : year
    let era = shifted / 400
    let yearOfEra = shifted &- era &* 400
    let dayOfYear = (153 &* (month &+ (month > 2 ? -3 : 9)) &+ 2) / 5 &+ day &- 1
    let dayOfEra = yearOfEra &* 365 &+ yearOfEra / 4 &- yearOfEra / 100 &+ dayOfYear
    return Int32(truncatingIfNeeded: era &* 146_097 &+ dayOfEra &- 719_468)
  }

  struct Instant {
    var microseconds: Int64
    /// Minutes east of Greenwich, where one is written.
    var offset: Int16?
    /// The fraction has digits beyond the microsecond that are not 0.
    var isCut = false
  }

  /// An ISO day and time: `T` or one blank between, minutes or seconds with a fraction, of which six digits are taken,
  /// an offset. Microseconds since 1970-01-01T00:00Z.
  @inline(__always)
  static func datetime(_ cell: UnsafePointer<UInt8>, _ count: Int) -> Instant? {
    guard count >= 16, let days = day(cell), cell[10] == UInt8(ascii: "T") || cell[10] == UInt8(ascii: " "),
      cell[13] == UInt8(ascii: ":"), let hour = pair(cell, 11), hour < 24, let minute = pair(cell, 14),
      minute < 60
    else { return nil }
    var seconds = Int64(days) &* 86_400 &+ Int64(hour &* 3600 &+ minute &* 60)
    var index = 16
    if count >= 19, cell[16] == UInt8(ascii: ":") {
      guard let second = pair(cell, 17), second < 60 else { return nil }
      seconds &+= Int64(second)
      index = 19
    }
    if index == count { return Instant(microseconds: seconds &* 1_000_000, offset: nil) }
    return rest(cell, count, index, seconds)
  }

  /// A fraction and an offset.
  @inline(never)
  private static func rest(
    _ cell: UnsafePointer<UInt8>, _ count: Int, _ from: Int, _ seconds: Int64
  ) -> Instant? {
    var index = from
    var fraction: Int64 = 0
    var isCut = false
    if from == 19, cell[index] == UInt8(ascii: ".") || cell[index] == UInt8(ascii: ",") {
      index += 1
      var scale: Int64 = 100_000
      let begin = index
      while index < count, cell[index] &- 48 <= 9 {
        let digit = Int64(cell[index] &- 48)
        if scale == 0, digit != 0 { isCut = true }
        fraction += digit * scale
        scale /= 10
        index += 1
      }
      if index == begin { return nil }
    }
    let local = seconds &* 1_000_000 &+ fraction
    if index == count { return Instant(microseconds: local, offset: nil, isCut: isCut) }
    guard let offset = offset(cell, count, index) else { return nil }
    return Instant(
      microseconds: local &- Int64(offset) &* 60_000_000, offset: offset, isCut: isCut)
  }

  /// `Z`, `+01`, `+0100` or `+01:00`, in minutes.
  private static func offset(_ cell: UnsafePointer<UInt8>, _ count: Int, _ from: Int) -> Int16? {
    if cell[from] == UInt8(ascii: "Z") || cell[from] == UInt8(ascii: "z") {
      return from + 1 == count ? 0 : nil
    }
    let isWest = cell[from] == UInt8(ascii: "-")
    guard isWest || cell[from] == UInt8(ascii: "+"), from + 3 <= count, let hours = pair(cell, from + 1),
      hours < 24
    else { return nil }
    var minutes = hours * 60
    var index = from + 3
    if index < count {
      if cell[index] == UInt8(ascii: ":") { index += 1 }
      guard index + 2 == count, let rest = pair(cell, index), rest < 60 else { return nil }
      minutes += rest
    }
    return Int16(isWest ? -minutes : minutes)
  }
}
