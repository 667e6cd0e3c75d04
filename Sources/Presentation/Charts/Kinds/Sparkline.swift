import Columns
import Diagnostics
import Planning

extension ChartKind {
  static let sparkline = ChartKind(
    row: ChartKindRow(
      "sparkline", "each series in one line of text", y: 1...8, needsX: false,
      example: "chart sparkline visits by month split department"),
    build: { input throws(Diagnostic) in try Sparkline.model(input) })
}

enum Sparkline {
  static func model(_ input: ChartInput) throws(Diagnostic) -> ChartModel {
    let set = try input.seriesSet("sparkline")
    var places: [Double]?
    if let x = input.specification.x {
      switch input.type(x) {
      case .text, .bool: places = try input.categories(x).codes.map { Double($0) }
      default: places = try input.numbers(x).values
      }
    }
    let rows = set.series.map { series in
      var points = zip(series.rows, series.values).map { (place: places?[$0] ?? Double($0), value: $1) }
      points = points.filter { !$0.place.isNaN }
      points = points.enumerated().sorted { ($0.element.place, $0.offset) < ($1.element.place, $1.offset) }
        .map(\.element)
      return SparkChart.Row(
        label: set.series.count > 1 ? series.name : set.name,
        values: points.map { $0.value.isNaN ? nil : $0.value })
    }
    let unplaced = set.count - rows.reduce(0) { $0 + $1.values.count }
    return ChartModel(
      title: input.title, body: .sparks(SparkChart(rows: rows)),
      notes: set.notes + set.missingNotes
        + ChartInput.missingNote(unplaced, of: set.count, input.specification.x.map(input.name) ?? ""))
  }
}
