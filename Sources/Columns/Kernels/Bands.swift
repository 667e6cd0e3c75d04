import Glibc
import Diagnostics
import Synchronization

/// Numbers and durations as text with an order: `bands`, `bin`, `ordered`, `code`.
extension Kernels {
  /// `bands(x, cuts…, labels)`: the arguments are x, the cuts in order, and a list of labels or missing.
  package static func bands(
    _ arguments: [Datum], _ rows: Int, _ state: CallState
  ) throws(KernelFault) -> Datum {
    let cuts = arguments.dropFirst().dropLast().map { $0.constant ?? .missing }
    var labels: [String]?
    if case .constant(.list(let values), _)? = arguments.last {
      if values.contains(where: \.isMissing) { throw KernelFault("a label of bands is missing") }
      labels = values.map { ValueText.plain($0) }
    }
    let names = try state.remembered(for: CallState.ownMemory) { () throws(KernelFault) -> TextPool in
      try bandPool(cuts, labels, isInt: arguments[0].type == .int)
    }
    if isAllMissing([arguments[0]]) { return allMissing([arguments[0]], rows, .text) }
    return try folding([arguments[0]], rows) { (arguments, rows) throws(KernelFault) in
      let column = arguments[0].column(rows: rows)
      let isExact = column.type != .float && cuts.allSatisfy { $0.type != .float }
      let codes: Buffer<UInt8>
      if column.type == .datetime, cuts.allSatisfy({ $0.type == .date }) {
        // As comparisons do: a datetime beside dates goes by its calendar day.
        codes = bandCodes(column.calendarDays.widened(), cuts.map { whole($0) })
      } else if column.type == .date, cuts.contains(where: { $0.type == .datetime }) {
        codes = bandCodes(
          column.widened(to: .datetime).int64Values, cuts.map { whole($0.widened(to: .datetime)) })
      } else if column.type == .datetime {
        codes = bandCodes(column.int64Values, cuts.map { whole($0.widened(to: .datetime)) })
      } else if isExact {
        codes = bandCodes(column.int64Values, cuts.map { whole($0) })
      } else {
        codes = bandCodes(column.floatValues, cuts.map { $0.number ?? Double(whole($0)) })
      }
      return .text(.u8(codes), names, validity: column.validity)
    }
  }

  /// The number of cuts at or below each value, without branches.
  @inline(__always)
  private static func bandCodes<Element: Comparable & BitwiseCopyable>(
    _ values: Buffer<Element>, _ cuts: [Element]
  ) -> Buffer<UInt8> {
    var result = MutableBuffer<UInt8>(repeating: 0, count: values.count)
    var target = result.mutableSpan
    let source = values.span
    for cut in cuts {
      for row in 0..<source.count { target[row] &+= cut <= source[row] ? 1 : 0 }
    }
    return result.freeze()
  }

  private static func whole(_ value: Value) -> Int64 {
    switch value {
    case .int(let number), .duration(let number), .datetime(let number, _): number
    case .date(let days): Int64(days)
    default: 0
    }
  }

  private static func bandPool(_ cuts: [Value], _ labels: [String]?, isInt: Bool) throws(KernelFault)
    -> TextPool
  {
    if cuts.isEmpty || cuts.count > 250 || cuts.contains(.missing) {
      throw KernelFault("bands wants between 1 and 250 cuts", help: ["bands(age, 18, 65) makes three bands"])
    }
    for (low, high) in zip(cuts, cuts.dropFirst()) where !Value.precedes(low, high) {
      throw KernelFault(
        "the cuts of bands must ascend, but \(cutText(high)) follows \(cutText(low))")
    }
    guard let labels else {
      return TextPool(bandLabels(cuts, isInt: isInt), isDistinct: true, ordered: true)
    }
    guard labels.count == cuts.count + 1 else {
      throw KernelFault(
        "\(counted(cuts.count, "cut")) \(cuts.count == 1 ? "makes" : "make") \(cuts.count + 1) bands, and \(counted(labels.count, "label")) \(labels.count == 1 ? "is" : "are") given"
      )
    }
    guard Set(labels).count == labels.count else { throw KernelFault("two bands have the same label") }
    return TextPool(labels, isDistinct: true, ordered: true)
  }

  /// `<18`, `18-64`, `65+` for ints; `<18`, `18-<65`, `65+` for what has fractions.
  private static func bandLabels(_ cuts: [Value], isInt: Bool) -> [String] {
    var labels = ["<" + cutText(cuts[0])]
    for (low, high) in zip(cuts, cuts.dropFirst()) {
      if isInt, case .int(let first) = low, case .int(let next) = high {
        labels.append(rangeText(Int128(first), Int128(next) - 1))
      } else if case .date(let first) = low, case .date(let next) = high {
        let last = cutText(.date(next - 1))
        labels.append(next - 1 == first ? last : "\(cutText(low)) to \(last)")
      } else {
        labels.append("\(cutText(low))-<\(cutText(high))")
      }
    }
    return labels + [cutText(cuts[cuts.count - 1]) + "+"]
  }

  private static func rangeText(_ first: Int128, _ last: Int128) -> String {
    if first == last { return String(first) }
    return first < 0 ? "\(first) to \(last)" : "\(first)-\(last)"
  }

  private static func cutText(_ value: Value) -> String {
    let text = ValueText.plain(value)
    return value.type == .float && text.hasSuffix(".0") ? String(text.dropLast(2)) : text
  }

  // MARK: Bins of one width

  /// `bin(x, width)` of a number: `0-9`, `10-19` for ints, `0-<2.5` for floats.
  package static func bin(
    _ arguments: [Datum], _ rows: Int, _ state: CallState
  ) throws(KernelFault) -> Datum {
    if isAllMissing(arguments) { return allMissing(arguments, rows, .text) }
    let width = arguments[1].value(0)
    guard let size = width.number, size > 0, size.isFinite else {
      throw KernelFault("bin wants a width above 0")
    }
    let bins = state.remembered(for: CallState.ownMemory) { BinPool() }
    return try folding([arguments[0]], rows) { (arguments, rows) throws(KernelFault) in
      let column = arguments[0].column(rows: rows)
      var numbers: Buffer<Double>
      if case .int(let step) = width, column.type == .int {
        numbers = map(column.int64Values) { value in
          Double(value / step - (value % step < 0 ? 1 : 0))
        }
      } else {
        // The quotient may fall a hair below a bin's own edge (0.3 / 0.1): within two steps of the double the
        // number is at the edge.
        numbers = map(column.floatValues) { value in
          let quotient = value / size
          let near = quotient.rounded()
          return abs(quotient - near) <= 2 * quotient.ulp ? near : quotient.rounded(.down)
        }
      }
      // Beyond fifteen digits the edges of neighbouring bins are no different numbers.
      let most = column.type == .int && width.type == .int ? 9e15 : 1e14
      let far = bits(numbers) { !($0.magnitude < most) }
      if known(far, column.validity) > 0 {
        let row = (0..<rows).first { far[$0] && column.isKnown($0) }
        let value = row.map { ValueText.plain(column.value($0)) } ?? "a number"
        throw KernelFault(
          "\(value) lies too many bins of \(ValueText.plain(width)) from 0", row: row,
          help: ["leave such numbers out first, or take a greater width"])
      }
      let isInt = column.type == .int && width.type == .int
      let (codes, pool) = bins.codes(of: numbers, column.validity) { index in
        if isInt, let step = width.integer {
          // The first of the bin that holds the least int lies below it.
          let first = Int128(index) * Int128(step)
          let last = first + Int128(step - 1)
          return (rangeText(first, last), BandEdges(Double(first), Double(last), isClosed: true))
        }
        let (low, high) = (edge(index, size), edge(index + 1, size))
        return ("\(cutText(.float(low)))-<\(cutText(.float(high)))", BandEdges(low, high, isClosed: false))
      }
      return .text(.u32(codes), pool, validity: column.validity)
    }
  }

  /// An edge without the dust that multiplying leaves (3 × 0.1 is 0.30000000000000004): twelve digits behind the
  /// first of the width, and no more than fifteen of its own, which a double has.
  private static func edge(_ index: Double, _ size: Double) -> Double {
    let value = index * size
    guard value != 0 else { return 0 }
    let own = 14 - Int(log10(value.magnitude).rounded(.down))
    return rounded(value, toDecimal: min(12 - min(0, Int(log10(size).rounded(.down))), own))
  }

  /// `bin(x, width)` of a time: the first moment of the stretch that holds it, counted from 1970-01-01T00:00.
  package static func binTime(
    _ arguments: [Datum], _ rows: Int, _ state: CallState
  ) throws(KernelFault) -> Datum {
    if isAllMissing(arguments) { return allMissing(arguments, rows, .datetime) }
    guard case .duration(let size) = arguments[1].value(0), size > 0 else {
      throw KernelFault("bin wants a width above 0")
    }
    // Whole weeks begin on a Monday, as `start_of(t, week)` does: 3 January 2000 was one.
    let week = 7 * 24 * 60 * Calendar.microsecondsPerMinute
    let origin = size % week == 0 ? 10_959 * Calendar.microsecondsPerDay : 0
    return try folding([arguments[0]], rows) { (arguments, rows) throws(KernelFault) in
      let column = arguments[0].column(rows: rows)
      let starts: Buffer<Int64> = map(column.localMicroseconds) { local in
        let rest = (local &- origin) % size
        return local &- (rest < 0 ? rest + size : rest)
      }
      try requireCalendar(starts, column.validity, nil)
      guard let offsets = column.writtenOffsets else { return .datetime(starts, validity: column.validity) }
      let instants = combine(.values(starts), .values(offsets), rows) {
        $0 &- Int64($1) &* Calendar.microsecondsPerMinute
      }
      return .datetime(instants, offsets: offsets, validity: column.validity)
    }
  }

  // MARK: Orders

  /// `ordered(x, "low", "mid", "high")`: the text in this order; other texts behind, by scalar.
  package static func ordered(
    _ arguments: [Datum], _ rows: Int, _ state: CallState
  ) throws(KernelFault) -> Datum {
    if isAllMissing([arguments[0]]) { return allMissing([arguments[0]], rows, .text) }
    let texts = arguments.dropFirst().compactMap { $0.constant?.string }
    guard Set(texts).count == texts.count else { throw KernelFault("a text stands twice in the order") }
    return try folding([arguments[0]], rows) { (arguments, rows) throws(KernelFault) in
      let column = arguments[0].column(rows: rows)
      guard case .text(let codes, let pool) = column.storage else { return column }
      let order = state.remembered(for: pool) { OrderedPool(pool, texts) }
      let made = Column.text(.u32(order.map(codes.widened)), order.pool, validity: column.validity)
      if let listed = listedRows(made) { countUnlisted(made, listed, state) }
      return made
    }
  }

  /// Counts the texts that an order does not list, each once for all of its rows.
  private static func countUnlisted(_ column: Column, _ listed: Bitmap, _ state: CallState) {
    guard case .text(let codes, let pool) = column.storage else { return }
    var counts: [Int: Int] = [:]
    for row in 0..<column.count where !listed[row] && column.isKnown(row) {
      counts[codes[row], default: 0] += 1
    }
    for (entry, count) in counts { state.addUnconverted(pool[entry], rows: count) }
  }

  /// The name of `ordered` in the table of functions: what it counts as not converted keeps its value.
  package static let ordering = "ordered"

  /// `code(x)`: the position in the text's own order, from 1; of a text that the order does not list there is none.
  package static func code(
    _ arguments: [Datum], _ rows: Int, _ state: CallState
  ) throws(KernelFault) -> Datum {
    if isAllMissing(arguments) { return allMissing(arguments, rows, .int) }
    guard case .column(let column) = arguments[0], case .text(let codes, let pool) = column.storage,
      let order = pool.ownOrder
    else {
      throw KernelFault(
        "code wants text that has an order", help: ["ordered(x, \"low\", \"mid\", \"high\") gives it one"])
    }
    let positions = CodeMap.table(order)(codes.widened)
    var known = column.validity
    if let inside = listedRows(column) {
      countUnlisted(column, inside, state)
      known = known.map { $0.and(inside) } ?? inside
    }
    return .column(.int(map(positions) { Int64($0) + 1 }, validity: known))
  }
}

/// The bins that a call has met. Each batch gets a pool of all bins known by then, so that the last holds every bin and
/// its order covers all batches.
final class BinPool: Sendable {
  private struct State {
    var places: [Double: UInt32] = [:]
    var pool = TextPool.empty
  }

  private let state = Mutex(State())

  func codes(
    of bins: Buffer<Double>, _ validity: Bitmap?, label: (Double) -> (text: String, edges: BandEdges)
  ) -> (codes: Buffer<UInt32>, pool: TextPool) {
    let known = state.withLock { $0 }
    var fresh: Set<Double> = []
    var places = known.places
    if let codes = codes(bins, validity, places, &fresh) { return (codes, known.pool) }
    let pool = state.withLock { state in
      let all = Set(state.places.keys).union(fresh).sorted()
      state.places = Dictionary(uniqueKeysWithValues: all.enumerated().map { ($1, UInt32($0)) })
      let made = all.map(label)
      state.pool = TextPool(made.map(\.text), isDistinct: true, ordered: true).knowing(made.map(\.edges))
      places = state.places
      return state.pool
    }
    var none: Set<Double> = []
    return (codes(bins, validity, places, &none) ?? Buffer(repeating: 0, count: bins.count), pool)
  }

  /// The codes of all rows; nil when a bin is new, all of which are then in `fresh`.
  private func codes(
    _ bins: Buffer<Double>, _ validity: Bitmap?, _ places: [Double: UInt32], _ fresh: inout Set<Double>
  ) -> Buffer<UInt32>? {
    var result = MutableBuffer<UInt32>(repeating: 0, count: bins.count)
    var last = Double.nan
    var code: UInt32 = 0
    for row in 0..<bins.count where validity?[row] ?? true {
      let bin = bins[row]
      if bin != last {
        last = bin
        if let known = places[bin] { code = known } else { fresh.insert(bin) }
      }
      result[row] = code
    }
    return fresh.isEmpty ? result.freeze() : nil
  }
}
