import Columns
import Diagnostics
import Testing

/// Answers at the edges, known from the calendar or by counting.
@Suite struct EdgeAnswerTests {
  private func cell(_ text: String) -> Value? {
    guard case .table(let table) = SweepSession("let t = table [{a: 1}]").ask(text), table.rowCount > 0 else {
      return nil
    }
    return table.row(0)[0]
  }

  private func refusal(_ text: String) -> String? {
    switch SweepSession("let t = table [{a: 1}]").ask(text) {
    case .table: nil
    case .refused(let faults), .failed(let faults): faults.first?.message
    }
  }

  @Test(
    arguments: [
      ("sequence(2026-01-01, 2026-01-02, hour)", 25), ("sequence(2026-01-01, 2026-01-01T00:05, minutes)", 6),
      ("sequence(2026-01-01T12:00, 2026-01-15, week)", 2), ("sequence(2026-01-05, 2026-01-01, day)", 0),
      ("sequence(2024-02-28, 2024-03-01, day)", 3), ("sequence(9999-10-31, 9999-12-31, month)", 3),
      ("sequence(5, 1, -2)", 3),
      ("sequence(-9223372036854775807, 9223372036854775807, 4611686018427387904)", 4),
    ])
  func sequencesHaveSoMany(_ call: String, _ count: Int) {
    #expect(cell("t | select n = length(\(call))") == .int(Int64(count)))
  }

  @Test func sequencesThatAreTooLongSaySoAtOnce() {
    #expect(
      refusal("t | select n = sequence(0001-01-01, 9999-12-31, second)")?.contains("10,000,000") == true)
    #expect(refusal("t | select n = sequence(1, 9223372036854775807)")?.contains("10,000,000") == true)
  }

  @Test func binsOfTheLeastAndGreatestInt() {
    let least = "table [{x: -9223372036854775807 - 1}] | select b = bin(x, 1000000)"
    #expect(cell(least) == .text("-9223372036855000000 to -9223372036854000001"))
    #expect(refusal("table [{x: 9223372036854775807}] | select b = bin(x, 1)") != nil)
    #expect(refusal("table [{x: 0001-01-01}] | select b = bin(x, 400d)")?.contains("1 to 9999") == true)
  }

  @Test func timesStayInTheCalendarOnTheirOwnClock() {
    #expect(refusal("table [{x: 9999-12-30T23:59-12:00}] | select y = x + 2d")?.contains("1 to 9999") == true)
    #expect(
      cell("table [{x: 9999-12-30T23:59+12:00}] | select y = text(x + 1d)")
        == .text("9999-12-31T23:59:00+12:00"))
  }

  @Test func stepsBeyondEveryTableAreRefused() {
    #expect(
      refusal("t | derive b = lag(a, -9223372036854775807 - 1)")?.contains("beyond every table") == true)
    #expect(cell("t | select b = pad_left(\"x\", -9223372036854775807 - 1)") == .text("x"))
    #expect(refusal("t | select b = similarity(repeat(\"a\", 20000), \"a\")")?.contains("10,000") == true)
  }

  /// Several choices between literals in one expression each have their own texts.
  @Test(
    arguments: [
      ("concat(if(a == 1, \"x\", \"y\"), if(a == 1, \"p\", \"q\"))", "xp"),
      ("concat(if(a == 2, \"x\", \"y\"), case { a == 3 -> \"p\", a == 4 -> \"q\", else -> \"r\" })", "yr"),
      ("text(if(a == 1, text(if(a == 2, \"in\", \"out\")), \"other\"))", "out"),
      ("if(if(a == 1, \"x\", \"y\") == \"x\", \"yes\", \"no\")", "yes"),
    ])
  func choicesKeepTheirTexts(_ expression: String, _ result: String) {
    #expect(cell("t | select r = \(expression)") == .text(result))
  }

  /// A day and a moment of it: the moment is later whichever comes first.
  @Test(
    arguments: [
      ("greatest(2025-01-31, 2025-01-31T12:30)", "2025-01-31T12:30:00"),
      ("greatest(2025-01-31T12:30, 2025-01-31)", "2025-01-31T12:30:00"),
      ("least(2025-01-31T12:30, 2025-01-31)", "2025-01-31T00:00:00"),
      ("clamp(2025-01-31T12:30, 2025-01-01, 2025-01-31)", "2025-01-31T00:00:00"),
    ])
  func aDayAmongMomentsIsItsMidnight(_ expression: String, _ result: String) {
    #expect(cell("t | select r = text(\(expression))") == .text(result))
  }

  @Test func unpivotMakesNoSecondColumnOfAName() {
    #expect(refusal("table [{a: 1, b: 2, n: 3}] | unpivot a, b into n, v")?.contains("already") == true)
    #expect(refusal("table [{a: 1, b: 2}] | unpivot a, b into v, v") != nil)
  }

  @Test func aColumnOfNothingIsSplit() {
    guard
      case .table(let table) = SweepSession("let t = table [{a: 1, s: missing}]").ask("t | split s on \";\"")
    else {
      Issue.record("no answer")
      return
    }
    #expect(table.row(0) == [.int(1), .missing])
  }

  @Test func totalsKeepAMissingKeyMissing() {
    let text = "table [{k: \"a\", n: 1}, {k: missing, n: 2}] | aggregate s = sum(n) by k with totals"
    guard case .table(let table) = SweepSession("let t = table [{a: 1}]").ask(text) else {
      Issue.record("no answer")
      return
    }
    #expect((0..<3).map { table.row($0)[0] } == [.text("a"), .missing, .missing])
    #expect((0..<3).map { table.row($0)[1] } == [.int(1), .int(2), .int(3)])
  }

  /// The total is that of the rows, not of the groups: the first and last of all, in their order.
  @Test func totalsFollowTheOrderOfTheRows() {
    let rows =
      "table [{k: \"b\", n: 1}, {k: \"a\", n: 2}, {k: \"b\", n: 3}, {k: \"a\", n: 4}, {k: \"b\", n: 5}]"
    let calls = "f = first(n, where: n > 1), l = last(n, where: n < 5), x = list(n), t = text_join(k)"
    let session = SweepSession("let t = \(rows)")
    guard case .table(let totals) = session.ask("t | aggregate \(calls) by k with totals"),
      case .table(let whole) = session.ask("t | aggregate \(calls)")
    else {
      Issue.record("no answer")
      return
    }
    #expect(whole.row(0).prefix(2) == [.int(2), .int(4)])
    #expect(Array(totals.row(2).dropFirst()) == whole.row(0))
  }

  @Test func aListOfAnotherTypeIsRefused() {
    #expect(refusal("table [{a: \"x\", l: [1, 2]}] | filter a in l") != nil)
    #expect(cell("table [{a: 2.0, l: [1, 2]}] | select r = a in l") == .bool(true))
  }
}
