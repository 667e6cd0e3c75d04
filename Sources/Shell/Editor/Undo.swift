/// Earlier and later states of the buffer. Typed characters join into words.
package struct UndoStack: Sendable {
  /// The state noted or gone to last.
  package private(set) var current: EditBuffer
  private var earlier: [EditBuffer] = []
  private var later: [EditBuffer] = []
  private var joinsAt: Int?
  private let joinsReplacements: Bool
  private static let limit = 1_000

  /// - Parameter joinsReplacements: what is typed where something was deleted is one step with it, and
  ///   blanks do not begin a new step: vi's way.
  package init(_ buffer: EditBuffer = EditBuffer(), joinsReplacements: Bool = false) {
    current = buffer
    self.joinsReplacements = joinsReplacements
  }

  /// Takes note of the buffer as it is now.
  package mutating func note(_ buffer: EditBuffer) {
    defer { current = buffer }
    guard buffer.text != current.text else {
      if buffer.cursor != current.cursor { joinsAt = nil }
      return
    }
    later = []
    let typed = typedPosition(buffer)
    if typed == nil || typed != joinsAt {
      earlier.append(current)
      if earlier.count > Self.limit { earlier.removeFirst() }
    }
    joinsAt = typed.map { $0 + 1 }
    if joinsReplacements {
      if typed == nil, buffer.text.count < current.text.count { joinsAt = buffer.cursor }
    } else if let typed, buffer.text[typed].properties.isWhitespace {
      joinsAt = nil
    }
  }

  /// Where one character was typed, nil for any other change.
  private func typedPosition(_ buffer: EditBuffer) -> Int? {
    let position = current.cursor
    guard buffer.text.count == current.text.count + 1, buffer.cursor == position + 1,
      position < buffer.text.count
    else { return nil }
    return position
  }

  /// Goes to the state before; nil where there is none.
  package mutating func undo() -> EditBuffer? {
    guard let buffer = earlier.popLast() else { return nil }
    later.append(current)
    current = buffer
    joinsAt = nil
    return buffer
  }

  /// Goes to the state that was undone last; nil where there is none.
  package mutating func redo() -> EditBuffer? {
    guard let buffer = later.popLast() else { return nil }
    earlier.append(current)
    current = buffer
    joinsAt = nil
    return buffer
  }
}
