extension Column {
  /// Columns of one logical type, one behind the other.
  package static func concatenated(_ parts: [Column], type: DataType) -> Column {
    if parts.count == 1 { return parts[0] }
    let count = parts.reduce(0) { $0 + $1.count }
    let known = parts.filter { if case .missing = $0.storage { false } else { true } }
    guard !known.isEmpty else { return .missing(count: count, type: type) }
    let storage = concatenatedStorage(parts, type, count)
    return Column(
      type: type, storage: storage, validity: concatenatedValidity(parts, count), count: count)
  }

  private static func concatenatedValidity(_ parts: [Column], _ count: Int) -> Bitmap? {
    let hasMissing = parts.contains { part in
      if case .missing = part.storage { return part.count > 0 }
      return part.validity != nil
    }
    guard hasMissing else { return nil }
    return Bitmap.concatenated(
      parts.map { part in
        if case .missing = part.storage { return Bitmap(repeating: false, count: part.count) }
        return part.validity ?? Bitmap(repeating: true, count: part.count)
      }, count: count)
  }

  private static func concatenatedStorage(
    _ parts: [Column], _ type: DataType, _ count: Int
  ) -> ColumnStorage {
    switch type {
    case .int: return concatenatedInts(parts, count)
    case .float: return .float(Buffer.concatenated(parts.map { $0.floatValues }, count: count))
    case .duration:
      return .duration(Buffer.concatenated(parts.map { $0.int64Values }, count: count))
    case .date: return .date(Buffer.concatenated(parts.map { $0.dayValues }, count: count))
    case .datetime: return concatenatedDatetimes(parts, count)
    case .bool:
      return .bool(Bitmap.concatenated(parts.map { $0.boolValues }, count: count))
    case .text: return concatenatedText(parts, count)
    case .list(let element): return concatenatedLists(parts, element)
    case .record(let fields):
      return .record(
        fields.enumerated().map { index, field in
          Column.concatenated(
            parts.map { part in
              if case .record(let columns) = part.storage {
                columns[index]
              } else {
                .missing(count: part.count, type: field.type)
              }
            }, type: field.type)
        })
    case .missing: return .missing(count: count)
    }
  }

  /// Ints as narrow as the widest of the parts.
  private static func concatenatedInts(_ parts: [Column], _ count: Int) -> ColumnStorage {
    let bits = parts.reduce(8) { bits, part in
      switch part.storage {
      case .int8, .missing: bits
      case .int16: max(bits, 16)
      case .int32: max(bits, 32)
      default: 64
      }
    }
    return switch bits {
    case 8: .int8(Buffer.concatenated(parts.map { $0.stored(as: Int8.self) }, count: count))
    case 16: .int16(Buffer.concatenated(parts.map { $0.stored(as: Int16.self) }, count: count))
    case 32: .int32(Buffer.concatenated(parts.map { $0.stored(as: Int32.self) }, count: count))
    default: .int64(Buffer.concatenated(parts.map { $0.int64Values }, count: count))
    }
  }

  /// Ints, or codes of texts, in the bits that hold them; missing ones are 0.
  private func stored<Number: FixedWidthInteger & BitwiseCopyable>(as type: Number.Type) -> Buffer<Number> {
    switch storage {
    case .int8(let values): values.converted()
    case .int16(let values): values.converted()
    case .int32(let values): values.converted()
    case .text(.u8(let codes), _): codes.converted()
    case .text(.u16(let codes), _): codes.converted()
    default: Buffer(repeating: 0, count: count)
    }
  }

  private static func concatenatedDatetimes(_ parts: [Column], _ count: Int) -> ColumnStorage {
    let values = Buffer.concatenated(parts.map { $0.int64Values }, count: count)
    let anyOffsets = parts.contains { if case .datetime(_, .some) = $0.storage { true } else { false } }
    guard anyOffsets else { return .datetime(values, offsets: nil) }
    let offsets = parts.map { part -> Buffer<Int16> in
      if case .datetime(_, let offsets?) = part.storage { return offsets }
      return Buffer(repeating: 0, count: part.count)
    }
    return .datetime(values, offsets: Buffer.concatenated(offsets, count: count))
  }

  private static func concatenatedLists(_ parts: [Column], _ element: DataType) -> ColumnStorage {
    var offsets = MutableBuffer<Int64>(capacity: 16)
    offsets.append(0)
    var elements: [Column] = []
    var base: Int64 = 0
    for part in parts {
      guard case .list(let own, let items) = part.storage else {
        for _ in 0..<part.count { offsets.append(base) }
        continue
      }
      let first = own[0]
      for row in 1...max(1, part.count) where part.count > 0 { offsets.append(base + own[row] - first) }
      elements.append(items.slice(Int(first)..<Int(own[part.count])))
      base += own[part.count] - first
    }
    return .list(
      offsets: offsets.freeze(), elements: Column.concatenated(elements, type: element))
  }

  /// One pool for all parts: shared when it is the same, merged when all are dictionaries, otherwise put end to end.
  private static func concatenatedText(_ parts: [Column], _ count: Int) -> ColumnStorage {
    let pools = parts.compactMap(\.pool)
    if pools.isEmpty { return .missing(count: count) }
    let (pool, maps) = TextPool.united(pools)
    if let codes = narrowCodes(parts, maps, count) { return .text(codes, pool) }
    var codes = MutableBuffer<UInt32>(count: count)
    var target = codes.mutableSpan
    var row = 0
    var poolIndex = 0
    for part in parts {
      guard case .text(let own, _) = part.storage else {
        for _ in 0..<part.count {
          target[row] = 0
          row += 1
        }
        continue
      }
      let source = own.widened
      let map = maps[poolIndex]
      poolIndex += 1
      map.translate(source.span, into: &target, from: row)
      row += part.count
    }
    return .text(.u32(codes.freeze()), pool)
  }

  /// Codes of fewer than 32 bits that stay as they are; nil for others.
  private static func narrowCodes(_ parts: [Column], _ maps: [CodeMap], _ count: Int) -> TextCodes? {
    guard maps.allSatisfy({ if case .same = $0 { true } else { false } }) else { return nil }
    let bits = parts.reduce(8) { bits, part in
      switch part.storage {
      case .text(.u8, _), .missing: bits
      case .text(.u16, _): max(bits, 16)
      default: 32
      }
    }
    return switch bits {
    case 8: .u8(Buffer.concatenated(parts.map { $0.stored(as: UInt8.self) }, count: count))
    case 16: .u16(Buffer.concatenated(parts.map { $0.stored(as: UInt16.self) }, count: count))
    default: nil
    }
  }

  /// Ints, durations and datetimes widened to 64 bits; missing ones are 0.
  package var int64Values: Buffer<Int64> {
    switch storage {
    case .int8(let values): return values.widened()
    case .int16(let values): return values.widened()
    case .int32(let values), .date(let values): return values.widened()
    case .int64(let values), .duration(let values), .datetime(let values, _): return values
    default: return Buffer(repeating: 0, count: count)
    }
  }

  /// Numbers as doubles; missing ones are 0.
  package var floatValues: Buffer<Double> {
    switch storage {
    case .float(let values): return values
    case .int8(let values): return values.asDoubles()
    case .int16(let values): return values.asDoubles()
    case .int32(let values), .date(let values): return values.asDoubles()
    case .int64(let values), .duration(let values), .datetime(let values, _): return values.asDoubles()
    default: return Buffer(repeating: 0, count: count)
    }
  }

  /// Days of a date column; missing ones are 0.
  package var dayValues: Buffer<Int32> {
    if case .date(let values) = storage { values } else { Buffer(repeating: 0, count: count) }
  }

  /// Bits of a bool column; missing ones are false.
  package var boolValues: Bitmap {
    if case .bool(let bits) = storage { bits } else { Bitmap(repeating: false, count: count) }
  }
}

/// How the codes of one pool become codes of another.
package enum CodeMap: Sendable {
  case same
  case shifted(UInt32)
  case table(Buffer<UInt32>)

  func translate(_ source: Span<UInt32>, into target: inout MutableSpan<UInt32>, from row: Int) {
    switch self {
    case .same: for index in 0..<source.count { target[row &+ index] = source[index] }
    case .shifted(let base): for index in 0..<source.count { target[row &+ index] = source[index] &+ base }
    case .table(let table):
      let table = table.span
      if table.count == 0 {
        for index in 0..<source.count { target[row &+ index] = 0 }
        return
      }
      for index in 0..<source.count {
        // A missing row's code may lie outside the pool.
        let code = Int(source[index])
        target[row &+ index] = code < table.count ? table[code] : 0
      }
    }
  }

  /// The codes in the other pool; one that a table does not have, as a missing row may hold, becomes 0.
  package func callAsFunction(_ codes: Buffer<UInt32>) -> Buffer<UInt32> {
    if case .same = self { return codes }
    var result = MutableBuffer<UInt32>(count: codes.count)
    var target = result.mutableSpan
    translate(codes.span, into: &target, from: 0)
    return result.freeze()
  }
}

extension TextPool {
  /// One pool that holds the texts of all, and how each one's codes become its codes.
  package static func united(_ pools: [TextPool]) -> (pool: TextPool, maps: [CodeMap]) {
    guard let first = pools.first else { return (.empty, []) }
    if pools.allSatisfy({ $0 === first || $0.hasSameContent(as: first) }) {
      return (first, pools.map { _ in .same })
    }
    if pools.allSatisfy(\.isDistinct) || pools.contains(where: \.isOrdered) { return merged(pools) }
    return laidEndToEnd(pools)
  }

  private static func merged(_ pools: [TextPool]) -> (pool: TextPool, maps: [CodeMap]) {
    // Many entries go by partitions that stay in the cache.
    let entries = pools.reduce(0) { $0 + $1.count }
    if entries > 65_536, !pools.contains(where: \.isOrdered), let made = try? TextDictionary.united(pools) {
      return (made.pool, made.maps.map { .table($0) })
    }
    var interner = TextInterner(capacity: pools.map(\.count).max() ?? 0)
    var seen: [ObjectIdentifier: CodeMap] = [:]
    var maps: [CodeMap] = []
    for pool in pools {
      if let known = seen[ObjectIdentifier(pool)] {
        maps.append(known)
        continue
      }
      let map = CodeMap.table(interner.codes(of: pool))
      seen[ObjectIdentifier(pool)] = map
      maps.append(map)
    }
    // Orders that disagree are no order: the texts then sort as texts.
    guard let list = commonList(pools) else { return (interner.freeze(), maps) }
    let listed = list.texts.map { Int(interner.code(of: $0)) }
    return (interner.freeze().ordered(listing: listed).knowing(list.bands), maps)
  }

  private static func laidEndToEnd(_ pools: [TextPool]) -> (pool: TextPool, maps: [CodeMap]) {
    var offsets = MutableBuffer<Int64>(capacity: pools.reduce(1) { $0 + $1.count })
    var bytes = MutableBuffer<UInt8>(capacity: pools.reduce(0) { $0 + $1.bytes.count })
    var bases: [ObjectIdentifier: UInt32] = [:]
    var maps: [CodeMap] = []
    offsets.append(0)
    for pool in pools {
      if let base = bases[ObjectIdentifier(pool)] {
        maps.append(.shifted(base))
        continue
      }
      let base = UInt32(offsets.count - 1)
      let shift = Int64(bytes.count) - pool.offsets[0]
      let source = pool.offsets
      for index in 1..<source.count { offsets.append(source[index] + shift) }
      let arena = pool.bytes.slice(Int(source[0])..<Int(source[source.count - 1]))
      bytes.append(arena.span)
      bases[ObjectIdentifier(pool)] = base
      maps.append(.shifted(base))
    }
    return (TextPool(offsets: offsets.freeze(), bytes: bytes.freeze(), isDistinct: false), maps)
  }

  /// Small pools made again and again from the same constants (labels of bands) count as the same pool.
  func hasSameContent(as other: TextPool) -> Bool {
    guard count == other.count, count <= 256, isDistinct == other.isDistinct,
      ownOrder?.array == other.ownOrder?.array, listedCount == other.listedCount
    else { return false }
    for index in 0..<count where TextPool.compare(self, index, other, index) != 0 { return false }
    return true
  }
}

extension TextInterner {
  /// The codes of all entries of a pool.
  package mutating func codes(of pool: TextPool) -> Buffer<UInt32> {
    var result = MutableBuffer<UInt32>(count: pool.count)
    let (poolBytes, poolOffsets) = (pool.bytes, pool.offsets)
    let bytes = poolBytes.span
    let offsets = poolOffsets.span
    for index in 0..<pool.count {
      result[index] = code(of: bytes.extracting(Int(offsets[index])..<Int(offsets[index + 1])))
    }
    return result.freeze()
  }
}

extension Bitmap {
  /// The bits behind each other.
  /// - Parameter count: the bits of all parts together.
  package static func concatenated(_ parts: [Bitmap], count: Int) -> Bitmap {
    var result = MutableBitmap(repeating: false, count: count)
    var words = result.wordSpan
    var position = 0
    for part in parts {
      let shift = UInt64(position & 63)
      for index in 0..<part.wordCount {
        let word = part.word(index)
        if word == 0 { continue }
        let at = position >> 6 &+ index
        words[at] |= word << shift
        if shift > 0, word >> (64 - shift) != 0 { words[at + 1] |= word >> (64 - shift) }
      }
      position += part.count
    }
    return result.freeze()
  }
}

extension Buffer {
  /// The values behind each other, copied.
  /// - Parameter count: the values of all parts together, to make room once.
  package static func concatenated(_ parts: [Buffer<Element>], count: Int) -> Buffer<Element> {
    var result = MutableBuffer<Element>(capacity: count)
    for part in parts { result.append(part.span) }
    return result.freeze()
  }
}

extension Buffer where Element: FixedWidthInteger {
  func widened() -> Buffer<Int64> { converted() }

  /// The same numbers in other bits, which must hold them.
  func converted<Number: FixedWidthInteger & BitwiseCopyable>() -> Buffer<Number> {
    if let same = self as? Buffer<Number> { return same }
    var result = MutableBuffer<Number>(count: count)
    var target = result.mutableSpan
    let source = span
    for row in 0..<source.count { target[row] = Number(truncatingIfNeeded: source[row]) }
    return result.freeze()
  }

  func asDoubles() -> Buffer<Double> {
    var result = MutableBuffer<Double>(count: count)
    var target = result.mutableSpan
    let source = span
    for row in 0..<source.count { target[row] = Double(source[row]) }
    return result.freeze()
  }
}
