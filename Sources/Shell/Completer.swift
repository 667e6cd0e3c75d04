import Columns
import Diagnostics
import Language
import Planning
import Sessions

/// What can stand at the cursor: tables, verbs, the columns of that stage, functions, words, files, settings and the
/// values of a column.
package final class Completer {
  var session: Session { didSet { forget() } }
  /// The last plan and the last values: the list follows the keys, and the stages before stay the same.
  private var plans: (key: String, plan: Plan?)?
  private var values: (key: String, values: [(Value, Int)])?

  /// How long the values of a column may take, in milliseconds.
  private let patience: Int

  package init(_ session: Session, patience: Int = 100) {
    self.session = session
    self.patience = patience
  }

  func forget() { (plans, values) = (nil, nil) }

  /// The candidates for a cursor, counted in unicode scalars, and what they replace.
  package func complete(_ text: String, _ cursor: Int) -> CompletionList {
    let place = CursorPlace(text, cursor: cursor)
    var found: [CompletionCandidate]
    switch place.inside {
    case .comment, .interpolation: return .none
    case .text: found = isFilePlace(place) ? files(place) : valueCandidates(place)
    case .name: found = columns(place).filter { $0.text.hasPrefix("`") }
    case .code: found = candidates(place)
    }
    found = Self.matching(found, place.typed, place.inside)
    var replaced = place.replacing(cursor)
    // A mark that closes the text already is not doubled.
    if let mark = place.openingMark, text.unicodeScalars.dropFirst(cursor).first == mark,
      found.allSatisfy({ $0.text.last == "\"" || $0.text.last == "`" })
    {
      replaced = replaced.lowerBound..<cursor + 1
    }
    return CompletionList(replacing: replaced, candidates: found)
  }

  /// Those that begin with what is typed; where there are none, those with a word in them that does.
  static func matching(
    _ candidates: [CompletionCandidate], _ typed: String, _ inside: CursorPlace.Inside
  ) -> [CompletionCandidate] {
    var seen: Set<String> = []
    let distinct = candidates.filter { seen.insert($0.text).inserted }
    if typed.isEmpty { return distinct }
    let wanted = typed.lowercased()
    func key(_ candidate: CompletionCandidate) -> String {
      var text = candidate.text[...]
      if let first = text.first, first == "\"" || first == "`" { text.removeFirst() }
      return text.lowercased()
    }
    let found = distinct.filter { key($0).hasPrefix(wanted) }
    if !found.isEmpty || wanted.count < 2 { return found }
    let folded = Suggestion.folded(typed)
    return distinct.filter {
      key($0).split { "_. ".contains($0) }.contains { $0.hasPrefix(wanted) }
        || (!folded.isEmpty && Suggestion.folded(key($0)).hasPrefix(folded))
    }
  }

  // MARK: By the place

  private func candidates(_ place: CursorPlace) -> [CompletionCandidate] {
    if let columns = columnsBehindDot(place) { return columns }
    let pipeline = place.pipeline
    let values = valueCandidates(place)
    if let pipe = pipeline.frame.pipes.last {
      if place.tokens.count == pipe + 1 { return verbs }
      if place.frames.count - 1 > pipeline.level { return values + inBrackets(place) }
      guard let verb = place.word(pipe + 1).flatMap(session.catalogue.verb) else { return [] }
      return values + StagePlace(place, verb, from: pipe + 1).candidates(self, place)
    }
    if place.frames.count > 1 { return inBrackets(place) }
    return atStatement(place)
  }

  private var verbs: [CompletionCandidate] {
    session.catalogue.verbs.map { CompletionCandidate($0.name, detail: $0.summary, kind: .verb) }
  }

  /// Inside brackets: an operand, or behind one an operator. Brackets that no function touches may hold a pipeline.
  private func inBrackets(_ place: CursorPlace) -> [CompletionCandidate] {
    let atStart = place.tokens.count == place.frame.start
    if !atStart, !StagePlace.wantsOperand(place.last) { return operators(place) }
    if let words = argumentWords(place) { return words }
    let holdsPipeline =
      atStart && place.frame.callee == nil && place.frame.opening >= 0
      && place.tokens[place.frame.opening].symbol == .openParenthesis
    let tables = holdsPipeline ? self.tables(place) : []
    return place.earlierStages == nil
      ? tables + names + functions(aggregatesFirst: false) : tables + operands(place, aggregatesFirst: false)
  }

  /// The words that the argument at the cursor takes, such as the units of start_of(x, unit).
  private func argumentWords(_ place: CursorPlace) -> [CompletionCandidate]? {
    guard let name = place.frame.callee, let function = session.catalogue.function(name) else { return nil }
    for signature in function.signatures where signature.parameters.indices.contains(place.frame.commas) {
      if case .word(let words) = signature.parameters[place.frame.commas].type {
        return words.map { word($0) }
      }
    }
    return nil
  }

  // MARK: The beginning of a statement

  private func atStatement(_ place: CursorPlace) -> [CompletionCandidate] {
    guard let first = place.word(0)?.lowercased() else {
      if place.tokens.isEmpty { return tables(place) + statements }
      // Behind a quoted file.
      return place.tokens.count == 1 ? [word("with", "how the file is read")] : options(place)
    }
    let isDirect = place.tokens.count == 1
    switch first {
    case "describe", "explain", "from": return isDirect ? tables(place) : []
    case "let":
      return place.last?.symbol == .assign ? tables(place) + names + functions(aggregatesFirst: false) : []
    case "help": return isDirect ? helpTopics : []
    case "set": return settings(place)
    case "steps": return isDirect ? [word("on"), word("off")] : []
    case "learn": return isDirect ? Tour.titles.enumerated().map { word("\($0 + 1)", $1) } : []
    case "try": return isDirect ? session.exampleTexts.enumerated().map { word("\($0 + 1)", $1) } : []
    case "load", "include":
      if isDirect { return files(place) }
      return place.tokens.contains { place.source[$0.range] == "with" }
        ? options(place) : [word("as", "a name for the table"), word("with", "how the file is read")]
    case "say", "assert", "param", "def":
      return StagePlace.wantsOperand(place.last) || isDirect ? names + functions(aggregatesFirst: false) : []
    default: return []
    }
  }

  private var statements: [CompletionCandidate] {
    StatementTable.rows.map { word($0.name, $0.summary) } + ShellWord.words.map { word($0.0, $0.1) }
  }

  /// The tables. A size is told only of a few: the hospital makes its tables when they are first looked at.
  func tables(_ place: CursorPlace) -> [CompletionCandidate] {
    let environment = session.environment(runs: false)
    let wanted = place.typed.lowercased()
    let names = environment.tableNames + (environment.last == nil ? [] : ["last"])
    let isSelective = !wanted.isEmpty && names.filter { $0.lowercased().hasPrefix(wanted) }.count <= 3
    return names.map { name in
      var detail = name == "last" ? "the last result" : "table"
      if isSelective, name.lowercased().hasPrefix(wanted), let source = environment.table(name)?.source {
        let rows = source.knownRowCount.map { counted($0, "row") + ", " } ?? ""
        detail = rows + counted(source.schema.count, "column")
      }
      return CompletionCandidate(quotedWhereNeeded(name), detail: detail, kind: .table)
    }
  }

  /// Values and measures that were given names.
  private var names: [CompletionCandidate] {
    let bindings = session.environment(runs: false).bindings
    return bindings.keys.sorted().compactMap { name in
      switch bindings[name] {
      case .value(let value, _)?:
        CompletionCandidate(quotedWhereNeeded(name), detail: PlanExpression.text(of: value), kind: .value)
      case .definition(let measure)?:
        CompletionCandidate(
          quotedWhereNeeded(name) + (measure.parameters.isEmpty ? "" : "("), detail: "a measure",
          kind: .function)
      default: nil
      }
    }
  }

  private var helpTopics: [CompletionCandidate] {
    let topics = [
      "verbs", "functions", "statements", "settings", "formats", "charts", "operators", "hospital", "keys",
      "notes", "tutorial",
    ]
    return topics.map { word($0, "a list") } + verbs
      + session.catalogue.functions.filter { $0.category != .operators }.map {
        CompletionCandidate($0.name, detail: $0.summary, kind: .function)
      } + statements
  }

  private func settings(_ place: CursorPlace) -> [CompletionCandidate] {
    if place.last?.symbol == .assign, place.tokens.count >= 3,
      let name = place.word(place.tokens.count - 2),
      let setting = session.catalogue.settings.first(where: { $0.name == name.lowercased() })
    {
      if case .int = setting.defaultValue { return [] }
      let words = setting.takes.split { $0 == " " || $0 == "," }.map(String.init)
      return words.filter { $0 != "or" && $0 != "a" && $0 != "date" }.map { word($0) }
    }
    guard place.tokens.count == 1 || place.last?.symbol == .comma else { return [] }
    return session.catalogue.settings.map { setting in
      let value = session.settings[setting.name] ?? setting.defaultValue
      let text = value == .bool(true) ? "on" : value == .bool(false) ? "off" : PlanExpression.text(of: value)
      return CompletionCandidate(
        setting.name + " = ", detail: "\(setting.summary) (\(setting.takes); now \(text))", kind: .setting)
    }
  }

  private func options(_ place: CursorPlace) -> [CompletionCandidate] {
    guard let last = place.last, place.source[last.range] == "with" || last.symbol == .comma else {
      return []
    }
    var seen: Set<String> = []
    return session.catalogue.inputs.flatMap(\.options).filter { seen.insert($0.name).inserted }.map {
      CompletionCandidate($0.name + " = ", detail: "\($0.summary) (\($0.takes))", kind: .option)
    }
  }

  func word(_ text: String, _ detail: String = "") -> CompletionCandidate {
    CompletionCandidate(text, detail: detail, kind: .word)
  }

  // MARK: Files

  private func isFilePlace(_ place: CursorPlace) -> Bool {
    guard let last = place.last else { return true }
    let before = place.source[last.range].lowercased()
    let isHead =
      place.tokens.count == place.frame.start && place.frame.callee == nil && last.symbol != .openBracket
    if last.symbol == .openParenthesis { return isHead }
    if place.tokens.count == 1 { return ["load", "include", "from", "describe", "files"].contains(before) }
    let stage = place.tokens.count >= 2 ? place.tokens[place.tokens.count - 2].symbol?.isPipe == true : false
    return stage && ["save", "join", "append", "export", "write"].contains(before)
  }

  private func files(_ place: CursorPlace) -> [CompletionCandidate] {
    let slash = place.typed.lastIndex(of: "/")
    let written = slash.map { String(place.typed[...$0]) } ?? ""
    let folder = written.isEmpty ? "." : Paths.expandingHome(written)
    let endings = Set(Paths.readableEndings + ["rounds"])
    return Paths.names(in: folder).compactMap { name in
      let path = folder == "." ? name : folder + name
      // Such a name cannot be written in quotes as it is.
      if name.contains(where: { "\"\\".contains($0) || $0.unicodeScalars.contains { $0.value < 0x20 } }) {
        return nil
      }
      if Paths.isFolder(path) {
        return CompletionCandidate("\"\(written)\(name)/", detail: "folder", kind: .file)
      }
      let ending = name.split(separator: ".").last.map { $0.lowercased() } ?? ""
      return endings.contains(ending) ? CompletionCandidate("\"\(written)\(name)\"", kind: .file) : nil
    }
  }

  // MARK: Columns and functions

  /// The plan of the stages before the one that the cursor is in; nil when they cannot be read.
  private func plan(_ place: CursorPlace, adding more: String = "") -> Plan? {
    guard let earlier = place.earlierStages else { return nil }
    let before = place.source[SourceRange(0, place.statementStart)]
    let key = before + "\u{0}" + earlier + "\u{0}" + more
    if let plans, plans.key == key { return plans.plan }
    var environment = session.environment(runs: false)
    if before.contains(where: { !$0.isWhitespace }) {
      environment = session.environment(after: Parser.parse(SourceText(before)))
    }
    let text = earlier + more
    let script = Parser.parse(SourceText(text.contains { !$0.isWhitespace } ? text : "last"))
    var plan: Plan?
    if let statement = script.statements.last {
      var lowering = PipelineLowering(environment: environment)
      plan = lowering.lower(statement)
    }
    if more.isEmpty { plans = (key, plan) }
    return plan
  }

  func columns(_ place: CursorPlace) -> [CompletionCandidate] {
    (plan(place)?.schema.fields ?? []).map { field in
      CompletionCandidate(
        quotedWhereNeeded(field.name), detail: field.type.name + (field.table.map { " of \($0)" } ?? ""),
        kind: .column)
    }
  }

  /// `patients.`, `patients.b`: the columns of that table; nil where no table's name stands there.
  private func columnsBehindDot(_ place: CursorPlace) -> [CompletionCandidate]? {
    var (table, prefix) = ("", "")
    if let dot = place.typed.firstIndex(of: ".") {
      table = String(place.typed[..<dot])
      prefix = table + "."
    } else if place.typed.isEmpty, place.last?.symbol == .dot, let name = place.word(place.tokens.count - 2) {
      table = name
    }
    guard !table.isEmpty, let columns = columns(of: table, place) else { return nil }
    return columns.map {
      CompletionCandidate(prefix + quotedWhereNeeded($0), detail: "of \(table)", kind: .column)
    }
  }

  /// The columns of a table whose name stands before a dot: one that was joined, or that is looked into.
  private func columns(of table: String, _ place: CursorPlace) -> [String]? {
    // A table that has another name in this pipeline is not known by its own.
    if case .joined(let columns, let alias)? = plan(place)?.table(named: table) {
      return alias == table ? columns : []
    }
    return session.environment(runs: false).table(table)?.source.schema.names
  }

  func functions(aggregatesFirst: Bool) -> [CompletionCandidate] {
    let all = session.catalogue.functions.filter { $0.category != .operators }
    let first = all.filter { $0.isAggregate == aggregatesFirst }
    let rest = all.filter { $0.isAggregate != aggregatesFirst }
    return (first + rest).map { function in
      let isEmpty = function.signatures.allSatisfy { $0.parameters.isEmpty }
      return CompletionCandidate(
        function.name + (isEmpty ? "()" : "("),
        detail: "\(function.usage.first ?? function.name)  \(function.summary)", kind: .function)
    }
  }

  func operands(_ place: CursorPlace, aggregatesFirst: Bool) -> [CompletionCandidate] {
    let columns = columns(place)
    let functions = functions(aggregatesFirst: aggregatesFirst)
    let words = ["not", "missing", "true", "false", "case"].map { word($0) }
    return aggregatesFirst ? functions + columns + names + words : columns + names + functions + words
  }

  /// What may stand behind an operand; behind a lone one it is compared first.
  func operators(_ place: CursorPlace) -> [CompletionCandidate] {
    let signs: [Symbol] = [
      .equal, .notEqual, .less, .lessOrEqual, .greater, .greaterOrEqual, .matches, .notMatches,
    ]
    let isCompared = place.tokens.dropLast().last?.symbol.map(signs.contains) ?? false
    let comparisons =
      isCompared || place.last?.kind != .name ? [] : ["==", "!=", ">", ">=", "<", "<="].map { word($0) }
    switch place.last?.word {
    case .is?: return [word("missing"), word("not missing")]
    case .not?: return [word("in"), word("between"), word("like")]
    default:
      return comparisons + [
        word("and"), word("or"), word("in", "one of [a, b]"), word("between", "x between 1 and 9"),
        word("like", "% stands for any text"), word("is missing"), word("is not missing"), word("not in"),
      ]
    }
  }

  /// A name as it must be written: in backticks where it is no plain word.
  func quotedWhereNeeded(_ name: String) -> String {
    let tokens = Lexer.tokens(of: SourceText(name))
    let isPlain =
      tokens.count == 2 && tokens[0].kind == .name && !tokens[0].isPrecededByBlank
      && tokens[1].leading.isEmpty
    return isPlain ? name : CheckMessages.inBackticks(name)
  }

  // MARK: Values

  /// The values of the column that the cursor's text or operand is compared with, the most frequent first.
  private func valueCandidates(_ place: CursorPlace) -> [CompletionCandidate] {
    guard let name = ComparedColumn.name(place), !IdentifierMask.isIdentifier(name) else { return [] }
    return counts(place, name).map { value, count in
      CompletionCandidate(Self.literal(value), detail: grouped(count), kind: .value)
    }
  }

  private static func literal(_ value: Value) -> String {
    guard case .text(let text) = value else { return PlanExpression.text(of: value) }
    var escaped = ""
    for character in text {
      switch character {
      case "\"", "\\": escaped += "\\" + String(character)
      case "\n": escaped += "\\n"
      case "\t": escaped += "\\t"
      default: escaped.append(character)
      }
    }
    return "\"\(escaped)\""
  }

  private func counts(_ place: CursorPlace, _ name: String) -> [(Value, Int)] {
    guard let plan = plan(place), isInMemory(plan),
      case .found(let column) = Scope(plan.schema).find(name)
    else { return [] }
    let key =
      place.source[SourceRange(0, place.statementStart)] + (place.earlierStages ?? "") + "\u{0}" + column.name
    if let values, values.key == key { return values.values }
    var found: [(Value, Int)] = []
    if !column.name.contains("`"), !column.name.contains("\n"),
      let counting = self.plan(place, adding: "\n | count by `\(column.name)`"),
      let table = TimedLookup.rows(of: counting, session, milliseconds: patience), table.columnCount >= 2
    {
      found = Self.mostFrequent(table)
    }
    values = (key, found)
    return found
  }

  private static func mostFrequent(_ table: Table) -> [(Value, Int)] {
    let counts = table.column(1)
    let numbers = (0..<table.rowCount).map { row -> Int in
      if case .int(let count) = counts.value(row) { Int(count) } else { 0 }
    }
    let keys = table.column(0)
    let order = numbers.indices.sorted { (numbers[$1], $0) < (numbers[$0], $1) }
    return order.prefix(60).map { (keys.value($0), numbers[$0]) }.filter { !$0.0.isMissing }
  }

  private func isInMemory(_ plan: Plan) -> Bool {
    if case .scan(let node) = plan { return node.source.tableInMemory != nil }
    return plan.children.allSatisfy(isInMemory)
  }
}
