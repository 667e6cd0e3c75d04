import Diagnostics
import Glibc
import Sessions
import TestSupport
import Testing

/// What is told of a file's columns and rows when they are not what a reader takes them for.
@Suite struct ToldOfFilesTests {
  /// A file with this text.
  private func file(_ text: String) throws -> String {
    let path = try DuckDB.temporaryFolder() + "/x.csv"
    try DuckDB.write(text, to: path)
    return path
  }

  /// Runs statements in which `"x"` is a file with this text.
  private func ran(_ text: String, _ statements: String) throws -> Ran {
    Ran(statements.replacing("\"x\"", with: "\"\(try file(text))\""))
  }

  private func notes(_ text: String, _ statements: String = "load \"x\" as t") throws -> [String] {
    try ran(text, statements).notes
  }

  /// An Arrow file is known by its head, whatever it is called.
  @Test func anArrowFileUnderAnotherName() throws {
    let folder = try DuckDB.temporaryFolder()
    let ran = Ran(
      "table [{a: 1}, {a: 2}] | save \"\(folder)/x.arrow\"\n\"\(folder)/x.arrow\" | count")
    #expect(ran.faults.isEmpty)
    #expect(rename("\(folder)/x.arrow", "\(folder)/x.dat") == 0)
    #expect(Ran("\"\(folder)/x.dat\" | aggregate s = sum(a)").cells == ["3"])
    #expect(Ran("load \"\(folder)/x.dat\" as t\nt | aggregate s = sum(a)").cells.last == "3")
  }

  /// A mapped file that another program writes to is not looked at any more: what was checked of it no longer holds.
  @Test(arguments: ["r+", "w"])
  func anArrowFileThatIsWrittenOver(mode: String) throws {
    let folder = try DuckDB.temporaryFolder()
    let path = "\(folder)/x.arrow"
    let session = Session(options: Session.Options(threads: 2, now: 0))
    var faults: [String] = []
    func run(_ text: String) {
      faults = []
      _ = session.run(SourceText(text)) { faults += $0.map(\.message) }
    }
    run(
      "table i = 1..300000 | derive t = concat(\"n\", i % 7) | save \"\(path)\"\nload \"\(path)\" as t\nt | count by t"
    )
    #expect(faults.isEmpty)
    let file = try #require(fopen(path, mode))
    for _ in 0..<(mode == "w" ? 1 : 4_000) { putc(255, file) }
    fclose(file)
    for query in ["t | count by t", "t | filter i > 5 | count", "describe t", "let x = t | take 3"] {
      run(query)
      #expect(faults.contains { $0.contains("changed by another program") }, "\(query): \(faults)")
    }
    run("table [{a: 1}] | count")
    #expect(faults.isEmpty)
  }

  /// A character that the file's encoding does not know is told, and refused where nothing odd is to pass.
  @Test func charactersOfNoMeaning() throws {
    let path = try DuckDB.temporaryFolder() + "/x.csv"
    let file = try #require(fopen(path, "w"))
    for byte: Int32 in [0xFF, 0xFE, 0x61, 0, 0x0A, 0, 0, 0xD8, 0x7A, 0, 0x0A, 0] { putc(byte, file) }
    fclose(file)
    #expect(Ran("load \"\(path)\" as t").notes.contains { $0.contains("became U+FFFD") })
    let refused = Ran("load \"\(path)\" as t with strict = true")
    #expect(refused.faults.map(\.message).contains { $0.contains("1 character could not be converted") })
  }

  /// A name as long as the system allows has no room for the letters of a temporary one.
  @Test func aFileWithALongName() throws {
    let path = try DuckDB.temporaryFolder() + "/" + String(repeating: "n", count: 251) + ".csv"
    #expect(Ran("table [{a: 1}] | save \"\(path)\"").faults.isEmpty)
    #expect(Ran("\"\(path)\" | count").cells == ["1"])
  }

  /// What a note offers as code runs as it is copied: a control character is an escape in it.
  @Test func whatANoteOffersHoldsEscapes() throws {
    let text = "a,b\n1,1\n2,2\n3,3\n\"x\ty\nz\",4\n"
    let offered = "missing = {a: [\"x\\ty\\nz\"]}"
    #expect(try notes(text).contains { $0.contains("`\(offered)`") })
    #expect(try ran(text, "load \"x\" as t with \(offered)\nt | aggregate s = sum(a)").cells.last == "6")
  }

  @Test(arguments: [
    ("ward,n\nA,1\nTotal,1\n", "`ward`: line 3 holds \"Total\"", "filter ward != \"Total\" leaves it out"),
    ("ward,n\nA,1\nGrand total:,1\n", "line 3 holds \"Grand total:\"", "!= \"Grand total:\""),
    ("d,n\nJan-24,1\nFeb-24,2\n", "`d` stays text, it holds months", "`types = {d: date(\"%b-%y\")}`"),
    ("d,n\n2024-01,1\n2024-02,2\n", "it holds months", "date(\"%Y-%m\")"),
    (
      "d,n\n01/02/2024,1\n03/04/2024,2\n", "in no cell can day and month be told apart",
      "date(\"%m/%d/%Y\")"
    ),
    ("d,n\n3/14/52,1\n4/20/49,2\n", "69 to 99 are of the last century", "%m/%d/%y"),
    ("x,n\n85%,1\n7,2\n90%,3\n", "2 of 3 numbers carry signs", "85% and 85 alike as 85"),
    ("x,n\n85%,1\n90%,3\n", "its numbers carry signs", "/ 100 reads them as shares"),
    ("x;n\n1 200;1\n950;2\n", "1 of 2 numbers carry signs (\"1 200\")", "float(replace(x, \" \", \"\"))"),
    ("x,n\n\"($6,345)\",1\n\"$5,100\",2\n", "carry signs", "replace(x, \"(\", \"-\")"),
    (
      "x,n\n<0.5,1\n2,2\n3,3\nHEMOLYZED,4\n>300,5\n",
      "beside 2 numbers 2 cells of 5 looked at tell only a limit (\"<0.5\", \">300\")",
      "float(replace(replace(x, \"<\", \"\"), \">\", \"\")) takes the limits"
    ),
    ("x,n\nyes,1\nN/A,2\n-,3\n", "`x` \"N/A\", \"-\"", "`missing = [\"N/A\", \"-\"]` reads these as missing"),
    ("x,n\n\"SQL; R\",1\n\"\",2\n\"R\",3\n", "`x` \"\"", "`missing = [\"\"]` reads that as missing"),
  ]) func whatATextColumnHoldsIsTold(_ text: String, _ said: String, _ advice: String) throws {
    let all = try notes(text)
    let told = all.filter { $0.contains(said) }
    #expect(told.count == 1 && told[0].contains(advice), "\(all)")
  }

  /// What the notes advise does what they say.
  @Test func theAdviceReadsTheCells() throws {
    #expect(
      try ran(
        "d,n\nJan-24,1\nFeb-24,2\n", "load \"x\" as t with types = {d: date(\"%b-%y\")}; t | select d"
      ).cells == ["2024-01-01", "2024-02-01"])
    let amounts =
      "\"x\" | select a = float(replace(replace(replace(replace(x, \"(\", \"-\"), \")\", \"\"), \"$\", \"\"), \",\", \"\"))"
    #expect(
      try ran("x,n\n\"($6,345)\",1\n\"$5,100\",2\n", amounts).cells == ["-6345.0", "5100.0"])
    #expect(
      try ran("x,n\n\"SQL; R\",1\n\"\",2\n\"R\",3\n", "\"x\" with missing = [\"\"] | aggregate count(x)")
        .cells
        == ["2"])
    #expect(try ran("w,n\nA,1\nTotal,1\n", "\"x\" | filter w != \"Total\" | aggregate sum(n)").cells == ["1"])
  }

  @Test func whatIsNoSumOrMarkIsNotTold() throws {
    #expect(try notes("test,n\nTotal protein,1\nAlbumin,2\n") == [])
    #expect(try notes("plan,note\nTotal,ok\nBasic,fine\n") == [])
    #expect(try notes("allergies,n\nNone,1\nLatex,2\n") == [])
    #expect(try notes("a,n\n12 34,1\n56 78,2\n") == [])
  }

  @Test func columnsThatAreAlikeAreToldOnce() throws {
    let names = ["Jan", "Feb", "Mar", "Apr", "May"]
    let text = "unit,\(names.joined(separator: ","))\na,1%,2%,3%,4%,5%\nb,6%,7%,8%,9%,10%\n"
    let said = try notes(text)
    #expect(said.count == 2)
    #expect(said.last == "likewise `Feb`, `Mar`, `Apr` and 1 more column")
    // An error of one of them speaks of that one.
    let fault = try ran(text, "\"x\" | aggregate mean(Apr)").faults.first
    #expect(fault?.help.first?.contains("`Apr` stays text") == true)
  }

  @Test func ofSeveralFilesEachIsNamed() throws {
    let folder = try DuckDB.temporaryFolder()
    try DuckDB.write("k,a\n1,\n", to: folder + "/one.csv")
    try DuckDB.write("k,b\n1,\n", to: folder + "/two.csv")
    let said = Ran("\"\(folder)/one.csv\" | join \"\(folder)/two.csv\" on k").notes
    #expect(said.contains("\(folder)/one.csv: read as missing: `a` 1 empty"), "\(said)")
    #expect(said.contains("\(folder)/two.csv: read as missing: `b` 1 empty"), "\(said)")
    #expect(Ran("\"\(folder)/one.csv\"").notes == ["read as missing: `a` 1 empty"])
  }

  @Test(arguments: [
    ("float(x)", "1,012", "float(replace(x, \",\", \"\")) reads these"),
    ("int(x)", "1,012", "int(replace(x, \",\", \"\")) reads these"),
    ("float(x)", "<0.5", "float(replace(x, \"<\", \"\")) takes the limits themselves"),
    ("float(x)", "<=5", "replace(replace(x, \"<\", \"\"), \"=\", \"\")"),
    ("date(x)", "31.12.2025", "date(x, \"%d.%m.%Y\") reads these"),
    ("date(x)", "1/2/2025", "date(x, \"%d/%m/%Y\") reads these, or \"%m/%d/%Y\""),
    ("datetime(x)", "1/31/2025 4:05 PM", "datetime(x, \"%m/%d/%Y %I:%M %p\") reads these"),
  ]) func whatDidNotConvertIsToldHow(_ call: String, _ text: String, _ advice: String) {
    let said = Ran("table [{x: \"\(text)\"}] | derive v = \(call)").notes
    #expect(said.count == 1 && said[0].contains(advice), "\(said)")
    #expect(Ran("table [{x: \"word\"}] | derive v = \(call)").notes.first?.contains(";") == false)
  }
}

/// What stages tell of the rows that they leave out.
@Suite struct ToldOfRowsTests {
  private static let rows =
    "table [{a: 1, b: \"x\"}, {a: 1, b: \"x\"}, {a: 2, b: \"x\"}, {a: 1, b: \"x\"}] | "

  @Test func distinctRowsSayHowManyWereTheSame() {
    #expect(
      Ran(Self.rows + "distinct").notes == [
        "distinct left out 2 of 4 rows: each is the same as another one in every column"
      ])
    #expect(Ran(Self.rows + "distinct a").notes == [])
    for begin in ["", "set optimizer = off\n"] {
      #expect(Ran(begin + Self.rows + "distinct | select b | take 1").notes.count == 1)
    }
  }

  /// Equal counts stand in the order of what is counted, which nobody asked for.
  @Test func aCutThroughEqualCountsIsTold() {
    let said = "the cut goes through equal values: rows as good as the last one are left out"
    let table =
      "table [{w: \"a\"}, {w: \"b\"}, {w: \"b\"}, {w: \"c\"}, {w: \"d\"}, {w: \"d\"}] | count by w | "
    for begin in ["", "set optimizer = off\n"] {
      for (stages, isTold) in [
        ("take 1", true), ("take 2", false), ("take 3", true), ("skip 1 | take 2", true),
        ("skip 1 | take 1", false),
        ("sort w | take 1", false), ("take -1", false),
      ] {
        #expect(Ran(begin + table + stages).notes.contains(said) == isTold, "\(begin)\(stages)")
      }
    }
  }

  @Test func aShareOfWhatWasCutIsTold() {
    let said = "sum(a) sees only the rows that `top` kept, and not those that it left out"
    #expect(Ran(Self.rows + "top 2 a | derive s = a / sum(a)").notes.contains(said))
    #expect(!Ran(Self.rows + "derive s = a / sum(a) | top 2 a").notes.contains(said))
    #expect(
      !Ran(Self.rows + "filter a > 1 | derive s = a / sum(a)").notes.contains { $0.contains("sees only") })
    #expect(!Ran(Self.rows + "take 2 | count by a").notes.contains { $0.contains("sees only") })
  }

  @Test func aTableInBracketsHasNoNameInNotes() {
    let join = "join (table [{a: 1}, {a: 3}])"
    #expect(
      Ran(Self.rows + "\(join) on a").notes.contains {
        $0.contains("without a match in the table in brackets")
      })
    #expect(Ran(Self.rows + "\(join) as p on a").notes.contains { $0.contains("without a match in `p`") })
  }

  /// A text that has no place in the order is neither more nor less than one that has.
  @Test func whatTheOrderDoesNotListIsTold() {
    let rows =
      "table [{q: \"low\"}, {q: \"high\"}, {q: \"N/A\"}, {q: missing}] | derive q = ordered(q, \"low\", \"high\") | "
    let told = Ran(rows + "aggregate p = percent(q >= \"low\"), m = max(q)")
    #expect(told.cells == ["100.0", "N/A"])
    #expect(
      told.notes.contains {
        $0.hasPrefix("ordered(…): 1 value does not stand in the order") && $0.hasSuffix("\"N/A\" 1")
      })
    #expect(Ran(rows + "filter q > \"low\"").cells == ["high"])
    #expect(Ran(rows + "filter q < \"high\"").cells == ["low"])
    #expect(Ran(rows + "filter q == \"N/A\"").cells == ["N/A"])
  }

  @Test func aPivotOfSingleValuesNeedsNoFunction() {
    let rows = "table [{k: 1, c: \"a\", v: 5}, {k: 1, c: \"b\", v: 6}, {k: 2, c: \"a\", v: missing}] | "
    #expect(
      Ran(rows + "pivot rows k columns c values v").cells == ["1", "5", "6", "2", "missing", "missing"])
    let twice = Ran(rows + "append (table [{k: 1, c: \"a\", v: 7}]) | pivot rows k columns c values v")
    #expect(twice.messages == ["only(v): a group has several values where one is wanted: 5 and 7 (k 1)"])
    #expect(twice.faults.first?.help == ["say which: first(v), last(v), min(v), max(v) …"])
    #expect(
      Ran(rows + "pivot rows k columns half = if(v > 5, \"more\", \"less\") values count()").faults.isEmpty)
  }

  @Test func clockTimesAreDurations() {
    for (text, expected) in [
      ("10:30", "10h 30min"), ("0:05:09", "5min 9s"), ("-1:30", "-1h 30min"), ("100:00", "4d 4h"),
      ("10:60", "missing"), ("1:2", "missing"), ("a:30", "missing"), (":30", "missing"),
    ] {
      #expect(Ran("table [{x: \"\(text)\"}] | select d = duration(x)").cells == [expected], "\(text)")
    }
  }
}

/// Notes and advice that a second look asked for.
@Suite struct ToldOnSecondLookTests {
  /// Of several ways to read a text only what none of them reads is lost.
  @Test func attemptsTellWhatNoneReads() {
    let rows = "table [{d: \"2024-01-31\"}, {d: \"31/12/2024\"}, {d: \"soon\"}] | "
    let said = Ran(rows + "derive x = coalesce(date(d), date(d, \"%d/%m/%Y\"))").notes
    #expect(said.count == 1 && said[0].contains("1 value did not convert") && said[0].contains("\"soon\" 1"))
    // A value in its place is no other attempt.
    #expect(Ran(rows + "derive x = date(d) ?? 2000-01-01").notes.first?.contains("2 values") == true)
  }

  @Test func aColumnOfNearlyTheSameNameIsTold() {
    let rows = "table [{Sex: \"f\"}] | "
    #expect(
      Ran(rows + "derive sex = upper(Sex)").notes == [
        "`sex` is a second column beside `Sex`; derive Sex = … replaces that one"
      ])
    #expect(Ran(rows + "derive Sex = upper(Sex)").notes == [])
  }

  @Test func aConditionThatHoldsForAllIsTold() {
    let rows = "table [{c: \"a\"}, {c: \"b\"}] | "
    #expect(
      Ran(rows + "filter c != \"a\" or c != \"b\"").notes == [
        "`c != \"a\" or c != \"b\"` holds for every known value, as each differs from one of the two; write c not in [\"a\", \"b\"]"
      ])
    #expect(
      Ran(rows + "filter c != \"a\" and c != \"b\"").notes.allSatisfy { !$0.contains("holds for every") })
  }

  @Test func movingWindowsTellWhereTheyAreNotFull() {
    let rows = "table [{d: 2024-01-01, n: 1}, {d: 2024-01-02, n: 2}, {d: 2024-01-03, n: 3}] | "
    let said = "is missing in 1 of 3 rows: the window is not full there, or holds no known value"
    #expect(Ran(rows + "derive r = rolling_sum(n, 2) sort d").notes == ["rolling_sum(n, 2) " + said])
    #expect(Ran(rows + "derive r = rolling_sum(n, 1) sort d").notes == [])
  }

  @Test(arguments: [
    ("%Y%m%d", "20240131", "2024-01-31"), ("%Y%m%d", "2024131", "missing"),
    ("%d%b%Y", "05Mar2024", "2024-03-05"),
    ("%d%b%Y", "5Mar2024", "2024-03-05"), ("%Y-%m-%d %I%p", "2024-03-05 9AM", "2024-03-05"),
    ("%d/%m/%Y", "1/2/2024", "2024-02-01"), ("%H%M", "0930", "missing"),
  ]) func fieldsThatNothingPartsHaveAllTheirDigits(_ pattern: String, _ text: String, _ expected: String) {
    #expect(Ran("table [{t: \"\(text)\"}] | select d = date(t, \"\(pattern)\")").cells == [expected])
  }

  @Test(arguments: [
    ("yyyy-mm-dd hh24:mi:ss", "%Y-%m-%d %H:%M:%S"), ("DD.MM.YYYY", "%d.%m.%Y"), ("h:mm am/pm", "%I:%M %p"),
    ("mm:ss", "%M:%S"), ("hhmm", "%H%M"), ("d/m/yyyy", "%e/%m/%Y"), ("mmm-yy", "%b-%y"),
    ("Month YYYY", "%B %Y"),
  ]) func patternsOfOthersAreTranslated(_ foreign: String, _ ours: String) {
    let help = Ran("table [{d: 2024-01-31T08:05}] | select t = format(d, \"\(foreign)\")").faults.first?.help
    #expect(help == ["a pattern has % letters: \"\(ours)\""])
  }

  /// What is no month, or is in order anyway.
  @Test func yearsInPairsAreNoMonths() throws {
    let folder = try DuckDB.temporaryFolder()
    func notes(_ text: String, _ statements: String) throws -> [String] {
      try DuckDB.write(text, to: folder + "/x.csv")
      return Ran(statements.replacing("\"x\"", with: "\"\(folder)/x.csv\"")).notes
    }
    #expect(try notes("y,n\n2009/10,1\n2010/11,2\n2011/12,3\n", "load \"x\" as t") == [])
    #expect(try notes("z,n\n00501,1\n00602,2\n00611,3\n", "load \"x\" as t") == [])
    let months = "d,n\n2024-01,1\n2024-02,2\n2023-12,3\n"
    #expect(try notes(months, "load \"x\" as t; t | sort d").count == 1)
    // An empty cell in quotes is empty where all cells stand in quotes.
    let quoted = "\"x\",\"n\"\n\"a\",\"1\"\n\"\",\"2\"\n"
    #expect(try notes(quoted, "\"x\" | filter x is missing | count").first == "read as missing: `x` 1 empty")
  }
}

/// An order in which some texts do not stand, in a file that has no place for these.
@Suite struct OrderInFilesTests {
  private func saved(_ texts: [String]) throws -> (notes: [String], rows: [String]) {
    let path = try DuckDB.temporaryFolder() + "/o.arrow"
    let rows = texts.map { "{q: \"\($0)\"}" }.joined(separator: ", ")
    let said = Ran("table [\(rows)] | derive q = ordered(q, \"low\", \"high\") | save \"\(path)\"").notes
    return (said, Ran("\"\(path)\" | sort q | select q").cells)
  }

  @Test func whatAnArrowFileCannotKeepIsTold() throws {
    let whole = try saved(["high", "low"])
    #expect(whole.rows == ["low", "high"] && !whole.notes.contains { $0.contains("order of `q`") })
    let partly = try saved(["high", "low", "N/A"])
    #expect(partly.rows == ["N/A", "high", "low"])
    #expect(partly.notes.contains { $0.contains("the order of `q` is lost: \"N/A\" does not stand in it") })
  }
}

/// What stands above, below and beside the rows of exports that people made.
@Suite struct ToldOfExportsTests {
  private func ran(_ text: String, _ statements: String) throws -> Ran {
    let path = try DuckDB.temporaryFolder() + "/x.csv"
    try DuckDB.write(text, to: path)
    return Ran(statements.replacing("\"x\"", with: "\"\(path)\""))
  }

  private let subtotals = """
    Site,Unit,Falls
    Riverside,ICU,5
    ,Surgery,3
    ,Medicine,9
    Riverside Total,,17
    Lakeview,ICU,1
    ,Medicine,2
    Lakeview Total,,3
    Grand Total,,20

    """

  @Test func rowsOfSubtotalsAreToldTogether() throws {
    let told = try ran(subtotals, "load \"x\" as t").notes.filter { $0.contains("sum up others") }
    #expect(told.count == 1)
    #expect(
      told.first?.contains("line 5 holds \"Riverside Total\", and 2 further rows sum up others") == true)
    let condition =
      "filter Site not in [\"Grand Total\", \"Riverside Total\", \"Lakeview Total\"] or Site is missing"
    #expect(told.first?.contains(condition) == true, "\(told)")
    #expect(try ran(subtotals, "\"x\" | \(condition) | aggregate sum(falls)").cells == ["20"])
  }

  @Test(arguments: [
    ("test,n\nBilirubin total,1\nAlbumin,2\nSodium,3\n", false), ("site,n\nA,1\nB,2\nAll sites,3\n", true),
    ("site,n\nA,1\nB,2\nAverage,2\n", true), ("site,n\nAverage,2\nA,1\nB,2\n", false),
    ("site,n\nA,1\nB,2\nHospital total,3\n", true),
  ]) func aWordMeansASumOnlyWhereItCan(_ text: String, _ isTold: Bool) throws {
    let told = try ran(text, "load \"x\" as t").notes
    #expect(told.contains { $0.contains("sums up others") } == isTold, "\(told)")
  }

  @Test(arguments: [
    ("Falls dashboard,,\nSite,2025,2026\nA,3,4\nB,4,5\n", 2), ("Falls,,\nSite,Unit,N\nA,ICU,<5\nB,ED,5\n", 2),
    ("Export,,,\nReport run: today,,,\n,,,\nName,Due,Done,\nA,01/05/2026,01/03/2026,\nB,01/15/2026,,\n", 4),
    ("name,note,more\nA,x,\nB,y,z\n", 0), ("one,,\nA,B,C\nA,D,C\n", 0),
  ]) func theHeaderBelowATitleIsFound(_ text: String, _ line: Int) throws {
    let told = try ran(text, "load \"x\" as t").notes.filter { $0.contains("looks like the header") }
    #expect(told.count == (line == 0 ? 0 : 1))
    #expect(told.allSatisfy { $0.contains("line \(line) looks") && $0.contains("`with skip = \(line - 1)`") })
  }

  @Test func remarksBelowATableAreTold() throws {
    let text = "Site,N\nA,5\nB,7\n\nGenerated on 05/03/2026,\nConfidential,\n"
    let told = try ran(text, "load \"x\" as t").notes.filter { $0.contains("remarks below a table") }
    #expect(told.count == 1 && told[0].contains("the last 2 rows fill only the first cell"), "\(told)")
    #expect(
      try ran(text, "\"x\" | filter N is not missing | aggregate count(), sum(N)").cells == ["2", "12"])
    #expect(
      !(try ran("Site,N\nA,5\nB,\nC,\n", "load \"x\" as t").notes).contains { $0.contains("remarks below") })
  }

  @Test func daysInSeveralWaysAreTold() throws {
    let both = "d,n\n01/13/2026,1\n13/04/2026,2\n05/06/2026,3\n"
    let told = try ran(both, "load \"x\" as t").notes.filter { $0.contains("`d` is text") }
    #expect(told.count == 1 && told[0].contains("days of both orders are mixed in it"), "\(told)")
    #expect(told.first?.contains("\"13/04/2026\" has the day first and \"01/13/2026\" the month") == true)
    let ways = "d,n\n2026-01-05 10:00,1\n13/01/2026 11:30,2\n05.01.2026,3\n"
    let said = try ran(ways, "load \"x\" as t").notes.first { $0.contains("written in several ways") }
    let advice = "datetime(d) ?? datetime(d, \"%d.%m.%Y\") ?? datetime(d, \"%d/%m/%Y %H:%M\")"
    #expect(said?.contains(advice) == true, "\(said ?? "")")
    #expect(
      try ran(ways, "\"x\" | derive d = \(advice) | select d").cells
        == ["2026-01-05T10:00:00", "2026-01-13T11:30:00", "2026-01-05T00:00:00"])
  }

  @Test func numbersWithBlanksAndADecimalCommaAreTold() throws {
    let text = "site;days\nA;1 204,5\nB;998,5\n"
    #expect(try ran(text, "load \"x\" as t").notes.contains { $0.contains("with decimal = \",\"") })
    let told = try ran(text, "load \"x\" as t with decimal = \",\"").notes
    let advice = "float(replace(replace(days, \" \", \"\"), \",\", \".\"))"
    #expect(told.contains { $0.contains(advice) }, "\(told)")
    #expect(
      try ran(text, "\"x\" with decimal = \",\" | derive v = \(advice) | aggregate sum(v)").cells == [
        "2203.0"
      ])
  }

  @Test func aPatternWithoutTheTimeGetsTheOneThatHasIt() throws {
    let told = try ran(
      "t,n\n01/13/2026 10:30,1\n01/14/2026 11:00,2\n",
      "load \"x\" as t with types = {t: datetime(\"%m/%d/%Y\")}"
    ).notes
    #expect(
      told.contains { $0.contains("`types = {t: datetime(\"%m/%d/%Y %H:%M\")}` reads these") }, "\(told)")
  }
}

/// Types that only a sample showed, and files that are one table.
@Suite struct GuessedTypeTests {
  private func folder(_ files: [String: String]) throws -> String {
    let folder = try DuckDB.temporaryFolder()
    for (name, text) in files {
      if let slash = name.lastIndex(of: "/") { mkdir(folder + "/" + name[..<slash], 0o700) }
      try DuckDB.write(text, to: folder + "/" + name)
    }
    return folder
  }

  /// A text far behind the sample: the statement that needs a text must not be refused for what the sample held.
  @Test func aLateTextMakesNoFaultOfAStatementThatFitsIt() throws {
    let row = "1,2\n"
    let text =
      "a,b\n" + String(repeating: row, count: 300_000) + "3,y\n" + String(repeating: row, count: 700_000)
    let path = try folder(["late.csv": text]) + "/late.csv"
    #expect(Ran("\"\(path)\" | filter b == \"y\" | select a").cells == ["3"])
    #expect(Ran("load \"\(path)\" as t; t | filter b == \"y\" | select a").cells == ["3"])
    #expect(Ran("\"\(path)\" | aggregate max(length(b))").cells == ["1"])
    let refused = Ran("load \"\(path)\" as t; t | filter b > 1")
    #expect(refused.faults.map(\.message) == ["`>` does not fit: b is text, 1 is int"])
  }

  @Test func whatFilesLoseTogetherIsTold() throws {
    let folder = try folder([
      "n1.csv": "id\n9007199254740993\n", "n2.csv": "id\n1.5\n", "t1.csv": "v\n2024-01-01T10:00Z\n",
      "t2.csv": "v\n2024-01-01T10:00\n", "m1.csv": "v\n1\n2\n", "m2.csv": "v\nn/a\n",
    ])
    #expect(
      Ran("\"\(folder)/n*.csv\" | aggregate max(id)").notes.contains {
        $0.contains("1 whole number of `id` is rounded")
      })
    #expect(
      Ran("\"\(folder)/t*.csv\" | count by v").notes.contains { $0.contains("1 time of `v` has no offset") })
    let marks = Ran("\"\(folder)/m*.csv\" | aggregate sum(v), count()")
    #expect(marks.cells == ["3", "3"])
    #expect(marks.notes.contains { $0.contains("m2.csv: read as missing: `v` 1 `n/a`") })
  }

  @Test func twoStarsStandForFoldersOfAnyDepth() throws {
    let folder = try folder(["a.csv": "x\n1\n", "s/b.csv": "x\n2\n", "s/other.txt": "x\n9\n"])
    mkdir(folder + "/s/deep", 0o700)
    try DuckDB.write("x\n4\n", to: folder + "/s/deep/c.csv")
    #expect(Ran("\"\(folder)/**/*.csv\" | aggregate sum(x)").cells == ["7"])
    #expect(Ran("\"\(folder)/s/**/*.csv\" | aggregate sum(x)").cells == ["6"])
    #expect(Ran("\"\(folder)/**/**/c.csv\" | aggregate sum(x)").cells == ["4"])
    #expect(Ran("\"\(folder)/**\" with filename = f | count").cells == ["4"])
    #expect(Ran("\"\(folder)/*/b.csv\" | aggregate sum(x)").cells == ["2"])
    #expect(Ran("\"\(folder)/s/../[a-b].csv\" | aggregate sum(x)").cells == ["1"])
    #expect(Ran("\"\(folder)/**/none.csv\"").faults.isEmpty == false)
  }
}
