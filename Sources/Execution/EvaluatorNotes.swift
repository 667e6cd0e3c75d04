import Columns
import Diagnostics
import Planning

extension Evaluator {
  private static func shown(_ function: Function) -> String {
    function.category == .operators ? "`\(function.name)`" : "\(function.name)(…)"
  }

  /// What the calls have to tell: conversions that failed, divisions by zero, and what functions count themselves.
  func notes() -> [Note] {
    var notes: [Note] = []
    let tried = attempts(in: expression)
    Evaluator.visitCalls(expression) { call in
      guard let state = states[ObjectIdentifier(call)], !call.isFurther else { return }
      let place = call.pivotColumn.map { " for `\(visible($0))`" } ?? ""
      if state.divisions > 0 {
        notes.append(
          Note(
            .division, "\(counted(state.divisions, "division")) by zero became missing\(place)",
            count: state.divisions,
            at: call.range))
      }
      if state.unconverted > 0, !tried.contains(ObjectIdentifier(call)) {
        let common = state.commonestUnconverted().map { "\"\(visible($0.text))\" \(grouped($0.count))" }
        let more = state.differentUnconverted > common.count ? ", …" : ""
        let texts =
          common.isEmpty ? "too many different texts to name some" : common.joined(separator: ", ") + more
        let isOrder = call.function.name == Kernels.ordering
        let what =
          isOrder
          ? "\(counted(state.unconverted, "value")) \(state.unconverted == 1 ? "does" : "do") not stand in the order: behind it in a sort and for max, neither more nor less in a comparison"
          : "\(counted(state.unconverted, "value")) did not convert and became missing"
        let advice = conversionAdvice(call, state).map { "; \($0)" } ?? ""
        notes.append(
          Note(
            isOrder ? .fact : .converted,
            "\(call.function.name)(…)\(place): \(what): \(texts)\(advice)",
            count: state.unconverted, at: call.range))
      }
      let spelt = spelledOtherwise(call, state)
      notes += neverFound(call, state, but: Set(spelt.map(\.text))) + spelt.map(\.note)
      if call.function.name == Kernels.filling, let column = call.arguments.first?.columnNames.first {
        let count = state.counts[Kernels.filledCount] ?? 0
        if count > 0 {
          notes.append(
            Note(
              .missing, "fill: \(counted(count, "missing value")) of `\(column)` filled", count: count,
              subject: column, at: call.range))
        }
        let rounded = state.counts[Kernels.rounding] ?? 0
        if rounded > 0 {
          notes.append(
            Note(
              .converted, "fill: \(Evaluator.saidCount(rounded, Kernels.rounding))", count: rounded,
              subject: column, at: call.range))
        }
        return
      }
      notes += mixedOffsets(call, state)
      let faults = Evaluator.orderFaults(state)
      notes += faults.map {
        Note(.fact, "\(Evaluator.shown(call.function))\(place): \($0)", at: call.range)
      }
      for (name, count) in state.counts.sorted(by: { $0.key < $1.key }) where !faults.contains(name) {
        notes.append(
          Note(
            name.hasPrefix("missing") ? .missing : .converted,
            "\(Evaluator.shown(call.function))\(place): \(Evaluator.saidCount(count, name))", count: count,
            at: call.range))
      }
    }
    return notes + choiceNotes()
  }

  /// What a call has counted, in words that speak of several.
  private static func saidCount(_ count: Int, _ name: String) -> String {
    let said =
      count == 1
      ? name.replacing("missing values", with: "missing value").replacing(
        "whole numbers", with: "whole number"
      ).replacing("times have", with: "time has")
      : name
    return "\(grouped(count)) \(said)"
  }

  /// Times with an offset beside times without one, of which the file's reader would tell, too.
  private func mixedOffsets(_ call: PlanExpression.Call, _ state: CallState) -> [Note] {
    let (with, without) = state.times
    if with == 0 || without == 0 { return [] }
    return [
      Note(
        .fact,
        "\(Evaluator.shown(call.function)): \(counted(without, "time")) \(without == 1 ? "has" : "have") no offset, others do: taken as UTC",
        count: without, total: with + without, at: call.range)
    ]
  }

  /// Functions that read a text, and may not.
  private static let readers: Set<String> = [
    "date", "datetime", "parse_date", "float", "int", "bool", "duration",
  ]

  /// Conversions for which `??` has another conversion where they fail: what none of them reads is told of the last.
  private func attempts(in expression: PlanExpression) -> Set<ObjectIdentifier> {
    var found: Set<ObjectIdentifier> = []
    Evaluator.visitCalls(expression) { call in
      guard call.function.name == "??", call.arguments.count == 2 else { return }
      var hasOther = false
      Evaluator.visitCalls(call.arguments[1]) {
        if Self.readers.contains($0.function.name) { hasOther = true }
      }
      guard hasOther else { return }
      Evaluator.visitCalls(call.arguments[0]) {
        if Self.readers.contains($0.function.name) { found.insert(ObjectIdentifier($0)) }
      }
    }
    return found
  }

  /// How a column's texts that were not read would be.
  private func conversionAdvice(_ call: PlanExpression.Call, _ state: CallState) -> String? {
    guard call.arguments.count == 1, case .column(_, let name) = call.arguments[0].kind else { return nil }
    return ConversionAdvice.reading(
      state.commonestUnconverted().map(\.text), with: call.function.name, CheckMessages.quoted(name))
  }

  /// Why texts that were put together do not stand in the orders of them all.
  fileprivate static func orderFaults(_ state: CallState) -> [String] {
    let counts = state.counts
    return [TextPool.contraryOrders, TextPool.openOrders].filter { counts[$0] != nil }
  }

  /// The rows that a `case` or an `if` gave no value: because a condition is not known, or because none is true.
  private func choiceNotes() -> [Note] {
    var notes: [Note] = []
    var position = 0
    func visit(_ expression: PlanExpression, isExcused: Bool) {
      if case .choice(_, let otherwise, let form) = expression.kind {
        let state = choiceStates[position]
        position += 1
        let unknown = state.counts[Kernels.unknownCondition] ?? 0
        if unknown > 0, !isExcused {
          notes.append(
            Note(
              .missing,
              "`\(visible(form.told))`: the condition is not known for \(counted(unknown, "row")), which became missing",
              count: unknown, at: expression.range))
        }
        let rounded = state.counts[Kernels.rounding] ?? 0
        if rounded > 0 {
          notes.append(
            Note(
              .converted, "`\(visible(form.told))`: \(Evaluator.saidCount(rounded, Kernels.rounding))",
              count: rounded, at: expression.range))
        }
        for fault in Evaluator.orderFaults(state) {
          notes.append(Note(.fact, "`\(visible(form.told))`: \(fault)", at: expression.range))
        }
        let without = state.counts[Kernels.noBranch] ?? 0
        if without > 0, otherwise == nil, !isExcused {
          notes.append(
            Note(
              .structural,
              form.isIf
                ? "`\(visible(form.told))`: the condition is false for \(counted(without, "row")), which became missing: no value is given for them"
                : "`\(visible(form.told))`: no condition is true for \(counted(without, "row")), which became missing for want of an `else`",
              count: without, at: expression.range))
        }
      }
      switch expression.kind {
      case .call(let call):
        let says = call.function.saysWhatMissingBecomes
        for (index, child) in call.arguments.enumerated() { visit(child, isExcused: says && index == 0) }
      case .choice(let branches, let otherwise, _):
        for branch in branches {
          visit(branch.condition, isExcused: false)
          visit(branch.value, isExcused: isExcused)
        }
        if let otherwise { visit(otherwise, isExcused: isExcused) }
      case .column, .literal, .field, .cell:
        for child in expression.children { visit(child, isExcused: false) }
      }
    }
    visit(expression, isExcused: false)
    return notes
  }
}

/// The words for a text that no row has: they begin the note, by which it is known again.
package enum NeverFound {
  /// - Parameter column: what was compared with the text, as it was written.
  package static func message(_ column: String, _ text: String) -> String {
    "no row that was looked at has `\(column)` \"\(visible(text))\""
  }
}

extension Evaluator {
  /// Texts that a column was compared with and that no row has: mostly they are misspelt.
  ///
  /// - Parameter told: texts that only their spelling keeps from being found, of which a note tells.
  fileprivate func neverFound(
    _ call: PlanExpression.Call, _ state: CallState, but told: Set<String>
  ) -> [Note] {
    let isOrder = ["<", "<=", ">", ">=", "between"].contains(call.function.name)
    guard isOrder || ["==", "!=", "in"].contains(call.function.name),
      call.arguments.contains(where: { $0.constant != nil }),
      let name = call.arguments.flatMap(\.columnNames).first
    else { return [] }
    return state.notFound.filter { !told.contains($0.text) }.prefix(3).map { text, values in
      let near =
        values.isEmpty ? "" : "; it has " + values.map { "\"\(visible($0))\"" }.joined(separator: ", ")
      let message =
        isOrder
        ? "\"\(visible(text))\" is not in the order of `\(name)`: nothing there is more or less"
        : NeverFound.message(name, text)
      return Note(.fact, message + near, subject: name, at: call.range)
    }
  }
}

/// The words for a text that rows have in another spelling: they are in the note, by which it is known again.
package enum SpeltOtherwise {
  package static func message(_ text: String) -> String {
    "which is not \"\(visible(text))\": they differ in \(Spelling.difference)"
  }
}

extension Evaluator {
  /// Rows that a comparison passes over for their spelling alone. The texts that the expression compares with
  /// elsewhere are not passed over.
  fileprivate func spelledOtherwise(
    _ call: PlanExpression.Call, _ state: CallState
  ) -> [(text: String, note: Note)] {
    let found = state.spellings
    guard !found.isEmpty, call.pivotColumn == nil, let name = comparedName(call) else { return [] }
    let compared = expression.comparedTexts
    return found.prefix(3).compactMap { text, all in
      let others = all.filter { other in !compared.contains { Spelling.isSame($0, other.text) } }
      if others.isEmpty { return nil }
      // Where a condition keeps rows from the comparison, it has been made for them all the same.
      let isOfAll = !guarded.contains(ObjectIdentifier(call))
      let rows = others.reduce(0) { $0 + $1.rows }
      let shown = Spelling.quoted(others.map(\.text), first: 5)
      let difference = SpeltOtherwise.message(text)
      return (
        text,
        Note(
          .fact,
          isOfAll
            ? "`\(name)` is \(shown) in \(counted(rows, "row")), \(difference)"
            : "`\(name)` is \(shown) in some rows, \(difference)",
          count: isOfAll ? rows : nil, subject: name, at: call.range)
      )
    }
  }

  /// What a comparison looks at: a column, or a function of one.
  private func comparedName(_ call: PlanExpression.Call) -> String? {
    guard let argument = call.arguments.first(where: { $0.constant == nil }) else { return nil }
    switch argument.kind {
    case .column(_, let name): return name
    case .call(let inner) where inner.function.category != .operators: return "\(inner.function.name)(…)"
    default: return nil
    }
  }
}

extension PlanExpression {
  /// The texts that something is compared with.
  fileprivate var comparedTexts: [String] {
    guard case .call(let call) = kind, ["==", "!=", "in"].contains(call.function.name) else {
      return children.flatMap(\.comparedTexts)
    }
    return call.arguments.flatMap { argument -> [String] in
      switch argument.constant {
      case .text(let text)?: [text]
      case .list(let values)?: values.compactMap(\.string)
      default: argument.comparedTexts
      }
    }
  }
}
