import Columns
import Diagnostics
import Planning

/// A type that was given by hand, for dates with the pattern they are written in.
struct TypeRequest: Sendable, Equatable {
  var type: DataType
  var pattern: DatePattern?
}

/// The options of a delimited file as they were written.
struct CSVOptions: Sendable {
  var delimiter: UInt8?
  var header: Bool?
  var types: [(name: String, request: TypeRequest)] = []
  /// Marks of missing for every column; an empty list says that there are none.
  var missing: [String]?
  var columnMissing: [(name: String, marks: [String])] = []
  var encoding: TextEncoding?
  var strict = false
  /// Nil when quotes mean nothing.
  var quote: UInt8? = UInt8(ascii: "\"")
  var comment: UInt8?
  var skip = 0
  var decimal = UInt8(ascii: ".") {
    didSet { hasDecimal = true }
  }
  /// Whether the decimal sign was given.
  private(set) var hasDecimal = false
  /// Places of the options, for faults that come out later.
  var typesRange: SourceRange?
  var missingRange: SourceRange?

  static let rows: [OptionRow] = [
    OptionRow(
      "delimiter", "the character between cells; otherwise guessed among , ; tab and |",
      takes: "one character or tab", example: "delimiter = \";\""),
    OptionRow(
      "header", "whether the first row holds the names; otherwise guessed", takes: "true or false",
      example: "header = false"),
    OptionRow(
      "types", "types of columns; cells that do not fit become missing, noted",
      takes: "{column: type, …}", example: "types = {admitted: date(\"%d/%m/%Y\"), code: text}"),
    OptionRow(
      "missing", "texts that stand for missing, in all columns or in some; with [] only the empty cell does",
      takes: "[text, …] or {column: [text, …]}", example: "missing = [\"N/A\"]"),
    OptionRow(
      "encoding", "how characters are stored; otherwise UTF-8, or UTF-16 where the file shows it",
      takes: "utf-8, utf-16, utf-16be, latin-1 or windows-1252", example: "encoding = \"latin-1\""),
    OptionRow(
      "strict", "irregular rows and cells are errors instead of notes", takes: "true or false",
      example: "strict = true"),
    OptionRow(
      "quote", "the character around cells that hold delimiters", takes: "one character or none",
      example: "quote = none"),
    OptionRow(
      "comment", "lines that begin with it are left out", takes: "one character", example: "comment = \"#\""),
    OptionRow(
      "skip", "lines to leave out before the header", takes: "a whole number", example: "skip = 2"),
    OptionRow(
      "decimal", "the decimal sign of numbers; with a comma 1.234,5 is read, points between thousands",
      takes: "\".\" or \",\"", example: "decimal = \",\""),
  ]

  init() {}

  /// Reads the options; throws a `Diagnostic` for one that is unknown or has a value that cannot be.
  init(_ options: [Option]) throws(Diagnostic) {
    for option in options { try set(option) }
    if let delimiter, delimiter == quote {
      throw Diagnostic("option-value", "delimiter and quote cannot be the same character")
    }
  }

  private mutating func set(_ option: Option) throws(Diagnostic) {
    switch option.name {
    case "delimiter":
      delimiter = try character(option, named: ["tab": 9, "comma": 44, "semicolon": 59, "pipe": 124])
    case "header": header = try flag(option)
    case "strict": strict = try flag(option)
    case "quote": quote = try isNone(option) ? nil : character(option)
    case "comment": comment = try isNone(option) ? nil : character(option)
    case "encoding": encoding = try encoding(option)
    case "skip": skip = try count(option)
    case "decimal":
      decimal = try character(option)
      guard decimal == UInt8(ascii: ".") || decimal == UInt8(ascii: ",") else { throw Self.wrong(option) }
    case "types": try setTypes(option)
    case "missing": try setMissing(option)
    default:
      let names = (Self.rows + [.filename]).map(\.name)
      let near = Suggestion.nearest(to: option.name, among: names)
      throw Diagnostic(
        "unknown-option", "delimited files have no option `\(option.name)`", at: option.range,
        help: [
          near.map { "did you mean `\($0)`?" } ?? "they have \(names.joined(separator: ", "))"
        ])
    }
  }

  private static func wrong(_ option: Option) -> Diagnostic {
    let row = rows.first { $0.name == option.name }
    return Diagnostic(
      "option-value", "`\(option.name)` takes \(row?.takes ?? "another value")", at: option.range,
      help: row.map { ["for example `\($0.example)`"] } ?? [])
  }

  private func text(_ value: OptionValue) -> String? {
    switch value {
    case .value(.text(let text)), .word(let text): text
    case .value(.int(let number)): String(number)
    case .value(.float(let number)): Int(exactly: number).map(String.init) ?? String(number)
    default: nil
    }
  }

  private func isNone(_ option: Option) -> Bool {
    option.value == .value(.missing) || ["none", ""].contains(text(option.value))
  }

  private func character(_ option: Option, named: [String: UInt8] = [:]) throws(Diagnostic) -> UInt8 {
    guard let text = text(option.value) else { throw Self.wrong(option) }
    if let known = named[text.lowercased()] { return known }
    let bytes = Array(text.utf8)
    guard bytes.count == 1, bytes[0] < 0x80, bytes[0] != 10, bytes[0] != 13 else { throw Self.wrong(option) }
    return bytes[0]
  }

  private func flag(_ option: Option) throws(Diagnostic) -> Bool {
    guard case .value(.bool(let flag)) = option.value else { throw Self.wrong(option) }
    return flag
  }

  private func count(_ option: Option) throws(Diagnostic) -> Int {
    guard case .value(.int(let number)) = option.value, (0...1_000_000_000).contains(number) else {
      throw Self.wrong(option)
    }
    return Int(number)
  }

  private func encoding(_ option: Option) throws(Diagnostic) -> TextEncoding {
    guard let text = text(option.value), let encoding = TextEncoding.named(text) else {
      throw Self.wrong(option)
    }
    return encoding
  }

  private mutating func setTypes(_ option: Option) throws(Diagnostic) {
    guard case .record(let fields) = option.value else { throw Self.wrong(option) }
    typesRange = option.range
    for field in fields { types.append((field.name, try request(field.value, field.name, option))) }
  }

  private func request(
    _ value: OptionValue, _ column: String, _ option: Option
  ) throws(Diagnostic) -> TypeRequest {
    if case .call(let name, let arguments) = value {
      guard let type = DataType.named(name), type.isTime, arguments.count == 1, let text = text(arguments[0]),
        text.contains("%"), let pattern = DatePattern(text)
      else {
        throw Diagnostic(
          "option-value", "the type of `\(column)` is not a date with a pattern", at: option.range,
          help: [
            "for example `date(\"%d/%m/%Y\")` or `datetime(\"%d.%m.%Y %H:%M\")`, "
              + "with %Y %y %m %b %B %d %H %I %M %S %f %p %z"
          ])
      }
      return TypeRequest(type: type, pattern: pattern)
    }
    let known: [DataType] = [.int, .float, .bool, .text, .date, .datetime, .duration]
    guard let name = text(value), let type = DataType.named(name), known.contains(type) else {
      throw Diagnostic(
        "option-value", "the type of `\(column)` is not one that can be read", at: option.range,
        help: ["types are int, float, bool, text, date, datetime, duration and date(\"%d/%m/%Y\")"])
    }
    return TypeRequest(type: type)
  }

  private mutating func setMissing(_ option: Option) throws(Diagnostic) {
    missingRange = option.range
    if case .record(let fields) = option.value {
      for field in fields {
        guard let marks = marks(field.value) else { throw Self.wrong(option) }
        columnMissing.append((field.name, marks))
      }
      return
    }
    guard let marks = marks(option.value) else { throw Self.wrong(option) }
    missing = marks
  }

  private func marks(_ value: OptionValue) -> [String]? {
    if case .list(let items) = value {
      let texts = items.compactMap { text($0) }
      return texts.count == items.count ? texts : nil
    }
    return text(value).map { [$0] }
  }
}
