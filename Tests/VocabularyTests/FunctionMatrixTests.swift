import Columns
import Diagnostics
import Planning
import Sessions
import Testing

/// Every function with every type for every argument: refused with a reason, or a value of the type that the checker
/// said, missing where the function's rule says so, and the same for columns, constants and single rows.
@Suite struct FunctionMatrixTests {
  static let scalars = Catalogue.rounds.functions.filter { function in
    switch function.implementation {
    case .vector, .rows: function.category != .operators
    case .form, .aggregate, .window: false
    }
  }
  static let aggregates = Catalogue.rounds.functions.filter(\.isAggregate)
  static let windows = Catalogue.rounds.functions.filter(\.isWindow)

  /// Arguments for a parameter: words, constants where it must be one, else columns and constants.
  static func fitting(_ parameter: Parameter) -> [FunctionSweep.Argument] {
    if case .word(let words) = parameter.type { return words.map { .init(text: $0) } }
    let samples = Sample.all.filter { parameter.type.fits($0) }
    let columns = samples.map { FunctionSweep.Argument(text: $0.column, column: $0.column) }
    let constants = samples.filter { !$0.literals.isEmpty }.map { sample in
      FunctionSweep.Argument(text: "(\(sample.literals[0]))")
    }
    return parameter.isConstant ? constants : columns + constants.prefix(1)
  }

  static let others =
    Sample.all.map { FunctionSweep.Argument(text: $0.column, column: $0.column) } + [
      .init(text: "missing"), .init(text: "(i > 1)", column: "i"), .init(text: "1..3"), .init(text: "month"),
    ]

  @Test(arguments: scalars.map(\.name))
  func scalarFunctions(_ name: String) throws {
    let function = try #require(Catalogue.rounds.function(name))
    let sweep = SweepSession(Sample.table)
    var holes: [String] = []
    let calls = FunctionSweep(function: function, fitting: Self.fitting)
    for call in calls.calls(Self.others) {
      let columns = Array(Set(call.compactMap(\.column))).sorted()
      let text = "t | select \((["rid"] + columns).joined(separator: ", ")), r_ = \(calls.text(call))"
      let answer = sweep.ask(text)
      if let fault = SweepSession.fault(answer, of: text) { holes.append("\(text): \(fault)") }
      guard case .table(let table) = answer else { continue }
      for row in 0..<table.rowCount {
        let cells = table.row(row)
        let result = cells[columns.count + 1]
        if function.missing == .propagates, cells.dropFirst().prefix(columns.count).contains(.missing),
          !result.isMissing
        {
          holes.append("\(text): a missing argument gives \(result)")
        }
        if row % 2 == 1 { continue }
        // The row alone, of a table without the others.
        let alone = text.replacing("t | ", with: "t | filter rid == \(row + 1) | ", maxReplacements: 1)
        guard case .table(let one) = sweep.ask(alone), one.rowCount == 1 else {
          holes.append("\(alone): no answer, unlike the whole table")
          continue
        }
        if !isSameValue(one.row(0)[columns.count + 1], result) {
          holes.append("\(alone): \(one.row(0)[columns.count + 1]), but \(result) among the other rows")
        }
      }
      holes += constants(function, calls, call, table, sweep)
    }
    #expect(holes.isEmpty, "\(holes.count) holes:\n\(holes.prefix(12).joined(separator: "\n"))")
  }

  /// The call with constants in the place of columns, for the first row.
  private func constants(
    _ function: Function, _ calls: FunctionSweep, _ call: [FunctionSweep.Argument], _ table: Table,
    _ sweep: SweepSession
  ) -> [String] {
    var spelled = call
    for (position, argument) in call.enumerated() {
      guard let column = argument.column, argument.text == column else { continue }
      guard let sample = Sample.all.first(where: { $0.column == column }), !sample.literals.isEmpty,
        sample.literals[0] != "missing"
      else { return [] }
      spelled[position].text = "(\(sample.literals[0]))"
    }
    let text = "t | take 1 | select r = \(calls.text(spelled))"
    guard case .table(let one) = sweep.ask(text) else { return ["\(text): refused, though columns fit"] }
    let (result, whole) = (one.row(0)[0], table.row(0)[Set(call.compactMap(\.column)).count + 1])
    return isSameValue(result, whole) ? [] : ["\(text): \(result), but \(whole) of columns"]
  }

  @Test(arguments: aggregates.map(\.name))
  func aggregateFunctions(_ name: String) throws {
    let function = try #require(Catalogue.rounds.function(name))
    let sweep = SweepSession(Sample.table)
    var holes: [String] = []
    let calls = FunctionSweep(function: function, fitting: Self.fitting)
    for call in calls.calls(Self.others) {
      let expression = calls.text(call)
      let open = expression.dropLast()
      let comma = call.isEmpty ? "" : ", "
      func ask(_ text: String) -> Table? {
        let answer = sweep.ask(text)
        if let fault = SweepSession.fault(answer, of: text) { holes.append("\(text): \(fault)") }
        if case .table(let table) = answer { return table }
        return nil
      }
      guard let whole = ask("t | aggregate r = \(expression)") else { continue }
      func same(_ text: String, _ expected: Value, column: Int = 0) {
        guard let table = ask(text) else {
          holes.append("\(text): refused, unlike without it")
          return
        }
        for row in 0..<table.rowCount where !isSameValue(table.row(row)[column], expected) {
          holes.append("\(text): \(table.row(row)[column]) where \(expected) is right")
        }
      }
      let value = whole.row(0)[0]
      same("t | derive r = \(expression) | select r", value)
      same("t | aggregate r = \(open)\(comma)where: rid > 0)", value)
      let nothing = ask("none | aggregate r = \(expression)")?.row(0)[0] ?? .missing
      same("t | aggregate r = \(open)\(comma)where: rid > 9)", nothing)
      same("t | aggregate r = \(open)\(comma)where: rid > 9) by rid", nothing, column: 1)
      for column in call.compactMap(\.column) where function.missing == .leavesOut {
        same("t | filter \(column) is not missing | aggregate r = \(expression)", value)
      }
      if let column = call.first?.column, function.missing == .leavesOut {
        same("t | filter \(column) is missing | aggregate r = \(expression)", nothing)
      }
      // Each row a group of its own is as good as a table of one row.
      if let groups = ask("t | aggregate r = \(expression) by rid") {
        for row in 0..<min(2, groups.rowCount) {
          same("t | filter rid == \(row + 1) | aggregate r = \(expression)", groups.row(row)[1])
        }
      }
    }
    #expect(holes.isEmpty, "\(holes.count) holes:\n\(holes.prefix(12).joined(separator: "\n"))")
  }

  @Test(arguments: windows.map(\.name))
  func windowFunctions(_ name: String) throws {
    let function = try #require(Catalogue.rounds.function(name))
    let sweep = SweepSession(Sample.table)
    var holes: [String] = []
    let calls = FunctionSweep(function: function, fitting: Self.fitting)
    for call in calls.calls(Self.others) {
      let expression = calls.text(call)
      func ask(_ text: String) -> Table? {
        let answer = sweep.ask(text)
        if let fault = SweepSession.fault(answer, of: text) { holes.append("\(text): \(fault)") }
        if case .table(let table) = answer { return table }
        return nil
      }
      guard let whole = ask("t | derive r = \(expression) sort rid | select rid, r") else {
        _ = ask("t | derive r = \(expression) sort d")
        continue
      }
      // The same rows in another order, as one group of a key, and put back: the same values.
      for text in [
        "t | sort -rid | derive r = \(expression) sort rid | sort rid | select rid, r",
        "t | derive k = 1 | derive r = \(expression) by k sort rid | select rid, r",
        "t | append (t | derive rid = rid + 4) | derive k = rid > 4 | derive r = \(expression) by k sort rid | take 4 | select rid, r",
      ] {
        guard let other = ask(text), other.rowCount == whole.rowCount else {
          holes.append("\(text): no such answer")
          continue
        }
        for row in 0..<whole.rowCount where !isSameValue(other.row(row)[1], whole.row(row)[1]) {
          holes.append("\(text): row \(row + 1): \(other.row(row)[1]), not \(whole.row(row)[1])")
        }
      }
      if let none = ask("none | derive r = \(expression) sort rid"), none.rowCount != 0 {
        holes.append("\(expression): rows out of nothing")
      }
    }
    #expect(holes.isEmpty, "\(holes.count) holes:\n\(holes.prefix(12).joined(separator: "\n"))")
  }
}
