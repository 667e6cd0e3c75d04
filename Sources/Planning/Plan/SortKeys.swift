import Columns

extension Plan {
  /// What somebody sorted the rows by, as expressions over the columns that the rows have now; empty where nobody did, or
  /// a column that it goes by is gone.
  package var sortKeys: [PlanExpression] { sorted(keeping: false).keys }

  /// A plan that keeps what somebody sorted its rows by, in columns behind its own where a stage leaves it out, and the
  /// sort keys as expressions over its columns: for a stage that goes by the order and takes no column that it does not name.
  package var keepingSortKeys: (plan: Plan, keys: [PlanExpression]) { sorted(keeping: true) }

  /// - Parameter keeping: a stage that leaves a key out hands it on behind its own columns. What looks at whole rows
  ///   must not see more of them: there the keys end as the stages leave them.
  private func sorted(keeping: Bool) -> (plan: Plan, keys: [PlanExpression]) {
    switch self {
    case .sort(var node):
      let input = node.input.sorted(keeping: keeping)
      node.input = input.plan
      // Rows of equal keys stay as they were.
      return (.sort(node), node.order.dropLast(node.settling).map(\.expression) + input.keys)
    case .filter, .sample: return passing(keeping: keeping)
    case .slice(let node) where node.keys.isEmpty && node.order.isEmpty: return passing(keeping: keeping)
    case .project(var node):
      let input = node.input.sorted(keeping: keeping)
      node.input = input.plan
      if keeping { node.keep(input.keys, of: input.plan.schema) }
      return (.project(node), node.places(of: input.keys))
    case .scan(let node):
      // Of a table that was kept the stages that made it.
      let keys = node.source.history?.sortKeys ?? []
      return (self, keys.placed { column in node.columns.firstIndex(of: column) })
    case .effect(var node):
      let input = node.input.sorted(keeping: keeping)
      node.hidden += input.plan.schema.count - node.input.schema.count
      node.input = input.plan
      return (.effect(node), input.keys)
    case .window(let node):
      let input = node.input.sorted(keeping: keeping)
      let width = node.input.schema.count
      let results = node.schema.count - width
      return (node.over(input.plan), input.keys.placed { $0 < width ? $0 : $0 + results })
    case .distinct(var node):
      let input = node.input.sorted(keeping: keeping)
      node.input = input.plan
      if keeping { node.keep(input.keys, of: input.plan.schema) }
      return (.distinct(node), input.keys.placed { column in node.columns.firstIndex(of: column) })
    default: return (self, [])
    }
  }

  /// The same of a stage that picks rows in their order and leaves their columns as they are.
  private func passing(keeping: Bool) -> (plan: Plan, keys: [PlanExpression]) {
    var keys: [PlanExpression] = []
    let plan = mapChildren { child in
      let input = child.sorted(keeping: keeping)
      keys = input.keys
      return input.plan
    }
    return (plan, keys)
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

extension Plan.Distinct {
  /// Hands on the columns of the first row of each that these expressions take and that it leaves out.
  fileprivate mutating func keep(_ keys: [PlanExpression], of schema: Schema) {
    for column in keys.flatMap(\.columns) where !columns.contains(column) {
      columns.append(column)
      hidden += 1
      self.schema.fields.append(schema[column])
    }
  }
}

extension Plan.Window {
  /// The same over an input with further columns behind those of its own, which come out behind its results.
  package func over(_ wider: Plan) -> Plan {
    let width = input.schema.count
    let further = wider.schema.count - width
    let results = schema.fields[width...]
    var node = self
    node.input = wider
    node.schema = Schema(wider.schema.fields + results)
    guard further > 0 else { return .window(node) }
    let own = Array(0..<width) + Array(width + further..<node.schema.count)
    let places = own + Array(width..<width + further)
    var project = Plan.Project(
      input: .window(node), items: places.map { .column($0, node.schema[$0], at: origin.range) },
      schema: Schema(places.map { node.schema[$0] }), origin: origin)
    project.hidden = further
    return .project(project)
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
