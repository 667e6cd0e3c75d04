import Columns

/// The form of a transcript: what is written, so that it can be read again.
///
/// A statement stands in a block fenced as `rounds`; behind its answers one comment holds the digests, and one
/// comment each the files that it read.
enum TranscriptText {
  static let opening = "<!-- rounds: "
  static let closing = " -->"

  /// The facts of one comment line, `name=value` each, values in quotes.
  static func facts(_ pairs: [(String, String)]) -> String {
    opening + pairs.map { "\($0)=\"\(escaped($1))\"" }.joined(separator: " ") + closing
  }

  /// Reads `facts` back; nil for any other line.
  static func facts(in line: some StringProtocol) -> [String: String]? {
    guard line.hasPrefix(opening), line.hasSuffix(closing) else { return nil }
    var facts: [String: String] = [:]
    var rest = line.dropFirst(opening.count).dropLast(closing.count)[...]
    while let sign = rest.firstIndex(of: "=") {
      let name = rest[..<sign].drop { $0 == " " }
      let value = rest[rest.index(after: sign)...].dropFirst()
      guard let end = value.firstIndex(of: "\"") else { return facts }
      facts[String(name)] = unescaped(value[..<end])
      rest = value[value.index(after: end)...]
    }
    return facts
  }

  /// No quote, line end or run of two `-` may stand in a comment.
  private static func escaped(_ text: String) -> String {
    text.unicodeScalars.map { scalar in
      switch scalar {
      case "%", "\"", "\n", "\r", "-", ">", "<": "%\(String(scalar.value + 0x100, radix: 16).dropFirst())"
      default: String(scalar)
      }
    }.joined()
  }

  private static func unescaped(_ text: some StringProtocol) -> String {
    let parts = text.split(separator: "%", omittingEmptySubsequences: false)
    return parts.enumerated().map { index, part in
      guard index > 0, part.count >= 2, let code = UInt8(part.prefix(2), radix: 16) else {
        return String(part)
      }
      return String(Unicode.Scalar(code)) + part.dropFirst(2)
    }.joined()
  }

  /// A block that holds a text as it is; the fence is longer than any in the text.
  static func fenced(_ text: String, _ language: String = "text") -> [String] {
    var fence = "```"
    while text.contains(fence) { fence += "`" }
    return [fence + language, text, fence, ""]
  }

  static func head(_ session: Session, document: String, day: String) -> String {
    let script = Recorder.scriptPath(document)
    let hospital = session.options.hospitalScale.map {
      " with the built-in hospital" + ($0 > 1 ? " × \($0)" : "")
    }
    let lines = [
      "# A session with Rounds", "",
      "Recorded on \(day) by \(Version.text)\(hospital ?? "").",
      "`rounds verify \(Paths.lastPart(document))` runs it again and tells every difference;",
      "`\(Paths.lastPart(script))` beside it holds the statements alone.", "",
      facts(
        [
          ("transcript", "1"), ("version", Version.text), ("now", String(session.options.now)),
          ("hospital", session.options.hospitalScale.map(String.init) ?? "none"),
          ("seed", session.options.seed.map(String.init) ?? "none"),
        ] + parameters(session)), "",
    ]
    return lines.joined(separator: "\n") + "\n"
  }

  /// What `--set` gave, one in a line.
  private static func parameters(_ session: Session) -> [(String, String)] {
    let given = session.options.parameters.sorted { $0.key < $1.key }.map { "\($0.key)=\($0.value)" }
    return given.isEmpty ? [] : [("set", given.joined(separator: "\n"))]
  }

  static func scriptHead(_ session: Session, document: String, day: String) -> String {
    let script = Paths.lastPart(Recorder.scriptPath(document))
    let demo = session.options.hospitalScale == nil ? "" : "--demo "
    return """
      #!/usr/bin/env rounds
      # The statements of \(Paths.lastPart(document)), recorded on \(day) by \(Version.text).
      # Runs with: rounds run \(demo)\(script)


      """
  }

  /// The line behind the last statement.
  static func end(_ statements: Int) -> String { facts([("end", String(statements))]) + "\n" }

  static func entry(_ statement: RecordedStatement, _ answers: [String], number: Int) -> String {
    var lines = fenced(statement.text, "rounds") + answers
    var facts = [("n", String(number))]
    facts.append(statement.isSetup ? ("setup", "yes") : ("status", String(statement.status.rawValue)))
    if let rows = statement.rows { facts.append(("rows", String(rows))) }
    if !statement.isSetup {
      facts += [
        ("result", statement.result), ("notes", statement.notes),
        ("shown", Digest.of(answers.joined(separator: "\n"))),
      ]
    }
    lines.append(self.facts(facts))
    for source in statement.sources {
      lines.append(
        self.facts([("source", source.path), ("bytes", String(source.bytes)), ("digest", source.digest)]))
    }
    return lines.joined(separator: "\n") + "\n\n"
  }

  /// A document as it was read.
  struct Document {
    /// The facts at its head.
    var head: [String: String] = [:]
    var statements: [(RecordedStatement, line: Int)] = []
    /// How many statements it says it holds; nil where the recording was not ended.
    var end: Int?
    /// Lines that look like an answer where none was written.
    var strays: [Int] = []
  }

  static func read(_ text: String) -> Document {
    var document = Document()
    var head: [String: String] = [:]
    var statements: [(RecordedStatement, line: Int)] = []
    // Behind the facts of a statement, until the next one: words may stand there, but no answers.
    var isBehindFacts = false
    var fence: Substring?
    var isStatement = false
    var body: [Substring] = []
    // The lines behind a statement, until its facts: what a reader takes for its answers.
    var shown: [Substring] = []
    for (index, line) in text.split(separator: "\n", omittingEmptySubsequences: false).enumerated() {
      if let open = fence {
        if !isStatement { shown.append(line) }
        if line == open {
          fence = nil
          if isStatement {
            shown = []
            let text = body.joined(separator: "\n")
            statements.append((RecordedStatement(text: text), index + 1 - body.count))
          }
        } else {
          body.append(line)
        }
      } else if line.hasPrefix("```") {
        fence = line.prefix { $0 == "`" }
        isStatement = line.drop { $0 == "`" } == "rounds"
        if isBehindFacts, !isStatement { document.strays.append(index + 1) }
        if isStatement { isBehindFacts = false }
        if !isStatement { shown.append(line) }
        body = []
      } else if let facts = facts(in: line) {
        if facts["transcript"] != nil {
          head = facts
        } else if let end = facts["end"] {
          document.end = Int(end)
        } else if !statements.isEmpty {
          isBehindFacts = true
          take(facts, into: &statements[statements.count - 1].0)
          if facts["source"] == nil {
            // A blank line stands before the answers.
            statements[statements.count - 1].0.shown = Digest.of(shown.dropFirst().joined(separator: "\n"))
          }
        }
      } else {
        if isBehindFacts, line.hasPrefix("|"), document.strays.last != index {
          document.strays.append(index + 1)
        }
        shown.append(line)
      }
    }
    (document.head, document.statements) = (head, statements)
    return document
  }

  private static func take(_ facts: [String: String], into statement: inout RecordedStatement) {
    if let path = facts["source"] {
      statement.sources.append(
        RecordedStatement.Source(
          path: path, bytes: facts["bytes"].flatMap { Int($0) } ?? 0, digest: facts["digest"] ?? ""))
      return
    }
    statement.number = facts["n"].flatMap { Int($0) }
    statement.isSetup = facts["setup"] != nil
    statement.status = facts["status"].flatMap { Int32($0) }.flatMap { ExitStatus(rawValue: $0) } ?? .done
    statement.rows = facts["rows"].flatMap { Int($0) }
    statement.result = facts["result"] ?? ""
    statement.notes = facts["notes"] ?? ""
    statement.recordedAsShown = facts["shown"]
  }
}
