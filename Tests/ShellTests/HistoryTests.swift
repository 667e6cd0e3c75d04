import Glibc
import Shell
import TestSupport
import Testing

@Suite struct HistoryTests {
  /// A path that nothing is at yet, in a folder that is not there either.
  private static func path(_ name: String = #function) -> String {
    "\((try? TemporaryFolder.make("rounds-history")) ?? "/tmp")/state/history"
  }

  @Test(arguments: ["from x", "from x\n| count", #"a \n b \ c"#, "\r\n\\", "日本\t👩"])
  func recordsGoRoundTrip(_ text: String) {
    let bytes = HistoryRecord.encode(text, time: 1_700_000_000)
    #expect(bytes.filter { $0 == 0x0A }.count == 1)
    #expect(HistoryRecord.decode(bytes.dropLast()) == HistoryEntry(text: text, time: 1_700_000_000))
  }

  @Test func foreignLinesAreTakenWhole() {
    #expect(HistoryRecord.decode(Array("select 1".utf8))?.text == "select 1")
    #expect(HistoryRecord.decode([]) == nil)
  }

  @Test func survivesTheShell() {
    let path = Self.path()
    let first = History(path: path, now: { 7 })
    first.remember("from a\n| count")
    first.remember("from b")
    first.remember("from a\n| count")
    #expect(History(path: path).entries.map(\.text) == ["from b", "from a\n| count"])
    #expect(!first.isFileBroken)
    var status = stat()
    #expect(stat(path, &status) == 0 && status.st_mode & 0o777 == 0o600)
  }

  @Test func shellsSideBySideLoseNothing() {
    let path = Self.path()
    let one = History(path: path)
    let two = History(path: path)
    for index in 0..<20 {
      one.remember("one \(index)")
      two.remember("two \(index)")
    }
    one.refresh()
    two.refresh()
    #expect(Set(one.entries.map(\.text)).count == 40)
    #expect(Set(two.entries.map(\.text)) == Set(one.entries.map(\.text)))
    #expect(History(path: path).entries.count == 40)
  }

  @Test func leadingSpaceLeavesALineOut() {
    let history = History()
    history.remember(" from secret")
    history.remember("   ")
    history.remember("from a  \n")
    #expect(history.entries.map(\.text) == ["from a"])
  }

  @Test func maskedLiteralsReachNeitherDiskNorSuggestion() {
    let path = Self.path()
    let mask: (String) -> String = { $0.contains("Jane") ? "from p | where name == \"***\"" : $0 }
    let history = History(path: path, masker: mask)
    history.remember("from p | where name == \"Jane\"")
    // This shell still has it whole, for Up.
    #expect(history.entries.last?.text.contains("Jane") == true)
    #expect(history.suggestion(for: "from") == nil)
    #expect(History(path: path).entries.map(\.text) == ["from p | where name == \"***\""])
  }

  @Test func whatFailedIsNotSuggestedUntilItWorks() {
    let history = History()
    for text in ["from a", "from abc"] { history.remember(text) }
    #expect(history.suggestion(for: "from") == "from abc")
    history.leaveUnsuggested("from abc ")
    #expect(history.suggestion(for: "from") == "from a")
    history.remember("from abc")
    #expect(history.suggestion(for: "from") == "from abc")
  }

  @Test func theNewestLongerStatementIsSuggested() {
    let history = History()
    for text in ["from a\n| count", "from abc", "from a", "let x = 1"] { history.remember(text) }
    #expect(history.suggestion(for: "from a") == "from abc")
    #expect(history.suggestion(for: "from a\n") == "from a\n| count")
    #expect(history.suggestion(for: "from abc") == nil)
    #expect(history.suggestion(for: "") == nil)
  }

  @Test func typingOnFindsTheSameAsStartingAfresh() {
    let texts = (0..<50).map { "from t\($0 % 7) | where x > \($0)" }
    let history = History()
    for text in texts { history.remember(text) }
    var typed = ""
    for character in "from t3 | where x > 1" {
      typed.append(character)
      #expect(history.suggestion(for: typed) == texts.last { $0.hasPrefix(typed) && $0 != typed })
    }
    #expect(history.suggestion(for: "from t3 | where x > 1!") == nil)
    #expect(history.suggestion(for: "from") == texts.last)
  }

  @Test func theFileIsCutToTheLimit() {
    let path = Self.path()
    let history = History(path: path)
    for index in 0..<130 { history.remember("statement \(index)") }
    let cut = History(path: path, limit: 100)
    #expect(cut.entries.count == 100)
    #expect(cut.entries.first?.text == "statement 30")
    // A shell that was running sees the new file and goes on adding to it.
    history.remember("after")
    #expect(History(path: path).entries.map(\.text) == (30..<130).map { "statement \($0)" } + ["after"])
  }

  @Test func aFileThatCannotBeWrittenIsTold() {
    let history = History(path: "/proc/nothing/history")
    history.remember("from a")
    #expect(history.isFileBroken)
    #expect(history.entries.count == 1)
  }

  @Test func walkingKeepsDrafts() {
    var walk = HistoryWalk(["one", "two"])
    #expect(walk.move(by: 1, from: EditBuffer("draft")) == nil)
    #expect(walk.move(by: -1, from: EditBuffer("draft"))?.string == "two")
    #expect(walk.move(by: -1, from: EditBuffer("two!"))?.string == "one")
    #expect(walk.move(by: -1, from: EditBuffer("one")) == nil)
    #expect(walk.move(by: 1, from: EditBuffer("one"))?.string == "two!")
    #expect(walk.moveToEnd(oldest: false, from: EditBuffer("two!"))?.string == "draft")
  }
}
