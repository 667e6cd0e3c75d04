import Columns
import Planning

/// How the bytes of a text file stand for characters.
enum TextEncoding: String, Sendable, CaseIterable {
  case utf8 = "UTF-8"
  case utf16Little = "UTF-16 (little-endian)"
  case utf16Big = "UTF-16 (big-endian)"
  case windows1252 = "Windows-1252"

  /// The encoding of a name that a person wrote.
  static func named(_ name: String) -> TextEncoding? {
    switch name.lowercased().filter({ $0.isLetter || $0.isNumber }) {
    case "utf8", "utf8sig", "utf8bom", "ascii", "usascii": .utf8
    case "utf16", "utf16le", "unicode", "ucs2": .utf16Little
    case "utf16be": .utf16Big
    case "latin1", "iso88591", "iso885915", "windows1252", "cp1252", "ansi", "l1": .windows1252
    default: nil
    }
  }

  /// The encoding that a file's head shows, and how many bytes of mark stand before the text. Latin-1 has no
  /// mark: cells that are not UTF-8 are read as Windows-1252 one by one, and noted.
  static func detect(_ head: [UInt8]) -> (encoding: TextEncoding, mark: Int) {
    if head.starts(with: [0xEF, 0xBB, 0xBF]) { return (.utf8, 3) }
    if head.starts(with: [0xFF, 0xFE]) { return (.utf16Little, 2) }
    if head.starts(with: [0xFE, 0xFF]) { return (.utf16Big, 2) }
    return (zeroBytePattern(head) ?? .utf8, 0)
  }

  /// Text in UTF-16 without a mark: nearly every other byte is zero.
  private static func zeroBytePattern(_ head: [UInt8]) -> TextEncoding? {
    let size = min(head.count, 4096) & ~1
    guard size >= 8 else { return nil }
    var zeros = [0, 0]
    for index in 0..<size where head[index] == 0 { zeros[index & 1] += 1 }
    if zeros[1] * 10 > size * 4, zeros[0] * 20 < size { return .utf16Little }
    if zeros[0] * 10 > size * 4, zeros[1] * 20 < size { return .utf16Big }
    return nil
  }
}

/// The one-byte encoding of Western Windows; every byte of Latin-1 that is a character means the same in it.
enum Windows1252 {
  /// The characters of 0x80 to 0x9F; the five that are not assigned stay the control characters they are in
  /// Latin-1, so that every byte has a meaning and none is lost.
  private static let special: [UInt16] = [
    0x20AC, 0x0081, 0x201A, 0x0192, 0x201E, 0x2026, 0x2020, 0x2021, 0x02C6, 0x2030, 0x0160, 0x2039, 0x0152,
    0x008D,
    0x017D, 0x008F, 0x0090, 0x2018, 0x2019, 0x201C, 0x201D, 0x2022, 0x2013, 0x2014, 0x02DC, 0x2122, 0x0161,
    0x203A,
    0x0153, 0x009D, 0x017E, 0x0178,
  ]

  static func scalar(_ byte: UInt8) -> UInt16 {
    (0x80..<0xA0).contains(byte) ? special[Int(byte) - 0x80] : UInt16(byte)
  }

  /// Appends a byte's character in UTF-8.
  static func append(_ byte: UInt8, to result: inout MutableBuffer<UInt8>) {
    let value = scalar(byte)
    if value < 0x80 {
      result.append(UInt8(value))
    } else if value < 0x800 {
      result.append(UInt8(0xC0 | value >> 6))
      result.append(UInt8(0x80 | value & 0x3F))
    } else {
      result.append(UInt8(0xE0 | value >> 12))
      result.append(UInt8(0x80 | value >> 6 & 0x3F))
      result.append(UInt8(0x80 | value & 0x3F))
    }
  }

  /// A text of such bytes in UTF-8.
  static func utf8(_ bytes: some Sequence<UInt8>) -> [UInt8] {
    var result = MutableBuffer<UInt8>(capacity: 64)
    for byte in bytes { append(byte, to: &result) }
    return result.freeze().array
  }
}
