/// JSON as the comparisons with other engines and the data folder's questions need it. For tests.
package indirect enum JSON: Sendable, Equatable {
  case null
  case bool(Bool)
  case number(Double)
  case text(String)
  case array([JSON])
  case object([String: JSON])

  package struct Failure: Error {
    package let message: String
  }

  package subscript(key: String) -> JSON {
    if case .object(let fields) = self { fields[key] ?? .null } else { .null }
  }

  package var elements: [JSON] {
    if case .array(let elements) = self { elements } else { [] }
  }

  package var string: String {
    if case .text(let text) = self { text } else { "" }
  }

  package var number: Double? {
    if case .number(let number) = self { number } else { nil }
  }

  package init(_ text: some StringProtocol) throws {
    var reader = Reader(bytes: Array(text.utf8))
    self = try reader.value()
    reader.skipBlanks()
    guard reader.position == reader.bytes.count else { throw Failure(message: "text behind the JSON") }
  }

  private struct Reader {
    let bytes: [UInt8]
    var position = 0

    var next: UInt8? { position < bytes.count ? bytes[position] : nil }

    mutating func skipBlanks() {
      while let byte = next, [0x20, 0x0A, 0x0D, 0x09].contains(byte) { position += 1 }
    }

    mutating func skip(_ character: Character) -> Bool {
      skipBlanks()
      guard next == character.asciiValue else { return false }
      position += 1
      return true
    }

    mutating func value() throws -> JSON {
      skipBlanks()
      switch next {
      case UInt8(ascii: "\""): return .text(try text())
      case UInt8(ascii: "["): return .array(try array())
      case UInt8(ascii: "{"): return .object(try object())
      default: return try word()
      }
    }

    private mutating func array() throws -> [JSON] {
      position += 1
      var elements: [JSON] = []
      if skip("]") { return elements }
      while true {
        elements.append(try value())
        if skip("]") { return elements }
        guard skip(",") else { throw Failure(message: "no comma at byte \(position)") }
      }
    }

    private mutating func object() throws -> [String: JSON] {
      position += 1
      var fields: [String: JSON] = [:]
      if skip("}") { return fields }
      while true {
        skipBlanks()
        let key = try text()
        guard skip(":") else { throw Failure(message: "no colon at byte \(position)") }
        fields[key] = try value()
        if skip("}") { return fields }
        guard skip(",") else { throw Failure(message: "no comma at byte \(position)") }
      }
    }

    private mutating func word() throws -> JSON {
      let start = position
      while let byte = next, ![0x2C, 0x5D, 0x7D, 0x20, 0x0A, 0x0D].contains(byte) { position += 1 }
      let word = String(decoding: bytes[start..<position], as: UTF8.self)
      switch word {
      case "null": return .null
      case "true": return .bool(true)
      case "false": return .bool(false)
      default:
        guard let number = Double(word) else { throw Failure(message: "\(word) is no value") }
        return .number(number)
      }
    }

    private mutating func text() throws -> String {
      position += 1
      var scalars: [UInt8] = []
      while let byte = next, byte != UInt8(ascii: "\"") {
        position += 1
        if byte == UInt8(ascii: "\\") {
          scalars += try escape()
        } else {
          scalars.append(byte)
        }
      }
      guard next != nil else { throw Failure(message: "a text without its end") }
      position += 1
      return String(decoding: scalars, as: UTF8.self)
    }

    private mutating func escape() throws -> [UInt8] {
      guard let letter = next else { throw Failure(message: "an escape without its end") }
      position += 1
      switch letter {
      case UInt8(ascii: "n"): return [0x0A]
      case UInt8(ascii: "t"): return [0x09]
      case UInt8(ascii: "r"): return [0x0D]
      case UInt8(ascii: "b"): return [0x08]
      case UInt8(ascii: "f"): return [0x0C]
      case UInt8(ascii: "u"):
        var code = try hexadecimal()
        if (0xD800..<0xDC00).contains(code) {
          position += 2
          code = 0x10000 + (code - 0xD800) << 10 + (try hexadecimal() - 0xDC00)
        }
        guard let scalar = Unicode.Scalar(code) else { throw Failure(message: "no such character") }
        return Array(String(scalar).utf8)
      default: return [letter]
      }
    }

    private mutating func hexadecimal() throws -> UInt32 {
      guard position + 4 <= bytes.count,
        let code = UInt32(String(decoding: bytes[position..<(position + 4)], as: UTF8.self), radix: 16)
      else { throw Failure(message: "an escape of no four digits") }
      position += 4
      return code
    }
  }
}
