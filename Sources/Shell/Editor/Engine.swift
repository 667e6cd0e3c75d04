import CLibedit
import Glibc

/// libedit, kept to what the editor needs of it: key maps, vi and emacs commands, macros and the buffer.
///
/// Its drawing goes to `/dev/null`; it still sets the terminal's mode, through the descriptors.
final class Engine {
  let handle: OpaquePointer
  private let sink: UnsafeMutablePointer<FILE>
  private let list: OpaquePointer?
  /// Escape sequences that the user has bound, and the codes that stand for them.
  private(set) var userSequences: [[UInt8]: Int32] = [:]

  init?(name: String) {
    guard let sink = fopen("/dev/null", "w") else { return nil }
    // Complaints about an unknown TERM go nowhere: here it changes nothing.
    guard let handle = el_init_fd(name, rounds_stdin(), sink, sink, 0, 1, 2) else {
      fclose(sink)
      return nil
    }
    self.sink = sink
    self.handle = handle
    list = history_init()
    _ = rounds_el_set_error_stream(handle, rounds_stderr())
    _ = rounds_el_set_int(handle, EL_SIGNAL, 0)
    _ = rounds_el_set_string(handle, EL_EDITOR, "emacs")
    // Line ends must arrive as they are, or a pasted CR LF would be two; and Ctrl-S must not freeze the screen.
    for flag in ["-icrnl", "-inlcr", "-ixon"] { _ = rounds_el_set_edit_mode_flag(handle, flag) }
    if let list {
      _ = rounds_history_set_size(list, Int32(History.defaultLimit))
      _ = rounds_el_set_history(handle, list)
    }
    for (command, function) in KeyBindings.functions {
      _ = rounds_el_add_command(handle, command.rawValue, command.summary, function)
    }
  }

  deinit {
    el_end(handle)
    if let list { history_end(list) }
    fclose(sink)
  }

  var isVi: Bool { rounds_el_is_vi(handle) == 1 }

  // MARK: The buffer

  var buffer: EditBuffer {
    guard let line = el_wline(handle), let start = line.pointee.buffer, let end = line.pointee.lastchar,
      let cursor = line.pointee.cursor
    else { return EditBuffer() }
    let text = UnsafeBufferPointer(start: start, count: max(0, end - start)).map { code in
      Unicode.Scalar(UInt32(bitPattern: code)) ?? "\u{FFFD}"
    }
    return EditBuffer(text, cursor: cursor - start)
  }

  /// Sets text and cursor, touching no more than has changed.
  func set(_ new: EditBuffer) {
    let old = buffer
    var position = old.cursor
    if old.text != new.text {
      if new.text.isEmpty {
        // An empty replacement is refused, so one blank is put there and taken away.
        el_wreplacestr(handle, [0x20, 0])
        el_cursor(handle, old.cursor == 0 ? 1 : 0)
        el_deletestr(handle, 1)
        return
      }
      el_wreplacestr(handle, new.text.map { Int32(bitPattern: $0.value) } + [0])
      position = min(old.cursor, new.text.count)
    }
    if position != new.cursor { el_cursor(handle, Int32(clamping: new.cursor - position)) }
  }

  /// Gives libedit the statements that vi's `/`, `?`, `n`, `N` and `G` look through; oldest first.
  func setHistory(_ statements: some Sequence<String>) {
    guard let list else { return }
    _ = rounds_history_clear(list)
    for statement in statements { _ = rounds_history_enter(list, statement) }
  }

  // MARK: Bindings

  /// Binds all keys. The user's file is read twice: choosing vi or emacs resets the key maps, so that comes
  /// first, then our bindings, then the user's, which win.
  func bindKeys(userFile: String?) {
    let lines = userFile.map(Self.lines) ?? []
    parse(lines) { Self.choosesMode($0) }
    let isVi = isVi
    for (key, command) in KeyBindings.shared + (isVi ? [] : KeyBindings.emacs) { bind(key, command) }
    if isVi {
      for (key, command) in KeyBindings.viCommand { bindAlternate(key, command) }
      bindAlternate(Self.key(KeyBindings.commandCode), .nothing)
    }
    bind(Self.key(KeyBindings.commandCode), .nothing)
    bindCommandCode(isVi: isVi)
    parse(lines) { !Self.choosesMode($0) }
  }

  private func bind(_ key: String, _ command: EditorCommand) {
    _ = rounds_el_bind(handle, key, command.rawValue)
  }

  private func bindAlternate(_ key: String, _ command: EditorCommand) {
    _ = rounds_el_bind_alternate(handle, key, command.rawValue)
  }

  /// The code that stands for the waiting command calls this function, in every map.
  private func bindCommandCode(isVi: Bool) {
    let name = "rounds-waiting"
    _ = rounds_el_add_command(handle, name, "run the command that waits") { editor, _ in
      LineEditor.callWaiting(editor)
    }
    _ = rounds_el_bind(handle, Self.key(KeyBindings.commandCode), name)
    if isVi { _ = rounds_el_bind_alternate(handle, Self.key(KeyBindings.commandCode), name) }
  }

  /// A code as `bind` writes it.
  private static func key(_ code: Int32) -> String { "\\" + String(code, radix: 8) }

  private static func lines(of path: String) -> [String] {
    guard let file = fopen(path, "r") else { return [] }
    defer { fclose(file) }
    var bytes: [UInt8] = []
    var block = [UInt8](repeating: 0, count: 4096)
    while case let count = fread(&block, 1, block.count, file), count > 0, bytes.count < 1 << 20 {
      bytes.append(contentsOf: block[..<count])
    }
    let text = String(decoding: bytes, as: UTF8.self)
    return text.split(separator: "\n").map(String.init).filter { !$0.hasPrefix("#") }
  }

  private static func choosesMode(_ words: [String]) -> Bool {
    guard words.count == 2, let command = words.first else { return false }
    return (command == "bind" || command.hasSuffix(":bind")) && (words[1] == "-v" || words[1] == "-e")
  }

  private func parse(_ lines: [String], where isWanted: ([String]) -> Bool) {
    guard let tokenizer = tok_init(nil) else { return }
    defer { tok_end(tokenizer) }
    for line in lines {
      tok_reset(tokenizer)
      var count: Int32 = 0
      var words: UnsafeMutablePointer<UnsafePointer<CChar>?>?
      guard tok_str(tokenizer, line, &count, &words) == 0, count > 0, let words else { continue }
      let texts = (0..<Int(count)).compactMap { words[$0].map { String(cString: $0) } }
      guard isWanted(texts) else { continue }
      if !bindSequence(texts) { el_parse(handle, count, words) }
    }
  }

  /// Binds an escape sequence of the user's through a code of ours: libedit would wait after every ESC.
  private func bindSequence(_ words: [String]) -> Bool {
    guard let command = words.first, command == "bind" || command.hasSuffix("rounds:bind"),
      words.count == 3 || (words.count == 4 && words[1] == "-a"),
      let sequence = KeyBindings.sequence(words[words.count - 2])
    else { return false }
    let used = KeyBindings.userCodes.lowerBound + userSequences.count
    guard let code = userSequences[sequence] ?? (KeyBindings.userCodes.contains(used) ? Int32(used) : nil)
    else { return true }
    userSequences[sequence] = code
    let function = words[words.count - 1]
    if words.count == 4 {
      _ = rounds_el_bind_alternate(handle, Self.key(code), function)
    } else {
      _ = rounds_el_bind(handle, Self.key(code), function)
    }
    return true
  }
}
