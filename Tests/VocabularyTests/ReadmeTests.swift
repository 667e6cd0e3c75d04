import Glibc
import Testing

/// A fenced block of a Markdown file: what stands behind the fence, and the lines between.
private struct FencedBlock {
  var info: String
  var lines: [String]
  /// The lines of the file that hold the content.
  var range: Range<Int>

  static func all(in lines: [String]) -> [FencedBlock] {
    var blocks: [FencedBlock] = []
    var start: Int?
    for (index, line) in lines.enumerated() where line.hasPrefix("```") {
      if let opened = start {
        let range = opened + 1..<index
        blocks.append(
          FencedBlock(info: String(lines[opened].dropFirst(3)), lines: Array(lines[range]), range: range))
        start = nil
      } else {
        start = index
      }
    }
    return blocks
  }
}

/// README.md says what the program does: a block `console` is a command behind `$ ` and exactly what it prints, a
/// block with a language and a file name is a file that later commands find.
@Suite struct ReadmeTests {
  private static let path = CommandFolder.root + "/README.md"

  @Test func everyExampleGivesWhatItSays() throws {
    var lines = try CommandFolder.read(Self.path).split(separator: "\n", omittingEmptySubsequences: false)
      .map(String.init)
    let folder = try CommandFolder()
    defer { try? folder.remove() }
    var examples = 0
    var actual: [(range: Range<Int>, lines: [String])] = []
    for block in FencedBlock.all(in: lines) {
      let words = block.info.split(separator: " ").map(String.init)
      if words.count == 2 { try folder.write(block.lines.joined(separator: "\n") + "\n", to: words[1]) }
      guard words == ["console"], let command = block.lines.first, command.hasPrefix("$ ") else { continue }
      var output = try folder.run(String(command.dropFirst(2)))
        .split(separator: "\n", omittingEmptySubsequences: false).map(String.init)
      if output.last == "" { output.removeLast() }
      examples += 1
      let expected = Array(block.lines.dropFirst())
      actual.append((block.range, [command] + output))
      if getenv("ROUNDS_REWRITE") == nil {
        #expect(output == expected, "\(command)\nprints:\n\(output.joined(separator: "\n"))")
      }
    }
    #expect(examples >= 15)
    if getenv("ROUNDS_REWRITE") != nil {
      for example in actual.reversed() { lines.replaceSubrange(example.range, with: example.lines) }
      try CommandFolder.write(lines.joined(separator: "\n"), to: Self.path)
    }
  }

  /// The paths that the text names are there.
  @Test func everyPathIsThere() throws {
    let text = try CommandFolder.read(Self.path)
    let parts = text.split(separator: "`", omittingEmptySubsequences: false)
    var paths = 0
    for part in parts where part.hasPrefix("Sources/") || part.hasPrefix("Scripts/") {
      guard let path = part.split(whereSeparator: { " \n".contains($0) }).first else { continue }
      paths += 1
      #expect(access(CommandFolder.root + "/" + path, F_OK) == 0, "\(path) is not there")
    }
    #expect(paths >= 10)
  }

  /// The table of modules names every target of the package, and the types of the life of a line are in the code.
  @Test func modulesAndTypesAreThere() throws {
    let text = try CommandFolder.read(Self.path)
    let package = try CommandFolder.read(CommandFolder.root + "/Package.swift")
    for line in package.split(separator: "\n") where line.contains("module(\"") {
      let name = line.split(separator: "\"")[1]
      #expect(text.contains("| `\(name)` |"), "the table of modules lacks \(name)")
    }
    let folder = try CommandFolder()
    defer { try? folder.remove() }
    let sections = text.split(separator: "\n### ")
    let life = sections.filter { $0.hasPrefix("The life of a line") || $0.hasPrefix("Stages") }
    var types: Set<Substring> = []
    for part in life.flatMap({ $0.split(separator: "`", omittingEmptySubsequences: false) }) {
      if part.first?.isUppercase ?? false, part.allSatisfy(\.isLetter) { types.insert(part) }
    }
    #expect(types.count >= 25)
    for type in types.sorted() {
      let found = try folder.run(
        "grep -rlE '(struct|class|enum|protocol|typealias) \(type)\\b' '\(CommandFolder.root)/Sources'")
      #expect(!found.isEmpty, "there is no type \(type)")
    }
  }

  /// The table of speed is made from the last measurements: a geometric mean of each group's ratios.
  @Test func theTableOfSpeedIsThatOfTheMeasurements() throws {
    func cells(_ line: Substring) -> [String] {
      line.split(separator: "|").map { $0.trimmingPrefix { $0 == " " } }
        .map { String($0.reversed().drop { $0 == " " }.reversed()) }
    }
    func mean(_ values: [Double]) -> String {
      let mean = exp(values.reduce(0) { $0 + log($1) } / Double(values.count))
      let hundredths = Int((mean * 100).rounded())
      return "\(hundredths / 100).\(hundredths % 100 < 10 ? "0" : "")\(hundredths % 100)"
    }
    var expected: [String: [String]] = [:]
    let results = try CommandFolder.read(CommandFolder.root + "/Scripts/bench-results.md")
    for group in results.split(separator: "\n## ").dropFirst() {
      let lines = group.split(separator: "\n")
      let rows = lines.filter { $0.hasPrefix("|") }.map(cells)
      guard let head = rows.first, let place = head.firstIndex(of: "duckdb: CPU ratio"),
        let title = lines.first?.split(separator: ": ", maxSplits: 1).last
      else { continue }
      let questions = rows.dropFirst(2).filter { $0.first != "geometric mean" }
      expected[String(title)] = [0, 1].map { offset in
        mean(questions.compactMap { Double($0[place + offset]) })
      }
    }
    let readme = try CommandFolder.read(Self.path)
    let table = readme.split(separator: "\n").drop { !$0.hasPrefix("| work | DuckDB") }.dropFirst(2)
      .prefix { $0.hasPrefix("|") }.map(cells)
    #expect(table.count == expected.count && table.count >= 8)
    for row in table { #expect(row[1] == expected[row[0]]?.joined(separator: ", "), "\(row[0])") }
  }
}
