import Columns
import Diagnostics
import Planning

/// Groups whose names differ only in capitals, blanks or the way their letters are composed: mostly one thing that was
/// written in two ways.
enum NearGroups {
  /// More groups than this are identifiers, and looking at them would cost more than it tells.
  private static let limit = 1000

  static func notes(_ node: Plan.Aggregate, _ table: Table) -> [Note] {
    guard table.rowCount <= limit else { return [] }
    return node.keys.indices.flatMap { index -> [Note] in
      guard table.schema[index].type == .text else { return [] }
      let found = alike(table.column(index))
      return found.isEmpty ? [] : [note(found, table.schema[index].name, node)]
    }
  }

  /// The texts of a column that are alike, in the order of the rows.
  private static func alike(_ column: Column) -> [[String]] {
    var order: [String] = []
    var spellings: [String: [String]] = [:]
    for row in 0..<column.count {
      guard let text = column.value(row).string else { continue }
      let plain = text.split(whereSeparator: \.isWhitespace).joined(separator: " ").lowercased()
      guard var known = spellings[plain] else {
        order.append(plain)
        spellings[plain] = [text]
        continue
      }
      // Texts of the same letters composed in another way are equal to Swift, and two groups all the same.
      if !known.contains(where: { $0.utf8.elementsEqual(text.utf8) }) { known.append(text) }
      spellings[plain] = known
    }
    return order.compactMap { spellings[$0] }.filter { $0.count > 1 }
  }

  private static func note(_ found: [[String]], _ name: String, _ node: Plan.Aggregate) -> Note {
    let shown = found.prefix(3).map { texts in
      texts.prefix(3).map { "\"\(visible($0))\"" }.joined(separator: ", ")
    }
    let rest = found.count > 3 ? "; and \(grouped(found.count - 3)) more" : ""
    return Note(
      .fact,
      "groups of `\(name)` differ only in capitals, blanks or how letters are composed: \(shown.joined(separator: "; "))\(rest)",
      count: found.count, subject: name, at: node.origin.range)
  }
}
