import Columns
import Diagnostics
import Execution
import Language
import Planning

/// A statement that is no pipeline.
package struct StatementRow: Sendable {
  /// Its first word.
  package var name: String
  package var aliases: [String]
  package var summary: String
  /// The ways to write it, a line each.
  package var forms: [String]
  /// Words that people coming from elsewhere search for.
  package var searchWords: [String]
  /// True for words of the shell, which mean nothing in a saved script.
  package var isShellWord: Bool
  /// True for a statement that shows or does one thing: neither a stage nor a word can follow it unseen.
  package var standsAlone: Bool
  /// True for a statement to which what stands behind a comma means nothing: others take lists, words or pipelines.
  package var takesOne: Bool
  /// How many things may stand behind the word, one behind the other without a comma, where its own check does not look:
  /// what stood behind them would be passed over.
  package var parts: Int?
  /// True for the statement that takes the options of the formats that are read.
  package var takesOptions: Bool
  let check: @Sendable (Statement, ScriptChecker, SourceText) -> [Diagnostic]
  let run: @Sendable (Statement, Session, SourceText) throws -> Void

  init(
    _ name: String, aliases: [String] = [], _ summary: String, forms: [String], isShellWord: Bool = false,
    standsAlone: Bool = false, takesOne: Bool = false, parts: Int? = nil, takesOptions: Bool = false,
    searchWords: [String] = [],
    check: @escaping @Sendable (Statement, ScriptChecker, SourceText) -> [Diagnostic] = { _, _, _ in [] },
    run: @escaping @Sendable (Statement, Session, SourceText) throws -> Void
  ) {
    self.name = name
    self.aliases = aliases
    self.summary = summary
    self.forms = forms
    self.isShellWord = isShellWord
    self.standsAlone = standsAlone
    self.takesOne = takesOne
    self.parts = parts
    self.takesOptions = takesOptions
    self.searchWords = searchWords
    self.check = check
    self.run = run
  }
}

/// The table of statements.
package enum StatementTable {
  package static let rows: [StatementRow] = [
    .load, .let, .def, .param, .include, .assert, .say, .set, .tables, .describe, .help, .explain, .steps,
    .undo, .redo, .record, .save, .history, .attempt, .learn, .next, .back, .files, .why, .quit,
  ]

  /// The row of a statement's first word; a table of that name wins when stages follow.
  package static func row(for statement: Statement, _ environment: Environment) -> StatementRow? {
    guard !statement.continuesLast, let word = statement.head.word, !word.isQuoted else { return nil }
    let name = word.text.lowercased()
    guard let row = rows.first(where: { $0.name == name || $0.aliases.contains(name) }) else { return nil }
    // Looking a name up takes long where there are many.
    let mayBeTable =
      !statement.stages.isEmpty || statement.head.groups.isEmpty && !row.forms.contains(row.name)
    return mayBeTable && environment.table(word.text) != nil ? nil : row
  }
}

extension StatementRow {
  /// What stands behind a statement that takes no stages, and would be passed over.
  func strayStage(_ statement: Statement) -> Diagnostic? {
    guard standsAlone, let stage = statement.stages.first else { return nil }
    var help = "write \(forms.joined(separator: "  or  ")) alone"
    if name == "tables" { help += "; the rows of one: encounters | filter …" }
    if name == "say" { help = "a pipeline stands in brackets: say (encounters | aggregate count())" }
    if name == "load", case .text(let path)? = statement.head.groups.first?.items.first?.value.kind {
      let table = Self.alias(statement.head.groups)?.text ?? Self.tableName(path)
      help = "write the stages in a line of their own: \(table) | …; or of the file at once: \"\(path)\" | …"
    }
    return Diagnostic(
      "stray-stage", "`\(name)` is no table, and no stage can follow it", at: stage.range, help: [help])
  }

  /// A second thing behind a statement that takes one, which would be passed over: `let a = 1, b = 2`.
  func straySecond(_ statement: Statement) -> Diagnostic? {
    guard takesOne, let items = statement.head.groups.first?.items, items.count > 1 else { return nil }
    let (first, second) = (items[0], items[1])
    func spelled(_ item: Item) -> String {
      (item.names.first.map { "\($0.text) = " } ?? "") + ExpressionText.of(item.value)
    }
    var help = "write a line for each: \(name) \(spelled(first)), then \(name) \(spelled(second))"
    if second.names.isEmpty, ["let", "param", "def"].contains(name) {
      help =
        "several values stand in brackets: \(name) … = [\(ExpressionText.of(first.value)), \(ExpressionText.of(second.value))]"
    }
    if name == "assert", second.value.isText {
      help = "the message stands without a comma: assert \(spelled(first)) \(spelled(second))"
    } else if name == "assert" {
      help = "write \(spelled(first)) and \(spelled(second)), or a line for each"
    }
    return Diagnostic(
      "one-item", "`\(name)` takes one thing at a time, and this is a second", at: second.range, help: [help])
  }

  /// What stands behind all that a statement takes, and would be passed over: `include "x.rounds" with since = …`.
  func strayPart(_ statement: Statement) -> Diagnostic? {
    guard let parts, statement.head.groups.count > parts, statement.stages.isEmpty else { return nil }
    // `def twice x = 2 * x` gives no name: that is told.
    if ["def", "param"].contains(name), statement.head.groups[0].items.first?.names.isEmpty ?? true {
      return nil
    }
    let group = statement.head.groups[parts]
    var help = "write \(forms.joined(separator: "  or  "))"
    if group.written.hasPrefix("-") {
      help = "for a subtraction put a blank on both sides of `-`, or on neither"
    }
    if name == "include" {
      help =
        "nothing stands behind the file's name; its parameters are set where the run begins: rounds run this.rounds --set name=value"
    }
    return Diagnostic(
      "unexpected", "`\(name)` does not expect `\(group.written)` here", at: group.range, help: [help])
  }

  /// The name behind `as`.
  fileprivate static func alias(_ groups: [Group]) -> Name? {
    guard let index = groups.firstIndex(where: { $0.bareWord?.text.lowercased() == "as" }),
      index + 1 < groups.count
    else { return nil }
    return name(groups[index + 1])
  }

  private static func name(_ group: Group) -> Name? {
    group.bareWord
      ?? group.items.first.flatMap { item in
        if case .name(let name) = item.value.kind { name } else { nil }
      }
  }

  /// The path behind the first word.
  private static func path(
    _ statement: Statement, _ environment: Environment, _ faults: inout [Diagnostic]
  ) -> WrittenPath {
    environment.path(statement.head.groups.first?.items.first?.value, &faults)
  }

  private static func pathRange(_ statement: Statement) -> SourceRange {
    statement.head.groups.first?.items.first?.range ?? statement.range
  }

  static let load = StatementRow(
    "load", "reads a file into a table now, every column; its path is from the folder the program runs in",
    forms: [
      "load \"file.csv\" [as name] [with option = value, …]", "load f\"visits-{month}.csv\" as visits",
    ], standsAlone: true, takesOne: true, takesOptions: true,
    searchWords: [
      "read file", "open", "import", "csv", "excel", "spreadsheet", "read_csv", "arrow", "options",
    ],
    check: { statement, checker, _ in
      var faults = strayWords(statement)
      let written = path(statement, checker.environment, &faults)
      let range = pathRange(statement)
      let options = loadOptions(statement, checker.environment, &faults)
      let given = alias(statement.head.groups)?.text
      guard case .text(let path) = written else {
        if written == .none {
          return [
            Diagnostic(
              "file-wanted", "`load` wants a file name in quotes", at: statement.range,
              help: [
                "such as load \"encounters.csv\", or with a value in it: load f\"visits-{month}.csv\" as visits"
              ])
          ]
        }
        if let given { checker.environment.bindings[given] = .unknownTable }
        return faults
      }
      let name = given ?? tableName(path)
      do {
        let source = try checker.environment.open(path, options)
        checker.environment.bindings[name] = .table(
          PromisedSource(source.schema, name: name, loaded: source))
      } catch is LaterFile {
        checker.environment.bindings[name] = .unknownTable
      } catch {
        faults.append(Faults.diagnostic(error, at: range))
        // That it is not there has been told: what follows from it is not.
        if checker.environment.table(name) == nil { checker.environment.bindings[name] = .unknownTable }
      }
      return faults
    },
    run: { statement, session, _ in
      var faults: [Diagnostic] = []
      let environment = session.environment(runs: true)
      let written = path(statement, environment, &faults)
      guard case .text(let path) = written else { throw DiagnosticList(faults) }
      let options = loadOptions(statement, environment, &faults)
      let given = alias(statement.head.groups)?.text
      try session.load(
        path, as: given ?? tableName(path), isNameGiven: given != nil, options: options, at: statement.range)
    })

  /// What is neither the file nor behind `as` or `with`.
  private static func strayWords(_ statement: Statement) -> [Diagnostic] {
    var groups = statement.head.groups.dropFirst()
    while let group = groups.popFirst() {
      switch group.bareWord?.text.lowercased() {
      case "as":
        let name = groups.popFirst()
        if let name, Self.name(name) == nil {
          let text = name.items.first.map { ExpressionText.of($0.value) } ?? ""
          return [
            Diagnostic(
              "name-wanted", "`as` wants the name of the table, not \(text)", at: name.range,
              help: [
                text.contains(where: { $0.isLetter || $0.isNumber })
                  ? "write it without quotes: as \(tableName(text.filter { $0 != "\"" }))"
                  : "such as load \"x.csv\" as visits"
              ])
          ]
        }
      case "with": return []
      default:
        let text = group.items.first.map { ExpressionText.of($0.value) } ?? ""
        return [
          Diagnostic(
            "unexpected", "`load` does not expect `\(text)` here",
            at: group.range, help: ["write load \"file.csv\" [as name] [with option = value, …]"])
        ]
      }
    }
    return []
  }

  private static func loadOptions(
    _ statement: Statement, _ environment: Environment, _ faults: inout [Diagnostic]
  ) -> [Option] {
    let groups = statement.head.groups
    guard let index = groups.firstIndex(where: { $0.bareWord?.text.lowercased() == "with" }) else {
      return []
    }
    return groups[(index + 1)...].flatMap { OptionReading.options($0.items, environment, &faults) }
  }

  /// The base name of a path, other characters as `_`.
  static func tableName(_ path: String) -> String {
    var base = Paths.lastPart(path)
    if let dot = base.firstIndex(of: "."), dot > base.startIndex { base = String(base[..<dot]) }
    if base.contains(where: { "*?[".contains($0) }) || base == "-" { base = base == "-" ? "stdin" : "files" }
    var name = String(base.map { $0.isLetter || $0.isNumber || $0 == "_" ? $0 : "_" })
    if name.first?.isNumber ?? true { name = "t_" + name }
    return name
  }

  static let `let` = StatementRow(
    "let", "names a table (computed once) or a value",
    forms: ["let name = pipeline", "let name = expression"], takesOne: true,
    check: { statement, checker, _ in
      guard let item = statement.head.groups.first?.items.first, let name = item.names.first,
        item.parameters == nil
      else { return [nameWanted(statement, "let")] }
      if statement.makesTable(item, checker.environment) {
        let saved = checker.environment.last
        let (plan, faults) = checker.checkPipeline(statement.pipeline(from: item))
        checker.environment.last = saved
        if let plan {
          checker.environment.bindings[name.text] = .table(
            PromisedSource(plan.schema, name: name.text, remarks: plan.textRemarks))
        } else {
          // Unknown columns must not be reported again and again behind a table that could not be read.
          checker.environment.bindings[name.text] = .unknownTable
        }
        return faults
      }
      let (value, faults) = checker.checkValue(item.value)
      var type = value?.type ?? .missing
      var constant = value?.isUnknown == true ? nil : value?.constant
      var all = faults
      if faults.isEmpty {
        do {
          let known = try checker.session.typed(constant ?? .missing, type, item)
          (constant, type) = (constant == nil ? nil : known.value, known.type)
        } catch {
          all.append(Faults.diagnostic(error, at: item.range))
          (constant, type) = (nil, item.type.flatMap { DataType.named($0.text) } ?? type)
        }
      }
      checker.environment.bindings[name.text] = constant.map { .value($0, type) } ?? .unknown(type)
      return all
    },
    run: { statement, session, source in
      guard let item = statement.head.groups.first?.items.first, let name = item.names.first else { return }
      session.remember("let \(name.text)")
      tellReplaced(name, by: "let", session)
      // No copy of the names is held while one is added to them, or all would be copied each time.
      if statement.makesTable(item, session.environment(runs: true)) {
        let result = try session.query(statement.pipeline(from: item), session.environment(runs: true))
        let table = result.source(name: name.text)
        session.bindings[name.text] = .table(table)
        let (rows, columns) = (table.knownRowCount ?? 0, table.schema.count)
        let total = table.withTotal == nil ? "" : ", and their total"
        session.tell(
          .message("\(name.text): \(counted(rows, "row")) × \(counted(columns, "column"))\(total)"))
        session.tellNotes(result.notes)
      } else {
        let (found, foundType) = try session.value(
          of: item.value, session.environment(runs: true), for: "let \(name.text)")
        let (value, type) = try session.typed(found, foundType, item)
        session.bindings[name.text] = .value(value, type)
      }
    })

  /// A name is one thing at a time.
  private static func tellReplaced(_ name: Name, by word: String, _ session: Session) {
    guard let old = session.bindings[name.text], old.isMeasure != (word == "def") else { return }
    session.tell(
      .message(
        old.isMeasure
          ? "`\(name.text)` is no measure any more: the name now belongs to this \(word)"
          : "`\(name.text)` is a measure from here on, and no longer what it was"))
  }

  private static func nameWanted(_ statement: Statement, _ word: String) -> Diagnostic {
    if word == "def",
      statement.head.groups.contains(where: { group in
        group.items.contains { item in
          var head = item.value
          if case .binary(.equal, let left, _) = head.kind { head = left }
          guard item.names.isEmpty, case .call(_, let arguments) = head.kind else { return false }
          return arguments.contains { argument in
            if case .binary(.equal, _, _) = argument.value.kind { return true }
            return argument.name != nil
          }
        }
      })
    {
      return Diagnostic(
        "def-default", "the parameters of a `def` have no values of their own", at: statement.range,
        help: ["give them where it is used: def over(x, lim) = percent(x > lim), then over(los_hours, 4)"])
    }
    if word == "def", !statement.stages.isEmpty {
      return Diagnostic(
        "def-pipeline", "`def` names a calculation on columns, not a pipeline", at: statement.range,
        help: [
          "stages are kept as a table: let late = encounters | filter los_hours > 3",
          "a condition can be a def: def is_late(hours) = hours > 3, then encounters | filter is_late(los_hours)",
        ])
    }
    let example =
      switch word {
      case "def": "def rate(n, d) = n / d"
      case "param": "param since = 2025-01-01 \"the first day\""
      default: "let adults = encounters | filter age >= 18"
      }
    return Diagnostic(
      "name-wanted", "`\(word)` wants name = …", at: statement.range, help: ["such as \(example)"])
  }

  static let def = StatementRow(
    "def", "defines a measure once, for use by name", forms: ["def name(x, y) = expression"], takesOne: true,
    parts: 1,
    check: { statement, checker, source in
      guard let item = statement.head.groups.first?.items.first, let name = item.names.first,
        statement.stages.isEmpty
      else { return [nameWanted(statement, "def")] }
      let definition = Definition(
        name: name, parameters: item.parameters ?? [], body: item.value, source: source)
      let faults = MeasureCheck.faults(definition, checker.environment)
      // What is wrong with it has been told, and is not told again where it is used.
      var known = definition
      if !faults.isEmpty { known.body = Expression(.invalid, at: item.value.range) }
      checker.environment.bindings[name.text] = .definition(known)
      return faults
    },
    run: { statement, session, source in
      guard let item = statement.head.groups.first?.items.first, let name = item.names.first else { return }
      session.remember("def \(name.text)")
      tellReplaced(name, by: "def", session)
      if session.bindings[name.text] == nil, let function = session.catalogue.function(name.text),
        function.category != .operators
      {
        session.tell(
          .message("`\(name.text)` is this measure from here on, and no longer the built-in function"))
      }
      session.bindings[name.text] = .definition(
        Definition(name: name, parameters: item.parameters ?? [], body: item.value, source: source))
    })

  static let param = StatementRow(
    "param", "declares a parameter with its default, set with --set name=value",
    forms: ["param name [: type] = default [\"help\"]", "param name: type [\"help\"]"], takesOne: true,
    parts: 2,
    check: { statement, checker, _ in
      guard let item = statement.head.groups.first?.items.first, let name = item.names.first else {
        return [nameWanted(statement, "param")]
      }
      let (value, faults) = item.isRequired ? (nil, []) : checker.checkValue(item.value)
      if !faults.isEmpty { return faults }
      do {
        let parameter = try checker.session.parameter(statement, item, name, value?.constant, value?.type)
        // A check needs no value: only the run does.
        if parameter.isRequired, checker.session.options.parameters[parameter.name] == nil {
          checker.environment.bindings[name.text] = .unknown(parameter.type)
          return []
        }
        let set = try checker.session.parameterValue(parameter, at: name.range)
        // Whoever looks closer must not take the default for the only value.
        checker.environment.bindings[name.text] =
          checker.onSeen == nil ? .value(set.value, set.type) : .unknown(set.type)
      } catch {
        let declared = item.type.flatMap { DataType.named($0.text) }
        checker.environment.bindings[name.text] = .unknown(declared ?? value?.type ?? .missing)
        return [Faults.diagnostic(error, at: item.range)]
      }
      return []
    },
    run: { statement, session, _ in
      guard let item = statement.head.groups.first?.items.first, let name = item.names.first else { return }
      let value =
        item.isRequired
        ? nil : try session.value(of: item.value, session.environment(runs: true), for: "param \(name.text)")
      let parameter = try session.parameter(statement, item, name, value?.0, value?.1)
      session.parameters.removeAll { $0.name == parameter.name }
      session.parameters.append(parameter)
      let set = try session.parameterValue(parameter, at: name.range)
      session.bindings[name.text] = .value(set.value, set.type)
    })

  static let include = StatementRow(
    "include", "runs the statements of another file here; its path is from the folder of this script",
    forms: ["include \"other.rounds\""], standsAlone: true, takesOne: true, parts: 1,
    check: { statement, checker, source in
      var faults: [Diagnostic] = []
      let written = path(statement, checker.environment, &faults)
      let range = pathRange(statement)
      guard case .text(let path) = written else {
        if written == .later { return faults }
        return [Diagnostic("file-wanted", "`include` wants a file name in quotes", at: statement.range)]
      }
      let file = checker.session.path(path, relativeTo: source)
      if checker.includes.contains(file) {
        return [Diagnostic("include-circle", "this file includes itself", at: range)]
      }
      do {
        let other = try checker.session.script(file)
        let script = Parser.parse(other)
        checker.includes.append(file)
        defer { checker.includes.removeLast() }
        var faults = script.diagnostics.map { $0.located(in: other) }
        for inner in script.statements {
          faults += checker.check(inner, in: other).map { $0.located(in: other) }
        }
        return faults
      } catch {
        return [Faults.diagnostic(error, at: range)]
      }
    },
    run: { statement, session, source in
      var faults: [Diagnostic] = []
      let written = path(statement, session.environment(runs: true), &faults)
      guard case .text(let path) = written else { throw DiagnosticList(faults) }
      let file = session.path(path, relativeTo: source)
      let other = try session.script(file)
      session.opening.note(file)
      session.includes.append(file)
      defer { session.includes.removeLast() }
      for inner in Parser.parse(other).statements where !session.wantsToLeave {
        do {
          try session.run(inner, in: other)
        } catch let stop as AssertionFailure {
          throw AssertionFailure(diagnostic: stop.diagnostic.located(in: other))
        } catch let diagnostic as Diagnostic {
          throw diagnostic.located(in: other)
        }
      }
    })

  static let assert = StatementRow(
    "assert", "stops with exit code 3 unless a condition is true", forms: ["assert condition [\"message\"]"],
    takesOne: true, parts: 2,
    check: { statement, checker, _ in
      guard let item = statement.head.groups.first?.items.first else {
        return [
          Diagnostic(
            "incomplete", "`assert` needs a condition", at: statement.range,
            help: ["such as assert (encounters | aggregate n = count()) > 0 \"no rows\""])
        ]
      }
      let message = statement.head.groups.dropFirst().first?.items.first?.value
      return item.conditionFaults + checker.checkValue(item.condition ?? item.value, condition: true).faults
        + (message.map { checker.checkValue($0).faults } ?? [])
    },
    run: { statement, session, _ in
      guard let item = statement.head.groups.first?.items.first else { return }
      let expression = item.condition ?? item.value
      let (value, _) = try session.value(of: expression, session.environment(runs: true), for: "assert")
      if value == .bool(true) { return }
      let second = statement.head.groups.dropFirst().first?.items.first?.value
      let said = try second.map {
        try session.value(of: $0, session.environment(runs: true), for: "assert").0
      }
      let message = said.map { ValueText.plain($0) }
      throw AssertionFailure(
        diagnostic: Diagnostic(
          "assert",
          message
            ?? "the assertion does not hold: \(ExpressionText.of(expression)) is \(value.isMissing ? "missing" : "false")",
          at: statement.range, help: sides(of: expression, session)))
    })

  /// What the two sides of a comparison came to, for one that does not hold.
  private static func sides(of expression: Expression, _ session: Session) -> [String] {
    guard case .binary(let sign, let left, let right) = expression.kind, sign.isComparison else { return [] }
    return [left, right].filter { !$0.isLiteral }.compactMap { side in
      guard let (value, _) = try? session.value(of: side, session.environment(runs: true), for: nil) else {
        return nil
      }
      let name = if case .pipeline = side.kind { "what stands in brackets" } else { ExpressionText.of(side) }
      return "\(name) is \(value.isMissing ? "missing" : ValueText.plain(value))"
    }
  }

  static let say = StatementRow(
    "say", "prints a text; f\"…{expression}…\" puts values into it",
    forms: ["say \"text\"", "say f\"n is {n:,}\""], standsAlone: true,
    check: { statement, checker, _ in
      let items = statement.head.groups.flatMap(\.items)
      var faults = items.flatMap { checker.checkValue($0.value).faults }
      // `say hello world`
      if let help = faults.first?.help.first, !help.hasPrefix("write "),
        items.allSatisfy({
          if case .name = $0.value.kind { true } else { false }
        })
      {
        let text = items.map { ExpressionText.of($0.value) }.joined(separator: " ")
        let quoted = "a text stands in quotes: say \"\(text)\""
        // One word may be a name that is misspelt.
        if items.count == 1 { faults[0].help.append(quoted) } else { faults = [faults[0]] }
        if items.count > 1 { (faults[0].help, faults[0].fix) = ([quoted], nil) }
      }
      return faults
    },
    run: { statement, session, _ in
      let environment = session.environment(runs: true)
      let texts = try statement.head.groups.flatMap(\.items).map { item in
        let value = try session.value(of: item.value, environment, for: "say").0
        return value.isMissing ? "missing" : ValueText.plain(value)
      }
      session.tell(.text(texts.joined(separator: " ")))
    })

  static let set = StatementRow(
    "set", "changes a setting; alone lists all", forms: ["set", "set name = value"], standsAlone: true,
    check: { statement, checker, _ in
      let groups = statement.head.groups
      for item in groups.flatMap(\.items) {
        do {
          let value =
            groups.count == 2 && groups[0].items.first?.range == item.range ? groups[1].written : nil
          _ = try checker.session.settingValue(item, written: value, checker.environment)
        } catch {
          // Of `set rows 50` both words are wrong, for one reason.
          return [Faults.diagnostic(error, at: item.range)]
        }
      }
      return []
    },
    run: { statement, session, _ in
      let items = statement.head.groups.flatMap(\.items)
      if items.isEmpty {
        session.tell(.table(session.settingsTable, notes: [], hasTotals: false, rows: nil))
        return
      }
      session.remember("set " + items.compactMap { $0.names.first?.text }.joined(separator: ", "))
      for item in items {
        let (name, value) = try session.settingValue(item)
        session.settings[name] = value
      }
    })
}

/// Checks a measure when it is defined: its own names and functions.
enum MeasureCheck {
  static func faults(_ definition: Definition, _ environment: Environment) -> [Diagnostic] {
    var faults: [Diagnostic] = []
    let parameters = Set(definition.parameters.map(\.text))
    forEachOwnPart(definition.body) { expression in
      switch expression.kind {
      case .name(let name) where !parameters.contains(name.text) && environment.binding(name.text) == nil:
        let words = environment.catalogue.functions.contains { function in
          function.signatures.contains { signature in
            signature.parameters.contains {
              if case .word(let words) = $0.type { words.contains(name.text) } else { false }
            }
          }
        }
        if !words {
          faults.append(
            Diagnostic(
              "measure-name", "a measure sees its parameters and named values, not the column `\(name.text)`",
              at: name.range,
              help: [
                "make it a parameter: def \(definition.name.text)(\((definition.parameters.map(\.text) + [name.text]).joined(separator: ", "))) = …"
              ]))
        }
      case .call(let name, _):
        let isMeasure = if case .definition? = environment.binding(name.text)?.binding { true } else { false }
        if name.text == definition.name.text {
          faults.append(Diagnostic("recursion", "`\(name.text)` uses itself", at: name.range))
        } else if environment.catalogue.function(name.text) == nil, !isMeasure {
          faults.append(
            CheckMessages.unknownFunction(
              name.text, at: name.range, known: environment.catalogue.callableNames))
        }
      default: break
      }
    }
    return faults.isEmpty ? typeFault(definition, environment).map { [$0] } ?? [] : faults
  }

  /// What a parameter may be.
  private static let types: [DataType] = [
    .float, .int, .text, .bool, .date, .datetime, .duration, .list(.int), .list(.text),
  ]
  /// More parameters have too many types together: only what holds without them is looked at.
  private static let mostParameters = 2
  /// Faults that come of types, and of functions that stand where they cannot.
  private static let typeCodes: Set<String> = [
    "operand-types", "argument-type", "argument-types", "nested-aggregate",
  ]

  /// What is wrong with a measure whatever its parameters are: `upper(x) + 1`. Nil where some types fit.
  private static func typeFault(_ definition: Definition, _ environment: Environment) -> Diagnostic? {
    // What a record or a list of records holds nobody knows here.
    let looksInside = definition.body.contains { part in
      switch part.kind {
      case .index, .field, .pipeline: true
      // Measures that are made of measures are spelled out each time: they are checked where they are used.
      case .call(let called, _): environment.binding(called.text) != nil
      default: false
      }
    }
    if looksInside { return nil }
    func fault(_ chosen: [DataType]) -> Diagnostic? {
      var known = environment
      for (parameter, type) in zip(definition.parameters, chosen) {
        known.bindings[parameter.text] = .unknown(type)
      }
      var checker = ExpressionChecker(environment: known, scope: Scope(), mode: .broadcast)
      _ = checker.check(definition.body)
      // Units of time are words, which no value is.
      return checker.diagnostics.first {
        typeCodes.contains($0.code) && !$0.message.contains("one of ")
      }
    }
    let count = definition.parameters.count
    if count > mostParameters { return nil }
    // The one that comes furthest: with other types the parts of what it is about are right.
    var outermost: Diagnostic?
    func length(_ fault: Diagnostic?) -> Int { fault?.range.map { $0.upper - $0.lower } ?? -1 }
    for number in 0..<(0..<count).reduce(1, { all, _ in all * types.count }) {
      var rest = number
      let chosen = (0..<count).map { _ in
        defer { rest /= types.count }
        return types[rest % types.count]
      }
      guard let found = fault(chosen) else { return nil }
      if length(found) > length(outermost) { outermost = found }
    }
    return outermost
  }

  /// The parts of a measure in which a name is its own: in a pipeline names are the columns of a table, in the brackets
  /// of a list fields.
  private static func forEachOwnPart(_ body: Expression, _ visit: (Expression) -> Void) {
    var rest = [body]
    while let next = rest.popLast() {
      visit(next)
      let end = rest.count
      switch next.kind {
      case .pipeline: break
      case .index(let base, let index) where index.isWrittenCondition: rest.append(base)
      default: next.forEachChild { rest.append($0) }
      }
      rest[end...].reverse()
    }
  }
}
