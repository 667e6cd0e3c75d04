import Columns
import Planning
import Scheduling

/// What reading a range showed.
struct RangeReport: Sendable {
  var start: Int
  var end: Int
  var lines: Int
  var rows: Int
  var layout: LayoutTally
  /// In the order of the scan's columns.
  var cells: [CellTally]
}

/// Why reading a range stopped. Lines count from the range's first row as 0.
enum RangeFinding: Error {
  case contradictions([Contradiction])
  case fault(line: Int, message: String)
}

/// Reads the rows of one range into columns.
struct SegmentReader: ~Copyable {
  let scan: CSVScan
  let scanner: RangeScanner
  private var decoders: [ColumnDecoder]

  init(scan: CSVScan, scanner: RangeScanner) {
    self.scan = scan
    self.scanner = scanner
    decoders = scan.plans.map { ColumnDecoder.make($0) }
  }

  var tallies: [CellTally] { decoders.map(\.tally) }

  /// - Parameter isOpen: nobody knows how long the range is, and its rows are not held as bytes while the filter is asked.
  mutating func read(_ filter: SegmentFilter?, isStrict: Bool, isOpen: Bool = false) throws -> Segment {
    if let filter, !isOpen { return try read(filter, isStrict) }
    while let chunk = try scanner.next() {
      try scan.environment.workers.cancellation.check()
      if isStrict { try checkLayout() }
      for decoder in decoders { decoder.decode(chunk, rows: nil) }
      try checkCells(isStrict)
    }
    if isStrict { try checkLayout() }
    let all = Segment(columns: decoders.map { $0.finish() }, count: scanner.rowCount)
    guard let filter else { return all }
    let needed = Segment(columns: filter.columns.map { all.columns[$0] }, count: all.count)
    guard let picked = try filter.select(needed) else { return all }
    return Segment(columns: all.columns.map { $0.take(picked) }, count: picked.count)
  }

  /// Decodes the filter's columns, asks it, and decodes the others for the rows it keeps. The cells of the rows that
  /// it drops are looked at all the same: one of them may contradict the column's type or be told of in a note, and
  /// neither may depend on the filter.
  private mutating func read(_ filter: SegmentFilter, _ isStrict: Bool) throws -> Segment {
    let chunk = try scanner.next()
    try scan.environment.workers.cancellation.check()
    if isStrict { try checkLayout() }
    var columns = [Column?](repeating: nil, count: decoders.count)
    let isNeeded = decoders.indices.map { filter.columns.contains($0) || !decoders[$0].canSkip }
    for index in columns.indices where isNeeded[index] {
      if let chunk { decoders[index].decode(chunk, rows: nil) }
      columns[index] = decoders[index].finish()
    }
    try checkCells(isStrict)
    let rows = chunk?.rows ?? 0
    let needed = filter.columns.compactMap { columns[$0] }
    let picked = try filter.select(Segment(columns: needed, count: rows))
    if let picked { for index in columns.indices { columns[index] = columns[index]?.take(picked) } }
    let list = picked?.array
    let others = list.map { SegmentReader.others(than: $0, of: rows) } ?? []
    for index in columns.indices where columns[index] == nil {
      if let chunk {
        decoders[index].decode(chunk, rows: list)
        decoders[index].skip(chunk, rows: others)
        if decoders[index].tally.notUTF8.count > 0 {
          // Lines are told in the order of the file: this column is read again, row by row.
          decoders[index] = ColumnDecoder.make(decoders[index].plan)
          decoders[index].decode(chunk, rows: nil)
          columns[index] = picked.map { decoders[index].finish().take($0) }
        }
      }
      columns[index] = columns[index] ?? decoders[index].finish()
    }
    try checkCells(isStrict)
    _ = try scanner.next()
    return Segment(columns: columns.compactMap { $0 }, count: picked?.count ?? rows)
  }

  /// The row numbers below `count` that are not in an ascending list.
  private static func others(than list: [UInt32], of count: Int) -> [UInt32] {
    var result: [UInt32] = []
    result.reserveCapacity(count - list.count)
    var next: UInt32 = 0
    for row in list {
      while next < row {
        result.append(next)
        next += 1
      }
      next += 1
    }
    while next < count {
      result.append(next)
      next += 1
    }
    return result
  }

  private func checkLayout() throws {
    if let fault = scanner.tally.fault { throw RangeFinding.fault(line: fault.line, message: fault.message) }
  }

  private func checkCells(_ isStrict: Bool) throws {
    let found = decoders.compactMap(\.contradiction)
    if !found.isEmpty { throw RangeFinding.contradictions(found) }
    guard isStrict else { return }
    for decoder in decoders {
      if let line = decoder.tally.unconverted.lines.first {
        let text = decoder.tally.unconvertedTexts.first?.text ?? ""
        throw RangeFinding.fault(
          line: line, message: "`\(decoder.plan.name)`: \"\(text)\" is no \(decoder.plan.type.name)")
      }
      if let line = decoder.tally.cutTimes.lines.first {
        throw RangeFinding.fault(
          line: line, message: "`\(decoder.plan.name)`: a time has more than six digits of fraction")
      }
      if let line = decoder.tally.notUTF8.lines.first {
        throw RangeFinding.fault(line: line, message: "`\(decoder.plan.name)`: a cell is not UTF-8")
      }
    }
  }
}
