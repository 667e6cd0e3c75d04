import Diagnostics
import Synchronization

/// Functions of one row's texts. Positions and lengths count Unicode scalars.
package enum TextFunctions {
  /// The longest text that `repeat` and the pads make, in bytes.
  static let limit = 1_000_000

  private static func text(_ arguments: [Value], _ index: Int) -> String {
    index < arguments.count ? arguments[index].string ?? "" : ""
  }

  private static func int(_ arguments: [Value], _ index: Int) -> Int {
    index < arguments.count ? Int(arguments[index].integer ?? 0) : 0
  }

  private static func made(_ scalars: some Sequence<Unicode.Scalar>) -> Value {
    var view = String.UnicodeScalarView()
    view.append(contentsOf: scalars)
    return .text(String(view))
  }

  /// A part of a text, whose bytes lie in it already.
  private static func made(_ part: Substring.UnicodeScalarView) -> Value { .text(String(Substring(part))) }

  // MARK: Whole texts

  /// The Unicode scalars of a text, or the elements of a list, missing ones too.
  package static func length(_ a: [Value], _ state: CallState) throws(KernelFault) -> Value {
    if case .list(let values) = a[0] { return .int(Int64(values.count)) }
    return .int(Int64(text(a, 0).unicodeScalars.count))
  }

  /// In capitals by Unicode's rules, which may make a text longer (`ß` is `SS`).
  package static func upper(_ a: [Value], _ state: CallState) throws(KernelFault) -> Value {
    .text(text(a, 0).uppercased())
  }

  /// In small letters by Unicode's rules, of no language in particular.
  package static func lower(_ a: [Value], _ state: CallState) throws(KernelFault) -> Value {
    .text(text(a, 0).lowercased())
  }

  /// Backwards by whole characters, so that an accent stays with its letter.
  package static func reverse(_ a: [Value], _ state: CallState) throws(KernelFault) -> Value {
    .text(String(text(a, 0).reversed()))
  }

  /// Without Unicode's white space at both ends.
  package static func trim(_ a: [Value], _ state: CallState) throws(KernelFault) -> Value {
    .text(Kernels.trimmed(text(a, 0)))
  }

  /// Without Unicode's white space at the start.
  package static func trimLeft(_ a: [Value], _ state: CallState) throws(KernelFault) -> Value {
    made(text(a, 0).unicodeScalars.drop { $0.properties.isWhitespace })
  }

  /// Without Unicode's white space at the end.
  package static func trimRight(_ a: [Value], _ state: CallState) throws(KernelFault) -> Value {
    var scalars = text(a, 0).unicodeScalars
    while let last = scalars.last, last.properties.isWhitespace { scalars.removeLast() }
    return .text(String(scalars))
  }

  /// The arguments, of any type, as plain text end to end; throws where the query has no memory for it.
  package static func concat(_ a: [Value], _ state: CallState) throws(KernelFault) -> Value {
    .text(try joined(a.map { ValueText.plain($0) }, "", state))
  }

  /// Texts end to end, with a separator between; throws where the query has no memory for it.
  package static func joined(
    _ parts: [String], _ separator: String, _ state: CallState
  ) throws(KernelFault) -> String {
    let between = separator.utf8.count.multipliedReportingOverflow(by: max(0, parts.count - 1))
    let size = parts.reduce(0) { $0 + $1.utf8.count }.addingReportingOverflow(between.partialValue)
    if between.overflow || size.overflow {
      try state.checkRoom(forTextBytes: .max)
    } else if size.partialValue > limit {
      try state.checkRoom(forTextBytes: size.partialValue)
    }
    return parts.joined(separator: separator)
  }

  /// `repeat(x, n)`: empty for an n of 0 or less; throws where more than `limit` bytes would come of it.
  package static func repeated(_ a: [Value], _ state: CallState) throws(KernelFault) -> Value {
    // Nothing, however often, takes no time.
    let count = text(a, 0).isEmpty ? 0 : max(0, int(a, 1))
    let (size, overflow) = text(a, 0).utf8.count.multipliedReportingOverflow(by: count)
    if overflow || size > limit { throw tooLong("repeat") }
    return .text(String(repeating: text(a, 0), count: count))
  }

  private static func tooLong(_ name: String) -> KernelFault {
    KernelFault("\(name) makes a text of more than \(limit) bytes")
  }

  /// `pad_left(x, width, with)`: a wider text stays whole; throws for more than `limit` scalars to add.
  package static func padLeft(_ a: [Value], _ state: CallState) throws(KernelFault) -> Value {
    .text(try padding(a, "pad_left") + text(a, 0))
  }

  /// `pad_right(x, width, with)`: the same at the end; the last repetition of `with` may be cut.
  package static func padRight(_ a: [Value], _ state: CallState) throws(KernelFault) -> Value {
    .text(text(a, 0) + (try padding(a, "pad_right")))
  }

  private static func padding(_ a: [Value], _ name: String) throws(KernelFault) -> String {
    let missing = max(0, int(a, 1)) - text(a, 0).unicodeScalars.count
    let fill = a.count > 2 ? text(a, 2) : " "
    let size = fill.unicodeScalars.count
    guard missing > 0, size > 0 else { return "" }
    if missing > limit { throw tooLong(name) }
    var result = String(repeating: fill, count: missing / size)
    result.unicodeScalars.append(contentsOf: fill.unicodeScalars.prefix(missing % size))
    return result
  }

  // MARK: Parts

  /// `substring(x, from, length)`, from 1; without a length to the end.
  package static func substring(_ a: [Value], _ state: CallState) throws(KernelFault) -> Value {
    let scalars = text(a, 0).unicodeScalars
    let from = int(a, 1)
    if from < 1 {
      throw KernelFault("substring counts from 1, not \(from)", help: ["right(x, n) takes from the end"])
    }
    let rest = scalars.dropFirst(from - 1)
    guard a.count > 2, let length = a[2].integer else { return made(rest) }
    return made(rest.prefix(Int(max(0, length))))
  }

  /// The first n Unicode scalars; none for an n of 0 or less.
  package static func left(_ a: [Value], _ state: CallState) throws(KernelFault) -> Value {
    made(text(a, 0).unicodeScalars.prefix(max(0, int(a, 1))))
  }

  /// The last n Unicode scalars; none for an n of 0 or less.
  package static func right(_ a: [Value], _ state: CallState) throws(KernelFault) -> Value {
    made(text(a, 0).unicodeScalars.suffix(max(0, int(a, 1))))
  }

  /// `split_part(x, separator, n)`, from 1, from the end with a negative n; a part that is not there is missing.
  package static func splitPart(_ a: [Value], _ state: CallState) throws(KernelFault) -> Value {
    let position = int(a, 2)
    if position > 0 { return part(position, of: text(a, 0), by: text(a, 1)).map { .text($0) } ?? .missing }
    let parts = split(text(a, 0), by: text(a, 1))
    if position == 0 { throw KernelFault("split_part counts from 1, and from the end with -1") }
    let index = parts.count + position
    return parts.indices.contains(index) ? .text(parts[index]) : .missing
  }

  /// The part of a number, from 1, without making those before it; nil where there are fewer.
  private static func part(_ number: Int, of text: String, by separator: String) -> String? {
    var (text, separator) = (text, separator)
    return separator.withUTF8 { wanted in
      text.withUTF8 { bytes -> String? in
        var (start, left) = (0, number - 1)
        while let found = find(wanted, in: bytes, from: start) {
          if left == 0 { return String(decoding: bytes[start..<found], as: UTF8.self) }
          left -= 1
          start = found + wanted.count
        }
        return left == 0 ? String(decoding: bytes[start...], as: UTF8.self) : nil
      }
    }
  }

  /// The pieces between the separators; an empty separator leaves the text whole.
  static func split(_ text: String, by separator: String) -> [String] {
    let bytes = Array(text.utf8)
    let wanted = Array(separator.utf8)
    var parts: [String] = []
    var start = 0
    while let found = find(wanted, in: bytes, from: start) {
      parts.append(String(decoding: bytes[start..<found], as: UTF8.self))
      start = found + wanted.count
    }
    parts.append(String(decoding: bytes[start...], as: UTF8.self))
    return parts
  }

  /// `replace(x, old, new)`: every place, left to right by bytes; an empty `old` changes nothing.
  package static func replace(_ a: [Value], _ state: CallState) throws(KernelFault) -> Value {
    if text(a, 1).isEmpty { return a[0] }
    if let result = replaced(text(a, 0), text(a, 1), text(a, 2)) { return .text(result) }
    // Long texts are made of their pieces once there is room for them.
    return .text(try joined(split(text(a, 0), by: text(a, 1)), text(a, 2), state))
  }

  /// Nil where more than `limit` bytes would come of it.
  private static func replaced(_ text: String, _ old: String, _ new: String) -> String? {
    var (text, old, new) = (text, old, new)
    var result: [UInt8] = []
    return old.withUTF8 { wanted in
      text.withUTF8 { bytes in
        new.withUTF8 { added -> String? in
          var start = 0
          while let found = find(wanted, in: bytes, from: start) {
            result += bytes[start..<found]
            result += added
            start = found + wanted.count
            if result.count > limit { return nil }
          }
          result += bytes[start...]
          return result.count > limit ? nil : String(decoding: result, as: UTF8.self)
        }
      }
    }
  }

  /// The first place of some bytes in others; nil for none and for no bytes.
  static func find<Bytes: RandomAccessCollection<UInt8>>(
    _ wanted: Bytes, in bytes: Bytes, from start: Int
  ) -> Int? where Bytes.Index == Int {
    guard let first = wanted.first, bytes.count - start >= wanted.count else { return nil }
    for index in start...bytes.count - wanted.count where bytes[index] == first {
      if bytes[index..<index + wanted.count].elementsEqual(wanted) { return index }
    }
    return nil
  }

  // MARK: Tests

  /// `contains` of a list.
  static func listContains(_ a: [Value], _ state: CallState) throws(KernelFault) -> Value {
    guard case .list(let values) = a[0] else { return .bool(false) }
    return .bool(values.contains { Kernels.isEqual(a[1], $0) })
  }

  private static let similarityLimit = 10_000

  /// The Jaro-Winkler similarity, 0 to 1: shared letters in nearby places, a common start of up to four counts more.
  package static func similarity(_ a: [Value], _ state: CallState) throws(KernelFault) -> Value {
    let (first, second) = (Array(text(a, 0).unicodeScalars), Array(text(a, 1).unicodeScalars))
    // Every letter is looked for in half of the other text: what is meant are names, not documents.
    guard first.count <= similarityLimit, second.count <= similarityLimit else {
      throw KernelFault(
        "similarity compares texts of up to 10,000 characters",
        help: ["compare the start of each: left(x, 1000)"])
    }
    let jaro = jaro(first, second)
    var prefix = 0
    while prefix < min(4, first.count, second.count), first[prefix] == second[prefix] { prefix += 1 }
    return .float(jaro > 0.7 ? jaro + Double(prefix) * 0.1 * (1 - jaro) : jaro)
  }

  private static func jaro(_ first: [Unicode.Scalar], _ second: [Unicode.Scalar]) -> Double {
    if first.isEmpty || second.isEmpty { return first.isEmpty && second.isEmpty ? 1 : 0 }
    let window = max(0, max(first.count, second.count) / 2 - 1)
    var taken = [Bool](repeating: false, count: second.count)
    var matches: [Unicode.Scalar] = []
    for (index, scalar) in first.enumerated() {
      let lower = max(0, index - window)
      let upper = min(second.count, index + window + 1)
      if lower >= upper { continue }
      for other in lower..<upper where !taken[other] && second[other] == scalar {
        taken[other] = true
        matches.append(scalar)
        break
      }
    }
    if matches.isEmpty { return 0 }
    let others = second.indices.filter { taken[$0] }.map { second[$0] }
    let transpositions = zip(matches, others).count { $0 != $1 } / 2
    let shared = Double(matches.count)
    return
      (shared / Double(first.count) + shared / Double(second.count)
      + (shared - Double(transpositions)) / shared) / 3
  }

  // MARK: Regular expressions

  /// Whether a regular expression is found anywhere; throws for one that does not compile or takes too long.
  package static func matches(_ a: [Value], _ state: CallState) throws(KernelFault) -> Value {
    let matcher = Pattern.Matcher(try PatternCache.of(state).pattern(text(a, 1)))
    return .bool(try search(matcher, Array(text(a, 0).utf8), from: 0))
  }

  /// `extract(x, regex, group)`: a group of the first match; without one the first group, or the whole match where
  /// the expression has no groups. Missing where nothing matches.
  package static func extract(_ a: [Value], _ state: CallState) throws(KernelFault) -> Value {
    let pattern = try PatternCache.of(state).pattern(text(a, 1))
    let group =
      a.count > 2 ? a[2].integer.map { Int($0) } ?? min(1, pattern.groupCount) : min(1, pattern.groupCount)
    guard (0...pattern.groupCount).contains(group) else {
      throw KernelFault(
        "the regular expression has \(counted(pattern.groupCount, "group")), so there is no group \(group)")
    }
    let matcher = Pattern.Matcher(pattern)
    let bytes = Array(text(a, 0).utf8)
    guard try search(matcher, bytes, from: 0), let range = matcher.range(group) else { return .missing }
    return .text(String(decoding: bytes[range], as: UTF8.self))
  }

  /// `replace_pattern(x, regex, with)`: every match; `$1` in the replacement is the first group, `$0` the match, `$$` a $.
  package static func replacePattern(_ a: [Value], _ state: CallState) throws(KernelFault) -> Value {
    let matcher = Pattern.Matcher(try PatternCache.of(state).pattern(text(a, 1)))
    let bytes = Array(text(a, 0).utf8)
    let replacement = Array(text(a, 2).utf8)
    if text(a, 1).contains("("), let digit = groupBehindBackslash(replacement) {
      throw KernelFault("a group is written $\(digit) here, not \\\(digit)", help: ["$$ is a dollar sign"])
    }
    var result: [UInt8] = []
    var start = 0
    var done = 0
    var checked = limit
    while start <= bytes.count, try search(matcher, bytes, from: start), let match = matcher.range() {
      if result.count > checked {
        try state.checkStop()
        try state.checkRoom(forTextBytes: result.count)
        checked = result.count + limit
      }
      result += bytes[done..<max(done, match.lowerBound)]
      append(replacement, matcher, bytes, to: &result)
      done = match.upperBound
      start = match.upperBound
      if match.isEmpty {
        // An empty match: go on behind the next character.
        start += 1
        while start < bytes.count, bytes[start] & 0xC0 == 0x80 { start += 1 }
      }
    }
    result += bytes[min(done, bytes.count)...]
    return .text(String(decoding: result, as: UTF8.self))
  }

  /// The digit of `\1`, by which other languages mean the text of a group.
  private static func groupBehindBackslash(_ replacement: [UInt8]) -> Unicode.Scalar? {
    for (sign, digit) in zip(replacement, replacement.dropFirst())
    where sign == UInt8(ascii: "\\") && digit &- 49 < 9 {
      return Unicode.Scalar(digit)
    }
    return nil
  }

  private static func append(
    _ replacement: [UInt8], _ matcher: Pattern.Matcher, _ bytes: [UInt8], to result: inout [UInt8]
  ) {
    var index = 0
    while index < replacement.count {
      let next = index + 1 < replacement.count ? replacement[index + 1] : 0
      if replacement[index] == UInt8(ascii: "$"), next == UInt8(ascii: "$") {
        result.append(next)
        index += 2
      } else if replacement[index] == UInt8(ascii: "$"), (48...57).contains(next) {
        if let range = matcher.range(Int(next) - 48) { result += bytes[range] }
        index += 2
      } else {
        // What stands up to the next $ at once.
        let end = replacement[(index + 1)...].firstIndex(of: UInt8(ascii: "$")) ?? replacement.count
        result += replacement[index..<end]
        index = end
      }
    }
  }

  private static func search(
    _ matcher: Pattern.Matcher, _ bytes: [UInt8], from start: Int
  ) throws(KernelFault) -> Bool {
    try bytes.withUnsafeBufferPointer { (buffer) throws(KernelFault) in
      try matcher.find(in: buffer, from: start)
    }
  }
}

/// The patterns that a call has compiled.
final class PatternCache: Sendable {
  private let patterns = Mutex<[ExactText: Pattern]>([:])

  static func of(_ state: CallState) -> PatternCache {
    state.remembered(for: CallState.ownMemory) { PatternCache() }
  }

  func pattern(_ source: String) throws(KernelFault) -> Pattern {
    let exact = ExactText(source)
    if let known = patterns.withLock({ $0[exact] }) { return known }
    let made = try Pattern(source)
    patterns.withLock { known in
      // Patterns that differ from row to row must not fill the memory.
      if known.count < 1000 { known[exact] = made }
    }
    return made
  }
}

extension CallState {
  /// The key under which a call remembers what belongs to no pool.
  static let ownMemory = TextPool([], isDistinct: true)
}

extension TextFunctions {
  // MARK: Lists of texts

  /// `split(x, separator)`: an empty text is a list of one empty text.
  package static func splitText(_ a: [Value], _ state: CallState) throws(KernelFault) -> Value {
    .list(split(a[0].string ?? "", by: a[1].string ?? "").map { .text($0) })
  }

  /// `join(list, separator)`: missing elements are left out, others are written as plain text.
  package static func joinText(_ a: [Value], _ state: CallState) throws(KernelFault) -> Value {
    guard case .list(let values) = a[0] else { return .missing }
    let known = values.filter { !$0.isMissing }
    return .text(try joined(known.map { ValueText.plain($0) }, a[1].string ?? "", state))
  }
}
