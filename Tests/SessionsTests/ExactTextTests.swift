import Columns
import Testing

/// Letters that are composed in another way are equal to Swift, and different texts here: nothing that counts, draws or
/// remembers by text may take one for the other.
@Suite struct ExactTextTests {
  private static let composed = "\u{e9}"
  private static let decomposed = "e\u{301}"
  private static let rows =
    "let t = table [{t: \"\(composed)\", v: 1}, {t: \"\(decomposed)\", v: 100}, {t: \"\(composed)\", v: 2}, {t: \"zz\", v: 7}, {t: \"\(decomposed)\", v: 50}]\n"

  @Test func valuesAreComparedByTheirScalars() {
    let (one, other) = (Value.text(Self.composed), Value.text(Self.decomposed))
    #expect(one != other)
    #expect(one == .text("\u{e9}"))
    #expect(Set([one, other, .text(Self.composed)]).count == 2)
    #expect([Value.list([one])] != [Value.list([other])])
    #expect(ExactText(Self.decomposed) < ExactText(Self.composed))
  }

  @Test func whatDidNotConvertIsCountedApart() {
    let notes = Ran(Self.rows + "t | derive x = int(t)").notes
    #expect(
      notes == [
        "int(…): 5 values did not convert and became missing: \"\(Self.decomposed)\" 2, \"\(Self.composed)\" 2, \"zz\" 1"
      ])
    #expect(notes.first?.unicodeScalars.contains("\u{301}") == true)
  }

  @Test func patternsAndListsAreToldApart() {
    let both = "\"\(Self.composed)\", \"\(Self.decomposed)\""
    let ran = Ran(
      Self.rows
        + """
        t | aggregate a = count(where: t in [\(both)]), b = count(where: t in ["\(Self.decomposed)"]), c = count(where: t ~ t)
        t | derive p = if(v > 10, "\(Self.decomposed)", "\(Self.composed)") | aggregate n = count(where: t ~ p)
        t | derive k = case { v == 1 -> "\(Self.composed)", v == 100 -> "\(Self.decomposed)", else -> t } | aggregate d = count_distinct(k)
        t | pivot rows v columns t values count() | take 1
        """)
    #expect(ran.faults.isEmpty)
    #expect(Array(ran.rows.prefix(3)) == [["4", "2", "5"], ["4"], ["3"]])
    #expect(ran.header.count == 4)
  }

  @Test(arguments: [
    "box v by t", "bar v by t", "stacked v by d split t", "line v by d split t", "heatmap v by d split t",
  ])
  func chartsDrawThemApart(_ chart: String) {
    let text =
      Self.rows + "t | aggregate v = sum(v) by t, d = if(t == \"zz\", 2, 1) | chart \(chart)"
    let ran = Ran(text)
    #expect(ran.faults.isEmpty)
    #expect(ran.notes.filter { $0.contains("several") || $0.contains("aggregate by") } == [])
  }

  /// Equal keys without a partner for how they are composed are told, without advice that would not pair them.
  @Test func noAdviceThatDoesNotHelp() {
    let join = Self.rows + "let u = table [{t: \"\(Self.composed)\", w: 1}]\nt | join u on t"
    let notes = Ran(join).notes
    #expect(notes.contains { $0.hasPrefix("keys of `t` have no match in `u` only for capitals") })
    #expect(!notes.contains { $0.contains("pairs them") })
    let capitals = "let u = table [{t: \"ZZ \", w: 1}]\n" + Self.rows + "t | join u on t"
    #expect(Ran(capitals).notes.contains { $0.contains("on lower(trim(t)) == lower(trim(u.t)) pairs them") })
  }
}

/// Numbers that lie close together, far from 0: their spread is told from the differences.
@Suite struct CloseNumbersTests {
  /// The expected values are worked out with fractions, from the very floats.
  @Test func spreadsOfCloseNumbers() {
    let rows =
      "table [{x: 1000000000.0001, y: 1.0}, {x: 1000000000.0003862, y: 2.0}, {x: 1000000000.0009, y: 4.0}]"
    func number(_ expression: String, _ rows: String) -> Double {
      Double(Ran("\(rows) | aggregate v = \(expression)").cells.first ?? "") ?? .nan
    }
    #expect(abs(number("variance(x)", rows) / 1.6432111256866241e-07 - 1) < 1e-12)
    #expect(abs(number("correlation(x, y)", rows) / 0.9996261045250102 - 1) < 1e-12)
    #expect(number("correlation(x, y)", rows + " | take 2") == 1)
    // Over many segments the parts are put together without loss, too.
    let many = "table i = 1..200000 | derive x = 1e9 + (i % 2) / 1024"
    #expect(abs(number("variance(x)", many) / (0.25 / 1024 / 1024 * 200_000 / 199_999) - 1) < 1e-12)
    #expect(abs(number("slope(x, i % 2)", many) * 1024 - 1) < 1e-12)
    #expect(abs(number("skew(x)", many)) < 1e-9)
  }
}
