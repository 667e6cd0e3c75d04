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
    case .distinct(let node):
      node.input.sortKeys.placed { column in node.columns.firstIndex(of: column) }
    case .sample(let node): node.input.sortKeys
    case .slice(let node) where node.keys.isEmpty && node.order.isEmpty: node.input.sortKeys
    case .project(let node): node.places(of: node.input.sortKeys)
    default: []
    }
  }
}

extension Plan {
  /// A plan that keeps what somebody sorted its rows by, in columns behind its own where a stage leaves it out, and the
  /// sort keys as expressions over its columns: for a stage that goes by the order and takes no column that it does not name.
  package var keepingSortKeys: (plan: Plan, keys: [PlanExpression]) {
    switch self {
    case .sort(var node):
      let kept = node.input.keepingSortKeys
      node.input = kept.plan
      return (.sort(node), node.order.dropLast(node.settling).map(\.expression) + kept.keys)
    case .filter(var node):
      let kept = node.input.keepingSortKeys
      node.input = kept.plan
      return (.filter(node), kept.keys)
    case .slice(var node) where node.keys.isEmpty && node.order.isEmpty:
      let kept = node.input.keepingSortKeys
      node.input = kept.plan
      return (.slice(node), kept.keys)
    case .project(var node):
      let kept = node.input.keepingSortKeys
      node.input = kept.plan
      node.keep(kept.keys, of: kept.plan.schema)
      return (.project(node), node.places(of: kept.keys))
    default: return (self, sortKeys)
    }
  }
}

extension Plan.Project {
  /// Hands on the columns that these expressions take and that it leaves out.
  fileprivate mutating func keep(_ keys: [PlanExpression], of schema: Schema) {
    var known: Set<Int> = []
    for item in items {
      if case .column(let column, _) = item.kind { known.insert(column) }
    }
    for column in keys.flatMap(\.columns) where known.insert(column).inserted {
      items.append(.column(column, schema[column], at: origin.range))
      hidden += 1
      self.schema.fields.append(schema[column])
    }
  }

  /// Expressions over the input's columns as those over its own; none where a column is missing.
  fileprivate func places(of keys: [PlanExpression]) -> [PlanExpression] {
    var places: [Int: Int] = [:]
    for (place, item) in items.enumerated() {
      if case .column(let column, _) = item.kind, places[column] == nil { places[column] = place }
    }
    return keys.placed { places[$0] }
  }
}

extension [PlanExpression] {
  /// These over the columns of a stage behind; none where it has left one out.
  fileprivate func placed(_ place: (Int) -> Int?) -> [PlanExpression] {
    guard allSatisfy({ $0.columns.allSatisfy { place($0) != nil } }) else { return [] }
    return map { $0.remapped { place($0) ?? $0 } }
  }
}

extension GroupCall {
  /// Whether rows of equal sort keys get different values by the order in which they come.
  ///
  /// The extremes of a sort key itself are the same for all of them.
  package func goesByTies(_ order: [PlanExpression]) -> Bool {
    switch function.reach {
    case .place: return true
    case .neighbour, .window: return stepsByRows
    case .soFar(let isExtreme):
      // A number of known values may be the same for all of them.
      if function.missing == .handles { return arguments.isEmpty }
      let isOfKey = arguments.contains { argument in order.contains { $0.description == argument.description }
      }
      return !(isExtreme && isOfKey)
    // Told by group.
    case .lastKnown, .edge, nil: return false
    }
  }

  /// Whether it looks at a row before or behind.
  package var looksAtNeighbour: Bool {
    if case .neighbour? = function.reach { true } else { false }
  }

  /// Whether it looks so many rows away, whatever lies between them.
  package var stepsByRows: Bool {
    looksAtNeighbour || function.reach == .window && arguments.last?.type == .int
  }
}
