import Columns
import Planning

/// What is known of one name of the language, read from its row: shown by `help` and written into the reference.
struct HelpEntry {
  var name: String
  var summary: String
  var forms: [String]
  /// Parameters, clauses or options, each with a word on it.
  var parts: [(name: String, text: String)] = []
  /// What else is to be said: what becomes of missing values, how a chart is read.
  var remark: String?
  var examples: [Example] = []
  var aliases: [String] = []

  init(_ verb: Verb) {
    name = verb.name
    summary = verb.summary
    forms = verb.forms
    parts = verb.kinds.map { ($0.word, $0.summary) } + verb.clauses.map { ($0.word, $0.summary) }
    examples = verb.examples
    aliases = verb.aliases
  }

  init(_ function: Function) {
    name = function.name
    summary = function.summary
    forms = function.category == .operators ? Self.operatorForms(function) : function.usage
    // The ways to call it may name parameters of their own.
    for parameter in function.signatures.flatMap(\.parameters) where function.category != .operators {
      if parts.contains(where: { $0.name == parameter.name }) { continue }
      parts.append((parameter.name, Self.text(parameter, of: function)))
    }
    if function.isAggregate {
      parts.append(("where", "a condition: takes only the rows for which it is true"))
    }
    if !function.furtherResults.isEmpty {
      let names = function.furtherResults.map { "p" + $0 }.joined(separator: ", ")
      parts.append(("results", "several: p = \(function.name)(…) makes p, \(names)"))
    }
    switch function.missing {
    case .propagates:
      remark =
        function.signatures.allSatisfy(\.parameters.isEmpty) ? nil : "A missing argument gives missing."
    case .leavesOut: remark = "Missing values are left out, and the result says how many."
    case .handles: remark = nil
    }
    if let own = function.remark { remark = remark.map { own + "\n" + $0 } ?? own }
    examples = function.examples
    aliases = function.aliases
  }

  init(_ row: StatementRow, _ catalogue: Catalogue) {
    if row.takesOptions {
      var seen: Set<String> = []
      parts = catalogue.inputs.flatMap(\.options).filter { seen.insert($0.name).inserted }.map {
        ("with " + $0.example, $0.summary)
      }
    }
    name = row.name
    summary = row.summary + (row.isShellWord ? " (a word of the shell)" : "")
    forms = row.forms
    aliases = row.aliases
  }

  init(_ setting: Setting) {
    name = setting.name
    summary = "\(setting.summary); takes \(setting.takes)"
    forms = ["set \(setting.name) = …"]
    let value = setting.defaultValue
    let spelled =
      switch value {
      case .missing: "not set"
      case .bool(let on): on ? "on" : "off"
      default: ValueText.plain(value)
      }
    parts = [("at first", spelled)]
  }

  init(_ kind: ChartKindRow) {
    name = "chart " + kind.name
    summary = kind.summary
    forms = [kind.form]
    remark = kind.reading.joined(separator: "\n")
    examples = [Example(kind.pipeline, gives: "")]
  }

  private static func operatorForms(_ function: Function) -> [String] {
    let counts = Set(function.signatures.map(\.parameters.count)).sorted()
    return counts.compactMap { count in
      switch (function.name, count) {
      case ("negate", _): "-a"
      case ("between", _): "x between a and b"
      case ("is missing", _): "x is missing"
      case ("not", 1): "not a"
      case (_, 2): "a \(function.name) b"
      default: nil
      }
    }
  }

  private static func text(_ parameter: Parameter, of function: Function) -> String {
    var text = function.wanted(parameter)
    if parameter.isVariadic { text += ", one or more" }
    if parameter.isConstant { text += ", the same for every row" }
    if let value = parameter.defaultValue {
      text += value.isMissing ? "; may be left out" : "; \(PlanExpression.text(of: value)) when left out"
    }
    return text
  }

  // MARK: Written

  /// As `help` shows it, its examples numbered for `try`.
  var terminal: String { terminal(firstExample: 1) }

  /// - Parameter firstExample: the number of the first example, where others are shown above.
  func terminal(firstExample: Int) -> String {
    var lines = ["\(name): \(summary)", ""] + forms.map { "  \($0)" }
    if !parts.isEmpty { lines += [""] + parts.map { "  \($0.name): \($0.text)" } }
    if !examples.isEmpty {
      lines.append("")
      for (index, example) in examples.enumerated() {
        let number = index + firstExample
        let isShort = example.input.count + example.result.count < 72
        lines +=
          example.result.isEmpty
          ? ["  \(number)  \(example.input)"]
          : isShort
            ? ["  \(number)  \(example.input)  gives  \(example.result)"]
            : ["  \(number)  \(example.input)", "       gives \(example.result)"]
      }
      lines += ["", "`try \(firstExample)` runs the first of these examples."]
    }
    if let remark { lines += ["", remark] }
    if !aliases.isEmpty {
      if remark == nil { lines.append("") }
      lines.append("also written: \(aliases.joined(separator: ", "))")
    }
    return lines.joined(separator: "\n")
  }

  /// As a section of a page.
  func markdown(level: Int) -> String {
    var blocks = ["\(String(repeating: "#", count: level)) \(name)", sentence(summary)]
    if !forms.isEmpty { blocks.append("```\n\(forms.joined(separator: "\n"))\n```") }
    if !parts.isEmpty {
      blocks.append(parts.map { "- `\($0.name)`: \($0.text)" }.joined(separator: "\n"))
    }
    if !examples.isEmpty {
      if examples.allSatisfy(\.result.isEmpty) {
        blocks.append("```\n\(examples.map(\.input).joined(separator: "\n"))\n```")
      } else {
        let rows = examples.map { "| `\(cell($0.input))` | `\(cell($0.result))` |" }
        blocks.append((["| example | gives |", "| --- | --- |"] + rows).joined(separator: "\n"))
      }
    }
    if let remark { blocks.append(remark) }
    if !aliases.isEmpty {
      blocks.append("Also written " + aliases.map { "`\($0)`" }.joined(separator: ", ") + ".")
    }
    return blocks.joined(separator: "\n\n")
  }

  private func sentence(_ text: String) -> String {
    let first = text.prefix(1).uppercased() + text.dropFirst()
    return first.hasSuffix(".") ? first : first + "."
  }

  private func cell(_ text: String) -> String { text.replacing("|", with: "\\|").replacing("\n", with: " ") }
}
