/// The rows of a float column that may be among its first ones, found without a number for each row: most rows are left
/// out sixteen at a time, by one comparison each with the last of the first ones so far.
struct FirstFloats {
  private let values: Buffer<Double>
  private let known: Bitmap?
  private let flip: UInt64
  /// Multiplied by it, greater values come first.
  private let sign: Double

  init(_ values: Buffer<Double>, _ known: Bitmap?, descending: Bool) {
    self.values = values
    self.known = known
    flip = descending ? ~0 : 0
    sign = descending ? 1 : -1
  }

  /// The rows, ascending, that may be among the first `n` or equal to the last of these; nil where fewer values than
  /// that are known.
  func rows(_ n: Int) -> Buffer<UInt32>? {
    let span = values.span
    var heap = MaximumHeap(capacity: n)
    var met = MutableBuffer<UInt32>(capacity: 8 * n + 16)
    var row = 0
    while row < span.count, met.count < n {
      if isKnown(row) {
        heap.insert(key(span[row]))
        met.append(UInt32(truncatingIfNeeded: row))
      }
      row += 1
    }
    if met.count < n { return nil }
    var limit = place(heap.greatest)
    while row < span.count {
      let end = min(row &+ 16, span.count)
      var hits = 0
      for place in row..<end { hits |= span[place] * sign >= limit ? 1 : 0 }
      if hits != 0 {
        for place in row..<end where span[place] * sign >= limit && isKnown(place) {
          met.append(UInt32(truncatingIfNeeded: place))
          let key = key(span[place])
          if key < heap.greatest {
            heap.replaceGreatest(key)
            limit = self.place(heap.greatest)
          }
        }
      }
      row = end
    }
    var kept = MutableBuffer<UInt32>(capacity: met.count)
    for index in 0..<met.count where span[Int(met[index])] * sign >= limit { kept.append(met[index]) }
    return kept.freeze()
  }

  /// Not-a-number is missing.
  private func isKnown(_ row: Int) -> Bool { values[row] == values[row] && known?[row] ?? true }

  private func key(_ value: Double) -> UInt64 { Keys.orderedBits(value) ^ flip }

  /// The value of a key, greater where it comes first.
  private func place(_ key: UInt64) -> Double {
    let bits = key ^ flip
    return Double(bitPattern: bits >> 63 == 0 ? ~bits : bits & ~(1 << 63)) * sign
  }
}
