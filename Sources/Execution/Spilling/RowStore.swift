import Columns
import Diagnostics
import Scheduling
import Synchronization

/// The rows of a stage as they come in, segment by segment and from any thread: in memory while a share of the budget
/// holds them, in a temporary file from then on. A stage that wants all its rows finds them in one table either way.
final class RowStore: Sendable {
  /// Where a segment's rows are.
  enum Place: Sendable {
    case memory(Segment)
    case file(SpilledSegment)
  }

  private struct State {
    var use = MemoryUse()
    var file: SpillFile?
  }

  private let context: QueryContext
  private let memory: Reservation
  private let share: Int
  private let state = Mutex(State())

  /// - Parameter share: bytes of memory for the rows. What the rest of a stage needs is not known yet, and is more: a
  ///   quarter of what is left, where nothing is said. Rows in a file that was just written come from memory, too, while
  ///   the machine has it.
  init(_ context: QueryContext, share: Int? = nil) {
    self.context = context
    memory = Reservation(context.budget)
    self.share = share ?? context.budget.available / 4
  }

  /// Takes in a segment's rows.
  func keep(_ segment: Segment) throws -> Place {
    let file = try state.withLock { state -> SpillFile? in
      if let file = state.file { return file }
      var use = state.use
      let more = use.add(segment)
      if use.bytes <= share, (try? memory.grow(more, for: "rows")) != nil {
        state.use = use
        return nil
      }
      let file = try SpillFile(folder: context.temporaryFolder)
      state.file = file
      return file
    }
    if let file { return .file(try SpilledSegment(segment, in: file)) }
    return .memory(segment)
  }

  /// The rows of all segments, in this order.
  func table(_ schema: Schema, _ places: [Place]) throws -> HeldTable {
    let file = state.withLock { $0.file }
    let pages = try file?.mapped()
    let segments = try places.compactMap { place -> Segment? in
      switch place {
      case .memory(let segment): return segment.count > 0 ? segment : nil
      case .file(let spilled):
        guard spilled.count > 0, let pages else { return nil }
        return try spilled.read(from: pages)
      }
    }
    if let file { context.noteSpilled(file.byteCount) }
    return HeldTable(table: Table(schema: schema, segments: segments), memory: [memory])
  }
}
