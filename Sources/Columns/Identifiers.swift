import Scheduling

/// Identifiers that come back: the patients of encounters, the beds of transfers. Nearly each row of a segment has one of
/// its own, so that the segments are read without a dictionary; over all of them each comes several times.
extension Column {
  /// Rows that are looked at to see whether a column holds such texts.
  private static let sampledRows = 1 << 15
  /// A dictionary of fewer rows is made as fast when it is first needed.
  private static let leastIdentifiers = 1 << 18
  /// Bytes that a row may take while the dictionary is made.
  package static let identifierBytes = 24

  /// The parts of a text column over one dictionary, where its texts are numbers in disguise and half of them or more
  /// come back; nil for any other column. Throws when the query is cancelled.
  package static func codedIdentifiers(_ parts: [Column], workers: Workers) throws -> [Column]? {
    let rows = parts.reduce(0) { $0 + $1.count }
    guard rows >= leastIdentifiers, let sample = sample(parts, rows: rows) else { return nil }
    let numbers = try TextNumbers([sample], by: workers)
    guard NumberedDictionary.holds(numbers, entries: rows) else { return nil }
    let found = numbers.shortValues(sample, 0..<sample.count).array.sorted()
    let again = zip(found, found.dropFirst()).count { $0 == $1 }
    // Of n rows drawn from D texts that are as frequent as each other about n² / 2D have one that another has: where D is
    // half of the rows, n² / rows.
    guard again * rows > found.count * found.count else { return nil }
    return try coded(parts, workers: workers) { try NumberedDictionary.united($0, workers: workers) }
  }

  /// Texts of rows that lie evenly in the parts, none of them missing; nil where the parts share a dictionary, or do not
  /// lie in memory of their own.
  private static func sample(_ parts: [Column], rows: Int) -> TextPool? {
    var offsets = MutableBuffer<Int64>(capacity: sampledRows + 1)
    var bytes = MutableBuffer<UInt8>(capacity: sampledRows * 8)
    offsets.append(0)
    let step = max(1, rows / sampledRows)
    var next = 0
    var isShared = true
    for part in parts {
      guard case .text(let codes, let pool) = part.storage, !pool.isOrdered, pool.bytes.heapAddress != nil
      else { return nil }
      if pool !== parts[0].pool || !pool.isDistinct { isShared = false }
      let texts = pool.bytes
      while next < part.count {
        if part.isKnown(next) {
          bytes.append(texts.span.extracting(pool.range(codes[next])))
          offsets.append(Int64(bytes.count))
        }
        next += step
      }
      next -= part.count
    }
    return isShared ? nil : TextPool(offsets: offsets.freeze(), bytes: bytes.freeze(), isDistinct: false)
  }
}
