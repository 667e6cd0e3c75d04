import Columns
import Diagnostics
import Planning

/// A kind of chart whole: what is known of it, and how a table becomes its model.
struct ChartKind: Sendable {
  var row: ChartKindRow
  var build: @Sendable (ChartInput) throws(Diagnostic) -> ChartModel
}

/// The table of chart kinds. To add one: a file in `Kinds` and a line here.
package enum ChartTable {
  static let all: [ChartKind] = [
    .bar, .line, .area, .scatter, .histogram, .box, .heatmap, .stacked, .sparkline,
  ]

  /// The kinds for the checker, the completer and help.
  package static let kinds: [ChartKindRow] = all.map(\.row)

  static func kind(_ name: String) -> ChartKind? { all.first { $0.row.name == name } }

  /// The kind that the types suggest: times across give a line, texts a bar, two numbers a scatter, a number
  /// alone a histogram.
  static func guess(_ input: ChartInput) -> ChartKind {
    guard let x = input.specification.x else {
      guard let y = input.specification.y.first else { return .histogram }
      return input.type(y).isNumber || input.type(y) == .duration || input.type(y).isTime ? .histogram : .bar
    }
    if input.specification.y.isEmpty { return .histogram }
    switch input.type(x) {
    case .date, .datetime: return .line
    case .int, .float, .duration: return .scatter
    case .missing, .bool, .text, .list(_), .record(_): return .bar
    }
  }
}
