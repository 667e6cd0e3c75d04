import Columns
import Glibc
import Planning

/// Functions of numbers, row by row.
extension FunctionTable {
  private static let x = [Parameter("x", .number)]
  private static let toFloat = [Signature([Parameter("x", .number)], .type(.float))]
  private static let sameNumber = [Signature([Parameter("x", .number)], .same(0))]

  private static let someOrderable = [
    Signature([Parameter("x", .orderable), Parameter("more", .orderable, variadic: true)], .common(from: 0))
  ]

  package static let numbers: [Function] = [
    Function(
      "abs", .numbers, "The number or duration without its sign.",
      [Signature(x, .same(0)), Signature([Parameter("x", .duration)], .same(0))],
      examples: [Example("abs(-3)", gives: "3"), Example("abs(-90min)", gives: "1h 30min")],
      searchWords: ["absolute", "magnitude"], .vector(Kernels.absolute)),
    Function(
      "round", .numbers, "Rounds to n decimals, halves away from zero; a negative n rounds before the point.",
      [Signature([Parameter("x", .number), Parameter("n", .int, default: .int(0))], .same(0))],
      examples: [
        Example("round(2.5)", gives: "3.0"), Example("round(-2.5)", gives: "-3.0"),
        Example("round(2.675, 2)", gives: "2.68"), Example("round(1234, -2)", gives: "1200"),
      ], searchWords: ["roundto", "signif", "decimals"], .vector(Kernels.round)),
    Function(
      "floor", .numbers, "The whole number at or below; an int stays as it is.", sameNumber,
      examples: [Example("floor(2.7)", gives: "2.0"), Example("floor(-2.1)", gives: "-3.0")],
      searchWords: ["rounddown"], .vector(Kernels.whole(.down))),
    Function(
      "ceil", aliases: ["ceiling"], .numbers, "The whole number at or above; an int stays as it is.",
      sameNumber,
      examples: [Example("ceil(2.1)", gives: "3.0"), Example("ceil(-2.7)", gives: "-2.0")],
      searchWords: ["ceiling", "roundup"], .vector(Kernels.whole(.up))),
    Function(
      "trunc", aliases: ["truncate"], .numbers, "The whole part, toward zero; an int stays as it is.",
      sameNumber,
      examples: [Example("trunc(-2.7)", gives: "-2.0")], searchWords: ["fix", "truncate", "integer part"],
      .vector(Kernels.whole(.towardZero))),
    Function(
      "sqrt", .numbers, "The square root; of a negative number it is missing.", toFloat,
      examples: [Example("sqrt(9)", gives: "3.0"), Example("sqrt(-1)", gives: "missing")],
      searchWords: ["root"], .vector(Kernels.float { $0.squareRoot() })),
    Function(
      "exp", .numbers, "e raised to the power x.", toFloat, examples: [Example("exp(0)", gives: "1.0")],
      searchWords: ["exponential"], .vector(Kernels.float { Glibc.exp($0) })),
    Function(
      "ln", .numbers, "The natural logarithm; missing unless x is above 0.", toFloat,
      examples: [Example("ln(1)", gives: "0.0"), Example("ln(0)", gives: "missing")],
      searchWords: ["log", "natural logarithm"], .vector(Kernels.float { Glibc.log($0) })),
    Function(
      "log10", .numbers, "The logarithm to base 10; missing unless x is above 0.", toFloat,
      examples: [Example("log10(1000)", gives: "3.0")], searchWords: ["logarithm"],
      .vector(Kernels.float { Glibc.log10($0) })),
    Function(
      "log2", .numbers, "The logarithm to base 2; missing unless x is above 0.", toFloat,
      examples: [Example("log2(8)", gives: "3.0")], searchWords: ["logarithm"],
      .vector(Kernels.float { Glibc.log2($0) })),
    Function(
      "power", aliases: ["pow"], .numbers, "x raised to the power n, a float; the same as x ^ n.",
      [Signature([Parameter("x", .number), Parameter("n", .number)], .type(.float))],
      examples: [Example("power(9, 0.5)", gives: "3.0"), Example("power(2, 3)", gives: "8.0")],
      searchWords: ["exponent", "^", "**"], .vector(Kernels.power)),
    Function(
      "sign", .numbers, "-1, 0 or 1 as the number is below, at or above 0.",
      [Signature(x, .type(.int)), Signature([Parameter("x", .duration)], .type(.int))],
      examples: [Example("sign(-2.5)", gives: "-1"), Example("sign(0)", gives: "0")], searchWords: ["signum"],
      .vector(Kernels.sign)),
    Function(
      "clamp", .numbers, "x, but not below low and not above high; missing where one of the three is.",
      [
        Signature(
          [Parameter("x", .orderable), Parameter("low", .orderable), Parameter("high", .orderable)],
          .common(from: 0))
      ],
      examples: [Example("clamp(120, 0, 100)", gives: "100"), Example("clamp(-0.5, 0, 1)", gives: "0.0")],
      searchWords: ["limit", "winsorize", "bound"], .vector(Kernels.clamp)),
    Function(
      "least", .numbers, "The smallest of the arguments of a row; missing ones are left out.", someOrderable,
      missing: .handles,
      examples: [Example("least(3, 1, 2)", gives: "1"), Example("least(3, missing)", gives: "3")],
      searchWords: ["pmin", "min of columns", "rowmin"], .vector(Kernels.least)),
    Function(
      "greatest", .numbers, "The largest of the arguments of a row; missing ones are left out.",
      someOrderable,
      missing: .handles,
      examples: [
        Example("greatest(3, 1, 2)", gives: "3"),
        Example("greatest(2026-01-01, 2025-01-01)", gives: "2026-01-01"),
      ], searchWords: ["pmax", "max of columns", "rowmax"], .vector(Kernels.greatest)),
  ]
}
