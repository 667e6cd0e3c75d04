import CLibedit

extension LineEditor {
  /// Runs an action on libedit's buffer; returns what libedit is to do next.
  func perform(_ action: WaitingAction) -> UInt8 {
    guard let engine else { return UInt8(CC_ERROR) }
    let before = engine.buffer
    switch action {
    case .set(let new): engine.set(new)
    case .insert(let text): engine.set(before.replacing(before.cursor..<before.cursor, with: text))
    case .command(let command):
      if let result = perform(ending: command, before) { return result }
      if !perform(moving: command, before) && !perform(cutting: command, before) {
        perform(other: command, before)
      }
      settle(after: command)
      return UInt8(CC_NORM)
    }
    settle(after: .nothing)
    return UInt8(CC_NORM)
  }

  /// Some commands go on from the one before; any other breaks the chain.
  private func settle(after command: EditorCommand) {
    switch command {
    case .previous, .next: break
    default: goalColumn = nil
    }
    switch command {
    case .killToEnd, .killToStart, .killBlankWord, .killWordBack, .killWord: joinsKills = true
    default: joinsKills = false
    }
    if command != .yank && command != .yankOlder { yanked = nil }
  }

  // MARK: Ending

  private func perform(ending command: EditorCommand, _ before: EditBuffer) -> UInt8? {
    switch command {
    case .enter:
      guard isComplete(before.string) else { return nil }
      buffer = before
      leave()
      outcome = .statement(before.string)
      return UInt8(CC_NEWLINE)
    case .deleteOrEnd where before.isEmpty:
      buffer = before
      leave()
      outcome = .endOfInput
      return UInt8(CC_EOF)
    default: return nil
    }
  }

  // MARK: Moving

  private func perform(moving command: EditorCommand, _ before: EditBuffer) -> Bool {
    guard let engine else { return true }
    switch command {
    case .left: engine.set(before.moved(to: before.characterStart(before.cursor)))
    case .wordLeft: engine.set(before.moved(to: before.wordStart(before.cursor)))
    case .right:
      if !takeSuggestion(before) { engine.set(before.moved(to: before.characterEnd(before.cursor))) }
    case .wordRight:
      if !takeSuggestedWord(before) { engine.set(before.moved(to: before.wordEnd(before.cursor))) }
    case .lineStart: engine.set(before.moved(to: before.lineStart(before.cursor)))
    case .lineEnd:
      if !takeSuggestion(before) { engine.set(before.moved(to: before.lineEnd(before.cursor))) }
    case .textStart: engine.set(before.moved(to: 0))
    case .textEnd: engine.set(before.moved(to: before.text.count))
    case .previous: moveVertically(by: -1, before)
    case .next: moveVertically(by: 1, before)
    case .oldest, .newest:
      if let new = walk.moveToEnd(oldest: command == .oldest, from: before) { engine.set(new) }
    default: return false
    }
    return true
  }

  private func moveVertically(by step: Int, _ before: EditBuffer) {
    let column = goalColumn ?? (before.cursor - before.lineStart(before.cursor))
    if let new = before.movedVertically(by: step, column: column) {
      goalColumn = column
      engine?.set(new)
    } else if let new = walk.move(by: step, from: before) {
      goalColumn = nil
      engine?.set(new)
    }
  }

  /// The rest of the suggestion for the text, empty when none is shown.
  private func suggested(_ before: EditBuffer) -> [Unicode.Scalar] {
    guard configuration.isColoured, before.isAtEnd, !before.isEmpty else { return [] }
    if cache.text != before.text { refreshCache(before) }
    return cache.suggestion
  }

  private func takeSuggestion(_ before: EditBuffer) -> Bool {
    let rest = suggested(before)
    if !rest.isEmpty { engine?.set(EditBuffer(before.text + rest)) }
    return !rest.isEmpty
  }

  private func takeSuggestedWord(_ before: EditBuffer) -> Bool {
    let rest = suggested(before)
    guard !rest.isEmpty else { return false }
    engine?.set(EditBuffer(before.text + rest.prefix(max(1, EditBuffer(rest).wordEnd(0)))))
    return true
  }

  // MARK: Cutting

  private func perform(cutting command: EditorCommand, _ before: EditBuffer) -> Bool {
    let cursor = before.cursor
    switch command {
    case .killToEnd:
      let end = before.lineEnd(cursor)
      // At the end of a line the line break goes.
      cut(cursor..<(end == cursor ? min(end + 1, before.text.count) : end), before, .after)
    case .killToStart:
      let start = before.lineStart(cursor)
      cut((start == cursor ? max(0, start - 1) : start)..<cursor, before, .before)
    case .killBlankWord: cut(before.blankWordStart(cursor)..<cursor, before, .before)
    case .killWordBack: cut(before.wordStart(cursor)..<cursor, before, .before)
    case .killWord: cut(cursor..<before.wordEnd(cursor), before, .after)
    case .yank:
      if let text = kills.yank() { put(text, in: cursor..<cursor, before) }
    case .yankOlder:
      if let yanked, let text = kills.rotate() { put(text, in: yanked, before) }
    default: return false
    }
    return true
  }

  private func cut(_ range: Range<Int>, _ before: EditBuffer, _ side: KillRing.Joining) {
    kills.keep(Array(before.text[range]), joining: joinsKills ? side : .none)
    engine?.set(before.replacing(range, with: []))
  }

  private func put(_ text: [Unicode.Scalar], in range: Range<Int>, _ before: EditBuffer) {
    engine?.set(before.replacing(range, with: text))
    yanked = range.lowerBound..<(range.lowerBound + text.count)
  }

  // MARK: The rest

  private func perform(other command: EditorCommand, _ before: EditBuffer) {
    let cursor = before.cursor
    switch command {
    case .enter, .newLine: engine?.set(before.replacing(cursor..<cursor, with: ["\n"]))
    case .backspace: engine?.set(before.replacing(before.characterStart(cursor)..<cursor, with: []))
    case .delete, .deleteOrEnd:
      engine?.set(before.replacing(cursor..<before.characterEnd(cursor), with: []))
    case .undo:
      undo.note(before)
      if let earlier = undo.undo() { engine?.set(earlier) }
    case .redo:
      undo.note(before)
      if let later = undo.redo() { engine?.set(later) }
    case .search: beginSearch(before)
    case .complete: completeWord(before)
    case .insertNext: insertsNext = true
    case .clearScreen:
      TerminalMode.write("\u{1B}[H\u{1B}[2J")
      frame = nil
    default: break
    }
  }

  private func beginSearch(_ before: EditBuffer) {
    let query = before.text.contains("\n") ? [] : before.text
    // Masked statements are shown as they are on disk: a search may be on a projector.
    search = HistorySearch(entries: history.entries.map(\.masked), original: before, query: query)
  }

  private func completeWord(_ before: EditBuffer) {
    let list = complete(before.string, before.cursor)
    guard !list.candidates.isEmpty else {
      let start = before.lineStart(before.cursor)
      let isIndentation = before.text[start..<before.cursor].allSatisfy { $0 == " " } && start > 0
      if isIndentation { engine?.set(before.replacing(before.cursor..<before.cursor, with: [" ", " "])) }
      return
    }
    var now = before
    var replacing = list.replacing.clamped(to: 0..<before.text.count)
    if let prefix = Menu.commonPrefix(list, in: before) {
      now = before.replacing(replacing, with: prefix)
      replacing = replacing.lowerBound..<(replacing.lowerBound + prefix.count)
      engine?.set(now)
    }
    if list.candidates.count > 1 {
      menu = Menu(list: CompletionList(replacing: replacing, candidates: list.candidates), original: now)
    }
  }
}
