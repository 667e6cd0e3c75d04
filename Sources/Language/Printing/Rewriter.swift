import Diagnostics

/// Turns aliases into the canonical form, tree to tree; what it returns means the same.
struct Rewriter {
  let rules: FormatRules

  func rewritten(_ statement: Statement) -> Statement {
    var result = statement
    result.head = rewritten(statement.head, verb: statement.head.word?.text)
    result.stages = statement.stages.map(verb)
    return result
  }

  /// A stage behind `|`: its word is a verb.
  private func verb(_ stage: Stage) -> Stage {
    var stage = stage
    guard let word = stage.word else { return rewritten(stage, verb: nil) }
    if rules.unclearWithMinus.contains(word.text.lowercased()),
      case .unary(.minus, _)? = stage.groups.first?.items.first?.value.kind
    {
      return rewritten(stage, verb: rules.verb(word.text))
    }
    if let next = stage.groups.first?.bareWord, let name = rules.verb("\(word.text) \(next.text)") {
      stage.word = Name(name, at: word.range)
      stage.groups.removeFirst()
    } else if let name = rules.verb(word.text) {
      stage.word = Name(name, at: word.range)
    }
    return rewritten(stage, verb: stage.word?.text)
  }

  private func rewritten(_ stage: Stage, verb: String?) -> Stage {
    var result = stage
    let clauses = verb.flatMap { rules.conditions[$0] } ?? []
    var clause = ""
    for (index, group) in stage.groups.enumerated() {
      let isCondition = clauses.contains(clause) && !(index == 0 && clause != "")
      result.groups[index].items = group.items.map {
        rewritten($0, isCondition: isCondition, isOption: clause == "with")
      }
      if let word = group.bareWord { clause = word.text } else { clause = "\n" }
    }
    return result
  }

  private func rewritten(_ item: Item, isCondition: Bool, isOption: Bool) -> Item {
    var result = item
    if isCondition, let condition = item.condition, item.conditionFaults.isEmpty {
      result = Item(value: rewritten(condition), direction: item.direction, range: item.range)
      return result
    }
    // `missing = ["NA"]` behind `with` is the name of an option, and no column's.
    if !isOption { result.names = item.names.map(safe) }
    result.value = rewritten(item.value)
    return result
  }

  /// A reserved word that stands for a column gets its backticks.
  private func safe(_ name: Name) -> Name {
    var name = name
    if !name.isQuoted, ReservedWord(spelling: name.text) != nil { name.isQuoted = true }
    return name
  }

  func rewritten(_ expression: Expression) -> Expression {
    // Chains may be long: the spine of left operands is walked, not recursed into.
    var spine: [Expression] = []
    var base = expression
    while case .binary(_, let left, _) = base.kind {
      spine.append(base)
      base = left
    }
    var result = operand(base)
    for step in spine.reversed() {
      guard case .binary(let op, _, let right) = step.kind else { continue }
      var next = step
      if op == .equal || op == .notEqual, case .missing = right.kind {
        next.kind = .isMissing(result, negated: op == .notEqual)
      } else {
        next.kind = .binary(op, result, rewritten(right))
      }
      result = next
    }
    return result
  }

  private func operand(_ expression: Expression) -> Expression {
    var result = expression
    switch expression.kind {
    case .missing, .bool, .int, .float, .percent, .text, .date, .datetime, .duration, .interpolation,
      .invalid, .binary:
      break
    case .name(let name): result.kind = .name(safe(name))
    case .list(let parts): result.kind = .list(parts.map(rewritten))
    case .tuple(let parts): result.kind = .tuple(parts.map(rewritten))
    case .record(let fields): result.kind = .record(fields.map(field))
    case .range(let lower, let upper): result.kind = .range(rewritten(lower), rewritten(upper))
    case .call(let name, let arguments): return call(expression, name, arguments)
    case .index(let base, let selector): result.kind = .index(rewritten(base), rewritten(selector))
    case .field(let base, let name): result.kind = .field(rewritten(base), name)
    case .unary(let op, let inner): result.kind = .unary(op, rewritten(inner))
    case .between(let inner, let lower, let upper, let negated):
      result.kind = .between(
        rewritten(inner), lower: rewritten(lower), upper: rewritten(upper), negated: negated)
    case .membership(let inner, let set, let negated):
      result.kind = .membership(rewritten(inner), in: rewritten(set), negated: negated)
    case .isMissing(let inner, let negated):
      result.kind = .isMissing(rewritten(inner), negated: negated)
    case .choice(let subject, let branches, let otherwise):
      result.kind = .choice(
        subject: subject.map(rewritten), branches.map(branch), otherwise: otherwise.map(rewritten))
    case .block(let items): result.kind = .block(items.map(item))
    case .pipeline(let pipeline): result.kind = .pipeline(rewritten(pipeline))
    }
    return result
  }

  private func field(_ field: Expression.Field) -> Expression.Field {
    .init(name: field.name, value: rewritten(field.value))
  }

  private func branch(_ branch: Expression.Branch) -> Expression.Branch {
    .init(condition: rewritten(branch.condition), value: rewritten(branch.value))
  }

  private func item(_ item: Expression.BlockItem) -> Expression.BlockItem {
    switch item {
    case .field(let field): .field(self.field(field))
    case .branch(let branch): .branch(self.branch(branch))
    case .otherwise(let value): .otherwise(rewritten(value))
    case .stage(let stage): .stage(rewritten(stage, verb: nil))
    }
  }

  private func call(
    _ expression: Expression, _ name: Name, _ arguments: [Expression.Argument]
  ) -> Expression {
    var result = expression
    let arguments = arguments.map { Expression.Argument(name: $0.name, value: rewritten($0.value)) }
    let arePlain = arguments.allSatisfy { $0.name == nil }
    switch name.isQuoted ? nil : rules.callRewrites[name.text] {
    case .infix(let op) where arePlain && arguments.count >= 2,
      .pair(let op) where arePlain && arguments.count == 2:
      var joined = arguments[0].value
      for argument in arguments.dropFirst() {
        joined = Expression(.binary(op, joined, argument.value), at: expression.range)
      }
      joined.isParenthesized = expression.isParenthesized
      return joined
    case .named(let function, let argument) where arePlain && arguments.count == 1:
      let named = Expression.Argument(name: Name(argument, at: name.range), value: arguments[0].value)
      result.kind = .call(Name(function, at: name.range), [named])
      return result
    default: break
    }
    var called = name
    if !name.isQuoted,
      let canonical = rules.functionAliases[name.text] ?? rules.functionAliases[name.text.lowercased()]
    {
      called.text = canonical
    }
    result.kind = .call(called, arguments)
    return result
  }
}
