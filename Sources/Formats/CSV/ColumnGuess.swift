import Columns
import Diagnostics
import Planning

/// A cell of the sample that a note shows.
struct ShownCell: Sendable {
  /// Its line from 1; 0 behind the head of the file, where lines are not counted until the file was read.
  var line: Int
  /// Where its row begins in the file.
  var offset: Int
  /// What it holds, cut where it is long.
  var cell: String

  init(_ cell: CSVSample.Cell, _ line: Int, _ offset: Int) {
    (self.line, self.offset, self.cell) = (line, offset, String(cell.string.prefix(60)))
  }
}

/// The bytes of a cell as a key: an array would be hashed byte by byte, a tenth of the time that a sample takes.
struct CellBytes: Hashable, Sendable {
  let bytes: [UInt8]

  init(_ bytes: [UInt8]) { self.bytes = bytes }

  func hash(into hasher: inout Hasher) {
    bytes.withUnsafeBytes { hasher.combine(bytes: $0) }
  }
}

/// What the sample shows of one column.
struct ColumnGuess: Sendable {
  /// What stands for missing in the column.
  var ownMarks = MissingMarks()
  var type = DataType.missing
  var known = 0
  var quoted = 0
  var numbers = 0
  /// Of these those with an exponent and no decimal sign.
  var exponents = 0
  /// Those of the numbers that have a decimal sign.
  var points = 0
  var days = 0
  var bools = 0
  var marks = 0
  /// Of a column that is simply text: the texts in it that often stand for missing, as they are written.
  private(set) var keptMarks: [String] = []
  /// Of a column of decimals that may be codes: texts that are one number.
  private(set) var codesAsNumbers: [String] = []
  /// How many cells are limits such as `<0.5`, and of each sign the first in the order of letters; nil where none is.
  private(set) var limits: (cells: Int, shown: [String])?
  private(set) var hasMissing = false
  /// Cells that hold nothing but quotes, which are a text in a column of texts.
  var quotedEmpty = 0
  var different: [CellBytes: Int] = [:]
  /// What the column would be if its quotes said nothing: it is text because all its values stand in them.
  var quotedType: DataType?
  /// The first cell of text.
  var firstText: ShownCell?
  /// The first number, the first day and the first `true` or `false`, likewise.
  private var firstNumber: ShownCell?
  private var firstDay: ShownCell?
  private var firstBool: ShownCell?
  /// The first cell with an exponent and no decimal sign.
  var firstExponent: ShownCell?
  /// Cells that say that their row sums up others, and the first of them.
  var totals = 0
  private(set) var firstTotal: ShownCell?
  /// Their different texts.
  private(set) var totalTexts: [String] = []
  /// Texts that are such if what they sum up is there, too.
  private var possibleTotals: [CellBytes: (shown: ShownCell, count: Int)] = [:]
  /// The first of the decimals whose digits behind the sign are three, which may be a group of thousands.
  private(set) var firstGroup: ShownCell?
  /// A decimal that cannot be a whole number in groups of thousands.
  private var hasPlainDecimal = false

  mutating func add(
    _ cell: CSVSample.Cell, line: Int, offset: Int, decimal: UInt8, quoting: QuoteStyle
  ) {
    if ownMarks.given.contains(cell.text) { return }
    var kind = cell.kind(decimal: decimal)
    if kind == .mark, !ownMarks.isGuessed || cell.isQuoted && quoting == .needed { kind = .text }
    if kind == .missing, !ownMarks.isGuessed, cell.text.contains(where: { $0 != 32 && $0 != 9 }) {
      kind = .text
    }
    switch kind {
    case .missing:
      hasMissing = true
      if cell.isQuoted, cell.text.isEmpty, quoting != .all { quotedEmpty += 1 }
      return
    case .mark: marks += 1
    default:
      known += 1
      if cell.isQuoted { quoted += 1 }
      if kind.type.isNumber { Self.count(&numbers, &firstNumber, cell, line, offset) }
      if kind == .float {
        points += 1
        if !hasPlainDecimal { look(forGroupsIn: cell, line, offset, decimal) }
      }
      if kind == .date || kind == .datetime { Self.count(&days, &firstDay, cell, line, offset) }
      if kind == .bool { Self.count(&bools, &firstBool, cell, line, offset) }
      if kind == .text {
        if firstText == nil { firstText = ShownCell(cell, line, offset) }
        look(forTotalIn: cell, line, offset)
      }
      if kind == .exponent { Self.count(&exponents, &firstExponent, cell, line, offset) }
      // Whether an exponent makes a number is settled when the whole sample is known.
      type = CellKind.widened(type, by: kind == .exponent ? .float : kind)
    }
    if different.count <= ColumnGuess.remembered { different[CellBytes(cell.text), default: 0] += 1 }
  }

  private static func count(
    _ number: inout Int, _ first: inout ShownCell?, _ cell: CSVSample.Cell, _ line: Int, _ offset: Int
  ) {
    number += 1
    if first == nil { first = ShownCell(cell, line, offset) }
  }

  /// Counts a text that says that its row sums up others, or may say so.
  private mutating func look(forTotalIn cell: CSVSample.Cell, _ line: Int, _ offset: Int) {
    if TotalNames.isTotal(cell.text) {
      addTotal(ShownCell(cell, line, offset), count: 1)
    } else if possibleTotals.count < Self.totalsKept, let last = cell.text.last,
      last | 0x20 == UInt8(ascii: "l") || last | 0x20 == UInt8(ascii: "s") || last == UInt8(ascii: ":"),
      TotalNames.summed(cell.text) != nil
    {
      possibleTotals[CellBytes(cell.text), default: (ShownCell(cell, line, offset), 0)].count += 1
    }
  }

  private mutating func addTotal(_ shown: ShownCell, count: Int) {
    totals += count
    if firstTotal.map({ shown.offset < $0.offset }) ?? true { firstTotal = shown }
    if totalTexts.count < Self.totalsKept, !totalTexts.contains(shown.cell) { totalTexts.append(shown.cell) }
  }

  /// So many different names of sums are kept in mind.
  private static let totalsKept = 40

  /// Looks at the cell in the last row of a whole file: there more words say that a row sums up those above.
  mutating func look(atLast cell: CSVSample.Cell, line: Int, offset: Int) {
    guard cell.kind(decimal: UInt8(ascii: ".")) == .text, !TotalNames.isTotal(cell.text),
      TotalNames.isTotalOfLast(cell.text),
      different[CellBytes(cell.text)] == 1
    else { return }
    possibleTotals[CellBytes(cell.text)] = nil
    addTotal(ShownCell(cell, line, offset), count: 1)
  }

  /// `Lakeview Total` sums up where `Lakeview` is a value, too: `Bilirubin total` is a test as any other.
  mutating func settleTotals(_ columns: [ColumnGuess]) {
    for (text, found) in possibleTotals.sorted(by: { $0.value.shown.offset < $1.value.shown.offset }) {
      guard let summed = TotalNames.summed(text.bytes).map(CellBytes.init),
        columns.contains(where: { $0.different[summed] != nil })
      else { continue }
      addTotal(found.shown, count: found.count)
    }
  }

  /// Looks whether a decimal may be a whole number in groups of thousands. One that cannot settles it for the column.
  private mutating func look(
    forGroupsIn cell: CSVSample.Cell, _ line: Int, _ offset: Int, _ decimal: UInt8
  ) {
    if !NumberShape.isGrouped(cell.text, by: decimal) {
      hasPlainDecimal = true
    } else if firstGroup == nil {
      firstGroup = ShownCell(cell, line, offset)
    }
  }

  /// Different texts that are kept in mind.
  static let remembered = 4096
  /// A column with so many different texts in the sample, and more than four in five, is mostly different.
  static let manyTexts = 200
  /// With more texts than that, a dictionary does not fit the cache.
  private static let longDictionary = 65_536

  /// Numbers with exponents and never a decimal sign are codes, as of beds: `4E-06`.
  mutating func settleExponents() {
    if type == .float, points == 0 { type = .text }
  }

  /// Cells of a text column that may be numbers: beds such as 4E-06 are none because others are called 4W-06.
  private var plainNumbers: Int { points == 0 ? numbers - exponents : numbers }

  /// What most cells of a text column are, where they are no text.
  var nearly: String? {
    guard type == .text, quotedType == nil else { return nil }
    return plainNumbers * 2 > known
      ? "numbers" : days * 2 > known ? "ISO dates" : bools * 2 > known ? "true or false" : nil
  }

  /// What a good part of a text column is, a quarter at least, where it is not most of it.
  var partly: (what: String, count: Int)? {
    guard type == .text, quotedType == nil, nearly == nil else { return nil }
    let found = [("numbers", plainNumbers), ("ISO dates", days), ("true or false", bools)].max { $0.1 < $1.1 }
    guard let found, found.1 > 2 && found.1 * 4 >= known || found.1 > 0 && found.1 * 2 >= known else {
      return nil
    }
    return found
  }

  /// The first of a column of decimals all of which may be whole numbers in groups of thousands: `1.234`.
  var firstThousands: ShownCell? { type == .float && !hasPlainDecimal ? firstGroup : nil }

  /// The first cell that is not what most cells are.
  var firstOdd: ShownCell? {
    var others = [firstText]
    if numbers * 2 <= known { others.append(firstNumber) }
    if days * 2 <= known { others.append(firstDay) }
    if bools * 2 <= known { others.append(firstBool) }
    return others.compactMap { $0 }.min { $0.offset < $1.offset }
  }

  /// The patterns that fit all cells of a text column of days that are not ISO.
  var dayPatterns: [DatePattern] {
    guard type == .text, numbers == 0, !different.isEmpty, different.count <= ColumnGuess.remembered else {
      return []
    }
    let fitting = DatePattern.common.filter { pattern in
      different.keys.allSatisfy { text in
        text.bytes.isEmpty || Marks.isMark(text.bytes) || pattern.fits(text.bytes)
      }
    }
    return fitting.filter { $0.hasDay } + (areYearsInPairs ? [] : fitting.filter { !$0.hasDay })
  }

  /// Whether all cells are years such as 2009/10 or 2009-10: the second number is the year behind the first, and no month.
  private var areYearsInPairs: Bool {
    different.keys.allSatisfy { key in
      let text = key.bytes
      guard text.count == 7, text.allSatisfy({ $0 &- 48 <= 9 || $0 == 45 || $0 == 47 }) else { return false }
      let (first, second) = (
        Int(text[2] &- 48) * 10 + Int(text[3] &- 48), Int(text[5] &- 48) * 10 + Int(text[6] &- 48)
      )
      return second == (first + 1) % 100
    }
  }

  /// Of a text column of days that are not ISO, but for a few cells: the pattern that fits more than half of them, and
  /// one of those that it does not fit.
  var mostDays: (pattern: DatePattern, odd: String)? {
    guard type == .text, quotedType == nil, nearly == nil, different.count <= ColumnGuess.remembered else {
      return nil
    }
    // Most columns are simply text: the first cells tell.
    let patterns = DatePattern.common.filter(\.hasDay)
    guard let first = firstText,
      patterns.contains(where: { pattern in
        pattern.fits(Array(first.cell.utf8)) || different.keys.prefix(2).contains { pattern.fits($0.bytes) }
      })
    else { return nil }
    var best: (pattern: DatePattern, cells: Int)?
    for pattern in patterns {
      let cells = different.reduce(0) { $0 + (pattern.fits($1.key.bytes) ? $1.value : 0) }
      if cells > best?.cells ?? 0 { best = (pattern, cells) }
    }
    guard let best, best.cells * 2 > known else { return nil }
    let odd = different.keys.lazy.map(\.bytes).filter { text in
      !text.isEmpty && !Marks.isMark(text) && !best.pattern.fits(text)
    }.map { String(decoding: $0, as: UTF8.self) }.min()
    return odd.map { (best.pattern, $0) }
  }

  /// Looks for what is told of texts, while these are still in mind.
  mutating func settleTexts() {
    keptMarks = findMarks()
    limits = findLimits()
    codesAsNumbers = findCodes()
  }

  private func findMarks() -> [String] {
    let isAllMarks = known == 0 && marks > 0
    guard type == .text || isAllMarks, numbers == 0, ownMarks.isGuessed else { return [] }
    // In words `None` is an answer as any other, and `.` a sign.
    let doubtful = Marks.soft.filter { isAllMarks || !["None", "."].contains($0) }
    let found = doubtful.filter { different[CellBytes(Array($0.utf8))] != nil }
    return found + (quotedEmpty > 0 ? [""] : [])
  }

  /// `250.0` and `250.00` are two codes of diagnoses and one number. Measured values are written like that, too, but
  /// not all with three digits before the sign and at most two behind it.
  private func findCodes() -> [String] {
    guard type == .float, points > 1, different.count <= ColumnGuess.remembered else { return [] }
    var byNumber: [[UInt8]: [[UInt8]]] = [:]
    for key in different.keys {
      let bytes = key.bytes
      guard let sign = bytes.firstIndex(where: { $0 == UInt8(ascii: ".") || $0 == UInt8(ascii: ",") }),
        sign == 3,
        bytes.count - sign - 1 <= 2, bytes.allSatisfy({ $0 != UInt8(ascii: "-") })
      else {
        if Marks.soft.contains(String(decoding: bytes, as: UTF8.self)) || bytes.count == 3 { continue }
        return []
      }
      var plain = bytes
      while plain.last == UInt8(ascii: "0") { plain.removeLast() }
      byNumber[plain, default: []].append(bytes)
    }
    let alike = byNumber.values.filter { $0.count > 1 }.min { $0[0].lexicographicallyPrecedes($1[0]) }
    return (alike ?? []).map { String(decoding: $0, as: UTF8.self) }.sorted()
  }

  private func findLimits() -> (cells: Int, shown: [String])? {
    guard numbers > 0, different.count <= ColumnGuess.remembered else { return nil }
    var cells = 0
    var shown: [String: String] = [:]
    for (key, count) in different where key.bytes.contains(where: { $0 == 60 || $0 == 62 }) {
      let text = String(decoding: key.bytes, as: UTF8.self)
      guard ConversionAdvice.isLimit(text) else { continue }
      cells += count
      let sign = text.filter { "<>=".contains($0) }
      shown[sign] = min(shown[sign] ?? text, text)
    }
    return cells == 0 ? nil : (cells, shown.values.sorted())
  }

  /// Whether the texts are so many that each is worth its place in the column: a dictionary of them would be as long.
  var isMostlyDistinct: Bool {
    let cells = known + marks
    guard different.count > ColumnGuess.manyTexts else { return false }
    if different.count > ColumnGuess.remembered { return true }
    return different.count * 5 > cells * 4 && Self.isLong(different.count, of: cells)
  }

  /// Whether the dictionary of a whole column would not fit the cache, from some of its cells and their different
  /// texts. Of n cells drawn from D texts about n²/2D - n³/6D² meet a text again: some cells of a few thousand texts
  /// are nearly all different, too.
  static func isLong(_ different: Int, of cells: Int) -> Bool {
    let again = cells - different
    return again <= 0 || cells * cells / (2 * again) - cells / 3 > longDictionary
  }
}
