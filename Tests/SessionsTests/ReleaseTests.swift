import Columns
import Diagnostics
import Scheduling
import Sessions
import Testing

/// What a session and its queries hold is let go with them.
@Suite struct ReleaseTests {
  /// Statements of every kind that keeps something: notes, names, effects, failures.
  private static let statements = [
    "encounters | aggregate m = median(los_hours), n = count(where: age > 50) by department",
    "encounters | filter los_hours > 5 | derive x = int(class) | sort -x | take 3",
    "encounters | join left patients on patient_id | take 3",
    "encounters | derive l = lag(admitted) by patient_id sort admitted | take 3",
    "encounters | pivot rows department columns site values count()",
    "let late = encounters | filter age > mean(age)", "def rate(n, d) = n / d", "undo", "redo",
    "encounters | count by department | chart bar n by department",
    "encounters | filter nothing_here > 3", "assert 1 == 2", "say rate(1, 2)", "describe encounters",
    "explain encounters | count by department", "help filter", "try 1", "why", "tables",
  ]

  @Test(arguments: statements) func aSessionIsLetGo(_ statement: String) {
    weak var kept: Session?
    weak var cancellation: Cancellation?
    do {
      let session = Session(
        options: Session.Options(threads: 2, now: 1_790_000_000_000_000, hospitalScale: 1))
      kept = session
      cancellation = session.cancellation
      _ = session.run(SourceText("let late = encounters | filter age > 50")) { _ in }
      _ = session.run(SourceText(statement)) { _ in }
    }
    #expect(kept == nil)
    // Each query's context holds this one: a query that is not let go keeps it.
    #expect(cancellation == nil)
  }
}
