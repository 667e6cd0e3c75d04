import Shell
import Testing

@Suite struct InputDecoderTests {
  private func decode(_ chunks: [[UInt8]], flush: Bool = false) -> [InputEvent] {
    var decoder = InputDecoder()
    var events = chunks.flatMap { decoder.feed($0) }
    if flush { events += decoder.flush() }
    return events
  }

  private func decode(_ text: String, flush: Bool = false) -> [InputEvent] {
    decode([Array(text.utf8)], flush: flush)
  }

  @Test func charactersOfAnyScript() {
    #expect(decode("aé日👩") == [.character("a"), .character("é"), .character("日"), .character("👩")])
  }

  @Test func aCharacterCutByTheRead() {
    let bytes = Array("日".utf8)
    #expect(decode([[bytes[0]], [bytes[1]], [bytes[2]]]) == [.character("日")])
  }

  @Test(arguments: [[0xFF], [0xC0, 0x80], [0xED, 0xA0, 0x80], [0xF5, 0x80, 0x80, 0x80]] as [[UInt8]])
  func invalidBytesNeverStall(_ bytes: [UInt8]) {
    let events = decode([bytes, Array("x".utf8)])
    #expect(events.last == .character("x"))
    #expect(events.first == .character("\u{FFFD}"))
  }

  // The sequences of xterm's manual, "PC-Style Function Keys" and "VT220-Style Function Keys".
  static let sequences: [(String, NamedKey, KeyModifiers)] = [
    ("\u{1B}[A", .up, []), ("\u{1B}OA", .up, []), ("\u{1B}[1;5C", .right, .control),
    ("\u{1B}[1;3D", .left, .alt), ("\u{1B}[3~", .delete, []), ("\u{1B}[3;5~", .delete, .control),
    ("\u{1B}[H", .home, []), ("\u{1B}[4~", .end, []), ("\u{1B}[Z", .backTab, []), ("\u{1B}[5~", .pageUp, []),
    ("\u{1B}OP", .function(1), []), ("\u{1B}[15~", .function(5), []), ("\u{1B}[24~", .function(12), []),
    ("\u{1B}[1;6F", .end, [.shift, .control]),
  ]

  @Test(arguments: sequences) func keys(_ sequence: String, _ key: NamedKey, _ modifiers: KeyModifiers) {
    #expect(decode(sequence) == [.key(key, modifiers, sequence: Array(sequence.utf8))])
    // Cut anywhere, it is the same key.
    let bytes = Array(sequence.utf8)
    for cut in 1..<bytes.count {
      #expect(decode([Array(bytes[..<cut]), Array(bytes[cut...])]).count == 1)
    }
  }

  @Test func escapeAloneNeedsTheTimeout() {
    #expect(decode("\u{1B}") == [])
    #expect(decode("\u{1B}", flush: true) == [.character("\u{1B}")])
  }

  @Test func altKeys() {
    #expect(decode("\u{1B}f\u{1B}\r") == [.alt("f"), .alt("\n")])
    #expect(decode("\u{1B}[13;3u\u{1B}[13;2u") == [.alt("\n"), .alt("\n")])
    #expect(decode("\u{1B}[27;5;99~") == [.character("\u{03}")])
  }

  @Test func unknownSequencesLeaveNothingBehind() {
    #expect(decode("\u{1B}[?62;4c\u{1B}[99;1xx\u{1B}[I") == [.character("x")])
  }

  @Test func pasteIsOneEventHoweverItArrives() {
    let text = "\u{1B}[200~from x\r\n| a\tb\r\u{1B}[201~!"
    let wanted: [InputEvent] = [.paste(Array("from x\n| a\tb\n".unicodeScalars)), .character("!")]
    #expect(decode(text) == wanted)
    #expect(decode(text.utf8.map { [$0] }) == wanted)
  }

  @Test func pastesWithoutMarks() {
    for text in ["from x\n| count", "a\tb", "\txy", "a\nb\n"] {
      #expect(PasteGuess.isPaste(Array(text.utf8)))
    }
    for text in ["x", "from x\n", "dep\t", "\n\n", "ab\u{01}\nc", "\u{1B}[A\nx"] {
      #expect(!PasteGuess.isPaste(Array(text.utf8)))
    }
  }
}
