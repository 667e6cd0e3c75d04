import Columns
import Diagnostics
import Language
import Planning

extension Verb {
  static let join = Verb(
    "join", "adds the columns of another table where keys are equal or a condition holds",
    forms: [
      "join [inner|left|right|full|semi|anti|asof] table [as t] on key, …", "join table on condition",
    ],
    clauses: [
      Clause("as", .name, "a name for the other table here"),
      Clause("on", .items(named: false), "keys or a condition"),
      Clause("with", .items(named: true), "how a quoted file is read"),
    ],
    kinds: [
      ("inner", "rows that have a match on both sides; the same as no word"),
      ("left", "every row of the left; what the other lacks is missing"),
      ("right", "every row of the other; what the left lacks is missing"),
      ("full", "every row of both"),
      ("semi", "rows of the left that have a match, once each; no columns are added"),
      ("anti", "rows of the left that have none"),
      (
        "asof",
        "every row of the left with the one nearest row of the other by an inequality: with other.time <= time the latest of those before it, with >= the earliest behind (of several inequalities the one of plain columns says which is nearest); of equal ones the last in its table. Rows without a match stay"
      ),
    ], argument: .name,
    examples: [
      Example(
        "table [{k: 1}, {k: 2}] | join left (table [{k: 2, v: \"x\"}]) on k | filter v is missing | count",
        gives: "1"),
      Example(
        "table [{ward: 1}, {ward: 2}] | join (table [{id: 2, name: \"ICU\"}]) as w on ward == w.id | select name",
        gives: "ICU"),
    ],
    searchWords: [
      "merge", "lookup", "vlookup", "xlookup", "left join", "match", "relate", "asof", "as of",
      "nearest in time", "anti join", "semi join",
    ]
  ) { call, context in
    JoinLowering.lower(call, &context)
  }
}

/// Reads a join: its kind, the other table, and the condition taken apart into equal keys and the rest.
private enum JoinLowering {
  static func lower(_ call: VerbCall, _ context: inout StageContext) -> Plan? {
    var groups = call.arguments[...]
    var kind = Plan.Join.Kind.inner
    if groups.count > 1, let word = groups.first?.bareWord,
      let named = Plan.Join.Kind(rawValue: word.text.lowercased())
    {
      kind = named
      groups = groups.dropFirst()
      // `left outer join`
      if groups.count > 1, let word = groups.first?.bareWord, word.text.lowercased() == "outer",
        context.environment.table(word.text) == nil
      {
        context.report(
          "join-outer", "`\(kind.rawValue)` says it: a \(kind.rawValue) join is an outer one", at: word.range,
          help: ["leave `outer` out: join \(kind.rawValue) …"],
          fix: Diagnostic.Fix(
            SourceRange(word.range.lower, groups.dropFirst().first?.range.lower ?? word.range.upper), ""))
        return nil
      }
    }
    guard let item = groups.first?.items.first else {
      context.report(
        "incomplete", "`join` names no table", at: call.wordRange,
        help: ["such as join patients on patient_id"])
      return nil
    }
    if let second = groups.first?.items.dropFirst().first {
      let kind = kind == .inner ? "" : kind.rawValue + " "
      let (one, other) = (ExpressionText.code(item.value), ExpressionText.code(second.value))
      context.report(
        "one-item", "`join` takes one table, and this is a second", at: second.range,
        help: ["join one after the other: join \(kind)\(one) on … | join \(kind)\(other) on …"])
      return nil
    }
    // `join patients p on …`, as SQL has it.
    var sqlName: String?
    if groups.count == 2, let alias = groups.dropFirst().first?.bareWord, call.has("on"), !call.has("as") {
      sqlName = alias.text
      let table = ExpressionText.code(item.value)
      context.report(
        "join-as", "another name for the table stands behind `as`", at: alias.range,
        help: ["write join \(kind == .inner ? "" : kind.rawValue + " ")\(table) as \(alias.text) on …"],
        fix: Diagnostic.Fix(alias.range, "as \(alias.text)"))
    } else {
      context.refuseRest(groups.dropFirst(), call)
    }
    guard let (right, ownName) = other(item.value, call, &context) else { return nil }
    var name = sqlName ?? ownName
    if let alias = call.items("as").first, case .name(let given) = alias.value.kind { name = given.text }
    // What stands where `on` should is told already.
    if groups.count > 1, !call.has("on") { return nil }
    return condition(call, kind, right, name ?? "right", isNamed: name != nil, &context)
  }

  /// The other table's plan and the name that its columns go by.
  private static func other(
    _ expression: Expression, _ call: VerbCall, _ context: inout StageContext
  ) -> (plan: Plan, name: String?)? {
    let origin = context.origin
    switch expression.kind {
    case .name(let name) where context.environment.isStandardInput(name.text):
      let input = Expression(.text("-"), at: expression.range)
      return other(input, call, &context).map { ($0.plan, "stdin") }
    case .name(let name):
      if call.has("with"), context.environment.table(name.text) != nil {
        refuseOptions(call, name, &context)
        return nil
      }
      if let table = context.environment.table(name.text) {
        return (.scanning(table.source, origin: origin), table.name)
      }
      if context.environment.isUnknownTable(name.text) { return nil }
      context.report(
        CheckMessages.unknownTable(name.text, at: name.range, known: context.environment.tableNames))
      return nil
    case .text, .interpolation:
      var faults: [Diagnostic] = []
      guard case .text(let path) = context.environment.path(expression, &faults) else {
        for fault in faults { context.report(fault) }
        return nil
      }
      let options = OptionReading.options(call.items("with"), context.environment, &faults)
      for fault in faults { context.report(fault) }
      do {
        let source = try context.environment.open(path, options)
        return (.scanning(source, origin: origin), baseName(path))
      } catch is LaterFile {
        return nil
      } catch {
        context.report(Faults.diagnostic(error, at: expression.range))
        return nil
      }
    case .pipeline(let pipeline):
      var lowering = PipelineLowering(environment: context.environment)
      let plan = lowering.lower(nested: pipeline)
      for fault in lowering.diagnostics { context.report(fault) }
      return plan.map { ($0, nil) }
    default:
      context.report(
        "table-wanted", "`join` wants a table, not \(ExpressionText.of(expression))", at: expression.range,
        help: ["a table's name, a quoted file, or (a pipeline)"])
      return nil
    }
  }

  /// `join labs on id with how = "left"`: the options are those of a file.
  private static func refuseOptions(_ call: VerbCall, _ name: Name, _ context: inout StageContext) {
    let items = call.items("with")
    let kinds = items.compactMap { item -> String? in
      guard let option = item.names.first?.text.lowercased(), ["how", "kind", "type"].contains(option),
        case .text(let kind) = item.value.kind
      else { return nil }
      return Plan.Join.Kind(rawValue: kind.lowercased())?.rawValue ?? (kind == "outer" ? "full" : nil)
    }
    let keys = call.items("on").map { ExpressionText.code($0.value) }.joined(separator: ", ")
    let written = "\(CheckMessages.quoted(name.text)) on \(keys.isEmpty ? "key" : keys)"
    context.report(
      "join-options", "`with` says how a quoted file is read, and `\(name.text)` is a table already",
      at: items.first?.range ?? call.range,
      help: [kinds.first.map { "write join \($0) \(written)" } ?? "leave it out: join \(written)"])
  }

  private static func baseName(_ path: String) -> String {
    let file = path.split(separator: "/").last.map(String.init) ?? path
    let base = file.split(separator: ".").first.map(String.init) ?? file
    return String(base.map { $0.isLetter || $0.isNumber || $0 == "_" ? $0 : "_" })
  }

  private static func condition(
    _ call: VerbCall, _ kind: Plan.Join.Kind, _ right: Plan, _ name: String, isNamed: Bool,
    _ context: inout StageContext
  ) -> Plan? {
    let left = context.schema
    var sides = JoinSides(
      left: left, right: right.schema, leftName: Self.leftName(context.plan), rightName: name,
      rightIsNamed: isNamed)
    sides.keepsRight = kind != .semi && kind != .anti
    if let item = call.items.last { sides.rightWritten = ExpressionText.of(item.value) }
    guard call.has("on") else {
      let shared = left.names.filter { right.schema.names.contains($0) }
      var help = ["say which columns must be equal: join \(name) on key"]
      // `join labs as l using patient_id`
      let given = call.stage.groups.flatMap(\.items).compactMap { item -> String? in
        if case .name(let name) = item.value.kind, shared.contains(name.text) { name.text } else { nil }
      }
      if !given.isEmpty {
        let written = isNamed && sides.rightWritten != name ? "\(sides.rightWritten) as \(name)" : name
        help = ["write join \(written) on \(given.map(CheckMessages.quoted).joined(separator: ", "))"]
      } else if let first = shared.first {
        let names = Spelling.few(shared.map(CheckMessages.quoted))
        help = ["both have \(names): join \(name) on \(CheckMessages.quoted(first))"]
      }
      context.report("join-on", "`join` does not say on what", at: call.range, help: help)
      return nil
    }
    for item in call.items("on") { sides.take(context.plain(item), &context) }
    if sides.failed { return nil }
    if let fault = sides.oneSided(name) {
      context.report(fault)
      return nil
    }
    if kind == .asof, sides.nearest == nil {
      context.report(
        "asof", "`join asof` needs an inequality that says which row is the nearest", at: call.range,
        help: ["such as join asof labs on patient_id and labs.taken <= admitted"])
      return nil
    }
    if kind == .asof, sides.inequalities.count > 1 {
      context.notes.append(
        Note(
          .fact, "the nearest by `\(sides.deciding)`: the other inequalities only limit which rows count",
          at: call.range))
    }
    return node(call, kind, right, name, sides, context)
  }

  private static func node(
    _ call: VerbCall, _ kind: Plan.Join.Kind, _ right: Plan, _ name: String, _ sides: JoinSides,
    _ context: StageContext
  ) -> Plan {
    let left = context.schema
    var output = Array(left.fields.indices)
    var fields = left.fields
    var partners: [Int: Int] = [:]
    for key in sides.keys {
      guard let l = key.leftColumn, let r = key.rightColumn, key.standsOnce else { continue }
      partners[l] = left.count + r
      // Keys that only the right side has stand in the same column: it must hold both.
      if kind == .right || kind == .full,
        let common = DataType.common(fields[l].type, right.schema[r].type)
      {
        fields[l].type = common
      }
    }
    if kind != .semi, kind != .anti {
      let merged = Set(partners.values)
      var made = TakenNames(fields.map(\.name))
      for (index, field) in right.schema.fields.enumerated() where !merged.contains(left.count + index) {
        let taken = made.contains(field.name)
        let newName = made.unique(taken ? "\(name).\(field.name)" : field.name)
        fields.append(Field(newName, field.type, table: name))
        output.append(left.count + index)
      }
    }
    return .join(
      Plan.Join(
        left: context.plan, right: right, kind: kind, keys: sides.keys.map { ($0.left, $0.right) },
        residual: sides.residual, nearest: kind == .asof ? sides.nearest : nil, output: output,
        keyPartners: partners,
        schema: Schema(fields), leftName: leftName(context.plan), rightName: name,
        rightIsNamed: sides.rightIsNamed, origin: context.origin))
  }

  private static func leftName(_ plan: Plan) -> String {
    if case .scan(let scan) = plan { return baseName(scan.source.name) }
    return plan.children.first.map { leftName($0) } ?? "the left table"
  }
}

/// The two sides of a join condition, sorted into equal keys and the rest.
private struct JoinSides {
  struct Key {
    var left: PlanExpression
    var right: PlanExpression
    var leftColumn: Int?
    var rightColumn: Int?
    /// Written as one bare name: the column stands once in the result.
    var standsOnce: Bool
  }

  let left: Schema
  let right: Schema
  let leftName: String
  let rightIsNamed: Bool
  let rightName: String
  /// The right columns are in the result.
  var keepsRight = true
  /// The other table as it is written: a name, or a file in quotes.
  var rightWritten: String
  var keys: [Key] = []
  var residual: PlanExpression?
  var nearest: (left: PlanExpression, right: PlanExpression, comparison: String)?
  /// Inequalities between the sides, as they are written: of several one says which row is the nearest.
  var inequalities: [String] = []
  /// Conditions that are no plain keys, as they are written.
  var written: [Expression] = []
  /// The one of the inequalities that does.
  var deciding = ""
  var failed = false

  init(left: Schema, right: Schema, leftName: String, rightName: String, rightIsNamed: Bool) {
    self.left = left
    self.leftName = leftName
    self.rightIsNamed = rightIsNamed
    self.right = right
    self.rightName = rightName
    rightWritten = rightName
  }

  mutating func take(_ expression: Expression, _ context: inout StageContext) {
    switch expression.kind {
    case .binary(.and, let first, let second):
      take(first, &context)
      take(second, &context)
    case .name(let name): takeKey(name, &context)
    // `on k == k` can only mean the key of both sides: as a condition it would hold for every pair of rows.
    case .binary(.equal, let one, let other) where Self.sameName(one, other) != nil:
      if let name = Self.sameName(one, other) { takeKey(name, &context) }
    case .text(let text) where position(text, Scope(left)) != nil || position(text, Scope(right)) != nil:
      context.report(
        "on-quoted", "a key's name stands without quotes", at: expression.range,
        help: ["write on \(CheckMessages.quoted(text))"],
        fix: Diagnostic.Fix(expression.range, CheckMessages.quoted(text)))
      failed = true
    case .call where keyOfBoth(expression, context) != nil:
      // `on lower(trim(unit))`
      if let condition = keyOfBoth(expression, context) {
        context.report(
          "join-key", "a key that is worked out says of which side each is", at: expression.range,
          help: ["write on \(condition)"], fix: Diagnostic.Fix(expression.range, condition))
      }
      failed = true
    default:
      written.append(expression)
      takeCondition(expression, &context)
    }
  }

  /// `lower(trim(unit))` of a column that both sides have, in whatever capitals: the same of both sides.
  private func keyOfBoth(_ expression: Expression, _ context: StageContext) -> String? {
    guard case .call(let called, _) = expression.kind,
      let function = context.environment.catalogue.function(called.text), !function.isCondition
    else { return nil }
    var names: Set<String> = []
    expression.forEachDescendant { if case .name(let name) = $0.kind { names.insert(name.text) } }
    // A condition of both sides names a column that one of them has alone.
    guard !names.isEmpty, names.allSatisfy({ spelled($0, left) != nil && spelled($0, right) != nil }) else {
      return nil
    }
    func of(_ column: (String) -> String?) -> String {
      ExpressionText.code(
        expression.replacing { part in
          guard case .name(let name) = part.kind, let column = column(name.text) else { return nil }
          return Expression(.name(Name(column, at: part.range)), at: part.range)
        })
    }
    // A bare name that both sides have is that of the left.
    return
      "\(of { spelled($0, left) }) == \(of { name in spelled(name, right).map { "\(rightName).\($0)" } })"
  }

  /// A column's name as a table spells it, be it with other capitals; nil where there is none.
  private func spelled(_ name: String, _ schema: Schema) -> String? {
    if schema.names.contains(name) { return name }
    let folded = Suggestion.folded(name)
    return schema.names.first { Suggestion.folded($0) == folded }
  }

  private static func sameName(_ one: Expression, _ other: Expression) -> Name? {
    guard case .name(let first) = one.kind, case .name(let second) = other.kind, first.text == second.text,
      !first.text.contains(".")
    else { return nil }
    return first
  }

  /// `on key`: a column that both sides have.
  private mutating func takeKey(_ name: Name, _ context: inout StageContext) {
    let inLeft = position(name.text, Scope(left))
    let inRight = position(name.text, Scope(right))
    guard let l = inLeft, let r = inRight else {
      let known = inLeft == nil ? left.names : right.names
      var fault = CheckMessages.unknownColumn(name.text, at: name.range, known: known)
      fault.message += inLeft == nil ? " on the left" : " in \(rightName)"
      fault.help.append("columns of different names: on \(name.text) == \(rightName).other")
      context.report(fault)
      failed = true
      return
    }
    let keys = (
      PlanExpression.column(l, left[l], at: name.range), PlanExpression.column(r, right[r], at: name.range)
    )
    var checker = context.checker(.forbidden("in a join condition"))
    checker.noteCalendarDay(
      keys.0, "\(leftName).\(left[l].name)", keys.1, "\(rightName).\(right[r].name)", at: name.range)
    context.absorb(checker)
    if left[l].type == .date, right[r].type == .datetime, keepsRight {
      let (own, theirs) = (
        CheckMessages.quoted(left[l].name), "\(rightName).\(CheckMessages.quoted(right[r].name))"
      )
      context.notes.append(
        Note(
          .fact, "the key \(own) stands once, as a date: on \(own) == \(theirs) keeps the times of \(theirs)",
          subject: name.text, at: name.range))
    }
    add(keys.0, keys.1, name.range, standsOnce: true, &context)
  }

  private func position(_ name: String, _ scope: Scope) -> Int? {
    if case .found(let column) = scope.find(name), case .expression(let expression) = column.entry,
      case .column(let index, _) = expression.kind
    {
      return index
    }
    return nil
  }

  private mutating func add(
    _ l: PlanExpression, _ r: PlanExpression, _ range: SourceRange, standsOnce: Bool,
    _ context: inout StageContext
  ) {
    guard DataType.common(l.type, r.type) != nil else {
      context.report(
        "key-types",
        "these keys do not compare: \(l.type.name) on the left, \(r.type.name) in \(rightIsNamed ? rightName : "the table in brackets")",
        at: range, help: conversions(l, r))
      failed = true
      return
    }
    var leftColumn: Int?
    var rightColumn: Int?
    if case .column(let index, _) = l.kind { leftColumn = index }
    if case .column(let index, _) = r.kind { rightColumn = index }
    keys.append(
      Key(
        left: day(l, beside: r, context), right: day(r, beside: l, context), leftColumn: leftColumn,
        rightColumn: rightColumn, standsOnce: standsOnce))
  }

  /// How two keys of different types come to compare: as texts, or where both may be numbers as these.
  private func conversions(_ l: PlanExpression, _ r: PlanExpression) -> [String] {
    func name(_ key: PlanExpression, _ schema: Schema) -> String? {
      guard case .column(let index, _) = key.kind, index < schema.count else { return nil }
      return CheckMessages.quoted(schema[index].name)
    }
    guard let ours = name(l, left), let theirs = name(r, right), [l.type, r.type].contains(.text) else {
      return ["convert one of them first, for instance derive key = text(key)"]
    }
    let isOnLeft = l.type != .text
    func spelled(_ type: String, onLeft: Bool) -> String {
      if onLeft { return "| derive \(ours) = \(type)(\(ours)) | join …" }
      return !rightWritten.hasPrefix("(")
        ? "join (\(rightWritten) | derive \(theirs) = \(type)(\(theirs))) as \(rightName) on \(theirs)"
        : "end the pipeline in brackets with | derive \(theirs) = \(type)(\(theirs))"
    }
    let asTexts = "make both text: " + spelled("text", onLeft: isOnLeft)
    let other = isOnLeft ? l.type : r.type
    guard other.isNumber else { return [asTexts] }
    return [
      asTexts + "; then 001 and 1 differ",
      "make both numbers: \(spelled(other.name, onLeft: !isOnLeft)); then 001 is 1",
    ]
  }

  /// A datetime beside a date, as its calendar day: the two compare by it.
  private func day(
    _ key: PlanExpression, beside other: PlanExpression, _ context: StageContext
  ) -> PlanExpression {
    guard key.type == .datetime, other.type == .date,
      let date = context.environment.catalogue.function("date")
    else { return key }
    return PlanExpression(.call(PlanExpression.Call(date, [key], at: key.range)), .date, at: key.range)
  }

  /// Any other condition, over the left columns followed by the right ones.
  private mutating func takeCondition(_ expression: Expression, _ context: inout StageContext) {
    var scope = Scope(left)
    for (index, field) in left.fields.enumerated() where leftName != rightName {
      // The left columns may be told apart by their table's name too.
      let column = PlanExpression.column(index, field, at: expression.range)
      scope.add(Scope.Column(name: "\(leftName).\(field.name)", table: nil, entry: .expression(column)))
    }
    for (index, field) in right.fields.enumerated() {
      let column = PlanExpression.column(left.count + index, field, at: expression.range)
      scope.add(Scope.Column(name: "\(rightName).\(field.name)", table: nil, entry: .expression(column)))
      if !left.names.contains(field.name) {
        scope.add(Scope.Column(name: field.name, table: rightName, entry: .expression(column)))
      }
    }
    var checker = ExpressionChecker(
      environment: context.environment, scope: scope, mode: .forbidden("in a join condition"))
    let checked = checker.checkCondition(expression)
    context.absorb(checker)
    guard let checked else {
      failed = true
      return
    }
    if comparesWithItself(checked) {
      // Beside another condition it would be true of all rows, and every row would meet every other.
      context.report(
        CheckMessages.oneSidedJoin(
          rightName, meant: meant(checked) ?? meantOtherwise(checked), at: expression.range))
      failed = true
      return
    }
    if case .call(let call) = checked.kind, call.arguments.count == 2 {
      if split(call, checked, ExpressionText.of(expression), &context) { return }
    }
    and(checked, context)
  }

  /// An equality or inequality between the two sides.
  private mutating func split(
    _ call: PlanExpression.Call, _ whole: PlanExpression, _ written: String, _ context: inout StageContext
  ) -> Bool {
    guard let mirror = Function.mirroredSigns[call.function.name] else { return false }
    let sides = call.arguments.map { side(of: $0) }
    let (l, r, comparison): (PlanExpression, PlanExpression, String)
    switch (sides[0], sides[1]) {
    case (.left, .right): (l, r, comparison) = (call.arguments[0], call.arguments[1], call.function.name)
    case (.right, .left): (l, r, comparison) = (call.arguments[1], call.arguments[0], mirror)
    default: return false
    }
    let count = left.count
    let onRight = r.remapped { $0 - count }
    if comparison == "==" {
      add(l, onRight, whole.range, standsOnce: false, &context)
      return true
    }
    // `labs.taken >= admitted - 24h and labs.taken <= admitted`: what is shifted is the end of a window, and the plain
    // column what is to be near, wherever it stands.
    inequalities.append(written)
    let isPlain = l.isColumn && onRight.isColumn
    if nearest == nil || isPlain && !decidesPlainly {
      (nearest, deciding, decidesPlainly) = ((l, onRight, comparison), written, isPlain)
    }
    return false
  }

  /// A condition that speaks of one side alone would let each of its rows meet every row of the other.
  func oneSided(_ name: String) -> Diagnostic? {
    guard keys.isEmpty, let residual, [.left, .right].contains(side(of: residual)) else { return nil }
    return CheckMessages.oneSidedJoin(
      name, meant: meant(residual) ?? meantOtherwise(residual), at: residual.range)
  }

  /// `lower(unit) == lower(units.unit)`, where the left side's column is `Unit`: the bare name is that of the right side.
  private func meantOtherwise(_ condition: PlanExpression) -> String? {
    guard written.count == 1, case .binary(let sign, let one, let other) = written[0].kind, sign.isComparison,
      let first = one.firstColumn, let second = other.firstColumn
    else { return nil }
    let isOfRight = side(of: condition) == .right
    let schema = isOfRight ? left : right
    let plain = [first, second].first { !$0.contains(".") && spelled($0, schema) != nil }
    guard let plain, let column = spelled(plain, schema) else { return nil }
    var isDone = false
    let meant = written[0].replacing { part in
      guard !isDone, case .name(let name) = part.kind, name.text == plain else { return nil }
      isDone = true
      let meant = isOfRight ? column : "\(rightName).\(column)"
      return Expression(.name(Name(meant, at: part.range)), at: part.range)
    }
    return ExpressionText.code(meant)
  }

  /// `ward == a.ward`, where both are the same column of the table on the left.
  private func comparesWithItself(_ condition: PlanExpression) -> Bool {
    guard case .call(let call) = condition.kind, Function.mirroredSigns[call.function.name] != nil,
      case .column(let first, _) = call.arguments[0].kind, case .column(first, _) = call.arguments[1].kind
    else { return false }
    return true
  }

  /// `PATIENT == Id` where both sides have an `Id`: the condition that names the one on the right.
  private func meant(_ condition: PlanExpression) -> String? {
    guard case .call(let call) = condition.kind, call.arguments.count == 2,
      case .column(let first, let firstName) = call.arguments[0].kind,
      case .column(let second, let secondName) = call.arguments[1].kind, max(first, second) < left.count
    else { return nil }
    func onRight(_ name: String) -> String { CheckMessages.quoted("\(rightName).\(name)") }
    let sign = call.function.name
    if right.index(of: secondName) != nil {
      return "\(CheckMessages.quoted(firstName)) \(sign) \(onRight(secondName))"
    }
    if right.index(of: firstName) != nil {
      return "\(onRight(firstName)) \(sign) \(CheckMessages.quoted(secondName))"
    }
    return nil
  }

  private var decidesPlainly = false

  private enum Side { case left, right, both, neither }

  private func side(of expression: PlanExpression) -> Side {
    let columns = expression.columns
    if columns.isEmpty { return .neither }
    if columns.allSatisfy({ $0 < left.count }) { return .left }
    if columns.allSatisfy({ $0 >= left.count }) { return .right }
    return .both
  }

  private mutating func and(_ condition: PlanExpression, _ context: StageContext) {
    guard let known = residual, let and = context.environment.catalogue.function("and") else {
      residual = condition
      return
    }
    residual = PlanExpression(
      .call(PlanExpression.Call(and, [known, condition], at: condition.range)), .bool, at: condition.range)
  }
}
