import Columns
import Diagnostics
import Planning

/// What groups, rows and keys have to tell where their texts are spelt alike.
enum NearSpellings {
  /// More groups than this are identifiers, and looking at them would cost more than it tells.
  private static let limit = 1000

  /// Groups, or different rows, that differ by their spelling alone.
  static func notes(_ table: Table, keys: Range<Int>, groups what: String, _ origin: StageOrigin) -> [Note] {
    guard table.rowCount <= limit else { return [] }
    return keys.flatMap { index -> [Note] in
      guard table.schema[index].type == .text else { return [] }
      let column = table.column(index)
      let found = Spelling.alike((0..<column.count).lazy.compactMap { column.value($0).string })
      if found.isEmpty { return [] }
      let name = table.schema[index].name
      return [
        Note(
          .fact, "\(what) of `\(name)` differ only in \(Spelling.difference): \(Spelling.shown(found))",
          count: found.count, subject: name, at: origin.range)
      ]
    }
  }

  /// Keys of a join's left side without a partner that the right side has in another spelling.
  static func notes(_ node: Plan.Join, _ keys: Executor.JoinKeys) -> [Note] {
    node.keys.indices.flatMap { key -> [Note] in
      guard keys.types.left[key] == .text, keys.types.right[key] == .text,
        let (left, right) = bothTexts(keys.left.map { $0[key] }, keys.right.map { $0[key] })
      else { return [] }
      let found = Spelling.alike(left + right).compactMap { texts -> String? in
        // Of a spelling that both sides have nothing is lost.
        let ours = texts.filter { contains(left, $0) && !contains(right, $0) }
        let theirs = texts.filter { contains(right, $0) }
        return ours.isEmpty || theirs.isEmpty ? nil : "\(quoted(ours)) here, \(quoted(theirs)) there"
      }
      if found.isEmpty { return [] }
      let name = node.keys[key].left.columnNames.first ?? "the key"
      let rest = found.count > 3 ? "; and \(grouped(found.count - 3)) more" : ""
      return [
        Note(
          .join,
          "keys of `\(name)` have no match in `\(node.rightName)` only for \(Spelling.difference): \(found.prefix(3).joined(separator: "; "))\(rest)",
          count: found.count, subject: name, at: node.origin.range)
      ]
    }
  }

  private static func quoted(_ texts: [String]) -> String {
    texts.prefix(4).map { "\"\(visible($0))\"" }.joined(separator: ", ") + (texts.count > 4 ? ", …" : "")
  }

  private static func contains(_ texts: [String], _ text: String) -> Bool {
    texts.contains { Spelling.isSame($0, text) }
  }

  /// The different texts that the rows of both sides have; nil where there are many.
  private static func bothTexts(_ left: [Column], _ right: [Column]) -> (left: [String], right: [String])? {
    guard let left = texts(left), let right = texts(right) else { return nil }
    return (left, right)
  }

  private static func texts(_ columns: [Column]) -> [String]? {
    var used: [ObjectIdentifier: (pool: TextPool, rows: [Bool])] = [:]
    for column in columns {
      guard case .text(let codes, let pool) = column.storage else { continue }
      guard pool.count <= limit else { return nil }
      var rows = used[ObjectIdentifier(pool)]?.rows ?? Array(repeating: false, count: pool.count)
      for row in 0..<column.count where column.isKnown(row) { rows[codes[row]] = true }
      used[ObjectIdentifier(pool)] = (pool, rows)
    }
    var texts: [String] = []
    for (pool, rows) in used.values {
      for entry in rows.indices where rows[entry] { texts.append(pool[entry]) }
      if texts.count > limit { return nil }
    }
    return texts.sorted()
  }
}
