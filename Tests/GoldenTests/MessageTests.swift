import Columns
import Diagnostics
import Glibc
import Planning
import Sessions
import TestSupport
import Testing

/// A file of cases: texts, each with the whole of what is said about it. `ROUNDS_REWRITE=1` writes what is said now;
/// the difference is the review.
struct MessageCases {
  struct Case {
    var text: String
    var expected: String
  }

  let path: String
  private(set) var cases: [Case] = []

  static let root: String = {
    var parts = #filePath.split(separator: "/", omittingEmptySubsequences: false)
    parts.removeLast(3)
    return parts.joined(separator: "/")
  }()

  init(_ name: String) throws {
    path = Self.root + "/Tests/Cases/" + name
    for block in try TextFile.read(path).split(separator: "\n---\n") {
      let parts = block.split(separator: "\n=>", maxSplits: 1, omittingEmptySubsequences: false)
      var expected = parts.count > 1 ? String(parts[1]) : ""
      while expected.hasPrefix("\n") { expected.removeFirst() }
      while expected.hasSuffix("\n") { expected.removeLast() }
      cases.append(Case(text: String(parts[0]), expected: expected))
    }
  }

  func rewrite(_ actual: [String]) throws {
    let blocks = zip(cases, actual).map { "\($0.text)\n=>\n\($1)" }
    try TextFile.write(blocks.joined(separator: "\n---\n") + "\n", to: path)
  }

  static var rewrites: Bool { getenv("ROUNDS_REWRITE") != nil }
}

/// Runs texts on the built-in hospital, each as if nothing had been said before.
struct Listener {
  private let base: Session

  init() {
    base = Session(
      options: Session.Options(
        threads: 1, now: 1_790_000_000_000_000, hospitalScale: 1, parameters: ["limit": "x"]),
      standardInput: { .memory(Buffer(Array("a,b\n1,x\n2,y\n".utf8)), name: StandardInput.name) },
      readFile: { path in
        path == "circle.rounds" ? Array("include \"circle.rounds\"".utf8) : try FileAccess.read(path)
      })
  }

  /// All that is said about a text, warnings too.
  func diagnostics(_ text: String) -> [Diagnostic] {
    let session = base.successor(from: base.snapshot)
    let source = SourceText(text, name: "query")
    var found: [Diagnostic] = []
    _ = session.run(source) { found += $0 }
    return found
  }

  /// What `rounds check` says.
  func reviewed(_ text: String) -> [Diagnostic] {
    base.successor(from: base.snapshot).review(SourceText(text, name: "query"))
  }

  /// As a person reads it; what is accepted says so.
  func said(_ diagnostics: [Diagnostic]) -> String {
    diagnostics.isEmpty ? "(accepted)" : DiagnosticRenderer().render(diagnostics)
  }
}

@Suite struct MessageTests {
  @Test(arguments: ["mistakes.txt", "messages.txt"])
  func everyCaseIsAnsweredAsWritten(_ name: String) throws {
    let file = try MessageCases(name)
    let listener = Listener()
    let actual = file.cases.map { listener.said(listener.diagnostics($0.text)) }
    if MessageCases.rewrites { return try file.rewrite(actual) }
    for (one, said) in zip(file.cases, actual) {
      #expect(said == one.expected, "\(one.text)\nis answered by:\n\(said)")
    }
  }

  @Test func everyDoubtIsToldAsWritten() throws {
    let file = try MessageCases("warnings.txt")
    let listener = Listener()
    let actual = file.cases.map { listener.said(listener.reviewed($0.text)) }
    if MessageCases.rewrites { return try file.rewrite(actual) }
    for (one, said) in zip(file.cases, actual) {
      #expect(said == one.expected, "\(one.text)\nis answered by:\n\(said)")
    }
  }

  /// Every place in the code that makes a diagnostic is reached by a case: its identifier and the shape of its
  /// message occur among the answers.
  @Test func everyMessageHasACase() throws {
    let listener = Listener()
    var found: [Diagnostic] = []
    for name in ["mistakes.txt", "messages.txt"] {
      found += try MessageCases(name).cases.flatMap { listener.diagnostics($0.text) }
    }
    found += try MessageCases("warnings.txt").cases.flatMap { listener.reviewed($0.text) }
    found += LongTexts.all.flatMap { listener.diagnostics($0) }
    let byCode = Dictionary(grouping: found, by: \.code).mapValues { $0.map(\.message) }
    let sites = try MessageSites.all(in: MessageCases.root)
    #expect(sites.count > 200)
    for site in sites where MessageSites.exempt[site.key] == nil {
      let messages = site.code.map { byCode[$0] ?? [] } ?? found.map(\.message)
      #expect(
        messages.contains { site.fits($0) },
        "\(site.file):\(site.line): no case says \(site.code ?? "…"): \(site.shape)")
    }
    for key in MessageSites.exempt.keys {
      #expect(sites.contains { $0.key == key }, "an exemption for what is no longer there: \(key)")
    }
  }
}

/// Texts too long for a file of cases.
enum LongTexts {
  static let all = [
    "say " + String(repeating: "(", count: 400) + "1" + String(repeating: ")", count: 400),
    "say " + Array(repeating: "1", count: 10_002).joined(separator: " + "),
  ]
}
