import Columns
import Planning

/// Functions that give every row a value from the rows around it. `by` parts the rows, `sort` orders them.
extension FunctionTable {
  package static let windows: [Function] = neighbours + ranks + running + rolling

  private static let x = Parameter("x", .any)
  private static let number = Parameter("x", .number)
  private static let duration = Parameter("x", .duration)
  private static let numberAsFloat = ResultRule.computed { types in
    types.first.map { $0 == .int ? .float : $0 }
  }
  private static let shifted = Signature(
    [
      x, Parameter("n", .int, default: .int(1), constant: true),
      Parameter("default", .any, default: .missing),
    ],
    .computed { types in types.count < 3 ? types.first : DataType.common(types[0], types[2]) })

  /// The last row's value in a table of one column.
  private static func last(_ values: String, _ call: String) -> String {
    let rows = values.split(separator: " ").map { "{x: \($0)}" }.joined(separator: ", ")
    return "table [\(rows)] | derive y = \(call) | select y | take -1"
  }

  /// The first row's value in a table of one column.
  private static func first(_ values: String, _ call: String) -> String {
    let rows = values.split(separator: " ").map { "{x: \($0)}" }.joined(separator: ", ")
    return "table [\(rows)] | derive y = \(call) | select y | take 1"
  }

  private static let neighbours: [Function] = [
    Function(
      "last_known", aliases: ["locf"], .windows,
      "The last value up to this row that is not missing; `fill x down` writes it into the column.",
      [Signature([x], .same(0))], missing: .handles,
      examples: [Example(last("1 missing", "last_known(x)"), gives: "1")],
      reach: .lastKnown, searchWords: ["locf", "ffill", "fill down", "carry forward"],
      .window(Windows.lastKnown)),
    Function(
      "lag", aliases: ["previous"], .windows,
      "The value n rows earlier (1 unless given); before the first row the default, missing unless given.",
      [shifted], missing: .handles,
      examples: [
        Example(last("1 3 8", "lag(x)"), gives: "3"), Example(last("1 3 8", "lag(x, 2)"), gives: "1"),
        Example(first("1 3 8", "lag(x)"), gives: "missing"),
        Example(first("1 3 8", "lag(x, 1, 0)"), gives: "0"),
      ], reach: .neighbour(isLater: false), searchWords: ["previous", "shift", "before", "last visit"],
      .window(Windows.lag)),
    Function(
      "lead", aliases: ["next"], .windows,
      "The value n rows later (1 unless given); behind the last row the default, missing unless given.",
      [shifted], missing: .handles,
      examples: [
        Example(first("1 3 8", "lead(x)"), gives: "3"), Example(last("1 3 8", "lead(x)"), gives: "missing"),
        Example(last("1 3 8", "lead(x, 1, 0)"), gives: "0"),
      ], reach: .neighbour(isLater: true), searchWords: ["next", "shift", "following"], .window(Windows.lead)),
    Function(
      "difference", aliases: ["diff", "delta"], .windows,
      "The value minus the one in the row before; missing in the first row. Of times a duration.",
      [
        Signature([number], .same(0)), Signature([duration], .same(0)),
        Signature([Parameter("x", .time)], .type(.duration)),
      ], missing: .handles,
      examples: [
        Example(last("1 3 8", "difference(x)"), gives: "5"),
        Example(first("1 3 8", "difference(x)"), gives: "missing"),
        Example(last("2026-01-01 2026-01-31", "difference(x)"), gives: "30d"),
      ], reach: .neighbour(isLater: false), searchWords: ["diff", "change", "delta", "increase"],
      .window(Windows.difference)),
  ]

  private static let ranks: [Function] = [
    Function(
      "row_number", .windows, "1, 2, 3 and so on, in the order of `sort` or of the rows.",
      [Signature([], .type(.int))], missing: .handles,
      examples: [Example(last("5 5 9", "row_number()"), gives: "3")],
      reach: .place, searchWords: ["ROW_NUMBER", "index", "sequence", "counter"], .window(Windows.rowNumber)),
    Function(
      "rank", aliases: ["min_rank"], .windows,
      "The place in the order of `sort`; rows that tie share the first place of theirs: 1, 2, 2, 4.",
      [Signature([], .type(.int))], missing: .handles,
      examples: [
        Example(last("5 7 7", "rank() sort x"), gives: "2"),
        Example(last("7 7 9", "rank() sort x"), gives: "3"),
      ], searchWords: ["RANK", "place", "position", "min_rank"], .window(Windows.rank)),
    Function(
      "dense_rank", .windows, "The place in the order of `sort`, without gaps after ties: 1, 2, 2, 3.",
      [Signature([], .type(.int))], missing: .handles,
      examples: [Example(last("7 7 9", "dense_rank() sort x"), gives: "2")],
      searchWords: ["DENSE_RANK", "place", "position"], .window(Windows.denseRank)),
    Function(
      "percent_rank", .windows,
      "The share of the other rows that come before in the order of `sort`, from 0 to 1.",
      [Signature([], .type(.float))], missing: .handles,
      examples: [
        Example(last("1 2 3", "percent_rank() sort x"), gives: "1.0"),
        Example(last("3 1 2", "percent_rank() sort x"), gives: "0.5"),
      ], searchWords: ["PERCENT_RANK", "PERCENTRANK.INC", "percentile rank"], .window(Windows.percentRank)),
    Function(
      "quantile_group", .windows,
      "The group from 1 to n by ascending value, groups as equal in size as can be; equal values in row order.",
      [
        Signature([Parameter("x", .orderable), Parameter("n", .int, constant: true)], .type(.int))
      ], missing: .leavesOut,
      examples: [
        Example(last("10 20 30 40", "quantile_group(x, 4)"), gives: "4"),
        Example(last("10 20 30", "quantile_group(x, 2)"), gives: "2"),
        Example(last("10 missing", "quantile_group(x, 2)"), gives: "missing"),
      ], searchWords: ["ntile", "NTILE", "quartile", "quintile", "decile", "qcut"],
      .window(Windows.quantileGroup)),
  ]

  private static let running: [Function] = [
    Function(
      "running_sum", aliases: ["cumsum"], .windows, "The sum from the first row to this one.",
      [Signature([number], .same(0)), Signature([duration], .same(0))], missing: .leavesOut,
      examples: [
        Example(last("1 2 4", "running_sum(x)"), gives: "7"),
        Example(last("1 missing 4", "running_sum(x)"), gives: "5"),
      ], reach: .soFar(isExtreme: false), searchWords: ["cumulative", "cumsum", "running total"],
      .window(Windows.runningSum)),
    Function(
      "running_product", aliases: ["cumprod"], .windows,
      "The product from the first row to this one, a float.",
      [Signature([number], .type(.float))], missing: .leavesOut,
      examples: [
        Example(last("1 2 4", "running_product(x)"), gives: "8.0"),
        Example(last("2 missing 4", "running_product(x)"), gives: "8.0"),
      ],
      reach: .soFar(isExtreme: false),
      searchWords: ["cumulative", "cumprod", "survival", "kaplan-meier", "product limit"],
      remark:
        "Shares that survive step by step make a Kaplan-Meier curve: running_product(1 - deaths / at_risk) sort day.",
      .window(Windows.runningProduct)),
    Function(
      "running_count", .windows,
      "The number of rows, or of known values, from the first row to this one.",
      [Signature([], .type(.int)), Signature([x], .type(.int))], missing: .handles,
      examples: [
        Example(last("1 missing 4", "running_count(x)"), gives: "2"),
        Example(last("1 missing 4", "running_count()"), gives: "3"),
      ], reach: .soFar(isExtreme: false), searchWords: ["cumulative count", "cumcount"],
      .window(Windows.runningCount)),
    Function(
      "running_mean", aliases: ["cummean"], .windows, "The mean from the first row to this one.",
      [Signature([number], numberAsFloat), Signature([duration], .same(0))], missing: .leavesOut,
      examples: [Example(last("1 2 6", "running_mean(x)"), gives: "3.0")],
      reach: .soFar(isExtreme: false), searchWords: ["cumulative mean", "cummean", "running average"],
      .window(Windows.runningMean)),
    Function(
      "running_max", .windows,
      "The greatest value from the first row to this one; of times the latest.",
      orderedSignatures, missing: .leavesOut,
      examples: [
        Example(last("3 1 2", "running_max(x)"), gives: "3"),
        Example(first("missing 2", "running_max(x)"), gives: "missing"),
      ], reach: .soFar(isExtreme: true),
      searchWords: ["cumulative maximum", "cummax", "merge overlapping stays", "latest so far"],
      .window(Windows.runningMax)),
    Function(
      "running_min", .windows,
      "The least value from the first row to this one; of times the earliest.",
      orderedSignatures, missing: .leavesOut,
      examples: [Example(last("3 1 2", "running_min(x)"), gives: "1")],
      reach: .soFar(isExtreme: true), searchWords: ["cumulative minimum", "cummin", "earliest so far"],
      .window(Windows.runningMin)),
  ]

  /// For values that are more or less than others, and can be counted with.
  private static let orderedSignatures = [TypeClass.number, .date, .datetime, .duration].map {
    Signature([Parameter("x", $0)], .same(0))
  }

  private static func rollingSignatures(_ result: ResultRule) -> [Signature] {
    [number, duration].flatMap { value in
      [TypeClass.int, .duration].map { Signature([value, Parameter("n", $0, constant: true)], result) }
    }
  }

  private static let rolling: [Function] = [
    Function(
      "rolling_sum", .windows,
      "The sum of the last n rows, or of those within a duration by the `sort` key; missing until it is full.",
      rollingSignatures(.same(0)), missing: .leavesOut,
      examples: [
        Example(last("1 2 4", "rolling_sum(x, 2)"), gives: "6"),
        Example(last("1 2 4", "rolling_sum(x, 4)"), gives: "missing"),
      ], reach: .window, searchWords: ["moving sum", "window", "rollsum"], .window(Windows.rollingSum)),
    Function(
      "rolling_mean", aliases: ["moving_average", "rollmean"], .windows,
      "The mean of the last n rows, or of those within a duration by the `sort` key; missing until it is full.",
      rollingSignatures(numberAsFloat), missing: .leavesOut,
      examples: [
        Example(last("1 2 6", "rolling_mean(x, 2)"), gives: "4.0"),
        Example(
          "table [{d: 2026-01-01, x: 1}, {d: 2026-01-02, x: 3}, {d: 2026-01-04, x: 8}] "
            + "| derive y = rolling_mean(x, 2d) sort d | select y | take -1", gives: "8.0"),
      ], reach: .window, searchWords: ["moving average", "window", "rollmean", "smooth"],
      .window(Windows.rollingMean)),
    Function(
      "rolling_max", .windows,
      "The greatest of the last n rows, or of those within a duration by the `sort` key; missing until it is full.",
      rollingSignatures(.same(0)), missing: .leavesOut,
      examples: [Example(last("9 2 4", "rolling_max(x, 2)"), gives: "4")],
      reach: .window, searchWords: ["moving maximum", "window", "rollmax", "peak"],
      .window(Windows.rollingMax)),
    Function(
      "rolling_min", .windows,
      "The least of the last n rows, or of those within a duration by the `sort` key; missing until it is full.",
      rollingSignatures(.same(0)), missing: .leavesOut,
      examples: [Example(last("1 5 4", "rolling_min(x, 2)"), gives: "4")],
      reach: .window, searchWords: ["moving minimum", "window", "rollmin", "trough"],
      .window(Windows.rollingMin)),
  ]
}
