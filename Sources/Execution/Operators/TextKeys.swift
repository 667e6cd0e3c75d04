import Columns
import Planning

/// Before rows are grouped, joined, ordered or counted by texts that lie in memory, their source is told: it gives
/// the column one dictionary, once for all queries to come.
extension Executor {
  /// Tells the sources of those expressions that are plain text columns of `plan`'s rows.
  func prepareTexts(_ expressions: [PlanExpression], of plan: Plan) throws {
    for expression in expressions {
      guard expression.type == .text, case .column(let index, _) = expression.kind else { continue }
      try prepareTexts(column: index, of: plan)
    }
  }

  /// Follows a column to the scan that it comes from, past stages that leave its texts as they are.
  func prepareTexts(column: Int, of plan: Plan) throws {
    switch plan {
    case .scan(let node):
      try node.source.prepareTexts(column: node.columns[column], environment: context.scanEnvironment)
    case .project(let node): try prepareTexts([node.items[column]], of: node.input)
    case .window(let node):
      if column < node.input.schema.count { try prepareTexts(column: column, of: node.input) }
    case .join(let node):
      let (width, index) = (node.left.schema.count, node.output[column])
      try prepareTexts(
        column: index < width ? index : index - width, of: index < width ? node.left : node.right)
    case .distinct(let node): try prepareTexts(column: node.columns[column], of: node.input)
    case .append(let node):
      for (input, map) in zip(node.inputs, node.maps) {
        if let own = map[column] { try prepareTexts(column: own, of: input) }
      }
    case .filter(let node): try prepareTexts(column: column, of: node.input)
    case .sort(let node): try prepareTexts(column: column, of: node.input)
    case .slice(let node): try prepareTexts(column: column, of: node.input)
    case .sample(let node): try prepareTexts(column: column, of: node.input)
    case .effect(let node): try prepareTexts(column: column, of: node.input)
    case .aggregate, .unpivot, .split, .describe: break
    }
  }
}
