import Columns
import Diagnostics
import Planning

extension ChartKind {
  static let sparkline = ChartKind(
    row: ChartKindRow(
      "sparkline", "each series in one line of text", y: 1...8, needsX: false,
      example: "chart sparkline visits by month split department",
      form: "chart sparkline y[, y2] [by x] [split g]",
      reading: [
        "Each line is drawn between its own least and greatest value: they show courses, not which group is greater.",
        "Where x follows months, days or hours, a place without a row stays blank.",
      ],
      pipeline:
        "encounters | aggregate visits = count() by month = start_of(admitted, month), class | chart sparkline visits by month split class"
    ),
    build: { input throws(Diagnostic) in try Sparkline.model(input) })
}

enum Sparkline {
  static func model(_ input: ChartInput) throws(Diagnostic) -> ChartModel {
    let set = try input.seriesSet("sparkline")
    let across = try input.specification.x.map { x throws(Diagnostic) in try LineChart.across(input, x) }
    let places = across?.values
    let rhythm = across.flatMap { Rhythm($0) }
    var unplaced = 0
    var lines: [(name: String, places: Set<Int>)] = []
    let rows = set.series.map { series in
      var points = zip(series.rows, series.values).map { (place: places?[$0] ?? Double($0), value: $1) }
      points = points.filter { !$0.place.isNaN }
      points = points.enumerated().sorted { ($0.element.place, $0.offset) < ($1.element.place, $1.offset) }
        .map(\.element)
      unplaced += series.values.count - points.count
      if let rhythm {
        let own = points.map { rhythm.place($0.place) }
        lines.append((series.name, Set(own)))
        // A sign for each place, so that those of all lines stand below each other, with a blank where there is no row.
        if Set(own).count == own.count {
          var values = [Double?](repeating: nil, count: rhythm.count)
          for (place, point) in zip(own, points) where !point.value.isNaN { values[place] = point.value }
          return SparkChart.Row(label: set.series.count > 1 ? series.name : set.name, values: values)
        }
      }
      return SparkChart.Row(
        label: set.series.count > 1 ? series.name : set.name,
        values: points.map { $0.value.isNaN ? nil : $0.value })
    }
    return ChartModel(
      title: input.title, body: .sparks(SparkChart(rows: rows)),
      notes: set.notes + set.missingNotes
        + (rhythm?.note(across?.name ?? "", lines: lines, drawn: "a blank stands there") ?? [])
        + ChartInput.missingNote(unplaced, of: set.count, input.specification.x.map(input.name) ?? ""))
  }
}
