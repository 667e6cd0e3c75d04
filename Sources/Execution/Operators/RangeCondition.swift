import Columns
import Planning

/// A join condition taken apart: comparisons of something on the left with something on the right that an order of the
/// right rows answers, and the rest.
struct RangeCondition {
  /// `right sign left`: how the right value has to stand to the left one.
  struct Bound {
    var left: PlanExpression
    var right: PlanExpression
    /// One of `<`, `<=`, `>`, `>=`.
    var sign: String
    /// The part of the condition that it comes from.
    var part: PlanExpression

    var isUpper: Bool { sign.hasPrefix("<") }
    var isStrict: Bool { !sign.hasSuffix("=") }
  }

  /// Bounds of one right value, by which the right rows are put in order; empty where no order helps.
  var primary: [Bound]
  /// A bound of another right value, which is looked up among those that the first leave.
  var secondary: Bound?
  /// What is left to be tried on each pair.
  var rest: PlanExpression?
  /// The condition says nothing but one comparison.
  var isSingle: Bool { primary.count == 1 && secondary == nil && rest == nil }

  /// - Parameter width: the number of left columns, behind which those of the right side follow.
  init(_ condition: PlanExpression, width: Int) {
    var bounds: [Bound] = []
    var others: [PlanExpression] = []
    for part in condition.conjuncts {
      if let found = Self.bounds(part, width) { bounds += found } else { others.append(part) }
    }
    let groups = Dictionary(grouping: bounds.indices) { bounds[$0].right.description }.values.sorted {
      // Two ends before one, and then what is written first.
      let (one, two) = (Self.ends($0, bounds), Self.ends($1, bounds))
      return one == two ? $0[0] < $1[0] : one > two
    }
    let further = groups.dropFirst().flatMap { $0 }.sorted()
    for index in further.dropFirst() { others.append(bounds[index].part) }
    primary = groups.first.map { $0.map { bounds[$0] } } ?? []
    secondary = further.first.map { bounds[$0] }
    rest = Self.together(others, like: condition)
  }

  private static func ends(_ group: [Int], _ bounds: [Bound]) -> Int {
    Set(group.map { bounds[$0].isUpper }).count
  }

  private static func bounds(_ part: PlanExpression, _ width: Int) -> [Bound]? {
    guard case .call(let call) = part.kind else { return nil }
    switch call.function.name {
    case "<", "<=", ">", ">=":
      return bound(call.arguments[0], call.function.name, call.arguments[1], width, part).map { [$0] }
    case "between" where call.arguments.count == 3:
      guard let low = bound(call.arguments[0], ">=", call.arguments[1], width, part),
        let high = bound(call.arguments[0], "<=", call.arguments[2], width, part)
      else { return nil }
      return [low, high]
    default: return nil
    }
  }

  private static func bound(
    _ one: PlanExpression, _ sign: String, _ two: PlanExpression, _ width: Int, _ part: PlanExpression
  ) -> Bound? {
    guard one.type == two.type, one.type.isNumber || one.type.isTime || one.type == .duration,
      isPlain(one), isPlain(two), let mirrored = Function.mirroredSigns[sign]
    else { return nil }
    func isLeft(_ side: PlanExpression) -> Bool { side.columns.allSatisfy { $0 < width } }
    func isRight(_ side: PlanExpression) -> Bool { side.columns.allSatisfy { $0 >= width } }
    if isLeft(one), isRight(two) {
      return Bound(left: one, right: two.remapped { $0 - width }, sign: mirrored, part: part)
    }
    if isRight(one), isLeft(two) {
      return Bound(left: two, right: one.remapped { $0 - width }, sign: sign, part: part)
    }
    return nil
  }

  /// A column, perhaps with a constant added or in the place of what is missing: nothing that has something to tell, or
  /// may fail, of rows that are in no pair.
  private static func isPlain(_ expression: PlanExpression) -> Bool {
    if expression.isColumn { return true }
    guard case .call(let call) = expression.kind, call.arguments.count == 2 else { return false }
    switch call.function.name {
    case "+", "-":
      return (expression.type.isTime || expression.type.isNumber) && call.arguments[0].isColumn
        && call.arguments[1].constant != nil
    case "??": return call.arguments.allSatisfy { $0.constant != nil || isPlain($0) }
    default: return false
    }
  }

  /// Conditions joined by an `and` of the condition that they come from: of several there is one.
  private static func together(_ parts: [PlanExpression], like condition: PlanExpression) -> PlanExpression? {
    guard let first = parts.first else { return nil }
    guard case .call(let and) = condition.kind, and.function.name == "and" else { return first }
    return parts.dropFirst().reduce(first) { made, part in
      PlanExpression(
        .call(PlanExpression.Call(and.function, [made, part], at: condition.range)), .bool,
        at: condition.range)
    }
  }
}
