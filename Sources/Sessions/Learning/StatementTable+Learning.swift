import Columns
import Diagnostics
import Language
import Planning

/// Stepping through lessons.
extension StatementRow {
  static let learn = StatementRow(
    "learn", "short lessons on the built-in hospital, step by step", forms: ["learn", "learn ask"],
    isShellWord: true,
    run: { statement, session, source in
      let range = SourceRange(
        statement.head.word?.range.upper ?? statement.range.lower, statement.range.upper)
      let wanted = source[range].trimmingBlanks.trimmingQuotes.lowercased()
      guard !wanted.isEmpty else {
        session.tell(.text(session.lessonList))
        return
      }
      guard let index = Lesson.index(of: wanted) else {
        throw Diagnostic(
          "lesson", "there is no lesson `\(wanted)`", at: range,
          help: ["lessons: \(Lesson.all.map(\.name).joined(separator: ", "))"])
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
  fileprivate var lessonList: String {
    let lines = Lesson.all.enumerated().map { index, lesson in
      "  \(index + 1)  \(lesson.name)\(String(repeating: " ", count: max(1, 10 - lesson.name.count)))\(lesson.title)"
    }
    return (["Lessons: learn and a name or number; then next and back."] + lines).joined(separator: "\n")
  }

  fileprivate func go(by step: Int, at range: SourceRange) throws {
    guard let place = lesson else {
      throw Diagnostic("lesson", "no lesson is under way", at: range, help: ["`learn` lists them"])
    }
    let new = LessonPlace(lesson: place.lesson, step: place.step + step)
    if new.step < 0 {
      tell(.text("This is the first step."))
    } else if new.step >= Lesson.all[place.lesson].steps.count {
      lesson = nil
      tell(.text("This was \"\(Lesson.all[place.lesson].title)\". `learn` lists the lessons."))
    } else {
      try go(to: new)
    }
  }

  fileprivate func go(to place: LessonPlace) throws {
    lesson = place
    let lesson = Lesson.all[place.lesson]
    let step = lesson.steps[place.step]
    let isLast = place.step + 1 == lesson.steps.count
    tell(
      .text(
        "\(lesson.title), step \(place.step + 1) of \(lesson.steps.count)\(isLast ? "" : " (`next` goes on)")\n\(step.says)"
      ))
    try show(step.statement, name: lesson.name)
  }

  /// Runs a statement of the house's own and shows it first, as if it had been typed.
  func show(_ text: String, name: String) throws {
    tell(.text("> \(text)"))
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
  package static func first(_ lesson: String?) -> String { lesson.map { "learn \"\($0)\"" } ?? "learn" }

  /// All steps of a lesson; the list of lessons where none is named.
  package static func statements(_ lesson: String?) -> String {
    let known = lesson.flatMap { Lesson.index(of: $0.lowercased()) }.map { Lesson.all[$0] }
    return first(lesson) + String(repeating: "\nnext", count: max(0, (known?.steps.count ?? 1) - 1))
  }
}
