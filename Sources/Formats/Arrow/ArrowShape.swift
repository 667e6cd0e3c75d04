import Columns

/// How a column is laid out in an Arrow file: one for all its segments.
indirect enum ArrowShape {
  case null
  case int(bits: Int)
  case float
  case bool
  case text
  /// Codes of one dictionary, and how the codes of each segment become those.
  case dictionary(ArrowLevels, bits: Int, isSigned: Bool)
  case date
  case timestamp(zone: String?)
  case duration
  case list(ArrowShape)
  case record([(name: String, shape: ArrowShape)])
}

/// The one dictionary of a text column.
struct ArrowLevels {
  /// The number of the dictionary in the file.
  var id: Int64
  var pool: TextPool
  /// For each segment: the code of each of its pool's entries; nil where they are the same.
  var maps: [Buffer<UInt32>?]
  var isOrdered: Bool
}

extension ArrowShape {
  /// The layout that holds a column of all segments. Dictionaries are made for columns of the table itself, not for
  /// parts of lists and records.
  init(_ columns: [Column], type: DataType, dictionaries: inout Int64, isNested: Bool = false) {
    switch type {
    case .missing: self = .null
    case .int: self = .int(bits: columns.map(\.intBits).max() ?? 64)
    case .float: self = .float
    case .bool: self = .bool
    case .date: self = .date
    case .duration: self = .duration
    case .datetime: self = .timestamp(zone: Self.zone(columns))
    case .text:
      self = .text
      if !isNested, let levels = ArrowLevels(columns, id: dictionaries) {
        dictionaries += 1
        let largest = max(0, levels.pool.count - 1)
        let bits = largest < 1 << 8 ? 8 : largest < 1 << 16 ? 16 : 32
        // Signed where it fits: not every reader takes unsigned codes.
        self = .dictionary(levels, bits: bits, isSigned: largest < 1 << (bits - 1))
      }
    case .list(let element):
      let parts = columns.map { column -> Column in
        if case .list(_, let elements) = column.storage {
          elements
        } else {
          .missing(count: 0, type: element)
        }
      }
      self = .list(ArrowShape(parts, type: element, dictionaries: &dictionaries, isNested: true))
    case .record(let fields):
      self = .record(
        fields.enumerated().map { index, field in
          let parts = columns.map { $0.part(index, type: field.type) }
          return (
            field.name, ArrowShape(parts, type: field.type, dictionaries: &dictionaries, isNested: true)
          )
        })
    }
  }

  /// The time zone that says the same as the rows' offsets: theirs where all have one that has a name, otherwise
  /// UTC.
  private static func zone(_ columns: [Column]) -> String? {
    switch offsets(columns) {
    case .none: nil
    case .same(let offset): ArrowZone.name(of: offset) ?? "UTC"
    case .various: "UTC"
    }
  }

  enum Offsets: Equatable {
    case none
    case same(Int16)
    case various
  }

  /// The offsets from UTC that the rows of datetime columns were written with.
  static func offsets(_ columns: [Column]) -> Offsets {
    var found = Offsets.none
    var hasPlain = false
    for column in columns {
      guard case .datetime(let instants, let offsets) = column.storage else { continue }
      guard let offsets else {
        if instants.count > 0 { hasPlain = true }
        continue
      }
      let span = offsets.span
      for row in 0..<span.count where column.validity?[row] ?? true {
        if found == .none { found = .same(span[row]) }
        if found != .same(span[row]) { return .various }
      }
    }
    return found != .none && hasPlain && found != .same(0) ? .various : found
  }

  var arrowType: (tag: UInt8, table: FlatValue) {
    switch self {
    case .null: (1, .table([]))
    case .int(let bits): (ArrowType.intTag, Self.int(bits, isSigned: true))
    case .float: (3, .table([(0, .int16(2))]))
    case .bool: (6, .table([]))
    case .text, .dictionary: (20, .table([]))
    case .date: (8, .table([(0, .int16(0))]))
    case .timestamp(let zone):
      (10, .table([(0, .int16(2))] + (zone.map { [(1, .value(.text($0)))] } ?? [])))
    case .duration: (18, .table([(0, .int16(2))]))
    case .list: (21, .table([]))
    case .record: (13, .table([]))
    }
  }

  private static func int(_ bits: Int, isSigned: Bool) -> FlatValue {
    .table([(0, .int32(Int32(bits))), (1, .int8(isSigned ? 1 : 0))])
  }

  /// The field of a schema that describes the column.
  func field(_ name: String) -> FlatValue {
    let (tag, table) = arrowType
    var children: [FlatValue] = []
    if case .list(let element) = self { children = [element.field("item")] }
    if case .record(let parts) = self { children = parts.map { $0.shape.field($0.name) } }
    var slots: [(field: Int, value: FlatField)] = [
      (0, .value(.text(name))), (1, .int8(1)), (2, .int8(Int8(bitPattern: tag))), (3, .value(table)),
      (5, .value(.tables(children))),
    ]
    if case .dictionary(let levels, let bits, let isSigned) = self {
      slots.append(
        (
          4,
          .value(
            .table([
              (0, .int64(levels.id)), (1, .value(Self.int(bits, isSigned: isSigned))),
              (2, .int8(levels.isOrdered ? 1 : 0)),
            ]))
        ))
    }
    return .table(slots)
  }
}

extension ArrowLevels {
  /// One dictionary for all segments; nil where the texts are better written row by row: mostly different ones, and
  /// a few rows of a large dictionary.
  init?(_ columns: [Column], id: Int64) {
    var pools: [TextPool] = []
    var rows = 0
    for column in columns {
      rows += column.count
      guard case .text(let codes, let pool) = column.storage else { continue }
      if case .sequence = codes { return nil }
      if !pool.isDistinct { return nil }
      pools.append(pool)
    }
    var counted: Set<ObjectIdentifier> = []
    let entries = pools.reduce(0) { counted.insert(ObjectIdentifier($1)).inserted ? $0 + $1.count : $0 }
    let isOrdered = !pools.isEmpty && pools.allSatisfy(\.isOrdered)
    guard entries > 0, isOrdered || entries <= max(64, rows / 2) else { return nil }
    let (united, maps) = TextPool.united(pools)
    guard united.count < Int32.max else { return nil }
    // In the order of the levels, which is how the format says an order.
    let levels = united.ownOrder.map { order in
      order.array.enumerated().sorted { $0.element < $1.element }.map(\.offset)
    }
    var position = levels.map { _ in [UInt32](repeating: 0, count: united.count) }
    for (new, old) in (levels ?? []).enumerated() { position?[old] = UInt32(new) }
    self.id = id
    // `ArrowWriter.losses` tells of an order that is not kept.
    self.isOrdered = united.isOrdered && united.listedCount == united.count
    pool = levels.map { TextPool($0.map { united[$0] }, isDistinct: true, ordered: true) } ?? united
    var next = 0
    self.maps = columns.map { column in
      guard case .text(_, let own) = column.storage else { return nil }
      defer { next += 1 }
      return Self.codes(maps[next], count: own.count, then: position)
    }
  }

  private static func codes(_ map: CodeMap, count: Int, then position: [UInt32]?) -> Buffer<UInt32>? {
    switch map {
    case .same: position.map { Buffer($0) }
    case .shifted(let base):
      Buffer(
        (0..<count).map { code in
          let united = UInt32(code) + base
          return position?[Int(united)] ?? united
        })
    case .table(let table): Buffer(table.array.map { position?[Int($0)] ?? $0 })
    }
  }
}

extension Column {
  /// The width of the ints, 8 where there are none.
  var intBits: Int {
    switch storage {
    case .int64: 64
    case .int32: 32
    case .int16: 16
    default: 8
    }
  }

  /// A field of a record column.
  func part(_ index: Int, type: DataType) -> Column {
    if case .record(let columns) = storage, index < columns.count { return columns[index] }
    return .missing(count: count, type: type)
  }
}
