import Columns
import Planning
import Statistics

/// Functions of counts and exposures with their limits. `p = proportion(k, n)` fills `p`, `p_low` and `p_high`:
/// the limits are functions of their own, named by the result's ending.
extension FunctionTable {
  package static let statistics: [Function] = proportions + rates + groupComparisons

  private static let share = Signature(
    [Parameter("k", .int), Parameter("n", .int)], .type(.float))
  private static let perExposure = Signature(
    [
      Parameter("count", .int), Parameter("exposure", .number),
      Parameter("per", .number, default: .int(1), constant: true),
    ], .type(.float))

  private static let proportions: [Function] = [
    Function(
      "proportion", .statistics,
      "k of n as a share from 0 to 1, with the limits of Wilson's 95% interval as further results.",
      [share],
      examples: [
        Example("proportion(3, 12)", gives: "0.25"), Example("proportion(0, 0)", gives: "missing"),
        Example("proportion(5, 4)", gives: "missing"),
      ], furtherResults: ["_low", "_high"], method: "Wilson's 95% interval",
      searchWords: ["share", "risk", "prop.test", "binom.test", "wilson", "confidence interval", "percent"],
      .rows { arguments, state in
        // Its limits are missing with it, which is told once.
        told(
          proportion(arguments) { successes, trials in Double(successes) / Double(trials) }, noShare, state)
      }),
    Function(
      "proportion_low", .statistics, "The lower limit of Wilson's 95% interval of the share k of n.", [share],
      examples: [Example("round(proportion_low(81, 263), 4)", gives: "0.2553")],
      searchWords: ["wilson", "confidence interval", "lower limit"],
      .rows { arguments, state in
        told(proportion(arguments) { ProportionInterval.wilson($0, of: $1)?.low }, noShare, state)
      }),
    Function(
      "proportion_high", .statistics, "The upper limit of Wilson's 95% interval of the share k of n.",
      [share],
      examples: [Example("round(proportion_high(81, 263), 4)", gives: "0.3662")],
      searchWords: ["wilson", "confidence interval", "upper limit"],
      .rows { arguments, state in
        told(proportion(arguments) { ProportionInterval.wilson($0, of: $1)?.high }, noShare, state)
      }),
  ]

  private static let rates: [Function] = [
    Function(
      "rate", .statistics,
      "Events for each `per` of exposure, with 95% limits as further results (exact below 10 events, else Byar's).",
      [perExposure],
      examples: [
        Example("rate(4, 2000, per: 1000)", gives: "2.0"), Example("rate(4, 0)", gives: "missing"),
      ], furtherResults: ["_low", "_high"],
      method: "95% limits, exact where there are fewer than 10 events, otherwise Byar's",
      searchWords: ["incidence", "per 1000", "poisson.test", "byar", "confidence interval"],
      .rows { arguments, state in
        told(rate(arguments) { Double($0) }, noRate, state)
      }),
    Function(
      "rate_low", .statistics, "The lower 95% limit of a rate: exact below 10 events, Byar's from 10 on.",
      [perExposure], examples: [Example("round(rate_low(4, 2000, per: 1000), 4)", gives: "0.5449")],
      searchWords: ["poisson.test", "byar", "lower limit"],
      .rows { arguments, state in
        told(rate(arguments) { CountInterval.standard($0)?.low }, noRate, state)
      }),
    Function(
      "rate_high", .statistics, "The upper 95% limit of a rate: exact below 10 events, Byar's from 10 on.",
      [perExposure], examples: [Example("round(rate_high(4, 2000, per: 1000), 4)", gives: "5.1208")],
      searchWords: ["poisson.test", "byar", "upper limit"],
      .rows { arguments, state in
        told(rate(arguments) { CountInterval.standard($0)?.high }, noRate, state)
      }),
  ]

  private static let noShare = "without a share (n is 0, or k lies outside 0 to n), became missing"
  private static let noRate =
    "without a rate (no exposure, events below 0, or per not above 0), became missing"

  /// A result, counted where it is missing.
  private static func told(_ value: Value, _ why: String, _ state: CallState) -> Value {
    if value.isMissing { state.add(why, 1) }
    return value
  }

  /// A share or a limit of it; missing unless 0 ≤ k ≤ n and n > 0.
  private static func proportion(_ arguments: [Value], _ result: (Int, Int) -> Double?) -> Value {
    guard arguments.count == 2, let k = arguments[0].integer, let n = arguments[1].integer, n > 0, k >= 0,
      k <= n
    else { return .missing }
    return result(Int(k), Int(n)).map { .float($0) } ?? .missing
  }

  /// A number of events, or a limit of it, for each `per` of exposure; missing unless there is exposure.
  private static func rate(_ arguments: [Value], _ events: (Int) -> Double?) -> Value {
    guard arguments.count == 3, let count = arguments[0].integer, count >= 0, let per = arguments[2].number,
      per > 0,
      let exposure = arguments[1].number, exposure > 0, let found = events(Int(count))
    else { return .missing }
    let rate = found / exposure * per
    return rate.isFinite ? .float(rate) : .missing
  }
}
