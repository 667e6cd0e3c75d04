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

  var notes: [Note] { layoutNotes + encodingNotes + typeNotes + missingNotes + offsetNotes + conversionNotes }

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
        "\(counted(total.count, "cell")) in \(listed(columns)) are not UTF-8 and were read as Windows-1252 "
          + "(\(total.place))", count: total.count)
    ]
  }

  private var typeNotes: [Note] {
    scan.plans.indices.flatMap { position -> [Note] in
      let plan = scan.plans[position]
      if plan.isForced { return [] }
      let name = name(position)
      let found = widenings.filter { $0.column == plan.column && $0.from != .missing }
      if !found.isEmpty { return found.map { widened($0, name) } }
      guard plan.type == .text else { return [] }
      return [text(position, plan, name), kept(position, name)].compactMap { $0 }
    }
  }

  private func widened(_ widening: CSVSource.Widening, _ name: String) -> Note {
    var message =
      "`\(name)` is \(widening.to.name), not \(widening.from.name): line \(grouped(widening.line)) holds "
      + "\"\(widening.cell)\""
    if widening.to == .text { message += "; \(fix(name, widening.cell))" }
    return Note(.input, message, subject: name)
  }

  private func fix(_ name: String, _ cell: String) -> String {
    let text = cell.replacing("\\", with: "\\\\").replacing("\"", with: "\\\"")
    return "`missing = {\(spelled(name)): [\"\(text)\"]}` reads that as missing"
  }

  /// A name as it is written in an option.
  private func spelled(_ name: String) -> String {
    let isPlain = name.unicodeScalars.allSatisfy {
      $0.properties.isAlphabetic || $0 == "_" || ("0"..."9") ~= $0
    }
    return isPlain && !name.isEmpty ? name : "`\(name)`"
  }

  /// Why a column that looks like numbers or days is text, and how to read it otherwise.
  private func text(_ position: Int, _ plan: ColumnPlan, _ name: String) -> Note? {
    let guess = source.layout.columns[plan.column]
    let patterns = source.layout.dayPatterns[plan.column]
    if let pattern = patterns.first {
      let type = pattern.hasTime ? "datetime" : "date"
      var message =
        "`\(name)` stays text, its days are not ISO: `types = {\(spelled(name)): \(type)(\"\(pattern.text)\")}` "
        + "reads them"
      if patterns.count > 1 { message += " (or \"\(patterns[1].text)\")" }
      return Note(.input, message, subject: name)
    }
    if guess.isQuotedNumbers {
      return Note(
        .input,
        "`\(name)` holds numbers in quotes and stays text: `types = {\(spelled(name)): float}` reads them as numbers",
        subject: name)
    }
    if let most = guess.nearly, cells[position].kept.isEmpty, let first = guess.firstText {
      let place = first.line > 0 ? "line \(grouped(first.line)) holds" : "it holds"
      return Note(
        .input,
        "`\(name)` is text though most of its cells are \(most): \(place) \"\(first.cell)\"; "
          + fix(name, first.cell), subject: name)
    }
    if let first = guess.firstText, let signs = CSVNotes.signs(around: first.cell) {
      let plain = signs.reduce(spelled(name)) { "replace(\($0), \"\($1)\", \"\")" }
      return Note(
        .input,
        "`\(name)` stays text, its numbers carry signs (\"\(first.cell)\"): float(\(plain)) reads them as numbers",
        subject: name)
    }
    return nil
  }

  /// The signs of money, percent and thousands in a cell that is a number without them; nil for any other cell.
  private static func signs(around cell: String) -> [Character]? {
    let known: Set<Character> = ["$", "€", "£", "%", ","]
    let signs = cell.filter { known.contains($0) }
    guard !signs.isEmpty, Double(cell.filter { !known.contains($0) }) != nil else { return nil }
    // A comma is taken for thousands only where it cannot be a decimal sign.
    let whole = cell.split(separator: ".", maxSplits: 1).first ?? ""
    let groups = whole.split(separator: ",", omittingEmptySubsequences: false)
    guard groups.dropFirst().allSatisfy({ $0.filter(\.isNumber).count == 3 }) else { return nil }
    if groups.count == 2, !cell.contains("."), signs.count == 1 { return nil }
    var found: [Character] = []
    for sign in signs where !found.contains(sign) { found.append(sign) }
    return found
  }

  private func kept(_ position: Int, _ name: String) -> Note? {
    let kept = cells[position].kept
    guard !kept.isEmpty else { return nil }
    let list = kept.map { "\(grouped($0.count)) `\($0.text)`" }.joined(separator: ", ")
    let marks = kept.map { "\"\($0.text)\"" }.joined(separator: ", ")
    return Note(
      .input,
      "`\(name)` is text and keeps \(list) beside numbers: `missing = {\(spelled(name)): [\(marks)]}` reads them "
        + "as missing", count: kept.reduce(0) { $0 + $1.count }, total: rows, subject: name)
  }

  /// Cells that were read as missing, by column and mark.
  private var missingNotes: [Note] {
    var parts: [String] = []
    var total = 0
    for index in cells.indices {
      let tally = cells[index]
      var marks = tally.empty > 0 ? ["\(grouped(tally.empty)) empty"] : []
      marks += tally.marks.map { "\(grouped($0.count)) `\($0.text)`" }
      total += tally.empty + tally.marks.reduce(0) { $0 + $1.count }
      if !marks.isEmpty { parts.append("`\(name(index))` \(marks.joined(separator: ", "))") }
    }
    guard !parts.isEmpty else { return [] }
    return [
      Note(.input, "read as missing: \(listed(parts, separator: "; ", limit: 12))", count: total)
    ]
  }

  private var offsetNotes: [Note] {
    cells.indices.filter { cells[$0].withOffset > 0 && cells[$0].withoutOffset > 0 }.map { index in
      Note(
        .input,
        "\(counted(cells[index].withoutOffset, "time")) of `\(name(index))` have no offset, others do: they are "
          + "taken as UTC", count: cells[index].withoutOffset, total: rows, subject: name(index))
    }
  }

  private var conversionNotes: [Note] {
    var notes: [Note] = []
    for index in cells.indices where cells[index].unconverted.count > 0 {
      let tally = cells[index]
      let texts = tally.unconvertedTexts.map { "\"\($0)\"" }.joined(separator: ", ")
      notes.append(
        Note(
          .converted,
          "\(counted(tally.unconverted.count, "cell")) of `\(name(index))` did not convert to "
            + "\(scan.plans[index].type.name) and became missing: \(texts) (\(tally.unconverted.place))",
          count: tally.unconverted.count, total: rows, subject: name(index)))
    }
    return notes
  }
}
