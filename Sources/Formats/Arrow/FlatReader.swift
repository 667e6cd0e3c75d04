import Columns

/// A table of a FlatBuffer, every step checked against the bytes there are.
///
/// The metadata of an Arrow file are FlatBuffers: tables whose fields are found by a second, small table of
/// positions. There is no package for them that builds here, and the few shapes that Arrow uses need little.
struct FlatTable: Sendable {
  private let bytes: Buffer<UInt8>
  private let start: Int
  private let fields: Int
  private let fieldCount: Int

  /// The root table of a buffer.
  init(root bytes: Buffer<UInt8>) throws(ArrowFault) {
    try self.init(bytes, at: Self.target(bytes, 0))
  }

  private init(_ bytes: Buffer<UInt8>, at start: Int) throws(ArrowFault) {
    self.bytes = bytes
    self.start = start
    let back = Int(try Self.load(bytes, start, Int32.self))
    fields = start - back
    let size = Int(try Self.load(bytes, fields, UInt16.self))
    guard size >= 4, size <= bytes.count - fields else { throw Self.outside }
    fieldCount = (size - 4) / 2
  }

  private static var outside: ArrowFault { .damaged("its metadata point outside of themselves") }

  private static func load<Value: FixedWidthInteger>(
    _ bytes: Buffer<UInt8>, _ position: Int, _ type: Value.Type
  ) throws(ArrowFault) -> Value {
    let size = MemoryLayout<Value>.size
    guard position >= 0, position <= bytes.count - size else { throw outside }
    var value: Value = 0
    for index in (0..<size).reversed() {
      value = (size == 1 ? 0 : value << 8) | Value(truncatingIfNeeded: bytes[position + index])
    }
    return value
  }

  /// Where the offset that stands at a position leads.
  private static func target(_ bytes: Buffer<UInt8>, _ position: Int) throws(ArrowFault) -> Int {
    position + Int(try load(bytes, position, UInt32.self))
  }

  /// The place of a field; nil when it has its default.
  private func place(_ field: Int) throws(ArrowFault) -> Int? {
    guard field < fieldCount else { return nil }
    let offset = Int(try Self.load(bytes, fields + 4 + 2 * field, UInt16.self))
    return offset == 0 ? nil : start + offset
  }

  func integer<Value: FixedWidthInteger>(
    _ field: Int, _ type: Value.Type, default standard: Value = 0
  ) throws(ArrowFault) -> Value {
    guard let place = try place(field) else { return standard }
    return try Self.load(bytes, place, type)
  }

  func bool(_ field: Int) throws(ArrowFault) -> Bool { try integer(field, UInt8.self) != 0 }

  func table(_ field: Int) throws(ArrowFault) -> FlatTable? {
    guard let place = try place(field) else { return nil }
    return try FlatTable(bytes, at: Self.target(bytes, place))
  }

  func text(_ field: Int) throws(ArrowFault) -> String? {
    guard let list = try vector(field, stride: 1) else { return nil }
    return String(decoding: bytes.slice(list.start..<list.start + list.count).array, as: UTF8.self)
  }

  /// The place and the number of the elements of a vector, which lie within the bytes.
  private func vector(_ field: Int, stride: Int) throws(ArrowFault) -> (start: Int, count: Int)? {
    guard let place = try place(field) else { return nil }
    let list = try Self.target(bytes, place)
    let count = Int(try Self.load(bytes, list, UInt32.self))
    guard count <= (bytes.count - list - 4) / stride else { throw Self.outside }
    return (list + 4, count)
  }

  func tables(_ field: Int) throws(ArrowFault) -> [FlatTable] {
    guard let list = try vector(field, stride: 4) else { return [] }
    var result: [FlatTable] = []
    for index in 0..<list.count {
      result.append(try FlatTable(bytes, at: Self.target(bytes, list.start + 4 * index)))
    }
    return result
  }

  /// A vector of structs of 64-bit numbers (`width` of them each), one number after the other.
  func integers(_ field: Int, width: Int = 1) throws(ArrowFault) -> [Int64] {
    guard let list = try vector(field, stride: 8 * width) else { return [] }
    var result: [Int64] = []
    result.reserveCapacity(list.count * width)
    for index in 0..<list.count * width {
      result.append(try Self.load(bytes, list.start + 8 * index, Int64.self))
    }
    return result
  }
}
