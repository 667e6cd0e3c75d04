/// Days that follow each other in even steps, of which some have no row: functions that go by rows step over these
/// unseen.
package struct SeriesGaps: Sendable, Equatable {
  /// What a step is called: day, week, month, quarter or year.
  package var word: String
  /// Neighbouring rows between which places are absent.
  package var count: Int
  /// All neighbouring rows.
  package var pairs: Int
  /// Places that have no row.
  private var absent = 0

  private init(word: String, count: Int, pairs: Int, absent: Int) {
    (self.word, self.count, self.pairs, self.absent) = (word, count, pairs, absent)
  }

  /// Looking for a rhythm in more rows is not worth it: a series of periods is short.
  package static let mostRows = 1 << 20

  /// The gaps of a sort key; nil where its values follow no steps, or none is left out.
  ///
  /// Firsts of months are months, quarters or years. Other days are weeks or days, where at least half of the places
  /// have a row. A day that comes twice in a partition is one of events and not of a series.
  ///
  /// - Parameters:
  ///   - key: the values, in any order.
  ///   - order: the rows in their order, partition after partition.
  ///   - partitions: where each partition begins in it, ending with the number of rows.
  ///   - unit: the unit that each value is the start of, where that is known: nothing has to be guessed then.
  package static func found(
    _ key: Column, order: Buffer<UInt32>, partitions: [Int], unit: TimeUnit? = nil
  ) -> SeriesGaps? {
    guard key.count <= mostRows, key.type == .date || key.type == .datetime else { return nil }
    // Times of day are events, where they are not the starts of hours: most keys are settled by their first rows.
    let size = unit?.microseconds ?? (key.type == .date ? 1 : Calendar.microsecondsPerDay)
    let values = key.int64Values
    var places: [Int?] = []
    places.reserveCapacity(order.count)
    for position in 0..<order.count {
      let row = Int(order[position])
      guard key.isKnown(row) else {
        places.append(nil)
        continue
      }
      guard values[row].isMultiple(of: size) else { return nil }
      places.append(Int(values[row] / size))
    }
    if let unit, unit.microseconds != nil { return gaps(places, partitions, [1: unit.rawValue], in: 1) }
    let months = places.map { day in
      day.flatMap { Calendar.monthNumber(ofFirst: Int32(truncatingIfNeeded: $0)) }
    }
    if unit != .week, unit != .day, zip(places, months).allSatisfy({ ($0 == nil) == ($1 == nil) }) {
      return gaps(
        months, partitions, [12: "year", 3: "quarter", 1: "month"], in: unit.flatMap { monthsOf[$0] })
    }
    return gaps(places, partitions, [7: "week", 1: "day"], in: unit?.wholeDays.map(Int.init), least: 2)
  }

  private static let monthsOf: [TimeUnit: Int] = [.month: 1, .quarter: 3, .year: 12]

  /// The places without a row themselves: `count` of them, beside `pairs` that have one.
  package static func absent(
    _ key: Column, order: Buffer<UInt32>, partitions: [Int], unit: TimeUnit?
  ) -> SeriesGaps? {
    guard var found = found(key, order: order, partitions: partitions, unit: unit) else { return nil }
    found.count = found.absent
    found.pairs = key.count - key.missingCount
    return found
  }

  /// - Parameters:
  ///   - known: the step of the series, where it is known.
  ///   - least: how many places may be absent for each that is there, at most, where it is not; 0 for any number.
  private static func gaps(
    _ places: [Int?], _ partitions: [Int], _ words: [Int: String], in known: Int?, least: Int = 0
  ) -> SeriesGaps? {
    var steps: [Int] = []
    for (lower, upper) in zip(partitions, partitions.dropFirst()) where upper - lower > 1 {
      for row in lower + 1..<upper {
        guard let place = places[row], let before = places[row - 1] else { continue }
        if place == before { return nil }
        // Between Friday (1970-01-02 was one) and Monday nothing is absent of a series of working days.
        let isWeekend =
          words[1] == "day" && known != 7 && abs(place - before) == 3
          && (min(place, before) - 1).isMultiple(of: 7)
        steps.append(isWeekend ? 1 : abs(place - before))
      }
    }
    // Another rhythm than these, such as every second week, has no name here.
    let step = known ?? steps.reduce(0, Int.commonDivisor)
    guard let word = words[step] else { return nil }
    let count = steps.count { $0 > step }
    let all = steps.reduce(0) { $0 + $1 / step }
    guard count > 0, known != nil || least == 0 || all <= least * steps.count else { return nil }
    return SeriesGaps(word: word, count: count, pairs: steps.count, absent: all - steps.count)
  }
}

extension Int {
  /// The greatest number that divides both; the other where one is 0.
  package static func commonDivisor(_ one: Int, _ other: Int) -> Int {
    other == 0 ? one : commonDivisor(other, one % other)
  }
}
