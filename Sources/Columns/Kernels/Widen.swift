extension Column {
  /// The same values as a type that holds them without loss: int as float, date as datetime, missing as anything.
  package func widened(to wanted: DataType) -> Column {
    if type == wanted { return self }
    if case .missing = storage { return .missing(count: count, type: wanted) }
    switch (type, wanted) {
    case (.int, .float): return .float(floatValues, validity: validity)
    case (.date, .datetime):
      let days = dayValues
      var result = MutableBuffer<Int64>(count: count)
      var target = result.mutableSpan
      let source = days.span
      for row in 0..<source.count { target[row] = Int64(source[row]) &* Calendar.microsecondsPerDay }
      return .datetime(result.freeze(), validity: validity)
    case (.missing, _): return .missing(count: count, type: wanted)
    default: return Column(values, type: wanted)
    }
  }

  /// How many ints have more digits than a float holds, and would be rounded as one.
  package var roundedAsFloats: Int {
    guard type == .int, case .int64(let values) = storage else { return 0 }
    let source = values.span
    // Whole numbers up to 2^53 all are floats.
    let limit = UInt64(1) << 53
    var count = 0
    for row in 0..<source.count where source[row].magnitude > limit && isKnown(row) {
      if Int64(exactly: Double(source[row])) != source[row] { count += 1 }
    }
    return count
  }

  /// The known rows: nil when all are.
  package var knownRows: Bitmap? {
    if case .missing = storage { return Bitmap(repeating: false, count: count) }
    return validity
  }

  /// For a condition: the rows where it is true, how many rows are neither true nor false, and the others where there
  /// are such.
  package var truth: (rows: Bitmap, unknown: Int, known: Bitmap?) {
    let bits = boolValues
    guard let known = knownRows else { return (bits, 0, nil) }
    return (bits.and(known), count - known.ones, known)
  }
}
