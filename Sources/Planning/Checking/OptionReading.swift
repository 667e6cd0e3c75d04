import Columns
import Diagnostics
import Language

/// Reads `with option = value, …`.
package enum OptionReading {
  /// The options in their order; those with a fault are reported and left out.
  package static func options(
    _ items: [Item], _ environment: Environment, _ diagnostics: inout [Diagnostic]
  ) -> [Option] {
    var items = items[...]
    if let place = items.firstIndex(where: { $0.isBareWord("as") }) {
      diagnostics.append(
        Diagnostic(
          "option", "the name stands behind the file, before `with`", at: items[place].range,
          help: ["load \"file.csv\" as name with option = value"]))
      items = items[..<place]
    }
    return items.compactMap { item in
      guard let name = item.names.first else {
        // A bare word switches the option on: `with strict`.
        if case .name(let word) = item.value.kind {
          return Option(word.text, .value(.bool(true)), at: item.range)
        }
        diagnostics.append(
          Diagnostic(
            "option", "an option is written name = value", at: item.range,
            help: ["such as `with delimiter = \";\", missing = [\"N/A\"]`"]))
        return nil
      }
      guard let value = value(item.value, environment, &diagnostics) else { return nil }
      return Option(name.text, value, at: item.range)
    }
  }

  private static func value(
    _ expression: Expression, _ environment: Environment, _ diagnostics: inout [Diagnostic]
  ) -> OptionValue? {
    switch expression.kind {
    case .name(let name):
      if case .value(let value, _)? = environment.binding(name.text)?.binding { return .value(value) }
      return .word(name.text)
    case .list(let items), .tuple(let items):
      return .list(items.compactMap { value($0, environment, &diagnostics) })
    case .record(let fields):
      return .record(
        fields.compactMap { field in
          value(field.value, environment, &diagnostics).map { (name: field.name.text, value: $0) }
        })
    case .call(let name, let arguments):
      return .call(name.text, arguments.compactMap { value($0.value, environment, &diagnostics) })
    default:
      var checker = ExpressionChecker(
        environment: environment, scope: Scope(), mode: .forbidden("in an option"))
      let checked = checker.checkConstant(expression, "an option")
      diagnostics += checker.diagnostics
      return checked.map { .value($0) }
    }
  }
}

extension Item {
  fileprivate func isBareWord(_ word: String) -> Bool {
    guard names.isEmpty, case .name(let name) = value.kind else { return false }
    return name.text.lowercased() == word
  }
}
