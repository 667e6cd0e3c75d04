import Columns
import Diagnostics
import Glibc
import TestSupport
import Testing

/// Random pipelines over random tables, answered by Rounds and by DuckDB, and by Rounds in several ways of its own.
///
/// `ROUNDS_RANDOM` is how many (2,000 unless given), `ROUNDS_SEED` the first seed. A failure names its seed.
@Suite struct RandomTests {
  /// Two tables that several pipelines share.
  struct World {
    static let pipelines: UInt64 = 16

    let paths: [String]
    let duck: String

    init(_ number: UInt64, folder: String) throws {
      var draws = Draws(number &* 0x9E37_79B9)
      let sizes = [0, 1, 2, 7, 20, 60, 200]
      let main = RandomTable(RandomTable.main, rows: draws.one(of: sizes), &draws)
      let other = RandomTable(RandomTable.other, rows: draws.one(of: sizes.dropLast()), &draws)
      paths = ["a", "b"].map { "\(folder)/\(number)\($0).csv" }
      try DuckDB.write(main.csv, to: paths[0])
      try DuckDB.write(other.csv, to: paths[1])
      duck = main.duck("a", paths[0]) + other.duck("b", paths[1])
    }
  }

  struct Case {
    let seed: UInt64
    let rounds: String
    let sql: String

    init(seed: UInt64, in world: World, isFirst: Bool) {
      self.seed = seed
      var draws = Draws(seed)
      let pipeline = RandomPipeline(&draws, stages: draws.below(6) + 1)
      // Half of the cases read the file as they go, half of them load it first.
      let source = draws.chance(50) ? "load \"\(world.paths[0])\" as a\na" : "\"\(world.paths[0])\""
      rounds = "load \"\(world.paths[1])\" as b\n\(source)\(pipeline.rounds)"
      sql = (isFirst ? world.duck : "") + pipeline.sql
    }

    var report: String { "seed \(seed)\n\(rounds)\n\(sql)" }
  }

  private static func number(_ name: String) -> UInt64? {
    getenv(name).flatMap { UInt64(String(cString: $0)) }
  }

  static let cases = number("ROUNDS_RANDOM") ?? 2_000
  static let firstSeed = number("ROUNDS_SEED") ?? 1
  /// As many pipelines are given to one process of DuckDB.
  static let batch: UInt64 = 400

  @Test(.enabled(if: DuckDB.isThere, "skipped: python3 has no duckdb"))
  func pipelinesAnswerAsInDuckDB() async throws {
    let end = Self.firstSeed + Self.cases
    print("random pipelines: seeds \(Self.firstSeed) to \(end - 1)")
    var next = Self.firstSeed
    var waiting: (cases: [Case], answers: Task<[DuckDB.Answer], any Error>, folder: String)?
    // While Rounds answers one batch, DuckDB is at the next.
    while next < end || waiting != nil {
      let ready = waiting
      waiting = nil
      if next < end {
        let folder = try DuckDB.temporaryFolder()
        let cases = try Self.cases(from: next, to: min(end, next + Self.batch), folder: folder)
        next += UInt64(cases.count)
        let queries = cases.map(\.sql)
        waiting = (cases, Task.detached { try DuckDB.answers(queries, in: "/tmp") }, folder)
      }
      guard let ready else { continue }
      for (one, answer) in zip(ready.cases, try await ready.answers.value) { Self.compare(one, answer) }
      _ = DuckDB.output(of: "rm -rf '\(ready.folder)'")
      if Self.cases > 10_000 { print("done up to seed \(ready.cases.last?.seed ?? 0)") }
    }
  }

  private static func cases(from first: UInt64, to end: UInt64, folder: String) throws -> [Case] {
    var cases: [Case] = []
    var world: (number: UInt64, World)?
    for seed in first..<end {
      let number = seed / World.pipelines
      let isFirst = world?.number != number
      let shared = if let world, !isFirst { world.1 } else { try World(number, folder: folder) }
      world = (number, shared)
      cases.append(Case(seed: seed, in: shared, isFirst: isFirst))
    }
    return cases
  }

  /// Rounds as DuckDB; and once more in another way of its own, a different one for each seed.
  private static func compare(_ one: Case, _ answer: DuckDB.Answer) {
    guard case .rows(let rows) = answer else {
      Issue.record("\(one.report)\nDuckDB says \(answer)")
      return
    }
    do {
      let base = try Answering(one.rounds, threads: 1, optimise: false)
      if let difference = DuckDB.difference(base.table, rows, near: 1e-9) {
        Issue.record("\(one.report)\n\(difference)")
      }
      let (threads, optimise) = [(4, true), (1, true), (4, true), (4, false)][Int(one.seed % 4)]
      let again = try Answering(one.rounds, threads: threads, optimise: optimise)
      if let difference = difference(base, again) {
        Issue.record("\(one.report)\n\(threads) threads, optimised: \(optimise): \(difference)")
      }
    } catch {
      Issue.record("\(one.report)\n\(error)")
    }
  }

  /// Enough rows for several segments, so that the workers really share them.
  @Test func manyRowsAnswerTheSameWithEveryNumberOfThreads() throws {
    let source = """
      let many = table id = 1..150000 | derive g = id * 7919 % 1000, x = id * 31 % 977 / 8, y = 1 / (1 + id % 13),
        t = text(id % 17)
      many
      """
    for stage in [
      "aggregate n = count(), s = sum(x), m = mean(y), v = stddev(y), q = median(x), f = first(id), l = last(id) by t",
      "aggregate s = sum(y), m = mean(y), c = correlation(x, y), d = count_distinct(g)",
      "filter x > 40 and t != \"3\" | sort -x, t | take 50",
      "filter id < 60 | sort -x, t | take 0",
      "filter id < 60 | sort t | fill g down | take 2 | select id",
      "filter id < 60 | sort t | select id, g | derive p = lag(id) | take 3 | aggregate f = first(p), n = count()",
      "filter id < 60 | sort t | select id, g | take 2 by g | take 5 | select g",
      "filter id < 60 | derive a = 5, z = 0, w = \"no\" | select q = a / z, n = int(w), s = sqrt(a - 9)",
      "take 70000 | derive a = x / (id % 13), b = int(t) + x / (id % 13), c = int(t) + int(t), d = int(concat(\"x\", t))",
      "take 70000 | aggregate a = sum(x / (id % 13)), b = mean(x / (id % 13), where: int(t) > 5), c = sum(int(concat(\"x\", t)), where: int(t) > 5), d = count(where: int(concat(\"x\", t)) > 1) by t",
      "take 70000 | filter x / (id % 13) > 2 or x / (id % 13) < 1",
      "derive r = running_sum(y) by g sort -x | aggregate s = sum(r) by t",
      "take 1 by g sort -x, t | join (many | filter id <= 1000 | select g, z = id) on g | sort id",
      "distinct g, t | count by t",
    ] {
      let text = source + " | " + stage
      let base = try Answering(text, threads: 1, optimise: false)
      for (threads, optimise) in [(1, true), (4, false), (4, true)] {
        let again = try Answering(text, threads: threads, optimise: optimise)
        #expect(Self.difference(base, again) == nil, "\(stage), \(threads) threads, optimised: \(optimise)")
      }
    }
  }

  /// What is not the same, bit for bit, in two answers of Rounds.
  private static func difference(_ one: Answering, _ two: Answering) -> String? {
    if one.table.schema != two.table.schema { return "\(one.table.schema) and \(two.table.schema)" }
    if one.table.rowCount != two.table.rowCount {
      return "\(one.table.rowCount) and \(two.table.rowCount) rows"
    }
    for row in 0..<one.table.rowCount {
      let (a, b) = (one.table.row(row), two.table.row(row))
      if !zip(a, b).allSatisfy(isSame) { return "row \(row + 1): \(a) and \(b)" }
    }
    // Of a file only the columns that are used are read, and only they are spoken of.
    let (a, b) = (one.told, two.told)
    return a == b ? nil : "notes \(a)\n and \(b)"
  }

  private static func isSame(_ a: Value, _ b: Value) -> Bool {
    if case .float(let a) = a, case .float(let b) = b { return a.bitPattern == b.bitPattern }
    return a == b
  }
}
