import Columns
import Diagnostics
import Execution
import Language
import Planning

/// Statements that look around rather than compute.
extension StatementRow {
  static let tables = StatementRow(
    "tables", "lists the tables, their rows and columns", forms: ["tables"], standsAlone: true,
    check: { statement, _, _ in
      guard let group = statement.head.groups.first else { return [] }
      return [
        Diagnostic(
          "unexpected", "`tables` lists all tables, and nothing stands behind it", at: group.range,
          help: ["for what a table holds: describe \(group.written)"])
      ]
    },
    run: { _, session, _ in
      let names = session.bindings.keys.sorted()
      var rows: [(String, any TableSource)] = []
      for name in names {
        if case .table(let source)? = session.bindings[name] { rows.append((name, source)) }
      }
      session.tell(
        .table(
          Table([
            ("table", Column(rows.map { .text($0.0) }, type: .text)),
            ("rows", Column(rows.map { $0.1.knownRowCount.map { .int(Int64($0)) } ?? .missing }, type: .int)),
            ("columns", Column(rows.map { .int(Int64($0.1.schema.count)) }, type: .int)),
            ("names", Column(rows.map { .text($0.1.schema.names.joined(separator: ", ")) }, type: .text)),
          ]), notes: rows.isEmpty ? [Note(.fact, "no table is loaded; load one with load \"file.csv\"")] : [],
          hasTotals: false, rows: rows.count))
    })

  static let describe = StatementRow(
    "describe", "one row a column of a table: type, missing, range, shape", forms: ["describe table"],
    check: { statement, checker, _ in
      guard let pipeline = described(statement) else {
        return [
          Diagnostic(
            "incomplete", "`describe` names no table", at: statement.range,
            help: ["such as describe encounters"])
        ]
      }
      if let further = furtherTables(statement) { return [further] }
      return checker.checkPipeline(pipeline).faults
    },
    run: { statement, session, _ in
      guard let pipeline = described(statement) else { return }
      let result = try session.query(pipeline, session.environment(runs: true))
      session.tell(.table(result.table, notes: result.notes, hasTotals: false, rows: result.table.rowCount))
    })

  /// `describe a, b` and `describe a.x`: one table is described at a time, and a column as part of its table.
  private static func furtherTables(_ statement: Statement) -> Diagnostic? {
    guard let first = statement.head.groups.first else { return nil }
    if first.items.count > 1, case .name(let name) = first.items[0].value.kind {
      return Diagnostic(
        "one-table", "`describe` takes one table", at: first.range,
        help: ["describe \(name.text), then the next; or \(name.text) | select a, b | describe"])
    }
    guard statement.head.groups.count == 1, let word = first.bareWord?.text,
      let dot = word.firstIndex(of: ".")
    else { return nil }
    let (table, column) = (word[..<dot], word[word.index(after: dot)...])
    return Diagnostic(
      "one-table", "`describe` takes a table, and `\(word)` is a column of one", at: first.range,
      help: ["write \(table) | select \(column) | describe"])
  }

  /// `describe T | …` as `T | describe | …`.
  private static func described(_ statement: Statement) -> Pipeline? {
    guard let first = statement.head.groups.first, let word = statement.head.word else { return nil }
    let head = Stage(
      word: first.bareWord,
      groups: first.bareWord == nil ? statement.head.groups : Array(statement.head.groups.dropFirst()),
      range: first.range)
    return Pipeline(
      head: head,
      stages: [Stage(word: Name("describe", at: word.range), groups: [], range: word.range)]
        + statement.stages,
      range: statement.range)
  }

  static let help = StatementRow(
    "help", "tells of a verb, a function, or searches",
    forms: ["help", "help filter", "help median", "help \"how do I …\""], isShellWord: true,
    run: { statement, session, source in
      let range = SourceRange(
        statement.head.word?.range.upper ?? statement.range.lower,
        max(statement.range.upper, statement.range.lower))
      let topic = source[range].trimmingBlanks.trimmingQuotes
      session.examples = Help.examples(topic, session.catalogue)
      session.tell(.text(Help.text(topic, session.catalogue, tables: session.helpTables)))
    })

  static let attempt = StatementRow(
    "try", "runs an example of the last help", forms: ["try 1"], isShellWord: true,
    run: { statement, session, _ in
      var number = 1
      if let item = statement.head.groups.first?.items.first, case .int(let given) = item.value.kind {
        number = Int(clamping: given)
      }
      guard number >= 1, number <= session.examples.count else {
        throw Diagnostic(
          "example",
          session.examples.isEmpty
            ? "the last help showed no example"
            : "the last help showed \(counted(session.examples.count, "example"))", at: statement.range,
          help: ["such as help median, then try 1"])
      }
      try session.show(session.examples[number - 1], name: "example \(number)")
    })

  static let explain = StatementRow(
    "explain",
    "tells in words what a pipeline does, and its plan; with `analyze` runs it, with the rows, bytes and time of each operator",
    forms: ["explain pipeline", "explain analyze pipeline"],
    check: { statement, checker, _ in
      guard let pipeline = explained(statement).pipeline else {
        return [Diagnostic("incomplete", "`explain` wants a pipeline", at: statement.range)]
      }
      return checker.checkPipeline(pipeline).faults
    },
    run: { statement, session, source in
      let (pipeline, analyses) = explained(statement)
      guard let pipeline else { return }
      session.tell(.text(try session.explanation(pipeline, analyses: analyses, source)))
    })

  /// The word behind `explain` that asks for times, in both spellings.
  package static let analysing: Set<String> = ["analyze", "analyse"]

  private static func explained(_ statement: Statement) -> (pipeline: Pipeline?, analyses: Bool) {
    var groups = statement.head.groups
    var analyses = false
    if groups.count > 1, Self.analysing.contains(groups[0].bareWord?.text.lowercased() ?? "") {
      analyses = true
      groups.removeFirst()
    }
    guard let first = groups.first else { return (nil, false) }
    let word = first.bareWord
    let head = Stage(word: word, groups: word == nil ? groups : Array(groups.dropFirst()), range: first.range)
    return (Pipeline(head: head, stages: statement.stages, range: statement.range), analyses)
  }

  static let steps = StatementRow(
    "steps", "shows what every stage does to the rows", forms: ["steps on", "steps off"],
    standsAlone: true, parts: 1,
    check: { statement, _, _ in
      let word = statement.head.groups.first?.bareWord?.text.lowercased()
      if word == nil || word == "on" || word == "off" { return [] }
      return [Diagnostic("steps", "write steps on or steps off", at: statement.range)]
    },
    run: { statement, session, _ in
      guard let word = statement.head.groups.first?.bareWord?.text.lowercased() else {
        session.tell(
          .message(
            session.isOn("steps")
              ? "steps are on: each stage shows what it does to the rows; steps off ends that"
              : "steps are off; steps on shows what each stage does to the rows"))
        return
      }
      let isOn = word == "on"
      session.remember("steps \(isOn ? "on" : "off")")
      session.settings["steps"] = .bool(isOn)
    })

  static let undo = StatementRow(
    "undo", "takes back the last let, load, def, set or steps", forms: ["undo"], isShellWord: true,
    standsAlone: true, parts: 0,
    run: { _, session, _ in
      guard let state = session.undoStates.popLast() else {
        session.tell(.message("nothing to undo"))
        return
      }
      session.redoStates.append(
        Session.State(settings: session.settings, bindings: session.bindings, what: state.what))
      let changed = Binding.changed(from: state.bindings, to: session.bindings)
      session.settings = state.settings
      session.bindings = state.bindings
      session.forgetWorked(changed)
      session.tell(.message("undone: \(state.what)"))
    })

  static let redo = StatementRow(
    "redo", "does again what undo took back", forms: ["redo"], isShellWord: true,
    parts: 0,
    run: { _, session, _ in
      guard session.redoStates.count > session.redoFloor, let state = session.redoStates.popLast() else {
        session.tell(.message("nothing to redo"))
        return
      }
      session.undoStates.append(
        Session.State(settings: session.settings, bindings: session.bindings, what: state.what))
      session.settings = state.settings
      session.bindings = state.bindings
      session.rememberWorkedAgain()
      session.tell(.message("done again: \(state.what)"))
    })

  static let files = StatementRow(
    "files", aliases: ["ls"], "lists the files here that can be loaded",
    forms: ["files", "files \"folder\"", "files \"pattern*\""], isShellWord: true,
    standsAlone: true, parts: 1,
    check: { statement, _, _ in
      guard let item = statement.head.groups.first?.items.first else { return [] }
      if case .text = item.value.kind { return [] }
      return [
        Diagnostic(
          "file-wanted", "`files` wants a folder or a pattern in quotes", at: item.range,
          help: ["such as files \"lab*.csv\""])
      ]
    },
    run: { statement, session, _ in
      var folder = "."
      var range = statement.range
      if let item = statement.head.groups.first?.items.first, case .text(let text) = item.value.kind {
        folder = Paths.expandingHome(text)
        range = item.range
      }
      guard Paths.isFolder(folder) || Paths.isPattern(folder) else {
        throw Diagnostic(
          "no-folder", "there is no folder \"\(folder)\"", at: range,
          help: ["`files` alone lists those here; files \"lab*.csv\" those that fit"])
      }
      if let forbidden = Paths.forbiddenFolder(folder) { throw Paths.forbidden(folder, forbidden) }
      let files =
        try Paths.isFolder(folder)
        ? Paths.files(in: folder) : Paths.readable(FilePattern.files(folder, session.cancellation))
      session.tell(
        .table(
          Table([("file", Column(files.map { .text($0) }, type: .text))]),
          notes: [], hasTotals: false, rows: files.count))
    })

  static let quit = StatementRow(
    "quit", aliases: ["exit"], "leaves", forms: ["quit"], isShellWord: true,
    parts: 0,
    run: { _, session, _ in session.wantsToLeave = true })

  static let why = StatementRow(
    "why", "explains the last error at length", forms: ["why"], isShellWord: true, parts: 0,
    run: { _, session, _ in
      if session.lastDiagnostics.isEmpty { return session.tell(.text("There was no error.")) }
      var texts: [String] = []
      for text in session.lastDiagnostics.map(Help.why) where !texts.contains(text) { texts.append(text) }
      session.tell(.text(texts.prefix(5).joined(separator: "\n\n")))
    })
}

extension String {
  /// Without blanks at both ends.
  var trimmingBlanks: String {
    var view = Substring(self)
    while let first = view.first, first.isWhitespace { view.removeFirst() }
    while let last = view.last, last.isWhitespace { view.removeLast() }
    return String(view)
  }

  /// Without one pair of quotes around it.
  var trimmingQuotes: String {
    guard count >= 2, let first, first == last, first == "\"" || first == "'" else { return self }
    return String(dropFirst().dropLast())
  }
}
