import Glibc

/// Mean, spread and skewness of numbers, taken in two passes so that a large common offset costs no digits.
package struct Moments: Sendable, Equatable {
  /// How many values there were.
  package let count: Int
  /// Nil over no values.
  package let mean: Double?
  /// Sample variance (divisor n − 1); nil under two values.
  package let variance: Double?
  /// The adjusted Fisher-Pearson coefficient g₁·√(n(n−1))/(n−2); nil under three values or without any
  /// spread.
  package let skewness: Double?

  /// Sample standard deviation, the root of `variance`; nil under two values.
  package var deviation: Double? { variance.map { $0.squareRoot() } }

  /// Takes the values in their order, on which only the rounding depends.
  package init(_ values: Span<Double>) {
    let n = values.count
    count = n
    guard n > 0 else {
      (mean, variance, skewness) = (nil, nil, nil)
      return
    }
    var sum = 0.0
    for index in 0..<n { sum += values[index] / Double(n) }
    var rest = 0.0
    for index in 0..<n { rest += values[index] - sum }
    let center = sum + rest / Double(n)
    var (first, second, third) = (0.0, 0.0, 0.0)
    for index in 0..<n {
      let difference = values[index] - center
      first += difference
      second += difference * difference
      third += difference * difference * difference
    }
    mean = center
    // The sum of differences is zero but for rounding; taking it out removes that rounding.
    second -= first * first / Double(n)
    variance = n > 1 ? second / Double(n - 1) : nil
    if n > 2, second > 0 {
      let size = Double(n)
      let plain = (third / size) / pow(second / size, 1.5)
      skewness = plain * (size * (size - 1)).squareRoot() / (size - 2)
    } else {
      skewness = nil
    }
  }

  package init(_ values: [Double]) { self.init(values.span) }
}

/// Quantiles by linear interpolation between order statistics (type 7 of Hyndman and Fan, the default of R,
/// NumPy and pandas).
package enum Quantiles {
  /// The quantile at `p` (0 to 1) of values sorted upwards; nil over none or when `p` is out of range.
  package static func of(sorted values: Span<Double>, _ p: Double) -> Double? {
    guard values.count > 0, p >= 0, p <= 1 else { return nil }
    let position = p * Double(values.count - 1)
    let lower = Int(position)
    let fraction = position - Double(lower)
    guard fraction > 0, lower + 1 < values.count else { return values[lower] }
    let (left, right) = (values[lower], values[lower + 1])
    if left == right { return left }
    let distance = right - left
    return distance.isFinite ? left + fraction * distance : left * (1 - fraction) + right * fraction
  }

  /// The quantile at `p` (0 to 1) of values in any order; nil over none or when `p` is out of range.
  package static func of(_ values: [Double], _ p: Double) -> Double? {
    of(sorted: values.sorted().span, p)
  }

  /// Least, lower quartile, median, upper quartile, greatest.
  package struct FiveNumbers: Sendable, Equatable {
    package var least: Double
    /// The quantile at 0.25.
    package var lower: Double
    package var median: Double
    /// The quantile at 0.75.
    package var upper: Double
    package var greatest: Double
  }

  /// The five numbers of values in any order; nil over none.
  package static func fiveNumbers(_ values: [Double]) -> FiveNumbers? {
    let sorted = values.sorted()
    guard let least = sorted.first, let greatest = sorted.last, let lower = of(sorted: sorted.span, 0.25),
      let median = of(sorted: sorted.span, 0.5), let upper = of(sorted: sorted.span, 0.75)
    else { return nil }
    return FiveNumbers(least: least, lower: lower, median: median, upper: upper, greatest: greatest)
  }
}
