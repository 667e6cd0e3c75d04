import Glibc

/// The incomplete gamma and beta integrals that the distribution functions rest on.
enum Incomplete {
  private static let limit = 100_000
  private static let tiny = 1e-300

  static func logGamma(_ x: Double) -> Double {
    var sign: Int32 = 0
    return lgamma_r(x, &sign)
  }

  /// Regularised lower (`P`) and upper (`Q`) incomplete gamma integrals for a > 0, x ≥ 0: a series below a +
  /// 1, a continued fraction above, so that the smaller of the two is the one computed.
  static func gamma(_ a: Double, _ x: Double) -> (lower: Double, upper: Double) {
    if x <= 0 { return (0, 1) }
    if x.isInfinite { return (1, 0) }
    let front = exp(a * log(x) - x - logGamma(a))
    if x < a + 1 {
      var term = 1 / a
      var sum = term
      var step = a
      for _ in 0..<limit {
        step += 1
        term *= x / step
        sum += term
        if term < sum * 1e-17 { break }
      }
      let lower = min(1, sum * front)
      return (lower, 1 - lower)
    }
    let upper = min(1, front * gammaFraction(a, x))
    return (1 - upper, upper)
  }

  private static func gammaFraction(_ a: Double, _ x: Double) -> Double {
    var b = x + 1 - a
    var c = 1 / tiny
    var d = 1 / (abs(b) < tiny ? tiny : b)
    var h = d
    for step in 1...limit {
      let factor = -Double(step) * (Double(step) - a)
      b += 2
      d = factor * d + b
      if abs(d) < tiny { d = tiny }
      c = b + factor / c
      if abs(c) < tiny { c = tiny }
      d = 1 / d
      let change = d * c
      h *= change
      if abs(change - 1) < 1e-16 { break }
    }
    return h
  }

  /// Regularised incomplete beta integral I_x(a, b) and its complement, for a, b > 0 and 0 ≤ x ≤ 1.
  /// `complement`
  /// is 1 − x, given apart so that an x near 1 loses nothing.
  static func beta(_ a: Double, _ b: Double, _ x: Double, complement: Double) -> (
    lower: Double, upper: Double
  ) {
    if x <= 0 { return (0, 1) }
    if complement <= 0 { return (1, 0) }
    let front = exp(logGamma(a + b) - logGamma(a) - logGamma(b) + a * log(x) + b * log(complement))
    if x < (a + 1) / (a + b + 2) {
      let lower = min(1, front * betaFraction(a, b, x) / a)
      return (lower, 1 - lower)
    }
    let upper = min(1, front * betaFraction(b, a, complement) / b)
    return (1 - upper, upper)
  }

  private static func betaFraction(_ a: Double, _ b: Double, _ x: Double) -> Double {
    var c = 1.0
    var d = 1 - (a + b) * x / (a + 1)
    if abs(d) < tiny { d = tiny }
    d = 1 / d
    var h = d
    for step in 1...limit {
      let m = Double(step)
      for factor in [
        m * (b - m) * x / ((a + 2 * m - 1) * (a + 2 * m)),
        -(a + m) * (a + b + m) * x / ((a + 2 * m) * (a + 2 * m + 1)),
      ] {
        d = 1 + factor * d
        if abs(d) < tiny { d = tiny }
        c = 1 + factor / c
        if abs(c) < tiny { c = tiny }
        d = 1 / d
        h *= d * c
      }
      if abs(d * c - 1) < 1e-16 { break }
    }
    return h
  }
}
