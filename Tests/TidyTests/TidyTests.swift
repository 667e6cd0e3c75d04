import Testing

/// The rules of the house that a compiler does not know.
@Suite struct TidyTests {
  /// The modules that meet the outside: only they print, end the program, read the environment and the clock.
  private let outer: Set<String> = ["Shell", "rounds"]

  /// Where a module below them does so nevertheless, with the reason.
  private let exceptions = [
    "Sources/Sessions/SourceOpening.swift: getenv(": "the folder that ~ stands for in a file's name",
    "Sources/Formats/Bytes/MappedFile.swift: _exit(":
      "a mapped file that was cut short cannot be read on, and nothing can be thrown from where it is noticed",
    "Sources/Sessions/Explanation.swift: ContinuousClock": "how long a run took; no answer depends on it",
    "Sources/Execution/OperatorProfile.swift: clock_gettime(":
      "how long an operator took; no answer depends on it",
  ]

  /// What may stop the program on outside input, or was left for later.
  @Test(arguments: ["try!", "as!", "fatalError("])
  func wordsThatStopTheProgram(word: String) {
    for file in SourceTree.sources {
      for line in file.lines(with: word) { Issue.record("\(file.path):\(line): \(word)") }
    }
  }

  @Test func nothingIsLeftForLater() {
    for file in SourceTree.sources + SourceTree.tests where file.module != "TidyTests" {
      for (offset, line) in file.lines.enumerated() where line.contains(/\b(TODO|FIXME|XXX)\b/) {
        Issue.record("\(file.path):\(offset + 1): \(line)")
      }
    }
  }

  @Test(arguments: ["print(", "exit(", "_exit(", "getenv(", "setenv(", "CommandLine", "environ"])
  func theOutsideComesInAsValues(word: String) { allowOnlyInOuterModules(word) }

  @Test(arguments: ["clock_gettime(", "gettimeofday(", "time(nil)", "ContinuousClock", "SuspendingClock"])
  func theClockComesInAsAValue(word: String) { allowOnlyInOuterModules(word) }

  private func allowOnlyInOuterModules(_ word: String) {
    for file in SourceTree.sources where !outer.contains(file.module) {
      if exceptions["\(file.path): \(word)"] != nil { continue }
      for line in file.lines(with: word) where !file.code[line - 1].contains("func \(word)") {
        Issue.record("\(file.path):\(line): \(word) below Shell and rounds")
      }
    }
  }

  @Test func filesAreOfOneSubject() {
    for file in SourceTree.sources + SourceTree.tests {
      // The text ends in a line end, after which nothing stands.
      let count = file.lines.count - 1
      #expect(count <= 700, "\(file.path) has \(count) lines")
    }
  }

  @Test func theRootHoldsWhatAPersonLooksFor() throws {
    let allowed: Set<String> = [
      "Package.swift", "Package.resolved", "Sources", "Tests", "Scripts", "README.md", "LICENSE",
    ]
    for name in try SourceTree.topLevel() where !name.hasPrefix(".") {
      #expect(allowed.contains(name), "\(name) in the root of the repository")
    }
  }
}

/// The reader of Swift that these tests rest on.
@Suite struct CodeStripperTests {
  private func code(_ text: String) -> [String] { SourceTree.file(text, path: "Sources/X/Y.swift").code }

  @Test func commentsAndTextsAreNoCode() {
    #expect(code("a // b") == ["a "])
    #expect(code("a /* b /* c */ d */ e") == ["a  e"])
    #expect(code("a /* b\nc */ d") == ["a ", " d"])
    #expect(code(#"f("x // y", z)"#) == [#"f("", z)"#])
    #expect(code(#"f("a\"b", c)"#) == [#"f("", c)"#])
    #expect(code("f(#\"a\"b\\\"# , c)") == ["f(\"\" , c)"])
    #expect(code("x = \"\"\"\n  try! \"y\"\n  \"\"\" + z") == ["x = \"", "", "\" + z"])
  }

  @Test func wordsAreWhole() {
    let file = SourceTree.file(
      "exit(1)\nonexit(1)\nx.exit(1)\n_exit(2)\n// exit(3)\n", path: "Sources/X/Y.swift")
    #expect(file.lines(with: "exit(") == [1])
    #expect(file.lines(with: "_exit(") == [4])
  }

  @Test func importsOfEveryForm() {
    let text =
      "import A\n@testable import B\npackage import C\nimport struct D.E\n// import F\nlet important = 1"
    let file = SourceTree.file(text, path: "Sources/X/Y.swift")
    #expect(file.imports.map(\.module) == ["A", "B", "C", "D"])
    #expect(file.imports.map(\.line) == [1, 2, 3, 4])
  }
}
