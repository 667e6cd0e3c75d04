import Planning

/// The pages of the reference, written from the tables alone: a test says when the files are stale.
package enum Reference {
  package struct Page: Sendable {
    /// The name of the file in the catalogue, without its ending.
    package var name: String
    package var text: String
  }

  package static func pages(_ catalogue: Catalogue) -> [Page] {
    let pages = [
      page(
        "Verbs", "The stages of a pipeline: each takes a table and gives a table.",
        catalogue.verbs.map(HelpEntry.init)),
      Page(name: "Functions", text: functions(catalogue)),
      page(
        "Operators", "What stands between values, and what becomes of them.",
        catalogue.functions.filter { $0.category == .operators }.map(HelpEntry.init)),
      page(
        "Statements", "What a line may be other than a pipeline, and the words of the shell.",
        StatementTable.rows.map { HelpEntry($0, catalogue) }),
      page(
        "Settings", "What `set name = value` changes; `set` alone lists them.",
        catalogue.settings.map(HelpEntry.init)),
      page("Charts", "The kinds of `chart KIND y by x`.", catalogue.chartKinds.map(HelpEntry.init)),
      Page(name: "Formats", text: formats(catalogue)),
    ]
    return [landing(pages)] + pages
  }

  private static func landing(_ pages: [Page]) -> Page {
    let list = (["Tutorial"] + pages.map(\.name)).map { "- <doc:\($0)>" }.joined(separator: "\n")
    return Page(
      name: "Vocabulary",
      text: """
        # ``Vocabulary``

        Every word of the language: verbs, functions, operators, statements and settings.

        ## Overview

        These pages are written from the same tables that the checker, the completion and `help` read. In the shell
        `help NAME` shows an entry, `help "what you want"` searches them.

        ## Topics

        \(list)

        """)
  }

  private static func page(_ title: String, _ summary: String, _ entries: [HelpEntry]) -> Page {
    let sections = entries.map { $0.markdown(level: 2) }
    return Page(name: title, text: (["# \(title)", summary] + sections).joined(separator: "\n\n") + "\n")
  }

  private static func functions(_ catalogue: Catalogue) -> String {
    var blocks = [
      "# Functions",
      "What stands before brackets, by what it works on. A function over rows (aggregates, windows) makes one value of many rows.",
    ]
    for category in Function.Category.allCases where category != .operators {
      let rows = catalogue.functions.filter { $0.category == category }
      if rows.isEmpty { continue }
      blocks.append("## \(category.rawValue.prefix(1).uppercased() + category.rawValue.dropFirst())")
      blocks += rows.map { HelpEntry($0).markdown(level: 3) }
    }
    return blocks.joined(separator: "\n\n") + "\n"
  }

  private static func formats(_ catalogue: Catalogue) -> String {
    var blocks = ["# Formats", "The kinds of files that are read and written.", "## Read"]
    for format in catalogue.inputs {
      blocks.append(
        "### \(format.name)\n\n\(format.summary)\n\nEndings: \(format.extensions.map { "`\($0)`" }.joined(separator: ", "))"
      )
      if format.options.isEmpty { continue }
      let rows = format.options.map { "| `\($0.name)` | \($0.summary) | \($0.takes) | `\($0.example)` |" }
      blocks.append(
        (["| option | meaning | takes | example |", "| --- | --- | --- | --- |"] + rows).joined(
          separator: "\n"))
    }
    blocks.append("## Written")
    let rows = catalogue.outputs.map {
      "| `\($0.name)` | \($0.summary) | \($0.extensions.map { "`\($0)`" }.joined(separator: ", ")) |"
    }
    blocks.append((["| format | meaning | endings |", "| --- | --- | --- |"] + rows).joined(separator: "\n"))
    blocks.append(Help.packings(catalogue))
    return blocks.joined(separator: "\n\n") + "\n"
  }
}
