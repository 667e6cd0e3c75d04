import Columns
import Diagnostics
import Language
import Planning
import Synchronization

/// Checks statements one after another without running them: what a statement would bind is promised to the next.
final class ScriptChecker {
  var environment: Environment
  let session: Session
  var includes: [String]
  /// False after a statement whose result cannot be known (a pivot's columns): what follows from it is not checked.
  var lastIsKnown = true

  /// A pipeline or a value that was found to be right.
  struct Seen {
    var pipeline: Pipeline?
    var plan: Plan?
    var notes: [Note]
    /// The names before a pipeline. Kept for each value of a long script they would be copied with every name that comes
    /// behind.
    var environment: Environment?
  }

  /// Told of each, for those who look closer.
  var onSeen: ((Seen) -> Void)?
  private let files = PromisedFiles()

  init(_ environment: Environment, _ session: Session) {
    self.environment = environment
    self.session = session
    self.environment.open = { [files, open = environment.open] path, options in
      try files.source(path) ?? open(path, options)
    }
    includes = session.includes
  }

  func check(_ statement: Statement, in source: SourceText) -> [Diagnostic] {
    if let row = StatementTable.row(for: statement, environment) {
      if let stray = row.strayStage(statement) ?? row.straySecond(statement)
        ?? row.strayPart(statement)
      {
        return [stray]
      }
      return row.check(statement, self, source)
    }
    return checkPipeline(statement).faults
  }

  /// A pipeline whose result becomes `last`.
  func checkPipeline(_ pipeline: Pipeline) -> (plan: Plan?, faults: [Diagnostic]) {
    if pipeline.continuesLast || pipeline.head.word?.text == "last", !lastIsKnown { return (nil, []) }
    var lowering = PipelineLowering(environment: environment)
    let plan = lowering.lower(pipeline)
    files.promise(pipeline, plan, environment)
    onSeen?(
      Seen(
        pipeline: pipeline, plan: plan, notes: lowering.notes,
        environment: pipeline.stages.isEmpty ? nil : environment))
    if let plan {
      environment.last = PromisedSource(plan.schema, name: "last")
      lastIsKnown = true
    } else {
      lastIsKnown = false
    }
    return (plan, lowering.diagnostics)
  }

  /// An expression outside any table.
  func checkValue(_ expression: Expression, condition: Bool = false) -> (
    value: PlanExpression?, faults: [Diagnostic]
  ) {
    var checker = ExpressionChecker(
      environment: environment, scope: Scope(),
      mode: .forbidden("outside a table; begin with a table and `|`"))
    let checked = condition ? checker.checkCondition(expression) : checker.check(expression)
    if let checked {
      let origin = StageOrigin(range: expression.range, verb: "value", index: 0)
      let plan = PipelineLowering(environment: environment).oneCell(checked, "value", origin)
      onSeen?(Seen(plan: plan, notes: checker.notes))
    }
    return (checked, checker.diagnostics)
  }
}

/// The files that a script writes before it reads them: they need not be there while it is checked.
private final class PromisedFiles: Sendable {
  /// The columns by path; nil where only the run will know them.
  private let schemas = Mutex<[String: Schema?]>([:])

  func promise(_ pipeline: Pipeline, _ plan: Plan?, _ environment: Environment) {
    for stage in pipeline.stages where environment.catalogue.verb(stage.word?.text ?? "")?.name == "save" {
      // What is wrong with it was told where the stage was checked.
      var faults: [Diagnostic] = []
      let written = environment.path(stage.groups.first?.items.first?.value, &faults)
      guard case .text(let path) = written else { continue }
      let schema = plan.flatMap { Self.schema(savedTo: path, in: $0) }
      schemas.withLock { $0[path] = .some(schema) }
    }
  }

  private static func schema(savedTo path: String, in plan: Plan) -> Schema? {
    if case .effect(let node) = plan, case .save(path, _) = node.kind { return node.input.schema }
    return plan.children.lazy.compactMap { schema(savedTo: path, in: $0) }.first
  }

  /// A source that promises the columns of a file; nil for other files.
  func source(_ path: String) throws -> (any TableSource)? {
    guard let promised = schemas.withLock({ $0[path] }) else { return nil }
    guard let schema = promised else { throw LaterFile() }
    return PromisedSource(schema, name: path)
  }
}

extension Statement {
  /// The pipeline behind `let name =`: the item's value as its source, the statement's stages behind it.
  func pipeline(from item: Item) -> Pipeline {
    let rest = Array(head.groups.dropFirst())
    let range = item.value.range.union(self.range)
    if case .name(let name) = item.value.kind, !item.value.isParenthesized {
      return Pipeline(
        head: Stage(word: name, groups: rest, range: item.value.range), stages: stages, range: range)
    }
    let group = Group(items: [Item(value: item.value, range: item.value.range)], range: item.value.range)
    return Pipeline(
      head: Stage(word: nil, groups: [group] + rest, range: item.value.range), stages: stages, range: range)
  }

  /// Whether `let name = …` makes a table.
  func makesTable(_ item: Item, _ environment: Environment) -> Bool {
    if !stages.isEmpty || head.groups.count > 1 { return true }
    switch item.value.kind {
    case .pipeline: return true
    case .text: return item.value.isParenthesized
    case .name(let name):
      return environment.table(name.text) != nil || environment.isStandardInput(name.text)
    default: return false
    }
  }
}
