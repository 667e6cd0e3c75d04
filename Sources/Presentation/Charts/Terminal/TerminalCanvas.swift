import Diagnostics

/// A sheet of characters of a fixed width that grows downwards. What falls outside is not drawn, so that no
/// line is ever too wide.
struct TerminalCanvas {
  enum Ink: Equatable {
    case plain
    case bold
    case dim
    case series(Int)
  }

  private struct Cell {
    /// Empty for the second half of a wide character.
    var text: String
    var ink: Ink
  }

  let width: Int
  private let paint: Paint
  private var rows: [[Cell]] = []

  init(width: Int, paint: Paint) {
    self.width = width
    self.paint = paint
  }

  /// Lines drawn so far.
  var height: Int { rows.count }

  /// Puts text with its first character at a place.
  mutating func put(_ text: String, x: Int, y: Int, _ ink: Ink = .plain) {
    guard y >= 0, y < 100_000 else { return }
    while rows.count <= y { rows.append([Cell](repeating: Cell(text: " ", ink: .plain), count: width)) }
    var x = x
    for character in text {
      let size = DisplayWidth.of(character)
      if size == 0 { continue }
      if x + size > width { return }
      if x >= 0 {
        // Half of a wide character that stood here would shift what is behind it.
        if rows[y][x].text.isEmpty, x > 0 { rows[y][x - 1].text = " " }
        if x + size < width, rows[y][x + size].text.isEmpty { rows[y][x + size].text = " " }
        rows[y][x] = Cell(text: String(character), ink: ink)
        for rest in 1..<max(1, size) where size > 1 { rows[y][x + rest] = Cell(text: "", ink: ink) }
      }
      x += size
    }
  }

  /// Puts text that ends before a column.
  mutating func put(_ text: String, before x: Int, y: Int, _ ink: Ink = .plain) {
    put(text, x: x - DisplayWidth.of(text), y: y, ink)
  }

  /// The lines, without blanks at their ends.
  var lines: [String] {
    rows.map { row in
      let end = row.lastIndex { $0.text != " " }.map { $0 + 1 } ?? 0
      var line = ""
      var start = 0
      while start < end {
        var stop = start
        var run = ""
        while stop < end, row[stop].ink == row[start].ink {
          run += row[stop].text
          stop += 1
        }
        line += painted(run, row[start].ink)
        start = stop
      }
      return line
    }
  }

  private func painted(_ text: String, _ ink: Ink) -> String {
    switch ink {
    case .plain: text
    case .bold: paint.bold(text)
    case .dim: paint.dim(text)
    case .series(let number): paint.series(number, text)
    }
  }
}
