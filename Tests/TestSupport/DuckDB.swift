import Columns
import Glibc

/// DuckDB in Python, asked many questions by one process. For tests; those that need it say so and pass where
/// `python3` has no `duckdb`.
package enum DuckDB {
  package struct Failure: Error {
    package let message: String
  }

  /// Rows, or what DuckDB said of a query that it could not run.
  package enum Answer: Sendable {
    case rows([[JSON]])
    case failure(String)
  }

  package static let isThere = output(of: "python3 -c 'import duckdb' 2>/dev/null && echo yes") == "yes\n"

  /// The folder of tables and questions beside the package; nil where it is not there.
  package static let dataFolder: String? = {
    let root = #filePath.split(separator: "/").dropLast(3)
    for above in [1, 2] {
      let folder = "/" + root.dropLast(above).joined(separator: "/") + "/shared/data"
      if access(folder + "/questions.jsonl", R_OK) == 0 { return folder }
    }
    return nil
  }()

  /// What a shell command writes to its standard output.
  package static func output(of command: String) -> String {
    guard let pipe = popen(command, "r") else { return "" }
    defer { pclose(pipe) }
    var bytes: [UInt8] = []
    var block = [UInt8](repeating: 0, count: 1 << 16)
    while true {
      let count = fread(&block, 1, block.count, pipe)
      if count == 0 { break }
      bytes += block[..<count]
    }
    return String(decoding: bytes, as: UTF8.self)
  }

  /// A new folder for a test's files.
  package static func temporaryFolder() throws -> String {
    var template = Array("/tmp/rounds-tests.XXXXXX".utf8CString)
    guard mkdtemp(&template) != nil else { throw Failure(message: "no temporary folder") }
    return String(decoding: template.dropLast().map { UInt8(bitPattern: $0) }, as: UTF8.self)
  }

  package static func write(_ text: String, to path: String) throws {
    guard let file = fopen(path, "w") else { throw Failure(message: "cannot write \(path)") }
    defer { fclose(file) }
    let bytes = Array(text.utf8)
    guard fwrite(bytes, 1, bytes.count, file) == bytes.count else {
      throw Failure(message: "cannot write all of \(path)")
    }
  }

  package static func read(_ path: String) -> String { output(of: "cat '\(path)'") }

  /// The answers to queries, each of statements separated by `;` of which the last gives the rows.
  package static func answers(_ queries: [String], in folder: String) throws -> [Answer] {
    let work = try temporaryFolder()
    defer { _ = output(of: "rm -rf '\(work)'") }
    try write(queries.joined(separator: "\u{1}"), to: work + "/queries")
    try write(script, to: work + "/run.py")
    let text = output(of: "cd '\(folder)' && python3 '\(work)/run.py' '\(work)/queries'")
    let answers = try text.split(separator: "\n").map { line -> Answer in
      let json = try JSON(line)
      if case .text(let message) = json["error"] { return .failure(message) }
      return .rows(json["rows"].elements.map(\.elements))
    }
    guard answers.count == queries.count else {
      throw Failure(message: "\(answers.count) answers to \(queries.count) queries")
    }
    return answers
  }

  private static let script = """
    import sys, json, math, datetime, decimal, duckdb

    def cell(x):
        if isinstance(x, float): return None if math.isnan(x) or math.isinf(x) else x
        if isinstance(x, decimal.Decimal): return float(x)
        if isinstance(x, datetime.timedelta): return x.total_seconds()
        if isinstance(x, (datetime.date, datetime.datetime)): return x.isoformat().replace("+00:00", "Z")
        return x

    con = duckdb.connect()
    con.execute("set TimeZone='UTC'; set threads=2")
    for query in open(sys.argv[1], encoding="utf-8").read().split(chr(1)):
        try:
            rows = con.sql(query).fetchall()
            print(json.dumps({"rows": [[cell(x) for x in row] for row in rows]}))
        except Exception as error:
            print(json.dumps({"error": str(error)}))
    """

  // MARK: Comparing

  /// What is different between a table and rows; nil when nothing is. Numbers are the same to `tolerance`, relative
  /// (and to `near` in itself: sums that cancel); everything else exactly.
  package static func difference(
    _ table: Table, _ rows: [[JSON]], tolerance: Double = 1e-9, near: Double = 1e-12
  ) -> String? {
    if table.rowCount != rows.count { return "\(table.rowCount) rows here, \(rows.count) there" }
    for (index, other) in rows.enumerated() {
      let own = table.row(index)
      if own.count != other.count { return "\(own.count) columns here, \(other.count) there" }
      for column in own.indices where !isSame(own[column], other[column], tolerance, near) {
        return "row \(index + 1), \(table.schema[column].name): \(own[column]) here, \(other[column]) there"
          + "\n  here  \(own.map { $0.isMissing ? "missing" : ValueText.plain($0) })\n  there \(other)"
      }
    }
    return nil
  }

  package static func isSame(_ value: Value, _ other: JSON, _ tolerance: Double, _ near: Double) -> Bool {
    switch (value, other) {
    case (.missing, .null): return true
    case (.bool(let a), .bool(let b)): return a == b
    case (.text(let a), .text(let b)): return a.unicodeScalars.elementsEqual(b.unicodeScalars)
    case (.date, .text(let b)):
      // Midnight: a column without any value may be a date here and a datetime there.
      return ValueText.plain(value) == b || ValueText.plain(value) + "T00:00:00" == b
    case (.datetime, .text(let b)):
      let a = ValueText.plain(value)
      return a == b || a + "T00:00:00" == b || withoutZeros(a) == withoutZeros(b)
    case (.duration(let a), .number(let b)): return isNear(Double(a) / 1e6, b, tolerance, near)
    case (.list(let a), .array(let b)):
      return a.count == b.count && zip(a, b).allSatisfy { isSame($0, $1, tolerance, near) }
    default:
      guard let a = value.number, let b = other.number else { return false }
      return isNear(a, b, tolerance, near)
    }
  }

  private static func withoutZeros(_ text: String) -> Substring {
    var text = text[...]
    if text.contains(".") { while text.last == "0" { text.removeLast() } }
    return text
  }

  private static func isNear(_ a: Double, _ b: Double, _ tolerance: Double, _ near: Double) -> Bool {
    a == b || abs(a - b) <= max(near, tolerance * max(abs(a), abs(b)))
  }
}
