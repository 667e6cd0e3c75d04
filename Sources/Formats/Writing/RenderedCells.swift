import Columns

/// How a value is spelled in an output.
enum CellSpelling: Sendable {
  /// RFC 4180 with this delimiter. Text that would be read back as another type, or as missing, stands in quotes.
  case delimited(UInt8, missing: String)
  case json
}

/// The cells of a column for a block of rows, as bytes: cell `i` ends at `ends[i]`.
struct RenderedCells {
  private(set) var bytes: [UInt8] = []
  private(set) var ends: [Int] = []
  private let spelling: CellSpelling
  private let missing: [UInt8]

  init(_ column: Column, _ spelling: CellSpelling) {
    self.spelling = spelling
    switch spelling {
    case .delimited(_, let mark): missing = Array(mark.utf8)
    case .json: missing = Array("null".utf8)
    }
    ends.reserveCapacity(column.count)
    bytes.reserveCapacity(column.count * 8)
    render(column)
  }

  func cell(_ row: Int) -> ArraySlice<UInt8> { bytes[(row == 0 ? 0 : ends[row - 1])..<ends[row]] }

  private mutating func render(_ column: Column) {
    let known = (0..<column.count).map { column.isKnown($0) }
    switch column.storage {
    case .int8(let values): renderInts(values.array.map { Int64($0) }, known)
    case .int16(let values): renderInts(values.array.map { Int64($0) }, known)
    case .int32(let values): renderInts(values.array.map { Int64($0) }, known)
    case .int64(let values): renderInts(values.array, known)
    case .float(let values): renderFloats(values.array, known)
    case .text(let codes, let pool): renderTexts(codes, pool, known)
    case .bool(let bits): renderEach(known) { bits[$0] ? "true" : "false" }
    case .date(let values):
      let days = values.array
      renderEach(known, isText: true) { Calendar.text(days: days[$0]) }
    case .datetime(let values, let offsets):
      let (instants, offsets) = (values.array, offsets?.array)
      renderEach(known, isText: true) { Calendar.text(microseconds: instants[$0], offset: offsets?[$0]) }
    case .duration(let values):
      let durations = values.array
      renderEach(known, isText: true) { Calendar.text(duration: durations[$0]) }
    case .list, .record: renderNested(column, known)
    case .missing: renderEach(known) { _ in "" }
    }
  }

  private mutating func renderInts(_ values: [Int64], _ known: [Bool]) {
    for row in values.indices {
      if known[row] { bytes.append(decimal: values[row]) } else { bytes += missing }
      ends.append(bytes.count)
    }
  }

  private mutating func renderFloats(_ values: [Double], _ known: [Bool]) {
    for row in values.indices {
      let value = values[row]
      if !known[row] || value.isNaN || value.isInfinite && isJSON {
        bytes += missing
      } else {
        bytes += value.description.utf8
      }
      ends.append(bytes.count)
    }
  }

  private var isJSON: Bool { if case .json = spelling { true } else { false } }

  private mutating func renderTexts(_ codes: TextCodes, _ pool: TextPool, _ known: [Bool]) {
    let (poolBytes, poolOffsets) = (pool.bytes, pool.offsets)
    let texts = poolBytes.span
    let offsets = poolOffsets.span
    for row in known.indices {
      if known[row] {
        let code = codes[row]
        append(text: texts.extracting(Int(offsets[code])..<Int(offsets[code + 1])))
      } else {
        bytes += missing
      }
      ends.append(bytes.count)
    }
  }

  /// Values spelled one by one; `isText` when JSON puts them in quotes.
  private mutating func renderEach(_ known: [Bool], isText: Bool = false, _ spell: (Int) -> String) {
    for row in known.indices {
      if !known[row] {
        bytes += missing
      } else if isText, isJSON {
        bytes.append(json: spell(row))
      } else {
        bytes += spell(row).utf8
      }
      ends.append(bytes.count)
    }
  }

  private mutating func renderNested(_ column: Column, _ known: [Bool]) {
    for row in known.indices {
      if known[row] {
        var json: [UInt8] = []
        json.append(json: column.value(row))
        if isJSON { bytes += json } else { append(text: json.span) }
      } else {
        bytes += missing
      }
      ends.append(bytes.count)
    }
  }

  private mutating func append(text: Span<UInt8>) {
    switch spelling {
    case .json: bytes.append(json: text)
    case .delimited(let delimiter, _): bytes.append(delimited: text, by: delimiter)
    }
  }
}

extension [UInt8] {
  mutating func append(decimal value: Int64) {
    if value < 0 { append(UInt8(ascii: "-")) }
    let start = count
    var rest = value.magnitude
    repeat {
      append(UInt8(48 + rest % 10))
      rest /= 10
    } while rest > 0
    self[start...].reverse()
  }

  /// A text of delimited data, in quotes where it must be.
  mutating func append(delimited text: Span<UInt8>, by delimiter: UInt8) {
    if !Self.needsQuotes(text, delimiter) {
      for index in 0..<text.count { append(text[index]) }
      return
    }
    append(34)
    for index in 0..<text.count {
      if text[index] == 34 { append(34) }
      append(text[index])
    }
    append(34)
  }

  private static func needsQuotes(_ text: Span<UInt8>, _ delimiter: UInt8) -> Bool {
    if text.isEmpty { return true }
    for index in 0..<text.count {
      let byte = text[index]
      if byte == delimiter || byte == 34 || byte == 10 || byte == 13 { return true }
    }
    // What begins like no number, date, boolean or mark cannot be taken for one.
    let first = text[0]
    let mayBeOther =
      first < 0x41 || first == UInt8(ascii: "N") || first | 0x20 == UInt8(ascii: "t")
      || first | 0x20 == UInt8(ascii: "f")
    guard mayBeOther, text.count <= 400 else { return false }
    let kind = text.withUnsafeBufferPointer { CellKind.of($0, isQuoted: false, decimal: UInt8(ascii: ".")) }
    return kind != .text && kind != .mark
  }

  mutating func append(json text: String) {
    append(json: Array(text.utf8).span)
  }

  /// A JSON string.
  mutating func append(json text: Span<UInt8>) {
    append(34)
    for index in 0..<text.count {
      let byte = text[index]
      switch byte {
      case 34, 92:
        append(92)
        append(byte)
      case 10: self += "\\n".utf8
      case 13: self += "\\r".utf8
      case 9: self += "\\t".utf8
      case 0..<32:
        let digits = Array("0123456789abcdef".utf8)
        self += "\\u00".utf8
        append(digits[Int(byte >> 4)])
        append(digits[Int(byte & 15)])
      default: append(byte)
      }
    }
    append(34)
  }

  mutating func append(json value: Value) {
    switch value {
    case .missing: self += "null".utf8
    case .int(let number): append(decimal: number)
    case .float(let number): self += (number.isFinite ? number.description : "null").utf8
    case .bool(let flag): self += (flag ? "true" : "false").utf8
    case .text(let text): append(json: text)
    case .date(let days): append(json: Calendar.text(days: days))
    case .datetime(let instant, let offset):
      append(json: Calendar.text(microseconds: instant, offset: offset))
    case .duration(let length): append(json: Calendar.text(duration: length))
    case .list(let values):
      append(UInt8(ascii: "["))
      for (index, value) in values.enumerated() {
        if index > 0 { append(UInt8(ascii: ",")) }
        append(json: value)
      }
      append(UInt8(ascii: "]"))
    case .record(let fields):
      append(UInt8(ascii: "{"))
      for (index, field) in fields.enumerated() {
        if index > 0 { append(UInt8(ascii: ",")) }
        append(json: field.name)
        append(UInt8(ascii: ":"))
        append(json: field.value)
      }
      append(UInt8(ascii: "}"))
    }
  }
}
