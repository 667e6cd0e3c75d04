import Diagnostics
import Language
import Planning
import Sessions
import TestSupport
import Testing

/// The canonical layout over every text of the repository: the same when laid out again, with all its comments, and
/// as free of faults as before.
@Suite struct FormatTests {
  /// The saved scripts, the lessons, the examples of the rows, and the cases of the messages.
  static let texts: [String] = {
    let root = CommandFolder.root
    var texts = TextFile.paths(in: root + "/Scripts", ending: ".rounds").compactMap { try? TextFile.read($0) }
    texts += Tutorial.lessons.flatMap(\.examples)
    texts += Catalogue.rounds.verbs.flatMap(\.examples).map(\.input)
    texts += Catalogue.rounds.functions.flatMap(\.examples).map(\.input)
    for path in TextFile.paths(in: root + "/Tests/Cases", ending: ".txt") {
      guard let cases = try? TextFile.read(path) else { continue }
      texts += cases.split(separator: "\n---\n").map { String($0.prefix { $0 != "\u{1}" }) }
        .compactMap { $0.split(separator: "\n=>", maxSplits: 1).first.map(String.init) }
    }
    return texts
  }()

  private func format(_ text: String) -> String {
    Printer.format(Parser.parse(SourceText(text)), rules: Catalogue.rounds.formatRules)
  }

  private func faults(_ text: String) -> [String] {
    Parser.parse(SourceText(text)).diagnostics.filter { $0.severity == .error }.map(\.code)
  }

  @Test func layoutRests() {
    #expect(Self.texts.count > 700)
    for text in Self.texts {
      let once = format(text)
      #expect(format(once) == once, "\(text)")
      #expect(!faults(text).isEmpty || faults(once).isEmpty, "\(text)\nbecomes\n\(once)")
    }
  }

  /// A comment above every line and one behind each: all of them stay, in their order.
  @Test func commentsStay() {
    for text in Self.texts where faults(text).isEmpty {
      var number = 0
      var marks: [String] = []
      let commented = text.split(separator: "\n", omittingEmptySubsequences: false).map { line in
        marks += ["# above \(number)", "# behind \(number)"]
        number += 1
        // A comment above a line stands as deep as the line.
        let indent = String(line.prefix { $0 == " " })
        return "\(indent)\(marks[marks.count - 2])\n\(line)  \(marks[marks.count - 1])"
      }.joined(separator: "\n")
      guard faults(commented).isEmpty else { continue }
      let once = format(commented)
      #expect(format(once) == once, "\(commented)")
      var rest = once[...]
      for mark in marks {
        guard let place = rest.firstRange(of: mark + "\n") else {
          Issue.record("\(mark) is lost or moved in\n\(commented)\nwhich becomes\n\(once)")
          break
        }
        rest = rest[place.upperBound...].isEmpty ? "" : rest[place.lowerBound...].dropFirst(mark.count)
      }
    }
  }

  /// Named items that do not fit on one line have a line each.
  @Test func longListsHaveALineForEachItem() {
    let text =
      "encounters | filter age >= 18 | aggregate stays = count(), typical = median(los_hours), longest = max(los_hours), known = count(disposition) by department, month = start_of(admitted, month) with totals"
    #expect(
      format(text) == """
        encounters
        | filter age >= 18
        | aggregate stays = count(),
            typical = median(los_hours),
            longest = max(los_hours),
            known = count(disposition)
            by department,
            month = start_of(admitted, month)
            with totals

        """)
  }
}
