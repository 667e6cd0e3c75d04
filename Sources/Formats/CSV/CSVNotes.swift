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

  var notes: [Note] { layoutNotes + encodingNotes + typeNotes + missingNotes + conversionNotes }

  private var layoutNotes: [Note] {
    var notes: [Note] = []
    func add(_ tally: Tally, _ one: String, _ many: String) {
      guard tally.count > 0 else { return }
      let what = tally.count == 1 ? "1 \(one)" : "\(grouped(tally.count)) \(many)"
      notes.append(Note(.input, "\(what) (\(tally.place))", count: tally.count, total: rows))
    }
    add(
      layout.short, "row has fewer cells than the header: the rest is missing",
      "rows have fewer cells than the header: the rest is missing")
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
    widenings.filter { widening in
      scan.plans.contains { $0.column == widening.column } && widening.from != .missing
    }.map { widening in
      let name = source.layout.names[widening.column]
      var message =
        "`\(name)` is \(widening.to.name), not \(widening.from.name): line \(grouped(widening.line)) holds "
        + "\"\(widening.cell)\""
      if widening.to == .text {
        message +=
          "; `types = {\(name): \(widening.from.name)}` or `missing = {\(name): [\"\(widening.cell)\"]}` "
          + "reads it otherwise"
      }
      return Note(.input, message, subject: name)
    }
  }

  private var missingNotes: [Note] {
    var parts: [String] = []
    var total = 0
    for index in cells.indices {
      let tally = cells[index]
      var marks: [String] = []
      for mark in tally.marks {
        marks.append("\(grouped(mark.count)) `\(mark.text)`")
        total += mark.count
      }
      if !marks.isEmpty { parts.append("\(name(index)) \(marks.joined(separator: ", "))") }
    }
    guard !parts.isEmpty else { return [] }
    return [Note(.input, "read as missing: \(parts.joined(separator: "; "))", count: total)]
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
