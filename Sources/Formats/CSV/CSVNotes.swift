import Columns
import Diagnostics
import Planning

/// What the reader says of a scan: every anomaly with its count and first lines.
struct CSVNotes {
  private let source: CSVSource
  private let scan: CSVScan
  private let widenings: [CSVSource.Widening]
  private var layout = LayoutTally()
  private var cells: [CellTally]
  private var rows = 0

  init(_ source: CSVSource, _ scan: CSVScan, _ widenings: [CSVSource.Widening]) {
    self.source = source
    self.scan = scan
    self.widenings = widenings
    cells = scan.plans.map { _ in CellTally() }
    var base = source.layout.dataLine
    for report in scan.finished {
      layout.merge(report.layout, base: base, hasRows: report.rows > 0)
      for index in cells.indices { cells[index].merge(report.cells[index], base: base) }
      base += report.lines
      rows += report.rows
    }
  }

  private func name(_ position: Int) -> String { source.layout.names[scan.plans[position].column] }

  var notes: [Note] {
    layoutNotes + encodingNotes + gathered(typeNotes) + totalNotes + keptNotes + missingNotes + fractionNotes
      + roundingNotes + offsetNotes
      + conversionNotes
  }

  /// What there is to say of single columns, each for itself.
  var columnNotes: [Note] { typeNotes }

  /// Columns that are alike, as those of twelve months, are told once: the first in full, the others by name.
  private func gathered(_ notes: [Note]) -> [Note] {
    var places: [String: Int] = [:]
    var groups: [[Note]] = []
    for note in notes {
      let key = note.subject.map { shape(of: note.message, $0) } ?? note.message
      if let place = places[key] {
        groups[place].append(note)
      } else {
        places[key] = groups.count
        groups.append([note])
      }
    }
    return groups.flatMap { group -> [Note] in
      guard group.count > 2, let first = group.first else { return group }
      let others = group.dropFirst().compactMap(\.subject).map { "`\($0)`" }
      let shown = others.prefix(3).joined(separator: ", ")
      let rest = others.count > 3 ? " and \(counted(others.count - 3, "more column"))" : ""
      return [
        first,
        Note(
          .input, "likewise \(shown)\(rest)", count: group.dropFirst().reduce(0) { $0 + ($1.count ?? 0) },
          total: rows),
      ]
    }
  }

  /// A message without the column's name, the cell that it shows and its counts. What it advises stays: a pattern, signs
  /// to take out, marks.
  private func shape(of message: String, _ name: String) -> String {
    var plain = message.replacing("`\(name)`", with: "·")
    let code = spelled(name)
    for (before, behind) in [("(", ","), ("(", ")"), ("{", ":")] {
      plain = plain.replacing(before + code + behind, with: before + "·" + behind)
    }
    // `holds "85%"` and `("85%")` show a cell.
    var result = ""
    var rest = plain[...]
    while let quote = rest.firstIndex(of: "\"") {
      let before = rest[..<quote]
      let behind = rest[rest.index(after: quote)...]
      let end = behind.firstIndex(of: "\"") ?? behind.endIndex
      let isCell = before.hasSuffix("holds ") || before.hasSuffix(" (")
      result += before.filter { !$0.isNumber } + (isCell ? "" : behind[..<end])
      rest = end < behind.endIndex ? behind[behind.index(after: end)...] : ""
    }
    return result + rest.filter { !$0.isNumber }
  }

  private var layoutNotes: [Note] {
    var notes: [Note] = []
    if source.layout.names.isEmpty {
      notes.append(Note(.input, "\(source.name) is empty: it has no header and no rows"))
    }
    func add(_ tally: Tally, _ one: String, _ many: String) {
      guard tally.count > 0 else { return }
      let what = tally.count == 1 ? "1 \(one)" : "\(grouped(tally.count)) \(many)"
      notes.append(Note(.input, "\(what) (\(tally.place))", count: tally.count, total: rows))
    }
    let whole = source.layout.longerRow == nil ? "the header" : "the longest row"
    add(
      layout.short, "row has fewer cells than \(whole): the rest is missing",
      "rows have fewer cells than \(whole): the rest is missing")
    add(
      layout.long, "row has more cells than the header: the further cells are left out",
      "rows have more cells than the header: the further cells are left out")
    add(layout.blank, "empty line was skipped", "empty lines were skipped")
    add(
      layout.textAfterQuote, "row has text behind a closing quote: it was kept",
      "rows have text behind a closing quote: it was kept")
    add(
      layout.unclosedQuote, "row has a quote that is never closed: it was taken as plain text",
      "rows have a quote that is never closed: it was taken as plain text")
    return notes
  }

  private var encodingNotes: [Note] {
    var total = Tally()
    var columns: [String] = []
    for index in cells.indices where cells[index].notUTF8.count > 0 {
      total.merge(cells[index].notUTF8, base: 0)
      columns.append(name(index))
    }
    guard total.count > 0 else { return [] }
    return [
      Note(
        .input,
        "\(counted(total.count, "cell")) in \(listed(columns)) \(total.count == 1 ? "is" : "are") not UTF-8 and \(total.count == 1 ? "was" : "were") read as Windows-1252 "
          + "(\(total.place))", count: total.count)
    ]
  }

  private var typeNotes: [Note] {
    let byColumn = Dictionary(grouping: widenings.filter { $0.from != .missing }, by: \.column)
    return scan.plans.indices.flatMap { position -> [Note] in
      let plan = scan.plans[position]
      // Below a title every column begins with texts; what they are is seen from the header on.
      if plan.isForced || source.layout.likelyHeader != nil { return [] }
      let name = name(position)
      if let found = byColumn[plan.column] { return found.map { widened($0, name) } }
      guard plan.type == .text else {
        return [thousands(position, name), codes(position, name)].compactMap { $0 }
      }
      // Where quotes make the text, marks read as missing would not make it numbers.
      let isQuoted = source.layout.columns[plan.column].quotedType != nil
      let areCodes = if case .codes = source.layout.textReasons[plan.column] { true } else { false }
      return [text(position, plan, name), isQuoted || areCodes ? nil : kept(position, name)].compactMap { $0 }
    }
  }

  private func codes(_ position: Int, _ name: String) -> Note? {
    let plan = scan.plans[position]
    let texts = source.layout.columns[plan.column].codesAsNumbers
    guard plan.type == .float, texts.count > 1 else { return nil }
    return Note(
      .input,
      "`\(name)` has \(texts.joined(separator: " and ")), which are one number: if these are codes, `types = {\(spelled(name)): text}` keeps them apart",
      subject: name)
  }

  /// Columns of text that hold what often stands for missing.
  private var keptNotes: [Note] {
    var columns: [String] = []
    var marks: [String] = []
    for (position, plan) in scan.plans.enumerated() where plan.type == .text && !plan.isForced {
      let found = source.layout.columns[plan.column].keptMarks
      if found.isEmpty { continue }
      columns.append("`\(name(position))` \(found.map(ExpressionText.literal).joined(separator: ", "))")
      marks += found.filter { !marks.contains($0) }
    }
    if columns.isEmpty { return [] }
    let option = "`missing = [\(marks.map(ExpressionText.literal).joined(separator: ", "))]`"
    return [
      Note(
        .input,
        "kept as text though it may stand for missing: \(listed(columns, separator: "; ", limit: 12)); \(option) "
          + "reads \(marks.count == 1 ? "that" : "these") as missing")
    ]
  }

  /// Rows that seem to sum up others.
  private var totalNotes: [Note] {
    let layout = source.layout
    let hasNumbers = layout.columns.indices.contains { column in
      layout.columns[column].numbers > 0
        || layout.textReasons[column].map { if case .words = $0 { false } else { true } } ?? false
    }
    guard hasNumbers, layout.likelyHeader == nil else { return [] }
    // Whichever columns are read, the row is one of those that are counted and summed.
    return layout.columns.indices.compactMap { column in
      let guess = layout.columns[column]
      let name = layout.names[column]
      // Where most rows are totals, the word says something else.
      guard let first = guess.firstTotal, guess.totals * 2 <= max(rows, guess.known) else { return nil }
      let texts = guess.totalTexts
      let others = guess.hasMissing ? " or \(spelled(name)) is missing" : ""
      let further =
        guess.totals > 1
        ? ", and \(counted(guess.totals - 1, "further row")) \(guess.totals == 2 ? "sums" : "sum") up others"
        : ""
      let condition =
        texts.count == 1
        ? "\(spelled(name)) != \(ExpressionText.literal(texts[0]))"
        : texts.count < 9
          ? "\(spelled(name)) not in [\(texts.map(ExpressionText.literal).joined(separator: ", "))]"
          : "not (lower(\(spelled(name))) like \"%total\")"
      return Note(
        .input,
        "`\(name)`: \(place(first)) \(ExpressionText.literal(first.cell))\(further). A row that sums up others is a row like them here: "
          + "filter \(condition)\(others) leaves \(guess.totals == 1 ? "it" : "them") out",
        count: guess.totals)
    }
  }

  private func widened(_ widening: CSVSource.Widening, _ name: String) -> Note {
    var message =
      "`\(name)` is \(widening.to.name), not \(widening.from.name): line \(grouped(widening.line)) holds "
      + "\"\(widening.cell)\""
    if widening.to == .text, let advice = advice(widening, name) { message += "; \(advice)" }
    return Note(.input, message, subject: name)
  }

  /// What to do about one cell behind the sample that made its column text.
  private func advice(_ widening: CSVSource.Widening, _ name: String) -> String? {
    let (cell, column) = (widening.cell, spelled(name))
    switch NumberShape(cell) {
    case .word where widening.from.isNumber || widening.from.isTime: return missing([cell], column)
    case .leadingZero, .exponent, .long:
      return widening.from.isNumber
        ? codes(NumberShape(cell), cell, column, hasDecimals: widening.from == .float) : nil
    case .decimalComma: return widening.from.isNumber ? decimalComma(column) : nil
    case .ambiguousComma: return widening.from.isNumber ? ambiguousComma(cell, column) : nil
    case .signs(let signs):
      return widening.from.isNumber ? withoutSigns(signs, isMixed: true, column) : nil
    case .month: return widening.from.isTime ? months(column) : nil
    case .word, .other: return nil
    }
  }

  private func missing(_ cells: [String], _ column: String) -> String {
    let texts = cells.map(ExpressionText.literal)
    return "`missing = {\(column): [\(texts.joined(separator: ", "))]}` reads "
      + (cells.count == 1 ? "that as missing" : "these as missing")
  }

  /// - Parameter hasDecimals: other cells of the column have digits behind a point, or may have.
  private func codes(
    _ shape: NumberShape, _ cell: String, _ column: String, hasDecimals: Bool
  ) -> String {
    let type = shape == .leadingZero && !cell.contains(".") && !hasDecimals ? "int" : "float"
    let reason =
      switch shape {
      case .exponent: "has an exponent and no decimal sign, as codes do"
      case .long: "has more digits than a whole number holds"
      default: "begins with 0, as codes do"
      }
    return "that \(reason): `types = {\(column): \(type)}` reads numbers"
      + (shape == .long ? ", rounded" : "")
  }

  /// The decimal sign is that of the whole file: where others have points it is changed in this column only.
  private func decimalComma(_ column: String) -> String {
    let others = source.layout.columns.contains { $0.type == .float }
    return others
      ? "float(replace(replace(\(column), \".\", \"\"), \",\", \".\")) reads them as numbers"
      : "`with decimal = \",\"` reads them as numbers"
  }

  private func ambiguousComma(_ cell: String, _ column: String) -> String {
    let whole = cell.filter { $0 != "," }
    return "float(replace(\(column), \",\", \"\")) reads that as \(whole), "
      + (source.layout.columns.contains { $0.type == .float }
        ? "float(replace(\(column), \",\", \".\"))" : "`with decimal = \",\"`")
      + " as \(cell.replacing(",", with: "."))"
  }

  private func withoutSigns(_ signs: [Character], isMixed: Bool, _ column: String) -> String {
    var plain = signs.reduce(column) { "replace(\($0), \"\($1)\", \"\($1 == "(" ? "-" : "")\")" }
    if source.layout.dialect.decimal == UInt8(ascii: ",") { plain = "replace(\(plain), \",\", \".\")" }
    if signs.contains("%") {
      // Where some cells have no sign, nobody knows whether 7 is 7% or 700%.
      return isMixed
        ? "float(\(plain)) reads them as they are written, 85% and 85 alike as 85"
        : "float(\(plain)) / 100 reads them as shares, 85% as 0.85"
    }
    return "float(\(plain)) reads them as numbers"
  }

  private func months(_ column: String) -> String {
    "date(\(column), partial: start) reads months as their first day"
  }

  /// A name as it is written in an option.
  private func spelled(_ name: String) -> String {
    let isPlain = name.unicodeScalars.allSatisfy {
      $0.properties.isAlphabetic || $0 == "_" || ("0"..."9") ~= $0
    }
    return isPlain && !name.isEmpty ? name : "`\(name)`"
  }

  /// The option that reads a column's days.
  private func declared(_ pattern: DatePattern, _ name: String) -> String {
    "`types = {\(spelled(name)): \(pattern.hasTime ? "datetime" : "date")(\"\(pattern.text)\")}`"
  }

  /// Why a column that looks like numbers or days is text, and how to read it otherwise.
  private func text(_ position: Int, _ plan: ColumnPlan, _ name: String) -> Note? {
    let guess = source.layout.columns[plan.column]
    let patterns = source.layout.dayPatterns[plan.column]
    if let pattern = patterns.first {
      let what = pattern.hasDay ? "its days are not ISO" : "it holds months"
      var message = "`\(name)` stays text, \(what): \(declared(pattern, name)) reads them"
      if !pattern.hasDay { message += " as their first days" }
      // `May 2024` fits the short and the long names: there is nothing to choose.
      if patterns.count > 1, pattern.text.contains("%m"), patterns[1].text.contains("%m"), pattern.hasDay {
        message =
          "`\(name)` stays text, in no cell can day and month be told apart: \(declared(pattern, name)) or "
          + "\(declared(patterns[1], name)) reads them, whichever is right"
      }
      if pattern.hasDay, pattern.text.contains("%y") {
        message += "; of two-digit years 69 to 99 are of the last century"
      }
      return Note(.input, message, subject: name)
    }
    if let type = guess.quotedType {
      // Quoted numbers of an identifier are what they should be.
      if type.isNumber, Self.isIdentifier(name) { return nil }
      let (what, wanted) = type.isNumber ? ("numbers", type.name) : ("\(type.name)s", type.name)
      return Note(
        .input,
        "`\(name)` holds \(what) in quotes and stays text: `types = {\(spelled(name)): \(wanted)}` reads them as \(what)",
        subject: name)
    }
    if let note = limited(guess, name) { return note }
    if let reason = source.layout.textReasons[plan.column] {
      if case .words(let words) = reason {
        // What marks a sum is told as that, and is no mark of missing.
        if !cells[position].kept.isEmpty || words.allSatisfy({ TotalNames.isTotal(Array($0.utf8)) }) {
          return nil
        }
      }
      return Note(.input, explained(reason, guess, name), subject: name)
    }
    if let mixed = source.layout.mixedDays[plan.column] {
      return Note(.input, "`\(name)` is text: \(mixed)", subject: name)
    }
    if let (pattern, odd) = source.layout.mostDays[plan.column] {
      return Note(
        .input,
        "`\(name)` is text though most of its cells are days: one holds \"\(odd.prefix(60))\"; "
          + "\(declared(pattern, name)) reads the others", subject: name)
    }
    guard cells[position].kept.isEmpty, let first = guess.firstOdd else { return nil }
    if let most = guess.nearly { return Note(.input, mostly(most, first, name), subject: name) }
    guard let (what, count) = guess.partly else { return nil }
    return Note(
      .input,
      "`\(name)` is text: of \(counted(guess.known, "cell")) looked at \(grouped(count)) are \(what), others not: "
        + "\(place(guess.firstText ?? first)) \"\((guess.firstText ?? first).cell)\"", subject: name)
  }

  /// Words of the names of columns whose numbers count nothing.
  private static let identifiers: Set<String> = [
    "id", "ids", "mrn", "ssn", "npi", "zip", "postcode", "code", "number", "no", "nr", "phone", "fax",
    "account",
    "patient", "person", "encounter", "visit", "case", "ccn", "fips", "ndc", "loinc", "icd", "drg", "cpt",
  ]

  /// Whether a column is one of identifiers or codes, by its name: `mrn`, `Patient ID`, `encounterId`.
  static func isIdentifier(_ name: String) -> Bool {
    var words = [""]
    var wasLower = false
    for character in name {
      if !character.isLetter || character.isUppercase && wasLower { words.append("") }
      if character.isLetter { words[words.count - 1] += character.lowercased() }
      wasLower = character.isLowercase
    }
    return words.contains(where: identifiers.contains)
  }

  private func mostly(_ most: String, _ first: ShownCell, _ name: String) -> String {
    "`\(name)` is text though most of its cells are \(most): \(place(first)) \"\(first.cell)\""
  }

  /// Cells of a laboratory's column that only say beyond which limit the value lies: they are no odd ones out.
  private func limited(_ guess: ColumnGuess, _ name: String) -> Note? {
    guard guess.type == .text, let (cells, shown) = guess.limits, (cells + guess.numbers) * 2 > guess.known
    else { return nil }
    let others = guess.known - guess.numbers - cells
    let words = others > 0 ? ", and \(counted(others, "other text"))" : ""
    let advice =
      ConversionAdvice.reading(shown, with: "float", spelled(name)).map { "; \($0)" } ?? ""
    return Note(
      .input,
      "`\(name)` is text: beside \(counted(guess.numbers, "number")) \(counted(cells, "cell")) of "
        + "\(grouped(guess.known)) looked at \(cells == 1 ? "tells" : "tell") only a limit (\"\(visible(shown.joined(separator: "\", \"")))\")\(words). float(\(spelled(name))) leaves "
        + "them out, limits being the lowest or highest\(advice)", count: cells, total: guess.known,
      subject: name)
  }

  /// Which line holds a cell, where that can be known.
  private func place(_ shown: ShownCell) -> String {
    let line = shown.line > 0 ? shown.line : source.line(at: shown.offset, scan)
    return line.map { "line \(grouped($0)) holds" } ?? "it holds"
  }

  /// Decimals that may as well be whole numbers, in a file whose cells are divided as where commas are decimal signs.
  private func thousands(_ position: Int, _ name: String) -> Note? {
    let column = scan.plans[position].column
    guard source.layout.dialect.delimiter == UInt8(ascii: ";"), !source.options.hasDecimal,
      let first = source.layout.columns[column].firstThousands
    else { return nil }
    return Note(
      .input,
      "`\(name)` is read with points as decimal signs (\(place(first)) \"\(first.cell)\"): beside `;` they often "
        + "stand between thousands; `with decimal = \",\"` reads that as \(first.cell.filter { $0 != "." })",
      subject: name)
  }

  private func explained(
    _ reason: TextReason, _ guess: ColumnGuess, _ name: String, isMostly: Bool = false
  ) -> String {
    let column = spelled(name)
    switch reason {
    case .codes(let cell, let shape):
      let decimal = source.layout.dialect.decimal
      let hasDecimals = guess.different.keys.contains { CellKind.of($0.bytes, decimal: decimal) == .float }
      let advice = codes(shape, cell, column, hasDecimals: hasDecimals)
      guard let most = guess.nearly, let first = guess.firstOdd else {
        return "`\(name)` stays text, it holds \"\(cell)\"; \(advice)"
      }
      return mostly(most, first, name) + "; " + advice
    case .decimalComma(let cell):
      return "`\(name)` stays text, its numbers have a decimal comma (\"\(cell)\"): \(decimalComma(column))"
    case .ambiguousComma(let cell):
      return "`\(name)` stays text, its commas may be decimal signs or stand between thousands "
        + "(\"\(cell)\"): \(ambiguousComma(cell, column))"
    case .signs(let cell, let signs):
      let share =
        guess.numbers == 0
        ? "its numbers"
        : isMostly
          ? "some of its numbers"
          : "\(grouped(guess.known - guess.numbers)) of \(counted(guess.known, "number"))"
      return "`\(name)` stays text, \(share) carry signs (\"\(cell)\"): "
        + withoutSigns(
          signs,
          isMixed: guess.numbers > 0
            || guess.different.keys.contains { !$0.bytes.contains(UInt8(ascii: "%")) },
          column)
    case .words(let words):
      guard let most = guess.nearly, let first = guess.firstOdd else { return missing(words, column) }
      return mostly(most, first, name) + "; " + missing(words, column)
    case .durations(let cell):
      return
        "`\(name)` stays text, it holds durations (\"\(cell)\"): `types = {\(column): duration}` reads them"
    case .mostly(let reason, let odd):
      return explained(reason, guess, name, isMostly: true)
        + "; not all cells are numbers: one holds \"\(odd.prefix(60))\""
    case .months:
      guard let most = guess.nearly, let first = guess.firstOdd else { return months(column) }
      return mostly(most, first, name) + "; " + months(column)
    }
  }

  private func kept(_ position: Int, _ name: String) -> Note? {
    let kept = cells[position].kept
    guard !kept.isEmpty else { return nil }
    let list = kept.map { "\(grouped($0.count)) `\($0.text)`" }.joined(separator: ", ")
    let column = scan.plans[position].column
    var marks = kept.map(\.text)
    var further = ""
    if case .words(let words) = source.layout.textReasons[column] {
      marks += words
    } else if let other = source.layout.columns[column].firstText, !marks.contains(other.cell) {
      further = "; then it still is text: \(place(other)) \"\(other.cell)\""
    }
    let listed = marks.map(ExpressionText.literal).joined(separator: ", ")
    return Note(
      .input,
      "`\(name)` is text and keeps \(list) beside numbers: `missing = {\(spelled(name)): [\(listed)]}` reads "
        + (marks.count > kept.count ? "these and what else is no number" : "them") + " as missing" + further,
      count: kept.reduce(0) { $0 + $1.count }, total: rows, subject: name)
  }

  /// Cells that were read as missing, by column and mark.
  private var missingNotes: [Note] {
    var parts: [String] = []
    var total = 0
    for index in cells.indices {
      let tally = cells[index]
      var marks = tally.empty > 0 ? ["\(grouped(tally.empty)) empty"] : []
      marks += tally.marks.map { "\(grouped($0.count)) \($0.text.isEmpty ? "\"\"" : "`\($0.text)`")" }
      total += tally.empty + tally.marks.reduce(0) { $0 + $1.count }
      if !marks.isEmpty { parts.append("`\(name(index))` \(marks.joined(separator: ", "))") }
    }
    guard !parts.isEmpty else { return [] }
    return [
      Note(.input, "read as missing: \(listed(parts, separator: "; ", limit: 12))", count: total)
    ]
  }

  private var fractionNotes: [Note] {
    cells.indices.filter { cells[$0].cutTimes.count > 0 }.map { index in
      let tally = cells[index].cutTimes
      return Note(
        .input,
        "\(counted(tally.count, "time")) of `\(name(index))` \(tally.count == 1 ? "has" : "have") more than six "
          + "digits of fraction: cut to microseconds (\(tally.place)); `types = {\(spelled(name(index))): text}` "
          + "keeps them", count: tally.count, total: rows, subject: name(index))
    }
  }

  private var roundingNotes: [Note] {
    cells.indices.filter { cells[$0].rounded.count > 0 }.map { index in
      let tally = cells[index].rounded
      return Note(
        .input,
        "\(counted(tally.count, "whole number")) of `\(name(index))` \(tally.count == 1 ? "has" : "have") more "
          + "digits than a decimal number holds: rounded (\(tally.place)); `types = {\(spelled(name(index))): text}` "
          + "keeps them", count: tally.count, total: rows, subject: name(index))
    }
  }

  private var offsetNotes: [Note] {
    cells.indices.filter { cells[$0].withOffset > 0 && cells[$0].withoutOffset > 0 }.map { index in
      Note(
        .input,
        "\(counted(cells[index].withoutOffset, "time")) of `\(name(index))` \(cells[index].withoutOffset == 1 ? "has" : "have") no offset, others do: they are "
          + "taken as UTC", count: cells[index].withoutOffset, total: rows, subject: name(index))
    }
  }

  /// The pattern that reads what ISO could not.
  private func patternAdvice(_ plan: ColumnPlan, _ texts: [String]) -> String {
    guard plan.type.isTime, !texts.isEmpty else { return "" }
    let fitting =
      ConversionAdvice.patterns(thatRead: texts, as: plan.type).first
      // A pattern of the day alone reads no time of day.
      ?? (plan.type == .date ? ConversionAdvice.patterns(thatRead: texts, as: .datetime).first : nil)
    return fitting.map { "; `types = {\(spelled(plan.name)): \(plan.type.name)(\"\($0)\")}` reads these" }
      ?? ""
  }

  private var conversionNotes: [Note] {
    var notes: [Note] = []
    for index in cells.indices where cells[index].unconverted.count > 0 {
      let tally = cells[index]
      // Each text with its own line; where all cells hold one, with several.
      let found = tally.unconvertedTexts
      let texts =
        found.count == 1
        ? "\"\(found[0].text)\" (\(tally.unconverted.place))"
        : found.map { "\"\($0.text)\" (line \($0.line))" }.joined(separator: ", ")
          + (tally.unconverted.count > found.count ? " …" : "")
      notes.append(
        Note(
          .converted,
          "\(counted(tally.unconverted.count, "cell")) of `\(name(index))` did not convert to "
            + "\(scan.plans[index].type.name) and became missing: \(texts)"
            + patternAdvice(scan.plans[index], found.map(\.text)),
          count: tally.unconverted.count, total: rows, subject: name(index)))
    }
    return notes
  }
}
