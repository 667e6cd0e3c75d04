import Diagnostics

/// How much a result says of itself below the table.
package enum NotesMode: String, Sendable, CaseIterable {
  case off
  /// The first notes, each cut to one line.
  case brief
  /// Every note, wrapped.
  case full
}

/// How a table is drawn. The default is the one for pipes and files: no colour, nothing cut.
package struct TableStyle: Sendable {
  /// Columns of the window; nil when nothing is to be cut (off a terminal).
  package var width: Int?
  /// Rows to show at most; nil for all.
  package var maxRows: Int?
  /// Whether ANSI colours are written.
  package var color: Bool
  /// Rules and marks in plain ASCII; the data stays as it is.
  package var ascii: Bool
  /// The colours, made for a dark or a light screen.
  package var theme: Theme
  /// The last row is a total: set off by a rule, and kept when rows are cut.
  package var markTotalRow: Bool
  /// How much of the notes is shown.
  package var notes: NotesMode

  /// A width under 4 counts as 4, rows under 0 as none.
  package init(
    width: Int? = nil, maxRows: Int? = nil, color: Bool = false, ascii: Bool = false,
    theme: Theme = .dark, markTotalRow: Bool = false, notes: NotesMode = .full
  ) {
    self.width = width.map { max(4, $0) }
    self.maxRows = maxRows.map { max(0, $0) }
    self.color = color
    self.ascii = ascii
    self.theme = theme
    self.markTotalRow = markTotalRow
    self.notes = notes
  }

  /// What stands in a cell that is missing. A text that looks the same is shown in quotes.
  var missingMark: String { ascii ? "." : "·" }
  var ellipsis: String { ascii ? "~" : "…" }
  var rule: String { ascii ? "-" : "─" }
  var times: String { ascii ? "x" : "×" }
  var paint: Paint { Paint(color: color, theme: theme) }
}

/// A choice of colours for dark or light windows. All hues are from the set of Okabe and Ito, which people
/// who confuse red and green can tell apart; no meaning rests on colour alone.
package enum Theme: String, Sendable, CaseIterable {
  case dark
  case light

  /// Colours of the series of a chart, as indices of the 256-colour table.
  var series: [Int] {
    switch self {
    case .dark: [74, 214, 36, 220, 175, 167, 117, 250]
    case .light: [25, 166, 29, 136, 132, 124, 31, 240]
    }
  }

  /// The same hues for SVG (always on white).
  static let svgSeries = [
    "#0072b2", "#d55e00", "#009e73", "#cc79a7", "#e69f00", "#56b4e9", "#7a7a00", "#555555",
  ]
}

/// Puts terminal colours around text, or leaves it alone.
struct Paint: Sendable {
  var color: Bool
  var theme: Theme

  func bold(_ text: String) -> String { wrap(text, "1") }
  func dim(_ text: String) -> String { wrap(text, "2") }
  func series(_ index: Int, _ text: String) -> String {
    let colors = theme.series
    return wrap(text, "38;5;\(colors[index % colors.count])")
  }

  private func wrap(_ text: String, _ code: String) -> String {
    color && !text.isEmpty ? "\u{1B}[\(code)m\(text)\u{1B}[0m" : text
  }
}
