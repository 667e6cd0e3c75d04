import Scheduling
import Synchronization

/// Texts in a row: the bytes once in an arena, entry `i` at `offsets[i]..<offsets[i + 1]`, UTF-8.
///
/// A pool serves as the dictionary of a coded column (`isDistinct`: no text stands in it twice) or as the plain
/// store of a column of mostly different texts, whose rows are then its entries in order.
package final class TextPool: Sendable {
  /// Where each entry begins in `bytes`, and the end: one more than there are entries.
  package let offsets: Buffer<Int64>
  /// The UTF-8 of the entries behind each other; before the first and behind the last there may be more.
  package let bytes: Buffer<UInt8>
  /// No two entries are equal, so equal codes are the only equal texts.
  package let isDistinct: Bool
  /// The entries' own order, where the text carries one (bands, ordered factors): position of each entry, from 0
  /// without gaps. Only with `isDistinct`.
  package let ownOrder: Buffer<UInt32>?
  /// How many entries the order lists: these come first. Those that it does not list stand behind them, by scalar,
  /// as every other text does that such a column is compared with.
  package let listedCount: Int
  /// The entries stand in the order of their texts, so that an entry's code is its rank. Only with `isDistinct`.
  let isSorted: Bool
  private let cachedRanks = Mutex<Buffer<UInt32>?>(nil)
  /// The edges of its labels, once somebody has asked for them.
  let cachedBands = Mutex<CachedBands?>(nil)

  package init(
    offsets: Buffer<Int64>, bytes: Buffer<UInt8>, isDistinct: Bool, ownOrder: Buffer<UInt32>? = nil,
    listedCount: Int? = nil, isSorted: Bool = false
  ) {
    self.isSorted = isSorted
    self.listedCount = ownOrder.map { listedCount ?? $0.count } ?? 0
    self.offsets = offsets
    self.bytes = bytes
    self.isDistinct = isDistinct
    self.ownOrder = ownOrder
  }

  /// A pool of these texts; with `ordered`, they sort in the order given. Ordered texts must be distinct.
  package convenience init(_ texts: [String], isDistinct: Bool, ordered: Bool = false) {
    var offsets = MutableBuffer<Int64>(capacity: texts.count + 1)
    var bytes = MutableBuffer<UInt8>(capacity: texts.reduce(0) { $0 + $1.utf8.count })
    offsets.append(0)
    for text in texts {
      for byte in text.utf8 { bytes.append(byte) }
      offsets.append(Int64(bytes.count))
    }
    let order = ordered ? Buffer((0..<texts.count).map { UInt32($0) }) : nil
    self.init(offsets: offsets.freeze(), bytes: bytes.freeze(), isDistinct: isDistinct, ownOrder: order)
  }

  /// A pool without entries.
  package static let empty = TextPool([], isDistinct: true)

  /// How many entries there are.
  package var count: Int { offsets.count - 1 }
  /// Whether the entries sort by an order of their own and not as texts.
  package var isOrdered: Bool { ownOrder != nil }

  /// The byte range of an entry in `bytes`.
  package func range(_ index: Int) -> Range<Int> { Int(offsets[index])..<Int(offsets[index + 1]) }

  /// An entry as a Swift string: tens of nanoseconds, for results and rare paths.
  package subscript(index: Int) -> String {
    let range = range(index)
    return String(decoding: UnsafeBytes(bytes, range), as: UTF8.self)
  }

  /// An entry's UTF-8; shares the memory.
  package func byteSlice(_ index: Int) -> Buffer<UInt8> { bytes.slice(range(index)) }

  /// The position of each entry when the entries are sorted: by their own order where there is one,
  /// otherwise by Unicode scalar (which is the order of UTF-8 bytes). Equal entries share a position.
  package var ranks: Buffer<UInt32> { ranks(by: Alone()) }

  /// The same, with many entries shared by a crew.
  package func ranks<C: Crew>(by crew: C) throws(C.Failure) -> Buffer<UInt32> { try ranks(by: crew, nil) }

  /// - Parameter numbers: those of the entries, where somebody has looked at them already.
  func ranks<C: Crew>(by crew: C, _ numbers: TextNumbers?) throws(C.Failure) -> Buffer<UInt32> {
    if let ownOrder { return ownOrder }
    return try cachedRanks.withLock { cached throws(C.Failure) in
      if let cached { return cached }
      let made = isSorted ? .ascending(count) : try ranksByScalar(by: crew, numbers)
      cached = made
      return made
    }
  }

  /// A pool of the entries that rows have, one for each row, in the rows' order.
  package func entries(of codes: TextCodes) -> TextPool {
    var offsets = MutableBuffer<Int64>(capacity: codes.count + 1)
    var taken = MutableBuffer<UInt8>(capacity: codes.count * 8)
    let bytes = bytes
    let span = bytes.span
    offsets.append(0)
    for row in 0..<codes.count {
      // A missing row's code may lie outside the pool.
      let code = codes[row]
      if code < count { taken.append(span.extracting(range(code))) }
      offsets.append(Int64(taken.count))
    }
    return TextPool(offsets: offsets.freeze(), bytes: taken.freeze(), isDistinct: false)
  }

  /// Negative, zero or positive as entry `left` stands before, with or behind entry `right` in byte order.
  ///
  /// - Parameter start: both are known to be the same before this byte.
  package func compare(_ left: Int, _ right: Int, from start: Int = 0) -> Int {
    TextPool.compare(self, left, self, right, from: start)
  }

  /// Below 0, 0 or above 0 as one entry's UTF-8 stands before another's, is the same or stands behind it.
  /// Orders of the pools' own are not looked at.
  package static func compare(
    _ a: TextPool, _ left: Int, _ b: TextPool, _ right: Int, from start: Int = 0
  ) -> Int {
    let first = a.range(left)
    let second = b.range(right)
    let (left, right) = (a.bytes, b.bytes)
    let firstBytes = left.span
    let secondBytes = right.span
    let shared = min(first.count, second.count)
    for offset in min(start, shared)..<shared {
      let x = firstBytes[first.lowerBound + offset]
      let y = secondBytes[second.lowerBound + offset]
      if x != y { return x < y ? -1 : 1 }
    }
    return first.count - second.count
  }

  /// A 64-bit hash of an entry's bytes.
  package func hash(_ index: Int) -> UInt64 {
    let range = range(index)
    let bytes = bytes
    return TextHash.of(bytes.span.extracting(range))
  }
}

/// A buffer's bytes as a collection, for the standard library's decoders.
struct UnsafeBytes: Collection {
  let buffer: Buffer<UInt8>
  let range: Range<Int>

  init(_ buffer: Buffer<UInt8>, _ range: Range<Int>) {
    self.buffer = buffer
    self.range = range
  }

  var startIndex: Int { range.lowerBound }
  var endIndex: Int { range.upperBound }
  func index(after index: Int) -> Int { index + 1 }
  subscript(position: Int) -> UInt8 { buffer[position] }
  func withContiguousStorageIfAvailable<R>(_ body: (UnsafeBufferPointer<UInt8>) throws -> R) rethrows -> R? {
    try buffer.withUnsafePointer { base in
      try body(UnsafeBufferPointer(start: base + range.lowerBound, count: range.count))
    }
  }
}

extension Span where Element == UInt8 {
  /// So many bytes from a position on, at most eight, as one number: the first in its lowest byte.
  @inline(__always)
  func word(at position: Int, count: Int) -> UInt64 {
    if position &+ 8 <= self.count {
      let word = bytes.unsafeLoadUnaligned(fromByteOffset: position, as: UInt64.self)
      return count >= 8 ? word : word & (1 &<< UInt64(count &* 8) &- 1)
    }
    var word: UInt64 = 0
    for index in 0..<Swift.min(8, count) { word |= UInt64(self[position &+ index]) &<< UInt64(index &* 8) }
    return word
  }
}

extension SIMD8<UInt8> {
  /// The bytes of a word, the lowest first.
  @inline(__always)
  init(bytesOf word: UInt64) { self = unsafeBitCast(word, to: SIMD8<UInt8>.self) }
}

/// The hash of texts and keys: multiply and fold, eight bytes a step; the same on every run.
package enum TextHash {
  /// The hash of some bytes, their number included.
  package static func of(_ bytes: Span<UInt8>) -> UInt64 {
    var hash: UInt64 = 0x9E37_79B9_7F4A_7C15 ^ UInt64(bytes.count)
    var index = 0
    let raw = bytes.bytes
    while index &+ 8 <= bytes.count {
      hash = mix(hash ^ raw.unsafeLoadUnaligned(fromByteOffset: index, as: UInt64.self))
      index &+= 8
    }
    if index < bytes.count {
      var rest: UInt64 = 0
      while index < bytes.count {
        rest = rest << 8 | UInt64(bytes[index])
        index &+= 1
      }
      hash = mix(hash ^ rest)
    }
    return hash
  }

  /// Whether two texts are the same, compared eight bytes a step.
  static func areEqual(_ one: Span<UInt8>, _ other: Span<UInt8>) -> Bool {
    if one.count != other.count { return false }
    let left = one.bytes
    let right = other.bytes
    var index = 0
    while index &+ 8 <= one.count {
      let word = left.unsafeLoadUnaligned(fromByteOffset: index, as: UInt64.self)
      if word != right.unsafeLoadUnaligned(fromByteOffset: index, as: UInt64.self) { return false }
      index &+= 8
    }
    while index < one.count {
      if one[index] != other[index] { return false }
      index &+= 1
    }
    return true
  }

  /// Spreads every bit of a number over the result: a product of 128 bits folded to 64.
  @inline(__always)
  package static func mix(_ value: UInt64) -> UInt64 {
    let product = value.multipliedFullWidth(by: 0xD6E8_FEB8_6659_FD93)
    return product.high ^ product.low
  }
}
