extension Windows {
  /// The greatest known value from the partition's first row to this one; missing before the first known value.
  package static let runningMax = WindowKernel(needsOrder: false) { input throws(KernelFault) in
    running(input) { $0 > $1 }
  }

  /// The least known value from the partition's first row to this one.
  package static let runningMin = WindowKernel(needsOrder: false) { input throws(KernelFault) in
    running(input) { $0 < $1 }
  }

  /// The greatest value of the rows of `rollingSum`.
  package static let rollingMax = WindowKernel(needsOrder: false) { input throws(KernelFault) in
    try rolling(input, name: "rolling_max") { $0 > $1 }
  }

  /// The least value of the rows of `rollingSum`.
  package static let rollingMin = WindowKernel(needsOrder: false) { input throws(KernelFault) in
    try rolling(input, name: "rolling_min") { $0 < $1 }
  }

  private static func running(
    _ input: WindowInput, _ isBeyond: (Double, Double) -> Bool
  ) -> (column: Column, skipped: Int) {
    let column = input.column(0)
    let values = WindowValues(column)
    var rows = MutableBuffer<UInt32>(repeating: missingRow, count: input.rows)
    for range in input.ranges {
      var best = missingRow
      for row in range {
        if values.isKnown(row), best == missingRow || values.is(row, beyond: Int(best), isBeyond) {
          best = UInt32(row)
        }
        rows[row] = best
      }
    }
    return (column.take(rows.freeze()), values.missing)
  }

  private static func rolling(
    _ input: WindowInput, name: String, _ isBeyond: (Double, Double) -> Bool
  ) throws(KernelFault) -> (column: Column, skipped: Int) {
    let column = input.column(0)
    let values = WindowValues(column)
    var rows = MutableBuffer<UInt32>(repeating: missingRow, count: input.rows)
    var bounds = try WindowBounds(input, name: name)
    for range in input.ranges {
      bounds.begin(range)
      // The rows that may still become the extreme, each beyond the one behind it.
      var candidates: [Int] = []
      var first = 0
      var end = range.lowerBound
      for row in range {
        guard let window = bounds.window(of: row) else { continue }
        while end < window.upperBound {
          if values.isKnown(end) {
            while candidates.count > first, let last = candidates.last,
              !values.is(last, beyond: end, isBeyond)
            {
              candidates.removeLast()
            }
            candidates.append(end)
          }
          end += 1
        }
        while first < candidates.count, candidates[first] < window.lowerBound { first += 1 }
        if first < candidates.count { rows[row] = UInt32(candidates[first]) }
      }
    }
    return (column.take(rows.freeze()), values.missing)
  }
}

extension WindowValues {
  /// Whether the value of a row lies beyond that of another, in the direction that the comparison of numbers tells.
  fileprivate func `is`(_ row: Int, beyond other: Int, _ isBeyond: (Double, Double) -> Bool) -> Bool {
    if type == .float { return isBeyond(floats[row], floats[other]) }
    let (one, two) = (integers[row], integers[other])
    return isBeyond(one == two ? 0 : one > two ? 1 : -1, 0)
  }
}
