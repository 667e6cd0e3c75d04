import Columns
import Glibc
import Planning
import Synchronization
import Testing

@testable import Formats

/// Text in other encodings, whatever pieces it comes in.
@Suite struct ConversionTests {
  private static let text = "ward,größe\nÄ,1\n😀,2\n中,3\n"

  private static func wide(_ text: String, isLittle: Bool) -> [UInt8] {
    text.utf16.flatMap { unit in
      let bytes = [UInt8(unit & 0xFF), UInt8(unit >> 8)]
      return isLittle ? bytes : bytes.reversed()
    }
  }

  /// What a converter makes of bytes in pieces of a size, and how many characters it could not read.
  private static func converted(
    _ bytes: [UInt8], _ encoding: TextEncoding, by size: Int
  ) -> (text: String, unreadable: Int) {
    var converter = TextConverter(encoding)
    var result: [UInt8] = []
    for start in stride(from: 0, to: bytes.count, by: size) {
      let piece = Array(bytes[start..<min(start + size, bytes.count)])
      result += converter.convert(piece, isLast: false).array
    }
    result += converter.convert([], isLast: true).array
    return (String(decoding: result, as: UTF8.self), converter.unreadable)
  }

  /// A file that ends in the middle of a character says so.
  @Test func halfACharacterAtTheEndIsShown() {
    let bytes = Self.wide("a,b\n1,x", isLittle: true) + [0x79]
    let (text, unreadable) = Self.converted(bytes, .utf16Little, by: 4)
    #expect(text == "a,b\n1,x\u{FFFD}")
    #expect(unreadable == 1)
  }

  @Test(arguments: 1...9) func piecesMakeTheSameText(_ size: Int) {
    for isLittle in [true, false] {
      let encoding: TextEncoding = isLittle ? .utf16Little : .utf16Big
      let whole = Self.converted(Self.wide(Self.text, isLittle: isLittle), encoding, by: size)
      #expect(whole == (Self.text, 0))
      // A half of a pair alone, and half a unit at the end.
      let broken = Self.wide("a", isLittle: isLittle) + (isLittle ? [0x3D, 0xD8] : [0xD8, 0x3D])
      #expect(Self.converted(broken, encoding, by: size) == ("a\u{FFFD}", 1))
      #expect(
        Self.converted(broken + Self.wide("b", isLittle: isLittle), encoding, by: size) == ("a\u{FFFD}b", 1))
      #expect(Self.converted(broken + [0x41], encoding, by: size) == ("a\u{FFFD}\u{FFFD}", 2))
    }
    #expect(Self.converted([0x61, 0x80, 0xFC], .windows1252, by: size) == ("a€ü", 0))
  }

  private final class Pieces: Sendable {
    let count = Atomic<Int>(0)
    let isOver = Atomic<Bool>(false)
  }

  /// What nobody reads is not unpacked: an endless stream stops some way ahead of its reader, and ends with it.
  @Test func unpackingWaitsForItsReaders() throws {
    let pieces = Pieces()
    func seen(_ isEnough: () -> Bool) -> Bool {
      for _ in 0..<500 {
        if isEnough() { return true }
        usleep(10_000)
      }
      return false
    }
    func stands() -> Bool {
      let before = pieces.count.load(ordering: .relaxed)
      usleep(200_000)
      return pieces.count.load(ordering: .relaxed) == before
    }
    do {
      let bytes = UnpackedBytes(name: "endless", ahead: 4 << 20) { (emit) throws(FormatFault) in
        defer { pieces.isOver.store(true, ordering: .relaxed) }
        let piece = [UInt8](repeating: 65, count: 1 << 20)
        while true {
          try emit(piece.span)
          pieces.count.add(1, ordering: .relaxed)
        }
      }
      #expect(try bytes.clamped(1 << 20) == 1 << 20)
      #expect(seen { pieces.count.load(ordering: .relaxed) > 3 && stands() })
      #expect(pieces.count.load(ordering: .relaxed) < 8)
      #expect(try bytes.clamped(20 << 20) == 20 << 20)
      #expect(pieces.count.load(ordering: .relaxed) >= 19)
    }
    #expect(seen { pieces.isOver.load(ordering: .relaxed) })
  }
}
