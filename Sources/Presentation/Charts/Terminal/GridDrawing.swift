import Diagnostics

extension TerminalDrawing {
  private var shades: [String] { style.ascii ? [" ", ".", ":", "+", "#"] : [" ", "░", "▒", "▓", "█"] }

  /// Draws a heat map; turned by a quarter where only that fits the width.
  mutating func draw(_ original: GridChart) -> [Note] {
    guard let range = original.range else {
      canvas.put("nothing to draw", x: 0, y: canvas.height, .dim)
      return []
    }
    let format = FloatFormat(original.values.joined().compactMap { $0 })
    var chart = original
    if capacity(original, format).columns < original.columns.count {
      let turned = GridDrawing.turned(original)
      if capacity(turned, format).columns >= turned.columns.count { chart = turned }
    }
    let (label, cell, columns) = capacity(chart, format)
    let shown = min(columns, chart.columns.count)
    let head = canvas.height
    canvas.put(shorten(chart.rowName, label), x: 0, y: head, .dim)
    for (index, name) in shortenApart(Array(chart.columns.prefix(shown)), cell).enumerated() {
      canvas.put(name, before: label + (index + 1) * (cell + 1), y: head)
    }
    for (row, values) in zip(shortenApart(chart.rows, label), chart.values) {
      let y = canvas.height
      canvas.put(row, x: 0, y: y)
      for (index, value) in values.prefix(shown).enumerated() {
        let end = label + (index + 1) * (cell + 1)
        guard let value else {
          canvas.put(style.ascii ? "." : "·", before: end, y: y, .dim)
          continue
        }
        let text = format.text(value)
        let shade = shades[GridChart.shade(value, range)]
        let room = cell - DisplayWidth.of(text)
        canvas.put(String(repeating: shade, count: max(0, room - 1)), x: end - cell, y: y, .series(0))
        canvas.put(text, before: end, y: y)
      }
    }
    shadeLegend(chart.valueName, range)
    return ChartInput.hiddenNote(shown, of: chart.columns.count, chart.columnName)
  }

  /// The width of the row labels and of a cell, and how many cells fit.
  private func capacity(_ chart: GridChart, _ format: FloatFormat) -> (label: Int, cell: Int, columns: Int) {
    let names = (chart.rows + [chart.rowName]).reduce(1) { max($0, DisplayWidth.of($1)) }
    let label = min(names, max(4, width / 4))
    let number = chart.values.joined().reduce(1) { max($0, DisplayWidth.of($1.map(format.text) ?? "")) }
    let heads = chart.columns.reduce(1) { max($0, DisplayWidth.of($1)) }
    let least = number + 3
    let roomy = max(least, min(heads, 12))
    let room = width - label
    if room / (roomy + 1) >= chart.columns.count { return (label, roomy, room / (roomy + 1)) }
    return (label, least, max(1, room / (least + 1)))
  }

  private mutating func shadeLegend(_ name: String, _ range: (low: Double, high: Double)) {
    let step = (range.high - range.low) / 5
    let borders = (0..<5).map { range.low + Double($0) * step }
    let format = FloatFormat(borders)
    var items = zip(shades, borders).map { "\($0)\($0) from \(format.text($1))" }
    if step == 0 { items = ["\(format.text(range.low)) everywhere"] }
    // A shade stands in one line with its number.
    var line = shorten("\(name):", width)
    for item in items {
      let longer = line + (step == 0 ? " " : "  ") + item
      if DisplayWidth.of(longer) <= width {
        line = longer
      } else {
        canvas.put(line, x: 0, y: canvas.height, .dim)
        line = shorten("  " + item, width)
      }
    }
    canvas.put(line, x: 0, y: canvas.height, .dim)
  }

  // MARK: Sparklines

  mutating func draw(_ chart: SparkChart) -> [Note] {
    let levels = style.ascii ? ["_", ".", "-", "=", "*", "#"] : ["▁", "▂", "▃", "▄", "▅", "▆", "▇", "█"]
    let texts = chart.rows.map { SparkText.words($0.values) }
    let textWidth = min(texts.reduce(0) { max($0, DisplayWidth.of($1)) }, width / 2)
    let names = chart.rows.reduce(1) { max($0, DisplayWidth.of($1.label)) }
    let label = min(names, max(4, width / 4))
    let room = max(1, width - label - textWidth - 4)
    var widest = 1
    let labels = shortenApart(chart.rows.map(\.label), label)
    for ((row, text), name) in zip(zip(chart.rows, texts), labels) {
      let y = canvas.height
      let group = (row.values.count + room - 1) / room
      widest = max(widest, group)
      let values = SparkText.thinned(row.values, group)
      let known = values.compactMap { $0 }
      canvas.put(name, x: 0, y: y)
      if let low = known.min(), let high = known.max() {
        for (column, value) in values.enumerated() {
          guard let value else { continue }
          let share = high > low ? (value - low) / (high - low) : 0.5
          let level = min(levels.count - 1, max(0, Int(share * Double(levels.count))))
          canvas.put(levels[level], x: label + 2 + column, y: y, .series(0))
        }
      }
      canvas.put(shorten(text, textWidth), x: label + 2 + min(room, values.count) + 2, y: y)
    }
    if widest == 1 { return [] }
    return [Note(.fact, "a sign of the longest line is the mean of \(widest) points", count: widest)]
  }
}

private enum GridDrawing {
  static func turned(_ chart: GridChart) -> GridChart {
    var turned = chart
    (turned.rows, turned.columns) = (chart.columns, chart.rows)
    (turned.rowName, turned.columnName) = (chart.columnName, chart.rowName)
    turned.values = chart.columns.indices.map { column in chart.values.map { $0[column] } }
    return turned
  }
}

/// A series in words, and thinned to a width.
enum SparkText {
  static func words(_ values: [Double?]) -> String {
    let known = values.compactMap { $0 }
    guard let low = known.min(), let high = known.max(), let last = known.last else { return "no values" }
    let format = FloatFormat(known)
    return "min \(format.text(low)), max \(format.text(high)), last \(format.text(last))"
  }

  /// Means of runs of `group` values; missing where a run knows none.
  static func thinned(_ values: [Double?], _ group: Int) -> [Double?] {
    if group <= 1 { return values }
    return stride(from: 0, to: values.count, by: group).map { start in
      let known = values[start..<min(values.count, start + group)].compactMap { $0 }
      return known.isEmpty ? nil : known.reduce(0) { $0 + $1 / Double(known.count) }
    }
  }
}
