import Columns
import Diagnostics
import Execution
import Glibc
import Language
import Planning
import Scheduling
import Presentation

extension Session {
  // MARK: Settings

  /// A setting and its new value from `name = value`; throws a diagnostic for what cannot be.
  ///
  /// - Parameters:
  ///   - written: what stands behind the item, where nothing should.
  ///   - known: the names that a value may have, where a script is only checked; nil for those of the session.
  func settingValue(_ item: Item, written: String? = nil, _ known: Environment? = nil) throws -> (
    String, Value
  ) {
    guard let name = item.names.first else {
      var help = ["`set` alone lists all settings"]
      if case .name(let name) = item.value.kind, catalogue.settings.contains(where: { $0.name == name.text })
      {
        help.insert("write set \(name.text) = \(written ?? "value")", at: 0)
      }
      throw Diagnostic("setting", "`set` wants name = value", at: item.range, help: help)
    }
    guard let setting = catalogue.settings.first(where: { $0.name == name.text.lowercased() }) else {
      let near = Suggestion.nearest(to: name.text, among: catalogue.settings.map { $0.name })
      throw Diagnostic(
        "setting", "there is no setting `\(name.text)`", at: name.range,
        help: [
          near.map { "did you mean `\($0)`?" }
            ?? "settings: \(catalogue.settings.map { $0.name }.joined(separator: ", "))"
        ])
    }
    let value = try settingValue(setting, item.value, known ?? environment(runs: false))
    return (setting.name, value)
  }

  private func settingValue(_ setting: Setting, _ expression: Expression, _ known: Environment) throws
    -> Value
  {
    let wrong = Diagnostic("setting", "`\(setting.name)` takes \(setting.takes)", at: expression.range)
    var word: String?
    if case .name(let name) = expression.kind { word = name.text.lowercased() }
    if case .text(let text) = expression.kind { word = text.lowercased() }
    switch setting.defaultValue {
    case .bool:
      switch (word, expression.kind) {
      case ("on", _), ("true", _), ("yes", _), (_, .bool(true)): return .bool(true)
      case ("off", _), ("false", _), ("no", _), (_, .bool(false)): return .bool(false)
      default: throw wrong
      }
    case .int:
      guard case .int(let number) = expression.kind, (0...1_000_000).contains(number) else { throw wrong }
      return .int(number)
    case .missing:
      if case .date(let days) = expression.kind { return .date(days) }
      // A script may be given its day.
      if case .name(let name) = expression.kind {
        switch known.binding(name.text)?.binding {
        case .value(.date(let day), _)?: return .date(day)
        case .unknown(.date)?: return .missing
        default: break
        }
      }
      if word == "off" { return .missing }
      if case .missing = expression.kind { return .missing }
      throw wrong
    default:
      guard let word, setting.takes.contains(word) else { throw wrong }
      return .text(word)
    }
  }

  var settingsTable: Table {
    let rows = catalogue.settings
    return Table([
      ("setting", Column(rows.map { .text($0.name) }, type: .text)),
      (
        "value",
        Column(
          rows.map { row in
            let value = settings[row.name] ?? row.defaultValue
            if case .bool(let on) = value { return .text(on ? "on" : "off") }
            return value.isMissing ? .missing : .text(ValueText.plain(value))
          }, type: .text)
      ),
      ("takes", Column(rows.map { .text($0.takes) }, type: .text)),
      ("meaning", Column(rows.map { .text($0.summary) }, type: .text)),
    ])
  }

  // MARK: Parameters

  func parameter(
    _ statement: Statement, _ item: Item, _ name: Name, _ value: Value?, _ type: DataType?
  ) throws -> ScriptParameter {
    var help: String?
    if let item = statement.head.groups.dropFirst().first?.items.first, case .text(let text) = item.value.kind
    {
      help = text
    }
    let (known, wanted) = try typed(value ?? .missing, type ?? .missing, item)
    return ScriptParameter(
      name: name.text, type: wanted, defaultValue: known, isRequired: item.isRequired, help: help)
  }

  /// A value under the type that is written beside its name (`since: date = …`): as it is, widened, or refused. While
  /// a script is only checked the value may not be known yet, but its type is.
  func typed(_ value: Value, _ type: DataType, _ item: Item) throws -> (value: Value, type: DataType) {
    guard let written = item.type else { return (value, type) }
    if written.text == "list", case .list = type { return (value, type) }
    guard let wanted = DataType.named(written.text) else {
      throw Diagnostic(
        "type", "there is no type `\(written.text)`", at: written.range,
        help: ["types: int, float, bool, text, date, datetime, duration"])
    }
    if type == .missing || DataType.common(type, wanted) == wanted {
      return (value.widened(to: wanted), wanted)
    }
    var help = ["write another value, or leave `: \(written.text)` out"]
    if case .text(let text) = value, let meant = Self.parameter(text, as: wanted) {
      help = [
        "write it without quotes: \(item.names.first?.text ?? "name"): \(written.text) = \(ValueText.plain(meant))"
      ]
    }
    throw Diagnostic(
      "type",
      "\(item.names.first?.text ?? "this") is declared \(wanted.name), and \(ExpressionText.of(item.value)) is \(type.name)",
      at: item.value.range, help: help)
  }

  /// What `--set` gave for a parameter, read as its type, otherwise the default; and the type, which only a given value
  /// tells where the default is missing.
  func parameterValue(
    _ parameter: ScriptParameter, at range: SourceRange
  ) throws -> (value: Value, type: DataType) {
    guard let text = options.parameters[parameter.name] else {
      if parameter.isRequired {
        throw Diagnostic(
          "parameter", "`\(parameter.name)` has no default, and no value was given", at: range,
          help: [
            "run the script with --set \(parameter.name)=…, or write a default: param \(parameter.name): \(parameter.type.name) = …"
          ])
      }
      return (parameter.defaultValue, parameter.type)
    }
    var type = parameter.type
    switch type {
    case .missing: type = Self.evident(text)
    case .list(.missing):
      let types = ListWord.parts(text)?.map { $0.isQuoted ? .text : Self.evident($0.text) } ?? []
      type = .list(types.reduce(.missing) { DataType.common($0, $1) ?? .text })
    default: break
    }
    guard let value = Self.parameter(text, as: type) else {
      var help = parameter.type.isTime ? ["a date is written year-month-day: 2026-01-31"] : []
      if case .list = type, ListWord.parts(text) == nil {
        help.append("a text with a comma stands between double quotes, and one inside is doubled: a,\"b,c\"")
      }
      if parameter.type == .int, Double(text) != nil, case .int(let standard) = parameter.defaultValue {
        help.append(
          "a default with decimals makes it a float: write param \(parameter.name) = \(standard).0 in the script"
        )
      }
      throw Diagnostic(
        "parameter", "\(parameter.name) is \(parameter.type.name), and \"\(text)\" is none", at: range,
        help: help + (parameter.isRequired ? [] : ["default: \(ValueText.plain(parameter.defaultValue))"]))
    }
    return (value, type)
  }

  /// The type that a word of the command line shows: a number that begins with a zero is a code.
  private static func evident(_ text: String) -> DataType {
    let digits = text.drop { $0 == "-" || $0 == "+" }
    if digits.count > 1, digits.first == "0", digits.dropFirst().first?.isNumber ?? false { return .text }
    if ["true", "false"].contains(text.lowercased()) { return .bool }
    if case .date? = ISOTime.value(text) { return .date }
    return [DataType.int, .float, .datetime, .duration].first { parameter(text, as: $0) != nil } ?? .text
  }

  /// A word of the command line as a value; `a,b` is a list, `7%` a number.
  private static func parameter(_ text: String, as type: DataType) -> Value? {
    switch type {
    case .text, .missing: return .text(text)
    case .list(let element):
      guard let parts = ListWord.parts(text) else { return nil }
      var values: [Value] = []
      for part in parts {
        guard let value = parameter(part.text, as: element) else { return nil }
        values.append(value)
      }
      return .list(values)
    case .float where text.last == "%":
      guard case .float(let number)? = Kernels.parse(String(text.dropLast()), as: .float) else { return nil }
      return .float(number / 100)
    case .date:
      // A time of day would be dropped.
      if case .date(let day)? = ISOTime.value(text) { return .date(day) }
      return nil
    case .int where text.contains("_"), .float where text.contains("_"):
      // As a script may write it: 1_000.
      let parts = text.split(separator: "_", omittingEmptySubsequences: false)
      return parts.allSatisfy { $0.last?.isNumber ?? false } ? Kernels.parse(parts.joined(), as: type) : nil
    default: return Kernels.parse(text, as: type)
    }
  }

  /// A path as a script means it: relative to the script's own folder.
  func path(_ path: String, relativeTo source: SourceText) -> String {
    if path.hasPrefix("/") || path.hasPrefix("~") || !source.name.contains("/") { return path }
    return Paths.join(Paths.folder(source.name), path)
  }

  /// The text of a script that another one includes.
  func script(_ file: String) throws -> SourceText {
    SourceText(try FileAccess.script(readFile(file), name: file), name: file)
  }

  /// The statements of a script, with those of the files that it includes in their places. A file that cannot be
  /// read, or whose name is not written out, has none here: what runs the script tells of it.
  package func statements(of source: SourceText) -> [Statement] {
    statements(of: source, within: [source.name])
  }

  private func statements(of source: SourceText, within outer: Set<String>) -> [Statement] {
    Parser.parse(source).statements.flatMap { statement -> [Statement] in
      guard statement.head.word?.text == "include", let item = statement.head.groups.first?.items.first,
        case .text(let written) = item.value.kind
      else { return [statement] }
      let file = path(written, relativeTo: source)
      guard !outer.contains(file), let other = try? script(file) else { return [] }
      return statements(of: other, within: outer.union([file]))
    }
  }

  // MARK: Charts to files

  func saveChart(_ chart: ChartSpecification, _ table: Table, _ file: String) throws {
    try checkRoom(for: chart, table)
    let (text, notes) = try ChartRenderer.renderSVG(chart, table)
    // Who was stopped meanwhile must not write any more.
    try cancellation.check()
    var bytes = text
    let isThere = Paths.exists(Paths.expandingHome(file))
    try writeFile(file, true) { emit in try bytes.withUTF8 { try emit($0.span) } }
    tell(.message("saved the chart to \(file)\(isThere ? ", in place of the file that was there" : "")"))
    tellNotes(notes)
  }

  /// What a row takes while its chart is made, and what a mark of its own takes in the text of a picture, as measured of
  /// points and boxes.
  private static let chartBytes = (row: 96, mark: 320)

  /// Refuses a chart of more rows than there is memory for: nobody could tell its marks apart either.
  func checkRoom(for chart: ChartSpecification, _ table: Table) throws(Diagnostic) {
    let rows = table.rowCount
    let each = Self.chartBytes.row + (chart.file == nil ? 0 : Self.chartBytes.mark)
    let wanted = rows.multipliedReportingOverflow(by: each).partialValue
    let budget = queryContext().budget
    guard rows > budget.available / each else { return }
    throw Diagnostic(
      "memory",
      "a chart of \(counted(rows, "row")) needs \(grouped(wanted >> 20)) MB of memory, and \(grouped(budget.available >> 20)) MB are left",
      at: nil,
      help: [
        "count or aggregate before it, or draw some of the rows: `sample 10000`",
        "or give it more with --memory",
      ])
  }
}

extension Session {
  /// Switches a setting on from outside the language (`--steps`).
  package func turnOn(_ setting: String) { settings[setting] = .bool(true) }
}
