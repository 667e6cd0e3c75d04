import Columns
import Diagnostics
import Planning
import Synchronization

/// What groups, rows and keys have to tell where their texts are spelt alike.
enum NearSpellings {
  /// More groups than this are identifiers, and looking at them would cost more than it tells.
  private static let limit = 1000

  /// Groups, or different rows, that differ by their spelling alone.
  static func notes(_ table: Table, keys: Range<Int>, groups what: String, _ origin: StageOrigin) -> [Note] {
    guard table.rowCount <= limit else { return [] }
    return keys.compactMap { index in
      guard table.schema[index].type == .text else { return nil }
      let column = table.column(index)
      let name = table.schema[index].name
      let texts = (0..<column.count).compactMap { column.value($0).string }
      return note("\(what) of `\(name)`", texts, subject: name, origin.range)
    }
  }

  /// The same of the groups that a stage works in, by the columns of its keys.
  static func notes(of keys: [PlanExpression], _ columns: [Column], _ origin: StageOrigin) -> [Note] {
    zip(keys, columns).compactMap { key, column in
      // The groups of an expression are none of a column.
      guard key.type == .text, case .column(_, let name) = key.kind else { return nil }
      let found = DifferentTexts(isWanted: true)
      found.add(column)
      return found.texts.flatMap { note("groups of `\(name)`", $0, subject: name, origin.range) }
    }
  }

  /// That some of these texts differ only by their spelling; nil where none do.
  static func note(_ what: String, _ texts: [String], subject: String, _ range: SourceRange) -> Note? {
    let found = Spelling.alike(texts)
    if found.isEmpty { return nil }
    return Note(
      .fact, "\(what) differ only in \(Spelling.difference): \(Spelling.shown(found))", count: found.count,
      subject: subject, at: range)
  }

  /// Keys of a join's left side without a partner that the right side has in another spelling.
  static func notes(_ node: Plan.Join, _ keys: Executor.JoinKeys) -> [Note] {
    func texts(_ columns: [[Column]], _ types: [DataType]) -> [[String]?] {
      types.indices.map { key in
        let found = DifferentTexts(isWanted: types[key] == .text)
        for segment in columns { found.add(segment[key]) }
        return found.texts
      }
    }
    return notes(node, texts(keys.left, keys.types.left), texts(keys.right, keys.types.right))
  }

  /// - Parameters:
  ///   - lefts: for each key the different texts of the left side; nil where they are many, or no texts.
  ///   - rights: the same of the right side.
  static func notes(_ node: Plan.Join, _ lefts: [[String]?], _ rights: [[String]?]) -> [Note] {
    node.keys.indices.flatMap { key -> [Note] in
      guard let left = lefts[key], let right = rights[key] else { return [] }
      var arePaired = true
      let found = Spelling.alike(left + right).compactMap { texts -> String? in
        // Of a spelling that both sides have nothing is lost.
        let ours = texts.filter { contains(left, $0) && !contains(right, $0) }
        let theirs = texts.filter { contains(right, $0) }
        if ours.isEmpty || theirs.isEmpty { return nil }
        // Letters that are composed in another way, and blanks inside, stay as they are.
        arePaired =
          arePaired
          && ours.allSatisfy { our in theirs.contains { Spelling.isSame(lowered(our), lowered($0)) } }
        return "\(Spelling.quoted(ours, first: 4)) here, \(Spelling.quoted(theirs, first: 4)) there"
      }
      if found.isEmpty { return [] }
      let name = node.keys[key].left.columnNames.first ?? "the key"
      let (ours, theirs) = (name, node.keys[key].right.columnNames.first ?? name)
      let mended =
        node.rightIsNamed && node.keys.count == 1 && arePaired
        ? "; on lower(trim(\(CheckMessages.quoted(ours)))) == lower(trim(\(CheckMessages.quoted("\(node.rightName).\(theirs)")))) pairs them"
        : ""
      let rest = found.count > 3 ? "; and \(grouped(found.count - 3)) more" : ""
      return [
        Note(
          .join,
          "keys of `\(name)` have no match in \(node.rightTold) only for \(Spelling.difference): \(found.prefix(3).joined(separator: "; "))\(rest)\(mended)",
          count: found.count, subject: name, at: node.origin.range)
      ]
    }
  }

  /// What `lower(trim(x))` makes of a text.
  private static func lowered(_ text: String) -> String { Kernels.trimmed(text).lowercased() }

  private static func contains(_ texts: [String], _ text: String) -> Bool {
    texts.contains { Spelling.isSame($0, text) }
  }
}

/// The different texts of a column's segments, from any thread, while they are few.
final class DifferentTexts: Sendable {
  private static let limit = 1000
  /// Above so many entries of a pool those that rows have are remembered one by one.
  private static let markedPool = 1 << 16

  private struct State {
    var isWanted: Bool
    /// The entries of each pool that rows have.
    var used: [ObjectIdentifier: (pool: TextPool, entries: Set<Int>)] = [:]
  }

  private let state: Mutex<State>

  /// - Parameter isWanted: false where the column holds no texts.
  init(isWanted: Bool) { state = Mutex(State(isWanted: isWanted)) }

  func add(_ column: Column) {
    guard case .text(let codes, let pool) = column.storage, state.withLock({ $0.isWanted }) else { return }
    let found = Self.entries(column, codes, pool)
    state.withLock { state in
      guard let found, state.isWanted else {
        state = State(isWanted: false)
        return
      }
      state.used[ObjectIdentifier(pool), default: (pool, [])].entries.formUnion(found)
    }
  }

  /// The entries of the pool that rows have; nil where they are many, whatever else the pool holds.
  private static func entries(_ column: Column, _ codes: TextCodes, _ pool: TextPool) -> Set<Int>? {
    var found: Set<Int> = []
    var isMarked = Array(repeating: false, count: pool.count <= markedPool ? pool.count : 0)
    for row in 0..<column.count where column.isKnown(row) {
      let code = codes[row]
      if !isMarked.isEmpty {
        if isMarked[code] { continue }
        isMarked[code] = true
      }
      guard found.insert(code).inserted else { continue }
      if found.count > limit { return nil }
      // A column over a dictionary of its own soon has shown all of it.
      if found.count == pool.count { break }
    }
    return found
  }

  /// In their order; nil where they are many.
  var texts: [String]? {
    let state = state.withLock { $0 }
    guard state.isWanted else { return nil }
    var found: Set<[UInt8]> = []
    for (pool, entries) in state.used.values {
      for entry in entries { found.insert(Array(pool[entry].utf8)) }
      if found.count > Self.limit { return nil }
    }
    return found.map { String(decoding: $0, as: UTF8.self) }.sorted()
  }
}
