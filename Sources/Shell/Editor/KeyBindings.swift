import CLibedit

/// What the editor itself can do; the raw value is the name for `bind` in `~/.editrc`.
package enum EditorCommand: String, CaseIterable, Sendable {
  case enter = "rounds-enter"
  case newLine = "rounds-new-line"
  case deleteOrEnd = "rounds-delete-or-end"
  case previous = "rounds-previous"
  case next = "rounds-next"
  case oldest = "rounds-oldest"
  case newest = "rounds-newest"
  case left = "rounds-left"
  case right = "rounds-right"
  case wordLeft = "rounds-word-left"
  case wordRight = "rounds-word-right"
  case lineStart = "rounds-line-start"
  case lineEnd = "rounds-line-end"
  case textStart = "rounds-text-start"
  case textEnd = "rounds-text-end"
  case backspace = "rounds-backspace"
  case delete = "rounds-delete"
  case killToEnd = "rounds-kill-to-end"
  case killToStart = "rounds-kill-to-start"
  case killBlankWord = "rounds-kill-blank-word"
  case killWordBack = "rounds-kill-word-back"
  case killWord = "rounds-kill-word"
  case yank = "rounds-yank"
  case yankOlder = "rounds-yank-older"
  case undo = "rounds-undo"
  case redo = "rounds-redo"
  case search = "rounds-search"
  case complete = "rounds-complete"
  case insertNext = "rounds-insert-next"
  case clearScreen = "rounds-clear-screen"
  case nothing = "rounds-nothing"

  /// What the command does, in a line.
  package var summary: String {
    switch self {
    case .enter: "run the statement, or break the line when it is not complete"
    case .newLine: "break the line"
    case .deleteOrEnd: "delete the next character, or leave the shell on an empty line"
    case .previous: "one line up, then the previous statement"
    case .next: "one line down, then the next statement"
    case .oldest: "the oldest statement"
    case .newest: "the statement that was begun"
    case .left: "one character left"
    case .right: "one character right; at the end, take the suggestion"
    case .wordLeft: "one word left"
    case .wordRight: "one word right; at the end, take a word of the suggestion"
    case .lineStart: "start of the line"
    case .lineEnd: "end of the line; at the end, take the suggestion"
    case .textStart: "start of the statement"
    case .textEnd: "end of the statement"
    case .backspace: "delete the previous character"
    case .delete: "delete the next character"
    case .killToEnd: "cut to the end of the line"
    case .killToStart: "cut to the start of the line"
    case .killBlankWord: "cut back to the previous blank"
    case .killWordBack: "cut the previous word"
    case .killWord: "cut the next word"
    case .yank: "insert what was cut last"
    case .yankOlder: "after that, insert what was cut before instead"
    case .undo: "undo"
    case .redo: "redo"
    case .search: "search through earlier statements"
    case .complete: "complete the word"
    case .insertNext: "insert the next key as it is"
    case .clearScreen: "clear the screen"
    case .nothing: "do nothing"
    }
  }
}

/// Which keys call which commands, before the user's own bindings.
package enum KeyBindings {
  /// The code that stands for "a command waits": free in UTF-8 input, and small enough for libedit's maps.
  static let commandCode: Int32 = 0x80
  /// Codes for escape sequences that the user has bound.
  static let userCodes = 0x81...0x9F

  /// Keys of emacs mode and of vi's insert mode.
  static let shared: [(key: String, command: EditorCommand)] = [
    ("^M", .enter), ("^J", .enter), ("^D", .deleteOrEnd), ("^P", .previous), ("^N", .next),
    ("^B", .left), ("^F", .right), ("^A", .lineStart), ("^E", .lineEnd),
    ("^H", .backspace), ("^?", .backspace), ("^K", .killToEnd), ("^U", .killToStart),
    ("^W", .killBlankWord), ("^Y", .yank), ("^_", .undo), ("^R", .search), ("^I", .complete),
    ("^V", .insertNext), ("^Q", .insertNext), ("^L", .clearScreen), ("^G", .nothing),
  ]

  /// Keys of emacs mode only: in vi's insert mode an ESC must never be the start of a binding.
  static let emacs: [(key: String, command: EditorCommand)] = [
    ("^[^M", .newLine), ("^[^J", .newLine), ("^[f", .wordRight), ("^[b", .wordLeft), ("^[<", .oldest),
    ("^[>", .newest), ("^[d", .killWord), ("^[^H", .killWordBack), ("^[^?", .killWordBack),
    ("^[y", .yankOlder), ("^[/", .redo), ("^[_", .redo), ("^X^U", .undo), ("^X^R", .redo), ("^S", .search),
  ]

  static let viCommand: [(key: String, command: EditorCommand)] = [
    ("^M", .enter), ("^J", .enter), ("^D", .deleteOrEnd), ("^P", .previous), ("^N", .next), ("k", .previous),
    ("j", .next), ("u", .undo), ("^R", .redo), ("^_", .undo), ("^L", .clearScreen), ("^I", .complete),
  ]

  /// What the keys of vi's command mode do that libedit answers itself.
  package static let viOwn: [(keys: String, summary: String)] = [
    ("h, l, Space", "one character left or right"),
    ("w, b, e", "the next word, the start of this or the previous word, its end"),
    ("W, B, E", "the same, where only blanks part words"),
    ("0, ^, $, |", "the start, the first character, the end, the column that a number before it names"),
    ("f, F, t, T", "forward or back to a character that is typed next, or just before it; ; and , repeat"),
    ("%", "the other bracket of a pair"),
    ("i, I, a, A", "insert before the cursor, at the start, behind the cursor, at the end"),
    ("x, X", "delete the character under the cursor, or before it"),
    ("d, c, y", "with a movement: delete, change or copy up to there; dd, cc and yy all"),
    ("D, C, Y", "delete, change or copy: D and C from the cursor on, Y all"),
    ("s, S, r, R", "replace a character by what is typed, all, one by one character, or write over"),
    ("p, P", "insert what was deleted or copied, behind the cursor or before it"),
    ("~", "the other case"),
    (".", "the last change again"),
    ("/, ?, n, N", "search backwards or forwards through earlier statements, on and back"),
    ("v", "edit the statement in $EDITOR"),
  ]

  /// The keys that the editor answers itself, as people call them, with what they do: for help. In vi mode those of
  /// its command mode follow, libedit's own last.
  package static func listing(vi: Bool) -> [(keys: String, summary: String)] {
    let named = [
      ("Up", "Down", EditorCommand.previous, EditorCommand.next), ("Left", "Right", .left, .right),
      ("Home", "End", .lineStart, .lineEnd), ("Ctrl-Left", "Ctrl-Right", .wordLeft, .wordRight),
      ("Ctrl-Up", "Ctrl-Down", .oldest, .newest), ("Ctrl-Home", "Ctrl-End", .textStart, .textEnd),
    ]
    var names: [EditorCommand: [String]] = [.delete: ["Delete"]]
    for (first, second, one, other) in named {
      names[one, default: []].append(first)
      names[other, default: []].append(second)
    }
    if vi { names[.newLine] = ["Alt-Enter"] }
    let always = rows(names, vi ? shared : shared + emacs)
    guard vi else { return always }
    let own = rows([:], viCommand.filter { key, command in !shared.contains { $0 == (key, command) } })
    return [("while text is typed:", "")] + always + [("Esc", "command mode"), ("in command mode:", "")] + own
      + viOwn
  }

  /// The keys of each command in a line, in the commands' order.
  private static func rows(
    _ named: [EditorCommand: [String]], _ bindings: [(key: String, command: EditorCommand)]
  ) -> [(keys: String, summary: String)] {
    var names = named
    for (key, command) in bindings where !names[command, default: []].contains(name(key)) {
      names[command, default: []].append(name(key))
    }
    return EditorCommand.allCases.filter { $0 != .nothing }.compactMap { command in
      names[command].map { ($0.joined(separator: ", "), command.summary) }
    }
  }

  /// A key as people call it: `^[f` is Alt-f.
  static func name(_ key: String) -> String {
    let special = ["^M": "Enter", "^J": "Enter", "^I": "Tab", "^?": "Backspace", "^H": "Backspace"]
    if let name = special[key] { return name }
    if key.hasPrefix("^[") { return "Alt-" + name(String(key.dropFirst(2))) }
    guard key.hasPrefix("^") else { return key }
    let first = "Ctrl-" + key.dropFirst().prefix(1)
    let rest = String(key.dropFirst(2))
    return rest.isEmpty ? first : first + " " + name(rest)
  }

  /// The command of a key that came as an escape sequence, nil where it has none.
  package static func command(_ key: NamedKey, _ modifiers: KeyModifiers) -> EditorCommand? {
    let isWord = !modifiers.isDisjoint(with: [.control, .alt])
    switch key {
    case .up: return isWord ? .oldest : .previous
    case .down: return isWord ? .newest : .next
    case .left: return isWord ? .wordLeft : .left
    case .right: return isWord ? .wordRight : .right
    case .home: return isWord ? .textStart : .lineStart
    case .end: return isWord ? .textEnd : .lineEnd
    case .delete: return isWord ? .killWord : .delete
    case .pageUp: return .previous
    case .pageDown: return .next
    case .insert, .backTab, .function: return nil
    }
  }

  /// libedit calls plain functions: one for each command.
  static let functions:
    [(command: EditorCommand, function: @convention(c) (OpaquePointer?, Int32) -> UInt8)] = [
      (.enter, { editor, _ in LineEditor.call(.enter, editor) }),
      (.newLine, { editor, _ in LineEditor.call(.newLine, editor) }),
      (.deleteOrEnd, { editor, _ in LineEditor.call(.deleteOrEnd, editor) }),
      (.previous, { editor, _ in LineEditor.call(.previous, editor) }),
      (.next, { editor, _ in LineEditor.call(.next, editor) }),
      (.oldest, { editor, _ in LineEditor.call(.oldest, editor) }),
      (.newest, { editor, _ in LineEditor.call(.newest, editor) }),
      (.left, { editor, _ in LineEditor.call(.left, editor) }),
      (.right, { editor, _ in LineEditor.call(.right, editor) }),
      (.wordLeft, { editor, _ in LineEditor.call(.wordLeft, editor) }),
      (.wordRight, { editor, _ in LineEditor.call(.wordRight, editor) }),
      (.lineStart, { editor, _ in LineEditor.call(.lineStart, editor) }),
      (.lineEnd, { editor, _ in LineEditor.call(.lineEnd, editor) }),
      (.textStart, { editor, _ in LineEditor.call(.textStart, editor) }),
      (.textEnd, { editor, _ in LineEditor.call(.textEnd, editor) }),
      (.backspace, { editor, _ in LineEditor.call(.backspace, editor) }),
      (.delete, { editor, _ in LineEditor.call(.delete, editor) }),
      (.killToEnd, { editor, _ in LineEditor.call(.killToEnd, editor) }),
      (.killToStart, { editor, _ in LineEditor.call(.killToStart, editor) }),
      (.killBlankWord, { editor, _ in LineEditor.call(.killBlankWord, editor) }),
      (.killWordBack, { editor, _ in LineEditor.call(.killWordBack, editor) }),
      (.killWord, { editor, _ in LineEditor.call(.killWord, editor) }),
      (.yank, { editor, _ in LineEditor.call(.yank, editor) }),
      (.yankOlder, { editor, _ in LineEditor.call(.yankOlder, editor) }),
      (.undo, { editor, _ in LineEditor.call(.undo, editor) }),
      (.redo, { editor, _ in LineEditor.call(.redo, editor) }),
      (.search, { editor, _ in LineEditor.call(.search, editor) }),
      (.complete, { editor, _ in LineEditor.call(.complete, editor) }),
      (.insertNext, { editor, _ in LineEditor.call(.insertNext, editor) }),
      (.clearScreen, { editor, _ in LineEditor.call(.clearScreen, editor) }),
      (.nothing, { editor, _ in LineEditor.call(.nothing, editor) }),
    ]

  /// The bytes of a key as `bind` writes it, where it is an escape sequence of three bytes or more that
  /// the decoder would take apart; nil otherwise.
  package static func sequence(_ key: String) -> [UInt8]? {
    var bytes: [UInt8] = []
    var rest = Array(key.utf8)[...]
    while let byte = rest.popFirst() {
      if byte == UInt8(ascii: "^"), let next = rest.popFirst() {
        bytes.append(next == UInt8(ascii: "?") ? 0x7F : next & 0x1F)
      } else if byte == UInt8(ascii: "\\"), let next = rest.popFirst() {
        let digits = [next] + rest.prefix(2)
        if digits.count == 3, digits.allSatisfy({ (48...55).contains($0) }) {
          rest = rest.dropFirst(2)
          bytes.append(UInt8(truncatingIfNeeded: digits.reduce(0) { $0 * 8 + Int($1 - 48) }))
        } else {
          bytes.append(next == UInt8(ascii: "e") || next == UInt8(ascii: "E") ? 0x1B : next)
        }
      } else {
        bytes.append(byte)
      }
    }
    let isSequence =
      bytes.count >= 3 && bytes[0] == 0x1B && (bytes[1] == UInt8(ascii: "[") || bytes[1] == UInt8(ascii: "O"))
    return isSequence ? bytes : nil
  }
}
