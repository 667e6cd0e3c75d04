/// One value of any type: for literals, cells on their way to a person, and results of one cell.
package indirect enum Value: Sendable {
  case missing
  case int(Int64)
  case float(Double)
  case bool(Bool)
  case text(String)
  /// Days since 1970-01-01.
  case date(Int32)
  /// Microseconds since 1970-01-01T00:00Z, with the offset in minutes as written in the data, if any.
  case datetime(Int64, offset: Int16?)
  /// Microseconds.
  case duration(Int64)
  case list([Value])
  case record([Field])

  /// A name and its value in a record.
  package struct Field: Sendable, Hashable {
    package var name: String
    package var value: Value
    package init(_ name: String, _ value: Value) {
      self.name = name
      self.value = value
    }
  }

  /// Whether it is `missing` itself: a list of missing values is not.
  package var isMissing: Bool { self == .missing }

  /// The type; of a list the one that holds all its elements, `missing` for an empty list's.
  package var type: DataType {
    switch self {
    case .missing: .missing
    case .int: .int
    case .float: .float
    case .bool: .bool
    case .text: .text
    case .date: .date
    case .datetime: .datetime
    case .duration: .duration
    case .list(let values):
      .list(values.reduce(.missing) { DataType.common($0, $1.type) ?? $0 })
    case .record(let fields):
      .record(fields.map { DataType.RecordField($0.name, $0.value.type) })
    }
  }

  /// The number in an int or a float.
  package var number: Double? {
    switch self {
    case .int(let value): Double(value)
    case .float(let value): value
    default: nil
    }
  }

  /// The value of an int; nil for all else, floats too.
  package var integer: Int64? {
    if case .int(let value) = self { value } else { nil }
  }

  /// The value of a text; nil for all else.
  package var string: String? {
    if case .text(let value) = self { value } else { nil }
  }

  /// The value of a bool; nil for all else, missing too.
  package var boolean: Bool? {
    if case .bool(let value) = self { value } else { nil }
  }

  /// The same value as another type that holds it without loss (int as float, date as datetime), else itself.
  package func widened(to type: DataType) -> Value {
    switch (self, type) {
    case (.int(let value), .float): .float(Double(value))
    case (.date(let days), .datetime): .datetime(Int64(days) * Calendar.microsecondsPerDay, offset: nil)
    case (.list(let values), .list(let element)): .list(values.map { $0.widened(to: element) })
    default: self
    }
  }

  /// Order within one type; numbers compare across int and float, missing comes last.
  package static func precedes(_ left: Value, _ right: Value) -> Bool {
    switch (left, right) {
    case (.missing, _): false
    case (_, .missing): true
    case (.int(let a), .int(let b)): a < b
    case (.bool(let a), .bool(let b)): !a && b
    case (.text(let a), .text(let b)): a.utf8.lexicographicallyPrecedes(b.utf8)
    case (.date(let a), .date(let b)): a < b
    case (.datetime(let a, _), .datetime(let b, _)): a < b
    case (.duration(let a), .duration(let b)): a < b
    default:
      if let a = left.number, let b = right.number { a < b } else { false }
    }
  }
}

extension Value: Hashable {
  package static func == (left: Value, right: Value) -> Bool {
    switch (left, right) {
    case (.missing, .missing): true
    case (.int(let a), .int(let b)): a == b
    case (.float(let a), .float(let b)): a == b
    case (.bool(let a), .bool(let b)): a == b
    case (.text(let a), .text(let b)): Spelling.isSame(a, b)
    case (.date(let a), .date(let b)): a == b
    case (.datetime(let a, let first), .datetime(let b, let second)): a == b && first == second
    case (.duration(let a), .duration(let b)): a == b
    case (.list(let a), .list(let b)): a == b
    case (.record(let a), .record(let b)): a == b
    default: false
    }
  }

  package func hash(into hasher: inout Hasher) {
    switch self {
    case .missing: hasher.combine(0)
    case .int(let value): hasher.combine(value)
    case .float(let value): hasher.combine(value)
    case .bool(let value): hasher.combine(value)
    case .text(let value): hasher.combine(ExactText(value))
    case .date(let days): hasher.combine(days)
    case .datetime(let instant, let offset):
      hasher.combine(instant)
      hasher.combine(offset)
    case .duration(let length): hasher.combine(length)
    case .list(let values): hasher.combine(values)
    case .record(let fields): hasher.combine(fields)
    }
  }
}
