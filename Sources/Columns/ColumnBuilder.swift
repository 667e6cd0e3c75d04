/// Makes a column from values one at a time: literals, results of rare functions, tests. Readers that care for
/// speed fill buffers instead.
package struct ColumnBuilder: ~Copyable {
  /// The type of the column that comes of it.
  package let type: DataType
  private var validity: MutableBitmap
  private var integers: MutableBuffer<Int64>
  private var floats: MutableBuffer<Double>
  private var offsets: MutableBuffer<Int16>
  private var hasOffsets = false
  private var bits: MutableBitmap
  private var interner: TextInterner
  private var codes: MutableBuffer<UInt32>
  private var nested: [Value] = []
  private var known = 0

  /// A builder for values of a type; ints given to a float column widen, dates to a datetime column.
  package init(_ type: DataType, capacity: Int = 0) {
    self.type = type
    validity = MutableBitmap(repeating: false, count: 0)
    integers = MutableBuffer(capacity: 0)
    floats = MutableBuffer(capacity: 0)
    offsets = MutableBuffer(capacity: 0)
    bits = MutableBitmap(repeating: false, count: 0)
    interner = TextInterner(capacity: 16)
    codes = MutableBuffer(capacity: 0)
  }

  /// The rows so far, missing ones among them.
  package var count: Int { validity.count }

  /// Adds a value; one that the type cannot hold becomes missing and false is returned.
  @discardableResult
  package mutating func append(_ value: Value) -> Bool {
    let value = value.widened(to: type)
    let fits = store(value)
    validity.append(fits && !value.isMissing)
    if fits, !value.isMissing { known += 1 }
    return fits
  }

  private mutating func store(_ value: Value) -> Bool {
    switch type {
    case .int, .date, .duration:
      integers.append(integer(value) ?? 0)
      return value.isMissing || value.type == type
    case .float:
      floats.append(value.number ?? 0)
      return value.isMissing || value.number != nil
    case .datetime: return storeDatetime(value)
    case .bool:
      bits.append(value.boolean ?? false)
      return value.isMissing || value.boolean != nil
    case .text:
      codes.append(value.string.map { interner.code(of: $0) } ?? 0)
      return value.isMissing || value.string != nil
    case .list, .record:
      nested.append(value)
      return true
    case .missing: return value.isMissing
    }
  }

  private mutating func storeDatetime(_ value: Value) -> Bool {
    if case .datetime(let instant, let offset) = value {
      integers.append(instant)
      offsets.append(offset ?? 0)
      if offset != nil { hasOffsets = true }
      return true
    }
    integers.append(0)
    offsets.append(0)
    return value.isMissing
  }

  private func integer(_ value: Value) -> Int64? {
    switch value {
    case .int(let value), .duration(let value): value
    case .date(let days): Int64(days)
    default: nil
    }
  }

  /// Ends the building.
  package consuming func finish() -> Column {
    let rows = validity.count
    if known == 0 { return .missing(count: rows, type: type) }
    let bitmap = validity.freezeValidity()
    switch type {
    case .int: return .int(integers.freeze(), validity: bitmap)
    case .duration: return .duration(integers.freeze(), validity: bitmap)
    case .date:
      let days = integers.freeze().array.map { Int32(clamping: $0) }
      return .date(Buffer(days), validity: bitmap)
    case .float: return .float(floats.freeze(), validity: bitmap)
    case .datetime:
      return .datetime(
        integers.freeze(), offsets: hasOffsets ? offsets.freeze() : nil, validity: bitmap)
    case .bool: return .bool(bits.freeze(), validity: bitmap)
    case .text: return .text(.u32(codes.freeze()), interner.freeze(), validity: bitmap)
    case .list(let element): return Self.list(nested, element, bitmap)
    case .record(let fields): return Self.record(nested, fields, bitmap)
    case .missing: return .missing(count: rows)
    }
  }

  private static func list(_ values: [Value], _ element: DataType, _ validity: Bitmap?) -> Column {
    var offsets = MutableBuffer<Int64>(capacity: values.count + 1)
    offsets.append(0)
    var elements = ColumnBuilder(element)
    for value in values {
      if case .list(let items) = value { for item in items { elements.append(item) } }
      offsets.append(Int64(elements.count))
    }
    return Column(
      type: .list(element), storage: .list(offsets: offsets.freeze(), elements: elements.finish()),
      validity: validity, count: values.count)
  }

  private static func record(
    _ values: [Value], _ fields: [DataType.RecordField], _ validity: Bitmap?
  ) -> Column {
    let columns = fields.map { field in
      var builder = ColumnBuilder(field.type)
      for value in values {
        var found = Value.missing
        if case .record(let given) = value, let match = given.first(where: { $0.name == field.name }) {
          found = match.value
        }
        builder.append(found)
      }
      return builder.finish()
    }
    return Column(
      type: .record(fields), storage: .record(columns), validity: validity, count: values.count)
  }
}

extension Column {
  /// A column of values; the type is the common one unless given. Values that do not fit become missing.
  package init(_ values: [Value], type: DataType? = nil) {
    let type = type ?? values.reduce(.missing) { DataType.common($0, $1.type) ?? $0 }
    var builder = ColumnBuilder(type, capacity: values.count)
    for value in values { builder.append(value) }
    self = builder.finish()
  }

  /// The same value in every row.
  package static func repeating(_ value: Value, count: Int, type: DataType) -> Column {
    switch value.widened(to: type) {
    case .missing: return .missing(count: count, type: type)
    case .int(let value): return .int(Buffer(repeating: value, count: count))
    case .float(let value): return .float(Buffer(repeating: value, count: count))
    case .bool(let value): return .bool(Bitmap(repeating: value, count: count))
    case .text(let value):
      return .text(.u8(Buffer(repeating: 0, count: count)), TextPool([value], isDistinct: true))
    case .date(let value): return .date(Buffer(repeating: value, count: count))
    case .datetime(let value, let offset):
      return .datetime(
        Buffer(repeating: value, count: count),
        offsets: offset.map { Buffer(repeating: $0, count: count) })
    case .duration(let value): return .duration(Buffer(repeating: value, count: count))
    case .list, .record:
      let one = Column([value], type: type)
      return one.take(Buffer(repeating: 0, count: count))
    }
  }
}
