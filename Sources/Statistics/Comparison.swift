import Glibc

/// Events in two groups: `events` of `trials` in the group that is looked at, `otherEvents` of `otherTrials` in the one
/// that it is compared with. The estimates and limits are those of Rothman, Modern Epidemiology.
package struct TwoByTwo: Sendable {
  private let a: Double
  private let n: Double
  private let c: Double
  private let m: Double
  private let counts: (events: Int, trials: Int, otherEvents: Int, otherTrials: Int)
  /// Tables with the same margins that the exact test goes through at most.
  private static let mostTables = 100_000.0

  /// Nil unless each number of events lies between 0 and that of its trials, and there are trials in both groups, no more
  /// than 2^53 together.
  package init?(_ events: Int, of trials: Int, against otherEvents: Int, of otherTrials: Int) {
    guard trials > 0, otherTrials > 0, (0...trials).contains(events), (0...otherTrials).contains(otherEvents),
      Self.areCounted(trials, otherTrials)
    else { return nil }
    counts = (events, trials, otherEvents, otherTrials)
    (a, n, c, m) = (Double(events), Double(trials), Double(otherEvents), Double(otherTrials))
  }

  /// Whether a float holds each number up to their sum, which the tests go through one by one.
  static func areCounted(_ one: Int, _ other: Int) -> Bool {
    let (sum, overflows) = one.addingReportingOverflow(other)
    return !overflows && sum <= 1 << 53
  }

  /// The risk of the one group divided by that of the other; nil where the other has no event.
  package var riskRatio: Double? { c > 0 ? (a / n) / (c / m) : nil }

  /// Katz's limits of the risk ratio, on the logarithm; nil where a group has no event, and where all have one: limits
  /// without any width would say that there is no doubt.
  package func riskRatioInterval(level: Double = 0.95) -> Interval? {
    guard let ratio = riskRatio, a > 0, a < n || c < m, let z = Normal().criticalValue(level: level) else {
      return nil
    }
    let spread = z * (1 / a - 1 / n + 1 / c - 1 / m).squareRoot()
    return Interval(ratio * exp(-spread), ratio * exp(spread))
  }

  /// The odds of the one group divided by those of the other; nil where a divisor is 0.
  package var oddsRatio: Double? {
    let divisor = (n - a) * c
    return divisor > 0 ? a * (m - c) / divisor : nil
  }

  /// Woolf's limits of the odds ratio, on the logarithm; nil where one of the four numbers is 0.
  package func oddsRatioInterval(level: Double = 0.95) -> Interval? {
    guard let ratio = oddsRatio, ratio > 0, let z = Normal().criticalValue(level: level) else { return nil }
    let spread = z * (1 / a + 1 / (n - a) + 1 / c + 1 / (m - c)).squareRoot()
    return Interval(ratio * exp(-spread), ratio * exp(spread))
  }

  /// The risk of the one group less that of the other, −1 to 1.
  package var riskDifference: Double { a / n - c / m }

  /// Newcombe's limits of the difference, made of Wilson's of both risks (his method 10, Statistics in Medicine 1998).
  package func riskDifferenceInterval(level: Double = 0.95) -> Interval? {
    guard let one = ProportionInterval.wilson(counts.events, of: counts.trials, level: level),
      let other = ProportionInterval.wilson(counts.otherEvents, of: counts.otherTrials, level: level)
    else { return nil }
    let (p, q) = (a / n, c / m)
    let below = ((p - one.low) * (p - one.low) + (other.high - q) * (other.high - q)).squareRoot()
    let above = ((one.high - p) * (one.high - p) + (q - other.low) * (q - other.low)).squareRoot()
    return Interval(max(-1, p - q - below), min(1, p - q + above))
  }

  /// The two-sided probability of a difference like this or greater where there is none: Pearson's chi-squared without
  /// correction, Fisher's exact test where fewer than five are expected in one of the four cells. Nil where nobody, or
  /// everybody, has an event.
  package var probability: Double? {
    guard isMixed else { return nil }
    let (events, all) = (a + c, n + m)
    let (group, outcome) = (min(n, m), min(events, all - events))
    // Of tables with more cells than anybody counts nobody wants to wait for each.
    let isExact = group * outcome / all < 5 && min(group, outcome) <= Self.mostTables
    return isExact ? fisher : ChiSquare(degrees: 1)?.upper(chiSquared)
  }

  /// Pearson's statistic without continuity correction, of one degree of freedom; not a number where a margin is 0.
  package var chiSquared: Double {
    let (b, d) = (n - a, m - c)
    let difference = a * d - b * c
    return (n + m) * difference * difference / (n * m * (a + c) * (b + d))
  }

  /// Fisher's exact test, two-sided: the tables with the same margins that are as probable as this one or less.
  ///
  /// Each probability is the one beside it times a ratio of whole numbers, from the most probable table on: of
  /// logarithms of factorials, populations of millions leave no digits for the difference.
  package var fisher: Double {
    let events = a + c
    let (least, most) = (max(0, events - m), min(n, events))
    let likeliest = min(most, max(least, ((n + 1) * (events + 1) / (n + m + 2)).rounded(.down)))
    func upward(_ k: Double) -> Double { (n - k) * (events - k) / ((k + 1) * (m - events + k + 1)) }
    /// The tables from the likeliest one on in one direction, with their probabilities as shares of its own.
    func forEach(_ step: Double, _ body: (_ k: Double, _ mass: Double) -> Void) {
      var (k, mass) = (likeliest, 1.0)
      while mass > 0, step > 0 ? k < most : k > least {
        mass *= step > 0 ? upward(k) : 1 / upward(k - 1)
        k += step
        body(k, mass)
      }
    }
    var own = a == likeliest ? 1.0 : 0
    forEach(a > likeliest ? 1 : -1) { if $0 == a { own = $1 } }
    var (extreme, all) = (0.0, 0.0)
    func take(_ mass: Double) {
      all += mass
      // As R does: masses that differ only by their rounding are equal.
      if mass <= own * (1 + 1e-7) { extreme += mass }
    }
    take(1)
    forEach(1) { take($1) }
    forEach(-1) { take($1) }
    return min(1, extreme / all)
  }

  /// Whether some have an event and others have none: only then is there a probability.
  package var isMixed: Bool { a + c > 0 && a + c < n + m }
}

/// Events over two exposures, such as infections in the line-days of two wards.
package struct RatePair: Sendable {
  private let counts: (events: Int, otherEvents: Int)
  private let exposures: (own: Double, other: Double)

  /// Nil unless no number of events is negative, both are at most 2^53 together, and both exposures are above 0.
  package init?(_ events: Int, per exposure: Double, against otherEvents: Int, per otherExposure: Double) {
    guard events >= 0, otherEvents >= 0, exposure > 0, otherExposure > 0, exposure.isFinite,
      otherExposure.isFinite, TwoByTwo.areCounted(events, otherEvents)
    else { return nil }
    counts = (events, otherEvents)
    exposures = (exposure, otherExposure)
  }

  /// The one rate divided by the other; nil where the other has no event.
  package var ratio: Double? {
    if counts.otherEvents == 0 { return nil }
    return Double(counts.events) / exposures.own / (Double(counts.otherEvents) / exposures.other)
  }

  /// Exact limits: those of Clopper and Pearson for the share of all events that fall into the one exposure. Nil where
  /// the other has no event.
  package func interval(level: Double = 0.95) -> Interval? {
    let all = counts.events + counts.otherEvents
    guard counts.otherEvents > 0,
      let share = ProportionInterval.clopperPearson(counts.events, of: all, level: level)
    else { return nil }
    let scale = exposures.other / exposures.own
    return Interval(share.low / (1 - share.low) * scale, share.high / (1 - share.high) * scale)
  }

  /// The two-sided exact probability where the rates are the same: twice the smaller tail of the binomial. Nil without
  /// events.
  package var probability: Double? {
    let all = counts.events + counts.otherEvents
    let share = exposures.own / (exposures.own + exposures.other)
    // Each tail as the lower one of its side: a small number less 1 would be lost.
    guard all > 0, let own = Binomial(trials: all, probability: share),
      let other = Binomial(trials: all, probability: 1 - share)
    else { return nil }
    return min(1, 2 * min(own.cumulative(counts.events), other.cumulative(counts.otherEvents)))
  }
}
