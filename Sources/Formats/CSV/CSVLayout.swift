import Columns
import Diagnostics
import Planning

/// What the head of a file shows: how it is laid out, its names, and the types of a sample.
struct CSVLayout: Sendable {
  var dialect = CSVDialect()
  var names: [String] = []
  /// Where the first row of data begins, and its line from 1.
  var dataStart = 0
  var dataLine = 1
  /// What quotes around a cell say.
  var quoting = QuoteStyle.needed
  /// Columns that the header names.
  var headerWidth = 0
  /// The line of a row further down that looks like the header: what stands above may be a title.
  var likelyHeader: Int?
  /// The first row that has more cells than the header names columns: its line and its cells.
  var longerRow: (line: Int, cells: Int)?
  var columns: [ColumnGuess] = []
  /// For columns of days that are not ISO: the patterns that fit.
  var dayPatterns: [[DatePattern]] = []
  /// For columns most of whose cells are such days: the pattern, and a cell that it does not fit.
  var mostDays: [(pattern: DatePattern, odd: String)?] = []
  /// For columns of text that could be taken for something else: why they are not.
  var textReasons: [TextReason?] = []
  var notes: [Note] = []
  /// The delimiter that the first line gives (`sep=;`).
  private var separator: UInt8?

  /// Rows that decide the layout.
  static let layoutRows = 200
}

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
  /// Those of the numbers that have a decimal sign.
  var points = 0
  var days = 0
  var bools = 0
  var marks = 0
  /// Of a column that is simply text: the texts in it that often stand for missing, as they are written.
  private(set) var keptMarks: [String] = []
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
        if Self.isTotal(cell.text) { Self.count(&totals, &firstTotal, cell, line, offset) }
      }
      if kind == .exponent, firstExponent == nil { firstExponent = ShownCell(cell, line, offset) }
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

  /// What the row of a sum is called.
  private static let totalNames = [
    "total", "totals", "grand total", "subtotal", "sub-total", "sub total", "sum", "overall",
  ].map { Array($0.utf8) }

  /// Whether a cell is one of these, in capitals or not, perhaps with a colon.
  static func isTotal(_ cell: [UInt8]) -> Bool {
    var lower = 0
    var upper = cell.count
    while lower < upper, cell[lower] == 32 { lower += 1 }
    while upper > lower, cell[upper - 1] == 32 || cell[upper - 1] == UInt8(ascii: ":") { upper -= 1 }
    // Most texts are seen to be others by their length and their first letter.
    guard (3...11).contains(upper - lower) else { return false }
    switch cell[lower] | 0x20 {
    case UInt8(ascii: "t"), UInt8(ascii: "g"), UInt8(ascii: "s"), UInt8(ascii: "o"): break
    default: return false
    }
    return totalNames.contains { name in
      name.count == upper - lower && name[0] == cell[lower] | 0x20
        && name.indices.allSatisfy { name[$0] == cell[lower + $0] | 0x20 }
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

  /// What most cells of a text column are, where they are no text.
  var nearly: String? {
    guard type == .text, quotedType == nil else { return nil }
    return numbers * 2 > known
      ? "numbers" : days * 2 > known ? "ISO dates" : bools * 2 > known ? "true or false" : nil
  }

  /// What a good part of a text column is, a quarter at least, where it is not most of it.
  var partly: (what: String, count: Int)? {
    guard type == .text, quotedType == nil, nearly == nil else { return nil }
    let found = [("numbers", numbers), ("ISO dates", days), ("true or false", bools)].max { $0.1 < $1.1 }
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
        text.bytes.withUnsafeBufferPointer { cell in
          cell.isEmpty || Marks.isMark(cell) || pattern.value(cell, as: .date) != nil
        }
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
    func fits(_ pattern: DatePattern, _ text: [UInt8]) -> Bool {
      text.withUnsafeBufferPointer { pattern.value($0, as: .date) != nil }
    }
    // Most columns are simply text: the first cells tell.
    let patterns = DatePattern.common.filter(\.hasDay)
    guard let first = firstText,
      patterns.contains(where: { pattern in
        fits(pattern, Array(first.cell.utf8)) || different.keys.prefix(2).contains { fits(pattern, $0.bytes) }
      })
    else { return nil }
    var best: (pattern: DatePattern, cells: Int)?
    for pattern in patterns {
      let cells = different.reduce(0) { $0 + (fits(pattern, $1.key.bytes) ? $1.value : 0) }
      if cells > best?.cells ?? 0 { best = (pattern, cells) }
    }
    guard let best, best.cells * 2 > known else { return nil }
    let odd = different.keys.lazy.map(\.bytes).filter { text in
      !text.isEmpty && !text.withUnsafeBufferPointer(Marks.isMark) && !fits(best.pattern, text)
    }.map { String(decoding: $0, as: UTF8.self) }.min()
    return odd.map { (best.pattern, $0) }
  }

  /// Looks for what is told of texts, while these are still in mind.
  mutating func settleTexts() {
    keptMarks = findMarks()
    limits = findLimits()
  }

  private func findMarks() -> [String] {
    guard type == .text, numbers == 0, ownMarks.isGuessed else { return [] }
    // In words `None` is an answer as any other, and `.` a sign.
    let doubtful = Marks.soft.filter { !["None", "."].contains($0) }
    let found = doubtful.filter { different[CellBytes(Array($0.utf8))] != nil }
    return found + (quotedEmpty > 0 ? [""] : [])
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

extension CSVLayout {
  /// Sniffs a file.
  init(_ source: ByteSource, _ options: CSVOptions, extension ending: String, sampleBytes: Int)
    throws(FormatFault)
  {
    var start = 0
    let head = try source.bytes(at: 0, count: sampleBytes)
    // Some programs write the mark twice.
    while head[start...].starts(with: [0xEF, 0xBB, 0xBF]) { start += 3 }
    dialect.quote = options.quote
    dialect.comment = options.comment
    dialect.decimal = options.decimal
    dialect.lineEnd = CSVLayout.lineEnd(head)
    var line = 1
    CSVLayout.skip(options.skip, head, dialect.lineEnd, &start, &line)
    if options.skip == 0 { skipSeparatorLine(head, options, &start, &line) }
    let rest = Array(head[min(start, head.count)...])
    let isWhole = try source.ends(at: head.count)
    decideDelimiter(rest, options, isWhole: isWhole, isTabbed: ["tsv", "tab"].contains(ending))
    var sample = CSVSample(rest, dialect, isWhole: isWhole)
    if sample.rows.isEmpty, !isWhole {
      // The first row is longer than the sample.
      let all = try source.bytes(at: start, count: try source.count())
      sample = CSVSample(all, dialect, isWhole: true, maxRows: 2)
    }
    settle(sample, rest, options, start: start, line: line)
    if !isWhole { try addFurtherSamples(source, options, sampleBytes) }
    decideQuoted()
    for column in columns.indices { columns[column].settleExponents() }
    dayPatterns = columns.map(\.dayPatterns)
    mostDays = columns.indices.map { dayPatterns[$0].isEmpty ? columns[$0].mostDays : nil }
    for column in columns.indices { columns[column].settleTexts() }
    textReasons = columns.map { $0.textReason(decimal: dialect.decimal) }
  }

  /// Carriage returns end the lines of a file that has no line feed.
  private static func lineEnd(_ head: [UInt8]) -> UInt8 {
    head.contains(CSVDialect.lineFeed) || !head.contains(CSVDialect.carriageReturn)
      ? CSVDialect.lineFeed : CSVDialect.carriageReturn
  }

  private static func skip(
    _ lines: Int, _ head: [UInt8], _ lineEnd: UInt8, _ start: inout Int, _ line: inout Int
  ) {
    var left = lines
    while left > 0, start < head.count {
      if head[start] == lineEnd {
        left -= 1
        line += 1
      }
      start += 1
    }
  }

  /// A first line such as `sep=;`, which Excel writes and takes for no row.
  private mutating func skipSeparatorLine(
    _ head: [UInt8], _ options: CSVOptions, _ start: inout Int, _ line: inout Int
  ) {
    let text = head[min(start, head.count)...].prefix(7)
    guard text.count > 5, (Self.delimiters + Array(": ".utf8)).contains(text[text.startIndex + 4]),
      text.prefix(4).map({ $0 | 0x20 }) == Array("sep=".utf8)
    else { return }
    var end = text.startIndex + 5
    if end < head.count, head[end] == CSVDialect.carriageReturn, dialect.lineEnd != CSVDialect.carriageReturn
    {
      end += 1
    }
    guard end < head.count, head[end] == dialect.lineEnd else { return }
    if options.delimiter == nil { separator = head[text.startIndex + 4] }
    // It is no irregularity that `strict` would refuse.
    if !options.strict {
      notes.append(
        Note(.input, "the first line says what stands between cells, as Excel writes it: it is no row"))
    }
    (start, line) = (end + 1, line + 1)
  }

  /// The characters that are tried between cells.
  static let delimiters = Array(",;\t|".utf8)

  /// The delimiter that was given, the tab that the file's ending promises, or else what the head shows.
  private mutating func decideDelimiter(
    _ head: [UInt8], _ options: CSVOptions, isWhole: Bool, isTabbed: Bool
  ) {
    let shown = CSVLayout.delimiter(head, dialect, isWhole: isWhole)
    dialect.delimiter = options.delimiter ?? separator ?? (isTabbed ? UInt8(ascii: "\t") : shown)
    guard options.delimiter == nil, separator == nil, isTabbed, shown != dialect.delimiter,
      !head.contains(dialect.delimiter)
    else { return }
    let sample = CSVSample(head, dialect, isWhole: isWhole, maxRows: 1)
    guard sample.rows.first?.cells.first?.text.contains(shown) ?? false else { return }
    let sign = String(decoding: [shown], as: UTF8.self)
    notes.append(
      Note(
        .input,
        "the file's ending promises tabs and it has none: each line is one cell; `with delimiter = \"\(sign)\"` "
          + "splits them"))
  }

  /// The delimiter that gives most rows the same number of cells, two at least.
  private static func delimiter(_ head: [UInt8], _ dialect: CSVDialect, isWhole: Bool) -> UInt8 {
    var best = UInt8(ascii: ",")
    var bestScore = 0.0
    for candidate in delimiters where candidate != dialect.quote {
      var tried = dialect
      tried.delimiter = candidate
      let sample = CSVSample(head, tried, isWhole: isWhole, maxRows: layoutRows)
      var widths: [Int: Int] = [:]
      for row in sample.rows { widths[row.cells.count, default: 0] += 1 }
      let wide = widths.filter { $0.key > 1 }
      guard let common = wide.max(by: { ($0.value, $0.key) < ($1.value, $1.key) }) else { continue }
      // The head's own width counts most: data cells may hold any text, names seldom hold delimiters.
      var score = Double(common.value) / Double(sample.rows.count)
      if sample.rows[0].cells.count != common.key { score *= 0.5 }
      if sample.isIrregular { score *= 0.6 }
      if score > bestScore + 0.05 {
        best = candidate
        bestScore = score
      }
    }
    return best
  }

  private mutating func settle(
    _ sample: CSVSample, _ head: [UInt8], _ options: CSVOptions, start: Int, line: Int
  ) {
    guard let first = sample.rows.first else {
      dataStart = start + head.count
      dataLine = line
      return
    }
    let hasHeader = options.header ?? !isSurelyData(first, sample.rows.dropFirst())
    if hasHeader, let place = headerBelow(sample.rows) {
      let number = line + head[..<min(head.count, place)].count { $0 == dialect.lineEnd }
      likelyHeader = number
      notes.append(
        Note(
          .input,
          "line \(grouped(number)) looks like the header, below a title: `with skip = \(number - 1)` begins there"
        ))
    }
    quoting = QuoteStyle(sample, dialect, hasHeader: hasHeader)
    var width = first.cells.count
    for row in sample.rows.dropFirst() where row.cells.count > width {
      // Further cells that hold nothing make no column.
      if let last = row.cells.lastIndex(where: { !$0.text.isEmpty }) { width = max(width, last + 1) }
    }
    names = hasHeader ? headerNames(first, width) : (0..<width).map { "column_\($0 + 1)" }
    if !hasHeader, options.header == nil {
      notes.append(
        Note(
          .input,
          "the first row holds values, not names: the columns are called \(names.first ?? "") …; "
            + "`header = true` takes it as names"))
    }
    if hasHeader, options.header == nil, Self.areNumberedNames(first) {
      notes.append(
        Note(.input, "the first row holds whole numbers, taken as names; `header = false` takes it as a row"))
    }
    headerWidth = hasHeader ? first.cells.count : width
    dataStart = start + (hasHeader ? first.end : first.start)
    dataLine = line + head[..<min(head.count, dataStart - start)].count { $0 == dialect.lineEnd }
    columns = names.map { name in
      var guess = ColumnGuess()
      guess.ownMarks = options.marks(of: name)
      return guess
    }
    var (rowLine, counted) = (dataLine, dataStart - start)
    for row in sample.rows.dropFirst(hasHeader ? 1 : 0) where row.start < head.count {
      rowLine += head[min(counted, row.start)..<row.start].count { $0 == dialect.lineEnd }
      counted = row.start
      if longerRow == nil, row.cells.dropFirst(headerWidth).contains(where: { !$0.text.isEmpty }) {
        longerRow = (rowLine, row.cells.count)
      }
      add(row, line: rowLine, offset: start)
    }
    if let longerRow { notes.append(note(longerRow)) }
  }

  private func note(_ longer: (line: Int, cells: Int)) -> Note {
    let further = names.dropFirst(headerWidth).map { "`\($0)`" }
    return Note(
      .input,
      "the header names \(counted(headerWidth, "column")), line \(grouped(longer.line)) has "
        + "\(counted(longer.cells, "cell")): the further ones are in \(listed(further))",
      count: further.count)
  }

  /// Whether the first row cannot be names: it holds a date or a decimal number where the column holds such, or
  /// whole numbers alone, and nothing that speaks against it.
  private func isSurelyData(_ first: CSVSample.Row, _ rest: ArraySlice<CSVSample.Row>) -> Bool {
    // A cell in quotes is a name, whatever it looks like.
    let kinds = first.cells.map { $0.isQuoted ? .text : $0.kind(decimal: dialect.decimal) }
    let areNumbers = kinds.allSatisfy { $0 == .int || $0 == .float } && !Self.areNumberedNames(first)
    guard areNumbers || kinds.contains(where: { [.float, .date, .datetime].contains($0) }) else {
      return false
    }
    for (column, kind) in kinds.enumerated() {
      var type = DataType.missing
      for row in rest.prefix(Self.layoutRows) where column < row.cells.count {
        type = CellKind.widened(type, by: row.cells[column].kind(decimal: dialect.decimal))
      }
      // A text above numbers is a name; a number above numbers speaks for data.
      if type != .missing, kind.type != .missing, DataType.common(type, kind.type) == nil { return false }
    }
    return true
  }

  /// Whole numbers that columns are called by: from 0 on, or ascending years.
  private static func areNumberedNames(_ first: CSVSample.Row) -> Bool {
    let numbers = first.cells.compactMap { Int($0.string) }
    if numbers.count < max(2, first.cells.count) { return false }
    if numbers == Array(0..<numbers.count) { return true }
    return zip(numbers, numbers.dropFirst()).allSatisfy(<) && numbers.allSatisfy((1900...2100).contains)
  }

  private mutating func headerNames(_ row: CSVSample.Row, _ width: Int) -> [String] {
    var names: [String] = []
    var taken: Set<String> = []
    var unnamed: [String] = []
    var renamed: [String] = []
    // All names that stand in the header or were made, and the next number of each stem.
    var used = Set(row.cells.map(\.string))
    var numbers: [String: Int] = [:]
    func unused(_ wanted: String, stem: String) -> String {
      var name = wanted
      var number = numbers[stem] ?? 2
      while used.contains(name) {
        name = "\(stem)_\(number)"
        number += 1
      }
      numbers[stem] = number
      used.insert(name)
      return name
    }
    for column in 0..<width {
      let text = column < row.cells.count ? row.cells[column].string : ""
      var name = text
      if text.allSatisfy({ $0.isWhitespace }) {
        name = unused("column_\(column + 1)", stem: "column_\(column + 1)")
        if column < row.cells.count { unnamed.append(name) }
      } else if taken.contains(text) {
        name = unused("\(text)_2", stem: text)
        renamed.append("\(text) → \(name)")
      }
      taken.insert(name)
      names.append(name)
    }
    if !unnamed.isEmpty {
      notes.append(
        Note(
          .input, "\(counted(unnamed.count, "column")) without a name: called \(listed(unnamed))",
          count: unnamed.count))
    }
    if !renamed.isEmpty {
      notes.append(
        Note(
          .input,
          "\(counted(renamed.count, "name")) \(renamed.count == 1 ? "stands" : "stand") twice in the header: "
            + listed(renamed),
          count: renamed.count))
    }
    return names
  }

  private mutating func add(_ row: CSVSample.Row, line: Int, offset: Int) {
    for column in 0..<min(columns.count, row.cells.count) {
      columns[column].add(
        row.cells[column], line: line, offset: offset + row.start, decimal: dialect.decimal, quoting: quoting)
    }
  }

  /// Samples of the middle and the end. A part may begin inside quotes: it counts only if every row of it is
  /// regular.
  private mutating func addFurtherSamples(
    _ source: ByteSource, _ options: CSVOptions, _ sampleBytes: Int
  ) throws(FormatFault) {
    // What is unpacked or converted is not waited for.
    if source.isUnpacked { return }
    let size = sampleBytes / 4
    let count = try source.count()
    for place in [count / 2, count - size] where place > sampleBytes {
      let part = try source.bytes(at: place, count: size)
      guard let first = part.firstIndex(of: dialect.lineEnd) else { continue }
      let sample = CSVSample(
        Array(part[(first + 1)...]), dialect, isWhole: place + part.count == count)
      let isRegular = sample.rows.allSatisfy { $0.cells.count == names.count }
      guard isRegular, !sample.isIrregular, !sample.hasEmbedded else { continue }
      for row in sample.rows { add(row, line: 0, offset: place + first + 1) }
    }
  }

  /// Columns whose values all stand in quotes, where quotes say that these are texts.
  private mutating func decideQuoted() {
    for column in columns.indices {
      let guess = columns[column]
      guard guess.known > 0, guess.quoted == guess.known, quoting.makesText(guess.type) else { continue }
      columns[column].quotedType = guess.type
      columns[column].type = .text
    }
  }
}

/// A list for people: the first few, and how many more.
func listed(_ texts: [String], separator: String = ", ", limit: Int = 5) -> String {
  if texts.count <= limit { return texts.joined(separator: separator) }
  return texts.prefix(limit).joined(separator: separator) + " and \(grouped(texts.count - limit)) more"
}
