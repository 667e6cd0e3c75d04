import Columns
import Planning

/// Dates, datetimes and durations, row by row. Parts are read by the clock as written.
extension FunctionTable {
  package static let dates: [Function] =
    [
      Function(
        "now", .dates, "The moment at which the run began (or what `set today` says).",
        [Signature([], .type(.datetime))], examples: [Example("now() == today()", gives: "true")],
        searchWords: ["current_timestamp", "sys.time", "getdate"],
        .form),
      Function(
        "today", .dates, "The day on which the run began (or what `set today` says).",
        [Signature([], .type(.date))], examples: [Example("today() < add(today(), 1, days)", gives: "true")],
        searchWords: ["current_date", "sys.date", "curdate"],
        .form),
    ] + parts + units + lengths

  private static func part(
    _ name: String, aliases: [String] = [], _ summary: String, _ part: DatePart, _ example: Example,
    _ words: [String] = []
  ) -> Function {
    Function(
      name, aliases: aliases, .dates, summary, [Signature([Parameter("x", .time)], .type(.int))],
      examples: [example], searchWords: ["extract", "datepart", "lubridate"] + words,
      .vector(Kernels.part(part)))
  }

  private static let parts: [Function] = [
    part("year", "The year.", .year, Example("year(2026-10-01)", gives: "2026")),
    part(
      "iso_year", "The year of the ISO week: days around New Year may belong to a week of the other year.",
      .isoYear, Example("iso_year(2027-01-01)", gives: "2026"), ["isoyear", "week year", "yearweek"]),
    part("quarter", "The quarter, 1 to 4.", .quarter, Example("quarter(2026-10-01)", gives: "4")),
    part("month", "The month, 1 to 12.", .month, Example("month(2026-10-01)", gives: "10"), ["getmonth"]),
    part(
      "week", aliases: ["isoweek"], "The ISO week, 1 to 53; weeks begin on Monday.", .week,
      Example("week(2027-01-01)", gives: "53"), ["isoweek", "weeknum", "week_of_year"]),
    part(
      "weekday", "The day of the week, 1 Monday to 7 Sunday.", .weekday,
      Example("weekday(2026-10-01)", gives: "4"), ["dayofweek", "wday", "dow"]),
    part(
      "day", "The day of the month, 1 to 31.", .day, Example("day(2026-10-31)", gives: "31"),
      ["dayofmonth", "mday"]),
    part(
      "day_of_year", aliases: ["dayofyear"], "The day of the year, 1 to 366.", .dayOfYear,
      Example("day_of_year(2024-12-31)", gives: "366"), ["yday", "doy", "julian"]),
    part("hour", "The hour, 0 to 23.", .hour, Example("hour(2026-10-01T08:30)", gives: "8"), ["hourofday"]),
    part("minute", "The minute, 0 to 59.", .minute, Example("minute(2026-10-01T08:30)", gives: "30")),
    part("second", "The second, 0 to 59.", .second, Example("second(2026-10-01T08:30:15)", gives: "15")),
    Function(
      "is_weekend", .dates, "True on Saturdays and Sundays.",
      [Signature([Parameter("x", .time)], .type(.bool))],
      examples: [
        Example("is_weekend(2026-10-03)", gives: "true"), Example("is_weekend(2026-10-01)", gives: "false"),
      ],
      searchWords: ["weekend", "working day"], .vector(Kernels.isWeekend)),
    Function(
      "fiscal_year", aliases: ["financial_year"], .dates,
      "The year in which the fiscal year ends that begins in the month given.",
      [Signature([Parameter("x", .time), Parameter("first_month", .int, constant: true)], .type(.int))],
      examples: [
        Example("fiscal_year(2026-03-31, 4)", gives: "2026"),
        Example("fiscal_year(2026-04-01, 4)", gives: "2027"),
      ], searchWords: ["financial year", "tax year", "fy"], .vector(Kernels.fiscalYear)),
  ]

  private static func unitSignatures(isStep: Bool) -> [Signature] {
    let calendar = Parameter("unit", .word(TimeUnit.calendarWords))
    let clock = Parameter("unit", .word(TimeUnit.clockWords))
    if !isStep {
      return [
        Signature([Parameter("x", .time), calendar], .type(.date)),
        Signature([Parameter("x", .time), clock], .type(.datetime)),
      ]
    }
    let count = Parameter("n", .int)
    return [
      Signature([Parameter("x", .time), count, calendar], .same(0)),
      Signature([Parameter("x", .time), count, clock], .type(.datetime)),
    ]
  }

  private static let units: [Function] = [
    Function(
      "start_of", aliases: ["floor_date", "date_trunc", "startof"], .dates,
      "The first day of the week (Monday), month, quarter or year; below the day, the first moment.",
      unitSignatures(isStep: false),
      examples: [
        Example("start_of(2026-10-15, month)", gives: "2026-10-01"),
        Example("start_of(2026-10-15, week)", gives: "2026-10-12"),
        Example("start_of(2026-10-15T08:47, hour)", gives: "2026-10-15T08:00:00"),
      ], searchWords: ["date_trunc", "floor_date", "startofmonth", "truncate", "bin"],
      .vector(Kernels.startOf)),
    Function(
      "end_of", aliases: ["endof"], .dates,
      "The last day of the week (Sunday), month, quarter or year; below the day, the last microsecond.",
      unitSignatures(isStep: false),
      examples: [
        Example("end_of(2024-02-10, month)", gives: "2024-02-29"),
        Example("end_of(2026-10-15, quarter)", gives: "2026-12-31"),
      ], searchWords: ["last_day", "eomonth", "endofmonth", "ceiling_date"], .vector(Kernels.endOf)),
    Function(
      "add", .dates, "So many units later (earlier with a negative n), clipped to the end of the month.",
      unitSignatures(isStep: true),
      examples: [
        Example("add(2026-01-31, 1, month)", gives: "2026-02-28"),
        Example("add(2026-03-01, -2, weeks)", gives: "2026-02-15"),
        Example("add(2026-01-31, 2, hours)", gives: "2026-01-31T02:00:00"),
      ], searchWords: ["dateadd", "edate", "add_months", "interval", "datetime_add"],
      .vector(Kernels.addUnits)),
    Function(
      "format", aliases: ["format_date", "strftime"], .dates,
      "A date as text by a pattern, or a number by .1 (decimals) and , (thousands).",
      [
        Signature([Parameter("x", .time), Parameter("pattern", .text)], .type(.text)),
        Signature([Parameter("x", .number), Parameter("pattern", .text)], .type(.text)),
      ],
      examples: [
        Example("format(2026-10-01, \"%d %b %Y\")", gives: "01 Oct 2026"),
        Example("format(2026-10-01T08:05, \"%H:%M\")", gives: "08:05"),
        Example("format(1234.56, \",.1\")", gives: "1,234.6"),
      ], searchWords: ["strftime", "format_datetime", "to_char", "text"],
      remark: "Letters of a pattern: \(DateFormat.letters).",
      .vector(TextFunctions.formatColumns)),
    Function(
      "parse_date", .dates, "The date that a text holds, by the patterns of `format`.",
      [Signature([Parameter("x", .text), Parameter("pattern", .text, constant: true)], .type(.date))],
      examples: [
        Example("parse_date(\"1 October 2026\", \"%d %B %Y\")", gives: "2026-10-01"),
        Example("parse_date(\"31/02/2026\", \"%d/%m/%Y\")", gives: "missing"),
      ], searchWords: ["strptime", "to_date", "dmy", "as.date", "parsedate"],
      remark: "Letters of a pattern: \(DateFormat.readLetters).",
      .vector(Kernels.castTime(to: .date))),
    Function(
      "sequence", aliases: ["seq"], .dates,
      "The list from the first to the last, both included, by a number, a duration or a unit.",
      [
        Signature(
          [Parameter("from", .int), Parameter("to", .int), Parameter("step", .int, default: .int(1))],
          .type(.list(.int))),
        Signature(
          [
            Parameter("from", .time), Parameter("to", .time),
            Parameter("step", .word(TimeUnit.calendarWords), default: .text("day")),
          ], .computed { types in .list(DataType.common(types[0], types[1]) ?? .datetime) }),
        Signature(
          [Parameter("from", .time), Parameter("to", .time), Parameter("step", .duration)],
          .computed { types in .list(DataType.common(types[0], types[1]) ?? .datetime) }),
        Signature(
          [Parameter("from", .time), Parameter("to", .time), Parameter("step", .word(TimeUnit.clockWords))],
          .type(.list(.datetime))),
      ],
      examples: [
        Example("sequence(1, 5, 2)", gives: "[1, 3, 5]"),
        Example("sequence(2026-01-31, 2026-03-31, month)", gives: "[2026-01-31, 2026-02-28, 2026-03-31]"),
        Example("sequence(2026-01-01, 2026-01-15, 7d)", gives: "[2026-01-01, 2026-01-08, 2026-01-15]"),
      ], searchWords: ["range", "seq", "generate_series", "date_range"], .vector(Kernels.sequences)),
  ]

  private static func length(_ name: String, _ size: Int64, _ example: Example) -> Function {
    Function(
      name, .dates, "The duration in \(name), with its fraction.",
      [Signature([Parameter("x", .duration)], .type(.float))], examples: [example],
      searchWords: ["datediff", "difftime", "duration", "between"], .vector(Kernels.count(of: size)))
  }

  private static let lengths: [Function] = [
    length("weeks", 7 * Calendar.microsecondsPerDay, Example("weeks(21d)", gives: "3.0")),
    length("days", Calendar.microsecondsPerDay, Example("days(2026-03-01 - 2026-02-01)", gives: "28.0")),
    length("hours", Calendar.microsecondsPerHour, Example("hours(90min)", gives: "1.5")),
    length("minutes", Calendar.microsecondsPerMinute, Example("minutes(1h)", gives: "60.0")),
    length("seconds", Calendar.microsecondsPerSecond, Example("seconds(1min)", gives: "60.0")),
    Function(
      "days_between", .dates, "The calendar days from one day to another.",
      [Signature([Parameter("from", .time), Parameter("to", .time)], .type(.int))],
      examples: [
        Example("days_between(2026-01-31T23:00, 2026-02-01T01:00)", gives: "1"),
        Example("days_between(2026-03-01, 2026-02-01)", gives: "-28"),
      ],
      searchWords: ["datediff", "date_diff", "days", "date difference", "between dates", "number of days"],
      .vector(Kernels.daysBetween)),
    Function(
      "age", .dates, "Completed years; who was born on 29 February turns older on 1 March in common years.",
      [Signature([Parameter("birth", .time), Parameter("on", .time)], .type(.int))],
      examples: [
        Example("age(1960-05-12, 2026-05-11)", gives: "65"),
        Example("age(1960-05-12, 2026-05-12)", gives: "66"),
        Example("age(2004-02-29, 2022-02-28)", gives: "17"),
      ], searchWords: ["years", "datediff years", "birthdate", "yrdif"], .vector(Kernels.age)),
  ]
}
