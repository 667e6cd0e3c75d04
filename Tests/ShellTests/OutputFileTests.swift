import Glibc
import TestSupport
import Testing

/// What becomes of the files that results are written to, also when something goes wrong.
@Suite struct OutputFileTests {
  /// The output and the exit code of a command line, in which `ROUNDS` is the program and `DIR` an empty folder.
  private func ran(_ command: String) throws -> String {
    let folder = try DuckDB.temporaryFolder()
    defer { _ = DuckDB.output(of: "rm -r '\(folder)'") }
    // NOISY is the program with its notes and messages.
    let program = TerminalSession.builtProgram("rounds")
    let line = command.replacing("NOISY", with: "'\(program)'").replacing("ROUNDS", with: "'\(program)' -q")
      .replacing("DIR", with: folder)
    return DuckDB.output(of: "{ \(line); } 2>&1")
  }

  @Test(arguments: [
    ("-e 'tabel [{a: 1}]'", 1), ("-e 'table [{a: 1}] | assert a > 1'", 3), ("DIR/no.rounds", 2),
  ]) func aRunThatFailsLeavesTheFileOfTheRunBefore(_ arguments: String, _ code: Int) throws {
    let said = try ran(
      "echo before > DIR/kept.csv; ROUNDS --output DIR/kept.csv \(arguments) > /dev/null 2>&1; echo $?; cat DIR/kept.csv"
    )
    #expect(said == "\(code)\nbefore\n")
  }

  @Test func theEndingOfTheFileChoosesTheFormat() throws {
    #expect(try ran("ROUNDS --output DIR/a.csv -e 'table [{a: 1}]'; cat DIR/a.csv") == "a\n1\n")
    #expect(try ran("ROUNDS --output DIR/a.ndjson -e 'table [{a: 1}]'; cat DIR/a.ndjson") == "{\"a\":1}\n")
    #expect(
      try ran("ROUNDS --output DIR/a.csv --format tsv -e 'table [{a: 1, b: 2}]'; cat DIR/a.csv")
        == "a\tb\n1\t2\n")
  }

  /// What a pipe holds comes once, however often and by whatever name and options it is asked for.
  @Test func aPipeIsReadAsOftenAsItIsAskedFor() throws {
    let rows = "printf 'a,b\\n1,x\\n2,y\\n'"
    for second in [
      "stdin", "stdin with header = true", "\"/dev/stdin\"", "\"/dev/stdin\" with header = true",
    ] {
      #expect(
        try ran("\(rows) | ROUNDS --format csv -e 'stdin | count; \(second) | count'") == "n\n2\nn\n2\n")
    }
    let joined = "table [{a: 2, c: 5}] | join stdin on a; let t = (stdin); t | count"
    #expect(try ran("\(rows) | ROUNDS --format csv -e '\(joined)' 2> /dev/null") == "a,c,b\n2,5,y\nn\n2\n")
    let fed = "mkfifo DIR/f; (\(rows) > DIR/f &); timeout 20 ROUNDS --format csv -e "
    #expect(try ran("\(fed)'\"DIR/f\" with header = true | count; \"DIR/f\" | count'") == "n\n2\nn\n2\n")
  }

  /// What others write into the same stream stays before and behind the results.
  @Test func aStreamIsWrittenIntoAndNotReplaced() throws {
    let program = "ROUNDS --output /dev/stdout --format csv -e 'table [{a: 7}]'"
    #expect(try ran("\(program) | cat") == "a\n7\n")
    #expect(
      try ran("(echo before; \(program); echo after) > DIR/log; cat DIR/log") == "before\na\n7\nafter\n")
    let limited = "(ulimit -f 8; ROUNDS -e 'table n = 1..100000 | save \"DIR/x.csv\"'); echo $?; ls DIR"
    let said = try ran(limited)
    #expect(
      said.contains("the file would be larger than the system allows here") && said.hasSuffix("1\n"),
      "\(said)")
  }

  /// What is packed is the same text, in one piece or in one for each result, whoever unpacks it; packing the same
  /// again gives the same bytes.
  @Test func packedFilesAreReadByOthersAndByTheProgram() throws {
    let rows = "table [{a: 1, b: \"x,y\"}, {a: 2, b: \"日本\"}]"
    let text = "a,b\n1,\"x,y\"\n2,日本\n"
    let unpack =
      "python3 -c 'import gzip, sys; sys.stdout.write(gzip.open(sys.argv[1], \"rt\", encoding=\"utf-8\").read())'"
    #expect(
      try ran("ROUNDS -e '\(rows) | save \"DIR/a.csv.gz\"' > /dev/null; \(unpack) DIR/a.csv.gz") == text)
    #expect(try ran("ROUNDS --output DIR/a.csv.gz -e '\(rows)'; \(unpack) DIR/a.csv.gz") == text)
    #expect(try ran("ROUNDS --output DIR/a.gz --format csv -e '\(rows)'; \(unpack) DIR/a.gz") == text)
    #expect(
      try ran("ROUNDS --output DIR/a.csv.GZ -e '\(rows)' -e '\(rows)'; \(unpack) DIR/a.csv.GZ") == text + text
    )
    #expect(
      try ran("ROUNDS -e '\(rows) | save \"DIR/a.ndjson.gz\"' > /dev/null; \(unpack) DIR/a.ndjson.gz")
        == "{\"a\":1,\"b\":\"x,y\"}\n{\"a\":2,\"b\":\"日本\"}\n")
    for ending in ["csv.gz", "tsv.gz", "csv.zst", "tsv.zst"] {
      let read = "ROUNDS --format csv -e '\"DIR/a.\(ending)\"'"
      #expect(
        try ran("ROUNDS -e '\(rows) | save \"DIR/a.\(ending)\"' > /dev/null; \(read)") == text, "\(ending)")
    }
    let again = "ROUNDS -e '\(rows) | save \"DIR/a.csv.gz\" | save \"DIR/b.csv.gz\"' > /dev/null; sleep 1"
    #expect(
      try ran(
        "\(again); ROUNDS -e '\(rows) | save \"DIR/c.csv.gz\"' > /dev/null; cmp DIR/a.csv.gz DIR/c.csv.gz")
        == "")
  }

  @Test func largePackedFilesComeBackWhole() throws {
    for ending in ["gz", "zst"] {
      let made = "table n = sequence(1, 300000) | derive t = text(n * 7919 % 1000003)"
      let said = try ran(
        "ROUNDS -e '\(made) | save \"DIR/a.csv\" | save \"DIR/a.csv.\(ending)\"' > /dev/null; "
          + "ROUNDS --format csv -e '\"DIR/a.csv.\(ending)\"' | cmp - DIR/a.csv && echo same; "
          + "test $(wc -c < DIR/a.csv.\(ending)) -lt $(wc -c < DIR/a.csv) && echo smaller; ls DIR | wc -l")
      #expect(
        said.split(separator: "\n").map { $0.filter { $0 != " " } } == ["same", "smaller", "2"], "\(ending)")
    }
  }

  @Test func aLinkKeepsItsPlaceAndAPipeIsWrittenInto() throws {
    let link = try ran(
      "echo x > DIR/a.csv; ln -s a.csv DIR/b.csv; ROUNDS --output DIR/b.csv -e 'table [{a: 1}]'; cat DIR/a.csv; test -h DIR/b.csv && echo link"
    )
    #expect(link == "a\n1\nlink\n")
    let pipe = try ran(
      "mkfifo DIR/p.csv; cat DIR/p.csv & ROUNDS --output DIR/p.csv -e 'table [{a: 1}]'; wait; test -p DIR/p.csv && echo pipe"
    )
    #expect(pipe == "a\n1\npipe\n")
  }

  @Test func aFullDiskIsAnError() throws {
    let said = try ran("ROUNDS --format csv -e 'table [{a: 1}]' > /dev/full; echo $?")
    #expect(said.hasSuffix("\n1\n"))
    #expect(said.contains("cannot be written to standard output"))
  }

  @Test(arguments: [SIGTERM, SIGHUP, SIGINT])
  func aRunThatIsEndedWhileItSavesLeavesNothingBehind(_ signal: Int32) throws {
    let folder = try TemporaryFolder.make("rounds-ended")
    let query = "table n = sequence(1, 600000) | derive t = text(n) | save \"\(folder)/x.csv\""
    let session = try TerminalSession(TerminalSession.builtProgram("rounds"), ["-q", "-e", query])
    let list = "ls '\(folder)'"
    var tries = 0
    while DuckDB.output(of: list).isEmpty, tries < 3000 {
      usleep(10_000)
      tries += 1
    }
    #expect(DuckDB.output(of: list).hasPrefix("x.csv."))
    kill(session.process, signal)
    #expect(try session.waitForEnd() == 128 + signal)
    #expect(DuckDB.output(of: list).isEmpty)
  }

  /// Who ends a run that holds temporary files does not wait for the system to take them back: a child does, which
  /// keeps nobody and is gone soon after.
  @Test(.timeLimit(.minutes(2))) func aRunThatIsEndedHandsOverWhatItHolds() throws {
    let mark = "handed_over_\(getpid())"
    let query = """
      table n = sequence(1, 1500000) | derive k = (n * 7919) % 1000003 | sort k | aggregate \(mark) = sum(n) by k
      """
    let session = try TerminalSession(
      TerminalSession.builtProgram("rounds"), ["--memory", "100MB", "-q", "-e", query])
    func holdsFiles() -> Bool {
      DuckDB.output(of: "ls -l /proc/\(session.process)/fd 2> /dev/null").contains("(deleted)")
    }
    var tries = 0
    while !holdsFiles(), tries < 3000 {
      usleep(10_000)
      tries += 1
    }
    #expect(holdsFiles())
    kill(session.process, SIGTERM)
    #expect(try session.waitForEnd() == 128 + SIGTERM)
    tries = 0
    while !DuckDB.output(of: "pgrep -f '[h]\(mark.dropFirst())'").isEmpty, tries < 500 {
      usleep(10_000)
      tries += 1
    }
    #expect(tries < 500)
  }

  @Test func whoMayReadAFileThatIsReplacedStaysAsItWas() throws {
    let modes = try ran(
      """
      umask 027; cd DIR; for f in a.csv b.csv; do echo x > $f; chmod 600 $f; done
      ROUNDS --output a.csv -e 'table [{a: 1}]'; ROUNDS -e 'table [{a: 1}] | save "b.csv" replace'
      ROUNDS -e 'table [{a: 1}] | save "c.csv"'; stat -c %a a.csv b.csv c.csv
      """)
    #expect(modes == "600\n600\n640\n")
  }

  @Test func anEndingWithoutAFormatIsRefused() throws {
    let said = try ran("ROUNDS --output DIR/x.xlsq -e 'table [{a: 1}]'; echo $?; ls DIR")
    #expect(said.contains("names no format: use one of csv, tsv, tab, json"))
    #expect(said.hasSuffix("\n2\n"))
    #expect(try ran("ROUNDS --output DIR/x --format csv -e 'table [{a: 1}]'; cat DIR/x") == "a\n1\n")
  }

  @Test(arguments: ["html", "markdown", "csv", "json", "ndjson"])
  func standardOutputHoldsResultsAlone(_ format: String) throws {
    let query = "'table [{a: 1}] | chart bar a by a'"
    let alone = try ran("ROUNDS --format \(format) -e \(query) 2> /dev/null")
    #expect(alone.contains("1"))
    let more = try ran(
      """
      printf 'a,b\\n1,\\n' > DIR/f.csv
      NOISY --format \(format) -e 'load "DIR/f.csv"' -e 'say "hello"' -e \(query) 2> /dev/null
      """)
    // Documents for people hold what `say` tells, and nothing else beside the results.
    let said = ["html": "<p>hello</p>\n", "markdown": "hello\n\n"][format]
    #expect(more.contains("hello") == (said != nil))
    #expect(said.map { more.replacing($0, with: "") } ?? more == alone)
  }
}
