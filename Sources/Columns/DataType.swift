/// The logical type of a column or a value. Widths are physical and belong to the storage.
package indirect enum DataType: Hashable, Sendable {
  /// The type of `missing` alone, and of a column that holds nothing else; fits every other type.
  case missing
  case int
  case float
  case bool
  case text
  case date
  case datetime
  case duration
  case list(DataType)
  case record([RecordField])

  /// A name and its type in a record.
  package struct RecordField: Hashable, Sendable {
    package var name: String
    package var type: DataType
    package init(_ name: String, _ type: DataType) {
      self.name = name
      self.type = type
    }
  }

  /// The name that people see.
  package var name: String {
    switch self {
    case .missing: "missing"
    case .int: "int"
    case .float: "float"
    case .bool: "bool"
    case .text: "text"
    case .date: "date"
    case .datetime: "datetime"
    case .duration: "duration"
    case .list(let element): "list of \(element.name)"
    case .record: "record"
    }
  }

  /// The type of a name that a person wrote, such as `number` or `int`.
  package static func named(_ name: String) -> DataType? {
    switch name.lowercased() {
    case "int", "integer": .int
    case "float", "number", "double", "real": .float
    case "bool", "boolean", "logical": .bool
    case "text", "string", "char": .text
    case "date": .date
    case "datetime", "timestamp", "time": .datetime
    case "duration", "interval": .duration
    default: nil
    }
  }

  /// Whether it is int or float; a duration is no number.
  package var isNumber: Bool { self == .int || self == .float }
  /// Whether there are texts in it, in a list or record too.
  package var holdsText: Bool {
    switch self {
    case .text: true
    case .list(let element): element.holdsText
    case .record(let fields): fields.contains { $0.type.holdsText }
    default: false
    }
  }
  /// Whether it is a point in time, date or datetime; a duration is none.
  package var isTime: Bool { self == .date || self == .datetime }
  /// Types whose values stand in a line: everything but records and lists; `missing` fits every type.
  package var isOrderable: Bool {
    switch self {
    case .list, .record: false
    default: true
    }
  }

  /// The type that holds both without loss: int widens to float, date to datetime; nil when there is none.
  package static func common(_ left: DataType, _ right: DataType) -> DataType? {
    if left == right { return left }
    switch (left, right) {
    case (.missing, let other), (let other, .missing): return other
    case (.int, .float), (.float, .int): return .float
    case (.date, .datetime), (.datetime, .date): return .datetime
    case (.list(let a), .list(let b)): return common(a, b).map { .list($0) }
    case (.record(let a), .record(let b)): return commonRecord(a, b)
    default: return nil
    }
  }

  private static func commonRecord(_ left: [RecordField], _ right: [RecordField]) -> DataType? {
    var fields = left
    for field in right {
      if let index = fields.firstIndex(where: { $0.name == field.name }) {
        guard let type = common(fields[index].type, field.type) else { return nil }
        fields[index].type = type
      } else {
        fields.append(field)
      }
    }
    return .record(fields)
  }
}
