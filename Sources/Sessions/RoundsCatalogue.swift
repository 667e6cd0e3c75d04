import Columns
import Formats
import Language
import Planning
import Presentation
import Vocabulary

extension Catalogue {
  /// Everything that this build of Rounds knows.
  package static let rounds = Catalogue(
    functions: FunctionTable.all, verbs: VerbTable.verbs, chartKinds: ChartTable.kinds,
    inputs: FormatTable.inputs,
    outputs: FormatTable.outputs + PresentationTable.outputs, packings: FormatTable.packings,
    settings: SettingTable.settings)

  /// What the formatter must know of names: aliases and calls with a shorter spelling.
  package var formatRules: FormatRules {
    var rules = FormatRules(verbAliases: ["order by": "sort"])
    for verb in verbs { for alias in verb.aliases { rules.verbAliases[alias] = verb.name } }
    for function in functions where function.category != .operators {
      for alias in function.aliases { rules.functionAliases[alias] = function.name }
    }
    rules.callRewrites = [
      "coalesce": .infix(.otherwise), "matches": .pair(.matches),
      "count_if": .named(function: "count", argument: "where"),
    ]
    for name in rules.callRewrites.keys { rules.functionAliases[name] = nil }
    rules.unclearWithMinus = ForeignHabits.unclearWithMinus
    rules.conditions = ["filter": [""], "assert": [""], "join": ["on"]]
    return rules
  }
}

/// The settings of `set`.
package enum SettingTable {
  package static let settings: [Setting] = [
    Setting(
      "notes", "how much results say of themselves", takes: "off, brief or full", default: .text("full")),
    Setting("rows", "how many rows a result shows on a terminal", takes: "a whole number", default: .int(20)),
    Setting(
      "width", "columns of the screen, 0 for what the terminal has", takes: "a whole number", default: .int(0)
    ),
    Setting("ascii", "draw with plain ASCII", takes: "on or off", default: .bool(false)),
    Setting("theme", "colours for a dark or a light screen", takes: "dark or light", default: .text("dark")),
    Setting("today", "the day that today() and now() give", takes: "a date", default: .missing),
    Setting("steps", "show what every stage does to the rows", takes: "on or off", default: .bool(false)),
    Setting("timing", "say how long a statement took", takes: "on or off", default: .bool(false)),
    Setting("optimizer", "let the optimiser rearrange stages", takes: "on or off", default: .bool(true)),
    Setting("suggestions", "offer a grey suggestion while typing", takes: "on or off", default: .bool(true)),
    Setting(
      "preview", "show the first rows below the prompt while typing", takes: "on or off",
      default: .bool(false)),
  ]
}
