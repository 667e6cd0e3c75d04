import Columns
import Glibc
import Planning
import Synchronization

/// What one operator of a plan took and gave: for `explain analyze`.
package struct OperatorProfile: Sendable {
  /// What the operator is called in the plan.
  package var name: String
  /// How many operators stand above it in the plan's tree.
  package var depth: Int
  /// Rows that it gave to the operator above.
  package var rows = 0
  /// Bytes of these rows; texts that segments share count once a segment where these are made one by one.
  package var bytes = 0
  /// The time of all cores together that went into it and into what it reads from.
  fileprivate var total: UInt64 = 0
  /// The same without what it reads from.
  package var nanoseconds: UInt64 = 0
}

/// Measures the operators of one run, each as it opens and as its segments are read.
///
/// An operator that gathers its rows works while it is opened, with the help of all threads; one that passes segments on
/// works in whoever reads them. Either holds the work of the operators below, which is known for itself and taken off.
final class Profiler: Sendable {
  private struct Measured {
    var profile: OperatorProfile
    /// Segments that were read; some are read twice.
    var read: Set<Int> = []
  }

  private struct State {
    var operators: [Measured] = []
    /// The operators that are being opened, the innermost last.
    var open: [Int] = []
  }

  private let state = Mutex(State())

  /// How many operators there are so far.
  var count: Int { state.withLock { $0.operators.count } }

  /// Forgets the operators behind the first ones: those of an attempt that is made again. What they took counts as
  /// the operator's whose attempt it was.
  func forget(from count: Int) {
    state.withLock { $0.operators.removeLast(max(0, $0.operators.count - count)) }
  }

  /// Opens an operator and measures what it does from then on.
  func opening(_ name: String, _ open: () throws -> SegmentStream) throws -> SegmentStream {
    let index = state.withLock { state in
      let depth = state.open.count
      state.operators.append(Measured(profile: OperatorProfile(name: name, depth: depth)))
      state.open.append(state.operators.count - 1)
      return state.operators.count - 1
    }
    let start = Self.time(CLOCK_PROCESS_CPUTIME_ID)
    defer {
      let time = Self.time(CLOCK_PROCESS_CPUTIME_ID) &- start
      state.withLock { state in
        if state.open.last == index { state.open.removeLast() }
        if state.operators.indices.contains(index) { state.operators[index].profile.total &+= time }
      }
    }
    var stream = try open()
    if let table = stream.table {
      var use = MemoryUse(countsMapped: true)
      for segment in table.segments { use.add(segment) }
      state.withLock { state in
        state.operators[index].profile.bytes = use.bytes
        state.operators[index].profile.rows = table.rowCount
      }
      return stream
    }
    let inner = stream
    stream = SegmentStream(schema: inner.schema, count: inner.count) { [self] number in
      let start = Self.time(CLOCK_THREAD_CPUTIME_ID)
      let segment = try inner.read(number)
      note(segment, number, of: index, Self.time(CLOCK_THREAD_CPUTIME_ID) &- start)
      return segment
    }
    stream.memory = inner.memory
    stream.hasTotals = inner.hasTotals
    return stream
  }

  private func note(_ segment: Segment, _ number: Int, of index: Int, _ time: UInt64) {
    // One for each segment: the memory of one that is let go is that of the next.
    var use = MemoryUse(countsMapped: true)
    use.add(segment)
    state.withLock { state in
      guard state.operators.indices.contains(index) else { return }
      state.operators[index].profile.total &+= time
      guard state.operators[index].read.insert(number).inserted else { return }
      state.operators[index].profile.rows += segment.count
      state.operators[index].profile.bytes += use.bytes
    }
  }

  /// The operators from the last one of the plan down to what it reads.
  var profiles: [OperatorProfile] {
    let measured = state.withLock { $0.operators }
    return measured.indices.map { index in
      var profile = measured[index].profile
      var below: UInt64 = 0
      for other in measured[(index + 1)...] {
        if other.profile.depth <= profile.depth { break }
        if other.profile.depth == profile.depth + 1 { below &+= other.profile.total }
      }
      profile.nanoseconds = profile.total > below ? profile.total - below : 0
      return profile
    }
  }

  private static func time(_ clock: clockid_t) -> UInt64 {
    var time = timespec()
    clock_gettime(clock, &time)
    return UInt64(time.tv_sec) &* 1_000_000_000 &+ UInt64(time.tv_nsec)
  }
}
