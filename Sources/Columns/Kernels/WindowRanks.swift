extension Windows {
  /// 1, 2, 3 … in each partition.
  package static let rowNumber = WindowKernel(needsOrder: false) { input throws(KernelFault) in
    (
      integers(input) { range, _, result in
        for row in range { result[row] = Int64(row - range.lowerBound + 1) }
      }, 0
    )
  }

  /// Rows that tie share the number of the first of them; the next number counts them all: 1, 2, 2, 4.
  package static let rank = WindowKernel(needsOrder: true) { input throws(KernelFault) in
    (
      integers(input) { range, newPeers, result in
        var rank = 1
        for row in range {
          if newPeers?[row] ?? true { rank = row - range.lowerBound + 1 }
          result[row] = Int64(rank)
        }
      }, 0
    )
  }

  /// Rows that tie share a number; the next number is one more: 1, 2, 2, 3.
  package static let denseRank = WindowKernel(needsOrder: true) { input throws(KernelFault) in
    (
      integers(input) { range, newPeers, result in
        var rank: Int64 = 0
        for row in range {
          if row == range.lowerBound || newPeers?[row] ?? true { rank += 1 }
          result[row] = rank
        }
      }, 0
    )
  }

  /// (rank − 1) / (rows − 1), from 0 to 1; 0 in a partition of one row.
  package static let percentRank = WindowKernel(needsOrder: true) { input throws(KernelFault) in
    var result = MutableBuffer<Double>(repeating: 0, count: input.rows)
    for range in input.ranges where range.count > 1 {
      var rank = 0
      for row in range {
        if input.newPeers?[row] ?? true { rank = row - range.lowerBound }
        result[row] = Double(rank) / Double(range.count - 1)
      }
    }
    return (.float(result.freeze()), 0)
  }

  private static func integers(
    _ input: WindowInput, _ fill: (Range<Int>, Bitmap?, inout MutableBuffer<Int64>) -> Void
  ) -> Column {
    var result = MutableBuffer<Int64>(repeating: 0, count: input.rows)
    for range in input.ranges { fill(range, input.newPeers, &result) }
    return .int(result.freeze())
  }

  /// Groups 1 to n of the known values in ascending order, as equal in size as can be, the larger groups first
  /// (as SQL's `ntile`); equal values are parted in row order. Missing values have no group.
  package static let quantileGroup = WindowKernel(needsOrder: false) { input throws(KernelFault) in
    guard let groups = input.integer(1), groups >= 1 else {
      throw KernelFault(
        "quantile_group needs a number of groups of 1 or more", help: ["quantile_group(x, 4)"])
    }
    let column = input.column(0)
    var result = MutableBuffer<Int64>(repeating: 0, count: input.rows)
    var validity = MutableBitmap(repeating: false, count: input.rows)
    var skipped = 0
    let known = column.knownNumbers
    for range in input.ranges {
      let part = column.slice(range)
      let order = Sorter.order([SortKey(part)], rows: range.count)
      let count = known?.slice(range).ones ?? range.count
      skipped += range.count - count
      let size = count / Int(clamping: groups)
      let larger = count % Int(clamping: groups)
      for position in 0..<count {
        let row = range.lowerBound + Int(order[position])
        let inLarger = position < larger * (size + 1)
        let group = inLarger ? position / (size + 1) : larger + (position - larger * (size + 1)) / size
        result[row] = Int64(group + 1)
        validity.set(row)
      }
      input.parted.add(
        parted(
          count,
          isFirst: {
            result[range.lowerBound + Int(order[$0])] != result[range.lowerBound + Int(order[$0 - 1])]
          }
        ) { part.value(Int(order[$0])) == part.value(Int(order[$0 - 1])) })
    }
    return (.int(result.freeze(), validity: validity.freezeValidity()), skipped)
  }

  /// How many rows have equals in another group. Only around the first row of each group values are compared.
  ///
  /// - Parameters:
  ///   - isFirst: whether a row in order is the first of its group.
  ///   - isEqual: whether a row in order has the value of the one before.
  private static func parted(_ count: Int, isFirst: (Int) -> Bool, isEqual: (Int) -> Bool) -> Int {
    var rows = 0
    var position = 1
    while position < count {
      guard isFirst(position), isEqual(position) else {
        position += 1
        continue
      }
      var start = position - 1
      while start > 0, isEqual(start) { start -= 1 }
      var end = position + 1
      while end < count, isEqual(end) { end += 1 }
      rows += end - start
      position = end
    }
    return rows
  }
}
