import Glibc

/// The sum and number of whole numbers, in 128 bits.
struct IntegerSum: AggregateCell {
  private var low: UInt64 = 0
  private var high: Int64 = 0
  var count: Int64 = 0

  @inline(__always)
  mutating func take(_ value: Int64) {
    let (sum, carry) = low.addingReportingOverflow(UInt64(bitPattern: value))
    low = sum
    high &+= (value &>> 63) &+ (carry ? 1 : 0)
    count &+= 1
  }

  mutating func merge(_ later: IntegerSum) {
    let (sum, carry) = low.addingReportingOverflow(later.low)
    low = sum
    high &+= later.high &+ (carry ? 1 : 0)
    count &+= later.count
  }

  var total: Int128 { Int128(high) << 64 | Int128(low) }
  /// The total where it fits 64 bits.
  var fitting: Int64? { Int64(exactly: total) }
  /// The mean, rounded once where the total is below 2^53 and never off by more than a few last bits.
  var mean: Double { Double(total) / Double(count) }
}

/// The sum and number of floats, compensated: the error is that of one rounding (Neumaier's summation with Knuth's
/// branch-free two-sum).
struct FloatSum: AggregateCell {
  private var sum = 0.0
  private var lost = 0.0
  var count: Int64 = 0

  @inline(__always)
  private mutating func add(_ value: Double) {
    let next = sum + value
    let back = next - sum
    lost += (sum - (next - back)) + (value - back)
    sum = next
  }

  @inline(__always)
  mutating func take(_ value: Double) {
    add(value)
    count &+= 1
  }

  mutating func merge(_ later: FloatSum) {
    add(later.sum)
    lost += later.lost
    count &+= later.count
  }

  mutating func take(all values: Span<Double>) {
    var lanes = FloatSumLanes()
    let whole = values.count & ~3
    var first = 0
    while first < whole {
      lanes.take(
        SIMD4(values[first], values[first &+ 1], values[first &+ 2], values[first &+ 3]))
      first &+= 4
    }
    merge(lanes, count: whole)
    for row in whole..<values.count { take(values[row]) }
  }

  mutating func take(_ values: Span<Double>, at rows: Span<UInt32>) {
    var lanes = FloatSumLanes()
    let whole = rows.count & ~3
    var first = 0
    while first < whole {
      lanes.take(
        SIMD4(
          values[Int(rows[first])], values[Int(rows[first &+ 1])], values[Int(rows[first &+ 2])],
          values[Int(rows[first &+ 3])]))
      first &+= 4
    }
    merge(lanes, count: whole)
    for index in whole..<rows.count { take(values[Int(rows[index])]) }
  }

  /// What is not a number makes the sum none: looking at the sum is enough.
  mutating func take(unproven values: Span<Double>) -> Bool {
    var cell = self
    cell.take(all: values)
    if cell.sum.isNaN { return false }
    self = cell
    return true
  }

  private mutating func merge(_ lanes: FloatSumLanes, count whole: Int) {
    for lane in 0..<4 {
      add(lanes.sum[lane])
      lost += lanes.lost[lane]
    }
    count &+= Int64(whole)
  }

  /// An infinity makes the lost part meaningless.
  var total: Double { sum.isFinite ? sum + lost : sum }
  /// Rounded once, from the sum with what it lost: the mean of equal numbers is that number.
  var mean: Double {
    let n = Double(count)
    let quotient = total / n
    let rest = sum.addingProduct(-quotient, n) + lost
    return rest.isFinite ? quotient + rest / n : quotient
  }
}

/// The product and number of floats: digits and exponent are kept apart, so that a product on its way may be greater or
/// smaller than any float, in whatever order the rows come.
struct FloatProduct: AggregateCell {
  private var digits = 1.0
  private var exponent: Int64 = 0
  var count: Int64 = 0

  mutating func take(_ value: Double) {
    multiply(by: value)
    count &+= 1
  }

  mutating func merge(_ later: FloatProduct) {
    multiply(by: later.digits)
    exponent += later.exponent
    count &+= later.count
  }

  private mutating func multiply(by value: Double) {
    digits *= value.significandPart
    exponent += Int64(value.exponentPart)
    exponent += Int64(digits.exponentPart)
    digits = digits.significandPart
  }

  /// Infinite where it is greater than any float.
  var product: Double { scalbn(digits, Int(max(-5_000, min(5_000, exponent)))) }
}

extension Double {
  /// With its sign, from 1 to 2; 0 of 0.
  fileprivate var significandPart: Double { self == 0 ? self : self < 0 ? -significand : significand }
  fileprivate var exponentPart: Int { self == 0 ? 0 : Int(exponent) }
}

/// Four compensated sums side by side, so that additions need not wait for each other.
private struct FloatSumLanes {
  var sum = SIMD4<Double>()
  var lost = SIMD4<Double>()

  @inline(__always)
  mutating func take(_ values: SIMD4<Double>) {
    let next = sum + values
    let back = next - sum
    lost += (sum - (next - back)) + (values - back)
    sum = next
  }
}

/// The number of values.
struct Counter: AggregateCell {
  var count: Int64 = 0
  @inline(__always)
  mutating func take(_ value: Int64) { count &+= 1 }
  mutating func merge(_ later: Counter) { count &+= later.count }
}

/// How many conditions are known and how many true.
struct ConditionCount: AggregateCell {
  var known: Int64 = 0
  var holding: Int64 = 0
  @inline(__always)
  mutating func take(_ value: Int64) {
    known &+= 1
    holding &+= value
  }
  mutating func merge(_ later: ConditionCount) {
    known &+= later.known
    holding &+= later.holding
  }
}

/// The least and the greatest whole number; the least is above the greatest while there is none.
struct IntegerExtremes: AggregateCell {
  var least = Int64.max
  var greatest = Int64.min
  var isKnown: Bool { least <= greatest }
  @inline(__always)
  mutating func take(_ value: Int64) {
    least = min(least, value)
    greatest = max(greatest, value)
  }
  mutating func merge(_ later: IntegerExtremes) {
    least = min(least, later.least)
    greatest = max(greatest, later.greatest)
  }
}

/// The least and the greatest float.
struct FloatExtremes: AggregateCell {
  var least = Double.infinity
  var greatest = -Double.infinity
  var isKnown: Bool { least <= greatest }
  var width: Double { greatest - least }
  @inline(__always)
  mutating func take(_ value: Double) {
    least = value < least ? value : least
    greatest = value > greatest ? value : greatest
  }
  mutating func merge(_ later: FloatExtremes) {
    least = later.least < least ? later.least : least
    greatest = later.greatest > greatest ? later.greatest : greatest
  }
}

/// Number, mean and sums of powers of the distances from it, one value at a time (Welford; merged as Chan et al.).
struct Moments: AggregateCell {
  var count = 0.0
  /// The first value, from which the others are taken: of values that lie close together, far from 0, the differences
  /// are exact where a mean of the values themselves would be rounded.
  private var origin = 0.0
  /// The mean of the differences from it.
  private var mean = 0.0
  /// The sum of squared distances.
  var squares = 0.0

  @inline(__always)
  mutating func take(_ value: Double) {
    if count == 0 { origin = value }
    count += 1
    let value = value - origin
    let distance = value - mean
    mean += distance / count
    squares += distance * (value - mean)
  }

  mutating func merge(_ later: Moments) {
    if later.count == 0 { return }
    if count == 0 {
      self = later
      return
    }
    let total = count + later.count
    let distance = (later.origin - origin) + (later.mean - mean)
    squares += later.squares + distance * distance * (count * later.count / total)
    mean += distance * (later.count / total)
    count = total
  }

  /// With n − 1; nil below two values.
  var variance: Double? { count < 2 ? nil : squares / (count - 1) }
  /// Whether the values differ by so little that their squares are below the smallest number.
  var isTooSmall: Bool { mean != 0 && squares < .leastNormalMagnitude }
}

/// The same with cubes, for skewness.
struct ThirdMoments: AggregateCell {
  var count = 0.0
  private var origin = 0.0
  private var mean = 0.0
  var squares = 0.0
  var cubes = 0.0

  @inline(__always)
  mutating func take(_ value: Double) {
    if count == 0 { origin = value }
    let before = count
    count += 1
    let value = value - origin
    let distance = value - mean
    let step = distance / count
    let product = distance * step * before
    mean += step
    cubes += product * step * (count - 2) - 3 * step * squares
    squares += product
  }

  mutating func merge(_ later: ThirdMoments) {
    if later.count == 0 { return }
    if count == 0 {
      self = later
      return
    }
    let (a, b) = (count, later.count)
    let total = a + b
    let distance = (later.origin - origin) + (later.mean - mean)
    let cross = distance * distance * distance * (a * b * (a - b) / (total * total))
    cubes += later.cubes + cross + 3 * distance * (a * later.squares - b * squares) / total
    squares += later.squares + distance * distance * (a * b / total)
    mean += distance * (b / total)
    count = total
  }

  /// Whether the values differ by so little that powers of it are below the smallest number.
  var isTooSmall: Bool { mean != 0 && squares * squares.squareRoot() < .leastNormalMagnitude }

  /// The adjusted Fisher–Pearson coefficient; nil below three values or without spread, infinite where the powers are
  /// beyond the largest number.
  var skewness: Double? {
    guard count >= 3 else { return nil }
    guard squares.isFinite else { return .infinity }
    guard squares > 0 else { return nil }
    let plain = (count.squareRoot() * cubes) / (squares * squares.squareRoot())
    return plain * (count * (count - 1)).squareRoot() / (count - 2)
  }
}
