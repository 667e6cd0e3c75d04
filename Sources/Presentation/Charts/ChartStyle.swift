/// How a chart is drawn. The default is the one for pipes and files: 80 columns, no colour.
package struct ChartStyle: Sendable {
  /// Columns of the window.
  package var width: Int
  /// Lines of the plotting area of charts that have one (line, area, scatter).
  package var height: Int
  /// Whether ANSI colours are written.
  package var color: Bool
  /// Whether marks and axes are drawn in plain ASCII.
  package var ascii: Bool
  /// The colours, made for a dark or a light screen.
  package var theme: Theme

  /// Sizes that are left out are 80 by 15; others are kept within 20 to 1000 columns and 3 to 200 lines.
  package init(
    width: Int? = nil, height: Int? = nil, color: Bool = false, ascii: Bool = false, theme: Theme = .dark
  ) {
    self.width = min(max(width ?? 80, 20), 1000)
    self.height = min(max(height ?? 15, 3), 200)
    self.color = color
    self.ascii = ascii
    self.theme = theme
  }

  var ellipsis: String { ascii ? "~" : "…" }
}
