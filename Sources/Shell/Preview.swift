import Columns
import Diagnostics
import Language
import Planning
import Presentation
import Sessions

/// The first rows of what a pipeline gives, while it is still being typed (`set preview = on`).
struct Preview {
  /// A preview that takes longer than this is not worth waiting for.
  private static let budget = 250
  private static let shownRows = 5

  private let session: Session

  init(_ session: Session) { self.session = session }

  /// Rows to paint below the prompt; none where there is nothing to show.
  func rows(_ text: String, _ isKeyWaiting: () -> Bool) -> [String] {
    guard session.isOn("preview"), let (plan, isWhole) = plan(text), Self.isInMemory(plan) else { return [] }
    let table = TimedLookup.rows(of: plan, session, milliseconds: Self.budget, isUnwanted: isKeyWaiting)
    guard let table else { return isKeyWaiting() ? [] : ["(no preview within \(Self.budget) ms)"] }
    let style = TableStyle(
      width: TerminalSize.current().columns - 1, maxRows: Self.shownRows, ascii: session.isOn("ascii"),
      theme: session.theme, notes: .off)
    let head = isWhole ? [] : ["(the rows before the last |)"]
    return head + TableRenderer(style: style).rendered(table).lines
  }

  /// The plan of the stages that are finished, and whether these are all.
  private func plan(_ text: String) -> (plan: Plan, isWhole: Bool)? {
    if let plan = wholePlan(text) { return (plan, true) }
    // The stage at the end is still being written: what stands before it gives rows already.
    let source = SourceText(text)
    guard let pipe = Lexer.tokens(of: source).last(where: { $0.symbol?.isPipe == true }) else { return nil }
    return wholePlan(source[SourceRange(0, pipe.range.lower)]).map { ($0, false) }
  }

  private func wholePlan(_ written: String) -> Plan? {
    guard Parser.isComplete(written) else { return nil }
    let script = Parser.parse(SourceText(written))
    let environment = session.environment(runs: false)
    guard script.statements.count == 1, let statement = script.statements.first, script.diagnostics.isEmpty,
      ShellWord(written) == nil, StatementTable.row(for: statement, environment) == nil
    else { return nil }
    var lowering = PipelineLowering(environment: environment)
    let plan = lowering.lower(statement)
    return lowering.diagnostics.contains { $0.severity == .error } ? nil : plan
  }

  /// Files are not read for a preview.
  private static func isInMemory(_ plan: Plan) -> Bool {
    if case .scan(let node) = plan { return node.source.tableInMemory != nil }
    return plan.children.allSatisfy(isInMemory)
  }
}
