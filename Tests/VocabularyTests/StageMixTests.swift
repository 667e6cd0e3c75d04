import Language
import Planning
import Sessions
import Testing

/// Stages of any verb with calls, names and the words of all verbs and other languages in places where nobody expected
/// them, such as `select max(age) as m`: each comes to an answer or to a reason, and none stops the program.
@Suite struct StageMixTests {
  /// Numbers that are the same on every run.
  private struct Draws: RandomNumberGenerator {
    var state: UInt64
    mutating func next() -> UInt64 {
      state ^= state << 13
      state ^= state >> 7
      state ^= state << 17
      return state &* 0x2545_F491_4F6C_DD1D
    }
  }

  private static let atoms = [
    "*", "class", "age", "`a b`", "other", "t.age", "\"text\"", "5", "-3", "2.5", "10%", "3d", "2026-01-01",
    "missing", "true", "(n, m)", "(\"a\", \"b\")", "[1, 2]", "{a: 1, b: 2}", "x[0]", "class.x", "age > 1",
    "class == \"b\"", "not age > 1", "-age", "class ~ \"b\"", "age between 1 and 2", "class in [\"a\"]",
    "age is missing", "f\"{age}\"", "1..5", "count", "case { age > 1 -> 2, else -> 3 }", "starts_with(\"a\")",
    "first..last", "(t | count)",
  ]
  private static let calls = Catalogue.rounds.functions.filter { $0.category != .operators }.flatMap {
    [
      "\($0.name)()", "\($0.name)(age)", "\($0.name)(class)", "\($0.name)(age, 2)",
      "\($0.name)(age, where: age > 1)",
    ]
  }
  private static let words =
    Catalogue.rounds.verbs.flatMap { $0.clauses.map(\.word) }
    + "as where on in from to using desc asc into over having limit and or if then else of partition".split(
      separator: " "
    ).map(String.init)

  private static func pick(_ list: [String], _ draws: inout Draws) -> String {
    list.randomElement(using: &draws) ?? ""
  }

  private static func item(_ draws: inout Draws) -> String {
    let value = Bool.random(using: &draws) ? pick(atoms, &draws) : pick(calls, &draws)
    switch Int.random(in: 0..<10, using: &draws) {
    case 0, 1: return "\(pick(["x", "age", "`a b`"], &draws)) = \(value)"
    case 2: return "(\(pick(["a", "a, b", "a, b, c"], &draws))) = \(value)"
    case 3: return "-\(value)"
    default: return value
    }
  }

  private static func stage(_ draws: inout Draws) -> String {
    // What writes files is not tried.
    let verbs = Catalogue.rounds.verbs.map(\.name).filter { $0 != "save" }
    var parts = [pick(verbs, &draws)]
    for _ in 0..<Int.random(in: 0..<5, using: &draws) {
      if Int.random(in: 0..<10, using: &draws) < 6 {
        let count = Int.random(in: 1..<4, using: &draws)
        parts.append((0..<count).map { _ in item(&draws) }.joined(separator: ", "))
      } else {
        parts.append(pick(words, &draws))
      }
    }
    return parts.joined(separator: " ")
  }

  @Test(arguments: 1...8)
  func everyMixComesToAnAnswerOrAReason(seed: Int) {
    var draws = Draws(state: UInt64(seed) &* 0x9E37_79B9_7F4A_7C15 | 1)
    let sweep = SweepSession(
      "let t = table [{age: 1, class: \"a\", `a b`: 2.5}, {age: missing, class: \"b\", `a b`: 1}]")
    for _ in 0..<4_000 {
      let count = Int.random(in: 1..<4, using: &draws)
      let text = (["t"] + (0..<count).map { _ in Self.stage(&draws) }).joined(separator: " | ")
      let fault = SweepSession.fault(sweep.ask(text), of: text)
      #expect(fault == nil || fault == "neither an answer nor a reason", "\(text)")
    }
  }
}
