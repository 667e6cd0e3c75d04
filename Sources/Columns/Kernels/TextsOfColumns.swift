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

  /// `format` of columns: by a pattern of the day alone once for each day, otherwise row by row.
  package static func formatColumns(
    _ arguments: [Datum], _ rows: Int, _ state: CallState
  ) throws(KernelFault) -> Datum {
    guard arguments.count == 2, case .column(let column) = arguments[0],
      column.type == .date || column.type == .datetime, let pattern = arguments[1].constant?.string,
      isOfDays(pattern)
    else {
      return try Kernels.apply(format, to: arguments, rows: rows, type: .text, propagates: true, state: state)
    }
    if Kernels.isAllMissing(arguments) { return Kernels.allMissing(arguments, rows, .text) }
    var interner = TextInterner()
    let codes = Kernels.byDay(column.calendarDays) { day in
      interner.code(of: DateFormat.text(days: day, time: 0, offset: nil, pattern: pattern))
    }
    return .column(.text(.u32(codes), interner.freeze(), validity: column.validity))
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
}
