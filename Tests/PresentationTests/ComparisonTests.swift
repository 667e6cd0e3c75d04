import Statistics
import Testing

/// Two groups compared, against published figures and the definitions worked out term by term.
@Suite struct ComparisonTests {
  private func isClose(_ value: Double?, _ expected: Double, _ places: Double = 5e-5) -> Bool {
    value.map { abs($0 - expected) < places } ?? false
  }

  /// Coronary disease by type of behaviour in the Western Collaborative Group Study: 178 of 1,589 against 79 of 1,565.
  @Test func ratiosAreThoseOfTheLiterature() throws {
    let study = try #require(TwoByTwo(178, of: 1589, against: 79, of: 1565))
    #expect(isClose(study.riskRatio, 2.2191))
    let risk = try #require(study.riskRatioInterval())
    #expect(isClose(risk.low, 1.7186) && isClose(risk.high, 2.8654))
    #expect(isClose(study.oddsRatio, 2.3729))
    let odds = try #require(study.oddsRatioInterval())
    #expect(isClose(odds.low, 1.8028) && isClose(odds.high, 3.1234))
    #expect(isClose(study.chiSquared, 39.8975))
    #expect(isClose(study.probability, 2.676406846752936e-10, 1e-15))
  }

  /// Low birth weight by smoking (Hosmer and Lemeshow): 30 of 74 against 29 of 115.
  @Test func aSecondStudyAgrees() throws {
    let study = try #require(TwoByTwo(30, of: 74, against: 29, of: 115))
    #expect(isClose(study.oddsRatio, 2.0219))
    let odds = try #require(study.oddsRatioInterval())
    #expect(isClose(odds.low, 1.0807) && isClose(odds.high, 3.7831))
    #expect(isClose(study.chiSquared, 4.9237) && isClose(study.probability, 0.02649, 5e-6))
  }

  /// Newcombe's own example, method 10: 56 of 70 against 48 of 80.
  @Test func theDifferenceIsNewcombes() throws {
    let study = try #require(TwoByTwo(56, of: 70, against: 48, of: 80))
    let interval = try #require(study.riskDifferenceInterval())
    #expect(
      isClose(study.riskDifference, 0.2) && isClose(interval.low, 0.0524) && isClose(interval.high, 0.3339))
  }

  @Test(arguments: [
    (3, 4, 1, 4, 0.485714), (13, 23, 5, 45, 0.000119873), (2, 10, 7, 10, 0.0697786), (0, 5, 5, 5, 2.0 / 252),
  ]) func fewEventsAreTestedExactly(_ k: Int, _ n: Int, _ other: Int, _ otherN: Int, _ p: Double) throws {
    let study = try #require(TwoByTwo(k, of: n, against: other, of: otherN))
    #expect(isClose(study.fisher, p, 1e-6))
  }

  /// Against sums of exact fractions: of populations of millions a difference in the last digits decides what is as
  /// probable as this.
  @Test(arguments: [
    (3, 22_246_057, 5, 44_492_114, 1.0), (1, 4_064_839, 4, 8_129_678, 0.67078),
    (1, 1_000_000_000_000_000, 3, 1_000_000_000_000_000, 0.625),
    (4, 100_000_000_000, 4, 1_000_000_000_000, 0.00354024),
  ]) func rareEventsOfManyAreTestedExactly(_ k: Int, _ n: Int, _ other: Int, _ otherN: Int, _ p: Double)
    throws
  {
    let study = try #require(TwoByTwo(k, of: n, against: other, of: otherN))
    #expect(isClose(study.fisher, p, 5e-6))
  }

  /// 41 cases in 28,010 person-years against 15 in 19,017 (breast cancer after fluoroscopy; Rothman).
  @Test func theRateRatioHasExactLimits() throws {
    let pair = try #require(RatePair(41, per: 28010, against: 15, per: 19017))
    #expect(isClose(pair.ratio, 1.855759, 1e-6))
    let interval = try #require(pair.interval())
    #expect(isClose(interval.low, 1.005684, 1e-6) && isClose(interval.high, 3.6093))
    #expect(isClose(pair.probability, 0.04766024675456592, 1e-9))
  }

  @Test func smallProbabilitiesAreNotLost() throws {
    let p = try #require(RatePair(100, per: 1000, against: 10, per: 1000)?.probability)
    let turned = try #require(RatePair(10, per: 1000, against: 100, per: 1000)?.probability)
    #expect(p > 0 && abs(p / turned - 1) < 1e-9)
  }

  @Test func whatDoesNotExistIsMissing() throws {
    #expect(TwoByTwo(5, of: 4, against: 1, of: 4) == nil && TwoByTwo(0, of: 0, against: 1, of: 4) == nil)
    #expect(TwoByTwo(-1, of: 4, against: 1, of: 4) == nil && RatePair(1, per: 0, against: 1, per: 1) == nil)
    let none = try #require(TwoByTwo(3, of: 10, against: 0, of: 10))
    #expect(none.riskRatio == nil && none.riskRatioInterval() == nil && none.oddsRatio == nil)
    #expect(none.riskDifferenceInterval() != nil && none.probability != nil)
    let zero = try #require(TwoByTwo(0, of: 10, against: 3, of: 10))
    #expect(zero.riskRatio == 0 && zero.riskRatioInterval() == nil && zero.oddsRatioInterval() == nil)
    #expect(try #require(TwoByTwo(0, of: 10, against: 0, of: 10)).probability == nil)
    #expect(try #require(TwoByTwo(10, of: 10, against: 10, of: 10)).probability == nil)
    let silent = try #require(RatePair(0, per: 10, against: 0, per: 10))
    #expect(silent.ratio == nil && silent.interval() == nil && silent.probability == nil)
    #expect(try #require(RatePair(0, per: 10, against: 3, per: 10)).interval()?.low == 0)
  }

  /// Margins of which a few are expected, and which have more tables than can be gone through.
  @Test func hugeNumbersTakeNoTime() throws {
    let study = try #require(TwoByTwo(2_000_000_000, of: 2_000_000_000, against: 0, of: 1 << 52))
    #expect(study.probability != nil)
    #expect(TwoByTwo(Int.max, of: Int.max, against: 1, of: 5000) == nil)
    #expect(RatePair(Int.max, per: 1, against: Int.max, per: 1) == nil)
  }

  /// Swapping the groups turns ratios upside down and leaves the probability.
  @Test func theGroupsMayBeSwapped() throws {
    for (k, n, other, otherN) in [(12, 80, 5, 60), (1, 9, 4, 11), (300, 4000, 250, 4100)] {
      let one = try #require(TwoByTwo(k, of: n, against: other, of: otherN))
      let two = try #require(TwoByTwo(other, of: otherN, against: k, of: n))
      #expect(isClose(one.riskRatio.map { 1 / $0 }, try #require(two.riskRatio), 1e-9))
      #expect(isClose(one.probability, try #require(two.probability), 1e-9))
      #expect(abs(one.riskDifference + two.riskDifference) < 1e-12)
      let rate = try #require(RatePair(k, per: 10, against: other, per: 12)).probability
      let turned = try #require(RatePair(other, per: 12, against: k, per: 10)).probability
      #expect(isClose(rate, try #require(turned), 1e-12))
    }
  }
}
