import Diagnostics

/// The layout of expressions.
extension Printer {
  mutating func expression(_ expression: Expression) -> Layout {
    if expression.isParenthesized {
      if case .pipeline = expression.kind { return bare(expression) }
      return .concat([.text("("), bare(expression), .text(")")])
    }
    return bare(expression)
  }

  /// The same with brackets where it binds too loosely to stand there without.
  private mutating func operand(_ expression: Expression, atLeast level: Precedence) -> Layout {
    let layout = self.expression(expression)
    return expression.level < level ? .concat([.text("("), layout, .text(")")]) : layout
  }

  private mutating func bare(_ expression: Expression) -> Layout {
    switch expression.kind {
    case .missing: .text("missing")
    case .bool(let value): .text(String(value))
    case .int, .float, .percent, .text, .date, .datetime, .duration, .interpolation:
      .text(literal(expression))
    case .name(let name): .text(spelling(name))
    case .list(let parts): list("[", parts, "]", expression.range)
    case .tuple(let parts): list("(", parts, ")", expression.range)
    case .range(let lower, let upper): .concat([bound(lower), .text(".."), bound(upper)])
    case .call(let name, let arguments): call(name, arguments, expression.range)
    case .index(let base, let selector):
      .concat([operand(base, atLeast: .operand), .text("["), self.expression(selector), .text("]")])
    case .field(let base, let name):
      .concat([operand(base, atLeast: .operand), .text("." + spelling(name))])
    case .unary(.minus, let inner): .concat([.text("-"), operand(inner, atLeast: .power)])
    case .unary(.not, let inner): .concat([.text("not "), operand(inner, atLeast: .not)])
    case .binary: chain(expression)
    case .between(let inner, let lower, let upper, let negated):
      .concat([
        operand(inner, atLeast: .otherwise), .text(negated ? " not between " : " between "),
        operand(lower, atLeast: .otherwise), .text(" and "), operand(upper, atLeast: .otherwise),
      ])
    case .membership(let inner, let set, let negated):
      .concat([
        operand(inner, atLeast: .otherwise), .text(negated ? " not in " : " in "),
        operand(set, atLeast: .otherwise),
      ])
    case .isMissing(let inner, let negated):
      .concat([operand(inner, atLeast: .otherwise), .text(negated ? " is not missing" : " is missing")])
    case .choice(let subject, let branches, let otherwise):
      choice(subject, branches, otherwise, expression.range)
    case .record(let fields):
      braces(fields.map { .field($0) }, isSpaced: false, expression.range)
    case .block(let items): braces(items, isSpaced: true, expression.range)
    case .pipeline(let pipeline): nested(pipeline)
    case .invalid: .text("")
    }
  }

  private mutating func bound(_ expression: Expression) -> Layout {
    if case .unary(.minus, let inner) = expression.kind, inner.level == .operand {
      return self.expression(expression)
    }
    return operand(expression, atLeast: .operand)
  }

  /// Operators of one level, broken before the operators when they must be.
  private mutating func chain(_ expression: Expression) -> Layout {
    guard case .binary(let outer, let first, let last) = expression.kind else { return .text("") }
    if outer == .power {
      return .concat([
        operand(first, atLeast: .operand), .text("^"), operand(last, atLeast: .sign),
      ])
    }
    let level = outer.level
    var steps: [(BinaryOperator, Expression)] = [(outer, last)]
    var base = first
    if level != .comparison {
      while !base.isParenthesized, case .binary(let op, let left, let right) = base.kind, op.level == level {
        steps.append((op, right))
        base = left
      }
    }
    var parts = [operand(base, atLeast: level == .comparison ? .otherwise : level)]
    for (op, right) in steps.reversed() {
      // A comparison is not torn apart; what stands on its sides may be.
      let gap = level == .comparison ? Layout.space : .nest(2, .line)
      parts += [gap, .text(op.rawValue + " "), operand(right, atLeast: level.next)]
    }
    return .group(.concat(parts))
  }

  // MARK: - Brackets

  /// True when what stands between brackets was written over several lines.
  private func isBroken(_ range: SourceRange) -> Bool {
    source.bytes[min(range.lower, source.bytes.count)..<min(range.upper, source.bytes.count)]
      .contains(UInt8(ascii: "\n"))
  }

  private mutating func list(
    _ open: String, _ elements: [Expression], _ close: String, _ range: SourceRange
  ) -> Layout {
    if elements.isEmpty { return .text(open + close) }
    var inner: [Layout] = []
    var end = range.lower
    for (index, element) in elements.enumerated() {
      if index > 0 { inner.append(.text(",")) }
      inner += commentsBetween(end, element.range.lower)
      inner.append(index == 0 ? .softLine : .fillLine)
      inner.append(expression(element))
      end = element.range.upper
    }
    inner += commentsBetween(end, range.upper)
    return .group(.concat([.text(open), .nest(2, .concat(inner)), .softLine, .text(close)]))
  }

  private mutating func call(
    _ name: Name, _ arguments: [Expression.Argument], _ range: SourceRange
  ) -> Layout {
    if arguments.isEmpty { return .text(spelling(name) + "()") }
    var inner: [Layout] = []
    var end = name.range.upper
    for (index, argument) in arguments.enumerated() {
      if index > 0 { inner.append(.text(",")) }
      inner += commentsBetween(end, argument.name?.range.lower ?? argument.value.range.lower)
      inner.append(index == 0 ? .softLine : .line)
      if let name = argument.name { inner.append(.text(spelling(name) + ": ")) }
      inner.append(expression(argument.value))
      end = argument.value.range.upper
    }
    inner += commentsBetween(end, range.upper)
    return .group(
      .concat([.text(spelling(name) + "("), .nest(2, .concat(inner)), .softLine, .text(")")]))
  }

  private mutating func nested(_ pipeline: Statement) -> Layout {
    let isBroken = isBroken(pipeline.range)
    let inner = self.pipeline(pipeline, isBroken: isBroken)
    return .group(
      .concat([.text("("), .nest(2, .concat([.softLine, inner])), .softLine, .text(")")]), broken: isBroken)
  }

  // MARK: - Braces

  private mutating func choice(
    _ subject: Expression?, _ branches: [Expression.Branch], _ otherwise: Expression?, _ range: SourceRange
  ) -> Layout {
    var head = [Layout.text("case ")]
    var start = range.lower
    if let subject {
      head += [expression(subject), .space]
      start = subject.range.upper
    }
    var items: [Expression.BlockItem] = branches.map { .branch($0) }
    if let otherwise { items.append(.otherwise(otherwise)) }
    head.append(braces(items, isSpaced: true, SourceRange(start, range.upper)))
    return .concat(head)
  }

  private mutating func braces(
    _ items: [Expression.BlockItem], isSpaced: Bool, _ range: SourceRange
  ) -> Layout {
    if items.isEmpty { return .text("{}") }
    let edge = isSpaced ? Layout.line : .softLine
    var inner: [Layout] = []
    var end = range.lower
    var isBroken = isBroken(range)
    for (index, item) in items.enumerated() {
      inner += commentsBetween(end, item.range.lower)
      inner.append(index == 0 ? edge : .commaLine)
      inner.append(blockItem(item))
      if case .stage = item, items.count > 1 { isBroken = true }
      end = item.range.upper
    }
    inner += commentsBetween(end, range.upper)
    let all: [Layout] = [.text("{"), .nest(2, .concat(inner)), edge, .text("}")]
    return .group(.concat(isBroken ? [.forcedBreak] + all : all), broken: isBroken)
  }

  private mutating func blockItem(_ item: Expression.BlockItem) -> Layout {
    switch item {
    case .field(let field):
      let name =
        field.name.isQuoted && field.name.text.contains("`")
        ? SyntaxMessages.quoted(field.name.text) : spelling(field.name)
      return .concat([.text(name + ": "), expression(field.value)])
    case .branch(let branch):
      return .concat([expression(branch.condition), .text(" -> "), expression(branch.value)])
    case .otherwise(let value): return .concat([.text("else -> "), expression(value)])
    case .stage(let stage): return self.stage(stage)
    }
  }

  // MARK: - Literals

  /// The spelling of a literal, tidied: double quotes, a digit before the point, one blank between parts.
  private func literal(_ expression: Expression) -> String {
    if case .int(let value) = expression.kind, value == .min { return String(value) }
    var parts: [String] = []
    for token in tokensInside(expression.range) where token.isLiteral {
      let spelling = source[token.range]
      switch token.kind {
      case .text: parts.append(doubleQuoted(spelling))
      case .datetime: parts.append(spelling.uppercased())
      case .float, .percent, .duration: parts.append(spelling.hasPrefix(".") ? "0" + spelling : spelling)
      default: parts.append(spelling)
      }
      if token.kind != .duration { break }
    }
    return parts.joined(separator: " ")
  }

  private func doubleQuoted(_ spelling: String) -> String {
    guard spelling.hasPrefix("'"), spelling.utf8.count >= 2 else { return spelling }
    var result = "\""
    var isEscaped = false
    for scalar in spelling.dropFirst().dropLast().unicodeScalars {
      if isEscaped {
        result += scalar == "'" ? "'" : "\\" + String(scalar)
        isEscaped = false
      } else if scalar == "\\" {
        isEscaped = true
      } else {
        if scalar == "\"" { result += "\\" }
        result.unicodeScalars.append(scalar)
      }
    }
    return result + (isEscaped ? "\\" : "") + "\""
  }
}

extension Layout {
  /// Takes no room and makes the groups around it break.
  static let forcedBreak = Layout(kind: .concat([]), isForced: true, width: 0)
}

extension Expression.BlockItem {
  /// From the first to the last token, the `else` of the last branch left out.
  var range: SourceRange {
    switch self {
    case .field(let field): field.name.range.union(field.value.range)
    case .branch(let branch): branch.condition.range.union(branch.value.range)
    case .otherwise(let value): value.range
    case .stage(let stage): stage.range
    }
  }
}
