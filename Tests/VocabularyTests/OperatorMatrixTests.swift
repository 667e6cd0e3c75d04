import Columns
import Diagnostics
import Planning
import Testing

/// Every operator with every type on either side, each value known and missing, as columns and as constants: it is
/// refused with a reason, or gives what the language says of it.
@Suite struct OperatorMatrixTests {
  static let symbols = [
    "+", "-", "*", "/", "//", "%", "^", "==", "!=", "<", "<=", ">", ">=", "??", "and", "or", "like",
    "not like",
    "~", "!~", "in", "not in",
  ]
  /// Operators that give missing as soon as one side is missing.
  static let propagating: Set<String> = [
    "+", "-", "*", "/", "//", "%", "^", "==", "!=", "<", "<=", ">", ">=", "like", "not like", "~", "!~",
  ]

  /// What is wrong with the answers of one operator; empty when nothing is.
  private func holes(_ symbol: String, _ sweep: SweepSession) -> [String] {
    var holes: [String] = []
    for left in Sample.all {
      for right in Sample.all {
        let other = Sample.other(right.column)
        let text = "t | select a = \(left.column), b = \(other), r = \(left.column) \(symbol) \(other)"
        let answer = sweep.ask(text)
        if let fault = SweepSession.fault(answer, of: text) { holes.append("\(text): \(fault)") }
        switch answer {
        case .refused(let faults): holes += Self.silent(faults, text)
        case .failed(let faults):
          // Only a pattern that is none, which data may hold, may stop a run that was checked.
          holes.append("\(text): \(faults.map(\.message))")
        case .table(let table):
          holes += broken(symbol, table, text)
          holes += constants(symbol, left, right, table, sweep)
        }
      }
    }
    return holes
  }

  /// Refusals that do not tell what both sides are.
  private static func silent(_ faults: [Diagnostic], _ text: String) -> [String] {
    faults.filter { fault in fault.message.count < 12 }.map { "\(text): \($0.message)" }
  }

  /// Rows that break the rule of missing values.
  private func broken(_ symbol: String, _ table: Table, _ text: String) -> [String] {
    (0..<table.rowCount).compactMap { row in
      let cells = table.row(row)
      let (a, b, result) = (cells[0], cells[1], cells[2])
      let expected: Value?
      switch symbol {
      case "and": expected = three(a, b, decides: false)
      case "or": expected = three(a, b, decides: true)
      case "??": expected = (a.isMissing ? b : a).widened(to: table.schema[2].type)
      case "==" where !a.isMissing && a == b: expected = .bool(true)
      case "!=" where !a.isMissing && a == b: expected = .bool(false)
      case "in", "not in": expected = a.isMissing ? .missing : nil
      default:
        expected = Self.propagating.contains(symbol) && (a.isMissing || b.isMissing) ? .missing : nil
      }
      guard let expected, !isSameValue(expected, result) else { return nil }
      return "\(text): \(a) \(symbol) \(b) gives \(result), not \(expected)"
    }
  }

  private func three(_ a: Value, _ b: Value, decides: Bool) -> Value {
    if a == .bool(decides) || b == .bool(decides) { return .bool(decides) }
    return a.isMissing || b.isMissing ? .missing : .bool(!decides)
  }

  /// The same with constants on one side or on both: every row must be what the columns gave.
  private func constants(
    _ symbol: String, _ left: Sample, _ right: Sample, _ table: Table, _ sweep: SweepSession
  ) -> [String] {
    var holes: [String] = []
    for row in 0..<4 {
      let a = left.literals.isEmpty ? nil : left.literals[row]
      // `x == missing` asks whether x is missing, and the missing elements of a list are ignored.
      let literal = right.literals.isEmpty ? nil : right.literals[(row * 3 + 1) % 4]
      let b = literal == "missing" && ["==", "!=", "in", "not in"].contains(symbol) ? nil : literal
      let other = Sample.other(right.column)
      var forms: [String] = []
      if let a, symbol != "??" { forms.append("(\(a)) \(symbol) \(other)") }
      if let b { forms.append("\(left.column) \(symbol) \(b)") }
      if let a, let b, symbol != "??" { forms.append("(\(a)) \(symbol) \(b)") }
      for form in forms {
        let text = "t | filter rid == \(row + 1) | select r = \(form)"
        let answer = sweep.ask(text)
        if let fault = SweepSession.fault(answer, of: text) { holes.append("\(text): \(fault)") }
        guard case .table(let one) = answer else {
          // A missing constant on its own has no type to go by.
          if !form.contains("missing") { holes.append("\(text): refused, though the columns fit: \(answer)") }
          continue
        }
        let (result, whole) = (one.row(0)[0], table.row(row)[2])
        if !isSameValue(result, whole), !isSameValue(result.widened(to: table.schema[2].type), whole) {
          holes.append("\(text): \(result), but \(whole) of the columns")
        }
      }
    }
    return holes
  }

  @Test(arguments: symbols)
  func everyPairOfTypes(_ symbol: String) {
    let holes = holes(symbol, SweepSession(Sample.table))
    #expect(holes.isEmpty, "\(holes.count) holes:\n\(holes.prefix(12).joined(separator: "\n"))")
  }

  @Test func unaryOperatorsAndMissing() {
    let sweep = SweepSession(Sample.table)
    var holes: [String] = []
    for sample in Sample.all {
      for (form, propagates) in [
        ("-(x)", true), ("not (x)", true), ("x is missing", false), ("x is not missing", false),
      ] {
        let expression = form.replacing("x", with: sample.column)
        let text = "t | select a = \(sample.column), r = \(expression)"
        let answer = sweep.ask(text)
        if let fault = SweepSession.fault(answer, of: text) { holes.append("\(text): \(fault)") }
        guard case .table(let table) = answer else {
          if !propagates { holes.append("\(text): refused") }
          continue
        }
        for row in 0..<table.rowCount {
          let (a, result) = (table.row(row)[0], table.row(row)[1])
          let fits =
            propagates
            ? !a.isMissing || result.isMissing
            : result == .bool(a.isMissing == !form.contains("not"))
          if !fits { holes.append("\(text): \(a) gives \(result)") }
        }
      }
    }
    #expect(holes.isEmpty, "\(holes.prefix(12).joined(separator: "\n"))")
  }

  /// `between` is both comparisons joined by `and`, three-valued; an upper text end holds what begins with it.
  @Test func betweenIsTwoComparisons() {
    let sweep = SweepSession(Sample.table)
    var holes: [String] = []
    for x in Sample.all where x.column != "o" {
      for low in Sample.all where low.column != "o" {
        let (a, b) = (Sample.other(low.column), low.column)
        for negated in [false, true] {
          let no = negated ? "not " : ""
          let text =
            "t | select r = \(x.column) \(no)between \(a) and \(b), s = \(no)(\(x.column) >= \(a) and \(x.column) <= \(b))"
          let answer = sweep.ask(text)
          if let fault = SweepSession.fault(answer, of: text) { holes.append("\(text): \(fault)") }
          guard case .table(let table) = answer, x.type != .text else { continue }
          for row in 0..<table.rowCount where table.row(row)[0] != table.row(row)[1] {
            holes.append("\(text): row \(row + 1): \(table.row(row))")
          }
        }
      }
    }
    #expect(holes.isEmpty, "\(holes.prefix(12).joined(separator: "\n"))")
  }

  /// `case` and `if` with every pair of types for branches, over conditions true, false and missing.
  @Test func choicesTakeOneType() {
    let sweep = SweepSession(Sample.table)
    var holes: [String] = []
    for a in Sample.all {
      for b in Sample.all {
        let other = Sample.other(b.column)
        let text = "t | select c = b, a = \(a.column), o = \(other), r = if(b, \(a.column), \(other))"
        let answer = sweep.ask(text)
        if let fault = SweepSession.fault(answer, of: text) { holes.append("\(text): \(fault)") }
        let fits = DataType.common(a.type, b.type) != nil
        guard case .table(let table) = answer else {
          if fits { holes.append("\(text): refused") }
          continue
        }
        if !fits { holes.append("\(text): accepted") }
        for row in 0..<table.rowCount {
          let cells = table.row(row)
          let chosen = cells[0] == .bool(true) ? cells[1] : cells[0] == .bool(false) ? cells[2] : .missing
          if !isSameValue(chosen.widened(to: table.schema[3].type), cells[3]) {
            holes.append("\(text): row \(row + 1): \(cells)")
          }
        }
      }
    }
    #expect(holes.isEmpty, "\(holes.prefix(12).joined(separator: "\n"))")
  }
}
