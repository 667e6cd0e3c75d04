import Columns

/// How a value is spelled in an output.
enum CellSpelling: Sendable {
  /// RFC 4180 with this delimiter. Text that would be read back as another type, or as missing, stands in quotes.
  /// What is the only column of its table hides every sign that could be taken for a delimiter.
  case delimited(UInt8, isOnlyColumn: Bool)
  case json

  var isJSON: Bool { if case .json = self { true } else { false } }
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
  mutating func append(delimited text: Span<UInt8>, by delimiter: UInt8, isOnlyColumn: Bool) {
    if !Self.needsQuotes(text, delimiter, isOnlyColumn: isOnlyColumn) {
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

  static func needsQuotes(_ text: Span<UInt8>, _ delimiter: UInt8, isOnlyColumn: Bool) -> Bool {
    if text.isEmpty { return true }
    for index in 0..<text.count {
      let byte = text[index]
      if byte == delimiter || byte == 34 || byte == 10 || byte == 13 { return true }
      if isOnlyColumn, CSVLayout.delimiters.contains(byte) { return true }
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
