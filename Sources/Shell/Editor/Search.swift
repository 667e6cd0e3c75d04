/// Incremental search through whole statements, newest first; any script, small letters match capitals.
package struct HistorySearch: Sendable {
  /// What is searched for; empty text is in every statement.
  package private(set) var query: [Unicode.Scalar] = []
  /// What was in the editor before the search.
  package let original: EditBuffer
  private let entries: [String]
  private let folded: [[UInt8]]
  private var matches: [Int] = []
  private var position = 0

  /// - Parameter entries: the statements, oldest first.
  package init(entries: [String], original: EditBuffer, query: [Unicode.Scalar] = []) {
    self.entries = entries
    self.original = original
    folded = entries.map { Array($0.lowercased().utf8) }
    self.query = query
    update()
  }

  /// The statement found, nil when nothing matches.
  package var found: String? { matches.indices.contains(position) ? entries[matches[position]] : nil }

  /// Which match is shown of how many, from 1.
  package var count: (shown: Int, of: Int) { (matches.isEmpty ? 0 : position + 1, matches.count) }

  /// Where the query is in the statement found, in unicode scalars.
  package var foundRange: Range<Int>? {
    guard let found, !query.isEmpty else { return nil }
    let text = Array(found.unicodeScalars)
    let sought = isExact ? query : query.map(Self.small)
    guard sought.count <= text.count else { return nil }
    for start in 0...(text.count - sought.count) {
      let slice = text[start..<(start + sought.count)]
      if slice.lazy.map({ isExact ? $0 : Self.small($0) }).elementsEqual(sought) {
        return start..<(start + sought.count)
      }
    }
    return nil
  }

  /// Adds to the query; the statement found stays while it still matches.
  package mutating func type(_ scalars: [Unicode.Scalar]) {
    query.append(contentsOf: scalars)
    update()
  }

  /// Takes the last character off the query.
  package mutating func erase() {
    guard !query.isEmpty else { return }
    query.removeSubrange(EditBuffer(query).characterStart(query.count)...)
    update()
  }

  /// Goes on to an older (positive) or newer match; stays at the ends.
  package mutating func move(by step: Int) {
    position = max(0, min(position + step, matches.count - 1))
  }

  /// Capitals in the query make it exact.
  private var isExact: Bool { query.contains { $0.properties.isUppercase } }

  private static func small(_ scalar: Unicode.Scalar) -> Unicode.Scalar {
    let mapping = scalar.properties.lowercaseMapping.unicodeScalars
    return mapping.count == 1 ? mapping.first ?? scalar : scalar
  }

  private mutating func update() {
    let shown = matches.indices.contains(position) ? matches[position] : nil
    let text = EditBuffer(query).string
    let sought = Array((isExact ? text : text.lowercased()).utf8)
    matches = entries.indices.reversed().filter { index in
      isExact ? Self.contains(entries[index].utf8, sought) : Self.contains(folded[index], sought)
    }
    // The statement shown stays while it still matches.
    position = shown.flatMap { matches.firstIndex(of: $0) } ?? 0
  }

  private static func contains(_ text: some Collection<UInt8>, _ sought: [UInt8]) -> Bool {
    guard let first = sought.first else { return true }
    var rest = text[...]
    while let start = rest.firstIndex(of: first) {
      if rest[start...].starts(with: sought) { return true }
      rest = rest[rest.index(after: start)...]
    }
    return false
  }
}
