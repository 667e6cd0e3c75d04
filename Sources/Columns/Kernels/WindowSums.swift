extension Windows {
  /// The sum of the known values from the partition's first row to this one; missing before the first known value.
  package static let runningSum = WindowKernel(needsOrder: false) { input throws(KernelFault) in
    try running(input, mean: false)
  }

  /// The product of the known values from the partition's first row to this one; missing before the first known value.
  package static let runningProduct = WindowKernel(needsOrder: false) { input throws(KernelFault) in
    let column = input.column(0)
    let values = column.floatValues
    var output = WindowOutput(.float, input.rows)
    for range in input.ranges {
      var product: Double?
      for row in range {
        if column.isKnown(row) { product = (product ?? 1) * values[row] }
        guard let product else { continue }
        guard product.isFinite else {
          throw KernelFault("the product is larger than the largest number (about 1.8e308)", row: row)
        }
        try output.set(row, .float(product))
      }
    }
    return (output.finish(), column.missingCount)
  }

  /// The number of known values (without an argument: of rows) from the partition's first row to this one.
  package static let runningCount = WindowKernel(needsOrder: false) { input throws(KernelFault) in
    let known = input.arguments.isEmpty ? nil : input.column(0).knownNumbers
    var result = MutableBuffer<Int64>(repeating: 0, count: input.rows)
    for range in input.ranges {
      var count: Int64 = 0
      for row in range {
        if known?[row] ?? true { count += 1 }
        result[row] = count
      }
    }
    return (.int(result.freeze()), 0)
  }

  /// The mean of the known values from the partition's first row to this one.
  package static let runningMean = WindowKernel(needsOrder: false) { input throws(KernelFault) in
    try running(input, mean: true)
  }

  /// The sum of the last `n` rows, or of the rows within a duration before this one by the sort key; missing until
  /// the window is full.
  package static let rollingSum = WindowKernel(needsOrder: false) { input throws(KernelFault) in
    try rolling(input, name: "rolling_sum", mean: false)
  }

  /// The mean over the same rows as `rollingSum`.
  package static let rollingMean = WindowKernel(needsOrder: false) { input throws(KernelFault) in
    try rolling(input, name: "rolling_mean", mean: true)
  }

  private static func running(
    _ input: WindowInput, mean: Bool
  ) throws(KernelFault) -> (column: Column, skipped: Int) {
    let values = WindowValues(input.column(0))
    var output = WindowOutput(mean && values.type == .int ? .float : values.type, input.rows)
    for range in input.ranges {
      var sum = WindowSum(values.type)
      for row in range {
        if values.isKnown(row) { sum.add(values, row) }
        if sum.count > 0 { try output.set(row, mean ? sum.mean : sum.sum) }
      }
    }
    return (output.finish(), values.missing)
  }

  private static func rolling(
    _ input: WindowInput, name: String, mean: Bool
  ) throws(KernelFault) -> (column: Column, skipped: Int) {
    let values = WindowValues(input.column(0))
    var output = WindowOutput(mean && values.type == .int ? .float : values.type, input.rows)
    var bounds = try WindowBounds(input, name: name)
    for range in input.ranges {
      bounds.begin(range)
      try slide(range, values, &output, mean) { row in bounds.window(of: row) }
    }
    return (output.finish(), values.missing)
  }

  /// Moves a window along the rows: `window` gives the rows of a row's window, which never move back; nil while it
  /// is not full. Missing values in a window are left out.
  private static func slide(
    _ range: Range<Int>, _ values: WindowValues, _ output: inout WindowOutput,
    _ mean: Bool, _ window: (Int) -> Range<Int>?
  ) throws(KernelFault) {
    var sum = WindowSum(values.type)
    var begin = range.lowerBound
    var end = range.lowerBound
    for row in range {
      guard let wanted = window(row) else { continue }
      while end < wanted.upperBound {
        if values.isKnown(end) { sum.add(values, end) }
        end += 1
      }
      while begin < wanted.lowerBound {
        if values.isKnown(begin) { sum.remove(values, begin) }
        begin += 1
      }
      // What a float window has let go of leaves rounding behind: it is summed anew now and then.
      // What lay in it only for a moment may have been too much together.
      if sum.removed > 1024 + wanted.count || !sum.isFinite { sum = WindowSum.of(values, wanted) }
      if sum.count > 0 { try output.set(row, mean ? sum.mean : sum.sum) }
    }
  }
}

/// Where the windows of a rolling function begin and end: so many rows, or those within a duration.
struct WindowBounds {
  private enum Size {
    case rows(Int)
    case time(WindowTimes)
  }

  private let size: Size
  private var range = 0..<0
  private var latest = 0..<0

  init(_ input: WindowInput, name: String) throws(KernelFault) {
    switch input.arguments.count > 1 ? input.arguments[1].constant : nil {
    case .int(let rows)? where rows >= 1: size = .rows(Int(clamping: rows))
    case .duration(let length)? where length > 0:
      size = .time(try WindowTimes(input, name: name, length: length))
    default:
      throw KernelFault(
        "\(name) needs a number of rows or a duration above zero", help: ["\(name)(x, 7)", "\(name)(x, 7d)"])
    }
  }

  /// Begins a partition.
  mutating func begin(_ range: Range<Int>) {
    self.range = range
    latest = range.lowerBound..<range.lowerBound
  }

  /// The window of the next row; nil while it is not full. Windows never move back.
  mutating func window(of row: Int) -> Range<Int>? {
    switch size {
    case .rows(let rows):
      let first = row - rows + 1
      return first < range.lowerBound ? nil : first..<row + 1
    case .time(let times): return times.window(of: row, in: range, after: &latest)
    }
  }
}

/// Numbers of a window function's argument.
struct WindowValues {
  let type: DataType
  let integers: Buffer<Int64>
  let floats: Buffer<Double>
  private let known: Bitmap?
  let missing: Int

  init(_ column: Column) {
    type = column.type
    known = column.knownNumbers
    missing = known.map { column.count - $0.ones } ?? 0
    integers = column.type == .float ? Buffer([]) : column.int64Values
    floats = column.type == .float ? column.floatValues : Buffer([])
  }

  func isKnown(_ row: Int) -> Bool { known?[row] ?? true }
}

/// The sum of the values in a window: exact in 128 bits for whole numbers, compensated for floats.
struct WindowSum {
  enum Result {
    case integer(Int128)
    case float(Double)
  }

  private let isFloat: Bool
  private let isNumber: Bool
  private var integer: Int128 = 0
  private var float = 0.0
  private var lost = 0.0
  private(set) var count = 0
  private(set) var removed = 0

  init(_ type: DataType) {
    isFloat = type == .float
    isNumber = type.isNumber
  }

  static func of(_ values: WindowValues, _ rows: Range<Int>) -> WindowSum {
    var sum = WindowSum(values.type)
    for row in rows where values.isKnown(row) { sum.add(values, row) }
    return sum
  }

  mutating func add(_ values: WindowValues, _ row: Int) {
    count += 1
    if isFloat { add(values.floats[row]) } else { integer += Int128(values.integers[row]) }
  }

  mutating func remove(_ values: WindowValues, _ row: Int) {
    count -= 1
    if !isFloat {
      integer -= Int128(values.integers[row])
      return
    }
    let value = values.floats[row]
    // An infinity cannot be taken out again: the next row sums anew.
    if value.isFinite { add(-value) } else { removed = .max / 2 }
    removed += 1
  }

  private mutating func add(_ value: Double) {
    let next = float + value
    let back = next - float
    lost += (float - (next - back)) + (value - back)
    float = next
  }

  var isFinite: Bool { !isFloat || float.isFinite }
  var sum: Result { isFloat ? .float(total) : .integer(integer) }

  var mean: Result {
    if isFloat { return .float(total / Double(count)) }
    if isNumber { return .float(Double(integer) / Double(count)) }
    let (quotient, remainder) = integer.quotientAndRemainder(dividingBy: Int128(count))
    return .integer(remainder < 0 ? quotient - 1 : quotient)
  }

  private var total: Double { float.isFinite ? float + lost : float }
}

/// The results of a window of numbers: ints, floats or durations as they come.
struct WindowOutput: ~Copyable {
  private let type: DataType
  private var integers: MutableBuffer<Int64>
  private var floats: MutableBuffer<Double>
  private var validity: MutableBitmap

  init(_ type: DataType, _ rows: Int) {
    self.type = type
    integers = MutableBuffer(repeating: 0, count: type == .float ? 0 : rows)
    floats = MutableBuffer(repeating: 0, count: type == .float ? rows : 0)
    validity = MutableBitmap(repeating: false, count: rows)
  }

  /// Keeps a row's result.
  mutating func set(_ row: Int, _ result: WindowSum.Result) throws(KernelFault) {
    switch result {
    case .integer(let value):
      guard let fitting = Int64(exactly: value) else {
        throw KernelFault("the sum is \(value), which does not fit in 64 bits", row: row)
      }
      integers[row] = fitting
      validity.set(row)
    case .float(let value):
      guard value.isFinite else {
        throw KernelFault("the sum is larger than the largest number (about 1.8e308)", row: row)
      }
      floats[row] = value
      validity.set(row)
    }
  }

  consuming func finish() -> Column {
    let isFloat = type == .float
    let type = type
    let known = validity.freezeValidity()
    if isFloat { return .float(floats.freeze(), validity: known) }
    return .integers(integers.freeze(), type: type, validity: known)
  }
}

/// The sort key's times, for windows of a duration.
struct WindowTimes {
  private let times: Buffer<Int64>
  private let known: Bitmap?
  private let length: Int64
  /// The least distance between two different times: a day between dates.
  private let unit: Int64

  init(_ input: WindowInput, name: String, length: Int64) throws(KernelFault) {
    guard let key = input.orderKey, key.type.isTime || key.type == .duration else {
      throw KernelFault(
        "\(name) over a duration goes by the first sort key, which holds no times",
        help: ["Add the time to sort by: sort admitted"])
    }
    if input.orderDescending {
      throw KernelFault("\(name) over a duration needs times that ascend: sort without the minus")
    }
    let isDate = key.type == .date
    times = isDate ? key.widened(to: .datetime).int64Values : key.int64Values
    known = key.missingCount == 0 ? nil : key.knownNumbers
    unit = isDate ? Calendar.microsecondsPerDay : 1
    self.length = length
  }

  /// The rows within the duration up to a row's time, rows of the same time included, the row exactly that long ago
  /// not; nil while the partition does not reach back over the whole duration, or where the time is missing.
  func window(of row: Int, in range: Range<Int>, after window: inout Range<Int>) -> Range<Int>? {
    guard isKnown(row) else { return nil }
    let time = times[row]
    let (begin, overflow) = time.subtractingReportingOverflow(length)
    if overflow { return nil }
    var (first, end) = (window.lowerBound, Swift.max(window.upperBound, row + 1))
    while end < range.upperBound, isKnown(end), times[end] == time { end += 1 }
    while first < row, times[first] <= begin { first += 1 }
    window = first..<end
    return times[range.lowerBound] <= begin &+ unit ? window : nil
  }

  private func isKnown(_ row: Int) -> Bool { known?[row] ?? true }
}
