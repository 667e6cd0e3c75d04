import Columns
import Diagnostics
import Language

extension ExpressionChecker {
  mutating func checkCall(_ name: Name, _ arguments: [Expression.Argument], at range: SourceRange)
    -> PlanExpression?
  {
    // In quotes a built-in function is meant, as verbs call theirs: no measure of that name takes its place.
    let isBuiltIn = name.isQuoted && environment.catalogue.function(name.text) != nil
    if !isBuiltIn, let (_, binding) = environment.binding(name.text),
      case .definition(let definition) = binding
    {
      return checkMeasure(definition, arguments, at: range)
    }
    if name.text.lowercased() == "count_if", arguments.count == 1, arguments[0].name == nil {
      // `count_if(c)` is `count(where: c)`: the formatter writes it so.
      let condition = Expression.Argument(name: Name("where", at: name.range), value: arguments[0].value)
      return checkCall(Name("count", at: name.range), [condition], at: range)
    }
    guard let function = environment.catalogue.function(name.text), function.category != .operators else {
      reportUnknownFunction(name, arguments, at: range)
      return nil
    }
    switch function.implementation {
    case .form: return checkForm(function, arguments, at: range)
    case .aggregate, .window:
      let before = diagnostics.count
      let result = checkGroupCall(function, arguments, at: range)
      if result == nil { tellMadeBefore(function, arguments, since: before, at: range) }
      return result
    case .vector, .rows:
      // Where the call is wrong its further results are promised all the same: that they are not there is no second fault.
      furtherResults = []
      let promised = function.furtherResults.map { _ in PlanExpression.literal(.missing, at: range) }
      guard !refusesProportion(function, arguments, at: range),
        let (checked, type) = match(function, arguments, at: range)
      else {
        furtherResults = promised
        return nil
      }
      // `upper("class")`: what looks into a text has nothing to tell of one that is written there. Those that make a text
      // of others may well be given one: repeat("age", 2).
      if function.category == .text, !Self.makersOfTexts.contains(function.name),
        checked.allSatisfy({ $0.constant != nil }), let first = arguments.first,
        refusesDisguisedColumn(first.value)
      {
        return nil
      }
      // Further results are functions of their own, named by the ending: `proportion_low`.
      furtherResults = function.furtherResults.compactMap { ending in
        call(function.name + ending, checked, type, at: range).map { folded($0.ofFurtherResult) }
      }
      if function.name == "format", checked[0].isPercentage, checked.count > 1,
        let pattern = checked[1].constant?.string, pattern.hasSuffix("%")
      {
        report(
          CheckMessages.percentOfPercent(
            text(arguments[0].value), pattern, isCall: true, at: arguments[0].value.range))
        return nil
      }
      return PlanExpression(
        .call(PlanExpression.Call(function, checked, at: range)), type, at: range)
    }
  }

  private static let makersOfTexts: Set<String> = [
    "concat", "repeat", "similarity", "pad_left", "pad_right", "split", "join",
  ]

  /// Functions whose arguments are not all values: `if`, `now`, `coalesce` and the like.
  private mutating func checkForm(
    _ function: Function, _ arguments: [Expression.Argument], at range: SourceRange
  ) -> PlanExpression? {
    switch function.name {
    case "now", "today":
      guard arguments.isEmpty else {
        report(CheckMessages.arity(function, arguments.count, at: range))
        return nil
      }
      if function.name == "now" { return .literal(.datetime(environment.now, offset: nil), at: range) }
      return .literal(.date(Calendar.days(ofMicroseconds: environment.now)), at: range)
    case "if":
      guard arguments.count == 3 || arguments.count == 2 else {
        report(CheckMessages.arity(function, arguments.count, at: range))
        return nil
      }
      let branch = Expression.Branch(condition: arguments[0].value, value: arguments[1].value)
      return checkChoice(
        nil, [branch], arguments.count == 3 ? arguments[2].value : nil, isIf: true, at: range)
    case "coalesce":
      guard var result = arguments.first?.value else {
        report(CheckMessages.arity(function, 0, at: range))
        return nil
      }
      for argument in arguments.dropFirst() {
        result = Expression(.binary(.otherwise, result, argument.value), at: range)
      }
      return check(result)
    default:
      report(
        Diagnostic(
          "form", "`\(function.name)` cannot be called here", at: range,
          help: ["write \(function.usage.joined(separator: " or "))"]))
      return nil
    }
  }

  // MARK: Matching arguments to signatures

  private typealias Matched = (arguments: [PlanExpression], type: DataType)

  /// Checks the arguments and finds the signature that they fit.
  private mutating func match(
    _ function: Function, _ arguments: [Expression.Argument], at range: SourceRange
  ) -> (arguments: [PlanExpression], type: DataType)? {
    var checked: [PlanExpression?] = []
    var failed = false
    for (position, argument) in arguments.enumerated() {
      if refusesMissingFlag(argument, function, arguments) || refusesEqualsSign(argument, function) {
        return nil
      }
      if isWord(argument, at: position, function) {
        checked.append(nil)
        continue
      }
      let value = check(argument.value)
      if value == nil { failed = true }
      checked.append(value)
    }
    if failed || refusesArguments(function, arguments, at: range) { return nil }
    var firstFault: Diagnostic?
    var furthest = -1
    // A signature of another number of arguments says nothing about their types.
    for signature in function.signatures where signature.takes(arguments.count) {
      switch bind(function, signature, arguments, checked, at: range) {
      case .success(let matched): return matched
      case .failure(let fault):
        // The one that fits the most arguments is meant.
        let place = arguments.firstIndex { $0.value.range == fault.range } ?? -1
        // Where a unit or a value may stand, a value of another type is no misspelt unit.
        let isBetter = place == furthest && firstFault?.code == "unit" && fault.code == "argument-type"
        if firstFault == nil || place > furthest || isBetter { (firstFault, furthest) = (fault, place) }
      }
    }
    // `strftime("%Y-%m", admitted)`: other languages have the two the other way round.
    if let swapped = swapped(function, arguments, checked, at: range) { firstFault?.help = [swapped] }
    report(firstFault ?? CheckMessages.arity(function, arguments.count, at: range))
    return nil
  }

  /// The two arguments of a call the other way round, where that fits; nil where it does not.
  private func swapped(
    _ function: Function, _ arguments: [Expression.Argument], _ checked: [PlanExpression?],
    at range: SourceRange
  ) -> String? {
    guard arguments.count == 2, arguments.allSatisfy({ $0.name == nil }),
      // Of two numbers only their meaning says which comes first.
      !checked.allSatisfy({ $0?.type.isNumber == true })
    else { return nil }
    let back = Array(arguments.reversed())
    var values = Array(checked.reversed())
    // Where a unit should stand nothing was checked.
    var probe = self
    if values[0] == nil { values[0] = probe.check(back[0].value) }
    let fits = function.signatures.contains { signature in
      guard signature.takes(2), case .success = bind(function, signature, back, values, at: range) else {
        return false
      }
      return true
    }
    if !fits { return nil }
    // A unit is a word.
    var unit = written(back[1].value)
    let takesWord = function.signatures.contains { signature in
      if case .word? = signature.parameters.dropFirst().first?.type { true } else { false }
    }
    if takesWord, case .text(let word) = back[1].value.kind { unit = word.lowercased() }
    return "the other way round: \(function.name)(\(written(back[0].value)), \(unit))"
  }

  /// `rate(n, days, per = 1000)`: inside brackets `=` compares; arguments are named with a colon.
  private mutating func refusesEqualsSign(_ argument: Expression.Argument, _ function: Function) -> Bool {
    guard argument.name == nil, case .binary(.equal, let left, let right) = argument.value.kind,
      case .name(let name) = left.kind,
      function.signatures.contains(where: { $0.parameters.contains { $0.name == name.text } })
        || (function.isAggregate && name.text == "where"),
      case .none = scope.find(name.text)
    else { return false }
    let mended = "\(name.text): \(text(right))"
    report(
      Diagnostic(
        "argument-equals", "inside brackets `=` compares; an argument is named with a colon",
        at: argument.value.range,
        help: ["write \(mended)"], fix: Diagnostic.Fix(argument.value.range, mended)))
    return true
  }

  /// An argument that is a bare word where some signature wants one: `start_of(x, month)`.
  private func isWord(_ argument: Expression.Argument, at position: Int, _ function: Function) -> Bool {
    guard case .name(let name) = argument.value.kind, !name.isQuoted else { return false }
    let wantsOnlyWords = function.signatures.allSatisfy { signature in
      guard signature.parameters.indices.contains(position), argument.name == nil else { return false }
      if case .word = signature.parameters[position].type { return true }
      return false
    }
    // Where nothing but a word can stand, a wrong one is no column.
    if wantsOnlyWords { return true }
    return function.signatures.contains { signature in
      signature.parameters.enumerated().contains { index, parameter in
        let isMeant = argument.name.map { $0.text == parameter.name } ?? (index == position)
        if isMeant, case .word(let words) = parameter.type {
          return words.contains(name.text.lowercased()) || words.contains(name.text.lowercased() + "s")
            || words.contains(String(name.text.lowercased().dropLast()))
        }
        return false
      }
    }
  }

  private func bind(
    _ function: Function, _ signature: Signature, _ arguments: [Expression.Argument],
    _ checked: [PlanExpression?], at range: SourceRange
  ) -> Result<(arguments: [PlanExpression], type: DataType), Diagnostic> {
    let parameters = signature.parameters
    var slots: [[PlanExpression]] = Array(repeating: [], count: parameters.count)
    var position = 0
    for (argument, value) in zip(arguments, checked) {
      let slot: Int
      if let name = argument.name {
        guard let found = parameters.firstIndex(where: { $0.name == name.text }) else {
          return .failure(CheckMessages.argumentName(function, name))
        }
        slot = found
      } else {
        guard position < parameters.count else {
          return .failure(CheckMessages.arity(function, arguments.count, at: range))
        }
        // A list behind single values begins what stands behind them: bands(age, 18, 65, ["child", "adult", "old"]).
        if parameters[position].isVariadic, !slots[position].isEmpty, position + 1 < parameters.count,
          case .list = value?.type, case .list = parameters[position + 1].type
        {
          position += 1
        }
        slot = position
        if !parameters[position].isVariadic { position += 1 }
      }
      switch accept(function, parameters[slot], argument, value) {
      case .success(let expression): slots[slot].append(expression)
      case .failure(var fault):
        // `percentile(50, x)`
        if fault.code == "not-constant", slot == 1, arguments.count == 2, checked[0]?.constant != nil {
          fault.help = ["write \(function.name)(\(written(argument.value)), \(written(arguments[0].value)))"]
        }
        return .failure(fault)
      }
    }
    var flat: [PlanExpression] = []
    for (parameter, values) in zip(parameters, slots) {
      if values.isEmpty {
        guard let value = parameter.defaultValue else {
          if parameter.isVariadic, parameters.count > 1 { continue }
          return .failure(CheckMessages.arity(function, arguments.count, at: range))
        }
        flat.append(.literal(value, at: range))
      } else {
        flat += values
      }
    }
    guard let type = resultType(signature, flat.map(\.type)) else {
      let types = flat.filter { !$0.type.isMissingType }.map(\.type.name).reduce(into: [String]()) {
        if !$0.contains($1) { $0.append($1) }
      }
      let isOne = types.count == 1
      let hasList = flat.contains { if case .list = $0.type { true } else { false } }
      // Nobody groups a text between cuts; the text is numbers or days that were not read as these.
      if function.name == "bands", let value = flat.first, value.type == .text {
        let text = arguments.first.map { written($0.value) } ?? "x"
        return .failure(
          remarked(
            Diagnostic(
              "argument-types", "`bands` wants values and cuts of one type, and \(text) is text", at: range,
              help: [
                "convert it: bands(float(\(text)), …)",
                "days: \(CheckMessages.dayConversion(text)) makes dates of them",
              ]),
            [value]))
      }
      return .failure(
        Diagnostic(
          "argument-types",
          isOne
            ? "`\(function.name)` does not take \(types[0]) values"
            : "`\(function.name)` cannot mix \(types.joined(separator: " and "))", at: range,
          help: hasList
            ? ["write the values one by one, without [ ]: \(function.usage.joined(separator: " or "))"] : []))
    }
    return .success((flat, type))
  }

  private func accept(
    _ function: Function, _ parameter: Parameter, _ argument: Expression.Argument, _ value: PlanExpression?
  ) -> Result<PlanExpression, Diagnostic> {
    if case .word(let words) = parameter.type { return word(function, words, argument, value) }
    guard let value else {
      return .failure(
        Diagnostic(
          "argument-type",
          "`\(function.name)` wants \(parameter.type.description) as \(parameter.name), not a word",
          at: argument.value.range))
    }
    guard parameter.type.accepts(value.type) else {
      return .failure(
        remarked(
          CheckMessages.argumentType(
            function, parameter, is: value.type, text: written(argument.value),
            at: argument.value.range), [value]))
    }
    if parameter.isConstant, value.constant == nil, !value.columns.isEmpty {
      return .failure(
        Diagnostic(
          "not-constant",
          "\(parameter.name) of `\(function.name)` must be a plain value, not one that differs from row to row",
          at: argument.value.range))
    }
    return .success(value)
  }

  private func word(
    _ function: Function, _ words: [String], _ argument: Expression.Argument, _ value: PlanExpression?
  ) -> Result<PlanExpression, Diagnostic> {
    let given: String
    switch argument.value.kind {
    case .name(let name): given = name.text.lowercased()
    case .text(let text): given = text.lowercased()
    default: given = ""
    }
    for candidate in [given, given + "s", String(given.dropLast())] where words.contains(candidate) {
      return .success(.literal(.text(candidate), at: argument.value.range))
    }
    var help = ["one of \(words.joined(separator: ", "))"]
    if let nearest = Suggestion.nearest(to: given, among: words) {
      help.insert("did you mean \(nearest)?", at: 0)
    }
    return .failure(
      Diagnostic(
        "unit", "`\(function.name)` does not know \(ExpressionText.of(argument.value))",
        at: argument.value.range,
        help: help))
  }

  /// The type that a signature gives for argument types; nil when they clash.
  func resultType(_ signature: Signature, _ types: [DataType]) -> DataType? {
    switch signature.result {
    case .type(let type): return type
    case .same(let index): return index < types.count ? types[index] : nil
    case .common(let from):
      guard from < types.count else { return nil }
      var common = DataType.missing
      for type in types[from...] {
        guard let next = DataType.common(common, type) else { return nil }
        common = next
      }
      return common
    case .computed(let rule): return rule(types)
    }
  }

  // MARK: Functions over rows

  private mutating func checkGroupCall(
    _ function: Function, _ arguments: [Expression.Argument], at range: SourceRange
  ) -> PlanExpression? {
    if case .forbidden(let place) = mode {
      if case .name(let name)? = arguments.first?.value.kind, environment.table(name.text) != nil {
        report(CheckMessages.aggregateOfTable(function.name, name.text, at: range))
        return nil
      }
      report(CheckMessages.aggregateHere(function.name, place, at: range))
      return nil
    }
    if isInsideGroup {
      report(CheckMessages.nestedGroup(function.name, at: range))
      return nil
    }
    if case .aggregate = mode, function.isWindow {
      report(
        Diagnostic(
          "window-in-aggregate",
          "`\(function.name)` gives a value for every row and cannot stand in `aggregate`",
          at: range, help: ["compute it before, with `derive … by … sort …`"]))
      return nil
    }
    if case .window(let kernel) = function.implementation, kernel.needsOrder, !hasOrder {
      let by = function.name == "quantile_group" ? nil : arguments.first.map { ExpressionText.of($0.value) }
      report(
        Diagnostic(
          "needs-sort", "`\(function.name)` needs an order", at: range,
          help: [
            by.map { "the order stands at the end of the stage: \(function.name)() sort \($0)" }
              ?? "add `sort column` at the end of the stage, such as `sort -charges`"
          ]))
      return nil
    }
    return checkGroupArguments(function, arguments, at: range)
  }

  private mutating func checkGroupArguments(
    _ function: Function, _ arguments: [Expression.Argument], at range: SourceRange
  ) -> PlanExpression? {
    var plain: [Expression.Argument] = []
    var condition: Expression?
    for argument in arguments {
      if function.isAggregate, argument.name?.text == "where" {
        condition = argument.value
      } else {
        plain.append(argument)
      }
    }
    if refusesCountOfCondition(function, plain, at: range) { return nil }
    if refusesPercentile(function, plain) { return nil }
    if function.name != "list", let first = plain.first,
      insideGroup({ $0.refusesDisguisedColumn(first.value) })
    {
      return nil
    }
    let before = diagnostics.count
    let matched = insideGroup { checker in checker.match(function, plain, at: range) }
    var checkedCondition: PlanExpression?
    if let condition {
      checkedCondition = insideGroup { checker in checker.checkCondition(condition) }
    }
    guard let (checked, type) = matched, diagnostics.count == before else { return nil }
    if ["max", "min"].contains(function.name) { noteLetterOrder(checked, at: range) }
    noteIdentifier(function, checked, at: range)
    if condition == nil { noteCountOfBool(function, checked, at: range) }
    let types = [type] + function.furtherResults.map { _ in type }
    let told = arguments.map { Expression.Argument(name: $0.name, value: spelledOut($0.value)) }
    let results = collect(
      GroupCall(
        function: function, arguments: checked, condition: checkedCondition, types: types, range: range,
        text: ExpressionText.of(Expression(.call(Name(function.name, at: range), told), at: range)),
        argumentText: plain.map { written(spelledOut($0.value)) }.joined(separator: ", "),
        conditionText: condition.map { written(spelledOut($0)) }))
    furtherResults = Array(results.dropFirst())
    return results.first
  }

  /// `aggregate n = count() by ward | derive share = count() / sum(n)`: there is a row a group by now.
  mutating func noteCountOfGroups(_ part: Expression, of whole: Expression) {
    guard case .broadcast = mode, let made = madeBefore?("count()") else { return }
    func countsRows(_ inner: Expression) -> Bool {
      guard case .call(let name, let arguments) = inner.kind, arguments.isEmpty else { return false }
      return environment.catalogue.function(name.text)?.name == "count"
    }
    guard let found = whole.first(where: countsRows)?.range ?? part.first(where: countsRows)?.range else {
      return
    }
    let note = Note(
      .fact,
      "count() counts the rows of this stage, one for each group of a stage before; `\(made)` holds the rows that each of them stands for",
      subject: made, at: found)
    if !notes.contains(note) { notes.append(note) }
  }

  /// `percentile(x, 90%)` is refused; `percentile(x, 0.9)` may be meant, and is noted.
  private mutating func refusesPercentile(_ function: Function, _ arguments: [Expression.Argument]) -> Bool {
    guard function.name == "percentile", arguments.count > 1 else { return false }
    let place = arguments[1].value
    switch place.kind {
    case .percent(let value):
      report(
        CheckMessages.percentilePercent(text(place), ExpressionText.number(value * 100), at: place.range))
      return true
    case .float(let value) where value > 0 && value < 1:
      let subject = text(arguments[0].value)
      notes.append(
        Note(
          .fact,
          "percentile(\(subject), \(text(place))) is below the first of 100 parts; the \(ExpressionText.number(value * 100))th is percentile(\(subject), \(ExpressionText.number(value * 100)))",
          subject: subject, at: place.range))
      return false
    default: return false
    }
  }

  /// `count(age > 65)` would count rows where the condition is known, which nobody means.
  private mutating func refusesCountOfCondition(
    _ function: Function, _ arguments: [Expression.Argument], at range: SourceRange
  ) -> Bool {
    guard function.name == "count", arguments.count == 1 else { return false }
    guard arguments[0].value.isWrittenCondition else { return false }
    let condition = text(arguments[0].value)
    report(
      Diagnostic(
        "count-condition", "`count(…)` counts known values; a condition goes behind `where:`",
        at: arguments[0].value.range, help: ["write count(where: \(condition))"],
        fix: Diagnostic.Fix(arguments[0].value.range, "where: \(condition)")))
    return true
  }

  /// `count(overridden)`: of a column of true and false both are counted.
  private mutating func noteCountOfBool(
    _ function: Function, _ checked: [PlanExpression], at range: SourceRange
  ) {
    guard function.name == "count", let only = checked.first, checked.count == 1, only.type == .bool,
      only.isColumn
    else { return }
    let column = CheckMessages.quoted(only.columnNames.first ?? "x")
    let note = Note(
      .fact,
      "count(\(column)) counts the rows where it is known, be it true or false; count(where: \(column)) those where it is true",
      subject: column, at: range)
    if !notes.contains(where: { $0.message == note.message }) { notes.append(note) }
  }

  // MARK: Choices

  mutating func checkChoice(
    _ subject: Expression?, _ branches: [Expression.Branch], _ otherwise: Expression?, isIf: Bool = false,
    at range: SourceRange
  ) -> PlanExpression? {
    var checked: [(condition: PlanExpression, value: PlanExpression)] = []
    var failed = false
    for branch in branches {
      let condition: PlanExpression?
      if let subject {
        let comparison: Expression.Kind
        switch branch.condition.kind {
        case .list, .tuple, .range: comparison = .membership(subject, in: branch.condition, negated: false)
        case .missing: comparison = .isMissing(subject, negated: false)
        default: comparison = .binary(.equal, subject, branch.condition)
        }
        condition = check(Expression(comparison, at: branch.condition.range))
      } else {
        condition = checkCondition(branch.condition)
      }
      let value = check(branch.value)
      if let condition, let value { checked.append((condition, value)) } else { failed = true }
    }
    let last = otherwise.map { check($0) }
    if case .some(.none) = last { failed = true }
    if failed { return nil }
    let values = checked.map(\.value) + (last.flatMap { $0 }.map { [$0] } ?? [])
    var type = DataType.missing
    for value in values {
      guard let common = DataType.common(type, value.type) else {
        report(
          Diagnostic(
            "branch-types", "the branches give different types: \(type.name) and \(value.type.name)",
            at: value.range,
            help: ["make them one type, for instance with text(…)"]))
        return nil
      }
      type = common
    }
    let form = Self.form(subject, branches, isIf: isIf)
    let choice = PlanExpression(.choice(checked, otherwise: last.flatMap { $0 }, form: form), type, at: range)
    for place in Contradictions.unreachable(in: choice) {
      let note = Note(.fact, "\(place.message): \(place.advice)", at: place.range)
      if !notes.contains(note) { notes.append(note) }
    }
    return choice
  }

  private static func form(
    _ subject: Expression?, _ branches: [Expression.Branch], isIf: Bool
  ) -> PlanExpression.ChoiceForm {
    var text = (subject ?? branches.first?.condition).map { ExpressionText.of($0) } ?? ""
    if text.count > 40 { text = text.prefix(39) + "…" }
    let told = isIf ? "if(\(text), …)" : subject == nil ? "case {\(text) -> …}" : "case \(text) {…}"
    return PlanExpression.ChoiceForm(isIf: isIf, told: told)
  }

  // MARK: Text with expressions in it

  mutating func checkInterpolation(_ parts: [Expression.InterpolationPart], at range: SourceRange)
    -> PlanExpression?
  {
    var arguments: [PlanExpression] = []
    var failed = false
    for part in parts {
      switch part {
      case .text(let text): arguments.append(.literal(.text(text), at: range))
      case .value(let expression, let format):
        guard let checked = check(expression) else {
          failed = true
          continue
        }
        if checked.isPercentage, let format, format.hasSuffix("%") {
          report(CheckMessages.percentOfPercent(text(expression), format, at: expression.range))
          failed = true
          continue
        }
        var part = folded(
          PlanExpression(
            .call(PlanExpression.Call(Interpolation.part(format), [checked], at: expression.range)), .text,
            at: expression.range))
        // In a sentence that is said, one missing figure must not take the sentence with it.
        if scope.columns.isEmpty {
          let word = PlanExpression.literal(.text("missing"), at: expression.range)
          part = call("??", [part, word], .text, at: expression.range) ?? part
        }
        arguments.append(folded(part))
      }
    }
    if failed { return nil }
    return PlanExpression(
      .call(PlanExpression.Call(Interpolation.whole, arguments, at: range)), .text, at: range)
  }

  // MARK: Pipelines as values

  mutating func checkPipeline(_ pipeline: Pipeline, at range: SourceRange) -> PlanExpression? {
    guard let plan = lower(pipeline) else { return nil }
    guard plan.schema.count == 1 else {
      report(
        Diagnostic(
          "pipeline-as-value",
          "a pipeline that stands for a value must give one column; this gives \(plan.schema.count)",
          at: range, help: ["end it with `| aggregate one = …` or `| select column`"]))
      return nil
    }
    guard plan.isOneRow else {
      report(
        Diagnostic(
          "pipeline-as-value", "a pipeline that stands for a value must give one row", at: range,
          help: ["end it with `| aggregate …` without `by`, or `| take 1`"]))
      return nil
    }
    var cell = PlanExpression(
      .cell(PlanExpression.Subquery(plan, at: range)), plan.schema[0].type, at: range)
    cell.isPercentage = plan.schema[0].isPercentage
    return cell
  }

  mutating func lower(_ pipeline: Pipeline) -> Plan? {
    var lowering = PipelineLowering(environment: environment)
    let plan = lowering.lower(nested: pipeline)
    for diagnostic in lowering.diagnostics { report(diagnostic) }
    notes += lowering.notes
    return plan
  }
}

extension Plan {
  /// Whether the plan gives at most one row by construction.
  package var isOneRow: Bool {
    switch self {
    case .aggregate(let node): node.keys.isEmpty
    case .project(let node): node.input.isOneRow
    case .filter(let node): node.input.isOneRow
    case .window(let node): node.input.isOneRow
    case .sort(let node): node.input.isOneRow
    case .slice(let node): node.keys.isEmpty && (node.take.map { $0 <= 1 } ?? false) || node.input.isOneRow
    case .effect(let node): node.input.isOneRow
    case .distinct(let node): node.input.isOneRow
    case .scan(let node): node.source.knownRowCount.map { $0 <= 1 } ?? (node.source is PromisedSource)
    default: false
    }
  }
}

extension BinaryOperator {
  /// Gives true or false.
  package var isCondition: Bool {
    switch self {
    case .or, .and, .equal, .notEqual, .less, .lessOrEqual, .greater, .greaterOrEqual, .like, .notLike,
      .matches,
      .notMatches:
      true
    case .otherwise, .add, .subtract, .multiply, .divide, .floorDivide, .remainder, .power: false
    }
  }
}

extension PlanExpression {
  /// A call as one of the further results of another.
  fileprivate var ofFurtherResult: PlanExpression {
    guard case .call(let call) = kind else { return self }
    return PlanExpression(
      .call(Call(call.function, call.arguments, at: call.range, isFurther: true)), type, at: range)
  }
}
