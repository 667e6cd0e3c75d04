extension Kernels {
  /// Runs a function of single rows on a batch: once where all arguments are constant, once for each dictionary entry
  /// where only one text argument varies (remembered for the pool), otherwise row by row.
  /// - Parameters:
  ///   - type: the type of the result, as the checker knows it.
  ///   - propagates: a missing argument makes the result missing without asking the function.
  package static func apply(
    _ kernel: @escaping RowKernel, to arguments: [Datum], rows: Int, type: DataType, propagates: Bool,
    state: CallState
  ) throws(KernelFault) -> Datum {
    if propagates, isAllMissing(arguments) { return allMissing(arguments, rows, type) }
    if arguments.allSatisfy({ $0.constant != nil }) {
      return .constant(try kernel(arguments.map { $0.value(0) }, state), type)
    }
    let varying = arguments.indices.filter { arguments[$0].constant == nil }
    if varying.count == 1, case .column(let column) = arguments[varying[0]],
      case .text(let codes, let pool) = column.storage, !isTestedByRow(codes, pool)
    {
      let call = EntryCall(
        kernel: kernel, arguments: arguments, position: varying[0], type: type, propagates: propagates)
      return .column(try call.run(column, codes, pool, state))
    }
    var builder = ColumnBuilder(type, capacity: rows)
    var listed = 0
    var texts = TextRoom(state)
    var values = arguments.map { $0.constant ?? .missing }
    for row in 0..<rows {
      for position in varying { values[position] = arguments[position].value(row) }
      if propagates, varying.contains(where: { values[$0].isMissing }) {
        builder.append(.missing)
        continue
      }
      do throws(KernelFault) {
        try state.checkStop()
        let value = try kernel(values, state)
        if case .list(let elements) = value {
          listed += elements.count
          try state.checkRoom(forValues: listed)
        }
        try texts.take(value)
        builder.append(value)
      } catch {
        if error.endsAll { throw error }
        throw KernelFault(error.message, row: error.row ?? row, help: error.help)
      }
    }
    return .column(builder.finish())
  }

  /// Long texts that are made one after the other, counted before there are too many of them.
  private struct TextRoom {
    private static let block = 1 << 20
    private let state: CallState
    private var bytes = 0
    private var checked = 0

    init(_ state: CallState) { self.state = state }

    mutating func take(_ value: Value) throws(KernelFault) {
      guard case .text(let text) = value else { return }
      bytes += text.utf8.count
      if bytes - checked < Self.block { return }
      checked = bytes
      try state.checkRoom(forTextBytes: bytes)
    }
  }

  /// A call in which one text argument varies.
  private struct EntryCall {
    let kernel: RowKernel
    let arguments: [Datum]
    let position: Int
    let type: DataType
    let propagates: Bool

    func run(
      _ column: Column, _ codes: TextCodes, _ pool: TextPool, _ state: CallState
    ) throws(KernelFault) -> Column {
      let results = try state.remembered(for: pool) { () throws(KernelFault) -> Results in
        try entries(pool, state)
      }
      let rows = rowIndices(column, codes, entries: pool.count)
      // A text that no row has any more is no fault of any.
      if !results.faults.isEmpty {
        for row in 0..<rows.count {
          guard let fault = results.faults[rows[row]] else { continue }
          throw KernelFault(fault.message, row: fault.row ?? row, help: fault.help)
        }
      }
      return results.column.take(rows)
    }

    /// The results of all entries and, behind them, the result of a missing text; those that have none.
    private struct Results: Sendable {
      var column: Column
      var faults: [UInt32: KernelFault] = [:]
    }

    private func entries(_ pool: TextPool, _ state: CallState) throws(KernelFault) -> Results {
      var builder = ColumnBuilder(type, capacity: pool.count + 1)
      var faults: [UInt32: KernelFault] = [:]
      var texts = TextRoom(state)
      var values = arguments.map { $0.constant ?? .missing }
      for entry in 0..<pool.count {
        values[position] = .text(pool[entry])
        do throws(KernelFault) {
          try state.checkStop()
          let value = try kernel(values, state)
          try texts.take(value)
          builder.append(value)
        } catch {
          if error.endsAll { throw error }
          builder.append(.missing)
          faults[UInt32(truncatingIfNeeded: entry)] = error
        }
      }
      values[position] = .missing
      builder.append(propagates ? .missing : try kernel(values, state))
      return Results(column: builder.finish(), faults: faults)
    }
  }

  /// The entry of each row; missing rows have the one behind the last.
  static func rowIndices(_ column: Column, _ codes: TextCodes, entries: Int) -> Buffer<UInt32> {
    let source = codes.widened
    let last = UInt32(truncatingIfNeeded: entries)
    guard let validity = column.validity else { return source }
    let words = validity.words
    let known = words.span
    let rows = source.span
    var result = MutableBuffer<UInt32>(count: rows.count)
    var target = result.mutableSpan
    for row in 0..<rows.count {
      let isKnown = known[row >> 6] >> UInt64(row & 63) & 1 != 0
      target[row] = isKnown ? rows[row] : last
    }
    return result.freeze()
  }
}
