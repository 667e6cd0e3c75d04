import Columns
import Diagnostics
import Execution
import Planning

/// What a statement gives back, for whoever shows it.
package enum Outcome: Sendable {
  /// A pipeline's result.
  case table(Table, notes: [Note], hasTotals: Bool, rows: Int?)
  /// What a stage made of the rows (`steps on`): a line, and the first rows of all but the last stage. For people;
  /// programs get the result alone.
  case step(String, Table?, notes: [Note], hasTotals: Bool)
  /// A chart of a table.
  case chart(ChartSpecification, Table)
  /// Notes that belong to no table that is shown (what a file had to be forgiven for).
  case notes([Note])
  /// Text that a person asked for (`say`, `help`).
  case text(String)
  /// Something that happened (`loaded …`, `saved …`): told to people, not to programs.
  case message(String)
}

/// How a run ended.
package enum ExitStatus: Int32, Sendable {
  case done = 0
  case failed = 1
  case usage = 2
  case assertion = 3
  case interrupted = 130
}

/// A parameter of a script: `param name [: type] = default ["help"]`.
package struct ScriptParameter: Sendable {
  package var name: String
  /// The type that is written or that the default has.
  package var type: DataType
  package var defaultValue: Value
  /// Whether there is no default: a run needs a value.
  package var isRequired = false
  /// What the script says of it; nil where it says nothing.
  package var help: String?
}
