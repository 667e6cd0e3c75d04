import Glibc

/// A confidence interval.
package struct Interval: Sendable, Equatable {
  /// The lower limit, in the unit of what is estimated: a share, or a count of events.
  package var low: Double
  /// The upper limit, in the same unit.
  package var high: Double
  package init(_ low: Double, _ high: Double) {
    self.low = low
    self.high = high
  }
}

/// Two-sided intervals of a proportion of `successes` among `trials`. Nil unless 0 ≤ successes ≤ trials,
/// trials > 0
/// and the level lies between 0 and 1.
package enum ProportionInterval {
  /// Wilson's score interval without continuity correction.
  package static func wilson(_ successes: Int, of trials: Int, level: Double = 0.95) -> Interval? {
    guard isValid(successes, trials, level), let z = Normal().criticalValue(level: level) else { return nil }
    let (n, k) = (Double(trials), Double(successes))
    let square = z * z
    let center = k + square / 2
    let spread = z * (k * (n - k) / n + square / 4).squareRoot()
    return Interval(
      successes == 0 ? 0 : max(0, (center - spread) / (n + square)),
      successes == trials ? 1 : min(1, (center + spread) / (n + square)))
  }

  /// The exact interval of Clopper and Pearson.
  package static func clopperPearson(_ successes: Int, of trials: Int, level: Double = 0.95) -> Interval? {
    guard isValid(successes, trials, level) else { return nil }
    let tail = (1 - level) / 2
    let (k, n) = (Double(successes), Double(trials))
    let low = successes == 0 ? 0 : BetaDistribution(k, n - k + 1)?.quantile(tail)
    let high = successes == trials ? 1 : BetaDistribution(k + 1, n - k)?.upperQuantile(tail)
    guard let low, let high else { return nil }
    return Interval(low, high)
  }

  private static func isValid(_ successes: Int, _ trials: Int, _ level: Double) -> Bool {
    trials > 0 && successes >= 0 && successes <= trials && level > 0 && level < 1
  }
}

/// Two-sided intervals of the expected number of events, given how many were seen. Nil unless the count is
/// at least 0 and the level lies between 0 and 1. Divide by the exposure for a rate.
package enum CountInterval {
  /// The exact Poisson interval of Garwood.
  package static func garwood(_ count: Int, level: Double = 0.95) -> Interval? {
    guard count >= 0, level > 0, level < 1 else { return nil }
    let tail = (1 - level) / 2
    let low = count == 0 ? 0 : GammaDistribution(shape: Double(count))?.quantile(tail)
    guard let low, let high = GammaDistribution(shape: Double(count) + 1)?.upperQuantile(tail) else {
      return nil
    }
    return Interval(low, high)
  }

  /// Byar's approximation: the lower limit from the count, the upper from the count and one.
  package static func byar(_ count: Int, level: Double = 0.95) -> Interval? {
    guard let z = critical(count, level) else { return nil }
    let low = count == 0 ? 0 : cube(Double(count), -z)
    return Interval(low, cube(Double(count) + 1, z))
  }

  /// Byar's approximation in the form of Rothman, both limits from the count and a half.
  package static func byarRothman(_ count: Int, level: Double = 0.95) -> Interval? {
    guard let z = critical(count, level) else { return nil }
    let center = Double(count) + 0.5
    return Interval(max(0, cube(center, -z)), cube(center, z))
  }

  /// What public health reports use: exact under ten events, Byar's approximation from ten on.
  package static func standard(_ count: Int, level: Double = 0.95) -> Interval? {
    count < 10 ? garwood(count, level: level) : byar(count, level: level)
  }

  private static func critical(_ count: Int, _ level: Double) -> Double? {
    count >= 0 && level > 0 && level < 1 ? Normal().criticalValue(level: level) : nil
  }

  private static func cube(_ count: Double, _ z: Double) -> Double {
    let root = 1 - 1 / (9 * count) + z / (3 * count.squareRoot())
    return count * root * root * root
  }
}
