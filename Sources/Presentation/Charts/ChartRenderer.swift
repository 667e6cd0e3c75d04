import Columns
import Diagnostics
import Planning

/// Draws charts of tables.
package enum ChartRenderer {
  /// Draws on a canvas of characters.
  ///
  /// A width that the specification names goes before the style's.
  ///
  /// - Returns: the lines, none wider than asked for, and the notes on what could not be drawn, whose words
  /// also stand under the chart.
  /// - Throws: a `Diagnostic` when the columns do not suit the kind.
  package static func render(
    _ specification: ChartSpecification, _ table: Table, style: ChartStyle = ChartStyle()
  ) throws(Diagnostic) -> (lines: [String], notes: [Note]) {
    let model = try model(specification, table)
    let style = ChartStyle(
      width: specification.width ?? style.width,
      height: specification.height ?? style.height,
      color: style.color, ascii: style.ascii, theme: style.theme)
    var drawing = TerminalDrawing(style: style)
    let hidden = drawing.draw(model)
    return (drawing.canvas.lines, model.notes + hidden)
  }

  /// Draws as a vector picture: the text of an SVG file.
  package static func renderSVG(
    _ specification: ChartSpecification, _ table: Table
  ) throws(Diagnostic) -> (text: String, notes: [Note]) {
    let model = try model(specification, table)
    var drawing = SVGDrawing(
      columns: min(max(specification.width ?? 100, 40), 400),
      rows: min(max(specification.height ?? 20, 5), 200))
    let drawn = drawing.draw(model)
    return (drawing.text, model.notes + drawn)
  }

  /// Whether a chart can be drawn of a table; whoever only writes the table must know, too.
  package static func check(_ specification: ChartSpecification, _ table: Table) throws(Diagnostic) {
    _ = try model(specification, table)
  }

  /// The kind that a specification means: the named one, or the one that the types suggest.
  package static func kindName(_ specification: ChartSpecification, _ table: Table) throws(Diagnostic)
    -> String
  {
    try kind(ChartInput(specification, table)).row.name
  }

  private static func model(
    _ specification: ChartSpecification, _ table: Table
  ) throws(Diagnostic) -> ChartModel {
    let input = try ChartInput(specification, table)
    var model = try kind(input).build(input)
    model.notes = model.notes.map { explained($0, input) }
    return model
  }

  /// A note of points that are missing, with the reason where the question itself has left them out.
  private static func explained(_ note: Note, _ input: ChartInput) -> Note {
    guard note.kind == .missing, note.message.hasSuffix("is missing"),
      let column = input.specification.absences.keys.first(where: { input.isSubject($0, of: note) }),
      let absence = input.specification.absences[column]
    else { return note }
    return Note(
      absence.isWhole ? .structural : .missing, note.message + absence.text, count: note.count,
      total: note.total, subject: note.subject, at: note.range)
  }

  private static func kind(_ input: ChartInput) throws(Diagnostic) -> ChartKind {
    guard let name = input.specification.kind else { return ChartTable.guess(input) }
    if let kind = ChartTable.kind(name) { return kind }
    let names = ChartTable.kinds.map(\.name)
    let near = Suggestion.nearest(to: name, among: names)
    throw Diagnostic(
      "chart-kind", "there is no chart kind \(visible(name))",
      help: [near.map { "did you mean \($0)?" } ?? "the kinds are \(names.joined(separator: ", "))"])
  }
}
