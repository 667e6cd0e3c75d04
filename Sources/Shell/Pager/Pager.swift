import CLibedit
import Glibc

/// Shows lines that do not fit on the screen.
package enum Pager {
  /// What its keys do, and those that work while a statement runs, for `help keys`.
  static let keys = [
    ("Ctrl-C", "stops what runs; at the prompt it drops what is typed"),
    ("Ctrl-Z", "stops the program; fg in the shell that started it goes on"),
    ("in results longer than the screen:", ""),
    ("  q, Esc", "leaves"),
    ("  Space, b, d, u", "a screen down or up, half a screen down or up"),
    ("  j, k, Down, Up", "a row down or up"),
    ("  g, G, Home, End", "the first rows, the last rows"),
    ("  h, l, Left, Right", "a column to the left or right; 0 and $ go to the ends"),
    ("  /, n, N", "searches, goes on below or above"),
  ]

  /// Shows lines until the reader leaves.
  ///
  /// - Parameters:
  ///   - lines: finished lines, with colour sequences where wanted.
  ///   - headerLines: how many of them stay at the top.
  ///   - tailLines: how many at the end are no rows, but what is said of them.
  ///   - otherLines: how many before these belong to the table, but are no rows.
  ///   - frozenColumns: how many columns stay at the left.
  ///   - command: the user's `$PAGER`; nil takes the pager that is built in.
  package static func show(
    _ lines: [String], headerLines: Int = 0, tailLines: Int = 0, otherLines: Int = 0, frozenColumns: Int = 0,
    command: String? = nil
  ) {
    if let command, !command.isEmpty, runExternal(command, lines) { return }
    Signals.install()
    var model = PagerModel(
      lines, headerLines: headerLines, tailLines: tailLines, otherLines: otherLines,
      frozenColumns: frozenColumns,
      coloured: EditorConfiguration.environmentWantsColour, size: .current())
    TerminalMode.withKeys(signals: false) {
      TerminalMode.write("\u{1B}[?1049h")
      run(&model)
      TerminalMode.write("\u{1B}[0m\u{1B}[?25h\u{1B}[?1049l")
    }
  }

  private static func run(_ model: inout PagerModel) {
    var decoder = InputDecoder()
    while true {
      guard TerminalMode.write(model.paint()) else { return }
      var sources = [
        pollfd(fd: STDIN_FILENO, events: Int16(POLLIN), revents: 0),
        pollfd(fd: Signals.descriptor, events: Int16(POLLIN), revents: 0),
      ]
      let count = poll(&sources, 2, decoder.isWaiting ? 30 : -1)
      for number in Signals.drain() {
        switch number {
        case SIGWINCH:
          model.size = .current()
          TerminalMode.write("\u{1B}[2J")
        case SIGINT: return
        case SIGTERM, SIGHUP:
          TerminalMode.write("\u{1B}[?25h\u{1B}[?1049l")
          Signals.die(of: number)
        default: break
        }
      }
      var events: [InputEvent] = []
      if count == 0 {
        events = decoder.flush()
      } else if count > 0, sources[0].revents != 0 {
        var bytes = [UInt8](repeating: 0, count: 4096)
        let length = read(STDIN_FILENO, &bytes, bytes.count)
        if length == 0 || (length < 0 && errno != EINTR) { return }
        events = decoder.feed(bytes.prefix(max(0, length)))
      }
      for event in events {
        switch model.press(event) {
        case .stay: break
        case .leave: return
        case .stop: stop(&model)
        }
      }
    }
  }

  /// Ctrl-Z: the screen of before is there while the program is stopped.
  private static func stop(_ model: inout PagerModel) {
    TerminalMode.write("\u{1B}[0m\u{1B}[?25h\u{1B}[?1049l")
    TerminalMode.stop()
    TerminalMode.write("\u{1B}[?1049h\u{1B}[2J")
    model.size = .current()
  }

  // MARK: The user's pager

  /// False when it could not be started, so that nothing was shown.
  private static func runExternal(_ command: String, _ lines: [String]) -> Bool {
    var ends: [Int32] = [-1, -1]
    guard pipe(&ends) == 0 else { return false }
    for end in ends { _ = fcntl(end, F_SETFD, FD_CLOEXEC) }
    let child = spawn(command, input: ends[0])
    close(ends[0])
    guard let child else {
      close(ends[1])
      return false
    }
    // SIGPIPE is ignored: a reader that leaves early ends the writing.
    for line in lines where !TerminalMode.write(line + "\n", to: ends[1]) { break }
    close(ends[1])
    var status: Int32 = 0
    while waitpid(child, &status, 0) < 0, errno == EINTR {}
    _ = Signals.drain()
    // 127 is the shell's word for a command that is not there.
    return status >> 8 & 0xFF != 127
  }

  private static func spawn(_ command: String, input: Int32) -> pid_t? {
    var actions = posix_spawn_file_actions_t()
    var attributes = posix_spawnattr_t()
    posix_spawn_file_actions_init(&actions)
    posix_spawnattr_init(&attributes)
    defer {
      posix_spawn_file_actions_destroy(&actions)
      posix_spawnattr_destroy(&attributes)
    }
    posix_spawn_file_actions_adddup2(&actions, input, STDIN_FILENO)
    // A child would inherit blocked and ignored signals, and Ctrl-C would not reach it.
    var none = sigset_t()
    var all = sigset_t()
    sigemptyset(&none)
    sigfillset(&all)
    posix_spawnattr_setsigmask(&attributes, &none)
    posix_spawnattr_setsigdefault(&attributes, &all)
    posix_spawnattr_setflags(&attributes, Int16(POSIX_SPAWN_SETSIGMASK | POSIX_SPAWN_SETSIGDEF))
    let texts: [String] = ["/bin/sh", "-c", command]
    let words: [UnsafeMutablePointer<CChar>?] = texts.map { strdup($0) } + [nil]
    let extra = environmentValue("LESS") == nil ? strdup("LESS=RS") : nil
    defer {
      for word in words { free(word) }
      free(extra)
    }
    var environment: [UnsafeMutablePointer<CChar>?] = []
    if let list = rounds_environment() {
      var index = 0
      while let entry = list[index] {
        environment.append(entry)
        index += 1
      }
    }
    if let extra { environment.append(extra) }
    var child = pid_t()
    let status = posix_spawn(&child, "/bin/sh", &actions, &attributes, words, environment + [nil])
    return status == 0 ? child : nil
  }
}
