import Columns
import Diagnostics
import Language
import Planning
import Presentation

extension Session {
  // MARK: Settings

  /// A setting and its new value from `name = value`; throws a diagnostic for what cannot be.
  func settingValue(_ item: Item) throws -> (String, Value) {
    guard let name = item.names.first else {
      var help = ["`set` alone lists all settings"]
      if case .name(let name) = item.value.kind, catalogue.settings.contains(where: { $0.name == name.text })
      {
        help.insert("write set \(name.text) = value", at: 0)
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
    let value = try settingValue(setting, item.value)
    return (setting.name, value)
  }

  private func settingValue(_ setting: Setting, _ expression: Expression) throws -> Value {
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
    var wanted = type ?? .missing
    if let written = item.type {
      guard let named = DataType.named(written.text) else {
        throw Diagnostic(
          "type", "there is no type `\(written.text)`", at: written.range,
          help: ["types: int, float, bool, text, date, datetime, duration"])
      }
      wanted = named
    }
    return ScriptParameter(
      name: name.text, type: wanted, defaultValue: (value ?? .missing).widened(to: wanted), help: help)
  }

  /// What `--set` gave for a parameter, read as its type, otherwise the default.
  func parameterValue(_ parameter: ScriptParameter, at range: SourceRange) throws -> Value {
    guard let text = options.parameters[parameter.name] else { return parameter.defaultValue }
    guard let value = Self.parameter(text, as: parameter.type) else {
      throw Diagnostic(
        "parameter", "\(parameter.name) is \(parameter.type.name), and \"\(text)\" is none", at: range,
        help: (parameter.type.isTime ? ["a date is written year-month-day: 2026-01-31"] : [])
          + ["default: \(ValueText.plain(parameter.defaultValue))"])
    }
    return value
  }

  /// A word of the command line as a value; `a,b` is a list, `7%` a number.
  private static func parameter(_ text: String, as type: DataType) -> Value? {
    switch type {
    case .text, .missing: return .text(text)
    case .list(let element):
      if text.isEmpty { return .list([]) }
      var values: [Value] = []
      for part in text.split(separator: ",", omittingEmptySubsequences: false) {
        guard let value = parameter(String(part).trimmingBlanks, as: element) else { return nil }
        values.append(value)
      }
      return .list(values)
    case .float where text.last == "%":
      guard case .float(let number)? = Kernels.parse(String(text.dropLast()), as: .float) else { return nil }
      return .float(number / 100)
    default: return Kernels.parse(text, as: type)
    }
  }

  /// A path as a script means it: relative to the script's own folder.
  func path(_ path: String, relativeTo source: SourceText) -> String {
    if path.hasPrefix("/") || path.hasPrefix("~") || !source.name.contains("/") { return path }
    return Paths.join(Paths.folder(source.name), path)
  }

  // MARK: Charts to files

  func saveChart(_ chart: ChartSpecification, _ table: Table, _ file: String) throws {
    let (text, notes) = try ChartRenderer.renderSVG(chart, table)
    var bytes = text
    try writeFile(file, true) { emit in try bytes.withUTF8 { try emit($0.span) } }
    tell(.message("saved the chart to \(file)"))
    tellNotes(notes)
  }
}

extension Session {
  /// Switches a setting on from outside the language (`--steps`).
  package func turnOn(_ setting: String) { settings[setting] = .bool(true) }
}
