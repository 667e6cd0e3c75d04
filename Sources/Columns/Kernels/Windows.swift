/// The window functions: each gives a value for every row of ordered partitions.
package enum Windows {
  /// The value `n` rows earlier in the partition, else the default (third argument, missing unless given).
  package static let lag = WindowKernel(needsOrder: false) { input throws(KernelFault) in
    (try shifted(input, back: 1), 0)
  }

  /// The value `n` rows later in the partition, else the default.
  package static let lead = WindowKernel(needsOrder: false) { input throws(KernelFault) in
    (try shifted(input, back: -1), 0)
  }

  /// The last known value up to and with the row; missing until there is one.
  package static let lastKnown = WindowKernel(needsOrder: false) { input throws(KernelFault) in
    let values = input.column(0)
    var rows = MutableBuffer<UInt32>(repeating: missingRow, count: input.rows)
    for range in input.ranges {
      var last = missingRow
      for row in range {
        if values.isKnown(row) { last = UInt32(row) }
        rows[row] = last
      }
    }
    return (values.take(rows.freeze()), 0)
  }

  private static func shifted(_ input: WindowInput, back: Int) throws(KernelFault) -> Column {
    let values = input.column(0)
    let steps = input.integer(1) ?? 1
    guard steps.magnitude <= UInt64(Int32.max) else {
      throw KernelFault("a step of \(steps) rows is beyond every table")
    }
    let offset = Int(steps) * back
    var rows = MutableBuffer<UInt32>(repeating: missingRow, count: input.rows)
    for range in input.ranges {
      for row in range where range.contains(row - offset) { rows[row] = UInt32(row - offset) }
    }
    let indices = rows.freeze()
    let fallback = input.arguments.count > 2 ? input.arguments[2] : .constant(.missing, .missing)
    if fallback.constant?.isMissing == true { return values.take(indices) }
    // The default stands behind the values and takes the place of what is not there.
    let type = DataType.common(values.type, fallback.type) ?? values.type
    let defaults = Column((0..<input.rows).map { fallback.value($0).widened(to: type) }, type: type)
    let both = Column.concatenated([values.widened(to: type), defaults], type: type)
    var chosen = MutableBuffer<UInt32>(count: input.rows)
    for row in 0..<input.rows {
      chosen[row] = indices[row] == missingRow ? UInt32(input.rows + row) : indices[row]
    }
    return both.take(chosen.freeze())
  }

  /// The value minus the one of the row before; missing in the first row. Times give durations.
  package static let difference = WindowKernel(needsOrder: false) { input throws(KernelFault) in
    let values = input.column(0)
    if values.type == .float { return (try floatDifferences(values, input), 0) }
    let numbers = values.int64Values
    let unit = values.type == .date ? Calendar.microsecondsPerDay : 1
    var result = MutableBuffer<Int64>(repeating: 0, count: input.rows)
    var validity = MutableBitmap(repeating: false, count: input.rows)
    for range in input.ranges {
      for row in range.dropFirst() where values.isKnown(row) && values.isKnown(row - 1) {
        let (difference, overflow) = numbers[row].subtractingReportingOverflow(numbers[row - 1])
        let (scaled, further) = difference.multipliedReportingOverflow(by: unit)
        if overflow || further {
          throw KernelFault("the difference does not fit in 64 bits", row: row)
        }
        result[row] = scaled
        validity.set(row)
      }
    }
    let type: DataType = values.type.isTime || values.type == .duration ? .duration : .int
    return (.integers(result.freeze(), type: type, validity: validity.freezeValidity()), 0)
  }

  private static func floatDifferences(
    _ values: Column, _ input: WindowInput
  ) throws(KernelFault) -> Column {
    let numbers = values.floatValues
    var results = MutableBuffer<Double>(repeating: .nan, count: input.rows)
    for range in input.ranges {
      for row in range.dropFirst() where values.isKnown(row) && values.isKnown(row - 1) {
        results[row] = numbers[row] - numbers[row - 1]
        if !results[row].isFinite {
          throw KernelFault("the difference is larger than the largest number (about 1.8e308)", row: row)
        }
      }
    }
    let found = results.freeze()
    return .floats(input.rows) { found[$0] }
  }
}

extension WindowInput {
  /// The rows of each partition.
  var ranges: [Range<Int>] {
    var ranges: [Range<Int>] = []
    for (lower, upper) in zip(partitions, partitions.dropFirst()) where lower < upper {
      ranges.append(lower..<upper)
    }
    return ranges
  }

  func column(_ index: Int) -> Column {
    index < arguments.count ? arguments[index].column(rows: rows) : .missing(count: rows)
  }

  /// A whole number that is the same in every row.
  func integer(_ index: Int) -> Int64? {
    index < arguments.count ? arguments[index].constant?.integer : nil
  }
}
