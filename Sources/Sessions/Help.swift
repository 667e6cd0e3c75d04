import Columns
import Diagnostics
import Hospital
import Language
import Planning
import Presentation

/// Help, written from the tables alone.
package enum Help {
  /// The examples of a topic in the order of their numbers: what `try` runs.
  static func examples(_ topic: String, _ catalogue: Catalogue) -> [String] {
    let verb = catalogue.verb(topic.lowercased())?.examples ?? []
    let function = catalogue.function(topic)?.examples ?? []
    let kind = chartKind(topic.lowercased(), catalogue).map { [$0.pipeline] } ?? []
    return (verb + function).map(\.input) + kind
  }

  /// The kind of chart that is asked for: `histogram` or `chart histogram`.
  private static func chartKind(_ key: String, _ catalogue: Catalogue) -> ChartKindRow? {
    catalogue.chartKinds.first { key == $0.name || key == "chart \($0.name)" }
  }

  /// - Parameter tables: what is loaded, found by the names of tables and columns.
  package static func text(_ topic: String, _ catalogue: Catalogue, tables: [HelpTable] = []) -> String {
    let topic = otherTopics[topic.lowercased()] ?? topic
    let key = topic.lowercased()
    // Without the built-in hospital its tables are not there to be asked.
    let hasHospital = tables.contains { $0.name == "encounters" }
    if topic.isEmpty { return overview(catalogue, hasHospital: hasHospital) }
    switch key {
    case "verbs": return list("Verbs", catalogue.verbs.map { ($0.name, $0.summary) })
    case "functions": return functions(catalogue)
    case "statements":
      return list("Statements", StatementTable.rows.map { ($0.name, $0.summary) })
    case "settings", "set":
      return list(
        "Settings: set name = value", catalogue.settings.map { ($0.name, "\($0.summary) (\($0.takes))") })
    case "formats":
      return list("Formats that are read", catalogue.inputs.map { ($0.name, $0.summary) }) + "\n\n"
        + list("Formats that are written", catalogue.outputs.map { ($0.name, $0.summary) })
        + "\n\n" + packings(catalogue)
    case "charts":
      return list("Kinds of chart", catalogue.chartKinds.map { ($0.name, "\($0.summary); \($0.example)") })
    case "hospital": return hospital(isLoaded: hasHospital)
    case "keys": return "The keys are those of the shell: `rounds`, then `help keys`."
    case "notes", "note", "marks", "legend": return notes
    case "tutorial", "lessons": return Tutorial.overview
    case "operators":
      return list(
        "Operators", catalogue.functions.filter { $0.category == .operators }.map { ($0.name, $0.summary) })
    default: break
    }
    if let lesson = Tutorial.lesson(key) { return lesson.terminal }
    var parts: [String] = []
    if let verb = catalogue.verb(key) { parts.append(self.verb(verb)) }
    if let row = StatementTable.rows.first(where: { $0.name == key || $0.aliases.contains(key) }) {
      if parts.isEmpty { parts.append(statement(row, catalogue)) }
    }
    if let function = catalogue.function(topic) {
      parts.append(self.function(function, firstExample: (catalogue.verb(key)?.examples.count ?? 0) + 1))
    }
    if let kind = chartKind(key, catalogue) {
      parts.append(HelpEntry(kind).terminal(firstExample: examples(topic, catalogue).count))
    }
    if let setting = catalogue.settings.first(where: { $0.name == key }), parts.isEmpty {
      parts.append(HelpEntry(setting).terminal)
    }
    if let table = tables.first(where: { $0.name.lowercased() == key }) { parts.append(table.terminal) }
    if !parts.isEmpty { return parts.joined(separator: "\n\n") }
    return HelpSearch(topic, catalogue, tables).text
  }

  /// What is said of packed files.
  static func packings(_ catalogue: Catalogue) -> String {
    let endings = catalogue.packings.map { ".\($0.ending) (\($0.name))" }.joined(separator: " or ")
    return
      "Behind the ending of a text stands \(endings) where it is packed: save \"out.csv.gz\"; read and written."
  }

  private static func overview(_ catalogue: Catalogue, hasHospital: Bool) -> String {
    """
    A line is read from left to right, each stage a table in and a table out:

      encounters | filter age >= 65 | aggregate n = count(), typical = median(los_hours) by department | chart bar typical
    \(hasHospital ? "" : "\n\(notLoaded)\n")
    Statements   \(StatementTable.rows.map(\.name).joined(separator: " "))
    Verbs        \(catalogue.verbs.map(\.name).joined(separator: " "))

    \(list("What to type", places))
    """
  }

  private static let places = [
    ("tables, files", "what is loaded, and what can be read here"),
    ("describe encounters", "what its columns hold"),
    ("help filter", "a verb; help median a function; help \"how do I …\" a search"),
    ("help functions", "all of them; so help charts, help operators, help settings"),
    ("help hospital", "the built-in tables"),
    ("help notes", "the marks in front of what is noted below a result"),
    ("help tutorial", "twelve short lessons; learn goes through them step by step"),
    ("help keys", "what the keys do"),
    ("try 1", "an example of the last help"),
    ("why", "the last error at length"),
    ("history | take -10", "what was typed last"),
    ("record \"visit.md\"", "a transcript that can be verified"),
    ("save script \"x.rounds\"", "what worked, as a script"),
    ("quit", "leaves; so does Ctrl-D. Ctrl-C stops what runs and never leaves"),
  ]

  private static func list(_ title: String, _ rows: [(String, String)]) -> String {
    let width = min(24, rows.map { $0.0.count }.max() ?? 0)
    let lines = rows.map { name, summary in
      // A longer name has its line to itself, so that the summaries stand below each other.
      name.count > width
        ? "  \(name)\n\(String(repeating: " ", count: width + 4))\(summary)"
        : "  " + name + String(repeating: " ", count: width + 2 - name.count) + summary
    }
    return ([title] + lines).joined(separator: "\n")
  }

  private static func functions(_ catalogue: Catalogue) -> String {
    Function.Category.allCases.filter { $0 != .operators }.compactMap { category in
      let rows = catalogue.functions.filter { $0.category == category }
      if rows.isEmpty { return nil }
      return list(category.rawValue, rows.map { ($0.usage.first ?? $0.name, $0.summary) })
    }.joined(separator: "\n\n")
  }

  package static func verb(_ verb: Verb) -> String { HelpEntry(verb).terminal }

  private static func statement(_ row: StatementRow, _ catalogue: Catalogue) -> String {
    HelpEntry(row, catalogue).terminal
  }

  /// - Parameter firstExample: the number of the first example, for `try`.
  package static func function(_ function: Function, firstExample: Int = 1) -> String {
    HelpEntry(function).terminal(firstExample: firstExample)
  }

  /// The legend of the marks that stand below a result and in its cells.
  private static var notes: String {
    list(
      "Notes stand below a result and say what its numbers leave out",
      Note.Kind.allCases.map { kind in
        let mark = NoteLines.mark(kind, ascii: false)
        let plain = NoteLines.mark(kind, ascii: true)
        return (plain == mark ? mark : "\(mark)  (\(plain))", kind.meaning)
      } + [("·  (.)", "in a cell: the value is missing")])
      + "\n\nIn brackets the mark as `set ascii = on` writes it. `set notes = brief` shows five, a line each, `off` leaves them out."
  }

  private static let notLoaded =
    "The table `encounters` of the examples is not loaded: it belongs to the built-in hospital, which `rounds demo` starts with. Tables of your own: load \"file.csv\"."

  private static func hospital(isLoaded: Bool) -> String {
    let tables = SyntheticHospital.summaries.map { summary in
      "\(summary.table): \(summary.summary)\n"
        + summary.columns.map { "    \($0.name): \($0.meaning)" }.joined(separator: "\n")
    }
    let head =
      "The built-in hospital is made up: no person in it exists."
      + (isLoaded ? "" : " `rounds demo` starts with these tables; here they are not loaded.")
    return head + "\n\n" + tables.joined(separator: "\n\n")
  }

  /// An error at length.
  static func why(_ diagnostic: Diagnostic) -> String {
    var lines = [DiagnosticRenderer(columns: 80).render(diagnostic), ""]
    switch diagnostic.code {
    case "unknown-column":
      lines.append(
        "A stage sees the columns of the stage before it. Names match without regard to case, blanks and punctuation; describe shows them."
      )
    case "outside-aggregate":
      lines.append(
        "aggregate makes one row of each group. A plain column has many values there, so one must be computed: mean(x), max(x), first(x), … or the column joins the keys behind by."
      )
    case "operand-types", "argument-type":
      lines.append(
        "Rounds converts nothing on its own, so that no value changes unseen. Conversions: int, float, text, bool, date, datetime, duration. What does not convert becomes missing and is counted in a note."
      )
    case "unknown-table":
      lines.append(
        "Tables are what load, let and the built-in hospital gave names to; `tables` lists them. A file can be used at once in quotes: \"file.csv\" | …"
      )
    default:
      lines.append(
        "The place is underlined above; the help lines say what to do. `help` and the name of the verb or function show how it is written."
      )
    }
    return lines.joined(separator: "\n")
  }
}

extension Note.Kind {
  /// What the mark of the kind says, for help.
  fileprivate var meaning: String {
    switch self {
    case .missing: "rows or values that are left out because something is missing"
    case .join: "rows of a join that found no partner, or several"
    case .converted: "values that could not be converted and became missing"
    case .division: "divisions by zero that became missing"
    case .tie: "rows that are cut off between equal values"
    case .input: "something about the file that was read"
    case .structural: "missing by the question itself: the first row has none before it"
    case .fact: "a denominator, a method or a choice worth knowing"
    case .hidden: "rows or columns that the screen does not show"
    }
  }
}
