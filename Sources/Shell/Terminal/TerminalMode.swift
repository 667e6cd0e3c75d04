import CLibedit
import Glibc

/// What the standard streams are, and so how the shell reads statements.
package enum TerminalKind: Sendable, Equatable {
  /// A terminal that understands escape sequences: the full editor.
  case rich
  /// A terminal that does not (`TERM=dumb`): libedit draws its own line, without colour.
  case plain
  /// Not a terminal: statements are read from the stream, nothing but data is written.
  case batch

  /// The kind for standard input, standard output and `$TERM`.
  package static func detect() -> TerminalKind {
    detect(
      inputIsTerminal: isatty(STDIN_FILENO) == 1, outputIsTerminal: isatty(STDOUT_FILENO) == 1,
      term: environmentValue("TERM"))
  }

  /// The kind for what is known of the streams; without a `$TERM` a terminal counts as a plain one.
  package static func detect(inputIsTerminal: Bool, outputIsTerminal: Bool, term: String?) -> TerminalKind {
    guard inputIsTerminal, outputIsTerminal else { return .batch }
    return term == "dumb" || term == nil || term == "" ? .plain : .rich
  }
}

extension TerminalKind {
  /// Whether the user's locale names another encoding than UTF-8; one that names none may well have a terminal with it.
  package static func namesOtherEncoding(_ variable: (String) -> String? = environmentValue) -> Bool {
    let names = ["LC_ALL", "LC_CTYPE", "LANG"].lazy.compactMap(variable).first { !$0.isEmpty }
    guard let locale = names, let dot = locale.firstIndex(of: ".") else { return false }
    let encoding = locale[locale.index(after: dot)...].prefix { $0 != "@" }.lowercased()
    return encoding.filter { $0 != "-" } != "utf8"
  }
}

/// A variable of the environment; nil where it is not set.
package func environmentValue(_ name: String) -> String? {
  guard let value = getenv(name) else { return nil }
  return String(cString: value)
}

/// Columns and rows of a terminal.
package struct TerminalSize: Hashable, Sendable {
  package var columns: Int
  package var rows: Int

  package init(columns: Int, rows: Int) {
    self.columns = max(2, columns)
    self.rows = max(1, rows)
  }

  /// The size of the terminal behind a descriptor; 80 × 24 where it cannot be asked.
  package static func current(_ descriptor: Int32 = STDOUT_FILENO) -> TerminalSize {
    var size = winsize()
    guard ioctl(descriptor, UInt(TIOCGWINSZ), &size) == 0, size.ws_col > 0, size.ws_row > 0 else {
      return TerminalSize(columns: 80, rows: 24)
    }
    return TerminalSize(columns: Int(size.ws_col), rows: Int(size.ws_row))
  }
}

/// Changes to the terminal's line discipline, and writing to it.
package enum TerminalMode {
  /// Sets the character type of the locale, and only that: numbers must read the same everywhere.
  ///
  /// libedit needs a UTF-8 locale; where the user's is missing or is not UTF-8, C.UTF-8 is taken.
  package static func prepareLocale() {
    let isSet = setlocale(LC_CTYPE, "") != nil
    let codeset = nl_langinfo(nl_item(CODESET)).map { String(cString: $0) }
    if !isSet || codeset != "UTF-8" { setlocale(LC_CTYPE, "C.UTF-8") }
  }

  /// Runs a body with keys delivered one by one and unechoed. `signals` keeps Ctrl-C and Ctrl-Z alive.
  package static func withKeys<Result>(signals: Bool, _ body: () throws -> Result) rethrows -> Result {
    var before = termios()
    guard tcgetattr(STDIN_FILENO, &before) == 0 else { return try body() }
    apply(keysFrom: before, signals: signals)
    defer { tcsetattr(STDIN_FILENO, TCSADRAIN, &before) }
    return try body()
  }

  private static func apply(keysFrom before: termios, signals: Bool) {
    var mode = before
    mode.c_lflag &= ~tcflag_t(ICANON | ECHO | IEXTEN)
    if !signals { mode.c_lflag &= ~tcflag_t(ISIG) }
    mode.c_iflag &= ~tcflag_t(IXON)
    withUnsafeMutableBytes(of: &mode.c_cc) { codes in
      codes[Int(VMIN)] = 1
      codes[Int(VTIME)] = 0
    }
    tcsetattr(STDIN_FILENO, TCSADRAIN, &mode)
  }

  /// Writes all bytes; false when the terminal is gone.
  @discardableResult
  package static func write(_ bytes: [UInt8], to descriptor: Int32 = STDOUT_FILENO) -> Bool {
    bytes.withUnsafeBytes { buffer in
      var rest = buffer[...]
      while !rest.isEmpty {
        let count = Glibc.write(descriptor, UnsafeRawBufferPointer(rebasing: rest).baseAddress, rest.count)
        if count > 0 {
          rest = rest.dropFirst(count)
        } else if errno == EAGAIN {
          var waiting = pollfd(fd: descriptor, events: Int16(POLLOUT), revents: 0)
          poll(&waiting, 1, 100)
        } else if errno != EINTR {
          return false
        }
      }
      return true
    }
  }

  /// Writes output that may be long, until Ctrl-C; false when it was cut short.
  package static func writeInterruptibly(_ text: String, to descriptor: Int32 = STDOUT_FILENO) -> Bool {
    let bytes = Array(text.utf8)
    var start = 0
    while start < bytes.count {
      if Signals.takeInterrupt() { return false }
      let end = min(start + 1 << 14, bytes.count)
      guard write(Array(bytes[start..<end]), to: descriptor) else { return false }
      start = end
    }
    return true
  }

  /// Stops the process, as Ctrl-Z does; the terminal's mode is as it was when the process goes on.
  package static func stop() {
    var mode = termios()
    let isKnown = tcgetattr(STDIN_FILENO, &mode) == 0
    Signals.stop()
    if isKnown { tcsetattr(STDIN_FILENO, TCSADRAIN, &mode) }
  }

  /// Writes the UTF-8 of a text; false where not all of it could be written.
  @discardableResult
  package static func write(_ text: String, to descriptor: Int32 = STDOUT_FILENO) -> Bool {
    write(Array(text.utf8), to: descriptor)
  }
}
