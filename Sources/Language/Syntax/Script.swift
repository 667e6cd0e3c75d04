import Diagnostics

/// A name as written, without its backticks.
package struct Name: Sendable, Hashable {
  /// The name without backticks.
  package var text: String
  /// Its place in the text, with the backticks.
  package var range: SourceRange
  /// In backticks: never a word of the language, never split at its dots.
  package var isQuoted: Bool

  package init(_ text: String, at range: SourceRange, isQuoted: Bool = false) {
    self.text = text
    self.range = range
    self.isQuoted = isQuoted
  }
}

/// A whole text, parsed: every statement, and every fault that the grammar alone can see.
package struct Script: Sendable {
  /// The text, into which all ranges point.
  package var source: SourceText
  /// In the order of the text.
  package var statements: [Statement]
  /// Faults and warnings, in the order of the text.
  package var diagnostics: [Diagnostic]

  package init(source: SourceText, statements: [Statement], diagnostics: [Diagnostic]) {
    self.source = source
    self.statements = statements
    self.diagnostics = diagnostics
  }
}

/// One statement: a head and the stages behind it. The parser knows no statement by name; `let x = t | take 3`
/// is the head `let` with one named item, whose value goes on through the stage `take 3`.
package struct Statement: Sendable {
  /// The first stage. A word with groups (`load "x.csv" as t`, `encounters`), or, when the statement
  /// begins with something else (`"x.csv"`, `(a | take 3)`, `2 + 3`), no word and the groups alone.
  package var head: Stage
  package var stages: [Stage]
  package var range: SourceRange
  /// True for a line that begins with `|`: it goes on from the last result; `head` is then empty.
  package var continuesLast: Bool

  package init(head: Stage, stages: [Stage], range: SourceRange, continuesLast: Bool = false) {
    self.head = head
    self.stages = stages
    self.range = range
    self.continuesLast = continuesLast
  }
}

/// A source and its stages, in parentheses where a value or a table may stand.
package typealias Pipeline = Statement

/// `word group*`: a verb, its arguments and its clauses, none of which the parser knows.
package struct Stage: Sendable {
  /// The verb; nil where something else begins the stage.
  package var word: Name?
  /// Arguments and clauses; the words of clauses are groups of one name.
  package var groups: [Group]
  package var range: SourceRange

  package init(word: Name?, groups: [Group], range: SourceRange) {
    self.word = word
    self.groups = groups
    self.range = range
  }
}

/// Items separated by commas; a group ends where something that can begin an expression follows a complete one.
package struct Group: Sendable {
  package var items: [Item]
  package var range: SourceRange

  package init(items: [Item], range: SourceRange) {
    self.items = items
    self.range = range
  }

  /// The word of a group that is one bare, unquoted name: a clause word such as `by`, or a column.
  package var bareWord: Name? {
    guard items.count == 1, items[0].names.isEmpty, items[0].direction == nil,
      case .name(let name) = items[0].value.kind, !name.isQuoted
    else { return nil }
    return name
  }
}

/// `[name [":" type] "=" | name"("names")" "=" | "("names")" "="] expression [asc | desc]`
package struct Item: Sendable {
  /// What `asc` or `desc` behind an item says.
  package enum Direction: Sendable { case ascending, descending }

  /// The name before `=`, or the names of `(a, b) = …`; empty for a plain expression.
  package var names: [Name]
  /// True for `(a, b) = …`, also with one name in the brackets.
  package var isTuple: Bool
  /// The type in `name: type = …`.
  package var type: Name?
  /// The parameters in `name(x, y) = …`; nil when there are no brackets.
  package var parameters: [Name]?
  /// The expression behind `=`, or the whole item when it has no name.
  package var value: Expression
  /// The whole item with its `=` read as a comparison: what `filter a = 3 and b` means. Set when `name =`,
  /// `name(names) =` (a call compared) or `(name) =` begins the item.
  package var condition: Expression?
  /// What is wrong with `condition` alone, such as the chain in `a = b < c`: to be reported by whoever takes
  /// the item as a condition, and by nobody else.
  package var conditionFaults: [Diagnostic] = []
  /// Nil where nothing is written.
  package var direction: Direction?
  /// True for `param name: type` without a default: who runs the script gives the value. `value` is then invalid.
  package var isRequired = false
  package var range: SourceRange

  package init(
    names: [Name] = [], isTuple: Bool = false, type: Name? = nil, parameters: [Name]? = nil,
    value: Expression, condition: Expression? = nil, direction: Direction? = nil, range: SourceRange
  ) {
    self.names = names
    self.isTuple = isTuple
    self.type = type
    self.parameters = parameters
    self.value = value
    self.condition = condition
    self.direction = direction
    self.range = range
  }
}
