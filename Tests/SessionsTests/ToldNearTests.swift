import Diagnostics
import Glibc
import Sessions
import TestSupport
import Testing

/// Notes where a reader looks for them: of what the rows below are, once, and as close to them as can be.
@Suite struct ToldNearTests {
  private static let rows =
    "table [{w: \"A\", n: 1, z: 0}, {w: \"A \", n: missing, z: 1}, {w: \"B\", n: 3, z: 2}, {w: \"A\", n: 4, z: 3}] | "
  private static let alike = "capitals, blanks or how letters are composed: \"A\", \"A \""

  @Test func countsSayWhichStageLeavesRowsOutBehindThem() {
    #expect(
      Ran(Self.rows + "derive x = 1 / z | filter w == \"B\"").notes.first
        == "1 division by zero became missing, counted before `filter`")
    #expect(
      Ran(Self.rows + "derive x = 1 / z | sort w | limit 1").notes.first
        == "1 division by zero became missing, counted before `take`")
    // What goes into an aggregate is what was counted.
    #expect(
      Ran(Self.rows + "derive x = 1 / z | aggregate m = max(x)").notes.first
        == "1 division by zero became missing")
    // Behind the filter it counts what is there.
    #expect(Ran(Self.rows + "filter n > 3 | derive x = 1 / z").notes.count == 1)
  }

  @Test func whatIsTrueOfSeveralCallsIsSaidOnce() {
    let notes = Ran(Self.rows + "aggregate mean(n), max(n), mean(z), min(n), k = max(n + z)").notesTold
    #expect(
      notes.saidOnce.map(\.message) == [
        "mean(n), max(n) and min(n) left out 1 of 4 rows: `n` is missing",
        "max(n + z) left out 1 of 4 rows: `n + z` is missing",
      ])
    let many = (1...8).map { "a\($0) = percentile(n, \($0))" }.joined(separator: ", ")
    #expect(
      Ran(Self.rows + "aggregate " + many).notesTold.saidOnce.map(\.message) == [
        (1...6).map { "percentile(n, \($0))" }.joined(separator: ", ")
          + " and 2 more left out 1 of 4 rows: `n` is missing"
      ])
  }

  @Test(arguments: [
    ("describe", "values of `w` differ only in "), ("take 1 by w", "groups of `w` differ only in "),
    ("top 1 z by w", "groups of `w` differ only in "),
    ("derive m = sum(z) by w", "groups of `w` differ only in "),
    ("derive m = lag(z) by w sort z", "groups of `w` differ only in "),
    ("aggregate count_distinct(w)", "count_distinct(w) counts texts that differ only in "),
  ]) func spellingsAreToldWhereverTheyMakeGroups(_ stage: String, _ what: String) {
    #expect(Ran(Self.rows + stage).notes.contains(what + Self.alike))
    #expect(!Ran(Self.rows + "filter z != 1 | " + stage).notes.contains { $0.contains("differ only") })
  }

  @Test func blanksThatLookLikePlainOnesAreWrittenOut() {
    let notes = Ran("table [{w: \"A\"}, {w: \"A\u{A0}\"}] | count by w").notes
    #expect(notes.contains { $0.hasSuffix("composed: \"A\", \"A\\u{A0}\"") })
    #expect(visible("a\u{200B}b\u{AD}\u{FEFF}") == "a\\u{200B}b\\u{AD}\\u{FEFF}")
  }

  @Test func anEmptyResultLeavesTheSpellingToItsNote() {
    let notes = Ran(Self.rows + "filter w == \"b\"").notes
    #expect(notes.count == 2)
    #expect(notes[0].hasPrefix("`w` is \"B\" in 1 row, which is not \"b\""))
    #expect(notes[1] == "no rows are left: `filter` kept none of 4 rows")
  }

  @Test func aColumnOfRecordsIsTold() {
    #expect(Ran("table e = [{a: 1}, {a: 2}]").notes.first?.hasPrefix("e is a column of records") == true)
    #expect(Ran("table e = [1, 2]").notes == [])
  }

  /// What the reader of a file said of a column stays with it when the file is loaded.
  @Test func numbersThatStayedTextAreNotOrderedInSilence() throws {
    let path = try TemporaryFolder.make("told") + "/v.csv"
    try TextFile.write(
      "id,value,zip\n1,5,0123\n2,x,0456\n3,10,0789\n4,9,0001\n5,8,0002\n6,7,0003\n", to: path)
    for source in ["load \"\(path)\" as v\nv | ", "\"\(path)\" | "] {
      for stage in [
        "sort value", "top 2 value", "filter id > 1 | sort -value", "derive r = rank() sort value",
      ] {
        let said = Ran(source + stage).notes.filter { $0.hasPrefix("in the order of letters") }
        #expect(said.count == 1, "\(source)\(stage)")
        #expect(said.first?.contains("line 3 holds \"x\"") == true)
      }
      // Codes stand in the order of letters.
      #expect(!Ran(source + "sort zip").notes.contains { $0.hasPrefix("in the order of letters") })
      let fault = try #require(Ran(source + "filter value > 3").faults.first)
      #expect(fault.help.first?.hasPrefix("when the file was read: `value` is text") == true)
      #expect(fault.help.last == "convert the text: float(value) or int(value)")
    }
  }

  @Test func theMiddleOfTwoHasTheirDecimals() {
    #expect(Ran("table a = [12.9, 13.3] | describe | select median").rows == [["13.1"]])
    #expect(Ran("table a = [1e-05, 2e-05] | describe | select median").rows == [["1.5000000000000002e-05"]])
  }

  @Test func aMessageOfAnAssertionMayHaveValues() {
    let ran = Ran("let least = 2\n" + Self.rows + "assert z >= least f\"below {least}\"")
    #expect(ran.faults.first?.message.hasPrefix("below 2: the assertion fails for 2 of 4 rows") == true)
  }
}
