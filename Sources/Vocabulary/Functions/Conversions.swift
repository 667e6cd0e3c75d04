import Columns
import Planning

/// From one type to another. What does not convert is missing, and the note tells its commonest texts.
extension FunctionTable {
  private static func from(_ types: [TypeClass], to result: DataType) -> [Signature] {
    types.map { Signature([Parameter("x", $0)], .type(result)) }
  }

  private static let pattern = Parameter("pattern", .text, constant: true)
  private static let partial = Parameter("partial", .word(["start", "end"]))
  private static let dayParts = [Parameter("year", .int), Parameter("month", .int), Parameter("day", .int)]

  package static let conversions: [Function] = [
    Function(
      "int", aliases: ["integer", "to_int", "toint"], .conversions,
      "A whole number: a float loses its fraction, text must be a whole number.",
      from([.number, .text, .bool], to: .int),
      examples: [
        Example("int(3.7)", gives: "3"), Example("int(\"42\")", gives: "42"),
        Example("int(\"3.7\")", gives: "missing"), Example("int(true)", gives: "1"),
      ], searchWords: ["cast", "as.integer", "toint", "convert", "try_cast"], .vector(Kernels.cast(to: .int))),
    Function(
      "float", aliases: ["number", "to_float", "todouble"], .conversions, "A number with a fraction.",
      from([.number, .text, .bool], to: .float),
      examples: [
        Example("float(3)", gives: "3.0"), Example("float(\"2.5e3\")", gives: "2500.0"),
        Example("float(\"12 mg\")", gives: "missing"),
      ], searchWords: ["cast", "as.numeric", "todouble", "value", "convert"],
      .vector(Kernels.cast(to: .float))),
    Function(
      "text", aliases: ["string", "to_text", "tostring"], .conversions,
      "The value as text, written as in a file; text loses its order.", from([.any], to: .text),
      examples: [
        Example("text(1.0)", gives: "1.0"), Example("text(2026-01-31)", gives: "2026-01-31"),
        Example("text(true)", gives: "true"),
      ], searchWords: ["cast", "as.character", "tostring", "str", "varchar"], .vector(Kernels.cast(to: .text))
    ),
    Function(
      "bool", .conversions, "True or false: from true, yes, 1 and false, no, 0.",
      from([.bool, .number, .text], to: .bool),
      examples: [
        Example("bool(\"Yes\")", gives: "true"), Example("bool(0)", gives: "false"),
        Example("bool(2)", gives: "missing"),
      ], searchWords: ["cast", "as.logical", "tobool", "boolean"], .vector(Kernels.cast(to: .bool))),
    Function(
      "date", .conversions,
      "A calendar day: of a datetime as written, of ISO text, by a pattern, or of numbers.",
      from([.time, .text], to: .date) + [
        Signature([Parameter("x", .text), partial], .type(.date)),
        Signature([Parameter("x", .text), pattern], .type(.date)),
        Signature(dayParts, .type(.date)),
      ],
      examples: [
        Example("date(2026-10-01T08:30)", gives: "2026-10-01"),
        Example("date(\"2026-10-01\")", gives: "2026-10-01"),
        Example("date(\"01/10/2026\", \"%d/%m/%Y\")", gives: "2026-10-01"),
        Example("date(\"2026-10\", partial: start)", gives: "2026-10-01"),
        Example("date(2024, 2, 29)", gives: "2024-02-29"), Example("date(\"2026-02-30\")", gives: "missing"),
      ], searchWords: ["as.date", "to_date", "todate", "make_date", "ymd", "dmy", "cast"],
      remark: "Letters of a pattern: \(DateFormat.readLetters). Two-digit years are 1969 to 2068.", date),
    Function(
      "datetime", aliases: ["timestamp"], .conversions,
      "A day with a time: midnight of a date, of ISO text, by a pattern, or of numbers.",
      from([.time, .text], to: .datetime) + [
        Signature([Parameter("x", .text), partial], .type(.datetime)),
        Signature([Parameter("x", .text), pattern], .type(.datetime)),
        Signature(
          dayParts + [
            Parameter("hour", .int), Parameter("minute", .int), Parameter("second", .int, default: .int(0)),
          ], .type(.datetime)),
      ],
      examples: [
        Example("datetime(2026-10-01)", gives: "2026-10-01T00:00:00"),
        Example("datetime(\"2026-10-01 08:30\")", gives: "2026-10-01T08:30:00"),
        Example("datetime(\"01.10.2026 8:05\", \"%d.%m.%Y %H:%M\")", gives: "2026-10-01T08:05:00"),
      ], searchWords: ["as.posixct", "to_timestamp", "todatetime", "strptime", "cast"],
      remark: "Letters of a pattern: \(DateFormat.readLetters). Two-digit years are 1969 to 2068.", datetime),
    Function(
      "duration", aliases: ["timespan"], .conversions, "A length of time from text such as \"3d 4h\".",
      from([.duration, .text], to: .duration),
      examples: [
        Example("duration(\"3d 4h\")", gives: "3d 4h"),
        Example("duration(\"90 minutes\")", gives: "1h 30min"),
        Example("duration(\"soon\")", gives: "missing"),
      ], searchWords: ["interval", "totimespan", "difftime", "timedelta"],
      .vector(Kernels.cast(to: .duration))),
  ]

  private static let date = times(.date)
  private static let datetime = times(.datetime)

  /// Numbers for the parts, or one value with a pattern or a word.
  private static func times(_ type: DataType) -> Function.Implementation {
    let convert = Kernels.castTime(to: type)
    return .vector { (arguments, rows, state) throws(KernelFault) in
      guard arguments.count >= 3 else { return try convert(arguments, rows, state) }
      return try Kernels.apply(
        Kernels.timeOfParts, to: arguments, rows: rows, type: type, propagates: true, state: state)
    }
  }
}
