import Columns
import Diagnostics
import Planning

/// A column read as numbers, with what they measure.
struct NumberSeries: Sendable {
  var name: String
  /// NaN where missing, not finite or too large to draw.
  var values: [Double]
  var measure: Measure
  /// How many are known, but too large to draw.
  var tooLarge = 0
  /// For durations: microseconds in the unit that they are drawn in.
  var unit: Int64?
}

/// A column read as categories.
struct CategorySeries: Sendable {
  var name: String
  /// The different texts: in their own order where they have one, otherwise as they first occur; missing
  /// last.
  var labels: [String]
  /// The label of each row.
  var codes: [Int]
}

/// The charted columns, read as the kinds need them.
struct ChartInput: Sendable {
  static let missingLabel = "(missing)"
  /// Numbers beyond are not drawn but as bars: their differences must stay finite.
  private static let largest = 4e307

  let specification: ChartSpecification
  let table: Table

  var rows: Int { table.rowCount }

  init(_ specification: ChartSpecification, _ table: Table) throws(Diagnostic) {
    self.specification = specification
    self.table = table
    let used = specification.y + [specification.x, specification.split].compactMap { $0 }
    if let wrong = used.first(where: { !table.schema.fields.indices.contains($0) }) {
      throw Diagnostic(
        "chart-column", "the chart asks for column \(wrong + 1), which the table does not have")
    }
  }

  func name(_ index: Int) -> String { visible(table.schema[index].name) }
  /// Whether a note is about a column; durations are told of in a unit of their own.
  func isSubject(_ index: Int, of note: Note) -> Bool {
    note.subject == name(index)
      || type(index) == .duration && note.subject?.hasPrefix(name(index) + " (") == true
  }

  func type(_ index: Int) -> DataType { table.schema[index].type }

  /// `typical, mean by month`
  var defaultTitle: String {
    // Durations are drawn in a unit of their own.
    let names = specification.y.map { type($0) == .duration ? (try? numbers($0).name) ?? name($0) : name($0) }
    var title = names.joined(separator: ", ")
    if let x = specification.x { title += (title.isEmpty ? "" : " by ") + name(x) }
    if let split = specification.split { title += ", split by " + name(split) }
    return title
  }

  var title: String { specification.title.map { visible($0) } ?? defaultTitle }

  /// The only split column as categories.
  func split() throws(Diagnostic) -> CategorySeries? {
    if let split = specification.split { try categories(split) } else { nil }
  }

  // MARK: Numbers

  /// A column's values as numbers: durations in a unit that suits them, times as days or microseconds.
  ///
  /// - Parameter anySize: numbers of any size, where no difference of two of them is needed.
  func numbers(_ index: Int, anySize: Bool = false) throws(Diagnostic) -> NumberSeries {
    let column = table.column(index)
    let name = name(index)
    let limit = anySize ? Double.greatestFiniteMagnitude : ChartInput.largest
    func read(_ column: Column, _ number: (Value) -> Double?) -> [Double] {
      (0..<column.count).map { row in
        guard let value = number(column.value(row)), value.magnitude <= limit else { return .nan }
        return value
      }
    }
    switch column.type {
    case .int:
      let values = read(column) { $0.number }
      let years =
        values.contains { $0.isFinite } && values.allSatisfy { $0.isNaN || (1900...2100).contains($0) }
      return NumberSeries(name: name, values: values, measure: years ? .name : .whole)
    case .float, .missing:
      let values = read(column) { $0.number }
      var series = NumberSeries(name: name, values: values, measure: .number)
      series.tooLarge = (0..<column.count).count { values[$0].isNaN && column.value($0).number != nil }
      return series
    case .date:
      let values = read(column) { if case .date(let days) = $0 { Double(days) } else { nil } }
      return NumberSeries(name: name, values: values, measure: .date)
    case .datetime:
      let values = read(column) { value in
        guard case .datetime(let instant, let offset) = value else { return nil }
        return Double(instant) + Double(offset ?? 0) * Double(Calendar.microsecondsPerMinute)
      }
      return NumberSeries(name: name, values: values, measure: .datetime)
    case .duration:
      return Self.durations(
        read(column) { if case .duration(let length) = $0 { Double(length) } else { nil } }, name)
    case .bool, .text, .list(_), .record(_):
      throw Diagnostic(
        "chart-type", "\(name) is \(column.type.name); a chart needs numbers or times there",
        help: ["count them first: `count by \(name)`, then chart n by \(name)"])
    }
  }

  private static func durations(_ raw: [Double], _ name: String) -> NumberSeries {
    let largest = raw.reduce(0) { $1.isNaN ? $0 : max($0, $1.magnitude) }
    let units: [(size: Int64, name: String)] = [
      (Calendar.microsecondsPerDay, "days"), (Calendar.microsecondsPerHour, "hours"),
      (Calendar.microsecondsPerMinute, "minutes"),
    ]
    let unit = units.first { largest >= 2 * Double($0.size) } ?? (Calendar.microsecondsPerSecond, "seconds")
    return NumberSeries(
      name: "\(name) (\(unit.name))", values: raw.map { $0 / Double(unit.size) }, measure: .number,
      unit: unit.size)
  }

  // MARK: Categories

  ///
  /// - Parameter ascending: numbers and times stand by their value, for charts in which they make an axis.
  func categories(_ index: Int, ascending: Bool = false) throws(Diagnostic) -> CategorySeries {
    let column = table.column(index)
    if case .list = column.type { throw ChartInput.noCategory(name(index), column.type) }
    if case .record = column.type { throw ChartInput.noCategory(name(index), column.type) }
    let format = CellFormat(column, name: table.schema[index].name, missingMark: "·")
    var codes: [Int] = []
    var found: [Value: Int] = [:]
    var values: [Value] = []
    for row in 0..<column.count {
      let value = column.value(row)
      if let code = found[value] {
        codes.append(code)
      } else {
        found[value] = values.count
        codes.append(values.count)
        values.append(value)
      }
    }
    let order = ChartInput.order(values, column, ascending: ascending)
    var position = [Int](repeating: 0, count: values.count)
    for (place, code) in order.enumerated() { position[code] = place }
    return CategorySeries(
      name: name(index),
      labels: order.map { values[$0].isMissing ? ChartInput.missingLabel : format.text(values[$0]) },
      codes: codes.map { position[$0] })
  }

  /// First occurrence, unless the text carries its own order; missing last.
  private static func order(_ values: [Value], _ column: Column, ascending: Bool) -> [Int] {
    var ranks: [ExactText: Int] = [:]
    if let pool = column.pool, pool.isOrdered {
      for entry in 0..<pool.count { ranks[ExactText(pool[entry])] = Int(pool.ranks[entry]) }
    }
    func key(_ index: Int) -> (Int, Double, Int) {
      if values[index].isMissing { return (Int.max, 0, index) }
      let place = ascending ? axisPlace(values[index]) : 0
      return (values[index].string.flatMap { ranks[ExactText($0)] } ?? 0, place, index)
    }
    return values.indices.sorted { key($0) < key($1) }
  }

  /// Where a number or a time stands on an axis; the same place for all other values.
  private static func axisPlace(_ value: Value) -> Double {
    switch value {
    case .date(let days): Double(days)
    case .datetime(let instant, _): Double(instant)
    case .duration(let length): Double(length)
    default: value.number ?? 0
    }
  }

  private static func noCategory(_ name: String, _ type: DataType) -> Diagnostic {
    Diagnostic(
      "chart-type", "\(name) is a \(type.name), which no chart can show", help: ["chart a part of it"])
  }

  // MARK: What could not be drawn

  /// A note on points that are missing, of which some are known but too large.
  static func missingNote(
    _ count: Int, of total: Int, _ subject: String, tooLarge: Int = 0
  ) -> [Note] {
    if count == 0 { return [] }
    let reason =
      tooLarge == 0
      ? "is missing" : tooLarge < count ? "is missing, or too large to draw" : "is too large to draw"
    return [
      Note(
        .missing, "\(grouped(count)) of \(counted(total, "point")) could not be drawn: \(subject) \(reason)",
        count: count, total: total, subject: subject)
    ]
  }

  /// A note on categories beyond those that fit.
  static func hiddenNote(_ shown: Int, of total: Int, _ subject: String) -> [Note] {
    if shown >= total { return [] }
    return [
      Note(
        .hidden,
        "the first \(grouped(shown)) of \(grouped(total)) values of \(subject) are drawn; "
          + "\(grouped(total - shown)) are not",
        count: total - shown, total: total, subject: subject)
    ]
  }
}
