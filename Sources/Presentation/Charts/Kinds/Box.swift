import Columns
import Diagnostics
import Planning
import Statistics

extension ChartKind {
  static let box = ChartKind(
    row: ChartKindRow(
      "box", "median, quartiles and outliers of each group", y: 1...8, needsX: false, guessesX: false,
      example: "chart box los by department",
      form: "chart box y [by x]",
      reading: [
        "The box goes from the lower to the upper quartile, the line in it is the median; the whiskers end at the last value within 1.5 times the box, and the values beyond stand alone (Tukey).",
        "It wants rows, not aggregates: the median and the number of known values stand behind each box.",
      ],
      pipeline: "encounters | filter class == \"inpatient\" | chart box los_hours by department"),
    build: { input throws(Diagnostic) in try BoxChart.model(input) })
}

/// Boxes as Tukey drew them: whiskers to the last value within 1.5 times the box, the rest as single points.
enum BoxChart {
  private static let limit = 50

  static func model(_ input: ChartInput) throws(Diagnostic) -> ChartModel {
    if input.specification.x != nil, input.specification.split != nil {
      throw Diagnostic("chart-split", "chart box takes groups by x or by a split, not both")
    }
    guard let first = input.specification.y.first else {
      throw Diagnostic("chart-y", "chart box needs a column of numbers", help: ["chart box VALUE by GROUP"])
    }
    var groups: [(label: String, values: [Double])] = []
    var notes: [Note] = []
    var labelName = ""
    let numbers = try input.numbers(first)
    var tooLarge = numbers.tooLarge
    if let group = input.specification.x ?? input.specification.split {
      let categories = try input.categories(group, ascending: true)
      labelName = categories.name
      groups = categories.labels.map { ($0, []) }
      for (row, code) in categories.codes.enumerated() { groups[code].values.append(numbers.values[row]) }
      notes += ChartInput.hiddenNote(min(limit, groups.count), of: groups.count, labelName)
    } else {
      tooLarge = 0
      for index in input.specification.y {
        let numbers = try input.numbers(index)
        tooLarge += numbers.tooLarge
        groups.append((numbers.name, numbers.values))
      }
    }
    let all = groups.flatMap(\.values)
    notes += ChartInput.missingNote(all.count { $0.isNaN }, of: all.count, numbers.name, tooLarge: tooLarge)
    let chart = RowChart(
      valueName: numbers.name, labelName: labelName, rows: groups.prefix(limit).map(row), zero: false,
      showsAxis: true)
    return ChartModel(title: input.title, body: .rows(chart), notes: notes)
  }

  private static func row(_ group: (label: String, values: [Double])) -> RowChart.Row {
    let known = group.values.filter { !$0.isNaN }
    guard let five = Quantiles.fiveNumbers(known) else {
      return RowChart.Row(label: group.label, mark: .missing, text: "n 0")
    }
    let reach = 1.5 * (five.upper - five.lower)
    let inside = known.filter { $0 >= five.lower - reach && $0 <= five.upper + reach }
    // Where a quartile lies between an outlier and the next value, the whisker ends at the box.
    let whiskers = (
      min(five.lower, inside.min() ?? five.lower), max(five.upper, inside.max() ?? five.upper)
    )
    let outliers = known.filter { $0 < five.lower - reach || $0 > five.upper + reach }.sorted()
    return RowChart.Row(
      label: group.label, mark: .box(five, whiskers: whiskers, outliers: outliers),
      text: "median \(NumberText.label(five.median)), n \(grouped(known.count))")
  }
}
