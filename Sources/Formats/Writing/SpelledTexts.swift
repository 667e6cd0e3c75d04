import Columns
import Scheduling

/// Texts as they stand in an output: spelled once, for all the rows that have them.
struct SpelledTexts: Sendable {
  /// Entry `i` lies at `offsets[i]..<offsets[i + 1]` of the bytes.
  let offsets: Buffer<Int64>
  let bytes: Buffer<UInt8>
  /// What stands before and after each entry; 0 for nothing.
  let quote: UInt8
  /// Bytes of the longest entry, without quotes around.
  let longest: Int

  /// The entries of a range, counted from its start; where all are spelled as they are, the pool's own bytes.
  init(_ pool: TextPool, _ range: Range<Int>, _ spelling: CellSpelling) {
    let own = pool.offsets.slice(range.lowerBound..<range.upperBound + 1)
    if let longest = Self.longestPlain(own, pool.bytes, spelling) {
      self.init(offsets: own, bytes: pool.bytes, quote: spelling.isJSON ? 34 : 0, longest: longest)
      return
    }
    let (poolBytes, start) = (pool.bytes, range.lowerBound)
    let texts = poolBytes.span
    self.init(count: range.count) { index, spelled in
      let text = texts.extracting(pool.range(start + index))
      switch spelling {
      case .json: spelled.append(json: text)
      case .delimited(let delimiter, let isOnlyColumn):
        spelled.append(delimited: text, by: delimiter, isOnlyColumn: isOnlyColumn)
      }
    }
  }

  /// Entries made one by one, each appended to the bytes before it.
  init(count: Int, _ spell: (Int, inout [UInt8]) -> Void) {
    var spelled: [UInt8] = []
    var ends = MutableBuffer<Int64>(capacity: count + 1)
    var longest = 0
    ends.append(0)
    for index in 0..<count {
      let start = spelled.count
      spell(index, &spelled)
      longest = max(longest, spelled.count - start)
      ends.append(Int64(spelled.count))
    }
    self.init(offsets: ends.freeze(), bytes: Buffer(spelled), quote: 0, longest: longest)
  }

  private init(offsets: Buffer<Int64>, bytes: Buffer<UInt8>, quote: UInt8, longest: Int) {
    self.offsets = offsets
    self.bytes = bytes
    self.quote = quote
    self.longest = longest
  }

  /// Bytes of the longest entry; nil where one is not spelled as it is.
  private static func longestPlain(
    _ offsets: Buffer<Int64>, _ bytes: Buffer<UInt8>, _ spelling: CellSpelling
  ) -> Int? {
    let (ends, texts) = (offsets.span, bytes.span)
    var longest = 0
    for index in 0..<ends.count - 1 {
      let text = texts.extracting(Int(ends[index])..<Int(ends[index + 1]))
      longest = max(longest, text.count)
      switch spelling {
      case .delimited(let delimiter, let isOnlyColumn):
        if [UInt8].needsQuotes(text, delimiter, isOnlyColumn: isOnlyColumn) { return nil }
      case .json:
        for position in 0..<text.count {
          let byte = text[position]
          if byte < 32 || byte == 34 || byte == 92 { return nil }
        }
      }
    }
    return longest
  }
}

extension SpelledTexts {
  /// The pools that are spelled as a whole, since no fewer rows of the table look into them than they have entries.
  static func shared(by table: Table, _ spelling: CellSpelling, _ workers: Workers) throws
    -> [ObjectIdentifier: SpelledTexts]
  {
    var rows: [ObjectIdentifier: (pool: TextPool, rows: Int)] = [:]
    for segment in table.segments {
      for column in segment.columns {
        guard case .text(let codes, let pool) = column.storage else { continue }
        if case .sequence = codes { continue }
        rows[ObjectIdentifier(pool), default: (pool, 0)].rows += column.count
      }
    }
    let pools = rows.values.filter { $0.rows >= $0.pool.count }.map(\.pool)
    let spelled = try workers.map(pools.count) { SpelledTexts(pools[$0], 0..<pools[$0].count, spelling) }
    return Dictionary(uniqueKeysWithValues: zip(pools.map { ObjectIdentifier($0) }, spelled))
  }
}
