import Columns

extension Plan {
  /// What somebody sorted the rows by, as expressions over the columns that the rows have now; empty where nobody did, or
  /// a column that it goes by is gone.
  package var sortKeys: [PlanExpression] {
    switch self {
    // Rows of equal keys stay as they were.
    case .sort(let node): node.order.dropLast(node.settling).map(\.expression) + node.input.sortKeys
    case .filter(let node): node.input.sortKeys
    case .effect(let node): node.input.sortKeys
    case .window(let node): node.input.sortKeys
    case .distinct(let node): node.input.sortKeys
    case .sample(let node): node.input.sortKeys
    case .slice(let node) where node.keys.isEmpty && node.order.isEmpty: node.input.sortKeys
    case .project(let node): node.places(of: node.input.sortKeys)
    default: []
    }
  }
}

extension Plan.Project {
  /// Expressions over the input's columns as those over its own; none where a column is missing.
  fileprivate func places(of keys: [PlanExpression]) -> [PlanExpression] {
    var places: [Int: Int] = [:]
    for (place, item) in items.enumerated() {
      if case .column(let column, _) = item.kind, places[column] == nil { places[column] = place }
    }
    guard keys.allSatisfy({ $0.columns.allSatisfy { places[$0] != nil } }) else { return [] }
    return keys.map { $0.remapped { places[$0] ?? $0 } }
  }
}
