import Columns
import Diagnostics
import Language

/// A word that begins a clause of a verb, and what stands behind it.
package struct Clause: Sendable {
  /// What may stand behind the word.
  package enum Content: Sendable {
    /// Nothing: the word says it all (`down`).
    case nothing
    /// Columns and expressions; `named` when an item may be `name = expression`.
    case items(named: Bool)
    /// An order: items with `-` or `asc`/`desc`.
    case order
    /// One of these words (`totals`).
    case words([String])
    /// A new name (`as t`).
    case name
    /// A text, number or other literal.
    case literal
  }

  package var word: String
  package var content: Content
  package var summary: String
  /// What to write instead of several items, where only one may stand there.
  package var one: OneItem?

  package init(_ word: String, _ content: Content, _ summary: String, one: OneItem? = nil) {
    self.word = word
    self.content = content
    self.summary = summary
    self.one = one
  }

  /// The keys of groups, which may be given names.
  package static let by = Clause("by", .items(named: true), "the groups")
  /// An order of the rows, for functions that go by it.
  package static let sort = Clause("sort", .order, "the order within them")
}

/// That only one item may stand in a place, and what to write for several.
package struct OneItem: Sendable {
  /// What the place takes, such as `condition`.
  package var noun: String
  /// What to write for these two.
  package var help: @Sendable (_ first: String, _ second: String) -> String

  package init(_ noun: String, _ help: @escaping @Sendable (String, String) -> String) {
    self.noun = noun
    self.help = help
  }
}

/// A verb: everything that the checker, completion, help and the reference know of it.
package struct Verb: Sendable {
  package var name: String
  package var aliases: [String]
  package var summary: String
  /// The ways to write it, a line each.
  package var forms: [String]
  package var clauses: [Clause]
  /// Words that say which way it works, each with what it does.
  package var kinds: [(word: String, summary: String)]
  /// What stands directly behind the verb, for completion.
  package var argument: Clause.Content
  /// Where only one item may stand there, what to write for several.
  package var one: OneItem?
  /// What help and reference show, each run by a test.
  package var examples: [Example]
  package var searchWords: [String]
  /// Turns a call into plan nodes on top of the context's plan; reports what is wrong to the context and gives nil
  /// when nothing can be made of it.
  package var lower: @Sendable (VerbCall, inout StageContext) -> Plan?

  package init(
    _ name: String, aliases: [String] = [], _ summary: String, forms: [String], clauses: [Clause] = [],
    kinds: [(word: String, summary: String)] = [], argument: Clause.Content, one: OneItem? = nil,
    examples: [Example] = [],
    searchWords: [String] = [],
    lower: @escaping @Sendable (VerbCall, inout StageContext) -> Plan?
  ) {
    self.name = name
    self.aliases = aliases
    self.summary = summary
    self.forms = forms
    self.clauses = clauses
    self.kinds = kinds
    self.argument = argument
    self.one = one
    self.examples = examples
    self.searchWords = searchWords
    self.lower = lower
  }
}

/// A stage read by its verb's clauses.
package struct VerbCall: Sendable {
  package var verb: Verb
  package var stage: Stage
  /// The groups before the first clause word.
  package var arguments: [Group]
  /// The clauses in the order of the text, each with the groups behind its word; one may stand twice.
  package var clauses: [(word: Name, groups: [Group])]

  package init(_ verb: Verb, _ stage: Stage) {
    self.verb = verb
    self.stage = stage
    arguments = []
    clauses = []
    for group in stage.groups {
      if let word = group.bareWord, verb.clauses.contains(where: { $0.word == word.text.lowercased() }) {
        clauses.append((word, []))
      } else if clauses.isEmpty {
        arguments.append(group)
      } else {
        clauses[clauses.count - 1].groups.append(group)
      }
    }
  }

  /// The place of the whole stage.
  package var range: SourceRange { stage.range }
  /// The place of the verb alone; the whole stage where none is written.
  package var wordRange: SourceRange { stage.word?.range ?? stage.range }

  /// The number of a group among all of the stage, clause words too; nil for one of another stage.
  package func place(of group: Group) -> Int? { stage.groups.firstIndex { $0.range == group.range } }

  /// Whether a clause is there, by its word in lower case.
  package func has(_ word: String) -> Bool { clauses.contains { $0.word.text.lowercased() == word } }

  /// The groups behind a clause word; nil when the clause is not there.
  package func groups(_ word: String) -> [Group]? {
    clauses.first { $0.word.text.lowercased() == word }?.groups
  }

  /// The items behind a clause word, of its one group; empty when the clause is not there.
  package func items(_ word: String) -> [Item] { groups(word)?.flatMap(\.items) ?? [] }

  /// The items before the first clause.
  package var items: [Item] { arguments.flatMap(\.items) }
}
