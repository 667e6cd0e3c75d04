import Columns
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

  static let all = general + analytical

  private static let general: [HelpAnswer] = [
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
        "odds ratio", "odds", "relative risk", "risk ratio", "risk difference", "rate ratio", "chi square",
        "chisq test", "chi2", "fisher", "p value", "significance", "compare two groups", "two by two", "2x2",
      ],
      "risk_ratio, odds_ratio and risk_difference compare k of n with another k of n, and rate_ratio two rates; each brings its 95% limits and a p value",
      "encounters | filter class == \"inpatient\" and disposition is not missing | aggregate (ratio, low, high, p) = risk_ratio(count(where: disposition == \"died\" and age >= 65), count(where: age >= 65), count(where: disposition == \"died\" and age < 65), count(where: age < 65))"
    ),
    HelpAnswer(
      ["t test", "ttest", "mann whitney", "wilcoxon", "anova", "kruskal"],
      "there is no function for it: means and medians stand beside each other with aggregate, and box plots with chart box; for the test save the rows for R or Python: … | save \"x.arrow\"",
      "encounters | aggregate n = count(los_hours), mean(los_hours), stddev(los_hours), median(los_hours) by site"
    ),
    HelpAnswer(
      ["readmission", "readmitted", "30 day", "return visit", "revisit"],
      "the next stay of the same patient: lead(admitted) by patient_id sort admitted; `learn 9` goes through it",
      "encounters | filter class == \"inpatient\" | derive next = lead(admitted) by patient_id sort admitted | filter next <= discharged + 30d | count"
    ),
    HelpAnswer(
      ["report", "document", "web page", "pdf", "html", "markdown"],
      "record \"visit.md\" writes what is asked and answered; rounds run x.rounds --format html --output x.html makes a web page of a script's results and charts (print it for a PDF; with the built-in hospital rounds demo x.rounds …); … | save \"x.md\" keeps one table"
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
      ["stata", "dta", "sas", "sas7bdat", "spss", "sav", "rds"],
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
      ["control chart", "spc", "shewhart", "control limit", "p chart", "special cause"],
      "control limits lie around the mean of all months: of a share pbar ± 3 * sqrt(pbar * (1 - pbar) / n); a line chart draws the share, the mean and both limits",
      "encounters | filter class == \"inpatient\" | aggregate died = count(where: disposition == \"died\"), n = count(disposition) by month = start_of(admitted, month) | derive p = died / n, pbar = sum(died) / sum(n) | derive spread = 3 * sqrt(pbar * (1 - pbar) / n) | derive low = greatest(pbar - spread, 0), high = pbar + spread | chart line p, pbar, low, high by month"
    ),
    HelpAnswer(
      [
        "u chart", "control chart fall", "control chart rate", "control chart event", "control limit rate",
        "poisson limit",
      ],
      "control limits of a rate, such as falls per patient day, lie around the rate of all months: ubar ± 3 * sqrt(ubar / days)",
      "patient_days | aggregate days = sum(patients) by month = start_of(day, month) | join left (safety_events | filter kind == \"fall\" | join semi patient_days on department | aggregate falls = count() by month = start_of(date(occurred_at), month)) on month | fill falls with 0 | derive u = 1000 * falls / days, ubar = 1000 * sum(falls) / sum(days) | derive spread = 3 * sqrt(ubar * 1000 / days) | derive low = greatest(ubar - spread, 0), high = ubar + spread | chart line u, ubar, low, high by month"
    ),
    HelpAnswer(
      ["downtime", "uptime", "availability", "outage"],
      "the hours of each stretch are resolved - started; of what was planned and what was not they are summed apart",
      "incidents | aggregate unplanned = sum(hours(resolved - started), where: not planned), times = count(where: not planned) by system | sort unplanned desc"
    ),
    HelpAnswer(
      ["equity", "disparity", "disparities", "by language", "by race"],
      "the same measure for each group, with its limits: groups of few people differ by chance",
      "encounters | filter class == \"ED\" | join patients on patient_id | aggregate p = proportion(count(where: disposition == \"left before seen\"), count(disposition)) by language"
    ),
    HelpAnswer(
      ["funnel", "outlier ward", "outlier unit", "league table", "between wards"],
      "a funnel plot has the limits of each unit's size around the mean of all: pbar ± 3 * sqrt(pbar * (1 - pbar) / n); a unit outside them differs by more than chance and by the mix of its patients, and where fewer than five events are expected the limits are too narrow",
      "encounters | filter class == \"inpatient\" | aggregate died = count(where: disposition == \"died\"), n = count(disposition) by department | derive p = died / n, pbar = sum(died) / sum(n) | derive spread = 3 * sqrt(pbar * (1 - pbar) / n) | derive low = greatest(pbar - spread, 0), high = pbar + spread, is_outside = abs(p - pbar) > spread | chart scatter p, low, high by n | sort -n"
    ),
    HelpAnswer(
      [
        "year over year", "yoy", "percent change", "growth rate", "previous year", "last year",
        "same month last year", "compare year",
      ],
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
      ["cox", "hazard ratio", "regression", "logistic", "model", "log rank"],
      "there is no regression beyond slope and correlation, and no test of survival curves; save the rows for R or Python: … | save \"x.arrow\""
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
      [
        "occupancy", "census", "crowding", "crowded", "how full", "patient in house", "in house at",
        "bed occupied", "bed day", "at a time",
      ],
      "a row for each hour of each stay, then counted: sequence and split. Stays are taken that touch the time that is asked for, also those that began before it, and the hours outside it are left out; who is there in a part of an hour is counted in it. An hour without anybody has no row: for a mean over all hours divide the sum by how many there are",
      "encounters | filter class == \"inpatient\" and admitted < 2025-03-08 and (discharged is missing or discharged >= 2025-03-01) | derive hour = sequence(start_of(admitted, hour), discharged ?? 2025-03-07T23:00, 1h) | split hour | filter hour >= 2025-03-01 and hour < 2025-03-08 | aggregate n = count() by hour | sort hour | take 5"
    ),
    HelpAnswer(
      ["overlap", "during", "between two dates", "range join", "in which unit"],
      "two stretches overlap where each begins before the other ends; join takes such a condition",
      "encounters | filter class == \"inpatient\" | take 200 | select encounter_id, patient_id, admitted, discharged | join (encounters | select later = encounter_id, patient_id, again = admitted, until = discharged) on patient_id and again < discharged and until > admitted and later > encounter_id | count"
    ),
    HelpAnswer(
      ["consecutive", "run length", "in a row", "streak", "gap and island"],
      "a run begins where the value differs from the row before: number the runs, then count them",
      "encounters | aggregate n = count() by day = start_of(admitted, day) | derive busy = n > 30 | derive begins = if(busy == lag(busy), 0, 1) sort day | derive run = running_sum(begins) sort day | filter busy | aggregate days = count(), first = min(day) by run | top 3 days"
    ),
    HelpAnswer(
      ["likert", "survey", "scale answer", "agree", "ordinal"],
      "ordered(x, \"lowest\", …, \"highest\") gives answers their order: they sort, chart and compare by it (x >= \"Agree\"), and code(x) is their place",
      "encounters | derive s = ordered(severity, \"minor\", \"moderate\", \"major\") | aggregate percent(s >= \"moderate\"), median(code(s)) by sex"
    ),
    HelpAnswer(
      ["target", "goal", "threshold", "benchmark"],
      "compare with the number beside it, and count who reaches it; assert lets a script fail where it is missed",
      "encounters | filter class == \"ED\" | aggregate hours = median(los_hours) by site | derive target = 3, met = hours <= target"
    ),
    HelpAnswer(
      ["2x2", "two by two", "contingency", "cross table"],
      "pivot makes it of counts; with percent or proportion of one answer each row has its own denominator",
      "encounters | pivot rows site columns sex in [\"female\", \"male\"] values count()"),
    HelpAnswer(
      ["leading zero", "zero fill", "00123"],
      "pad_left(text(x), 8, \"0\") fills up with zeros; int(x) drops them. A column of codes with zeros in front stays text when it is loaded",
      "departments | derive code = pad_left(text(department_id), 6, \"0\") | select code | take 1"),
    HelpAnswer(
      ["multiple answer", "multi select", "several answers", "checkbox", "list in a cell"],
      "split makes a row of each part; then count rows for answers, and count_distinct of the person for people",
      "table [{who: 1, uses: \"SQL; Excel\"}, {who: 2, uses: \"Excel\"}] | split uses on \";\" | derive uses = trim(uses) | count by uses"
    ),
    HelpAnswer(
      ["months as column", "month as column", "wide table", "columns of month", "month column"],
      "pivot makes columns of the months; unpivot makes rows of such columns",
      "encounters | filter admitted >= 2025-01-01 | pivot rows site columns month(admitted) values count()"),
    HelpAnswer(
      ["before and after", "go live", "pre post", "intervention"],
      "name the period of each row, then compare; a line by month shows whether it was changing anyway",
      "encounters | filter class == \"ED\" | aggregate hours = median(los_hours), n = count() by period = if(admitted < 2024-07-01, \"before\", \"after\")"
    ),
    HelpAnswer(
      [
        "two header", "header row", "title line", "title row", "skip line", "skip row", "first row",
        "rows above",
      ],
      "load \"x.csv\" with skip = 3 begins at line 4, which is then the header; what stands above is not read: look at it first. rename gives the columns better names"
    ),
    HelpAnswer(
      ["total row", "grand total", "subtotal", "sum row"],
      "a row that sums up others is a row as any other: filter ward != \"Total\" takes it out; aggregate … by … with totals makes one",
      "encounters | aggregate n = count() by site with totals"),
    HelpAnswer(
      ["two digit year", "century", "%y"],
      "%y reads 00 to 68 as 2000 to 2068 and 69 to 99 as 1969 to 1999; a birth date that lies ahead is of the century before",
      "table [{d: \"3/4/52\"}] | derive d = date(d, \"%m/%d/%y\") | derive d = if(d > today(), add(d, -100, years), d)"
    ),
    HelpAnswer(
      ["date pattern", "pattern letter", "format letter", "%b", "%d", "%m", "%p", "%i"],
      "the letters of date, datetime and format: " + DateFormat.letters,
      "table [{d: \"1 Oct 26\"}] | derive d = date(d, \"%d %b %y\")"),
    HelpAnswer(
      ["less than", "detection limit", "limit of detection", "censored", "below limit"],
      "\"<0.5\" is text: float(x) makes it missing, which leaves the lowest values out; float(replace(x, \"<\", \"\")) takes the limit itself. Medians and percentiles above the limit stay right that way, means do not",
      "table [{x: \"<0.5\"}, {x: \"2\"}, {x: \"7\"}] | derive v = float(replace(x, \"<\", \"\")) | aggregate median(v)"
    ),
    HelpAnswer(
      ["fall rate", "fall per 1000", "per 1000", "1000 bed day", "1000 patient day", "rate per"],
      "count the events and the days each by itself, of the same departments (join semi leaves out the events of those without days, such as the emergency department), join the two, and divide: rate(events, days, 1000) gives it with 95% limits",
      "patient_days | aggregate days = sum(patients) by site | join (safety_events | filter kind == \"fall\" | join semi patient_days on department | aggregate falls = count() by site) on site | derive r = rate(falls, days, 1000)"
    ),
    HelpAnswer(
      ["wait", "waiting time", "door to", "turnaround", "time between"],
      "the time between two columns is their difference; minutes(…) and hours(…) make a number of it",
      "orders | filter completed_at is not missing | derive wait = minutes(completed_at - ordered_at) | aggregate median(wait), percentile(wait, 90) by priority"
    ),
    HelpAnswer(
      ["left without being seen", "left before seen", "lwbs", "elopement", "against advice"],
      "the share of stays with that disposition, of those that ended",
      "encounters | filter class == \"ED\" | aggregate percent(disposition == \"left before seen\") by site"),
    HelpAnswer(
      ["completion", "compliance", "bundle", "sepsis", "adherence", "share that met"],
      "percent(condition) is the share of rows for which it holds, of those where it is known; what is not known is told",
      "training | aggregate percent(completed is not missing), on_time = percent(completed <= due) by course"),
    HelpAnswer(
      ["overdue", "expired", "not done", "open task"],
      "what is due and not done: its date is missing, and the last day is over",
      "training | filter completed is missing and due < 2025-12-31 | count by course"),
    HelpAnswer(
      ["override", "overridden", "alert fatigue"],
      "overridden is true or false: its share by rule, with how many alerts stand behind it",
      "alerts | aggregate n = count(), percent(overridden) by rule | sort n desc"),
    HelpAnswer(
      [
        "suppress", "small number", "small count", "hide small", "small cell", "<5", "fewer than five",
        "disclosure",
      ],
      "numbers too small to show become a text, sorted and charted before they do; a percent and the whole that it is of give the number away, and so do the other groups beside a total",
      "encounters | aggregate n = count() by payer, disposition | sort n | derive shown = if(n < 5, \"<5\", text(n)) | select payer, disposition, shown | take 5"
    ),
    HelpAnswer(
      ["p90", "p95", "90th percentile", "quartile", "several percentile"],
      "percentile(x, 90); each percentile is a call of its own",
      "encounters | aggregate percentile(los_hours, 25), median(los_hours), percentile(los_hours, 90) by class"
    ),
    HelpAnswer(
      ["pie", "pie chart", "doughnut"],
      "no pie is drawn: lengths are compared more exactly than angles. Bars of a count do it",
      "encounters | count by class | chart bar percent by class"),
    HelpAnswer(
      ["axis", "start at zero", "y axis", "begin at 0", "zero line"],
      "bars and areas begin at 0; the axis of a line takes it in with from 0",
      "encounters | aggregate n = count() by month = start_of(admitted, month) | chart line n by month from 0"
    ),
    HelpAnswer(
      ["color", "colour", "dark screen", "light screen"],
      "set theme = light suits a light screen; --no-color, or NO_COLOR in the environment, draws without"),
    HelpAnswer(
      ["png", "picture", "image", "export chart", "save chart"],
      "chart … to \"x.svg\" draws a picture that browsers and word processors show at any size; … --format html puts all charts of a script into one page",
      "encounters | count by class | chart bar n by class"),
    HelpAnswer(
      ["teach", "classroom", "presentation", "demonstrate", "honest", "pause"],
      "learn has lessons in steps (next goes on, back returns); steps on shows what each stage does to the rows; record \"x.md\" keeps what was asked and answered; set rows = 10 keeps results short"
    ),
    HelpAnswer(
      ["clipboard", "copy", "paste"],
      "select it with the mouse as anything on a terminal; … | save \"x.csv\" opens in a spreadsheet, save \"x.md\" and save \"x.html\" are for documents"
    ),
    HelpAnswer(
      ["transpose", "swap rows and columns"],
      "unpivot makes rows of the columns, and pivot makes columns of the rows",
      "encounters | aggregate n = count(), los = median(los_hours) by class | unpivot n, los into measure, value | pivot rows measure columns class values value"
    ),
    HelpAnswer(
      ["variable", "store value", "keep value"],
      "let name = value keeps a value, let name = table | … a table, def name(x) = … a calculation",
      "say f\"of {(encounters | count)} stays\""),
    HelpAnswer(
      [
        "dd/mm/yyyy", "mm/dd/yyyy", "parse date", "date like", "day month year", "us date", "european date",
        "date order",
      ],
      "days that are not written 2026-01-31 need their pattern: load \"x.csv\" with types = {seen: date(\"%d/%m/%Y\")}; a note says which patterns fit. Where no day is above 12 only whoever made the file knows the order",
      "table [{d: \"31/01/2026\"}] | derive d = date(d, \"%d/%m/%Y\")"),
    HelpAnswer(
      ["semicolon", "delimiter", "decimal comma", "separator"],
      "what stands between cells is found out by itself; with delimiter = \";\" and decimal = \",\" say it"),
    HelpAnswer(
      ["percentage"],
      "percent(condition) is the share of rows for which a condition holds; count by gives the percent of each group",
      "encounters | aggregate percent(age >= 65) by site"),
    HelpAnswer(
      [
        "missing month", "zero month", "month without", "fill gap", "absent date", "absent month",
        "empty month", "mean per day", "average per day", "average per hour", "mean per hour",
        "zero count", "no event",
      ],
      "a month without rows has no group. A table of all months, joined with the counts, gives it one, and fill makes 0 of it",
      "table month = sequence(2023-01-01, 2025-12-01, month) | join left (safety_events | filter kind == \"fall\" and site == \"Lakeview\" | aggregate falls = count() by month = start_of(date(occurred_at), month)) on month | fill falls with 0 | aggregate mean(falls)"
    ),
    HelpAnswer(
      ["time zone", "timezone", "daylight saving", "utc", "local time", "summer time"],
      "times keep the offset that they are written with, hour(x) and date(x) read the clock as written, and differences count the time that passed. No table of zones is built in: add(x, -5, hours) moves a clock by a fixed number of hours",
      "table [{t: 2026-01-31T23:30Z}] | derive t = add(t, 1, hours) | derive hour(t)"),
    HelpAnswer(
      [
        "standardised mortality ratio", "standardized mortality ratio", "smr", "observed expected", "o/e",
        "risk adjusted", "risk adjustment", "expected death", "indirect standardisation",
        "indirect standardization",
      ],
      "observed events divided by those expected: the rate of all patients of the same age and severity, added up over those of each unit; rate(observed, expected) gives the ratio with 95% limits",
      "encounters | filter class == \"inpatient\" and disposition is not missing | derive died = disposition == \"died\", band = bands(age, 50, 65, 80) | derive chance = proportion(count(where: died), count()) by band, severity | aggregate observed = count(where: died), expected = sum(chance) by department | derive smr = rate(observed, expected)"
    ),
    HelpAnswer(
      ["merge stay", "overlapping stay", "combine stay", "merge interval", "episode"],
      "a new episode begins where a stay begins after all that came before it have ended: running_max(discharged) knows the latest end so far",
      "encounters | filter class == \"inpatient\" and discharged is not missing | derive latest = running_max(discharged) by patient_id sort admitted | derive before = lag(latest) by patient_id sort admitted | derive begins = if(before >= admitted, 0, 1) | derive episode = running_sum(begins) by patient_id sort admitted | aggregate stays = count(), first = min(admitted), last = max(discharged) by patient_id, episode | top 3 stays"
    ),
    HelpAnswer(
      [
        "list of record", "element of list", "nested", "condition in bracket", "field of list",
        "first element",
      ],
      "x[0] is the first element, x[-1] the last, x[field > 1] the first for which that holds; .name reads a field of it. split x makes a row of each element: then all can be counted",
      "table [{id: 1, labs: [{test: \"K\", v: 4}, {test: \"Na\", v: 139}]}] | derive sodium = labs[test == \"Na\"].v"
    ),
    HelpAnswer(
      ["which file", "file name column", "file a row came from", "source file"],
      "several files read as one table tell which file a row is from with filename = true: \"visits/**/*.csv\" with filename = true"
    ),
    HelpAnswer(
      ["nearest in time", "time nearest", "last before", "closest before", "most recent before"],
      "join asof takes the one nearest row: with e.time <= time the latest before, with >= the earliest behind",
      "encounters | take 100 | join asof (labs | select encounter_id, taken_at, value) as l on encounter_id and l.taken_at >= admitted | count"
    ),
    HelpAnswer(
      ["average of average", "mean of mean", "average of percentage", "weighted total"],
      "an average of averages takes small and large groups alike; that of all is made of the rows, or of sums",
      "encounters | aggregate n = count(), over = count(where: los_hours > 24) by site | aggregate rate = sum(over) / sum(n)"
    ),
    HelpAnswer(
      ["percent text", "text to number", "remove percent sign", "comma in number"],
      "take the signs out and read what is left: float(replace(x, \"%\", \"\")); the note on a file says what suits its columns",
      "table [{x: \"85%\"}] | derive v = float(replace(x, \"%\", \"\"))"),
    HelpAnswer(
      ["iso week", "week year", "yearweek", "week of year"],
      "week(x) is the ISO week and iso_year(x) its year: the last days of December may be of week 1. start_of(x, week) is the Monday",
      "encounters | aggregate n = count() by iso_year(admitted), week(admitted) | take 3"),
    HelpAnswer(
      ["exit", "leave", "stop"], "quit or Ctrl-D leaves; Ctrl-C stops what runs"),
  ]
}
