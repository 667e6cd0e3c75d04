import Diagnostics
import Testing

@testable import Language

/// Groups, touching rules, lines: LANGUAGE reference, grammar.
@Suite struct StatementTests {
  @Test(arguments: [
    ("t | take 3 by ward sort -n", "t: | take: <3> <by> <ward> <sort> <(neg n)>"),
    ("t | top 5 -x", "t: | top: <5> <(neg x)>"),
    ("t | f a - b", "t: | f: <(- a b)>"),
    ("t | f a-b", "t: | f: <(- a b)>"),
    ("t | f (a -b)", "t: | f: <(- a b)>"),
    ("t | f g(x)", "t: | f: <(g x)>"),
    ("t | f g (x)", "t: | f: <g> <x>"),
    ("t | f x[1]", "t: | f: <(at x 1)>"),
    ("t | f x [1]", "t: | f: <x> <(list 1)>"),
    ("t | f 7% 2", "t: | f: <percent(0.07)> <2>"),
    ("t | f 7 % 2", "t: | f: <(% 7 2)>"),
    ("t | f a not b", "t: | f: <a> <(not b)>"),
    ("t | f a not in [1] b", "t: | f: <(not-in a (list 1))> <b>"),
    ("t | f a case { b -> 1 } \"x\"", "t: | f: <a> <(case {b -> 1})> <\"x\">"),
    ("t | f a if(b, 1, 2)", "t: | f: <a> <(if b 1 2)>"),
    ("t | fill x with missing", "t: | fill: <x> <with> <missing>"),
    ("t | sort a desc, b asc by c", "t: | sort: <a desc, b asc> <by> <c>"),
    ("t | derive a = 1, b = x = 2", "t: | derive: <a = 1, b = (== x 2)>"),
    ("t | derive case = 1, in = 2", "t: | derive: <case = 1, in = 2>"),
    ("t | derive (p, lo, hi) = proportion(k, n)", "t: | derive: <(p, lo, hi) = (proportion k n)>"),
    ("t | select a..f, g", "t: | select: <(.. a f), g>"),
    ("def rate(x, y) = x / y", "def: <rate(x, y) = (/ x y)>"),
    ("param since: date = 2025-01-01 \"from\"", "param: <since: date = date(20089)> <\"from\">"),
    ("let x = t | take 3", "let: <x = t> | take: <3>"),
    ("encounters", "encounters:"),
    ("2 + 3", "<(+ 2 3)>"),
    ("a + 3", "<(+ a 3)>"),
    ("f(3)", "<(f 3)>"),
    ("x[0]", "<(at x 0)>"),
    ("\"x.csv\" with strict = true", "<\"x.csv\"> <with> <strict = true>"),
    ("`a b` | take 1", "<`a b`> | take: <1>"),
    ("warehouse.public.t | take 1", "warehouse.public.t: | take: <1>"),
    ("| take 3", "… | take: <3>"),
    ("x = 3", "<x = 3>"),
    ("a; b", "a:\nb:"),
    ("join (u | take 1 -x) on a", "join: <(u: | take: <1> <(neg x)>)> <on> <a>"),
    ("f (\"x.csv\" with a = 1)", "f: <(<\"x.csv\"> <with> <a = 1>)>"),
    ("f (table [{a: 1}])", "f: <(table: <(list (record {a: 1}))>)>"),
    ("f (x)", "f: <x>"),
    ("b { rate a, b per 2\n share x }", "b: <(block {rate: <a, b> <per> <2>} {share: <x>})>"),
  ])
  func groups(text: String, expected: String) {
    #expect(outline(text) == expected)
  }

  @Test(arguments: [
    ("a |\ntake 1", "a: | take: <1>"),
    ("a\n| take 1", "a: | take: <1>"),
    ("a\n\n| take 1", "a: | take: <1>"),
    ("a\n# x\n\n# y\n| take 1", "a: | take: <1>"),
    ("a\n  by 3", "a: <by> <3>"),
    ("a\nb", "a:\nb:"),
    ("a b,\nc", "a: <b, c>"),
    ("a b +\nc", "a: <(+ b c)>"),
    ("a b and\nc", "a: <(and b c)>"),
    ("f(a,\nb\n)", "<(f a b)>"),
    ("f(a\n\n  , b)", "<(f a b)>"),
    ("  a\n    b\n  c", "a: <b>\nc:"),
    ("a\n# note\n  b", "a: <b>"),
    ("a\n\n  b", "a:\nb:"),
    ("a\r\n| b\r\n", "a: | b:"),
    ("case {\n a -> 1\n b ->\n 2\n c\n  and d -> 3\n}", "<(case {a -> 1} {b -> 2} {(and c d) -> 3})>"),
  ])
  func lines(text: String, expected: String) {
    #expect(outline(text) == expected)
  }

  @Test(arguments: [
    ("f a = 3 and b", "(and (== a 3) b)"),
    ("f a = 3 and b = 4 or c", "(or (and (== a 3) (== b 4)) c)"),
    ("f length(x) = 3", "(== (length x) 3)"),
    ("f (a) = 3", "(== a 3)"),
    ("f a = b ?? c", "(== a (?? b c))"),
    ("f a = (b and c)", "(== a (and b c))"),
  ])
  func conditions(text: String, expected: String) {
    let script = Parser.parse(.init(text))
    #expect(script.statements[0].head.groups[0].items[0].condition?.outline == expected)
    #expect(script.diagnostics.isEmpty)
  }

  @Test func aChainIsAFaultOfTheConditionAlone() {
    let script = Parser.parse(.init("f a = b < c"))
    #expect(script.diagnostics.isEmpty)
    #expect(script.statements[0].head.groups[0].items[0].conditionFaults.map(\.code) == ["comparison-chain"])
  }

  @Test(arguments: [
    ("", Completeness.blank), ("  # x\n", .blank), ("a |", .incomplete), ("a | f(", .incomplete),
    ("a b,", .incomplete), ("a + ", .incomplete), ("a and", .incomplete), ("a", .complete),
    ("a | b # x", .complete), ("a [1, 2", .incomplete), ("a |\n\n", .complete), ("a \"x", .complete),
    ("x in", .incomplete), ("a;", .complete), ("let x =", .incomplete),
  ])
  func completeness(text: String, expected: Completeness) {
    #expect(Parser.completeness(of: text) == expected)
  }
}
