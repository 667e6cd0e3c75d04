import Diagnostics
import Testing

/// What `case` and `if` leave without a value is told, once and of the rows that come to them.
@Suite struct ConditionNotesTests {
  private static let rows =
    "table [{a: 30, v: 1.5}, {a: missing, v: 2.5}, {a: 70, v: missing}, {a: 80, v: 1.0}, {a: 20, v: 2.0}] | "
  private static func unknown(_ form: String, _ rows: String) -> String {
    "`\(form)`: the condition is not known for \(rows), which became missing"
  }
  private static func without(_ rows: String) -> String {
    "`case {a > 75 -> …}`: no condition is true for \(rows), which became missing for want of an `else`"
  }

  @Test func aConditionThatIsNotKnownIsCounted() {
    let result = Ran(Self.rows + "derive g = if(a > 65, 1, 0)")
    #expect(result.rows.map { $0[2] } == ["0", "missing", "1", "1", "0"])
    #expect(result.notes == [Self.unknown("if(a > 65, …)", "1 row")])
    #expect(result.notesTold.first?.kind == .missing)
  }

  @Test func rowsThatFitNoBranchAreCounted() {
    let result = Ran(Self.rows + "derive g = case {a > 75 -> 1, a > 65 -> 2}")
    #expect(result.notes == [Self.unknown("case {a > 75 -> …}", "1 row"), Self.without("2 rows")])
    #expect(result.notesTold.last?.kind == .structural)
    #expect(Ran(Self.rows + "derive g = case {a > 75 -> 1, else -> missing} ?? 0").notes == [])
  }

  /// The `if` inside is asked for the row of 70 alone (not known), and for those of 30 and 20.
  @Test(arguments: [
    "case {a > 75 -> 1, a > 65 -> if(v > 1, 2, 3), else -> if(v > 1, 4, 5)}",
    "case {a > 75 -> 1.0, a > 65 -> if(1 / v > 0, 2.0, 3.0), else -> if(1 / v > 0, 4.0, 5.0)}",
  ]) func onlyRowsThatComeToItAreCounted(_ choice: String) {
    let result = Ran(Self.rows + "derive g = \(choice)")
    let inner = choice.contains("1 / v") ? "if(1 / v > 0, …)" : "if(v > 1, …)"
    #expect(result.notes == [Self.unknown("case {a > 75 -> …}", "1 row"), Self.unknown(inner, "1 row")])
  }

  /// A calculation that an aggregate with `where:` has in common with another one counts the rows of each.
  @Test(arguments: ["", "set optimizer = off\n"]) func rowsBehindWhereAreCountedForThemselves(_ begin: String)
  {
    let choice = "if(a > 65, 1, 2) - v"
    let result = Ran(begin + Self.rows + "aggregate s = mean(\(choice)), t = sum(\(choice), where: a > 0)")
    #expect(result.notes.first == Self.unknown("if(a > 65, …)", "1 row"))
    #expect(result.notes.filter { $0.hasPrefix("`if(a") }.count == 1)
    let other = Ran(begin + Self.rows + "aggregate s = mean(\(choice)), t = sum(\(choice), where: v > 2)")
    #expect(other.notes.filter { $0 == Self.unknown("if(a > 65, …)", "1 row") }.count == 2)
  }

  @Test func conditionsThatGuardKeepRowsFromIt() {
    let result = Ran(Self.rows + "derive g = a < 75 and if(v > 1, true, false)")
    #expect(result.notes == [Self.unknown("if(v > 1, …)", "1 row")])
    #expect(Ran(Self.rows + "derive g = a > 75 and if(v > 1, true, false)").notes == [])
  }

  @Test func whatSaysWhatBecomesOfItNeedsNoNote() {
    #expect(Ran(Self.rows + "derive g = if(a > 65, 1, 0) ?? 2").notes == [])
    #expect(Ran(Self.rows + "derive g = if(a > 65, 1, 0) is missing").notes == [])
    #expect(Ran(Self.rows + "derive g = if((a > 65) ?? false, 1, 0)").notes == [])
  }

  @Test func twoPlacesThatShareACalculationSayItOnce() {
    let twice = "text(if(a > 65, 1, 0))"
    #expect(
      Ran(Self.rows + "derive g = \(twice), h = concat(\(twice), \"x\")").notesTold.saidOnce.map(\.message)
        == [Self.unknown("if(a > 65, …)", "1 row")])
    #expect(
      Ran(Self.rows + "aggregate sum(if(a > 65, v, 0.0)), max(if(a > 65, v, 0.0))").notes.first
        == Self.unknown("if(a > 65, …)", "1 row"))
  }

  /// What only some rows of a shared calculation want is counted at each of its places, with the optimiser as without.
  @Test func aGuardedPartOfASharedCalculationIsCountedOfEachPlace() {
    let twice = "abs(if(a > 0, a / 0, 1.0))"
    let notes = Ran(Self.rows + "derive g = \(twice), h = \(twice) + 1").notesTold.saidOnce.map(\.message)
    #expect(notes.contains("4 divisions by zero became missing, at each of 2 places"))
  }

  @Test func aConditionThatIsNeverKnownIsCountedOfEveryRow() {
    #expect(
      Ran(Self.rows + "derive g = if(a / 0 > 1, 1, 0)").notes.contains(
        Self.unknown("if(a / 0 > 1, …)", "5 rows")))
  }

  @Test func rowsThatAreNotTakenInAreNotCounted() {
    #expect(Ran(Self.rows + "aggregate sum(if(a > 65, 1, 0), where: a is not missing)").notes == [])
    #expect(Ran(Self.rows + "derive y = if(v > 0, if(a > 65, 1, 2), 0) ?? 9").notes == [])
    #expect(
      Ran(Self.rows + "derive y = if(a > 65, 1, 0) | fill y with 9").notes.filter { $0.hasPrefix("fill") }
        == ["fill: 1 missing value of `y` filled"])
  }

  @Test func anIfWithoutAThirdPartSaysSo() {
    let result = Ran(Self.rows + "aggregate mean(if(a > 65, v))")
    #expect(
      result.notes == [
        Self.unknown("if(a > 65, …)", "1 row"),
        "`if(a > 65, …)`: the condition is false for 2 rows, which became missing: no value is given for them",
        "mean(if(a > 65, v)) left out 4 of 5 rows: `if(a > 65, v)` is missing, in up to 2 of these as where `if(a > 65, …)` gives no value",
      ])
  }

  @Test func aFilterByAChoiceBlamesNoColumn() {
    let result = Ran(Self.rows + "filter if(a > 65, v > 0, a > 0)")
    #expect(result.notes.contains("filter left out 2 of 5 rows because the condition is not known"))
  }

  /// A column that nobody asks for, or that only some rows of the next stage ask for, tells what it lost all the same.
  @Test func whatALaterStageDoesNotUseIsToldAllTheSame() {
    #expect(
      Ran(Self.rows + "derive g = if(a > 65, 1, 0) | select v").notes == [
        Self.unknown("if(a > 65, …)", "1 row")
      ])
    let divided = Ran(Self.rows + "derive q = 1 / (v - 2) | select b = if(v > 2, q, 0.0)")
    #expect(divided.notes.contains("1 division by zero became missing"))
  }
}

/// Texts that differ from what is asked for by their spelling alone are told where they are passed over.
@Suite struct SpellingTests {
  private static let rows =
    "table [{s: \"M\"}, {s: \"m\"}, {s: \"F\"}, {s: \" M\"}, {s: \"f\"}, {s: missing}, {s: \"m\"}] | "
  private static func told(_ other: String, _ rows: String, _ text: String) -> String {
    "`s` is \(other) in \(rows), which is not \"\(text)\": they differ in capitals, blanks or how letters are composed"
  }

  @Test(arguments: ["s == \"M\"", "s != \"M\"", "\"M\" == s", "s in [\"M\"]", "s not in [\"M\", \"X\"]"])
  func comparisonsTellThem(_ condition: String) {
    #expect(Ran(Self.rows + "filter \(condition)").notes.contains(Self.told("\" M\", \"m\"", "3 rows", "M")))
  }

  @Test func textsThatAreAskedForTooAreNotPassedOver() {
    for condition in [
      "s in [\"M\", \"m\", \" M\"]", "s == \"M\" or s == \"m\" or s == \" M\"", "trim(lower(s)) == \"m\"",
    ] {
      #expect(
        !Ran(Self.rows + "filter \(condition)").notes.contains { $0.hasPrefix("`s` is ") }, "\(condition)")
    }
    #expect(
      Ran(Self.rows + "pivot rows k = 1 columns s values count()").notes.allSatisfy {
        !$0.hasPrefix("`s` is ")
      })
  }

  @Test func differentValuesThatAreAlikeAreTold() {
    #expect(
      Ran(Self.rows + "distinct s").notes.first?.hasPrefix("values of `s` differ only in capitals") ?? false)
    #expect(Ran("table [{s: \"a\"}, {s: \"b\"}] | distinct s").notes == [])
  }

  /// What a `case` gives is no text that it compares with; of what is compared with, the rest is told of.
  @Test func onlyTextsThatAreComparedWithAreNotPassedOver() {
    let recoded = Ran(Self.rows + "derive g = case s {\"M\" -> \"m\", \"F\" -> \"f\", else -> \"other\"}")
    #expect(recoded.notes.contains(Self.told("\" M\", \"m\"", "3 rows", "M")))
    #expect(recoded.notes.contains(Self.told("\"f\"", "some rows", "F")))
    let either = Ran(Self.rows + "filter s == \"M\" or s == \"m\"").notes.filter { $0.hasPrefix("`s` is ") }
    #expect(either.first == Self.told("\" M\"", "1 row", "M"))
    let listed = Ran(Self.rows + "filter s in [\"M\", \"m\"]").notes.filter { $0.hasPrefix("`s` is ") }
    #expect(listed == [Self.told("\" M\"", "1 row", "M")])
  }

  /// Letters composed in another way are another text to `==` and `in`, and told of.
  @Test func composedLettersAreTold() {
    let rows = "table [{s: \"caf\u{E9}\"}, {s: \"cafe\u{301}\"}, {s: \"CAF\u{C9}\"}] | "
    for text in ["caf\u{E9}", "cafe\u{301}"] {
      for condition in ["s == \"\(text)\"", "s in [\"\(text)\"]"] {
        let result = Ran(rows + "filter \(condition)")
        #expect(result.rows.count == 1 && result.rows[0][0].utf8.elementsEqual(text.utf8), "\(condition)")
        #expect(
          result.notes.contains { $0.hasPrefix("`s` is ") && $0.contains(" in 2 rows, ") }, "\(result.notes)")
      }
    }
  }

  /// What is named is what is compared; where another condition keeps rows from it, they are not counted.
  @Test func theNoteSaysWhatIsCompared() {
    let lower = Ran("table [{s: \"M\"}, {s: \"F\"}] | filter lower(s) == \"M\"").notes
    #expect(lower.contains { $0.hasPrefix("`lower(…)` is \"m\" in 1 row, ") })
    let guarded = Ran("table [{a: 1, s: \"M\"}, {a: 2, s: \"m\"}] | filter a == 1 and s == \"M\"").notes
    #expect(guarded.contains { $0.hasPrefix("`s` is \"m\" in some rows, ") })
  }

  @Test func longListsTellNothing() {
    let list = (0..<200).map { "\"Name\($0)\"" }.joined(separator: ", ")
    #expect(
      Ran("table [{s: \"name1\"}, {s: \"Name1\"}] | filter s in [\(list)]").notes.allSatisfy {
        !$0.hasPrefix("`s` is")
      })
  }

  @Test func aTextThatOnlyItsSpellingKeepsFromBeingFoundIsToldOnce() {
    let notes = Ran(Self.rows + "filter s == \"f \" or s == \"x\"").notes
    #expect(notes.filter { $0.hasPrefix("no row that was looked at has") }.count == 1)
    #expect(notes.contains(Self.told("\"F\", \"f\"", "2 rows", "f ")))
  }

  @Test func columnsOfAPivotThatAreAlikeAreTold() {
    let pivot = "pivot rows k = 1 columns s values count()"
    #expect(Ran(Self.rows + pivot).notes.first?.hasPrefix("columns of `s` differ only in capitals") ?? false)
    #expect(
      Ran(Self.rows + "pivot rows k = 1 columns s in [\"M\", \"F\"] values count()").notes.contains(
        "4 rows of these have \" M\", \"f\", \"m\" as `s`, which differ from what is listed only in capitals, blanks or how letters are composed"
      ))
    let twice = Ran("table [{s: \"missing\", v: 1}, {s: missing, v: 2}] | \(pivot)")
    #expect(twice.header == ["k", "missing", "missing_2"])
    #expect(
      twice.notes == ["`missing_2` is the column of what is missing: there is a column `missing` already"])
  }

  @Test(arguments: ["join", "join left", "join anti", "join full"])
  func keysThatWouldMatchAreTold(_ verb: String) {
    let result = Ran(Self.rows + "\(verb) (table [{s: \"M\", n: 1}, {s: \"f\", n: 2}]) as t on s")
    #expect(
      result.notes.contains(
        "keys of `s` have no match in `t` only for capitals, blanks or how letters are composed: \" M\", \"m\" here, \"M\" there; \"F\" here, \"f\" there; on lower(trim(s)) == lower(trim(t.s)) pairs them"
      ), "\(result.notes)")
    // What is advised does it.
    let mended = Ran(
      Self.rows
        + "join (table [{s: \"M\", n: 1}, {s: \"f\", n: 2}]) as t on lower(trim(s)) == lower(trim(t.s))")
    #expect(mended.faults.isEmpty && !mended.notes.contains { $0.contains("have no match in `t` only") })
    let exact = Ran(Self.rows + "\(verb) (table [{s: \"X\", n: 1}]) as t on s")
    #expect(!exact.notes.contains { $0.hasPrefix("keys of") })
  }
}
