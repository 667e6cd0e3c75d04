/// The least-squares line through points, and Pearson's correlation.
package struct Regression: Sendable, Equatable {
  /// How much y grows for each unit of x.
  package let slope: Double
  /// The line's y where x is 0.
  package let intercept: Double
  /// Pearson's r; nil when y has no spread.
  package let correlation: Double?
  /// How many points there were, at least two.
  package let count: Int

  /// Nil under two points, for lists of different lengths, or when x has no spread.
  package init?(x: Span<Double>, y: Span<Double>) {
    guard let sums = CenteredSums(x, y), sums.xx > 0 else { return nil }
    slope = sums.xy / sums.xx
    intercept = sums.meanY - slope * sums.meanX
    correlation = sums.correlation
    count = x.count
  }

  /// Nil as for spans.
  package init?(x: [Double], y: [Double]) { self.init(x: x.span, y: y.span) }
}

/// Pearson's correlation of pairs; nil under two pairs, for lists of different lengths, or when either has
/// no spread.
package func correlation(_ x: Span<Double>, _ y: Span<Double>) -> Double? {
  CenteredSums(x, y)?.correlation
}

/// The same of arrays.
package func correlation(_ x: [Double], _ y: [Double]) -> Double? { correlation(x.span, y.span) }

/// Sums of squares and products around the means.
private struct CenteredSums {
  var meanX = 0.0
  var meanY = 0.0
  var xx = 0.0
  var yy = 0.0
  var xy = 0.0

  init?(_ x: Span<Double>, _ y: Span<Double>) {
    guard x.count == y.count, let meanX = Moments(x).mean, let meanY = Moments(y).mean, x.count > 1 else {
      return nil
    }
    (self.meanX, self.meanY) = (meanX, meanY)
    for index in 0..<x.count {
      let (dx, dy) = (x[index] - meanX, y[index] - meanY)
      xx += dx * dx
      yy += dy * dy
      xy += dx * dy
    }
  }

  var correlation: Double? {
    guard xx > 0, yy > 0 else { return nil }
    // One root loses less than two; two are needed where the product does not fit.
    let product = xx * yy
    let scale = product.isNormal ? product.squareRoot() : xx.squareRoot() * yy.squareRoot()
    return max(-1, min(1, xy / scale))
  }
}
