import Diagnostics

/// Draws a chart model on a canvas of characters: title, body, legend, captions.
struct TerminalDrawing {
  let style: ChartStyle
  var canvas: TerminalCanvas

  init(style: ChartStyle) {
    self.style = style
    canvas = TerminalCanvas(width: style.width, paint: Paint(color: style.color, theme: style.theme))
  }

  var width: Int { style.width }

  /// - Returns: notes on what the width leaves no room for, and on the axes as they are drawn.
  mutating func draw(_ model: ChartModel) -> [Note] {
    if !model.title.isEmpty { canvas.put(shorten(model.title, width), x: 0, y: canvas.height, .bold) }
    var notes: [Note] = []
    switch model.body {
    case .plot(let plot): notes = draw(plot)
    case .rows(let chart): draw(chart, seriesCount: model.series.count)
    case .grid(let chart): notes = draw(chart)
    case .sparks(let chart): notes = draw(chart)
    }
    let isPlot = if case .plot = model.body { true } else { false }
    legend(model.series, glyphs: isPlot ? pointGlyphs : fillGlyphs)
    for note in model.notes + notes {
      let text = "\(NoteLines.mark(note.kind, ascii: style.ascii)) \(visible(note.message))"
      for line in WordWrap.lines(text, width, indent: 2) { canvas.put(line, x: 0, y: canvas.height, .dim) }
    }
    return notes
  }

  func shorten(_ text: String, _ width: Int) -> String { Fitting.shorten(text, width, style.ellipsis) }

  /// Labels that stand for different things, shortened without becoming alike.
  func shortenApart(_ texts: [String], _ width: Int) -> [String] {
    Fitting.shortenApart(texts, width, style.ellipsis)
  }

  var pointGlyphs: [String] { style.ascii ? SeriesMarks.asciiPoints : SeriesMarks.points }
  var fillGlyphs: [String] { style.ascii ? SeriesMarks.asciiFills : SeriesMarks.fills }

  private mutating func legend(_ series: [String], glyphs: [String]) {
    var x = 0
    var y = canvas.height
    for (number, name) in shortenApart(series, max(1, width - 4)).enumerated() {
      let size = 2 + DisplayWidth.of(name)
      if x > 0, x + size > width {
        x = 0
        y += 1
      }
      canvas.put(glyphs[number % glyphs.count], x: x, y: y, .series(number))
      canvas.put(name, x: x + 2, y: y)
      x += size + 3
    }
  }

  /// Labels below an axis, centred at their ticks; one that would touch its neighbour is left out.
  mutating func tickLabels(_ ticks: [(column: Int, label: String)], y: Int) {
    var free = 0
    for tick in ticks {
      let label = shorten(tick.label, max(4, width / 4))
      let size = DisplayWidth.of(label)
      let start = max(0, min(width - size, tick.column - size / 2))
      if start < free { continue }
      canvas.put(label, x: start, y: y)
      free = start + size + 1
    }
  }
}
