import Columns
import Diagnostics
import Planning
import Scheduling
import Synchronization

/// Sizes that the reader works with; tests make them small so that edges fall everywhere.
struct CSVSizes: Sendable {
  /// Bytes of a range: its rows are a segment. Fixed by the data, never by the number of workers.
  var range = 8 << 20
  /// Bytes read and decoded at a time: what stays in a core's cache.
  var chunk = 128 << 10
  /// Bytes of the head that names and types are guessed from; a quarter of it in the middle and at the end.
  var sample = 256 << 10
  /// False reads every row with the plain scanner.
  var usesBlocks = true
  /// The widest that may be used.
  var instructions = BlockScanner.Instructions.best
}

/// A delimited text file as a table.
///
/// The file is cut into ranges of equal bytes. A range holds the rows that begin in it; where its first row begins
/// is guessed (behind the first line end, taken to be outside quotes) and verified: the range before must end
/// there. When the guess fails, every boundary is found by reading from the beginning, and the scan starts again.
package final class CSVSource: TableSource {
  package let name: String
  let bytes: ByteSource
  private let conversion: TextConversion?
  let layout: CSVLayout
  let options: CSVOptions
  let sizes: CSVSizes
  /// Types given by hand, by column.
  let forced: [Int: TypeRequest]
  private let pools: [TextPool?]
  private let notes: [Note]
  private let state: Mutex<State>
  private let scratch = Mutex<[ScanScratch]>([])

  struct Widening: Sendable {
    var column: Int
    var from: DataType
    var to: DataType
    var line: Int
    var cell: String
  }

  private struct State: Sendable {
    var types: [DataType]
    var widenings: [Widening] = []
    /// What ranges of the scan under way found; the first range's counts, whatever order threads came in.
    var pending: [Int: [Widening]] = [:]
    /// Where the first row of each range begins, once it was found exactly.
    var boundaries: [Int]?
    var needsBoundaries = false

    /// The types with what the first range found.
    var effective: [DataType] {
      var types = types
      for widening in pending[pending.keys.min() ?? 0] ?? [] { types[widening.column] = widening.to }
      return types
    }

    mutating func commit() {
      guard let first = pending.keys.min(), let found = pending[first] else { return }
      for widening in found {
        types[widening.column] = widening.to
        widenings.append(widening)
      }
      pending = [:]
    }
  }

  init(
    _ origin: ByteOrigin, options: CSVOptions, sizes: CSVSizes = CSVSizes()
  ) throws {
    let opened = try OpenedText(origin, options)
    bytes = opened.bytes
    conversion = opened.conversion
    name = opened.bytes.name
    self.options = options
    self.sizes = sizes
    let ending = FormatTable.ending(of: name)
    var layout = try CSVLayout(bytes, options, extension: ending, sampleBytes: sizes.sample)
    forced = try Self.forced(options, layout.names, name)
    for index in layout.columns.indices {
      if let request = forced[index] {
        layout.columns[index].type = request.type
      } else if layout.columns[index].type == .missing, layout.columns[index].marks > 0 {
        layout.columns[index].type = .text
      }
    }
    pools = layout.columns.map { Self.basePool($0) }
    if options.strict, layout.names.isEmpty {
      throw FormatFault(
        file: name, "this file is empty: it has no header and no rows",
        help: ["`strict = false` reads it as a table without columns"])
    }
    if options.strict, let note = layout.notes.first {
      let line = layout.notes.count == 1 ? layout.longerRow?.line ?? 1 : 1
      throw FormatFault(
        file: name, line: line, note.message, help: ["`strict = false` reads it all the same"])
    }
    if options.strict, let fault = try Self.oddText(layout, bytes, forced) { throw fault }
    notes = opened.notes + layout.notes
    state = Mutex(State(types: layout.columns.map(\.type)))
    // The texts of the sample are in the pools now.
    for index in layout.columns.indices { layout.columns[index].different = [:] }
    self.layout = layout
  }

  private static func forced(_ options: CSVOptions, _ names: [String], _ file: String) throws -> [Int:
    TypeRequest]
  {
    func column(_ name: String, _ option: String, _ range: SourceRange?) throws -> Int {
      if let exact = names.firstIndex(of: name) { return exact }
      let loose = names.indices.filter { Suggestion.folded(names[$0]) == Suggestion.folded(name) }
      if loose.count == 1 { return loose[0] }
      if names.isEmpty {
        throw Diagnostic(
          "file", "\(file) is empty: it has no column `\(name)`, which `\(option)` names", at: range,
          help: ["look whether whoever writes it was stopped"])
      }
      let near = Suggestion.nearest(to: name, among: names)
      throw Diagnostic(
        "unknown-column", "`\(option)` names a column `\(name)` that \(file) does not have", at: range,
        help: [near.map { "did you mean `\($0)`?" } ?? "its columns are \(listed(names, limit: 12))"])
    }
    var result: [Int: TypeRequest] = [:]
    for item in options.types { result[try column(item.name, "types", options.typesRange)] = item.request }
    for item in options.columnMissing { _ = try column(item.name, "missing", options.missingRange) }
    return result
  }

  /// The texts of the sample in byte order where they are few: every segment without others shares this pool.
  private static func basePool(_ guess: ColumnGuess) -> TextPool? {
    guard guess.type == .text, !guess.isMostlyDistinct, guess.different.count <= 1024 else { return nil }
    let texts = guess.different.keys.map(\.bytes).filter { text in
      text.withUnsafeBufferPointer { UTF8Decoder.isValid($0) }
    }
    let sorted = texts.sorted { $0.lexicographicallyPrecedes($1) }
    return TextPool(sorted.map { String(decoding: $0, as: UTF8.self) }, isDistinct: true)
  }

  package var schema: Schema {
    let types = state.withLock { $0.effective }
    return Schema(zip(layout.names, types).map { Field($0, $1) })
  }

  package var knownRowCount: Int? {
    // Where the bytes end there is told by the scan, if they cannot be read.
    (try? bytes.ends(at: layout.dataStart)) == true ? 0 : nil
  }

  /// Reads a column as text from the next scan on, its cells as they are written, unless its type was given.
  package func readAsText(_ column: Int) { read(column, as: .text) }

  /// Whether the sample of a column holds what stands for missing, and nothing else.
  package func holdsOnlyMarks(_ column: Int) -> Bool {
    let guess = layout.columns[column]
    return guess.known == 0 && guess.marks > 0 && guess.ownMarks.isGuessed && forced[column] == nil
  }

  /// Reads a column as a type that other files give it, from the next scan on.
  package func read(_ column: Int, as type: DataType) {
    if forced[column] == nil { state.withLock { $0.types[column] = type } }
  }

  /// Whether a type comes from the sample alone.
  package var typesAreGuessed: Bool {
    guard !layout.isWhole else { return false }
    let types = state.withLock { $0.effective }
    return types.indices.contains { types[$0] != .text && forced[$0] == nil }
  }

  /// The first cell of the sample that is text: its line, 0 where it is not known, and what it holds.
  package func firstText(of column: Int) -> (line: Int, cell: String)? {
    layout.columns[column].firstText.map { ($0.line, $0.cell) }
  }

  // MARK: The scan

  private var rangeCount: Int {
    max(1, (bytes.estimatedCount - layout.dataStart + sizes.range - 1) / sizes.range)
  }

  private func rangeStart(_ index: Int) -> Int { layout.dataStart + index * sizes.range }

  /// Where a range ends. The last one holds what comes behind it, too: packed bytes may be more than was foreseen.
  private func rangeEnd(_ index: Int) -> Int { index + 1 == rangeCount ? .max / 2 : rangeStart(index + 1) }

  package func scan(columns: [Int], environment: ScanEnvironment) throws -> any TableScan {
    state.withLock { $0.commit() }
    if state.withLock({ $0.needsBoundaries && $0.boundaries == nil }) {
      let found = try boundaries(upTo: rangeCount, environment).starts
      state.withLock { $0.boundaries = found }
    }
    let (types, boundaries) = state.withLock { ($0.types, $0.boundaries) }
    let plans = columns.map { plan($0, types[$0]) }
    let scan = CSVScan(plans: plans, ranges: rangeCount, boundaries: boundaries, environment: environment)
    environment.progress.begin(total: rangeCount)
    return FileScan(source: self, scan: scan, segmentCount: rangeCount)
  }

  /// A scan as the query sees it.
  private struct FileScan: TableScan {
    let source: CSVSource
    let scan: CSVScan
    let segmentCount: Int

    func read(segment: Int, filter: SegmentFilter?) throws -> Segment {
      try source.read(segment, scan, filter)
    }

    func finish() -> [Note] { source.notes(of: scan) }
  }

  private func plan(_ column: Int, _ type: DataType) -> ColumnPlan {
    var plan = ColumnPlan(
      column: column, name: layout.names[column], isLast: column == layout.names.count - 1, type: type)
    if let request = forced[column] {
      plan.isForced = true
      plan.pattern = request.pattern
    }
    let marks = options.marks(of: layout.names[column])
    plan.marks = marks.given
    plan.guessesMarks = marks.isGuessed
    plan.quoting = layout.quoting
    plan.quote = layout.dialect.quote
    plan.decimal = layout.dialect.decimal
    plan.basePool = pools[column]
    plan.countsMarks = type == .text && layout.columns[column].numbers > 0
    plan.isMostlyDistinct = layout.columns[column].isMostlyDistinct
    return plan
  }

  /// Only texts cost more to decode than to look at.
  package func gains(byFiltering columns: [Int], on filtered: Set<Int>) -> Bool {
    columns.contains { !filtered.contains($0) && schema[$0].type == .text }
  }

  private func read(_ segment: Int, _ scan: CSVScan, _ filter: SegmentFilter?) throws -> Segment {
    let memory = scratch.withLock { $0.popLast() } ?? ScanScratch()
    defer { if !memory.isLarge { scratch.withLock { $0.append(memory) } } }
    var start = RangeScanner.Start.guessed(rangeStart(segment))
    if segment == 0 { start = .known(layout.dataStart) }
    if let boundaries = scan.boundaries { start = .known(boundaries[segment]) }
    // What is behind the last boundary of packed bytes may be more than memory holds.
    let isOpen = bytes.isUnpacked && segment + 1 == rangeCount
    let scanner = scanner(segment, start, memory, scan.environment, keepsWhole: filter != nil && !isOpen)
    var reader = SegmentReader(scan: scan, scanner: scanner)
    let result: Segment
    do {
      result = try reader.read(filter, isStrict: options.strict, isOpen: isOpen)
    } catch let found as RangeFinding {
      throw try error(found, segment, firstRow: scanner.firstRow, scan)
    } catch let fault as FormatFault {
      // Read from inside quotes, a file of short rows may look like one long row, for which others lack the memory.
      if scan.boundaries != nil || !scanner.lacksMemory { throw fault }
      state.withLock { $0.needsBoundaries = true }
      throw ScanRestart()
    }
    let report = RangeReport(
      start: scanner.firstRow, end: scanner.nextRow, lines: scanner.lineCount, rows: scanner.rowCount,
      layout: scanner.tally, cells: reader.tallies)
    if options.strict, let count = conversion?.unreadable(before: scanner.nextRow), count > 0 {
      throw FormatFault(
        file: name, "\(counted(count, "character")) could not be converted from the file's encoding",
        help: ["without `strict` the file is read, with a note"])
    }
    if !scan.add(report, at: segment) {
      state.withLock { $0.needsBoundaries = true }
      throw ScanRestart()
    }
    scan.environment.progress.advance()
    return result
  }

  private func scanner(
    _ segment: Int, _ start: RangeScanner.Start, _ memory: ScanScratch, _ environment: ScanEnvironment,
    keepsWhole: Bool
  ) -> RangeScanner {
    RangeScanner(
      bytes, layout.dialect, columns: max(1, layout.names.count), start: start,
      limit: rangeEnd(segment),
      chunkBytes: sizes.chunk, keepsWhole: keepsWhole, usesBlocks: sizes.usesBlocks,
      instructions: sizes.instructions, scratch: memory, budget: environment.budget)
  }

  /// Where the first rows of the ranges below `count` begin, and how many lines lie before each, found by reading
  /// from the beginning.
  private func boundaries(
    upTo count: Int, _ environment: ScanEnvironment
  ) throws -> (starts: [Int], lines: [Int]) {
    let memory = ScanScratch()
    var starts = [layout.dataStart]
    var lines = [0]
    for segment in 0..<count {
      try environment.workers.cancellation.check()
      let scanner = scanner(segment, .known(starts[segment]), memory, environment, keepsWhole: false)
      while try scanner.next() != nil {}
      starts.append(scanner.nextRow)
      lines.append(lines[segment] + scanner.lineCount)
    }
    return (starts, lines)
  }

  /// What a finding in a range means: nothing if the range did not begin where it was guessed to.
  private func error(
    _ found: RangeFinding, _ segment: Int, firstRow: Int, _ scan: CSVScan
  ) throws -> any Error {
    let exact = try boundaries(upTo: segment, scan.environment)
    if exact.starts[segment] != firstRow {
      state.withLock { $0.needsBoundaries = true }
      return ScanRestart()
    }
    let base = layout.dataLine + exact.lines[segment]
    switch found {
    case .fault(let line, let message):
      return FormatFault(
        file: name, line: base + line, message, help: ["without `strict` the file is read, with a note"])
    case .contradictions(let found):
      let widenings = state.withLock { state in
        let widenings = found.map { cell in
          let from = state.types[cell.column]
          return Widening(
            column: cell.column, from: from, to: CellKind.widened(from, by: cell.kind),
            line: base + cell.line,
            cell: cell.cell)
        }
        state.pending[segment] = widenings
        return widenings
      }
      let first = widenings[0]
      if options.strict, let odd = widenings.first(where: { Self.isOdd($0) }) {
        return Self.refused(
          odd.cell, layout.names[odd.column], "values of type \(odd.from.name)", name, line: odd.line)
      }
      return SchemaChange(
        column: layout.names[first.column], from: first.from, to: first.to, line: first.line, cell: first.cell
      )
    }
  }

  /// The line of the row that begins at a place in the file, from 1, where the scan came past it.
  func line(at offset: Int, _ scan: CSVScan) -> Int? {
    var (line, end) = (layout.dataLine, layout.dataStart)
    for report in scan.finished {
      // What was read in one piece from the beginning: a scan that stopped early may have gaps.
      guard report.start == end else { return nil }
      if offset < report.end {
        guard offset >= end else { return nil }
        return (try? Self.lineEnds(bytes, end..<offset, layout.dialect)).map { line + $0 }
      }
      line += report.lines
      end = report.end
    }
    return nil
  }

  /// How many lines end in a part of the file.
  static func lineEnds(_ bytes: ByteSource, _ part: Range<Int>, _ dialect: CSVDialect) throws(FormatFault)
    -> Int
  {
    let step = 1 << 20
    var count = 0
    for start in stride(from: part.lowerBound, to: part.upperBound, by: step) {
      let piece = try bytes.bytes(at: start, count: min(step, part.upperBound - start))
      count += piece.count { $0 == dialect.lineEnd }
    }
    return count
  }

  package func remarks(on columns: [Int]) -> [Int: ColumnRemark] {
    let columns = columns.filter { forced[$0] == nil && layout.columns.indices.contains($0) }
    if columns.isEmpty { return [:] }
    // The notes of a scan that read nothing are what the sample shows.
    var known = state.withLock { $0 }
    known.commit()
    let (types, widenings) = (known.types, known.widenings)
    let scan = CSVScan(
      plans: columns.map { plan($0, types[$0]) }, ranges: 0, boundaries: nil,
      environment: ScanEnvironment(workers: Workers(count: 1)))
    var said: [String: String] = [:]
    for note in CSVNotes(self, scan, widenings).columnNotes {
      if let subject = note.subject, said[subject] == nil { said[subject] = note.message }
    }
    var result: [Int: ColumnRemark] = [:]
    for column in columns {
      result[column] = said[layout.names[column]].map { remark($0, column, types[column]) }
    }
    return result
  }

  private func remark(_ message: String, _ column: Int, _ type: DataType) -> ColumnRemark {
    let areCodes = if case .codes = layout.textReasons[column] { true } else { false }
    let isConvertible =
      switch layout.textReasons[column] {
      case nil: layout.dayPatterns[column].isEmpty && layout.mostDays[column] == nil
      case .words: true
      default: false
      }
    let areDays = !layout.dayPatterns[column].isEmpty || layout.mostDays[column] != nil
    // With the year in front the order of letters is that of time.
    let isInOrder = layout.dayPatterns[column].first?.text.hasPrefix("%Y") ?? false
    return ColumnRemark(
      message, isMisread: type == .text && !areCodes && !isInOrder, isConvertible: isConvertible,
      areDays: areDays)
  }

  private func notes(of scan: CSVScan) -> [Note] {
    let widenings = state.withLock { $0.widenings }
    return notes + unreadableNotes(scan) + CSVNotes(self, scan, widenings).notes
  }

  /// Characters that had no meaning in the encoding of the file.
  private func unreadableNotes(_ scan: CSVScan) -> [Note] {
    let end = scan.finished.map(\.end).max() ?? 0
    guard let count = conversion?.unreadable(before: end), count > 0 else { return [] }
    return [
      Note(
        .input, "\(counted(count, "character")) could not be converted and became U+FFFD", count: count)
    ]
  }
}

/// One scan of some columns.
final class CSVScan: Sendable {
  let plans: [ColumnPlan]
  let boundaries: [Int]?
  let environment: ScanEnvironment
  private let reports: Mutex<[RangeReport?]>

  init(plans: [ColumnPlan], ranges: Int, boundaries: [Int]?, environment: ScanEnvironment) {
    self.plans = plans
    self.boundaries = boundaries
    self.environment = environment
    reports = Mutex(Array(repeating: nil, count: ranges))
  }

  /// Keeps the report of a range; false when it does not fit its neighbours: a guess was wrong.
  func add(_ report: RangeReport, at index: Int) -> Bool {
    reports.withLock { reports in
      reports[index] = report
      if index > 0, let before = reports[index - 1], before.end != report.start { return false }
      if index + 1 < reports.count, let next = reports[index + 1], next.start != report.end { return false }
      return true
    }
  }

  var finished: [RangeReport] { reports.withLock { $0.compactMap { $0 } } }
}
