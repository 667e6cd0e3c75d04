import Columns
import Planning
import Synchronization

/// Makes UTF-8 of a text in another encoding, piece by piece, while others read what came out.
final class TextConversion: Sendable {
  let bytes: ByteSource
  private let tally: UnreadableTally

  /// How many characters could not be read in the blocks up to a place of what came out: they became U+FFFD.
  func unreadable(before place: Int) -> Int {
    tally.blocks.withLock { $0.last { $0.start < place }?.count ?? 0 }
  }

  private final class UnreadableTally: Sendable {
    /// Where blocks with such characters begin in what comes out, and how many there are up to their ends.
    let blocks = Mutex<[(start: Int, count: Int)]>([])
  }

  private static let blockBytes = 1 << 17

  /// Begins to convert what a source holds.
  ///
  /// - Parameter start: how many bytes of mark stand before the text.
  init(_ source: ByteSource, _ encoding: TextEncoding, from start: Int) throws(FormatFault) {
    let tally = UnreadableTally()
    self.tally = tally
    let converted = UnpackedBytes(name: source.name, made: "converted") { (emit) throws(FormatFault) in
      var converter = TextConverter(encoding)
      var offset = start
      var made = 0
      while true {
        let block = try source.bytes(at: offset, count: Self.blockBytes)
        offset += block.count
        let before = converter.unreadable
        let text = converter.convert(block, isLast: block.isEmpty)
        if converter.unreadable > before {
          let count = converter.unreadable
          tally.blocks.withLock { $0.append((made, count)) }
        }
        made += text.count
        if text.count > 0 { try emit(text.span) }
        if block.isEmpty { return }
      }
    }
    // The beginning shows how many bytes a character takes.
    let head = try source.bytes(at: start, count: Self.blockBytes)
    var converter = TextConverter(encoding)
    let share = Double(converter.convert(head, isLast: true).count) / Double(max(1, head.count))
    let estimate = Int(min(share * Double(source.estimatedCount), 1e15))
    bytes = ByteSource(converted, estimate: max(1, estimate), name: source.name)
  }
}

/// One encoding's bytes as UTF-8; what a block ends in the middle of waits for the next one.
struct TextConverter {
  private let encoding: TextEncoding
  private var rest: [UInt8] = []
  private(set) var unreadable = 0

  init(_ encoding: TextEncoding) { self.encoding = encoding }

  mutating func convert(_ block: [UInt8], isLast: Bool) -> Buffer<UInt8> {
    switch encoding {
    case .utf8: return Buffer(block)
    case .windows1252:
      var result = MutableBuffer<UInt8>(capacity: block.count + block.count / 8)
      for byte in block { Windows1252.append(byte, to: &result) }
      return result.freeze()
    case .utf16Little: return fromUTF16(block, isLast, low: 0, high: 1)
    case .utf16Big: return fromUTF16(block, isLast, low: 1, high: 0)
    }
  }

  private mutating func fromUTF16(_ block: [UInt8], _ isLast: Bool, low: Int, high: Int) -> Buffer<UInt8> {
    let bytes = rest.isEmpty ? block : rest + block
    var result = MutableBuffer<UInt8>(capacity: bytes.count)
    var index = 0
    func unit(_ at: Int) -> UInt32? {
      at + 1 < bytes.count ? UInt32(bytes[at + low]) | UInt32(bytes[at + high]) << 8 : nil
    }
    while let first = unit(index) {
      let isFirstHalf = (0xD800..<0xDC00).contains(first)
      let next = isFirstHalf ? unit(index + 2) : nil
      // The other half may begin the next block.
      if isFirstHalf, next == nil, !isLast { break }
      index += 2
      var scalar = first
      if let next, (0xDC00..<0xE000).contains(next) {
        scalar = 0x10000 + (first - 0xD800) << 10 + (next - 0xDC00)
        index += 2
      }
      let known = Unicode.Scalar(scalar)
      if known == nil { unreadable += 1 }
      for byte in UTF8.encode(known ?? "\u{FFFD}") ?? UTF8.encodedReplacementCharacter { result.append(byte) }
    }
    rest = Array(bytes[index...])
    // Half a unit at the end is no character.
    if isLast, !rest.isEmpty {
      unreadable += 1
      for byte in UTF8.encodedReplacementCharacter { result.append(byte) }
      rest = []
    }
    return result.freeze()
  }
}
