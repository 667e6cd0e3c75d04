import Columns
import Planning
import Statistics

/// Two groups compared, each estimate with its limits and the probability of a test.
extension FunctionTable {
  package static let groupComparisons: [Function] =
    family(
      "risk_ratio", "The risk k of n divided by the risk other_k of other_n", groups, katz,
      ("risk_ratio(178, 1589, 79, 1565)", ["2.2191", "1.7186", "2.8654", "0.0000"]),
      [
        "relative risk", "RR", "compare groups", "riskratio", "chisq.test", "fisher.test", "chi-squared",
        "p value",
      ]
    ) { k in
      table(k).map { one in Estimate(one.riskRatio, one.riskRatioInterval(), one.probability, one.isMixed) }
    }
    + family(
      "odds_ratio", "The odds of k in n divided by those of other_k in other_n", groups, woolf,
      ("odds_ratio(178, 1589, 79, 1565)", ["2.3729", "1.8028", "3.1234", "0.0000"]),
      ["OR", "oddsratio", "case control", "fisher.test"]
    ) { k in
      table(k).map { one in Estimate(one.oddsRatio, one.oddsRatioInterval(), one.probability, one.isMixed) }
    }
    + family(
      "risk_difference", "The risk k of n less the risk other_k of other_n", groups, newcombe,
      ("risk_difference(56, 70, 48, 80)", ["0.2000", "0.0524", "0.3339", "0.0080"]),
      [
        "attributable risk", "absolute risk reduction", "prop.test", "compare proportions",
        "number needed to treat",
      ]
    ) { k in
      table(k).map { one in
        Estimate(one.riskDifference, one.riskDifferenceInterval(), one.probability, one.isMixed)
      }
    }
    + family(
      "rate_ratio", "The rate of count over exposure divided by that of other_count over other_exposure",
      exposures,
      exact, ("rate_ratio(41, 28010, 15, 19017)", ["1.8558", "1.0057", "3.6093", "0.0477"]),
      ["IRR", "incidence rate ratio", "compare rates", "poisson.test"]
    ) { k in
      rates(k).map { one in Estimate(one.ratio, one.interval(), one.probability, true) }
    }

  private static let test =
    "p of Pearson's chi-squared, of Fisher's exact test where a cell expects fewer than 5"
  private static let katz = "Katz's 95% limits; \(test)"
  private static let woolf = "Woolf's 95% limits; \(test)"
  private static let newcombe = "Newcombe's 95% limits; \(test)"
  private static let exact = "exact 95% limits; an exact p of the binomial"

  private static let groups = [
    Parameter("k", .int), Parameter("n", .int), Parameter("other_k", .int), Parameter("other_n", .int),
  ]
  private static let exposures = [
    Parameter("count", .int), Parameter("exposure", .number), Parameter("other_count", .int),
    Parameter("other_exposure", .number),
  ]

  /// An estimate with its limits and its probability; each nil where it does not exist, and worked out for the result
  /// that asks for it.
  private struct Estimate {
    let value: () -> Double?
    let interval: () -> Interval?
    let probability: () -> Double?
    /// False where there is no probability, which takes long to work out.
    let hasProbability: () -> Bool

    init(
      _ value: @escaping @autoclosure () -> Double?, _ interval: @escaping @autoclosure () -> Interval?,
      _ probability: @escaping @autoclosure () -> Double?, _ hasProbability: @escaping @autoclosure () -> Bool
    ) {
      (self.value, self.interval) = (value, interval)
      (self.probability, self.hasProbability) = (probability, hasProbability)
    }
  }

  private static func table(_ arguments: [Value]) -> TwoByTwo? {
    let counts = arguments.compactMap(\.integer).map { Int($0) }
    guard counts.count == 4 else { return nil }
    return TwoByTwo(counts[0], of: counts[1], against: counts[2], of: counts[3])
  }

  private static func rates(_ arguments: [Value]) -> RatePair? {
    guard arguments.count == 4, let events = arguments[0].integer, let exposure = arguments[1].number,
      let others = arguments[2].integer, let otherExposure = arguments[3].number
    else { return nil }
    return RatePair(Int(events), per: exposure, against: Int(others), per: otherExposure)
  }

  /// A function and those of its further results, by their endings.
  ///
  /// - Parameter example: a call, and what it and its further results give, to four decimals.
  private static func family(
    _ name: String, _ summary: String, _ parameters: [Parameter], _ method: String,
    _ example: (call: String, results: [String]), _ searchWords: [String],
    _ estimate: @escaping @Sendable ([Value]) -> Estimate?
  ) -> [Function] {
    let signature = Signature(parameters, .type(.float))
    let arguments = example.call.dropFirst(name.count)
    func shown(_ ending: String, _ index: Int) -> Example {
      Example("format(\(name)\(ending)\(arguments), \".4\")", gives: example.results[index])
    }
    @Sendable func value(_ number: Double?) -> Value {
      guard let number, number.isFinite else { return .missing }
      return .float(number)
    }
    return [
      Function(
        name, .statistics, "\(summary), with its 95% limits and a p value as further results.", [signature],
        examples: [shown("", 0)], furtherResults: ["_low", "_high", "_p"], method: method,
        searchWords: searchWords,
        .rows { arguments, state in
          let all = estimate(arguments)
          let found = value(all?.value())
          // Limits on the logarithm do not exist at 0, nor at 1 of 1; only there is it worth looking.
          if found == .float(0) || found == .float(1), all?.interval() == nil {
            state.add(
              "without limits (nobody, or everybody, of a group has an event), which became missing", 1)
          }
          if !found.isMissing, all?.hasProbability() == false {
            state.add("without a p value (nobody, or everybody, has an event), which became missing", 1)
          }
          if found.isMissing {
            state.add(
              "without a comparison (no events to compare with, or numbers that do not fit), became missing",
              1)
          }
          return found
        }),
      Function(
        "\(name)_low", .statistics, "The lower 95% limit of \(name).", [signature],
        examples: [shown("_low", 1)],
        searchWords: ["lower limit", "confidence interval"],
        .rows { arguments, state in
          let limit = value(estimate(arguments)?.interval()?.low)
          if limit.isMissing {
            state.add("without limits (no events, or numbers that do not fit), became missing", 1)
          }
          return limit
        }),
      Function(
        "\(name)_high", .statistics, "The upper 95% limit of \(name).", [signature],
        examples: [shown("_high", 2)],
        searchWords: ["upper limit", "confidence interval"],
        .rows { arguments, state in
          let limit = value(estimate(arguments)?.interval()?.high)
          if limit.isMissing {
            state.add("without limits (no events, or numbers that do not fit), became missing", 1)
          }
          return limit
        }),
      Function(
        "\(name)_p", .statistics,
        "The two-sided p value of \(name): that of no difference; \(method.split(separator: "; ").last.map(String.init) ?? method).",
        [signature],
        examples: [shown("_p", 3)], searchWords: ["p value", "significance", "hypothesis test"],
        .rows { arguments, state in
          let found = value(estimate(arguments)?.probability())
          if found.isMissing {
            state.add(
              "without a p value (nobody, or everybody, has an event, or numbers that do not fit), became missing",
              1)
          }
          return found
        }),
    ]
  }
}
