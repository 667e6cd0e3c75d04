import Columns

/// What to draw: which columns play which part. Indices point into the charted table's columns.
package struct ChartSpecification: Sendable {
  /// The kind's name as its row in the table of chart kinds has it; nil to guess it from the types.
  package var kind: String?
  /// The columns whose values are drawn.
  package var y: [Int]
  /// The column along the axis; nil where none was named or guessed.
  package var x: Int?
  /// The column whose values part the rows into series; nil for one series.
  package var split: Int?
  /// What stands above; nil for a title made of the columns' names.
  package var title: String?
  /// In characters; nil to fit the screen.
  package var width: Int?
  /// In lines; nil for the usual height.
  package var height: Int?
  /// The width of a histogram's bars, in the unit of its column; nil for round steps.
  package var step: Value?
  /// A value that the axis of the values holds; nil where they alone decide.
  package var from: Double?
  /// Of columns that the question itself leaves without values in some rows: why, once the query is through.
  package var absences: [Int: Absence] = [:]
  /// Why values of a column are missing.
  package struct Absence: Sendable {
    /// What stands behind the count of them, with a comma in front.
    package var text: String
    /// All of them are missing for that reason, and none in the data.
    package var isWhole: Bool

    package init(text: String, isWhole: Bool) { (self.text, self.isWhole) = (text, isWhole) }
  }
  /// The ending of files that charts are drawn to.
  package static let fileEnding = "svg"
  /// A file to draw to instead of the screen (`.svg`).
  package var file: String?

  package init(
    kind: String? = nil, y: [Int] = [], x: Int? = nil, split: Int? = nil, title: String? = nil,
    width: Int? = nil, height: Int? = nil, step: Value? = nil, file: String? = nil
  ) {
    self.kind = kind
    self.y = y
    self.x = x
    self.split = split
    self.title = title
    self.width = width
    self.height = height
    self.step = step
    self.file = file
  }
}

/// A kind of chart, for the checker, the completer and help; the drawing is Presentation's.
package struct ChartKindRow: Sendable {
  package var name: String
  package var summary: String
  /// How many y columns it takes.
  package var y: ClosedRange<Int>
  /// Cannot be drawn without an x.
  package var needsX: Bool
  /// Takes the first column that could label an axis as x when none is named.
  package var guessesX: Bool
  package var example: String
  /// How it is written, with all that it takes.
  package var form: String
  /// What it takes and how it is read, a sentence each: beside what all kinds have in common.
  package var reading: [String]
  /// A pipeline over the built-in hospital that ends in such a chart.
  package var pipeline: String

  package init(
    _ name: String, _ summary: String, y: ClosedRange<Int>, needsX: Bool, guessesX: Bool = true,
    example: String, form: String, reading: [String], pipeline: String
  ) {
    self.form = form
    self.reading = reading
    self.pipeline = pipeline
    self.guessesX = guessesX
    self.name = name
    self.summary = summary
    self.y = y
    self.needsX = needsX
    self.example = example
  }
}
