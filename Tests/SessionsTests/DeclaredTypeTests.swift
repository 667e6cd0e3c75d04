import Columns
import Diagnostics
import Planning
import Sessions
import Testing

/// A declared type is the type: another value is refused and never computed with.
@Suite struct DeclaredTypeTests {
  private static let numbers = "table [{x: 1}, {x: 2}, {x: 5}]"

  @Test(arguments: [
    ("param since: date = \"2026-01-01\"", "since is declared date, and \"2026-01-01\" is text"),
    ("param x: int = 2.7", "x is declared int, and 2.7 is float"),
    ("param x: bool = 1", "x is declared bool, and 1 is int"),
    ("param x: text = 5", "x is declared text, and 5 is int"),
    ("let x: int = \"5\"", "x is declared int, and \"5\" is text"),
  ]) func anotherTypeIsRefused(_ statement: String, _ message: String) {
    let result = Ran(statement)
    #expect(result.status == .failed)
    #expect(result.messages == [message])
  }

  @Test func whatWidensIsWidened() {
    #expect(Ran("param limit: float = 3\nsay limit / 2").cells == ["1.5"])
    #expect(Ran("let t: datetime = 2026-01-01\nsay t + 1h").cells == ["2026-01-01T01:00:00"])
  }

  @Test(arguments: [
    ("missing", "2", "filter x >= p or p is missing | select x", ["2", "5"]),
    ("missing", "2.5", "filter x > p | select x", ["5"]),
    ("[]", "1,5", "filter x in p | select x", ["1", "5"]),
    ("[]", "a,b", "derive y = \"a\" in p | select y | take 1", ["true"]),
    ("missing", "007", "derive y = p == \"007\" | select y | take 1", ["true"]),
    ("missing", "2026-01-02", "derive y = p + 1d | select y | take 1", ["2026-01-03T00:00:00"]),
  ]) func aDefaultWithoutATypeTakesThatOfWhatIsSet(
    _ given: String, _ set: String, _ stages: String, _ cells: [String]
  ) {
    let result = Ran("param p = \(given)\n\(Self.numbers) | \(stages)", set: ["p": set])
    #expect(result.messages == [])
    #expect(result.cells == cells)
  }

  @Test func aTimeOfDayIsNoDate() {
    let result = Ran("param d = 2026-01-01\nsay d", set: ["d": "2026-01-05T10:00"])
    #expect(result.messages == ["d is date, and \"2026-01-05T10:00\" is none"])
  }

  @Test func severalRowsAreNoValue() {
    let result = Ran("let t = \(Self.numbers) | filter x > 1\n\(Self.numbers) | filter x == t")
    #expect(result.messages == ["`t` has 2 rows, and one value is wanted here"])
    let one = Ran("let t = \(Self.numbers) | filter x > 2\n\(Self.numbers) | filter x == t")
    #expect(one.cells == ["5"])
  }

  @Test func theCauseOfAnUnknownConditionIsTrue() {
    let table = "table [{x: 1, z: 0}, {x: missing, z: 0}, {x: 3, z: 1}]"
    let byZero = "filter left out 2 of 3 rows because the condition is not known"
    #expect(Ran("\(table) | filter x / z > 1").notes.contains(byZero))
    let missing = "filter left out 1 of 3 rows because `x` is missing"
    #expect(Ran("\(table) | filter x > 1").notes.contains(missing))
    #expect(
      Ran("\(table) | sort x / z").notes.contains(
        "the sort key that is worked out from `x` and `z` is missing in 2 rows, sorted last"))
    #expect(
      Ran("\(table) | aggregate n = count(where: x / z > 1)").notes.contains(
        "count(where: x / z > 1): the condition is not known for 2 rows"))
  }
}

/// A list on the command line: its elements are quoted as cells of a file are.
@Suite struct ListWordTests {
  @Test(arguments: [
    ("a,b", ["a", "b"]), ("a,\"b,c\"", ["a", "b,c"]), ("\"b,c\" , a", ["b,c", "a"]),
    ("\"a\"\"b\",c", ["a\"b", "c"]), ("a,,b", ["a", "", "b"]), ("5\",6", ["5\"", "6"]),
    ("\"\",a", ["", "a"]),
  ]) func isRead(_ text: String, _ expected: [String]) {
    let script =
      "param l = [\"x\"]\n" + expected.indices.map { "say f\"<{l[\($0)]}>\"\n" }.joined()
    #expect(Ran(script, set: ["l": text]).cells == expected.map { "<\($0)>" })
  }

  @Test func numbersMayBeQuoted() {
    #expect(Ran("param l = []\nsay l[1] + 1", set: ["l": "1,2"]).cells == ["3"])
    #expect(Ran("param l = []\nsay concat(l[0], \"x\")", set: ["l": "\"01\",\"2\""]).cells == ["01x"])
    #expect(Ran("param l = [1]\nsay l[0] + 1", set: ["l": "\"7\""]).cells == ["8"])
  }

  @Test(arguments: ["a,\"b", "\"a\"b,c"]) func anOpenQuoteIsTold(_ text: String) {
    let result = Ran("param l = [\"x\"]\nsay l[0]", set: ["l": text])
    #expect(result.status == .failed && result.faults.count == 1)
  }
}
