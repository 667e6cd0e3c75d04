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

  /// The first of sorted rows, where the last one of them is as good as the next.
  @Test func aCutThroughEqualValuesIsTold() {
    let said = "the cut goes through equal values: rows as good as the last one are left out"
    for begin in ["", "set optimizer = off\n"] {
      for (stages, isTold) in [
        ("sort w | take 1", true), ("sort w | take 2", false), ("sort -n | take 1", false),
        ("sort w, n | take 1", false),
        ("sort w | take 3", false), ("sort w | take 4", false), ("sort w | take 9", false),
        ("sort w | take 0", false),
        ("sort left(w, 1) | take 2", true), ("sort w | take -1", false), ("take 1", false),
        ("sort w | filter n > 0 | take 1", true), ("sort w | filter n > 1 | take 1", false),
        ("sort lower(w) desc | take 1 | take 1", false),
      ] {
        #expect(Ran(begin + Self.rows + stages).notes.contains(said) == isTold, "\(begin)\(stages)")
      }
    }
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
    ("aggregate count_distinct(w)", "texts that count_distinct(w) counts differ only in "),
  ]) func spellingsAreToldWhereverTheyMakeGroups(_ stage: String, _ what: String) {
    #expect(Ran(Self.rows + stage).notes.contains(what + Self.alike))
    #expect(!Ran(Self.rows + "filter z != 1 | " + stage).notes.contains { $0.contains("differ only") })
  }

  /// What a filter leaves is looked at, whatever else the column's dictionary holds, with and without the optimiser.
  @Test func spellingsAreOfTheRowsThatAreThere() throws {
    let path = try TemporaryFolder.make("told") + "/many.csv"
    let rows = (0..<3000).map { "\($0),\($0 % 2 == 0 ? "w" : "W")\($0 / 2)\n" }.joined()
    try TextFile.write("id,w\n" + rows, to: path)
    for begin in ["", "set optimizer = off\n"] {
      for source in ["load \"\(path)\" as v\nv", "\"\(path)\""] {
        for stage in ["aggregate count_distinct(w)", "take 1 by w", "derive n = count() by w", "describe"] {
          let notes = Ran("\(begin)\(source) | filter id < 4 | \(stage)").notes
          #expect(
            notes.contains { $0.contains("differ only") && $0.contains("\"W0\"") && $0.contains("\"w1\"") },
            "\(begin)\(source) \(stage)")
          #expect(!Ran("\(begin)\(source) | \(stage)").notes.contains { $0.contains("differ only") })
        }
      }
    }
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
    // Another column's spelling is no reason.
    let other = Ran(
      "table [{a: \"x\", b: \"y\"}, {a: \"X\", b: \"y\"}] | filter a == \"x\" | filter b == \"x\""
    ).notes
    #expect(other.last?.contains("`b` never is \"x\"; ") == true)
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
    for source in [
      "load \"\(path)\" as v\nv | ", "\"\(path)\" | ", "let v = (\"\(path)\" | filter id > 0)\nv | ",
      "let v = (\"\(path)\" | distinct id, value, zip)\nv | ", "\"\(path)\"\n| ",
      "\"\(path)\" | join left (table i = 1..9) on id == i | ",
    ] {
      for stage in [
        "sort value", "top 2 value", "filter id > 1 | sort -value", "derive r = rank() sort value",
      ] {
        let said = Ran(source + stage).notes.filter { $0.hasPrefix("in the order of letters") }
        #expect(said.count == 1, "\(source)\(stage)")
        #expect(said.first?.contains("line 3 holds \"x\"") == true)
      }
      for stage in [
        "filter value > \"3\"", "filter value between \"1\" and \"5\"", "aggregate max(value), min(value)",
      ] {
        #expect(Ran(source + stage).notes.contains { $0.hasPrefix("in the order of letters") }, "\(stage)")
      }
      #expect(Ran(source + "filter value == \"3\"").notes.allSatisfy { !$0.hasPrefix("in the order") })
      // Codes stand in the order of letters.
      #expect(!Ran(source + "sort zip").notes.contains { $0.hasPrefix("in the order of letters") })
      let fault = try #require(Ran(source + "filter value > 3").faults.first)
      #expect(fault.help.first?.hasPrefix("when the file was read: `value` is text") == true)
      #expect(fault.help.last == "convert the text: float(value) or int(value)")
    }
  }

  /// A cell behind the sample makes the column text as well.
  @Test func aColumnThatBecameTextLateIsToldToo() throws {
    let path = try TemporaryFolder.make("told") + "/late.csv"
    let rows = (0..<200_000).map { $0 == 190_001 ? "x\n" : "\($0)\n" }.joined()
    try TextFile.write("value\n" + rows, to: path)
    for source in ["\"\(path)\" | ", "load \"\(path)\" as v\nv | "] {
      let notes = Ran(source + "sort value | take 1").notesTold.saidOnce.map(\.message)
      #expect(
        notes.contains { $0.hasPrefix("in the order of letters, \"10\" before \"9\": `value` is text") })
    }
  }

  /// Days that are not ISO are told of where a few cells are none.
  @Test func daysAmongOtherCellsAreTold() throws {
    let path = try TemporaryFolder.make("told") + "/days.csv"
    try TextFile.write("d\n31/12/2025\n29/02/2025\n01/03/2025\ntbc\n13/11/2025\n14/11/2025\n", to: path)
    let said =
      "`d` is text though most of its cells are days: one holds \"29/02/2025\"; "
      + "`types = {d: date(\"%d/%m/%Y\")}` reads the others"
    #expect(Ran("\"\(path)\" | count").notes.isEmpty)
    #expect(Ran("\"\(path)\"").notes.contains(said))
    #expect(Ran("\"\(path)\" | sort d | take 1").notes.first?.hasSuffix(said) == true)
    #expect(
      Ran("\"\(path)\" with types = {d: date(\"%d/%m/%Y\")} | aggregate n = count(d)").cells == ["4"])
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
