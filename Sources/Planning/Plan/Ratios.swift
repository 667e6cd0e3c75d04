import Columns
import Diagnostics

/// `sum(falls) / sum(days)`: where falls are missing the days are counted all the same, and the other way round. Both
/// calls are told of each other, be they divided in their own stage or further on.
extension Plan {
  /// The plan with the calls marked whose results an expression over it divides by each other.
  package func tellingRatios(of expression: PlanExpression) -> Plan {
    expression.ratios.reduce(self) { $0.relating($1.above, to: $1.below, within: Self.stagesLooked) }
  }

  /// What is divided stands near what made it: long pipelines are not walked to their source for each division.
  private static let stagesLooked = 40

  private func relating(_ above: Set<Int>, to below: Int, within stages: Int) -> Plan {
    if stages == 0 { return self }
    switch self {
    case .project(var node):
      // A function over rows of the stage that divides stands behind the columns.
      guard above.union([below]).allSatisfy(node.items.indices.contains) else { return self }
      let columns = above.reduce(into: Set<Int>()) { $0.formUnion(node.items[$1].columns) }
      guard let divisor = node.items[below].columns.only else { return self }
      node.input = node.input.relating(columns, to: divisor, within: stages - 1)
      return .project(node)
    case .filter, .sort, .effect: return mapChildren { $0.relating(above, to: below, within: stages - 1) }
    case .window(let node):
      guard above.union([below]).allSatisfy({ $0 < node.input.schema.count }) else { return self }
      return mapChildren { $0.relating(above, to: below, within: stages - 1) }
    case .aggregate(var node):
      guard let divisor = node.index(ofColumn: below) else { return self }
      for dividend in above.compactMap(node.index(ofColumn:)) {
        // What a join found no partner for is often a count of nothing, and its denominator is right as it is.
        if node.input.absences(of: node.calls[dividend].columns).first?.isOfJoin == true { continue }
        node.relate(dividend, to: divisor)
      }
      return .aggregate(node)
    default: return self
    }
  }
}

extension Plan.Aggregate {
  /// The call that a column is a result of; nil for a key.
  func index(ofColumn column: Int) -> Int? { calls.index(ofResult: column - keys.count) }

  fileprivate mutating func relate(_ dividend: Int, to divisor: Int) {
    let (above, below) = (calls[dividend], calls[divisor])
    guard dividend != divisor, above.function.name == "sum", ["sum", "count"].contains(below.function.name),
      above.argumentText != below.argumentText, above.conditionText == below.conditionText,
      above.pivotColumn == nil, below.pivotColumn == nil
    else { return }
    if above.ratio == nil, let name = above.nameOfColumn {
      calls[dividend].ratio = GroupCall.Ratio(
        other: below.text, otherArgument: below.arguments.first, role: "which it is divided by",
        ofSameRows: below.whereKnown(name))
    }
    if below.ratio == nil, below.function.name == "sum", let name = below.nameOfColumn,
      input.absences(of: below.columns).first?.isOfJoin != true
    {
      calls[divisor].ratio = GroupCall.Ratio(
        other: above.text, otherArgument: above.arguments.first, role: "which is divided by it",
        ofSameRows: above.whereKnown(name))
    }
  }
}

extension GroupCall {
  /// Another call of which this one is divided by, or which is divided by this one.
  package struct Ratio: Sendable {
    /// The other call, as it is written.
    package var other: String
    /// What the other call takes; nil where it counts all rows.
    package var otherArgument: PlanExpression?
    /// What it is to this one: `which it is divided by`.
    package var role: String
    /// What would count the rows that this one counts: `sum(days, where: falls is not missing)`.
    package var ofSameRows: String
  }

  fileprivate var nameOfColumn: String? {
    guard let value = arguments.first, value.isColumn else { return nil }
    return value.columnNames.first
  }

  /// The call over the rows alone in which a column is known.
  fileprivate func whereKnown(_ name: String) -> String {
    let known = "\(CheckMessages.quoted(name)) is not missing"
    // An `or` binds looser than the `and` that joins the two.
    let own = conditionText.map { $0.contains(" or ") ? "(\($0)) and " : "\($0) and " } ?? ""
    let argument = argumentText.isEmpty ? "" : "\(argumentText), "
    return "\(function.name)(\(argument)where: \(own)\(known))"
  }
}

extension PlanExpression {
  /// Of each division in it the columns above, and the one below.
  fileprivate var ratios: [(above: Set<Int>, below: Int)] {
    var found: [(above: Set<Int>, below: Int)] = []
    var rest = [self]
    while let next = rest.popLast() {
      rest += next.children
      guard case .call(let call) = next.kind, ["/", "rate", "proportion"].contains(call.function.name),
        call.arguments.count >= 2, let below = call.arguments[1].columns.only
      else { continue }
      let above = call.arguments[0].columns
      if !above.isEmpty { found.append((above, below)) }
    }
    return found
  }
}

extension [GroupCall] {
  /// The call that gives a result, by its place among the results of all.
  package func index(ofResult place: Int) -> Int? {
    var place = place
    for (index, call) in enumerated() where place >= 0 {
      if place < call.types.count { return index }
      place -= call.types.count
    }
    return nil
  }
}

extension Set {
  /// The one element of a set that has no other.
  fileprivate var only: Element? { count == 1 ? first : nil }
}
