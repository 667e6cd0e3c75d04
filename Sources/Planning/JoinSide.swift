import Columns

extension OptimizerRule {
  /// Where the rows of both sides of a join are known beforehand, the much smaller one is indexed by its key, and the
  /// other one looked up in it.
  static let joinSide = OptimizerRule(
    name: "join side", summary: "the smaller side of a join is indexed by its key", eachNode: sided)

  private static func sided(_ plan: Plan) -> Plan {
    guard case .join(var node) = plan, node.keys.count == 1, let left = node.left.knownRowCount,
      let right = node.right.knownRowCount
    else { return plan }
    node.indexed = .of(leftRows: left, rightRows: right)
    return .join(node)
  }
}

extension Plan {
  /// The number of rows where it is known without running; nil where it depends on what they hold.
  fileprivate var knownRowCount: Int? {
    switch self {
    case .scan(let node): node.filter == nil ? node.source.knownRowCount : nil
    case .project(let node): node.input.knownRowCount
    case .window(let node): node.input.knownRowCount
    case .sort(let node): node.limit == nil ? node.input.knownRowCount : nil
    case .effect(let node): node.input.knownRowCount
    case .aggregate(let node): node.keys.isEmpty ? 1 : nil
    default: nil
    }
  }
}
