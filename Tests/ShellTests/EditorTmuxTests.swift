import Glibc
import TestSupport
import Testing

/// The editor under tmux, a terminal that reflows its rows when it is resized.
@Suite(.enabled(if: access("/usr/bin/tmux", X_OK) == 0, "tmux is not installed"))
struct EditorTmuxTests {
  private let socket = "rounds-\(getpid())-\(Int.random(in: 0..<1_000_000))"

  /// What a tmux command prints.
  @discardableResult
  private func tmux(_ arguments: String) throws -> String {
    let session = try TerminalSession(
      "/bin/sh", ["-c", "tmux -L \(socket) -f /dev/null \(arguments); echo '<end>'"], columns: 200, rows: 60)
    try session.wait(for: "<end>")
    return session.screen.text
  }

  private func wait(for text: String, and position: String) throws {
    let deadline = ContinuousClock.now + .seconds(10)
    var shown = ""
    while ContinuousClock.now < deadline {
      shown = try tmux("capture-pane -p \\; display-message -p 'cursor #{cursor_x},#{cursor_y}'")
      if shown.contains(text), shown.contains("cursor \(position)\n") { return }
    }
    throw TerminalSession.Failure(description: "never came: \(text) and \(position)\n\(shown)")
  }

  @Test func resizeWithWideCharacters() throws {
    let program = TerminalSession.builtProgram("rounds")
    try tmux("new-session -d -x 70 -y 15 'env LC_ALL=C.UTF-8 TERM=tmux-256color \(program) --editor-probe'")
    defer { _ = try? tmux("kill-server") }
    try wait(for: "probe>", and: "7,0")
    let text = "日本 👩‍👩‍👧 e\u{301} " + String(repeating: "abc", count: 30)
    try tmux("send-keys -l '\(text)'")
    // 7 + 4 + 1 + 2 + 1 + 1 + 1 + 90 = 107 columns.
    try wait(for: "probe> 日本 👩‍👩‍👧 e\u{301} abc", and: "37,1")
    try tmux("resize-window -x 50 -y 15")
    try wait(for: "probe> 日本 👩‍👩‍👧 e\u{301} abc", and: "7,2")
    try tmux("resize-window -x 120 -y 15")
    try wait(for: "probe> 日本 👩‍👩‍👧 e\u{301} " + String(repeating: "abc", count: 30), and: "107,0")
    try tmux("send-keys C-u")
    try tmux("set-buffer \"$(printf 'x\\ny')\" \\; paste-buffer -p")
    try wait(for: "probe> x\n… y", and: "3,1")
    try tmux("send-keys Enter")
    try wait(for: "got: x\\ny", and: "7,3")
  }
}
