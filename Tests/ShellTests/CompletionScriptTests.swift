import Glibc
import TestSupport
import Testing

private func isInstalled(_ shell: String) -> Bool {
  ["/usr/bin/", "/bin/", "/usr/local/bin/"].contains { access($0 + shell, X_OK) == 0 }
}

/// What `rounds completions` writes, run by the shells themselves.
@Suite struct CompletionScriptTests {
  /// A folder with the scripts for all three shells, and two files to complete.
  private func folder() throws -> String {
    let folder = try home("")
    let program = TerminalSession.builtProgram("rounds")
    let session = try TerminalSession(
      "/bin/sh",
      [
        "-c",
        """
        for s in bash zsh fish; do \(program) completions $s > \(folder)/rounds.$s; done
        cd \(folder) && touch a.rounds b.csv; ln -s \(program) rounds; echo done
        """,
      ])
    try session.wait(for: "done")
    return folder
  }

  /// Starts a shell in a folder in which the program is on the path.
  private func shell(_ command: String, in folder: String) throws -> TerminalSession {
    try TerminalSession(
      "/bin/sh", ["-c", "cd \(folder) && \(command)"],
      environment: ["HOME": folder, "PATH": "\(folder):/usr/local/bin:/usr/bin:/bin"], columns: 100, rows: 30)
  }

  /// Line, what Tab makes of it.
  private static let completed = [
    ("rounds verif", "rounds verify"), ("rounds run a", "rounds run a.rounds"),
    ("rounds --format nd", "rounds --format ndjson"),
    ("rounds check --format j", "rounds check --format json"),
    ("rounds demo --format mark", "rounds demo --format markdown"), ("rounds help ver", "rounds help verify"),
    ("rounds completions f", "rounds completions fish"), ("rounds check --de", "rounds check --demo"),
    ("rounds a", "rounds a.rounds"),
  ]

  /// Types each line and Tab at a prompt of `%`.
  private func complete(_ session: TerminalSession) throws {
    for (typed, wanted) in Self.completed {
      session.send(typed + "\t")
      try session.wait(wanted) { $0.line($0.cursorRow) == "% " + wanted }
      session.send("\u{15}")
      try session.wait("an empty line") { $0.line($0.cursorRow) == "%" }
    }
    // More than one: they are listed, those of this command only.
    session.send("rounds check --format \t\t")
    try session.wait("the two formats") { screen in
      (0..<screen.rows).contains {
        screen.line($0).split(separator: " ").map(String.init).sorted() == ["json", "text"]
      }
    }
    #expect(!session.screen.text.contains("ndjson"))
  }

  @Test func bash() throws {
    // The first prompt is another one: seen for the second, it would have lines typed before bash reads keys.
    let session = try shell("PS1='> ' exec bash --norc --noprofile", in: try folder())
    try session.wait("a prompt") { $0.line($0.cursorRow) == ">" }
    session.send("bind 'set enable-bracketed-paste off'; source ./rounds.bash; PS1='% '; clear\r")
    try session.wait("a clean screen") { $0.cursorRow == 0 && $0.text == "%" }
    try complete(session)
  }

  @Test(.enabled(if: isInstalled("zsh"), "zsh is not installed")) func zsh() throws {
    let session = try shell("PS1='> ' exec zsh -f", in: try folder())
    try session.wait("a prompt") { $0.line($0.cursorRow) == ">" }
    session.send(
      "unsetopt prompt_sp; autoload -Uz compinit; compinit -u -D; source ./rounds.zsh; PS1='%% '; clear\r")
    try session.wait("a clean screen") { $0.cursorRow == 0 && $0.text == "%" }
    try complete(session)
  }

  @Test(.enabled(if: isInstalled("fish"), "fish is not installed")) func fish() throws {
    let folder = try folder()
    func offered(_ line: String) throws -> [String] {
      let session = try shell(
        "fish --no-config -c \"source ./rounds.fish; complete -C '\(line)'\"; echo '<end>'", in: folder)
      try session.wait(for: "<end>")
      return session.screen.text.split(separator: "\n").map { line in
        String(line.split(whereSeparator: { $0 == " " || $0 == "\t" }).first ?? "")
      }.dropLast()
    }
    for (typed, wanted) in Self.completed {
      let word = wanted.split(separator: " ").last.map(String.init) ?? ""
      #expect(try offered(typed).contains(word), "\(typed)")
    }
    #expect(try offered("rounds check --format ").sorted() == ["json", "text"])
    #expect(try offered("rounds check a").sorted() == ["a.rounds"])
    #expect(try offered("rounds help c").sorted() == ["check", "completions"])
  }
}
