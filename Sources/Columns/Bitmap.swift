/// Bits in a row, 64 a word, least significant first; bits beyond `count` are zero, but in a slice.
package struct Bitmap: Sendable {
  /// The bits, bit `i` in word `i / 64`; of a slice the last word may hold the neighbour's: see `word`.
  package let words: Buffer<UInt64>
  /// The number of bits.
  package let count: Int

  package init(words: Buffer<UInt64>, count: Int) {
    self.words = words
    self.count = count
  }

  package init(_ bits: [Bool]) {
    var builder = MutableBitmap(repeating: false, count: bits.count)
    for (index, bit) in bits.enumerated() where bit { builder.set(index) }
    self = builder.freeze()
  }

  package init(repeating bit: Bool, count: Int) {
    self = MutableBitmap(repeating: bit, count: count).freeze()
  }

  /// One bit; an index outside traps.
  package subscript(index: Int) -> Bool {
    precondition(index >= 0 && index < count, "bit index out of range")
    return words[index >> 6] & (1 << UInt64(index & 63)) != 0
  }

  /// The number of bits that are set.
  package var ones: Int {
    let span = words.span
    var total = 0
    let full = count >> 6
    for index in 0..<full { total += span[index].nonzeroBitCount }
    let rest = count & 63
    if rest > 0 { total += (span[full] & (1 << UInt64(rest) - 1)).nonzeroBitCount }
    return total
  }

  /// A part that shares the memory where it begins at a multiple of 64, and a copy elsewhere.
  package func slice(_ range: Range<Int>) -> Bitmap {
    if range.lowerBound & 63 == 0 {
      let words = words.slice(range.lowerBound >> 6..<(range.upperBound + 63) >> 6)
      // The last word may hold bits of the neighbour: `ones` and the kernels mask them.
      return Bitmap(words: words, count: range.count)
    }
    var builder = MutableBitmap(repeating: false, count: range.count)
    for index in 0..<range.count where self[range.lowerBound + index] { builder.set(index) }
    return builder.freeze()
  }

  /// Word `index` with the bits beyond `count` cleared.
  package func word(_ index: Int) -> UInt64 {
    let rest = count - index << 6
    return rest >= 64 ? words[index] : words[index] & (1 << UInt64(max(0, rest)) - 1)
  }

  /// The words that hold the bits, the last perhaps in part.
  package var wordCount: Int { (count + 63) >> 6 }

  /// The bits that are set in both.
  package func and(_ other: Bitmap) -> Bitmap { combined(other) { $0 & $1 } }
  /// The bits that are set in either.
  package func or(_ other: Bitmap) -> Bitmap { combined(other) { $0 | $1 } }
  /// The bits that are set here and not in the other.
  package func subtracting(_ other: Bitmap) -> Bitmap { combined(other) { $0 & ~$1 } }

  /// The bits that are not set here; as many as here.
  package var inverted: Bitmap {
    var result = MutableBuffer<UInt64>(count: wordCount)
    for index in 0..<wordCount { result[index] = ~word(index) }
    return Bitmap(words: result.freeze(), count: count).trimmed()
  }

  @inline(__always)
  private func combined(_ other: Bitmap, _ body: (UInt64, UInt64) -> UInt64) -> Bitmap {
    let size = min(count, other.count)
    let wordCount = (size + 63) >> 6
    var result = MutableBuffer<UInt64>(count: wordCount)
    var target = result.mutableSpan
    let left = words.span
    let right = other.words.span
    for index in 0..<wordCount { target[index] = body(left[index], right[index]) }
    return Bitmap(words: result.freeze(), count: size).trimmed()
  }

  /// The same with the bits beyond `count` cleared.
  private func trimmed() -> Bitmap {
    let rest = count & 63
    if rest == 0 || words[wordCount - 1] >> UInt64(rest) == 0 { return self }
    var copy = MutableBuffer<UInt64>(capacity: wordCount)
    copy.append(words.span)
    copy[wordCount - 1] &= 1 << UInt64(rest) - 1
    return Bitmap(words: copy.freeze(), count: count)
  }

  /// The indices of the set bits, ascending, each plus `base`.
  package func indices(addedTo base: UInt32 = 0) -> Buffer<UInt32> {
    var result = MutableBuffer<UInt32>(count: ones)
    var target = result.mutableSpan
    var next = 0
    for wordIndex in 0..<wordCount {
      var bits = word(wordIndex)
      let offset = base &+ UInt32(truncatingIfNeeded: wordIndex << 6)
      if bits == ~0 {
        for bit in 0..<64 { target[next &+ bit] = offset &+ UInt32(truncatingIfNeeded: bit) }
        next &+= 64
        continue
      }
      while bits != 0 {
        target[next] = offset &+ UInt32(truncatingIfNeeded: bits.trailingZeroBitCount)
        next &+= 1
        bits &= bits &- 1
      }
    }
    return result.freeze()
  }
}

/// A bitmap while it is filled.
package struct MutableBitmap: ~Copyable {
  private var words: MutableBuffer<UInt64>
  /// The number of bits so far.
  package private(set) var count: Int

  package init(repeating bit: Bool, count: Int) {
    self.count = count
    words = MutableBuffer(repeating: bit ? ~0 : 0, count: (count + 63) >> 6)
    let rest = count & 63
    if bit, rest > 0 { words[words.count - 1] = 1 << UInt64(rest) - 1 }
  }

  /// Sets a bit that is there already; an index from `count` on traps.
  package mutating func set(_ index: Int) {
    precondition(index < count)
    words[index >> 6] |= 1 << UInt64(index & 63)
  }

  /// Clears a bit that is there already; an index from `count` on traps.
  package mutating func clear(_ index: Int) {
    precondition(index < count)
    words[index >> 6] &= ~(1 << UInt64(index & 63))
  }

  /// Adds a bit behind the last.
  package mutating func append(_ bit: Bool) {
    if count & 63 == 0 { words.append(0) }
    if bit { words[count >> 6] |= 1 << UInt64(count & 63) }
    count += 1
  }

  /// One bit, of the words: not checked against `count`.
  package subscript(index: Int) -> Bool { words[index >> 6] & (1 << UInt64(index & 63)) != 0 }

  /// The words, to be filled 64 bits at a time; bits beyond `count` must stay zero.
  package var wordSpan: MutableSpan<UInt64> {
    @_lifetime(&self) mutating get { words.mutableSpan }
  }

  /// Ends the filling; the memory is handed over, not copied.
  package consuming func freeze() -> Bitmap { Bitmap(words: words.freeze(), count: count) }

  /// Ends the filling: nil when every bit is set, as validity is absent when nothing is missing.
  package consuming func freezeValidity() -> Bitmap? {
    let bits = freeze()
    return bits.ones == bits.count ? nil : bits
  }
}
