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
  /// calendar's; each once, and in its order.
  private static func misplaced(_ texts: [String]) -> (found: [String], ordered: [String])? {
    var found: [String] = []
    var places: [Int] = []
    for text in texts where text != found.last {
      guard let place = place(text), found.last.map({ $0 < text }) ?? true else { return nil }
      found.append(text)
      places.append(place)
    }
    guard found.count >= least, places.allSatisfy({ $0 < 12 }) || places.allSatisfy({ $0 >= 12 }) else {
      return nil
    }
    let order = found.indices.sorted { places[$0] < places[$1] }
    return order == Array(found.indices) ? nil : (found, order.map { found[$0] })
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
