import Columns
import Diagnostics
import Planning
import Testing

@testable import Presentation

func table(_ columns: (String, [Value])...) -> Table {
  Table(columns.map { (name: $0.0, column: Column($0.1)) })
}

func texts(_ values: String...) -> [Value] { values.map { .text($0) } }
func ints(_ values: Int64...) -> [Value] { values.map { .int($0) } }
func floats(_ values: Double...) -> [Value] { values.map { .float($0) } }

/// The lines of a rendering, without the last line end.
func lines(_ text: String) -> [String] {
  text.split(separator: "\n", omittingEmptySubsequences: false).dropLast().map(String.init)
}

/// Text without its colour sequences.
func uncolored(_ text: String) -> String {
  var result = ""
  var inside = false
  for scalar in text.unicodeScalars {
    if scalar == "\u{1B}" { inside = true }
    if !inside { result.unicodeScalars.append(scalar) }
    if inside, scalar == "m" { inside = false }
  }
  return result
}

@Suite struct TableTests {
  @Test func plainTable() {
    let shown = TableRenderer().render(
      table(
        ("department", texts("Emergency", "Surgery", "Ward 3")), ("visits", ints(4120, 933, 12)),
        ("typical", [.float(3.25), .missing, .float(12.5)])))
    #expect(
      shown == """
        department  visits  typical
        ──────────  ──────  ───────
        Emergency    4,120     3.25
        Surgery        933        ·
        Ward 3          12    12.50
        3 rows × 3 columns   · missing

        """)
  }

  @Test func asciiTable() {
    let shown = TableRenderer(style: TableStyle(ascii: true)).render(table(("a", [.int(1), .missing])))
    #expect(
      shown == """
        a
        -
        1
        .
        2 rows x 1 column   . missing

        """)
  }

  @Test func thousandsOnlyInAmounts() {
    let shown = TableRenderer().render(
      table(
        ("patient_id", ints(100234)), ("PatientID", ints(100234)), ("fiscal year", ints(12026)),
        ("seen", ints(2026)), ("paid", ints(100234)), ("valid", ints(-1_234_567))))
    #expect(lines(shown)[2] == "    100234     100234        12026  2026  100,234  -1,234,567")
  }

  private static let decimalCases: [(values: [Double], texts: [String])] = [
    ([1.0, 2.0], ["1", "2"]),
    ([1.5, 2.25], ["1.50", "2.25"]),
    ([0.00001, 0.5], ["1e-05", "0.5000"]),
    ([0.6666666666666666, 0.1], ["0.6667", "0.1000"]),
    ([33.333333333333336, 1], ["33.33", "1.00"]),
    ([3.3333333333333335, 1], ["3.333", "1.000"]),
    ([0.001234], ["0.001234"]),
    ([0.1 + 0.2, 5.699999999999999], ["0.3", "5.7"]),
    ([1e20], ["1e+20"]),
    ([1_234_567.5], ["1,234,567.5"]),
    ([-0.0], ["0"]),
    ([Double.infinity, 1], ["inf", "1"]),
    ([1234.5678], ["1,234.57"]),
    ([-1e-9, 2], ["-1e-09", "2.000"]),
  ]

  @Test(arguments: decimalCases)
  func decimals(_ values: [Double], _ expected: [String]) {
    let format = FloatFormat(values)
    #expect(values.map(format.text) == expected)
  }

  @Test func timesAndDurations() {
    let day = Calendar.days(year: 2026, month: 1, day: 31) ?? 0
    let half = Int64(day) * Calendar.microsecondsPerDay + 510 * Calendar.microsecondsPerMinute
    let shown = lines(
      TableRenderer().render(
        table(
          ("d", [.date(day)]), ("t", [.datetime(half, offset: nil)]),
          ("s", [.datetime(half + 5_000_000, offset: nil)]), ("z", [.datetime(half, offset: 60)]),
          ("stay", [.duration(76 * Calendar.microsecondsPerHour)]),
          ("odd", [.duration(76 * Calendar.microsecondsPerHour + 1_234_567)]),
          ("neg", [.duration(-90_000_000)]))))
    #expect(
      shown[2] == "2026-01-31  2026-01-31 08:30  2026-01-31 08:30:05  2026-01-31 09:30 +01:00"
        + "  3d 4h  3d 4h  -1min 30s")
  }

  @Test func controlCharactersAndLookalikesAreVisible() {
    let shown = lines(TableRenderer().render(table(("t", texts("a\u{1B}[31m", "x\ny", "·", "")))))
    #expect(shown[2...5] == ["a^[[31m", "x^Jy", "\"·\"", ""])
  }

  @Test func wideCharactersAlign() {
    let shown = lines(
      TableRenderer().render(
        table(("name", texts("東京病院", "Việt", "👩‍⚕️ x", "abc")), ("n", ints(1, 2, 3, 4)))))
    for line in shown[0...5] { #expect(DisplayWidth.of(line) == 11) }
    #expect(shown[2] == "東京病院  1")
  }

  private var wide: Table {
    table(
      ("department", texts("Emergency department of the western campus", "東京病院の救急外来と集中治療室")),
      ("physician", texts("Dr. Anna Magdalena Example-Sample", "x")),
      ("visits", ints(123_456, 1)), ("charges", floats(1_234_567.25, 0.5)),
      ("remark", texts("a long remark that nobody ever reads to the end", "👍👍👍👍👍👍👍👍👍👍👍👍")))
  }

  @Test(arguments: [4, 7, 12, 20, 40, 41, 60, 80, 120, 200], [false, true])
  func noLineIsWiderThanTheWindow(_ width: Int, _ color: Bool) {
    let notes = [Note(.missing, "427 of 579 rows have no discharge time and are left out of median(los)")]
    for mode in NotesMode.allCases {
      let style = TableStyle(width: width, maxRows: 1, color: color, notes: mode)
      for data in [wide, wide.prefix(1), wide.prefix(0)] {
        for line in lines(TableRenderer(style: style).render(data, notes: notes)) {
          #expect(DisplayWidth.of(uncolored(line)) <= width, "\(line)")
        }
      }
    }
  }

  @Test func widestTextsAreCutFirst() {
    let shown = TableRenderer(style: TableStyle(width: 80)).rendered(wide)
    #expect(shown.hiddenColumns.isEmpty)
    #expect(shown.isShortened)
    #expect(
      shown.body[0].hasPrefix("Emergency department of …  Dr. Anna Magd…  123,456  1,234,567.25  a long"))
    #expect(DisplayWidth.of(shown.body[0]) == 80)
    #expect(shown.footer == ["2 rows × 5 columns   … shortened"])
  }

  @Test func columnsThatDoNotFitAreNamed() {
    let shown = TableRenderer(style: TableStyle(width: 40)).rendered(wide)
    #expect(shown.hiddenColumns == ["charges", "remark"])
    #expect(shown.body[0] == "Emergency de…  Dr. Anna Mag…  123,456  …")
    #expect(shown.footer[1...] == ["2 columns do not fit and are hidden:", "  charges, remark"])
    #expect(TableRenderer(style: TableStyle(width: 200)).rendered(wide).isShortened == false)
  }

  @Test func headingsThatBeginAlikeStayDifferent() {
    let wide = table(
      ("note", texts(String(repeating: "x", count: 60))), ("length_of_stay_first", ints(1)),
      ("length_of_stay_second", ints(2)), ("other", texts(String(repeating: "y", count: 60))))
    for width in 20...90 {
      let style = TableStyle(width: width)
      let names = TableLayout(wide, style: style).columns.map {
        Fitting.shorten($0.name, $0.width, style.ellipsis)
      }
      #expect(Set(names).count == names.count, "\(width): \(names)")
    }
  }

  @Test func aHeadingOfBlanksStandsInQuotes() {
    let shown = TableRenderer().rendered(table(("  ", ints(1)), ("a b", ints(2))))
    #expect(shown.header[0] == "\"  \"  a b")
  }

  @Test func rowsAreCutAndCounted() {
    let many = table(("n", (1...5000).map { .int($0) }))
    let shown = TableRenderer(style: TableStyle(width: 80, maxRows: 20)).rendered(many)
    #expect(shown.body.count == 21)
    #expect(shown.body.last == "… 4,980 more rows (| show all)")
    #expect(shown.footer == ["5,000 rows × 1 column"])
    #expect(TableRenderer().rendered(many).body.count == 5000)
  }

  @Test func totalsAreSetOff() {
    let totals = table(("ward", texts("A", "B", "C", "Total")), ("n", ints(1, 2, 3, 6)))
    let shown = TableRenderer(style: TableStyle(maxRows: 2, markTotalRow: true)).rendered(totals)
    #expect(shown.body == ["A      1", "B      2", "… 1 more row", "─────  ─", "Total  6"])
  }

  @Test func oneWideRowIsShownAsAList() {
    let shown = TableRenderer(style: TableStyle(width: 40)).rendered(wide.prefix(1))
    #expect(
      shown.lines == [
        "department  Emergency department of the", "            western campus",
        "physician   Dr. Anna Magdalena", "            Example-Sample", "visits      123,456",
        "charges     1,234,567.25", "remark      a long remark that nobody",
        "            ever reads to the end", "1 row × 5 columns",
      ])
  }

  @Test func notesWrapAndHaveModes() {
    let notes = (1...7).map { Note(.missing, "note \($0) with some words that do not fit a line") }
    let data = table(("a", ints(1)))
    let full = TableRenderer(style: TableStyle(width: 30)).rendered(data, notes: notes)
    #expect(full.notes[0...1] == ["○ note 1 with some words that", "  do not fit a line"])
    let brief = TableRenderer(style: TableStyle(width: 30, notes: .brief)).rendered(data, notes: notes)
    #expect(brief.notes.count == 6)
    #expect(brief.notes[0] == "○ note 1 with some words that…")
    #expect(TableRenderer(style: TableStyle(notes: .off)).rendered(data, notes: notes).notes.isEmpty)
  }

  @Test func emptyTables() {
    let empty = Table(schema: Schema([Field("a", .int), Field("b", .text)]), segments: [])
    #expect(TableRenderer().render(empty) == "a  b\n─  ─\n0 rows × 2 columns\n")
    let none = Table(schema: Schema([]), segments: [])
    #expect(TableRenderer().render(none) == "0 rows × 0 columns\n")
  }

  @Test func extremeIntegers() {
    let shown = lines(TableRenderer().render(table(("n", ints(.min, .max)))))
    #expect(shown[2] == "-9,223,372,036,854,775,808")
    #expect(shown[3] == " 9,223,372,036,854,775,807")
  }

  @Test func nestedValues() {
    let shown = lines(
      TableRenderer().render(
        table(
          ("l", [.list([.int(1), .missing])]),
          ("r", [.record([Value.Field("a", .text("x")), Value.Field("b", .float(0.5))])]))))
    #expect(shown[2] == "[1, missing]  {a: \"x\", b: 0.5}")
  }
}

@Suite struct DocumentTests {
  private let data = table(
    ("name", texts("a|b", "<i>&")), ("n_x", [.int(12345), .missing]))

  private func written(_ name: String) throws -> String {
    let format = try #require(PresentationTable.outputs.first { $0.name == name })
    var bytes: [UInt8] = []
    try format.write([WrittenResult(data)]) { span in
      for index in 0..<span.count { bytes.append(span[index]) }
    }
    return String(decoding: bytes, as: UTF8.self)
  }

  @Test func markdown() throws {
    #expect(
      try written("markdown") == """
        | name | n\\_x |
        | --- | ---: |
        | a\\|b | 12345 |
        | &lt;i>&amp; | · |


        """)
  }

  @Test func html() throws {
    let page = try written("html")
    #expect(page.hasPrefix("<!DOCTYPE html>"))
    #expect(page.contains("<caption>2 rows × 2 columns</caption>"))
    #expect(page.contains("<tr><td>a|b</td><td class=\"number\">12345</td></tr>"))
    #expect(page.contains("<td>&lt;i&gt;&amp;</td><td class=\"number missing\" title=\"missing\">·</td>"))
    let notes = HTMLDocument.lines([WrittenResult(data, notes: [Note(.fact, "n < 5")])])
    #expect(notes.contains("<li class=\"fact\">n &lt; 5</li>"))
  }

  @Test func documentsSayTheSameNoteOnce() throws {
    // Two places that count the same.
    let notes = [
      Note(.missing, "x is missing in 1 row"), Note(.fact, "f"), Note(.missing, "x is missing in 1 row"),
    ]
    let page = HTMLDocument.lines([WrittenResult(data, notes: notes)]).joined(separator: "\n")
    #expect(page.ranges(of: "x is missing in 1 row").count == 1)
    let text = MarkdownDocument.lines(data, notes: notes).joined(separator: "\n")
    #expect(text.ranges(of: "x is missing in 1 row").count == 1)
  }

  @Test func tableFormatIsTheScreenWithoutCutting() throws {
    #expect(try written("table").hasSuffix("2 rows × 2 columns   · missing\n"))
  }
}
