import Columns
import Diagnostics
import Planning

extension ChartKind {
  static let stacked = ChartKind(
    row: ChartKindRow(
      "stacked", "bars of parts end to end, with their total", y: 1...8, needsX: true,
      example: "chart stacked visits by department split triage",
      form: "chart stacked y[, y2] by x [split g]",
      reading: [
        "It wants one row for each pair of x and g. The parts of a bar are added, and the total stands behind it: use it for counts and sums, not for medians or percentages of parts.",
        "Values below 0 cannot be stacked.",
      ],
      pipeline:
        "encounters | filter triage is not missing | aggregate visits = count() by department, triage | chart stacked visits by department split triage"
    ),
    build: { input throws(Diagnostic) in try StackedChart.model(input) })
}

enum StackedChart {
  static func model(_ input: ChartInput) throws(Diagnostic) -> ChartModel {
    guard let x = input.specification.x else {
      throw Diagnostic(
        "chart-x", "chart stacked needs a bar for each of something",
        help: ["chart stacked VALUE by X split G"])
    }
    let set = try input.seriesSet("stacked")
    if set.series.contains(where: { $0.values.contains { $0 < 0 } }) {
      throw Diagnostic(
        "chart-negative", "negative values cannot be stacked", help: ["chart bar shows them side by side"])
    }
    let categories = try input.categories(x)
    let cells = try input.cells("stacked", categories, set)
    let totals = cells.map { $0.reduce(0) { $0 + ($1.flatMap { $0.isNaN ? nil : $0 } ?? 0) } }
    if let most = totals.max(), most > 4e307 {
      throw Diagnostic("chart-large", "the parts of a bar add up to more than a chart can show")
    }
    let format = FloatFormat(totals)
    let shown = min(BarChart.limit, cells.count)
    let rows = (0..<shown).map { index in
      var from = 0.0
      var segments: [RowChart.Segment] = []
      for (number, value) in cells[index].enumerated() {
        guard let value, value > 0 else { continue }
        segments.append(RowChart.Segment(from: from, to: from + value, series: number))
        from += value
      }
      return RowChart.Row(
        label: categories.labels[index], mark: .segments(segments), text: format.text(totals[index]))
    }
    let chart = RowChart(
      valueName: set.name, labelName: categories.name, rows: rows, zero: true, showsAxis: true)
    return ChartModel(
      title: input.title, body: .rows(chart), series: set.names,
      notes: set.notes + BarChart.absentNotes(input)
        + ChartInput.hiddenNote(shown, of: cells.count, categories.name) + set.missingNotes)
  }
}
