import Diagnostics
import Testing

@testable import Language

/// What is said of faulty texts, and that the parser reads on behind them.
@Suite struct FaultTests {
  @Test(arguments: [
    ("t | filter a && b", "foreign-operator", "t | filter a and b"),
    ("t | filter a || b", "foreign-operator", "t | filter a or b"),
    ("t | filter !a", "foreign-operator", "t | filter not a"),
    ("t %>% take 3", "foreign-pipe", "t | take 3"),
    ("t |> take 3", "foreign-pipe", "t | take 3"),
    ("t | filter(x > 3)", "verb-as-call", "t | filter x > 3"),
    ("t | group_by(x, y)", "verb-as-call", "t | group_by x, y"),
    ("t | filter a < b < c", "comparison-chain", "t | filter a < b and b < c"),
    ("t | filter a == b == c", "comparison-chain", "t | filter a == b and b == c"),
    ("t | derive n = count(*)", "star-argument", "t | derive n = count()"),
    ("t | filter d >= date '2026-01-01'", "quoted-date", "t | filter d >= 2026-01-01"),
    ("t | filter d >= Timestamp '2026-01-01 08:30'", "quoted-date", "t | filter d >= 2026-01-01T08:30"),
    ("t | filter (d >= DATE '2026-01-01')", "quoted-date", "t | filter (d >= 2026-01-01)"),
    ("t | filter a == “x”", "typographic-quotes", "t | filter a == \"x\""),
    ("t | filter a == ‘x’", "typographic-quotes", "t | filter a == \"x\""),
    ("t;; u", "empty-statement", "t; u"),
    ("t | take 1,000", "thousands-separator", "t | take 1_000"),
    ("f (7%2)", "percent-or-remainder", "f (7 % 2)"),
    ("f 2026-1-5", "short-date", "f 2026-01-05"),
    ("f x > 2026-10-01 08:30", "blank-in-datetime", "f x > 2026-10-01T08:30"),
    ("df[df.x > 1]", "frame-index", "df | filter x > 1"),
    ("t | derive x = =IF(a, 1, 2)", "leading-equals", "t | derive x = IF(a, 1, 2)"),
    ("=IF(a, 1, 2)", "leading-equals", "IF(a, 1, 2)"),
    ("x <- 3", "assignment-arrow", "let x = 3"),
    ("t | f if(a; 1, 2)", "semicolon-in-brackets", "t | f if(a, 1, 2)"),
    ("t | filter x %in% [1]", "foreign-operator", "t | filter x in [1]"),
    ("t | derive y = x ** 2", "foreign-operator", "t | derive y = x ^ 2"),
    (
      "t | derive y = mean (x) + f((mean (x)))", "blank-before-call", "t | derive y = mean (x) + f((mean(x)))"
    ),
    (
      "t | derive y = case when a > 1 then \"x\" else \"y\" end", "case-when",
      "t | derive y = case { a > 1 -> \"x\", else -> \"y\" }"
    ),
    ("t | filter AND(a, b > 1)", "operator-as-call", "t | filter (a) and (b > 1)"),
    ("t | filter a between 1, 5", "between-without-and", "t | filter a between 1 and 5"),
    ("t | filter a between 1..5", "between-without-and", "t | filter a between 1 and 5"),
    ("t | filter a is \"x\"", "is-without-missing", "t | filter a == \"x\""),
    ("t | derive x = 30m", "unknown-unit", "t | derive x = 30min"),
    ("t | derive x = 2nd", "name-begins-with-digit", "t | derive x = `2nd`"),
    ("t | f x [1, 2)", "wrong-bracket", "t | f x [1, 2]"),
    ("from t | take 3", "leading-from", "t | take 3"),
    ("-- a note", "foreign-comment", "# a note"),
    ("// a note", "foreign-comment", "# a note"),
    ("t | filter x <- 3", "arrow-less", "t | filter x < - 3"),
    ("t | filter x not null", "is-without-missing", "t | filter x is not null"),
    ("t | where x =~ \"a\"", "foreign-operator", "t | where x ~ \"a\""),
    ("t | filter x = 'it''s'", "doubled-quote", "t | filter x = \"it's\""),
    ("t | filter x => 3", "foreign-operator", "t | filter x >= 3"),
    ("t | derive x = case { a => 1 }", "foreign-operator", "t | derive x = case { a -> 1 }"),
    ("t | f r\"\\d\"", "text-prefix", "t | f \"\\d\""),
    ("t | filter (a, b)", "list-in-parentheses", "t | filter [a, b]"),
    ("t | load delimiter: \";\"", "colon-outside-brackets", "t | load delimiter = \";\""),
    (
      "select a, b as c from t where x = 1 order by a desc limit 5", "select-statement",
      "t | filter x = 1 | sort a desc | select a, c = b | take 5"
    ),
    ("SELECT * FROM t", "select-statement", "t"),
    ("t | f a == not b", "not-needs-brackets", "t | f a == (not b)"),
  ])
  func isMended(text: String, code: String, repaired: String) {
    #expect(codes(text).first == code)
    #expect(mended(text) == repaired)
  }

  @Test(arguments: [
    ("f 2026-13-01", "no-such-date"), ("f 2026-02-29", "no-such-date"), ("f 0000-01-01", "no-such-date"),
    ("f 2026-10-01T25:00", "no-such-time"), ("f 2026-10-01T08", "unreadable-time"),
    ("f 2026-10", "partial-date"), ("f 9223372036854775808", "number-too-large"),
    ("f 1e999", "number-too-large"), ("f 3y", "unknown-unit"), ("f 1h 2d", "duration-order"),
    ("f 99999999999999w", "duration-too-long"),
    ("f \"abc", "unclosed-text"), ("f `abc", "unclosed-name"), ("f (a", "unclosed-bracket"),
    ("f a)", "stray-bracket"), ("f (a]", "wrong-bracket"), ("f [1, 2", "unclosed-bracket"),
    ("t | ", "verb-expected"), ("t | | u", "verb-expected"), ("t | 3", "verb-expected"),
    ("t | f a,", "nothing-after-comma"), ("t | f a +", "expression-expected"),
    ("t | f case x", "case-needs-braces"), ("t | f if a", "if-needs-brackets"),
    ("t | f case { }", "empty-case"), ("t | f case { a }", "arrow-expected"),
    ("t | f case { else -> 1, a -> 2 }", "else-not-last"), ("t | f g(x -> 1)", "arrow-outside-braces"),
    ("t | f 1..5 + 1", "misplaced-range"), ("t | f a ? b : c", "ternary"), ("t | f in", "reserved-word"),
    ("t\nand b", "reserved-word"), ("t\n+ b", "expression-expected"), ("t\n* b", "expression-expected"),
    ("t | f g(a b)", "operator-missing"), ("t | f x[]", "empty-index"),
    ("t | f x[1, 2]", "index-with-comma"), ("t | f ()", "empty-brackets"), ("t | f \\", "unknown-character"),
    ("t | f g(a | b)", "pipe-in-arguments"), ("let x: date", "default-missing"),
    ("t | f df$x", "dollar"), ("t | f x[0].mean()", "method-call"), ("t | f 'it''s'", "doubled-quote"),
    ("t | f f\"{a\"", "brace-in-text"), ("t | f f\"a", "unclosed-text"), ("t | f f\"{}\"", "brace-in-text"),
    ("t | f f\"a}\"", "brace-in-text"),
    ("t | f a\u{A0}b", "odd-blank"), ("t | f interval '3 days'", "interval"),
    ("SELECT a, count(*) AS n FROM t GROUP BY a", "select-statement"),
    ("t | sort (a desc)", "direction-misplaced"),
  ])
  func isTold(text: String, code: String) {
    #expect(codes(text) == [code])
  }

  @Test func anUnclosedBracketSpoilsOneStatement() {
    let script = Parser.parse(SourceText("a | filter (x > 3\nb | take 3\nc"))
    #expect(script.diagnostics.map(\.code) == ["unclosed-bracket"])
    #expect(script.statements.count == 3)
    #expect(script.statements[1].outline == "b: | take: <3>")
  }

  @Test func everyStageIsReadAfterAFault() {
    let text = "a | filter x > ) | derive y = 2026-13-01 | sort g(, | take 3\nb | | c"
    let found = codes(text)
    #expect(found.contains("no-such-date"))
    #expect(found.contains("verb-expected"))
    #expect(Parser.parse(SourceText(text)).statements.count == 2)
  }

  @Test func nestingIsLimited() {
    let deep = String(repeating: "(", count: 5000) + "1" + String(repeating: ")", count: 5000)
    #expect(codes("f " + deep) == ["too-deep"])
    #expect(codes("f " + String(repeating: "-", count: 5000) + "1") == ["too-deep"])
    #expect(codes("f " + String(repeating: "not ", count: 5000) + "1") == ["too-deep"])
    #expect(codes("f " + String(repeating: "[", count: 5000)).contains("unclosed-bracket"))
    let fine = String(repeating: "(", count: 200) + "1" + String(repeating: ")", count: 200)
    #expect(codes("f " + fine) == [])
  }

  /// A file that is no script is told of by its first hundred faults.
  @Test func faultsAreLimited() {
    let found = codes("f " + String(repeating: "[", count: 20_000))
    #expect(found.count == 101 && found.last == "too-many")
    #expect(codes("f " + String(repeating: "[", count: 50)).count <= 52)
  }

  /// Each further comparison once doubled all before it.
  @Test func aLongChainOfComparisonsStaysShort() {
    for sign in [" > ", " in ", " < y == ", " is missing > "] {
      let text = "t | filter " + Array(repeating: "x", count: 40).joined(separator: sign)
      var parts = 0
      for stage in Parser.parse(SourceText(text)).statements.flatMap(\.stages) {
        stage.forEachExpression { $0.forEachDescendant { _ in parts += 1 } }
      }
      #expect(parts < 20_000, "\(sign)")
    }
  }

  @Test func chainsAreLimited() {
    let long = Array(repeating: "1", count: 10_001).joined(separator: " + ")
    #expect(codes("f " + long) == [])
    #expect(codes("f " + long + " + 1") == ["too-many-operators"])
    #expect(codes("f x" + String(repeating: "[0]", count: 10_001)) == ["too-many-operators"])
  }

  @Test func nestedPipelinesAreReadOnce() {
    var text = "t"
    for _ in 0..<100 { text = "(\(text) | filter a = 1)" }
    #expect(codes("f " + text) == [])
  }

  @Test func theUnclosedPlaceIsWhereItOpens() {
    let fault = Parser.parse(SourceText("t | f g(a, [1, 2")).diagnostics
    #expect(fault.map(\.range?.lower) == [7, 11])
  }
}
