import Columns
import Diagnostics
import Language
import Planning
import Sessions

/// A session with some tables, asked many questions, for sweeps over everything that can be written.
///
/// What a question gives is held against the rules that hold for every one: a refusal says something, a column has
/// the type that the checker said, a number is finite, a date lies in the years 1 to 9999.
final class SweepSession {
  enum Answer {
    case table(Table)
    /// Refused before anything ran.
    case refused([Diagnostic])
    /// Came up while it ran.
    case failed([Diagnostic])
  }

  let session: Session
  private var told: Table?

  init(_ setup: String) {
    session = Session(
      options: Session.Options(threads: 1, now: 1_790_000_000_000_000),
      readFile: { _ in throw FormatFault(file: "", "no files here") },
      writeFile: { _, _, _ in throw FormatFault(file: "", "no files here") })
    session.tell = { [weak self] outcome in
      if case .table(let table, _, _, _) = outcome { self?.told = table }
    }
    _ = session.run(SourceText(setup)) { faults in
      preconditionFailure("the tables of the sweep cannot be made: \(faults.map(\.message))")
    }
  }

  func ask(_ text: String) -> Answer {
    let source = SourceText(text)
    let (faults, _) = session.check(Parser.parse(source))
    if !faults.isEmpty { return .refused(faults) }
    told = nil
    var failures: [Diagnostic] = []
    let status = session.run(source) { failures += $0 }
    if status == .done, let told { return .table(told) }
    return .failed(failures)
  }

  /// What is wrong with an answer whatever was asked; nil when nothing is.
  static func fault(_ answer: Answer, of text: String) -> String? {
    switch answer {
    case .refused(let faults), .failed(let faults):
      if faults.isEmpty { return "neither an answer nor a reason" }
      for fault in faults {
        if fault.message.isEmpty { return "an empty message" }
        guard let range = fault.range else { continue }
        if range.lower > range.upper || range.upper > text.utf8.count { return "a place outside the text" }
      }
      return nil
    case .table(let table): return fault(in: table)
    }
  }

  private static func fault(in table: Table) -> String? {
    for (index, field) in table.schema.fields.enumerated() {
      for segment in table.segments {
        let column = segment.columns[index]
        if column.count != segment.count {
          return "\(field.name) has \(column.count) values in \(segment.count) rows"
        }
        for value in column.values {
          if let fault = Self.fault(value, as: field.type) { return "\(field.name): \(fault)" }
        }
      }
    }
    return nil
  }

  private static func fault(_ value: Value, as type: DataType) -> String? {
    switch (value, type) {
    case (.missing, _): return nil
    case (.float(let number), .float): return number.isFinite ? nil : "\(number) is no number"
    case (.int, .int), (.bool, .bool), (.text, .text), (.duration, .duration): return nil
    case (.date(let days), .date): return isInCalendar(Int64(days)) ? nil : "day \(days) is in no calendar"
    case (.datetime(let moment, let offset), .datetime):
      let local = moment + Int64(offset ?? 0) * Calendar.microsecondsPerMinute
      let (quotient, rest) = local.quotientAndRemainder(dividingBy: Calendar.microsecondsPerDay)
      return isInCalendar(rest < 0 ? quotient - 1 : quotient) ? nil : "moment \(moment) is in no calendar"
    case (.list(let values), .list(let element)):
      return values.lazy.compactMap { fault($0, as: element) }.first
    case (.record(let fields), .record(let types)):
      guard fields.map(\.name) == types.map(\.name) else { return "the fields \(fields.map(\.name))" }
      return zip(fields, types).lazy.compactMap { fault($0.value, as: $1.type) }.first
    default: return "\(value) in a column of \(type.name)"
    }
  }

  /// Days from 0001-01-01 to 9999-12-31.
  private static func isInCalendar(_ days: Int64) -> Bool { (-719_162...2_932_896).contains(days) }
}

/// Whether two values are the same, floats to the last few bits (a constant may be computed once, a column in
/// another order).
func isSameValue(_ a: Value, _ b: Value) -> Bool {
  switch (a, b) {
  case (.float(let x), .float(let y)): x == y || abs(x - y) <= 1e-12 * max(abs(x), abs(y))
  case (.datetime(let x, _), .datetime(let y, _)): x == y
  case (.list(let x), .list(let y)): x.count == y.count && zip(x, y).allSatisfy(isSameValue)
  default: a == b
  }
}
