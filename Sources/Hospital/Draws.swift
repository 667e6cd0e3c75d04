import Glibc

/// A stream of random numbers (splitmix64) that is the same on every run and machine.
///
/// Source: G. Steele, D. Lea, C. Flood, "Fast splittable pseudorandom number generators".
struct Draws {
  private var state: UInt64

  init(seed: UInt64) { state = seed }

  /// The stream of one table: names part the streams, so no table depends on which was made before it.
  init(seed: UInt64, name: StaticString) {
    var hash: UInt64 = 0xCBF2_9CE4_8422_2325
    name.withUTF8Buffer { bytes in
      for byte in bytes { hash = (hash ^ UInt64(byte)) &* 0x100_0000_01B3 }
    }
    state = seed ^ hash
    _ = next()
  }

  @inline(__always)
  mutating func next() -> UInt64 {
    state &+= 0x9E37_79B9_7F4A_7C15
    var mixed = state
    mixed = (mixed ^ (mixed >> 30)) &* 0xBF58_476D_1CE4_E5B9
    mixed = (mixed ^ (mixed >> 27)) &* 0x94D0_49BB_1331_11EB
    return mixed ^ (mixed >> 31)
  }

  /// In 0 ..< 1.
  @inline(__always)
  mutating func uniform() -> Double { Double(next() >> 11) * 0x1p-53 }

  @inline(__always)
  mutating func chance(_ probability: Double) -> Bool { uniform() < probability }

  /// In 0 ..< bound; 0 when the bound is not positive.
  @inline(__always)
  mutating func below(_ bound: Int) -> Int {
    bound <= 1 ? 0 : Int(next().multipliedFullWidth(by: UInt64(bound)).high)
  }

  /// In the range, both ends included.
  @inline(__always)
  mutating func within(_ range: ClosedRange<Int>) -> Int { range.lowerBound + below(range.count) }

  /// Standard normal (Box and Muller).
  mutating func normal() -> Double {
    let radius = sqrt(-2 * log(1 - uniform()))
    return radius * cos(2 * .pi * uniform())
  }

  mutating func normal(_ mean: Double, _ deviation: Double) -> Double { mean + deviation * normal() }

  mutating func logNormal(median: Double, sigma: Double) -> Double { median * exp(sigma * normal()) }

  mutating func exponential(mean: Double) -> Double { -mean * log(1 - uniform()) }

  /// A count; large means by the normal approximation.
  mutating func poisson(_ mean: Double) -> Int {
    if mean <= 0 { return 0 }
    if mean > 40 { return max(0, Int((mean + sqrt(mean) * normal()).rounded())) }
    let limit = exp(-mean)
    var product = uniform()
    var count = 0
    while product > limit {
      product *= uniform()
      count += 1
    }
    return count
  }

  /// An index, each as likely as its share of the weights.
  @inline(__always)
  mutating func pick(_ weights: Weights) -> Int {
    let point = uniform() * weights.total
    var index = 0
    while index < weights.last, point >= weights.upTo[index] { index += 1 }
    return index
  }
}

/// Running sums of weights, made once for many picks.
struct Weights: Sendable {
  let upTo: [Double]
  let total: Double
  let last: Int

  init(_ weights: [Double]) {
    var sum = 0.0
    upTo = weights.map { weight in
      sum += weight
      return sum
    }
    total = sum
    last = max(0, weights.count - 1)
  }
}

extension Double {
  /// Rounded to so many decimal places, which also hides the last bits of the C library's functions.
  @inline(__always)
  func rounded(places scale: Double) -> Double { (self * scale).rounded() / scale }
}
