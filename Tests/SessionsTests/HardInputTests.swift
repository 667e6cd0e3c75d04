import Diagnostics
import Sessions
import TestSupport
import Testing

/// What somebody met who meant it ill: input that crashed, hung or took all memory.
@Suite struct HardInputTests {
  /// Signs in front of an expression are looked behind once, and not behind each other.
  @Test(arguments: ["= ", "=", "!"]) func manySignsInFront(_ sign: String) {
    #expect(!Ran(String(repeating: sign, count: 2000) + "COUNTIF(x)").faults.isEmpty)
  }

  /// Values that differ by their last digit make a chart like one value, at every size.
  @Test(arguments: [
    ("5.0", "5.000000000000001"), ("123456.789", "123456.78900000002"),
    ("1000000000000000.0", "1000000000000000.1"),
    ("1e+300", "1.0000000000000002e+300"), ("0.3", "0.1 + 0.2"), ("-5.0", "-5.000000000000001"),
    ("100000000000000000", "100000000000000016"),
  ]) func nearlyEqualValuesAreDrawn(_ first: String, _ second: String) {
    for kind in ["line", "area", "scatter", "bar", "box", "sparkline"] {
      for size in ["", " width 1000 height 100", " width 20 height 3"] {
        let clause = kind == "box" ? "y" : "y by x"
        let ran = Ran(
          "let a = \(first)\nlet b = \(second)\ntable [{x: a, y: a}, {x: b, y: b}] | chart \(kind) \(clause)\(size)"
        )
        #expect(ran.status == .done, "\(kind): \(ran.messages)")
      }
    }
  }

  /// Lists that do not fit in the memory of a query stop it before they are made.
  @Test(arguments: [
    "table [{a: 1}] | derive b = sequence(1, 10000000), c = sequence(1, 10000000) | split b | count",
    "table a = 1..60 | derive b = sequence(1, 300000 + a) | split b | aggregate sum(b)",
    "table a = 1..60 | derive b = sequence(1, 300000) | split b | aggregate sum(b)",
    "table a = 1..2000 | derive b = split_text(repeat(\"x,\", 50000), \",\") | split b | count",
    "table a = 1..2000 | derive t = repeat(\"x,\", 5000) | split t on \",\" | count",
  ]) func listsObeyTheBudget(_ text: String) {
    var options = Session.Options(threads: 2, now: 1_790_000_000_000_000)
    options.memory = 20 << 20
    let session = Session(options: options)
    var faults: [Diagnostic] = []
    let status = session.run(SourceText(text)) { faults += $0 }
    #expect(status == .failed && faults.count == 1, "\(faults.map(\.message))")
    #expect(faults.first?.message.contains("memory") ?? false, "\(faults.map(\.message))")
    #expect(faults.first?.help.first?.contains("--memory") ?? false)
  }

  @Test func correlationBeyondTheLargestNumberIsNotMadeUp() {
    let rows = "table [{a: 1e+200}, {a: 2e+200}, {a: 3e+200}] | aggregate "
    for call in ["correlation(a, a)", "slope(a, a)"] {
      #expect(Ran(rows + call).messages.first?.contains("beyond the largest number") ?? false)
    }
    #expect(
      Ran("table [{a: 1e+150}, {a: 2e+150}, {a: 3e+150}] | aggregate correlation(a, a)").cells == ["1.0"])
  }

  @Test func spreadsBeyondTheLargestNumberAreNotMadeUp() {
    let rows = "table [{a: 1e+200}, {a: -2e+200}, {a: 3e+200}] | aggregate "
    for call in ["stddev(a)", "variance(a)", "skew(a)"] {
      #expect(Ran(rows + call).messages.first?.contains("beyond the largest number") ?? false, "\(call)")
    }
    #expect(
      Ran("table [{a: 1.5e+308}, {a: -1.5e+308}] | aggregate range(a)").messages.first?.contains(
        "larger than the largest number") ?? false)
    #expect(Ran("table [{a: 1e+150}, {a: 2e+150}] | aggregate range(a)").cells == ["1e+150"])
    #expect(Ran("table [{a: 1e+200}] | aggregate stddev(a), skew(a)").cells == ["missing", "missing"])
  }

  @Test func devicesAndFilesThatAreNotWhatTheirNamesSay() throws {
    #expect(Ran("\"/dev/zero\" | count").messages.first?.contains("is a device") ?? false)
    let folder = try DuckDB.temporaryFolder()
    defer { _ = DuckDB.output(of: "rm -r '\(folder)'") }
    for ending in ["gz", "zst"] {
      try TextFile.write("a,b\u{1}\n\u{2}1,2\n", to: folder + "/x.csv.\(ending)")
      let ran = Ran("\"\(folder)/x.csv.\(ending)\" | count")
      #expect(
        ran.messages.first?.contains("ends in .\(ending) and is not packed so") ?? false, "\(ran.messages)")
    }
    // A pipe among the files of a folder would be waited for.
    try TextFile.write("a\n1\n", to: folder + "/y.csv")
    _ = DuckDB.output(of: "mkfifo '\(folder)/z.csv'")
    #expect(Ran("\"\(folder)/*.csv\" | count").cells == ["1"])
  }

  /// The largest and the least whole number are read as they are written; a larger one is text, and told of.
  @Test func wholeNumbersOfNineteenDigits() throws {
    let folder = try DuckDB.temporaryFolder()
    defer { _ = DuckDB.output(of: "rm -r '\(folder)'") }
    try TextFile.write("z\n9223372036854775807\n-9223372036854775808\n1\n", to: folder + "/x.csv")
    #expect(Ran("\"\(folder)/x.csv\" | derive d = z % 10 | select d").cells == ["7", "2", "1"])
    try TextFile.write("z\n9223372036854775808\n1\n2\n", to: folder + "/y.csv")
    let ran = Ran("\"\(folder)/y.csv\"")
    #expect(ran.cells == ["9223372036854775808", "1", "2"])
    #expect(ran.notes.contains { $0.contains("has more digits than a whole number holds") }, "\(ran.notes)")
  }

  /// Thousands of equal names in a header, and of columns in a narrow window, take no time that grows with their square.
  @Test func wideFilesAreReadAndShown() throws {
    let folder = try DuckDB.temporaryFolder()
    defer { _ = DuckDB.output(of: "rm -r '\(folder)'") }
    let columns = 20_000
    let names = Array(repeating: "a", count: columns).joined(separator: ",")
    let cells = Array(repeating: "1", count: columns).joined(separator: ",")
    try TextFile.write("\(names)\n\(cells)\n", to: folder + "/x.csv")
    let ran = Ran("\"\(folder)/x.csv\" | select a, a_2, a_20000")
    #expect(ran.cells == ["1", "1", "1"])
    #expect(ran.notes.contains { $0.contains("19,999 names stand twice") })
  }

  @Test func roundingBeyondWholeNumbersIsAFault() {
    for number in ["5000000000000000000", "-9223372036854775807"] {
      #expect(
        Ran("say round(\(number), -19)").messages.first?.contains("does not fit a whole number") ?? false)
    }
    #expect(Ran("say round(4999999999999999999, -19)").cells == ["0"])
    #expect(Ran("say round(5000000000000000000, -20)").cells == ["0"])
  }

  @Test func aSequenceThatRunsTheOtherWayIsEmpty() {
    #expect(Ran("say join_text(sequence(9000000000000000000, -9000000000000000000))").status == .done)
    #expect(
      Ran("table [{a: 9000000000000000000}] | derive b = sequence(a, -a) | split b | count").cells == ["1"])
  }
}
