import Columns
import Diagnostics
import Language
import Planning
import Sessions
import TestSupport
import Testing

/// Each rule of the optimiser on plans that it must change, and on plans that it must leave alone.
@Suite struct PlanTests {
  struct Case: CustomTestStringConvertible, Sendable {
    var rule: String
    var text: String
    var before: String
    /// Nil where the rule must change nothing.
    var after: String?
    var testDescription: String { "\(rule): \(text)" }
  }

  private static let setup = "let t = table [{a: 1, b: \"x\", c: 2.5}, {a: 2, b: \"y\", c: missing}]"

  static let cases: [Case] = [
    Case(
      rule: "merge projections", text: "t | derive d = a + 1 | select b, e = d, f = c * 2",
      before: """
        project b = b#1, e = d#3, f = (c#2 * 2)
          project a = a#0, b = b#1, c = c#2, d = (a#0 + 1)
            scan t [a, b, c]
        """,
      after: """
        project b = b#1, e = (a#0 + 1), f = (c#2 * 2)
          scan t [a, b, c]
        """),
    // Part of another calculation, it would have another name in notes.
    Case(
      rule: "merge projections", text: "t | derive d = a + 1 | select b, e = d * 2",
      before: """
        project b = b#1, e = (d#3 * 2)
          project a = a#0, b = b#1, c = c#2, d = (a#0 + 1)
            scan t [a, b, c]
        """),
    // Used twice, the lower expression would be computed twice.
    Case(
      rule: "merge projections", text: "t | derive d = a + 1 | select e = d * 2, f = d * 3",
      before: """
        project e = (d#3 * 2), f = (d#3 * 3)
          project a = a#0, b = b#1, c = c#2, d = (a#0 + 1)
            scan t [a, b, c]
        """),
    // Used by nobody, it may still have a note to make.
    Case(
      rule: "merge projections", text: "t | derive d = a / c | select b",
      before: """
        project b = b#1
          project a = a#0, b = b#1, c = c#2, d = (a#0 / c#2)
            scan t [a, b, c]
        """),
    Case(
      rule: "top rows", text: "t | sort -a | take 3",
      before: """
        slice skip 0 take 3 by [] sort []
          sort -a#0
            scan t [a, b, c]
        """,
      after: """
        slice skip 0 take 3 by [] sort []
          sort -a#0, first 3
            scan t [a, b, c]
        """),
    // The key that is left out is kept until the cut, so that a tie is told.
    Case(
      rule: "cut before columns", text: "t | sort -a | select b | take 3",
      before: """
        project b = b#0
          slice skip 0 take 3 by [] sort []
            project b = b#1, a = a#0
              sort -a#0
                scan t [a, b, c]
        """,
      after: """
        project b = b#0
          project b = b#1, a = a#0
            slice skip 0 take 3 by [] sort []
              sort -a#0
                scan t [a, b, c]
        """),
    Case(
      rule: "cut before columns", text: "t | sort a | derive d = a + c | take 3",
      before: """
        slice skip 0 take 3 by [] sort []
          project a = a#0, b = b#1, c = c#2, d = (a#0 + c#2)
            sort a#0
              scan t [a, b, c]
        """),
    // From the end all rows must be in order.
    Case(
      rule: "top rows", text: "t | sort a | take -3",
      before: """
        slice skip 0 take 3 from the end by [] sort []
          sort a#0
            scan t [a, b, c]
        """),
    Case(
      rule: "prune columns", text: "t | filter a > 1 | aggregate m = mean(c)",
      before: """
        project m = mean(c)#0
          aggregate [mean(c#2)] by []
            filter (a#0 > 1)
              scan t [a, b, c]
        """,
      after: """
        project m = mean(c)#0
          aggregate [mean(c#1)] by []
            filter (a#0 > 1)
              scan t [a, c]
        """),
    // A division may be by zero, which is told although nobody wants the quotient.
    Case(
      rule: "prune columns", text: "t | derive d = a / c | select b",
      before: """
        project b = b#1
          project a = a#0, b = b#1, c = c#2, d = (a#0 / c#2)
            scan t [a, b, c]
        """,
      after: """
        project b = b#0
          project b = b#1, d = (a#0 / c#2)
            scan t [a, b, c]
        """),
    Case(
      rule: "filter into scan", text: "\"FILE\" | filter a > 1 | count by b",
      before: """
        sort -n#1, b#0
          project b = b#0, n = n#1, percent = ((n#1 * 100) / sum(n)#2)
            window [sum(n#1)] by [] sort []
              project b = b#0, n = count()#1
                aggregate [count()] by [b#1]
                  filter (a#0 > 1)
                    scan FILE [a, b]
        """,
      after: """
        sort -n#1, b#0
          project b = b#0, n = n#1, percent = ((n#1 * 100) / sum(n)#2)
            window [sum(n#1)] by [] sort []
              project b = b#0, n = count()#1
                aggregate [count()] by [b#1]
                  scan FILE [a, b] where (a#0 > 1)
        """),
    Case(
      rule: "join side", text: "t | sort a | join left (table id = 1..100) on a == id",
      before: """
        join left on [a#0 == id#0]
          sort a#0
            scan t [a, b, c]
          scan table [id]
        """,
      after: """
        join left on [a#0 == id#0], index of the left
          sort a#0
            scan t [a, b, c]
          scan table [id]
        """),
    Case(
      rule: "join side", text: "table id = 1..100 | join t on id == a",
      before: """
        join inner on [id#0 == a#0]
          scan table [id]
          scan t [a, b, c]
        """,
      after: """
        join inner on [id#0 == a#0], index of the right
          scan table [id]
          scan t [a, b, c]
        """),
    // Nobody knows beforehand what a filter keeps.
    Case(
      rule: "join side", text: "t | join (t | filter a > 1 | select a) on a",
      before: """
        join inner on [a#0 == a#0]
          scan t [a, b, c]
          project a = a#0
            filter (a#0 > 1)
              scan t [a, b, c]
        """),
    Case(
      rule: "common expressions", text: "t | derive d = round(a / c, 1), e = if(a / c > 1, a / c, a)",
      before: """
        project a = a#0, b = b#1, c = c#2, d = round((a#0 / c#2), 1), e = case {((a#0 / c#2) > 1) -> (a#0 / c#2), else -> a#0}
          scan t [a, b, c]
        """,
      after: """
        project a = a#0, b = b#1, c = c#2, d = round((a#0 / c#2)@1, 1), e = case {((a#0 / c#2)@1 > 1) -> (a#0 / c#2)@1, else -> a#0}
          scan t [a, b, c]
        """),
    Case(
      rule: "common expressions",
      text: "t | aggregate n = count(where: a / c > 1), s = sum(a / c, where: a / c > 1), d = sum(c / a)",
      before: """
        project n = count(where: a / c > 1)#0, s = sum(a / c, where: a / c > 1)#1, d = sum(c / a)#2
          aggregate [count(where: ((a#0 / c#2) > 1)), sum((a#0 / c#2), where: ((a#0 / c#2) > 1)), sum((c#2 / a#0))] by []
            scan t [a, b, c]
        """,
      after: """
        project n = count(where: a / c > 1)#0, s = sum(a / c, where: a / c > 1)#1, d = sum(c / a)#2
          aggregate [count(where: ((a#0 / c#2)@1 > 1)@2), sum((a#0 / c#2)@1, where: ((a#0 / c#2)@1 > 1)@2), sum((c#2 / a#0))] by []
            scan t [a, b, c]
        """),
    // The same text with another number is not the same.
    Case(
      rule: "common expressions", text: "t | derive d = a + 1, e = a + 2, f = -a, g = c * a",
      before: """
        project a = a#0, b = b#1, c = c#2, d = (a#0 + 1), e = (a#0 + 2), f = (negate a#0), g = (c#2 * a#0)
          scan t [a, b, c]
        """),
    // Rows in memory gain nothing by it.
    Case(
      rule: "filter into scan", text: "t | filter a > 1",
      before: """
        filter (a#0 > 1)
          scan t [a, b, c]
        """),
  ]

  @Test(arguments: cases) func changesThePlanAsWritten(_ one: Case) throws {
    let folder = try DuckDB.temporaryFolder()
    defer { _ = DuckDB.output(of: "rm -rf '\(folder)'") }
    let file = folder + "/f.csv"
    try DuckDB.write("a,b\n1,x\n2,y\n", to: file)
    let session = Session(options: Session.Options(threads: 1, now: 1_790_000_000_000_000))
    #expect(session.run(SourceText(Self.setup)) { _ in } == .done)
    let script = Parser.parse(SourceText(one.text.replacing("FILE", with: file)))
    var lowering = PipelineLowering(environment: session.environment(runs: false))
    let statement = try #require(script.statements.first)
    let lowered = lowering.lower(statement)
    let plan = try #require(lowered)
    #expect(lowering.diagnostics.isEmpty)
    let rule = try #require(Optimizer.rules.first { $0.name == one.rule })
    #expect(plan.tree.replacing(file, with: "FILE") == one.before)
    #expect(rule.apply(plan).tree.replacing(file, with: "FILE") == one.after ?? one.before)
  }

  @Test func everyRuleHasACaseThatItChanges() {
    for rule in Optimizer.rules {
      #expect(Self.cases.contains { $0.rule == rule.name && $0.after != nil }, "no case of \(rule.name)")
    }
  }
}
