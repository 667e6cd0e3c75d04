import Columns
import Diagnostics
import Language

/// What is said of the arguments of a call.
extension CheckMessages {
  /// Too few or too many arguments, or names that do not go together.
  ///
  /// - Parameter written: the arguments, where another function may be meant.
  package static func arity(
    _ function: Function, _ given: Int, written: [String] = [], at range: SourceRange
  ) -> Diagnostic {
    let meant = written.count > 1 ? ForeignHabits.furtherArguments[function.name]?(written) : nil
    return Diagnostic(
      "arguments",
      "`\(function.name)` takes \(function.argumentCounts), and \(given == 0 ? "none is" : given == 1 ? "1 is" : "\(given) are") given",
      at: range,
      help: (meant.map { [$0] } ?? []) + ["write \(function.usage.joined(separator: " or "))"])
  }

  static func argumentName(_ function: Function, _ name: Name) -> Diagnostic {
    let known =
      function.signatures.flatMap { $0.parameters.map(\.name) } + (function.isAggregate ? ["where"] : [])
    var help = ["write \(function.usage.joined(separator: " or "))"]
    if let nearest = Suggestion.nearest(to: name.text, among: known) {
      help.insert("did you mean `\(nearest):`?", at: 0)
    }
    return Diagnostic(
      "argument-name", "`\(function.name)` has no argument `\(name.text)`", at: name.range, help: help)
  }

  /// `mean(charges, na.rm = TRUE)`
  ///
  /// - Parameter keepsMissing: whether a missing value was to make the result missing.
  static func missingFlag(
    _ name: String, _ call: String, _ subject: String, keepsMissing: Bool, at range: SourceRange
  ) -> Diagnostic {
    Diagnostic(
      "missing-flag",
      "`\(name)` is not written here: missing values are always left out, and a note says how many",
      at: range,
      help: [
        keepsMissing
          ? "for a result that is missing where one value is: if(count(\(subject)) == count(), \(call), missing)"
          : "write \(call)"
      ])
  }

  /// `proportion(class == "ED")`
  static func proportionOfCondition(_ condition: String, of total: String, at range: SourceRange)
    -> Diagnostic
  {
    Diagnostic(
      "proportion-condition", "`proportion` takes two counts, k of n, and this is a condition", at: range,
      help: [
        "for the share of the rows, from 0 to 100: percent(\(condition))",
        "for a share from 0 to 1 with its 95% limits: p = proportion(count(where: \(condition)), \(total))",
      ])
  }
}

/// What is said of names and types that do not fit where they stand.
extension CheckMessages {
  /// `aggregate n = count(), share = n / sum(n)`
  static func madeHere(_ name: String, at range: SourceRange) -> Diagnostic {
    Diagnostic(
      "made-here",
      "`\(name)` is made in this stage; inside a function over rows stand the columns that come in",
      at: range,
      help: ["work with it in a stage behind: | derive …"])
  }

  /// `{a: 1, a: 2}`
  static func fieldTwice(_ name: String, at range: SourceRange) -> Diagnostic {
    Diagnostic(
      "field-twice", "the name `\(name)` is given twice", at: range,
      help: ["leave one out, or give it another name"])
  }

  /// `charges ?? "none"`: what both sides may become.
  static func otherwiseHelp(_ left: DataType, _ leftText: String, _ right: DataType, _ rightText: String)
    -> [String]
  {
    func isPlain(_ type: DataType) -> Bool { DataType.named(type.name) != nil }
    guard isPlain(left), isPlain(right) else { return ["both sides of `??` have one type"] }
    let isNumber = rightText.allSatisfy { $0.isNumber || $0 == "." || $0 == "-" }
    // What stands in brackets of its own needs no second pair.
    func call(_ function: String, _ text: String) -> String {
      let inner = text.dropFirst().dropLast()
      return text.hasPrefix("(") && text.hasSuffix(")") && !inner.contains { "()".contains($0) }
        ? function + text : "\(function)(\(text))"
    }
    let ours = left == .text ? leftText : call("text", leftText)
    let theirs = right == .text ? rightText : isNumber ? "\"\(rightText)\"" : call("text", rightText)
    let value =
      switch left {
      case .int, .float: "0"
      case .bool: "false"
      default: sample(of: left)
      }
    return [
      "both sides have one type; for text: \(ours) ?? \(theirs)",
      left == .text
        ? "for \(article(right)): \(call(right.name, leftText)) ?? \(rightText)"
        : "for \(article(left)): \(leftText) ?? \(value)",
    ]
  }

  /// `an int`, `a date`.
  private static func article(_ type: DataType) -> String { "\(type == .int ? "an" : "a") \(type.name)" }
}

extension CheckMessages {
  /// `01.02.2024`
  static func dottedDate(at range: SourceRange) -> Diagnostic {
    Diagnostic(
      "dotted-date", "a date is written year-month-day, without quotes", at: range,
      help: ["such as 2024-01-31"])
  }

  /// `1 000`
  static func spacedNumber(_ spelled: String, at range: SourceRange) -> Diagnostic {
    Diagnostic(
      "thousands-separator", "the digits of a number stand together, or in groups with _", at: range,
      help: ["write \(spelled)"], fix: Diagnostic.Fix(range, spelled))
  }
}
