/// Twelve lessons on the built-in hospital, for people who have never asked a table a question in writing.
package enum Tutorial {
  /// One lesson: words, and statements to try.
  package struct Lesson: Sendable {
    /// A piece of a lesson.
    package enum Part: Sendable {
      case words(String)
      /// Statements that stand on their own.
      case example(String)
    }

    package var title: String
    package var parts: [Part]

    init(_ title: String, _ parts: [Part]) {
      self.title = title
      self.parts = parts
    }

    /// The statements to try, in their order.
    package var examples: [String] {
      parts.compactMap { if case .example(let text) = $0 { text } else { nil } }
    }

    /// The lesson as `learn` goes through it: what is said, and what is then run.
    var steps: [(says: String, statement: String)] {
      var steps: [(says: String, statement: String)] = []
      var said: [String] = []
      for part in parts {
        switch part {
        case .words(let text): said.append(text)
        case .example(let text):
          steps.append((said.joined(separator: "\n"), text))
          said = []
        }
      }
      // What stands behind the last example closes its step.
      if let last = steps.indices.last, !said.isEmpty {
        steps[last].says = ([steps[last].says] + said).joined(separator: "\n")
      }
      return steps
    }

    /// As `help tutorial 3` shows it.
    var terminal: String {
      let blocks = parts.map { part in
        switch part {
        case .words(let text): text
        case .example(let text):
          text.split(separator: "\n", omittingEmptySubsequences: false).map { "    " + $0 }
            .joined(separator: "\n")
        }
      }
      return ([title] + blocks).joined(separator: "\n\n")
    }
  }

  package static let lessons: [Lesson] = firstLessons + laterLessons

  /// The lesson that a topic of help names: `tutorial 3`.
  static func lesson(_ topic: String) -> Lesson? {
    let words = topic.split(separator: " ")
    guard words.count == 2, words[0] == "tutorial" || words[0] == "lesson", let number = Int(words[1]),
      lessons.indices.contains(number - 1)
    else { return nil }
    return lessons[number - 1]
  }

  /// The place of the lesson that a number from 1, or some words of a title, mean.
  static func index(of wanted: String) -> Int? {
    let index =
      Int(wanted).map { $0 - 1 } ?? lessons.firstIndex { $0.title.lowercased() == wanted }
      ?? lessons.firstIndex { wanted.count > 2 && $0.title.lowercased().contains(wanted) }
    return index.flatMap { lessons.indices.contains($0) ? $0 : nil }
  }

  /// The titles with their numbers, a line each.
  static var list: [String] {
    lessons.enumerated().map { "  \($0 + 1 < 10 ? " " : "")\($0 + 1)  \($1.title)" }
  }

  static var overview: String {
    ([
      "Lessons on the built-in hospital (start it with `rounds demo`). Read one with help tutorial 1, run it with learn 1.",
      "",
    ] + list).joined(separator: "\n")
  }

  /// The page of all lessons; `output` gives what the statements of an example print.
  package static func page(output: (String) throws -> String) rethrows -> String {
    var blocks = [
      "# Tutorial",
      "Twelve short lessons on the built-in hospital. Start it with `rounds demo` and type along; no person in it exists.",
    ]
    for (index, lesson) in lessons.enumerated() {
      blocks.append("## \(index + 1). \(lesson.title)")
      for part in lesson.parts {
        switch part {
        case .words(let text): blocks.append(text)
        case .example(let text):
          blocks.append("```rounds\n\(text)\n```")
          let printed = try output(text)
          if !printed.isEmpty { blocks.append("```text\n\(printed)\n```") }
        }
      }
    }
    return blocks.joined(separator: "\n\n") + "\n"
  }
}
