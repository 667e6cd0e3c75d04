import Diagnostics
import Testing

@testable import Language

@Suite struct PrinterTests {
  let rules = FormatRules(
    verbAliases: [
      "where": "filter", "mutate": "derive", "order by": "sort", "arrange": "sort", "limit": "take",
      "head": "take",
    ],
    unclearWithMinus: ["head"],
    functionAliases: ["avg": "mean"],
    callRewrites: [
      "coalesce": .infix(.otherwise), "matches": .pair(.matches),
      "count_if": .named(function: "count", argument: "where"),
    ],
    conditions: ["filter": [""], "join": ["on"]])

  /// An alias that is refused with a minus behind must not be made into what runs.
  @Test func whatIsUnclearStays() {
    #expect(format("t | head -3 | head 2") == "t | head -3 | take 2\n")
    #expect(format("t | limit -3") == "t | take -3\n")
  }

  func format(_ text: String) -> String {
    Printer.format(Parser.parse(SourceText(text)), rules: rules)
  }

  @Test(arguments: [
    (
      "t|where a='x'  and b =1 |mutate c=coalesce(a,b)+1",
      "t | filter a == \"x\" and b == 1 | derive c = (a ?? b) + 1"
    ),
    ("t | order by a desc,b", "t | sort a desc, b"),
    ("t | WHERE a > 1 | Order By a | FILTER AVG(b) = 2", "t | filter a > 1 | sort a | filter mean(b) == 2"),
    ("t | where x = null or y != NA", "t | filter x is missing or y is not missing"),
    (
      "t | derive n = count_if(a>1), m = avg(b), r = matches(c, '\\d\"')",
      "t | derive n = count(where: a > 1), m = mean(b), r = c ~ \"\\d\\\"\""
    ),
    ("t | where (percent(class = 'ED') > .5)", "t | filter (percent(class == \"ED\") > 0.5)"),
    ("t | derive x = null", "t | derive x = missing"),
    ("t | derive d = 30d   4h, n = 1_000", "t | derive d = 30d 4h, n = 1_000"),
    ("t | derive x=- (-a)^2 - -b", "t | derive x = -(-a)^2 - -b"),
    ("t | derive x = (a+b)*c", "t | derive x = (a + b) * c"),
    ("t | filter matches(a, b) == c", "t | filter (a ~ b) == c"),
    ("t | top 5 -x | take 3 by w sort -n", "t | top 5 -x | take 3 by w sort -n"),
    ("a; | take 3", "a;\n| take 3"),
    ("a;b  # x", "a\nb  # x"),
    ("where | take 3", "where | take 3"),
    ("t | join u on a = u.b", "t | join u on a == u.b"),
    ("t | filter case = 'x'", "t | filter `case` == \"x\""),
    ("t\n|take 3\n\n\n\n# note\nu", "t\n| take 3\n\n# note\nu"),
    ("t | derive b = case { a>1 ->'x' , else->'y'}", "t | derive b = case { a > 1 -> \"x\", else -> \"y\" }"),
    (
      "t | derive b = case {\na>1 ->'x' # one\n# two\nelse->'y'}, c = 1",
      "t\n| derive b = case {\n    a > 1 -> \"x\"  # one\n    # two\n    else -> \"y\"\n  }, c = 1"
    ),
    ("t # source\n# why\n| take 3 # three", "t  # source\n# why\n| take 3  # three"),
    ("t | f g(a # odd\n + b)", "t | f g(a # odd\n + b)"),
    ("t | filter (x >", "t | filter (x >"),
    ("t\n| select a, # first\n b", "t\n| select a,  # first\n    b"),
    ("t | join (u|take 1) on a", "t | join (u | take 1) on a"),
    ("x | f `a b`, T.`c d`.e[0].g", "x | f `a b`, T.`c d`.e[0].g"),
  ])
  func isCanonical(text: String, expected: String) {
    #expect(format(text) == expected + "\n")
  }

  @Test func aLongStatementIsOneStageALine() {
    let text =
      "encounters | filter department == \"Emergency\" and age >= 18 | derive los = hours(discharged - admitted) | take 3"
    let expected = """
      encounters
      | filter department == "Emergency" and age >= 18
      | derive los = hours(discharged - admitted)
      | take 3

      """
    #expect(format(text) == expected)
  }

  @Test func aLongStageIsBrokenBetweenItems() {
    let text =
      "t | aggregate visits = count(), typical = median(length_of_stay), over_4h = percent(los > 4) by month = start_of(admitted, month) sort -visits"
    let expected = """
      t
      | aggregate visits = count(),
          typical = median(length_of_stay),
          over_4h = percent(los > 4)
          by month = start_of(admitted, month)
          sort -visits

      """
    #expect(format(text) == expected)
  }

  @Test(arguments: corpus)
  func meansTheSame(text: String) {
    let plain = FormatRules(width: 40)
    for rules in [FormatRules(), plain, rules] {
      let formatted = Printer.format(Parser.parse(SourceText(text)), rules: rules)
      let again = Parser.parse(SourceText(formatted))
      #expect(again.diagnostics.isEmpty)
      #expect(Printer.format(again, rules: rules) == formatted)
      let expected = Parser.parse(SourceText(text)).statements.map {
        Rewriter(rules: rules).rewritten($0).outline
      }
      #expect(again.statements.map(\.outline) == expected)
      #expect(formatted.split(separator: "#").count == text.split(separator: "#").count)
    }
  }

  /// A measure of the script's own is not taken for the function that has its name, or gets it, elsewhere.
  @Test(arguments: [
    "def avg(x) = x * 2\nsay avg(3)\n", "def mean(x) = x * 2\nsay avg(3)\n",
    "say coalesce(1, 2)\ndef Coalesce(a, b) = a + b\n",
  ]) func measuresKeepTheirNames(text: String) {
    #expect(format(text) == text)
  }

  /// What is a fault only as it would be written anew stays as it is.
  @Test(arguments: [
    "t | where `missing` = 1..5\n", "t | where with `missing` = 1..5\n", "t | where a with `missing` = 3\n",
    "load \"x.csv\" with `missing` = [\"-\"]\n",
  ]) func strayWordsKeepTheirMeaning(text: String) {
    let formatted = format(text)
    #expect(Parser.parse(SourceText(formatted)).diagnostics.isEmpty, "\(formatted)")
    #expect(format(formatted) == formatted)
  }

  @Test func longChainsArePrinted() {
    let long = "f " + Array(repeating: "1", count: 10_000).joined(separator: " + ")
    let formatted = format(long)
    #expect(codes(formatted) == [])
  }

  @Test(arguments: corpus)
  func everyMutationRests(text: String) {
    for mutation in MutationTests.mutations(of: text) {
      let formatted = Printer.format(Parser.parse(SourceText(mutation)), rules: rules)
      #expect(Printer.format(Parser.parse(SourceText(formatted)), rules: rules) == formatted)
    }
  }
}
