import Diagnostics

/// Notes as lines for the screen.
package enum NoteLines {
  /// Notes that `brief` shows before it only counts the rest.
  private static let briefLimit = 5

  /// The notes that the style shows, lines without their ends; what several say is said once.
  package static func render(_ notes: [Note], style: TableStyle) -> [String] {
    let notes = notes.contains(where: \.isOfKept) ? notes.filter { !$0.isOfKept } : notes
    if notes.isEmpty || style.notes == .off { return [] }
    let brief = style.notes == .brief
    let notesOnce = notes.saidOnce
    var lines: [String] = []
    for note in brief ? Array(notesOnce.prefix(briefLimit)) : notesOnce {
      lines += self.lines(note, brief: brief, style: style)
    }
    if brief, notesOnce.count > briefLimit {
      let rest = counted(notesOnce.count - briefLimit, "more note")
      lines.append(style.paint.dim(fit("\(style.ellipsis) \(rest) (set notes = full)", style)))
    }
    return lines
  }

  private static func lines(_ note: Note, brief: Bool, style: TableStyle) -> [String] {
    let mark = mark(note.kind, ascii: style.ascii)
    let text = "\(mark) \(PlainSigns.written(visible(note.message), ascii: style.ascii))"
    if brief { return [style.paint.dim(fit(text, style))] }
    guard let width = style.width else { return [style.paint.dim(text)] }
    return WordWrap.lines(text, width, indent: 2).map { style.paint.dim($0) }
  }

  private static func fit(_ text: String, _ style: TableStyle) -> String {
    style.width.map { Fitting.shorten(text, $0, style.ellipsis) } ?? text
  }

  /// A mark of the kind, one column wide, that tells kinds apart without colour.
  package static func mark(_ kind: Note.Kind, ascii: Bool) -> String {
    switch kind {
    case .missing: ascii ? "!" : "○"
    case .join: ascii ? "&" : "⋈"
    case .converted: ascii ? "~" : "≈"
    case .division: ascii ? "/" : "÷"
    case .tie: "="
    case .input: ascii ? ">" : "▸"
    case .structural: ascii ? "." : "∅"
    case .fact: "i"
    case .hidden: ascii ? "+" : "⋯"
    }
  }
}
