import Testing

/// The program itself, from a command line.
@Suite struct CommandLineTests {
  private func output(_ command: String, files: [String: String] = [:]) throws -> String {
    let folder = try CommandFolder()
    defer { try? folder.remove() }
    for (name, text) in files { try folder.write(text, to: name) }
    return try folder.run(command)
  }

  @Test func severalResultsAreOneJSONValue() throws {
    let table = "rounds -q --format json -e 'table [{a: 1}]'"
    #expect(try output(table) == "[\n{\"a\":1}\n]\n")
    #expect(try output(table + " -e 'table [{b: 2}]'") == "[[\n{\"a\":1}\n],\n[\n{\"b\":2}\n]]\n")
  }

  @Test func aRowOfTotalsIsMarked() throws {
    let query = "-e 'table [{a: 1}, {a: 2}, {a: 2}] | aggregate n = count() by a with totals'"
    #expect(try output("rounds -q --format csv \(query)") == "a,n\n\"1\",1\n\"2\",2\nTotal,3\n")
    #expect(
      try output("rounds -q --format ndjson \(query)")
        == "{\"a\":1,\"n\":1}\n{\"a\":2,\"n\":2}\n{\"a\":\"Total\",\"n\":3}\n")
    #expect(try output("rounds -q \(query)").contains("\nTotal  3\n"))
  }

  @Test func aScriptThatIsNoUTF8IsRefusedAndLeftAlone() throws {
    let said = try output(
      "printf 'let a = 1\\nsay \"\\377\"\\n' > s.rounds; cp s.rounds t.rounds; rounds s.rounds; "
        + "echo $?; rounds check s.rounds; echo $?; rounds fmt s.rounds; echo $?; cmp s.rounds t.rounds")
    let error = "error: s.rounds, line 2: this script is not UTF-8 text\n"
    #expect(said.split(separator: "\n").count { $0 + "\n" == error } == 3)
    #expect(said.split(separator: "\n").filter { $0 == "0" }.isEmpty)
  }

  @Test func savingIntoAFolderThatIsNotThereSaysSo() throws {
    let said = try output("rounds -e 'table [{a: 1}] | save \"no/x.csv\"'; echo $?")
    #expect(said.contains("there is no folder no\n"))
    #expect(said.contains("help: make it first: mkdir -p no\n"))
    #expect(said.hasSuffix("1\n"))
  }

  @Test func percentTellsNumeratorAndDenominator() throws {
    let said = try output(
      "rounds -e 'table [{a: 1}, {a: 2}, {a: 3}, {a: missing}] | aggregate p = percent(a > 1)'")
    #expect(said.contains("percent(a > 1): 2 of 3 rows where it is known; not known in 1"))
  }

  @Test func aLongChainOfOperatorsIsPlannedOnTheProgramsStack() throws {
    let said = try output(
      "rounds run s.rounds; rounds check s.rounds; echo $?",
      files: [
        "s.rounds": "table [{a: 1}] | filter " + (0..<2000).map { "a == \($0)" }.joined(separator: " or ")
          + " | count"
      ])
    #expect(said.hasSuffix("0\n"))
    #expect(said.contains("1 row × 1 column"))
  }

  @Test func irregularFilesAreTold() throws {
    let said = try output(
      "rounds -e '\"r.csv\"'; rounds -e '\"d.csv\"'; rounds -e '\"r.csv\" with strict'",
      files: [
        "r.csv": "a,b\n1,2\n3,4,5\n6,7\n", "d.csv": "d,x\n2026-01-01,1\n2026-01-02,2\n07/01/2026,3\n",
      ])
    #expect(
      said.contains("the header names 2 columns, line 3 has 3 cells: the further ones are in `column_3`"))
    #expect(said.contains("2 rows have fewer cells than the longest row"))
    #expect(said.contains("`d` is text though most of its cells are ISO dates: line 4 holds \"07/01/2026\""))
    #expect(said.contains("error: r.csv, line 3:"))
  }
}
