import Columns

/// What stands around the cells of a line.
struct LineFrame: Sendable {
  /// Before the cell of each column.
  var before: [[UInt8]]
  /// After the last cell.
  var end: [UInt8]
  /// A missing cell.
  var missing: [UInt8]
  var spelling: CellSpelling
}

/// The lines of some rows, written column by column: each line has room for the widest that the rows can be, and
/// the lines are put end to end when all columns are there.
struct LineBlock: ~Copyable {
  private let rows: Int
  private let lines: UnsafeMutablePointer<UInt8>
  /// Where each line goes on.
  private let ends: UnsafeMutablePointer<UnsafeMutablePointer<UInt8>>
  private let width: Int

  /// Memory that a block may take before its rows are halved.
  private static let most = 1 << 21

  private init(rows: Int, width: Int) {
    self.rows = rows
    self.width = width
    lines = .allocate(capacity: max(1, rows * width))
    ends = .allocate(capacity: max(1, rows))
    for row in 0..<rows { ends[row] = lines + row * width }
  }

  deinit {
    lines.deallocate()
    ends.deallocate()
  }

  /// The lines of a block of rows, appended to `output`.
  static func append(
    _ block: Segment, _ frame: LineFrame, _ shared: [ObjectIdentifier: SpelledTexts],
    to output: inout MutableBuffer<UInt8>
  ) {
    let cells = block.columns.map { Cells($0, frame.spelling, shared) }
    var width = frame.end.count
    for (index, cell) in cells.enumerated() {
      width += frame.before[index].count + max(frame.missing.count, cell.width)
    }
    if block.count > 1, block.count * width > most {
      let middle = (block.count / 2 + 63) / 64 * 64
      let cut = middle < block.count ? middle : block.count / 2
      append(block.slice(0..<cut), frame, shared, to: &output)
      append(block.slice(cut..<block.count), frame, shared, to: &output)
      return
    }
    let lines = LineBlock(rows: block.count, width: width)
    for (index, cell) in cells.enumerated() { lines.put(cell, before: frame.before[index], frame.missing) }
    lines.finish(frame.end, into: &output)
  }

  private func finish(_ end: [UInt8], into output: inout MutableBuffer<UInt8>) {
    var size = 0
    for row in 0..<rows { size += ends[row] - (lines + row * width) + end.count }
    var position = output.count
    output.resize(position + size)
    var span = output.mutableSpan
    span.withUnsafeMutableBufferPointer { target in
      guard let base = target.baseAddress else { return }
      for row in 0..<rows {
        let line = lines + row * width
        let count = ends[row] - line
        (base + position).update(from: line, count: count)
        position += count
        for byte in end {
          base[position] = byte
          position += 1
        }
      }
    }
  }

  /// One column's cells; `body` writes a known row's at the place given and tells its bytes, below 0 for a missing.
  @inline(__always)
  private func each(
    _ validity: Bitmap?, _ before: [UInt8], _ missing: [UInt8],
    _ body: (Int, UnsafeMutablePointer<UInt8>) -> Int
  ) {
    let words = validity?.words
    before.withUnsafeBufferPointer { before in
      for row in 0..<rows {
        var target = ends[row]
        for byte in before {
          target.pointee = byte
          target += 1
        }
        var count = -1
        if words.map({ $0[row >> 6] &>> UInt64(row & 63) & 1 == 1 }) ?? true { count = body(row, target) }
        if count < 0 {
          for (offset, byte) in missing.enumerated() { target[offset] = byte }
          count = missing.count
        }
        ends[row] = target + count
      }
    }
  }

  private func put(_ cells: Cells, before: [UInt8], _ missing: [UInt8]) {
    let validity = cells.validity
    switch cells.kind {
    case .texts(let texts, let codes): put(texts, codes, validity, before, missing)
    case .values(.int8(let values)): put(values, validity, before, missing)
    case .values(.int16(let values)): put(values, validity, before, missing)
    case .values(.int32(let values)): put(values, validity, before, missing)
    case .values(.int64(let values)): put(values, validity, before, missing)
    case .values(.float(let values)):
      values.withUnsafePointer { values in
        each(validity, before, missing) { row, target in
          let value = values[row]
          if value.isNaN || value.isInfinite && cells.isJSON { return -1 }
          return Spelling.put(value, at: target)
        }
      }
    case .values(.bool(let bits)):
      each(validity, before, missing) { row, target in Spelling.put(bits[row] ? "true" : "false", at: target)
      }
    case .values(.date(let values)):
      values.withUnsafePointer { values in
        quoted(cells, before, missing) { row, target in Spelling.put(days: values[row], at: target) }
      }
    case .values(.datetime(let values, let offsets)):
      values.withUnsafePointer { values in
        quoted(cells, before, missing) { row, target in
          Spelling.put(microseconds: values[row], offset: offsets?[row], at: target)
        }
      }
    case .values: each(validity, before, missing) { _, _ in -1 }
    }
  }

  /// Cells that stand in quotes in JSON.
  @inline(__always)
  private func quoted(
    _ cells: Cells, _ before: [UInt8], _ missing: [UInt8], _ body: (Int, UnsafeMutablePointer<UInt8>) -> Int
  ) {
    if !cells.isJSON { return each(cells.validity, before, missing, body) }
    each(cells.validity, before, missing) { row, target in
      target[0] = 34
      let count = body(row, target + 1)
      target[count + 1] = 34
      return count + 2
    }
  }

  private func put<Integer: FixedWidthInteger & BitwiseCopyable>(
    _ values: Buffer<Integer>, _ validity: Bitmap?, _ before: [UInt8], _ missing: [UInt8]
  ) {
    values.withUnsafePointer { values in
      each(validity, before, missing) { row, target in Spelling.put(Int64(values[row]), at: target) }
    }
  }

  private func put(
    _ texts: SpelledTexts, _ codes: Buffer<UInt32>, _ validity: Bitmap?, _ before: [UInt8],
    _ missing: [UInt8]
  ) {
    let (quote, last) = (texts.quote, texts.bytes.count)
    codes.withUnsafePointer { codes in
      texts.offsets.withUnsafePointer { offsets in
        texts.bytes.withUnsafePointer { bytes in
          each(validity, before, missing) { row, place in
            let code = Int(codes[row])
            let (start, count) = (Int(offsets[code]), Int(offsets[code + 1] - offsets[code]))
            var target = place
            if quote != 0 {
              target.pointee = quote
              target += 1
            }
            if count <= 16, start + 16 <= last {
              // Sixteen bytes at once: the line has room beyond the cell, and what stands there is written over.
              UnsafeMutableRawPointer(target).copyMemory(from: bytes + start, byteCount: 16)
            } else {
              target.update(from: bytes + start, count: count)
            }
            if quote == 0 { return count }
            target[count] = quote
            return count + 2
          }
        }
      }
    }
  }
}

/// A column of a block, ready to be written.
private struct Cells {
  enum Kind {
    case values(ColumnStorage)
    case texts(SpelledTexts, codes: Buffer<UInt32>)
  }

  let kind: Kind
  let validity: Bitmap?
  /// Bytes that no cell is longer than, with what may be written beyond it.
  let width: Int
  let isJSON: Bool

  init(_ column: Column, _ spelling: CellSpelling, _ shared: [ObjectIdentifier: SpelledTexts]) {
    isJSON = spelling.isJSON
    validity = column.validity
    switch column.storage {
    case .text(_, let pool) where pool.count == 0:
      kind = .values(.missing(count: column.count))
      width = 0
    case .text(let codes, let pool):
      let texts: SpelledTexts
      let numbers: Buffer<UInt32>
      if case .sequence(let start, let count) = codes {
        texts = SpelledTexts(pool, start..<start + count, spelling)
        numbers = TextCodes.sequence(start: 0, count: count).widened
      } else if let known = shared[ObjectIdentifier(pool)] {
        texts = known
        numbers = codes.widened
      } else {
        let own = pool.entries(of: codes)
        texts = SpelledTexts(own, 0..<own.count, spelling)
        numbers = TextCodes.sequence(start: 0, count: own.count).widened
      }
      kind = .texts(texts, codes: numbers)
      width = Self.longest(texts, numbers, column.validity) + 18
    case .duration, .list, .record:
      let texts = SpelledTexts(count: column.count) { row, bytes in
        if column.isKnown(row) { bytes.append(column.value(row), spelling) }
      }
      kind = .texts(texts, codes: TextCodes.sequence(start: 0, count: column.count).widened)
      width = texts.longest + 18
    default:
      kind = .values(column.storage)
      width = Spelling.widest + 2
    }
  }

  /// Bytes of the longest text that these rows have, or a little more.
  private static func longest(_ texts: SpelledTexts, _ codes: Buffer<UInt32>, _ validity: Bitmap?) -> Int {
    if texts.longest <= 48 { return texts.longest }
    let (offsets, rows) = (texts.offsets.span, codes.span)
    var longest = 0
    for row in 0..<rows.count where validity?[row] ?? true {
      let code = Int(rows[row])
      longest = max(longest, Int(offsets[code + 1] - offsets[code]))
    }
    return longest
  }
}

extension [UInt8] {
  /// A duration, a list or a record as it stands in an output.
  fileprivate mutating func append(_ value: Value, _ spelling: CellSpelling) {
    switch (value, spelling) {
    case (_, .json): append(json: value)
    case (.duration(let length), .delimited): self += Calendar.text(duration: length).utf8
    case (_, .delimited(let delimiter, let isOnlyColumn)):
      var json: [UInt8] = []
      json.append(json: value)
      append(delimited: json.span, by: delimiter, isOnlyColumn: isOnlyColumn)
    }
  }
}
