/// How tightly operators bind, loosest first.
package enum Precedence: Int, Sendable, Comparable {
  case or = 1
  case and
  case not
  case comparison
  case otherwise
  case additive
  case multiplicative
  case sign
  case power
  case operand

  package static func < (left: Self, right: Self) -> Bool { left.rawValue < right.rawValue }

  /// The next tighter level.
  var next: Precedence { Precedence(rawValue: rawValue + 1) ?? .operand }
}

extension BinaryOperator {
  /// How tightly the operator binds.
  package var level: Precedence {
    switch self {
    case .or: .or
    case .and: .and
    case .equal, .notEqual, .less, .lessOrEqual, .greater, .greaterOrEqual, .like, .notLike, .matches,
      .notMatches:
      .comparison
    case .otherwise: .otherwise
    case .add, .subtract: .additive
    case .multiply, .divide, .floorDivide, .remainder: .multiplicative
    case .power: .power
    }
  }
}

extension Expression {
  /// How tightly the outermost operator binds; `.operand` for what needs no brackets anywhere.
  package var level: Precedence {
    if isParenthesized { return .operand }
    switch kind {
    case .binary(let op, _, _): return op.level
    case .between, .membership, .isMissing: return .comparison
    case .unary(.not, _): return .not
    case .unary(.minus, _): return .sign
    case .int(let value) where value < 0: return .sign
    default: return .operand
    }
  }
}
