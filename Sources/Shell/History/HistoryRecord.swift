/// One statement that was run, as history keeps it.
package struct HistoryEntry: Equatable, Sendable {
  /// The statement; only in the shell that ran it does it still have what was masked on disk.
  package var text: String
  /// The statement as it is on disk, with literals hidden that must not be there.
  package var masked: String
  /// Seconds since 1970; 0 where the file does not say.
  package var time: Int

  package init(text: String, masked: String? = nil, time: Int) {
    self.text = text
    self.masked = masked ?? text
    self.time = time
  }

  /// Whether something in it was hidden.
  package var isMasked: Bool { masked != text }
}

/// The file's form: a record is one line, `seconds TAB statement`, with `\n`, `\r` and `\\` escaped.
package enum HistoryRecord {
  /// A record with its line end.
  package static func encode(_ text: String, time: Int) -> [UInt8] {
    var bytes = Array("\(time)\t".utf8)
    for byte in text.utf8 {
      switch byte {
      case UInt8(ascii: "\\"): bytes.append(contentsOf: "\\\\".utf8)
      case 0x0A: bytes.append(contentsOf: "\\n".utf8)
      case 0x0D: bytes.append(contentsOf: "\\r".utf8)
      default: bytes.append(byte)
      }
    }
    bytes.append(0x0A)
    return bytes
  }

  /// A line of the file; nil for an empty one. A line without a time is taken whole, as its statement.
  package static func decode(_ line: some Collection<UInt8>) -> HistoryEntry? {
    var time = 0
    var rest = line[...]
    if let tab = line.firstIndex(of: 0x09), let seconds = Int(String(decoding: line[..<tab], as: UTF8.self)) {
      time = seconds
      rest = line[line.index(after: tab)...]
    }
    var bytes: [UInt8] = []
    var isEscaped = false
    for byte in rest {
      if isEscaped {
        bytes.append(byte == UInt8(ascii: "n") ? 0x0A : byte == UInt8(ascii: "r") ? 0x0D : byte)
        isEscaped = false
      } else if byte == UInt8(ascii: "\\") {
        isEscaped = true
      } else {
        bytes.append(byte)
      }
    }
    let text = String(decoding: bytes, as: UTF8.self)
    return text.isEmpty ? nil : HistoryEntry(text: text, time: time)
  }
}
