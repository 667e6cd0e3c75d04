import Columns
import Diagnostics
import Planning
import Synchronization

/// Whole numbers of too many digits for the floats that they stand among.
package final class RoundedInts: Sendable {
  private let schema: Schema
  private let counts = Mutex<[Int: Int]>([:])

  /// - Parameter schema: of the columns that are looked at.
  package init(_ schema: Schema) { self.schema = schema }

  /// Counts in a part of the column of a number, before it is widened.
  package func saw(_ column: Column, _ number: Int) {
    guard schema[number].type == .float else { return }
    let rounded = column.roundedAsFloats
    if rounded > 0 { counts.withLock { $0[number, default: 0] += rounded } }
  }

  /// What there is to tell of the columns that were seen.
  package func notes(at range: SourceRange?) -> [Note] {
    counts.withLock { $0 }.sorted { $0.key < $1.key }.map { number, count in
      Note(
        .fact,
        "\(counted(count, "whole number")) of `\(schema[number].name)` \(count == 1 ? "is" : "are") rounded: among floats one keeps about 16 digits",
        count: count, subject: schema[number].name, at: range)
    }
  }
}

/// Whether times with an offset meet times without one, which are then taken as UTC.
package final class TimeOffsets: Sendable {
  private struct Seen {
    var with = 0
    var without = 0
  }

  private let names: [String]
  private let seen: Mutex<[Int: Seen]>

  /// - Parameter schema: of the columns that are looked at.
  package init(_ schema: Schema) {
    names = schema.names
    seen = Mutex([:])
  }

  /// Counts in a part of the column of a number.
  package func saw(_ column: Column, _ number: Int) {
    guard case .datetime(_, let offsets) = column.storage else { return }
    let known = column.count - column.missingCount
    seen.withLock {
      if offsets == nil {
        $0[number, default: Seen()].without += known
      } else {
        $0[number, default: Seen()].with += known
      }
    }
  }

  /// What there is to tell of the columns that were seen.
  package func notes(at range: SourceRange?) -> [Note] {
    let seen = seen.withLock { $0 }
    return seen.sorted { $0.key < $1.key }.compactMap { number, seen in
      guard seen.with > 0, seen.without > 0 else { return nil }
      return Note(
        .fact,
        "\(counted(seen.without, "time")) of `\(names[number])` \(seen.without == 1 ? "has" : "have") no offset, others do: taken as UTC",
        count: seen.without, total: seen.with + seen.without, subject: names[number], at: range)
    }
  }
}
