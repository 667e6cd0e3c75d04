import Columns
import Synchronization

/// The dictionaries of a file, each decoded when the first column asks for it.
final class ArrowDictionaries: Sendable {
  struct Entries: Sendable {
    var column: Column
    /// The entries of a text dictionary.
    var pool: TextPool?
  }

  private let batches: [Int64: (header: FlatTable, body: Buffer<UInt8>)]
  private let known = Mutex<[Int64: Entries]>([:])

  init(_ batches: [ArrowFile.Batch]) throws(ArrowFault) {
    var byID: [Int64: (header: FlatTable, body: Buffer<UInt8>)] = [:]
    for batch in batches {
      let id = try batch.header.integer(0, Int64.self)
      guard try !batch.header.bool(2) else {
        throw ArrowFault(
          "has a dictionary that comes in parts (deltas), which is not read",
          help: ["write it again with one dictionary: in pyarrow, table.unify_dictionaries()"])
      }
      guard byID[id] == nil else {
        throw ArrowFault(
          "has a dictionary that is replaced between batches, which is not read",
          help: ["write it again with one dictionary: in pyarrow, table.unify_dictionaries()"])
      }
      guard let header = try batch.header.table(1) else { throw .damaged("a dictionary is empty") }
      byID[id] = (header, batch.body)
    }
    self.batches = byID
  }

  func entries(
    _ field: ArrowField, _ dictionary: ArrowField.Dictionary, column: String
  ) throws(ArrowFault) -> Entries {
    if let entries = known.withLock({ $0[dictionary.id] }) {
      // Two columns may share a dictionary, but not as different types.
      guard entries.column.type == field.dataType else {
        throw .damaged("column `\(column)` shares a dictionary of another type")
      }
      return entries
    }
    let made = try decode(field, dictionary, column: column)
    // Of two threads that came at once, all use the dictionary of the first: one pool for the whole column.
    return known.withLock { known in
      if let first = known[dictionary.id] { return first }
      known[dictionary.id] = made
      return made
    }
  }

  private func decode(
    _ field: ArrowField, _ dictionary: ArrowField.Dictionary, column: String
  ) throws(ArrowFault) -> Entries {
    guard let (header, body) = batches[dictionary.id] else {
      throw .damaged("the dictionary of column `\(column)` is not there")
    }
    let batch = try ArrowBatch(header, body: body)
    var plain = field
    plain.dictionary = nil
    var decoder = ArrowDecoder(batch, self, column: column, at: ArrowCursor())
    let entries = try decoder.decode(plain, rows: 0..<batch.rows)
    guard case .text(_, let pool) = entries.storage else { return Entries(column: entries, pool: nil) }
    let isDistinct = Self.isDistinct(pool)
    let isOrdered = dictionary.isOrdered && isDistinct && entries.validity == nil
    let order = isOrdered ? Buffer((0..<pool.count).map { UInt32($0) }) : nil
    let shared = TextPool(offsets: pool.offsets, bytes: pool.bytes, isDistinct: isDistinct, ownOrder: order)
    return Entries(column: entries, pool: shared)
  }

  private static func isDistinct(_ pool: TextPool) -> Bool {
    var interner = TextInterner(capacity: pool.count)
    let bytes = pool.bytes
    for index in 0..<pool.count {
      if interner.code(of: bytes.span.extracting(pool.range(index))) != UInt32(index) { return false }
    }
    return true
  }
}
