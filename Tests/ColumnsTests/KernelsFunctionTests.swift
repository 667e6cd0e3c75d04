import Testing

@testable import Columns

private func column(_ texts: [String?]) -> Column {
  Column(texts.map { $0.map { .text($0) } ?? .missing }, type: .text)
}

private func day(_ text: String) -> Int32 {
  if case .date(let days)? = ISOTime.value(text) { days } else { Int32.min }
}

@Suite struct KernelsDateTests {
  @Test func isoTimesAreReadExactly() {
    #expect(ISOTime.value("1970-01-01") == .date(0))
    #expect(ISOTime.value("2000-03-01") == .date(11_017))
    #expect(ISOTime.value("2023-02-29") == nil)
    #expect(ISOTime.value("2024-02-29") == .date(19_782))
    // 2026-10-01T08:30:15Z is 1790843415 by POSIX time.
    #expect(ISOTime.value("2026-10-01T08:30:15") == .datetime(1_790_843_415_000_000, offset: nil))
    #expect(ISOTime.value("2026-10-01 10:30:15.5+02:00") == .datetime(1_790_843_415_500_000, offset: 120))
    #expect(ISOTime.value("2026-10-01T08:30:15Z") == .datetime(1_790_843_415_000_000, offset: 0))
    for bad in [
      "2026-10-1", "2026-10-01T", "2026-10-01T24:00", "2026-10-01T08:60", "2026-10-01T08:30+2", "x", "",
    ] {
      #expect(ISOTime.value(bad) == nil, "\(bad)")
    }
    #expect(ISOTime.partial("2024-02", atEnd: true) == day("2024-02-29"))
    #expect(ISOTime.partial("2024", atEnd: false) == day("2024-01-01"))
    #expect(ISOTime.partial("2024-13", atEnd: false) == nil)
  }

  /// ISO weeks about the turn of the year, from the standard's own table.
  @Test(arguments: [
    ("2020-12-31", 53), ("2021-01-03", 53), ("2021-01-04", 1), ("2024-12-30", 1), ("2027-01-01", 53),
    ("1970-01-01", 1),
  ])
  func weeksAreThoseOfTheStandard(_ text: String, _ week: Int64) throws {
    let result = try Kernels.part(.week)([.constant(.date(day(text)), .date)], 1, CallState())
    #expect(result.constant == .int(week))
  }

  @Test func unitsBeginAndEnd() throws {
    let dates = ["2026-10-15", "2024-02-10", "2025-12-31", "2023-01-01"].map { Value.date(day($0)) }
    let expected: [(String, [String], [String])] = [
      (
        "week", ["2026-10-12", "2024-02-05", "2025-12-29", "2022-12-26"],
        ["2026-10-18", "2024-02-11", "2026-01-04", "2023-01-01"]
      ),
      (
        "month", ["2026-10-01", "2024-02-01", "2025-12-01", "2023-01-01"],
        ["2026-10-31", "2024-02-29", "2025-12-31", "2023-01-31"]
      ),
      (
        "quarter", ["2026-10-01", "2024-01-01", "2025-10-01", "2023-01-01"],
        ["2026-12-31", "2024-03-31", "2025-12-31", "2023-03-31"]
      ),
      (
        "year", ["2026-01-01", "2024-01-01", "2025-01-01", "2023-01-01"],
        ["2026-12-31", "2024-12-31", "2025-12-31", "2023-12-31"]
      ),
    ]
    for (unit, starts, ends) in expected {
      let arguments = [Datum.column(Column(dates, type: .date)), .constant(.text(unit), .text)]
      #expect(
        try Kernels.startOf(arguments, 4, CallState()).column(rows: 4).values == starts.map { .date(day($0)) }
      )
      #expect(
        try Kernels.endOf(arguments, 4, CallState()).column(rows: 4).values == ends.map { .date(day($0)) })
    }
  }

  @Test func offsetsAreReadAsWritten() throws {
    // 23:30 at -05:00 on the 31st is 04:30 UTC on the 1st.
    let value = try #require(ISOTime.value("2026-01-31T23:30:00-05:00"))
    let time = Datum.column(Column([value]))
    #expect(try Kernels.part(.hour)([time], 1, CallState()).value(0) == .int(23))
    #expect(try Kernels.part(.month)([time], 1, CallState()).value(0) == .int(1))
    let start = try Kernels.startOf([time, .constant(.text("hour"), .text)], 1, CallState()).value(0)
    #expect(ValueText.plain(start) == "2026-01-31T23:00:00-05:00")
    let later = try Kernels.addUnits(
      [time, .constant(.int(1), .int), .constant(.text("month"), .text)], 1, CallState()
    ).value(0)
    #expect(ValueText.plain(later) == "2026-02-28T23:30:00-05:00")
  }

  @Test func calendarStepsAreClippedAndBounded() throws {
    func add(_ text: String, _ n: Int64, _ unit: String) throws -> String {
      let result = try Kernels.addUnits(
        [.constant(.date(day(text)), .date), .constant(.int(n), .int), .constant(.text(unit), .text)], 1,
        CallState())
      return ValueText.plain(result.value(0))
    }
    #expect(try add("2026-01-31", 1, "month") == "2026-02-28")
    #expect(try add("2023-12-31", -10, "months") == "2023-02-28")
    #expect(try add("2024-02-29", 1, "year") == "2025-02-28")
    #expect(try add("2024-02-29", 4, "years") == "2028-02-29")
    #expect(try add("2026-01-01", -1, "day") == "2025-12-31")
    #expect(throws: KernelFault.self) { try add("9999-12-31", 1, "day") }
    #expect(throws: KernelFault.self) { try add("2026-01-01", Int64.max, "month") }
    #expect(throws: KernelFault.self) { try add("2026-01-01", Int64.min, "week") }
  }

  @Test func patternsReadWhatTheyWrite() {
    for text in ["1900-03-01", "2000-02-29", "2026-10-01", "1969-12-31", "9999-12-31"] {
      for pattern in ["%d/%m/%Y", "%d %b %Y", "%A, %e %B %Y", "%Y-%j", "%F"] {
        let written = DateFormat.text(days: day(text), time: 0, offset: nil, pattern: pattern)
        #expect(DateParser.parse(written, pattern: pattern, as: .date) == .date(day(text)), "\(written)")
      }
    }
    #expect(
      DateParser.parse("12:05 AM 01/02/99", pattern: "%I:%M %p %d/%m/%y", as: .datetime)
        == ISOTime.value("1999-02-01T00:05"))
    #expect(DateParser.parse("31/02/2026", pattern: "%d/%m/%Y", as: .date) == nil)
    #expect(DateParser.parse("01/02/2026x", pattern: "%d/%m/%Y", as: .date) == nil)
  }

  @Test func sequencesEndWhereTheyShould() throws {
    let state = CallState()
    #expect(try Kernels.sequence([.int(1), .int(0), .int(1)], state) == .list([]))
    #expect(try Kernels.sequence([.int(3), .int(1), .int(-1)], state) == .list([.int(3), .int(2), .int(1)]))
    #expect(throws: KernelFault.self) { try Kernels.sequence([.int(1), .int(2), .int(0)], state) }
    #expect(throws: KernelFault.self) { try Kernels.sequence([.int(0), .int(Int64.max), .int(1)], state) }
  }
}

@Suite struct KernelsConversionTests {
  @Test func textsThatDoNotConvertAreCountedByRow() throws {
    let state = CallState()
    let texts = column(["1", "x", "x", nil, " 7 ", "3.7", "x", "9223372036854775808"])
    let result = try Kernels.cast(to: .int)([.column(texts)], 8, state)
    #expect(
      result.column(rows: 8).values
        == [.int(1), .missing, .missing, .missing, .int(7), .missing, .missing, .missing])
    #expect(state.unconverted == 5)
    #expect(state.commonestUnconverted(1).first?.text == "x")
    #expect(state.commonestUnconverted(1).first?.count == 3)
    // The same from a pool whose rows are its entries.
    let sequence = Column.text(.sequence(start: 1, count: 2), TextPool(["a", "2", "b"], isDistinct: false))
    let other = CallState()
    #expect(
      try Kernels.cast(to: .int)([.column(sequence)], 2, other).column(rows: 2).values == [.int(2), .missing])
    #expect(other.unconverted == 1)
  }

  @Test func floatsBeyondTheIntsDoNotConvert() throws {
    let state = CallState()
    let floats = Column([.float(3.7), .float(-3.7), .float(9.3e18), .missing, .float(-9.3e18)], type: .float)
    #expect(
      try Kernels.cast(to: .int)([.column(floats)], 5, state).column(rows: 5).values
        == [.int(3), .int(-3), .missing, .missing, .missing])
    #expect(state.unconverted == 2)
  }

  @Test(
    arguments: [
      ("3d 4h", 76), ("90min", nil), ("1.5h", nil), ("-2h", -2), ("1w", 168), ("4 hours", 4), ("4", nil),
      ("h", nil), ("", nil), ("1e3h", nil),
    ] as [(String, Int64?)])
  func durationsAreRead(_ text: String, _ hours: Int64?) {
    let value = Kernels.parse(text, as: .duration)
    if let hours { #expect(value == .duration(hours * Calendar.microsecondsPerHour)) }
    if text == "90min" { #expect(value == .duration(90 * Calendar.microsecondsPerMinute)) }
    if ["4", "h", "", "1e3h"].contains(text) { #expect(value == nil) }
  }

  @Test func roundingJudgesTheDecimalText() {
    // Halves away from zero on the decimal text; DuckDB gives the same for the first two.
    #expect(Kernels.rounded(2.675, 2) == 2.68)
    #expect(Kernels.rounded(1.005, 2) == 1.01)
    #expect(Kernels.rounded(-0.125, 2) == -0.13)
    #expect(Kernels.rounded(2.5, 0) == 3)
    #expect(Kernels.rounded(2.4999, 0) == 2)
    #expect(Kernels.rounded(1e300, 5) == 1e300)
    #expect(Kernels.rounded(1250.0, -2) == 1300)
    #expect(Kernels.rounded(Int64(1250), -2) == 1300)
    #expect(Kernels.rounded(Int64(-1249), -2) == -1200)
    #expect(Kernels.rounded(Int64.max, -18) == 9_000_000_000_000_000_000)
    #expect(Kernels.rounded(Int64.max, -1) == nil)
  }
}

@Suite struct KernelsGroupTests {
  @Test func bandsHoldTheirLowerEnds() throws {
    let ages = Column([0, 17, 18, 64, 65, 120].map { .int($0) } + [.missing], type: .int)
    let arguments = [
      Datum.column(ages), .constant(.int(18), .int), .constant(.int(65), .int), .constant(.missing, .missing),
    ]
    let result = try Kernels.bands(arguments, 7, CallState()).column(rows: 7)
    #expect(
      result.values
        == ["<18", "<18", "18-64", "18-64", "65+", "65+"].map { .text($0) } + [.missing])
    #expect(result.pool?.ownOrder?.array == [0, 1, 2])
    #expect(throws: KernelFault.self) {
      try Kernels.bands([arguments[0], arguments[2], arguments[1], arguments[3]], 7, CallState())
    }
  }

  @Test func binsOfLaterBatchesKeepTheOrder() throws {
    let state = CallState()
    func bin(_ values: [Int64]) throws -> Column {
      try Kernels.bin(
        [.column(Column(values.map { .int($0) }, type: .int)), .constant(.int(10), .int)], values.count, state
      ).column(rows: values.count)
    }
    let first = try bin([25, 31, 25])
    let second = try bin([-3, 47, 25])
    #expect(first.values == ["20-29", "30-39", "20-29"].map { .text($0) })
    #expect(second.values == ["-10 to -1", "40-49", "20-29"].map { .text($0) })
    let both = Column.concatenated([first, second], type: .text)
    let pool = try #require(both.pool)
    let sorted = (0..<pool.count).sorted { pool.ranks[$0] < pool.ranks[$1] }.map { pool[$0] }
    #expect(sorted == ["-10 to -1", "20-29", "30-39", "40-49"])
  }

  @Test func binsOfFloatsBeginAtTheirEdges() throws {
    let values = Column([0.3, 0.1, 0.29, -0.05].map { .float($0) }, type: .float)
    let result = try Kernels.bin([.column(values), .constant(.float(0.1), .float)], 4, CallState())
    #expect(
      result.column(rows: 4).values == ["0.3-<0.4", "0.1-<0.2", "0.2-<0.3", "-0.1-<0"].map { .text($0) })
  }

  @Test func orderedPutsTheListedFirst() throws {
    let texts = column(["high", "zzz", "low", nil, "aaa"])
    let arguments = [Datum.column(texts)] + ["low", "mid", "high"].map { .constant(.text($0), .text) }
    let result = try Kernels.ordered(arguments, 5, CallState())
    #expect(result.column(rows: 5).values == texts.values)
    let codes = try Kernels.code([result], 5, CallState()).column(rows: 5)
    #expect(codes.value(0) == .int(3) && codes.value(2) == .int(1) && codes.value(3) == .missing)
    #expect(codes.value(1) == .missing && codes.value(4) == .missing)
    // The empty entry's place aside, texts that are not listed stand behind, by scalar.
    let whole = result.column(rows: 5)
    let order = Sorter.order([SortKey(column: whole, descending: false)], rows: 5)
    #expect(
      whole.take(order).values == ["low", "high", "aaa", "zzz"].map { .text($0) } + [.missing])
    #expect(throws: KernelFault.self) { try Kernels.code([.column(texts)], 5, CallState()) }
  }

  @Test func elementsCountFromBothEnds() throws {
    let lists = Column(
      [.list([.int(1), .int(2)]), .list([]), .missing, .list([.int(9)])], type: .list(.int))
    func element(_ n: Int64, of column: Column) throws -> [Value] {
      try Kernels.element([.column(column), .constant(.int(n), .int)], column.count, CallState())
        .column(rows: column.count).values
    }
    #expect(try element(0, of: lists) == [.int(1), .missing, .missing, .int(9)])
    #expect(try element(-1, of: lists) == [.int(2), .missing, .missing, .int(9)])
    #expect(try element(1, of: lists.slice(1..<4)) == [.missing, .missing, .missing])
    #expect(try element(Int64.min, of: lists) == [.missing, .missing, .missing, .missing])
  }
}

@Suite struct KernelsTextTests {
  /// A function of texts gives the same for every way in which a column may hold them.
  @Test func entriesAndRowsAgree() throws {
    let texts: [String?] = ["b", "a", nil, "b", "", "é", "b"]
    let coded = column(texts)
    let sequence = Column.text(
      .sequence(start: 0, count: 7), TextPool(texts.map { $0 ?? "" }, isDistinct: false),
      validity: Bitmap(texts.map { $0 != nil }))
    let suffix = Datum.constant(.text("!"), .text)
    for source in [coded, sequence, coded.slice(0..<7)] {
      let result = try Kernels.apply(
        TextFunctions.concat, to: [.column(source), suffix], rows: 7, type: .text, propagates: true,
        state: CallState())
      #expect(result.column(rows: 7).values == texts.map { $0.map { .text($0 + "!") } ?? .missing })
    }
    let count: RowKernel = { arguments, _ in .int(arguments[0].isMissing ? -1 : 1) }
    let handled = try Kernels.apply(
      count, to: [.column(coded)], rows: 7, type: .int, propagates: false, state: CallState())
    #expect(handled.column(rows: 7).values == texts.map { .int($0 == nil ? -1 : 1) })
  }

  @Test func expressionsReplaceAndExtract() throws {
    func replace(_ text: String, _ regex: String, _ with: String) throws -> Value {
      try TextFunctions.replacePattern([.text(text), .text(regex), .text(with)], CallState())
    }
    // DuckDB's regexp_replace with 'g' gives the first two.
    #expect(try replace("abc", "", "-") == .text("-a-b-c-"))
    #expect(try replace("abc", "x*", "-") == .text("-a-b-c-"))
    #expect(try replace("aéb", "", "-") == .text("-a-é-b-"))
    #expect(try replace("a1b22", "(\\d+)", "<$1$$>") == .text("a<1$>b<22$>"))
    #expect(try replace("abc", "^", "x") == .text("xabc"))
    #expect(throws: KernelFault.self) { try replace("a", "(", "") }
    #expect(
      try TextFunctions.extract([.text("x=7"), .text("(y)?=(\\d)"), .int(1)], CallState()) == .missing)
    #expect(throws: KernelFault.self) {
      try TextFunctions.extract([.text("x"), .text("x"), .int(2)], CallState())
    }
  }

  /// The values that DuckDB's jaro_winkler_similarity gives.
  @Test(arguments: [
    ("MARTHA", "MARHTA", 0.9611111111111111), ("DWAYNE", "DUANE", 0.84),
    ("DIXON", "DICKSONX", 0.8133333333333332),
    ("a", "b", 0), ("abcd", "dcba", 0.5),
  ])
  func similarityIsThatOfJaroAndWinkler(_ a: String, _ b: String, _ expected: Double) throws {
    let value = try TextFunctions.similarity([.text(a), .text(b)], CallState()).number ?? -1
    #expect(abs(value - expected) < 1e-12)
  }

  @Test func limitsHold() {
    #expect(throws: KernelFault.self) {
      try TextFunctions.repeated([.text("ab"), .int(Int64.max)], CallState())
    }
    #expect(throws: KernelFault.self) {
      try TextFunctions.padLeft([.text("ab"), .int(Int64.max), .text("x")], CallState())
    }
  }
}

/// What lies under a missing value of a binary file may be any number; pandas writes the least one there.
@Suite struct GarbageUnderMissingTests {
  private static func boundary(_ column: Column, _ unit: String, isEnd: Bool) throws -> [Value] {
    let arguments: [Datum] = [.column(column), .constant(.text(unit), .text)]
    let result =
      isEnd
      ? try Kernels.endOf(arguments, column.count, CallState())
      : try Kernels.startOf(arguments, column.count, CallState())
    return result.column(rows: column.count).values
  }

  private static let units = ["year", "quarter", "month", "week", "day", "hour", "minute", "second"]

  @Test(arguments: units) func startAndEndOfADay(_ unit: String) throws {
    let none = Bitmap(repeating: false, count: 3)
    let days = Buffer<Int32>([.min, .max, 0])
    let instants = Buffer<Int64>([.min, .max, 0])
    for column in [Column.date(days, validity: none), .datetime(instants, offsets: nil, validity: none)] {
      for isEnd in [false, true] {
        #expect(try Self.boundary(column, unit, isEnd: isEnd) == [.missing, .missing, .missing])
      }
    }
  }

  /// Known values outside the calendar: nothing of them is a date; as a time they are refused.
  @Test(arguments: units) func knownValuesOutsideTheCalendar(_ unit: String) throws {
    let extremes =
      [Int32.min, .max].map { Column.date(Buffer([$0])) }
      + [Int64.min, .max].map { Column.datetime(Buffer([$0]), offsets: nil) }
    for column in extremes {
      for isEnd in [false, true] {
        if ["hour", "minute", "second"].contains(unit) {
          #expect(throws: KernelFault.self) { try Self.boundary(column, unit, isEnd: isEnd) }
        } else {
          #expect(try Self.boundary(column, unit, isEnd: isEnd) == [.missing])
        }
      }
    }
  }

  @Test func binsOfTime() throws {
    let column = Column.datetime(
      Buffer([Int64.min, .max]), offsets: nil, validity: Bitmap(repeating: false, count: 2))
    let size = Datum.constant(.duration(7 * Calendar.microsecondsPerDay), .duration)
    let result = try Kernels.binTime([.column(column), size], 2, CallState())
    #expect(result.column(rows: 2).values == [.missing, .missing])
  }
}
