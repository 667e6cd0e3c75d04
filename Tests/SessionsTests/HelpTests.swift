import Diagnostics
import Planning
import Testing

@testable import Sessions

/// `help` and its search.
@Suite struct HelpTests {
  private static let session = Session(
    options: Session.Options(threads: 1, now: 1_790_000_000_000_000, hospitalScale: 1))

  private func help(_ topic: String) -> String {
    Help.text(topic, Self.session.catalogue, tables: Self.session.helpTables)
  }

  @Test(arguments: [
    ("help in", "help \"in\""), ("help ~", "help \"~\""), ("help |", "help \"|\""),
    ("  HELP And ", "help \"And\""), ("help case", "help \"case\""), ("help is", "help \"is missing\""),
    ("help not in", "help \"in\""),
    ("help median", "help median"), ("help \"in\"", "help \"in\""), ("help in list", "help \"in list\""),
    ("help case when", "help \"case when\""), ("help median; tables", "help median; tables"),
    ("encounters | count", "encounters | count"),
  ]) func operatorsAreTopics(_ typed: String, _ asked: String) {
    #expect(Help.withQuotedTopic(typed, Self.session.catalogue) == asked)
  }

  @Test(arguments: [
    ("departmnt", "department"), ("encuonters", "encounters"), ("histogramm", "histogram"),
    ("medain", "median"),
    ("recrod", "record"),
  ]) func aSlipIsGuessed(_ asked: String, _ meant: String) {
    let said = help(asked)
    #expect(said.hasPrefix("Nothing found") && said.contains(meant), "\(said)")
    #expect(!help(meant).hasPrefix("Nothing found"))
  }

  /// Each kind of chart has a page, found by its name with and without `chart`, whose example runs.
  @Test func everyKindOfChartHasAPage() {
    let catalogue = Self.session.catalogue
    for kind in catalogue.chartKinds {
      for topic in [kind.name, "chart \(kind.name)"] {
        let page = help(topic)
        #expect(
          page.contains("chart \(kind.name): \(kind.summary)") && page.contains("  " + kind.form), "\(page)")
        #expect(kind.reading.allSatisfy { page.contains($0) } && !kind.reading.isEmpty)
        #expect(Help.examples(topic, catalogue).last == kind.pipeline)
      }
      let session = Session(
        options: Session.Options(threads: 1, now: 1_790_000_000_000_000, hospitalScale: 1))
      var charts: [String] = []
      session.tell = { if case .chart(let specification, _) = $0 { charts.append(specification.kind ?? "") } }
      #expect(session.run(SourceText(kind.pipeline)) { Issue.record("\(kind.name): \($0)") } == .done)
      #expect(charts == [kind.name])
    }
  }

  @Test func everyFunctionAndVerbHasHelp() {
    let catalogue = Self.session.catalogue
    for name in catalogue.functions.map(\.name) + catalogue.verbs.map(\.name) {
      let asked = Help.withQuotedTopic("help \(name)", catalogue)
      var said = ""
      let session = Session(options: Session.Options(threads: 1, now: 1_790_000_000_000_000))
      session.tell = { if case .text(let text) = $0 { said = text } }
      #expect(session.run(SourceText(asked)) { _ in } == .done, "\(name)")
      #expect(!said.hasPrefix("Nothing found") && !said.hasPrefix("Found for"), "\(name)")
    }
  }

  @Test(arguments: [
    ("readmission", "lesson 9"), ("report", "record \"visit.md\""), ("html", "--format html"),
    ("encounters", "los_hours: float"), ("alerts", "describe alerts"),
    ("los_hours", "a column of encounters"),
    ("length of stay", "los_hours"), ("how do I find patients without medication", "join anti"),
    ("how do I pass a parameter", "param since"), ("how do I write a comment", "# begins"),
    ("odds ratio", "risk_ratio("), ("t test", "save the rows for R"), ("30-day readmissions", "learn 9"),
    ("how do I make a report", "--format html"),
    ("see all rows", "show all"), ("save to Excel", "xlsx is neither"), ("weighted mean", "sum(x * w)"),
    ("survival", "running_product"), ("hazard ratio", "no test of survival curves"),
    ("percent of total", "sum(charges)"),
    ("table literal", "a row in each pair"), ("notes", "⋈  (&)"), ("note", "in a cell"),
  ])
  func findsWhatIsAskedFor(_ topic: String, _ expected: String) {
    #expect(help(topic).contains(expected))
  }

  @Test func anAnswerComesFirst() {
    #expect(help("length of stay").split(separator: "\n")[1].contains("los_hours"))
    #expect(!help("length of stay").contains("length(x)"))
    #expect(help("qzxv").contains("Nothing found"))
  }

  @Test func everyExampleOfAnAnswerRuns() {
    for example in HelpAnswer.all.compactMap(\.example) {
      var faults: [String] = []
      let status = Self.session.run(SourceText(example, name: "input")) { faults += $0.map(\.message) }
      #expect(status == .done, "\(example): \(faults)")
    }
  }
}
