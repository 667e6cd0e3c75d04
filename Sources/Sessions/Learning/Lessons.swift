/// A lesson of `learn`: a few steps, each a sentence and a statement for the built-in hospital.
struct Lesson: Sendable {
  struct Step: Sendable {
    var says: String
    var statement: String

    init(_ says: String, _ statement: String) {
      self.says = says
      self.statement = statement
    }
  }

  var name: String
  var title: String
  var steps: [Step]

  /// The place of the lesson that a name or a number from 1 means.
  static func index(of wanted: String) -> Int? {
    let index = all.firstIndex { $0.name == wanted } ?? Int(wanted).map { $0 - 1 }
    return index.flatMap { all.indices.contains($0) ? $0 : nil }
  }

  /// Rows are added here; nothing else knows a lesson by name.
  static let all: [Lesson] = [
    Lesson(
      name: "look", title: "Look at what is there",
      steps: [
        Step("These tables are loaded.", "tables"),
        Step(
          "One row for each column of a table: its type, what is missing, its range.", "describe patients"),
        Step("A table's name shows its rows.", "encounters | take 5"),
        Step(
          "`count by` counts the rows of each value, the largest first.", "encounters | count by department"),
      ]),
    Lesson(
      name: "ask", title: "Build a question stage by stage",
      steps: [
        Step("Begin with the rows. `|` hands them on.", "encounters | take 3"),
        Step(
          "Keep the rows that the question is about.",
          "encounters | filter class == \"ED\" and age >= 65 | take 3"),
        Step(
          "Make one row of each group. Every aggregate leaves missing values out and says so.",
          "encounters | filter class == \"ED\" and age >= 65 | aggregate visits = count(), typical = median(los_hours) by department, site"
        ),
        Step(
          "Draw it.",
          "encounters | filter class == \"ED\" and age >= 65 | aggregate visits = count() by triage | chart bar visits by triage"
        ),
      ]),
    Lesson(
      name: "missing", title: "What is not known",
      steps: [
        Step(
          "Stays that have not ended have no length: a comparison with missing is neither true nor false.",
          "encounters | filter los_hours > 100 | count"),
        Step(
          "A percentage tells of how many it was taken.",
          "encounters | aggregate long = percent(los_hours > 100)"),
        Step(
          "`is missing` asks for them.", "encounters | filter discharged is missing | count by department"),
        Step(
          "`??` says what to take instead.",
          "encounters | derive hours = los_hours ?? 0 | aggregate mean(hours), mean(los_hours)"),
      ]),
    Lesson(
      name: "join", title: "Bring two tables together",
      steps: [
        Step("The patients have what the encounters lack.", "patients | select patient_id, smoking | take 3"),
        Step(
          "`join` finds the partner by its key, and says how many have none.",
          "encounters | join patients on patient_id | count by smoking"),
        Step(
          "`anti` keeps those without a partner.",
          "patients | join anti encounters on patient_id | count"),
      ]),
    Lesson(
      name: "keep", title: "Keep your work",
      steps: [
        Step("A name for a table or a value.", "let adults = encounters | filter age >= 18"),
        Step("It stands wherever a table may.", "adults | count by class"),
        Step("`undo` takes the last name back, `redo` gives it again.", "undo"),
        Step(
          "`save script \"x.rounds\"` keeps what worked; `record \"x.md\"` keeps the answers too.", "redo"),
      ]),
  ]
}

/// Where a person is in the lessons.
package struct LessonPlace: Sendable {
  var lesson: Int
  var step: Int
}
