import Columns
import Planning

/// Operators are functions named by their spelling.
extension FunctionTable {
  package static let operators: [Function] = arithmetic + comparisons + logic

  private static func pair(_ left: TypeClass, _ right: TypeClass, _ result: ResultRule) -> Signature {
    Signature([Parameter("left", left), Parameter("right", right)], result)
  }

  private static func pairs(_ symbol: String, _ types: [(TypeClass, TypeClass)]) -> [Signature] {
    types.map { left, right in
      pair(left, right, .computed { types in Kernels.arithmeticType(symbol, types[0], types[1]) })
    }
  }

  private static let arithmetic: [Function] = [
    Function(
      "+", .operators, "The sum; a time and a duration make a datetime.",
      pairs("+", [(.number, .number), (.duration, .duration), (.time, .duration), (.duration, .time)]),
      examples: [
        Example("1 + 2", gives: "3"), Example("1 + 0.5", gives: "1.5"),
        Example("2026-01-31 + 36h", gives: "2026-02-01T12:00:00"), Example("1 + missing", gives: "missing"),
      ], searchWords: ["plus", "sum", "dateadd", "datetime_add", "add"], .vector(Kernels.add)),
    Function(
      "-", .operators, "The difference; between two times it is a duration.",
      pairs("-", [(.number, .number), (.duration, .duration), (.time, .duration), (.time, .time)]),
      examples: [
        Example("5 - 7", gives: "-2"), Example("2026-03-01 - 2026-02-01", gives: "28d"),
        Example("2026-03-01 - 12h", gives: "2026-02-28T12:00:00"),
      ], searchWords: ["minus", "difference", "datediff", "difftime"], .vector(Kernels.subtract)),
    Function(
      "*", .operators, "The product.",
      pairs("*", [(.number, .number), (.duration, .number), (.number, .duration)]),
      examples: [
        Example("6 * 7", gives: "42"), Example("6 * 0.5", gives: "3.0"), Example("8h * 3", gives: "1d"),
      ], searchWords: ["times", "multiply"], .vector(Kernels.multiply)),
    Function(
      "/", .operators, "The quotient, always a float between numbers; by zero it is missing, and noted.",
      pairs("/", [(.number, .number), (.duration, .number), (.duration, .duration)]),
      examples: [
        Example("7 / 2", gives: "3.5"), Example("6 / 2", gives: "3.0"), Example("1 / 0", gives: "missing"),
        Example("36h / 1d", gives: "1.5"),
      ], searchWords: ["divide", "quotient", "ratio"], .vector(Kernels.divide)),
    Function(
      "//", .operators, "The quotient rounded down; by zero it is missing, and noted.",
      pairs("//", [(.number, .number), (.duration, .duration)]),
      examples: [
        Example("7 // 2", gives: "3"), Example("-7 // 2", gives: "-4"), Example("7.5 // 2", gives: "3.0"),
      ], searchWords: ["div", "integer division", "%/%", "quotient"], .vector(Kernels.floorDivide)),
    Function(
      "%", .operators, "What `//` leaves over, with the sign of the right side; by zero it is missing.",
      pairs("%", [(.number, .number), (.duration, .duration)]),
      examples: [
        Example("7 % 3", gives: "1"), Example("-7 % 3", gives: "2"), Example("7.5 % 2", gives: "1.5"),
      ], searchWords: ["mod", "modulo", "remainder", "%%"], .vector(Kernels.remainder)),
    Function(
      "^", .operators, "The left side raised to the power of the right, a float.",
      pairs("^", [(.number, .number)]),
      examples: [
        Example("2 ^ 10", gives: "1024.0"), Example("-2 ^ 2", gives: "-4.0"),
        Example("(-8) ^ 0.5", gives: "missing"),
      ], searchWords: ["pow", "exponent", "**", "square"], .vector(Kernels.power)),
    Function(
      "negate", .operators, "The number or duration with the other sign.",
      [
        Signature([Parameter("x", .number)], .same(0)), Signature([Parameter("x", .duration)], .same(0)),
      ],
      examples: [Example("-(2 + 3)", gives: "-5"), Example("-(90min)", gives: "-1h 30min")],
      searchWords: ["minus", "negative", "unary"], .vector(Kernels.negate)),
  ]

  private static func comparison(
    _ name: String, _ summary: String, _ examples: [Example], _ words: [String],
    _ kernel: @escaping VectorKernel
  ) -> Function {
    let isEquality = name == "==" || name == "!="
    let types = ResultRule.computed { types in
      Kernels.areComparable(types[0], types[1], forEquality: isEquality) ? .bool : nil
    }
    let kind: TypeClass = isEquality ? .any : .orderable
    return Function(
      name, .operators, summary, [pair(kind, kind, types)], examples: examples, searchWords: words,
      .vector(kernel))
  }

  private static let comparisons: [Function] = [
    comparison(
      "==", "True where both sides are equal; a datetime beside a date compares by its calendar day.",
      [
        Example("1 == 1.0", gives: "true"), Example("\"a\" == \"A\"", gives: "false"),
        Example("2026-01-31T08:30 == 2026-01-31", gives: "true"),
        Example("(missing + 1) == 1", gives: "missing"),
      ], ["equals", "=", "same"], Kernels.equal),
    comparison(
      "!=", "True where the sides differ.", [Example("1 != 2", gives: "true")],
      ["<>", "not equal", "differs"], Kernels.notEqual),
    comparison(
      "<", "True where the left side comes before the right.",
      [Example("2 < 10", gives: "true"), Example("\"Zoe\" < \"adam\"", gives: "true")], ["less", "before"],
      Kernels.less),
    comparison(
      "<=", "True where the left side comes before the right or equals it.",
      [Example("2026-01-31T23:59 <= 2026-01-31", gives: "true")], ["at most", "less or equal"],
      Kernels.lessOrEqual),
    comparison(
      ">", "True where the left side comes after the right.", [Example("3h > 150min", gives: "true")],
      ["greater", "after", "more"], Kernels.greater),
    comparison(
      ">=", "True where the left side comes after the right or equals it.",
      [Example("18 >= 18", gives: "true")], ["at least", "greater or equal"], Kernels.greaterOrEqual),
    Function(
      "in", .operators, "True where the value is one of the list; missing elements are ignored.",
      [
        Signature(
          [Parameter("x", .any), Parameter("list", .list)],
          .computed { types in
            guard case .list(let element) = types[1] else { return .bool }
            return Kernels.areComparable(types[0], element, forEquality: true) ? .bool : nil
          })
      ], missing: .handles,
      examples: [
        Example("2 in [1, 2, 3]", gives: "true"), Example("\"ICU\" in [\"ED\", \"Ward\"]", gives: "false"),
        Example("missing in [1]", gives: "missing"),
      ], searchWords: ["%in%", "isin", "one of", "any of", "not in"], .vector(Kernels.isMember)),
    Function(
      "between", .operators,
      "True from the lower to the upper end, both included; an upper text end holds whatever begins with it.",
      [
        Signature(
          [Parameter("x", .orderable), Parameter("low", .orderable), Parameter("high", .orderable)],
          .computed { types in
            let fits =
              Kernels.areComparable(types[0], types[1], forEquality: false)
              && Kernels.areComparable(types[0], types[2], forEquality: false)
            return fits ? .bool : nil
          })
      ], missing: .handles,
      examples: [
        Example("5 between 1 and 5", gives: "true"),
        Example("\"E14.9\" between \"E10\" and \"E14\"", gives: "true"),
        Example("2025-01-31T18:00 between 2025-01-01 and 2025-01-31", gives: "true"),
      ], searchWords: ["range", "within", "not between"], .vector(Kernels.isBetween)),
  ]

  private static let logic: [Function] = [
    Function(
      "and", .operators, "True where both sides are; false where one is, even if the other is missing.",
      [pair(.bool, .bool, .type(.bool))], missing: .handles,
      examples: [
        Example("true and false", gives: "false"), Example("true and missing", gives: "missing"),
        Example("false and missing", gives: "false"),
      ], searchWords: ["&", "&&", "both", "conjunction"], .vector(Kernels.and)),
    Function(
      "or", .operators, "True where one side is, even if the other is missing; false where both are false.",
      [pair(.bool, .bool, .type(.bool))], missing: .handles,
      examples: [
        Example("true or missing", gives: "true"), Example("false or missing", gives: "missing"),
      ], searchWords: ["|", "||", "either", "disjunction"], .vector(Kernels.or)),
    Function(
      "not", .operators, "True where the condition is false.",
      [Signature([Parameter("condition", .bool)], .type(.bool))],
      examples: [Example("not true", gives: "false"), Example("not missing", gives: "missing")],
      searchWords: ["!", "negation"], .vector(Kernels.not)),
    Function(
      "is missing", .operators, "True where the value is missing.",
      [Signature([Parameter("x", .any)], .type(.bool))], missing: .handles,
      examples: [Example("missing is missing", gives: "true"), Example("0 is not missing", gives: "true")],
      searchWords: [
        "count missing", "is null", "isnull", "is.na", "isna", "isempty", "isnotnull", "empty", "blank", "na",
      ],
      .vector(Kernels.isMissing)),
    Function(
      "??", .operators, "The first value that is not missing.",
      [Signature([Parameter("x", .any), Parameter("more", .any, variadic: true)], .common(from: 0))],
      missing: .handles,
      examples: [
        Example("missing ?? 0", gives: "0"), Example("missing ?? missing ?? \"x\"", gives: "x"),
      ], searchWords: ["coalesce", "ifnull", "nvl", "replace_na", "fillna", "default"],
      .vector(Kernels.coalesce)),
    Function(
      "like", .operators, "True where the whole text fits the pattern: % any text, _ one character.",
      [pair(.text, .text, .type(.bool))],
      examples: [
        Example("\"E11.9\" like \"E11%\"", gives: "true"), Example("\"E11.9\" like \"E_\"", gives: "false"),
      ], searchWords: ["wildcard", "pattern", "startswith"], .vector(Kernels.like)),
    Function(
      "not like", .operators, "True where the whole text does not fit the pattern.",
      [pair(.text, .text, .type(.bool))], examples: [Example("\"I10\" not like \"E%\"", gives: "true")],
      searchWords: ["wildcard"], .vector(Kernels.notLike)),
    Function(
      "~", .operators,
      "True where the regular expression is found anywhere in the text; exact in case, `(?i)` ignores it.",
      [pair(.text, .text, .type(.bool))],
      examples: [
        Example("\"Sepsis, severe\" ~ \"^Sep\"", gives: "true"),
        Example("\"Sepsis\" ~ \"sep\"", gives: "false"),
        Example("\"Sepsis\" ~ \"(?i)sep\"", gives: "true"),
      ], searchWords: ["regex", "regexp", "rlike", "grepl", "str_detect", "matches regex", "regexp_like"],
      .vector(Kernels.matches)),
    Function(
      "!~", .operators, "True where the regular expression is found nowhere in the text.",
      [pair(.text, .text, .type(.bool))], examples: [Example("\"Sepsis\" !~ \"x\"", gives: "true")],
      searchWords: ["regex", "not matches"], .vector(Kernels.notMatches)),
  ]
}
