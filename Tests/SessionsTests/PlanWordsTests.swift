import Diagnostics
import Planning
import Sessions
import Testing

/// `explain` in plain English.
@Suite struct PlanWordsTests {
  private static let tables = """
    let t = (table [{w: "a", s: "F", x: 1, d: 2026-01-01}, {w: "b", s: "M", x: missing, d: 2026-01-02}])
    let u = (table [{w: "a", k: "a", from: 2026-01-01}])
    """

  @Test(arguments: [
    ("filter x > 0 and s == \"F\"", "keep the rows where (x > 0) and (s == \"F\")"),
    ("derive y = x * 2", "compute y as x * 2"), ("select w, x", "keep the columns w, x"),
    ("aggregate n = count(), m = max(x) by w", "for each w compute count(), max(x)"),
    (
      "aggregate f = first(x) by w sort -d",
      "for each w, rows in the order of d downwards, compute first(x)"
    ),
    (
      "top 3 x by w",
      "leave out the rows where x is missing, then keep the first 3 rows for each w in the order of x downwards"
    ),
    ("take -2", "keep the last 2 rows"), ("skip 1", "leave out the first 1 row"),
    ("sort w, -x", "sort by w, x downwards"),
    (
      "derive p = lag(x) by w sort d",
      "for each row, among those of the same w, in the order of d compute lag(x)"
    ),
    ("join u on w", "add the columns of u where w is equal; rows without a match fall out"),
    ("join anti u on t.w == u.k", "keep the rows that have no match in u where w equals u.k"),
    (
      "join asof u on w and u.from <= d",
      "add the columns of u where w is equal and from <= d, of each the nearest from; rows without a match stay"
    ),
    ("pivot rows w columns s in [\"F\"] values count()", "for each w compute count() for F"),
    ("unpivot x into name, value", "make a row of each of x: the name in name, the value in value"),
    ("split w on \",\"", "make a row of each part of w between \",\""),
    ("sample 5 seed 7", "draw 5 rows by chance (seed 7)"),
    ("distinct w", "keep w alone, each combination once"),
    ("filter not (x is missing)", "keep the rows where x is not missing"),
    (
      "filter (x ?? 0) between 1 and 5 or w in [\"a\", \"b\"]",
      "keep the rows where ((x ?? 0) between 1 and 5) or (w in [\"a\", \"b\"])"
    ),
    ("filter x > 1 and w == \"a\" and x < 9", "keep the rows where (x > 1) and (w == \"a\") and (x < 9)"),
    ("filter not (x > 1)", "keep the rows where not (x > 1)"),
    // What is handed on for the ties of `first` is named by nobody.
    ("sort x | select w, s | aggregate f = first(s) by w", "keep the columns w, s"),
    ("pivot rows w columns s in [\"F\"] values sum(x)", "for each w compute sum(x) for F"),
    ("assert x > 0", "make sure that x > 0 in every row"), ("save \"a.csv\"", "save the rows to a.csv"),
  ]) func aStageIsToldInWords(_ stage: String, _ sentence: String) {
    let session = Session(options: Session.Options(threads: 1, now: 1_790_000_000_000_000))
    var text = ""
    session.tell = { outcome in if case .text(let said) = outcome { text += said } }
    var faults: [Diagnostic] = []
    _ = session.run(SourceText(Self.tables + "\nexplain t | " + stage)) { faults += $0 }
    #expect(faults.map(\.message) == [])
    #expect(text.split(separator: "\n").contains { $0.hasSuffix(". " + sentence) }, "\(text)")
  }

  /// That a condition which is missing leaves its row out is said where it can be missing.
  @Test(arguments: [
    ("filter x > 0", true), ("filter (x ?? 0) > 1", false), ("filter x is not missing", false),
    ("filter x is missing or w == \"a\"", true), ("take 1", false),
  ]) func whatIsMissingIsToldOf(_ stage: String, _ isTold: Bool) {
    let session = Session(options: Session.Options(threads: 1, now: 1_790_000_000_000_000))
    var text = ""
    session.tell = { outcome in if case .text(let said) = outcome { text += said } }
    _ = session.run(SourceText(Self.tables + "\nexplain t | " + stage)) { _ in }
    #expect(text.contains("a condition is missing") == isTold)
  }
}
