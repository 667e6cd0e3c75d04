/// Finds order statistics without sorting.
enum Selection {
  /// Rearranges `range` so that the value of rank `rank` (an index into the values) stands at its place, with none
  /// greater before it and none less behind it.
  static func select<Element: Comparable & BitwiseCopyable>(
    _ values: inout MutableSpan<Element>, _ range: Range<Int>, rank: Int
  ) {
    var low = range.lowerBound
    var high = range.upperBound - 1
    var seed: UInt64 = 0x9E37_79B9_7F4A_7C15
    while high - low > 16 {
      // A pivot that no order of the data can foresee keeps the work linear.
      seed = TextHash.mix(seed &+ UInt64(truncatingIfNeeded: high - low))
      let length = UInt64(truncatingIfNeeded: high - low + 1)
      let a = values[low + Int(seed % length)]
      let b = values[low + Int((seed >> 21) % length)]
      let c = values[low + Int((seed >> 42) % length)]
      let pivot = max(min(a, b), min(max(a, b), c))
      var left = low
      var right = high
      while left <= right {
        while values[left] < pivot { left &+= 1 }
        while pivot < values[right] { right &-= 1 }
        if left <= right {
          values.swapAt(left, right)
          left &+= 1
          right &-= 1
        }
      }
      if rank <= right {
        high = right
      } else if rank >= left {
        low = left
      } else {
        return
      }
    }
    insertionSort(&values, low, high)
  }

  private static func insertionSort<Element: Comparable & BitwiseCopyable>(
    _ values: inout MutableSpan<Element>, _ low: Int, _ high: Int
  ) {
    if low >= high { return }
    for index in low + 1...high {
      let value = values[index]
      var position = index
      while position > low, value < values[position - 1] {
        values[position] = values[position - 1]
        position -= 1
      }
      values[position] = value
    }
  }

  /// The values at a fraction of the way through the sorted `range` (R type 7): the one at or below, the one above,
  /// and how far between them.
  static func neighbours<Element: Comparable & BitwiseCopyable>(
    _ values: inout MutableSpan<Element>, _ range: Range<Int>, fraction: Double
  ) -> (low: Element, high: Element, weight: Double)? {
    if range.isEmpty { return nil }
    let (below, weight) = place(fraction, among: range.count)
    let rank = range.lowerBound + below
    select(&values, range, rank: rank)
    let low = values[rank]
    if weight <= 0 { return (low, low, 0) }
    return (low, least(values, rank + 1..<range.upperBound), weight)
  }

  /// Where a fraction of the way through so many sorted values lies: the rank at or below, and how far it is to the
  /// next; 0 behind the last.
  static func place(_ fraction: Double, among count: Int) -> (below: Int, weight: Double) {
    let position = Double(count - 1) * fraction
    let below = min(count - 1, max(0, Int(position.rounded(.down))))
    return (below, below + 1 < count ? position - Double(below) : 0)
  }

  /// The least of some values, of which there is one at least.
  static func least<Element: Comparable & BitwiseCopyable>(
    _ values: borrowing MutableSpan<Element>, _ range: Range<Int>
  ) -> Element {
    var least = values[range.lowerBound]
    for index in range where values[index] < least { least = values[index] }
    return least
  }
}
