import Statistics
import Testing

private func near(_ value: Double?, _ expected: Double, _ tolerance: Double = 1e-10) -> Bool {
  guard let value else { return false }
  return (value - expected).magnitude <= tolerance * max(1, expected.magnitude)
}

@Suite struct DistributionTests {
  // Reference values: the usual tables, as R prints them.
  @Test func normal() {
    #expect(near(Normal().cumulative(1.96), 0.9750021048517795))
    #expect(near(Normal().quantile(0.975), 1.959963984540054))
    #expect(near(Normal().quantile(0.025), -1.959963984540054))
    #expect(near(Normal().quantile(0.5), 0))
    let far = Normal().upper(10)
    #expect((far / 7.619853024160527e-24 - 1).magnitude < 1e-9)
    #expect(Normal().quantile(1.5) == nil)
    #expect(Normal().quantile(0) == -.infinity)
  }

  @Test func studentT() throws {
    let two = try #require(StudentT(degrees: 2))
    // With two degrees of freedom the distribution function is 1/2 + t / (2·√(2 + t²)).
    for t in [-30.0, -1.5, -0.01, 0, 0.3, 2, 100] {
      #expect(near(two.cumulative(t), 0.5 + t / (2 * (2 + t * t).squareRoot()), 1e-13))
    }
    #expect(near(StudentT(degrees: 10)?.quantile(0.975), 2.228138851964939))
    #expect(near(StudentT(degrees: 1)?.quantile(0.975), 12.70620473617471))
    #expect(StudentT(degrees: 0) == nil)
  }

  @Test func chiSquareAndGamma() {
    #expect(near(ChiSquare(degrees: 1)?.quantile(0.95), 3.841458820694124))
    #expect(near(ChiSquare(degrees: 10)?.quantile(0.95), 18.307038053275146))
    // With two degrees of freedom the upper tail is exp(-x / 2).
    #expect(near(ChiSquare(degrees: 2)?.upper(3), 0.22313016014842982, 1e-14))
    #expect(near(ChiSquare(degrees: 2)?.upper(30.0701), 2.9536e-7, 1e-10))
    // Shape 3, scale 2: 1 − e^(−x/2)(1 + x/2 + x²/8).
    #expect(near(GammaDistribution(shape: 3, scale: 2)?.cumulative(4), 0.3233235838169366, 1e-13))
  }

  @Test func betaAndF() {
    // I_x(2, 3) = x²(6 − 8x + 3x²).
    for x in [0.01, 0.25, 0.5, 0.9] {
      #expect(near(BetaDistribution(2, 3)?.cumulative(x), x * x * (6 - 8 * x + 3 * x * x), 1e-13))
    }
    #expect(near(FisherF(1, 10)?.quantile(0.95), 4.964602743730711))
    // t² with df degrees is F(1, df).
    #expect(near(FisherF(1, 10)?.upper(2.228138851964939 * 2.228138851964939), 0.05))
  }

  @Test func counts() throws {
    let coin = try #require(Binomial(trials: 10, probability: 0.5))
    #expect(near(coin.cumulative(5), 638.0 / 1024))
    #expect(near(coin.mass(5), 252.0 / 1024))
    #expect(coin.quantile(0.5) == 5)
    #expect(coin.cumulative(-1) == 0 && coin.cumulative(10) == 1)
    let events = try #require(Poisson(mean: 3))
    // e^-3 · (1 + 3 + 4.5)
    #expect(near(events.cumulative(2), 0.42319008112684353, 1e-13))
    #expect(near(events.mass(0), 0.049787068367863944, 1e-13))
    #expect(events.quantile(0.5) == 3)
    #expect(Binomial(trials: 3, probability: 1.1) == nil && Poisson(mean: -1) == nil)
  }

  @Test func quantilesInvertDistributionFunctions() {
    let optional: [(any ContinuousDistribution)?] = [
      Normal(), StudentT(degrees: 3.5), ChiSquare(degrees: 7), FisherF(4, 9), BetaDistribution(0.5, 40),
      GammaDistribution(shape: 0.01), GammaDistribution(shape: 1e5),
    ]
    let all = optional.compactMap { $0 }
    #expect(all.count == 7)
    for distribution in all {
      for p in [1e-10, 0.001, 0.2, 0.5, 0.8, 0.999] {
        let x = distribution.quantile(p)
        #expect(near(x.map(distribution.cumulative), p, 1e-9), "\(distribution) \(p)")
      }
    }
  }
}

@Suite struct IntervalTests {
  private func holds(_ interval: Interval?, _ low: Double, _ high: Double, _ tolerance: Double) -> Bool {
    guard let interval else { return false }
    return (interval.low - low).magnitude <= tolerance && (interval.high - high).magnitude <= tolerance
  }

  /// Newcombe (1998): the worked examples of his comparison of seven methods.
  @Test func proportionsOfNewcombe() {
    let half = 0.00005001
    #expect(holds(ProportionInterval.wilson(81, of: 263), 0.2553, 0.3662, half))
    #expect(holds(ProportionInterval.clopperPearson(81, of: 263), 0.2527, 0.3676, half))
    #expect(holds(ProportionInterval.wilson(15, of: 148), 0.0624, 0.1605, half))
    #expect(holds(ProportionInterval.clopperPearson(15, of: 148), 0.0578, 0.1617, half))
    #expect(holds(ProportionInterval.wilson(0, of: 20), 0, 0.1611, half))
    #expect(holds(ProportionInterval.clopperPearson(0, of: 20), 0, 0.1684, half))
    #expect(holds(ProportionInterval.wilson(1, of: 29), 0.0061, 0.1718, half))
    #expect(holds(ProportionInterval.clopperPearson(1, of: 29), 0.0009, 0.1776, half))
  }

  /// The workbook of Public Health England.
  @Test func proportionsOfPublicHealthEngland() {
    let half = 0.00000051
    #expect(holds(ProportionInterval.wilson(65, of: 100), 0.552544, 0.736358, half))
    #expect(holds(ProportionInterval.wilson(1045, of: 5000), 0.197955, 0.220491, half))
    #expect(holds(ProportionInterval.wilson(65, of: 100, level: 0.998), 0.495495, 0.778354, half))
  }

  @Test func exactPoisson() {
    let known: [(Int, Double, Double)] = [
      (0, 0, 3.6889), (1, 0.0253, 5.5716), (5, 1.6235, 11.6683), (10, 4.7954, 18.3904),
      (20, 12.2165, 30.8884),
    ]
    for (count, low, high) in known {
      #expect(holds(CountInterval.garwood(count), low, high, 0.000051), "\(count)")
    }
  }

  @Test func byar() {
    #expect(holds(CountInterval.byar(1), 0.013072, 5.563756, 0.0000051))
    #expect(holds(CountInterval.byar(10), 4.7874, 18.3915, 0.000051))
    #expect(holds(CountInterval.byar(65), 50.163188, 82.849139, 0.0000051))
    #expect(holds(CountInterval.byar(1045), 982.593, 1110.331, 0.00051))
    #expect(holds(CountInterval.byarRothman(10), 5.1338, 17.7405, 0.000051))
    #expect(holds(CountInterval.byarRothman(20), 12.6022, 30.2818, 0.000051))
    #expect(CountInterval.standard(9) == CountInterval.garwood(9))
    #expect(CountInterval.standard(10) == CountInterval.byar(10))
    #expect(CountInterval.byar(-1) == nil && ProportionInterval.wilson(3, of: 2) == nil)
  }
}

@Suite struct MomentsTests {
  @Test func moments() {
    let known = Moments([2, 4, 4, 4, 5, 5, 7, 9])
    #expect(near(known.mean, 5))
    #expect(near(known.variance, 32.0 / 7))
    // pandas.Series([2, 4, 4, 4, 5, 5, 7, 9]).skew()
    #expect(near(known.skewness, 0.8184875533567997))
    let shifted = Moments([2, 4, 4, 4, 5, 5, 7, 9].map { $0 + 1e9 })
    #expect(near(shifted.variance, 32.0 / 7, 1e-9))
    #expect(Moments([]).mean == nil && Moments([1]).variance == nil && Moments([1, 2]).skewness == nil)
    #expect(Moments([3, 3, 3]).skewness == nil && Moments([3, 3, 3]).variance == 0)
  }

  @Test func quantiles() {
    // quantile(c(1, 2, 3, 4), c(.25, .5, .9)) of R.
    #expect(near(Quantiles.of([4, 1, 3, 2], 0.25), 1.75))
    #expect(near(Quantiles.of([4, 1, 3, 2], 0.5), 2.5))
    #expect(near(Quantiles.of([4, 1, 3, 2], 0.9), 3.7))
    #expect(Quantiles.of([7], 0.3) == 7 && Quantiles.of([], 0.5) == nil && Quantiles.of([1], 2) == nil)
  }

  /// The first of Anscombe's four data sets.
  @Test func regression() {
    let x: [Double] = [10, 8, 13, 9, 11, 14, 6, 4, 12, 7, 5]
    let y = [8.04, 6.95, 7.58, 8.81, 8.33, 9.96, 7.24, 4.26, 10.84, 4.82, 5.68]
    let line = Regression(x: x, y: y)
    #expect(near(line?.slope, 0.5000909090909091))
    #expect(near(line?.intercept, 3.0000909090909094))
    #expect(near(line?.correlation, 0.81642051634484))
    #expect(Regression(x: [1, 1], y: [1, 2]) == nil)
    #expect(correlation([1, 2, 3], [2, 2, 2]) == nil && correlation([1, 2], [1]) == nil)
    #expect(correlation([1, 2, 3], [-2, -4, -6]) == -1)
  }
}
