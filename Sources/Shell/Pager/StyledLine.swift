import Diagnostics

/// A finished line of text and colour sequences, taken apart into the cells of a terminal.
struct StyledLine {
  struct Cell: Equatable {
    var text: String
    var width: Int
    /// The colour sequences in force.
    var style: String
  }

  private(set) var cells: [Cell] = []

  /// Colour sequences are kept; every other control character is made visible.
  init(_ line: String) {
    var style = ""
    var rest = line[...]
    while let character = rest.popFirst() {
      if character == "\u{1B}", let sequence = Self.colourSequence(&rest) {
        let isReset = sequence == "\u{1B}[0m" || sequence == "\u{1B}[m"
        style = isReset ? "" : sequence.hasPrefix("\u{1B}[0;") ? sequence : style + sequence
      } else {
        let text = visible(String(character))
        let width = text == String(character) ? DisplayWidth.of(character) : DisplayWidth.of(text)
        cells.append(Cell(text: text, width: width, style: style))
      }
    }
  }

  private static func colourSequence(_ rest: inout Substring) -> String? {
    guard rest.first == "[", let end = rest.firstIndex(where: { $0.isLetter }), rest[end] == "m" else {
      return nil
    }
    let sequence = "\u{1B}" + rest[...end]
    rest = rest[rest.index(after: end)...]
    return sequence
  }

  /// The runs of signs between blanks: of the line below a header the columns.
  var runs: [Range<Int>] {
    var runs: [Range<Int>] = []
    var column = 0
    for cell in cells {
      if cell.text != " " {
        if let last = runs.last, last.upperBound == column {
          runs[runs.count - 1] = last.lowerBound..<column + cell.width
        } else {
          runs.append(column..<column + cell.width)
        }
      }
      column += cell.width
    }
    return runs
  }

  /// The columns of a table that a slice goes through at its ends, and the mark of what is cut off there.
  struct Cuts {
    var left: Range<Int>?
    var right: Range<Int>?
    var mark: String
  }

  var width: Int { cells.reduce(0) { $0 + $1.width } }

  /// The columns where a text occurs.
  func columns(of query: PagerQuery) -> [Range<Int>] {
    var starts = [0]
    for cell in cells { starts.append((starts.last ?? 0) + cell.width) }
    let sought = query.characters
    guard !sought.isEmpty, cells.count >= sought.count else { return [] }
    return (0...(cells.count - sought.count)).compactMap { index in
      for offset in sought.indices where !query.matches(cells[index + offset].text, at: offset) { return nil }
      return starts[index]..<starts[index + sought.count]
    }
  }

  /// Whether there is something to see in some columns.
  private func hasContent(in range: Range<Int>) -> Bool {
    var column = 0
    for cell in cells {
      if column >= range.upperBound { return false }
      if column >= range.lowerBound, cell.text != " " { return true }
      column += cell.width
    }
    return false
  }

  /// The bytes of a range of columns, filled up with blanks; marked columns are reversed, and what is cut off is marked.
  func slice(_ range: Range<Int>, marked: [Range<Int>], coloured: Bool, cut: Cuts? = nil) -> String {
    guard let cut, range.count > 2 else { return plain(range, marked, coloured) }
    let isCutLeft = cut.left.map { hasContent(in: $0.lowerBound..<range.lowerBound) } ?? false
    let isCutRight = cut.right.map { hasContent(in: range.upperBound..<$0.upperBound) } ?? false
    let inner = range.lowerBound + (isCutLeft ? 1 : 0)..<range.upperBound - (isCutRight ? 1 : 0)
    return (isCutLeft ? cut.mark : "") + plain(inner, marked, coloured)
      + (isCutRight ? cut.mark : "")
  }

  private func plain(_ range: Range<Int>, _ marked: [Range<Int>], _ coloured: Bool) -> String {
    var result = ""
    var column = 0
    var written = range.lowerBound
    var style = ""
    for cell in cells {
      let next = column + cell.width
      defer { column = next }
      if column >= range.upperBound { break }
      guard column >= range.lowerBound, next <= range.upperBound else { continue }
      // A wide character that is cut in two becomes a blank.
      if written < column { result += String(repeating: " ", count: column - written) }
      let isMarked = marked.contains { $0.contains(column) }
      let wanted = (coloured ? cell.style : "") + (isMarked ? "\u{1B}[7m" : "")
      if wanted != style {
        result += "\u{1B}[0m" + wanted
        style = wanted
      }
      result += cell.text
      written = next
    }
    if !style.isEmpty { result += "\u{1B}[0m" }
    return result + String(repeating: " ", count: max(0, range.upperBound - written))
  }
}

/// What is looked for; without capitals they do not matter.
struct PagerQuery: Equatable {
  let text: String
  let characters: [String]
  private let isExact: Bool

  init(_ text: String) {
    self.text = text
    isExact = text.contains { $0.isUppercase }
    let isExact = isExact
    characters = text.map { isExact ? String($0) : $0.lowercased() }
  }

  func matches(_ text: String, at offset: Int) -> Bool {
    characters[offset] == (isExact ? text : text.lowercased())
  }

  /// Whether a line has the text, looked at without taking it apart.
  func mayMatch(_ line: String) -> Bool {
    guard let first = characters.first else { return false }
    return line.contains { first == (isExact ? String($0) : $0.lowercased()) }
  }
}
