import Columns
import Diagnostics
import Planning

extension ChartKind {
  static let heatmap = ChartKind(
    row: ChartKindRow(
      "heatmap", "a shade and a number for each pair of x and split", y: 1...1, needsX: true,
      example: "chart heatmap visits by hour split weekday",
      form: "chart heatmap y by x split g",
      reading: [
        "x runs across and g down; it wants one row for each pair: aggregate by both first. A pair without a row is blank.",
        "The number stands in its cell where there is room, the darker the greater.",
      ],
      pipeline:
        "encounters | aggregate visits = count() by hour = hour(admitted), day = weekday(admitted) | chart heatmap visits by hour split day"
    ),
    build: { input throws(Diagnostic) in try Heatmap.model(input) })
}

enum Heatmap {
  private static let limit = 60

  static func model(_ input: ChartInput) throws(Diagnostic) -> ChartModel {
    guard let y = input.specification.y.first, let x = input.specification.x,
      let splitIndex = input.specification.split
    else {
      throw Diagnostic(
        "chart-split", "chart heatmap needs a value, an x and a split",
        help: ["chart heatmap VALUE by X split G"])
    }
    let numbers = try input.numbers(y)
    let columns = try input.categories(x, ascending: true)
    let rows = try input.categories(splitIndex, ascending: true)
    var values = [[Double?]](
      repeating: [Double?](repeating: nil, count: columns.labels.count), count: rows.labels.count)
    for index in 0..<input.rows {
      let (row, column) = (rows.codes[index], columns.codes[index])
      if values[row][column] != nil {
        throw Diagnostic(
          "chart-several",
          "chart heatmap needs one row for each pair of \(columns.name) and \(rows.name), but "
            + "\(columns.labels[column]) and \(rows.labels[row]) have several",
          help: ["aggregate by \(columns.name), \(rows.name) first"])
      }
      values[row][column] = numbers.values[index]
    }
    let missing = numbers.values.count { $0.isNaN }
    let chart = GridChart(
      valueName: numbers.name, rowName: rows.name, columnName: columns.name,
      rows: Array(rows.labels.prefix(limit)), columns: columns.labels,
      values: values.prefix(limit).map { $0.map { $0.flatMap { $0.isNaN ? nil : $0 } } })
    return ChartModel(
      title: input.title, body: .grid(chart),
      notes: emptyNote(values, columns.name, rows.name)
        + ChartInput.missingNote(missing, of: input.rows, numbers.name, tooLarge: numbers.tooLarge)
        + ChartInput.hiddenNote(min(limit, rows.labels.count), of: rows.labels.count, rows.name))
  }

  /// Pairs that have no row: their cells are as empty as those of values that are missing.
  private static func emptyNote(_ values: [[Double?]], _ x: String, _ split: String) -> [Note] {
    let all = values.reduce(0) { $0 + $1.count }
    let empty = values.reduce(0) { $0 + $1.count { $0 == nil } }
    if empty == 0 { return [] }
    return [
      Note(
        .fact,
        "\(grouped(empty)) of \(counted(all, "cell")) of \(x) and \(split) \(empty == 1 ? "has" : "have") no row, and \(empty == 1 ? "is" : "are") empty",
        count: empty, total: all)
    ]
  }
}
