/// The bytes of the heap that columns hold, memory that several of them look into counted once.
package struct MemoryUse: Sendable {
  private var seen: Set<Int> = []
  private let countsMapped: Bool
  private let looksForChanges: Bool
  /// A mapped file among the memory to which another program has written since it was opened.
  private var changedFile: String?
  /// The bytes of all that was added.
  package private(set) var bytes = 0

  /// - Parameter countsMapped: mapped files count, too: what a copy of the columns would take.
  package init(countsMapped: Bool = false) { self.init(countsMapped, looksForChanges: false) }

  private init(_ countsMapped: Bool, looksForChanges: Bool) {
    (self.countsMapped, self.looksForChanges) = (countsMapped, looksForChanges)
  }

  /// The mapped file of a column to which another program has written since it was opened: its values may have become
  /// others, and what was checked of them no longer holds.
  package static func changedFile(of column: Column) -> String? {
    var use = MemoryUse(false, looksForChanges: true)
    use.add(column)
    return use.changedFile
  }

  package init(_ tables: [Table]) {
    self.init()
    for table in tables {
      for segment in table.segments { add(segment) }
    }
  }

  /// The bytes of a column's parts.
  package static func bytes(of parts: [Column]) -> Int {
    var use = MemoryUse()
    for part in parts { use.add(part) }
    return use.bytes
  }

  /// Adds a segment and tells how many bytes it holds beyond what was there.
  @discardableResult
  package mutating func add(_ segment: Segment) -> Int {
    let before = bytes
    for column in segment.columns { add(column) }
    return bytes - before
  }

  /// Adds the texts that the rows of a column point to, but not the rows.
  package mutating func addTexts(of column: Column) {
    switch column.storage {
    case .text(_, let pool): add(pool)
    case .list(_, let elements): addTexts(of: elements)
    case .record(let columns): for column in columns { addTexts(of: column) }
    default: break
    }
  }

  /// Bytes that putting the texts of a column's parts into one dictionary takes at most, ranked and the working included:
  /// the texts twice, and for each entry its hash, two places and two codes, and its share of a table that is half empty.
  package static func dictionaryBytes(_ parts: [Column]) -> Int {
    var pools: [ObjectIdentifier: TextPool] = [:]
    for part in parts {
      if let pool = part.pool { pools[ObjectIdentifier(pool)] = pool }
    }
    if pools.count <= 1, pools.values.allSatisfy(\.isDistinct) {
      return pools.values.reduce(0) { $0 + $1.count * 12 }
    }
    return pools.values.reduce(0) { $0 + $1.bytes.byteCount * 2 + $1.count * 56 }
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
    add(pool)
  }

  private mutating func add(_ pool: TextPool) {
    add(pool.offsets)
    add(pool.bytes)
  }

  private mutating func add<Element>(_ buffer: Buffer<Element>) {
    if looksForChanges, changedFile == nil { changedFile = buffer.changedFile }
    guard buffer.count > 0, let address = countsMapped ? buffer.address : buffer.heapAddress else { return }
    if seen.insert(address).inserted { bytes += buffer.byteCount }
  }
}
