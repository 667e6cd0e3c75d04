import Columns
import Planning

/// The output formats that are made for people.
package enum PresentationTable {
  package static let outputs: [OutputFormat] = [table, markdown, html]

  private static let table = OutputFormat(
    name: "table", extensions: ["txt"], summary: "aligned columns for reading, as on the screen",
    isMachine: false, holdsNotes: true
  ) { results, emit in
    try inBlocks(emit) { put in
      for result in results {
        var renderer = TableRenderer()
        renderer.style.markTotalRow = result.hasTotals
        try renderer.write(result.table, notes: result.notes, to: put)
      }
    }
  }

  private static let markdown = OutputFormat(
    name: "markdown", extensions: ["md"], summary: "a Markdown table for notes and reports",
    isMachine: false, holdsNotes: true
  ) { results, emit in
    try inBlocks(emit) { put in
      for result in results {
        // A blank line ends a Markdown table, so that two results do not run into one.
        for line in result.texts.flatMap({ MarkdownDocument.paragraph($0) + [""] }) { try put(line) }
        if result.table.columnCount == 0 { continue }
        try MarkdownDocument.write(result.marked, notes: result.notes, to: put)
        try put("")
      }
    }
  }

  private static let html = OutputFormat(
    name: "html", extensions: ["html", "htm"], summary: "a small web page with the results and charts",
    isMachine: false, isOneDocument: true, holdsNotes: true, holdsPictures: true
  ) { results, emit in
    try inBlocks(emit) { put in try HTMLDocument.write(results, to: put) }
  }

  /// Emits the lines that `body` puts in blocks of some size.
  private static func inBlocks(
    _ emit: (Span<UInt8>) throws -> Void, _ body: (_ put: (String) throws -> Void) throws -> Void
  ) throws {
    try withoutActuallyEscaping(emit) { emit in
      var block: [UInt8] = []
      try body { line in
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
}
