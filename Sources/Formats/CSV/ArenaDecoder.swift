import Columns

/// Memory that grows, for bytes and numbers that are written one at a time: a buffer of another module would cost
/// a call that is not specialised for each.
struct Arena<Element: BitwiseCopyable>: ~Copyable {
  private(set) var base: UnsafeMutablePointer<Element>
  private var capacity: Int
  var count = 0
  /// Elements beyond `count` that may be written.
  static var slack: Int { 16 }

  init(capacity: Int) {
    self.capacity = max(capacity, 16) + Self.slack
    base = .allocate(capacity: self.capacity)
  }

  deinit { base.deallocate() }

  @inline(__always)
  mutating func reserve(_ more: Int) {
    if count &+ more &+ Self.slack > capacity { grow(more) }
  }

  @inline(never)
  private mutating func grow(_ more: Int) {
    capacity = max(capacity * 2, count + more + Self.slack)
    let larger = UnsafeMutablePointer<Element>.allocate(capacity: capacity)
    larger.update(from: base, count: count)
    base.deallocate()
    base = larger
  }

  @inline(__always)
  mutating func append(_ value: Element) {
    reserve(1)
    base[count] = value
    count &+= 1
  }

  func frozen() -> Buffer<Element> {
    var result = MutableBuffer<Element>(capacity: count)
    result.append(Span(_unsafeElements: UnsafeBufferPointer(start: base, count: count)))
    return result.freeze()
  }
}
