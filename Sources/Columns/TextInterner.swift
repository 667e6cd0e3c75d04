/// Builds a dictionary: each different text once, numbered in the order of first occurrence.
package struct TextInterner: ~Copyable {
  private var slots: MutableBuffer<UInt32>
  private var hashes: MutableBuffer<UInt64>
  private var offsets: MutableBuffer<Int64>
  private var bytes: MutableBuffer<UInt8>
  private var mask: Int

  package init(capacity: Int = 64) {
    var size = 128
    while size < capacity * 2 { size *= 2 }
    slots = MutableBuffer(repeating: UInt32.max, count: size)
    hashes = MutableBuffer(capacity: capacity)
    offsets = MutableBuffer(capacity: capacity + 1)
    bytes = MutableBuffer(capacity: capacity * 8)
    mask = size - 1
    offsets.append(0)
  }

  /// The number of different texts so far.
  package var count: Int { hashes.count }
  /// The bytes of the different texts so far.
  package var byteCount: Int { bytes.count }

  /// The code of a text, new or known.
  package mutating func code(of text: Span<UInt8>) -> UInt32 {
    code(of: text, hash: TextHash.of(text))
  }

  /// The same where the text's `TextHash` is known.
  package mutating func code(of text: Span<UInt8>, hash: UInt64) -> UInt32 {
    var position = Int(truncatingIfNeeded: hash) & mask
    while true {
      let code = slots[position]
      if code == UInt32.max { break }
      if hashes[Int(code)] == hash, isEqual(Int(code), text) { return code }
      position = (position + 1) & mask
    }
    let code = UInt32(hashes.count)
    slots[position] = code
    hashes.append(hash)
    bytes.append(text)
    offsets.append(Int64(bytes.count))
    if hashes.count * 2 > mask { grow() }
    return code
  }

  /// The same of a Swift string.
  package mutating func code(of text: String) -> UInt32 {
    var text = text
    return text.withUTF8 { buffer in code(of: buffer.span) }
  }

  private func isEqual(_ code: Int, _ text: Span<UInt8>) -> Bool {
    let lower = Int(offsets[code])
    let length = Int(offsets[code + 1]) - lower
    return TextHash.areEqual(bytes.span.extracting(lower..<lower &+ length), text)
  }

  private mutating func grow() {
    let size = (mask + 1) * 2
    slots = MutableBuffer(repeating: UInt32.max, count: size)
    mask = size - 1
    for code in 0..<hashes.count {
      var position = Int(truncatingIfNeeded: hashes[code]) & mask
      while slots[position] != UInt32.max { position = (position + 1) & mask }
      slots[position] = UInt32(code)
    }
  }

  /// Ends the building.
  package consuming func freeze() -> TextPool {
    TextPool(offsets: offsets.freeze(), bytes: bytes.freeze(), isDistinct: true)
  }
}
