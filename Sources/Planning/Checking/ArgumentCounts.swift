import Diagnostics
import Language

extension Signature {
  /// The fewest arguments: all without a default; of a run of them one, where nothing else stands in the brackets.
  fileprivate var fewest: Int {
    parameters.count { $0.defaultValue == nil && !($0.isVariadic && parameters.count > 1) }
  }

  /// The most arguments; nil where there is no limit.
  fileprivate var most: Int? { parameters.contains(where: \.isVariadic) ? nil : parameters.count }

  /// Whether a call with so many arguments can be one of this signature.
  func takes(_ count: Int) -> Bool { count >= fewest && (most.map { count <= $0 } ?? true) }
}

extension Function {
  /// How many arguments it takes, for people: `1 argument`, `1 or 2 arguments`, `1 argument or more`.
  var argumentCounts: String {
    let fewest = signatures.map(\.fewest).min() ?? 0
    if signatures.contains(where: { $0.most == nil }) { return "\(counted(fewest, "argument")) or more" }
    let most = signatures.compactMap(\.most).max() ?? 0
    if most == 0 { return "no argument" }
    let counts = (fewest...max(fewest, most)).filter { count in signatures.contains { $0.takes(count) } }
    if counts.count < 2 { return counted(most, "argument") }
    return counts.dropLast().map(String.init).joined(separator: ", ") + " or \(counted(most, "argument"))"
  }
}

extension ExpressionChecker {
  /// Arguments that no signature has room for: a name that none knows, or too few or too many.
  mutating func refusesArguments(
    _ function: Function, _ arguments: [Expression.Argument], at range: SourceRange
  ) -> Bool {
    let known = Set(function.signatures.flatMap { $0.parameters.map(\.name) })
    if let name = arguments.lazy.compactMap(\.name).first(where: { !known.contains($0.text) }) {
      report(CheckMessages.argumentName(function, name))
      return true
    }
    if function.signatures.contains(where: { $0.takes(arguments.count) }) { return false }
    let written = arguments.contains { $0.name != nil } ? [] : arguments.map { self.written($0.value) }
    report(CheckMessages.arity(function, arguments.count, written: written, at: range))
    return true
  }

  /// What R and Python write to leave missing values out, which happens here anyway.
  mutating func refusesMissingFlag(
    _ argument: Expression.Argument, _ function: Function, _ arguments: [Expression.Argument]
  ) -> Bool {
    guard let (name, value) = Self.flag(argument), ForeignHabits.missingFlags.contains(name.lowercased()),
      case .none = scope.find(name)
    else { return false }
    let kept = arguments.filter { $0.value.range != argument.value.range }.map { argument in
      (argument.name.map { "\($0.text): " } ?? "") + text(argument.value)
    }
    let call = "\(function.name)(\(kept.joined(separator: ", ")))"
    report(
      CheckMessages.missingFlag(
        name, call, kept.first ?? "x", keepsMissing: ForeignHabits.isFalse(text(value)),
        at: (argument.name?.range).map { $0.union(argument.value.range) } ?? argument.value.range))
    return true
  }

  /// The name and the value of `name = value` and `name: value` in brackets.
  private static func flag(_ argument: Expression.Argument) -> (name: String, value: Expression)? {
    if let name = argument.name { return (name.text, argument.value) }
    guard case .binary(.equal, let left, let right) = argument.value.kind, case .name(let name) = left.kind
    else { return nil }
    return (name.text, right)
  }

  /// `proportion(class == "ED")`: the function takes two counts, and a share of rows is another one.
  mutating func refusesProportion(
    _ function: Function, _ arguments: [Expression.Argument], at range: SourceRange
  ) -> Bool {
    guard function.name == "proportion", let first = arguments.first, first.name == nil, arguments.count < 3,
      first.value.isWrittenCondition
    else { return false }
    // Of the rows where the condition is known, as `percent` has it.
    var names: [String] = []
    first.value.forEachDescendant { part in
      if case .name(let name) = part.kind, !names.contains(name.text) { names.append(name.text) }
    }
    let known = names.count == 1 ? "count(\(CheckMessages.quoted(names[0])))" : "count()"
    report(
      CheckMessages.proportionOfCondition(
        text(first.value), of: arguments.count == 2 ? text(arguments[1].value) : known, at: range))
    return true
  }
}

extension Expression {
  /// Whether it is a condition by how it is written, whatever its names stand for.
  package var isWrittenCondition: Bool {
    switch kind {
    case .binary(let symbol, _, _): symbol.isCondition
    case .between, .membership, .isMissing, .unary(.not, _): true
    default: false
    }
  }
}
