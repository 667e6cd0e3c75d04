import Columns
import Diagnostics

/// A setting: `set name = value`.
package struct Setting: Sendable {
  /// As `set` takes it.
  package var name: String
  package var summary: String
  /// What it takes, for help and messages: `on or off`, `a whole number`.
  package var takes: String
  /// What holds until it is set.
  package var defaultValue: Value

  package init(_ name: String, _ summary: String, takes: String, default defaultValue: Value) {
    self.name = name
    self.summary = summary
    self.takes = takes
    self.defaultValue = defaultValue
  }
}

/// All that the language has words for: the tables that checker, completion, help and reference read.
package struct Catalogue: Sendable {
  /// In the order of help; where two have a name in common, the first one is found by it.
  package let functions: [Function]
  /// In the order of help; where two have a name in common, the first one is found by it.
  package let verbs: [Verb]
  package let chartKinds: [ChartKindRow]
  package let inputs: [InputFormat]
  package let outputs: [OutputFormat]
  package let packings: [Packing]
  package let settings: [Setting]
  private let functionsByName: [String: Int]
  private let verbsByName: [String: Int]

  package init(
    functions: [Function], verbs: [Verb], chartKinds: [ChartKindRow] = [], inputs: [InputFormat] = [],
    outputs: [OutputFormat] = [], packings: [Packing] = [], settings: [Setting] = []
  ) {
    self.functions = functions
    self.verbs = verbs
    self.chartKinds = chartKinds
    self.inputs = inputs
    self.outputs = outputs
    self.packings = packings
    self.settings = settings
    var byName: [String: Int] = [:]
    for (index, function) in functions.enumerated() {
      for name in [function.name] + function.aliases where byName[name] == nil { byName[name] = index }
    }
    functionsByName = byName
    byName = [:]
    for (index, verb) in verbs.enumerated() {
      for name in [verb.name] + verb.aliases where byName[name] == nil { byName[name] = index }
    }
    verbsByName = byName
  }

  /// A function by name or alias, in any case.
  package func function(_ name: String) -> Function? {
    (functionsByName[name] ?? functionsByName[name.lowercased()]).map { functions[$0] }
  }

  /// The verb of a name or alias, exactly or in lower case; nil where there is none.
  package func verb(_ name: String) -> Verb? {
    (verbsByName[name] ?? verbsByName[name.lowercased()]).map { verbs[$0] }
  }

  /// The format that a path's ending names for writing, packed where a further ending says so. What is no text packs
  /// itself.
  package func output(forPath path: String) -> OutputFormat? {
    var endings =
      path.split(separator: "/").last?.split(separator: ".").dropFirst().map { $0.lowercased() } ?? []
    let packing = self.packing(forPath: path)
    if packing != nil { endings.removeLast() }
    guard let ending = endings.last, let format = outputs.first(where: { $0.extensions.contains(ending) })
    else { return nil }
    guard let packing else { return format }
    return format.isBinary ? nil : format.packed(packing)
  }

  /// The packing that a path's last ending names.
  package func packing(forPath path: String) -> Packing? {
    let ending = path.split(separator: "/").last?.split(separator: ".").dropFirst().last?.lowercased()
    return packings.first { $0.ending == ending }
  }

  /// Whether a path's ending is that of tables and of nothing else: a text may hold a script.
  package func isData(_ path: String) -> Bool {
    var endings =
      path.split(separator: "/").last?.split(separator: ".").dropFirst().map { $0.lowercased() } ?? []
    if packing(forPath: path) != nil { endings.removeLast() }
    guard let ending = endings.last, ending != "txt" else { return false }
    return inputs.contains { $0.extensions.contains(ending) }
  }

  /// Names that a person may call: everything but the operators.
  package var callableNames: [String] {
    functions.filter { $0.category != .operators }.flatMap { [$0.name] + $0.aliases }
  }
}
