/// Ways through the tree that do not recurse, whatever its depth.
extension Expression {
  /// Calls the body with each part of the expression that is an expression itself, in the order of the text;
  /// with a pipeline in brackets, the expressions of its items (their values, not their conditions).
  package func forEachChild(_ body: (Expression) -> Void) {
    switch kind {
    case .missing, .bool, .int, .float, .percent, .text, .date, .datetime, .duration, .name, .invalid: break
    case .interpolation(let parts):
      for part in parts { if case .value(let value, _) = part { body(value) } }
    case .list(let elements), .tuple(let elements): elements.forEach(body)
    case .record(let fields): for field in fields { body(field.value) }
    case .range(let lower, let upper):
      body(lower)
      body(upper)
    case .call(_, let arguments): for argument in arguments { body(argument.value) }
    case .index(let base, let selector):
      body(base)
      body(selector)
    case .field(let base, _): body(base)
    case .unary(_, let operand): body(operand)
    case .binary(_, let left, let right):
      body(left)
      body(right)
    case .between(let operand, let lower, let upper, _):
      body(operand)
      body(lower)
      body(upper)
    case .membership(let operand, let set, _):
      body(operand)
      body(set)
    case .isMissing(let operand, _): body(operand)
    case .choice(let subject, let branches, let otherwise):
      if let subject { body(subject) }
      for branch in branches {
        body(branch.condition)
        body(branch.value)
      }
      if let otherwise { body(otherwise) }
    case .block(let items): for item in items { item.forEachExpression(body) }
    case .pipeline(let pipeline): pipeline.forEachExpression(body)
    }
  }

  /// Calls the body with the expression and everything in it, parents first, in the order of the text.
  package func forEachDescendant(_ body: (Expression) -> Void) {
    var waiting = [self]
    while let next = waiting.popLast() {
      body(next)
      let end = waiting.count
      next.forEachChild { waiting.append($0) }
      waiting[end...].reverse()
    }
  }

  /// The first part for which something holds, parents first, in the order of the text; looks no further than there.
  package func first(where holds: (Expression) -> Bool) -> Expression? {
    var waiting = [self]
    while let next = waiting.popLast() {
      if holds(next) { return next }
      let end = waiting.count
      next.forEachChild { waiting.append($0) }
      waiting[end...].reverse()
    }
    return nil
  }

  /// Whether something holds for the expression or a part of it.
  package func contains(where holds: (Expression) -> Bool) -> Bool { first(where: holds) != nil }

  /// The first name in it; nil where there is none.
  package var firstColumn: String? {
    let part = first { if case .name = $0.kind { true } else { false } }
    guard case .name(let name)? = part?.kind else { return nil }
    return name.text
  }
}

extension Expression.BlockItem {
  /// Calls the body with each expression of the item, in the order of the text; not with their parts.
  package func forEachExpression(_ body: (Expression) -> Void) {
    switch self {
    case .field(let field): body(field.value)
    case .branch(let branch):
      body(branch.condition)
      body(branch.value)
    case .otherwise(let value): body(value)
    case .stage(let stage): stage.forEachExpression(body)
    }
  }
}

extension Stage {
  /// Calls the body with the value of every item.
  package func forEachExpression(_ body: (Expression) -> Void) {
    for group in groups { for item in group.items { body(item.value) } }
  }
}

extension Statement {
  /// Calls the body with the value of every item of the head and the stages.
  package func forEachExpression(_ body: (Expression) -> Void) {
    head.forEachExpression(body)
    for stage in stages { stage.forEachExpression(body) }
  }
}
