/// The bytes of the heap that columns hold, memory that several of them look into counted once.
package struct MemoryUse: Sendable {
  private var seen: Set<Int> = []
  /// The bytes of all that was added.
  package private(set) var bytes = 0

  package init() {}

  package init(_ tables: [Table]) {
    for table in tables {
      for segment in table.segments { add(segment) }
    }
  }

  /// Adds a segment and tells how many bytes it holds beyond what was there.
  @discardableResult
  package mutating func add(_ segment: Segment) -> Int {
    let before = bytes
    for column in segment.columns { add(column) }
    return bytes - before
  }

  /// Adds a column.
  package mutating func add(_ column: Column) {
    if let validity = column.validity { add(validity.words) }
    switch column.storage {
    case .int8(let values): add(values)
    case .int16(let values): add(values)
    case .int32(let values), .date(let values): add(values)
    case .int64(let values), .duration(let values): add(values)
    case .float(let values): add(values)
    case .bool(let bits): add(bits.words)
    case .text(let codes, let pool): add(codes, pool)
    case .datetime(let values, let offsets):
      add(values)
      if let offsets { add(offsets) }
    case .list(let offsets, let elements):
      add(offsets)
      add(elements)
    case .record(let columns): for column in columns { add(column) }
    case .missing: break
    }
  }

  private mutating func add(_ codes: TextCodes, _ pool: TextPool) {
    switch codes {
    case .u8(let codes): add(codes)
    case .u16(let codes): add(codes)
    case .u32(let codes): add(codes)
    case .sequence: break
    }
    add(pool.offsets)
    add(pool.bytes)
  }

  private mutating func add<Element>(_ buffer: Buffer<Element>) {
    guard buffer.count > 0, let address = buffer.heapAddress else { return }
    if seen.insert(address).inserted { bytes += buffer.byteCount }
  }
}
