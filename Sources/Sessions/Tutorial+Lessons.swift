extension Tutorial {
  static let firstLessons: [Lesson] = [
    Lesson(
      "A first look",
      [
        .words(
          "A table's name shows its rows. A line goes on behind `|`, each stage a table in and a table out."),
        .example("encounters | select encounter_id, class, department, admitted, age, disposition | take 3"),
        .words(
          "`describe` says what each column holds and how much of it is missing. `tables` lists the tables, `help hospital` tells what they mean."
        ),
        .example("encounters | select class, age, los_hours, disposition | describe"),
      ]),
    Lesson(
      "Choosing rows",
      [
        .words(
          "`filter` keeps the rows for which a condition is true. Text stands in quotes, a date does not."),
        .example(
          "encounters\n| filter class == \"inpatient\" and admitted >= 2025-12-30\n| select department, admitted, age"
        ),
        .words("Several values stand in a list; `between` holds both ends."),
        .example(
          "encounters | filter class in [\"ED\", \"inpatient\"] and age between 90 and 120 | count by class"),
      ]),
    Lesson(
      "Counting and summing up",
      [
        .words("`count by` is the quickest table there is: the rows of each value, and their percent."),
        .example("encounters | count by class"),
        .words(
          "`aggregate` makes one row of each group. Give every number a name; behind `by` stand the groups, which may be computed."
        ),
        .example(
          "encounters\n| filter class == \"inpatient\" and admitted >= 2025-10-01\n| aggregate stays = count(),\n    typical_hours = median(los_hours),\n    longest = max(los_hours)\n    by month = start_of(admitted, month)"
        ),
      ]),
    Lesson(
      "New columns",
      [
        .words(
          "`derive` adds columns. `bands` cuts numbers into groups that keep their order; `case` chooses between several conditions."
        ),
        .example(
          "encounters\n| derive group = bands(age, 18, 65), night = hour(admitted) >= 22 or hour(admitted) < 6\n| aggregate visits = count(), at_night = percent(night) by group"
        ),
      ]),
    Lesson(
      "What is not known",
      [
        .words(
          "A missing value is no value: it is neither equal nor unequal to anything. Whatever is left out of an answer is told in a note below it, so that a denominator is never a guess."
        ),
        .example(
          "encounters | filter class == \"ED\" | aggregate visits = count(), mean_triage = mean(triage)"),
        .words(
          "`percent` counts the rows for which the condition is known. To count an unknown one as no, say so with `?? false`."
        ),
        .example(
          "encounters\n| aggregate died = percent(disposition == \"died\"),\n    of_all = percent((disposition == \"died\") ?? false)\n    by class"
        ),
        .words("To ask for what is missing write `is missing`."),
        .example("encounters | filter disposition is missing | count by class"),
      ]),
    Lesson(
      "Two tables together",
      [
        .words("`join` puts the columns of another table beside. It says how many rows found no partner."),
        .example(
          "diagnoses\n| filter rank == 1 and description like \"%heart failure%\"\n| join encounters on encounter_id\n| aggregate stays = count(), typical_age = median(age) by class"
        ),
        .words(
          "`join anti` keeps the rows without a partner: here the inpatients of December 2025 without any laboratory result."
        ),
        .example(
          "encounters\n| filter class == \"inpatient\" and admitted >= 2025-12-01\n| join anti labs on encounter_id\n| count by department"
        ),
      ]),
  ]

  static let laterLessons: [Lesson] = [
    Lesson(
      "Charts",
      [
        .words("`chart` draws what stands before it, and says how many points it could not draw."),
        .example(
          "encounters\n| filter class == \"ED\"\n| aggregate visits = count() by hour = hour(admitted)\n| chart bar visits by hour width 60"
        ),
        .words("With `to \"visits.svg\"` at the end the same chart becomes a picture for a report."),
      ]),
    Lesson(
      "One row and the next",
      [
        .words(
          "A function over rows stands for its value on every row. `lead` looks at the next row: `by` says among which rows, `sort` in which order."
        ),
        .example(
          "encounters\n| filter class == \"inpatient\"\n| derive next = lead(admitted) by patient_id sort admitted\n| filter next is not missing\n| derive gap = days_between(discharged, next)\n| select patient_id, discharged, next, gap\n| take 3"
        ),
      ]),
    Lesson(
      "Readmissions within 30 days",
      [
        .words(
          "Who died cannot come back, and a stay near the end of the data has not been watched for 30 days. Both leave the denominator, in plain sight."
        ),
        .example(
          "let stays = encounters | filter class == \"inpatient\"\nlet final = stays | aggregate last = max(admitted)\nstays\n| derive next = lead(admitted) by patient_id sort admitted\n| filter disposition != \"died\" and discharged + 30d <= final\n| aggregate stays = count(), back = count(where: next <= discharged + 30d) by department\n| derive rate = round(100 * back / stays, 1)\n| top 5 rate"
        ),
      ]),
    Lesson(
      "Small numbers",
      [
        .words(
          "A rate of few is a guess. `proportion` gives the interval that belongs to it: two of three is 67%, and anything from 21% to 94%. Stays whose end is not known yet are no part of it: `count(disposition)` counts those that are known."
        ),
        .example(
          "encounters\n| filter class == \"inpatient\" and admitted >= 2025-12-01\n| aggregate p = proportion(count(where: disposition == \"died\"), count(disposition)),\n    stays = count(disposition)\n    by department\n| filter stays < 10"
        ),
        .words(
          "Before a table leaves the house, rates of small groups are better left out than believed; with the deaths beside the stays anybody could work them out again."
        ),
        .example(
          "encounters\n| filter class == \"inpatient\" and admitted >= 2025-12-01\n| aggregate stays = count(disposition), died = count(where: disposition == \"died\") by department\n| derive percent = if(stays >= 20, round(100 * died / stays, 1), missing),\n    died = if(stays >= 20, died, missing)\n| sort -stays\n| take 6"
        ),
      ]),
    Lesson(
      "Names for what you mean",
      [
        .words(
          "`let` names a table or a value, `def` a measure that is then the same everywhere it is used. `undo` takes the last name back, `redo` gives it again."
        ),
        .example(
          "def per_1000(k, days) = round(1000 * k / days, 2)\nlet days = patient_days | aggregate patients = sum(patients) by department\nsafety_events\n| filter kind == \"fall\"\n| aggregate falls = count() by department\n| join days on department\n| derive rate = per_1000(falls, patients)\n| top 4 rate"
        ),
      ]),
    Lesson(
      "A script that checks itself",
      [
        .words(
          "Saved in a file, the lines are a script: `param` is what its reader may set, `assert` stops it when something is not as it must be. `rounds check FILE` finds its errors without running it, `rounds FILE` runs it."
        ),
        .example(
          "param since = 2025-12-01 \"the first day\"\nlet visits = encounters | filter class == \"ED\" and admitted >= since\nassert (visits | aggregate n = count()) > 0 \"no visit in this time\"\nassert (visits | filter discharged < admitted | aggregate n = count()) == 0\nvisits\n| aggregate visits = count(), left_before_seen = percent(disposition == \"left before seen\") by site"
        ),
      ]),
  ]
}
