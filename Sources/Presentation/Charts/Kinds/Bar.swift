import Columns
import Diagnostics
import Planning

extension ChartKind {
  static let bar = ChartKind(
    row: ChartKindRow(
      "bar", "a horizontal bar for each row, with its value", y: 1...8, needsX: false,
      example: "chart bar visits by department",
      form: "chart bar y[, y2] [by x] [split g]",
      reading: [
        "It wants one row for each bar: aggregate first. The value stands behind the bar, which begins at 0.",
        "by names the bars, split puts those of several groups below each other; a value that is missing is told in the place of the bar.",
        "Of more than 50 rows the first 50 are drawn. Months, and days, hours or whole numbers of which at least half have a row, are told where they have none.",
      ],
      pipeline:
        "encounters | aggregate visits = count() by department | sort visits desc | chart bar visits by department"
    ),
    build: { input throws(Diagnostic) in try BarChart.model(input, kind: "bar", touching: false) })
}

enum BarChart {
  /// Rows that are drawn; more would be a table.
  static let limit = 50
  /// Values of a column that a chart may be advised to be split by.
  private static let splits = 8

  static func model(_ input: ChartInput, kind: String, touching: Bool) throws(Diagnostic) -> ChartModel {
    let set = try input.seriesSet(kind, anySize: true)
    var notes = set.notes + absentNotes(input)
    // The values of one column are compared with each other, those of several columns are not alike.
    let together =
      input.specification.y.count == 1 ? [set.series.flatMap(\.values)] : set.series.map(\.values)
    let formats = together.map { FloatFormat($0.filter(\.isFinite), grouping: true) }
    var rows: [RowChart.Row] = []
    var labelName = ""
    let grouped = input.specification.split != nil
    if let x = input.specification.x, grouped {
      let categories = try input.categories(x)
      labelName = categories.name
      let cells = try input.cells(kind, categories, set)
      for (label, values) in zip(categories.labels, cells).prefix(limit) {
        rows += group(label, values, formats)
      }
      notes += ChartInput.hiddenNote(
        min(limit, categories.labels.count), of: categories.labels.count, categories.name)
    } else {
      let labels = try labels(input, set)
      labelName = labels.name
      notes += repeated(input)
      let shown = min(limit, labels.texts.count)
      for index in 0..<shown {
        let values: [Double?] =
          grouped ? [set.series[index].values.first] : set.series.map { $0.values[index] }
        rows += group(labels.texts[index], values, formats)
      }
      notes += ChartInput.hiddenNote(
        shown, of: labels.texts.count, labelName.isEmpty ? "the rows" : labelName)
    }
    let chart = RowChart(
      valueName: set.name, labelName: labelName, rows: rows, zero: true, showsAxis: false, touching: touching)
    return ChartModel(
      title: input.title, body: .rows(chart),
      series: grouped && input.specification.x == nil ? [] : set.names,
      notes: notes + set.missingNotes)
  }

  /// A note on months, hours, numbers or bins between the first bar and the last that have none.
  static func absentNotes(_ input: ChartInput) -> [Note] {
    guard let x = input.specification.x else { return [] }
    if input.type(x) == .text {
      guard let labels = try? input.categories(x).labels, let gaps = BinLabels.gaps(labels), gaps > 0 else {
        return []
      }
      let name = input.name(x)
      return [
        Note(
          .structural,
          "no row is in \(counted(gaps, "range")) between the bins of \(name): no bar is drawn there",
          count: gaps,
          subject: name)
      ]
    }
    guard let across = try? input.numbers(x), let rhythm = Rhythm(across) else { return [] }
    let places = Set(across.values.filter { !$0.isNaN }.map(rhythm.place))
    return rhythm.note(across.name, lines: [(across.name, places)], drawn: "no bar is drawn there")
  }

  /// A note where a label stands before several bars: nothing on the chart tells them apart.
  private static func repeated(_ input: ChartInput) -> [Note] {
    guard let x = input.specification.x, let codes = try? input.categories(x).codes,
      Set(codes).count < codes.count
    else { return [] }
    // The column that tells the rows of one label apart.
    let used = Set(input.specification.y + [x])
    let other = input.table.schema.fields.indices.first { column in
      guard !used.contains(column), let other = try? input.categories(column),
        other.labels.count <= BarChart.splits
      else { return false }
      return Set(zip(codes, other.codes).map { [$0, $1] }).count == codes.count
    }
    let name = input.name(x)
    let split = other.map { "add split \(input.name($0)), or " } ?? ""
    return [
      Note(
        .fact, "values of `\(name)` stand before several bars: \(split)aggregate by \(name) alone",
        subject: name)
    ]
  }

  /// What stands before each bar: the x value, the split value, or the row's number.
  private static func labels(
    _ input: ChartInput, _ set: SeriesSet
  ) throws(Diagnostic) -> (name: String, texts: [String]) {
    if let x = input.specification.x {
      let categories = try input.categories(x)
      return (categories.name, categories.codes.map { categories.labels[$0] })
    }
    if let split = try input.split() {
      for series in set.series where series.rows.count > 1 {
        throw Diagnostic(
          "chart-several",
          "chart bar needs one row for each value of \(split.name), "
            + "but \(series.name) has several", help: ["aggregate by \(split.name) first"])
      }
      return (split.name, set.series.map(\.name))
    }
    return ("", (0..<input.rows).map { String($0 + 1) })
  }

  /// The bars of one label: the first carries it, the others stand below.
  private static func group(_ label: String, _ values: [Double?], _ formats: [FloatFormat]) -> [RowChart.Row]
  {
    values.enumerated().compactMap { number, value in
      let label = number == 0 ? label : ""
      guard let value else {
        return values.count == 1 ? nil : RowChart.Row(label: label, mark: .missing, text: "none")
      }
      if value.isNaN { return RowChart.Row(label: label, mark: .missing, text: "missing") }
      return RowChart.Row(
        label: label, mark: .segments([RowChart.Segment(from: 0, to: value, series: number)]),
        text: (formats.count > 1 ? formats[number] : formats[0]).text(value))
    }
  }
}
