import Columns
import Diagnostics
import Planning
import Testing

@testable import Formats

/// A small generator of random numbers that gives the same on every machine.
struct Dice: RandomNumberGenerator {
  private var state: UInt64
  init(_ seed: UInt64) { state = seed &* 0x9E37_79B9_7F4A_7C15 | 1 }
  mutating func next() -> UInt64 {
    state ^= state << 13
    state ^= state >> 7
    state ^= state << 17
    return state &* 0x2545_F491_4F6C_DD1D
  }
}

/// The quick scanner against the plain one: same cells, same notes, wherever the edges of blocks and ranges fall.
struct ScannerTests {
  /// Random text: mostly regular rows, with quotes, line ends and delimiters in and out of place.
  private func text(_ dice: inout Dice, wildness: Int) -> [UInt8] {
    let columns = Int.random(in: 1...5, using: &dice)
    let rows = Int.random(in: 0...40, using: &dice)
    let lineEnd: [UInt8] = Bool.random(using: &dice) ? [10] : [13, 10]
    var bytes = Array((0..<columns).map { "c\($0)" }.joined(separator: ",").utf8) + lineEnd
    for _ in 0..<rows {
      var width = columns
      if Int.random(in: 0..<40, using: &dice) < wildness { width = Int.random(in: 1...7, using: &dice) }
      for column in 0..<width {
        if column > 0 { bytes.append(44) }
        bytes += cell(&dice, wildness)
      }
      bytes += Int.random(in: 0..<20, using: &dice) < wildness ? [10] : lineEnd
      if Int.random(in: 0..<30, using: &dice) < wildness { bytes += lineEnd }
    }
    if Bool.random(using: &dice) { bytes.removeLast() }
    return bytes
  }

  private func cell(_ dice: inout Dice, _ wildness: Int) -> [UInt8] {
    let length = Int.random(in: 0...(Int.random(in: 0..<8, using: &dice) == 0 ? 80 : 6), using: &dice)
    if Int.random(in: 0..<20, using: &dice) < wildness {
      let alphabet = Array("ab\"\",\n\r\" 1".utf8)
      return (0..<length).map { _ in alphabet[Int.random(in: 0..<alphabet.count, using: &dice)] }
    }
    if Int.random(in: 0..<4, using: &dice) == 0 {
      let alphabet = Array("xy,\n z".utf8)
      let inner = (0..<length).flatMap { _ -> [UInt8] in
        let byte = alphabet[Int.random(in: 0..<alphabet.count, using: &dice)]
        return byte == 122 ? [34, 34] : [byte]
      }
      return [34] + inner + [34]
    }
    let alphabet = Array("abcdefgh 0123456789.".utf8)
    return (0..<length).map { _ in alphabet[Int.random(in: 0..<alphabet.count, using: &dice)] }
  }

  private func sizes(
    _ range: Int, _ chunk: Int, blocks: Bool = true, _ instructions: BlockScanner.Instructions = .best
  ) -> CSVSizes {
    var sizes = CSVSizes()
    sizes.range = range
    sizes.chunk = chunk
    sizes.usesBlocks = blocks
    sizes.instructions = instructions
    return sizes
  }

  @Test("Quick and plain scanner see the same", arguments: [0, 1, 6], BlockScanner.Instructions.available)
  func sameAsPlain(wildness: Int, instructions: BlockScanner.Instructions) throws {
    var dice = Dice(UInt64(wildness) + 7 * UInt64(instructions.rawValue + 1))
    for round in 0..<100 {
      let bytes = text(&dice, wildness: wildness)
      let plain = try readAll(source(bytes, sizes: sizes(1 << 20, 1 << 20, blocks: false)))
      let range = Int.random(in: 1...300, using: &dice)
      let chunk = Int.random(in: 1...100, using: &dice)
      for (range, chunk) in [(1 << 20, 1 << 20), (1 << 20, chunk), (range, chunk)] {
        let quick = try readAll(source(bytes, sizes: sizes(range, chunk, instructions)), workers: 2)
        let shown = String(decoding: bytes, as: UTF8.self).debugDescription
        #expect(quick.types == plain.types, "round \(round), range \(range), chunk \(chunk): \(shown)")
        #expect(quick.rows == plain.rows, "round \(round), range \(range), chunk \(chunk): \(shown)")
        #expect(quick.notes == plain.notes, "round \(round), range \(range), chunk \(chunk): \(shown)")
        if quick.rows != plain.rows || quick.notes != plain.notes { return }
      }
    }
  }

  @Test("Texts that differ in few bytes stay apart, however often they come")
  func textsStayApart() throws {
    var dice = Dice(3)
    let endings = ["", " Cardiology", "-malignant", ", n"]
    var texts = (0..<300).flatMap { number in endings.map { String(("\(number)x" + $0).prefix(17)) } }
    texts += [
      "\u{1}", "\u{2}", "a", "b", "ab", "ba", "aaaaaaaa", "aaaaaaaab", "baaaaaaaa", "\u{e4}", "\u{e4}\u{1}",
    ]
    let rows = (0..<20_000).map { _ in texts[Int.random(in: 0..<texts.count, using: &dice)] }
    let file = "t,u\n" + rows.map { "\"\($0)\",1\n" }.joined()
    let plain = "t,u\n" + rows.map { $0.contains(",") ? "\"\($0)\",1\n" : "\($0),1\n" }.joined()
    for text in [file, plain] {
      let read = try readAll(source(Array(text.utf8)))
      #expect(read.rows.map { $0[0] } == rows.map { Value.text($0) })
    }
  }

  @Test("A number read as one word is the one read digit by digit")
  func wordsAreNumbers() {
    var dice = Dice(11)
    let alphabet = Array("0123456789012345678901234567890.,-e+ \u{1}".utf8) + [0x80, 0xFF]
    var (numbers, others) = (0, 0)
    for round in 0..<200_000 {
      let length = Int.random(in: 1...11, using: &dice)
      let decimal = UInt8(ascii: round % 5 == 0 ? "," : ".")
      var cell = (0..<length).map { _ in
        alphabet[Int.random(in: 0..<(round % 3 == 0 ? alphabet.count : 31), using: &dice)]
      }
      if round % 2 == 0 { cell[Int.random(in: 0..<length, using: &dice)] = decimal }
      let bytes = cell + (0..<8).map { _ in alphabet[Int.random(in: 0..<alphabet.count, using: &dice)] }
      bytes.withUnsafeBufferPointer { bytes in
        guard let base = bytes.baseAddress else { return }
        let wanted = CellDecoder.float(base, length, decimal: decimal)
        let found = CellDecoder.wordFloat(base, length, decimal: decimal)
        if wanted?.bitPattern != found?.bitPattern {
          Issue.record(
            "\(String(decoding: cell, as: UTF8.self).debugDescription): \(String(describing: found))")
        }
        if CellDecoder.int(base, length) != CellDecoder.wordInt(base, length) {
          Issue.record("\(String(decoding: cell, as: UTF8.self).debugDescription) as a whole number")
        }
        if wanted == nil { others += 1 } else { numbers += 1 }
      }
    }
    #expect(numbers > 50_000 && others > 50_000)
  }

  @Test("A filter reads the same rows")
  func filtered() throws {
    var dice = Dice(99)
    for _ in 0..<100 {
      let bytes = text(&dice, wildness: 1)
      let plain = try readAll(source(bytes))
      let filter = SegmentFilter(columns: [0]) { segment in
        Buffer((0..<UInt32(segment.count)).filter { !segment.columns[0].value(Int($0)).isMissing })
      }
      let range = Int.random(in: 1...300, using: &dice)
      let quick = try readAll(source(bytes, sizes: sizes(range, 64)), filter: filter)
      #expect(quick.rows == plain.rows.filter { !$0[0].isMissing })
    }
  }

  @Test("A range that begins inside quotes starts the scan again")
  func restarts() throws {
    var text = "a,b\n"
    for row in 0..<50 { text += "\(row),\"x\n1,2\n3,4\n\"\n" }
    let reading = try readAll(source(Array(text.utf8), sizes: sizes(40, 16)))
    #expect(reading.table.rowCount == 50)
    #expect(reading.restarts == 1)
    #expect(reading.values("a") == (0..<50).map { .int($0) })
    #expect(reading.values("b") == Array(repeating: .text("x\n1,2\n3,4\n"), count: 50))
  }
}
