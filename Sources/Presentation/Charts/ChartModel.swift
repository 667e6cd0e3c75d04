import Diagnostics
import Statistics

/// A chart as what is to be drawn, before any canvas: the same model becomes characters or vectors.
struct ChartModel: Sendable {
  enum Body: Sendable {
    case plot(Plot)
    case rows(RowChart)
    case grid(GridChart)
    case sparks(SparkChart)
  }

  var title: String
  var body: Body
  /// Names of the series, in the order of their numbers; empty where there is only one.
  var series: [String] = []
  /// What could not be drawn, told under the chart.
  var notes: [Note] = []
}

/// Points and lines between two axes.
struct Plot: Sendable {
  enum Form: Sendable { case line, area, points }

  struct Series: Sendable {
    var x: [Double]
    /// NaN where the value is missing: the line has a gap there.
    var y: [Double]
  }

  var form: Form
  var series: [Series]
  var xName: String
  var yName: String
  var xMeasure: Measure
  var yMeasure: Measure
  /// A value that the axis holds besides.
  var from: Double?

  /// A note on an axis, as it is drawn, that begins above 0: differences look greater than they are.
  func cutNote(_ axis: Axis) -> [Note] {
    guard form == .line, from == nil, axis.low > 0, axis.low < axis.high,
      yMeasure == .number || yMeasure == .whole
    else { return [] }
    let values = series.flatMap(\.y).filter { !$0.isNaN }
    guard let least = values.min(), let most = values.max(), least < most else { return [] }
    return [
      Note(
        .fact,
        "the axis of \(yName) does not begin at 0, so that differences look large: `from 0` draws the whole height",
        subject: yName)
    ]
  }

  func xAxis(ticks: Int) -> Axis {
    Axis(name: xName, values: series.lazy.flatMap(\.x), measure: xMeasure, ticks: ticks)
  }

  func yAxis(ticks: Int) -> Axis {
    Axis(
      name: yName, values: series.flatMap(\.y) + (from.map { [$0] } ?? []), measure: yMeasure, ticks: ticks,
      zero: form == .area)
  }
}

/// One line for each thing, a value axis to the right: bars, histograms, stacked bars and boxes.
struct RowChart: Sendable {
  struct Segment: Sendable {
    var from: Double
    var to: Double
    var series: Int
  }

  enum Mark: Sendable {
    /// Bars end to end; one for a plain bar.
    case segments([Segment])
    case box(Quantiles.FiveNumbers, whiskers: (low: Double, high: Double), outliers: [Double])
    case missing
  }

  struct Row: Sendable {
    var label: String
    var mark: Mark
    /// The value in words, behind the mark.
    var text: String
  }

  var valueName: String
  var labelName: String
  var rows: [Row]
  var zero: Bool
  /// Bars carry their values, so that they need no axis.
  var showsAxis: Bool
  /// Bars of a histogram touch.
  var touching = false

  /// All ends of marks.
  var extent: [Double] {
    rows.flatMap { row -> [Double] in
      switch row.mark {
      case .segments(let segments): segments.flatMap { [$0.from, $0.to] }
      case .box(let five, _, _): [five.least, five.greatest]
      case .missing: []
      }
    }
  }

  func axis(ticks: Int) -> Axis {
    if showsAxis { return Axis(name: valueName, values: extent, measure: .number, ticks: ticks, zero: zero) }
    // Bars that carry their values use the whole room: no round end is needed.
    let (low, high) = (min(0, extent.min() ?? 0), max(0, extent.max() ?? 0))
    return Axis(name: valueName, low: low, high: low == high ? 1 : high)
  }
}

/// A value for each pair of two categories.
struct GridChart: Sendable {
  var valueName: String
  var rowName: String
  var columnName: String
  var rows: [String]
  var columns: [String]
  /// `values[row][column]`; nil where there is none.
  var values: [[Double?]]

  /// Borders of the five shades, equal steps from the least to the greatest value.
  var range: (low: Double, high: Double)? {
    let known = values.joined().compactMap { $0 }
    guard let low = known.min(), let high = known.max() else { return nil }
    return (low, high)
  }

  /// The shade of a value, 0 (least) to 4 (greatest).
  static func shade(_ value: Double, _ range: (low: Double, high: Double)) -> Int {
    guard range.high > range.low else { return 2 }
    return min(4, max(0, Int((value - range.low) / (range.high - range.low) * 5)))
  }
}

/// Lines of one text line each.
struct SparkChart: Sendable {
  struct Row: Sendable {
    var label: String
    var values: [Double?]
  }

  var rows: [Row]
}

/// Marks that tell series apart without colour.
enum SeriesMarks {
  static let points = ["●", "▲", "■", "◆", "○", "△", "□", "◇"]
  static let asciiPoints = ["*", "o", "+", "x", "#", "@", "%", "&"]
  static let fills = ["█", "░", "▓", "▒", "▚", "▤", "▥", "▦"]
  static let asciiFills = ["#", ".", "=", ":", "+", "-", "%", "o"]
  /// Series beyond this many could not be told apart.
  static let limit = 8
}
