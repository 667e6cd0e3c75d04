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

  @Test func whatIsSaidStandsBetweenTheResultsOfADocument() throws {
    let run = "-e 'say \"A < B\"' -e 'table [{a: 1}]' -e 'table [{a: 2}]' -e 'say \"end\"'"
    #expect(
      try output("rounds --format markdown \(run)")
        == "A &lt; B\n\n| a |\n| ---: |\n| 1 |\n\n| a |\n| ---: |\n| 2 |\n\nend\n\n")
    let page = try output("rounds --format html \(run)")
    #expect(page.contains("<body>\n<p>A &lt; B</p>\n<table>"))
    #expect(page.hasSuffix("</table>\n<p>end</p>\n</body>\n</html>\n"))
    // Data holds nothing that was said.
    #expect(try output("rounds --format csv \(run) 2>/dev/null") == "a\n1\na\n2\n")
  }

  @Test func aDateForAParameterIsTold() throws {
    let said = try output(
      "rounds run s.rounds --set since=01.06.2025 2>&1",
      files: ["s.rounds": "param since = 2025-01-01\nsay since\n"])
    #expect(said.contains("help: a date is written year-month-day: 2026-01-31"))
  }

  @Test func aLayoutIsCheckedOnStandardInputToo() throws {
    #expect(
      try output("printf 'a|take 3\\n' | rounds fmt --check - 2>&1; echo $?")
        == "standard input: not in the canonical layout; `rounds fmt -` mends it\n1\n")
    #expect(try output("printf 'a | take 3\\n' | rounds fmt --check -; echo $?") == "0\n")
    #expect(
      try output("rounds fmt nofile 2>/dev/null; echo $?; rounds check nofile 2>/dev/null; echo $?")
        == "2\n2\n")
  }

  @Test func whatCannotBeWrittenIsToldByEveryCommand() throws {
    let commands = [
      "--help", "check --help", "--version", "completions bash", "s.rounds --help", "fmt - <s.rounds",
    ]
    for command in commands {
      let said = try output(
        "rounds \(command) 2>&1 >/dev/full; echo $?", files: ["s.rounds": "param a = 1\n"])
      #expect(
        said == "rounds: nothing can be written to standard output: the disk is full\n1\n", "\(command)")
    }
  }

  @Test func aCommandWithoutItsFilesShowsItsOwnUsage() throws {
    let said = try output("rounds check 2>&1; echo $?")
    #expect(said.contains("USAGE: rounds check [--demo]") && said.hasSuffix("2\n"))
  }

  @Test func theFaultsOfAnIncludeHideNoneOfTheScript() throws {
    let said = try output(
      "rounds check --demo s.rounds 2>&1",
      files: [
        "t.rounds":
          "encounters | filter agee > 3\nencounters | filter aged > 3\nencounters | filter agee < 3\n",
        "s.rounds": "include \"t.rounds\"\nencounters | filter agex > 3\nencounters | filter agey > 3\n",
      ])
    for place in ["t.rounds:1:21", "t.rounds:3:21", "s.rounds:2:21", "s.rounds:3:21"] {
      #expect(said.contains(place), "\(said)")
    }
  }

  @Test func aNoteIsSaidOnce() throws {
    let said = try output(
      "rounds -e 'table [{a: 1}] | assert percent(a > 1) > 90 | aggregate p = percent(a > 1)' 2>&1")
    #expect(said.split(separator: "\n").count { $0.hasPrefix("i percent(a > 1): ") } == 1)
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

  @Test func helpAndOptionsMayStandBeforeTheCommand() throws {
    #expect(try output("rounds help check") == output("rounds check --help"))
    #expect(try output("rounds check --help").contains("\nUSAGE: rounds check "))
    #expect(try output("rounds help") == output("rounds --help"))
    #expect(try output("rounds -q --format csv demo -e 'departments | count'") == "n\n25\n")
  }

  @Test func bashCompletesCommandsFilesAndTheWordsOfOptions() throws {
    let said = try output(
      """
      rounds completions bash > c.bash
      cat > t.bash <<'END'
      source ./c.bash
      t() {
        COMP_WORDS=(rounds "$@"); COMP_CWORD=$#; COMPREPLY=(); COMP_LINE="${COMP_WORDS[*]}"; COMP_POINT=${#COMP_LINE}
        _rounds rounds "${COMP_WORDS[COMP_CWORD]}" "${COMP_WORDS[COMP_CWORD-1]}"; echo "${COMPREPLY[@]}"
      }
      t a; t c; t check a; t run a; t --format c; t completions z; t learn 12; t demo a
      t check --format ""; t c.bash --format j; t help ver; t a.rounds run
      END
      bash t.bash
      """, files: ["a.rounds": ""])
    #expect(
      said == """
        a.rounds
        check completions c.bash
        a.rounds
        a.rounds
        csv
        zsh
        12
        a.rounds
        text json
        json
        verify


        """)
  }

  @Test func parametersAreListsAndPercentagesTooAndWrongOnesAreWrongUsage() throws {
    let files = [
      "p.rounds":
        "param xs = [1, 2] \"numbers\"\nparam p = 5%\nparam since: date = 2026-01-01\nsay f\"{xs} {p}\"\n"
    ]
    #expect(try output("rounds p.rounds --set xs=4,5,6 --set p=7%", files: files) == "[4, 5, 6] 0.07\n")
    let help = try output("rounds p.rounds --help", files: files)
    #expect(
      help.contains(
        "  xs = [1, 2]    a list: --set xs=1,2    numbers\n  p: float = 5%\n  since: date = 2026-01-01"))
    #expect(try output("rounds p.rounds --set xs=4,b; echo $?", files: files).hasSuffix("\n2\n"))
    #expect(
      try output("rounds p.rounds --set p=1 --set p=2; echo $?", files: files)
        == "rounds: --set gives p twice\n2\n")
    #expect(try output("rounds check no.rounds; echo $?").hasSuffix("\n2\n"))
  }

  @Test func aFaultInAMeasureNamesTheCallToo() throws {
    let said = try output("rounds -e 'def big(x) = upper(x)' -e 'table [{a: 1}] | derive b = big(a)'")
    #expect(said.contains("command line:1:20: error: `upper` wants text as x, but x is int\n"))
    #expect(
      said.contains(
        """
          command line:1:29: `big` is used here
          1 | table [{a: 1}] | derive b = big(a)
            |                             ^^^^^^
        """))
  }

  @Test func anAssertionShowsOnlyColumnsThatWereNamed() throws {
    // The planner's own columns have no place in it, and neither have those that nobody asked about.
    let counted = try output("rounds -e 'table [{a: 1}, {a: 1}] | assert count() > 5'")
    #expect(counted.contains("the assertion fails for 2 of 2 rows; first in row 1\n"))
    let said = try output("rounds -e '\"f.csv\" | assert age < 150'", files: ["f.csv": "mrn,age\n4711,200\n"])
    #expect(said.contains("first in row 1: age 200\n"))
    #expect(!said.contains("4711"))
    #expect(said.contains("put | filter not (age < 150) or (age < 150) is missing in its place"))
  }

  @Test(arguments: ["table", "csv", "json"]) func aChartThatCannotBeIsAnErrorInEveryFormat(_ format: String)
    throws
  {
    let said = try output(
      "rounds -q --format \(format) -e 'table [{a: \"x\", b: 1}] | chart line a by b'; echo $?")
    #expect(said.contains("command line:1:26: error: a is text; a chart needs numbers or times there\n"))
    #expect(said.hasSuffix("1\n"))
  }

  @Test func verbsBehindAFileThatIsNotThereAreCheckedToo() throws {
    let said = try output("rounds -e '\"no.csv\" | fitler a > 1'")
    #expect(said.contains("there is no such file"))
    #expect(said.contains("there is no verb `fitler`"))
  }

  @Test func namedValuesAreToldApartFromColumns() throws {
    let said = try output("rounds -e 'let k = 3\ntable [{aa: 1}] | filter nosuch > 1'")
    #expect(said.contains("  help: columns here: aa\n  help: named values: k\n"))
    #expect(try output("rounds --format csv -e 'let k = 3' -e k") == "k\n3\n")
  }

  @Test func anAssertionThatFailsTellsWhatWasNotedOfTheRows() throws {
    let said = try output("rounds -e '\"f.csv\" | assert a > 1'; echo $?", files: ["f.csv": "a,b\n1,\n2,x\n"])
    #expect(said.contains("read as missing: `b` 1 empty"))
    #expect(said.hasSuffix("3\n"))
  }

  @Test func whatAMeasureComputesWrongIsToldWhereItIsUsed() throws {
    let said = try output(
      "rounds -e 'def big(x) = x * 9223372036854775807' -e 'table [{a: 2}] | filter a > 0 | derive b = big(a)'"
    )
    #expect(said.contains("command line:1:44: error: 2 * 9223372036854775807 does not fit"))
    #expect(said.contains("\n    |                                            ^^^^^^\n"))
  }

  /// A long chain and a long script are looked at once: these took minutes.
  @Test func longSumsAndScriptsTakeNoLongTime() throws {
    let folder = try CommandFolder()
    let sum = Array(repeating: "a", count: 2_000).joined(separator: "+")
    try folder.write("table [{a: 1}] | derive x = \(sum) | select x\n", to: "sum.rounds")
    let stages = String(repeating: "\n| derive a = a + 1", count: 500)
    try folder.write("table [{a: 1}]\(stages)\n", to: "stages.rounds")
    let start = ContinuousClock.now
    #expect(try folder.run("rounds run sum.rounds --format csv") == "x\n2000\n")
    #expect(try folder.run("rounds check stages.rounds") == "")
    #expect(ContinuousClock.now - start < .seconds(60))
    try folder.remove()
  }
}
