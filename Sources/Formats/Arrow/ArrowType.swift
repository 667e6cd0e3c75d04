import Columns

/// A type of the Arrow format, as far as Rounds reads it.
enum ArrowType: Equatable, Sendable {
  enum Unit: Int16, Sendable {
    case second = 0
    case millisecond, microsecond, nanosecond
  }

  case null
  case int(bits: Int, isSigned: Bool)
  case float(bits: Int)
  case bool
  /// Text with offsets of 32 or 64 bits.
  case text(offsetBits: Int)
  /// Text with 16 bytes a row, which hold the text itself or where it stands.
  case textView
  case decimal(bits: Int, scale: Int)
  case days
  /// A date as milliseconds.
  case dateMilliseconds
  case time(Unit, bits: Int)
  case timestamp(Unit, zone: String?)
  case duration(Unit)
  /// A list (or a map, a list of records) with offsets of 32 or 64 bits.
  case list(offsetBits: Int)
  case fixedList(Int)
  case record
  /// Values that Rounds has no type for: the column is passed over. So many buffers lie behind its validity; nil where a
  /// batch says how many.
  case opaque(String, buffers: Int?)
}

/// A column of an Arrow schema, or a part of one.
struct ArrowField: Sendable {
  struct Dictionary: Sendable {
    var id: Int64
    /// The type of the codes.
    var index: ArrowType
    var isOrdered: Bool
  }

  var name: String
  var type: ArrowType
  var children: [ArrowField]
  /// Where the values are codes, `type` and `children` are those of the dictionary's entries.
  var dictionary: Dictionary?

  /// The kind of a part of it that is passed over, and the whole column with it.
  var opaqueKind: String? {
    if case .opaque(let kind, _) = type { return kind }
    return children.lazy.compactMap(\.opaqueKind).first
  }

  /// The type that the column has in Rounds.
  var dataType: DataType {
    switch type {
    case .null, .opaque: .missing
    case .int: .int
    case .float, .decimal: .float
    case .bool: .bool
    case .text, .textView: .text
    case .days, .dateMilliseconds: .date
    case .timestamp: .datetime
    case .time, .duration: .duration
    case .list, .fixedList: .list(children.first?.dataType ?? .missing)
    case .record: .record(children.map { DataType.RecordField($0.name, $0.dataType) })
    }
  }
}

extension ArrowField {
  /// Levels of nesting beyond which a file is refused.
  private static let deepest = 64

  /// Reads a field and its parts. `parts` counts down what may still come: fields that share their parts could
  /// otherwise stand for more than any memory holds.
  init(_ table: FlatTable, depth: Int = 0, parts: inout Int) throws(ArrowFault) {
    guard depth < Self.deepest else { throw ArrowFault("is nested deeper than \(Self.deepest) levels") }
    parts -= 1
    guard parts >= 0 else { throw ArrowFault("has more columns than are read") }
    name = try table.text(0) ?? ""
    var children: [ArrowField] = []
    for child in try table.tables(5) {
      children.append(try ArrowField(child, depth: depth + 1, parts: &parts))
    }
    self.children = children
    type = try ArrowType(try table.integer(2, UInt8.self), try table.table(3), column: name)
    switch type {
    case .list, .fixedList:
      guard children.count == 1 else {
        throw .damaged("the list `\(name)` has \(children.count) kinds of element")
      }
    case .record: break
    default:
      guard children.isEmpty else { throw .damaged("column `\(name)` has parts, but its type has none") }
    }
    if let encoding = try table.table(4) { dictionary = try Dictionary(encoding, column: name) }
  }
}

extension ArrowField.Dictionary {
  init(_ table: FlatTable, column: String) throws(ArrowFault) {
    id = try table.integer(0, Int64.self)
    isOrdered = try table.bool(2)
    index = .int(bits: 32, isSigned: true)
    if let type = try table.table(1) { index = try ArrowType(ArrowType.intTag, type, column: column) }
  }
}

extension ArrowType {
  static let intTag: UInt8 = 2

  /// The kinds that are not read, by their number in the format.
  private static let unread: [UInt8: String] = [
    14: "union", 22: "run-end encoded", 25: "list view", 26: "large list view",
  ]

  /// The kinds that are passed over, by their number in the format.
  private static let passedOver: [UInt8: (name: String, buffers: Int?)] = [
    4: ("binary", 2), 11: ("interval", 1), 15: ("fixed-size binary", 1), 19: ("large binary", 2),
    23: ("binary view", nil),
  ]

  init(_ tag: UInt8, _ table: FlatTable?, column: String) throws(ArrowFault) {
    guard let table else { throw .damaged("column `\(column)` has no type") }
    switch tag {
    case 1: self = .null
    case Self.intTag:
      let bits = Int(try table.integer(0, Int32.self))
      guard [8, 16, 32, 64].contains(bits) else {
        throw ArrowFault(
          "has a column `\(column)` of ints of \(bits) bits, which is not read",
          help: ["write the file without this column, or with ints of 64 bits"])
      }
      self = .int(bits: bits, isSigned: try table.bool(1))
    case 3:
      let precision = try table.integer(0, Int16.self)
      guard 0...2 ~= precision else { throw .damaged("column `\(column)` has floats of an unknown kind") }
      self = .float(bits: 16 << Int(precision))
    case 5: self = .text(offsetBits: 32)
    case 20: self = .text(offsetBits: 64)
    case 24: self = .textView
    case 6: self = .bool
    case 7: self = try .decimal(table, column)
    case 8: self = try table.integer(0, Int16.self, default: 1) == 0 ? .days : .dateMilliseconds
    case 9: self = try .timeOfDay(table, column)
    case 10: self = .timestamp(try .init(table, default: 0, column), zone: try table.text(1))
    case 18: self = .duration(try .init(table, default: 1, column))
    case 12, 17: self = .list(offsetBits: 32)
    case 21: self = .list(offsetBits: 64)
    case 13: self = .record
    case 16:
      let size = Int(try table.integer(0, Int32.self))
      guard size >= 0 else { throw .damaged("column `\(column)` has lists of \(size) elements") }
      self = .fixedList(size)
    default:
      if let kind = Self.passedOver[tag] {
        self = .opaque(kind.name, buffers: kind.buffers)
        return
      }
      guard let kind = Self.unread[tag] else {
        throw ArrowFault("has a column `\(column)` of a type that is not known (number \(tag))")
      }
      throw ArrowFault(
        "has a column `\(column)` of the type \(kind), which is not read",
        help: ["write the file without this column, or with text in it"])
    }
  }

  private static func decimal(_ table: FlatTable, _ column: String) throws(ArrowFault) -> ArrowType {
    let bits = Int(try table.integer(2, Int32.self, default: 128))
    let scale = Int(try table.integer(1, Int32.self))
    guard [32, 64, 128].contains(bits), -400...400 ~= scale else {
      throw ArrowFault("has a column `\(column)` of decimals of \(bits) bits, which are not read")
    }
    return .decimal(bits: bits, scale: scale)
  }

  private static func timeOfDay(_ table: FlatTable, _ column: String) throws(ArrowFault) -> ArrowType {
    let bits = Int(try table.integer(1, Int32.self, default: 32))
    guard bits == 32 || bits == 64 else { throw .damaged("column `\(column)` has times of \(bits) bits") }
    return .time(try .init(table, default: 1, column), bits: bits)
  }
}

extension ArrowType.Unit {
  init(_ table: FlatTable, default standard: Int16, _ column: String) throws(ArrowFault) {
    let number = try table.integer(0, Int16.self, default: standard)
    guard let unit = Self(rawValue: number) else {
      throw .damaged("column `\(column)` has times of an unknown unit")
    }
    self = unit
  }

  /// Microseconds of one unit; nanoseconds are divided instead.
  var microseconds: Int64 {
    switch self {
    case .second: 1_000_000
    case .millisecond: 1000
    case .microsecond, .nanosecond: 1
    }
  }
}
