/// Elements of lists and fields of records.
extension Kernels {
  /// A field of a record column, by its position; missing where the record is.
  package static func field(_ column: Column, _ index: Int) -> Column {
    guard case .record(let columns) = column.storage, columns.indices.contains(index) else {
      var type = DataType.missing
      if case .record(let fields) = column.type, fields.indices.contains(index) { type = fields[index].type }
      return .missing(count: column.count, type: type)
    }
    let field = columns[index]
    guard let outer = column.validity else { return field }
    if case .missing = field.storage { return field }
    return field.with(validity: field.validity.map { $0.and(outer) } ?? outer)
  }

  /// `element(list, n)`: the element at a position from 0, from the end with a negative one; missing where there is none.
  package static func element(
    _ arguments: [Datum], _ rows: Int, _ state: CallState
  ) throws(KernelFault) -> Datum {
    guard case .list(let type) = arguments[0].type else { return allMissing(arguments, rows, .missing) }
    if isAllMissing(arguments) { return allMissing(arguments, rows, type) }
    return try folding(arguments, rows) { (arguments, rows) throws(KernelFault) in
      let list = arguments[0].column(rows: rows)
      guard case .list(let offsets, let elements) = list.storage else {
        return .missing(count: rows, type: type)
      }
      let positions = arguments[1].integers
      let known = validity(of: arguments, rows: rows)
      var indices = MutableBuffer<UInt32>(repeating: missingRow, count: rows)
      for row in 0..<rows where known?[row] ?? true {
        let (first, end) = (offsets[row], offsets[row + 1])
        let position = positions[row]
        let (index, overflow) = (position < 0 ? end : first).addingReportingOverflow(position)
        if !overflow, index >= first, index < end { indices[row] = UInt32(truncatingIfNeeded: index) }
      }
      return elements.take(indices.freeze())
    }
  }
}
