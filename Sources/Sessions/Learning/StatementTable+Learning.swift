import Columns
import Diagnostics
import Language
import Planning

/// Where a person is in the lessons.
package struct LessonPlace: Sendable {
  var lesson: Int
  var step: Int
}

/// Stepping through lessons.
extension StatementRow {
  static let learn = StatementRow(
    "learn", "short lessons on the built-in hospital, step by step", forms: ["learn", "learn 2"],
    isShellWord: true,
    run: { statement, session, source in
      let range = SourceRange(
        statement.head.word?.range.upper ?? statement.range.lower, statement.range.upper)
      let wanted = source[range].trimmingBlanks.trimmingQuotes.lowercased()
      guard !wanted.isEmpty else {
        session.tell(
          .text(
            (["Lessons: learn and a number; then next and back."] + Tutorial.list).joined(separator: "\n")))
        return
      }
      guard let index = Tutorial.index(of: wanted) else {
        throw Diagnostic(
          "lesson", "there is no lesson `\(wanted)`", at: range,
          help: ["lessons have numbers, 1 to \(Tutorial.lessons.count): `learn` lists them"])
      }
      guard case .table? = session.bindings["encounters"], case .table? = session.bindings["patients"] else {
        throw Diagnostic(
          "lesson", "the lessons ask the built-in hospital, which is not loaded", at: range,
          help: ["start with rounds demo, or rounds learn"])
      }
      try session.go(to: LessonPlace(lesson: index, step: 0))
    })

  static let next = StatementRow(
    "next", "goes to the next step of a lesson", forms: ["next"], isShellWord: true,
    run: { statement, session, _ in try session.go(by: 1, at: statement.range) })

  static let back = StatementRow(
    "back", "goes back a step of a lesson", forms: ["back"], isShellWord: true,
    run: { statement, session, _ in try session.go(by: -1, at: statement.range) })
}

extension Session {
  fileprivate func go(by step: Int, at range: SourceRange) throws {
    guard let place = lesson else {
      throw Diagnostic("lesson", "no lesson is under way", at: range, help: ["`learn` lists them"])
    }
    let new = LessonPlace(lesson: place.lesson, step: place.step + step)
    let count = Tutorial.lessons[place.lesson].steps.count
    if new.step < 0 {
      tell(.text("This is the first step."))
    } else if new.step < count {
      try go(to: new)
    } else if new.step == count {
      lesson = new
      let following =
        place.lesson + 1 < Tutorial.lessons.count
        ? "`next` begins the next, `learn` lists the lessons." : "It is the last; `learn` lists the lessons."
      tell(.text("This was \"\(Tutorial.lessons[place.lesson].title)\". \(following)"))
    } else if place.lesson + 1 < Tutorial.lessons.count {
      try go(to: LessonPlace(lesson: place.lesson + 1, step: 0))
    } else {
      tell(.text("This was the last lesson. `learn` lists them."))
    }
  }

  fileprivate func go(to place: LessonPlace) throws {
    lesson = place
    let lesson = Tutorial.lessons[place.lesson]
    let steps = lesson.steps
    let step = steps[place.step]
    let isLast = place.step + 1 == steps.count
    tell(
      .text(
        "\(lesson.title), step \(place.step + 1) of \(steps.count)\(isLast ? "" : " (`next` goes on)")\n\(step.says)"
      ))
    try show(step.statement, name: "lesson \(place.lesson + 1)")
  }

  /// Runs a statement of the house's own and shows it first, as if it had been typed.
  func show(_ text: String, name: String) throws {
    tell(.text("> " + text.replacing("\n", with: "\n  ")))
    let source = SourceText(text, name: name)
    for statement in Parser.parse(source).statements {
      do {
        try run(statement, in: source)
      } catch let fault as Diagnostic {
        throw fault.located(in: source)
      }
    }
  }
}

/// Lessons as statements, for whoever starts them from outside.
package enum Tour {
  /// What names a lesson in one word.
  package static var numbers: [String] { Tutorial.lessons.indices.map { String($0 + 1) } }
  /// The lessons' titles, in the order of `numbers`.
  package static var titles: [String] { Tutorial.lessons.map(\.title) }

  /// The statement that begins a lesson, or that lists them where none is named.
  package static func first(_ lesson: String?) -> String { lesson.map { "learn \"\($0)\"" } ?? "learn" }

  /// All steps of a lesson; the list of lessons where none is named.
  package static func statements(_ lesson: String?) -> String {
    let known = lesson.flatMap { Tutorial.index(of: $0.lowercased()) }.map { Tutorial.lessons[$0] }
    return first(lesson) + String(repeating: "\nnext", count: max(0, (known?.steps.count ?? 1) - 1))
  }
}
