import Columns
import Diagnostics
import Planning

extension ColumnGuess {
  /// What to say of a column of days that are written in more ways than one; nil for another.
  ///
  /// Days of both orders, 13/04 and 04/13, make every other day of the column doubtful. Days of several patterns that can
  /// be told apart are read by one after the other.
  func mixedDays(_ name: String) -> String? {
    guard type == .text, quotedType == nil, numbers == 0, different.count <= ColumnGuess.remembered,
      let first = firstText
    else { return nil }
    let patterns = DatePattern.common.filter(\.hasDay)
    // Most columns are simply text: the first cells tell.
    let looked = [Array(first.cell.utf8)] + different.keys.prefix(2).map(\.bytes)
    guard patterns.contains(where: { pattern in looked.contains { pattern.fits($0) } }) else { return nil }
    let texts = different.keys.map(\.bytes).filter { text in
      !text.isEmpty && !Marks.isMark(text)
    }.sorted { $0.lexicographicallyPrecedes($1) }
    // Of a few odd ones among days that are read it is told where they stand.
    return bothOrders(texts, patterns) ?? (nearly == nil ? severalWays(name, texts, patterns) : nil)
  }

  private func bothOrders(_ texts: [[UInt8]], _ patterns: [DatePattern]) -> String? {
    for dayFirst in patterns where dayFirst.text.hasPrefix("%d") && dayFirst.text.contains("%m") {
      guard let monthFirst = patterns.first(where: { $0.text == Self.exchanged(dayFirst.text) }) else {
        continue
      }
      let ofDay = texts.first { dayFirst.fits($0) && !monthFirst.fits($0) }
      let ofMonth = texts.first { monthFirst.fits($0) && !dayFirst.fits($0) }
      guard let ofDay, let ofMonth else { continue }
      let cells = texts.reduce(0) { count, text in
        count + (dayFirst.fits(text) || monthFirst.fits(text) ? different[CellBytes(text)] ?? 0 : 0)
      }
      guard cells * 2 > known else { continue }
      let doubtful = texts.first { dayFirst.fits($0) && monthFirst.fits($0) }.map {
        ", and of \(shown($0)) nobody can tell"
      }
      return
        "days of both orders are mixed in it, \(shown(ofDay)) has the day first and \(shown(ofMonth)) the month\(doubtful ?? ""): no pattern reads them all rightly"
    }
    return nil
  }

  private func severalWays(
    _ name: String, _ texts: [[UInt8]], _ patterns: [DatePattern]
  ) -> String? {
    func isISO(_ text: [UInt8]) -> Bool {
      let kind = CellKind.of(text, decimal: UInt8(ascii: "."))
      return kind == .date || kind == .datetime
    }
    var left = texts.filter { !isISO($0) }
    var examples = texts.first(where: isISO).map { [shown($0)] } ?? []
    var calls: [String] = []
    let type = patterns.contains { $0.hasTime && texts.contains(where: $0.fits) } ? "datetime" : "date"
    let column = CheckMessages.quoted(name)
    var doubtful: String?
    let isDayFirst = order(of: texts, patterns)
    if !examples.isEmpty { calls.append("\(type)(\(column))") }
    while !left.isEmpty, calls.count < 4 {
      let best = patterns.map { pattern in (pattern, left.filter { pattern.fits($0) }) }.max {
        $0.1.count < $1.1.count
      }
      guard let best, let example = best.1.first else { return nil }
      var pattern = best.0
      let found = best.1
      if let other = patterns.first(where: { $0.text == Self.exchanged(pattern.text) }),
        found.allSatisfy(other.fits)
      {
        if let isDayFirst {
          // The other days of the column tell which comes first.
          if Self.isDayFirst(pattern) != isDayFirst { pattern = other }
          doubtful =
            "; of \(shown(example)) and the like the order is taken from the others, the \(isDayFirst ? "day" : "month") first"
        } else {
          doubtful =
            "; of \(shown(example)) and the like nobody can tell day and month apart, \"\(other.text)\" fits as well"
        }
      }
      examples.append(shown(example))
      calls.append("\(type)(\(column), \"\(pattern.text)\")")
      left.removeAll { pattern.fits($0) }
    }
    guard left.isEmpty, calls.count > 1 else { return nil }
    return
      "its days are written in several ways (\(examples.joined(separator: ", "))): \(calls.joined(separator: " ?? ")) reads them\(doubtful ?? "")"
  }

  /// Whether the day comes first in all days that tell it, of whatever pattern; nil where none does, or they disagree.
  private func order(of texts: [[UInt8]], _ patterns: [DatePattern]) -> Bool? {
    var found: Set<Bool> = []
    for pattern in patterns {
      guard let other = patterns.first(where: { $0.text == Self.exchanged(pattern.text) }),
        other.text != pattern.text,
        texts.contains(where: { text in pattern.fits(text) && !other.fits(text) })
      else { continue }
      found.insert(Self.isDayFirst(pattern))
    }
    return found.count == 1 ? found.first : nil
  }

  private static func isDayFirst(_ pattern: DatePattern) -> Bool {
    let letters = pattern.text.filter { $0 == "d" || $0 == "m" }
    return letters.first == "d"
  }

  /// A pattern with day and month exchanged.
  private static func exchanged(_ pattern: String) -> String {
    pattern.replacing("%d", with: "·").replacing("%m", with: "%d").replacing("·", with: "%m")
  }

  private func shown(_ text: [UInt8]) -> String {
    "\"\(visible(String(decoding: text.prefix(40), as: UTF8.self)))\""
  }
}
