import Columns
import Diagnostics

/// What becomes of values on their way into an aggregate, for what a result must tell of itself: a join may have
/// repeated the rows, or an aggregate before it made one number of many.
extension Plan {
  private static let sums: Set<String> = ["sum", "mean", "median"]
  private static let means: Set<String> = ["mean", "median", "min", "stddev", "variance", "percentile"]
  private static let shares: Set<String> = ["percent", "proportion", "rate"]
  private static let counts: Set<String> = ["count", "count_distinct", "sum"]

  /// The plan with the stages marked that have something to tell once they have run of the values that a call takes.
  ///
  /// - Parameters:
  ///   - call: a call over this plan's columns.
  ///   - keys: the columns that are the groups of the call.
  package func telling(of call: GroupCall, groupedBy keys: Set<Int>) -> Plan {
    let columns = call.arguments.reduce(into: Set<Int>()) { $0.formUnion($1.columns) }
    if columns.isEmpty || call.arguments.isEmpty { return self }
    return marked(columns, keys, call)
  }

  private func marked(_ columns: Set<Int>, _ keys: Set<Int>, _ call: GroupCall) -> Plan {
    switch self {
    case .project(var node):
      let below = columns.reduce(into: Set<Int>()) { $0.formUnion(node.items[$1].columns) }
      let keysBelow = Set(
        keys.compactMap { index -> Int? in
          if case .column(let column, _) = node.items[index].kind { column } else { nil }
        })
      guard !below.isEmpty else { return self }
      node.input = node.input.marked(below, keysBelow, call)
      return .project(node)
    case .filter, .sort, .slice, .sample, .effect: return mapChildren { $0.marked(columns, keys, call) }
    case .window(let node):
      let count = node.input.schema.count
      guard columns.allSatisfy({ $0 < count }) else { return self }
      return mapChildren { $0.marked(columns, keys.filter { $0 < count }, call) }
    case .join(var node):
      let places = columns.compactMap { node.output.indices.contains($0) ? node.output[$0] : nil }
      let isOfLeft = places.count == columns.count && places.allSatisfy { $0 < node.left.schema.count }
      if isOfLeft, Self.sums.contains(call.function.name), node.kind == .inner || node.kind == .left {
        if !node.summed.contains(call.text) { node.summed.append(call.text) }
        return .join(node)
      }
      return self
    case .aggregate(var node):
      guard Self.means.contains(call.function.name), columns.allSatisfy({ node.isCount($0) }) else {
        return self
      }
      let series = node.keys.indices.filter { node.keys[$0].type.isTime }
      let others = node.keys.indices.filter { !node.keys[$0].type.isTime }
      guard series.count == 1, !keys.contains(series[0]), others.allSatisfy(keys.contains) else {
        return self
      }
      if !node.averaged.contains(call.text) { node.averaged.append(call.text) }
      return .aggregate(node)
    default: return self
    }
  }

  /// Whether each of some columns is a share of many rows: `percent(…)`, `proportion(…)`, or a count divided by another.
  package func areShares(_ columns: Set<Int>, areRatios: Bool = false) -> Bool {
    switch self {
    case .project(let node):
      return columns.allSatisfy { index in
        let item = node.items[index]
        guard !item.columns.isEmpty else { return false }
        return node.input.areShares(item.columns, areRatios: areRatios || item.isRatio)
      }
    case .filter, .sort, .slice, .sample, .effect:
      return children.first?.areShares(columns, areRatios: areRatios) ?? false
    case .aggregate(let node):
      return !columns.isEmpty
        && columns.allSatisfy { column in
          guard let name = node.call(ofColumn: column)?.function.name else { return false }
          return Self.shares.contains(name) || areRatios && Self.counts.contains(name)
        }
    default: return false
    }
  }
}

extension Plan.Aggregate {
  /// The call that a column is a result of; nil for a key.
  fileprivate func call(ofColumn column: Int) -> GroupCall? {
    var place = column - keys.count
    for call in calls where place >= 0 {
      if place < call.types.count { return call }
      place -= call.types.count
    }
    return nil
  }

  fileprivate func isCount(_ column: Int) -> Bool {
    guard let name = call(ofColumn: column)?.function.name else { return false }
    return ["count", "count_distinct", "sum"].contains(name)
  }
}

extension PlanExpression {
  /// A division of columns, perhaps times a number.
  fileprivate var isRatio: Bool {
    guard case .call(let call) = kind else { return false }
    if call.function.name == "/" { return call.arguments.allSatisfy { !$0.columns.isEmpty } }
    return ["*", "negate"].contains(call.function.name) && call.arguments.contains(where: \.isRatio)
  }
}
