/// How often something happened, and the first lines where.
struct Tally: Sendable {
  private(set) var count = 0
  /// At most `shown` line numbers, ascending.
  private(set) var lines: [Int] = []

  static let shown = 3

  /// Whether the next line number is still wanted: finding one may cost a count of line ends.
  var wantsLine: Bool { lines.count < Tally.shown }

  mutating func add(line: @autoclosure () -> Int) {
    count += 1
    if wantsLine { lines.append(line()) }
  }

  /// Adds the tally of a later part of the file, whose line 0 is `base`.
  mutating func merge(_ later: Tally, base: Int) {
    count += later.count
    for line in later.lines where wantsLine { lines.append(line + base) }
  }

  /// `line 7`, `lines 7, 9, 12 …`
  var place: String {
    let list = lines.map(String.init).joined(separator: ", ")
    return (count == 1 ? "line " : "lines ") + list + (count > lines.count ? " …" : "")
  }
}

/// What was irregular in the layout of a range of the file.
struct LayoutTally: Sendable {
  /// Rows with fewer cells than columns.
  var short = Tally()
  /// Rows with more cells than columns, the further ones not empty.
  var long = Tally()
  var blank = Tally()
  var comments = 0
  var textAfterQuote = Tally()
  var unclosedQuote = Tally()
  /// Empty lines behind the last row.
  var trailingBlank = Tally()

  /// The first thing that `strict` forbids, with its line in this range.
  var fault: (line: Int, message: String)? {
    var found: [(line: Int, message: String)] = []
    func note(_ tally: Tally, _ message: String) {
      if let line = tally.lines.first { found.append((line, message)) }
    }
    note(unclosedQuote, "a quote is opened and never closed")
    note(textAfterQuote, "text follows a closing quote")
    note(short, "the row has fewer cells than the header")
    note(long, "the row has more cells than the header")
    note(blank, "the line is empty")
    return found.min { $0.line < $1.line }
  }

  mutating func merge(_ later: LayoutTally, base: Int, hasRows: Bool) {
    short.merge(later.short, base: base)
    long.merge(later.long, base: base)
    textAfterQuote.merge(later.textAfterQuote, base: base)
    unclosedQuote.merge(later.unclosedQuote, base: base)
    comments += later.comments
    if hasRows {
      blank.merge(trailingBlank, base: 0)
      trailingBlank = Tally()
    }
    blank.merge(later.blank, base: base)
    trailingBlank.merge(later.trailingBlank, base: base)
  }
}
