import Columns
import Diagnostics
import Planning

/// Tells of names of months and weekdays that stand in the order of their letters, where April comes before January:
/// a table or a chart of them is read as a course of time.
enum CalendarOrder {
  /// Results of more rows are not read line by line.
  private static let rowLimit = 1000
  /// Of two names alone the order of the letters may be meant.
  private static let least = 3

  static func notes(_ table: Table) -> [Note] {
    var notes: [Note] = []
    if let names = misplaced(run(in: table.schema.names)) {
      notes.append(
        note("the columns \(shown(names.found)) stand in the order of their letters", names, of: "…"))
    }
    guard table.rowCount <= rowLimit, table.rowCount >= least else { return notes }
    for (index, field) in table.schema.fields.enumerated() where field.type == .text {
      let column = table.column(index)
      if column.pool?.isOrdered == true { continue }
      guard let names = misplaced((0..<column.count).compactMap { column.value($0).string }) else { continue }
      let name = CheckMessages.quoted(field.name)
      notes.append(note("`\(visible(field.name))` stands in the order of its letters", names, of: name))
    }
    return notes
  }

  private static func note(
    _ what: String, _ names: (found: [String], ordered: [String]), of column: String
  ) -> Note {
    let order = names.ordered.map { "\"\($0)\"" }.joined(separator: ", ")
    return Note(
      .fact, "\(what); in the calendar's: ordered(\(column), \(order))")
  }

  private static func shown(_ names: [String]) -> String {
    names.prefix(least).map { "`\($0)`" }.joined(separator: ", ") + (names.count > least ? " …" : "")
  }

  /// The longest stretch of columns that have such names.
  private static func run(in names: [String]) -> [String] {
    var best: ArraySlice<String> = []
    for stretch in names.split(whereSeparator: { place($0) == nil }) where stretch.count > best.count {
      best = stretch
    }
    return Array(best)
  }

  /// Texts that all name months, or all weekdays, and stand in ascending order of their letters, which is not the
  /// calendar's, once or in each of several groups; those of the longest group, and all there are in the calendar's order.
  private static func misplaced(_ texts: [String]) -> (found: [String], ordered: [String])? {
    var groups: [[String]] = [[]]
    for text in texts where text != groups[groups.count - 1].last {
      if let last = groups[groups.count - 1].last, last > text { groups.append([]) }
      groups[groups.count - 1].append(text)
    }
    // In the calendar's order there are always some that stand alone among ascending ones.
    let found = groups.max { $0.count < $1.count } ?? []
    let places = groups.joined().compactMap(place)
    guard groups.allSatisfy({ $0.count >= least }), places.count == groups.joined().count,
      places.allSatisfy({ $0 < 12 }) || places.allSatisfy({ $0 >= 12 })
    else { return nil }
    let areInOrder = groups.allSatisfy { group in
      let order = group.compactMap(place)
      return order == order.sorted()
    }
    if areInOrder { return nil }
    // Seven days are soon written, and a table may have been cut; of the months those that are there.
    let isOfDays = places[0] >= 12
    let ordered = calendar(
      like: groups.flatMap(\.self), of: isOfDays ? DateFormat.weekdays : DateFormat.months)
    let all = Set(groups.joined())
    return (found, isOfDays ? ordered : ordered.filter(all.contains))
  }

  /// All months or weekdays, spelled as some of them are.
  private static func calendar(like found: [String], of names: [String]) -> [String] {
    let isShort = found.allSatisfy { $0.count <= 4 }
    let given = Dictionary(found.compactMap { text in place(text).map { ($0, text) } }) { first, _ in first }
    return names.map { name in
      let spelled = isShort ? String(name.prefix(3)) : name
      return place(name).flatMap { given[$0] }
        ?? (found.first.map { $0 == $0.lowercased() } ?? false ? spelled.lowercased() : spelled)
    }
  }

  /// 0 to 11 for a month, from 12 on for a weekday; its name may be cut to three letters.
  private static func place(_ text: String) -> Int? { places[text.lowercased()] }

  private static let places: [String: Int] = {
    var places: [String: Int] = ["sept": 8]
    for (place, name) in (DateFormat.months + DateFormat.weekdays).enumerated() {
      places[name.lowercased()] = place
      places[String(name.lowercased().prefix(3))] = place
    }
    return places
  }()
}
