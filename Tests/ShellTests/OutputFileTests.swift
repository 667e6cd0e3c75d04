import TestSupport
import Testing

/// What becomes of the files that results are written to, also when something goes wrong.
@Suite struct OutputFileTests {
  /// The output and the exit code of a command line, in which `ROUNDS` is the program and `DIR` an empty folder.
  private func ran(_ command: String) throws -> String {
    let folder = try DuckDB.temporaryFolder()
    defer { _ = DuckDB.output(of: "rm -r '\(folder)'") }
    let line = command.replacing("ROUNDS", with: "'\(TerminalSession.builtProgram("rounds"))' -q")
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
}
