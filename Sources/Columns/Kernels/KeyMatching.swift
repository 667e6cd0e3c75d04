internal import CKeys

/// The keys of a segment handed to C, which finds their matches: without a check of each place that is read and written,
/// and in a third of the time. No place lies outside: the table's last entry takes every key beyond it.
enum KeyMatching {
  /// - Parameters:
  ///   - table: what is known of each key from `base` on; the last entry is `missingRow`, and of all keys beyond.
  ///   - marks: one more than there are numbers to mark.
  /// - Returns: how many rows were found; they and their numbers are the first in `rows` and `partners`.
  static func found<Key: FixedWidthInteger & BitwiseCopyable>(
    _ keys: Buffer<Key>, base: UInt64, table: Buffer<UInt32>, known: Bitmap?,
    rows: inout MutableBuffer<UInt32>, partners: inout MutableBuffer<UInt32>,
    marks: inout MutableBuffer<UInt8>
  ) -> Int {
    let count = keys.count
    precondition(table.count > 0 && marks.count > 0 && rows.count > count && partners.count > count)
    precondition(known.map { $0.words.count * 64 >= count } ?? true)
    let last = UInt64(table.count - 1)
    let none = UInt32(truncatingIfNeeded: marks.count - 1)
    var rowSpan = rows.mutableSpan
    var partnerSpan = partners.mutableSpan
    var markSpan = marks.mutableSpan
    return rowSpan.withUnsafeMutableBufferPointer { rows in
      partnerSpan.withUnsafeMutableBufferPointer { partners in
        markSpan.withUnsafeMutableBufferPointer { marks in
          guard let rows = rows.baseAddress, let partners = partners.baseAddress,
            let marks = marks.baseAddress
          else { return 0 }
          return keys.withUnsafePointer { keys in
            table.withUnsafePointer { table in
              let keys = UnsafeRawPointer(keys)
              func run(_ known: UnsafePointer<UInt64>?) -> Int {
                switch (Key.bitWidth, Key.isSigned) {
                case (8, true):
                  rounds_match_i8(
                    keys.assumingMemoryBound(to: Int8.self), count, base, table, last, known, rows, partners,
                    marks,
                    none)
                case (16, true):
                  rounds_match_i16(
                    keys.assumingMemoryBound(to: Int16.self), count, base, table, last, known, rows, partners,
                    marks,
                    none)
                case (32, true):
                  rounds_match_i32(
                    keys.assumingMemoryBound(to: Int32.self), count, base, table, last, known, rows, partners,
                    marks,
                    none)
                case (64, _):
                  rounds_match_i64(
                    keys.assumingMemoryBound(to: Int64.self), count, base, table, last, known, rows, partners,
                    marks,
                    none)
                case (8, false):
                  rounds_match_u8(
                    keys.assumingMemoryBound(to: UInt8.self), count, base, table, last, known, rows, partners,
                    marks,
                    none)
                case (16, false):
                  rounds_match_u16(
                    keys.assumingMemoryBound(to: UInt16.self), count, base, table, last, known, rows,
                    partners, marks,
                    none)
                default:
                  rounds_match_u32(
                    keys.assumingMemoryBound(to: UInt32.self), count, base, table, last, known, rows,
                    partners, marks,
                    none)
                }
              }
              return known.map { $0.words.withUnsafePointer { run($0) } } ?? run(nil)
            }
          }
        }
      }
    }
  }
}
