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
    // Not by calling itself: a chain of thousands of operators nests deeper than a worker's stack.
    var rest = [self]
    while let next = rest.popLast() {
      guard case .column(let index, let name) = next.kind else {
        rest += next.children
        continue
      }
      guard segment.columns[index].missingCount > 0, let rows = segment.columns[index].knownRows else {
        continue
      }
      if names.insert(name).inserted { complete = complete.map { $0.and(rows) } ?? rows }
    }
    let unknown = segment.count - known.ones
    guard let complete else { return UnknownCauses(missing: [], unexplained: unknown) }
    return UnknownCauses(missing: names, unexplained: complete.ones - complete.and(known).ones)
  }
}
