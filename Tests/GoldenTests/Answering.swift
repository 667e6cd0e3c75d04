import Columns
import Diagnostics
import Execution
import Planning
import Sessions
import TestSupport

/// The last table that a text gives in a new session, with its notes.
struct Answering {
  struct Failure: Error, CustomStringConvertible {
    let description: String
  }

  var table: Table
  var notes: [Note]

  /// The notes but those of the files.
  ///
  /// Hints that a text is not there are left out: which texts are known depends on where a condition is worked out, and
  /// a column may have another name there. They count nothing.
  var told: [String] {
    let hint = NeverFound.message("", "").prefix { $0 != "`" }
    return notes.filter { $0.kind != .input && !$0.message.hasPrefix(hint) }.map(\.message)
  }

  init(_ text: String, threads: Int = 2, optimise: Bool = true) throws {
    let session = Session(
      options: Session.Options(threads: threads, now: 1_790_000_000_000_000, optimise: optimise))
    var last: (Table, [Note])?
    session.tell = { outcome in
      if case .table(let table, let notes, _, _) = outcome { last = (table, notes) }
    }
    var faults: [String] = []
    let status = session.run(SourceText(text)) { faults += $0.map(\.message) }
    guard status == .done, let last else {
      throw Failure(description: "\(faults.joined(separator: "; ")) (\(status))\n  \(text)")
    }
    (table, notes) = last
  }
}
