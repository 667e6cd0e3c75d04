import Diagnostics
import Language
import Planning

/// Which names of a script are used behind the place where they get their meaning.
enum NameUse {
  private struct Definition {
    var word: String
    var name: Name
    var isUsed = false
  }

  private static let definers: Set<String> = ["let", "def", "param"]
  /// Statements that do nothing by themselves: a file of these is there to be included.
  private static let quiet = definers.union(["include", "set", "load"])

  static func warnings(of script: Script) -> [Diagnostic] {
    let words = script.statements.map { $0.continuesLast ? nil : $0.head.word?.text.lowercased() }
    if words.allSatisfy({ $0.map(quiet.contains) ?? false }) { return [] }
    var definitions: [String: Definition] = [:]
    var found: [Diagnostic] = []
    for (statement, word) in zip(script.statements, words) {
      for name in uses(in: statement, isDefinition: word.map(definers.contains) ?? false) {
        definitions[name]?.isUsed = true
      }
      guard let word, definers.contains(word),
        let name = statement.head.groups.first?.items.first?.names.first
      else { continue }
      if let before = definitions[Suggestion.folded(name.text)], !before.isUsed {
        found.append(unused(before, again: true))
      }
      definitions[Suggestion.folded(name.text)] = Definition(word: word, name: name)
    }
    found += definitions.values.filter { !$0.isUsed }.map { unused($0, again: false) }
    return found
  }

  private static func unused(_ definition: Definition, again: Bool) -> Diagnostic {
    Diagnostic(
      "unused",
      "`\(definition.name.text)` is \(again ? "given another meaning before it is used" : "never used")",
      at: definition.name.range,
      help: [
        definition.word == "param"
          ? "remove the param, or use it: whoever sets it waits for an effect"
          : "remove the \(definition.word), or use it"
      ], severity: .warning)
  }

  /// The names that a statement mentions, as they match: tables, values, measures, columns.
  static func uses(in statement: Statement, isDefinition: Bool) -> Set<String> {
    var names: Set<String> = []
    add(statement, isDefinition: isDefinition, &names)
    return names
  }

  private static func add(_ pipeline: Pipeline, isDefinition: Bool, _ names: inout Set<String>) {
    if let word = pipeline.head.word { add(word.text, &names) }
    for (index, stage) in ([pipeline.head] + pipeline.stages).enumerated() {
      for item in stage.groups.flatMap(\.items) {
        // A name before `=` may be one side of a comparison.
        if !(isDefinition && index == 0) { for name in item.names { add(name.text, &names) } }
        add(item.value, &names)
      }
    }
  }

  private static func add(_ expression: Expression, _ names: inout Set<String>) {
    expression.forEachDescendant { part in
      switch part.kind {
      case .name(let name), .call(let name, _): add(name.text, &names)
      case .pipeline(let inner): add(inner, isDefinition: false, &names)
      default: break
      }
    }
  }

  private static func add(_ name: String, _ names: inout Set<String>) {
    names.insert(Suggestion.folded(name))
    if let dot = name.firstIndex(of: ".") { names.insert(Suggestion.folded(String(name[..<dot]))) }
  }
}
