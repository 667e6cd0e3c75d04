import Diagnostics

/// Everything this module says, in the order in which a reader of a text meets it: characters, literals,
/// brackets, operators, statements. What other languages write has a part of its own.
package enum SyntaxMessages {
  typealias Fix = Diagnostic.Fix

  // MARK: - Characters

  /// Signs of printed text, and how they are typed.
  private static let printedSigns = [
    "≥": ">=", "≤": "<=", "≠": "!=", "×": "*", "÷": "/", "–": "-", "—": "-", "−": "-", "·": "*", "∧": "and",
    "∨": "or", "¬": "not", "∈": "in", "→": "->", "…": "..", "²": "^2", "³": "^3",
  ]

  static func unknownCharacter(_ text: String, at range: SourceRange) -> Diagnostic {
    if let typed = printedSigns[text] {
      return Diagnostic(
        "unknown-character", "\(visible(text)) means nothing outside quotes", at: range,
        help: ["It is written \(typed)."], fix: Fix(range, typed))
    }
    return Diagnostic(
      "unknown-character", "\(visible(text)) means nothing outside quotes", at: range,
      help: ["A text stands in double quotes, a name with other characters in backticks: `Facility ID`."])
  }

  static func oddBlank(_ scalar: Unicode.Scalar, at range: SourceRange) -> Diagnostic {
    let number = String(scalar.value, radix: 16, uppercase: true)
    let name = scalar.value == 0xA0 ? "a non-breaking space" : "an unusual blank"
    let padded = String(repeating: "0", count: max(0, 4 - number.count)) + number
    return Diagnostic(
      "odd-blank", "this is \(name) (U+\(padded)), read as a plain blank", at: range,
      help: ["Copied text often holds them; `rounds fmt` replaces them."], fix: Fix(range, " "),
      severity: .warning)
  }

  static func typographicQuotes(_ value: String, at range: SourceRange) -> Diagnostic {
    Diagnostic(
      "typographic-quotes", "a text stands in plain quotes, not in typographic ones", at: range,
      help: ["Write \(quoted(value))."], fix: Fix(range, quoted(value)))
  }

  static func unclosedText(_ quote: String, at range: SourceRange) -> Diagnostic {
    Diagnostic(
      "unclosed-text", "the text that opens here with \(quote) is not closed on its line", at: range,
      help: [
        "Put the closing quote where the text ends; a line end inside a text is written \\n.",
        "A quote inside a text is written \\\".",
      ])
  }

  static func unclosedName(at range: SourceRange) -> Diagnostic {
    Diagnostic(
      "unclosed-name", "the name that opens here with a backtick is not closed on its line", at: range,
      help: ["Names with blanks stand between backticks: `Facility ID`."])
  }

  static func emptyName(at range: SourceRange) -> Diagnostic {
    Diagnostic("empty-name", "a name is missing between the backticks", at: range)
  }

  static func doubledQuote(_ value: String, at range: SourceRange) -> Diagnostic {
    Diagnostic(
      "doubled-quote", "a quote inside a text is written with a backslash, not doubled", at: range,
      help: ["Write \(quoted(value))."], fix: Fix(range, quoted(value)))
  }

  static func textPrefix(_ prefix: String, _ text: String, at range: SourceRange) -> Diagnostic {
    Diagnostic(
      "text-prefix", "a text has no prefix `\(prefix)`", at: range,
      help: [
        "Every text keeps backslashes as typed unless they are \\n, \\t, \\\", \\', \\\\ or \\u{…}; only f\"…{x}…\" has a letter."
      ], fix: Fix(range, text))
  }

  static func strayBraceInText(at range: SourceRange) -> Diagnostic {
    Diagnostic(
      "brace-in-text", "this } closes nothing", at: range,
      help: ["A brace itself is written twice in f\"…\": }}."], fix: Fix(range, "}}"))
  }

  static func unclosedBraceInText(at range: SourceRange) -> Diagnostic {
    Diagnostic(
      "brace-in-text", "the { that opens here is not closed before the text ends", at: range,
      help: ["Write f\"{expression}\"; a brace itself is written twice: {{."])
  }

  static func emptyBraceInText(at range: SourceRange) -> Diagnostic {
    Diagnostic(
      "brace-in-text", "an expression is missing between the braces", at: range,
      help: ["Write f\"{name}\"; braces themselves are written twice: {{}}."])
  }

  // MARK: - Numbers

  static func integerTooLarge(at range: SourceRange) -> Diagnostic {
    Diagnostic(
      "number-too-large", "this whole number is too large: the largest is 9,223,372,036,854,775,807",
      at: range,
      help: ["Put .0 behind it for a float, or quotes around it if it is an identifier."])
  }

  static func numberTooLarge(at range: SourceRange) -> Diagnostic {
    Diagnostic("number-too-large", "this number is too large: the largest is about 1.8e308", at: range)
  }

  static func commaInNumber(_ spelled: NumberSpelling, at range: SourceRange) -> Diagnostic {
    let ways = [
      spelled.grouped.map { "\($0) with groups of digits" }, spelled.decimal.map { "\($0) with decimals" },
      "a blank behind the comma for two numbers",
    ].compactMap { $0 }
    let list = ways.dropLast().joined(separator: ", ") + ", or " + (ways.last ?? "")
    return Diagnostic(
      "thousands-separator",
      "a comma separates items; in a number the decimals stand behind a point, and _ groups digits",
      at: range,
      help: ["Write \(list)."], fix: (spelled.grouped ?? spelled.decimal).map { Fix(range, $0) })
  }

  static func percentOrRemainder(_ number: String, _ next: String, at range: SourceRange) -> Diagnostic {
    Diagnostic(
      "percent-or-remainder",
      "`\(number)%` is a percentage, because the sign touches the digits\(next.hasPrefix("-") ? "" : ", and nothing joins it to `\(next)`")",
      at: range, help: ["For the remainder of a division write `\(number) % \(next)`."],
      fix: Fix(range, "\(number) % \(next)"))
  }

  /// The fault of a unit that is known from elsewhere; nil for other letters.
  static func unknownUnit(_ number: String, _ unit: String, at range: SourceRange) -> Diagnostic? {
    let ours: [String: String] = [
      "m": "min", "mins": "min", "minute": "min", "minutes": "min", "hr": "h", "hrs": "h", "hour": "h",
      "hours": "h", "day": "d", "days": "d", "week": "w", "weeks": "w", "wk": "w", "sec": "s", "secs": "s",
      "second": "s", "seconds": "s", "D": "d", "H": "h", "W": "w", "S": "s", "Min": "min", "MIN": "min",
    ]
    let code = "unknown-unit"
    if let right = ours[unit] {
      let extra = unit == "m" ? ["`m` could be months or minutes; months are add(x, \(number), months)."] : []
      return Diagnostic(
        code, "`\(unit)` is no unit of a duration", at: range,
        help: ["Write \(number)\(right)." as String] + extra, fix: Fix(range, number + right))
    }
    if ["y", "yr", "yrs", "year", "years", "mo", "month", "months", "q", "quarter", "Y", "M"].contains(unit) {
      let name =
        ["y", "yr", "yrs", "year", "years", "Y"].contains(unit)
        ? "years" : unit.hasPrefix("q") ? "quarters" : "months"
      return Diagnostic(
        code, "\(name) are of different lengths, so they are no duration", at: range,
        help: ["Write add(x, \(number), \(name)) to go that far in the calendar."])
    }
    if ["µs", "ns"].contains(unit) {
      return Diagnostic(
        code, "`\(unit)` is no unit of a duration", at: range,
        help: ["The units are w, d, h, min, s, ms and us, which is the smallest step."])
    }
    return nil
  }

  static func nameBeginsWithDigit(_ spelling: String, at range: SourceRange) -> Diagnostic {
    Diagnostic(
      "name-begins-with-digit", "`\(spelling)` is neither a number nor a name", at: range,
      help: [
        "A name that begins with a digit stands in backticks: `\(spelling)`.",
        "The units of a duration are w, d, h, min, s and ms.",
      ], fix: Fix(range, "`\(spelling)`"))
  }

  static func durationTooLong(at range: SourceRange) -> Diagnostic {
    Diagnostic(
      "duration-too-long", "this duration is too long: the longest is about 292,000 years", at: range)
  }

  static func durationOrder(at range: SourceRange) -> Diagnostic {
    Diagnostic(
      "duration-order", "the parts of a duration go from the larger unit to the smaller, each once",
      at: range,
      help: ["Write 30d 4h 15min; to add two durations put + between them."])
  }

  // MARK: - Dates

  static func noSuchMonth(_ month: Int, at range: SourceRange) -> Diagnostic {
    Diagnostic(
      "no-such-date", "there is no month \(month): months go from 01 to 12", at: range,
      help: ["Dates are written year-month-day: 2026-10-01. A subtraction has blanks: 2026 - 10 - 1."])
  }

  static func noSuchYear(at range: SourceRange) -> Diagnostic {
    Diagnostic("no-such-date", "there is no year 0000: years go from 0001 to 9999", at: range)
  }

  static func noSuchDay(_ day: Int, year: Int, month: Int, length: Int, at range: SourceRange) -> Diagnostic {
    let months = [
      "January", "February", "March", "April", "May", "June", "July", "August", "September", "October",
      "November", "December",
    ]
    let name = months.indices.contains(month - 1) ? months[month - 1] : "the month"
    return Diagnostic(
      "no-such-date", "there is no day \(day) in \(name) \(year): it has \(length) days", at: range)
  }

  static func shortDate(_ padded: String, at range: SourceRange) -> Diagnostic {
    Diagnostic(
      "short-date", "month and day of a date have two digits each", at: range,
      help: ["Write \(padded); a subtraction has blanks around its signs."], fix: Fix(range, padded))
  }

  static func unreadableDate(_ spelling: String, at range: SourceRange) -> Diagnostic {
    Diagnostic(
      "unreadable-date", "`\(spelling)` is no date", at: range,
      help: ["Dates are written 2026-10-01, with a time 2026-10-01T08:30."])
  }

  static func partialDate(_ year: String, _ month: String, at range: SourceRange) -> Diagnostic {
    Diagnostic(
      "partial-date", "`\(year)-\(month)` is neither a whole date nor clearly a subtraction", at: range,
      help: [
        "A date has a day: \(year)-\(month)-01. A month is start_of(x, month) == \(year)-\(month)-01.",
        "A subtraction has blanks: \(year) - \(month).",
      ])
  }

  static func unreadableTime(_ spelling: String, at range: SourceRange) -> Diagnostic {
    Diagnostic(
      "unreadable-time", "the time of `\(spelling)` cannot be read", at: range,
      help: ["Write hours and minutes with two digits: 2026-10-01T08:30, then :15.5 or +01:00 where needed."])
  }

  static func noSuchTime(at range: SourceRange) -> Diagnostic {
    Diagnostic(
      "no-such-time", "there is no such time of day: it goes from 00:00 to 23:59:59.999999", at: range,
      help: ["Midnight at a day's end is 00:00 of the next day."])
  }

  static func tooFineTime(at range: SourceRange) -> Diagnostic {
    Diagnostic(
      "no-such-time", "times are kept to the microsecond: at most six digits behind the seconds", at: range)
  }

  static func noSuchOffset(at range: SourceRange) -> Diagnostic {
    Diagnostic(
      "no-such-time", "an offset goes from -18:00 to +18:00", at: range,
      help: ["Write Z for UTC, or hours and minutes: +01:00."])
  }

  static func blankInDatetime(_ date: String, _ time: String, at range: SourceRange) -> Diagnostic {
    Diagnostic(
      "blank-in-datetime", "date and time of a datetime are joined by a T", at: range,
      help: ["Write \(date)T\(time)."], fix: Fix(range, "\(date)T\(time)"))
  }

  // MARK: - Brackets

  static func unclosedBracket(_ symbol: Symbol, at range: SourceRange) -> Diagnostic {
    Diagnostic(
      "unclosed-bracket", "the \(symbol.rawValue) that opens here is not closed", at: range,
      help: ["Put \(symbol.closing?.rawValue ?? "") where it ends."])
  }

  static func strayBracket(_ symbol: Symbol, at range: SourceRange) -> Diagnostic {
    Diagnostic(
      "stray-bracket", "this \(symbol.rawValue) closes nothing", at: range,
      help: ["Remove it, or put the opening bracket where it belongs."])
  }

  static func wrongBracket(
    _ symbol: Symbol, at range: SourceRange, opening: Symbol, at place: SourceRange
  ) -> Diagnostic {
    let right = opening.closing?.rawValue ?? ""
    return Diagnostic(
      "wrong-bracket", "\(opening.rawValue) is closed by \(right), not by \(symbol.rawValue)", at: range,
      fix: Fix(range, right), related: [.init(place, "\(opening.rawValue) opened here")])
  }

  static func emptyParentheses(at range: SourceRange) -> Diagnostic {
    Diagnostic(
      "empty-brackets", "an expression is missing in the brackets", at: range,
      help: ["An empty list is written []."])
  }

  static func emptyIndex(at range: SourceRange) -> Diagnostic {
    Diagnostic(
      "empty-index", "a position or a condition is missing in the brackets", at: range,
      help: ["x[0] is the first element, x[code == \"1\"] the first for which the condition holds."])
  }

  static func indexWithComma(_ base: String, at range: SourceRange) -> Diagnostic {
    Diagnostic(
      "index-with-comma", "brackets behind a name hold one position or one condition", at: range,
      help: ["To choose rows and columns of a table write \(base) | filter condition | select a, b."])
  }

  static func sliceWithColon(at range: SourceRange) -> Diagnostic {
    Diagnostic(
      "slice", "brackets behind a name hold one position or one condition, no slice", at: range,
      help: ["Rows are cut with take and skip, a text with substring(x, from, length)."])
  }

  static func listInParentheses(_ inner: String, at range: SourceRange) -> Diagnostic {
    Diagnostic(
      "list-in-parentheses", "several values in a row stand in square brackets", at: range,
      help: ["Write [\(inner)]."], fix: Fix(range, "[\(inner)]"))
  }

  static func nothingBeforeComma(at range: SourceRange) -> Diagnostic {
    Diagnostic("nothing-before-comma", "something is missing before this comma", at: range)
  }

  static func nothingAfterComma(at range: SourceRange) -> Diagnostic {
    Diagnostic(
      "nothing-after-comma", "the statement ends in a comma", at: range,
      help: ["Remove the comma, or go on with the next item."])
  }

  /// - Parameter name: what may be one name with blanks.
  static func operatorMissing(_ before: String, _ found: String, name: String?, at range: SourceRange)
    -> Diagnostic
  {
    // `12 months`
    let units = ["day", "week", "month", "quarter", "year", "hour", "minute"]
    let isLength =
      before.allSatisfy(\.isNumber)
      && units.contains { ["`\($0)`", "`\($0)s`"].contains(found.lowercased()) }
    return Diagnostic(
      "operator-missing", "an operator or a comma is missing between `\(before)` and \(found)", at: range,
      help: (name.map { ["One name with blanks or signs stands in backticks: `\($0)`."] } ?? [])
        + (isLength ? ["A duration is written 7d, 4h or 52w; a number of rows stands alone: \(before)."] : [])
    )
  }

  /// `Unit No.`
  static func pointInName(_ name: String, at range: SourceRange) -> Diagnostic {
    Diagnostic(
      "point-in-name", "no point can stand here", at: range,
      help: ["A name with blanks or signs stands in backticks: `\(name)`."])
  }

  static func blankBeforeCall(_ name: String, at range: SourceRange) -> Diagnostic {
    Diagnostic(
      "blank-before-call", "a function touches its brackets: `\(name)(…)`", at: range,
      help: ["Remove the blank."], fix: Fix(range, ""))
  }

  static func pipeInArguments(at range: SourceRange) -> Diagnostic {
    Diagnostic(
      "pipe-in-arguments", "a | cannot stand here", at: range,
      help: [
        "Write `or` for either-or.",
        "A pipeline among other things stands in brackets of its own: (t | take 1).",
      ])
  }

  static func walrusArgument(at range: SourceRange) -> Diagnostic {
    Diagnostic("walrus", "arguments are named with a colon", at: range, fix: Fix(range, ":"))
  }

  /// `mean(x, where = y == 3)`
  static func argumentEquals(_ name: String, at range: SourceRange) -> Diagnostic {
    Diagnostic(
      "argument-equals", "inside brackets `=` compares; an argument is named with a colon", at: range,
      help: ["Write \(name): condition."], fix: Fix(range, name + ":"))
  }

  // MARK: - Operators

  static func expressionExpected(
    _ found: String, behind: String?, beginsLine: Bool, at range: SourceRange
  ) -> Diagnostic {
    if let behind {
      let isHalf =
        ["and", "or"].contains(behind.lowercased())
        && ["`<`", "`<=`", "`>`", "`>=`", "`==`", "`=`", "`!=`", "`in`"].contains(found)
      return Diagnostic(
        "expression-expected", "something is missing between `\(behind)` and \(found)", at: range,
        help: [
          isHalf
            ? "Both sides of `\(behind.lowercased())` are whole conditions: x > 18 \(behind.lowercased()) x < 65."
            : "A value, a name, a call or brackets can stand here."
        ])
    }
    return Diagnostic(
      "expression-expected", "\(found) cannot stand here", at: range,
      help: (beginsLine ? [lineGoesOn] : []) + ["A value, a name, a call or brackets can stand here."])
  }

  static func lineBeginsWithOperator(_ sign: String, at range: SourceRange) -> Diagnostic {
    Diagnostic(
      "expression-expected", "a statement does not begin with `\(sign)`", at: range, help: [lineGoesOn])
  }

  static let lineGoesOn = "To go on with the line above, begin this one deeper."

  /// `x >> 3`
  static func doubledSign(_ sign: String, at range: SourceRange) -> Diagnostic {
    Diagnostic(
      "doubled-sign", "`\(sign)\(sign)` compares nothing", at: range,
      help: ["Write \(sign), or \(sign)= where equal values count too."], fix: Fix(range, sign))
  }

  /// `x <- 3` in a condition.
  static func arrowLess(at range: SourceRange) -> Diagnostic {
    Diagnostic(
      "arrow-less", "`<-` could be an arrow or a comparison with a negative value", at: range,
      help: [
        "Write < - with a blank between for the comparison.",
        "A name is given its value with =: derive x = 3.",
      ], fix: Fix(range, "< -"))
  }

  static func isLeftOut(at range: SourceRange) -> Diagnostic {
    Diagnostic(
      "is-without-missing", "missing values are asked for with `is`: x is not missing", at: range,
      fix: Fix(SourceRange(range.lower, range.lower), "is "))
  }

  static func unexpected(_ found: String, at range: SourceRange) -> Diagnostic {
    Diagnostic("unexpected", "\(found) cannot follow what stands before it", at: range)
  }

  static func reservedWord(_ word: String, isFirst: Bool, at range: SourceRange) -> Diagnostic {
    var help = ["A column of that name stands in backticks: `\(word)`."]
    if isFirst, word.lowercased() == "desc" { help = ["What a table holds: describe encounters."] }
    if !isFirst, ["asc", "desc"].contains(word.lowercased()) {
      help.insert("`\(word)` follows its column without a comma: sort a, b desc.", at: 0)
    }
    if isFirst, ReservedWord(spelling: word)?.isOperator == true {
      help.insert(lineGoesOn, at: 0)
    }
    return Diagnostic(
      "reserved-word", "`\(word)` is a word of the language and no value can be read here", at: range,
      help: help)
  }

  static func foreignOperator(
    _ found: String, _ ours: String, at range: SourceRange, fixWith replacement: String? = nil
  ) -> Diagnostic {
    let help =
      switch found {
      case "||", "&": ["Texts are put together with concat(a, b) or f\"{a} {b}\"."]
      case "=~": ["`~` looks for a pattern; the same text in capitals or not: lower(x) == \"…\"."]
      default: [String]()
      }
    return Diagnostic(
      "foreign-operator", "`\(found)` is written `\(ours)`", at: range, help: help,
      fix: Fix(range, replacement ?? ours))
  }

  static func notNeedsBrackets(_ negation: String, at range: SourceRange) -> Diagnostic {
    Diagnostic(
      "not-needs-brackets", "behind an operator `not` stands in brackets with what it denies", at: range,
      help: ["Write (\(negation))."], fix: Fix(range, "(\(negation))"))
  }

  /// `second` is the middle operand with the second sign and what follows.
  static func comparisonChain(
    _ first: String, _ middle: String, _ second: String, at range: SourceRange, isJoined: Bool = false
  ) -> Diagnostic {
    let spelled = isJoined ? "\(first) and \(second)" : "\(first) == \(middle) and \(second)"
    return Diagnostic(
      "comparison-chain", "comparisons do not chain", at: range,
      help: ["Write \(spelled).", "`x between low and high` holds both ends."], fix: Fix(range, spelled))
  }

  /// `triage in [1, 2] == false`
  static func comparedComparison(_ first: String, _ rest: String, at range: SourceRange) -> Diagnostic {
    let spelled = "(\(first)) \(rest)"
    return Diagnostic(
      "comparison-chain", "comparisons do not chain", at: range,
      help: ["Write \(spelled), or not (\(first)) for what is not so."], fix: Fix(range, spelled))
  }

  static func betweenWithoutAnd(at range: SourceRange) -> Diagnostic {
    Diagnostic(
      "between-without-and", "`between` takes two ends joined by `and`", at: range,
      help: ["Write x between 18 and 65; both ends are included."])
  }

  static func betweenComma(at range: SourceRange) -> Diagnostic {
    Diagnostic(
      "between-without-and", "the ends of `between` are joined by `and`, not by a comma", at: range,
      help: ["Write x between 18 and 65; both ends are included."], fix: Fix(range, " and"))
  }

  static func betweenRange(_ spelled: String, at range: SourceRange) -> Diagnostic {
    Diagnostic(
      "between-without-and", "the ends of `between` are joined by `and`; a range stands behind `in`",
      at: range,
      help: ["Write between \(spelled)."], fix: Fix(range, spelled))
  }

  static func isWithoutMissing(at range: SourceRange) -> Diagnostic {
    Diagnostic(
      "is-without-missing", "`is` asks for missing values: x is missing, x is not missing", at: range)
  }

  static func isComparison(_ sign: String, at range: SourceRange) -> Diagnostic {
    Diagnostic(
      "is-without-missing", "`is` asks for missing values only; values are compared with \(sign)", at: range,
      fix: Fix(range, sign))
  }

  static func misplacedRange(_ spelling: String, at range: SourceRange) -> Diagnostic {
    Diagnostic(
      "misplaced-range", "a range stands in a list, behind `in`, or alone for a run of columns", at: range,
      help: ["Write [\(spelling)] for the values, `x in \(spelling)` for a condition."])
  }

  static func directionMisplaced(_ word: String, at range: SourceRange) -> Diagnostic {
    Diagnostic(
      "direction-misplaced", "`\(word)` stands behind a sort key, outside brackets", at: range,
      help: ["Write sort a, b desc."])
  }

  static func tooManyFaults(at range: SourceRange) -> Diagnostic {
    Diagnostic(
      "too-many", "from here on are more faults, which are not shown",
      at: SourceRange(range.lower, range.lower),
      help: ["Mend the first ones and check again."])
  }

  static func colonMisplaced(at range: SourceRange) -> Diagnostic {
    Diagnostic(
      "colon-misplaced", "a colon cannot stand here", at: range,
      help: [
        "Arguments are named with it in brackets: f(x, per: 1000). A range is 1..5; a def is def f(x) = x * 2."
      ])
  }

  /// - Parameter name: what may be a name that ends in the sign.
  static func ternary(name: String?, at range: SourceRange) -> Diagnostic {
    Diagnostic(
      "ternary", "a choice is written if(condition, then, otherwise)", at: range,
      help: (name.map { ["A column of that name stands in backticks: `\($0)`."] } ?? [])
        + ["For a value in place of a missing one write a ?? b."])
  }

  // MARK: - Statements

  static func emptyStatement(at range: SourceRange) -> Diagnostic {
    Diagnostic(
      "empty-statement", "there is no statement before this ;", at: range,
      help: ["One ; or a line end ends a statement."], fix: Fix(range, ""))
  }

  static func verbExpected(_ token: Token, _ text: String, isAtEnd: Bool) -> Diagnostic {
    if isAtEnd {
      return Diagnostic(
        "verb-expected", "a verb is missing behind |", at: token.range,
        help: ["Go on with filter, derive, aggregate, sort …, or remove the |."])
    }
    var help = ["Behind | stands a verb: filter, derive, aggregate, sort …"]
    if token.symbol == .openParenthesis || token.kind == .word(.not) {
      help.append("For either-or between conditions write `or`.")
    }
    if token.symbol == .openParenthesis || token.symbol == .openBracket {
      help.append("A stage stands without brackets: | filter age >= 65 | take 5")
    }
    return Diagnostic("verb-expected", "`\(text)` is no verb", at: token.range, help: help)
  }

  static func verbAsCall(_ verb: String, arguments: String, at range: SourceRange) -> Diagnostic {
    let trimmed = trimmed(arguments)
    if trimmed.hasPrefix("where:") {
      let condition = trimmed.dropFirst("where:".count)
      return Diagnostic(
        "call-as-verb", "behind | stands the verb `\(verb)`, which takes no brackets", at: range,
        help: ["Write aggregate n = \(verb)(\(trimmed)), or filter\(condition) | \(verb)."])
    }
    // `summarise(n = n())`
    let counted = ["= n()", "=n()"].reduce(trimmed) { $0.replacing($1, with: "= count()") }
    let spelled = counted.isEmpty ? "" : " " + behind(counted)
    return Diagnostic(
      "verb-as-call", "a verb takes no brackets", at: range,
      help: ["Write \(verb)\(spelled)."], fix: Fix(range, spelled))
  }

  /// `n = count(), .by = ward`: the groups stand behind `by`.
  private static func behind(_ arguments: String) -> String {
    let words = [", .by = ", ", .by=", ", by = ", ", by="]
    guard let range = words.lazy.compactMap({ arguments.firstRange(of: $0) }).first else { return arguments }
    var keys = arguments[range.upperBound...]
    if keys.hasPrefix("c("), keys.hasSuffix(")") { keys = keys.dropFirst(2).dropLast() }
    return "\(arguments[..<range.lowerBound]) by \(keys)"
  }

  static func blankAfterVerb(_ verb: String, at range: SourceRange) -> Diagnostic {
    Diagnostic(
      "verb-as-call", "a blank stands behind a verb", at: range, help: ["Write \(verb) (…)."],
      fix: Fix(range, " "))
  }

  static func defaultMissing(_ name: String, type: String, at range: SourceRange) -> Diagnostic {
    if ["by", "sort", "on"].contains(name.lowercased()) {
      return Diagnostic(
        "clause-colon", "`\(name)` stands without a colon, and without a comma in front", at: range,
        help: ["Write … \(name.lowercased()) \(type)."])
    }
    return Diagnostic(
      "default-missing", "a value is missing behind `\(name): \(type)`", at: range,
      help: ["Write \(name): \(type) = value."])
  }

  static func colonOutsideBrackets(_ name: String, _ next: String? = nil, at range: SourceRange) -> Diagnostic
  {
    Diagnostic(
      "colon-outside-brackets", "outside brackets a name is given its value with =", at: range,
      help: ["Write \(name) = …; the colon names arguments in brackets."]
        + (next.map { ["All columns from one to another: \(name)..\($0)."] } ?? []), fix: Fix(range, " ="))
  }

  static func tooDeep(limit: Int, at range: SourceRange) -> Diagnostic {
    Diagnostic(
      "too-deep", "brackets and signs are nested more than \(limit) deep here", at: range,
      help: ["Give a part a name with derive or let."])
  }

  static func tooManyOperators(limit: Int, at range: SourceRange) -> Diagnostic {
    Diagnostic(
      "too-many-operators", "a statement holds more than \(grouped(limit)) operators", at: range,
      help: ["Many values to compare with stand in a list: x in [\"a\", \"b\"]."])
  }

  // MARK: - Spelling

  /// A text as the language writes it.
  static func quoted(_ value: String) -> String {
    var result = "\""
    for character in value.unicodeScalars {
      if character == "\"" { result += "\\" }
      result.unicodeScalars.append(character)
    }
    return result + "\""
  }

  private static func trimmed(_ text: String) -> String {
    var slice = text[...]
    while slice.first?.isWhitespace == true { slice.removeFirst() }
    while slice.last?.isWhitespace == true { slice.removeLast() }
    return String(slice)
  }
}
