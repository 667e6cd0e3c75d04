import Columns
import Glibc

/// Numbers as people read them: a fixed number of decimals, thousands separated.
enum NumberText {
  /// A number with exactly so many decimals, rounded as `round` does; `-0` never shows.
  static func fixed(_ value: Double, _ decimals: Int) -> String {
    let decimals = max(0, min(decimals, 17))
    return value.magnitude < 1e21
      ? ValueText.fixed(value, decimals: decimals) : formatted(value, "%.\(decimals)f")
  }

  /// Scientific notation with at most so many significant digits and no trailing zeros: `1.25e-05`.
  static func scientific(_ value: Double, digits: Int = 4) -> String {
    let text = formatted(value, "%.\(max(0, digits - 1))e")
    guard let mark = text.firstIndex(of: "e") else { return text }
    var mantissa = String(text[..<mark])
    if mantissa.contains(".") {
      while mantissa.last == "0" { mantissa.removeLast() }
      if mantissa.last == "." { mantissa.removeLast() }
    }
    return mantissa + text[mark...]
  }

  private static func formatted(_ value: Double, _ format: String) -> String {
    var buffer = [CChar](repeating: 0, count: 352)
    let length = withVaList([value]) { vsnprintf(&buffer, buffer.count, format, $0) }
    let bytes = buffer.prefix(max(0, min(Int(length), buffer.count - 1))).map { UInt8(bitPattern: $0) }
    let text = String(decoding: bytes, as: UTF8.self)
    return text.first == "-" && text.allSatisfy { "-0.".contains($0) } ? String(text.dropFirst()) : text
  }

  /// Decimals of the shortest text that gives the number back, but for the noise of binary fractions (0.1 +
  /// 0.2 has one decimal); nil where it has an exponent.
  static func decimals(_ value: Double) -> Int? {
    let exact = plainDecimals(value)
    guard let exact, exact > 6 else { return exact }
    return plainDecimals(withoutNoise(value))
  }

  /// The number rounded to 13 significant digits.
  static func withoutNoise(_ value: Double) -> Double {
    value.isFinite ? Double(scientific(value, digits: 13)) ?? value : value
  }

  private static func plainDecimals(_ value: Double) -> Int? {
    let text = value.description
    if text.contains("e") { return nil }
    guard let point = text.firstIndex(of: ".") else { return 0 }
    let fraction = text[text.index(after: point)...]
    return fraction == "0" ? 0 : fraction.count
  }

  /// The digits before the point in groups of three.
  static func separated(_ text: String) -> String {
    let digits = text.drop { $0 == "-" }
    let whole = digits.prefix { $0.isNumber }
    if whole.count < 4 { return text }
    var result = text.first == "-" ? "-" : ""
    for (index, digit) in whole.enumerated() {
      if index > 0, (whole.count - index).isMultiple(of: 3) { result.append(",") }
      result.append(digit)
    }
    return result + digits.dropFirst(whole.count)
  }

  /// One number alone, as a label: grouped, at most four significant decimals, never a zero that is none.
  static func label(_ value: Double, grouping: Bool = true) -> String {
    FloatFormat([value], grouping: grouping).text(value)
  }
}

/// How the floats of one column are shown: a common number of decimals, so that the points stand below each
/// other.
///
/// Values that need no more than two decimals are shown in full. Otherwise the largest magnitude decides:
/// four significant decimals below 1, three below 10, two above. A value other than zero that this would
/// show as zero,
/// and one from 1e15 on, is shown in scientific notation.
struct FloatFormat: Sendable {
  let decimals: Int
  let grouping: Bool

  init(_ values: some Sequence<Double>, grouping: Bool = true) {
    var needed = 0
    var largest = 0.0
    for value in values where value.isFinite && value.magnitude < 1e15 {
      largest = max(largest, value.magnitude)
      needed = max(needed, NumberText.decimals(value) ?? (value.magnitude < 1 ? 17 : 0))
    }
    self.grouping = grouping
    if needed <= 2 {
      decimals = needed
    } else if largest >= 10 {
      decimals = 2
    } else if largest >= 1 {
      decimals = min(needed, 3)
    } else {
      let leading = largest > 0 ? Int(-log10(largest).rounded(.down)) - 1 : 0
      decimals = min(needed, 4 + max(0, min(leading, 2)))
    }
  }

  func text(_ value: Double) -> String {
    if value.isNaN { return "nan" }
    if value.isInfinite { return value < 0 ? "-inf" : "inf" }
    if value.magnitude >= 1e15 { return NumberText.scientific(value, digits: 5) }
    let text = NumberText.fixed(value, decimals)
    if value != 0, text.allSatisfy({ "-0.".contains($0) }) { return NumberText.scientific(value) }
    return grouping ? NumberText.separated(text) : text
  }
}
