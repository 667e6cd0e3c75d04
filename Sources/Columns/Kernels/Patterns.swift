internal import CPCRE2
import Glibc

/// A compiled regular expression in PCRE2's syntax. Immutable, so that threads share it; each uses its own `Matcher`.
package final class Pattern: @unchecked Sendable {
  /// Backtracking steps allowed for one match before it counts as a fault.
  static let matchLimit: UInt32 = 1_000_000

  fileprivate let code: OpaquePointer
  private let source: String

  /// Compiles.
  /// - Throws: a fault that says in PCRE2's words what is wrong and at which character.
  package init(_ source: String) throws(KernelFault) {
    self.source = source
    var error: Int32 = 0
    var offset = 0
    var text = source
    let compiled = text.withUTF8 { bytes in
      rounds_pcre2_compile(bytes.baseAddress, bytes.count, rounds_pcre2_utf(), &error, &offset)
    }
    guard let compiled else {
      let position = String(decoding: Array(source.utf8).prefix(offset), as: UTF8.self).unicodeScalars.count
      throw KernelFault(
        "the regular expression \"\(source)\" cannot be read: \(Pattern.message(error)), at character \(position)",
        help: ["a \\ before a character takes it as it is: \\( finds a bracket"])
    }
    code = compiled
    // Without just-in-time compilation the matching is slower, nothing else.
    _ = rounds_pcre2_jit(compiled)
  }

  deinit { pcre2_code_free_8(code) }

  /// The number of groups in round brackets.
  package var groupCount: Int { Int(rounds_pcre2_capture_count(code)) }

  fileprivate static func message(_ error: Int32) -> String {
    var buffer = [UInt8](repeating: 0, count: 256)
    let length = rounds_pcre2_message(error, &buffer, buffer.count)
    return length > 0 ? String(decoding: buffer.prefix(Int(length)), as: UTF8.self) : "error \(error)"
  }

  /// Runs a pattern on one thread.
  package final class Matcher {
    private let pattern: Pattern
    private let data: OpaquePointer?
    private let context: OpaquePointer?

    package init(_ pattern: Pattern) {
      self.pattern = pattern
      data = pcre2_match_data_create_from_pattern_8(pattern.code, nil)
      context = rounds_pcre2_limited(Pattern.matchLimit)
    }

    deinit {
      pcre2_match_data_free_8(data)
      pcre2_match_context_free_8(context)
    }

    /// Whether the pattern is found from a byte on; the ranges of the match and its groups are then in `range`.
    ///
    /// - Parameter start: where a character begins; above 0 only for bytes that were searched from 0 before: looking
    ///   each time whether all of them are UTF-8 would make the cost of many matches in a long text that of its square.
    package func find(in bytes: UnsafeBufferPointer<UInt8>, from start: Int = 0) throws(KernelFault) -> Bool {
      guard let data else { throw KernelFault("there is no memory for a regular expression") }
      let empty: [UInt8] = [0]
      let options = start > 0 ? UInt32(PCRE2_NO_UTF_CHECK) : 0
      let status = empty.withUnsafeBufferPointer { spare in
        pcre2_match_8(
          pattern.code, bytes.baseAddress ?? spare.baseAddress, bytes.count, start, options, data, context)
      }
      if status >= 0 { return true }
      switch status {
      case PCRE2_ERROR_NOMATCH: return false
      case PCRE2_ERROR_MATCHLIMIT, PCRE2_ERROR_DEPTHLIMIT, PCRE2_ERROR_HEAPLIMIT, PCRE2_ERROR_JIT_STACKLIMIT:
        throw KernelFault(
          "the regular expression \"\(pattern.source)\" takes too many steps on one of the texts",
          help: ["nested repeats such as (a+)+ do that; a+ alone finds the same"])
      default:
        // Bytes that are no UTF-8 match nothing.
        return false
      }
    }

    /// The bytes of a group (0 is the whole match) of the last match; nil for a group that took no part.
    package func range(_ group: Int = 0) -> Range<Int>? {
      guard let data, let ends = pcre2_get_ovector_pointer_8(data) else { return nil }
      guard group >= 0, group < Int(pcre2_get_ovector_count_8(data)) else { return nil }
      let (lower, upper) = (ends[2 * group], ends[2 * group + 1])
      return lower <= upper && upper != Int.max && lower >= 0 ? lower..<upper : nil
    }
  }
}

extension Kernels {
  /// Whether a regular expression is found anywhere in a text; missing where a side is.
  ///
  /// Throws for an expression that does not compile or takes too long.
  package static func matches(
    _ arguments: [Datum], _ rows: Int, _ state: CallState
  ) throws(KernelFault) -> Datum {
    try textTest(arguments, rows, state) { (source) throws(KernelFault) in try RegexTest(source) }
  }

  /// Whether it is not found; missing where a side is.
  package static func notMatches(
    _ arguments: [Datum], _ rows: Int, _ state: CallState
  ) throws(KernelFault) -> Datum {
    try not([try matches(arguments, rows, state)], rows, state)
  }

  /// Whether the whole text is as the pattern of `%` and `_`, capitals told apart; missing where a side is.
  package static func like(
    _ arguments: [Datum], _ rows: Int, _ state: CallState
  ) throws(KernelFault) -> Datum {
    try textTest(arguments, rows, state) { (source) throws(KernelFault) in LikeTest(source) }
  }

  /// Whether it is not so; missing where a side is.
  package static func notLike(
    _ arguments: [Datum], _ rows: Int, _ state: CallState
  ) throws(KernelFault) -> Datum {
    try not([try like(arguments, rows, state)], rows, state)
  }

  /// A test of texts that is prepared once for a pattern.
  protocol TextTest {
    func holds(_ bytes: UnsafeBufferPointer<UInt8>) throws(KernelFault) -> Bool
  }

  struct RegexTest: TextTest {
    private let matcher: Pattern.Matcher
    init(_ source: String) throws(KernelFault) { matcher = Pattern.Matcher(try Pattern(source)) }
    func holds(_ bytes: UnsafeBufferPointer<UInt8>) throws(KernelFault) -> Bool {
      try matcher.find(in: bytes)
    }
  }

  /// Text against a pattern: the test of each pattern is made once; where it is constant, each entry is tested once.
  static func textTest<Test: TextTest>(
    _ arguments: [Datum], _ rows: Int, _ state: CallState,
    _ make: (String) throws(KernelFault) -> Test
  ) throws(KernelFault) -> Datum {
    if isAllMissing(arguments) { return allMissing(arguments, rows, .bool) }
    let known = validity(of: arguments, rows: rows)
    if let pattern = arguments[1].constant?.string, case .column(let column) = arguments[0] {
      let test = try make(pattern)
      let bits = try entryBits(column, state) { (pool, entry) throws(KernelFault) in
        let range = pool.range(entry)
        return try pool.bytes.withUnsafePointer { (base) throws(KernelFault) in
          try test.holds(UnsafeBufferPointer(start: base + range.lowerBound, count: range.count))
        }
      }
      return .column(.bool(bits, validity: known))
    }
    var tests: [ExactText: Test] = [:]
    return try folding(arguments, rows) { (arguments, rows) throws(KernelFault) in
      let known = validity(of: arguments, rows: rows)
      var result = MutableBitmap(repeating: false, count: rows)
      for row in 0..<rows where known?[row] ?? true {
        let pattern = arguments[1].value(row).string ?? ""
        let test: Test
        if let made = tests[ExactText(pattern)] {
          test = made
        } else {
          test = try make(pattern)
          tests[ExactText(pattern)] = test
        }
        let bytes = Array((arguments[0].value(row).string ?? "").utf8)
        do throws(KernelFault) {
          if try holds(test, bytes) { result.set(row) }
        } catch {
          throw KernelFault(error.message, row: row, help: error.help)
        }
      }
      return .bool(result.freeze(), validity: known)
    }
  }

  private static func holds<Test: TextTest>(_ test: Test, _ bytes: [UInt8]) throws(KernelFault) -> Bool {
    try bytes.withUnsafeBufferPointer { (buffer) throws(KernelFault) in try test.holds(buffer) }
  }
}

/// `like`: the whole text, `%` for any run of characters and `_` for one. No escapes.
struct LikeTest: Kernels.TextTest {
  private let pattern: [UInt8]

  init(_ pattern: String) { self.pattern = Array(pattern.utf8) }

  /// Greedy with one point to go back to, the last `%`: time grows with text times pattern at worst.
  func holds(_ text: UnsafeBufferPointer<UInt8>) -> Bool {
    var (at, position) = (0, 0)
    var (lastPercent, resume) = (-1, 0)
    while at < text.count {
      if position < pattern.count, pattern[position] == UInt8(ascii: "%") {
        lastPercent = position
        resume = at
        position += 1
      } else if position < pattern.count, pattern[position] == UInt8(ascii: "_") {
        at += LikeTest.width(text[at])
        position += 1
      } else if position < pattern.count, pattern[position] == text[at] {
        at += 1
        position += 1
      } else if lastPercent >= 0 {
        resume += LikeTest.width(text[resume])
        at = resume
        position = lastPercent + 1
      } else {
        return false
      }
    }
    while position < pattern.count, pattern[position] == UInt8(ascii: "%") { position += 1 }
    return at == text.count && position == pattern.count
  }

  /// Bytes of the character that begins with this one.
  private static func width(_ first: UInt8) -> Int {
    first < 0xC0 ? 1 : first < 0xE0 ? 2 : first < 0xF0 ? 3 : 4
  }
}

/// `contains`, `starts_with` and `ends_with`: UTF-8 holds a character where it holds its bytes.
struct PartTest: Kernels.TextTest {
  enum Place { case anywhere, start, end }

  private let part: [UInt8]
  private let place: Place

  init(_ part: String, _ place: Place) {
    self.part = Array(part.utf8)
    self.place = place
  }

  func holds(_ text: UnsafeBufferPointer<UInt8>) -> Bool {
    if part.isEmpty { return true }
    guard let base = text.baseAddress, text.count >= part.count else { return false }
    return part.withUnsafeBufferPointer { part in
      guard let wanted = part.baseAddress else { return true }
      switch place {
      case .anywhere: return PartTest.isFound(wanted, part.count, in: base, text.count)
      case .start: return memcmp(base, wanted, part.count) == 0
      case .end: return memcmp(base + (text.count - part.count), wanted, part.count) == 0
      }
    }
  }
}

extension PartTest {
  /// Goes from one place of the first byte to the next.
  private static func isFound(
    _ wanted: UnsafePointer<UInt8>, _ size: Int, in text: UnsafePointer<UInt8>, _ count: Int
  ) -> Bool {
    var at = UnsafeRawPointer(text)
    let end = at + (count - size + 1)
    while at < end, let found = memchr(at, Int32(wanted.pointee), end - at) {
      if memcmp(found, wanted, size) == 0 { return true }
      at = UnsafeRawPointer(found) + 1
    }
    return false
  }
}

extension Kernels {
  /// `contains` of a text, or of a list, which is looked through row by row.
  package static func contains(
    _ arguments: [Datum], _ rows: Int, _ state: CallState
  ) throws(KernelFault) -> Datum {
    guard arguments[0].type == .text, arguments[1].type == .text else {
      return try apply(
        TextFunctions.listContains, to: arguments, rows: rows, type: .bool, propagates: true, state: state)
    }
    return try textTest(arguments, rows, state) { PartTest($0, .anywhere) }
  }

  /// Whether a text begins with another, byte for byte; missing where a side is.
  package static func startsWith(
    _ arguments: [Datum], _ rows: Int, _ state: CallState
  ) throws(KernelFault) -> Datum {
    try textTest(arguments, rows, state) { PartTest($0, .start) }
  }

  /// Whether a text ends with another, byte for byte; missing where a side is.
  package static func endsWith(
    _ arguments: [Datum], _ rows: Int, _ state: CallState
  ) throws(KernelFault) -> Datum {
    try textTest(arguments, rows, state) { PartTest($0, .end) }
  }
}
