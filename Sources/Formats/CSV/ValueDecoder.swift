import Columns

final class IntDecoder: ColumnDecoder {
  @exclusivity(unchecked) private var values = Arena<Int64>(capacity: 16)
  private var low = Int64.max
  private var high = Int64.min

  override func decode(_ chunk: Chunk, rows: [UInt32]?) {
    let wanted = chunk.wanted(rows)
    reserve(wanted)
    values.reserve(wanted)
    let target = values.base
    var row = count
    var (low, high) = (low, high)
    chunk.forEachCell(plan, rows) { start, end in
      if isDirect, let value = CellDecoder.wordInt(chunk.bytes + start, end &- start) {
        target[row] = value
        low = min(low, value)
        high = max(high, value)
      } else {
        target[row] = 0
        if let cell = unusual(chunk, start, end) {
          guard let base = cell.baseAddress, let value = CellDecoder.int(base, cell.count) else {
            return reject(cell, chunk, start, row: row)
          }
          target[row] = value
          low = min(low, value)
          high = max(high, value)
        } else {
          setMissing(row)
        }
      }
      row &+= 1
      return true
    }
    (self.low, self.high) = (low, high)
    values.count = row
    count += wanted
  }

  override func finish() -> Column {
    if isAllMissing { return .missing(count: count, type: .int) }
    return .narrowed(values, low: min(low, 0), high: max(high, 0), count: count, validity: finishValidity())
  }
}

extension Column {
  /// An int column in the narrowest width that holds `low` to `high`.
  fileprivate static func narrowed(
    _ values: borrowing Arena<Int64>, low: Int64, high: Int64, count: Int, validity: Bitmap?
  ) -> Column {
    let source = values.base
    let storage: ColumnStorage
    if low >= Int64(Int8.min), high <= Int64(Int8.max) {
      var target = MutableBuffer<Int8>(count: count)
      var span = target.mutableSpan
      for row in 0..<count { span[row] = Int8(truncatingIfNeeded: source[row]) }
      storage = .int8(target.freeze())
    } else if low >= Int64(Int16.min), high <= Int64(Int16.max) {
      var target = MutableBuffer<Int16>(count: count)
      var span = target.mutableSpan
      for row in 0..<count { span[row] = Int16(truncatingIfNeeded: source[row]) }
      storage = .int16(target.freeze())
    } else if low >= Int64(Int32.min), high <= Int64(Int32.max) {
      var target = MutableBuffer<Int32>(count: count)
      var span = target.mutableSpan
      for row in 0..<count { span[row] = Int32(truncatingIfNeeded: source[row]) }
      storage = .int32(target.freeze())
    } else {
      storage = .int64(values.frozen())
    }
    return Column(type: .int, storage: storage, validity: validity, count: count)
  }
}

final class FloatDecoder: ColumnDecoder {
  @exclusivity(unchecked) private var values = Arena<Double>(capacity: 16)

  override func decode(_ chunk: Chunk, rows: [UInt32]?) {
    let wanted = chunk.wanted(rows)
    reserve(wanted)
    values.reserve(wanted)
    let target = values.base
    let decimal = plan.decimal
    var row = count
    chunk.forEachCell(plan, rows) { start, end in
      if isDirect, let value = CellDecoder.wordFloat(chunk.bytes + start, end &- start, decimal: decimal) {
        target[row] = value
        if value.magnitude >= 0x1p53 {
          noteRounding(
            value, UnsafeBufferPointer(start: chunk.bytes + start, count: end &- start), chunk, start)
        }
      } else {
        target[row] = 0
        if let cell = unusual(chunk, start, end) {
          guard let base = cell.baseAddress,
            let value = CellDecoder.float(base, cell.count, decimal: decimal)
          else { return reject(cell, chunk, start, row: row) }
          target[row] = value
          if value.magnitude >= 0x1p53 { noteRounding(value, cell, chunk, start) }
        } else {
          setMissing(row)
        }
      }
      row &+= 1
      return true
    }
    values.count = row
    count += wanted
  }

  override func finish() -> Column {
    if isAllMissing { return .missing(count: count, type: .float) }
    return .float(values.frozen(), validity: finishValidity())
  }
}

final class BoolDecoder: ColumnDecoder {
  private var bits: [UInt64] = []

  override func decode(_ chunk: Chunk, rows: [UInt32]?) {
    let wanted = chunk.wanted(rows)
    reserve(wanted)
    let words = (count + wanted + 63) >> 6
    if words > bits.count { bits.append(contentsOf: repeatElement(0, count: words - bits.count)) }
    var row = count
    bits.withUnsafeMutableBufferPointer { target in
      chunk.forEachCell(plan, rows) { start, end in
        var value = isDirect ? CellDecoder.bool(chunk.bytes + start, end &- start) : nil
        if value == nil {
          if let cell = unusual(chunk, start, end) {
            guard let base = cell.baseAddress, let known = CellDecoder.bool(base, cell.count) else {
              return reject(cell, chunk, start, row: row)
            }
            value = known
          } else {
            setMissing(row)
          }
        }
        target[row >> 6] |= (value == true ? 1 : 0) << UInt64(row & 63)
        row &+= 1
        return true
      }
    }
    count += wanted
  }

  override func finish() -> Column {
    if isAllMissing { return .missing(count: count, type: .bool) }
    return .bool(Bitmap(words: Buffer(bits), count: count), validity: finishValidity())
  }
}

final class DateDecoder: ColumnDecoder {
  @exclusivity(unchecked) private var values = Arena<Int32>(capacity: 16)

  override func decode(_ chunk: Chunk, rows: [UInt32]?) {
    let wanted = chunk.wanted(rows)
    reserve(wanted)
    values.reserve(wanted)
    let target = values.base
    var row = count
    chunk.forEachCell(plan, rows) { start, end in
      if isDirect, let value = CellDecoder.date(chunk.bytes + start, end &- start) {
        target[row] = value
      } else {
        target[row] = 0
        if let cell = unusual(chunk, start, end) {
          guard let base = cell.baseAddress, let value = CellDecoder.date(base, cell.count) else {
            return reject(cell, chunk, start, row: row)
          }
          target[row] = value
        } else {
          setMissing(row)
        }
      }
      row &+= 1
      return true
    }
    values.count = row
    count += wanted
  }

  override func finish() -> Column {
    if isAllMissing { return .missing(count: count, type: .date) }
    return .date(values.frozen(), validity: finishValidity())
  }
}

/// Datetimes, with days among them as midnight.
final class DatetimeDecoder: ColumnDecoder {
  @exclusivity(unchecked) private var values = Arena<Int64>(capacity: 16)
  /// Row and offset of the cells that have one.
  @exclusivity(unchecked) private var offsets: [(row: Int, minutes: Int16)] = []

  override func decode(_ chunk: Chunk, rows: [UInt32]?) {
    let wanted = chunk.wanted(rows)
    reserve(wanted)
    values.reserve(wanted)
    let target = values.base
    var row = count
    chunk.forEachCell(plan, rows) { start, end in
      if isDirect, let value = instant(chunk.bytes + start, end &- start, row, chunk, start) {
        target[row] = value
      } else {
        target[row] = 0
        if let cell = unusual(chunk, start, end) {
          guard let base = cell.baseAddress, let value = instant(base, cell.count, row, chunk, start) else {
            return reject(cell, chunk, start, row: row)
          }
          target[row] = value
        } else {
          setMissing(row)
        }
      }
      row &+= 1
      return true
    }
    values.count = row
    count += wanted
  }

  @inline(__always)
  private func instant(
    _ cell: UnsafePointer<UInt8>, _ count: Int, _ row: Int, _ chunk: Chunk, _ start: Int
  ) -> Int64? {
    if let instant = CellDecoder.datetime(cell, count) {
      if instant.isCut { tally.cutTimes.add(line: chunk.line(at: start)) }
      if let offset = instant.offset { offsets.append((row, offset)) }
      return instant.microseconds
    }
    return CellDecoder.date(cell, count).map { Int64($0) &* Calendar.microsecondsPerDay }
  }

  override func finish() -> Column {
    if isAllMissing { return .missing(count: count, type: .datetime) }
    let validity = finishValidity()
    let known = validity?.ones ?? count
    tally.withOffset = offsets.count
    tally.withoutOffset = known - offsets.count
    return .datetime(values.frozen(), offsets: offsetColumn(), validity: validity)
  }

  private func offsetColumn() -> Buffer<Int16>? {
    if offsets.isEmpty { return nil }
    var minutes = [Int16](repeating: 0, count: count)
    for offset in offsets { minutes[offset.row] = offset.minutes }
    return Buffer(minutes)
  }
}

/// A column that the sample showed nothing of: the first cell with anything in it decides the type.
final class MissingDecoder: ColumnDecoder {
  override func decode(_ chunk: Chunk, rows: [UInt32]?) {
    let wanted = chunk.wanted(rows)
    reserve(wanted)
    var row = count
    chunk.forEachCell(plan, rows) { start, end in
      let isEmpty = start == end || isEmptyInQuotes(chunk, start, end)
      if !isEmpty, !isMissing(chunk, start, end) { return reject(chunk, start, end) }
      tally.empty += isEmpty ? 1 : 0
      row &+= 1
      return true
    }
    count += wanted
  }

  private func isMissing(_ chunk: Chunk, _ start: Int, _ end: Int) -> Bool {
    let cell = UnsafeBufferPointer(start: chunk.bytes + start, count: end - start)
    if plan.guessesMarks && Marks.isNA(cell) || isOwnMark(cell) {
      tally.addMark(String(decoding: cell, as: UTF8.self))
      return true
    }
    return false
  }

  private func reject(_ chunk: Chunk, _ start: Int, _ end: Int) -> Bool {
    var cell = UnsafeBufferPointer(start: chunk.bytes + start, count: end - start)
    var isQuoted = false
    if let quote = plan.quote, cell[0] == quote {
      (cell, isQuoted) = unquoter.content(chunk.bytes + start, end - start, quote: quote)
    }
    var kind = CellKind.of(cell, isQuoted: isQuoted, decimal: plan.decimal)
    // An empty cell in quotes, blanks, or a mark with nothing to be missing among: text.
    if kind == .missing || kind == .mark || isQuoted && plan.quoting.makesText(kind.type) { kind = .text }
    contradiction = Contradiction(
      column: plan.column, kind: kind, line: chunk.line(at: start),
      cell: String(decoding: cell.prefix(60), as: UTF8.self))
    return false
  }
}

/// Values of a type that was given by hand: more is understood, and what is not becomes missing.
final class ForcedDecoder: ColumnDecoder {
  private var values: [Value] = []

  override func decode(_ chunk: Chunk, rows: [UInt32]?) {
    let wanted = chunk.wanted(rows)
    reserve(wanted)
    values.reserveCapacity(count + wanted)
    var row = count
    chunk.forEachCell(plan, rows) { start, end in
      var value = Value.missing
      if let cell = unusual(chunk, start, end) {
        if let known = parsed(cell, chunk, start) {
          value = known
        } else {
          _ = reject(cell, chunk, start, row: row)
        }
      }
      values.append(value)
      row &+= 1
      return true
    }
    count += wanted
  }

  private func parsed(_ cell: UnsafeBufferPointer<UInt8>, _ chunk: Chunk, _ start: Int) -> Value? {
    guard let base = cell.baseAddress else { return nil }
    if let pattern = plan.pattern { return pattern.value(cell, as: plan.type) }
    switch plan.type {
    case .int: return ForcedNumber.int(cell, decimal: plan.decimal).map { .int($0) }
    case .float:
      return ForcedNumber.float(cell, decimal: plan.decimal).map { value in
        if value.magnitude >= 0x1p53 { noteRounding(value, cell, chunk, start) }
        return .float(value)
      }
    case .bool: return ForcedNumber.bool(cell).map { .bool($0) }
    case .date:
      if let days = CellDecoder.date(base, cell.count) { return .date(days) }
      return CellDecoder.datetime(base, cell.count).map {
        .date(
          Calendar.days(
            ofMicroseconds: $0.microseconds + Int64($0.offset ?? 0) * Calendar.microsecondsPerMinute))
      }
    case .datetime:
      if let instant = CellDecoder.datetime(base, cell.count) {
        if instant.isCut { tally.cutTimes.add(line: chunk.line(at: start)) }
        return .datetime(instant.microseconds, offset: instant.offset)
      }
      return CellDecoder.date(base, cell.count).map {
        .datetime(Int64($0) * Calendar.microsecondsPerDay, offset: nil)
      }
    case .duration: return Kernels.parse(String(decoding: cell, as: UTF8.self), as: .duration)
    default: return nil
    }
  }

  override func finish() -> Column { Column(values, type: plan.type) }
}

/// Numbers and booleans where the type was given by hand.
enum ForcedNumber {
  static func int(_ cell: UnsafeBufferPointer<UInt8>, decimal: UInt8) -> Int64? {
    if let value = Int64(String(decoding: cell, as: UTF8.self)) { return value }
    // With a decimal comma points stand between thousands.
    guard decimal == UInt8(ascii: ","), let base = cell.baseAddress, !cell.contains(decimal) else {
      return nil
    }
    return CellDecoder.float(base, cell.count, decimal: decimal).flatMap { Int64(exactly: $0) }
  }

  static func float(_ cell: UnsafeBufferPointer<UInt8>, decimal: UInt8) -> Double? {
    if let base = cell.baseAddress, let value = CellDecoder.float(base, cell.count, decimal: decimal) {
      return value
    }
    var text = String(decoding: cell, as: UTF8.self)
    if decimal != UInt8(ascii: ".") {
      if text.contains(".") { return nil }
      text = String(text.map { $0.asciiValue == decimal ? "." : $0 })
    }
    guard text.allSatisfy({ $0.isNumber || "+-.eE".contains($0) }), let value = Double(text), value.isFinite
    else { return nil }
    return value
  }

  static func bool(_ cell: UnsafeBufferPointer<UInt8>) -> Bool? {
    switch String(decoding: cell, as: UTF8.self).lowercased() {
    case "true", "t", "yes", "y", "1": true
    case "false", "f", "no", "n", "0": false
    default: nil
    }
  }
}
