import Columns

/// Functions of other languages.
extension ForeignHabits {
  /// Functions, by name in lower case, with what to write; the arguments are given as written.
  private static let functions: [String: @Sendable ([String]) -> String] = [
    "n": { _ in "count()" }, "_n": { _ in "row_number()" },
    "countif": { "count(where: \(condition($0)))" }, "countifs": { "count(where: \(conditions($0)))" },
    "count_if": { "count(where: \(condition($0)))" },
    "sumif": { "sum(\(ofSome($0)))" }, "averageif": { "mean(\(ofSome($0)))" },
    "sumifs": { "sum(\($0.first ?? "x"), where: \(conditions(Array($0.dropFirst()))))" },
    "averageifs": { "mean(\($0.first ?? "x"), where: \(conditions(Array($0.dropFirst()))))" },
    "counta": { "count(\(first($0)))" }, "countblank": { "count(where: \(first($0)) is missing)" },
    "vlookup": { "join left \($0.dropFirst().first ?? "other") on \(first($0))" },
    "hlookup": { "join left \($0.dropFirst().first ?? "other") on \(first($0))" },
    "xlookup": { "join left \($0.dropFirst().first ?? "other") on \(first($0))" },
    "lookup": { "join left \($0.dropFirst().first ?? "other") on \(first($0))" },
    "is.na": { "\(first($0)) is missing" }, "isna": { "\(first($0)) is missing" },
    "isnull": { $0.count == 2 ? "\(first($0)) ?? \($0[1])" : "\(first($0)) is missing" },
    "ifna": { "\(first($0)) ?? \(second($0, "0"))" }, "nz": { "\(first($0)) ?? \(second($0, "0"))" },
    "fillna": { "\(first($0)) ?? \(second($0, "0"))" }, "notnan": { "\(first($0)) is not missing" },
    "is_null": { "\(first($0)) is missing" },
    "isblank": { "\(first($0)) is missing" }, "isempty": { "\(first($0)) is missing" },
    "is_missing": { "\(first($0)) is missing" }, "missing": { "\(first($0)) is missing" },
    "isnotnull": { "\(first($0)) is not missing" }, "isnotempty": { "\(first($0)) is not missing" },
    "notna": { "\(first($0)) is not missing" }, "notnull": { "\(first($0)) is not missing" },
    "datediff": { difference($0) }, "date_diff": { difference($0) }, "timestampdiff": { difference($0) },
    "datedif": { between(first($0), second($0, "y"), unit: $0.count > 2 ? $0[2] : "d") },
    "difftime": { "\(lengthUnit($0))(\(first($0)) - \(second($0, "y")))" },
    "dateadd": { "add(\($0.count > 2 ? $0[2] : "x"), \(second($0, "3")), \(unit(first($0), "day"))s)" },
    "date_add": {
      "add(\(first($0)), \(second($0, "3")), \(unit($0.count > 2 ? $0[2] : "day", "day"))s)"
    },
    "edate": { "add(\(first($0)), \(second($0, "3")), months)" },
    "eomonth": { "end_of(\(first($0)), month)" }, "last_day": { "end_of(\(first($0)), month)" },
    "startofmonth": { "start_of(\(first($0)), month)" }, "startofyear": { "start_of(\(first($0)), year)" },
    "startofweek": { "start_of(\(first($0)), week)" }, "startofday": { "start_of(\(first($0)), day)" },
    "networkdays": { "days_between(\(first($0)), \(second($0, "y"))), which counts weekends, too" },
    "rollmax": { "rolling_max(\(joined($0)))" }, "rollmin": { "rolling_min(\(joined($0)))" },
    "rollsum": { "rolling_sum(\(joined($0)))" },
    "ago": { "now() - \(first($0, "30d"))" }, "getdate": { _ in "now()" }, "sysdate": { _ in "now()" },
    "current_timestamp": { _ in "now()" }, "sys.time": { _ in "now()" }, "curdate": { _ in "today()" },
    "current_date": { _ in "today()" }, "sys.date": { _ in "today()" },
    "to_date": { "date(\(joined($0)))" }, "as.date": { "date(\(joined($0)))" },
    "todate": { "date(\(joined($0)))" },
    "str_to_date": { "date(\(joined($0)))" }, "datevalue": { "date(\(joined($0)))" },
    "ymd": { "date(\(joined($0)))" },
    "dmy": { "date(\(first($0)), \"\(pattern("%d", "%m", "%Y", like: first($0)))\")" },
    "mdy": { "date(\(first($0)), \"\(pattern("%m", "%d", "%Y", like: first($0)))\")" },
    "to_datetime": { "datetime(\(joined($0)))" }, "as.posixct": { "datetime(\(joined($0)))" },
    "todatetime": { "datetime(\(joined($0)))" }, "to_timestamp": { "datetime(\(joined($0)))" },
    "as.numeric": { "float(\(joined($0)))" }, "to_number": { "float(\(joined($0)))" },
    "todouble": { "float(\(joined($0)))" }, "value": { "float(\(joined($0)))" },
    "as.integer": { "int(\(joined($0)))" }, "toint": { "int(\(joined($0)))" },
    "as.character": { "text(\(joined($0)))" }, "str": { "text(\(joined($0)))" },
    "tostring": { "text(\(joined($0)))" },
    "to_char": { $0.count > 1 ? formatted($0) : "text(\(joined($0)))" },
    "dayofweek": { "weekday(\(first($0))), 1 Monday to 7 Sunday" },
    "percentage": { "percent(\(joined($0)))" },
    "cast": { "int(\(first($0))), float(\(first($0))), text(\(first($0))) or date(\(first($0)))" },
    "convert": { "int(\(last($0))), float(\(last($0))), text(\(last($0))) or date(\(last($0)))" },
    "paste": { pasted($0) }, "paste0": { "concat(\(joined($0)))" },
    "strcat": { "concat(\(joined($0)))" }, "textjoin": { "concat(\(joined($0)))" },
    "sprintf": { _ in "f\"… {x:.1f} …\", a text with expressions in braces" },
    "grepl": { "\(second($0, "x")) ~ \(first($0, "\"pattern\""))" },
    "like": { "\(first($0)) like \(second($0, "\"%part%\""))" },
    "str_detect": { "\(first($0)) ~ \(second($0, "\"pattern\""))" },
    "regexmatch": { "\(first($0)) ~ \(second($0, "\"pattern\""))" },
    "instr": { "contains(\(first($0)), \(second($0, "\"part\"")))" },
    "charindex": { "contains(\(second($0, "x")), \(first($0, "\"part\"")))" },
    "search": { "contains(\(second($0, "x")), \(first($0, "\"part\"")))" },
    "find": { "contains(\(second($0, "x")), \(first($0, "\"part\"")))" },
    "str_extract": { "extract(\(first($0)), \(second($0, "\"pattern\"")), 0)" },
    "gsub": { replaced(Array($0.dropFirst(2)) + $0.prefix(2)) },
    "sub": { replaced(Array($0.dropFirst(2)) + $0.prefix(2)) + ", which replaces every match" },
    "str_replace_all": { replaced($0) }, "regexp_replace": { replaced($0) }, "re.sub": { replaced($0) },
    "regex_replace": { replaced($0) }, "regexreplace": { replaced($0) },
    "str_replace": { replaced($0) + ", which replaces every match" },
    "regexp_extract": {
      "extract(\(first($0)), \(second($0, "\"pattern\"")), \($0.count > 2 ? $0[2] : "0"))"
    },
    "regexp_matches": { "\(first($0)) ~ \(second($0, "\"pattern\""))" },
    "regexp_substr": { "extract(\(first($0)), \(second($0, "\"pattern\"")), 0)" },
    "strpos": { "contains(\(first($0)), \(second($0, "\"part\"")))" },
    "position": { "contains(\(second($0, "x")), \(first($0, "\"part\"")))" },
    "str_sub": { "substring(\(first($0)), \(second($0, "1")), \(reach($0)))" },
    "str_pad": {
      "pad_left(\(first($0)), \(second($0, "8")), \($0.count > 3 ? $0[3] : "\"0\"")), or pad_right"
    },
    "zfill": { "pad_left(\(first($0)), \(second($0, "8")), \"0\")" },
    "concat_ws": {
      let sign = first($0, "\", \"")
      return "concat(\($0.dropFirst().joined(separator: ", \(sign), ")))"
    },
    "log": {
      $0.count > 1
        ? "ln(\($0[0])) / ln(\($0[1]))" : "ln(\(first($0))) for the natural one, or log10(\(first($0)))"
    },
    "mod": { "\(first($0)) % \(second($0, "2"))" }, "fmod": { "\(first($0)) % \(second($0, "2"))" },
    "across": { $0.isEmpty ? "mean(a), mean(b)" : "a call for each column: \(last($0))(\(first($0)))" },
    "pmax": { "greatest(\(joined($0)))" }, "pmin": { "least(\(joined($0)))" },
    "fmax": { "greatest(\(joined($0)))" }, "fmin": { "least(\(joined($0)))" },
    "rowmean": { means($0) }, "row_mean": { means($0) }, "rowmeans": { means($0) },
    "rowsum": { $0.joined(separator: " + ") }, "rowsums": { $0.joined(separator: " + ") },
    "row_sum": { $0.joined(separator: " + ") }, "rowtotal": { $0.joined(separator: " + ") },
    "cummax": { "running_max(\(joined($0)))" }, "cummin": { "running_min(\(joined($0)))" },
    "inlist": { "\(first($0)) in [\($0.dropFirst().joined(separator: ", "))]" },
    "inrange": { "\(first($0)) between \(second($0, "low")) and \($0.count > 2 ? $0[2] : "high")" },
    "rand": { _ in "| sample 100, which takes so many rows at random" },
    "runif": { _ in "| sample 100, which takes so many rows at random" },
    "random": { _ in "| sample 100, which takes so many rows at random" },
    "wday": { "weekday(\(first($0))), 1 Monday to 7 Sunday" },
    "dow": { "weekday(\(first($0))), 1 Monday to 7 Sunday" },
    "day_of_week": { "weekday(\(first($0))), 1 Monday to 7 Sunday" },
    "isodow": { "weekday(\(first($0))), 1 Monday to 7 Sunday" },
    "yday": { "day_of_year(\(first($0)))" }, "doy": { "day_of_year(\(first($0)))" },
    "isoyear": { "iso_year(\(first($0)))" }, "weekofyear": { "week(\(first($0)))" },
    "week_of_year": { "week(\(first($0)))" }, "weeknum": { "week(\(first($0))), the ISO week" },
    "strptime": { "date(\(joined($0))), or datetime(\(joined($0))) with a time of day" },
    "intck": { between(second($0, "from"), $0.count > 2 ? $0[2] : "to", unit: unit(first($0), "day")) },
    "intnx": {
      "add(\(second($0, "x")), \($0.count > 2 ? $0[2] : "1"), \(unit(unquoted(first($0)), "month"))s)"
    },
    "datepart": { dayPart($0) }, "date_part": { dayPart($0) },
    "add_months": { "add(\(first($0)), \(second($0, "1")), months)" },
    "add_days": { "add(\(first($0)), \(second($0, "1")), days)" },
    "make_date": { "date(\(joined($0)))" }, "datefromparts": { "date(\(joined($0)))" },
    "wtd.mean": { weighted($0) }, "weighted_mean": { weighted($0) }, "weighted.mean": { weighted($0) },
    "weighted_avg": { weighted($0) },
    "np.where": { "if(\(joined($0)))" }, "ifs": { _ in "case { condition -> value, else -> value }" },
    "switch": { _ in "case x { \"a\" -> value, else -> value }" },
    "decode": { _ in "case x { \"a\" -> value, else -> value }" },
    "recode": { _ in "case x { \"a\" -> value, else -> value }" },
    "cut": { bands($0) }, "pd.cut": { bands($0) },
    "ntile": {
      $0.count > 1 ? "quantile_group(\(joined($0)))" : "quantile_group(x, \(first($0, "4")))"
    }, "qcut": { "quantile_group(\(joined($0)))" },
    "quantile": { percentiles(first($0), second($0, "0.9")) },
    "scale": { standardised($0) }, "zscore": { standardised($0) }, "z_score": { standardised($0) },
    "percentile_cont": { "percentile(x, \(hundredfold(first($0, "0.9"))))" },
    "percentile.inc": { "percentile(\(first($0)), \(hundredfold(second($0, "0.9"))))" },
    "stderr": { standardError($0) }, "std_error": { standardError($0) }, "sem": { standardError($0) },
    "std": { "stddev(\(joined($0)))" }, "stdev": { "stddev(\(joined($0)))" },
    "large": { "top \(second($0, "5")) \(first($0))" }, "small": { "top \(second($0, "5")) -\(first($0))" },
    "c": { "[\(joined($0))], a list in square brackets" },
    "list": { "[\(joined($0))], a list in square brackets" },
    "array": { "[\(joined($0))], a list in square brackets" },
    "cumsum": { "running_sum(\(joined($0)))" }, "shift": { "lag(\(joined($0)))" },
    "read_csv": { "load \(first($0, "\"file.csv\""))" },
    "pd.read_csv": { "load \(first($0, "\"file.csv\""))" },
    "read.csv": { "load \(first($0, "\"file.csv\""))" },
    "read_excel": { "load \(first($0, "\"file.xlsx\""))" },
    "library": { _ in "load \"file.csv\"; nothing else needs to be loaded" },
    "print": { $0.first?.first == "\"" ? "say \(first($0))" : first($0, "encounters") },
    "view": { first($0, "encounters") }, "help": { "help \(first($0, "median"))" },
    "exit": { _ in "quit" }, "quit": { _ in "quit" }, "q": { _ in "quit" }, "ls": { _ in "tables" },
    "summary": { "describe \(first($0, "encounters"))" },
    "glimpse": { "describe \(first($0, "encounters"))" }, "names": { "describe \(first($0, "encounters"))" },
    "colnames": { "describe \(first($0, "encounters"))" },
    "describe": { "describe \(first($0, "encounters"))" },
    "head": { "\(first($0, "encounters")) | take \(second($0, "6"))" },
    "tail": { "\(first($0, "encounters")) | take -\(second($0, "6"))" },
    "nrow": { "\(first($0, "encounters")) | count" }, "dim": { "describe \(first($0, "encounters"))" },
    "unique": { "count_distinct(\(first($0))), equal to count() where none occurs twice" },
    "is_unique": { "count_distinct(\(first($0))) == count()" },
    "iqr": { "percentile(\(first($0)), 75) - percentile(\(first($0)), 25)" },
    "p25": { "percentile(\(first($0)), 25)" }, "p75": { "percentile(\(first($0)), 75)" },
    "p90": { "percentile(\(first($0)), 90)" }, "p95": { "percentile(\(first($0)), 95)" },
    "percent_of_total": { "100 * \(first($0)) / sum(\(first($0)))" },
    "month_name": { "format(\(first($0)), \"%B\")" }, "monthname": { "format(\(first($0)), \"%B\")" },
    "day_name": { "format(\(first($0)), \"%A\")" }, "dayname": { "format(\(first($0)), \"%A\")" },
    "concatenate": { "concat(\(joined($0)))" }, "iferror": { "\(first($0)) ?? \(second($0, "0"))" },
    "nvl2": { "if(\(first($0)) is not missing, \(second($0, "a")), \($0.count > 2 ? $0[2] : "b"))" },
    "divide": { "\(first($0)) / \(second($0, "y"))" }, "distinctcount": { "count_distinct(\(first($0)))" },
    "time": { "hour(\(first($0)))" }, "timeofday": { "hour(\(first($0)))" },
    "countrows": { _ in "count()" }, "roundup": { rounded("ceil", $0) },
    "rounddown": { rounded("floor", $0) },
    "datetrunc": { "start_of(\(second($0, "x")), \(unit(first($0), "month")))" },
    "datetime_diff": { differenceBack($0) },
    "months_between": { between(second($0, "from"), first($0, "to"), unit: "month") },
    "datename": {
      "format(\(second($0, "x")), \"\(unquoted(first($0)).lowercased().hasPrefix("m") ? "%B" : "%A")\")"
    },
    "age": { "days_between(\(first($0, "birth_date")), \(second($0, "today()"))) / 365.25" },
    "table": { _ in "encounters | count by column" }, "hist": { "chart histogram \(first($0))" },
  ]

  /// What to write in place of a call that another language knows; nil for other names.
  static func function(_ name: String, _ arguments: [String]) -> String? {
    functions[name.lowercased()].map { "write \($0(arguments))" }
  }

  // MARK: Pieces

  /// `str_replace_all(x, "[aeiou]", "")`: letter by letter where the pattern is none.
  private static func replaced(_ arguments: [String]) -> String {
    let (text, old) = (first(arguments), second(arguments, "\"old\""))
    // Groups are `\\1` elsewhere; as written in quotes here the backslash may stand twice.
    var new = arguments.count > 2 ? arguments[2] : "\"new\""
    for digit in "123456789" {
      new = new.replacing("\\\\\(digit)", with: "$\(digit)").replacing("\\\(digit)", with: "$\(digit)")
    }
    let isPattern =
      !old.hasPrefix("\"") || old.dropFirst().dropLast().contains { "[](){}.*+?^$|\\".contains($0) }
    return "\(isPattern ? "replace_pattern" : "replace")(\(text), \(old), \(new))"
  }

  /// `str_sub(x, 2, 4)`: from where to where, as a length.
  private static func reach(_ arguments: [String]) -> String {
    guard arguments.count > 2, let from = Int(arguments[1]), let to = Int(arguments[2]), from > 0, to >= from
    else { return "length" }
    return String(to - from + 1)
  }

  private static func means(_ arguments: [String]) -> String {
    "(\(arguments.joined(separator: " + "))) / \(max(1, arguments.count))"
  }

  /// `date_part("year", x)`
  private static func dayPart(_ arguments: [String]) -> String {
    let part = unquoted(first(arguments, "year")).lowercased()
    let value = second(arguments, "x")
    // Elsewhere the week begins on Sunday, with 1 or 0.
    if ["dow", "dw", "weekday", "w"].contains(part) { return "weekday(\(value)), 1 Monday to 7 Sunday" }
    let others = ["isodow": "weekday", "doy": "day_of_year", "dy": "day_of_year", "isoyear": "iso_year"]
    if let function = others[part] ?? [unit(part, "")].first(where: { !$0.isEmpty }) {
      return "\(function)(\(value))"
    }
    return "year(\(value)), month(\(value)), day(\(value)), weekday(\(value)) or hour(\(value))"
  }

  /// `datetime_diff('hour', later, earlier)`
  private static func differenceBack(_ arguments: [String]) -> String {
    guard arguments.count == 3 else { return "hours(later - earlier)" }
    // `datetime_diff(later, earlier, hour)`
    if unit(arguments[0], "").isEmpty, !unit(arguments[2], "").isEmpty {
      return between(arguments[1], arguments[0], unit: arguments[2])
    }
    return between(arguments[2], arguments[1], unit: arguments[0])
  }

  /// `paste(a, b, sep = "-")`: with a blank between the parts where no other sign is given.
  private static func pasted(_ arguments: [String]) -> String {
    let parts = arguments.filter { !$0.hasPrefix("sep ") && !$0.hasPrefix("collapse ") }
    if parts.count == 1,
      let sign = arguments.first(where: { $0.hasPrefix("collapse ") })?.split(separator: "=").last
    {
      return "text_join(\(parts[0]), \(sign.drop { $0 == " " })) in aggregate"
    }
    let given = arguments.first { $0.hasPrefix("sep ") }?.split(separator: "=").last.map {
      $0.drop { $0 == " " }
    }
    return "concat(\(parts.joined(separator: ", \(given ?? "\" \""), ")))"
  }

  private static func standardError(_ arguments: [String]) -> String {
    "stddev(\(first(arguments))) / sqrt(count(\(first(arguments))))"
  }

  /// `roundup(x, 1)`: to so many digits.
  private static func rounded(_ function: String, _ arguments: [String]) -> String {
    guard let digits = arguments.dropFirst().first.flatMap({ Int($0) }), (1...12).contains(digits) else {
      return "\(function)(\(first(arguments)))"
    }
    let factor = "1" + String(repeating: "0", count: digits)
    return "\(function)(\(first(arguments)) * \(factor)) / \(factor)"
  }

  private static func weighted(_ arguments: [String]) -> String {
    let (value, weight) = (first(arguments), second(arguments, "w"))
    return "sum(\(value) * \(weight)) / sum(\(weight), where: \(value) is not missing)"
  }

  /// The function that gives a length in the unit that is asked for: `units = "hours"`.
  private static func lengthUnit(_ arguments: [String]) -> String {
    let given = arguments.dropFirst(2).joined(separator: " ").lowercased()
    return ["hour": "hours", "min": "minutes", "sec": "seconds"].first { given.contains($0.key) }?.value
      ?? "days"
  }

  /// A pattern with the signs that stand between the parts of a day in a text.
  private static func pattern(_ first: String, _ second: String, _ third: String, like text: String) -> String
  {
    let sign = text.first == "\"" ? text.dropFirst().first { "./- ".contains($0) } : nil
    return [first, second, third].joined(separator: sign.map(String.init) ?? "/")
  }
}
