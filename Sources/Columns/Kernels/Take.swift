import Scheduling

/// An index that takes a missing row: the partner that a left join did not find.
package let missingRow = UInt32.max

extension Column {
  /// Rows of this column; shares the memory, with a copied validity where the range does not begin at a
  /// multiple of 64.
  package func slice(_ range: Range<Int>) -> Column {
    if range == 0..<count { return self }
    return Column(
      type: type, storage: storage.slice(range), validity: validity?.slice(range), count: range.count)
  }

  /// The rows at these indices, in this order; `missingRow` gives a missing one.
  package func take(_ indices: Buffer<UInt32>) -> Column {
    take(indices, hasMissing: indices.hasMissingRow)
  }

  /// The same where it is known whether `missingRow` is among the indices.
  package func take(_ indices: Buffer<UInt32>, hasMissing: Bool) -> Column {
    let rows = indices.count
    if case .missing = storage { return .missing(count: rows, type: type) }
    if count == 0 { return .missing(count: rows, type: type) }
    return Column(
      type: type, storage: storage.take(indices, hasMissing: hasMissing),
      validity: takeValidity(indices, hasMissing: hasMissing), count: rows)
  }

  private func takeValidity(_ indices: Buffer<UInt32>, hasMissing: Bool) -> Bitmap? {
    if validity == nil, !hasMissing { return nil }
    let span = indices.span
    var result = MutableBitmap(repeating: false, count: span.count)
    var words = result.wordSpan
    let known = validity?.words.span
    for row in 0..<span.count {
      let index = span[row]
      if index == missingRow { continue }
      var bit: UInt64 = 1
      if let known { bit = known[Int(index >> 6)] >> UInt64(index & 63) & 1 }
      words[row >> 6] |= bit << UInt64(row & 63)
    }
    return result.freezeValidity()
  }

  /// An estimate of the bytes that it takes: of a pool, which segments share, an eighth is counted.
  package var byteCount: Int {
    (validity?.words.byteCount ?? 0) + storage.byteCount
  }
}

extension Buffer where Element == UInt32 {
  var hasMissingRow: Bool {
    let span = span
    for index in 0..<span.count where span[index] == missingRow { return true }
    return false
  }
}

extension Buffer {
  /// The values at these indices; `missingRow` gives the first value.
  func take(_ indices: Buffer<UInt32>, hasMissing: Bool) -> Buffer<Element> {
    var result = MutableBuffer<Element>(count: indices.count)
    var target = result.mutableSpan
    let rows = indices.span
    let source = span
    if hasMissing {
      for row in 0..<rows.count {
        let index = rows[row]
        target[row] = source[index == missingRow ? 0 : Int(index)]
      }
    } else {
      for row in 0..<rows.count { target[row] = source[Int(rows[row])] }
    }
    return result.freeze()
  }
}

/// The values at some indices, a part of them to each of a crew: most of them miss the cache. Each part is written where
/// it will lie. One for each element: what is generic over a crew is compiled once for all elements, and would look its
/// own up for each row.
extension Buffer<UInt64> {
  func take<C: Crew>(_ indices: Buffer<UInt32>, by crew: C) throws(C.Failure) -> Self {
    try indices.filled(by: crew) { self.gather(indices, $0, $1) }
  }
}

extension Buffer<UInt32> {
  func take<C: Crew>(_ indices: Buffer<UInt32>, by crew: C) throws(C.Failure) -> Self {
    try indices.filled(by: crew) { self.gather(indices, $0, $1) }
  }

  /// How many parts these indices are looked at in, and which a part is.
  fileprivate var partCount: Int { (count + Table.segmentRows - 1) / Table.segmentRows }
  fileprivate func part(_ number: Int) -> Range<Int> {
    number * Table.segmentRows..<Swift.min(count, (number + 1) * Table.segmentRows)
  }

  /// Values that the parts of these indices put to their places, each for itself.
  fileprivate func filled<Result: BitwiseCopyable, C: Crew>(
    by crew: C, _ put: @Sendable (Range<Int>, borrowing SharedTarget<Result>) -> Void
  ) throws(C.Failure) -> Buffer<Result> {
    try .scattered(count: count, pieces: partCount, by: crew) { number, target in put(part(number), target) }
  }

  /// What is made of the parts of these indices, in their order.
  fileprivate func parts<C: Crew, Part: Sendable>(
    by crew: C, _ make: @Sendable (Self) -> Part
  ) throws(C.Failure) -> [Part] {
    try crew.pieces(partCount) { make(slice(part($0))) }
  }
}

extension Buffer<Int32> {
  func take<C: Crew>(_ indices: Buffer<UInt32>, by crew: C) throws(C.Failure) -> Self {
    try indices.filled(by: crew) { self.gather(indices, $0, $1) }
  }
}

extension Buffer<Int64> {
  func take<C: Crew>(_ indices: Buffer<UInt32>, by crew: C) throws(C.Failure) -> Self {
    try indices.filled(by: crew) { self.gather(indices, $0, $1) }
  }
}

extension Buffer<Double> {
  func take<C: Crew>(_ indices: Buffer<UInt32>, by crew: C) throws(C.Failure) -> Self {
    try indices.filled(by: crew) { self.gather(indices, $0, $1) }
  }
}

extension Buffer {
  fileprivate func gather(
    _ indices: Buffer<UInt32>, _ range: Range<Int>, _ target: borrowing SharedTarget<Element>
  ) {
    let rows = indices.span
    let source = span
    for place in range { target.put(source[Int(rows[place])], at: place) }
  }
}

extension Column {
  /// The rows at these indices, none of them missing, a part of them to each of a crew.
  package func take<C: Crew>(_ indices: Buffer<UInt32>, by crew: C) throws(C.Failure) -> Column {
    if indices.count <= Table.segmentRows { return take(indices, hasMissing: false) }
    let taken: ColumnStorage? =
      switch storage {
      case .int32(let values): .int32(try values.take(indices, by: crew))
      case .date(let values): .date(try values.take(indices, by: crew))
      case .int64(let values): .int64(try values.take(indices, by: crew))
      case .duration(let values): .duration(try values.take(indices, by: crew))
      case .datetime(let values, offsets: nil): .datetime(try values.take(indices, by: crew), offsets: nil)
      case .float(let values): .float(try values.take(indices, by: crew))
      default: nil
      }
    guard let taken else {
      return Column.concatenated(
        try indices.parts(by: crew) { take($0, hasMissing: false) }, type: type)
    }
    let known = try validity.map { bits throws(C.Failure) in
      Bitmap.concatenated(try indices.parts(by: crew) { bits.take($0) }, count: indices.count)
    }
    return Column(type: type, storage: taken, validity: known, count: indices.count)
  }
}

extension ColumnStorage {
  func slice(_ range: Range<Int>) -> ColumnStorage {
    switch self {
    case .int8(let values): .int8(values.slice(range))
    case .int16(let values): .int16(values.slice(range))
    case .int32(let values): .int32(values.slice(range))
    case .int64(let values): .int64(values.slice(range))
    case .float(let values): .float(values.slice(range))
    case .bool(let bits): .bool(bits.slice(range))
    case .text(let codes, let pool): .text(codes.slice(range), pool)
    case .date(let values): .date(values.slice(range))
    case .datetime(let values, let offsets):
      .datetime(values.slice(range), offsets: offsets?.slice(range))
    case .duration(let values): .duration(values.slice(range))
    case .list(let offsets, let elements):
      .list(offsets: offsets.slice(range.lowerBound..<range.upperBound + 1), elements: elements)
    case .record(let columns): .record(columns.map { $0.slice(range) })
    case .missing: .missing(count: range.count)
    }
  }

  func take(_ indices: Buffer<UInt32>, hasMissing: Bool) -> ColumnStorage {
    switch self {
    case .int8(let values): .int8(values.take(indices, hasMissing: hasMissing))
    case .int16(let values): .int16(values.take(indices, hasMissing: hasMissing))
    case .int32(let values): .int32(values.take(indices, hasMissing: hasMissing))
    case .int64(let values): .int64(values.take(indices, hasMissing: hasMissing))
    case .float(let values): .float(values.take(indices, hasMissing: hasMissing))
    case .bool(let bits): .bool(bits.take(indices))
    case .text(let codes, let pool): .text(codes.take(indices, hasMissing: hasMissing), pool)
    case .date(let values): .date(values.take(indices, hasMissing: hasMissing))
    case .datetime(let values, let offsets):
      .datetime(
        values.take(indices, hasMissing: hasMissing),
        offsets: offsets?.take(indices, hasMissing: hasMissing))
    case .duration(let values): .duration(values.take(indices, hasMissing: hasMissing))
    case .list(let offsets, let elements): Self.takeList(offsets, elements, indices)
    case .record(let columns): .record(columns.map { $0.take(indices) })
    case .missing: .missing(count: indices.count)
    }
  }

  private static func takeList(
    _ offsets: Buffer<Int64>, _ elements: Column, _ indices: Buffer<UInt32>
  ) -> ColumnStorage {
    var newOffsets = MutableBuffer<Int64>(capacity: indices.count + 1)
    var rows = MutableBuffer<UInt32>(capacity: indices.count)
    newOffsets.append(0)
    for position in 0..<indices.count {
      let index = indices[position]
      if index != missingRow {
        for element in offsets[Int(index)]..<offsets[Int(index) + 1] { rows.append(UInt32(element)) }
      }
      newOffsets.append(Int64(rows.count))
    }
    return .list(offsets: newOffsets.freeze(), elements: elements.take(rows.freeze()))
  }

  var byteCount: Int {
    switch self {
    case .int8(let values): values.byteCount
    case .int16(let values): values.byteCount
    case .int32(let values): values.byteCount
    case .int64(let values): values.byteCount
    case .float(let values): values.byteCount
    case .bool(let bits): bits.words.byteCount
    case .text(let codes, let pool): codes.byteCount + pool.bytes.byteCount / 8
    case .date(let values): values.byteCount
    case .datetime(let values, let offsets): values.byteCount + (offsets?.byteCount ?? 0)
    case .duration(let values): values.byteCount
    case .list(let offsets, let elements): offsets.byteCount + elements.byteCount
    case .record(let columns): columns.reduce(0) { $0 + $1.byteCount }
    case .missing: 0
    }
  }
}

extension Bitmap {
  /// The bits at these indices; false at `missingRow`.
  package func take(_ indices: Buffer<UInt32>) -> Bitmap {
    let rows = indices.span
    var result = MutableBitmap(repeating: false, count: rows.count)
    var target = result.wordSpan
    let source = words.span
    for row in 0..<rows.count {
      let index = rows[row]
      if index == missingRow { continue }
      target[row >> 6] |= (source[Int(index >> 6)] >> UInt64(index & 63) & 1) << UInt64(row & 63)
    }
    return result.freeze()
  }
}

extension TextCodes {
  func slice(_ range: Range<Int>) -> TextCodes {
    switch self {
    case .u8(let codes): .u8(codes.slice(range))
    case .u16(let codes): .u16(codes.slice(range))
    case .u32(let codes): .u32(codes.slice(range))
    case .sequence(let start, _): .sequence(start: start + range.lowerBound, count: range.count)
    }
  }

  func take(_ indices: Buffer<UInt32>, hasMissing: Bool) -> TextCodes {
    switch self {
    case .u8(let codes): return .u8(codes.take(indices, hasMissing: hasMissing))
    case .u16(let codes): return .u16(codes.take(indices, hasMissing: hasMissing))
    case .u32(let codes): return .u32(codes.take(indices, hasMissing: hasMissing))
    case .sequence(let start, _):
      let rows = indices.span
      var result = MutableBuffer<UInt32>(count: rows.count)
      var target = result.mutableSpan
      for row in 0..<rows.count {
        let index = rows[row]
        target[row] = index == missingRow ? UInt32(start) : index &+ UInt32(truncatingIfNeeded: start)
      }
      return .u32(result.freeze())
    }
  }

  /// The codes as 32-bit numbers.
  package var widened: Buffer<UInt32> {
    switch self {
    case .u8(let codes): return codes.widenedCodes()
    case .u16(let codes): return codes.widenedCodes()
    case .u32(let codes): return codes
    case .sequence(let start, let count):
      var result = MutableBuffer<UInt32>(count: count)
      var target = result.mutableSpan
      for row in 0..<count { target[row] = UInt32(truncatingIfNeeded: start &+ row) }
      return result.freeze()
    }
  }

  /// The bytes of the codes; a sequence has none.
  package var byteCount: Int {
    switch self {
    case .u8(let codes): codes.byteCount
    case .u16(let codes): codes.byteCount
    case .u32(let codes): codes.byteCount
    case .sequence: 0
    }
  }
}

extension Buffer where Element: FixedWidthInteger {
  func widenedCodes() -> Buffer<UInt32> {
    var result = MutableBuffer<UInt32>(count: count)
    var target = result.mutableSpan
    let source = span
    for row in 0..<source.count { target[row] = UInt32(truncatingIfNeeded: source[row]) }
    return result.freeze()
  }
}

extension Buffer where Element == UInt32 {
  /// Where each row lies in an order, a part of which each of a crew looks at.
  package func inverse<C: Crew>(by crew: C) throws(C.Failure) -> Buffer<UInt32> {
    try filled(by: crew) { self.invert($0, $1) }
  }

  private func invert(_ range: Range<Int>, _ target: borrowing SharedTarget<UInt32>) {
    let rows = span
    for place in range { target.put(UInt32(truncatingIfNeeded: place), at: Int(rows[place])) }
  }

  /// Where each row lies in an order.
  package var inverse: Buffer<UInt32> {
    var result = MutableBuffer<UInt32>(count: count)
    var target = result.mutableSpan
    let source = span
    for position in 0..<source.count { target[Int(source[position])] = UInt32(truncatingIfNeeded: position) }
    return result.freeze()
  }
}
