import Testing

/// `explain analyze`: what each operator gave, and what went into it.
@Suite struct AnalysisTests {
  private struct Line {
    var name: String
    var depth: Int
    var rows: Int
    var bytes: Int
    var milliseconds: Double
    var percent: Int
  }

  /// The operators of a run as `explain analyze` lists them.
  private func operators(_ pipeline: String, setup: String = "") throws -> [Line] {
    let ran = Ran(setup + "explain analyze " + pipeline)
    let text = try #require(ran.cells.last, "\(ran.messages)")
    let lines = text.split(separator: "\n", omittingEmptySubsequences: false)
    let run = try #require(lines.firstIndex { $0.hasPrefix("Run: ") })
    return try lines[(run + 2)...].compactMap { line -> Line? in
      guard line.hasSuffix("%") else { return nil }
      // A name may hold blanks; the numbers stand behind it, two blanks apart.
      let cells = line.split(separator: " ").map { $0.filter { $0 != "," } }
      let depth = (line.prefix { $0 == " " }.count - 2) / 2
      let numbers = cells.suffix(4)
      let (rows, bytes) = (
        try #require(Int(numbers[numbers.startIndex])), Int(numbers[numbers.startIndex + 1])
      )
      return Line(
        name: cells.dropLast(4).joined(separator: " "), depth: depth, rows: rows,
        bytes: try #require(bytes), milliseconds: try #require(Double(numbers[numbers.startIndex + 2])),
        percent: try #require(Int(numbers[numbers.startIndex + 3].dropLast())))
    }
  }

  private let numbers =
    "let t = table [{r: sequence(1, 50000)}] | split r | derive g = r % 7, s = f\"text {r}\"\n"

  @Test func everyOperatorOfThePlanIsThereWithItsRows() throws {
    let found = try operators(
      "t | filter r > 10000 | derive d = r * 2 | aggregate n = count(), m = mean(d) by g | sort -n",
      setup: numbers)
    #expect(found.map(\.name) == ["sort", "project", "aggregate", "project", "filter", "scan t"])
    #expect(found.map(\.depth) == Array(0..<6))
    #expect(found.map(\.rows) == [7, 7, 7, 40_000, 40_000, 50_000])
    #expect(found.allSatisfy { $0.bytes > 0 && $0.milliseconds >= 0 })
    #expect(abs(found.reduce(0) { $0 + $1.percent } - 100) <= found.count)
    #expect(found.reduce(0) { $0 + $1.milliseconds } > 0)
  }

  @Test func bothSidesOfAJoinStandBelowIt() throws {
    let found = try operators(
      "t | join (t | aggregate n = count() by g) on g | sort s | aggregate k = count()", setup: numbers)
    let join = try #require(found.first { $0.name == "join" })
    #expect(join.rows == 50_000)
    #expect(found.filter { $0.name == "scan t" }.map(\.rows) == [50_000, 50_000])
    #expect(found.filter { $0.name == "aggregate" }.map(\.rows) == [1, 7])
  }

  /// Rows that are not wanted are not read, and do not count.
  @Test func anOperatorCountsWhatItGave() throws {
    let found = try operators("t | filter r >= 0 | take 3", setup: numbers)
    #expect(found.first?.rows == 3)
    #expect(try #require(found.first { $0.name == "filter" }).rows <= 50_000)
  }
}
