import Foundation

/// One Swift file of the repository, as lines, whole and with comments and texts blanked out.
struct SourceFile: Sendable {
  /// From the root of the repository, as in `Sources/Columns/Buffer.swift`.
  let path: String
  let lines: [String]
  /// The same lines without comments and without what stands in texts.
  let code: [String]

  /// The folder below `Sources` or `Tests`.
  var module: String {
    let parts = path.split(separator: "/")
    return parts.count > 2 ? String(parts[1]) : ""
  }

  /// The modules that the file imports, each with its line, from 1.
  var imports: [(module: String, line: Int)] {
    code.enumerated().compactMap { offset, line in
      var words = line.split(whereSeparator: { $0 == " " || $0 == "\t" })
      while let word = words.first, word.hasPrefix("@") || Self.accessLevels.contains(String(word)) {
        words.removeFirst()
      }
      guard words.first == "import" else { return nil }
      words.removeFirst()
      if words.count > 1 { words.removeFirst() }  // as in `import struct Columns.Table`
      guard let name = words.first?.split(separator: ".").first else { return nil }
      return (String(name), offset + 1)
    }
  }

  private static let accessLevels: Set<String> = [
    "public", "package", "internal", "fileprivate", "private",
  ]

  /// The lines, from 1, whose code has the word; what stands before and after it must not make it part of a
  /// longer name, except where the word itself ends in a sign.
  func lines(with word: String) -> [Int] {
    code.enumerated().filter { Self.contains($0.element, word) }.map { $0.offset + 1 }
  }

  private static func contains(_ line: String, _ word: String) -> Bool {
    var searched = line.startIndex..<line.endIndex
    while let found = line.range(of: word, range: searched) {
      let before = found.lowerBound == line.startIndex ? nil : line[line.index(before: found.lowerBound)]
      let after = found.upperBound == line.endIndex ? nil : line[found.upperBound]
      let startsName = before.map { isNamePart($0) || $0 == "." } ?? false
      let goesOn = (word.last.map(isNamePart) ?? false) && (after.map(isNamePart) ?? false)
      if !startsName, !goesOn { return true }
      searched = found.upperBound..<line.endIndex
    }
    return false
  }

  private static func isNamePart(_ character: Character) -> Bool {
    character.isLetter || character.isNumber || character == "_"
  }
}

/// The repository that these tests belong to.
enum SourceTree {
  static let root = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
    .deletingLastPathComponent()

  /// The Swift files below a folder of the root, in order of their paths.
  static func files(_ folder: String) -> [SourceFile] {
    let base = root.appending(path: folder)
    guard let walk = FileManager.default.enumerator(atPath: base.path()) else { return [] }
    let paths = walk.compactMap { $0 as? String }.filter { $0.hasSuffix(".swift") }.sorted()
    return paths.compactMap { path in
      guard let text = try? String(contentsOf: base.appending(path: path), encoding: .utf8) else {
        return nil
      }
      return file(text, path: "\(folder)/\(path)")
    }
  }

  static func file(_ text: String, path: String) -> SourceFile {
    var stripper = CodeStripper()
    let lines = text.split(separator: "\n", omittingEmptySubsequences: false).map(String.init)
    return SourceFile(path: path, lines: lines, code: lines.map { stripper.strip($0) })
  }

  static let sources = files("Sources")
  static let tests = files("Tests")

  /// The names directly in the root.
  static func topLevel() throws -> [String] {
    try FileManager.default.contentsOfDirectory(atPath: root.path()).sorted()
  }
}

/// Takes comments and the insides of texts out of Swift, line by line.
struct CodeStripper {
  private enum State: Equatable {
    case code
    case comment(depth: Int)
    /// In a text that ends at this.
    case text(end: String, escape: String)
  }

  private var state = State.code

  mutating func strip(_ line: String) -> String {
    var rest = Substring(line)
    var code = ""
    while let next = rest.first {
      switch state {
      case .code:
        if rest.hasPrefix("//") { return code }
        if rest.hasPrefix("/*") {
          state = .comment(depth: 1)
          rest.removeFirst(2)
        } else if let (end, escape, length) = opening(rest) {
          state = .text(end: end, escape: escape)
          rest.removeFirst(length)
          code += "\""
        } else {
          code.append(next)
          rest.removeFirst()
        }
      case .comment(let depth):
        if rest.hasPrefix("*/") {
          state = depth == 1 ? .code : .comment(depth: depth - 1)
          rest.removeFirst(2)
        } else if rest.hasPrefix("/*") {
          state = .comment(depth: depth + 1)
          rest.removeFirst(2)
        } else {
          rest.removeFirst()
        }
      case .text(let end, let escape):
        if rest.hasPrefix(end) {
          state = .code
          rest.removeFirst(end.count)
          code += "\""
        } else if rest.hasPrefix(escape) {
          rest.removeFirst(min(escape.count + 1, rest.count))
        } else {
          rest.removeFirst()
        }
      }
    }
    // Only a text of three quotes goes on in the next line.
    if case .text(let end, _) = state, !end.hasPrefix("\"\"\"") { state = .code }
    return code
  }

  /// The text that begins here: what ends it, what escapes in it, how long its beginning is.
  private func opening(_ rest: Substring) -> (end: String, escape: String, length: Int)? {
    let hashes = String(rest.prefix { $0 == "#" })
    let quotes = rest.dropFirst(hashes.count)
    guard quotes.first == "\"" else { return nil }
    let mark = quotes.hasPrefix("\"\"\"") ? "\"\"\"" : "\""
    return (mark + hashes, "\\" + hashes, hashes.count + mark.count)
  }
}
