/// The tree in brackets, without places and spellings: two texts that mean the same have the same outline.
extension Expression {
  /// The expression as a tree in brackets, for comparing.
  package var outline: String {
    var text = ""
    Outline.write(self, to: &text)
    return text
  }
}

extension Statement {
  /// The statement and its stages as trees in brackets, in one line.
  package var outline: String {
    var text = ""
    Outline.write(self, to: &text)
    return text
  }
}

extension Script {
  /// One line a statement.
  package var outline: String { statements.map(\.outline).joined(separator: "\n") }
}

private enum Outline {
  static func write(_ name: Name, to text: inout String) {
    text += name.isQuoted ? "`\(name.text)`" : name.text
  }

  static func write(_ statement: Statement, to text: inout String) {
    if statement.continuesLast { text += "…" } else { write(statement.head, to: &text) }
    for stage in statement.stages {
      text += " | "
      write(stage, to: &text)
    }
  }

  static func write(_ stage: Stage, to text: inout String) {
    if let word = stage.word { text += word.text + ":" }
    for (index, group) in stage.groups.enumerated() {
      if index > 0 || stage.word != nil { text += " " }
      text += "<"
      for (index, item) in group.items.enumerated() {
        if index > 0 { text += ", " }
        write(item, to: &text)
      }
      text += ">"
    }
  }

  static func write(_ item: Item, to text: inout String) {
    if item.isTuple { text += "(" }
    for (index, name) in item.names.enumerated() {
      if index > 0 { text += ", " }
      write(name, to: &text)
    }
    if item.isTuple { text += ")" }
    if let parameters = item.parameters {
      text += "(" + parameters.map(\.text).joined(separator: ", ") + ")"
    }
    if let type = item.type { text += ": \(type.text)" }
    if item.isRequired { return }
    if !item.names.isEmpty { text += " = " }
    write(item.value, to: &text)
    switch item.direction {
    case .ascending: text += " asc"
    case .descending: text += " desc"
    case nil: break
    }
  }

  static func write(_ expression: Expression, to text: inout String) {
    // The left operands of a chain are a spine that may be long: it is walked, not recursed into.
    var spine: [(sign: String, right: Expression)] = []
    var base = expression
    while case .binary(let op, let left, let right) = base.kind {
      spine.append((op.rawValue, right))
      base = left
    }
    for step in spine { text += "(\(step.sign) " }
    writeOperand(base, to: &text)
    for step in spine.reversed() {
      text += " "
      write(step.right, to: &text)
      text += ")"
    }
  }

  private static func list(_ head: String, _ parts: [Expression], to text: inout String) {
    text += "(" + head
    for part in parts {
      text += " "
      write(part, to: &text)
    }
    text += ")"
  }

  private static func writeOperand(_ expression: Expression, to text: inout String) {
    switch expression.kind {
    case .missing: text += "missing"
    case .bool(let value): text += String(value)
    case .int(let value): text += String(value)
    case .float(let value): text += String(value)
    case .percent(let value): text += "percent(\(value))"
    case .text(let value): text += SyntaxMessages.quoted(value)
    case .date(let value): text += "date(\(value))"
    case .datetime(let value, let offset):
      text += "datetime(\(value)" + (offset.map { " \($0)" } ?? "") + ")"
    case .duration(let value): text += "duration(\(value))"
    case .interpolation(let parts):
      text += "(f"
      for part in parts {
        switch part {
        case .text(let value): text += " " + SyntaxMessages.quoted(value)
        case .value(let value, let format):
          text += " {"
          write(value, to: &text)
          text += (format.map { ":" + $0 } ?? "") + "}"
        }
      }
      text += ")"
    case .list(let parts): list("list", parts, to: &text)
    case .tuple(let parts): list("tuple", parts, to: &text)
    case .range(let lower, let upper): list("..", [lower, upper], to: &text)
    case .name(let name): write(name, to: &text)
    case .index(let base, let selector): list("at", [base, selector], to: &text)
    case .field(let base, let name):
      text += "(. "
      write(base, to: &text)
      text += " "
      write(name, to: &text)
      text += ")"
    case .unary(let op, let operand): list(op == .minus ? "neg" : "not", [operand], to: &text)
    case .binary: write(expression, to: &text)
    case .between(let operand, let lower, let upper, let negated):
      list(negated ? "not-between" : "between", [operand, lower, upper], to: &text)
    case .membership(let operand, let set, let negated):
      list(negated ? "not-in" : "in", [operand, set], to: &text)
    case .isMissing(let operand, let negated): list(negated ? "known" : "is-missing", [operand], to: &text)
    case .record, .call, .choice, .block: writeParts(expression, to: &text)
    case .pipeline(let pipeline):
      text += "("
      write(pipeline, to: &text)
      text += ")"
    case .invalid: text += "?"
    }
  }

  private static func writeParts(_ expression: Expression, to text: inout String) {
    switch expression.kind {
    case .record(let fields): write(fields.map { .field($0) }, head: "record", to: &text)
    case .call(let name, let arguments):
      text += "("
      write(name, to: &text)
      for argument in arguments {
        text += " "
        if let name = argument.name { text += name.text + ": " }
        write(argument.value, to: &text)
      }
      text += ")"
    case .choice(let subject, let branches, let otherwise):
      text += "(case"
      if let subject {
        text += " "
        write(subject, to: &text)
      }
      write(
        branches.map { .branch($0) } + (otherwise.map { [.otherwise($0)] } ?? []), head: "", to: &text)
      text += ")"
    case .block(let items): write(items, head: "block", to: &text)
    default: break
    }
  }

  private static func write(_ items: [Expression.BlockItem], head: String, to text: inout String) {
    text += head.isEmpty ? "" : "(" + head
    for item in items {
      text += " {"
      switch item {
      case .field(let field):
        write(field.name, to: &text)
        text += ": "
        write(field.value, to: &text)
      case .branch(let branch):
        write(branch.condition, to: &text)
        text += " -> "
        write(branch.value, to: &text)
      case .otherwise(let value):
        text += "else -> "
        write(value, to: &text)
      case .stage(let stage): write(stage, to: &text)
      }
      text += "}"
    }
    text += head.isEmpty ? "" : ")"
  }
}
