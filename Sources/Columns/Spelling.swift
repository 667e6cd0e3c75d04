import Diagnostics

/// Texts that differ only in capitals, blanks or the way their letters are composed: mostly one thing that was written
/// in two ways.
package enum Spelling {
  /// What the difference is, for notes.
  package static let difference = "capitals, blanks or how letters are composed"

  /// What texts that are spelt alike have in common.
  package static func plain(_ text: String) -> String {
    text.split(whereSeparator: \.isWhitespace).joined(separator: " ").lowercased()
  }

  /// Whether two texts are the same byte by byte: those of the same letters composed in another way are equal to Swift,
  /// and different values all the same.
  package static func isSame(_ first: String, _ second: String) -> Bool {
    first.utf8.elementsEqual(second.utf8)
  }

  /// Those of some texts that are spelt alike, in their order.
  package static func alike(_ texts: some Sequence<String>) -> [[String]] {
    var order: [String] = []
    var spellings: [String: [String]] = [:]
    for text in texts {
      let plain = plain(text)
      guard var known = spellings[plain] else {
        order.append(plain)
        spellings[plain] = [text]
        continue
      }
      if !known.contains(where: { isSame($0, text) }) { known.append(text) }
      spellings[plain] = known
    }
    return order.compactMap { spellings[$0] }.filter { $0.count > 1 }
  }

  /// The first so many of some texts in quotes, for notes.
  package static func quoted(_ texts: [String], first limit: Int) -> String {
    texts.prefix(limit).map { "\"\(toldApart($0))\"" }.joined(separator: ", ")
      + (texts.count > limit ? ", …" : "")
  }

  /// Names in a row; of many the first, and how many others there are.
  package static func few(_ names: [String], first limit: Int = 8) -> String {
    let rest = names.count - limit
    if rest < 2 { return names.joined(separator: ", ") }
    return names.prefix(limit).joined(separator: ", ") + " and \(grouped(rest)) others"
  }

  /// A text with the blanks that look like a plain one as escapes: where spellings are compared they are the difference.
  private static func toldApart(_ text: String) -> String {
    var result = ""
    for scalar in visible(text).unicodeScalars {
      if scalar.value > 0x7F, scalar.properties.isWhitespace {
        result += "\\u{\(String(scalar.value, radix: 16, uppercase: true))}"
      } else {
        result.unicodeScalars.append(scalar)
      }
    }
    return result
  }

  /// The first of what is alike, for notes.
  package static func shown(_ found: [[String]]) -> String {
    let shown = found.prefix(3).map { quoted($0, first: 6) }
    return shown.joined(separator: "; ") + (found.count > 3 ? "; and \(grouped(found.count - 3)) more" : "")
  }
}

extension TextPool {
  /// Pools of more entries hold identifiers, and looking through them would cost more than it tells.
  package static let spellingLimit = 2000

  /// The entries that are spelt like a text without being it.
  func entries(speltLike text: String) -> [Int] {
    guard count <= TextPool.spellingLimit else { return [] }
    let plain = Spelling.plain(text)
    let letters = plain.utf8.filter { $0 != UInt8(ascii: " ") }
    let isPlain = letters.allSatisfy { $0 < 0x80 }
    return (0..<count).filter { entry in
      guard !isPlain || mayBe(entry, letters) else { return false }
      let own = self[entry]
      return !Spelling.isSame(own, text) && Spelling.plain(own) == plain
    }
  }

  /// False where a glance at the bytes tells that an entry has other letters than some of ASCII; entries beyond ASCII are
  /// not told apart.
  private func mayBe(_ entry: Int, _ letters: [UInt8]) -> Bool {
    let range = range(entry)
    var met = 0
    for place in range {
      var byte = bytes[place]
      if byte >= 0x80 { return true }
      if byte == UInt8(ascii: " ") || (9...13).contains(byte) { continue }
      if (UInt8(ascii: "A")...UInt8(ascii: "Z")).contains(byte) { byte |= 0x20 }
      if met == letters.count || letters[met] != byte { return false }
      met += 1
    }
    return met == letters.count
  }
}

extension Kernels {
  /// Counts the rows that are spelt like a text that a column is compared with, without being it.
  ///
  /// - Parameter others: texts that are compared with, too: no row of these is passed over.
  static func countSpellings(
    like text: String, in column: Column, but others: Set<ExactText> = [], _ state: CallState
  ) {
    guard case .text(let codes, let pool) = column.storage, column.count > 0 else { return }
    for entry in state.alike(text, in: pool) {
      let own = pool[entry]
      if others.contains(ExactText(own)) { continue }
      let rows = codeBits(codes, entry)
      state.spelt(text, own, column.validity.map { rows.and($0).ones } ?? rows.ones)
    }
  }
}
