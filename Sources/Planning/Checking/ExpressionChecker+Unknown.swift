import Columns
import Diagnostics
import Language

/// Calls that are not known where they stand.
extension ExpressionChecker {
  /// `aggregate mean(charges) by class | sort -mean(charges)`: the column is there under its new name.
  mutating func tellMadeBefore(
    _ function: Function, _ arguments: [Expression.Argument], since before: Int, at range: SourceRange
  ) {
    guard let madeBefore, diagnostics[before...].contains(where: { $0.code == "unknown-column" }) else {
      return
    }
    let call = text(Expression(.call(Name(function.name, at: range), arguments), at: range))
    guard let column = madeBefore(call) else { return }
    diagnostics.removeSubrange(before...)
    report(CheckMessages.madeBefore(call, CheckMessages.quoted(column), at: range))
  }

  mutating func reportUnknownFunction(
    _ name: Name, _ arguments: [Expression.Argument], at range: SourceRange
  ) {
    let texts = arguments.map { text($0.value) }
    if let dot = name.text.lastIndex(of: "."), dot > name.text.startIndex {
      let base = String(name.text[..<dot])
      let method = String(name.text[name.text.index(after: dot)...])
      if environment.table(base) != nil {
        report(CheckMessages.method(method, of: base, isTable: true, texts, at: range))
        return
      }
      if let point = base.firstIndex(of: "."), environment.table(String(base[..<point])) != nil {
        guard environment.catalogue.function(method) != nil else {
          // `encounters.class.explode()`
          let link = String(name.text[base.index(after: point)...])
          report(CheckMessages.method(link, of: String(base[..<point]), isTable: true, texts, at: range))
          return
        }
        let call =
          "\(method)(\(([String(base[base.index(after: point)...])] + texts).joined(separator: ", ")))"
        let verb = environment.catalogue.function(method)?.isAggregate == true ? "aggregate" : "derive"
        report(
          CheckMessages.columnOfTable(name.text, String(base[..<point]), "\(verb) x = \(call)", at: range))
        return
      }
      if case .found = scope.find(base) {
        if environment.catalogue.function(method) != nil {
          report(CheckMessages.method(method, of: base, isTable: false, texts, at: range))
          return
        }
        if let meant = ForeignHabits.function(method, [base] + texts) {
          report(CheckMessages.foreignMethod(meant, at: range))
          return
        }
      }
    }
    report(
      CheckMessages.unknownFunction(
        name.text, at: name.range, known: environment.catalogue.callableNames, arguments: texts))
    // What stands in the brackets of another language's function may have another meaning there.
    if ForeignHabits.function(name.text, texts) == nil {
      // Whether it would be a function over rows is unknown: inside one, every column may stand.
      insideGroup { checker in
        for argument in arguments { _ = checker.check(argument.value) }
      }
    }
  }

  /// `mean(department_id)`: numbers that name things have no mean.
  mutating func noteIdentifier(_ function: Function, _ arguments: [PlanExpression], at range: SourceRange) {
    guard ["mean", "sum", "median", "stddev", "variance"].contains(function.name),
      case .column(_, let name)? = arguments.first?.kind, arguments.first?.type == .int,
      Self.isIdentifier(name)
    else { return }
    let note = Note(
      .fact,
      "`\(name)` names things by numbers, by its name: \(function.name)(\(name)) says nothing of them; count_distinct counts them",
      subject: name, at: range)
    if !notes.contains(note) { notes.append(note) }
  }
}
