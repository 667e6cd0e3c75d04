import Diagnostics

/// A question that people ask in their own words, and what answers it.
struct HelpAnswer: Sendable {
  /// Words that ask for it, several ways; of one way all must be in the question.
  var asked: [String]
  var text: String
  /// A statement on the built-in hospital that shows it; nil where there is nothing to run.
  var example: String?

  init(_ asked: [String], _ text: String, _ example: String? = nil) {
    self.asked = asked
    self.text = text
    self.example = example
  }

  static let all: [HelpAnswer] = [
    HelpAnswer(
      ["length of stay", "los"],
      "the built-in encounters have it in hours, los_hours; elsewhere it is hours(discharged - admitted) or days(…)",
      "encounters | aggregate typical = median(los_hours) by department"),
    HelpAnswer(
      [
        "patients without", "rows without", "without medication", "not in other table", "no match",
        "anti join",
      ],
      "rows that have none in another table: join anti; those that have some: join semi",
      "patients | join anti medications on patient_id | count"),
    HelpAnswer(
      ["parameter", "argument script", "variable script", "pass value"],
      "in a script: param since = 2025-01-01 \"first day\"; then rounds run x.rounds --set since=2025-06-01"),
    HelpAnswer(["comment", "remark script"], "# begins a comment, to the end of the line"),
    HelpAnswer(
      [
        "odds ratio", "odds", "relative risk", "risk ratio", "chi square", "p value", "t test",
        "significance",
      ],
      "there is no function for it; ratios are computed from counts, and proportion and rate give 95% limits. For tests, save the table for R or Python: … | save \"x.arrow\"",
      "encounters | aggregate died = count(where: disposition == \"died\"), other = count(where: disposition != \"died\") by site | derive odds = died / other"
    ),
    HelpAnswer(
      ["readmission", "readmitted", "30 day", "return visit", "revisit"],
      "the next stay of the same patient: lead(admitted) by patient_id sort admitted; `learn 9` goes through it",
      "encounters | filter class == \"inpatient\" | derive next = lead(admitted) by patient_id sort admitted | filter next <= discharged + 30d | count"
    ),
    HelpAnswer(
      ["report", "document", "web page", "pdf"],
      "record \"visit.md\" writes what is asked and answered; rounds run x.rounds --format html --output x.html makes a web page of a script's results (print it for a PDF); … | save \"x.md\" keeps one table"
    ),
    HelpAnswer(
      ["all rows", "whole table", "more rows", "full table", "every row"],
      "show all behind a table shows every row; set rows = 100 shows more of each result",
      "departments | show all"),
    HelpAnswer(
      ["excel", "xlsx", "xls", "spreadsheet"],
      "xlsx is neither read nor written; CSV opens in Excel, and Excel saves as CSV UTF-8: … | save \"x.csv\", load \"x.csv\""
    ),
    HelpAnswer(
      ["stata", "dta", "sas", "sas7bdat", "spss", "sav", "parquet", "rds"],
      "files of Stata, SAS, SPSS and R are not read: save them as CSV there. R, Python and DuckDB read what save \"x.arrow\" writes, with its types"
    ),
    HelpAnswer(
      ["mortality", "death rate", "deaths", "died"],
      "the share of stays that end in death, in percent; over the stays that have ended",
      "encounters | filter class == \"inpatient\" and disposition is not missing | aggregate deaths = count(where: disposition == \"died\"), rate = percent(disposition == \"died\") by department"
    ),
    HelpAnswer(
      ["dashboard"],
      "a script with several results and charts makes one page, written anew as often as it runs: rounds run x.rounds --format html --output x.html"
    ),
    HelpAnswer(
      ["funnel", "control chart", "spc", "shewhart", "control limit"],
      "no chart of that name is drawn; proportion and rate give 95% limits beside their value, and a line chart draws all three",
      "encounters | filter class == \"inpatient\" | aggregate died = count(where: disposition == \"died\"), n = count(disposition) by quarter = start_of(admitted, quarter) | derive p = proportion(died, n) | chart line p, p_low, p_high by quarter"
    ),
    HelpAnswer(
      ["year over year", "yoy", "previous year", "last year", "same month last year", "compare year"],
      "lag(n, 12) sort month is the value of twelve rows before: of the same month a year ago, where no month is left out",
      "encounters | aggregate n = count() by month = start_of(admitted, month) | derive before = lag(n, 12) sort month | derive change = 100 * (n - before) / before"
    ),
    HelpAnswer(
      ["percent of total", "share of total", "proportion of total", "percentage of total"],
      "count by gives the percent of each group; of a sum it is 100 * x / sum(x) in a stage behind",
      "encounters | aggregate charges = sum(charges) by department | derive percent = 100 * charges / sum(charges) | sort -percent"
    ),
    HelpAnswer(
      ["table literal", "table head", "make a table", "small table", "type in a table"],
      "table [{a: 1, b: \"x\"}, {a: 2, b: \"y\"}] is a table written out, a row in each pair of braces; table day = sequence(2026-01-01, 2026-01-31, 1d) makes one of a list; let t = table [...] names it",
      "table [{ward: \"A\", beds: 12}, {ward: \"B\", beds: 20}] | aggregate sum(beds)"),
    HelpAnswer(
      ["weighted mean", "weighted average", "weight"],
      "sum(x * w) / sum(w), over rows where both are known",
      "encounters | aggregate weighted = sum(los_hours * charges) / sum(charges, where: los_hours is not missing) by class"
    ),
    HelpAnswer(
      ["survival", "kaplan meier", "cox", "hazard", "regression", "logistic", "model"],
      "there are no survival curves and no regression beyond slope and correlation; save the rows for R or Python: … | save \"x.arrow\""
    ),
    HelpAnswer(
      ["sql", "select from", "where clause"],
      "a line reads from left to right: table | filter … | aggregate … by … | sort …",
      "encounters | filter age >= 65 | aggregate n = count() by department | sort n desc"),
    HelpAnswer(
      ["duplicate", "dedupe", "unique rows"],
      "distinct gives each combination once; what occurs several times is counted",
      "encounters | aggregate n = count() by patient_id | filter n > 1 | take 5"),
    HelpAnswer(
      ["missing value", "null", "empty cell", "blank cell"],
      "x is missing, x is not missing; x ?? 0 puts a value in its place",
      "encounters | filter charges is missing | count"),
    HelpAnswer(
      ["per month", "by month", "monthly", "per week", "by week", "weekly", "trend"],
      "group by the first day of the month or week",
      "encounters | aggregate n = count() by month = start_of(admitted, month) | chart line n by month"),
    HelpAnswer(
      ["exit", "leave", "stop"], "quit or Ctrl-D leaves; Ctrl-C stops what runs"),
  ]
}
