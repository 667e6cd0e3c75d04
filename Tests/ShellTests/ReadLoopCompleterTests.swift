import Presentation
import Sessions
import Shell
import Testing

/// What is offered at the cursor, which stands at the end or at `^`.
@Suite struct ReadLoopCompleterTests {
  private let session = Session(options: Session.Options(threads: 2, now: 0, hospitalScale: 1))

  private func list(_ text: String) -> CompletionList {
    let scalars = Array(text.unicodeScalars)
    let cursor = scalars.firstIndex(of: "^") ?? scalars.count
    let plain = EditBuffer(scalars.filter { $0 != "^" }).string
    // A machine that is busy with other tests is not to change what is found.
    return Completer(session, patience: 30_000).complete(plain, cursor)
  }

  private func texts(_ text: String) -> [String] { list(text).candidates.map(\.text) }

  @Test func aStatementBeginsWithATableOrAWord() {
    #expect(texts("encou") == ["encounters"])
    #expect(texts("qu") == ["quit"])
    #expect(texts("").contains("encounters"))
    #expect(texts("").contains("load"))
    #expect(texts("encounters | take 1\nsta").contains("staff"))
  }

  @Test func whatFitsBestStandsFirst() {
    #expect(texts("encounters | derive m = start_of(admitted, ").prefix(3) == ["day", "week", "month"])
    #expect(texts("patients | join encounters ") == ["as", "on", "with"])
    #expect(texts("patients | join encounters on ").first == "patient_id")
    #expect(texts("encounters | filter class ").prefix(2) == ["==", "!="])
    #expect(texts("encounters | filter class == department ").first == "and")
    #expect(texts("learn ").count == 12)
    #expect(texts("try ") == [])
  }

  @Test func verbsStandBehindABar() {
    #expect(texts("encounters | agg") == ["aggregate"])
    #expect(texts("encounters |").contains("filter"))
    #expect(!texts("encounters | ").contains("encounters"))
    #expect(texts("encounters\n  | so") == ["sort"])
  }

  @Test func columnsAreThoseOfTheStage() {
    #expect(texts("encounters | filter departm") == ["department_id", "department"].filter { $0 != "" })
    let after = texts("encounters | aggregate visits = count() by department | filter ")
    #expect(after.contains("visits"))
    #expect(after.contains("department"))
    #expect(!after.contains("los_hours"))
    #expect(texts("encounters | derive long = los_hours > 9 | select lon") == ["long"])
    #expect(texts("let x = encounters | select site | sort s").contains("site"))
    #expect(texts("let x = encounters | select site | sort los") == [])
  }

  @Test func behindATablesNameAndADotStandItsColumns() {
    let joined = "encounters | join patients on patient_id | filter patients."
    #expect(texts(joined + "b") == ["patients.birth_date", "patients.bmi"])
    #expect(texts(joined).count == 8)
    #expect(
      texts(joined).contains("bmi") && texts("encounters | filter patient_id in patients.") == texts(joined))
    #expect(texts("encounters | join patients as p on patient_id | filter p.bm") == ["p.bmi"])
  }

  @Test func aMarkThatClosesAlreadyIsNotDoubled() {
    let closed = list("encounters | filter department == \"Sur^\" | count")
    #expect(closed.candidates.map(\.text) == ["\"Surgery\""])
    #expect(closed.replacing.upperBound == 39)
    #expect(list("encounters | filter department == 'Sur^' | count").replacing.upperBound == 39)
    #expect(list("encounters | filter department == \"Sur^ | count").replacing.upperBound == 38)
  }

  @Test func earlierStatementsOfTheTextCount() {
    #expect(texts("let few = encounters | select site\nfew | filter s").contains("site"))
  }

  @Test func theTableOfAnInnerPipeline() {
    #expect(texts("encounters | join (staf") == ["staff", "staff_id"].filter { $0 == "staff" })
    #expect(texts("encounters | join (departments | select dep").contains("department_id"))
    #expect(texts("encounters | join (departments | filt") == ["filter"])
  }

  @Test func functionsComeWithTheirSignature() {
    let found = list("encounters | aggregate m = medi")
    #expect(found.candidates.first?.text == "median(")
    #expect(found.candidates.first?.detail.hasPrefix("median(") == true)
    #expect(texts("encounters | filter round(los_h") == ["los_hours"])
  }

  @Test func wordsOfTheVerb() {
    #expect(texts("encounters | aggregate n = count() b") == ["by", "between"])
    #expect(texts("encounters | aggregate n = count() by site with ") == ["totals"])
    #expect(texts("encounters | count ") == ["by"])
    #expect(texts("encounters | count | chart ba") == ["bar"])
    #expect(texts("encounters | sort admitted de") == ["desc"])
    #expect(texts("encounters | filter department i") == ["in", "is missing", "is not missing"])
    #expect(texts("set ro") == ["rows = "])
    #expect(texts("set theme = ") == ["dark", "light"])
  }

  @Test func valuesWithTheirCounts() {
    let found = list("encounters | filter department == ")
    let first = found.candidates.first
    #expect(first?.text == "\"Emergency\"")
    #expect(first?.kind == .value)
    // As `encounters | count by department` counts.
    #expect(first?.detail == "12,283")
    #expect(texts("encounters | filter department == \"Emer") == ["\"Emergency\""])
    #expect(list("encounters | filter department == \"Emer").replacing == 34..<39)
    #expect(texts("encounters | filter department in [\"Emergency\", \"Surg") == ["\"Surgery\""])
    #expect(texts("encounters | filter department == \"Surgery\" | filter department == \"E") == [])
  }

  @Test func silentInCommentsAndTexts() {
    #expect(texts("encounters # fil") == [])
    #expect(texts("encounters | filter site ~ f\"fil") == [])
    #expect(texts("say \"enc") == [])
  }

  @Test func namesThatNeedBackticksGetThem() {
    let text = "table [{`length of stay`: 1}] | filter "
    #expect(texts(text).first == "`length of stay`")
    #expect(texts(text + "`len") == ["`length of stay`"])
    #expect(texts(text + "len").first == "`length of stay`")
  }

  @Test func theCursorMayStandInTheMiddle() {
    let found = list("encounters | fil^ | count")
    #expect(found.candidates.map(\.text) == ["filter", "fill"])
    #expect(found.replacing == 13..<16)
  }

  @Test func hints() {
    let hint = SignatureHint(session.catalogue)
    func text(_ input: String) -> String { hint.hint(input, input.unicodeScalars.count) ?? "" }
    #expect(text("encounters | derive x = round(los_hours, ").hasPrefix("round("))
    #expect(text("encounters | top ").hasPrefix("top 5"))
    #expect(text("encounters | filter los_hours > ").isEmpty)
    #expect(text("encounters | filter round(1) > ").isEmpty)
  }

  @Test func liveCheck() {
    let check = LiveCheck(session)
    #expect(check.diagnose("encounters | filter lo_hours > 3 | count").first?.range == 20..<28)
    #expect(check.diagnose("encounters | filter 'é' == sitte and true").first?.range == 27..<32)
    #expect(check.diagnose("encounters | count by sitt | ").first?.range == 22..<26)
    for unfinished in [
      "encounters |", "encounters | fil", "encounters | filter ", "encounters | filter round(los_hours",
      "encounters | filter site == \"a", "quit", "", "encounters | aggregate ", "load \"",
    ] {
      #expect(check.diagnose(unfinished).isEmpty, "\(unfinished)")
    }
  }
}

@Suite struct ReadLoopHighlighterTests {
  private let session = Session(options: Session.Options(threads: 1, now: 0))

  private func styled(_ text: String, _ theme: Theme = .dark) -> [String: TextStyle] {
    let scalars = Array(text.unicodeScalars)
    let spans = Highlighter(session.catalogue, theme).spans(text)
    return Dictionary(
      spans.map { (EditBuffer(Array(scalars[$0.range])).string, $0.style) }, uniquingKeysWith: { $1 })
  }

  @Test func everyKindHasItsStyle() {
    let found = styled("encounters | filter é == 'ü' and round(3) > 1 # why\n| nonsense x | count by y")
    #expect(found["filter"]?.isBold == true)
    #expect(found["count"] == found["filter"])
    #expect(found["by"]?.foreground == found["filter"]?.foreground)
    #expect(found["'ü'"] != nil)
    #expect(found["round"] != nil)
    #expect(found["3"] == found["1"])
    #expect(found["# why"] != nil)
    #expect(found["and"] != nil)
    #expect(found["encounters"] == nil)
    #expect(found["nonsense"] == nil)
    #expect(
      Set([found["'ü'"], found["round"], found["3"], found["# why"], found["and"], found["filter"]]).count
        == 6)
  }

  @Test func statementsOnlyAtTheirPlace() {
    #expect(styled("load \"a.csv\"")["load"] != nil)
    #expect(styled("take 3\nset rows = 5")["set"] != nil)
    #expect(styled("encounters | filter load > 3")["load"] == nil)
  }

  @Test func anOpenTextIsMarked() {
    let found = styled("t | filter a == \"abc")
    #expect(found["\"abc"] != styled("t | filter a == \"abc\"")["\"abc\""])
  }

  @Test func themesDiffer() {
    #expect(styled("t | filter a")["filter"] != styled("t | filter a", .light)["filter"])
  }
}
