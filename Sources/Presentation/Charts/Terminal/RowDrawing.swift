import Statistics
import Diagnostics

extension TerminalDrawing {
  /// Where the parts of a row chart stand.
  private struct RowFrame {
    var axis: Axis
    /// The column of the axis line.
    var line: Int
    /// The first column of the marks, and how many there are.
    var left: Int
    var columns: Int
    var textWidth: Int
    /// Texts stand in a column of their own at the right instead of behind the marks.
    var textsApart: Bool

    func column(_ value: Double) -> Int {
      let share = axis.share(value) * Double(columns)
      return share.isFinite ? max(0, min(columns, Int(share.rounded()))) : 0
    }
  }

  private static let eighths = ["", "▏", "▎", "▍", "▌", "▋", "▊", "▉"]

  mutating func draw(_ chart: RowChart, seriesCount: Int) {
    if chart.rows.isEmpty {
      canvas.put("nothing to draw", x: 0, y: canvas.height, .dim)
      return
    }
    let frame = rowFrame(chart)
    let labels = shortenApart(chart.rows.map(\.label), frame.line - 1)
    for (row, label) in zip(chart.rows, labels) {
      let y = canvas.height
      canvas.put(label, x: 0, y: y)
      canvas.put(style.ascii ? "|" : "│", x: frame.line, y: y, .dim)
      if chart.zero, frame.axis.low < 0 {
        canvas.put(style.ascii ? "|" : "│", x: frame.left + frame.column(0), y: y, .dim)
      }
      var end = 0
      switch row.mark {
      case .missing: break
      case .segments(let segments): end = draw(segments, frame, y, alone: seriesCount < 2)
      case .box(let five, let whiskers, let outliers):
        draw(outliers, frame, y)
        drawBox((whiskers.low, five.lower, five.median, five.upper, whiskers.high), frame, y)
      }
      let isMissing = if case .missing = row.mark { true } else { false }
      if isMissing, chart.zero {
        canvas.put(row.text, x: frame.left, y: y, .dim)
      } else if frame.textsApart {
        canvas.put(shorten(row.text, frame.textWidth), before: width, y: y)
      } else {
        canvas.put(row.text, x: frame.left + end + (end > 0 ? 1 : 0), y: y)
      }
    }
    if chart.showsAxis { drawAxis(frame, chart) }
  }

  private func rowFrame(_ chart: RowChart) -> RowFrame {
    let isBox = chart.rows.contains { if case .box = $0.mark { true } else { false } }
    // The words of a row without a mark stand where the mark would be.
    let texts = chart.rows.filter { if case .missing = $0.mark { isBox } else { true } }.map(\.text)
    var textWidth = min(texts.reduce(0) { max($0, DisplayWidth.of($1)) }, max(4, width / 2))
    let wanted = chart.rows.reduce(1) { max($0, DisplayWidth.of($1.label)) }
    let label = min(wanted, max(4, width / 3))
    let left = label + 2
    // In a narrow window the boxes and their names say more than the numbers beside them.
    if isBox, width - left - textWidth - 1 < 8 { textWidth = 0 }
    let columns = max(2, width - left - textWidth - 1)
    let axis = chart.axis(ticks: max(2, columns / 12))
    return RowFrame(
      axis: axis, line: label + 1, left: left, columns: columns, textWidth: textWidth,
      textsApart: isBox || axis.low < 0)
  }

  /// - Returns: the columns taken, from the left.
  private mutating func draw(
    _ segments: [RowChart.Segment], _ frame: RowFrame, _ y: Int, alone: Bool
  ) -> Int {
    if segments.count > 1 { return drawParts(segments, frame, y) }
    var end = 0
    for segment in segments {
      let ink = TerminalCanvas.Ink.series(segment.series)
      let low = min(segment.from, segment.to)
      let high = max(segment.from, segment.to)
      if alone, !style.ascii, low >= 0, frame.axis.low >= 0 {
        let parts = max(0, Int((frame.axis.share(high) * Double(frame.columns * 8)).rounded()))
        // A value that is not zero is never without a mark.
        let eighths = min(frame.columns * 8, high > 0 ? max(1, parts) : 0)
        let bar = String(repeating: "█", count: eighths / 8) + TerminalDrawing.eighths[eighths % 8]
        canvas.put(bar, x: frame.left, y: y, ink)
        end = max(end, (eighths + 7) / 8)
        continue
      }
      var from = frame.column(low)
      var to = frame.column(high)
      if from == to, low < high {
        if segment.to < segment.from { from = max(0, from - 1) } else { to = min(frame.columns, to + 1) }
      }
      let glyph = fillGlyphs[segment.series % fillGlyphs.count]
      canvas.put(String(repeating: glyph, count: max(0, to - from)), x: frame.left + from, y: y, ink)
      end = max(end, to)
    }
    return end
  }

  /// Parts end to end: each cell shows the part that takes most of it.
  private mutating func drawParts(_ parts: [RowChart.Segment], _ frame: RowFrame, _ y: Int) -> Int {
    let width = Double(frame.columns)
    let spans = parts.map { part in
      (
        from: frame.axis.share(min(part.from, part.to)) * width,
        to: frame.axis.share(max(part.from, part.to)) * width, series: part.series
      )
    }
    let end = spans.reduce(0) { max($0, $1.to) }
    let cells = min(frame.columns, max(1, Int(end.rounded())))
    for cell in 0..<cells {
      func share(_ span: (from: Double, to: Double, series: Int)) -> Double {
        min(span.to, Double(cell + 1)) - max(span.from, Double(cell))
      }
      guard let most = spans.max(by: { share($0) < share($1) }) else { continue }
      canvas.put(
        fillGlyphs[most.series % fillGlyphs.count], x: frame.left + cell, y: y, .series(most.series))
    }
    return cells
  }

  private mutating func draw(_ outliers: [Double], _ frame: RowFrame, _ y: Int) {
    for value in outliers {
      canvas.put(style.ascii ? "o" : "∘", x: frame.left + boxColumn(value, frame), y: y, .dim)
    }
  }

  private mutating func drawBox(
    _ box: (low: Double, lower: Double, median: Double, upper: Double, high: Double), _ frame: RowFrame,
    _ y: Int
  ) {
    let columns = [box.low, box.lower, box.median, box.upper, box.high].map { boxColumn($0, frame) }
    let whisker = style.ascii ? "-" : "─"
    canvas.put(
      String(repeating: whisker, count: columns[4] - columns[0] + 1), x: frame.left + columns[0], y: y)
    canvas.put(style.ascii ? "|" : "├", x: frame.left + columns[0], y: y)
    canvas.put(style.ascii ? "|" : "┤", x: frame.left + columns[4], y: y)
    let body = String(repeating: style.ascii ? "=" : "▒", count: columns[3] - columns[1] + 1)
    canvas.put(body, x: frame.left + columns[1], y: y, .series(0))
    canvas.put(style.ascii ? "#" : "┃", x: frame.left + columns[2], y: y, .bold)
  }

  /// The column that a value falls into, 0 to one less than there are.
  private func boxColumn(_ value: Double, _ frame: RowFrame) -> Int {
    let share = frame.axis.share(value) * Double(frame.columns - 1)
    return share.isFinite ? max(0, min(frame.columns - 1, Int(share.rounded()))) : 0
  }

  private mutating func drawAxis(_ frame: RowFrame, _ chart: RowChart) {
    let y = canvas.height
    canvas.put(style.ascii ? "+" : "└", x: frame.line, y: y, .dim)
    canvas.put(String(repeating: style.ascii ? "-" : "─", count: frame.columns), x: frame.left, y: y, .dim)
    var labels: [(column: Int, label: String)] = []
    for tick in frame.axis.ticks {
      let column = frame.left + boxColumn(tick.position, frame)
      canvas.put(style.ascii ? "+" : "┬", x: column, y: y, .dim)
      labels.append((column, tick.label))
    }
    tickLabels(labels, y: y + 1)
    let name = shorten(chart.valueName, frame.columns)
    canvas.put(name, x: frame.left + max(0, (frame.columns - DisplayWidth.of(name)) / 2), y: y + 2, .dim)
  }
}
