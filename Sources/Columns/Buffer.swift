import Glibc
import Scheduling

/// Memory that a buffer looks into: freed, unmapped or released when the last buffer lets go.
package protocol BufferOwner: AnyObject, Sendable {
  /// The file behind it, where another program has written to it since: what is known of its bytes no longer holds.
  var changedFile: String? { get }
}

extension BufferOwner {
  package var changedFile: String? { nil }
}

/// A block of the heap, aligned to 64 bytes.
final class HeapBlock: BufferOwner, @unchecked Sendable {
  let base: UnsafeMutableRawPointer

  /// Blocks of some size are asked for in large pages, where the system has them: it clears and maps a column of five
  /// million numbers in twenty steps then, and not in ten thousand.
  private static let largePage = 2 << 20
  private static let leastLarge = 2 * largePage

  init(byteCount: Int) {
    // A request that the system refuses ends the program as every allocation in Swift does.
    var pointer: UnsafeMutableRawPointer?
    let isLarge = byteCount >= Self.leastLarge
    let status = posix_memalign(&pointer, isLarge ? Self.largePage : 64, max(64, (byteCount + 63) & ~63))
    guard status == 0, let pointer else { preconditionFailure("out of memory") }
    // A wish: a system without large pages does as before.
    if isLarge { _ = madvise(pointer, byteCount & ~(Self.largePage - 1), MADV_HUGEPAGE) }
    base = pointer
  }

  deinit { free(base) }
}

/// Immutable values in a row, 64-byte aligned when Rounds made them; slices share the memory.
package struct Buffer<Element: BitwiseCopyable>: @unchecked Sendable {
  private let owner: any BufferOwner
  private let base: UnsafePointer<Element>
  /// The number of values, not of bytes.
  package let count: Int

  /// Looks into memory that `owner` keeps alive.
  package init(owner: any BufferOwner, base: UnsafePointer<Element>, count: Int) {
    self.owner = owner
    self.base = base
    self.count = count
  }

  /// Copies the values.
  package init(_ values: [Element]) {
    let block = HeapBlock(byteCount: values.count * MemoryLayout<Element>.stride)
    let target = block.base.bindMemory(to: Element.self, capacity: max(1, values.count))
    values.withUnsafeBufferPointer { source in
      if let start = source.baseAddress { target.update(from: start, count: values.count) }
    }
    self.init(owner: block, base: UnsafePointer(target), count: values.count)
  }

  package init(repeating value: Element, count: Int) {
    var builder = MutableBuffer<Element>(count: count)
    builder.fill(value)
    self = builder.freeze()
  }

  /// The values, bounds-checked, for as long as the buffer is held.
  package var span: Span<Element> {
    @_lifetime(borrow self) get {
      let span = Span(_unsafeStart: base, count: count)
      return _overrideLifetime(span, borrowing: self)
    }
  }

  /// One value; an index outside traps.
  package subscript(index: Int) -> Element {
    precondition(index >= 0 && index < count, "buffer index out of range")
    return base[index]
  }

  /// A part that shares the memory; the range must lie inside.
  package func slice(_ range: Range<Int>) -> Buffer {
    precondition(range.lowerBound >= 0 && range.upperBound <= count, "buffer slice out of range")
    return Buffer(owner: owner, base: base + range.lowerBound, count: range.count)
  }

  /// A copy of the values.
  package var array: [Element] {
    Array(unsafeUninitializedCapacity: count) { target, filled in
      if let start = target.baseAddress { start.update(from: base, count: count) }
      filled = count
    }
  }

  /// Lends the memory to a C function or a system call.
  package func withUnsafePointer<Result, Failure: Error>(
    _ body: (UnsafePointer<Element>) throws(Failure) -> Result
  ) throws(Failure) -> Result {
    try body(base)
  }

  /// The bytes of the values, those of a slice alone.
  package var byteCount: Int { count * MemoryLayout<Element>.stride }

  /// Where the values lie in the heap: two buffers with one address share their memory. Nil for a mapped file and
  /// other memory that the system can take back.
  package var heapAddress: Int? { owner is HeapBlock ? address : nil }

  /// The mapped file in which the values lie, where another program has written to it since.
  package var changedFile: String? { owner.changedFile }

  /// Where the values lie, in the heap or not.
  var address: Int { Int(bitPattern: base) }
}

/// A buffer while it is filled; `freeze` hands the memory to an immutable one without copying.
package struct MutableBuffer<Element: BitwiseCopyable>: ~Copyable {
  private var block: HeapBlock
  private var base: UnsafeMutablePointer<Element>
  private var capacity: Int
  /// The number of values so far, not of bytes.
  package private(set) var count: Int

  /// A buffer of `count` values whose content is arbitrary until written.
  package init(count: Int) {
    self.count = count
    capacity = max(count, 8)
    block = HeapBlock(byteCount: capacity * MemoryLayout<Element>.stride)
    base = block.base.bindMemory(to: Element.self, capacity: capacity)
  }

  /// An empty buffer with room for `capacity` values.
  package init(capacity: Int) {
    self.init(count: capacity)
    count = 0
  }

  package init(repeating value: Element, count: Int) {
    self.init(count: count)
    fill(value)
  }

  /// Overwrites all values so far; adds none.
  package mutating func fill(_ value: Element) {
    base.update(repeating: value, count: count)
  }

  /// Makes room for `more` values beyond `count`, doubling when it must grow.
  package mutating func reserve(_ more: Int) {
    let wanted = count + more
    if wanted <= capacity { return }
    let grown = max(wanted, capacity * 2)
    let larger = HeapBlock(byteCount: grown * MemoryLayout<Element>.stride)
    let target = larger.base.bindMemory(to: Element.self, capacity: grown)
    target.update(from: base, count: count)
    block = larger
    base = target
    capacity = grown
  }

  /// Adds a value, with more room where there is none left.
  package mutating func append(_ value: Element) {
    if count == capacity { reserve(1) }
    base[count] = value
    count += 1
  }

  /// Adds values in their order.
  package mutating func append(_ values: Span<Element>) {
    reserve(values.count)
    values.withUnsafeBufferPointer { source in
      if let start = source.baseAddress { (base + count).update(from: start, count: source.count) }
    }
    count += values.count
  }

  /// Sets the number of values; those beyond the old number are arbitrary until written.
  package mutating func resize(_ newCount: Int) {
    if newCount > count { reserve(newCount - count) }
    count = newCount
  }

  /// One value; an index outside traps.
  package subscript(index: Int) -> Element {
    get {
      precondition(index >= 0 && index < count, "buffer index out of range")
      return base[index]
    }
    set {
      precondition(index >= 0 && index < count, "buffer index out of range")
      base[index] = newValue
    }
  }

  /// The values so far, to be read.
  package var span: Span<Element> {
    @_lifetime(borrow self) get {
      let span = Span(_unsafeStart: UnsafePointer(base), count: count)
      return _overrideLifetime(span, borrowing: self)
    }
  }

  /// The values so far, to be written in their places.
  package var mutableSpan: MutableSpan<Element> {
    @_lifetime(&self) mutating get {
      let span = MutableSpan(_unsafeStart: base, count: count)
      return _overrideLifetime(span, mutating: &self)
    }
  }

  /// Ends the filling; the memory is handed over, not copied.
  package consuming func freeze() -> Buffer<Element> {
    Buffer(owner: block, base: UnsafePointer(base), count: count)
  }
}

/// Memory that several workers fill at once, each at places of its own.
package struct SharedTarget<Element: BitwiseCopyable>: ~Copyable, @unchecked Sendable {
  private let block: HeapBlock
  private let base: UnsafeMutablePointer<Element>
  private let count: Int

  fileprivate init(count: Int) {
    self.count = count
    block = HeapBlock(byteCount: max(8, count) * MemoryLayout<Element>.stride)
    base = block.base.bindMemory(to: Element.self, capacity: max(8, count))
  }

  /// Writes a value to a place that no other worker writes to.
  @inline(__always)
  package borrowing func put(_ value: Element, at place: Int) {
    precondition(place >= 0 && place < count, "place out of range")
    base[place] = value
  }

  fileprivate consuming func freeze() -> Buffer<Element> {
    Buffer(owner: block, base: UnsafePointer(base), count: count)
  }
}

extension Buffer {
  /// Values that the pieces of a task put to their places: together to each place once.
  package static func scattered<C: Crew>(
    count: Int, pieces: Int, by crew: C, _ put: @Sendable (Int, borrowing SharedTarget<Element>) -> Void
  ) throws(C.Failure) -> Buffer {
    let target = SharedTarget<Element>(count: count)
    _ = try crew.pieces(pieces) { piece in put(piece, target) }
    return target.freeze()
  }
}
