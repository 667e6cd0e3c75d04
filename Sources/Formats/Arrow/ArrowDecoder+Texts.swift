import Columns

extension ArrowDecoder {
  func decodeText(_ offsetBits: Int, _ range: Range<Int>, _ validity: Bitmap?) throws(ArrowFault) -> Column {
    let bytes = try batch.bytes(cursor.buffer + 2)
    let offsets = try offsets(offsetBits, range, limit: bytes.count)
    try checkText(bytes, offsets)
    let pool = TextPool(offsets: offsets, bytes: bytes, isDistinct: false)
    return .text(.sequence(start: 0, count: range.count), pool, validity: validity)
  }

  /// The offsets of the rows and the one behind them, never falling and never beyond `limit`.
  func offsets(_ bits: Int, _ range: Range<Int>, limit: Int) throws(ArrowFault) -> Buffer<Int64> {
    let wider = range.lowerBound..<range.upperBound + 1
    let offsets =
      bits == 32 ? try values(Int32.self, wider).map { Int64($0) } : try values(Int64.self, wider)
    let span = offsets.span
    // A falling pair leaves its sign bit behind, and so does what lies below 0, from which a difference may wrap; the
    // first and the last bound all others then.
    var falling: Int64 = 0
    for row in 0..<span.count - 1 { falling |= (span[row + 1] &- span[row]) | span[row + 1] }
    guard falling >= 0, span[0] >= 0, span[span.count - 1] <= Int64(limit) else {
      throw damaged("has texts or lists that lie outside of its bytes")
    }
    return offsets
  }

  private func checkText(_ bytes: Buffer<UInt8>, _ offsets: Buffer<Int64>) throws(ArrowFault) {
    let all = bytes.slice(Int(offsets[0])..<Int(offsets[offsets.count - 1]))
    if all.isASCII { return }
    let notText = ArrowFault("has text in column `\(column)` that is not UTF-8")
    guard all.isUTF8 else { throw notText }
    // Together they are UTF-8; each is if none begins in the middle of a character.
    let span = bytes.span
    let starts = offsets.span
    for row in 0..<starts.count {
      let start = Int(starts[row])
      if start < span.count, span[start] & 0xC0 == 0x80, start < Int(starts[starts.count - 1]) {
        throw notText
      }
    }
  }

  /// Texts of up to twelve bytes stand in their row; of longer ones the row says where they are.
  func decodeViews(_ range: Range<Int>, _ validity: Bitmap?) throws(ArrowFault) -> Column {
    let (fourfold, overflow) = range.upperBound.multipliedReportingOverflow(by: 4)
    guard !overflow,
      let views = try batch.bytes(cursor.buffer + 1).values(Int32.self, count: fourfold)
    else { throw damaged("has fewer values than rows") }
    let inline = views.asBytes
    var sources: [Buffer<UInt8>] = []
    for index in 0..<(try cursor.views(in: batch)) {
      sources.append(try batch.bytes(cursor.buffer + 2 + index))
    }
    var offsets = MutableBuffer<Int64>(capacity: range.count + 1)
    var bytes = MutableBuffer<UInt8>(capacity: range.count * 8)
    offsets.append(0)
    for row in range {
      if validity?[row - range.lowerBound] ?? true {
        let length = Int(views[4 * row])
        if 0...12 ~= length {
          bytes.append(inline.span.extracting(16 * row + 4..<16 * row + 4 + length))
        } else {
          let (source, start) = (Int(views[4 * row + 2]), Int(views[4 * row + 3]))
          guard length > 0, sources.indices ~= source, start >= 0, start <= sources[source].count - length
          else {
            throw damaged("has texts that lie outside of its bytes")
          }
          let part = sources[source].slice(start..<start + length)
          bytes.append(part.span)
        }
      }
      offsets.append(Int64(bytes.count))
    }
    let pool = TextPool(offsets: offsets.freeze(), bytes: bytes.freeze(), isDistinct: false)
    try checkText(pool.bytes, pool.offsets)
    return .text(.sequence(start: 0, count: range.count), pool, validity: validity)
  }
}
