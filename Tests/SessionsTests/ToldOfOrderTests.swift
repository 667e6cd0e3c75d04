import Diagnostics
import TestSupport
import Testing

/// What hangs on an order that nobody gave, and on rows that the given one does not tell apart, is said.
@Suite struct ToldOfOrderTests {
  private let rows =
    "table [{g: 1, t: 1, v: 5}, {g: 1, t: 2, v: 6}, {g: 2, t: 2, v: 7}, {g: 2, t: 2, v: 8}, {g: 2, t: 3, v: 9}] | "

  private func notes(_ text: String) -> [String] { Ran(rows + text).notes }

  @Test(arguments: [
    ("aggregate l = last(v) by g", "last(v)"), ("aggregate f = first(v)", "first(v)"),
    ("derive f = first(v) by g", "first(v)"), ("take 1 by g", "take"), ("take -1 by g", "take"),
    ("skip 1 by g", "skip"), ("pivot rows g columns t in [1, 2] values first(v)", "first(v)"),
  ]) func rowsAsTheyComeAreNamed(_ stage: String, _ what: String) {
    #expect(
      notes(stage).contains(
        "\(what): by the rows as they come; `sort` at the end of the stage gives an order"))
  }

  @Test(arguments: [
    "aggregate l = last(v) by g sort v", "sort v | aggregate f = first(v) by g",
    "derive f = first(v) by g sort v",
    "take 1 by g sort v", "sort v | take -1 by g", "take 2", "aggregate m = max(v) by g", "top 1 v by g",
    "sort v | distinct | take 1 by g", "sort v | join (table [{g: 1, w: 2}]) on g | take 1 by g",
    "aggregate n = count() | derive f = first(n)", "aggregate f = first(g) by g", "take 1 by v",
    "take 0 by g",
    "aggregate f = first(t) by g, t, v", "sort v | unpivot t, v | aggregate f = first(value) by g",
  ]) func anOrderThatWasGivenIsNotAskedFor(_ stage: String) {
    #expect(notes(stage).allSatisfy { !$0.contains("as they come") })
  }

  @Test(arguments: [
    ("take 2 sort t", "2 rows as good as the last one are left out"),
    ("take -2 sort t", "2 rows like the first one that stays are left out"),
    ("sort t | take -2", "rows like the first one that stays are left out"),
    ("sort t | take 1 by g", "1 row as good as the last one is left out"),
    ("take -2 by g sort t", "1 row like the first one that stays is left out"),
    ("sort t | take -2 by g", "1 row like the first one that stays is left out"),
  ]) func cutsThroughEqualValuesAreTold(_ stages: String, _ what: String) {
    #expect(notes(stages) == ["the cut goes through equal values: \(what)"])
  }

  @Test(arguments: ["take -1 sort t", "sort t | take -4", "take -4 sort t", "sort v | take 1 by g"])
  func cutsBetweenDifferentValuesAreNot(_ stages: String) { #expect(notes(stages) == []) }

  /// A measure's parameter is nobody's column: what is told of it has the argument.
  @Test func measuresAreToldWithTheirArguments() {
    let told = Ran(
      "def share(c) = percent(c)\ndef m(x) = mean(x)\ntable [{a: 1, b: 2}, {a: missing, b: 3}] | aggregate s = share(b > 2), k = m(a)"
    ).notes
    #expect(told.contains("percent(b > 2): 1 of 2 rows"))
    // What takes the place of a parameter has brackets where it is a part of something.
    let spelled = Ran(
      "def odd(x) = percent(not x)\ndef f(x) = mean(x * 2)\ntable [{a: 2}, {a: missing}] | aggregate k = odd(a > 1 or a == 0), m = f(a + 1), n = f(a)"
    ).notes.joined(separator: "\n")
    #expect(spelled.contains("percent((not (a > 1 or a == 0)) ?? false)"))
    #expect(spelled.contains("mean((a + 1) * 2)") && spelled.contains("mean(a * 2)"))
    #expect(told.contains("mean(a) left out 1 of 2 rows: `a` is missing"))
  }

  @Test func aCountOfGroupsSaysSo() {
    #expect(
      Ran(rows + "aggregate n = count() by g | derive share = count() / sum(n)").notes.contains(
        "count() counts the rows of this stage, one for each group of a stage before; `n` holds the rows that each of them stands for"
      ))
    #expect(Ran(rows + "derive k = count()").notes == [])
  }
}
