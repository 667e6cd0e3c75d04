import Columns
import Diagnostics
import Execution
import Planning

/// The texts that a column has, each with its number of rows.
struct KnownTexts {
  /// More different texts than these are not looked through.
  private static let limit = 100_000

  private let values: [(text: String, count: Int)]
  /// False where the column has more different texts than were looked at.
  let isComplete: Bool

  /// Reads a column of a plan's result; nil when it cannot be read.
  init?(of index: Int, in input: Plan, _ session: Session) {
    let field = input.schema[index]
    let origin = input.origin
    let column = Plan.project(
      Plan.Project(
        input: input, items: [.column(index, field, at: origin.range)], schema: Schema([field]),
        origin: origin)
    )
    guard let table = try? Executor(session.queryContext()).run(Optimizer.optimised(column)).table else {
      return nil
    }
    let cells = table.column(0)
    let grouping = Grouper.group([cells], rows: cells.count)
    var counts = [Int](repeating: 0, count: grouping.count)
    for row in 0..<cells.count { counts[Int(grouping.ids[row])] += 1 }
    var known: [(text: String, count: Int)] = []
    for group in 0..<min(grouping.count, Self.limit) {
      if case .text(let text) = cells.value(Int(grouping.firstRows[group])) {
        known.append((text, counts[group]))
      }
    }
    values = known
    isComplete = grouping.count <= Self.limit
  }

  var texts: [String] { values.map(\.text) }

  func contains(_ text: String) -> Bool { values.contains { $0.text == text } }

  /// The texts that are nearest, otherwise the commonest: `it has "Lakeview" (8,313), …`; where there are further ones,
  /// how many there are. Nil when there is none.
  func near(_ wanted: String) -> String? {
    let near = Suggestion.ranked(wanted, values.map(\.text))
    let shown =
      near.isEmpty ? values.sorted { ($1.count, $0.text) < ($0.count, $1.text) }.prefix(3).map(\.text) : near
    if shown.isEmpty { return nil }
    let list = shown.map { text in
      "\"\(text)\" (\(grouped(values.first { $0.text == text }?.count ?? 0)))"
    }.joined(separator: ", ")
    if isComplete, shown.count == values.count { return "it has \(list)" }
    let number = isComplete ? "\(grouped(values.count)) " : ""
    return "of its \(number)values the \(near.isEmpty ? "commonest" : "nearest"): \(list)"
  }
}
