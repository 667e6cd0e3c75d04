import Columns
import Planning

/// A kind of value for the sweeps: its type, a column of it in the table `t`, and the column's values as they are
/// written, from the first row on.
struct Sample: Sendable {
  var type: DataType
  var column: String
  /// As literals; empty where a value cannot be written down (text with an order).
  var literals: [String]

  static let all: [Sample] = [
    Sample(type: .int, column: "i", literals: ["2", "missing", "-3", "missing"]),
    Sample(type: .float, column: "f", literals: ["1.5", "-0.25", "missing", "missing"]),
    Sample(type: .text, column: "t", literals: ["\"b\"", "missing", "\"E11.9\"", "missing"]),
    Sample(type: .text, column: "o", literals: []),
    Sample(type: .bool, column: "b", literals: ["true", "false", "missing", "missing"]),
    Sample(type: .date, column: "d", literals: ["2026-01-31", "missing", "2024-02-29", "missing"]),
    Sample(
      type: .datetime, column: "m",
      literals: ["2026-01-31T08:30", "2024-02-29T23:59:59.5", "missing", "missing"]),
    Sample(
      type: .datetime, column: "z",
      literals: ["2026-01-31T01:00+05:30", "missing", "2024-02-29T23:00-08:00", "missing"]),
    Sample(type: .duration, column: "h", literals: ["36h", "missing", "-15min", "missing"]),
    Sample(type: .list(.int), column: "l", literals: ["[1, 2]", "[3]", "missing", "missing"]),
    Sample(type: .list(.text), column: "lt", literals: ["[\"b\", \"c\"]", "missing", "[\"x\"]", "missing"]),
    Sample(type: .missing, column: "n", literals: ["missing", "missing", "missing", "missing"]),
  ]

  /// Two more columns of each type, so that both sides of an operator vary; `a` to `c` in the second column's name.
  static func other(_ column: String) -> String { column + "2" }

  /// A table `t` with a column of each kind, twice, the second in another order, and `rid` from 1.
  static let table: String = {
    let rows = (0..<4).map { row in
      let cells = all.filter { !$0.literals.isEmpty }.flatMap { sample in
        [
          "\(sample.column): \(sample.literals[row])",
          "\(other(sample.column)): \(sample.literals[(row * 3 + 1) % 4])",
        ]
      }
      return "{rid: \(row + 1), \(cells.joined(separator: ", "))}"
    }
    return """
      let t = table [\(rows.joined(separator: ",\n"))] | derive o = ordered(t, "x", "b", "E11.9"), o2 = ordered(t2, "x", "b", "E11.9")
      let none = t | filter rid > 9
      """
  }()
}
