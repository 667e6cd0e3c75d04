import Columns
import Planning

/// The output formats that are made for people.
package enum PresentationTable {
  package static let outputs: [OutputFormat] = [table, markdown, html]

  private static let table = OutputFormat(
    name: "table", extensions: ["txt"], summary: "aligned columns for reading, as on the screen",
    isMachine: false, holdsNotes: true
  ) { results, emit in
    for result in results {
      var renderer = TableRenderer()
      renderer.style.markTotalRow = result.hasTotals
      try write(renderer.rendered(result.table, notes: result.notes).lines, emit)
    }
  }

  private static let markdown = OutputFormat(
    name: "markdown", extensions: ["md"], summary: "a Markdown table for notes and reports",
    isMachine: false, holdsNotes: true
  ) { results, emit in
    for result in results {
      // A blank line ends a Markdown table, so that two results do not run into one.
      try write(result.texts.flatMap { MarkdownDocument.paragraph($0) + [""] }, emit)
      if result.table.columnCount == 0 { continue }
      try write(MarkdownDocument.lines(result.marked, notes: result.notes) + [""], emit)
    }
  }

  private static let html = OutputFormat(
    name: "html", extensions: ["html", "htm"], summary: "a small web page with the results and charts",
    isMachine: false, isOneDocument: true, holdsNotes: true, holdsPictures: true
  ) { results, emit in
    try write(HTMLDocument.lines(results), emit)
  }

  /// Emits lines in blocks of some size.
  private static func write(_ lines: [String], _ emit: (Span<UInt8>) throws -> Void) throws {
    var block: [UInt8] = []
    for line in lines {
      block.append(contentsOf: line.utf8)
      block.append(0x0A)
      if block.count > 1 << 16 {
        try emit(block.span)
        block.removeAll(keepingCapacity: true)
      }
    }
    if !block.isEmpty { try emit(block.span) }
  }
}
