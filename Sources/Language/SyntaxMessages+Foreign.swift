import Diagnostics

/// What other languages write, told with the spelling that is ours.
extension SyntaxMessages {
  static func foreignPipe(_ found: String, at range: SourceRange) -> Diagnostic {
    Diagnostic("foreign-pipe", "the pipe is written |, not \(found)", at: range, fix: Fix(range, "|"))
  }

  static func queryStatement(_ query: Parser.QueryParts, at range: SourceRange) -> Diagnostic {
    Diagnostic(
      "select-statement", "a query begins with its table, and each step follows a |", at: range,
      help: (query.isWhole ? ["Write \(query.pipeline)"] : []) + query.hints,
      fix: query.isExact ? Fix(range, query.pipeline) : nil)
  }

  /// `what is the mortality rate`
  static func plainWords(_ words: String, at range: SourceRange) -> Diagnostic {
    Diagnostic(
      "plain-words", "a line of plain words is not understood; it begins with a table: t | …", at: range,
      help: ["To search the help for them: help \(quoted(words))", "`tables` lists the tables."])
  }

  static func leadingFrom(_ table: String, at range: SourceRange) -> Diagnostic {
    Diagnostic(
      "leading-from", "a query begins with the table itself: \(table) | …", at: range, fix: Fix(range, ""))
  }

  static func queryCase(_ spelled: String, isWhole: Bool, at range: SourceRange) -> Diagnostic {
    Diagnostic(
      "case-when", "the branches of `case` stand in braces, with arrows", at: range,
      help: ["Write \(spelled)"], fix: isWhole ? Fix(range, spelled) : nil)
  }

  static func quotedDate(_ word: String, _ spelled: String, at range: SourceRange) -> Diagnostic {
    Diagnostic(
      "quoted-date", "a date is written without quotes", at: range, help: ["Write \(spelled)."],
      fix: Fix(range, spelled))
  }

  static func interval(at range: SourceRange) -> Diagnostic {
    Diagnostic(
      "interval", "a duration is written with its units: 3d, 12h 30min", at: range,
      help: ["Months and years are steps in the calendar: add(x, 3, months)."])
  }

  static func starArgument(at range: SourceRange) -> Diagnostic {
    Diagnostic(
      "star-argument", "`*` stands for no column here", at: range,
      help: ["count() counts the rows, count(x) those in which x is known."], fix: Fix(range, ""))
  }

  static func foreignComment(_ found: String, at range: SourceRange) -> Diagnostic {
    Diagnostic(
      "foreign-comment", "a comment begins with #, not with \(found)", at: range, fix: Fix(range, "#"))
  }

  static func leadingEquals(at range: SourceRange) -> Diagnostic {
    Diagnostic(
      "leading-equals", "an expression has no = in front of it", at: range, help: ["Remove the =."],
      fix: Fix(range, ""))
  }

  /// `=AVERAGE(C2:C100)`
  static func cellAddress(at range: SourceRange) -> Diagnostic {
    Diagnostic(
      "cell-address", "cells have no addresses here; a formula works on columns, by their names", at: range,
      help: [
        "A value of all rows: t | aggregate mean(los). A value in each row: t | derive old = if(age > 65, \"yes\", \"no\")."
      ])
  }

  static func spreadsheetCall(
    _ found: String, _ word: String, _ arguments: [String], at range: SourceRange
  ) -> Diagnostic {
    let spelled = arguments.map { "(\($0))" }.joined(separator: " \(word) ")
    return Diagnostic(
      "operator-as-call", "`\(found)` stands between conditions", at: range,
      help: arguments.isEmpty ? [] : ["Write \(spelled)."], fix: arguments.isEmpty ? nil : Fix(range, spelled)
    )
  }

  static func semicolonInBrackets(at range: SourceRange) -> Diagnostic {
    Diagnostic(
      "semicolon-in-brackets", "in brackets a comma stands between the parts", at: range,
      fix: Fix(range, ","))
  }

  static func assignmentArrow(_ name: String, at range: SourceRange) -> Diagnostic {
    Diagnostic(
      "assignment-arrow", "a name is given its value with let: let \(name) = …", at: range,
      fix: Fix(range, "let \(name) ="))
  }

  static func walrus(at range: SourceRange) -> Diagnostic {
    Diagnostic("walrus", "`:=` is written `=`", at: range, fix: Fix(range, "="))
  }

  static func frameFilter(_ frame: String, _ condition: String, at range: SourceRange) -> Diagnostic {
    let spelled = "\(frame) | filter \(condition)"
    return Diagnostic(
      "frame-index", "rows of a table are chosen with filter", at: range, help: ["Write \(spelled)."],
      fix: Fix(range, spelled))
  }

  static func frameColumn(_ frame: String, _ column: String, at range: SourceRange) -> Diagnostic {
    Diagnostic(
      "frame-index", "columns of a table are chosen with select", at: range,
      help: ["Write \(frame) | select \(column)."])
  }

  static func dollar(_ column: String, at range: SourceRange) -> Diagnostic {
    let name = column.isEmpty ? "x" : column
    return Diagnostic(
      "dollar", "a column is written by its name alone, without the table and $", at: range,
      help: ["Behind t | filter … the columns of t are known: write \(name)."],
      fix: column.isEmpty ? nil : Fix(range, column))
  }

  /// `class == @wanted`
  static func atSign(_ name: String, at range: SourceRange) -> Diagnostic {
    Diagnostic(
      "at-sign", "a parameter is written by its name alone, without @", at: range,
      help: ["Write \(name); it is made with param \(name) = …, or let \(name) = …."], fix: Fix(range, ""))
  }

  /// `df[df$los > 4, c("id", "los")]`
  static func frameBrackets(_ spelled: String, at range: SourceRange) -> Diagnostic {
    Diagnostic(
      "frame-brackets", "rows and columns of a table are chosen by stages behind |, and not in brackets",
      at: range, help: ["Write \(spelled)"])
  }

  /// `df$days <- df$hours / 24`
  static func newColumn(_ spelled: String, at range: SourceRange) -> Diagnostic {
    Diagnostic(
      "new-column", "a table gets a column by the stage derive; a name for the new table is given with let",
      at: range, help: ["Write \(spelled)"])
  }

  /// A command of Stata or Epi Info; whoever knows the tables writes the one that has the columns in place of `t`.
  static func command(_ stages: String, at range: SourceRange) -> Diagnostic {
    Diagnostic(
      "command", "the rows come from a table, which stands first, and what is done with them behind |",
      at: range,
      help: ["Write t | \(stages)"])
  }

  /// `charges > $10,000`
  static func moneySign(_ amount: String, at range: SourceRange) -> Diagnostic {
    Diagnostic(
      "money-sign", "an amount is a number without the sign of its currency, and without commas", at: range,
      help: ["Write \(amount)."])
  }

  static func leadingDot(_ name: String, at range: SourceRange) -> Diagnostic {
    let commands = [
      "quit": "quit", "exit": "quit", "help": "help", "tables": "tables", "schema": "describe T",
      "mode": "set …, or --format on the command line", "read": "include \"file.rounds\"",
      "import": "load \"file.csv\"", "headers": "set", "show": "set", "output": "… | save \"out.csv\"",
    ]
    if let word = commands[name.lowercased()] {
      return Diagnostic(
        "leading-dot", "commands have no dot in front of them", at: range, help: ["Write \(word)."])
    }
    return Diagnostic(
      "leading-dot", "a name has no dot in front of it: \(name)", at: range, fix: Fix(range, ""))
  }

  static func methodCall(_ name: String, _ base: String, at range: SourceRange) -> Diagnostic {
    if MethodChain.isStage(name) {
      return methodsOfTable(["t | …; `help verbs` lists the stages"], at: range)
    }
    return Diagnostic(
      "method-call", "a function stands before what it works on: \(name)(\(base))", at: range,
      help: ["On the rows of a table write t | aggregate x = \(name)(column)."])
  }

  /// `encounters.groupby("ward")["los"].mean()`
  package static func methodsOfTable(_ meant: [String], at range: SourceRange) -> Diagnostic {
    Diagnostic(
      "method-call", "a table has no methods; its stages stand behind |", at: range,
      help: meant.map { "write \($0)" })
  }

  /// `table(encounters$class)`
  static func tableFirst(_ spelled: String, at range: SourceRange) -> Diagnostic {
    Diagnostic(
      "table-first", "the table stands first, and what is done with it behind |", at: range,
      help: ["Write \(spelled)"])
  }

  /// `department !contains "med"`
  static func negatedWord(_ spelled: String, at range: SourceRange) -> Diagnostic {
    Diagnostic("negated-word", "a negation is the word `not`", at: range, help: ["Write \(spelled)."])
  }

  /// `desc(age)`
  static func directionCall(_ word: String, _ key: String, at range: SourceRange) -> Diagnostic {
    let spelled = word.lowercased() == "asc" ? key : "\(key) desc"
    return Diagnostic(
      "direction-call", "`\(word)` stands behind a sort key, without brackets", at: range,
      help: ["Write \(spelled)\(word.lowercased() == "asc" ? "" : ", or -\(key)")."], fix: Fix(range, spelled)
    )
  }

  /// `select *`
  static func starColumns(but excepted: String? = nil, at range: SourceRange) -> Diagnostic {
    Diagnostic(
      "star-columns", "`*` does not stand for the columns", at: range,
      help: excepted.map { ["All columns but these: drop \($0)."] } ?? [
        "Without select all columns stay; in a list of columns everything() stands for all."
      ])
  }

  /// `count(distinct x)`
  static func distinctArgument(_ name: String, at range: SourceRange) -> Diagnostic {
    Diagnostic(
      "distinct-argument", "different values are counted by a function of its own", at: range,
      help: ["Write count_distinct(\(name))."])
  }

  /// The function of a part of a date, which SQL names by a word or a text.
  static func partFunction(_ unit: String) -> String? {
    let functions = ["dow": "weekday", "isodow": "weekday", "doy": "day_of_year"]
    let plain = unit.filter { $0 != "\"" && $0 != "'" }.lowercased()
    let known = ["year", "quarter", "month", "week", "day", "hour", "minute"]
    return functions[plain] ?? (known.contains(plain) ? plain : nil)
  }

  /// The function that makes a value of a type of SQL.
  static func typeFunction(_ type: String) -> String? {
    let own = ["int", "float", "text", "bool", "date", "datetime", "duration"]
    let word = type.lowercased()
    return own.contains(word) ? word : types[word]
  }

  private static let types = [
    "integer": "int", "bigint": "int", "smallint": "int", "double": "float", "decimal": "float",
    "numeric": "float", "real": "float", "varchar": "text", "char": "text", "string": "text",
    "timestamp": "datetime", "boolean": "bool", "interval": "duration",
  ]

  /// `extract(year from x)`
  static func extractFrom(_ unit: String, _ value: String, at range: SourceRange) -> Diagnostic {
    let function = partFunction(unit)
    return Diagnostic(
      "extract-from", "a part of a date is a function of its name", at: range,
      help: [
        function.map { "Write \($0)(\(value))." } ?? "Write year(x), month(x), day(x), hour(x) or minute(x)."
      ])
  }

  /// `cast(x as date)`, `x::date`
  static func cast(_ value: String, _ type: String, call: String? = nil, at range: SourceRange) -> Diagnostic
  {
    if let call {
      return Diagnostic(
        "cast", "a function stands alone, without the library that it comes from elsewhere", at: range,
        help: ["Write \(call)."])
    }
    return Diagnostic(
      "cast", "a type is changed by the function of its name", at: range,
      help: ["Write \(typeFunction(type) ?? type.lowercased())(\(value))."])
  }

  /// `| class == "ED"`
  static func conditionBehindPipe(_ condition: String, at range: SourceRange) -> Diagnostic {
    Diagnostic(
      "condition-behind-pipe", "behind | stands a verb, not a condition", at: range,
      help: [
        "For either-or between conditions write `or`.",
        "For a further condition write | filter \(condition).",
      ])
  }

  /// `case_when(a > 1 ~ "x", TRUE ~ "y")`
  static func caseWhenCall(_ name: String, _ spelled: String, at range: SourceRange) -> Diagnostic {
    Diagnostic(
      "case-when", "the branches of `case` stand in braces, with arrows", at: range,
      help: ["Write \(spelled)"], fix: Fix(range, spelled))
  }

  /// `?median`
  static func questionHelp(_ topic: String, at range: SourceRange) -> Diagnostic {
    Diagnostic(
      "question-help", "help is asked for with a word", at: range,
      help: ["Write help\(topic.isEmpty ? "" : " " + topic)."])
  }

  /// `missing(age)`
  static func missingCall(_ argument: String, at range: SourceRange) -> Diagnostic {
    let spelled = "\(argument.isEmpty ? "x" : argument) is missing"
    return Diagnostic(
      "missing-call", "`missing` is a value, not a function", at: range, help: ["Write \(spelled)."],
      fix: argument.isEmpty ? nil : Fix(range, spelled))
  }
}
