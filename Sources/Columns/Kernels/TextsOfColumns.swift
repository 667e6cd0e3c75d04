/// Functions of texts over whole columns, where row by row would make and give up a string for each row.
extension TextFunctions {
  /// `concat` of columns: of texts and constants by their bytes, of anything else row by row.
  package static func concatColumns(
    _ arguments: [Datum], _ rows: Int, _ state: CallState
  ) throws(KernelFault) -> Datum {
    if Kernels.isAllMissing(arguments) { return Kernels.allMissing(arguments, rows, .text) }
    let varying = arguments.count { $0.constant == nil }
    let pieces = arguments.compactMap(Piece.init)
    // One text alone is worked out once for each entry, which is remembered.
    guard varying > 1, pieces.count == arguments.count else {
      return try Kernels.apply(concat, to: arguments, rows: rows, type: .text, propagates: true, state: state)
    }
    let validity = Kernels.validity(of: arguments, rows: rows)
    var interner = TextInterner(capacity: min(rows, 4_096))
    var codes = MutableBuffer<UInt32>(count: rows)
    var text = MutableBuffer<UInt8>(capacity: 256)
    var checked = 0
    for row in 0..<rows {
      if let validity, !validity[row] {
        codes[row] = 0
        continue
      }
      text.resize(0)
      for piece in pieces { piece.append(row, to: &text) }
      codes[row] = interner.code(of: text.span)
      if interner.byteCount - checked >= limit {
        checked = interner.byteCount
        try state.checkStop()
        try state.checkRoom(forTextBytes: checked)
      }
    }
    return .column(.text(.u32(codes.freeze()), interner.freeze(), validity: validity))
  }

  /// What an argument gives each row.
  private enum Piece {
    case constant(Buffer<UInt8>)
    case column(TextCodes, offsets: Buffer<Int64>, bytes: Buffer<UInt8>)

    /// Nil for what is no text.
    init?(_ argument: Datum) {
      switch argument {
      case .constant(let value, _): self = .constant(Buffer(Array(ValueText.plain(value).utf8)))
      case .column(let column):
        guard case .text(let codes, let pool) = column.storage else { return nil }
        self = .column(codes, offsets: pool.offsets, bytes: pool.bytes)
      }
    }

    func append(_ row: Int, to text: inout MutableBuffer<UInt8>) {
      switch self {
      case .constant(let bytes): text.append(bytes.span)
      case .column(let codes, let offsets, let bytes):
        let entry = codes[row]
        text.append(bytes.span.extracting(Int(offsets[entry])..<Int(offsets[entry + 1])))
      }
    }
  }

  // MARK: Dates

  /// Letters of patterns that say something of the day alone.
  private static let ofDays: Set<Character> = [
    "Y", "y", "m", "d", "b", "B", "a", "A", "j", "q", "G", "V", "%",
  ]
  /// Days that a table by day may span: two thousand years and more.
  private static let mostDays = 1 << 20

  /// `format` of columns: by a pattern of the day alone once for each day, otherwise row by row.
  package static func formatColumns(
    _ arguments: [Datum], _ rows: Int, _ state: CallState
  ) throws(KernelFault) -> Datum {
    guard arguments.count == 2, case .column(let column) = arguments[0],
      let pattern = arguments[1].constant?.string, isOfDays(pattern), let days = days(of: column),
      case let table = DayTable(days.span, column.validity), table.count <= mostDays
    else {
      return try Kernels.apply(format, to: arguments, rows: rows, type: .text, propagates: true, state: state)
    }
    return .column(table.formatted(days.span, column.validity, pattern))
  }

  /// `format` of one value: a time by its pattern, a number by decimals and thousands.
  package static func format(_ a: [Value], _ state: CallState) throws(KernelFault) -> Value {
    if let fault = ValueText.fault(ofFormat: a[1].string, for: a[0]) { throw fault }
    return .text(ValueText.formatted(a[0], a[1].string))
  }

  private static func isOfDays(_ pattern: String) -> Bool {
    guard DateFormat.isPattern(pattern) else { return false }
    var isLetter = false
    for character in pattern {
      if isLetter, !ofDays.contains(character) { return false }
      isLetter = !isLetter && character == "%"
    }
    return true
  }

  /// The days of a column of times as they are written; nil for other columns.
  private static func days(of column: Column) -> Buffer<Int32>? {
    switch column.storage {
    case .date(let days): return days
    case .datetime(let instants, nil):
      let source = instants.span
      var days = MutableBuffer<Int32>(count: source.count)
      var target = days.mutableSpan
      for row in 0..<source.count { target[row] = Calendar.days(ofMicroseconds: source[row]) }
      return days.freeze()
    default: return nil
    }
  }

  /// A place for each day between the first and the last one.
  private struct DayTable {
    private(set) var first = Int32.max
    private var last = Int32.min

    init(_ days: Span<Int32>, _ validity: Bitmap?) {
      for row in 0..<days.count {
        if let validity, !validity[row] { continue }
        first = min(first, days[row])
        last = max(last, days[row])
      }
    }

    var count: Int { first > last ? 0 : Int(last) - Int(first) + 1 }

    func formatted(_ days: Span<Int32>, _ validity: Bitmap?, _ pattern: String) -> Column {
      var known = MutableBuffer<UInt32>(repeating: .max, count: count)
      var codes = MutableBuffer<UInt32>(count: days.count)
      var interner = TextInterner()
      for row in 0..<days.count {
        if let validity, !validity[row] {
          codes[row] = 0
          continue
        }
        let place = Int(days[row]) - Int(first)
        var code = known[place]
        if code == .max {
          code = interner.code(
            of: DateFormat.text(days: days[row], time: 0, offset: nil, pattern: pattern))
          known[place] = code
        }
        codes[row] = code
      }
      return .text(.u32(codes.freeze()), interner.freeze(), validity: validity)
    }
  }
}
