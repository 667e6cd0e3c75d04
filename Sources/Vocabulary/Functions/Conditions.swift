import Columns
import Planning

/// Choices between values, and numbers as groups.
extension FunctionTable {
  private static let cut = TypeClass.any

  /// Whether x and the cuts are all numbers, all durations or all times; the labels, if any, come last.
  private static func bandType(_ types: [DataType]) -> DataType? {
    let values = types.dropLast().filter { $0 != .missing }
    let fits =
      values.allSatisfy { $0.isNumber } || values.allSatisfy { $0 == .duration }
      || values.allSatisfy { $0.isTime }
    return fits ? .text : nil
  }

  package static let conditions: [Function] = [
    Function(
      "if", aliases: ["iff", "ifelse", "if_else", "iif"], .conditions,
      "a where the condition is true, b where it is false; missing where it is missing, which a note counts.",
      [
        Signature(
          [Parameter("condition", .bool), Parameter("a", .any), Parameter("b", .any, default: .missing)],
          .common(from: 1))
      ], missing: .handles,
      examples: [
        Example("if(2 > 1, \"yes\", \"no\")", gives: "yes"), Example("if(missing, 1, 2)", gives: "missing"),
      ], searchWords: ["ifelse", "iff", "if_else", "case when", "ternary"], .form),
    Function(
      "case", .conditions,
      "case { condition -> value, …, else -> value }: the first condition that is not false decides. A note counts the rows that get no value: the condition is missing, or none is true.",
      [Signature([Parameter("branches", .any, variadic: true)], .common(from: 0))], missing: .handles,
      examples: [
        Example("case { 70 >= 80 -> \"old\", 70 >= 18 -> \"adult\", else -> \"child\" }", gives: "adult"),
        Example("case 2 { 1 -> \"one\", 2 -> \"two\" }", gives: "two"),
      ], searchWords: ["case when", "case_when", "switch", "match"], .form),
    Function(
      "coalesce", aliases: ["ifnull", "nvl"], .conditions,
      "The first value that is not missing; written `a ?? b`.",
      [Signature([Parameter("x", .any), Parameter("more", .any, variadic: true)], .common(from: 0))],
      missing: .handles, examples: [Example("coalesce(missing, missing, 3)", gives: "3")],
      searchWords: ["??", "ifnull", "nvl", "isnull", "replace_na", "default"], .form),
    Function(
      Kernels.filling, .conditions, "x, with a value where it is missing; how many were filled is told.",
      [Signature([Parameter("x", .any), Parameter("value", .any)], .common(from: 0))], missing: .handles,
      examples: [Example("filled(missing, 0)", gives: "0"), Example("filled(7, 0)", gives: "7")],
      searchWords: ["fill", "replace missing", "impute"], .vector(Kernels.filled)),
    Function(
      "nullif", aliases: ["na_if"], .conditions, "x, but missing where it equals y.",
      [
        Signature(
          [Parameter("x", .any), Parameter("y", .any)],
          .computed { types in
            Kernels.areComparable(types[0], types[1], forEquality: true) ? types[0] : nil
          })
      ], missing: .handles,
      examples: [Example("nullif(999, 999)", gives: "missing"), Example("nullif(120, 999)", gives: "120")],
      searchWords: ["na_if", "replace", "null"], .vector(Kernels.nullIf)),
    Function(
      "bands", .conditions,
      "Ordered groups between cuts, lower ends included: n cuts make n + 1 bands.",
      [
        Signature(
          [
            Parameter("x", .any), Parameter("cuts", .any, variadic: true, constant: true),
            Parameter("labels", .list, default: .missing, constant: true),
          ], .computed(bandType))
      ],
      missing: .handles,
      examples: [
        Example("bands(40, 18, 65)", gives: "18-64"), Example("bands(65, 18, 65)", gives: "65+"),
        Example("bands(17.5, 18, 65)", gives: "<18"), Example("bands(40.5, 18, 65)", gives: "18-<65"),
        Example("bands(70, 18, 65, labels: [\"child\", \"adult\", \"old\"])", gives: "old"),
        Example("bands(2026-02-10, 2026-01-01, 2026-04-01)", gives: "2026-01-01 to 2026-03-31"),
      ], searchWords: ["cut", "bin", "age groups", "case_when", "width_bucket", "findinterval"],
      .vector(Kernels.bands)),
    Function(
      "bin", .conditions, "Ordered groups of one width; of a time the first moment of the stretch.",
      [
        Signature([Parameter("x", .number), Parameter("width", .number, constant: true)], .type(.text)),
        Signature([Parameter("x", .time), Parameter("width", .duration, constant: true)], .type(.datetime)),
      ],
      examples: [
        Example("bin(37, 10)", gives: "30-39"), Example("bin(7.1, 2.5)", gives: "5-<7.5"),
        Example("bin(2026-10-15T08:47, 15min)", gives: "2026-10-15T08:45:00"),
      ], searchWords: ["cut_width", "floor", "bin", "histogram", "round down", "time_bucket"],
      .vector { (arguments, rows, state) throws(KernelFault) in
        arguments[0].type.isTime
          ? try Kernels.binTime(arguments, rows, state) : try Kernels.bin(arguments, rows, state)
      }),
    Function(
      Kernels.ordering, aliases: ["factor"], .conditions,
      "The text with this order for sorting, comparing, groups and charts; texts not listed come behind, and are neither more nor less.",
      [
        Signature(
          [Parameter("x", .text), Parameter("order", .text, variadic: true, constant: true)], .type(.text))
      ],
      examples: [Example("ordered(\"mid\", \"low\", \"mid\", \"high\")", gives: "mid")],
      searchWords: ["factor", "levels", "fct_relevel", "categorical", "enum"], .vector(Kernels.ordered)),
    Function(
      "code", .conditions, "The position of ordered text in its order, from 1.",
      [Signature([Parameter("x", .text)], .type(.int))],
      examples: [
        Example(
          "table [{x: \"mid\"}] | select n = code(ordered(x, \"low\", \"mid\", \"high\"))", gives: "2")
      ], searchWords: ["as.integer", "cat.codes", "rank", "level"], .vector(Kernels.code)),
  ]
}
