import Glibc
import Synchronization

/// A program on a pseudo-terminal, and the screen it paints. For tests.
package final class TerminalSession {
  package struct Failure: Error, CustomStringConvertible {
    package let description: String
    package init(description: String) { self.description = description }
  }

  package private(set) var screen: TerminalScreen
  /// All bytes the program wrote.
  package private(set) var output: [UInt8] = []
  package let process: pid_t
  private let master: Int32
  private var isReaped = false

  /// Two spawns at once could hand each other's descriptors on.
  private static let spawning = Mutex(())

  /// Starts a program.
  ///
  /// - Parameters:
  ///   - path: the program.
  ///   - environment: added to a bare environment with TERM, LC_ALL, HOME and PATH.
  package init(
    _ path: String, _ arguments: [String] = [], environment: [String: String] = [:], columns: Int = 80,
    rows: Int = 24
  ) throws {
    screen = TerminalScreen(columns: columns, rows: rows)
    var variables = [
      "TERM": "xterm-256color", "LC_ALL": "C.UTF-8", "HOME": "/nonexistent",
      "PATH": "/usr/local/bin:/usr/bin:/bin",
    ]
    variables.merge(environment) { $1 }
    let words = [path] + arguments
    let settings = variables.map { "\($0)=\($1)" }
    (master, process) = try Self.spawning.withLock { _ in
      try Self.spawn(words, settings, columns: columns, rows: rows)
    }
  }

  deinit {
    if !isReaped {
      kill(process, SIGKILL)
      var status: Int32 = 0
      waitpid(process, &status, 0)
    }
    close(master)
  }

  private static func spawn(
    _ words: [String], _ settings: [String], columns: Int, rows: Int
  ) throws -> (master: Int32, process: pid_t) {
    var master: Int32 = -1
    var slave: Int32 = -1
    var size = winsize(ws_row: UInt16(rows), ws_col: UInt16(columns), ws_xpixel: 0, ws_ypixel: 0)
    guard openpty(&master, &slave, nil, nil, &size) == 0 else {
      throw Failure(description: "no pseudo-terminal: errno \(errno)")
    }
    defer { close(slave) }
    for end in [master, slave] { _ = fcntl(end, F_SETFD, FD_CLOEXEC) }
    var name = [CChar](repeating: 0, count: 128)
    ttyname_r(slave, &name, name.count)
    var actions = posix_spawn_file_actions_t()
    var attributes = posix_spawnattr_t()
    posix_spawn_file_actions_init(&actions)
    posix_spawnattr_init(&attributes)
    defer {
      posix_spawn_file_actions_destroy(&actions)
      posix_spawnattr_destroy(&attributes)
    }
    // The first terminal that a session leader opens becomes its controlling terminal.
    posix_spawn_file_actions_addopen(&actions, 0, name, O_RDWR, 0)
    posix_spawn_file_actions_adddup2(&actions, 0, 1)
    posix_spawn_file_actions_adddup2(&actions, 0, 2)
    var none = sigset_t()
    var all = sigset_t()
    sigemptyset(&none)
    sigfillset(&all)
    posix_spawnattr_setsigmask(&attributes, &none)
    posix_spawnattr_setsigdefault(&attributes, &all)
    let newSession: Int32 = 0x80
    posix_spawnattr_setflags(
      &attributes, Int16(newSession | Int32(POSIX_SPAWN_SETSIGMASK | POSIX_SPAWN_SETSIGDEF)))
    let arguments: [UnsafeMutablePointer<CChar>?] = words.map { strdup($0) } + [nil]
    let variables: [UnsafeMutablePointer<CChar>?] = settings.map { strdup($0) } + [nil]
    defer { for text in arguments + variables { free(text) } }
    var process = pid_t()
    let status = posix_spawn(&process, words.first ?? "", &actions, &attributes, arguments, variables)
    guard status == 0 else {
      close(master)
      throw Failure(description: "cannot start \(words.first ?? ""): errno \(status)")
    }
    return (master, process)
  }

  // MARK: Keys

  package func send(_ text: String) { send(Array(text.utf8)) }

  package func send(_ bytes: [UInt8]) {
    var rest = bytes[...]
    while !rest.isEmpty {
      // A program that paints while it reads must be listened to, or both would wait.
      _ = readAvailable(timeout: 0)
      let count = rest.withUnsafeBytes { write(master, $0.baseAddress, min($0.count, 1024)) }
      if count <= 0 { return }
      rest = rest.dropFirst(count)
    }
  }

  package func resize(columns: Int, rows: Int) {
    screen.resize(columns: columns, rows: rows)
    var size = winsize(ws_row: UInt16(rows), ws_col: UInt16(columns), ws_xpixel: 0, ws_ypixel: 0)
    _ = ioctl(master, UInt(TIOCSWINSZ), &size)
  }

  // MARK: Waiting

  /// Reads until the screen is as wanted; throws, with the screen, when it never is.
  package func wait(
    _ what: String, seconds: Int = 30, until isSo: (TerminalScreen) -> Bool
  ) throws {
    let deadline = ContinuousClock.now + .seconds(seconds)
    while !isSo(screen) {
      guard ContinuousClock.now < deadline else {
        throw Failure(
          description: "never came: \(what)\n--- screen ---\n\(screen.text)\n--- cursor "
            + "\(screen.cursorRow),\(screen.cursorColumn)")
      }
      if !readAvailable(timeout: 50), !isSo(screen) {
        throw Failure(description: "the program ended before: \(what)\n--- screen ---\n\(screen.text)")
      }
    }
  }

  /// Waits for a text anywhere on the screen.
  package func wait(for text: String, seconds: Int = 30) throws {
    try wait(text, seconds: seconds) { $0.text.contains(text) }
  }

  /// Waits for the program to end; its exit code, or 128 and the signal's number.
  package func waitForEnd(seconds: Int = 30) throws -> Int32 {
    let deadline = ContinuousClock.now + .seconds(seconds)
    while ContinuousClock.now < deadline {
      _ = readAvailable(timeout: 20)
      var status: Int32 = 0
      if waitpid(process, &status, WNOHANG) == process {
        isReaped = true
        while readAvailable(timeout: 0, onlyIfReady: true) {}
        let number = status & 0x7F
        return number == 0 ? status >> 8 & 0xFF : 128 + number
      }
    }
    throw Failure(description: "the program did not end\n--- screen ---\n\(screen.text)")
  }

  /// Reads what is there; false when the program has closed the terminal, or nothing came where that is asked.
  private func readAvailable(timeout: Int32, onlyIfReady: Bool = false) -> Bool {
    var waiting = pollfd(fd: master, events: Int16(POLLIN), revents: 0)
    guard poll(&waiting, 1, timeout) > 0 else { return !onlyIfReady }
    var bytes = [UInt8](repeating: 0, count: 1 << 16)
    let count = read(master, &bytes, bytes.count)
    if count > 0 {
      output.append(contentsOf: bytes[..<count])
      screen.feed(bytes[..<count])
      return true
    }
    return count < 0 && errno == EINTR
  }

  /// A program beside the test bundle.
  package static func builtProgram(_ name: String) -> String {
    var path = [CChar](repeating: 0, count: 4096)
    let count = readlink("/proc/self/exe", &path, path.count - 1)
    // Swift Testing may run the bundle through a tool of the toolchain: then the first argument names the bundle.
    let own = String(decoding: path[..<max(0, count)].map { UInt8(bitPattern: $0) }, as: UTF8.self)
    let candidates = [own] + CommandLine.arguments
    for candidate in candidates {
      guard let slash = candidate.lastIndex(of: "/") else { continue }
      let beside = String(candidate[..<slash]) + "/" + name
      if access(beside, X_OK) == 0 { return beside }
    }
    return ".build/debug/\(name)"
  }
}
