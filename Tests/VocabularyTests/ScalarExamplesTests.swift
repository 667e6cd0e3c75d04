import Columns
import Diagnostics
import Language
import Planning
import Testing
import Vocabulary

/// Runs the examples of the functions of single rows without the rest of the house: parsed, checked, and evaluated
/// here, once on plain values and once with every argument that may vary spelled out as a column.
private struct Evaluator {
  let rows: Int
  let asColumns: Bool

  func value(_ expression: PlanExpression) throws -> Datum {
    switch expression.kind {
    case .literal(let value): return .constant(value, expression.type)
    case .call(let call):
      let arguments = try call.arguments.enumerated().map { position, argument in
        spelledOut(try value(argument), isConstant: isConstant(call, position))
      }
      return try FunctionCall.run(
        call.function, arguments, rows: rows, type: expression.type, state: CallState())
    case .choice(let branches, let otherwise, _):
      return Kernels.choose(
        conditions: try branches.map { try value($0.condition) },
        values: try branches.map { try value($0.value) },
        otherwise: try otherwise.map { try value($0) }, rows: rows, type: expression.type)
    default: throw KernelFault("not an expression of plain values")
    }
  }

  private func spelledOut(_ datum: Datum, isConstant: Bool) -> Datum {
    asColumns && !isConstant ? .column(datum.column(rows: rows)) : datum
  }

  /// Whether every signature wants the argument at a position to be the same for all rows.
  private func isConstant(_ call: PlanExpression.Call, _ position: Int) -> Bool {
    call.function.signatures.contains { signature in
      let parameters = signature.parameters
      let place = min(position, parameters.count - 1)
      guard place >= 0 else { return false }
      if case .word = parameters[place].type { return true }
      if parameters.contains(where: \.isVariadic), position > 0 {
        return parameters[1...].contains(where: \.isConstant)
      }
      return parameters[place].isConstant
    }
  }
}

@Suite struct ScalarExamplesTests {
  static let all: [Function] =
    FunctionTable.operators + FunctionTable.numbers + FunctionTable.text + FunctionTable.dates
    + FunctionTable.conversions + FunctionTable.conditions + FunctionTable.lists

  private func check(_ input: String) throws -> PlanExpression {
    let environment = Environment(
      catalogue: Catalogue(functions: Self.all, verbs: []),
      open: { _, _ in throw KernelFault("no files here") })
    let script = Parser.parse(SourceText("say (\(input))"))
    try #require(script.diagnostics.isEmpty, "\(input): \(script.diagnostics.map(\.message))")
    let expression = try #require(script.statements.first?.head.groups.first?.items.first?.value)
    var checker = ExpressionChecker(environment: environment, scope: Scope(), mode: .forbidden("here"))
    let checked = checker.check(expression)
    try #require(checked != nil, "\(input): \(checker.diagnostics.map(\.message))")
    return try #require(checked)
  }

  @Test(arguments: all.map(\.name))
  func examplesGiveWhatTheySay(_ name: String) throws {
    let function = try #require(Self.all.first { $0.name == name })
    for example in function.examples where !example.input.hasPrefix("table ") {
      let expression = try check(example.input)
      for evaluator in [Evaluator(rows: 1, asColumns: false), Evaluator(rows: 3, asColumns: true)] {
        let result = try evaluator.value(expression)
        for row in 0..<evaluator.rows {
          let value = result.value(row)
          let text = value.isMissing ? "missing" : ValueText.plain(value)
          #expect(text == example.result, "\(example.input), as columns: \(evaluator.asColumns)")
        }
        let type = result.type
        #expect(
          type == expression.type || type == .missing || expression.type == .missing,
          "\(example.input) is \(type), checked as \(expression.type)")
      }
    }
  }

  @Test func namesAreUniqueAndSummariesOneLine() {
    var seen: Set<String> = []
    for function in FunctionTable.all {
      for name in [function.name] + function.aliases {
        #expect(seen.insert(name).inserted, "\(name) stands twice")
      }
      #expect(!function.summary.contains("\n") && function.summary.hasSuffix("."), "\(function.name)")
      #expect(!function.searchWords.isEmpty, "\(function.name)")
    }
  }
}
