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
  /// Whether the sample is all of the file.
  private(set) var isWhole = false
  var columns: [ColumnGuess] = []
  /// For columns of days that are not ISO: the patterns that fit.
  var dayPatterns: [[DatePattern]] = []
  /// For columns most of whose cells are such days: the pattern, and a cell that it does not fit.
  var mostDays: [(pattern: DatePattern, odd: String)?] = []
  /// For columns of days that are written in more ways than one: what to say of them.
  var mixedDays: [String?] = []
  /// For columns of text that could be taken for something else: why they are not.
  var textReasons: [TextReason?] = []
  var notes: [Note] = []
  /// The delimiter that the first line gives (`sep=;`).
  private var separator: UInt8?

  /// Rows that decide the layout.
  static let layoutRows = 200
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
    isWhole = try source.ends(at: head.count)
    decideDelimiter(rest, options, isWhole: isWhole, isTabbed: ["tsv", "tab"].contains(ending))
    var sample = CSVSample(rest, dialect, isWhole: isWhole)
    if sample.rows.isEmpty, !isWhole {
      sample = try longFirstRow(source, start, sampleBytes)
    }
    settle(sample, rest, options, start: start, line: line, isWhole: isWhole)
    if !isWhole { try addFurtherSamples(source, options, sampleBytes) }
    decideQuoted()
    for column in columns.indices { columns[column].settleExponents() }
    dayPatterns = columns.map(\.dayPatterns)
    mostDays = columns.indices.map { dayPatterns[$0].isEmpty ? columns[$0].mostDays : nil }
    mixedDays = columns.indices.map { dayPatterns[$0].isEmpty ? columns[$0].mixedDays(names[$0]) : nil }
    for column in columns.indices { columns[column].settleTexts() }
    let all = columns
    for column in columns.indices { columns[column].settleTotals(all) }
    textReasons = columns.map { $0.textReason(decimal: dialect.decimal) }
  }

  /// The longest row of names that is looked for.
  private static let longestNames = 64 << 20

  /// The first row of a file where it is longer than the sample.
  private func longFirstRow(_ source: ByteSource, _ start: Int, _ sampleBytes: Int) throws(FormatFault)
    -> CSVSample
  {
    var size = sampleBytes
    while true {
      size = min(size * 4, Self.longestNames)
      let head = try source.bytes(at: start, count: size)
      let isWhole = try source.ends(at: start + head.count)
      let sample = CSVSample(head, dialect, isWhole: isWhole, maxRows: 2)
      if isWhole || !sample.rows.isEmpty { return sample }
      guard size < Self.longestNames else {
        throw FormatFault(
          file: source.name, line: 1, "its first row, that of the names, is longer than \(size >> 20) MB",
          help: ["an opening quote may lack its closing one; `quote = none` reads quotes as plain text"])
      }
    }
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
    _ sample: CSVSample, _ head: [UInt8], _ options: CSVOptions, start: Int, line: Int, isWhole: Bool
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
    if isWhole, sample.rows.count > 2, let last = sample.rows.last {
      for (column, cell) in last.cells.prefix(columns.count).enumerated() {
        columns[column].look(atLast: cell, line: rowLine, offset: start + last.start)
      }
    }
    if isWhole { noteFooter(sample.rows) }
  }

  /// Tells of lines at the end that fill one cell alone, as remarks below a table do: each is a row.
  private mutating func noteFooter(_ rows: [CSVSample.Row]) {
    let footer = rows.reversed().prefix { row in
      let filled = row.cells.filter { !$0.text.isEmpty }
      return filled.count == 1 && !row.cells[0].text.isEmpty
        && filled[0].kind(decimal: dialect.decimal) == .text
    }
    let others = rows.dropFirst().dropLast(footer.count)
    // A row named as a sum is told as that.
    guard !footer.isEmpty, footer.count <= 10, others.count > 1, let first = footer.last,
      let before = others.last, !TotalNames.isTotal(first.cells[0].text),
      // A column that all rows above fill tells them apart.
      let full = names.indices.dropFirst().first(where: { column in
        others.allSatisfy { column < $0.cells.count && !$0.cells[column].text.isEmpty }
      }),
      // In a table of two columns a cell may simply be empty, unless something else sets the line apart.
      names.count > 2 || first.cells.count < names.count || first.start > before.end
    else { return }
    let text = "\"\(visible(String(first.cells[0].string.prefix(60))))\""
    let (what, whom) = footer.count == 1 ? ("row fills", "it") : ("\(footer.count) rows fill", "them")
    notes.append(
      Note(
        .input,
        "the last \(what) only the first cell (\(text)), as remarks below a table do: filter \(CheckMessages.quoted(names[full])) is not missing leaves \(whom) out",
        count: footer.count))
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
    let converted = row.cells.filter { !$0.isUTF8 }.map(\.string)
    if !converted.isEmpty {
      notes.append(
        Note(
          .input,
          "\(counted(converted.count, "name")) in the header \(converted.count == 1 ? "is" : "are") not UTF-8 and \(converted.count == 1 ? "was" : "were") read as Windows-1252: \(listed(converted))",
          count: converted.count))
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
