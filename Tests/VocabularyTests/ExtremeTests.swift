import Columns
import Diagnostics
import Planning
import Sessions
import Testing

/// Every operator and function at the edges of what its arguments can be: an answer that is a value (finite, in the
/// calendar, of the type that the checker said) or a reason, never a trap, and the same for a column as for a constant.
@Suite struct ExtremeTests {
  struct Extreme: Sendable {
    var type: DataType
    var literal: String
  }

  static let long = String(repeating: "ab\u{301} ", count: 300)

  /// Each has a column of its own, `e0` and on, in a table of one row.
  static let extremes: [Extreme] =
    [
      "-9223372036854775807 - 1", "9223372036854775807", "0", "-1", "1", "63", "4294967296",
    ].map { Extreme(type: .int, literal: $0) }
    + ["1.7e308", "-1.7e308", "5e-324", "-0.0", "0.1", "9223372036854775808.0", "0.5"].map {
      Extreme(type: .float, literal: $0)
    }
    + [
      "\"\"", "\"\(long)\"", "\"e\\u{301}\\u{327}\"", "\"\u{1F469}\u{200D}\u{1F52C}\"", "\"\\n\\t\\u{0}\"",
      "\"%\"", "\"(a+)+$\"",
      "\"[\"", "\"9223372036854775808\"", "\"1e400\"", "\"9999-12-31\"", "\"\u{130}\u{DF}\u{1E9E}\"",
      "\"$1\\\\\"", "\" \u{A0}\u{2003}\"",
    ].map { Extreme(type: .text, literal: $0) }
    + ["0001-01-01", "9999-12-31", "1969-12-31", "2000-02-29"].map { Extreme(type: .date, literal: $0) }
    + [
      "0001-01-01T00:00", "9999-12-31T23:59:59.999999", "1969-12-31T23:59:59.999999",
      "0001-01-02T00:00+14:00",
      "9999-12-30T23:59:59-12:00",
    ].map { Extreme(type: .datetime, literal: $0) }
    + ["0d", "3652058d", "-3652058d", "100000000d", "-1h"].map { Extreme(type: .duration, literal: $0) }
    + [
      Extreme(type: .bool, literal: "true"),
      Extreme(type: .list(.int), literal: "[9223372036854775807, missing]"),
    ]
    + [Extreme(type: .list(.text), literal: "[\"\", \"e\\u{301}\"]")]

  static let columns = extremes.indices.map { "e\($0): \(extremes[$0].literal)" }.joined(separator: ", ")
  static let setup = "let one = table [{\(columns)}]"

  private func fitting(_ parameter: Parameter) -> [FunctionSweep.Argument] {
    if case .word(let words) = parameter.type { return words.map { .init(text: $0) } }
    return Self.extremes.indices.compactMap { index in
      let extreme = Self.extremes[index]
      guard parameter.type.accepts(extreme.type) else { return nil }
      return parameter.isConstant
        ? .init(text: "(\(extreme.literal))") : .init(text: "e\(index)", column: "e\(index)")
    }
  }

  @Test func theTableIsMade() throws {
    guard case .table(let table) = SweepSession(Self.setup).ask("one") else {
      Issue.record("no table of extremes")
      return
    }
    #expect(table.schema.fields.map(\.type) == Self.extremes.map(\.type))
  }

  @Test(arguments: FunctionMatrixTests.scalars.map(\.name))
  func functions(_ name: String) throws {
    let function = try #require(Catalogue.rounds.function(name))
    let sweep = SweepSession(Self.setup)
    var holes: [String] = []
    // A list of millions is right, but long in coming where nothing is optimised.
    if name == "sequence" { return }
    let calls = FunctionSweep(function: function, fitting: fitting).calls([])
    // Functions of any value have thousands of pairs: some of all kinds will do.
    let stride = max(1, calls.count / 10)
    for (index, call) in calls.enumerated() where index % stride == 0 {
      let arguments = call.map(\.text).joined(separator: ", ")
      holes += Self.holes("\(name)(\(arguments))", "\(name)(\(Self.spelled(call)))", sweep)
    }
    #expect(holes.isEmpty, "\(holes.count) holes:\n\(holes.prefix(12).joined(separator: "\n"))")
  }

  private static func spelled(_ call: [FunctionSweep.Argument]) -> String {
    call.map { argument in
      guard let column = argument.column, let index = Int(column.dropFirst()) else { return argument.text }
      return "(\(extremes[index].literal))"
    }.joined(separator: ", ")
  }

  /// What is wrong with an expression over the columns, and with the same over constants.
  private static func holes(_ expression: String, _ spelled: String, _ sweep: SweepSession) -> [String] {
    var holes: [String] = []
    var results: [Value?] = []
    for text in ["one | select r = \(expression)", "one | select r = \(spelled)"] {
      let answer = sweep.ask(text)
      let shown = text.count > 300 ? "one | select r = \(expression) (spelled out)" : text
      if let fault = SweepSession.fault(answer, of: text) { holes.append("\(shown): \(fault)") }
      if case .table(let table) = answer { results.append(table.row(0)[0]) } else { results.append(nil) }
    }
    switch (results[0], results[1]) {
    case (nil, nil): break
    case (let a?, let b?) where isSameValue(a, b): break
    default:
      holes.append(
        "\(expression): \(results[0].map { "\($0)".prefix(90) } ?? "refused") of columns, \(results[1].map { "\($0)".prefix(90) } ?? "refused") of constants"
      )
    }
    return holes
  }

  @Test(arguments: OperatorMatrixTests.symbols)
  func operators(_ symbol: String) {
    let sweep = SweepSession(Self.setup)
    var holes: [String] = []
    // Types that do not fit are told of once: the matrix of operators has them all.
    var refused: Set<[DataType]> = []
    for a in Self.extremes.indices {
      for b in Self.extremes.indices {
        let types = [Self.extremes[a].type, Self.extremes[b].type]
        if refused.contains(types) { continue }
        if case .refused = sweep.ask("one | select r = e\(a) \(symbol) e\(b)") { refused.insert(types) }
        let spelled = "(\(Self.extremes[a].literal)) \(symbol) (\(Self.extremes[b].literal))"
        if symbol == "??" || symbol.hasSuffix("in") {
          let text = "one | select r = e\(a) \(symbol) e\(b)"
          if let fault = SweepSession.fault(sweep.ask(text), of: text) { holes.append("\(text): \(fault)") }
        } else {
          holes += Self.holes("e\(a) \(symbol) e\(b)", spelled, sweep)
        }
      }
      let text = "one | select r = -e\(a)"
      if let fault = SweepSession.fault(sweep.ask(text), of: text) { holes.append("\(text): \(fault)") }
    }
    #expect(holes.isEmpty, "\(holes.count) holes:\n\(holes.prefix(12).joined(separator: "\n"))")
  }

  /// Aggregates and windows over pairs of extremes of one type.
  @Test(arguments: (FunctionMatrixTests.aggregates + FunctionMatrixTests.windows).map(\.name))
  func functionsOfManyRows(_ name: String) throws {
    let function = try #require(Catalogue.rounds.function(name))
    let stage = function.isAggregate ? "aggregate" : "derive"
    let order = function.isAggregate ? "" : " sort r"
    var holes: [String] = []
    for type in Set(Self.extremes.map(\.type)) {
      let values = Self.extremes.filter { $0.type == type }.map(\.literal).prefix(5)
      let sweep = SweepSession("let one = table [{r: 1, x: \(values[0])}]")
      func fitting(_ parameter: Parameter) -> [FunctionSweep.Argument] {
        if parameter.isConstant {
          return Self.extremes.filter { parameter.type.accepts($0.type) }.map {
            .init(text: "(\($0.literal))")
          }
        }
        return parameter.type.accepts(type) ? [.init(text: "x", column: "x")] : []
      }
      let calls = FunctionSweep(function: function, fitting: fitting).calls([])
      for (index, a) in values.enumerated() {
        for b in values[index...] {
          for call in calls {
            let text =
              "table [{r: 1, x: \(a)}, {r: 2, x: \(b)}, {r: 3, x: \(a)}] | \(stage) y = \(name)(\(call.map(\.text).joined(separator: ", ")))\(order)"
            if let fault = SweepSession.fault(sweep.ask(text), of: text) {
              holes.append("\(text.prefix(300)): \(fault)")
            }
          }
        }
      }
    }
    #expect(holes.isEmpty, "\(holes.count) holes:\n\(holes.prefix(12).joined(separator: "\n"))")
  }
}
