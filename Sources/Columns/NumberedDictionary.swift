import Scheduling

/// A dictionary of texts that small numbers hold whole, such as identifiers of digits: a bit for each number tells
/// which there are, and how many bits are set before a text's own is its code. Nothing is hashed or compared, and the
/// dictionary is in the order of its texts.
struct NumberedDictionary: Sendable {
  /// Fewer entries are hashed as fast.
  private static let leastEntries = 8_192
  /// The bits for numbers may take as much memory as eight bytes an entry.
  private static let bitsPerEntry = 64
  /// Words of bits that one worker looks at.
  private static let taskWords = 1 << 14

  private let numbers: TextNumbers
  private let bits: Buffer<UInt64>
  /// How many bits are set before each word.
  private let before: Buffer<UInt32>

  /// The dictionary, and for each pool the code of each of its entries; nil where numbers would be too large.
  static func united(
    _ pools: [TextPool], workers: Workers
  ) throws -> (pool: TextPool, maps: [Buffer<UInt32>])? {
    let entries = pools.reduce(0) { $0 + $1.count }
    guard entries >= leastEntries else { return nil }
    let numbers = try TextNumbers(pools, by: workers)
    guard holds(numbers, entries: entries) else { return nil }
    let pieces = TextPool.pieces(pools, of: TextNumbers.pieceEntries)
    let values = try workers.map(pieces.count) {
      numbers.shortValues(pools[pieces[$0].pool], pieces[$0].entries)
    }
    let dictionary = try NumberedDictionary(numbers, values, entries, workers)
    let codes = try workers.map(values.count) { dictionary.codes(values[$0]) }
    return (try dictionary.pool(workers), TextPool.byPool(codes, of: pieces, pools))
  }

  /// Whether the texts are numbers that are small enough for so many entries.
  static func holds(_ numbers: TextNumbers, entries: Int) -> Bool {
    numbers.areWhole && numbers.limit <= UInt64(UInt32.max)
      && numbers.limit <= UInt64(entries) * UInt64(bitsPerEntry)
  }

  private init(
    _ numbers: TextNumbers, _ values: [Buffer<UInt32>], _ entries: Int, _ workers: Workers
  ) throws {
    self.numbers = numbers
    let words = Int((numbers.limit + 63) / 64)
    // Each worker sets bits of its own, as far as they take no more memory than the numbers do.
    let sets = max(1, min(8, values.count, entries / (2 * words)))
    let marked = try workers.map(sets) { set in
      Self.marked(values[set * values.count / sets..<(set + 1) * values.count / sets], words)
    }
    var bits = marked[0].copy
    var before = MutableBuffer<UInt32>(count: words)
    var count: UInt32 = 0
    var target = bits.mutableSpan
    var counted = before.mutableSpan
    for word in 0..<words {
      for other in marked.dropFirst() { target[word] |= other[word] }
      counted[word] = count
      count &+= UInt32(truncatingIfNeeded: target[word].nonzeroBitCount)
    }
    self.bits = bits.freeze()
    self.before = before.freeze()
  }

  private static func marked(_ values: ArraySlice<Buffer<UInt32>>, _ words: Int) -> Buffer<UInt64> {
    var result = MutableBuffer<UInt64>(repeating: 0, count: words)
    var bits = result.mutableSpan
    for numbers in values {
      let numbers = numbers.span
      for index in 0..<numbers.count {
        let number = numbers[index]
        bits[Int(number >> 6)] |= 1 &<< UInt64(number & 63)
      }
    }
    return result.freeze()
  }

  private func codes(_ values: Buffer<UInt32>) -> Buffer<UInt32> {
    var result = MutableBuffer<UInt32>(count: values.count)
    var target = result.mutableSpan
    let (numbers, bits, before) = (values.span, bits.span, before.span)
    for index in 0..<numbers.count {
      let number = numbers[index]
      let word = Int(number >> 6)
      let lower = bits[word] & (1 &<< UInt64(number & 63) &- 1)
      target[index] = before[word] &+ UInt32(truncatingIfNeeded: lower.nonzeroBitCount)
    }
    return result.freeze()
  }

  /// The texts whose bits are set, in order.
  private func pool(_ workers: Workers) throws -> TextPool {
    let words = bits.count
    let tasks = stride(from: 0, to: words, by: Self.taskWords).map { $0..<min(words, $0 + Self.taskWords) }
    let parts = try workers.map(tasks.count) { texts(tasks[$0]) }
    return TextPool(
      joining: parts.map { (offsets: $0.offsets, bytes: $0.bytes) }, isDistinct: true, isSorted: true)
  }

  private func texts(_ words: Range<Int>) -> (offsets: Buffer<Int64>, bytes: Buffer<UInt8>) {
    var offsets = MutableBuffer<Int64>(capacity: 1_024)
    var bytes = MutableBuffer<UInt8>(capacity: 8_192)
    offsets.append(0)
    for word in words {
      var rest = bits[word]
      while rest != 0 {
        numbers.appendText(of: UInt64(word << 6 + rest.trailingZeroBitCount), to: &bytes)
        offsets.append(Int64(bytes.count))
        rest &= rest &- 1
      }
    }
    return (offsets.freeze(), bytes.freeze())
  }
}
