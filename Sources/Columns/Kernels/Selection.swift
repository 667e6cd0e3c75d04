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
    let position = Double(range.count - 1) * fraction
    let below = min(range.count - 1, max(0, Int(position.rounded(.down))))
    let rank = range.lowerBound + below
    select(&values, range, rank: rank)
    let low = values[rank]
    let weight = position - Double(below)
    if weight <= 0 || rank + 1 >= range.upperBound { return (low, low, 0) }
    var high = values[rank + 1]
    for index in rank + 1..<range.upperBound where values[index] < high { high = values[index] }
    return (low, high, weight)
  }
}
