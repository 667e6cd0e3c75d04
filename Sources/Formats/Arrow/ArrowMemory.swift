import Columns

/// Bytes seen as values: the only place where the Arrow reader and writer look at memory as another type.
extension Buffer where Element == UInt8 {
  /// Keeps the bytes that another buffer looks into.
  private final class Keeper: BufferOwner {
    let bytes: Buffer<UInt8>
    init(_ bytes: Buffer<UInt8>) { self.bytes = bytes }
    var changedFile: String? { bytes.changedFile }
  }

  /// The first `count` values of a type that any bits are a value of; nil when there are fewer. Shares the memory
  /// where it is aligned for the type, and copies elsewhere.
  func values<Value: FixedWidthInteger & BitwiseCopyable>(_ type: Value.Type, count wanted: Int) -> Buffer<
    Value
  >? {
    view(Value.self, count: wanted)
  }

  /// The same for doubles.
  func doubles(count wanted: Int) -> Buffer<Double>? { view(Double.self, count: wanted) }

  private func view<Value: BitwiseCopyable>(_ type: Value.Type, count wanted: Int) -> Buffer<Value>? {
    let (size, overflow) = wanted.multipliedReportingOverflow(by: MemoryLayout<Value>.stride)
    guard wanted >= 0, !overflow, size <= count else { return nil }
    if wanted == 0 { return Buffer<Value>([]) }
    return withUnsafePointer { base in
      let raw = UnsafeRawPointer(base)
      if UInt(bitPattern: raw) % UInt(MemoryLayout<Value>.alignment) == 0 {
        return Buffer<Value>(
          owner: Keeper(self), base: raw.assumingMemoryBound(to: Value.self), count: wanted)
      }
      var copy = MutableBuffer<Value>(count: wanted)
      var span = copy.mutableSpan
      span.withUnsafeMutableBytes { $0.copyMemory(from: UnsafeRawBufferPointer(start: raw, count: size)) }
      return copy.freeze()
    }
  }

  /// Whether these bytes are all below 128.
  var isASCII: Bool {
    withUnsafePointer { base in
      var high: UInt8 = 0
      for byte in UnsafeBufferPointer(start: base, count: count) { high |= byte }
      return high < 0x80
    }
  }

  /// Whether the bytes are UTF-8.
  var isUTF8: Bool {
    withUnsafePointer { UTF8Decoder.isValid(UnsafeBufferPointer(start: $0, count: count)) }
  }
}

extension Buffer {
  private final class Source: BufferOwner {
    let values: Buffer<Element>
    init(_ values: Buffer<Element>) { self.values = values }
    var changedFile: String? { values.changedFile }
  }

  /// The bytes of the values, in the memory that holds them.
  var asBytes: Buffer<UInt8> {
    withUnsafePointer { base in
      Buffer<UInt8>(
        owner: Source(self), base: UnsafeRawPointer(base).assumingMemoryBound(to: UInt8.self),
        count: byteCount)
    }
  }
}
