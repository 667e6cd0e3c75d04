import Columns

/// Up to eight bytes as a number; eight bytes must be readable.
@inline(__always)
func shortKey(_ text: UnsafePointer<UInt8>, _ count: Int) -> UInt64 {
  let raw = UnsafeRawPointer(text).loadUnaligned(as: UInt64.self)
  return count >= 8 ? raw : raw & ((1 << UInt64(count &* 8)) &- 1)
}

/// The different texts of a column, numbered in the order of first occurrence.
struct TextDictionary: ~Copyable {
  private var slots: Arena<UInt32>
  private var mask: Int
  /// The text itself up to eight bytes, else its hash.
  private var keys: Arena<UInt64>
  private var offsets: Arena<Int64>
  private var bytes: Arena<UInt8>

  var count: Int { keys.count }

  init() {
    slots = Arena(capacity: 256)
    mask = 255
    keys = Arena(capacity: 64)
    offsets = Arena(capacity: 64)
    bytes = Arena(capacity: 512)
    offsets.append(0)
    slots.base.initialize(repeating: 0, count: 256)
  }

  /// The code of a text if it is known, else nil and `slot` says where it belongs.
  @inline(__always)
  func find(_ text: UnsafePointer<UInt8>, _ count: Int, _ key: UInt64, slot: inout Int) -> UInt32? {
    let hash = (key ^ UInt64(truncatingIfNeeded: count)) &* 0x9E37_79B9_7F4A_7C15
    slot = Int(truncatingIfNeeded: hash >> 32) & mask
    while true {
      let entry = slots.base[slot]
      if entry == 0 { return nil }
      let code = Int(entry &- 1)
      if keys.base[code] == key {
        let start = offsets.base[code]
        if Int(offsets.base[code &+ 1] &- start) == count,
          count <= 8 || isEqual(bytes.base + Int(start), text, count)
        {
          return entry &- 1
        }
      }
      slot = (slot &+ 1) & mask
    }
  }

  /// Whether two texts of more than eight bytes are equal.
  @inline(__always)
  private func isEqual(_ left: UnsafePointer<UInt8>, _ right: UnsafePointer<UInt8>, _ count: Int) -> Bool {
    var index = 0
    while index &+ 8 <= count {
      if shortKey(left + index, 8) != shortKey(right + index, 8) { return false }
      index &+= 8
    }
    return shortKey(left + (count &- 8), 8) == shortKey(right + (count &- 8), 8)
  }

  @inline(__always)
  static func key(_ text: UnsafePointer<UInt8>, _ count: Int) -> UInt64 {
    if count <= 8 { return shortKey(text, count) }
    var hash: UInt64 = 0x2545_F491_4F6C_DD1D
    var index = 0
    while index &+ 8 <= count {
      hash = (hash ^ shortKey(text + index, 8)) &* 0xD6E8_FEB8_6659_FD93
      hash ^= hash >> 32
      index &+= 8
    }
    if index < count {
      hash = (hash ^ shortKey(text + (count &- 8), 8)) &* 0xD6E8_FEB8_6659_FD93
      hash ^= hash >> 32
    }
    return hash
  }

  /// Adds a text that is not known.
  mutating func add(_ text: UnsafePointer<UInt8>, _ count: Int, _ key: UInt64, slot: Int) -> UInt32 {
    let code = UInt32(truncatingIfNeeded: keys.count)
    slots.base[slot] = code &+ 1
    keys.append(key)
    bytes.reserve(count)
    (bytes.base + bytes.count).update(from: text, count: count)
    bytes.count += count
    offsets.append(Int64(bytes.count))
    if keys.count * 2 > mask { grow() }
    return code
  }

  private mutating func grow() {
    let size = (mask + 1) * 2
    slots = Arena(capacity: size)
    slots.base.initialize(repeating: 0, count: size)
    mask = size - 1
    for code in 0..<keys.count {
      let count = Int(offsets.base[code + 1] - offsets.base[code])
      let hash = (keys.base[code] ^ UInt64(truncatingIfNeeded: count)) &* 0x9E37_79B9_7F4A_7C15
      var slot = Int(truncatingIfNeeded: hash >> 32) & mask
      while slots.base[slot] != 0 { slot = (slot + 1) & mask }
      slots.base[slot] = UInt32(code + 1)
    }
  }

  /// The bytes of an entry.
  func entry(_ code: Int) -> UnsafeBufferPointer<UInt8> {
    let start = Int(offsets.base[code])
    return UnsafeBufferPointer(start: bytes.base + start, count: Int(offsets.base[code + 1]) - start)
  }

  func frozen() -> TextPool {
    TextPool(offsets: offsets.frozen(), bytes: bytes.frozen(), isDistinct: true)
  }
}

/// The codes of short texts met lately, each at the place that its bytes tell: a column has few different texts more often
/// than not, and then one look and no loop over its bytes finds the code.
private struct RecentTexts: ~Copyable {
  /// Four words a place: the first eight bytes, the last eight, the length, and the code.
  private var places: Arena<UInt64>
  /// Texts up to this length are told by two words.
  static let longest = 16

  init() {
    places = Arena(capacity: 4 << 8)
    places.base.initialize(repeating: 0, count: 4 << 8)
  }

  /// A text of 1 to 16 bytes, of which eight must be readable in any case.
  struct Words {
    var first: UInt64
    var last: UInt64
    var count: UInt64

    @inline(__always)
    init(_ text: UnsafePointer<UInt8>, _ length: Int) {
      let isLong = length > 8
      let raw = UnsafeRawPointer(text)
      let missing = isLong ? 0 : UInt64(truncatingIfNeeded: 64 &- length &* 8)
      first = (raw.loadUnaligned(as: UInt64.self) &<< missing) &>> missing
      last = raw.loadUnaligned(fromByteOffset: isLong ? length &- 8 : 0, as: UInt64.self) & (isLong ? ~0 : 0)
      count = UInt64(truncatingIfNeeded: length)
    }

    @inline(__always)
    var place: Int {
      let mixed = (first ^ last &* 0x9E37_79B9_7F4A_7C15 ^ count) &* 0xD6E8_FEB8_6659_FD93
      return Int(truncatingIfNeeded: mixed >> 56) &* 4
    }
  }

  @inline(__always)
  func code(_ words: Words) -> UInt32? {
    let found = places.base + words.place
    let difference = (found[0] ^ words.first) | (found[1] ^ words.last) | (found[2] ^ words.count)
    return difference == 0 ? UInt32(truncatingIfNeeded: found[3]) : nil
  }

  @inline(__always)
  func remember(_ words: Words, _ code: UInt32) {
    let place = places.base + words.place
    (place[0], place[1], place[2], place[3]) = (words.first, words.last, words.count, UInt64(code))
  }
}

/// Texts: as codes into a dictionary, or, where nearly all are different, one behind the other.
final class TextDecoder: ColumnDecoder {
  // A decoder belongs to one thread: the run-time's checks of each access would cost as much as the work.
  @exclusivity(unchecked) private var dictionary = TextDictionary()
  @exclusivity(unchecked) private var recent = RecentTexts()
  @exclusivity(unchecked) private var codes = Arena<UInt32>(capacity: 16)
  @exclusivity(unchecked) private var isPlain: Bool
  @exclusivity(unchecked) private var offsets = Arena<Int64>(capacity: 16)
  @exclusivity(unchecked) private var bytes = Arena<UInt8>(capacity: 16)
  private let hasMarks: Bool

  /// After so many rows a dictionary that holds more than half of them is given up.
  static let trialRows = 8192

  override init(_ plan: ColumnPlan) {
    isPlain = plan.isMostlyDistinct
    hasMarks = !plan.marks.isEmpty
    super.init(plan)
    offsets.append(0)
    if let pool = plan.basePool, !isPlain { preload(pool) }
  }

  private func preload(_ pool: TextPool) {
    for code in 0..<pool.count {
      // Copied to where eight bytes more can be read.
      let text = Array(pool.byteSlice(code).array) + [UInt8](repeating: 0, count: 8)
      text.withUnsafeBufferPointer { text in
        if let base = text.baseAddress { _ = self.code(base, text.count - 8) }
      }
    }
  }

  @inline(__always)
  private func code(_ text: UnsafePointer<UInt8>, _ count: Int) -> UInt32 {
    let key = TextDictionary.key(text, count)
    var slot = 0
    if let known = dictionary.find(text, count, key, slot: &slot) { return known }
    return dictionary.add(text, count, key, slot: slot)
  }

  override func decode(_ chunk: Chunk, rows: [UInt32]?) {
    let wanted = chunk.wanted(rows)
    reserve(wanted)
    if !isPlain, count >= TextDecoder.trialRows, dictionary.count > count / 2,
      ColumnGuess.isLong(dictionary.count, of: count)
    {
      becomePlain()
    }
    if isPlain {
      decodePlain(chunk, rows, wanted)
    } else {
      decodeCodes(chunk, rows, wanted)
    }
    count += wanted
  }

  private func decodeCodes(_ chunk: Chunk, _ rows: [UInt32]?, _ wanted: Int) {
    codes.reserve(wanted)
    let target = codes.base + codes.count
    let quote = plan.quote
    var row = 0
    chunk.forEachCell(plan, rows) { start, end in
      let text = chunk.bytes + start
      let length = end &- start
      if length == 0 || text[0] == quote || hasMarks || length == 2 && text[0] == 0x4E && text[1] == 0x41 {
        let content = special(chunk, start, end)
        if let content, let base = content.baseAddress {
          target[row] = checkedCode(base, content.count, chunk, start)
        } else {
          target[row] = 0
          if content == nil {
            setMissing(count &+ row)
          } else {
            target[row] = checkedCode(text, 0, chunk, start)
          }
        }
      } else if length <= RecentTexts.longest {
        let words = RecentTexts.Words(text, length)
        if let known = recent.code(words) {
          target[row] = known
        } else if let known = known(text, length) {
          // One that is no UTF-8 is in no dictionary, and counted wherever it stands.
          recent.remember(words, known)
          target[row] = known
        } else {
          target[row] = checkedCode(text, length, chunk, start)
        }
      } else {
        target[row] = known(text, length) ?? checkedCode(text, length, chunk, start)
      }
      row &+= 1
      return true
    }
    codes.count += wanted
  }

  @inline(__always)
  private func known(_ text: UnsafePointer<UInt8>, _ length: Int) -> UInt32? {
    var slot = 0
    return dictionary.find(text, length, TextDictionary.key(text, length), slot: &slot)
  }

  /// Marks given by hand are told in the order in which they come, so all rows are decoded for them.
  override var canSkip: Bool { !plan.countsMarks && !hasMarks }

  /// Counts what the cells of these rows have to tell, as `decode` would, and keeps nothing of them.
  override func skip(_ chunk: Chunk, rows: [UInt32]) {
    let quote = plan.quote
    chunk.forEachCell(plan, rows) { start, end in
      let text = chunk.bytes + start
      let length = end &- start
      if length == 0 || text[0] == quote || hasMarks || length == 2 && text[0] == 0x4E && text[1] == 0x41 {
        if let content = special(chunk, start, end) { check(content, chunk, start) }
      } else {
        check(UnsafeBufferPointer(start: text, count: length), chunk, start)
      }
      return true
    }
  }

  @inline(__always)
  private func check(_ cell: UnsafeBufferPointer<UInt8>, _ chunk: Chunk, _ start: Int) {
    var high: UInt8 = 0
    for byte in cell { high |= byte }
    if high >= 0x80, !UTF8Decoder.isValid(cell) { tally.notUTF8.add(line: chunk.line(at: start)) }
  }

  /// The code of a text that may be new: only then must it be looked at whether it is UTF-8. A text that is not
  /// never enters the dictionary as it is, so each such cell comes here and is counted.
  private func checkedCode(_ text: UnsafePointer<UInt8>, _ count: Int, _ chunk: Chunk, _ start: Int) -> UInt32
  {
    let cell = UnsafeBufferPointer(start: text, count: count)
    if UTF8Decoder.isValid(cell) { return code(text, count) }
    tally.notUTF8.add(line: chunk.line(at: start))
    let known = Windows1252.utf8(cell) + [UInt8](repeating: 0, count: 8)
    return known.withUnsafeBufferPointer { known in
      known.baseAddress.map { code($0, known.count - 8) } ?? 0
    }
  }

  /// The content of a cell that is empty, quoted or perhaps a mark; nil when it is missing.
  private func special(_ chunk: Chunk, _ start: Int, _ end: Int) -> UnsafeBufferPointer<UInt8>? {
    if start == end || isEmptyInQuotes(chunk, start, end) {
      tally.empty += 1
      return nil
    }
    let raw = UnsafeBufferPointer(start: chunk.bytes + start, count: end - start)
    var cell = raw
    var isQuoted = false
    if let quote = plan.quote, raw[0] == quote {
      (cell, isQuoted) = unquoter.content(chunk.bytes + start, end - start, quote: quote)
    }
    if plan.guessesMarks && !isQuoted && Marks.isNA(cell) || isOwnMark(cell) {
      tally.addMark(String(decoding: cell, as: UTF8.self))
      return nil
    }
    return cell
  }

  private func decodePlain(_ chunk: Chunk, _ rows: [UInt32]?, _ wanted: Int) {
    offsets.reserve(wanted)
    let quote = plan.quote
    var row = count
    chunk.forEachCell(plan, rows) { start, end in
      let text = chunk.bytes + start
      let length = end &- start
      if length == 0 || text[0] == quote || hasMarks || length == 2 && text[0] == 0x4E && text[1] == 0x41 {
        if let content = special(chunk, start, end) {
          if let base = content.baseAddress { append(base, content.count, chunk, start) }
        } else {
          setMissing(row)
        }
      } else {
        append(text, length, chunk, start)
      }
      offsets.base[offsets.count] = Int64(bytes.count)
      offsets.count &+= 1
      row &+= 1
      return true
    }
  }

  @inline(__always)
  private func append(_ text: UnsafePointer<UInt8>, _ count: Int, _ chunk: Chunk, _ start: Int) {
    bytes.reserve(count)
    let target = UnsafeMutableRawPointer(bytes.base + bytes.count)
    let source = UnsafeRawPointer(text)
    var high: UInt64 = 0
    var index = 0
    while index &+ 8 <= count {
      let word = source.loadUnaligned(fromByteOffset: index, as: UInt64.self)
      target.storeBytes(of: word, toByteOffset: index, as: UInt64.self)
      high |= word
      index &+= 8
    }
    if index < count {
      let word = shortKey(text + index, count &- index)
      target.storeBytes(of: word, toByteOffset: index, as: UInt64.self)
      high |= word
    }
    if high & 0x8080_8080_8080_8080 == 0 {
      bytes.count &+= count
    } else {
      appendChecked(text, count, chunk, start)
    }
  }

  @inline(never)
  private func appendChecked(_ text: UnsafePointer<UInt8>, _ count: Int, _ chunk: Chunk, _ start: Int) {
    let cell = UnsafeBufferPointer(start: text, count: count)
    if UTF8Decoder.isValid(cell) {
      bytes.count += count
      return
    }
    tally.notUTF8.add(line: chunk.line(at: start))
    for byte in Windows1252.utf8(cell) { bytes.append(byte) }
  }

  /// Lays the texts so far one behind the other.
  private func becomePlain() {
    isPlain = true
    offsets.reserve(count)
    for row in 0..<count {
      if !isMissing(row) {
        let entry = dictionary.entry(Int(codes.base[row]))
        bytes.reserve(entry.count)
        if let base = entry.baseAddress { (bytes.base + bytes.count).update(from: base, count: entry.count) }
        bytes.count += entry.count
      }
      offsets.append(Int64(bytes.count))
    }
  }

  override func finish() -> Column {
    if isAllMissing { return .missing(count: count, type: .text) }
    if plan.countsMarks { countMarks() }
    let validity = finishValidity()
    if isPlain {
      let pool = TextPool(offsets: offsets.frozen(), bytes: bytes.frozen(), isDistinct: false)
      return .text(.sequence(start: 0, count: count), pool, validity: validity)
    }
    let pool: TextPool
    if let base = plan.basePool, base.count == dictionary.count {
      pool = base
    } else {
      pool = dictionary.frozen()
    }
    return .text(narrowedCodes(), pool, validity: validity)
  }

  /// Counts the marks that stay text.
  private func countMarks() {
    for mark in Marks.soft {
      let wanted = Array(mark.utf8)
      var found = 0
      if isPlain {
        for row in 0..<count {
          let (start, end) = (Int(offsets.base[row]), Int(offsets.base[row + 1]))
          if end - start == wanted.count,
            wanted.elementsEqual(UnsafeBufferPointer(start: bytes.base + start, count: end - start))
          {
            found += 1
          }
        }
      } else if let code = (0..<dictionary.count).first(where: { wanted.elementsEqual(dictionary.entry($0)) })
      {
        for row in 0..<count where codes.base[row] == UInt32(code) && !isMissing(row) { found += 1 }
      }
      if found > 0 { tally.kept.append((mark, found)) }
    }
  }

  private func narrowedCodes() -> TextCodes {
    if dictionary.count <= 1 << 8 {
      var target = MutableBuffer<UInt8>(count: count)
      var span = target.mutableSpan
      for row in 0..<count { span[row] = UInt8(truncatingIfNeeded: codes.base[row]) }
      return .u8(target.freeze())
    }
    if dictionary.count <= 1 << 16 {
      var target = MutableBuffer<UInt16>(count: count)
      var span = target.mutableSpan
      for row in 0..<count { span[row] = UInt16(truncatingIfNeeded: codes.base[row]) }
      return .u16(target.freeze())
    }
    return .u32(codes.frozen())
  }
}

enum UTF8Decoder {
  static func isValid(_ text: UnsafeBufferPointer<UInt8>) -> Bool {
    var high: UInt8 = 0
    for byte in text { high |= byte }
    if high < 0x80 { return true }
    return (try? UTF8Span(validating: text.span)) != nil
  }
}
