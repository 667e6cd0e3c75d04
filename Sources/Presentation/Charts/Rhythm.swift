import Columns
import Diagnostics

/// Places along an axis that follow each other in even steps: months, days, hours, whole numbers or categories.
struct Rhythm: Sendable {
  /// What the places are called, as in `3 of 12 months`.
  let word: String
  /// All places from the first to the last, with a row or without.
  let count: Int
  /// Places at which no row stands.
  let absent: Int
  private let first: Int
  private let step: Int
  private let position: @Sendable (Double) -> Int

  /// Nil where the values follow no steps: dates without a rhythm have no gaps.
  init?(_ across: NumberSeries) {
    let values = Set(across.values.filter { !$0.isNaN })
    // Beyond, places would not be whole numbers of any use.
    guard values.allSatisfy({ $0.magnitude < 1e17 }) else { return nil }
    let day = Double(Calendar.microsecondsPerDay)
    switch across.measure {
    case .date: self.init(days: values, length: 1)
    case .datetime where values.allSatisfy({ $0.remainder(dividingBy: day) == 0 }):
      self.init(days: values, length: day)
    case .datetime: self.init(values, words: Rhythm.clock, other: "steps") { Int($0) }
    case .whole, .name: self.init(values, words: [1: "values"], other: nil) { Int($0) }
    case .categories(let labels):
      self.init(word: "values", count: labels.count, absent: 0, first: 0, step: 1) { Int($0) }
    case .number: return nil
    }
  }

  private static let clock = [
    Int(Calendar.microsecondsPerMinute): "minutes", Int(Calendar.microsecondsPerHour): "hours",
  ]

  /// - Parameter length: a day in the axis's unit.
  private init?(days: Set<Double>, length: Double) {
    // Firsts of months are months, quarters or years, however few there are.
    if days.count > 1, days.allSatisfy({ Calendar.monthNumber(ofFirst: Int32($0 / length)) != nil }) {
      self.init(days, words: [1: "months", 3: "quarters", 12: "years"], other: nil, steps: [12, 3, 1]) {
        Calendar.monthNumber(ofFirst: Int32($0 / length)) ?? 0
      }
    } else {
      self.init(days, words: [1: "days", 7: "weeks"], other: "steps") { Int($0 / length) }
    }
  }

  /// Places an even step apart, of which at least half are there.
  ///
  /// - Parameters:
  ///   - words: names of steps; `other` that of all others, which are no rhythm where it is nil.
  ///   - steps: the only steps there may be, the largest first; with them any number of places may be absent.
  private init?(
    _ values: Set<Double>, words: [Int: String], other: String?, steps: [Int]? = nil,
    position: @escaping @Sendable (Double) -> Int
  ) {
    let places = Set(values.map(position)).sorted()
    guard places.count > (steps == nil ? 2 : 1), let first = places.first, let last = places.last else {
      return nil
    }
    let common = zip(places.dropFirst(), places).reduce(0) { Int.commonDivisor($0, $1.0 - $1.1) }
    let step = steps.map { $0.first { common.isMultiple(of: $0) } ?? 1 } ?? common
    guard let word = words[step] ?? other else { return nil }
    let count = (last - first) / step + 1
    guard steps != nil || (count - places.count) * 2 <= count else { return nil }
    self.init(
      word: word, count: count, absent: count - places.count, first: first, step: step, position: position)
  }

  private init(
    word: String, count: Int, absent: Int, first: Int, step: Int,
    position: @escaping @Sendable (Double) -> Int
  ) {
    (self.word, self.count, self.absent) = (word, count, absent)
    (self.first, self.step, self.position) = (first, step, position)
  }

  /// The number of the place of a value, from 0.
  func place(_ value: Double) -> Int { (position(value) - first) / step }

  /// Whether a line is broken at a place without a row: one of a few points in many places would be dots.
  var isBroken: Bool { absent * 2 <= count }

  /// The points with a gap wherever a place between two of them has none; in order of their places.
  ///
  /// - Parameter others: whether other lines of the chart have points at places that this one lacks.
  func broken(_ points: [(x: Double, y: Double)], others: Bool) -> [(x: Double, y: Double)] {
    guard isBroken || others, var last = points.first else { return points }
    var result = [last]
    for point in points.dropFirst() {
      if place(point.x) - place(last.x) > 1 { result.append((last.x, .nan)) }
      result.append(point)
      last = point
    }
    return result
  }

  /// A note on places without a row, of all lines or of those that lack more than others.
  ///
  /// - Parameters:
  ///   - lines: the places at which each line has a row.
  ///   - drawn: what such a place has in the chart, as in `no bar there`.
  func note(_ name: String, lines: [(name: String, places: Set<Int>)], drawn: String) -> [Note] {
    let lacking = lines.filter { $0.places.count < count }
    guard let most = lacking.max(by: { $0.places.count > $1.places.count }) else { return [] }
    let missing = count - most.places.count
    if lacking.count == lines.count, lacking.allSatisfy({ $0.places == most.places }) {
      return [
        Note(
          .structural,
          "\(grouped(missing)) of \(grouped(count)) \(word) of \(name) have no row: \(drawn)", count: missing,
          total: count, subject: name)
      ]
    }
    let shown = lacking.prefix(3).enumerated().map { index, line in
      "\(line.name)\(index == 0 ? " has no row" : "") in \(grouped(count - line.places.count))"
    }
    let rest = lacking.count > 3 ? ", and so on" : ""
    return [
      Note(
        .structural,
        "of \(grouped(count)) \(word) of \(name), \(shown.joined(separator: ", "))\(rest): \(drawn)",
        count: missing, total: count, subject: name)
    ]
  }
}

/// Ranges written as `10-<15`, as `bin` makes them: where one ends that the next does not begin with, some are absent.
enum BinLabels {
  /// How many times a range is followed by one that begins later; nil where these are no ranges.
  static func gaps(_ labels: [String]) -> Int? {
    let ends = labels.filter { $0 != ChartInput.missingLabel }.map { label -> (Substring, Substring)? in
      guard let sign = label.firstRange(of: "-<"), sign.lowerBound > label.startIndex else { return nil }
      return (label[..<sign.lowerBound], label[sign.upperBound...])
    }
    let known = ends.compactMap { $0 }
    if known.count < 2 || known.count < ends.count { return nil }
    return zip(known, known.dropFirst()).count { $0.1 != $1.0 }
  }
}
