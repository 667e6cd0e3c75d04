import Columns

/// Values spelled straight into memory that has room for them; each function gives the bytes that it wrote.
enum Spelling {
  typealias Target = UnsafeMutablePointer<UInt8>

  /// Bytes that any number, date or datetime fits into, quotes included.
  static let widest = 64

  /// The last `count` decimal digits.
  @inline(__always)
  static func put(_ value: UInt64, digits count: Int, at target: Target) {
    var rest = value
    var position = count
    while position >= 2 {
      let pair = rest % 100
      rest /= 100
      position &-= 2
      target[position] = UInt8(truncatingIfNeeded: 48 &+ pair / 10)
      target[position &+ 1] = UInt8(truncatingIfNeeded: 48 &+ pair % 10)
    }
    if position == 1 { target[0] = UInt8(truncatingIfNeeded: 48 &+ rest % 10) }
  }

  @inline(__always)
  static func put(_ value: UInt64, at target: Target) -> Int {
    if value >= 100_000_000 { return putLong(value, at: target) }
    let count: Int
    if value < 10_000 {
      count = value < 100 ? (value < 10 ? 1 : 2) : (value < 1000 ? 3 : 4)
    } else {
      count = value < 1_000_000 ? (value < 100_000 ? 5 : 6) : (value < 10_000_000 ? 7 : 8)
    }
    put(value, digits: count, at: target)
    return count
  }

  @inline(never)
  private static func putLong(_ value: UInt64, at target: Target) -> Int {
    let front = put(value / 100_000_000, at: target)
    put(value % 100_000_000, digits: 8, at: target + front)
    return front + 8
  }

  @inline(__always)
  static func put(_ value: Int64, at target: Target) -> Int {
    if value >= 0 { return put(value.magnitude, at: target) }
    target[0] = UInt8(ascii: "-")
    return put(value.magnitude, at: target + 1) + 1
  }

  /// A float in the shortest form that reads back as the same number, as Swift describes it but for a point before
  /// an exponent.
  ///
  /// A number of at most 15 decimal digits is the only one of so few that its float reads as; so a whole number
  /// divided by a power of ten, which gives the nearest float, has the shortest form where it gives this one.
  @inline(__always)
  static func put(_ value: Double, at target: Target) -> Int {
    let size = value.magnitude
    if size >= 0.001, size < 1e9 {
      let hundredths = UInt64(size * 100 + 0.5)
      if Double(hundredths) / 100 == size {
        return put(hundredths, decimals: 2, scale: 100, isNegative: value < 0, at: target)
      }
      let millionths = UInt64(size * 1e6 + 0.5)
      if Double(millionths) / 1e6 == size {
        return put(millionths, decimals: 6, scale: 1_000_000, isNegative: value < 0, at: target)
      }
    }
    return putLong(value, at: target)
  }

  /// A number with an exponent gets a decimal point, without which it would be read back as a code.
  @inline(never)
  private static func putLong(_ value: Double, at target: Target) -> Int {
    let text = value.description
    guard let exponent = text.firstIndex(of: "e"), !text.contains(".") else { return put(text, at: target) }
    return put("\(text[..<exponent]).0\(text[exponent...])", at: target)
  }

  @inline(__always)
  private static func put(
    _ scaled: UInt64, decimals: Int, scale: UInt64, isNegative: Bool, at target: Target
  ) -> Int {
    var end = 0
    if isNegative {
      target[0] = UInt8(ascii: "-")
      end = 1
    }
    end += put(scaled / scale, at: target + end)
    target[end] = UInt8(ascii: ".")
    put(scaled % scale, digits: decimals, at: target + end + 1)
    end += 1 + decimals
    // One digit stays behind the point.
    for _ in 1..<decimals where target[end - 1] == 48 { end -= 1 }
    return end
  }

  @inline(never)
  static func put(_ text: String, at target: Target) -> Int {
    var text = text
    return text.withUTF8 { bytes in
      let count = min(bytes.count, widest)
      if let start = bytes.baseAddress { target.update(from: start, count: count) }
      return count
    }
  }

  /// `2026-01-31`
  @inline(__always)
  static func put(days: Int32, at target: Target) -> Int {
    guard Calendar.days.contains(days) else { return put(Calendar.text(days: days), at: target) }
    let day = Calendar.day(of: days)
    put(UInt64(day.year), digits: 4, at: target)
    target[4] = UInt8(ascii: "-")
    put(UInt64(day.month), digits: 2, at: target + 5)
    target[7] = UInt8(ascii: "-")
    put(UInt64(day.day), digits: 2, at: target + 8)
    return 10
  }

  /// `2026-01-31T08:30:00`, as `Calendar.text` gives it.
  @inline(__always)
  static func put(microseconds: Int64, offset: Int16?, at target: Target) -> Int {
    let local = microseconds &+ Int64(offset ?? 0) * Calendar.microsecondsPerMinute
    let (days, time) = (Calendar.days(ofMicroseconds: local), Calendar.timeOfDay(local))
    guard offset == nil, Calendar.days.contains(days) else {
      return put(Calendar.text(microseconds: microseconds, offset: offset), at: target)
    }
    _ = put(days: days, at: target)
    let seconds = UInt64(time) / 1_000_000
    target[10] = UInt8(ascii: "T")
    put(seconds / 3600, digits: 2, at: target + 11)
    target[13] = UInt8(ascii: ":")
    put(seconds / 60 % 60, digits: 2, at: target + 14)
    target[16] = UInt8(ascii: ":")
    put(seconds % 60, digits: 2, at: target + 17)
    let fraction = UInt64(time) % 1_000_000
    if fraction == 0 { return 19 }
    target[19] = UInt8(ascii: ".")
    put(fraction, digits: 6, at: target + 20)
    var end = 26
    while target[end - 1] == 48 { end -= 1 }
    return end
  }
}
