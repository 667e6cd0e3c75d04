import Columns
import Diagnostics
import Language
import Planning

/// What `rounds check` says of a script that is right but may not say what was meant: names that nobody uses, columns
/// that are replaced unawares, conditions that can never be true, texts that do not occur.
struct ScriptReview {
  let session: Session
  private var warnings: [Diagnostic] = []
  private var texts: [TextKey: KnownTexts?] = [:]

  private struct TextKey: Hashable {
    var source: ObjectIdentifier
    var column: Int
  }

  init(_ session: Session) { self.session = session }

  /// Of a script that `check` found nothing in what fails on every data; where nothing does, its warnings. Each in its
  /// order.
  mutating func findings(in script: Script) -> [Diagnostic] {
    let seen = seen(in: script)
    let rehearsal = Rehearsal(session: session)
    let faults = seen.flatMap { $0.plan.map(rehearsal.faults) ?? [] }
    if !faults.isEmpty { return faults.map { $0.located(in: script.source) } }
    for one in seen { review(one) }
    warnings += NameUse.warnings(of: script) + replacedFunctions(script)
    var told: Set<String> = []
    return warnings.filter { told.insert("\($0.range?.lower ?? -1) \($0.message)").inserted }
      .map { $0.located(in: script.source) }
      .sorted { ($0.range?.lower ?? 0) < ($1.range?.lower ?? 0) }
  }

  /// `def sum(x) = max(x)`: from there on the name means something else.
  private func replacedFunctions(_ script: Script) -> [Diagnostic] {
    script.statements.compactMap { statement in
      guard statement.head.word?.text.lowercased() == "def",
        let name = statement.head.groups.first?.items.first?.names.first,
        let function = session.catalogue.function(name.text), function.category != .operators
      else { return nil }
      return Diagnostic(
        "replaced-function", "`\(name.text)` is a built-in function, and means this measure from here on",
        at: name.range, help: ["give the measure another name, such as my_\(name.text)"], severity: .warning)
    }
  }

  /// The pipelines and values of a script, without those of files that it includes.
  private func seen(in script: Script) -> [ScriptChecker.Seen] {
    var seen: [ScriptChecker.Seen] = []
    let checker = ScriptChecker(session.environment(runs: false), session)
    checker.onSeen = { seen.append($0) }
    for statement in script.statements {
      // What a file that is included does is its own.
      let isInclude = StatementTable.row(for: statement, checker.environment)?.name == "include"
      let count = seen.count
      _ = checker.check(statement, in: script.source)
      if isInclude { seen.removeSubrange(count...) }
    }
    return seen
  }

  private mutating func review(_ seen: ScriptChecker.Seen) {
    for note in seen.notes where note.message.hasSuffix("is hidden by it") {
      warnings.append(
        Diagnostic(
          "hidden-name", note.message, at: note.range, help: ["give one of the two another name"],
          severity: .warning))
    }
    warnings += uncheckedStages(seen)
    guard let plan = seen.plan else { return }
    warnings += Contradictions.warnings(in: plan)
    visit(plan)
    if let pipeline = seen.pipeline, let environment = seen.environment { reviewNames(pipeline, environment) }
  }

  /// Whether a stage holds a name that may be a column: not `save "x.csv"` and `take 5`.
  private static func namesColumns(_ stage: Stage) -> Bool {
    stage.groups.flatMap(\.items).contains { $0.value.firstColumn != nil }
  }

  /// What stands behind a pivot whose columns only the data tells.
  private func uncheckedStages(_ seen: ScriptChecker.Seen) -> [Diagnostic] {
    guard let stages = seen.pipeline?.stages else { return [] }
    return seen.notes.filter { $0.message == Note.unknownColumns }.compactMap { note in
      guard let range = note.range, let place = stages.firstIndex(where: { $0.range == range }),
        stages[(place + 1)...].contains(where: Self.namesColumns)
      else { return nil }
      return Diagnostic(
        "unchecked-stages",
        "the stages behind this pivot are not checked: its columns are known when the data is read",
        at: range,
        help: ["a list of them makes them known: columns … in [\"…\", \"…\"]"], severity: .warning)
    }
  }

  // MARK: Columns that are replaced

  /// `derive age = 3` where there was another `age` already.
  private mutating func reviewNames(_ pipeline: Pipeline, _ environment: Environment) {
    var begin = pipeline
    begin.stages = []
    var lowering = PipelineLowering(environment: environment)
    var before = lowering.lower(begin)
    for stage in pipeline.stages {
      guard let plan = before else { return }
      // Behind `aggregate` the old columns are gone: a name of theirs may be used again.
      if let verb = environment.catalogue.verb(stage.word?.text ?? ""), verb.name == "derive" {
        let schema = plan.schema
        for item in VerbCall(verb, stage).items { review(item, schema) }
      }
      before = lowering.lower([stage], onto: plan)
    }
  }

  private mutating func review(_ item: Item, _ schema: Schema) {
    for name in item.names where !uses(item.value, name.text) {
      let quoted = CheckMessages.quoted(name.text)
      if schema.names.contains(name.text) {
        warnings.append(
          Diagnostic(
            "shadowed-column", "`\(name.text)` replaces the column of that name without using it",
            at: name.range,
            help: ["give it another name, or leave the old column out before: drop \(quoted)"],
            severity: .warning))
      } else if let near = schema.names.first(where: { Suggestion.folded($0) == Suggestion.folded(name.text) }
      ) {
        warnings.append(
          Diagnostic(
            "near-name", "`\(name.text)` becomes a second column beside `\(near)`", at: name.range,
            help: ["to replace the column write its name as it is: \(CheckMessages.quoted(near))"],
            severity: .warning))
      }
    }
  }

  private func uses(_ expression: Expression, _ name: String) -> Bool {
    let wanted = Suggestion.folded(name)
    return expression.contains { part in
      if case .name(let used) = part.kind { Suggestion.folded(used.text) == wanted } else { false }
    }
  }

  // MARK: Texts that do not occur

  private mutating func visit(_ plan: Plan) {
    let input = plan.children.first
    for expression in plan.expressions { visit(expression, input) }
    for child in plan.children { visit(child) }
  }

  private mutating func visit(_ expression: PlanExpression, _ input: Plan?) {
    if case .call(let call) = expression.kind, let input {
      switch call.function.name {
      case "==", "!=":
        for (one, other) in [(0, 1), (1, 0)] where call.arguments.count == 2 {
          if let value = call.arguments[other].constant {
            look(for: [value], call.arguments[one], input, expression)
          }
        }
      case "in":
        if case .list(let values)? = call.arguments.last?.constant, let subject = call.arguments.first {
          look(for: values, subject, input, expression)
        }
      default: break
      }
    }
    for child in expression.children { visit(child, input) }
    for subquery in expression.children.isEmpty ? expression.subqueries : [] { visit(subquery.plan) }
  }

  private mutating func look(
    for values: [Value], _ subject: PlanExpression, _ input: Plan, _ whole: PlanExpression
  ) {
    guard case .column(let index, let name) = subject.kind, subject.type == .text,
      let place = input.sourceColumn(index), let known = known(place)
    else { return }
    for case .text(let text) in values where !known.contains(text) {
      warnings.append(
        Diagnostic(
          "never-occurs", "`\(name)` never is \"\(text)\" in \(place.source.name)",
          at: whole.range, help: known.near(text).map { [$0] } ?? [], severity: .warning))
    }
  }

  /// The texts of a source's column; nil where they cannot be known.
  private mutating func known(_ place: (source: any TableSource, column: Int)) -> KnownTexts? {
    let key = TextKey(source: ObjectIdentifier(place.source), column: place.column)
    if let known = texts[key] { return known }
    var source = place.source
    if let promised = source as? PromisedSource {
      guard let loaded = promised.loaded else { return nil }
      source = loaded
    }
    let origin = StageOrigin(range: SourceRange(0, 0), verb: "from", index: 0)
    var known = KnownTexts(of: place.column, in: .scanning(source, origin: origin), session)
    if known?.isComplete == false { known = nil }
    texts[key] = .some(known)
    return known
  }
}

extension Plan {
  /// The column of a table that a column of this plan is, row by row unchanged; nil for a computed one.
  fileprivate func sourceColumn(_ index: Int) -> (source: any TableSource, column: Int)? {
    switch self {
    case .scan(let node):
      return node.columns.indices.contains(index) ? (node.source, node.columns[index]) : nil
    case .project(let node):
      guard node.items.indices.contains(index), case .column(let inner, _) = node.items[index].kind else {
        return nil
      }
      return node.input.sourceColumn(inner)
    case .filter, .sort, .slice, .sample, .effect: return children.first?.sourceColumn(index)
    case .window(let node):
      return index < node.input.schema.count ? node.input.sourceColumn(index) : nil
    case .join(let node):
      guard node.output.indices.contains(index) else { return nil }
      let place = node.output[index]
      let left = node.left.schema.count
      return place < left ? node.left.sourceColumn(place) : node.right.sourceColumn(place - left)
    case .aggregate, .distinct, .append, .unpivot, .split, .describe: return nil
    }
  }
}

extension Session {
  /// The faults of a text, or where it has none what may not be meant in it.
  package func review(_ source: SourceText) -> [Diagnostic] {
    let script = Parser.parse(source)
    let (faults, warnings) = check(script)
    return faults.isEmpty ? warnings + review(script) : faults
  }

  /// What fails on every data in a script that `check` found nothing in, or else what may not be meant in it.
  package func review(_ script: Script) -> [Diagnostic] {
    var review = ScriptReview(self)
    return review.findings(in: script)
  }
}
