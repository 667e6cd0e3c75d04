import Statistics
import Diagnostics

/// Draws a chart model as a vector picture.
struct SVGDrawing {
  /// Width of an average character and height of a line, in the picture's units.
  static let characterWidth = 7.2
  static let lineHeight = 20.0
  private static let margin = 16.0

  var canvas: SVGCanvas
  private var title = ""
  /// Where the next part begins.
  private var y = SVGDrawing.margin
  private let plotHeight: Double

  init(columns: Int, rows: Int) {
    canvas = SVGCanvas(width: Double(columns) * 8, height: 0)
    plotHeight = Double(rows) * SVGDrawing.lineHeight
  }

  /// The text of the file.
  var text: String { canvas.file(title: title) }

  private var left: Double { SVGDrawing.margin }
  private var right: Double { canvas.width - SVGDrawing.margin }

  /// - Returns: notes on the axes as they are drawn.
  mutating func draw(_ model: ChartModel) -> [Note] {
    title = model.title
    canvas.text(shorten(model.title, right - left), x: left, y: y + 8, bold: true)
    y += SVGDrawing.lineHeight + 4
    var drawn: [Note] = []
    switch model.body {
    case .plot(let plot): drawn = draw(plot)
    case .rows(let chart): draw(chart)
    case .grid(let chart): draw(chart)
    case .sparks(let chart): draw(chart)
    }
    let isPlot = if case .plot = model.body { true } else { false }
    legend(model.series, markers: isPlot)
    for note in model.notes + drawn {
      for line in WordWrap.lines(note.message, Int((right - left) / SVGDrawing.characterWidth)) {
        canvas.text(line, x: left, y: y + 12, fill: "#666")
        y += SVGDrawing.lineHeight
      }
    }
    canvas.height = y + SVGDrawing.margin
    return drawn
  }

  static func width(_ text: String) -> Double { Double(DisplayWidth.of(text)) * characterWidth }

  private func shorten(_ text: String, _ room: Double) -> String { shortenApart([text], room)[0] }

  private func shortenApart(_ texts: [String], _ room: Double) -> [String] {
    Fitting.shortenApart(texts, max(1, Int(room / SVGDrawing.characterWidth)), "…")
  }

  private mutating func legend(_ series: [String], markers: Bool) {
    if series.isEmpty { return }
    var x = left
    for (number, name) in shortenApart(series, right - left - 30).enumerated() {
      let size = 16 + SVGDrawing.width(name)
      if x > left, x + size > right {
        x = left
        y += SVGDrawing.lineHeight
      }
      if markers {
        canvas.marker(x: x + 5, y: y + 8, series: number)
      } else {
        bar(x: x, y: y + 3, width: 11, height: 11, series: number)
      }
      canvas.text(name, x: x + 16, y: y + 12)
      x += size + 16
    }
    y += SVGDrawing.lineHeight + 4
  }

  // MARK: Plots

  private mutating func draw(_ plot: Plot) -> [Note] {
    let yAxis = plot.yAxis(ticks: 6)
    let labels = yAxis.ticks.reduce(0) { max($0, SVGDrawing.width($1.label)) }
    let (x0, x1) = (left + labels + 10, right - 10)
    let xAxis = plot.xAxis(ticks: Int(max(2, min(10, (x1 - x0) / 95))))
    canvas.text(plot.yName, x: left, y: y + 8, fill: "#666")
    let (top, bottom) = (y + 20, y + 20 + plotHeight)
    for tick in yAxis.ticks {
      let place = bottom - yAxis.share(tick.position) * plotHeight
      canvas.line(x0, place, x1, place, stroke: "#ddd")
      canvas.text(tick.label, x: x0 - 6, y: place + 4, .end)
    }
    canvas.line(x0, top, x0, bottom)
    canvas.line(x0, bottom, x1, bottom)
    var free = -Double.infinity
    for tick in xAxis.ticks {
      let place = x0 + xAxis.share(tick.position) * (x1 - x0)
      canvas.line(place, bottom, place, bottom + 5)
      let label = shorten(tick.label, 140)
      let half = SVGDrawing.width(label) / 2
      if place - half < free { continue }
      canvas.text(label, x: place, y: bottom + 18, .middle)
      free = place + half + 6
    }
    canvas.text(plot.xName, x: (x0 + x1) / 2, y: bottom + 36, .middle, fill: "#666")
    // As in the terminal: what was asked for first lies on top.
    for (number, series) in plot.series.enumerated().reversed() {
      let base = bottom - yAxis.share(max(yAxis.low, min(yAxis.high, 0))) * plotHeight
      let runs = SVGDrawing.runs(series).map { run in
        run.map { (x: x0 + xAxis.share($0.x) * (x1 - x0), y: bottom - yAxis.share($0.y) * plotHeight) }
      }
      draw(runs, plot.form, base, number, several: plot.series.count > 1)
    }
    y = bottom + 48
    return plot.cutNote(yAxis)
  }

  private mutating func draw(
    _ runs: [[(x: Double, y: Double)]], _ form: Plot.Form, _ base: Double, _ number: Int, several: Bool
  ) {
    let dashes = ["", "6 3", "2 3", "8 3 2 3", "12 4", "4 4", "1 4", "10 2 2 2"]
    for run in runs {
      guard let first = run.first, let last = run.last else { continue }
      if form == .area {
        canvas.polygon(
          run + [(last.x, base), (first.x, base)], fill: SVGCanvas.color(number), opacity: 0.25)
      }
      if form != .points, run.count > 1 {
        canvas.polyline(run, stroke: SVGCanvas.color(number), dash: dashes[number % dashes.count])
      }
      var free = -Double.infinity
      for point in run where form == .points || run.count == 1 || (several && point.x >= free) {
        canvas.marker(x: point.x, y: point.y, series: number)
        free = point.x + 24
      }
    }
  }

  /// The points between gaps.
  private static func runs(_ series: Plot.Series) -> [[(x: Double, y: Double)]] {
    var runs: [[(x: Double, y: Double)]] = [[]]
    for (x, y) in zip(series.x, series.y) {
      if x.isFinite, y.isFinite { runs[runs.count - 1].append((x, y)) } else { runs.append([]) }
    }
    return runs.filter { !$0.isEmpty }
  }

  // MARK: Rows

  private mutating func draw(_ chart: RowChart) {
    let room = right - left
    let label = min(chart.rows.reduce(20) { max($0, SVGDrawing.width($1.label)) }, room / 3)
    let texts = min(chart.rows.reduce(20) { max($0, SVGDrawing.width($1.text)) }, room / 3)
    let (x0, x1) = (left + label + 8, right - texts - 8)
    let axis = chart.axis(ticks: Int(max(2, (x1 - x0) / 90)))
    func place(_ value: Double) -> Double { x0 + axis.share(value) * (x1 - x0) }
    let top = y
    for (row, name) in zip(chart.rows, shortenApart(chart.rows.map(\.label), label)) {
      canvas.text(name, x: x0 - 6, y: y + 14, .end)
      var end = x0
      switch row.mark {
      case .missing: break
      case .segments(let segments):
        for segment in segments {
          let (from, to) = (place(min(segment.from, segment.to)), place(max(segment.from, segment.to)))
          bar(
            x: from, y: y + (chart.touching ? 0.5 : 3), width: to - from,
            height: SVGDrawing.lineHeight - (chart.touching ? 1 : 6), series: segment.series)
          end = max(end, to)
        }
      case .box(let five, let whiskers, let outliers):
        let middle = y + 10
        canvas.line(place(whiskers.low), middle, place(whiskers.high), middle, stroke: "#444")
        bar(
          x: place(five.lower), y: y + 3, width: place(five.upper) - place(five.lower), height: 14, series: 0)
        canvas.line(place(five.median), y + 1, place(five.median), y + 19, stroke: "black", width: 2.5)
        for value in outliers { canvas.marker(x: place(value), y: middle, series: 4) }
        end = max(place(five.upper), place(five.greatest)) + 4
      }
      canvas.text(row.text, x: min(end, x1) + 6, y: y + 14)
      y += SVGDrawing.lineHeight
    }
    if chart.zero { canvas.line(place(0), top, place(0), y) } else { canvas.line(x0, top, x0, y) }
    if chart.showsAxis { drawAxis(axis, x0, x1, chart.valueName) }
    y += 8
  }

  private mutating func drawAxis(_ axis: Axis, _ x0: Double, _ x1: Double, _ name: String) {
    canvas.line(x0, y, x1, y)
    for tick in axis.ticks {
      let place = x0 + axis.share(tick.position) * (x1 - x0)
      canvas.line(place, y, place, y + 5)
      canvas.text(tick.label, x: place, y: y + 18, .middle)
    }
    canvas.text(name, x: (x0 + x1) / 2, y: y + 36, .middle, fill: "#666")
    y += 44
  }

  /// A bar whose pattern tells its series.
  private mutating func bar(x: Double, y: Double, width: Double, height: Double, series: Int) {
    canvas.rectangle(x: x, y: y, width: width, height: height, fill: SVGCanvas.color(series))
    guard series > 0, width > 0 else { return }
    let step = 4.0 + Double(series)
    var place = x + step
    while place < x + width, (place - x) / step < 500 {
      canvas.line(place, y, place, y + height, stroke: "white", width: series.isMultiple(of: 2) ? 2 : 1)
      place += step
    }
  }

  // MARK: Heat maps and sparklines

  private mutating func draw(_ chart: GridChart) {
    guard let range = chart.range else { return }
    let format = FloatFormat(chart.values.joined().compactMap { $0 })
    let label = min(chart.rows.reduce(20) { max($0, SVGDrawing.width($1)) }, (right - left) / 4)
    let x0 = left + label + 8
    let cell = (right - x0) / Double(max(1, chart.columns.count))
    for (index, name) in shortenApart(chart.columns, cell).enumerated() {
      canvas.text(name, x: x0 + (Double(index) + 0.5) * cell, y: y + 12, .middle)
    }
    y += SVGDrawing.lineHeight
    for ((name, short), values) in zip(zip(chart.rows, shortenApart(chart.rows, label)), chart.values) {
      canvas.text(short, x: x0 - 6, y: y + 15, .end)
      for (index, value) in values.enumerated() {
        guard let value else { continue }
        let share = range.high > range.low ? (value - range.low) / (range.high - range.low) : 0.5
        let light = Int((235 - share * 170).rounded())
        let x = x0 + Double(index) * cell
        canvas.rectangle(
          x: x, y: y, width: cell - 1, height: 21, fill: "rgb(\(light),\(light),\(min(255, light + 25)))",
          title: "\(name): \(format.text(value))")
        let text = format.text(value)
        if SVGDrawing.width(text) < cell {
          canvas.text(text, x: x + cell / 2, y: y + 15, .middle, fill: share > 0.55 ? "white" : "#222")
        }
      }
      y += 22
    }
    y += 10
  }

  private mutating func draw(_ chart: SparkChart) {
    let label = min(chart.rows.reduce(20) { max($0, SVGDrawing.width($1.label)) }, (right - left) / 4)
    let texts = chart.rows.map { SparkText.words($0.values) }
    let words = texts.reduce(20) { max($0, SVGDrawing.width($1)) }
    let (x0, x1) = (left + label + 8, max(left + label + 60, right - words - 8))
    let labels = shortenApart(chart.rows.map(\.label), label)
    for ((row, text), name) in zip(zip(chart.rows, texts), labels) {
      let known = row.values.compactMap { $0 }
      canvas.text(name, x: x0 - 6, y: y + 15, .end)
      if let low = known.min(), let high = known.max() {
        let last = Double(max(1, row.values.count - 1))
        let series = Plot.Series(
          x: row.values.indices.map { Double($0) / last },
          y: row.values.map { $0.map { high > low ? ($0 - low) / (high - low) : 0.5 } ?? .nan })
        let runs = SVGDrawing.runs(series).map { run in
          run.map { (x: x0 + $0.x * (x1 - x0), y: y + 18 - $0.y * 16) }
        }
        for run in runs { canvas.polyline(run, stroke: SVGCanvas.color(0), dash: "") }
      }
      canvas.text(text, x: x1 + 8, y: y + 15)
      y += 24
    }
  }
}
