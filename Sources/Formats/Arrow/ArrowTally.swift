import Columns
import Diagnostics

/// What decoding had to forgive in a column.
struct ArrowTally: Sendable {
  /// Floats that are not a number, read as missing.
  var notNumbers = 0
  /// Floats that are infinite, read as missing.
  var infinite = 0
  /// Times that had a part of a microsecond.
  var cutTimes = 0

  static func += (left: inout ArrowTally, right: ArrowTally) {
    left.notNumbers += right.notNumbers
    left.infinite += right.infinite
    left.cutTimes += right.cutTimes
  }

  func notes(_ column: String) -> [Note] {
    var notes: [Note] = []
    for (count, what) in [(notNumbers, "not a number (NaN)"), (infinite, "infinite")] where count > 0 {
      let verb = count == 1 ? "is" : "are"
      notes.append(
        Note(
          .input, "\(counted(count, "value")) of `\(column)` that \(verb) \(what) became missing",
          count: count))
    }
    if cutTimes > 0 {
      notes.append(
        Note(
          .input, "\(counted(cutTimes, "time")) of `\(column)` lost what is finer than a microsecond",
          count: cutTimes))
    }
    return notes
  }
}

extension ArrowField {
  /// What the type of the column, or of a part of it, becomes that is not the same.
  func notes(_ path: String) -> [Note] {
    switch type {
    case .decimal: return [Note(.input, "`\(path)` holds decimals: read as floats of about 16 digits")]
    case .time: return [Note(.input, "`\(path)` holds times of day: read as durations since midnight")]
    case .timestamp(_, let zone?) where ArrowZone.offset(of: zone) == nil:
      return [Note(.input, "`\(path)` is in the time zone \(zone): the same instants are shown in UTC")]
    case .list, .fixedList: return children.flatMap { $0.notes(path) }
    case .record: return children.flatMap { $0.notes(path + "." + $0.name) }
    default: return []
    }
  }
}
