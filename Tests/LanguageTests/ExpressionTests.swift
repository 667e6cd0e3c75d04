import Testing

@testable import Language

/// What binds how: LANGUAGE reference, operators.
@Suite struct ExpressionTests {
  @Test(arguments: [
    ("a or b and c", "(or a (and b c))"),
    ("not a == b and c", "(and (not (== a b)) c)"),
    ("not not a", "(not (not a))"),
    ("a == b + c * d", "(== a (+ b (* c d)))"),
    ("a - b - c", "(- (- a b) c)"),
    ("a / b // c % d", "(% (// (/ a b) c) d)"),
    ("-2^2", "(neg (^ 2 2))"),
    ("2^-1", "(^ 2 (neg 1))"),
    ("2^3^2", "(^ 2 (^ 3 2))"),
    ("-a * b", "(* (neg a) b)"),
    ("a ?? b + 1", "(?? a (+ b 1))"),
    ("a ?? b == c", "(== (?? a b) c)"),
    ("a between 1 and 2 and b", "(and (between a 1 2) b)"),
    ("a not between b + 1 and c", "(not-between a (+ b 1) c)"),
    ("a in [1, 2] or b not in [3]", "(or (in a (list 1 2)) (not-in b (list 3)))"),
    ("a in (1, 2)", "(in a (tuple 1 2))"),
    ("a in (\"x\")", "(in a (tuple \"x\"))"),
    ("a in T.b", "(in a T.b)"),
    ("a in 1..5", "(in a (.. 1 5))"),
    ("a in [-5..-1, 7]", "(in a (list (.. (neg 5) (neg 1)) 7))"),
    ("a in (t | take 1)", "(in a (t: | take: <1>))"),
    ("a is missing", "(is-missing a)"),
    ("a is not null", "(known a)"),
    ("a = null", "(== a missing)"),
    ("a != NA", "(!= a missing)"),
    ("a <> b", "(!= a b)"),
    ("a like \"x%\" and b not like \"y\"", "(and (like a \"x%\") (not like b \"y\"))"),
    ("a ~ \"x\" or b !~ \"y\"", "(or (~ a \"x\") (!~ b \"y\"))"),
    ("percent(class = \"ED\")", "(percent (== class \"ED\"))"),
    ("rate(a, b, per: 1_000)", "(rate a b per: 1000)"),
    ("f(a, b,)", "(f a b)"),
    ("f()", "(f)"),
    ("if(a, b, c)", "(if a b c)"),
    ("x[0].code", "(. (at x 0) code)"),
    ("x[0].a.b", "(. (. (at x 0) a) b)"),
    ("x[code == \"1\"].value", "(. (at x (== code \"1\")) value)"),
    ("T.`a b`", "(. T `a b`)"),
    ("meal.cal", "meal.cal"),
    ("a -b", "(- a b)"),
    ("[1, 2,]", "(list 1 2)"),
    ("{a: 1, b: [2]}", "(record {a: 1} {b: (list 2)})"),
    ("{}", "(record)"),
    ("case { a > 1 -> \"x\", else -> \"y\" }", "(case {(> a 1) -> \"x\"} {else -> \"y\"})"),
    ("case x { \"a\" -> 1 }", "(case x {\"a\" -> 1})"),
    ("not(a) and(b)", "(and (not a) b)"),
    ("a in(1, 2) or(b)", "(or (in a (tuple 1 2)) b)"),
    ("A AND NOT B OR C IS NULL", "(or (and A (not B)) (is-missing C))"),
    ("Na == na", "(== Na na)"),
    ("count(where: case == 1)", "(count where: (== case 1))"),
  ])
  func binds(text: String, expected: String) {
    #expect(expression(text) == expected)
  }

  @Test(arguments: [
    ("12%", "percent(0.12)"),
    ("2.5e3", "2500.0"),
    (".5", "0.5"),
    ("1_000_000", "1000000"),
    ("9223372036854775807", "9223372036854775807"),
    ("-9223372036854775808", "-9223372036854775808"),
    ("2026-10-01", "date(20727)"),
    ("1970-01-01", "date(0)"),
    ("2000-02-29", "date(11016)"),
    ("2026-10-01T08:30", "datetime(1790843400000000)"),
    ("1970-01-01T00:00:01.5Z", "datetime(1500000 0)"),
    ("1970-01-01T00:00+05:30", "datetime(0 330)"),
    ("1970-01-01T00:00-02", "datetime(0 -120)"),
    ("2026 - 10 - 1", "(- (- 2026 10) 1)"),
    ("30d 4h 15min", "duration(2607300000000)"),
    ("1.5h", "duration(5400000000)"),
    ("2w", "duration(1209600000000)"),
    ("1s 20ms", "duration(1020000)"),
    ("true and FALSE", "(and true false)"),
    ("\"a\\n\\t\\\"\\'\\\\b\"", "\"a\n\t\\\"'\\b\""),
    ("\"\\d\\b\"", "\"\\d\\b\""),
    ("\"\\u{41}\\u{zz}\"", "\"A\\u{zz}\""),
    ("'it is \"x\"'", "\"it is \\\"x\\\"\""),
    ("f\"a{x:>5}b{{c}}{f(\"q\")}\"", "(f \"a\" {x:>5} \"b{c}\" {(f \"q\")})"),
    ("f\"{d:%H:%M}\"", "(f {d:%H:%M})"),
    ("`Facility ID` == 1", "(== `Facility ID` 1)"),
    ("größe_2.µ", "größe_2.µ"),
  ])
  func literals(text: String, expected: String) {
    #expect(expression(text) == expected)
  }
}
