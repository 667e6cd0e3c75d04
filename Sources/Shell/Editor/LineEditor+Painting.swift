extension LineEditor {
  /// Takes note of what libedit did to the buffer since the last look.
  func synchronize() {
    guard let engine, outcome == nil else { return }
    let now = engine.buffer
    undo.note(now)
    if now.text != buffer.text {
      moveDiagnoses(from: buffer.text, to: now.text)
      isFooterStale = true
      idleStage = 0
    }
    buffer = now
    if menuFollows {
      menuFollows = false
      let list = complete(now.string, now.cursor)
      let isWhole = list.candidates.count == 1 && Menu.commonPrefix(list, in: now) == nil
      menu = list.candidates.isEmpty || isWhole ? nil : Menu(list: list, original: now)
    }
  }

  /// Underlines stay with their words while other text changes, so that nothing flickers.
  private func moveDiagnoses(from old: [Unicode.Scalar], to new: [Unicode.Scalar]) {
    guard !diagnoses.isEmpty else { return }
    let shorter = min(old.count, new.count)
    var head = 0
    while head < shorter, old[head] == new[head] { head += 1 }
    var tail = 0
    while tail < shorter - head, old[old.count - 1 - tail] == new[new.count - 1 - tail] { tail += 1 }
    let shift = new.count - old.count
    diagnoses = diagnoses.compactMap { diagnosis in
      var moved = diagnosis
      if diagnosis.range.upperBound < head || (diagnosis.range.upperBound == head && tail == 0 && shift < 0) {
        return moved
      }
      guard diagnosis.range.lowerBound >= old.count - tail, diagnosis.range.lowerBound > head else {
        return nil
      }
      moved.range = (diagnosis.range.lowerBound + shift)..<(diagnosis.range.upperBound + shift)
      return moved
    }
  }

  /// Asks the delegates about a changed text.
  func refreshCache(_ buffer: EditBuffer) {
    cache.text = buffer.text
    cache.string = buffer.string
    cache.spans = highlight(cache.string)
    cache.hintCursor = -1
    cache.suggestion = []
    guard configuration.isColoured, !buffer.isEmpty, let whole = suggestion(cache.string) else { return }
    let scalars = Array(whole.unicodeScalars)
    if scalars.count > buffer.text.count, scalars.starts(with: buffer.text) {
      cache.suggestion = Array(scalars[buffer.text.count...])
    }
  }

  /// Brings the screen up to date, in one write.
  func paint() {
    let next = renderer.frame(view(), size: size, top: frame?.top ?? 0)
    let bytes = Painter.paint(from: frame, to: next)
    if !bytes.isEmpty { TerminalMode.write(bytes) }
    frame = next
  }

  private func view() -> EditorView {
    var view = EditorView()
    view.prompt = prompt
    if let search {
      view.buffer = search.found.map { EditBuffer($0) } ?? search.original
      view.spans = highlight(view.buffer.string)
      let count = search.count
      let label = count.of == 0 ? "search (none): " : "search (\(count.shown)/\(count.of)): "
      view.search = EditorView.SearchLine(label: label, query: search.query, match: search.foundRange)
      if let match = search.foundRange { view.buffer.cursor = match.lowerBound }
      return view
    }
    if cache.text != buffer.text { refreshCache(buffer) }
    if cache.hintCursor != buffer.cursor {
      cache.hintCursor = buffer.cursor
      cache.hint = hint(cache.string, buffer.cursor)
    }
    view.buffer = buffer
    view.spans = cache.spans
    // The word at the cursor is still being typed.
    view.diagnoses = diagnoses.filter { $0.range.upperBound != buffer.cursor }
    let here = view.diagnoses.first { $0.range.contains(buffer.cursor) }
    view.hint = here?.message ?? cache.hint ?? view.diagnoses.first?.message
    view.menu = menu
    view.footer = footer
    view.isFooterStale = isFooterStale
    if menu == nil, buffer.isAtEnd { view.suggestion = cache.suggestion }
    return view
  }

  /// Paints the statement as it stays in the scroll-back, whole and without anything around it, and goes below.
  func leave(mark: String = "") {
    var view = EditorView()
    view.isFinal = true
    view.prompt = prompt
    view.buffer = EditBuffer(buffer.text + Array(mark.unicodeScalars))
    if cache.text != buffer.text { refreshCache(buffer) }
    view.spans = cache.spans
    let final = renderer.frame(view, size: size)
    var bytes: [UInt8] = []
    if let frame, final.rows.count > size.rows || frame.top > 0 {
      bytes = Painter.clear(frame, columns: size.columns) + Painter.paint(from: nil, to: final)
    } else {
      bytes = Painter.paint(from: frame, to: final)
    }
    TerminalMode.write(bytes + Painter.leave(final))
    frame = nil
  }
}
