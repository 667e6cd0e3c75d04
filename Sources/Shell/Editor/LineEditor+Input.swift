import CLibedit
import Glibc

extension LineEditor {
  /// The next code for libedit; nil when the statement is over.
  func readCode() -> Int32? {
    while outcome == nil {
      if !codes.isEmpty { return codes.removeFirst() }
      if !events.isEmpty {
        // Each key is a step of its own for undo, unless a flood of them is coming.
        if events.count < 256, let engine { undo.note(engine.buffer) }
        take(events.removeFirst())
        continue
      }
      synchronize()
      // Nothing is painted while more input waits.
      if isReadable(STDIN_FILENO, timeout: 0) {
        fill()
        continue
      }
      isTypeAhead = false
      paint()
      waitForInput()
    }
    return nil
  }

  // MARK: Waiting

  private func isReadable(_ descriptor: Int32, timeout: Int32) -> Bool {
    var waiting = pollfd(fd: descriptor, events: Int16(POLLIN), revents: 0)
    return poll(&waiting, 1, timeout) > 0
  }

  /// Sleeps until a key or a signal comes, or the keys have rested long enough for a look at the text.
  private func waitForInput() {
    let isUnfinished = decoder.isWaiting
    let rest: Int32 = isUnfinished ? escapeTimeout : idleStage == 0 ? 60 : idleStage == 1 ? 180 : -1
    var sources = [
      pollfd(fd: STDIN_FILENO, events: Int16(POLLIN), revents: 0),
      pollfd(fd: Signals.descriptor, events: Int16(POLLIN), revents: 0),
    ]
    let count = poll(&sources, 2, rest)
    for number in Signals.drain() { answer(number) }
    if count == 0 {
      if isUnfinished { events.append(contentsOf: decoder.flush()) } else { lookAtText() }
    }
    if count > 0, sources[0].revents != 0, outcome == nil { fill() }
  }

  private func lookAtText() {
    let isOrdinary = search == nil && menu == nil
    if idleStage == 0 {
      if isOrdinary { diagnoses = diagnose(buffer.string) }
    } else if isOrdinary {
      let rows = preview(buffer.string) { self.isReadable(STDIN_FILENO, timeout: 0) }
      // One that was cut short by a key keeps what is there.
      if rows.isEmpty, isReadable(STDIN_FILENO, timeout: 0) { return }
      footer = rows
      isFooterStale = false
    }
    idleStage += 1
  }

  private func answer(_ number: Int32) {
    switch number {
    case SIGINT:
      if let search {
        // The first Ctrl-C leaves the search only.
        self.search = nil
        wait(for: .set(search.original))
        return
      }
      (events, codes, waiting) = ([], [], nil)
      leave(mark: "^C")
      outcome = .interrupted
    case SIGWINCH: resize()
    case SIGTSTP: suspend()
    case SIGTERM, SIGHUP:
      leave()
      TerminalMode.write("\u{1B}[?2004l")
      if let engine { _ = rounds_el_set_int(engine.handle, EL_PREP_TERM, 0) }
      Signals.die(of: number)
    default: break
    }
  }

  private func resize() {
    let new = TerminalSize.current()
    if let old = frame, new != size {
      TerminalMode.write(Painter.clear(old, columns: new.columns))
      frame = nil
    }
    size = new
    if let engine { el_resize(engine.handle) }
  }

  /// Ctrl-Z: the terminal is given back as it was, and taken again when the shell comes to the front.
  private func suspend() {
    guard let engine else { return }
    // What stays on the screen is what was typed, without the suggestion behind it.
    if frame != nil { leave() }
    TerminalMode.write("\u{1B}[?2004l")
    _ = rounds_el_set_int(engine.handle, EL_PREP_TERM, 0)
    Signals.stop()
    _ = rounds_el_set_int(engine.handle, EL_PREP_TERM, 1)
    TerminalMode.write("\u{1B}[?2004h")
    size = .current()
  }

  // MARK: Reading

  private func fill() {
    guard var bytes = readBytes() else { return }
    if decoder.isWaiting || isTypeAhead {
      events.append(contentsOf: decoder.feed(bytes))
    } else {
      if PasteGuess.mayContinue(bytes), isReadable(STDIN_FILENO, timeout: 5), let more = readBytes() {
        bytes += more
      }
      if PasteGuess.isPaste(bytes) {
        // The terminal hands a long paste over in pieces.
        while isReadable(STDIN_FILENO, timeout: 20), let more = readBytes() { bytes += more }
        let text = InputDecoder.text(bytes)
        events.append(.paste(text))
        // What is typed or sent next is a line of its own.
        if text.last == "\n", text.dropLast().contains("\n") { events.append(.alt("\n")) }
        return
      }
      events.append(contentsOf: decoder.feed(bytes))
    }
  }

  /// A key's sequence comes at once; after a pause, ESC was the key. A paste gets more time. In milliseconds.
  private var escapeTimeout: Int32 { decoder.isPasting ? 2_000 : 30 }

  private func readBytes() -> [UInt8]? {
    let count = Glibc.read(STDIN_FILENO, &input, input.count)
    if count > 0 { return Array(input[..<count]) }
    if count == 0 || (errno != EINTR && errno != EAGAIN) {
      leave()
      outcome = .endOfInput
    }
    return nil
  }

  // MARK: Events

  private func take(_ event: InputEvent) {
    if insertsNext {
      insertsNext = false
      wait(for: .insert(Self.literal(event)))
    } else if search != nil {
      takeInSearch(event)
    } else if menu != nil {
      takeInMenu(event)
    } else {
      takePlainly(event)
    }
  }

  private static func literal(_ event: InputEvent) -> [Unicode.Scalar] {
    switch event {
    case .character(let scalar): [scalar]
    case .alt(let scalar): ["\u{1B}", scalar]
    case .key(_, _, let sequence): sequence.map { Unicode.Scalar($0) }
    case .paste(let text): text
    }
  }

  private func takePlainly(_ event: InputEvent) {
    switch event {
    case .character(let scalar):
      codes.append(Int32(bitPattern: scalar.value))
    case .alt("\n"):
      wait(for: .command(.newLine))
    case .alt(let scalar):
      codes.append(contentsOf: [0x1B, Int32(bitPattern: scalar.value)])
    case .key(let key, let modifiers, let sequence):
      if let code = engine?.userSequences[sequence] {
        codes.append(code)
      } else if let command = KeyBindings.command(key, modifiers) {
        wait(for: .command(command))
      }
    case .paste(var text):
      while text.last == "\n" { text.removeLast() }
      if !text.isEmpty { wait(for: .insert(text)) }
    }
  }

  private func takeInMenu(_ event: InputEvent) {
    guard var open = menu else { return }
    var step = 0
    switch event {
    case .character("\t"), .key(.down, [], _): step = 1
    case .key(.backTab, _, _), .key(.up, [], _): step = -1
    case .key(.pageDown, _, _): step = Renderer.menuRows - 1
    case .key(.pageUp, _, _): step = 1 - Renderer.menuRows
    case .character("\n") where open.selection != nil:
      menu = nil
      return
    case .character("\u{1B}"), .character("\u{07}"):
      menu = nil
      wait(for: .set(open.original))
      return
    default:
      menu = nil
      // The list follows what is typed while nothing is chosen.
      if open.selection == nil, case .character(let scalar) = event {
        menuFollows = scalar == "\u{7F}" || scalar == "\u{08}" || EditBuffer.isWord(scalar)
      }
      takePlainly(event)
      return
    }
    open.move(by: step)
    menu = open
    wait(for: .set(open.buffer))
  }

  private func takeInSearch(_ event: InputEvent) {
    guard var open = search else { return }
    switch event {
    case .character("\u{12}"), .key(.up, _, _): open.move(by: 1)
    case .character("\u{13}"), .key(.down, _, _): open.move(by: -1)
    case .character("\u{7F}"), .character("\u{08}"): open.erase()
    case .character("\u{07}"):
      search = nil
      wait(for: .set(open.original))
      return
    case .character("\n"), .character("\u{1B}"):
      acceptFound(open)
      return
    case .character(let scalar) where scalar.value >= 0x20: open.type([scalar])
    case .paste(let text): open.type(text.filter { $0.value >= 0x20 })
    default:
      // Any other key goes on with the statement found.
      acceptFound(open)
      events.insert(event, at: 0)
      return
    }
    search = open
  }

  private func acceptFound(_ search: HistorySearch) {
    self.search = nil
    wait(for: .set(search.found.map { EditBuffer($0) } ?? search.original))
  }
}
