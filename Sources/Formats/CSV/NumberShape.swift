import Columns

/// What a text that is no number looks like to somebody who wanted numbers or days.
enum NumberShape: Equatable, Sendable {
  /// `007`: digits that begin with a further zero.
  case leadingZero
  /// `4E-06`: an exponent and no decimal sign.
  case exponent
  /// More digits than a whole number holds.
  case long
  /// `3,7` or `1.234,5`.
  case decimalComma
  /// `1,234`: thousands or a decimal comma.
  case ambiguousComma
  /// `1,200.50` or `$ 12`: a number once these characters are taken out.
  case signs([Character])
  /// `2026-10`
  case month
  /// No digit in it, and short: perhaps a word for missing.
  case word
  case other

  /// What may stand in a number without being part of it.
  static let knownSigns: [Character] = ["(", ")", "$", "€", "£", "%", ",", " ", "\u{a0}", "\u{202f}"]

  /// Whether a column of nothing but such texts could be one of numbers.
  var isNearNumber: Bool {
    switch self {
    case .exponent, .decimalComma, .ambiguousComma, .signs: true
    case .leadingZero, .long, .month, .word, .other: false
    }
  }

  /// - Parameter decimal: the decimal sign that numbers are read with.
  init(_ cell: String, decimal: UInt8) {
    // What the signs are called does not matter: `1.204,5` is to a comma what `1,204.5` is to a point.
    self.init(decimal == UInt8(ascii: ",") ? Self.exchanged(cell) : cell)
    if case .signs(let signs) = self, decimal == UInt8(ascii: ",") {
      self = .signs(signs.map { $0 == "," ? "." : $0 })
    }
  }

  /// Points in place of commas, and commas in place of points.
  private static func exchanged(_ text: String) -> String {
    String(text.map { $0 == "," ? "." : $0 == "." ? "," : $0 })
  }

  init(_ cell: String) {
    let isBlank: (Character) -> Bool = { $0 == " " || $0 == "\t" }
    let text = String(cell.drop(while: isBlank).reversed().drop(while: isBlank).reversed())
    let bytes = Array(text.utf8)
    self = NumberShape.plain(bytes) ?? NumberShape.comma(bytes) ?? NumberShape.signed(text) ?? .other
    // `1 204,5`
    if self == .other, text.contains(","), text.contains(where: { " \u{a0}\u{202f}".contains($0) }),
      NumberShape.signed(Self.exchanged(text)) != nil
    {
      self = .decimalComma
    }
    if self == .other, text.count <= 20, !text.contains(where: \.isNumber) { self = .word }
  }

  /// Shapes of digits with at most a point, a sign or an exponent.
  private static func plain(_ bytes: [UInt8]) -> NumberShape? {
    let digits = bytes.first == UInt8(ascii: "-") ? bytes.dropFirst() : bytes[...]
    let isDigit: (UInt8) -> Bool = { $0 &- 48 <= 9 }
    guard let first = digits.first, isDigit(first) else { return nil }
    if digits.count == 7, bytes.count == 7, bytes[4] == UInt8(ascii: "-"),
      isDigit(bytes[1]), isDigit(bytes[2]), isDigit(bytes[3]), isDigit(bytes[5]), isDigit(bytes[6])
    {
      return .month
    }
    let whole = digits.prefix(while: isDigit)
    var rest = digits.dropFirst(whole.count)
    if rest.first == UInt8(ascii: ".") {
      rest = rest.dropFirst()
      rest = rest.dropFirst(rest.prefix(while: isDigit).count)
      return rest.isEmpty && first == 48 && whole.count > 1 ? .leadingZero : nil
    }
    if rest.isEmpty { return first == 48 ? .leadingZero : .long }
    guard rest.removeFirst() | 0x20 == UInt8(ascii: "e") else { return nil }
    if rest.first == UInt8(ascii: "-") || rest.first == UInt8(ascii: "+") { rest.removeFirst() }
    return !rest.isEmpty && rest.allSatisfy(isDigit) ? .exponent : nil
  }

  /// Whether a decimal may be a whole number in groups of thousands: one to three digits, the sign, three digits.
  static func isGrouped(_ number: [UInt8], by sign: UInt8) -> Bool {
    let digits = number.first == UInt8(ascii: "-") ? number.dropFirst() : number[...]
    let parts = digits.split(separator: sign, omittingEmptySubsequences: false)
    return parts.count == 2 && parts[1].count == 3 && (1...3).contains(parts[0].count) && parts[0].first != 48
      && parts.joined().allSatisfy { $0 &- 48 <= 9 }
  }

  private static func comma(_ bytes: [UInt8]) -> NumberShape? {
    let comma = UInt8(ascii: ",")
    guard bytes.contains(comma), CellDecoder.isFloat(bytes, decimal: comma) else { return nil }
    return isGrouped(bytes, by: comma) ? .ambiguousComma : .decimalComma
  }

  /// Whether blanks stand only between thousands, or beside a sign of money or percent: `1 200`, `$ 12`.
  private static func isSpacedWell(_ text: String) -> Bool {
    let blanks: Set<Character> = [" ", "\u{a0}", "\u{202f}"]
    let isSign: (Character) -> Bool = { "$€£%()".contains($0) || blanks.contains($0) }
    // Signs in front and behind stand apart as they like.
    let digits = text.drop(while: isSign).reversed().drop(while: isSign).reversed()
    let halves = String(digits).split(separator: ".", maxSplits: 1)
    let whole = halves.first ?? ""
    let parts = whole.split(whereSeparator: blanks.contains).filter { $0.contains(where: \.isNumber) }
    return parts.dropFirst().allSatisfy { $0.count(where: \.isNumber) == 3 && $0.first?.isNumber == true }
      && (parts.count < 2 || (1...3).contains(parts[0].count(where: \.isNumber)))
      && !(halves.dropFirst().first?.contains(where: blanks.contains) ?? false)
  }

  /// The signs of money, percent and thousands in a number that is one without them.
  private static func signed(_ text: String) -> NumberShape? {
    let signs = text.filter { knownSigns.contains($0) }
    let number = Array(text.filter { !knownSigns.contains($0) }.utf8)
    // Accountants write -6,345 as (6,345).
    if signs.contains(where: { "()".contains($0) }),
      text.first != "(" || text.last != ")" || text.contains("-")
    {
      return nil
    }
    guard !signs.isEmpty, CellDecoder.isFloat(number, decimal: UInt8(ascii: ".")), isSpacedWell(text)
    else { return nil }
    // A comma is taken for thousands only where it cannot be a decimal sign.
    let whole = text.split(separator: ".", maxSplits: 1).first ?? ""
    let groups = whole.split(separator: ",", omittingEmptySubsequences: false)
    guard groups.dropFirst().allSatisfy({ $0.filter(\.isNumber).count == 3 }),
      !(text.split(separator: ".", maxSplits: 1).dropFirst().first?.contains(",") ?? false)
    else { return nil }
    if groups.count == 2, !text.contains("."), signs.count == 1 || signs.contains("€") { return nil }
    var found: [Character] = []
    for sign in signs where !found.contains(sign) { found.append(sign) }
    return .signs(found)
  }
}

/// Why a column of the sample is text although it could be taken for numbers or days.
indirect enum TextReason: Equatable, Sendable {
  /// Codes of digits: the first one, and its shape.
  case codes(String, NumberShape)
  /// Decimal commas throughout.
  case decimalComma(String)
  /// Each comma may stand for thousands or for the decimal sign.
  case ambiguousComma(String)
  /// Signs that can be taken out.
  case signs(String, [Character])
  /// A few words among numbers or days.
  case words([String])
  /// Months among days.
  case months(String)
  /// Durations throughout, spelled as Rounds writes them.
  case durations(String)
  /// Most cells have a reason, and one that has none.
  case mostly(TextReason, odd: String)
}

extension ColumnGuess {
  /// Different words among numbers that may be words for missing.
  private static let fewWords = 3

  /// Why the column is text; nil where it is simply text.
  ///
  /// - Parameter decimal: the decimal sign that numbers were read with.
  func textReason(decimal: UInt8) -> TextReason? {
    guard type == .text, quotedType == nil, let first = firstText ?? firstExponent else { return nil }
    if nearly == nil, let reason = mostlyCommas(decimal: decimal) { return reason }
    var odd: Set<String> = []
    var shapes: [NumberShape] = []
    let comma = UInt8(ascii: ",")
    var fitsComma = decimal != comma
    for text in different.keys.lazy.map(\.bytes) {
      let kind = CellKind.of(text, decimal: decimal)
      if kind == .mark || kind == .missing { continue }
      fitsComma =
        fitsComma
        && (CellDecoder.isFloat(text, decimal: comma)
          || NumberShape(String(decoding: text, as: UTF8.self)) == .decimalComma)
      guard kind == .text || kind == .exponent else { continue }
      let cell = String(decoding: text, as: UTF8.self)
      let shape = NumberShape(cell, decimal: decimal)
      if kind == .exponent, shape != .exponent { continue }
      // One plain text is enough to see that the column is simply text; most columns are, and have many texts.
      if nearly == nil, !shape.isNearNumber, !Self.isDuration(cell) { return nil }
      odd.insert(cell)
      shapes.append(shape)
    }
    guard !shapes.isEmpty else { return nil }
    if numbers == 0, days == 0, odd.allSatisfy(Self.isDuration) { return .durations(first.cell) }
    if fitsComma, shapes.contains(.decimalComma) { return .decimalComma(first.cell) }
    if shapes.allSatisfy({ $0 == .ambiguousComma }) { return .ambiguousComma(first.cell) }
    if let signs = signs(shapes) { return .signs(first.cell, signs) }
    return other(first.cell, odd, shapes)
  }

  /// Numbers with commas in most cells, and something else in others.
  private func mostlyCommas(decimal: UInt8) -> TextReason? {
    let comma = UInt8(ascii: ",")
    guard decimal != comma else { return nil }
    // Bytes are looked at first: most columns are simply text, and have many texts.
    var likely = 0
    for (key, count) in different
    where key.bytes.contains(comma) && key.bytes.contains(where: { $0 &- 48 <= 9 }) {
      likely += count
    }
    guard likely * 2 > known else { return nil }
    var (near, others): ([String], [String]) = ([], [])
    var cells = 0
    var shapes: [NumberShape] = []
    for (key, count) in different {
      let text = key.bytes
      let kind = CellKind.of(text, decimal: decimal)
      if kind != .text {
        if kind.type.isNumber { cells += count }
        continue
      }
      let cell = String(decoding: text, as: UTF8.self)
      let shape = NumberShape(cell)
      if shape.isNearNumber {
        near.append(cell)
        shapes.append(shape)
        cells += count
      } else {
        others.append(cell)
      }
    }
    guard cells * 2 > known, let first = near.min(), let odd = others.min() else { return nil }
    let reason: TextReason? =
      if shapes.allSatisfy({ $0 == .ambiguousComma }) {
        .ambiguousComma(first)
      } else if let signs = signs(shapes) {
        .signs(first, signs)
      } else if shapes.allSatisfy({ $0 == .decimalComma || $0 == .ambiguousComma }) {
        .decimalComma(first)
      } else { nil }
    return reason.map { .mostly($0, odd: odd) }
  }

  private func other(_ first: String, _ odd: Set<String>, _ shapes: [NumberShape]) -> TextReason? {
    if shapes.allSatisfy({ $0 == .exponent }) { return .codes(first, .exponent) }
    guard nearly != nil else { return nil }
    if let shape = shapes.first, shapes.allSatisfy({ [.leadingZero, .exponent, .long].contains($0) }) {
      return .codes(first, shapes.count == 1 ? shape : NumberShape(first))
    }
    if shapes.allSatisfy({ $0 == .month }), days * 2 > known { return .months(first) }
    if odd.count <= Self.fewWords, shapes.allSatisfy({ $0 == .word }) { return .words(odd.sorted()) }
    return nil
  }

  private static func isDuration(_ text: String) -> Bool {
    guard case .duration(let length) = Kernels.parse(text, as: .duration) else { return false }
    return Calendar.text(duration: length) == text
  }

  /// The signs to take out, where all odd cells are numbers then and one of them shows what its comma means.
  private func signs(_ shapes: [NumberShape]) -> [Character]? {
    var found: [Character] = []
    var isCertain = false
    for shape in shapes {
      switch shape {
      case .ambiguousComma: if !found.contains(",") { found.append(",") }
      case .signs(let signs):
        isCertain = true
        for sign in signs where !found.contains(sign) { found.append(sign) }
      default: return nil
      }
    }
    return isCertain ? NumberShape.knownSigns.filter { found.contains($0) } : nil
  }
}
