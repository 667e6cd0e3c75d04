import Diagnostics

/// Expressions by precedence climbing.
extension Parser {
  mutating func expression() -> Expression {
    operators(atLeast: .or)
  }

  /// What may stand between two operands.
  private enum Infix {
    case binary(BinaryOperator)
    case between(negated: Bool)
    case membership(negated: Bool)
    case isMissing

    var level: Precedence {
      if case .binary(let op) = self { return op.level }
      return .comparison
    }
  }

  private struct InfixToken {
    var infix: Infix
    /// Tokens it takes: `not in` takes two.
    var length = 1
    /// The spelling that is ours, when the one written is another language's.
    var meant: String?
    /// `not null`: the `is` before it was left out.
    var lacksIs = false
  }

  mutating func operators(atLeast minimum: Precedence) -> Expression {
    guard descend() else { return invalid() }
    defer { depth -= 1 }
    var left = current.word == .not && !isNameByAssignment(position) ? negation(minimum) : unary()
    var lastComparison: Expression?
    while let found = infix(), found.infix.level >= minimum {
      guard countOperator() else { return left }
      tellDoubled()
      let level = found.infix.level
      let sign = SourceRange(current.range.lower, token(at: position + max(0, found.length - 1)).range.upper)
      if found.lacksIs { report(SyntaxMessages.isLeftOut(at: sign)) }
      if let meant = found.meant { report(SyntaxMessages.foreignOperator(text(sign), meant, at: sign)) }
      tellArrowLess()
      position += found.length
      if level == .comparison, let last = lastComparison {
        let second = chained(left, last, found.infix, sign)
        left = Expression(.binary(.and, left, second), at: left.range.union(second.range))
        lastComparison = second
        continue
      }
      left = joined(left, found.infix, sign)
      if level == .comparison { lastComparison = left }
    }
    return left
  }

  /// `x >> 3`, told and read as `x > 3`.
  private mutating func tellDoubled() {
    guard let sign = current.symbol, sign == .less || sign == .greater, peek().symbol == sign,
      !peek().isPrecededByBlank
    else { return }
    report(SyntaxMessages.doubledSign(sign.rawValue, at: current.range.union(peek().range)))
    advance()
  }

  /// `x <- 3`: an assignment to some, a comparison with -3 to others.
  private mutating func tellArrowLess() {
    guard isNext(.less), peek().symbol == .minus, !peek().isPrecededByBlank, current.isPrecededByBlank,
      peek(2).isPrecededByBlank
    else { return }
    report(SyntaxMessages.arrowLess(at: current.range.union(peek().range)))
  }

  /// The second comparison of `a < b < c`, told and read as `a < b and b < c`. What is compared further is the right
  /// side of the last comparison, never all of the chain: each link would double it.
  private mutating func chained(
    _ left: Expression, _ last: Expression, _ infix: Infix, _ sign: SourceRange
  ) -> Expression {
    if case .membership = last.kind, case .binary(let op) = infix, op == .equal || op == .notEqual {
      let whole = joined(last, infix, sign)
      let rest = text(SourceRange(sign.lower, whole.range.upper))
      report(SyntaxMessages.comparedComparison(text(last.range), rest, at: whole.range))
      return whole
    }
    var middle = last
    if case .binary(let op, _, let right) = last.kind, op.level == .comparison { middle = right }
    let second = joined(middle, infix, sign)
    let signAndRest = SourceRange(sign.lower, second.range.upper)
    // Each message holds the chain so far: no more of them than are shown.
    if diagnostics.count <= Self.mostFaults {
      report(
        SyntaxMessages.comparisonChain(
          text(left.range), text(middle.range), text(middle.range) + " " + text(signAndRest),
          at: left.range.union(second.range),
          isJoined: true))
    }
    return second
  }

  /// The operand on the right, and the whole.
  private mutating func joined(_ left: Expression, _ infix: Infix, _ sign: SourceRange) -> Expression {
    let kind: Expression.Kind
    switch infix {
    case .binary(let op):
      kind = .binary(op, left, operators(atLeast: op.level.next))
    case .between(let negated):
      return between(left, negated)
    case .membership(let negated):
      let right = membershipOperand()
      acceptRange(right)
      kind = .membership(left, in: right, negated: negated)
    case .isMissing:
      return isMissing(left, sign)
    }
    return Expression(kind, at: range(from: left.range.lower))
  }

  private mutating func between(_ left: Expression, _ negated: Bool) -> Expression {
    let lower = operators(atLeast: .otherwise)
    if case .range(let from, let to) = lower.kind, !lower.isParenthesized, current.word != .and {
      acceptRange(lower)
      let fix = text(from.range) + " and " + text(to.range)
      report(SyntaxMessages.betweenRange(fix, at: lower.range))
      return Expression(
        .between(left, lower: from, upper: to, negated: negated), at: range(from: left.range.lower))
    }
    // `between 1,5 and 3`: the comma is one of decimals where the end that follows stands behind it.
    if token(at: position + 2).word == .and, !isPanicking, let fault = commaInNumber() {
      report(fault)
      position += 2
    }
    if current.word == .and || current.symbol == .andC {
      advance()
    } else if isNext(.comma), !isPanicking {
      report(SyntaxMessages.betweenComma(at: current.range))
      advance()
    } else {
      fail(SyntaxMessages.betweenWithoutAnd(at: range(from: lower.range.lower)))
      return Expression(
        .between(left, lower: lower, upper: invalid(), negated: negated),
        at: range(from: left.range.lower))
    }
    let upper = operators(atLeast: .otherwise)
    return Expression(
      .between(left, lower: lower, upper: upper, negated: negated), at: range(from: left.range.lower))
  }

  /// `is missing`, `is not missing`; anything else behind `is` is told to be a comparison.
  private mutating func isMissing(_ left: Expression, _ sign: SourceRange) -> Expression {
    let negated = current.word == .not
    if negated { advance() }
    if current.word == .missing || current.word == .null {
      advance()
      return Expression(.isMissing(left, negated: negated), at: range(from: left.range.lower))
    }
    let signs = range(from: sign.lower)
    if atEnd {
      fail(SyntaxMessages.isWithoutMissing(at: signs))
      return Expression(.isMissing(left, negated: negated), at: range(from: left.range.lower))
    }
    report(SyntaxMessages.isComparison(negated ? "!=" : "==", at: signs))
    let right = operators(atLeast: .otherwise)
    return Expression(
      .binary(negated ? .notEqual : .equal, left, right), at: range(from: left.range.lower))
  }

  private mutating func membershipOperand() -> Expression {
    if isNext(.openParenthesis) { return parentheses(behindIn: true) }
    return operators(atLeast: .otherwise)
  }

  // MARK: - Signs between operands

  private func infix() -> InfixToken? {
    if isAbandoned { return nil }
    switch current.kind {
    case .symbol(let symbol):
      if symbol == .minus, beginsNegative(at: position) { return nil }
      return infix(symbol)
    case .word(let word): return infix(word)
    default: return nil
    }
  }

  private func infix(_ symbol: Symbol) -> InfixToken? {
    switch symbol {
    case .assign where peek().symbol == .matches && !peek().isPrecededByBlank:
      .init(infix: .binary(.matches), length: 2, meant: "~")
    case .assign, .equal: .init(infix: .binary(.equal))
    case .strictEqual: .init(infix: .binary(.equal), meant: "==")
    case .notEqual, .notEqualSQL: .init(infix: .binary(.notEqual))
    case .strictNotEqual: .init(infix: .binary(.notEqual), meant: "!=")
    case .less: .init(infix: .binary(.less))
    case .lessOrEqual: .init(infix: .binary(.lessOrEqual))
    case .equalLess: .init(infix: .binary(.lessOrEqual), meant: "<=")
    case .greater: .init(infix: .binary(.greater))
    case .greaterOrEqual: .init(infix: .binary(.greaterOrEqual))
    case .fatArrow: inBraceItem ? nil : .init(infix: .binary(.greaterOrEqual), meant: ">=")
    case .matches: .init(infix: .binary(.matches))
    case .notMatches: .init(infix: .binary(.notMatches))
    case .otherwise: .init(infix: .binary(.otherwise))
    case .plus: .init(infix: .binary(.add))
    case .minus: .init(infix: .binary(.subtract))
    case .times: .init(infix: .binary(.multiply))
    case .divide: .init(infix: .binary(.divide))
    case .floorDivide: .init(infix: .binary(.floorDivide))
    case .floorDivideR: .init(infix: .binary(.floorDivide), meant: "//")
    case .percent: .init(infix: .binary(.remainder))
    case .remainderR: .init(infix: .binary(.remainder), meant: "%")
    case .andC, .ampersand: .init(infix: .binary(.and), meant: "and")
    case .orC: .init(infix: .binary(.or), meant: "or")
    case .inR: .init(infix: .membership(negated: false), meant: "in")
    default: nil
    }
  }

  private func infix(_ word: ReservedWord) -> InfixToken? {
    switch word {
    case .or: return .init(infix: .binary(.or))
    case .and: return .init(infix: .binary(.and))
    case .in: return .init(infix: .membership(negated: false))
    case .between: return .init(infix: .between(negated: false))
    case .like: return .init(infix: .binary(.like))
    case .is: return .init(infix: .isMissing)
    case .not:
      switch peek().word {
      case .in: return .init(infix: .membership(negated: true), length: 2)
      case .between: return .init(infix: .between(negated: true), length: 2)
      case .like: return .init(infix: .binary(.notLike), length: 2)
      case .missing, .null: return .init(infix: .isMissing, length: 0, lacksIs: true)
      default: return nil
      }
    default: return nil
    }
  }

  // MARK: - Signs before operands

  private mutating func negation(_ minimum: Precedence) -> Expression {
    let sign = advance()
    let operand = operators(atLeast: max(.not, minimum))
    let whole = range(from: sign.range.lower)
    if minimum > .not { report(SyntaxMessages.notNeedsBrackets(text(whole), at: whole)) }
    return Expression(.unary(.not, operand), at: whole)
  }

  mutating func unary(allowsRange: Bool = true) -> Expression {
    guard let symbol = current.symbol else { return power(allowsRange) }
    switch symbol {
    case .minus:
      guard descend() else { return invalid() }
      defer { depth -= 1 }
      return negative(allowsRange)
    case .plus:
      guard descend() else { return invalid() }
      defer { depth -= 1 }
      advance()
      return unary(allowsRange: allowsRange)
    case .bang:
      guard descend() else { return invalid() }
      defer { depth -= 1 }
      let sign = advance()
      report(SyntaxMessages.foreignOperator("!", "not", at: sign.range, fixWith: "not "))
      let operand = unary(allowsRange: allowsRange)
      return Expression(.unary(.not, operand), at: range(from: sign.range.lower))
    default: return power(allowsRange)
    }
  }

  private mutating func negative(_ allowsRange: Bool) -> Expression {
    let sign = advance()
    if current.kind == .int, peek().symbol != .power, LiteralValue.isSmallestInteger(text(current)) {
      advance()
      return Expression(.int(.min), at: range(from: sign.range.lower))
    }
    let operand = unary(allowsRange: false)
    let negative = Expression(.unary(.minus, operand), at: range(from: sign.range.lower))
    return allowsRange ? rangeBehind(negative) : negative
  }

  private mutating func power(_ allowsRange: Bool) -> Expression {
    var base = postfix()
    if allowsRange { base = rangeBehind(base) }
    guard isNext(.power) || isNext(.powerPython) else { return base }
    guard countOperator(), descend() else { return base }
    defer { depth -= 1 }
    if isNext(.powerPython) { report(SyntaxMessages.foreignOperator("**", "^", at: current.range)) }
    advance()
    let exponent = unary()
    return Expression(.binary(.power, base, exponent), at: range(from: base.range.lower))
  }

  // MARK: - Ranges

  /// `lower..upper`, when `..` comes next.
  private mutating func rangeBehind(_ lower: Expression) -> Expression {
    guard isNext(.range) || isNext(.ellipsis) else { return lower }
    if isNext(.ellipsis) { report(SyntaxMessages.foreignOperator("...", "..", at: current.range)) }
    guard countOperator() else { return lower }
    advance()
    let upper: Expression
    if isNext(.minus) {
      let sign = advance()
      let operand = postfix()
      upper = Expression(.unary(.minus, operand), at: range(from: sign.range.lower))
    } else {
      upper = postfix()
    }
    let whole = range(from: lower.range.lower)
    unplacedRanges.insert(whole)
    return Expression(.range(lower, upper), at: whole)
  }

  /// A range may stand here.
  mutating func acceptRange(_ expression: Expression) {
    if case .range = expression.kind, !unplacedRanges.isEmpty {
      var place = expression.range
      if expression.isParenthesized, let inner = parenthesizedRange[place] { place = inner }
      unplacedRanges.remove(place)
    }
  }
}
