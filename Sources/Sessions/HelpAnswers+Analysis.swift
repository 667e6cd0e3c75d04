/// Questions of people who know what they want to work out, and what comes of it here.
extension HelpAnswer {
  static let analytical: [HelpAnswer] = [
    HelpAnswer(
      ["survival", "kaplan meier", "kaplan", "product limit", "time to event", "median survival"],
      "a Kaplan-Meier curve is the running product of the shares that survive each day: count events and all by day, those at risk are all who are left, running_product(1 - events / at_risk). Its median is the first day at 0.5 or below. Who has not left yet counts to the last day; who went home is no longer at risk here, so the curve is of those who stay, and no share of all who died",
      "encounters | filter class == \"inpatient\" | derive day = days_between(admitted, discharged ?? max(discharged)), event = (disposition == \"died\") ?? false | aggregate events = count(where: event), leaving = count() by day | derive at_risk = sum(leaving) - running_sum(leaving) + leaving sort day | derive alive = running_product(1 - events / at_risk) sort day | filter events > 0 | take 5"
    ),
    HelpAnswer(
      ["sensitivity", "specificity", "predictive value", "ppv", "npv", "two by two", "2x2", "confusion"],
      "sensitivity is percent(test, where: disease), specificity percent(not test, where: not disease), a predictive value percent(disease, where: test); proportion(k, n) gives the limits",
      "labs | filter test ~ \"Troponin\" | aggregate positive = percent(value > reference_high), n = count()"
    ),
    HelpAnswer(
      ["kappa", "agreement", "inter rater", "interrater", "concordance"],
      "Cohen's kappa is (observed - expected) / (1 - expected): observed is proportion of equal pairs, expected the sum over the values of both shares multiplied",
      "table [{a: true, b: true}, {a: true, b: false}, {a: false, b: false}] | filter a is not missing and b is not missing | aggregate po = mean(if(a == b, 1, 0)), pa = mean(if(a, 1, 0)), pb = mean(if(b, 1, 0)) | derive pe = pa * pb + (1 - pa) * (1 - pb) | derive kappa = (po - pe) / (1 - pe)"
    ),
    HelpAnswer(
      ["night", "night shift", "overnight", "after midnight"],
      "a span over midnight is two conditions, as the lower end of between stands first",
      "alerts | aggregate n = count(), over = percent(overridden) by night = hour(fired_at) >= 22 or hour(fired_at) < 6"
    ),
    HelpAnswer(
      ["after hour", "ehr time", "time in ehr", "pajama time", "inbox time"],
      "minutes are added up before they are divided: a mean of shares weighs a short day like a long one",
      "ehr_sessions | aggregate share = 100 * sum(after_hours_minutes) / sum(minutes) by department | sort -share"
    ),
    HelpAnswer(
      ["four hour", "4 hour", "within hour", "share over", "longer than"],
      "the share of known stays over so many hours, in percent",
      "encounters | filter class == \"ED\" | aggregate over_4h = percent(los_hours > 4) by month = start_of(admitted, month) | take -3"
    ),
    HelpAnswer(
      ["last month", "month before", "previous month", "compare month"],
      "a row for each month, of which the last two stay; the last one may not be over yet",
      "encounters | aggregate n = count(), typical = median(los_hours) by month = start_of(admitted, month) | take -2"
    ),
    HelpAnswer(
      ["simpson", "confounding", "confounder", "stratify", "stratified", "case mix", "lurking"],
      "compare within groups that are alike: where the mix differs, the whole may say the opposite of each part. Beside each share stands what it is of",
      "encounters | filter class == \"inpatient\" and disposition is not missing | aggregate died = percent(disposition == \"died\"), n = count() by severity, site"
    ),
    HelpAnswer(
      ["regression to the mean", "regression toward the mean", "regress to the mean"],
      "what was picked because it was extreme comes closer to the middle by itself: compare all units in both years, not those that were picked by the first",
      "encounters | filter class == \"inpatient\" | derive y = year(admitted) | pivot rows department columns y in [2023, 2024] values mean(los_hours)"
    ),
    HelpAnswer(
      ["run chart"],
      "a line with its median: runs of six or more on one side are unlikely by chance",
      "encounters | filter class == \"inpatient\" | aggregate los = mean(los_hours) by month = start_of(admitted, month) | derive middle = median(los) | chart line los, middle by month"
    ),
    HelpAnswer(
      ["prevalence", "incidence", "cases per", "per 1000", "per 100000"],
      "a share of people is percent(condition) or proportion(k, n) with limits; events for an exposure are rate(events, days, per: 1000)",
      "patient_days | aggregate nights = sum(patients) by department | top 3 nights"),
    HelpAnswer(
      ["standardise", "standardize", "standardised rate", "age adjusted", "age standardised"],
      "direct standardisation weighs each band's rate by a standard population: join the weights on the band, then sum(rate * weight) / sum(weight). A site without rows in a band is weighed by another standard: see that count() is the number of bands everywhere",
      "encounters | derive band = bands(age, 18, 65) | aggregate n = count(), died = count(where: disposition == \"died\") by site, band | join (table [{band: \"<18\", w: 20}, {band: \"18-64\", w: 60}, {band: \"65+\", w: 20}]) on band | aggregate adjusted = 1000 * sum(died / n * w) / sum(w), bands = count() by site"
    ),
    HelpAnswer(
      ["z score", "zscore", "normalise", "normalize", "scale column", "standard score"],
      "(x - mean(x)) / stddev(x); behind derive both stand for the whole table, or for the groups of by",
      "labs | derive z = (value - mean(value)) / stddev(value) by test | top 3 z"),
    HelpAnswer(
      ["interquartile", "iqr", "quartile", "quintile", "decile"],
      "percentile(x, 75) - percentile(x, 25); quantile_group(x, 4) puts rows into quarters",
      "encounters | aggregate q1 = percentile(los_hours, 25), q3 = percentile(los_hours, 75) by class | derive iqr = q3 - q1"
    ),
    HelpAnswer(
      ["confidence interval mean", "standard error", "ci of mean", "margin of error"],
      "of a mean: mean(x) - 1.96 * stddev(x) / sqrt(count(x)) and + the same, where many are counted; proportion and rate give limits of their own",
      "encounters | aggregate m = mean(los_hours), se = stddev(los_hours) / sqrt(count(los_hours)) by class | derive low = m - 1.96 * se, high = m + 1.96 * se"
    ),
    HelpAnswer(
      [
        "latest row", "last row per", "most recent row", "newest row", "first row per", "one row per",
        "latest per",
        "keep latest", "deduplicate", "dedupe", "remove duplicate", "drop duplicate",
      ],
      "take -1 by key sort time keeps the latest row of each key, take 1 the first; distinct keeps each different row once",
      "labs | take -1 by patient_id sort taken_at | count"),
    HelpAnswer(
      [
        "name with space", "name with a space", "column with space", "backtick", "quote column",
        "quote a column",
        "special character", "name with sign",
      ],
      "a name with blanks or signs stands in backticks: `Length of stay`; most also answer to their letters alone: length_of_stay",
      "table [{a: 1}] | rename `Length of stay` = a | filter `Length of stay` > 0"),
    HelpAnswer(
      [
        "epoch", "unix time", "seconds since", "milliseconds since", "timestamp number", "serial date",
        "excel number",
      ],
      "seconds since 1970: 1970-01-01T00:00 + n * 1s, milliseconds n * 1ms; a spreadsheet's day number: add(1899-12-30, n, days)",
      "table [{n: 1767225600}] | derive t = 1970-01-01T00:00 + n * 1s"),
    HelpAnswer(
      ["date number", "yyyymmdd", "20240105", "date as number", "number to date", "integer date"],
      "a day written as a number is read as text: date(text(n), \"%Y%m%d\"), or when the file is read: with types = {n: date(\"%Y%m%d\")}",
      "table [{n: 20240105}] | derive d = date(text(n), \"%Y%m%d\")"),
    HelpAnswer(
      ["json", "ndjson", "read json", "fhir", "bundle", "nested file"],
      "JSON is written and not read: what comes as JSON or FHIR is read once it is an Arrow file, whose lists and records stay as they are: x.a is a field, x[0] an element",
      "table [{id: 1, name: [{family: \"Chan\", given: \"M\"}]}] | derive family = name[0].family"),
    HelpAnswer(
      ["parquet", "sqlite", "database file", "duckdb file"],
      "Parquet files and databases are not read: write the table as Arrow where it is, which keeps its types (in Python pyarrow.feather.write_feather(table, \"x.arrow\")), or as CSV"
    ),
    HelpAnswer(
      ["cohort", "follow up", "followed for", "within days of", "index event", "index date"],
      "keep one index event of each person (take 1 by id sort time), then join what follows with a range: on id and e.time between index and index + 30d",
      "let first = encounters | filter class == \"ED\" | take 1 by patient_id sort admitted; first | join semi encounters as e on patient_id and e.admitted > discharged and e.admitted <= discharged + 30d | count"
    ),
    HelpAnswer(
      ["loop", "for each", "repeat for", "iterate", "every column"],
      "nothing is repeated by hand: by does it for each group, unpivot makes rows of columns, and a script runs again with another parameter: rounds run x.rounds --set site=Lakeview",
      "encounters | aggregate n = count() by site"),
    HelpAnswer(
      ["hash", "anonymise", "anonymize", "pseudonym", "deidentify", "de identify"],
      "there is no hash; drop the identifiers, or number them: derive person = dense_rank() sort patient_id keeps who is the same",
      "encounters | derive person = dense_rank() sort patient_id | select person, class, los_hours | take 3"),
  ]
}
