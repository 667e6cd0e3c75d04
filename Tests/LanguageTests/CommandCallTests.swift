import Diagnostics
import Language
import Testing

/// Commands of Stata and Epi Info, and the stages that say the same.
struct CommandCallTests {
  @Test(
    arguments: [
      ("tab ward", "count by ward"), ("tabulate ward sex", "pivot rows ward columns sex values count()"),
      ("tab ward sex, row", nil), ("tab ward sex dept", nil), ("tab ward, missing", "count by ward"),
      ("FREQ ward", "count by ward"), ("FREQ ward sex", nil),
      ("TABLES ward sex", "pivot rows ward columns sex values count()"), ("TABLES ward", nil),
      ("MEANS los ward", "aggregate n = count(los), mean(los), stddev(los), median(los) by ward"),
      ("summarize los age", "select los, age | describe"),
      ("su los if sex == \"f\", detail", "filter sex == \"f\" | select los | describe"),
      (
        "bysort ward: summarize los",
        "aggregate n = count(los), mean(los), stddev(los), min(los), max(los) by ward"
      ),
      ("mean los, over(ward)", "aggregate mean(los) by ward"), ("mean los", nil),
      ("total los cost, over(ward)", "aggregate sum(los), sum(cost) by ward"),
      (
        "tabstat los, by(ward) stat(mean sd p90 n)",
        "aggregate mean(los), stddev(los), percentile(los, 90), count(los) by ward"
      ),
      ("tabstat los, stat(mean cv)", nil),
      ("table ward sex, c(mean los)", "aggregate mean(los) by ward, sex"),
      ("table ward sex, c(freq)", nil),
      (
        "collapse (mean) los (sd) s = los (count) n = age, by(ward sex)",
        "aggregate los = mean(los), s = stddev(los), n = count(age) by ward, sex"
      ),
      ("collapse los, by(ward)", "aggregate los = mean(los) by ward"), ("collapse (first) los", nil),
      ("egen m = mean(los), by(ward)", "derive m = mean(los) by ward"),
      (
        "by ward: egen m = max(los) if sex == 1",
        "derive m = if(sex == 1, max(los, where: sex == 1), missing) by ward"
      ),
      ("egen m = rowmean(a b)", nil),
      ("gen big = los > 9", "derive big = los > 9"),
      ("gen one = 1 if los > 9", "derive one = if(los > 9, 1, missing)"),
      ("replace los = . if los < 0", "derive los = if(los < 0, missing, los)"),
      ("bysort id (day): gen p = los[_n-1]", "derive p = lag(los) by id sort day"),
      ("bys id (day): gen k = _n", "derive k = row_number() by id sort day"),
      ("gen p = los[3]", nil),
      ("bysort id (day): gen s = sum(los)", "derive s = running_sum(los) by id sort day"),
      ("ASSIGN days = hours / 24", "derive days = hours / 24"),
      ("keep if a > 65 | b == 1 & !missing(c)", "filter a > 65 or b == 1 and c is not missing"),
      (
        "keep if inlist(ward, \"A\", \"B\") & inrange(age, 1, 9)",
        "filter ward in [\"A\", \"B\"] and age between 1 and 9"
      ),
      ("keep a b", "select a, b"), ("drop if los == .", "filter not (los is missing)"), ("drop a", nil),
      ("keep if los != .", "filter los is not missing"), ("keep if ~(a == 1)", "filter not (a == 1)"),
      ("SELECT age > 65 AND ward = \"A\"", "filter age > 65 AND ward == \"A\""), ("SELECT age", nil),
      ("SELECT age FROM t WHERE b = 1", nil), ("keep if age 5", nil), ("keep if a b", nil),
      ("count if los > 3", "filter los > 3 | count"), ("count if los > 3 | take 5", nil), ("count ward", nil),
      ("list id los if los > 9 in 3/5", "filter los > 9 | skip 2 | take 3 | select id, los"),
      ("list in 5/3", nil), ("list", nil), ("gsort -los +age", "sort -los, age"),
      ("duplicates drop", "distinct"), ("duplicates report", nil),
      ("histogram los", "chart histogram los"), ("scatter los age", "chart scatter los by age"),
      ("graph bar (mean) los, over(ward)", "aggregate m = mean(los) by ward | chart bar m by ward"),
      ("graph box los, over(ward)", "chart box los by ward"), ("graph pie, over(ward)", nil),
      ("corr los age", "aggregate correlation(los, age)"), ("regress los age", "aggregate slope(los, age)"),
      ("regress los age sex", nil), ("tab", nil), ("tab | take 5", nil), ("tab = 5", nil),
      ("bysort ward", nil),
      ("bysort : tab ward", nil), ("collapse (", nil), ("gen x =", nil), ("keep if", nil),
      ("mean los, over(", nil),
      ("gen x = los[", nil), ("list in 1/", nil), ("keep if (((((a", nil), ("graph", nil), ("gen = 5", nil),
    ] as [(String, String?)])
  func isWrittenAsStages(command: String, stages: String?) {
    let told = Parser.parse(SourceText(command)).diagnostics.filter { $0.code == "command" }
    #expect(told.flatMap(\.help) == (stages.map { ["Write t | \($0)"] } ?? []))
    #expect(CommandCall.translation(of: command)?.stages == stages)
    // What is offered is one of ours.
    if let stages { #expect(Parser.parse(SourceText("t | " + stages)).diagnostics.isEmpty) }
  }
}
