/// A value of a FlatBuffer that is to be written.
indirect enum FlatValue {
  /// Field number and value; a field that is left out has its default.
  case table([(field: Int, value: FlatField)])
  case text(String)
  case tables([FlatValue])
  /// A vector of structs that consist of 64-bit numbers, `width` of them each.
  case structs([Int64], width: Int)
}

enum FlatField {
  case int8(Int8)
  case int16(Int16)
  case int32(Int32)
  case int64(Int64)
  case value(FlatValue)

  var size: Int {
    switch self {
    case .int8: 1
    case .int16: 2
    case .int32, .value: 4
    case .int64: 8
    }
  }
}

/// Writes a FlatBuffer from the front: a table first and what it refers to behind it, so that every offset leads
/// forward, as the format wants.
struct FlatWriter {
  private(set) var bytes: [UInt8] = []

  static func bytes(_ root: FlatValue) -> [UInt8] {
    var writer = FlatWriter()
    writer.put(UInt32(0))
    writer.link(0, to: root)
    writer.align(8)
    return writer.bytes
  }

  private mutating func put<Value: FixedWidthInteger>(_ value: Value) {
    for shift in 0..<MemoryLayout<Value>.size {
      bytes.append(UInt8(truncatingIfNeeded: value >> Value(truncatingIfNeeded: shift * 8)))
    }
  }

  private mutating func align(_ size: Int, before following: Int = 0) {
    while (bytes.count + following) % size != 0 { bytes.append(0) }
  }

  private mutating func set32(_ value: Int, at place: Int) {
    for shift in 0..<4 { bytes[place + shift] = UInt8(truncatingIfNeeded: value >> (shift * 8)) }
  }

  /// Writes a value at the end and lets the offset at `place` lead to it.
  private mutating func link(_ place: Int, to value: FlatValue) {
    switch value {
    case .table(let fields): writeTable(fields, from: place)
    case .text(let text):
      align(4)
      set32(bytes.count - place, at: place)
      put(UInt32(text.utf8.count))
      bytes += text.utf8
      bytes.append(0)
    case .tables(let items):
      align(4)
      set32(bytes.count - place, at: place)
      put(UInt32(items.count))
      let first = bytes.count
      for _ in items { put(UInt32(0)) }
      for (index, item) in items.enumerated() { link(first + 4 * index, to: item) }
    case .structs(let numbers, let width):
      // The length stands before the first struct, which is aligned to eight bytes.
      align(8, before: 4)
      set32(bytes.count - place, at: place)
      put(UInt32(numbers.count / width))
      for number in numbers { put(number) }
    }
  }

  private mutating func writeTable(_ fields: [(field: Int, value: FlatField)], from place: Int) {
    // Large fields first, so that each is aligned without gaps behind the table's own four bytes.
    let ordered = fields.sorted { ($0.value.size, $1.field) > ($1.value.size, $0.field) }
    let count = (fields.map(\.field).max() ?? -1) + 1
    var offsets = [Int](repeating: 0, count: count)
    var size = 4
    for item in ordered {
      while size % item.value.size != 0 { size += 1 }
      offsets[item.field] = size
      size += item.value.size
    }
    align(8, before: 4 + 2 * count)
    let directory = bytes.count
    put(UInt16(4 + 2 * count))
    put(UInt16(size))
    for offset in offsets { put(UInt16(offset)) }
    let start = bytes.count
    set32(start - place, at: place)
    put(Int32(start - directory))
    var later: [(place: Int, value: FlatValue)] = []
    for item in ordered {
      while bytes.count < start + offsets[item.field] { bytes.append(0) }
      switch item.value {
      case .int8(let value): put(value)
      case .int16(let value): put(value)
      case .int32(let value): put(value)
      case .int64(let value): put(value)
      case .value(let value):
        later.append((bytes.count, value))
        put(UInt32(0))
      }
    }
    for item in later { link(item.place, to: item.value) }
  }
}
