import Columns

extension OptimizerRule {
  /// Equal calls in one stage get a number by which the stage works them out once for all that hold them.
  static let commonExpressions = OptimizerRule(
    name: "common expressions", summary: "a calculation that stands several times in a stage is made once",
    eachNode: shared)

  private static func shared(_ plan: Plan) -> Plan {
    switch plan {
    case .scan(var node):
      guard var filter = node.filter, let found = CommonExpressions([filter.expression]) else { return plan }
      filter.expression = found.numbered(filter.expression)
      node.filter = filter
      return .scan(node)
    case .filter(var node):
      guard let found = CommonExpressions([node.condition.expression]) else { return plan }
      node.condition.expression = found.numbered(node.condition.expression)
      return .filter(node)
    case .project(var node):
      guard let found = CommonExpressions(node.items) else { return plan }
      node.items = node.items.map(found.numbered)
      return .project(node)
    case .aggregate(var node):
      guard let found = CommonExpressions(node.calls.flatMap(\.expressions)) else { return plan }
      node.calls = node.calls.map { $0.mapExpressions(found.numbered) }
      return .aggregate(node)
    default:
      // Other stages look at their expressions one by one, or at rows in different orders.
      return plan
    }
  }
}

/// The calls that stand more than once in some expressions.
struct CommonExpressions {
  /// What makes two expressions the same: what they do, to which parts.
  private struct Shape: Hashable {
    enum Action: Hashable {
      case column(Int)
      case literal(Value, String)
      case call(String)
      case choice(hasOtherwise: Bool)
      case field(Int)
      case cell(ObjectIdentifier)
    }
    var action: Action
    var parts: [Int]
  }

  /// Each shape that was met, by the order in which it was.
  private var numbers: [Shape: Int] = [:]
  private var uses: [Int] = []
  /// For calls that are met more than once: their shape's place among these, from 1.
  private var shares: [Int: Int] = [:]

  /// Nil where nothing stands twice.
  init?(_ expressions: [PlanExpression]) {
    var calls: [Int] = []
    for expression in expressions { count(expression, &calls) }
    for number in calls where uses[number] > 1 && shares[number] == nil {
      shares[number] = shares.count + 1
    }
    if shares.isEmpty { return nil }
  }

  @discardableResult
  private mutating func count(_ expression: PlanExpression, _ calls: inout [Int]) -> Int {
    let parts = expression.children.map { count($0, &calls) }
    let shape = Shape(action: Self.action(expression), parts: parts)
    let number = numbers[shape] ?? uses.count
    if number == uses.count {
      numbers[shape] = number
      uses.append(0)
    }
    uses[number] += 1
    if case .call = expression.kind { calls.append(number) }
    return number
  }

  private static func action(_ expression: PlanExpression) -> Shape.Action {
    switch expression.kind {
    case .column(let index, _): .column(index)
    // -0.0 equals 0.0, and is written differently.
    case .literal(let value): .literal(value, "\(expression.type) \(PlanExpression.text(of: value))")
    case .call(let call): .call("\(call.function.name) \(expression.type)")
    case .choice(_, let otherwise, _): .choice(hasOtherwise: otherwise != nil)
    case .field(_, let index, _): .field(index)
    case .cell(let subquery): .cell(ObjectIdentifier(subquery))
    }
  }

  /// The expression with the numbers of what it shares.
  func numbered(_ expression: PlanExpression) -> PlanExpression { numbering(expression).expression }

  private func numbering(_ expression: PlanExpression) -> (expression: PlanExpression, number: Int?) {
    var parts: [Int?] = []
    var result = expression.mapChildren { child in
      let (made, number) = numbering(child)
      parts.append(number)
      return made
    }
    let known = parts.compactMap { $0 }
    guard known.count == parts.count else { return (result, nil) }
    let number = numbers[Shape(action: Self.action(expression), parts: known)]
    if let number, let share = shares[number], case .call(let call) = result.kind {
      result.kind = .call(call.with(share: share))
    }
    return (result, number)
  }
}
