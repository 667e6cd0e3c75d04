import Columns
import Dispatch
import Glibc
import Planning
import Scheduling
import Synchronization

/// What comes out of packed bytes while they are unpacked: one thread unpacks, and whoever reads waits only for what has
/// not come out yet. What is more than a few blocks lies in a temporary file, and not in the memory of the program.
final class UnpackedBytes: Sendable {
  /// Unpacks everything, piece by piece.
  typealias Unpack = @Sendable (_ emit: (Span<UInt8>) throws(FormatFault) -> Void) throws(FormatFault) -> Void

  private static let blockBytes = 1 << 20
  /// How far what comes out may be ahead of who reads it: what nobody asks for needs no room.
  static let ahead = 64 << 20
  /// So many threads may wait for readers at a time.
  private static let mayWait = 16
  private static let waiting = Atomic<Int>(0)
  /// Blocks that stay in memory.
  private static let heldBlocks = 16

  private struct Waiter {
    var place: Int
    var semaphore: DispatchSemaphore
  }

  private struct State {
    /// The first blocks, each but the last of `blockBytes`.
    var blocks: [Buffer<UInt8>] = []
    /// The file that holds the blocks behind them; -1 while there are none.
    var file: Int32 = -1
    var count = 0
    var isFinished = false
    var fault: FormatFault?
    var waiters: [Waiter] = []
    /// The furthest place that somebody asked for, and where the thread that unpacks waits for it to move on.
    var furthest = 0
    var paused: DispatchSemaphore?
  }

  /// Shared with the thread that unpacks, which may outlive the reader by a block.
  private final class Store: Sendable {
    let state = Mutex(State())
    let isAbandoned = Atomic<Bool>(false)
    let name: String
    /// What is done with the bytes, for messages.
    let made: String
    let ahead: Int

    init(name: String, made: String, ahead: Int) {
      (self.name, self.made, self.ahead) = (name, made, ahead)
    }

    deinit {
      state.withLock { if $0.file >= 0 { close($0.file) } }
    }

    func add(_ block: Buffer<UInt8>) throws(FormatFault) {
      var (file, start) = state.withLock { ($0.file, $0.count) }
      if start >= UnpackedBytes.heldBlocks * UnpackedBytes.blockBytes {
        if file < 0 { file = try newFile() }
        try ByteSource.write(block, to: file, at: start, name, made: made)
      }
      state.withLock { state in
        if file < 0 { state.blocks.append(block) }
        state.file = file
        state.count += block.count
        wake(&state)
      }
      waitForReaders()
    }

    /// Waits until somebody reads what is there; a reader that is gone waits for nothing more.
    ///
    /// A folder of packed files has a thread for each, and there are not so many threads that all may wait: another
    /// one would not come to unpack what is read.
    private func waitForReaders() {
      if UnpackedBytes.waiting.add(1, ordering: .relaxed).oldValue < UnpackedBytes.mayWait { pause() }
      UnpackedBytes.waiting.subtract(1, ordering: .relaxed)
    }

    private func pause() {
      let pause: DispatchSemaphore? = state.withLock { state in
        if state.count - ahead < state.furthest || isAbandoned.load(ordering: .relaxed) {
          return nil
        }
        let semaphore = DispatchSemaphore(value: 0)
        state.paused = semaphore
        return semaphore
      }
      pause?.wait()
    }

    /// Tells that bytes up to a place are wanted.
    func want(_ place: Int) { state.withLock { want(place, &$0) } }

    func want(_ place: Int, _ state: inout State) {
      if place <= state.furthest { return }
      state.furthest = place
      if state.count - ahead < place, let paused = state.paused {
        state.paused = nil
        paused.signal()
      }
    }

    private func newFile() throws(FormatFault) -> Int32 {
      let folder = UnnamedFile.folder
      let file = UnnamedFile.open(in: folder)
      if file >= 0 { return file }
      throw FormatFault(
        file: name,
        "it is \(made) into a temporary file, which \(folder) cannot hold: \(ByteSource.systemMessage())",
        help: ["set TMPDIR to a folder with room for it"])
    }

    func finish(_ fault: FormatFault?) {
      state.withLock { state in
        state.isFinished = true
        state.fault = fault
        wake(&state)
      }
    }

    /// Lets those go on whose bytes are there.
    private func wake(_ state: inout State) {
      state.waiters.removeAll { waiter in
        guard state.isFinished || waiter.place <= state.count else { return false }
        waiter.semaphore.signal()
        return true
      }
    }
  }

  private let store: Store

  /// Begins to unpack.
  init(name: String, made: String = "unpacked", ahead: Int = UnpackedBytes.ahead, _ unpack: @escaping Unpack)
  {
    let store = Store(name: name, made: made, ahead: ahead)
    self.store = store
    // A queue of its own has a thread of its own: those of a query may all be waiting for it.
    DispatchQueue(label: "unpack").async {
      do throws(FormatFault) {
        var block = MutableBuffer<UInt8>(capacity: Self.blockBytes)
        try unpack { (piece: Span<UInt8>) throws(FormatFault) in
          if store.isAbandoned.load(ordering: .relaxed) {
            throw FormatFault(file: store.name, "not wanted any more")
          }
          var from = 0
          while from < piece.count {
            let size = min(piece.count - from, Self.blockBytes - block.count)
            block.append(piece.extracting(from..<from + size))
            from += size
            if block.count == Self.blockBytes {
              var full = MutableBuffer<UInt8>(capacity: Self.blockBytes)
              swap(&full, &block)
              try store.add(full.freeze())
            }
          }
        }
        if block.count > 0 { try store.add(block.freeze()) }
        store.finish(nil)
      } catch {
        store.finish(error)
      }
    }
  }

  deinit {
    store.isAbandoned.store(true, ordering: .relaxed)
    store.want(.max)
  }

  /// The least of a place and the number of bytes there are, once that is known. Throws where the packed bytes are
  /// damaged before the place.
  func clamped(_ place: Int) throws(FormatFault) -> Int {
    let waiter: DispatchSemaphore? = store.state.withLock { state in
      store.want(place, &state)
      if state.isFinished || place <= state.count { return nil }
      let semaphore = DispatchSemaphore(value: 0)
      state.waiters.append(Waiter(place: place, semaphore: semaphore))
      return semaphore
    }
    waiter?.wait()
    let (count, fault) = store.state.withLock { ($0.count, $0.fault) }
    if place > count, let fault { throw fault }
    return min(place, count)
  }

  /// Fills `target` from `offset`; all of it must be there.
  func copy(at offset: Int, into target: UnsafeMutableRawBufferPointer) throws(FormatFault) {
    guard let base = target.baseAddress else { return }
    var done = 0
    while done < target.count {
      let place = offset + done
      let index = place / Self.blockBytes
      let (block, file) = store.state.withLock { state in
        (index < state.blocks.count ? state.blocks[index] : nil, state.file)
      }
      guard let block else {
        let rest = UnsafeMutableRawBufferPointer(start: base + done, count: target.count - done)
        return try ByteSource.read(file, at: place, into: rest, store.name)
      }
      let within = place - index * Self.blockBytes
      let size = min(target.count - done, block.count - within)
      block.withUnsafePointer { (base + done).copyMemory(from: $0 + within, byteCount: size) }
      done += size
    }
  }
}
