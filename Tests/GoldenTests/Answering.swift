import Columns
import Diagnostics
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
  var told: [String] { notes.filter { $0.kind != .input }.map(\.message) }

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
