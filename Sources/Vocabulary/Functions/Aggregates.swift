import Columns
import Planning

/// Functions over the rows of a group. Each also takes `where:` with the condition of the rows that count.
extension FunctionTable {
  package static let aggregates: [Function] =
    counts + sums + spreads + orderStatistics + edges + conditionAggregates + pairs

  private static let x = Parameter("x", .any)
  private static let number = Parameter("x", .number)
  private static let duration = Parameter("x", .duration)
  private static let time = Parameter("x", .time)

  /// The argument's type, or a float for numbers.
  private static let numberAsFloat = ResultRule.computed { types in
    types.first.map { $0 == .int ? .float : $0 }
  }

  /// Three rows of numbers as the source of an example.
  private static func over(_ values: String, _ call: String) -> String {
    let rows = values.split(separator: " ").map { "{x: \($0)}" }.joined(separator: ", ")
    return "table [\(rows)] | aggregate \(call)"
  }

  private static let counts: [Function] = [
    Function(
      "count", .aggregates, "The number of rows; with an argument, of rows where it is known.",
      [Signature([], .type(.int)), Signature([x], .type(.int))], missing: .handles,
      examples: [
        Example(over("1 missing 3", "count()"), gives: "3"),
        Example(over("1 missing 3", "count(x)"), gives: "2"),
        Example(over("1 5 9", "count(where: x > 2)"), gives: "2"),
      ], searchWords: ["n", "count(*)", "COUNTA", "COUNTIF", "tally", "length", "number of rows"],
      .aggregate(Aggregates.count)),
    Function(
      "count_distinct", aliases: ["n_distinct", "nunique", "dcount"], .aggregates,
      "The number of different known values.", [Signature([x], .type(.int))], missing: .leavesOut,
      examples: [
        Example(over("3 1 3 missing", "count_distinct(x)"), gives: "2"),
        Example(over("missing", "count_distinct(x)"), gives: "0"),
      ], searchWords: ["count distinct", "unique", "different", "cardinality"],
      .aggregate(Aggregates.countDistinct)),
  ]

  private static let sums: [Function] = [
    Function(
      "sum", .aggregates,
      "The sum: an int of ints, exact or an error; missing where no value is known.",
      [Signature([number], .same(0)), Signature([duration], .same(0))], missing: .leavesOut,
      examples: [
        Example(over("1 2 missing", "sum(x)"), gives: "3"),
        Example(over("0.1 0.2 0.3", "sum(x)"), gives: "0.6"),
        Example(over("missing", "sum(x)"), gives: "missing"),
      ], searchWords: ["total", "SUM", "SUMIF", "add up"], .aggregate(Aggregates.sum)),
    Function(
      "product", aliases: ["prod"], .aggregates, "The product, a float; missing where no value is known.",
      [Signature([number], numberAsFloat)], missing: .leavesOut,
      examples: [
        Example(over("2 3 missing", "product(x)"), gives: "6.0"),
        Example(over("0.5 0.5", "product(x)"), gives: "0.25"),
        Example(over("missing", "product(x)"), gives: "missing"),
      ], searchWords: ["multiply", "PRODUCT", "geometric"], .aggregate(Aggregates.product)),
    Function(
      "mean", aliases: ["avg", "average"], .aggregates,
      "The arithmetic mean; of durations a duration, of dates a date (rounded down).",
      [Signature([number], numberAsFloat), Signature([duration], .same(0)), Signature([time], .same(0))],
      missing: .leavesOut,
      examples: [
        Example(over("1 3", "mean(x)"), gives: "2.0"), Example(over("1 2 missing", "mean(x)"), gives: "1.5"),
        Example(over("2026-01-01 2026-01-04", "mean(x)"), gives: "2026-01-02"),
      ], searchWords: ["average", "AVG", "AVERAGEIF"], .aggregate(Aggregates.mean)),
  ]

  private static let spreads: [Function] = [
    Function(
      "stddev", aliases: ["sd", "stdev", "stddev_samp"], .aggregates,
      "The standard deviation of a sample (n - 1); missing below two values.",
      [Signature([number], numberAsFloat), Signature([duration], .same(0))], missing: .leavesOut,
      examples: [
        Example(over("2 4 4 4 5 5 7 9", "stddev(x)"), gives: "2.138089935299395"),
        Example(over("7", "stddev(x)"), gives: "missing"),
      ], searchWords: ["standard deviation", "STDEV.S", "spread", "std"],
      .aggregate(Aggregates.standardDeviation)),
    Function(
      "variance", aliases: ["var", "var_samp"], .aggregates,
      "The variance of a sample (n - 1); missing below two values.",
      [Signature([number], .type(.float))], missing: .leavesOut,
      examples: [
        Example(over("1 2 3 4", "variance(x)"), gives: "1.6666666666666667"),
        Example(over("7", "variance(x)"), gives: "missing"),
      ], searchWords: ["VAR.S", "spread"], .aggregate(Aggregates.variance)),
    Function(
      "skew", aliases: ["skewness"], .aggregates,
      "The skewness (adjusted Fisher-Pearson); missing below three values or without spread.",
      [Signature([number], .type(.float))], missing: .leavesOut,
      examples: [
        Example(over("1 2 3", "skew(x)"), gives: "0.0"), Example(over("1 2", "skew(x)"), gives: "missing"),
      ], searchWords: ["SKEW", "asymmetry"], .aggregate(Aggregates.skewness)),
  ]

  private static let orderStatistics: [Function] = [
    Function(
      "min", aliases: ["minimum"], .aggregates, "The least value; text by its own order where it has one.",
      [Signature([Parameter("x", .orderable)], .same(0))], missing: .leavesOut,
      examples: [
        Example(over("3 1 2", "min(x)"), gives: "1"), Example(over("\"b\" \"a\"", "min(x)"), gives: "a"),
        Example(over("2026-02-01 2025-12-31", "min(x)"), gives: "2025-12-31"),
      ], searchWords: ["minimum", "least", "smallest", "earliest"], .aggregate(Aggregates.min)),
    Function(
      "max", aliases: ["maximum"], .aggregates, "The greatest value; text by its own order where it has one.",
      [Signature([Parameter("x", .orderable)], .same(0))], missing: .leavesOut,
      examples: [
        Example(over("3 1 2", "max(x)"), gives: "3"), Example(over("missing", "max(x)"), gives: "missing"),
      ], searchWords: ["maximum", "greatest", "largest", "latest"], .aggregate(Aggregates.max)),
    Function(
      "range", .aggregates, "The greatest value minus the least; of times a duration.",
      [
        Signature([number], .same(0)), Signature([duration], .same(0)), Signature([time], .type(.duration)),
      ], missing: .leavesOut,
      examples: [
        Example(over("3 1 9", "range(x)"), gives: "8"),
        Example(over("2026-01-01 2026-01-31", "range(x)"), gives: "30d"),
      ], searchWords: ["spread", "max - min", "span"], .aggregate(Aggregates.range)),
    Function(
      "median", .aggregates, "The middle value, between the two middle ones where their number is even.",
      [Signature([number], numberAsFloat), Signature([duration], .same(0)), Signature([time], .same(0))],
      missing: .leavesOut,
      examples: [
        Example(over("5 1 9", "median(x)"), gives: "5.0"),
        Example(over("1 2 10 4", "median(x)"), gives: "3.0"),
        Example(over("missing", "median(x)"), gives: "missing"),
      ], searchWords: ["MEDIAN", "p50", "middle", "typical"], .aggregate(Aggregates.median)),
    Function(
      "percentile", .aggregates,
      "The value below which p percent lie (0 to 100), between neighbours in proportion (R type 7, PERCENTILE.INC).",
      percentileSignatures, missing: .leavesOut,
      examples: [
        Example(over("1 2 3 4", "percentile(x, 25)"), gives: "1.75"),
        Example(over("10 20 30 40 50", "percentile(x, 90)"), gives: "46.0"),
        Example(over("3 1 2", "percentile(x, 100)"), gives: "3.0"),
      ], searchWords: ["quantile", "quantile_cont", "PERCENTILE.INC", "quartile", "percentile_cont"],
      .aggregate(Aggregates.percentile)),
    Function(
      "mode", .aggregates, "The commonest value, the smallest of several.",
      [Signature([x], .same(0))], missing: .leavesOut,
      examples: [
        Example(over("2 3 2 3 1", "mode(x)"), gives: "2"),
        Example(over("\"b\" \"a\" \"b\"", "mode(x)"), gives: "b"),
      ], searchWords: ["commonest", "most frequent", "MODE.SNGL"], .aggregate(Aggregates.mode)),
  ]

  private static let percentileSignatures: [Signature] = {
    let p = Parameter("p", .number, constant: true)
    return [
      Signature([number, p], numberAsFloat), Signature([duration, p], .same(0)),
      Signature([time, p], .same(0)),
    ]
  }()

  private static let edges: [Function] = [
    Function(
      "first", aliases: ["first_value"], .aggregates,
      "The value of the first row, which may be missing; `sort` says which row is first.",
      [Signature([x], .same(0))], missing: .handles,
      examples: [
        Example(over("7 missing 3", "first(x)"), gives: "7"),
        Example(over("missing 3", "first(x)"), gives: "missing"),
        Example(over("7 3", "y = first(x) sort x"), gives: "3"),
      ], reach: .edge(isLast: false), searchWords: ["earliest", "first_value", "top"],
      .aggregate(Aggregates.first)),
    Function(
      "last", aliases: ["last_value"], .aggregates,
      "The value of the last row, which may be missing; `sort` says which row is last.",
      [Signature([x], .same(0))], missing: .handles,
      examples: [
        Example(over("7 missing 3", "last(x)"), gives: "3"),
        Example(over("3 missing", "last(x)"), gives: "missing"),
      ], reach: .edge(isLast: true), searchWords: ["latest", "last_value", "most recent"],
      .aggregate(Aggregates.last)),
    Function(
      "only", .aggregates,
      "The one known value of a group, however many rows have it; different ones are an error.",
      [Signature([Parameter("x", .orderable)], .same(0))], missing: .leavesOut,
      examples: [
        Example(over("7 missing 7", "only(x)"), gives: "7"),
        Example(over("missing", "only(x)"), gives: "missing"),
      ], searchWords: ["single", "unique", "the value", "first"], .aggregate(Aggregates.only)),
    Function(
      "list", aliases: ["array_agg", "collect"], .aggregates, "The known values as a list, in row order.",
      [Signature([x], .computed { types in types.first.map { .list($0) } })], missing: .leavesOut,
      examples: [Example(over("3 missing 1", "list(x)"), gives: "[3, 1]")],
      searchWords: ["array_agg", "collect", "nest"], .aggregate(Aggregates.list)),
    Function(
      "text_join", aliases: ["string_agg", "group_concat", "listagg"], .aggregates,
      "The known texts one behind the other, in row order, with a separator between.",
      [
        Signature(
          [
            Parameter("x", .text), Parameter("separator", .text, default: .text(", "), constant: true),
          ], .type(.text))
      ], missing: .leavesOut,
      examples: [
        Example(over("\"b\" missing \"a\"", "text_join(x, \"; \")"), gives: "b; a"),
        Example(over("\"b\" \"a\"", "y = text_join(x) sort x"), gives: "a, b"),
      ], searchWords: ["TEXTJOIN", "paste", "concatenate", "string_agg", "collapse"],
      .aggregate(Aggregates.textJoin)),
  ]

  private static let conditionAggregates: [Function] = [
    Function(
      "any", aliases: ["bool_or", "some"], .aggregates,
      "True where the condition holds in some row; false over no rows.",
      [Signature([Parameter("condition", .bool)], .type(.bool))], missing: .leavesOut,
      examples: [
        Example(over("1 5", "any(x > 4)"), gives: "true"),
        Example(over("1 missing", "any(x > 4)"), gives: "false"),
        Example(over("1", "any(x > 4, where: x > 9)"), gives: "false"),
      ], searchWords: ["bool_or", "exists", "OR"], .aggregate(Aggregates.any)),
    Function(
      "all", aliases: ["bool_and", "every"], .aggregates,
      "True where the condition holds in all rows in which it is known; true over no rows.",
      [Signature([Parameter("condition", .bool)], .type(.bool))], missing: .leavesOut,
      examples: [
        Example(over("1 5", "all(x > 4)"), gives: "false"),
        Example(over("7 missing", "all(x > 4)"), gives: "true"),
        Example(over("1", "all(x > 4, where: x > 9)"), gives: "true"),
      ], searchWords: ["bool_and", "every", "AND"], .aggregate(Aggregates.all)),
    Function(
      "percent", .aggregates,
      "The rows in which the condition holds, in percent (0 to 100) of those in which it is known.",
      [Signature([Parameter("condition", .bool)], .type(.float))], missing: .leavesOut,
      examples: [
        Example(over("1 5 6 9", "percent(x > 4)"), gives: "75.0"),
        Example(over("1 5 missing", "percent(x > 4)"), gives: "50.0"),
        Example(over("missing", "percent(x > 4)"), gives: "missing"),
      ], searchWords: ["proportion", "share", "rate", "%"], .aggregate(Aggregates.percent)),
  ]

  private static let pairs: [Function] = [
    Function(
      "correlation", aliases: ["corr", "cor"], .aggregates,
      "Pearson's correlation of two numbers, over the rows where both are known.",
      [Signature([Parameter("x", .number), Parameter("y", .number)], .type(.float))], missing: .leavesOut,
      examples: [
        Example(
          "table [{x: 1, y: 2}, {x: 2, y: 4}, {x: 3, y: 6}] | aggregate correlation(x, y)", gives: "1.0"),
        Example("table [{x: 1, y: 2}, {x: 2, y: 2}] | aggregate correlation(x, y)", gives: "missing"),
      ], searchWords: ["CORREL", "PEARSON", "cor", "r"], .aggregate(Aggregates.correlation)),
    Function(
      "slope", aliases: ["regr_slope"], .aggregates,
      "How much y rises for each unit of x: the slope of the least-squares line; y comes first.",
      [Signature([Parameter("y", .number), Parameter("x", .number)], .type(.float))], missing: .leavesOut,
      examples: [
        Example("table [{x: 1, y: 2}, {x: 2, y: 4}, {x: 4, y: 8}] | aggregate slope(y, x)", gives: "2.0"),
        Example("table [{x: 1, y: 2}, {x: 1, y: 4}] | aggregate slope(y, x)", gives: "missing"),
      ], searchWords: ["SLOPE", "regression", "trend", "regr_slope", "lm"], .aggregate(Aggregates.slope)),
  ]
}
