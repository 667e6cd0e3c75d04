import Glibc

/// A distribution of real numbers.
package protocol ContinuousDistribution: Sendable {
  /// Where the values lie.
  var support: ClosedRange<Double> { get }
  /// Probability of at most `x`.
  func cumulative(_ x: Double) -> Double
  /// Probability of more than `x`, exact in the upper tail.
  func upper(_ x: Double) -> Double
}

extension ContinuousDistribution {
  /// The value that a share `p` (0 to 1) lies below; nil when `p` is out of range.
  package func quantile(_ p: Double) -> Double? {
    guard p >= 0, p <= 1 else { return nil }
    if p == 0 { return support.lowerBound }
    if p == 1 { return support.upperBound }
    // In the upper half the complement is the exact one.
    return root(p < 0.5 ? { cumulative($0) < p } : { upper($0) > 1 - p })
  }

  /// The value that a share `p` lies above: `quantile(1 - p)` without the loss of digits for a tiny `p`.
  package func upperQuantile(_ p: Double) -> Double? {
    guard p >= 0, p <= 1 else { return nil }
    if p == 0 { return support.upperBound }
    if p == 1 { return support.lowerBound }
    return root { upper($0) > p }
  }

  /// The border between values that are below and those that are not, by halving.
  private func root(_ isBelow: (Double) -> Bool) -> Double {
    var low = max(support.lowerBound, -1)
    var high = min(support.upperBound, 1)
    while low > support.lowerBound, low.isFinite, !isBelow(low) { low = max(support.lowerBound, low * 2) }
    while high < support.upperBound, high.isFinite, isBelow(high) { high = min(support.upperBound, high * 2) }
    // A bound at zero is approached by factors first: quantiles may be as small as 1e-200.
    if low == 0 {
      var near = high
      while near > 1e-300, !isBelow(near / 16) { near /= 16 }
      low = near > 1e-300 ? near / 16 : 0
      high = near
    }
    for _ in 0..<200 {
      let middle = low + (high - low) / 2
      if middle <= low || middle >= high { break }
      if isBelow(middle) { low = middle } else { high = middle }
    }
    return low + (high - low) / 2
  }
}

/// The normal distribution with mean 0 and deviation 1.
package struct Normal: ContinuousDistribution {
  package init() {}
  package var support: ClosedRange<Double> { -Double.infinity...Double.infinity }
  package func cumulative(_ x: Double) -> Double { erfc(-x / 2.0.squareRoot()) / 2 }
  package func upper(_ x: Double) -> Double { erfc(x / 2.0.squareRoot()) / 2 }

  /// The z of a two-sided interval that covers `level` (0 to 1): 1.96 for 0.95.
  package func criticalValue(level: Double) -> Double? { upperQuantile((1 - level) / 2) }
}

/// Student's t.
package struct StudentT: ContinuousDistribution {
  /// The degrees of freedom, above 0 and not always whole.
  package let degrees: Double
  /// Nil unless the degrees of freedom are above 0.
  package init?(degrees: Double) {
    guard degrees > 0 else { return nil }
    self.degrees = degrees
  }
  package var support: ClosedRange<Double> { -Double.infinity...Double.infinity }
  package func cumulative(_ x: Double) -> Double { x < 0 ? tail(x) : 1 - tail(x) }
  package func upper(_ x: Double) -> Double { x > 0 ? tail(x) : 1 - tail(x) }
  private func tail(_ x: Double) -> Double {
    if x.isInfinite { return 0 }
    let square = x * x
    return Incomplete.beta(
      degrees / 2, 0.5, degrees / (degrees + square), complement: square / (degrees + square)
    ).lower / 2
  }
}

/// Gamma with a shape and a scale (the mean is their product).
package struct GammaDistribution: ContinuousDistribution {
  /// The exponent k of the density, x^(k−1)·exp(−x/scale) but for a factor; above 0.
  package let shape: Double
  /// What a standard gamma value is multiplied by, the inverse of the rate; above 0.
  package let scale: Double
  /// Nil unless both are above 0.
  package init?(shape: Double, scale: Double = 1) {
    guard shape > 0, scale > 0 else { return nil }
    self.shape = shape
    self.scale = scale
  }
  package var support: ClosedRange<Double> { 0...Double.infinity }
  package func cumulative(_ x: Double) -> Double { Incomplete.gamma(shape, x / scale).lower }
  package func upper(_ x: Double) -> Double { Incomplete.gamma(shape, x / scale).upper }
}

/// Chi-square.
package struct ChiSquare: ContinuousDistribution {
  /// The degrees of freedom, above 0 and not always whole.
  package let degrees: Double
  /// Nil unless the degrees of freedom are above 0.
  package init?(degrees: Double) {
    guard degrees > 0 else { return nil }
    self.degrees = degrees
  }
  package var support: ClosedRange<Double> { 0...Double.infinity }
  package func cumulative(_ x: Double) -> Double { Incomplete.gamma(degrees / 2, x / 2).lower }
  package func upper(_ x: Double) -> Double { Incomplete.gamma(degrees / 2, x / 2).upper }
}

/// Beta on 0 to 1.
package struct BetaDistribution: ContinuousDistribution {
  /// The first shape, above 0: the mean is a/(a + b).
  package let a: Double
  /// The second shape, above 0.
  package let b: Double
  /// Nil unless both are above 0.
  package init?(_ a: Double, _ b: Double) {
    guard a > 0, b > 0 else { return nil }
    self.a = a
    self.b = b
  }
  package var support: ClosedRange<Double> { 0...1 }
  package func cumulative(_ x: Double) -> Double { Incomplete.beta(a, b, x, complement: 1 - x).lower }
  package func upper(_ x: Double) -> Double { Incomplete.beta(a, b, x, complement: 1 - x).upper }
}

/// Fisher's F.
package struct FisherF: ContinuousDistribution {
  /// The degrees of freedom of the numerator, above 0.
  package let numerator: Double
  /// The degrees of freedom of the denominator, above 0.
  package let denominator: Double
  /// Nil unless both degrees of freedom are above 0.
  package init?(_ numerator: Double, _ denominator: Double) {
    guard numerator > 0, denominator > 0 else { return nil }
    self.numerator = numerator
    self.denominator = denominator
  }
  package var support: ClosedRange<Double> { 0...Double.infinity }
  package func cumulative(_ x: Double) -> Double { integral(x).lower }
  package func upper(_ x: Double) -> Double { integral(x).upper }
  private func integral(_ x: Double) -> (lower: Double, upper: Double) {
    if x <= 0 { return (0, 1) }
    if x.isInfinite { return (1, 0) }
    let total = numerator * x + denominator
    return Incomplete.beta(
      numerator / 2, denominator / 2, numerator * x / total, complement: denominator / total)
  }
}

/// Successes among `trials` with one probability.
package struct Binomial: Sendable {
  /// How many trials there are, 0 or more.
  package let trials: Int
  /// The probability of a success in each trial, 0 to 1.
  package let probability: Double
  /// Nil for negative trials or a probability outside 0 to 1.
  package init?(trials: Int, probability: Double) {
    guard trials >= 0, probability >= 0, probability <= 1 else { return nil }
    self.trials = trials
    self.probability = probability
  }

  /// Probability of exactly `k` successes; 0 for a `k` below 0 or above `trials`.
  package func mass(_ k: Int) -> Double {
    guard k >= 0, k <= trials else { return 0 }
    if probability == 0 { return k == 0 ? 1 : 0 }
    if probability == 1 { return k == trials ? 1 : 0 }
    let (n, x) = (Double(trials), Double(k))
    let choose = Incomplete.logGamma(n + 1) - Incomplete.logGamma(x + 1) - Incomplete.logGamma(n - x + 1)
    return exp(choose + x * log(probability) + (n - x) * log1p(-probability))
  }

  /// Probability of at most `k`.
  package func cumulative(_ k: Int) -> Double {
    if k < 0 { return 0 }
    if k >= trials { return 1 }
    return Incomplete.beta(
      Double(trials - k), Double(k + 1), 1 - probability, complement: probability
    ).lower
  }

  /// The least count whose cumulative probability reaches `p`; nil when `p` is out of range.
  package func quantile(_ p: Double) -> Int? {
    guard p >= 0, p <= 1 else { return nil }
    return leastCount(upTo: trials) { cumulative($0) >= p }
  }
}

/// Events of a constant rate.
package struct Poisson: Sendable {
  /// The expected number of events, 0 or more.
  package let mean: Double
  /// Nil for a negative mean.
  package init?(mean: Double) {
    guard mean >= 0, mean.isFinite else { return nil }
    self.mean = mean
  }

  /// Probability of exactly `k` events; 0 for a `k` below 0.
  package func mass(_ k: Int) -> Double {
    guard k >= 0 else { return 0 }
    if mean == 0 { return k == 0 ? 1 : 0 }
    return exp(Double(k) * log(mean) - mean - Incomplete.logGamma(Double(k) + 1))
  }

  /// Probability of at most `k`.
  package func cumulative(_ k: Int) -> Double {
    if k < 0 { return 0 }
    return mean == 0 ? 1 : Incomplete.gamma(Double(k) + 1, mean).upper
  }

  /// The least count whose cumulative probability reaches `p`; nil unless `p` is at least 0 and below 1.
  package func quantile(_ p: Double) -> Int? {
    guard p >= 0, p < 1, mean < 1e15 else { return nil }
    return leastCount(upTo: Int(mean + 60 * (mean.squareRoot() + 5))) { cumulative($0) >= p }
  }
}

/// The least count that passes; passing counts stay passing.
private func leastCount(upTo limit: Int, _ passes: (Int) -> Bool) -> Int {
  var low = 0
  var high = limit
  while low < high {
    let middle = low + (high - low) / 2
    if passes(middle) { high = middle } else { low = middle + 1 }
  }
  return low
}
