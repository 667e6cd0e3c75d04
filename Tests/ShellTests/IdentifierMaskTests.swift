import Glibc
import Shell
import TestSupport
import Testing

@Suite struct IdentifierMaskTests {
  @Test(arguments: [
    ("p | filter name == \"Jane Doe\"", "p | filter name == \"***\""),
    ("p | filter mrn = 123456 and age > 65", "p | filter mrn = \"***\" and age > 65"),
    (
      "p | filter patient_id in [17, 18, 19] | count",
      "p | filter patient_id in [\"***\", \"***\", \"***\"] | count"
    ),
    (
      "p | filter birth_date between 1950-01-01 and 1950-12-31 and ward == \"ICU\"",
      "p | filter birth_date between \"***\" and \"***\" and ward == \"ICU\""
    ),
    ("p | filter lower(`Last Name`) ~ \"^doe\"", "p | filter lower(`Last Name`) ~ \"***\""),
    ("p | filter \"Jane\" == FirstName", "p | filter \"***\" == FirstName"),
    ("p | filter contains(p.surname, 'Doe')", "p | filter contains(p.surname, \"***\")"),
    ("let mrn = \"A17\"", "let mrn = \"***\""),
    ("table [{ssn: \"1\", n: 2}, {ssn: \"3\", n: 4}]", "table [{ssn: \"***\", n: 2}, {ssn: \"***\", n: 4}]"),
    ("say \"078-05-1120\"", "say \"***\""), ("say \"(555) 123-4567\"", "say \"***\""),
    ("t | filter note == \"jane@example.org\"", "t | filter note == \"***\""),
    ("日本 | filter phone == \"+49 30\" or ward == \"内科\"", "日本 | filter phone == \"***\" or ward == \"内科\""),
  ])
  func hidesWhatNamesAPerson(_ statement: String, _ masked: String) {
    #expect(IdentifierMask.masked(statement) == masked)
  }

  @Test(arguments: [
    "encounters | filter department == \"Emergency\" and age >= 65",
    "encounters | count by patient_id | take 5", "t | filter patient_count > 3 and member_months < 12",
    "t | take 3 by patient_id", "labs | filter taken_at > 2025-01-01", "load \"patients 2025-01-01.csv\"",
    "encounters | aggregate n = count_distinct(patient_id), long = percent(los_hours > 100)",
    "t | filter code == \"E11.9\" and value > 7.5", "t | filter \"unclosed",
  ])
  func leavesTheRestAlone(_ statement: String) { #expect(IdentifierMask.masked(statement) == statement) }

  @Test func twoProcessesLoseNothing() throws {
    let folder = try TemporaryFolder.make("rounds-history")
    let path = "\(folder)/history"
    let sessions = try (0..<2).map { _ in try editor(["ROUNDS_PROBE_HISTORY": path]) }
    // Both write at once: Enter goes to one and then to the other without waiting for either.
    for index in 0..<25 {
      for (number, session) in sessions.enumerated() { session.send("shell \(number) line \(index)\r") }
      for (number, session) in sessions.enumerated() {
        try session.wait(for: "got: shell \(number) line \(index)", seconds: 30)
        try session.waitForPrompt()
      }
    }
    for session in sessions {
      session.send("quit\r")
      #expect(try session.waitForEnd() == 0)
    }
    let kept = History(path: path).entries.map(\.text).filter { $0.hasPrefix("shell") }
    #expect(Set(kept).count == 50)
    for number in 0..<2 {
      let own = kept.filter { $0.hasPrefix("shell \(number)") }
      #expect(own == (0..<25).map { "shell \(number) line \($0)" })
    }
  }
}
