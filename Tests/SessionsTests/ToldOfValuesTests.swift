import Diagnostics
import TestSupport
import Testing

/// What is told of values that look like an answer to another question than was asked.
@Suite struct ToldOfValuesTests {
  private let falls = """
    let falls = table [{d: 2026-01-03, site: "A"}, {d: 2026-01-09, site: "A"}, {d: 2026-03-01, site: "A"},
      {d: 2026-03-02, site: "B"}, {d: 2026-04-05, site: "B"}]

    """

  @Test func monthsWithoutRowsAreToldToWhoeverAveragesThem() {
    let counts = falls + "falls | aggregate n = count() by month = start_of(d, month)"
    let said =
      "1 of the 4 months from the first to the last has no row: to mean(n) they are not 0, they do not exist"
    #expect(Ran(counts + " | aggregate mean(n)").notes.contains(said))
    #expect(
      Ran(counts + " | filter n > 0 | derive m = n * 2 | aggregate median(m)").notes.contains {
        $0.contains("to median(m)")
      })
    #expect(!Ran(counts).notes.contains { $0.contains("has no row") })
    #expect(!Ran(counts + " | aggregate sum(n)").notes.contains { $0.contains("has no row") })
    let bySite =
      falls + "falls | aggregate n = count() by site, month = start_of(d, month) | aggregate mean(n) by site"
    // A has January and March, B March and April.
    #expect(
      Ran(bySite).notes.contains {
        $0.hasPrefix("1 of the 5 months from the first to the last of each group has no row")
      })
    // Who picks periods does not mean the others.
    let picked = [
      "| filter month >= 2026-03-01 | aggregate mean(n)", "| top 2 n | aggregate mean(n)",
      "| take 2 | aggregate mean(n)",
    ]
    for stage in picked {
      #expect(!Ran(counts + stage).notes.contains { $0.contains("has no row") }, "\(stage)")
    }
    let months =
      falls
      + "falls | filter month(d) != 3 | aggregate n = count() by month = start_of(d, month) | aggregate mean(n)"
    #expect(!Ran(months).notes.contains { $0.contains("no row") })
  }

  @Test func meansOfSharesAreTold() {
    let groups = "table [{w: \"a\", s: 1, x: true}, {w: \"a\", s: 2, x: false}, {w: \"b\", s: 1, x: true}] | "
    let says = { (text: String) in Ran(groups + text).notes.contains { $0.contains("takes each group alike") }
    }
    #expect(says("aggregate p = percent(x) by w | aggregate mean(p)"))
    #expect(says("aggregate p = count(where: x) / count() by w, s | aggregate mean(p) by s"))
    #expect(!says("aggregate n = count() by w | aggregate mean(n)"))
    #expect(!says("aggregate p = percent(x) by w | aggregate max(p)"))
  }

  @Test func aDenominatorThatKeepsWhatTheNumeratorLostIsTold() {
    let rows = "table [{f: 3, d: 100}, {f: missing, d: 120}, {f: 2, d: 90}] | "
    let told = Ran(rows + "aggregate r = 1000 * sum(f) / sum(d)").notes
    #expect(
      told == [
        "sum(f) left out 1 of 3 rows: `f` is missing; sum(d), which it is divided by, counts such rows: sum(d, where: f is not missing) does not"
      ])
    #expect(
      Ran(rows + "aggregate r = sum(f) / sum(d, where: f is not missing)").notes.allSatisfy {
        !$0.contains("divided by")
      })
    // A count that a join found no partner for is no missing one.
    let joined =
      "table [{k: 1, d: 10}, {k: 2, d: 20}] | join left (table [{k: 1, f: 3}]) on k | aggregate r = sum(f) / sum(d)"
    #expect(Ran(joined).notes.allSatisfy { !$0.contains("divided by") })
    #expect(
      Ran(rows + "aggregate t = sum(f), r = sum(f) / sum(d)").notes.contains { $0.contains("divided by") })
    #expect(Ran(rows + "aggregate r = sum(f) / sum(f)").notes.allSatisfy { !$0.contains("divided by") })
  }

  @Test func sumsOverRowsThatAJoinRepeatedAreTold() {
    let tables = """
      let stays = table [{id: 1, cost: 10}, {id: 2, cost: 20}]
      let codes = table [{id: 1, code: "x", weight: 1}, {id: 1, code: "y", weight: 2}, {id: 2, code: "z", weight: 3}]

      """
    let join = tables + "stays | join codes on id | "
    let said = "1 row matched more than one row of `codes`: the result has 1 row more"
    #expect(
      Ran(join + "aggregate sum(cost)").notes == [
        said
          + ", and sum(cost) takes the values of these rows each time: aggregate before the join, or join semi"
      ])
    #expect(Ran(join + "aggregate sum(weight)").notes == [said])
    #expect(Ran(join + "aggregate count() by code").notes == [said])
    // A condition or groups of the other side may leave each row once, and so does taking one of each.
    #expect(Ran(join + "filter weight == 1 | aggregate sum(cost)").notes == [said])
    #expect(Ran(join + "aggregate sum(cost) by code").notes == [said])
    #expect(Ran(join + "take 1 by id | aggregate sum(cost)").notes.allSatisfy { !$0.contains("each time") })
    #expect(
      Ran(join + "filter cost > 5 | derive c = cost + 1 | aggregate mean(c)").notes.first?.contains(
        "mean(c) takes") == true)
  }

  @Test func rowsOfEqualSortKeysAreToldWhereTheirOrderMatters() {
    let rows = "table [{g: 1, t: 1, v: 5}, {g: 1, t: 1, v: 6}, {g: 1, t: 2, v: 7}, {g: 2, t: 1, v: 8}] | "
    let said = { (text: String) in Ran(rows + text).notesTold.filter { $0.kind == .tie }.map(\.message) }
    #expect(
      said("derive r = row_number() by g sort t") == [
        "row_number(): 1 row has the same `t` as the row before, and stands in the order of the table there; a further sort key settles it"
      ])
    #expect(said("derive r = lag(v) by g sort t, v") == [])
    #expect(said("derive r = rank() by g sort t") == [])
    #expect(
      said("derive r = lag(v), s = running_sum(v) sort t").first?.contains("lag(v) and 1 other: 2 rows have")
        == true)
    #expect(said("derive r = running_max(t) sort t") == [])
    #expect(
      said("derive r = lag(v) sort t * 2").first?.contains("have the same sort key as the row before") == true
    )
  }

  @Test func weeksAndYearsThatDoNotBelongTogetherAreTold() {
    let days = "table [{d: 2024-12-30}, {d: 2025-01-05}] | "
    #expect(Ran(days + "count by week(d), year(d)").notes.contains { $0.contains("iso_year(d) is its year") })
    #expect(Ran(days + "count by week(d), iso_year(d)").cells == ["1", "2025", "2", "100.0"])
    #expect(Ran(days + "count by month(d), year(d)").notes.isEmpty)
  }

  @Test func namesOfMonthsInTheOrderOfLettersAreTold() {
    let rows = "let t = table [{m: \"Jan\", n: 1}, {m: \"Feb\", n: 2}, {m: \"Apr\", n: 3}]\n"
    let said =
      "`m` stands in the order of its letters; in the calendar's: ordered(m, \"Jan\", \"Feb\", \"Apr\")"
    #expect(Ran(rows + "t | aggregate sum(n) by m").notes == [said])
    #expect(Ran(rows + "t").notes == [])
    #expect(Ran(rows + "t | aggregate s = sum(n) by m | sort s").notes == [])
    #expect(Ran(rows + "t | aggregate sum(n) by m = ordered(m, \"Jan\", \"Feb\", \"Apr\")").notes == [])
    #expect(
      Ran(rows + "t | pivot rows k = 1 columns m values sum(n)").notes.contains {
        $0.hasPrefix("the columns `Apr`, `Feb`, `Jan` stand in the order of their letters")
      })
  }

  @Test func branchesThatNoRowComesToAreTold() {
    let ages = "table [{a: 5}, {a: 20}, {a: 70}] | "
    let said = { (text: String) in Ran(ages + text).notes.filter { $0.contains("no row comes to") } }
    #expect(
      said("derive g = case { a >= 18 -> 1, a >= 65 -> 2, else -> 3 }") == [
        "no row comes to `a >= 65`: `a >= 18` before it takes all that it is for: put the narrower condition first"
      ])
    #expect(said("derive g = if(a >= 18, 1, if(a > 65, 2, 3))").count == 1)
    #expect(
      said("derive g = case { a < 18 -> 1, a > 20 -> 2, a between 18 and 20 -> 3, a == 19 -> 4 }").count == 0)
    #expect(said("derive g = case { a in [1, 2] -> 1, a == 2 -> 2, a == 3 -> 3 }").count == 1)
    #expect(
      said("derive g = case a { 5 -> 1, 20 -> 2, 5 -> 3 }").first?.contains("it stands before already")
        == true)
    #expect(
      said("derive g = case { a >= 18 -> 1, a < 18 -> 2, a is missing -> 3 }") == [
        "no row comes to `a is missing`: where it is missing, `a >= 18` before it is not known, and that decides: put what is missing first"
      ])
    #expect(said("derive g = case { a is missing -> 3, a >= 18 -> 1, else -> 2 }").isEmpty)
    #expect(said("derive g = case { a >= 65 -> 2, a >= 18 -> 1, else -> 3 }").isEmpty)
  }

  @Test func isoWeeksAreReadAsTheyAreWritten() {
    let days = "table d = sequence(2019-12-20, 2027-01-15, 1d) | derive w = format(d, \"%G-W%V-%u\") | "
    #expect(Ran(days + "filter parse_date(w, \"%G-W%V-%u\") != d | count").cells == ["0"])
    let read = { (text: String, pattern: String) in
      Ran("table [{t: \"\(text)\"}] | derive d = parse_date(t, \"\(pattern)\") | select d").cells
    }
    #expect(read("2025-W01-1", "%G-W%V-%u") == ["2024-12-30"])
    #expect(read("2026-W53", "%G-W%V") == ["2026-12-28"])
    #expect(read("2025-W53-1", "%G-W%V-%u") == ["missing"])
    #expect(read("2025-W00", "%G-W%V") == ["missing"])
    // A week has a year of its own.
    #expect(
      Ran("say parse_date(\"2025-01\", \"%Y-%V\")").faults.first?.help == ["such as \"%G-%V\""])
  }

  @Test func agesBelowZeroAreTold() {
    let said = Ran("table [{b: 1990-01-01, on: 2025-03-01}] | derive x = age(on, b)")
    #expect(said.cells == ["1990-01-01", "2025-03-01", "-36"])
    #expect(said.notes.contains { $0.contains("1 below 0, as the second day is the earlier") })
  }

  @Test func notesOfAValueSayWhoseTheyAre() {
    let rows = "let t = table [{a: 1}, {a: missing}]\n"
    #expect(
      Ran(rows + "assert (t | filter a > 0 | aggregate n = count()) == 1").notes == [
        "assert: filter left out 1 of 2 rows because `a` is missing"
      ])
    #expect(
      Ran(rows + "say f\"{(t | aggregate sum(a))}\"").notes == [
        "say: sum(a) left out 1 of 2 rows: `a` is missing"
      ])
  }

  @Test func anElementIsFoundByACondition() {
    let rows =
      "table [{n: 1, a: [{k: \"x\", v: 1}, {k: \"y\", v: 2}]}, {n: 2, a: [{k: \"y\", v: 3}, {k: \"y\", v: 4}]}, {n: 3, a: missing}] | "
    let found = Ran(
      rows + "select n, d = a[k == \"y\"].v, e = a[v > 3].k, f = a[k == \"x\" and v < 2].v ?? 0")
    #expect(found.cells == ["1", "2", "missing", "1", "2", "3", "y", "0", "3", "missing", "missing", "0"])
    #expect(found.notes.contains("`[k == \"y\"]`: 1 with several such elements: the first was taken"))
    #expect(found.notes.contains("`[v > 3]`: 1 without such an element became missing"))
  }

  @Test func aTotalAmongTheColumnsOfAnUnpivotIsTold() {
    let rows = "table [{s: \"A\", jan: 3, feb: 4, total: 7}] | unpivot "
    let told = Ran(rows + "jan..total into month, n").notes
    #expect(told.count == 1 && told[0].hasPrefix("`total` sums up the other columns, by its name"), "\(told)")
    #expect(Ran(rows + "jan..feb into month, n").notes == [])
    #expect(Ran("table [{s: \"A\", a: 3, b: 4, c: 7}] | unpivot a..c into k, n").notes == [])
  }

  @Test func rowsThatAreTheSameAreToldByDescribe() {
    let said = { (rows: String) in Ran("table [\(rows)] | describe").notes }
    #expect(
      said("{a: 1, b: missing}, {a: 1, b: missing}, {a: 2, b: 1}") == [
        "1 of 3 rows repeats an earlier one in every column: where they are no rows of their own, distinct takes it out"
      ])
    #expect(said("{a: 1, b: 1}, {a: 1, b: 2}, {a: 2, b: 1}") == [])
    #expect(said("{a: 1, b: 1}, {a: 2, b: 1}") == [])
  }

  @Test func ordersThatATextFileLosesAreTold() throws {
    let folder = try DuckDB.temporaryFolder()
    let rows =
      "table [{s: \"mild\"}, {s: \"severe\"}] | derive s = ordered(s, \"severe\", \"mild\") | save \"\(folder)/"
    let said =
      "the order of `s` is not kept in this file: ordered(s, \"severe\", \"mild\") gives it again, and an Arrow file has it"
    #expect(Ran(rows + "x.csv\"").notes == [said])
    #expect(Ran(rows + "x.arrow\"").notes == [])
    #expect(
      Ran(rows.replacing("\"severe\", \"mild\")", with: "\"mild\", \"severe\")") + "y.csv\"").notes == [])
  }
}
