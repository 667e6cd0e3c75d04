import Columns
import Diagnostics
import Language

/// Every message of the checker, in one place.
package enum CheckMessages {
  /// A table of several rows where one value is wanted: taking its first row would answer another question.
  package static func severalRowsAsValue(
    _ name: String?, _ rows: Int, column: String? = nil, at range: SourceRange
  ) -> Diagnostic {
    let table = name.map { "`\($0)`" } ?? "this table"
    return Diagnostic(
      "table-as-value", "\(table) has \(counted(rows, "row")), and one value is wanted here", at: range,
      help: [
        "only a table of one cell can stand for a value"
          + (name.map {
            "; to look for any of its values: x in \($0)\(column.map { ".\(quoted($0))" } ?? "")"
          } ?? "")
      ])
  }

  /// `n: int = a` in a stage: only `param` and `let` declare types.
  static func typedColumn(_ item: Item, _ type: Name) -> Diagnostic {
    let name = item.names.first?.text ?? "name"
    let value = ExpressionText.of(item.value)
    let function = DataType.named(type.text).map(\.name)
    return Diagnostic(
      "type", "a column has the type of its expression; none is declared", at: type.range,
      help: [function.map { "to convert: \(name) = \($0)(\(value))" } ?? "write \(name) = \(value)"])
  }

  /// - Parameter values: names of plain values that may stand in its place too.
  package static func unknownColumn(
    _ name: String, at range: SourceRange, known: [String], values: [String] = []
  ) -> Diagnostic {
    var help: [String] = []
    var fix: Diagnostic.Fix?
    if let nearest = Suggestion.nearest(to: name, among: known + values) {
      help.append("did you mean \(quoted(nearest))?")
      fix = Diagnostic.Fix(range, quoted(nearest))
    } else if known.isEmpty, values.isEmpty {
      help.append("there are no columns here; begin with a table, such as `encounters | …`")
    } else {
      let shown = known.prefix(12).map(quoted).joined(separator: ", ")
      if !known.isEmpty {
        help.append("columns here: \(shown)\(known.count > 12 ? ", … (\(known.count) in all)" : "")")
      }
      if !values.isEmpty {
        let shown = values.prefix(12).map(quoted).joined(separator: ", ")
        help.append("named values: \(shown)\(values.count > 12 ? ", …" : "")")
      }
    }
    // Outside of tables nothing is a column.
    let what = known.isEmpty && !values.isEmpty ? "value" : "column"
    return Diagnostic("unknown-column", "there is no \(what) `\(name)`", at: range, help: help, fix: fix)
  }

  /// A percentage compared with a share: 5% is 0.05.
  package static func percentScale(
    _ percentage: String, _ literal: String, _ share: Double, at range: SourceRange
  ) -> Diagnostic {
    let plain = ExpressionText.number(share * 100)
    return Diagnostic(
      "percent-scale",
      "\(percentage) runs from 0 to 100, but \(literal) is \(ExpressionText.number(share))", at: range,
      help: ["write \(plain)"], fix: Diagnostic.Fix(range, plain))
  }

  /// `count([age])`
  package static func bracketedColumn(_ name: String, at range: SourceRange) -> Diagnostic {
    Diagnostic(
      "bracketed-column", "square brackets make a list, here one of a single value; `\(name)` is a column",
      at: range,
      help: [
        "write it without brackets: \(quoted(name))",
        "the list itself stands in round ones: ([\(quoted(name))])",
      ], fix: Diagnostic.Fix(range, quoted(name)))
  }

  /// `sort "age"`
  package static func quotedColumn(_ name: String, at range: SourceRange) -> Diagnostic {
    Diagnostic(
      "quoted-column", "\"\(name)\" in quotes is a text, the same in every row; `\(name)` is a column",
      at: range,
      help: [
        quoted(name).hasPrefix("`")
          ? "a name with blanks or signs stands in backticks: \(quoted(name))"
          : "write it without quotes: \(quoted(name))"
      ], fix: Diagnostic.Fix(range, quoted(name)))
  }

  /// - Parameter matches: the columns that fit as well as each other.
  package static func ambiguousColumn(_ name: String, _ matches: [String], at range: SourceRange)
    -> Diagnostic
  {
    Diagnostic(
      "ambiguous-column", "`\(name)` fits several columns", at: range,
      help: ["write one exactly: \(matches.map(quoted).joined(separator: ", "))"])
  }

  /// `arguments` as written, for functions of other languages that are spelled differently here.
  package static func unknownFunction(
    _ name: String, at range: SourceRange, known: [String], arguments: [String] = []
  ) -> Diagnostic {
    var help: [String] = []
    var fix: Diagnostic.Fix?
    if let meant = ForeignHabits.function(name, arguments) {
      help.append(meant)
    } else if let nearest = Suggestion.nearest(to: name, among: known) {
      help.append("did you mean \(nearest)(…)?")
      fix = Diagnostic.Fix(range, nearest)
    } else {
      help.append("`help functions` lists them all; `help \"what you want\"` searches")
    }
    return Diagnostic("unknown-function", "there is no function `\(name)`", at: range, help: help, fix: fix)
  }

  /// `arguments` as written behind it; `function` where the name is one of a function.
  package static func unknownVerb(
    _ name: String, at range: SourceRange, known: [String], arguments: String? = nil,
    function: Function? = nil
  ) -> Diagnostic {
    var help: [String] = []
    var fix: Diagnostic.Fix?
    if let meant = ForeignHabits.verb(name, arguments) {
      help.append(meant)
    } else if let function {
      help.append(functionStage(function, arguments))
    } else if let nearest = Suggestion.nearest(to: name, among: known) {
      help.append("did you mean `\(nearest)`?")
      fix = Diagnostic.Fix(range, nearest)
    } else {
      help.append("verbs: \(known.joined(separator: ", "))")
    }
    return Diagnostic("unknown-verb", "there is no verb `\(name)`", at: range, help: help, fix: fix)
  }

  /// `x.isna()`
  static func foreignMethod(_ meant: String, at range: SourceRange) -> Diagnostic {
    Diagnostic("method-call", "a function stands before what it works on", at: range, help: [meant])
  }

  /// `t.head()`, `class.upper()`: a method of a table or of a value.
  package static func method(
    _ name: String, of base: String, isTable: Bool, _ arguments: [String], at range: SourceRange
  ) -> Diagnostic {
    if isTable {
      return SyntaxMessages.methodsOfTable([ForeignHabits.method(name, of: base, arguments)], at: range)
    }
    return Diagnostic(
      "method-call", "a function stands before what it works on", at: range,
      help: ["write \(name)(\(([base] + arguments).joined(separator: ", ")))"])
  }

  /// `age > missing`
  ///
  /// - Parameter hasColumn: there is a column of that name, which is perhaps meant.
  package static func comparedWithMissing(_ other: String, hasColumn: Bool, at range: SourceRange)
    -> Diagnostic
  {
    Diagnostic(
      "missing-compared", "nothing is larger or smaller than missing, so this is never true", at: range,
      help: [
        hasColumn
          ? "the column is written in backticks: `missing`"
          : "for rows without a value write \(other) is missing"
      ])
  }

  /// `count by ward by sex`
  package static func clauseTwice(_ word: String, in verb: String, at range: SourceRange) -> Diagnostic {
    Diagnostic(
      "clause-twice", "`\(word)` stands twice in `\(verb)`", at: range,
      help: ["write it once, with commas between what stands behind it: \(word) a, b"])
  }

  /// `join patients on age > 65`
  ///
  /// - Parameter meant: the condition with a column that both sides have read from the other one.
  package static func oneSidedJoin(_ table: String, meant: String?, at range: SourceRange) -> Diagnostic {
    if let meant {
      return Diagnostic(
        "join-one-sided", "both columns of this condition are read from one table", at: range,
        help: ["a name in front says of which side a column is; write \(meant)"],
        fix: Diagnostic.Fix(range, meant))
    }
    return Diagnostic(
      "join-one-sided", "this condition speaks of one table alone, so nothing ties the rows together",
      at: range,
      help: [
        "name the key that both have: on key; what holds for one table is a filter of its own",
        "where every row is to meet every row of \(table), say so: join \(table) on true",
      ])
  }

  /// `count by`
  package static func emptyClause(_ clause: Clause, of verb: Verb, at range: SourceRange) -> Diagnostic {
    let wanted =
      switch clause.content {
      case .name: "a name"
      case .literal: "a value"
      case .words(let words): words.joined(separator: " or ")
      case .items, .order, .nothing: "a column"
      }
    return Diagnostic(
      "incomplete", "\(wanted) is missing behind `\(clause.word)` (\(clause.summary))", at: range,
      help: ["write \(verb.forms.joined(separator: "  or  "))"])
  }

  /// A name at the start of a pipeline, which may be a habit of other languages: `select`, `from`.
  package static func unknownTable(_ name: String, at range: SourceRange, known: [String]) -> Diagnostic {
    var help: [String] = []
    var fix: Diagnostic.Fix?
    let base = name.split(separator: ".").first.map(String.init) ?? name
    if let meant = ForeignHabits.statements[name.lowercased()] {
      help.append(meant)
    } else if let meant = ForeignHabits.verbs[name.lowercased()] {
      help.append(
        meant
          + ", behind a table: \(known.contains("encounters") ? "encounters" : known.first ?? "encounters") | …"
      )
    } else if base != name, known.contains(base) {
      help.append("write \(ForeignHabits.method(String(name.dropFirst(base.count + 1)), of: base, []))")
    } else if let nearest = Suggestion.nearest(to: name, among: known) {
      help.append("did you mean `\(nearest)`?")
      fix = Diagnostic.Fix(range, nearest)
    } else if known.allSatisfy({ $0 == "history" }) {
      // The shell's own table is none that was loaded.
      help.append("no table is loaded; load one with `load \"file.csv\"`, or start with `rounds demo`")
    } else {
      let shown = known.prefix(12).joined(separator: ", ") + (known.count > 12 ? ", …" : "")
      help.append("tables: \(shown); a file's name stands in quotes: \"file.csv\"")
    }
    return Diagnostic("unknown-table", "there is no table `\(name)`", at: range, help: help, fix: fix)
  }

  /// `x = 5` as a statement
  package static func nameWithoutLet(_ name: String, _ value: Expression, at range: SourceRange) -> Diagnostic
  {
    if case .call(let function, let arguments) = value.kind,
      let meant = ForeignHabits.function(function.text, arguments.map { ExpressionText.of($0.value) })
    {
      // `df = read_csv("x.csv")`
      let isFile = meant.hasPrefix("write load")
      return Diagnostic(
        "name-without-let", "a name is given with \(isFile ? "`as`" : "`let`")", at: range,
        help: [isFile ? "\(meant) as \(name)" : "write let \(name) = …", meant])
    }
    return Diagnostic(
      "name-without-let", "a name is given with `let`", at: range, help: ["write let \(name) = …"],
      fix: Diagnostic.Fix(SourceRange(range.lower, range.lower), "let "))
  }

  /// `site == site` where a parameter of the same name was meant on one side.
  package static func comparedWithItself(_ name: String, at range: SourceRange) -> Diagnostic {
    Diagnostic(
      "hidden-name", "both sides are the column `\(name)`, which hides the `param` or `let` of that name",
      at: range, help: ["give the param or let another name, such as wanted_\(name)"])
  }

  /// `encounters[age > 65]`, `encounters[age]`: rows and columns as data frames choose them.
  package static func tableIndexed(
    _ table: String, _ text: String, _ index: Expression, at range: SourceRange
  ) -> Diagnostic {
    if case .name = index.kind {
      return Diagnostic(
        "frame-index", "columns of a table are chosen with select", at: range,
        help: ["Write \(table) | select \(text)."])
    }
    if case .text(let column) = index.kind {
      // `t["admitted"].dt.month`
      return Diagnostic(
        "frame-index", "a column is written by its name alone, behind its table", at: range,
        help: [
          "Write \(table) | derive x = … with \(quoted(column)) in it, or \(table) | select \(quoted(column))"
        ])
    }
    if case .list(let items) = index.kind {
      let names = items.map { item in
        if case .text(let name) = item.kind { name } else { ExpressionText.of(item) }
      }
      return Diagnostic(
        "frame-index", "columns of a table are chosen with select", at: range,
        help: ["Write \(table) | select \(names.joined(separator: ", "))."])
    }
    if case .int = index.kind {
      return Diagnostic(
        "frame-index", "rows of a table have no numbers; some are chosen with take, skip or filter",
        at: range,
        help: ["Write \(table) | skip \(text) | take 1."])
    }
    return Diagnostic(
      "frame-index", "rows of a table are chosen with filter", at: range,
      help: ["Write \(table) | filter \(withoutTable(table, text))."])
  }

  /// `encounters["age"] > 65` as `age > 65`.
  private static func withoutTable(_ table: String, _ text: String) -> String {
    var parts = text.split(separator: "\(table)[\"", omittingEmptySubsequences: false)
    for index in parts.indices.dropFirst() {
      guard let end = parts[index].firstRange(of: "\"]") else { return text }
      parts[index] = parts[index][..<end.lowerBound] + parts[index][end.upperBound...]
    }
    return parts.joined()
  }

  /// A comparison with a constant that could not be read.
  package static func comparedWithUnreadable(_ text: String, _ type: DataType, at range: SourceRange)
    -> Diagnostic
  {
    let isTime = type.isTime
    return Diagnostic(
      "unreadable-constant",
      "\(text) cannot be read as \(type == .int ? "an" : "a") \(type.name) and is missing, so nothing compares with it",
      at: range,
      help: isTime ? ["a date is written without quotes, year-month-day: 2026-01-31"] : [])
  }

  /// `x in (1, missing)`
  package static func missingInList(_ value: String, at range: SourceRange) -> Diagnostic {
    Diagnostic(
      "missing-in-list", "`missing` in a list equals no value, not even a missing one", at: range,
      help: ["leave it out, and say what is meant: (\(value) in […] or \(value) is missing)"])
  }

  /// `sum(name)`
  package static func argumentType(
    _ function: Function, _ parameter: Parameter, is type: DataType, text: String, at range: SourceRange
  ) -> Diagnostic {
    var help: [String] = []
    switch (parameter.type, type) {
    case (.number, .bool) where function.isAggregate:
      help.append(
        function.name == "sum"
          ? "to count the rows for which it is true: count(where: \(text))"
          : "for a share of the rows write percent(\(text)), from 0 to 100")
    case (.number, .bool) where function.name.hasSuffix("_sum"):
      help.append("to count the rows for which it is true: \(function.name)(if(\(text), 1, 0))")
    case (.number, .text), (.int, .text), (.float, .text):
      let takesTimes = function.signatures.contains {
        $0.parameters.first { $0.name == parameter.name }?.type == .time
      }
      help.append("convert it with float(\(text)) or int(\(text)); what does not convert is counted")
      if function.isAggregate {
        help.append("how often each value occurs: count by \(text)")
        help.append("with commas between thousands: float(replace(\(text), \",\", \"\"))")
        help.append("answers in an order: code(ordered(\(text), \"lowest\", …, \"highest\"))")
      }
      if takesTimes { help.append("days: \(dayConversion(text)) makes dates of them") }
    case (.int, .float): help.append("make it whole: int(round(\(text)))")
    case (.time, .int), (.time, .float):
      let days = type == .int ? text : "int(\(text))"
      help.append("days as Excel counts them, such as 45000: add(1899-12-30, \(days), days)")
      help.append("digits such as 20260131: date(text(\(days)), \"%Y%m%d\")")
    case (.bool, .int):
      help.append("compare it: \(text) == 1")
    case (.bool, .float) where function.name == "percent" && quotient(text) != nil:
      let sides = quotient(text) ?? []
      help.append("of sums: 100 * sum(\(sides[0])) / sum(\(sides.last ?? "y"))")
    case (.bool, _):
      help.append("give a condition, such as \(text) is not missing, or \(text) == \(sample(of: type))")
    case (.time, .text) where ["start_of", "end_of"].contains(function.name) && text.hasPrefix("\""):
      help.append(
        "the date stands first, and the unit behind it as a word: \(function.name)(x, \(text.dropFirst().dropLast()))"
      )
    case (.time, .text), (.date, .text), (.datetime, .text):
      help.append("convert it with \(dayConversion(text)) or datetime(\(text))")
      if ["hour", "minute", "second"].contains(function.name) {
        help.append(
          "of a time of day alone, such as 10:30: \(function.name)(2000-01-01T00:00 + duration(\(text)))")
      }
    case (.text, .list(.text)) where parameter.isVariadic && text.hasPrefix("["):
      help.append("write them one after the other, without brackets: \(text.dropFirst().dropLast())")
    case (.text, .list(.text)) where parameter.isVariadic:
      help.append("the texts stand one after the other, not in a list: \(function.name)(x, \"a\", \"b\")")
    case (.text, _):
      help.append("make it text with text(\(text))")
    case (.number, .list) where function.name == "percentile" && text.hasPrefix("["):
      let places = text.dropFirst().dropLast().split(separator: ",").compactMap { place -> String? in
        let digits = place.filter { $0 != " " && $0 != "%" }
        // A part of one, as others have it, is a hundred times as many percent.
        return Double(digits).map { ExpressionText.number($0 < 1 ? $0 * 100 : $0) }
      }
      help.append(
        "each is a column of its own: "
          + places.map { "p\($0.replacing(".", with: "_")) = percentile(x, \($0))" }.joined(separator: ", "))
    case (.duration, .int), (.duration, .float):
      help.append("write a duration with its unit, such as 30d or 4h")
    case (.number, .duration):
      help.append("take its hours or days: hours(\(text)), days(\(text))")
    default: break
    }
    return Diagnostic(
      "argument-type",
      "`\(function.name)` wants \(function.wanted(parameter))\(parameter.name == "condition" ? "" : " as \(parameter.name)"), but \(text) is \(type.name)",
      at: range, help: help)
  }

  /// How a text becomes a day, whose parts stand in an order that nobody knows here.
  static func dayConversion(_ text: String) -> String {
    "date(\(text), \"…\") with the order of its parts, such as %d/%m/%Y or %m/%d/%Y,"
  }

  /// `filter age`
  package static func notACondition(_ type: DataType, _ text: String, at range: SourceRange) -> Diagnostic {
    var help = ["compare it with something: \(text) == \(sample(of: type))"]
    let signs = ["==", "!=", "<", ">", "=", " in ", " like ", " is ", " between "]
    if type == .text, text.hasPrefix("\""), signs.contains(where: text.contains) {
      help = ["quotes make a text; a condition stands without them: \(text.dropFirst().dropLast())"]
    }
    if type == .int { help = ["write \(text) == 1, or \(text) > 0"] }
    return Diagnostic(
      "not-a-condition", "a condition is wanted here, but \(text) is \(type.name)", at: range, help: help)
  }

  /// `class == "ED" or "inpatient"`
  package static func halfCondition(
    _ symbol: String, _ subject: String, _ first: String, _ second: String, at range: SourceRange
  ) -> Diagnostic {
    Diagnostic(
      "not-a-condition", "both sides of `\(symbol)` are whole conditions, and \(second) alone is none",
      at: range, help: ["for one of several values write \(subject) in [\(first), \(second)]"])
  }

  /// `aggregate age by ward`
  package static func outsideAggregate(_ name: String, type: DataType, at range: SourceRange) -> Diagnostic {
    let first =
      type.isNumber
      ? "mean(\(name))"
      : type == .bool ? "count(where: \(name)) or percent(\(name))" : "count_distinct(\(name))"
    return Diagnostic(
      "outside-aggregate", "`\(name)` has many values in a group, and one is wanted", at: range,
      help: ["put it inside an aggregate function, such as \(first), or group by it: `by \(name)`"])
  }

  /// `aggregate mean(charges) by class | sort -mean(charges)`
  package static func madeBefore(_ call: String, _ column: String, at range: SourceRange) -> Diagnostic {
    Diagnostic(
      "made-before", "`\(call)` was made by a stage before, and is the column \(column) here", at: range,
      help: ["write \(column)"], fix: Diagnostic.Fix(range, column))
  }

  /// - Parameter place: where it stands, in words: `in a join condition`.
  package static func aggregateHere(_ name: String, _ place: String, at range: SourceRange) -> Diagnostic {
    Diagnostic(
      "aggregate-here", "`\(name)` works on many rows and cannot stand \(place)", at: range,
      help: ["compute it before, with `derive` or `aggregate`"])
  }

  /// `count(encounters)`
  package static func aggregateOfTable(_ name: String, _ table: String, at range: SourceRange) -> Diagnostic {
    Diagnostic(
      "aggregate-of-table", "`\(name)` works on the rows of a pipeline, not on a table's name", at: range,
      help: ["write (\(table) | aggregate \(name)(\(name == "count" ? "" : "x")))"])
  }

  /// `encounters.age` where no table has been begun with.
  package static func columnOfTable(_ name: String, _ table: String, _ stage: String, at range: SourceRange)
    -> Diagnostic
  {
    Diagnostic(
      "column-of-table", "the columns of `\(table)` are seen behind it", at: range,
      help: ["write \(table) | \(stage)"])
  }

  /// `sum(mean(age))`
  package static func nestedGroup(_ name: String, at range: SourceRange) -> Diagnostic {
    Diagnostic(
      "nested-aggregate", "`\(name)` stands inside another function over rows", at: range,
      help: ["compute the inner one in a stage before"])
  }

  /// `percentile(x, 90%)`
  package static func percentilePercent(_ text: String, _ plain: String, at range: SourceRange) -> Diagnostic
  {
    Diagnostic(
      "percent-scale", "percentile runs from 0 to 100, but \(text) is below 1", at: range,
      help: ["write \(plain)"], fix: Diagnostic.Fix(range, plain))
  }

  /// The two names of `a / b`; nil for all else.
  private static func quotient(_ text: String) -> [String]? {
    let sides = text.split(separator: "/", omittingEmptySubsequences: false).map {
      Kernels.trimmed(String($0))
    }
    let areNames = sides.allSatisfy { side in
      side.hasPrefix("`") && side.hasSuffix("`") || ForeignHabits.isName(side, dots: true)
    }
    return sides.count == 2 && areNames ? sides : nil
  }

  /// A name as it is typed: in backticks where it has blanks or signs, or is a word of the language.
  package static func quoted(_ name: String) -> String {
    let plain = name.unicodeScalars.allSatisfy {
      $0 == "_" || $0 == "." || $0.properties.isAlphabetic || $0.properties.numericType != nil
    }
    let startsWell = name.unicodeScalars.first.map { $0 == "_" || $0.properties.isAlphabetic } ?? false
    return plain && startsWell && !reserved.contains(name.lowercased()) ? name : inBackticks(name)
  }

  /// A name that is not written as it is: a line end cannot stand between backticks, and without it the name is found all
  /// the same.
  package static func inBackticks(_ name: String) -> String {
    name.unicodeScalars.contains { $0.value < 0x20 } ? Suggestion.folded(name) : "`\(name)`"
  }

  private static let reserved: Set<String> = [
    "and", "or", "not", "in", "between", "like", "is", "true", "false", "missing", "null", "case", "if",
    "else",
    "asc", "desc", "na",
  ]

  static func sample(of type: DataType) -> String {
    switch type {
    case .text: "\"…\""
    case .date: "2026-01-31"
    case .datetime: "2026-01-31T08:30"
    case .duration: "4h"
    default: "1"
    }
  }
}

extension Note {
  /// What is noted while a script is only checked of a pivot that takes its columns from the data.
  package static let unknownColumns =
    "the columns of this pivot depend on the data; stages after it are checked when they are reached"
}
