/// What was probably meant: the nearest of the known names.
package enum Suggestion {
  /// The candidate nearest to a name, or none when nothing is near enough to be worth saying.
  package static func nearest(to name: String, among candidates: some Sequence<String>) -> String? {
    ranked(name, candidates).first
  }

  /// The candidates that are near enough, nearest first, at most `limit`.
  package static func ranked(
    _ name: String, _ candidates: some Sequence<String>, limit: Int = 3
  ) -> [String] {
    let wanted = Array(folded(name).unicodeScalars)
    guard !wanted.isEmpty, wanted.count <= 100 else { return [] }
    let allowed = max(1, wanted.count / 3)
    var scored: [(candidate: String, distance: Int)] = []
    for candidate in candidates {
      let other = Array(folded(candidate).unicodeScalars)
      if other.isEmpty || other.count > 100 { continue }
      if other == wanted {
        scored.append((candidate, 0))
      } else if abs(other.count - wanted.count) <= allowed {
        let distance = editDistance(wanted, other)
        if distance <= allowed, distance < wanted.count { scored.append((candidate, distance)) }
      } else if wanted.count >= 3, other.starts(with: wanted) {
        scored.append((candidate, allowed + 1))
      }
    }
    return scored.enumerated().sorted {
      ($0.element.distance, $0.offset) < ($1.element.distance, $1.offset)
    }.prefix(limit).map(\.element.candidate)
  }

  /// A name without case, blanks and punctuation other than the dot: the key by which names match loosely.
  package static func folded(_ name: String) -> String {
    var result = String.UnicodeScalarView()
    for scalar in name.lowercased().unicodeScalars
    where scalar == "." || scalar.properties.isAlphabetic || scalar.properties.numericType != nil {
      result.append(scalar)
    }
    return String(result)
  }

  /// Whether a name is folded to this: told by its first letters for most names, without folding it.
  package static func isFolded(_ name: String, to folded: String) -> Bool {
    var rest = folded.utf8.makeIterator()
    for byte in name.utf8 {
      if byte >= 0x80 { return Self.folded(name) == folded }
      let isLetter = (UInt8(ascii: "a")...UInt8(ascii: "z")).contains(byte | 0x20)
      guard isLetter || (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(byte) || byte == UInt8(ascii: ".")
      else {
        continue
      }
      if rest.next() != (isLetter ? byte | 0x20 : byte) { return false }
    }
    return rest.next() == nil
  }

  /// Edits (insert, delete, replace, swap of neighbours) that turn one into the other.
  package static func editDistance(_ left: [Unicode.Scalar], _ right: [Unicode.Scalar]) -> Int {
    var beforeLast = [Int](repeating: 0, count: right.count + 1)
    var last = Array(0...right.count)
    var current = last
    for i in 0..<left.count {
      current[0] = i + 1
      for j in 0..<right.count {
        let cost = left[i] == right[j] ? 0 : 1
        var best = min(current[j] + 1, last[j + 1] + 1, last[j] + cost)
        if i > 0, j > 0, left[i] == right[j - 1], left[i - 1] == right[j] {
          best = min(best, beforeLast[j - 1] + 1)
        }
        current[j + 1] = best
      }
      (beforeLast, last, current) = (last, current, beforeLast)
    }
    return last[right.count]
  }
}
