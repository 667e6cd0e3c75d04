import TestSupport

/// A place in the code that makes a diagnostic: `Diagnostic("code", "message…", …)` or `report("code", "message…", …)`.
struct MessageSite {
  var file: String
  var line: Int
  /// Nil where the code is no literal.
  var code: String?
  /// The literal parts of the message; nil for what is put between them.
  var parts: [String?]

  var shape: String { parts.map { $0 ?? "…" }.joined() }
  var key: String { "\(code ?? "…"): \(shape)" }

  /// Whether a message can have been made here.
  func fits(_ message: String) -> Bool {
    var rest = message[...]
    var isLoose = false
    for part in parts {
      guard let part else {
        isLoose = true
        continue
      }
      if part.isEmpty { continue }
      if isLoose {
        guard let place = rest.ranges(of: part).first else { return false }
        rest = rest[place.upperBound...]
        isLoose = false
      } else {
        guard rest.hasPrefix(part) else { return false }
        rest = rest.dropFirst(part.count)
      }
    }
    if isLoose || rest.isEmpty { return true }
    // The last literal may occur earlier too: what counts is that the message ends with it.
    return parts.contains { $0 == nil } && (parts.last ?? nil).map { message.hasSuffix($0) } ?? false
  }
}

/// All such places, read from the sources.
enum MessageSites {
  /// Places that no text can reach, with the reason.
  static let exempt: [String: String] = [
    "verb-wanted: a stage begins with a verb": "the parser tells it first",
    "argument-type: `…` wants … as …, not a word":
      "where a word may stand, another signature tells it better",
    "form: `…` cannot be called here": "for a row of the table that has no code yet",
    "source-wanted: a pipeline begins with a table": "the parser gives no empty head without a fault",
    "fault: …": "for an error of a kind that nobody knows yet",
    "steps: nothing to run": "a checked pipeline has a source",
    "unsteady: this file changes while it is read": "wants a file that changes in the middle of a run",
    "unsteady: a file changes while it is read": "wants a file that changes in the middle of a run",
    "memory: … wants … MB, more than the … MB allowed":
      "depends on the machine's memory; has a test of its own",
    "memory: a chart of … needs … MB of memory, and … MB are left":
      "depends on the machine's memory; MemoryTests has one",
    "lesson: the lessons ask the built-in hospital, which is not loaded":
      "the cases run on the hospital; RecordingTests ask without it",
    "table-as-value: … has …, and one value is wanted here":
      "the cases are only checked, and the rows of a `let` are not known then; DeclaredTypeTests run it",
    "too-many: from here on are more faults, which are not shown":
      "a case would be as long as its hundred faults; FaultTests counts them",
    "unreadable-date: `…` is no date": "what the lexer takes for a date has its three numbers",
  ]

  /// The modules whose diagnostics speak about a text; the drawing of charts and the reading of files have tests of
  /// their own.
  private static let modules = ["Language", "Planning", "Vocabulary", "Sessions"]

  static func all(in root: String) throws -> [MessageSite] {
    try modules.flatMap { module in
      try TextFile.paths(in: root + "/Sources/" + module, ending: ".swift").flatMap { path in
        var reader = SiteReader(Array(try TextFile.read(path)), file: String(path.dropFirst(root.count + 1)))
        return reader.sites()
      }
    }
  }
}

/// Finds the calls in one file.
private struct SiteReader {
  let text: [Character]
  let file: String
  var position = 0

  init(_ text: [Character], file: String) {
    self.text = text
    self.file = file
  }

  mutating func sites() -> [MessageSite] {
    var result: [MessageSite] = []
    var line = 1
    var index = 0
    while index < text.count {
      if text[index] == "\n" { line += 1 }
      for word in ["Diagnostic(", "report("] where matches(word, at: index) && !isNamePart(index - 1) {
        position = index + word.count
        if let site = site(line) { result.append(site) }
      }
      index += 1
    }
    return result
  }

  private func matches(_ word: String, at index: Int) -> Bool {
    index + word.count <= text.count && text[index..<index + word.count].elementsEqual(word)
  }

  private func isNamePart(_ index: Int) -> Bool {
    index >= 0 && (text[index].isLetter || text[index].isNumber || text[index] == "_")
  }

  private mutating func site(_ line: Int) -> MessageSite? {
    skipBlanks()
    var code: String?
    if text[position] == "\"" {
      guard let parts = literal(), parts.count == 1, let found = parts[0],
        found.allSatisfy({ $0.isLetter || $0 == "-" })
      else { return nil }
      code = found
    } else if matches("code,", at: position) {
      position += 4
    } else {
      return nil
    }
    skipBlanks()
    guard position < text.count, text[position] == "," else { return nil }
    position += 1
    skipBlanks()
    guard position < text.count, text[position] == "\"", let parts = literal() else {
      return code.map { MessageSite(file: file, line: line, code: $0, parts: [nil]) }
    }
    return MessageSite(file: file, line: line, code: code, parts: parts)
  }

  private mutating func skipBlanks() {
    while position < text.count, text[position].isWhitespace { position += 1 }
  }

  /// The literal that begins here, stepped over: its texts, nil for each interpolation. Nil for a literal of
  /// several lines.
  private mutating func literal() -> [String?]? {
    if matches("\"\"\"", at: position) { return nil }
    position += 1
    var parts: [String?] = []
    var current = ""
    while position < text.count, text[position] != "\"" {
      if matches("\\(", at: position) {
        parts += [current, nil]
        current = ""
        position += 2
        skipInterpolation()
      } else if text[position] == "\\" {
        current.append(contentsOf: escape())
      } else {
        current.append(text[position])
        position += 1
      }
    }
    position += 1
    if !current.isEmpty || parts.isEmpty { parts.append(current) }
    return parts.filter { $0 != "" }
  }

  private mutating func skipInterpolation() {
    var depth = 1
    while position < text.count, depth > 0 {
      if text[position] == "\"" {
        _ = literal()
        continue
      }
      if text[position] == "(" { depth += 1 }
      if text[position] == ")" { depth -= 1 }
      position += 1
    }
  }

  private mutating func escape() -> String {
    let character = text[position + 1]
    position += 2
    switch character {
    case "n": return "\n"
    case "t": return "\t"
    default: return String(character)
    }
  }
}
