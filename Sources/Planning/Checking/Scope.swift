import Columns
import Diagnostics
import Language

/// The names that an expression sees as columns.
package struct Scope: Sendable {
  /// What the name stands for.
  package enum Entry: Sendable {
    case expression(PlanExpression)
    /// Made by an item that was wrong: known, reported, not to be reported again.
    case invalid
    /// Made by an item of the same layer: to be used only in a layer on top.
    case pending
  }

  /// A name and what it stands for.
  package struct Column: Sendable {
    package var name: String
    /// The table that a join brought it from; nil for other columns.
    package var table: String?
    package var entry: Entry

    package init(name: String, table: String?, entry: Entry) {
      self.name = name
      self.table = table
      self.entry = entry
    }
  }

  /// In the order in which they were added; a replaced one keeps its place.
  package private(set) var columns: [Column]
  private var byName: [String: Int] = [:]

  package init(_ columns: [Column] = []) {
    self.columns = []
    for column in columns { add(column) }
  }

  /// The columns of a schema, by position.
  package init(_ schema: Schema) {
    self.init(
      schema.fields.enumerated().map { index, field in
        Column(
          name: field.name, table: field.table,
          entry: .expression(.column(index, field, at: SourceRange(0, 0))))
      })
  }

  /// Adds a name, or replaces what it stands for.
  package mutating func add(_ column: Column) {
    if let index = byName[column.name] {
      columns[index] = column
      return
    }
    byName[column.name] = columns.count
    columns.append(column)
  }

  /// What a look for a name gave: a column, the names of several that fit as well, or nothing.
  package enum Lookup: Sendable {
    case found(Column)
    case ambiguous([String])
    case none
  }

  /// A column by its name: exactly, otherwise without regard to case, blanks and punctuation if just one fits;
  /// then as `table.column` of a table that was joined.
  package func find(_ name: String) -> Lookup {
    if let index = byName[name] { return .found(columns[index]) }
    // Looked for and not kept: a scope is made for every stage, and few names are spelled loosely.
    let folded = Suggestion.folded(name)
    let loose =
      folded.isEmpty ? [] : columns.indices.filter { Suggestion.isFolded(columns[$0].name, to: folded) }
    if loose.count == 1 { return .found(columns[loose[0]]) }
    if loose.count > 1 { return .ambiguous(loose.map { columns[$0].name }) }
    guard let dot = name.firstIndex(of: ".") else { return .none }
    let table = Suggestion.folded(String(name[..<dot]))
    let rest = String(name[name.index(after: dot)...])
    let owned = columns.filter { $0.table.map { Suggestion.isFolded($0, to: table) } ?? false }
    if let exact = owned.first(where: { $0.name == rest }) { return .found(exact) }
    let restFolded = Suggestion.folded(rest)
    let matching = owned.filter { Suggestion.isFolded($0.name, to: restFolded) }
    return matching.count == 1 ? .found(matching[0]) : .none
  }

  /// The names, in the order of the columns.
  package var names: [String] { columns.map(\.name) }
}
