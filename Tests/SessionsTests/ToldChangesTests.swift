import Columns
import Diagnostics
import Sessions
import TestSupport
import Testing

/// What a stage puts in, keeps without a value or overwrites is told with its count.
@Suite struct ToldChangesTests {
  private static let patients =
    "table [{p: 1, v: 5}, {p: 1, v: missing}, {p: 2, v: missing}, {p: 2, v: 8}]"

  @Test func aPivotShowsAllResultsOfAFunction() {
    let rows = "table [{w: 1, s: \"F\", d: 1, n: 10}, {w: 1, s: \"M\", d: 3, n: 10}]"
    let alone = Ran(rows + " | aggregate d = sum(d), n = sum(n) by s | derive p = proportion(d, n) | sort s")
    let wide = Ran(rows + " | pivot rows w columns s values proportion(sum(d), sum(n))")
    #expect(wide.header == ["w", "F", "F_low", "F_high", "M", "M_low", "M_high"])
    #expect(wide.rows == [["1"] + alone.rows.flatMap { $0.suffix(3) }])
    let named = Ran(rows + " | pivot rows w columns s values p = proportion(sum(d), sum(n)), n = sum(n)")
    #expect(
      named.header == ["w", "F_p", "F_p_low", "F_p_high", "F_n", "M_p", "M_p_low", "M_p_high", "M_n"])
  }

  @Test func filledValuesAreCounted() {
    let with = Ran(Self.patients + " | fill v with 0")
    #expect(with.rows.map { $0[1] } == ["5", "0", "0", "8"])
    #expect(with.notes == ["fill: 2 missing values of `v` filled"])
    let down = Ran(Self.patients + " | fill v down")
    #expect(down.rows.map { $0[1] } == ["5", "5", "5", "8"])
    #expect(down.notes.contains("fill v down: 2 missing values took the last known one"))
    #expect(down.notes.contains { $0.hasPrefix("fill v down: by the rows as they come") })
    let grouped = Ran(Self.patients + " | fill v down by p sort p")
    #expect(grouped.rows.map { $0[1] } == ["5", "5", "missing", "8"])
    #expect(grouped.notes == ["fill v down: 1 missing value took the last known one"])
    #expect(Ran("table [{v: 1}] | fill v with 0").notes == [])
    // The column goes by its own name, and not by that of the function which made it.
    let never = Ran("table [{v: missing, w: 1}, {v: 3, w: 2}] | fill v down sort w | fill v with 0")
    #expect(never.cells == ["0", "1", "3", "2"])
    #expect(never.notes.contains("fill: 1 missing value of `v` filled"), "\(never.notes)")
    // A measure of the name of a function that the verb is made of changes nothing in it.
    let measures = "def filled(x, v) = 7; def last_known(x) = 9; "
    #expect(Ran(measures + Self.patients + " | fill v with 0").rows.map { $0[1] } == ["5", "0", "0", "8"])
    #expect(Ran(measures + Self.patients + " | fill v down").rows.map { $0[1] } == ["5", "5", "5", "8"])
  }

  @Test func whatLeastLeavesOutIsCounted() {
    let result = Ran(Self.patients + " | derive c = least(v, 6), d = greatest(v, v)")
    #expect(result.rows.map { $0[2] } == ["5", "6", "6", "6"])
    // Where nothing is known the result is missing, and nothing was left out.
    #expect(result.notes == ["least(…): 2 missing values left out"])
  }

  @Test func rowsWithNothingToSplitAreTold() {
    let result = Ran("table [{c: \"a;;b\"}, {c: missing}, {c: \"\"}, {c: \"d\"}] | split c on \";\"")
    #expect(result.rows == [["a"], ["missing"], ["b"], ["missing"], ["missing"], ["d"]])
    #expect(
      result.notes == [
        "2 rows have nothing in `c` to split: they stay, with `c` missing",
        "split: 1 part of `c` is empty or missing",
      ])
    let lists = Ran("table [{d: sequence(1, 2)}, {d: sequence(2, 1)}] | split d")
    #expect(lists.rows == [["1"], ["2"], ["missing"]])
    #expect(lists.notes == ["1 row has nothing in `d` to split: it stays, with `d` missing"])
  }

  @Test func rowsOfTheRightSideAloneAreTold() {
    for kind in ["full", "right"] {
      let result = Ran(
        "table [{k: 1, a: 1}] | join \(kind) (table [{k: 1, v: 2}, {k: 3, v: 3}]) as r on k")
      #expect(result.rows == [["1", "1", "2"], ["3", "missing", "3"]])
      #expect(
        result.notes == [
          "1 of 2 rows of `r` match nothing: the join puts them at the end, without values in the columns from before"
        ])
    }
  }

  @Test func aTextOutsideTheOrderIsTold() {
    let rows =
      "table [{n: 1}, {n: 5}, {n: 9}] | derive b = ordered(if(n < 4, \"low\", if(n < 8, \"mid\", \"high\")), \"low\", \"mid\", \"high\")"
    let result = Ran(rows + " | filter b < \"High\"")
    #expect(result.rows.count == 0)
    #expect(
      result.notes.prefix(2) == [
        "\"High\" is not in the order of `b`: nothing there is more or less; it has \"high\"",
        "filter left out 3 of 3 rows because the condition is not known",
      ])
    #expect(Ran(rows + " | filter b < \"high\"").notes == [])
    #expect(Ran(rows + " | filter text(b) < \"zzz\"").notes == [])
  }

  @Test func limitsThatTakeThePlaceOfAColumnAreTold() {
    let result = Ran("table [{p_low: 99, k: 2, n: 30}] | derive p = proportion(k, n)")
    #expect(
      result.notes.filter { !$0.contains("Wilson") } == [
        "`p` brings `p_low` with it, which takes the place of the column `p_low`"
      ])
    #expect(
      Ran("table [{k: 2, n: 30}] | derive p = proportion(k, n) | derive p = proportion(k, 40)").notes
        == ["proportion(k, n): Wilson's 95% interval", "proportion(k, 40): Wilson's 95% interval"])
  }

  @Test func groupsThatDifferOnlyInSpellingArePointedOut() {
    let result = Ran(
      "table [{w: \"ICU\"}, {w: \"icu\"}, {w: \" ICU\"}, {w: \"ED\"}, {w: \"é\"}, {w: \"e\u{301}\"}] | count by w"
    )
    #expect(result.rows.count == 6)
    #expect(
      result.notes.contains {
        $0.hasPrefix("groups of `w` differ only in capitals, blanks or how letters are composed: ")
          && $0.contains("\"ICU\"") && $0.contains("\"icu\"") && $0.contains("\" ICU\"")
          && $0.contains("\"é\"")
      })
    #expect(Ran("table [{w: \"ICU\"}, {w: \"ED\"}] | count by w").notes == [])
  }

  @Test func aSortedTableKeepsItsTotalLast() {
    let table =
      "table [{g: \"a\", n: 1}, {g: \"b\", n: 5}, {g: \"c\", n: 3}] | aggregate s = sum(n) by g with totals"
    #expect(Ran(table + " | sort -s").rows == [["b", "5"], ["c", "3"], ["a", "1"], ["missing", "9"]])
    #expect(Ran(table + " | sort s | take 1").faults.first?.code == "after-totals")
    #expect(Ran(table + " | sort -sum(s)").faults.first?.code == "totals-order")
    #expect(Ran("let t = \(table) | sort -s; t | aggregate sum(s)").rows == [["9"]])
  }
}
