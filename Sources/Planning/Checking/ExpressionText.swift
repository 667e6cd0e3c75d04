import Columns
import Diagnostics
import Language

/// Expressions as short text, for messages and for the names of unnamed columns.
package enum ExpressionText {
  /// A text as it is written: what the screen shows as `^J` would be another text where it is copied from.
  package static func literal(_ value: String) -> String {
    var text = ""
    for scalar in value.unicodeScalars {
      switch scalar {
      case "\\": text += "\\\\"
      case "\"": text += "\\\""
      case "\n": text += "\\n"
      case "\t": text += "\\t"
      case let sign where sign.value < 0x20 || (0x7F..<0xA0).contains(sign.value):
        text += "\\u{" + String(sign.value, radix: 16) + "}"
      default: text.unicodeScalars.append(scalar)
      }
    }
    return "\"" + text + "\""
  }

  /// For people: names without backticks.
  package static func of(_ expression: Expression) -> String { Writer(quotesNames: false).of(expression) }

  /// As it can be typed again: names that need backticks have them, and texts their escapes. Only what is shortened
  /// in messages (`case {…}`, a pipeline) cannot.
  package static func code(_ expression: Expression) -> String { Writer(quotesNames: true).of(expression) }

  /// A number as a person writes it.
  package static func number(_ value: Double) -> String {
    let rounded = (value * 1e9).rounded() / 1e9
    // Beyond these the digits would be cut off, or the number overflow.
    guard rounded.isFinite, value == 0 || abs(value) >= 1e-6 else { return String(value) }
    if rounded == rounded.rounded(), abs(rounded) < 1e15 { return String(Int64(rounded)) }
    return String(rounded)
  }

  /// The name of a column that was given none: the function's and its plain arguments' names joined, otherwise the
  /// text of the expression.
  package static func columnName(_ expression: Expression) -> String {
    switch expression.kind {
    case .name(let name): return name.text
    case .call(let name, let arguments):
      var parts = [name.text]
      for argument in arguments where argument.name == nil {
        switch argument.value.kind {
        case .name(let column): parts.append(column.text)
        case .int(let value): parts.append(String(value))
        default: return of(expression)
        }
      }
      if arguments.contains(where: { $0.name != nil }) { return of(expression) }
      return parts.joined(separator: "_")
    default: return of(expression)
    }
  }
}

extension Expression {
  /// The same with names replaced by what they stand for (a measure's parameters by its arguments).
  func replacingNames(_ replacements: [String: Expression]) -> Expression {
    if replacements.isEmpty { return self }
    return replacing { expression in
      guard case .name(let name) = expression.kind, !name.isQuoted else { return nil }
      return replacements[name.text]
    }
  }

  /// The same with parts of it replaced: those for which there is something to take their place.
  package func replacing(_ replacement: (Expression) -> Expression?) -> Expression {
    if let other = replacement(self) { return other }
    switch kind {
    case .call(let name, let arguments):
      return with(
        .call(
          name,
          arguments.map { Argument(name: $0.name, value: $0.value.replacing(replacement)) }))
    case .unary(let symbol, let operand): return with(.unary(symbol, operand.asOperand(replacement)))
    case .binary(let symbol, let left, let right):
      return with(.binary(symbol, left.asOperand(replacement), right.asOperand(replacement)))
    case .between(let value, let lower, let upper, let negated):
      return with(
        .between(
          value.asOperand(replacement), lower: lower.asOperand(replacement),
          upper: upper.asOperand(replacement), negated: negated))
    case .membership(let value, let list, let negated):
      return with(
        .membership(
          value.asOperand(replacement), in: list.asOperand(replacement), negated: negated))
    case .isMissing(let value, let negated):
      return with(.isMissing(value.asOperand(replacement), negated: negated))
    case .list(let items): return with(.list(items.map { $0.replacing(replacement) }))
    case .tuple(let items): return with(.tuple(items.map { $0.replacing(replacement) }))
    case .index(let base, let index):
      return with(.index(base.asOperand(replacement), index.replacing(replacement)))
    case .field(let base, let name): return with(.field(base.asOperand(replacement), name))
    case .range(let lower, let upper):
      return with(.range(lower.asOperand(replacement), upper.asOperand(replacement)))
    case .record(let fields):
      return with(.record(fields.map { Field(name: $0.name, value: $0.value.replacing(replacement)) }))
    case .interpolation(let parts):
      return with(
        .interpolation(
          parts.map { part in
            if case .value(let value, let format) = part {
              return .value(value.replacing(replacement), format: format)
            }
            return part
          }))
    case .choice(let subject, let branches, let otherwise):
      return with(
        .choice(
          subject: subject?.replacing(replacement),
          branches.map {
            Branch(
              condition: $0.condition.replacing(replacement),
              value: $0.value.replacing(replacement))
          }, otherwise: otherwise?.replacing(replacement)))
    case .name, .missing, .bool, .int, .float, .percent, .text, .date, .datetime, .duration, .pipeline,
      .block,
      .invalid:
      return self
    }
  }

  /// The same as a part of a larger expression: what takes the place of a name has brackets where it needs them.
  private func asOperand(_ replacement: (Expression) -> Expression?) -> Expression {
    let made = replacing(replacement)
    guard case .name = kind else { return made }
    switch made.kind {
    case .unary, .binary, .between, .membership, .isMissing, .choice, .range:
      return Expression(made.kind, at: made.range, isParenthesized: true)
    default: return made
    }
  }

  private func with(_ kind: Kind) -> Expression {
    Expression(kind, at: range, isParenthesized: isParenthesized)
  }
}

private struct Writer {
  let quotesNames: Bool

  private func field(_ name: String) -> String { quotesNames ? CheckMessages.quoted(name) : name }

  func of(_ expression: Expression) -> String {
    let text = plain(expression.kind)
    return expression.isParenthesized && text.contains(" ") ? "(\(text))" : text
  }

  private func plain(_ kind: Expression.Kind) -> String {
    switch kind {
    case .missing: return "missing"
    case .bool(let value): return String(value)
    case .int(let value): return String(value)
    case .float(let value): return ExpressionText.number(value)
    case .percent(let value): return "\(ExpressionText.number(value * 100))%"
    case .text(let value): return quotesNames ? ExpressionText.literal(value) : "\"\(value)\""
    case .interpolation: return "f\"…\""
    case .date(let days): return Calendar.text(days: days)
    case .datetime(let value, let offset):
      return Calendar.text(
        microseconds: value &- Int64(offset ?? 0) * Calendar.microsecondsPerMinute,
        offset: offset.map { Int16(clamping: $0) })
    case .duration(let value): return Calendar.text(duration: value)
    case .list(let items): return "[" + items.map(of).joined(separator: ", ") + "]"
    case .tuple(let items): return "(" + items.map(of).joined(separator: ", ") + ")"
    case .record(let fields):
      return "{" + fields.map { "\(field($0.name.text)): \(of($0.value))" }.joined(separator: ", ") + "}"
    case .range(let lower, let upper): return "\(of(lower))..\(of(upper))"
    case .name(let name): return field(name.text)
    case .call(let name, let arguments):
      return "\(name.text)(" + arguments.map(argument).joined(separator: ", ") + ")"
    case .index(let base, let index): return "\(of(base))[\(of(index))]"
    case .field(let base, let name): return "\(of(base)).\(field(name.text))"
    case .unary(let symbol, let operand): return symbol == .not ? "not \(of(operand))" : "-\(of(operand))"
    case .binary(let symbol, let left, let right): return "\(of(left)) \(symbol.rawValue) \(of(right))"
    case .between(let value, let lower, let upper, let negated):
      return "\(of(value)) \(negated ? "not " : "")between \(of(lower)) and \(of(upper))"
    case .membership(let value, let list, let negated):
      return "\(of(value)) \(negated ? "not " : "")in \(of(list))"
    case .isMissing(let value, let negated): return "\(of(value)) is \(negated ? "not " : "")missing"
    case .choice: return "case {…}"
    case .pipeline: return "(…)"
    case .block: return "{…}"
    case .invalid: return "?"
    }
  }

  private func argument(_ argument: Expression.Argument) -> String {
    (argument.name.map { "\($0.text): " } ?? "") + of(argument.value)
  }
}
