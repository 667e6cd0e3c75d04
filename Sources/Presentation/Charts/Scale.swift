import Columns
import Glibc

/// A place on an axis with its label.
struct Tick: Sendable, Equatable {
  var position: Double
  var label: String
}

/// What the numbers along an axis are.
enum Measure: Sendable, Equatable {
  case number
  /// Whole numbers: no ticks between them.
  case whole
  /// Whole numbers that are names (years): no thousands separators.
  case name
  /// Days since 1970-01-01.
  case date
  /// Microseconds since 1970-01-01T00:00.
  case datetime
  /// Positions 0, 1, 2 … with these labels.
  case categories([String])
}

/// A line of numbers with round ticks.
struct Axis: Sendable {
  var name: String
  var low: Double
  var high: Double
  var ticks: [Tick]

  /// The share of the way from `low` to `high`, 0 to 1 inside.
  func share(_ value: Double) -> Double {
    let length = high - low
    if length == 0 { return 0.5 }
    if length.isFinite { return (value - low) / length }
    // Ends whose distance is beyond the largest number are halved first.
    return (value / 2 - low / 2) / (high / 2 - low / 2)
  }

  /// An axis without ticks.
  init(name: String, low: Double, high: Double) {
    (self.name, self.low, self.high, ticks) = (name, low, high, [])
  }

  /// An axis that holds the values, widened to round ticks.
  ///
  /// - Parameters:
  ///   - ticks: how many fit.
  ///   - zero: whether the axis must hold 0 (bars and areas).
  init(
    name: String, values: some Sequence<Double>, measure: Measure, ticks target: Int, zero: Bool = false
  ) {
    self.name = name
    var low = Double.infinity
    var high = -Double.infinity
    for value in values where value.isFinite {
      low = min(low, value)
      high = max(high, value)
    }
    if low > high { (low, high) = (0, 1) }
    if zero { (low, high) = (min(low, 0), max(high, 0)) }
    let target = max(2, target)
    switch measure {
    case .categories(let labels):
      (self.low, self.high) = (-0.5, max(0.5, Double(labels.count) - 0.5))
      ticks = labels.enumerated().map { Tick(position: Double($0.offset), label: $0.element) }
    case .date:
      if low == high { (low, high) = (low - 1, high + 1) }
      let micro = Double(Calendar.microsecondsPerDay)
      ticks = TimeTicks.make(low * micro, high * micro, target, days: true).map {
        Tick(position: $0.position / micro, label: $0.label)
      }
      (self.low, self.high) = (low, high)
    case .datetime:
      if low == high {
        (low, high) = (
          low - Double(Calendar.microsecondsPerHour), high + Double(Calendar.microsecondsPerHour)
        )
      }
      ticks = TimeTicks.make(low, high, target, days: false)
      (self.low, self.high) = (low, high)
    case .number, .whole, .name:
      (self.low, self.high, ticks) = Axis.round(low, high, target, measure)
    }
  }

  /// The largest step of 1, 2 or 5 times a power of ten that gives at most about `target` steps.
  static func step(_ range: Double, _ target: Int) -> Double {
    let raw = range / Double(max(1, target))
    guard raw > 0, raw.isFinite else { return 1 }
    // Below, powers of ten are no longer exact numbers.
    if raw < 1e-290 { return 1e-290 }
    let power = pow(10, log10(raw).rounded(.down))
    for factor in [1.0, 2, 5, 10] where raw <= factor * power * (1 + 1e-9) { return factor * power }
    return 10 * power
  }

  private static func round(
    _ low: Double, _ high: Double, _ target: Int, _ measure: Measure
  ) -> (Double, Double, [Tick]) {
    var (low, high) = (low, high)
    // Values that differ by no more than their last digits are one value, as far as an axis can tell.
    if high - low <= max(low.magnitude, high.magnitude) * 1e-13 {
      let room = low == 0 ? 1 : low.magnitude * 0.1
      (low, high) = (low - (low == 0 ? 0 : room), high + room)
    }
    var step = step(high - low, target - 1)
    if measure != .number { step = max(1, step.rounded()) }
    let first = (low / step).rounded(.down)
    let last = max(first + 1, (high / step).rounded(.up))
    let count = Int(min(1000, last - first))
    let positions = (0...count).map { (first + Double($0)) * step }
    let format = FloatFormat(positions.map(clean), grouping: measure != .name)
    var labels = positions.map { format.text(clean($0)) }
    // A range that is tiny beside its values: all digits, or the labels would be the same.
    if Set(labels).count < labels.count { labels = positions.map { (clean($0) + 0).description } }
    return (first * step, last * step, zip(positions, labels).map { Tick(position: $0, label: $1) })
  }

  /// A tick without the noise of binary fractions: 0.30000000000000004 is 0.3.
  private static func clean(_ value: Double) -> Double {
    value.magnitude < 1e-300 ? 0 : Double(NumberText.scientific(value, digits: 12)) ?? value
  }
}

/// Round times between two instants.
enum TimeTicks {
  private enum Step {
    case micro(Int64)
    case months(Int)
  }

  private static let minute = Calendar.microsecondsPerMinute
  private static let hour = Calendar.microsecondsPerHour
  private static let day = Calendar.microsecondsPerDay

  private static let steps: [Step] = [
    .micro(Calendar.microsecondsPerSecond), .micro(10 * Calendar.microsecondsPerSecond),
    .micro(minute), .micro(5 * minute), .micro(15 * minute), .micro(30 * minute), .micro(hour),
    .micro(3 * hour), .micro(6 * hour), .micro(12 * hour), .micro(day), .micro(2 * day), .micro(7 * day),
    .micro(14 * day), .months(1), .months(2), .months(3), .months(6), .months(12), .months(24), .months(60),
    .months(120), .months(240), .months(600), .months(1200), .months(6000), .months(12000),
  ]

  /// Ticks inside the range, at most `target` of them, at least one where any round time lies inside.
  static func make(_ low: Double, _ high: Double, _ target: Int, days: Bool) -> [Tick] {
    let low = Int64(max(-6.2e16, min(2.5e17, low)))
    let high = Int64(max(-6.2e16, min(2.5e17, high)))
    for step in steps {
      if case .micro(let size) = step, days, size < day { continue }
      if estimate(low, high, step) > Double(target) { continue }
      let ticks = positions(low, high, step)
      if ticks.count <= target { return ticks }
    }
    return []
  }

  private static func estimate(_ low: Int64, _ high: Int64, _ step: Step) -> Double {
    switch step {
    case .micro(let size): Double(high - low) / Double(size)
    case .months(let count): Double(high - low) / (Double(day) * 30.4 * Double(count)) - 1
    }
  }

  private static func positions(_ low: Int64, _ high: Int64, _ step: Step) -> [Tick] {
    var ticks: [Tick] = []
    switch step {
    case .micro(let size):
      // Weeks begin on Mondays: 1970-01-05 was one.
      let origin = size >= 7 * day ? 4 * day : 0
      var value = origin + Int64((Double(low - origin) / Double(size)).rounded(.up)) * size
      while value <= high {
        ticks.append(Tick(position: Double(value), label: label(value, size)))
        value += size
      }
    case .months(let count):
      let first = Calendar.day(of: Calendar.days(ofMicroseconds: low))
      var index = (first.year * 12 + first.month - 1) / count * count
      while let days = Calendar.days(year: max(1, index / 12), month: index % 12 + 1, day: 1) {
        let value = Int64(days) * day
        if value > high { break }
        let text = Calendar.text(days: days)
        if value >= low {
          ticks.append(Tick(position: Double(value), label: String(text.prefix(count < 12 ? 7 : 4))))
        }
        index += count
      }
    }
    return ticks
  }

  private static func label(_ value: Int64, _ size: Int64) -> String {
    let text = Calendar.text(microseconds: value)
    if size >= day { return String(text.prefix(10)) }
    let time = text.dropFirst(11)
    return text.dropFirst(5).prefix(5) + " " + time.prefix(size >= minute ? 5 : 8)
  }
}
