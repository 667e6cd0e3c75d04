import Columns
import Diagnostics
import Glibc
import Planning
import Scheduling

@testable import Formats

/// What a whole scan gives.
struct Reading {
  var table: Table
  var notes: [Note]
  var changes: [SchemaChange] = []
  var restarts = 0

  var rows: [[Value]] { (0..<table.rowCount).map { table.row($0) } }
  var types: [DataType] { table.schema.fields.map(\.type) }
  /// Cells of a column.
  func values(_ name: String) -> [Value] { table.column(named: name)?.values ?? [] }
}

/// Reads a source as Execution does: again after a changed schema or a restart.
func readAll(
  _ source: some TableSource, columns: [Int]? = nil, workers: Int = 1, filter: SegmentFilter? = nil
) throws -> Reading {
  var changes: [SchemaChange] = []
  var restarts = 0
  for _ in 0..<1000 {
    let wanted = columns ?? Array(0..<source.schema.count)
    let environment = ScanEnvironment(workers: Workers(count: workers))
    let scan = try source.scan(columns: wanted, environment: environment)
    do {
      let segments = try environment.workers.map(scan.segmentCount) {
        try scan.read(segment: $0, filter: filter)
      }
      let schema = source.schema
      let table = Table(schema: Schema(wanted.map { schema[$0] }), segments: segments)
      return Reading(table: table, notes: scan.finish(), changes: changes, restarts: restarts)
    } catch let change as SchemaChange {
      changes.append(change)
    } catch is ScanRestart {
      restarts += 1
    }
  }
  throw FormatFault(file: source.name, "the scan never ends")
}

func source(
  _ text: String, _ options: [Option] = [], sizes: CSVSizes = CSVSizes(), name: String = "test.csv"
) throws -> CSVSource {
  try source(Array(text.utf8), options, sizes: sizes, name: name)
}

func source(
  _ bytes: [UInt8], _ options: [Option] = [], sizes: CSVSizes = CSVSizes(), name: String = "test.csv"
) throws -> CSVSource {
  try CSVSource(.memory(Buffer(bytes), name: name), options: try CSVOptions(options), sizes: sizes)
}

func read(_ text: String, _ options: [Option] = []) throws -> Reading { try readAll(source(text, options)) }

/// The folder of shared test data beside the package, where there is one.
let sharedData: String? = {
  let root = #filePath.split(separator: "/").dropLast(3).map(String.init)
  for up in 1...2 where root.count > up {
    let path = "/" + (root.dropLast(up) + ["shared", "data"]).joined(separator: "/")
    if access(path + "/csv/_reference.jsonl", R_OK) == 0 { return path }
  }
  return nil
}()
