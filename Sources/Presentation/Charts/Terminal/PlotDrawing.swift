import Diagnostics

/// Dots finer than characters: two across and four down in a braille character, or one a character in ASCII.
private struct Raster {
  let ascii: Bool
  let columns: Int
  let rows: Int
  private var bits: [UInt8]
  private var owner: [Int]

  init(columns: Int, rows: Int, ascii: Bool) {
    self.ascii = ascii
    self.columns = columns
    self.rows = rows
    bits = [UInt8](repeating: 0, count: columns * rows)
    owner = [Int](repeating: 0, count: columns * rows)
  }

  var across: Int { ascii ? columns : columns * 2 }
  var down: Int { ascii ? rows : rows * 4 }

  /// The dots of a braille character, by row and column.
  private static let dots: [[UInt8]] = [[0x01, 0x08], [0x02, 0x10], [0x04, 0x20], [0x40, 0x80]]

  mutating func set(_ x: Int, _ y: Int, series: Int) {
    guard x >= 0, x < across, y >= 0, y < down else { return }
    let cell = ascii ? y * columns + x : y / 4 * columns + x / 2
    bits[cell] |= ascii ? 1 : Raster.dots[y % 4][x % 2]
    owner[cell] = series
  }

  mutating func line(from a: (x: Int, y: Int), to b: (x: Int, y: Int), series: Int) {
    let steps = max(abs(b.x - a.x), abs(b.y - a.y), 1)
    for step in 0...steps {
      let share = Double(step) / Double(steps)
      set(
        a.x + Int((Double(b.x - a.x) * share).rounded()), a.y + Int((Double(b.y - a.y) * share).rounded()),
        series: series)
    }
  }

  func glyph(_ column: Int, _ row: Int) -> (text: String, series: Int)? {
    let bits = bits[row * columns + column]
    if bits == 0 { return nil }
    let braille = Unicode.Scalar(UInt32(0x2800) + UInt32(bits)).map { String(Character($0)) } ?? "."
    return (ascii ? "." : braille, owner[row * columns + column])
  }
}

extension TerminalDrawing {
  /// Points at most for each to get its own marker where there is only one series.
  private static let fewPoints = 60

  /// - Returns: notes on the axes.
  mutating func draw(_ plot: Plot) -> [Note] {
    let height = style.height
    let yAxis = plot.yAxis(ticks: max(2, min(height / 3, 10)))
    let labelWidth = min(yAxis.ticks.reduce(0) { max($0, DisplayWidth.of($1.label)) }, width / 3)
    let left = labelWidth + 2
    let columns = max(4, width - left - 1)
    let xAxis = plot.xAxis(ticks: max(2, min(columns / 13, 10)))
    let top = canvas.height + 1
    canvas.put(shorten(plot.yName, width), x: 0, y: top - 1, .dim)
    frame(yAxis, xAxis, top: top, left: left, columns: columns)
    let name = shorten(plot.xName, columns)
    canvas.put(name, x: left + max(0, (columns - DisplayWidth.of(name)) / 2), y: canvas.height, .dim)

    var raster = Raster(columns: columns, rows: height, ascii: style.ascii)
    func place(_ x: Double, _ y: Double) -> (x: Int, y: Int) {
      (
        Int((xAxis.share(x) * Double(raster.across - 1)).rounded()),
        Int(((1 - yAxis.share(y)) * Double(raster.down - 1)).rounded())
      )
    }
    var points: [[(x: Int, y: Int)]] = []
    var lone: [(x: Int, y: Int, series: Int)] = []
    for (number, series) in plot.series.enumerated() {
      var last: (x: Int, y: Int)?
      var placed: [(x: Int, y: Int)] = []
      let base = place(0, max(yAxis.low, min(yAxis.high, 0))).y
      for (index, (x, y)) in zip(series.x, series.y).enumerated() {
        guard x.isFinite, y.isFinite else {
          last = nil
          continue
        }
        let point = place(x, y)
        placed.append(point)
        // A point without a neighbour is no line: a dot would hardly be seen.
        let goesOn =
          index + 1 < series.y.count && series.x[index + 1].isFinite && series.y[index + 1].isFinite
        if plot.form != .points, last == nil, !goesOn { lone.append((point.x, point.y, number)) }
        switch plot.form {
        case .points: raster.set(point.x, point.y, series: number)
        case .line: raster.line(from: last ?? point, to: point, series: number)
        case .area:
          raster.line(from: last ?? point, to: point, series: number)
          TerminalDrawing.fill(&raster, last ?? point, point, base, number)
        }
        last = point
      }
      points.append(placed)
    }
    show(raster, left: left, top: top)
    markers(points, plot, raster, left: left, top: top)
    for point in lone {
      canvas.put(
        pointGlyphs[point.series % pointGlyphs.count], x: left + point.x / (style.ascii ? 1 : 2),
        y: top + point.y / (style.ascii ? 1 : 4), .series(point.series))
    }
    if points.allSatisfy(\.isEmpty) {
      canvas.put("nothing to draw", x: left + max(0, columns / 2 - 7), y: top + height / 2, .dim)
    }
    return plot.cutNote(yAxis)
  }

  /// Fills the columns between two points down (or up) to the base line.
  private static func fill(
    _ raster: inout Raster, _ a: (x: Int, y: Int), _ b: (x: Int, y: Int), _ base: Int, _ series: Int
  ) {
    for x in min(a.x, b.x)...max(a.x, b.x) {
      let share = b.x == a.x ? 1 : Double(x - a.x) / Double(b.x - a.x)
      let y = a.y + Int((Double(b.y - a.y) * share).rounded())
      for row in min(y, base)...max(y, base) { raster.set(x, row, series: series) }
    }
  }

  private mutating func show(_ raster: Raster, left: Int, top: Int) {
    for row in 0..<raster.rows {
      for column in 0..<raster.columns {
        guard let glyph = raster.glyph(column, row) else { continue }
        canvas.put(glyph.text, x: left + column, y: top + row, .series(glyph.series))
      }
    }
  }

  /// A marker of its series on each point, so that series can be told apart without colour. On dense lines
  /// markers stand some columns apart.
  private mutating func markers(
    _ points: [[(x: Int, y: Int)]], _ plot: Plot, _ raster: Raster, left: Int, top: Int
  ) {
    let alone = points.count == 1
    if alone, points[0].count > TerminalDrawing.fewPoints || (plot.form != .points && !style.ascii) { return }
    let (across, down) = (style.ascii ? 1 : 2, style.ascii ? 1 : 4)
    // What was asked for first lies on top: marks of limits must not hide the points that they are limits of.
    for (number, placed) in points.enumerated().reversed() {
      var free = Int.min
      for point in placed {
        let column = point.x / across
        if plot.form != .points, column < free { continue }
        canvas.put(
          pointGlyphs[number % pointGlyphs.count], x: left + column, y: top + point.y / down, .series(number))
        free = column + 3
      }
    }
  }

  /// The two axes with their ticks and labels.
  private mutating func frame(_ yAxis: Axis, _ xAxis: Axis, top: Int, left: Int, columns: Int) {
    let height = style.height
    for row in 0..<height { canvas.put(style.ascii ? "|" : "│", x: left - 1, y: top + row, .dim) }
    for tick in yAxis.ticks {
      let row = Int(((1 - yAxis.share(tick.position)) * Double(height - 1)).rounded())
      guard row >= 0, row < height else { continue }
      canvas.put(shorten(tick.label, left - 2), before: left - 2, y: top + row)
      canvas.put(style.ascii ? "+" : "┤", x: left - 1, y: top + row, .dim)
    }
    let bottom = top + height
    canvas.put(style.ascii ? "+" : "└", x: left - 1, y: bottom, .dim)
    canvas.put(String(repeating: style.ascii ? "-" : "─", count: columns), x: left, y: bottom, .dim)
    var labels: [(column: Int, label: String)] = []
    for tick in xAxis.ticks {
      let column = left + Int((xAxis.share(tick.position) * Double(columns - 1)).rounded())
      guard column >= left, column < left + columns else { continue }
      canvas.put(style.ascii ? "+" : "┬", x: column, y: bottom, .dim)
      labels.append((column, tick.label))
    }
    tickLabels(labels, y: bottom + 1)
  }
}
