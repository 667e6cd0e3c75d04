import Planning
import Columns
import Diagnostics

/// The values of one series, with the rows that they come from.
struct ValueSeries: Sendable {
  var name: String
  var rows: [Int]
  /// NaN where missing.
  var values: [Double]
}

/// The y columns of a chart as series: one a column, or one a value of `split`.
struct SeriesSet: Sendable {
  var series: [ValueSeries]
  var name: String
  var measure: Measure
  var notes: [Note]
  /// Values that are known, but too large to draw.
  var tooLarge = 0

  /// Names for a legend; none where there is nothing to tell apart.
  var names: [String] { series.count > 1 ? series.map(\.name) : [] }
  var count: Int { series.reduce(0) { $0 + $1.values.count } }
  var missing: Int { series.reduce(0) { $0 + $1.values.count { $0.isNaN } } }
  var missingNotes: [Note] { ChartInput.missingNote(missing, of: count, name, tooLarge: tooLarge) }
}

extension ChartInput {
  /// - Parameters:
  ///   - kind: the kind's name, for messages.
  ///   - anySize: numbers of any size, where no difference of two of them is needed.
  func seriesSet(_ kind: String, anySize: Bool = false) throws(Diagnostic) -> SeriesSet {
    guard let first = specification.y.first else {
      throw Diagnostic(
        "chart-y", "chart \(kind) needs a column of values", help: ["chart \(kind) VALUE by X"])
    }
    if let split = try split() {
      if specification.y.count > 1 {
        throw Diagnostic(
          "chart-split", "chart \(kind) takes several value columns or a split, not both",
          help: ["unpivot the value columns and split by the name"])
      }
      return try self.split(try numbers(first, anySize: anySize), split)
    }
    var columns: [NumberSeries] = []
    for index in specification.y { columns.append(try numbers(index, anySize: anySize)) }
    let shown = Array(columns.prefix(SeriesMarks.limit))
    let all = Array(0..<rows)
    return SeriesSet(
      series: shown.map { ValueSeries(name: $0.name, rows: all, values: $0.values) },
      name: columns.count == 1 ? columns[0].name : columns.map(\.name).joined(separator: ", "),
      measure: columns.allSatisfy { $0.measure == columns[0].measure } ? columns[0].measure : .number,
      notes: ChartInput.hiddenNote(shown.count, of: columns.count, "the value columns")
        + ChartInput.flattened(shown),
      tooLarge: shown.reduce(0) { $0 + $1.tooLarge })
  }

  /// On the axis that all columns share, one may be too small to be read against another.
  private static func flattened(_ columns: [NumberSeries]) -> [Note] {
    let heights = columns.map { $0.values.reduce(0) { $1.isNaN ? $0 : max($0, $1.magnitude) } }
    guard let greatest = heights.indices.max(by: { heights[$0] < heights[$1] }) else { return [] }
    let flat = columns.indices.filter { heights[$0] > 0 && heights[$0] * flatteningRatio < heights[greatest] }
    if flat.isEmpty { return [] }
    let names = flat.map { columns[$0].name }.joined(separator: ", ")
    return [
      Note(
        .fact,
        "one axis holds all, and beside \(columns[greatest].name) nothing of \(names) can be read: chart \(flat.count == 1 ? "it" : "them") alone",
        subject: names)
    ]
  }

  /// A column whose greatest value is this many times less than another's is flat beside it.
  private static let flatteningRatio = 10.0

  private func split(_ numbers: NumberSeries, _ split: CategorySeries) throws(Diagnostic) -> SeriesSet {
    let shown = min(split.labels.count, SeriesMarks.limit)
    var series = split.labels.prefix(shown).map { ValueSeries(name: $0, rows: [], values: []) }
    for (row, code) in split.codes.enumerated() where code < shown {
      series[code].rows.append(row)
      series[code].values.append(numbers.values[row])
    }
    return SeriesSet(
      series: series, name: numbers.name, measure: numbers.measure,
      notes: ChartInput.hiddenNote(shown, of: split.labels.count, split.name), tooLarge: numbers.tooLarge)
  }

  /// The rows of each pair of category and series; an error where a pair has several rows, since a chart that
  /// silently adds or picks would lie.
  func cells(
    _ kind: String, _ categories: CategorySeries, _ set: SeriesSet
  ) throws(Diagnostic) -> [[Double?]] {
    var cells = [[Double?]](
      repeating: [Double?](repeating: nil, count: set.series.count), count: categories.labels.count)
    for (number, series) in set.series.enumerated() {
      for (row, value) in zip(series.rows, series.values) {
        let code = categories.codes[row]
        if cells[code][number] != nil {
          throw Diagnostic(
            "chart-several",
            "chart \(kind) needs one row for each value of \(categories.name), "
              + "but \(categories.labels[code]) has several",
            help: ["aggregate by \(categories.name) first"])
        }
        cells[code][number] = value
      }
    }
    return cells
  }
}
