import Glibc
import Planning
import Sessions
import TestSupport
import Testing

/// The documentation catalogue says what the tables say. `ROUNDS_REWRITE=1` writes its pages anew.
@Suite struct ReferenceTests {
  private static let folder = CommandFolder.root + "/Sources/Vocabulary/Vocabulary.docc"

  private func compare(_ text: String, with name: String) throws {
    let path = Self.folder + "/" + name + ".md"
    if getenv("ROUNDS_REWRITE") != nil { return try TextFile.write(text, to: path) }
    let written = try TextFile.read(path).split(separator: "\n", omittingEmptySubsequences: false)
    let now = text.split(separator: "\n", omittingEmptySubsequences: false)
    let place = zip(written, now).enumerated().first { $0.element.0 != $0.element.1 }
    #expect(
      written == now,
      "\(name).md is stale from line \((place?.offset ?? min(written.count, now.count)) + 1): \(place.map { String($0.element.1) } ?? "")"
    )
  }

  @Test func pagesAreUpToDate() throws {
    let pages = Reference.pages(Catalogue.rounds)
    for page in pages { try compare(page.text, with: page.name) }
    let names = Set(pages.map { $0.name + ".md" } + ["Tutorial.md"])
    for path in TextFile.paths(in: Self.folder, ending: ".md") {
      #expect(names.contains(String(path.dropFirst(Self.folder.count + 1))), "\(path) belongs to no table")
    }
  }

  /// Every word of the tables is told of, with at least one way to write it.
  @Test func nothingIsLeftOut() {
    let catalogue = Catalogue.rounds
    let text = Reference.pages(catalogue).map(\.text).joined()
    let names = catalogue.verbs.map(\.name) + catalogue.functions.map(\.name) + catalogue.settings.map(\.name)
    let kinds = catalogue.chartKinds.map { "chart \($0.name)" }
    for name in names + StatementTable.rows.map(\.name) + kinds {
      #expect(text.contains("# \(name)\n"), "\(name) has no entry")
    }
    // These write files or depend on the day: an example of theirs has no lasting result.
    let exempt = ["save", "now", "today"]
    let rows =
      catalogue.verbs.map { ($0.name, $0.examples) } + catalogue.functions.map { ($0.name, $0.examples) }
    for (name, examples) in rows where !exempt.contains(name) {
      #expect(!examples.isEmpty, "\(name) has no example")
    }
  }

  /// The examples of the tutorial run, and print what the page says.
  @Test func tutorialIsUpToDate() throws {
    let folder = try CommandFolder()
    defer { try? folder.remove() }
    let page = try Tutorial.page { statements in
      try folder.write(statements + "\n", to: "lesson.rounds")
      var output = try folder.run("rounds demo --width 100 lesson.rounds || echo \"exit code $?\"")
      while output.hasSuffix("\n") { output.removeLast() }
      #expect(!output.contains("error:") && !output.contains("exit code"), "\(statements)\n\(output)")
      return output
    }
    try compare(page, with: "Tutorial")
    #expect(Tutorial.lessons.count == 12)
  }

  /// The lessons are laid out as `fmt` would, and say nothing that `check` doubts.
  @Test func tutorialIsCheckedAndLaidOut() throws {
    let folder = try CommandFolder()
    defer { try? folder.remove() }
    for (index, example) in Tutorial.lessons.flatMap(\.examples).enumerated() {
      try folder.write(example + "\n", to: "example\(index).rounds")
    }
    #expect(try folder.run("rounds check --demo example*.rounds") == "")
    #expect(try folder.run("rounds fmt --check example*.rounds") == "")
  }
}
