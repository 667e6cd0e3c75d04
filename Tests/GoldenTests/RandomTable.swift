import Columns

/// SplitMix64: the same draws for the same seed everywhere.
struct Draws {
  private var state: UInt64

  init(_ seed: UInt64) { state = seed }

  mutating func next() -> UInt64 {
    state &+= 0x9E37_79B9_7F4A_7C15
    var mixed = state
    mixed = (mixed ^ (mixed >> 30)) &* 0xBF58_476D_1CE4_E5B9
    mixed = (mixed ^ (mixed >> 27)) &* 0x94D0_49BB_1331_11EB
    return mixed ^ (mixed >> 31)
  }

  mutating func below(_ bound: Int) -> Int { Int(next() % UInt64(max(1, bound))) }
  mutating func chance(_ percent: Int) -> Bool { below(100) < percent }
  mutating func one<T>(of values: [T]) -> T { values[below(values.count)] }
}

/// What a column of a random table holds.
enum Kind: CaseIterable {
  case int, float, text, bool, date, datetime
  /// In SQL a number of microseconds.
  case duration

  var duckType: String {
    switch self {
    case .int: "BIGINT"
    case .float: "DOUBLE"
    case .text: "VARCHAR"
    case .bool: "BOOLEAN"
    case .date: "DATE"
    case .datetime: "TIMESTAMP"
    case .duration: "BIGINT"
    }
  }
}

/// A column as a random pipeline knows it.
struct RandomColumn {
  /// How far the engines must agree on its values.
  enum Exactness: Int, Comparable {
    /// Sums of it are exact in any order.
    case dyadic
    /// The same bits, because the same operations are correctly rounded.
    case rounded
    /// The same to rounding; nothing may depend on ties of it.
    case near

    static func < (left: Self, right: Self) -> Bool { left.rawValue < right.rawValue }
  }

  var name: String
  var kind: Kind
  var exactness = Exactness.dyadic
}

/// A table of few different values, so that ties, missing values and matches are common.
struct RandomTable {
  var columns: [RandomColumn]
  var csv: String

  static let main = [
    RandomColumn(name: "id", kind: .int), RandomColumn(name: "i", kind: .int),
    RandomColumn(name: "j", kind: .int), RandomColumn(name: "f", kind: .float),
    RandomColumn(name: "g", kind: .float), RandomColumn(name: "t", kind: .text),
    RandomColumn(name: "u", kind: .text), RandomColumn(name: "b", kind: .bool),
    RandomColumn(name: "d", kind: .date), RandomColumn(name: "m", kind: .datetime),
  ]
  static let other = [
    RandomColumn(name: "rid", kind: .int), RandomColumn(name: "i", kind: .int),
    RandomColumn(name: "t", kind: .text), RandomColumn(name: "d", kind: .date),
    RandomColumn(name: "v", kind: .int), RandomColumn(name: "w", kind: .text),
  ]

  init(_ columns: [RandomColumn], rows: Int, _ draws: inout Draws) {
    self.columns = columns
    let missing = columns.map { _ in draws.one(of: [0, 0, 10, 30, 30, 80, 100]) }
    let spread = columns.map { _ in draws.one(of: [1, 3, 8, 40]) }
    var cells: [[String]] = []
    for row in 0..<rows {
      cells.append(
        columns.indices.map { index -> String in
          if index == 0 { return String(row + 1) }
          return draws.chance(missing[index]) ? "" : Self.cell(columns[index].kind, spread[index], &draws)
        })
    }
    // A column without any value has no type, and beside one of dates it is one; SQL has been told that it holds
    // moments, which compare otherwise with dates.
    for (index, column) in columns.enumerated() where column.kind == .datetime && rows > 0 {
      if cells.allSatisfy({ $0[index].isEmpty }) {
        cells[0][index] = Self.cell(column.kind, spread[index], &draws)
      }
    }
    let lines = [columns.map(\.name)] + cells
    csv = lines.map { $0.joined(separator: ",") }.joined(separator: "\n") + "\n"
  }

  static let words = ["a", "b", "B", "ab", "\u{E4}", "a b", "x-1", "zeta", "\u{1F600}", "Ab"]

  private static func cell(_ kind: Kind, _ spread: Int, _ draws: inout Draws) -> String {
    switch kind {
    case .int: String(draws.below(2 * spread + 1) - spread)
    case .float: ValueText.number(Double(draws.below(8 * spread + 1) - 4 * spread) / 4)
    case .text: draws.one(of: Array(words.prefix(spread + 1)))
    case .bool: draws.chance(50) ? "true" : "false"
    case .date: Calendar.text(days: Int32(20_000 + draws.below(spread * 9)))
    case .datetime, .duration:
      Calendar.text(microseconds: (1_728_000 + Int64(draws.below(spread * 60)) * 137) * 1_000_000 * 1000)
    }
  }

  /// A statement that makes the table for DuckDB, with the order of the rows in `_o`.
  func duck(_ name: String, _ path: String) -> String {
    let types = columns.map { "'\($0.name)': '\($0.kind.duckType)'" }.joined(separator: ", ")
    return """
      create or replace temp table \(name) as select \(columns[0].name) as _o, *
      from read_csv('\(path)', header=true, nullstr='', columns={\(types)});
      """
  }
}
