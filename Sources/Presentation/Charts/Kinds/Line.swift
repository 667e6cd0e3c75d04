import Columns
import Diagnostics
import Planning

extension ChartKind {
  static let line = ChartKind(
    row: ChartKindRow(
      "line", "values along time or a number, a line for each series", y: 1...8, needsX: true,
      example: "chart line typical by month",
      form: "chart line y[, y2] by x [split g]",
      reading: [
        "x is a day, a time or a number; texts stand in their order. The rows need not be sorted.",
        "A line has a gap where its value is missing, and where a month, week, day or hour between two points has no row, as long as at least half of them have one; both are told.",
        "The y axis need not begin at 0: look at its ends. chart area and chart bar begin there.",
      ],
      pipeline:
        "encounters | aggregate typical = median(los_hours) by month = start_of(admitted, month) | chart line typical by month"
    ),
    build: { input throws(Diagnostic) in try LineChart.model(input, "line", .line) })

  static let area = ChartKind(
    row: ChartKindRow(
      "area", "a line with the area down to zero filled", y: 1...8, needsX: true,
      example: "chart area visits by month",
      form: "chart area y[, y2] by x [split g]",
      reading: [
        "As chart line, with the area down to 0 filled: the y axis begins there."
      ],
      pipeline:
        "encounters | aggregate visits = count() by month = start_of(admitted, month) | chart area visits by month"
    ),
    build: { input throws(Diagnostic) in try LineChart.model(input, "area", .area) })

  static let scatter = ChartKind(
    row: ChartKindRow(
      "scatter", "a point for each row", y: 1...8, needsX: true, example: "chart scatter los by age",
      form: "chart scatter y[, y2] by x [split g]",
      reading: [
        "Each row is a point, split gives each group a sign of its own. Where many points fall on one place the terminal shows one: chart heatmap over bin(x, …) counts them.",
        "Rows of which one of the two values is missing are told.",
      ],
      pipeline: "encounters | filter class == \"inpatient\" | chart scatter los_hours by age"),
    build: { input throws(Diagnostic) in try LineChart.model(input, "scatter", .points) })
}

/// Lines, areas and points: everything with two number axes.
enum LineChart {
  static func model(_ input: ChartInput, _ kind: String, _ form: Plot.Form) throws(Diagnostic) -> ChartModel {
    guard let x = input.specification.x else {
      throw Diagnostic(
        "chart-x", "chart \(kind) needs to know what runs across", help: ["chart \(kind) VALUE by X"])
    }
    let set = try input.seriesSet(kind)
    let across = try across(input, x)
    let rhythm = form == .points ? nil : Rhythm(across)
    var unplaced = 0
    var gaps = 0
    var repeated = 0
    let series = set.series.map { one in
      var points: [(x: Double, y: Double)] = []
      for (row, value) in zip(one.rows, one.values) {
        let place = across.values[row]
        if place.isNaN { unplaced += 1 } else { points.append((place, value)) }
        if value.isNaN, !place.isNaN { gaps += 1 }
      }
      // A line runs from left to right whatever the order of the rows.
      if form != .points {
        points = points.enumerated().sorted { ($0.element.x, $0.offset) < ($1.element.x, $1.offset) }.map(
          \.element)
        repeated += zip(points, points.dropFirst()).count { $0.x == $1.x && !$0.y.isNaN && !$1.y.isNaN }
        points = rhythm?.broken(points, others: set.series.count > 1) ?? points
      }
      return Plot.Series(x: points.map(\.x), y: points.map(\.y))
    }
    let plot = Plot(
      form: form, series: series, xName: across.name, yName: set.name, xMeasure: across.measure,
      yMeasure: set.measure, from: input.specification.from)
    return ChartModel(
      title: input.title, body: .plot(plot), series: set.names,
      notes: set.notes + ChartInput.missingNote(gaps, of: set.count, set.name, tooLarge: set.tooLarge)
        + ChartInput.missingNote(unplaced, of: set.count, across.name, tooLarge: across.tooLarge)
        + repeatedNote(repeated, across.name)
        + (form == .points ? [] : unorderedNote(input, x, across))
        + (rhythm.map { absentNote($0, set, across) } ?? []))
  }

  /// A note on places of the axis at which a line has no row.
  private static func absentNote(_ rhythm: Rhythm, _ set: SeriesSet, _ across: NumberSeries) -> [Note] {
    let lines = set.series.map { series in
      let places = series.rows.map { across.values[$0] }.filter { !$0.isNaN }.map(rhythm.place)
      return (name: series.name, places: Set(places))
    }
    let isBroken = rhythm.isBroken || lines.count > 1
    return rhythm.note(
      across.name, lines: lines,
      drawn: isBroken ? "no line is drawn there" : "the line goes straight over them")
  }

  /// A line between things that have no order shows a course that is none.
  private static func unorderedNote(_ input: ChartInput, _ x: Int, _ across: NumberSeries) -> [Note] {
    guard input.type(x) == .text, case .categories(let labels) = across.measure, labels.count > 2,
      input.table.column(x).pool?.isOrdered != true,
      labels.allSatisfy({ $0.first?.isNumber == false })
    else { return [] }
    return [
      Note(
        .fact,
        "`\(across.name)` has no order of its own: the line between its values shows no course; chart bar compares them",
        subject: across.name)
    ]
  }

  /// A line that goes up and down over one place shows no course.
  private static func repeatedNote(_ repeated: Int, _ name: String) -> [Note] {
    if repeated == 0 { return [] }
    return [
      Note(
        .fact,
        "\(counted(repeated, "row")) \(repeated == 1 ? "has" : "have") the `\(name)` of an earlier row of the same line: "
          + "the line goes up and down there; aggregate by \(name), or add `split` and what tells them apart",
        count: repeated)
    ]
  }

  static func across(_ input: ChartInput, _ x: Int) throws(Diagnostic) -> NumberSeries {
    switch input.type(x) {
    case .text, .bool:
      let categories = try input.categories(x)
      return NumberSeries(
        name: categories.name, values: categories.codes.map { Double($0) },
        measure: .categories(categories.labels))
    default: return try input.numbers(x)
    }
  }
}
