import TestSupport
import Testing

@testable import Sessions

/// One file, or one kept table, taken twice by a query, and of each time other columns.
@Suite struct TwiceReadTests {
  /// `*` stands for what is read.
  @Test(arguments: [
    ("* | select x = a | append (* | select x = b)", ["1", "3", "2", "4"]),
    ("* | select b | append *", ["2", "missing", "4", "missing", "2", "1", "4", "3"]),
    ("* | append (* | select b)", ["1", "2", "3", "4", "missing", "2", "missing", "4"]),
    ("* | filter a > 1 | select x = b | append (* | filter b < 3 | select x = a)", ["4", "1"]),
    ("* | join (* | select k = a, c = b) on a == k | select a, c", ["1", "2", "3", "4"]),
  ]) func eachTimeHasItsColumns(_ text: String, _ expected: [String]) throws {
    let folder = try DuckDB.temporaryFolder()
    defer { _ = DuckDB.output(of: "rm -r '\(folder)'") }
    try DuckDB.write("a,b\n1,2\n3,4\n", to: folder + "/u.csv")
    #expect(Ran("\"\(folder)/u.csv\" | save \"\(folder)/u.arrow\"").faults.isEmpty)
    for source in ["\"\(folder)/u.csv\"", "\"\(folder)/u.arrow\"", "\"\(folder)/u.c*\"", "t"] {
      let ran = Ran(
        "let t = table [{a: 1, b: 2}, {a: 3, b: 4}]\n" + text.replacing("*", with: source))
      #expect(ran.faults.isEmpty && ran.cells == expected, "\(source)")
    }
  }
}
