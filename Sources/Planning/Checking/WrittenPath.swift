import Columns
import Diagnostics
import Language

/// The path of a file as a statement writes it: a text in quotes, a text with values in it (`f"day-{day}.csv"`), or the
/// name of a text that a `let` or `param` holds.
package enum WrittenPath: Sendable, Equatable {
  case text(String)
  /// Only the run will know it, or what is wrong with it has been reported.
  case later
  /// No path stands there.
  case none
}

extension Environment {
  /// - Parameter faults: what is wrong inside a text with values.
  package func path(_ expression: Expression?, _ faults: inout [Diagnostic]) -> WrittenPath {
    switch expression?.kind {
    case .text(let text): return text.isEmpty ? .none : .text(text)
    case .name(let name):
      switch bindings[name.text] {
      case .value(.text(let text), _): return .text(text)
      case .unknown(.text): return .later
      default: return .none
      }
    case .interpolation(let parts):
      guard let expression else { return .none }
      return path(expression, parts, &faults)
    default: return .none
    }
  }

  private func path(
    _ expression: Expression, _ parts: [Expression.InterpolationPart], _ faults: inout [Diagnostic]
  ) -> WrittenPath {
    var checker = ExpressionChecker(
      environment: self, scope: Scope(), mode: .forbidden("in the name of a file"))
    let checked = checker.check(expression)
    faults += checker.diagnostics
    guard checker.diagnostics.isEmpty, let checked, !checked.isUnknown else { return .later }
    // A sentence says "missing" for such a value, but no file is called that on purpose.
    for case .value(let value, _) in parts where checker.check(value)?.constant?.isMissing ?? false {
      faults.append(
        Diagnostic(
          "file-missing", "this part of the file's name is missing", at: value.range,
          help: ["give it a value, or another one in its place: {day ?? today()}"]))
    }
    guard faults.isEmpty else { return .later }
    if case .text(let text)? = checked.constant { return .text(text) }
    faults.append(
      Diagnostic(
        "file-later", "what stands in a file's name must be known before the query runs",
        at: expression.range,
        help: ["work it out first: let day = (encounters | aggregate max(admitted))"]))
    return .later
  }
}
