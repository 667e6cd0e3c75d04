import Columns
import Language

/// What people bring from SQL, R, Python, KQL, Stata, Epi Info and spreadsheets, and how it is written here. Aliases
/// that mean exactly the same are in the rows of verbs and functions; these have no single counterpart.
package enum ForeignHabits {
  /// Aliases of verbs that are unclear with a minus behind: `head -3`.
  package static let unclearWithMinus: Set<String> = ["head"]

  /// Verbs, by name in lower case.
  static let verbs: [String: String] = [
    "group_by": byGroups, "groupby": byGroups, "group": byGroups, "by": byGroups, "bysort": byGroups,
    "over": byGroups, "partition": byGroups,
    "having":
      "a condition on groups is a filter behind them: | aggregate n = count() by ward | filter n > 10",
    "from": "the table stands first: encounters | filter …",
    "merge": "write join other on key", "lookup": "write join left other on key",
    "left_join": "write join left other on key", "right_join": "write join right other on key",
    "full_join": "write join full other on key", "inner_join": "write join other on key",
    "semi_join": "write join semi other on key", "anti_join": "write join anti other on key",
    "anti": "write join anti other on key", "semi": "write join semi other on key",
    "asof": "write join asof other on key and other.time <= time", "bottom": "write top 5 -x",
    "exclude": "write drop a, b", "transpose": "write pivot or unpivot",
    "left": "write join left other on key", "right": "write join right other on key",
    "full": "write join full other on key", "inner": "write join other on key",
    "outer": "write join full other on key", "cross": "write join other on true",
    "glimpse": "write describe", "str": "write describe", "summary": "write describe",
    "info": "write describe", "codebook": "write describe", "dtypes": "write describe",
    "print": "write show", "list": "write show", "view": "write show",
    "tabulate": byColumn, "tab1": byColumn, "freq": byColumn, "tab": byColumn, "frequencies": byColumn,
    "vlookup": "write join left other on key", "xlookup": "write join left other on key",
    "table": "write count by a, b, or pivot rows a columns b values count()",
    "tables": "write count by a, b, or pivot rows a columns b values count()",
    "crosstab": "write pivot rows a columns b values count()",
    "means": "write aggregate m = mean(x) by group", "summ": "write describe",
    "gen": "write derive name = expression", "generate": "write derive name = expression",
    "egen": "write derive name = expression, such as derive m = mean(age) by ward",
    "assign": "write derive name = expression", "define": "write derive name = expression",
    "replace": "write derive column = expression", "update": "write derive column = expression",
    "transmute": "write select name = expression, …",
    "keep": "write select a, b for columns, filter condition for rows",
    "remove": "write drop a, b for columns, filter not (condition) for rows",
    "delete": "write drop a, b for columns, filter not (condition) for rows",
    "drop_na": "write filter x is not missing", "dropna": "write filter x is not missing",
    "drop_missing": "write filter x is not missing",
    "fillna": "write fill x with 0", "replace_na": "write fill x with 0", "ffill": "write fill x down",
    "first": "write take 5", "last": "write take -5", "let": "write derive name = expression",
    "set": "write derive name = expression", "bar": "write chart bar y by x", "pie": "write chart bar y by x",
    "line": "write chart line y by x", "scatter": "write chart scatter y by x",
    "boxplot": "write chart box y by x",
    "barplot": "write chart bar y by x", "parse": "write derive part = extract(x, \"pattern\")",
    "tail": "write take -5", "slice": "write take 5, take -5, or skip 5", "offset": "write skip 5",
    "sort_by": "write sort a, -b", "sort_values": "write sort a, -b", "order": "write sort a, b desc",
    "nlargest": "write top 5 x", "nsmallest": "write top 5 -x", "slice_max": "write top 5 x",
    "concat": "write append other", "rbind": "write append other", "bind_rows": "write append other",
    "spread": "write pivot rows a columns b values count()",
    "gather": "write unpivot jan..dec into month, visits",
    "explode": "write split column", "unnest": "write split column",
    "mv_expand": "write split column",
    "histogram": "write chart histogram x", "hist": "write chart histogram x",
    "ggplot": "write chart kind y by x",
    "drop_duplicates": firstOfEach,
    "duplicated": firstOfEach,
    "dedup": firstOfEach,
    "dedupe": firstOfEach,
    "duplicates": firstOfEach,
    "render": "write chart kind y by x", "to_csv": "write save \"out.csv\"",
    "write": "write save \"out.csv\"",
    "write_csv": "write save \"out.csv\"", "as": "a name is given with let: let name = encounters | …",
    "into": "a name is given with let: let name = encounters | …",
    "collapse": "write aggregate m = mean(age) by site",
    "separate": "write derive first = split_part(x, \" \", 1), second = split_part(x, \" \", 2)",
    "unite": "write derive both = concat(a, \" \", b)",
    "complete": absentRows, "expand": absentRows, "expand_grid": absentRows, "tsfill": absentRows,
    "slice_min": "write top 5 -x", "rowwise": "each expression of derive works on one row",
    "across": "write each column: derive a = round(a), b = round(b)",
    "count_values": "write count by column", "relocate": "write select b, a, everything()",
    "head_n": "write take 5", "slice_head": "write take 5", "slice_tail": "write take -5",
    "slice_sample": "write sample 5", "sample_n": "write sample 5",
    "pull": "write select column", "fields": "write select a, b", "eval": "write derive name = expression",
    "compute": "write derive name = expression", "with_columns": "write derive name = expression",
    "mutate_at": "write derive name = expression", "search": "write filter condition",
    "stats": "write aggregate n = count(), m = mean(x) by group",
    "eventstats": "write derive m = mean(x) by group",
    "streamstats": "write derive s = running_sum(x) by group sort time",
    "add_count": "write derive n = count() by group", "rare": "write count by column | sort n",
    "fillnull": "write fill x with 0", "mvexpand": "write split column", "mv-expand": "write split column",
    "xtile": "write derive q = quantile_group(x, 4) sort x",
    "recode": "write derive new = case x { \"a\" -> \"b\", else -> x }",
    "reshape": "write pivot rows a columns b values count(), or unpivot jan..dec into month, visits",
    "reverse": "write sort x desc by what the rows are to be sorted by",
  ]

  private static let absentRows =
    "write the rows that should be there as a table, and join the others to it: table day = sequence(2026-01-01, 2026-01-31, 1d) | join left counts on day | fill n with 0"

  private static let firstOfEach = "write distinct, or take 1 by key for the first row of each key"
  private static let byColumn = "write count by column"
  private static let byGroups =
    "groups stand behind `by` in the verb that uses them: aggregate n = count() by ward"

  /// What to write for a verb of another language; nil for other names.
  static func verb(_ name: String, _ arguments: String?) -> String? {
    guard let meant = verbs[name.lowercased()] else { return nil }
    guard let arguments, !arguments.isEmpty else { return meant }
    // The examples that end in a number take the one that was written.
    if meant.hasSuffix("5"), !meant.contains(","), arguments.allSatisfy(\.isNumber) {
      return meant.dropLast() + arguments
    }
    if let own = withOwnNames(meant, arguments) { return own }
    if let own = slice(name.lowercased(), arguments) { return own }
    if meant == byColumn {
      // Behind a comma Stata has options.
      let columns = arguments.split(separator: ",").first ?? ""
      let names = columns.split(separator: " ").map(String.init)
      return names.allSatisfy { isName($0, dots: true) }
        ? "write count by \(names.joined(separator: ", "))" : meant
    }
    let keys = arguments.hasPrefix("by ") ? String(arguments.dropFirst(3)) : arguments
    return meant == byGroups ? meant.replacing("by ward", with: "by \(keys)") : meant
  }

  /// `left join patients on id`, `left_join patients on a = b`, `fillna age 0`: what to write, with the names that
  /// stand there; nil where the words do not show what they are.
  private static func withOwnNames(_ meant: String, _ arguments: String) -> String? {
    // Where a part is more than a name its words do not show where it ends.
    if arguments.contains(where: { "([{`".contains($0) }) || arguments.contains(" as ") { return nil }
    var words = arguments.split(separator: " ")
    if meant.hasPrefix("write join "), meant.contains(" other on ") {
      if words.first == "outer" { words.removeFirst() }
      if words.first == "join" { words.removeFirst() }
      guard var other = words.first, meant.hasSuffix(" other on key") else { return nil }
      let start = meant.dropLast("other on key".count)
      // `on patient_id how left`
      var kind = ""
      if let how = words.lastIndex(where: { $0.lowercased().hasPrefix("how") }), how > 1 {
        let given = words[how...].joined().drop { $0 != "=" && !$0.isWhitespace }.filter { $0.isLetter }
        let bare = words.last.map { $0.filter(\.isLetter) } ?? ""
        let named = (given.isEmpty ? bare : String(given)).lowercased()
        kind =
          named == "outer" ? "full " : ["left", "right", "inner", "full"].contains(named) ? named + " " : ""
        words.removeSubrange(how...)
        if words.last?.last == "," { words[words.count - 1].removeLast() }
      }
      var condition =
        ["on", "by", "using"].contains(words.dropFirst().first)
        ? words.dropFirst(2).joined(separator: " ") : ""
      if other.last == "," {
        // `left_join(patients, by = "patient_id")`
        other.removeLast()
        let isKey = ["by", "on"].contains(words.dropFirst().first) && words.dropFirst(2).first == "="
        condition = isKey ? unquoted(words.dropFirst(3).joined(separator: " ")) : ""
      }
      return start + kind + other + " on " + (condition.isEmpty ? "key" : condition)
    }
    if meant == "write fill x with 0" {
      words = words.map { $0.last == "," ? $0.dropLast() : $0 }
      if words.count == 2 { return "write fill \(words[0]) with \(words[1])" }
      return words.count == 1 ? "write fill column with \(words[0])" : nil
    }
    return nil
  }

  /// Kinds of chart that others draw.
  package static func isChartKind(_ word: String) -> Bool {
    ["pie", "donut", "doughnut", "funnel", "control", "radar", "pareto", "gauge", "treemap", "violin"]
      .contains(
        word.lowercased())
  }

  /// Words that begin statements elsewhere, by name in lower case.
  static let statements: [String: String] = [
    "tables": "write tables, which lists them all; for one of them describe encounters",
    "import": "a file is read with load \"file.csv\"; nothing needs to be imported",
    "library": "nothing needs to be loaded but data: load \"file.csv\"",
    "require": "nothing needs to be loaded but data: load \"file.csv\"",
    "use": "write load \"file.csv\"", "read": "write load \"file.csv\"", "insheet": "write load \"file.csv\"",
    "open": "write load \"file.csv\"", "attach": "write load \"file.csv\"",
    "read_csv": "write load \"file.csv\"",
    "insert": "tables are not changed in place; rows of another table are put behind with append",
    "delete": "tables are not changed in place; write encounters | filter not (condition)",
    "update": "tables are not changed in place; write encounters | derive column = expression",
    "create": "write let name = encounters | …", "with": "write let name = encounters | … before the query",
    "var": "write let name = value", "const": "write let name = value",
    "function": "write def name(x) = expression",
    "proc":
      "write encounters | aggregate mean(age) by site, encounters | count by site, or encounters | describe",
    "source": "a script is run with include \"x.rounds\"",
    "tutorial": "write learn", "lesson": "write learn", "lessons": "write learn",
    "course": "write learn", "examples": "write learn, or help \"what you want\"",
    "schema": "write describe encounters", "columns": "write describe encounters",
    "colnames": "write describe encounters", "names": "write describe encounters",
    "head": "write encounters | take 5", "sample": "write encounters | sample 5",
    "let": "a line begins with let, and what follows is its value: let name = encounters | …",
    "collapse": "write encounters | aggregate m = mean(age) by site",
    "run": "a statement runs at the end of its line, and a script with include \"x.rounds\"",
    "show": "write `tables` for the tables, `encounters` for the rows of one",
    "copy": "write encounters | save \"out.csv\"", "export": "write encounters | save \"out.csv\"",
    "browse": "write the name of a table alone, which shows its rows: encounters",
    "br": "write the name of a table alone, which shows its rows: encounters",
    "ttest":
      "there is no t test; the means with their spread are aggregate n = count(los_hours), mean(los_hours), stddev(los_hours) by sex",
    "unload": "write encounters | save \"out.csv\"", "desc": "write describe encounters",
    "list": "write `tables` for the tables, `files` for the files here, encounters for the rows of a table",
    "echo": "write say \"text\"", "print": "write say \"text\", or the name of a table alone",
    "cls": "press Ctrl-L", "clear": "press Ctrl-L", "man": "write help", "info": "write describe encounters",
  ]

  /// Aggregates that compare the values of one row elsewhere, and what does so here.
  ///
  /// By name: what is written for several arguments.
  static let furtherArguments: [String: @Sendable ([String]) -> String] = [
    "max": { "the largest of several values of a row: greatest(\(joined($0)))" },
    "min": { "the smallest of several values of a row: least(\(joined($0)))" },
    "sum": {
      let values = $0.joined(separator: " + ")
      return "the sum of each row is \(values); of all rows together: sum(\(values))"
    },
    "mean": {
      let each = $0.map { "mean(\($0))" }.joined(separator: ", ")
      return "the mean of each row is (\($0.joined(separator: " + "))) / \($0.count); of each column: \(each)"
    },
    "text": { "with a pattern: \(formatted($0))" },
  ]

  /// Arguments that leave missing values out elsewhere, in lower case.
  static let missingFlags: Set<String> = [
    "na.rm", "na_rm", "narm", "rm.na", "skipna", "skip_na", "dropna", "na.omit", "na_omit", "ignore_na",
    "ignore_nulls", "skip_nulls", "ignore_null", "skipmissing",
  ]

  static func isFalse(_ text: String) -> Bool { ["false", "f", "0", "no"].contains(text.lowercased()) }

  /// What to write for `t.method(arguments)`, or a property of a table.
  static func method(_ name: String, of table: String, _ arguments: [String]) -> String {
    MethodChain.pipeline(of: "\(table).\(name)(\(joined(arguments)))")
      ?? MethodChain.pipeline(of: "\(table).\(name)")
      ?? "\(table) | \(stages[name.lowercased()].map { $0(arguments) } ?? "…; `help verbs` lists the stages")"
  }

  /// Methods whose stage is not known from what stands in their brackets.
  private static let stages: [String: @Sendable ([String]) -> String] = [
    "merge": { "join \(named($0)) on key" }, "join": { "join \(named($0)) on key" },
    "dropna": { _ in "filter x is not missing" }, "fillna": { _ in "fill x with 0" },
    "value_counts": { _ in "count by column" }, "plot": { _ in "chart y by x" },
    "melt": { _ in "unpivot a, b into name, value" },
    "agg": { _ in "aggregate x = mean(column)" }, "groupby": { _ in "aggregate n = count() by column" },
    "group_by": { _ in "aggregate n = count() by column" }, "apply": { _ in "derive x = …" },
    "with_columns": { _ in "derive x = …" },
    "drop_duplicates": { _ in "distinct" }, "query": { _ in "filter …" }, "filter": { _ in "filter …" },
    "sort_values": { _ in "sort column" },
    "pivot_table": { _ in "pivot rows a columns b values count()" },
  ]

  /// The first argument where it is the name of a table.
  private static func named(_ arguments: [String]) -> String {
    let first = arguments.first ?? ""
    return isName(first) ? first : "other"
  }

  /// Whether a text is a bare name, with the dots of a table's name in front or without.
  static func isName(_ text: some StringProtocol, dots: Bool = false) -> Bool {
    !text.isEmpty && text.allSatisfy { $0.isLetter || $0.isNumber || $0 == "_" || dots && $0 == "." }
  }

  /// `slice_max(age, n = 3)`, `slice_head(n = 2, by = ward)`, `slice_sample(prop = 0.1)`; nil for other words.
  private static func slice(_ name: String, _ arguments: String) -> String? {
    guard
      ["slice_max", "slice_min", "nlargest", "nsmallest", "slice_head", "slice_tail", "slice_sample"]
        .contains(name)
    else { return nil }
    var (column, number, share, by): (String?, Int?, String?, String?)
    for part in arguments.split(separator: ",").map({ $0.filter { !" ()".contains($0) } }) {
      let sides = part.split(separator: "=").map(String.init)
      switch (sides.first, sides.last) {
      case ("n", let value?) where sides.count == 2: number = Int(value)
      case ("prop", let value?) where sides.count == 2: share = value
      case ("by", let value?) where sides.count == 2: by = value
      case ("order_by", let value?) where sides.count == 2: column = value
      case (let value?, _) where sides.count == 1:
        if let count = Int(value) { number = number ?? count } else { column = column ?? value }
      default: return nil
      }
    }
    let groups = by.map { " by \($0)" } ?? ""
    switch (name, number, share, column) {
    case ("slice_sample", nil, let share?, _):
      return Double(share).map { "write sample \(ExpressionText.number($0 * 100))%" }
    case ("slice_sample", let count?, nil, _) where by == nil: return "write sample \(count)"
    case ("slice_head", let count?, nil, _): return "write take \(count)\(groups)"
    case ("slice_tail", let count?, nil, _): return "write take -\(count)\(groups)"
    case ("slice_max", let count?, nil, let column?), ("nlargest", let count?, nil, let column?):
      return "write top \(count) \(column)\(groups)"
    case ("slice_min", let count?, nil, let column?), ("nsmallest", let count?, nil, let column?):
      return "write top \(count) -\(column)\(groups)"
    default: return nil
    }
  }

  /// Words that stand between two operands elsewhere: what to write for `left word right`.
  private static let infix: [String: @Sendable (String, String) -> String] = [
    "contains": { folded("contains", $0, $1) }, "has": { folded("contains", $0, $1) },
    "has_cs": { "contains(\($0), \($1))" }, "includes": { folded("contains", $0, $1) },
    "startswith": { folded("starts_with", $0, $1) }, "starts_with": { "starts_with(\($0), \($1))" },
    "starts": { "starts_with(\($0), \($1))" }, "begins": { "starts_with(\($0), \($1))" },
    "ends": { "ends_with(\($0), \($1))" },
    "hasprefix": { folded("starts_with", $0, $1) },
    "endswith": { folded("ends_with", $0, $1) }, "ends_with": { "ends_with(\($0), \($1))" },
    "hassuffix": { folded("ends_with", $0, $1) }, "ilike": { "lower(\($0)) like lower(\($1))" },
    "and": { "\($0) and \($1)" }, "or": { "\($0) or \($1)" }, "rlike": { "\($0) ~ \($1)" },
    "regexp": { "\($0) ~ \($1)" }, "matches": { "\($0) ~ \($1)" },
    "equals": { "\($0) == \($1)" }, "eq": { "\($0) == \($1)" }, "ne": { "\($0) != \($1)" },
    "lt": { "\($0) < \($1)" }, "le": { "\($0) <= \($1)" }, "gt": { "\($0) > \($1)" },
    "ge": { "\($0) >= \($1)" },
    "isnull": { left, _ in "\(left) is missing" }, "notnull": { left, _ in "\(left) is not missing" },
    "mod": { "\($0) % \($1)" }, "div": { "\($0) // \($1)" }, "xor": { "\($0) != \($1)" },
    "as": { "\($1) = \($0)" }, "to": { "\($1) = \($0)" },
    "over": { left, _ in "… = \(left) by key sort order: groups and order stand behind the expression" },
    "descending": { left, _ in "\(left) desc" }, "ascending": { left, _ in left },
    "nulls": { left, _ in "\(left): missing values come last either way" },
    "year": { left, _ in left }, "years": { left, _ in left },
    "day": { left, _ in withUnit(left, "d", "days") }, "days": { left, _ in withUnit(left, "d", "days") },
    "hour": { left, _ in withUnit(left, "h", "hours") },
    "hours": { left, _ in withUnit(left, "h", "hours") },
    "minute": { left, _ in withUnit(left, "min", "minutes") },
    "minutes": { left, _ in withUnit(left, "min", "minutes") }, "week": { left, _ in "\(left)w" },
    "weeks": { left, _ in "\(left)w" },
    "from": { _, right in
      Int(right) == nil ? "\(right) | …, with the table first" : "skip \(right) | take …"
    },
    "vs": { left, right in "\(left) by \(right)" },
    "order": { _, right in
      "sort \(withoutBy(right)) in the stage itself, for the order within; | sort \(withoutBy(right)) as a stage of its own, for the rows"
    },
    "group": { _, right in "by \(withoutBy(right)) in the stage itself" },
    "having": { _, _ in "| filter … as a stage of its own" },

    "where": { _, right in
      "| filter \(right) as a stage before, or where: \(right) in the brackets of a function"
    },
    "then": { _, _ in "if(condition, then, otherwise)" }, "percent": { left, _ in "\(left)%" },
    "using": { _, right in "on \(right)" },
  ]

  /// A look into a text, in which capitals count here and not in the languages that write it as a word between operands.
  private static func folded(_ function: String, _ text: String, _ part: String) -> String {
    let hasLetters = part.contains(where: \.isLetter)
    return "\(function)(\(text), \(part))"
      + (hasLetters ? ", or \(function)(lower(\(text)), lower(\(part))) where capitals do not count" : "")
  }

  /// What to write for a word between two operands; nil for words that nobody writes there.
  static func infix(_ word: String, _ left: String, _ right: String) -> String? {
    infix[word.lowercased()].map { "write \($0(left, right))" }
  }

  /// Names that are values elsewhere.
  static let names: [String: String] = [
    "current_date": "today()", "current_timestamp": "now()", "sysdate": "now()", "getdate": "now()",
    "True": "true", "False": "false", "None": "missing", "Null": "missing", "NaN": "missing",
    "nan": "missing",
    "NaT": "missing", "Missing": "missing", "_N": "count()", "pi": "3.141592653589793",
  ]

  static func name(_ name: String) -> String? { names[name] ?? names[name.lowercased()] }

  // MARK: Pieces

  static func first(_ arguments: [String], _ otherwise: String = "x") -> String {
    arguments.first ?? otherwise
  }
  static func last(_ arguments: [String]) -> String { arguments.last ?? "x" }
  static func second(_ arguments: [String], _ otherwise: String) -> String {
    arguments.count > 1 ? arguments[1] : otherwise
  }
  static func joined(_ arguments: [String]) -> String { arguments.joined(separator: ", ") }

  /// `class, wt = charges, sort = TRUE, name = "k"` behind `count(`: what the options ask for; nil where there are none.
  package static func counting(_ arguments: String) -> String? {
    var keys: [String] = []
    var options: [String: String] = [:]
    for part in arguments.split(separator: ",").map({ Kernels.trimmed(String($0)) }) {
      let sides = part.split(separator: "=", omittingEmptySubsequences: false).map {
        Kernels.trimmed(String($0))
      }
      if sides.count == 2, ["wt", "sort", "name"].contains(sides[0]) {
        options[sides[0]] = sides[1]
      } else {
        keys.append(part)
      }
    }
    if keys.isEmpty || options.isEmpty { return nil }
    let name = options["name"].map { CheckMessages.quoted(unquoted($0)) } ?? "n"
    let by = keys.joined(separator: ", ")
    if let weight = options["wt"] { return "aggregate \(name) = sum(\(weight)) by \(by)" }
    return options["name"] == nil ? "count by \(by)" : "aggregate \(name) = count() by \(by)"
  }

  /// `to_char(day, "yyyy-mm")`
  static func formatted(_ arguments: [String]) -> String {
    let given = unquoted(second(arguments, "\"\""))
    let pattern = given.contains("%") ? given : DateFormat.converted(given) ?? "%Y-%m-%d"
    return "format(\(first(arguments)), \"\(pattern)\")"
  }

  /// `los_hours > 4 hours`: a duration has its unit, a number of hours has none.
  private static func withUnit(_ left: String, _ unit: String, _ word: String) -> String {
    // `los_hours > 7 days`: the column says of what it is a number.
    if let blank = left.lastIndex(of: " "), let named = unitOfName(String(left[..<blank])) {
      let number = left[left.index(after: blank)...]
      return "\(left[...blank])\(named == word ? String(number) : "\(named)(\(number)\(unit))")"
    }
    return "\(left)\(unit) beside a duration, \(left) beside a number of \(word)"
  }

  /// `hours` of `los_hours`, `minutes` of `wait_min`; nil for names without a unit.
  static func unitOfName(_ text: String) -> String? {
    let words = text.lowercased().split { !$0.isLetter }
    let units = [
      "hours": "hours", "hour": "hours", "hrs": "hours", "minutes": "minutes", "minute": "minutes",
      "min": "minutes",
      "mins": "minutes", "days": "days", "day": "days",
    ]
    return words.lazy.compactMap { units[String($0)] }.first
  }

  /// A text argument without its quotes.
  static func plain(_ arguments: [String]) -> String {
    arguments.isEmpty ? "…" : arguments.map(unquoted).joined(separator: ", ")
  }
  static func unquoted(_ text: String) -> String {
    text.count > 1 && text.first == "\"" && text.last == "\"" ? String(text.dropFirst().dropLast()) : text
  }
  static func withoutBy(_ text: String) -> String { text.lowercased() == "by" ? "…" : text }

  /// Pairs of a range and a criterion, all of which must hold.
  static func conditions(_ arguments: [String]) -> String {
    stride(from: 0, to: max(1, arguments.count), by: 2).map {
      condition(Array(arguments.dropFirst($0).prefix(2)))
    }.joined(separator: " and ")
  }

  /// `sumif(ward, "A", charges)` of a spreadsheet, or `sumif(charges, ward == "A")`.
  static func ofSome(_ arguments: [String]) -> String {
    if arguments.count == 2, ["==", "!=", "<", ">", " in ", "~"].contains(where: arguments[1].contains),
      !arguments[1].hasPrefix("\"")
    {
      return "\(arguments[0]), where: \(arguments[1])"
    }
    return "\(arguments.last ?? "x"), where: \(condition(Array(arguments.dropLast())))"
  }

  /// `(age, ">65")` and `(class, "ED")` of spreadsheets as a condition.
  static func condition(_ arguments: [String]) -> String {
    guard let subject = arguments.first else { return "condition" }
    if arguments.count == 1 { return subject }
    let criterion = unquoted(arguments[1])
    guard arguments[1].hasPrefix("\"") else {
      // `countif(encounters, site = "A")`: the condition is whole.
      let isWhole = ["==", "!=", "<", ">", " in ", "~", " like ", " is "].contains {
        arguments[1].contains($0)
      }
      return isWhole ? arguments[1] : "\(subject) == \(arguments[1])"
    }
    for sign in [">=", "<=", "<>", ">", "<", "="] where criterion.hasPrefix(sign) {
      let value = criterion.dropFirst(sign.count)
      return "\(subject) \(sign == "=" ? "==" : sign == "<>" ? "!=" : sign) \(value)"
    }
    return "\(subject) == \(arguments[1])"
  }

  /// `cut(age, 10)` makes ten equal widths elsewhere, `cut(age, [18, 65])` groups between cuts.
  static func bands(_ arguments: [String]) -> String {
    let cuts = arguments.count > 1 ? arguments[1...].joined(separator: ", ") : "18, 65"
    // `breaks = c(0, 24)`, `[0, 24]`
    let list = cuts.firstIndex { "[(".contains($0) }.map { cuts[cuts.index(after: $0)...] } ?? cuts[...]
    let inner = list.prefix { !"])".contains($0) }
    return
      "bands(\(first(arguments)), \(inner)) for groups between cuts, bin(\(first(arguments)), 10) for equal widths"
  }

  static func unit(_ text: String, _ otherwise: String) -> String {
    let word = unquoted(text).lowercased()
    return units.first { word == $0 || word == $0 + "s" } ?? shortUnits[word] ?? otherwise
  }

  private static let units = ["year", "quarter", "month", "week", "day", "hour", "minute", "second"]

  /// What databases and spreadsheets call the parts of a date for short.
  private static let shortUnits = [
    "yy": "year", "yyyy": "year", "y": "year", "qq": "quarter", "q": "quarter", "mm": "month", "m": "month",
    "mon": "month", "wk": "week", "ww": "week", "w": "week", "isowk": "week", "isoww": "week",
    "iso_week": "week",
    "dd": "day", "d": "day", "hh": "hour", "h": "hour", "mi": "minute", "n": "minute", "min": "minute",
    "ss": "second", "s": "second",
  ]

  /// `datediff(day, a, b)`, `datediff(a, b)`
  static func difference(_ arguments: [String]) -> String {
    if arguments.count == 2 { return "days_between(\(arguments[1]), \(arguments[0]))" }
    guard arguments.count == 3 else { return "days_between(from, to)" }
    // Where the unit stands last, the later of the two stands first.
    let isLast = unit(arguments[0], "").isEmpty && !unit(arguments[2], "").isEmpty
    let (from, to) = isLast ? (arguments[1], arguments[0]) : (arguments[1], arguments[2])
    return between(from, to, unit: unit(arguments[isLast ? 2 : 0], "unknown"))
  }

  /// The time between two days or moments: whole months and years as they are counted in the unit's own way.
  static func between(_ from: String, _ to: String, unit: String) -> String {
    switch self.unit(unit, "unknown") {
    case "year":
      "age(\(from), \(to)) for full years, or year(\(to)) - year(\(from)) between the calendar's"
    case "month":
      "12 * (year(\(to)) - year(\(from))) + month(\(to)) - month(\(from)) between the calendar's months"
    case "hour", "minute", "second": "\(self.unit(unit, ""))s(\(to) - \(from))"
    case "week": "floor(days_between(\(from), \(to)) / 7)"
    case "quarter":
      "4 * (year(\(to)) - year(\(from))) + quarter(\(to)) - quarter(\(from)) between the calendar's quarters"
    case "day": "days_between(\(from), \(to))"
    default: "days_between(\(from), \(to)) for days, or hours(\(to) - \(from))"
    }
  }

  /// `quantile(x, 0.9)`, `quantile(x, [0.25, 0.75])`: a call for each.
  static func percentiles(_ value: String, _ shares: String) -> String {
    let inner = shares.hasPrefix("[") && shares.hasSuffix("]") ? shares.dropFirst().dropLast() : shares[...]
    let parts = inner.split(separator: ",").map { $0.filter { $0 != " " } }
    guard !parts.isEmpty, parts.allSatisfy({ Double($0) != nil }) else { return "percentile(\(value), 90)" }
    return parts.map { "percentile(\(value), \($0 == "1" ? "100" : hundredfold($0)))" }.joined(
      separator: ", ")
  }

  static func standardised(_ arguments: [String]) -> String {
    let value = first(arguments)
    return "(\(value) - mean(\(value))) / stddev(\(value))"
  }

  /// `0.9` as `90`.
  static func hundredfold(_ text: String) -> String {
    guard let value = Double(text), value < 1 else { return text }
    return ExpressionText.number((value * 1_000_000).rounded() / 10_000)
  }
}
