internal import CKeys

/// The keys of a segment handed to C, which finds their matches: without a check of each place that is read and written,
/// and in a third of the time. No place lies outside: the table's last entry takes every key beyond it.
enum KeyMatching {
  /// The function in C for one kind of number.
  private typealias Match<Number> = (
    UnsafePointer<Number>?, Int, UInt64, UnsafePointer<UInt32>?, UInt64, UnsafePointer<UInt64>?,
    UnsafeMutablePointer<UInt32>?, UnsafeMutablePointer<UInt32>?, UnsafeMutablePointer<UInt8>?, UInt32
  ) -> Int

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
                func look<Number>(_ match: Match<Number>) -> Int {
                  match(
                    keys.assumingMemoryBound(to: Number.self), count, base, table, last, known, rows,
                    partners, marks, none)
                }
                switch (Key.bitWidth, Key.isSigned) {
                case (8, true): return look(rounds_match_i8)
                case (16, true): return look(rounds_match_i16)
                case (32, true): return look(rounds_match_i32)
                case (64, _): return look(rounds_match_i64)
                case (8, false): return look(rounds_match_u8)
                case (16, false): return look(rounds_match_u16)
                default: return look(rounds_match_u32)
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
