/// `sequence(from, to, step)` of whole columns: steps of one length are counted out into one buffer, and no value is
/// made alone. A census puts every hour of every stay into such lists.
extension Kernels {
  /// Lists from `from` to `to`, both included; missing where an argument is.
  ///
  /// Throws where a list is too long or all of them do not fit in the memory of the query.
  package static let sequences: VectorKernel = { (arguments, rows, state) throws(KernelFault) in
    let element = elementOfSequence(arguments)
    if arguments.contains(where: { $0.constant == nil }), !isAllMissing(arguments),
      let step = EvenStep(arguments, element)
    {
      if let column = try evenSequences(arguments, step, element, rows, state) { return .column(column) }
    }
    return try apply(
      sequence, to: arguments, rows: rows, type: .list(element), propagates: true, state: state)
  }

  private static func elementOfSequence(_ arguments: [Datum]) -> DataType {
    guard arguments.count > 1, !arguments[0].type.isNumber else { return .int }
    if let word = arguments.dropFirst(2).first?.constant?.string, let unit = TimeUnit(word), !unit.isCalendar
    {
      return .datetime
    }
    return DataType.common(arguments[0].type, arguments[1].type) ?? .datetime
  }

  /// A step that is the same in all rows and of one length: none of months, which are of several.
  private struct EvenStep {
    /// In the unit in which the elements are held: days of dates, microseconds of datetimes.
    let size: Int64

    init?(_ arguments: [Datum], _ element: DataType) {
      let given = arguments.count > 2 ? arguments[2].constant : element == .int ? .int(1) : .text("day")
      let day = Calendar.microsecondsPerDay
      switch (element, given) {
      case (.int, .int(let step)?): size = step
      case (.date, .duration(let step)?) where step % day == 0: size = step / day
      case (.datetime, .duration(let step)?): size = step
      case (.date, .text(let word)?):
        guard let days = TimeUnit(word)?.wholeDays else { return nil }
        size = days
      case (.datetime, .text(let word)?):
        guard let unit = TimeUnit(word), let length = unit.microseconds ?? unit.wholeDays.map({ $0 * day })
        else { return nil }
        size = length
      default: return nil
      }
      if size == 0 { return nil }
    }

    /// How many steps lie from one value to another, both included; nil where they are too many.
    func count(_ from: Int64, _ to: Int64) -> Int? {
      if size > 0 ? to < from : to > from { return 0 }
      let count = (Int128(to) - Int128(from)) / Int128(size)
      return count < Int128(sequenceLimit) ? Int(count) + 1 : nil
    }
  }

  /// The lists of all rows; nil where one of them is at fault, which is told of it alone.
  private static func evenSequences(
    _ arguments: [Datum], _ step: EvenStep, _ element: DataType, _ rows: Int, _ state: CallState
  ) throws(KernelFault) -> Column? {
    let first = arguments[0].column(rows: rows).widened(to: element)
    let last = arguments[1].column(rows: rows).widened(to: element)
    let known = validity(of: Array(arguments.prefix(2)), rows: rows)
    let (from, to) = (first.int64Values, last.int64Values)
    var offsets = MutableBuffer<Int64>(capacity: rows + 1)
    offsets.append(0)
    var total: Int64 = 0
    for row in 0..<rows {
      if known?[row] ?? true {
        guard let count = step.count(from[row], to[row]) else { return nil }
        total += Int64(count)
      }
      offsets.append(total)
    }
    try state.checkRoom(forValues: Int(total), bytesEach: 16)
    let starts = offsets.freeze()
    let elements = elements(of: first, from, starts, step.size, element, count: Int(total))
    return Column(
      type: .list(element), storage: .list(offsets: starts, elements: elements), validity: known, count: rows)
  }

  private static func elements(
    of first: Column, _ from: Buffer<Int64>, _ starts: Buffer<Int64>, _ step: Int64, _ element: DataType,
    count: Int
  ) -> Column {
    var values = MutableBuffer<Int64>(count: count)
    do {
      var target = values.mutableSpan
      for row in 0..<from.count {
        var value = from[row]
        for place in Int(starts[row])..<Int(starts[row + 1]) {
          target[place] = value
          value &+= step
        }
      }
    }
    let found = values.freeze()
    switch element {
    case .date: return .date(map(found) { Int32(truncatingIfNeeded: $0) })
    case .datetime: return .datetime(found, offsets: spread(first.writtenOffsets, starts, count: count))
    default: return .int(found)
    }
  }

  /// The offset of each row for all elements of its list.
  private static func spread(
    _ offsets: Buffer<Int16>?, _ starts: Buffer<Int64>, count: Int
  ) -> Buffer<Int16>? {
    guard let offsets else { return nil }
    var result = MutableBuffer<Int16>(count: count)
    var target = result.mutableSpan
    for row in 0..<offsets.count {
      for place in Int(starts[row])..<Int(starts[row + 1]) { target[place] = offsets[row] }
    }
    return result.freeze()
  }
}
