import Diagnostics

/// A piece of printed text that may be laid out on one line or over several.
struct Layout: Sendable {
  indirect enum Kind: Sendable {
    case text(String)
    /// A line end where the group is broken, otherwise the text given.
    case line(flat: String)
    /// A blank if what follows fits on the line, otherwise a line end, each on its own account.
    case fillLine
    case hardLine
    /// A comment at the line's end: a line end must follow. Empty behind one that has its own line.
    case comment(String)
    case nest(Int, Layout)
    /// Broken at all its lines or at none.
    case group(Layout)
    case concat([Layout])
  }

  let kind: Kind
  /// True when it holds a line end whatever the width.
  let isForced: Bool
  /// The columns it takes on one line, up to its first forced line end.
  let width: Int

  static func text(_ text: String) -> Layout {
    Layout(kind: .text(text), isForced: false, width: DisplayWidth.of(text))
  }
  static let line = Layout(kind: .line(flat: " "), isForced: false, width: 1)
  static let softLine = Layout(kind: .line(flat: ""), isForced: false, width: 0)
  static let commaLine = Layout(kind: .line(flat: ", "), isForced: false, width: 2)
  static let fillLine = Layout(kind: .fillLine, isForced: false, width: 1)
  static let hardLine = Layout(kind: .hardLine, isForced: true, width: 0)
  static let space = text(" ")
  static func comment(_ text: String) -> Layout {
    Layout(kind: .comment(text), isForced: true, width: 0)
  }
  static func nest(_ columns: Int, _ inner: Layout) -> Layout {
    Layout(kind: .nest(columns, inner), isForced: inner.isForced, width: inner.width)
  }
  static func group(_ inner: Layout, broken: Bool = false) -> Layout {
    Layout(kind: .group(inner), isForced: inner.isForced || broken, width: inner.width)
  }
  static func concat(_ parts: [Layout]) -> Layout {
    var width = 0
    var isForced = false
    for part in parts {
      if !isForced { width += part.width }
      isForced = isForced || part.isForced
    }
    return Layout(kind: .concat(parts), isForced: isForced, width: width)
  }

  /// The lines of the layout, joined; `width` is the columns of a line.
  func rendered(width: Int) -> String {
    var renderer = Renderer(width: width)
    renderer.run(self)
    return renderer.text
  }

  private struct Renderer {
    let width: Int
    var text = ""
    var column = 0
    var mustBreak = false
    var waiting: [(indent: Int, isFlat: Bool, layout: Layout)] = []

    init(width: Int) { self.width = width }

    mutating func run(_ layout: Layout) {
      waiting = [(0, false, layout)]
      while let (indent, isFlat, next) = waiting.popLast() {
        switch next.kind {
        case .text(let part): write(part)
        case .comment(let part):
          if !part.isEmpty { write("  " + part) }
          mustBreak = true
        case .hardLine: newLine(indent)
        case .line(let flat): if isFlat, !mustBreak { write(flat) } else { newLine(indent) }
        case .fillLine:
          if !mustBreak, isFlat || column + 1 + widthAhead() <= width { write(" ") } else { newLine(indent) }
        case .nest(let columns, let inner): waiting.append((indent + columns, isFlat, inner))
        case .group(let inner):
          let fits = !next.isForced && column + next.width + widthAhead() <= width
          waiting.append((indent, isFlat || fits, inner))
        case .concat(let parts):
          for part in parts.reversed() { waiting.append((indent, isFlat, part)) }
        }
      }
    }

    /// Columns of what follows up to the next place where a line may end.
    private func widthAhead() -> Int {
      var total = 0
      for (_, isFlat, layout) in waiting.reversed() {
        if total > width { break }
        switch layout.kind {
        case .hardLine, .comment: return total
        case .line, .fillLine: if !isFlat { return total }
        case .nest(_, let inner):
          switch inner.kind {
          case .line, .fillLine, .hardLine: if !isFlat { return total }
          default: break
          }
        default: break
        }
        total += layout.width
        if layout.isForced { return total }
      }
      return total
    }

    private mutating func write(_ part: String) {
      text += part
      column += DisplayWidth.of(part)
    }

    private mutating func newLine(_ indent: Int) {
      while text.last == " " { text.removeLast() }
      text += "\n" + String(repeating: " ", count: indent)
      column = indent
      mustBreak = false
    }
  }
}
