import Columns
import Planning

/// Why a condition is neither true nor false in some rows: the columns with missing values, unless in some row none of
/// them is missing and a part of the condition became missing by itself (`x / 0`).
struct UnknownCauses {
  private var missing: Set<String> = []
  private var unexplained = 0

  init() {}

  fileprivate init(missing: Set<String>, unexplained: Int) {
    self.missing = missing
    self.unexplained = unexplained
  }

  mutating func add(_ other: Self) {
    missing.formUnion(other.missing)
    unexplained += other.unexplained
  }

  /// The columns that explain every row, as the condition names them; none where a row is left to explain.
  func names(of condition: PlanExpression) -> [String] {
    // Which columns a `case` or an `if` looks at differs from row to row.
    unexplained > 0 || condition.hasChoice ? [] : condition.columnNames.filter { missing.contains($0) }
  }
}

extension PlanExpression {
  fileprivate var hasChoice: Bool {
    if case .choice = kind { return true }
    return children.contains(where: \.hasChoice)
  }

  /// What makes a condition unknown in a segment.
  ///
  /// - Parameter known: the rows in which it is true or false.
  func causes(in segment: Segment, known: Bitmap) -> UnknownCauses {
    var names: Set<String> = []
    var complete: Bitmap?
    let unknown = known.inverted
    // Not by calling itself: a chain of thousands of operators nests deeper than a worker's stack.
    var rest = [self]
    while let next = rest.popLast() {
      guard case .column(let index, let name) = next.kind else {
        rest += next.partsThatMakeMissing
        continue
      }
      guard segment.columns[index].missingCount > 0, let rows = segment.columns[index].knownRows else {
        continue
      }
      // A column that is missing only where the condition is known all the same is no cause.
      if unknown.and(rows.inverted).ones == 0 { continue }
      names.insert(name)
      complete = complete.map { $0.and(rows) } ?? rows
    }
    guard let complete else { return UnknownCauses(missing: [], unexplained: unknown.ones) }
    return UnknownCauses(missing: names, unexplained: complete.and(unknown).ones)
  }
}
