/// The digits of a float as people read it: those of the shortest text that gives the same float. Rounding looks at
/// these, so that 2.675 is a tie, and 28.499999999999996 is none.
struct DecimalDigits {
  /// Digits without leading zeros; empty for 0.
  private(set) var digits: [UInt8]
  /// How many of the digits stand before the point; less than 0 for zeros between the point and the first digit.
  private(set) var point: Int

  /// - Parameter magnitude: finite, not negative.
  init(_ magnitude: Double) {
    digits = []
    point = 0
    var exponent = 0
    var isBehindPoint = false
    let text = magnitude.description.utf8
    var rest = text.makeIterator()
    scan: while let byte = rest.next() {
      switch byte {
      case UInt8(ascii: "0")...UInt8(ascii: "9"):
        digits.append(byte - UInt8(ascii: "0"))
        if !isBehindPoint { point += 1 }
      case UInt8(ascii: "."): isBehindPoint = true
      default:
        var power = ""
        while let byte = rest.next() { power.unicodeScalars.append(Unicode.Scalar(byte)) }
        exponent = Int(power.hasPrefix("+") ? String(power.dropFirst()) : power) ?? 0
        break scan
      }
    }
    point += exponent
    let zeros = digits.prefix { $0 == 0 }.count
    digits.removeFirst(zeros)
    point -= zeros
    while digits.last == 0 { digits.removeLast() }
    if digits.isEmpty { point = 0 }
  }

  /// Keeps so many digits behind the point (before it when negative), halves upwards.
  mutating func round(places: Int) {
    let kept = point + places
    if kept >= digits.count { return }
    if kept < 0 {
      digits = []
      point = 0
      return
    }
    let isUp = digits[kept] >= 5
    digits.removeLast(digits.count - kept)
    if isUp {
      while digits.last == 9 { digits.removeLast() }
      if let last = digits.indices.last {
        digits[last] += 1
      } else {
        // Nines all through, or nothing kept: the digit before them.
        digits = [1]
        point += 1
      }
    }
    if digits.isEmpty { point = 0 }
  }

  var isZero: Bool { digits.isEmpty }

  /// The nearest float.
  var value: Double {
    if isZero { return 0 }
    let text = String(decoding: digits.map { $0 + UInt8(ascii: "0") }, as: UTF8.self)
    return Double("\(text)e\(point - digits.count)") ?? .infinity
  }

  /// All digits before the point and so many behind it.
  func text(decimals: Int) -> String {
    func digit(_ index: Int) -> UInt8 {
      (digits.indices.contains(index) ? digits[index] : 0) + UInt8(ascii: "0")
    }
    var bytes = point > 0 ? (0..<point).map(digit) : [UInt8(ascii: "0")]
    if decimals > 0 {
      bytes.append(UInt8(ascii: "."))
      for place in 0..<decimals { bytes.append(digit(point + place)) }
    }
    return String(decoding: bytes, as: UTF8.self)
  }
}
