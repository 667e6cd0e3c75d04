import Columns
import Diagnostics
import Glibc
import Planning
import Statistics

extension ChartKind {
  static let histogram = ChartKind(
    row: ChartKindRow(
      "histogram", "how often values occur, in round steps", y: 0...1, needsX: false, guessesX: false,
      example: "chart histogram los",
      form: "chart histogram x [step n] [split g]",
      reading: [
        "It counts the rows itself: chart histogram x wants rows, not counts. A bar holds its lower end and not its upper one.",
        "The bars are 5 to 20 round steps, as many as the rule of Freedman and Diaconis asks for; step says how wide they are, in the unit of x, or as a duration where x is one; days and times are counted by start_of(x, week) and the like.",
        "split draws the parts of each bar by group. Counts that stand in a column already: chart histogram n by x.",
      ],
      pipeline: "encounters | filter class == \"inpatient\" | chart histogram age step 10"),
    build: { input throws(Diagnostic) in try Histogram.model(input) })
}

enum Histogram {
  private struct Bins {
    /// One border more than there are bins.
    var borders: [Double]
    var labels: [String]
  }

  static func model(_ input: ChartInput) throws(Diagnostic) -> ChartModel {
    // Values and counts by x are a histogram that someone has counted already.
    if let x = input.specification.x, let y = input.specification.y.first {
      if let codes = try? input.categories(x).codes, Set(codes).count < codes.count {
        let (value, group) = (input.name(y), input.name(x))
        throw Diagnostic(
          "chart-histogram",
          "chart histogram \(value) by \(group) draws counts that stand in `\(value)` already, but `\(group)` has several rows of one value",
          help: [
            "chart histogram \(value) counts the values of `\(value)` itself; chart histogram \(value) split \(group) does so for each `\(group)`"
          ])
      }
      return try BarChart.model(input, kind: "histogram", touching: true)
    }
    guard let index = input.specification.y.first ?? input.specification.x else {
      throw Diagnostic(
        "chart-y", "chart histogram needs a column of numbers", help: ["chart histogram VALUE"])
    }
    let numbers = try input.numbers(index)
    let known = numbers.values.filter { !$0.isNaN }
    let bins = bins(known, numbers.measure, try step(input.specification.step, known, numbers))
    let split = try input.split()
    let shown = min(split?.labels.count ?? 1, SeriesMarks.limit)
    var counts = [[Int]](repeating: [Int](repeating: 0, count: shown), count: bins.labels.count)
    for (row, value) in numbers.values.enumerated() where !value.isNaN {
      let series = split?.codes[row] ?? 0
      if series < shown, let bin = place(value, bins.borders) { counts[bin][series] += 1 }
    }
    let rows = zip(bins.labels, counts).flatMap { label, counts in
      counts.enumerated().map { number, count in
        RowChart.Row(
          label: number == 0 ? label : "",
          mark: .segments([RowChart.Segment(from: 0, to: Double(count), series: number)]),
          text: grouped(count))
      }
    }
    let chart = RowChart(
      valueName: "count", labelName: numbers.name, rows: rows, zero: true, showsAxis: false, touching: true)
    var notes = ChartInput.missingNote(
      numbers.values.count - known.count, of: numbers.values.count, numbers.name, tooLarge: numbers.tooLarge)
    if let split { notes += ChartInput.hiddenNote(shown, of: split.labels.count, split.name) }
    return ChartModel(
      title: input.title, body: .rows(chart),
      series: shown > 1 ? Array(split?.labels.prefix(shown) ?? []) : [],
      notes: notes)
  }

  /// Bars that a histogram may have; more would be a table.
  private static let limit = 200

  /// The width of the bars that was asked for, in the unit that the values are drawn in.
  private static func step(
    _ value: Value?, _ values: [Double], _ numbers: NumberSeries
  ) throws(Diagnostic) -> Double? {
    guard let value else { return nil }
    var step = value.number ?? 0
    if case .duration(let length) = value { step = Double(length) / Double(numbers.unit ?? 1) }
    let bars = step > 0 ? bar(of: values.max() ?? 0, step) - bar(of: values.min() ?? 0, step) + 1 : 1
    guard bars <= Double(limit) else {
      throw Diagnostic(
        "chart-histogram",
        "steps of \(ValueText.plain(value)) make \(bars < 1e15 ? grouped(Int(bars)) : "too many") bars of `\(numbers.name)`, and a chart has at most \(limit)",
        help: ["take a larger step, or filter the rows to a narrower range"])
    }
    return step
  }

  /// The bin that holds a value: lower borders are included, and the last upper one.
  private static func place(_ value: Double, _ borders: [Double]) -> Int? {
    guard borders.count > 1, value >= borders[0] else { return nil }
    var low = 0
    var high = borders.count - 1
    while low + 1 < high {
      let middle = (low + high) / 2
      if borders[middle] <= value { low = middle } else { high = middle }
    }
    return low
  }

  /// Round bins that hold all values: about as many as the rule of Freedman and Diaconis asks for, 5 to 20.
  private static func bins(_ values: [Double], _ measure: Measure, _ step: Double?) -> Bins {
    guard let five = Quantiles.fiveNumbers(values) else { return Bins(borders: [], labels: []) }
    let spread = five.upper - five.lower
    let width = 2 * spread / cbrt(Double(values.count))
    let wished = width > 0 ? (five.greatest - five.least) / width : 0
    let target = wished.isFinite ? Int(max(5, min(20, wished.rounded(.up)))) : 10
    switch measure {
    case .date, .datetime: return timeBins(five, target, measure)
    case .number, .whole, .name, .categories: return numberBins(five, target, measure, step)
    }
  }

  /// The lower end of the bar of a number: three steps of 0.1 are 0.3, though 3 · 0.1 is a little more.
  private static func border(_ bar: Double, _ step: Double) -> Double {
    let product = bar * step
    // Whole numbers are exact as they are.
    if step == step.rounded() || product.magnitude >= 1e15 { return product }
    return Double(NumberText.scientific(product, digits: 15)) ?? product
  }

  /// The number of the bar that holds a value, whose lower end is not above it.
  private static func bar(of value: Double, _ step: Double) -> Double {
    let bar = (value / step).rounded(.down)
    return border(bar + 1, step) <= value ? bar + 1 : bar
  }

  private static func numberBins(
    _ five: Quantiles.FiveNumbers, _ target: Int, _ measure: Measure, _ given: Double?
  ) -> Bins {
    let whole = measure != .number && given.map { $0 == $0.rounded() } ?? true
    let range = five.greatest - five.least
    var step = range > 0 ? Axis.step(range, target) : max(1, five.greatest.magnitude * 1e-6)
    if whole { step = max(1, step.rounded()) }
    if let given { step = given }
    let first = bar(of: five.least, step)
    let count = min(limit, max(1, Int(bar(of: five.greatest, step) - first) + 1))
    let borders = (0...count).map { border(first + Double($0), step) }
    let format = FloatFormat(
      borders.map { Double(NumberText.scientific($0, digits: 12)) ?? $0 }, grouping: measure != .name)
    let labels = (0..<count).map { index in
      if whole, step == 1 { return format.text(borders[index]) }
      if whole { return "\(format.text(borders[index]))-\(format.text(borders[index + 1] - 1))" }
      return "\(format.text(borders[index]))-<\(format.text(borders[index + 1]))"
    }
    return Bins(borders: borders, labels: labels)
  }

  private static func timeBins(_ five: Quantiles.FiveNumbers, _ target: Int, _ measure: Measure) -> Bins {
    func axis(from least: Double) -> [Tick] {
      Axis(name: "", values: [least, five.greatest], measure: measure, ticks: max(8, target)).ticks
    }
    var ticks = axis(from: five.least)
    // The first bar begins with the step before the least value, and has its name.
    if ticks.count > 1, five.least < ticks[0].position {
      let width = ticks[1].position - ticks[0].position
      let earlier = axis(from: five.least - width)
      let before = earlier.lastIndex { $0.position <= five.least }
      if let before, before + 1 < earlier.count, earlier[before + 1].position == ticks[0].position {
        ticks.insert(earlier[before], at: 0)
      }
    }
    var borders = ticks.map(\.position)
    var labels = ticks.map(\.label)
    if borders.first.map({ five.least < $0 }) ?? true {
      labels.insert(borders.isEmpty ? "all" : "before", at: 0)
      borders.insert(five.least, at: 0)
    }
    borders.append(max(five.greatest, borders[borders.count - 1]))
    return Bins(borders: borders, labels: labels)
  }
}
