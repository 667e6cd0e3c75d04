import Columns
import Diagnostics
import Language
import Synchronization

/// A measure: `def name(x, y) = expression`.
package struct Definition: Sendable {
  package var name: Name
  package var parameters: [Name]
  package var body: Expression
  /// The text that the body's ranges point into.
  package var source: SourceText

  package init(name: Name, parameters: [Name], body: Expression, source: SourceText) {
    self.name = name
    self.parameters = parameters
    self.body = body
    self.source = source
  }
}

/// What a name stands for.
package enum Binding: Sendable {
  case table(any TableSource)
  case value(Value, DataType)
  /// A value that only the run will know (a `let` or `param` while a script is only checked).
  case unknown(DataType)
  case definition(Definition)
  /// A table whose columns only the run will know (a pivot), or that could not be read, which was told of already.
  case unknownTable
}

/// A file that an earlier statement of a script will write, with columns that only the run will know.
package struct LaterFile: Error, Sendable {
  package init() {}
}

/// Everything that a statement can see.
package struct Environment: Sendable {
  /// The words of the language.
  package var catalogue: Catalogue
  /// What each name stands for, as it was spelled when it was given.
  package var bindings: [String: Binding]
  /// The last result's table.
  package var last: (any TableSource)?
  /// Opens a file by path with options; throws `Diagnostic` or `FormatFault`.
  package var open: @Sendable (String, [Option]) throws -> any TableSource
  /// Runs a plan now; nil while a script is only checked. What ends or begins anew the whole query, and not just
  /// this plan, is also told to `interruption`.
  package var materialise: (@Sendable (Plan) throws -> Table)?
  /// Where `materialise` leaves what must stop the check.
  package let interruption = Interruption()
  /// The time of the run: microseconds since 1970-01-01T00:00, local as `now()` gives it.
  package var now: Int64
  /// The seed of draws that name none.
  package var seed: UInt64 = 1
  /// Bytes that a query may hold: plain values that take more are left to the run.
  package var memory = Int.max

  package init(
    catalogue: Catalogue, bindings: [String: Binding] = [:], last: (any TableSource)? = nil,
    open: @escaping @Sendable (String, [Option]) throws -> any TableSource,
    materialise: (@Sendable (Plan) throws -> Table)? = nil, now: Int64 = 0
  ) {
    self.catalogue = catalogue
    self.bindings = bindings
    self.last = last
    self.open = open
    self.materialise = materialise
    self.now = now
  }

  /// The binding of a name: exactly, otherwise loosely where exactly one fits.
  package func binding(_ name: String) -> (name: String, binding: Binding)? {
    if let exact = bindings[name] { return (name, exact) }
    let folded = Suggestion.folded(name)
    let matches = bindings.keys.filter { Suggestion.isFolded($0, to: folded) }
    guard matches.count == 1, let only = matches.first, let binding = bindings[only] else { return nil }
    return (only, binding)
  }

  /// A table by name; `last` is the last result.
  package func table(_ name: String) -> (name: String, source: any TableSource)? {
    if let (found, binding) = binding(name), case .table(let source) = binding { return (found, source) }
    if name == "last", let last { return ("last", last) }
    return nil
  }

  /// Whether a name is the word for what comes in by the standard input, and no table's.
  package func isStandardInput(_ name: String) -> Bool { name.lowercased() == "stdin" && table(name) == nil }

  /// Whether a name stands for a table of which only the run will know the columns: nothing can be checked of it.
  package func isUnknownTable(_ name: String) -> Bool {
    if case .unknownTable? = binding(name)?.binding { true } else { false }
  }

  /// The table that has most of some columns; of several the hospital's main one, or the first
  /// by name. Nil where there is no table.
  package func table(having columns: [String]) -> String? {
    func count(_ table: String) -> Int {
      guard let schema = self.table(table)?.source.schema else { return 0 }
      return Set(columns).count {
        if case .found = Scope(schema).find($0) { true } else { false }
      }
    }
    let counts = tableNames.filter { $0 != "history" }.map { (name: $0, count: count($0)) }
    let most = counts.map(\.count).max()
    let best = counts.filter { $0.count == most }.map(\.name)
    return best.first { $0 == "encounters" } ?? best.first
  }

  /// The names of tables, sorted; without `last`, and without those whose columns only the run will know.
  package var tableNames: [String] {
    bindings.compactMap { if case .table = $0.value { $0.key } else { nil } }.sorted()
  }
}

/// A table whose rows are not there yet: a `let` while a script is only checked.
package final class PromisedSource: TableSource {
  package let schema: Schema
  package let name: String
  /// The file behind a table that a script loads, for whoever must look into it.
  package let loaded: (any TableSource)?

  private let remarks: [Int: ColumnRemark]

  package init(
    _ schema: Schema, name: String, loaded: (any TableSource)? = nil, remarks: [Int: ColumnRemark] = [:]
  ) {
    self.remarks = remarks
    self.schema = schema
    self.name = name
    self.loaded = loaded
  }
  package var knownRowCount: Int? { nil }
  package func remarks(on columns: [Int]) -> [Int: ColumnRemark] { loaded?.remarks(on: columns) ?? remarks }
  package func scan(columns: [Int], environment: ScanEnvironment) -> any TableScan { EmptyScan() }
}

/// Why a look at the data while a statement is checked has to stop: the query was cancelled, or a file's types turned
/// out otherwise and the statement must be checked anew. The checker only sees a fault among others; who began the
/// check takes it from here.
package final class Interruption: Sendable {
  private let error = Mutex<(any Error)?>(nil)

  package init() {}

  /// Keeps an error for `check`, in the place of one set before.
  package func set(_ new: any Error) { error.withLock { $0 = new } }

  /// Throws what was set, once.
  package func check() throws {
    let found = error.withLock { error in
      defer { error = nil }
      return error
    }
    if let found { throw found }
  }
}
