import Columns
import Diagnostics
import Hospital
import Planning

/// A loaded table as help knows it.
package struct HelpTable: Sendable {
  package struct Column: Sendable {
    var name: String
    var type: String
    /// What it means, where that is known.
    var meaning: String?

    var text: String { meaning.map { "\(type), \($0)" } ?? type }
  }

  var name: String
  var summary: String?
  var columns: [Column]

  /// As `help encounters` shows it.
  var terminal: String {
    let head = "\(name): a table" + (summary.map { ". \($0)" } ?? " that is loaded.")
    return
      ([head, ""] + columns.map { "  \($0.name): \($0.text)" }
      + ["", "`describe \(name)` says what its columns hold."]).joined(separator: "\n")
  }
}

extension Session {
  /// The loaded tables; the built-in ones with what they mean.
  var helpTables: [HelpTable] {
    bindings.keys.sorted().compactMap { name in
      guard case .table(let source)? = bindings[name] else { return nil }
      let known =
        options.hospitalScale == nil ? nil : SyntheticHospital.summaries.first { $0.table == name }
      let meanings = Dictionary(
        known?.columns.map { ($0.name, $0.meaning) } ?? [], uniquingKeysWith: { first, _ in first })
      return HelpTable(
        name: name, summary: known?.summary,
        columns: source.schema.fields.map {
          HelpTable.Column(name: $0.name, type: $0.type.name, meaning: meanings[$0.name])
        })
    }
  }
}

/// Looks for words in all that help knows: answers to common questions first, then rows whose name, summary or words
/// from other tools hold what was asked for, best first.
struct HelpSearch {
  private static let shown = 8
  /// Words that say nothing of what is wanted.
  private static let small: Set<String> = [
    "how", "do", "does", "i", "a", "the", "an", "to", "of", "in", "is", "are", "my", "can", "for", "with",
    "and",
    "or", "me", "we", "you", "it", "on", "at", "from", "what", "which", "where", "there", "this", "that",
    "find",
    "get", "make", "see", "show", "write", "want", "use", "all", "be", "into", "as", "have", "has", "when",
    "who",
    "please", "some",
  ]

  private let asked: String
  private let catalogue: Catalogue
  private let tables: [HelpTable]
  /// The words of the question in order, without plurals.
  private let words: [String]
  /// Those that say what is wanted; all, where none does.
  private let wanted: [String]
  private let phrase: String

  init(_ asked: String, _ catalogue: Catalogue, _ tables: [HelpTable]) {
    self.asked = asked
    self.catalogue = catalogue
    self.tables = tables
    words = Self.words(asked)
    let wanted = words.filter { !Self.small.contains($0) }
    self.wanted = wanted.isEmpty ? words : wanted
    phrase = words.joined(separator: " ")
  }

  /// Small letters, without signs and without the s of a plural.
  private static func words(_ text: String) -> [String] {
    text.lowercased().split { !$0.isLetter && !$0.isNumber && !"_*%".contains($0) }.map { word in
      let isPlural = word.count > 3 && word.hasSuffix("s") && !word.hasSuffix("ss") && !word.contains("_")
      return String(isPlural ? word.dropLast() : word)
    }
  }

  // MARK: Scores

  /// How well a row answers: its name counts most, then words it is looked for by, then its summary.
  private func score(
    _ name: String, _ summary: String, aliases: [String] = [], search: [String] = []
  ) -> Int {
    let named = Self.words(name).joined(separator: " ")
    let others = aliases.map { $0.lowercased() }
    let known = search.map { Self.words($0) }
    let text = Self.words(summary)
    var total = 0
    for word in wanted {
      var best = 0
      if named == word || others.contains(word) {
        best = 6
      } else if known.contains(where: { $0.contains(word) }) {
        best = 4
      } else if text.contains(word) || named.split(separator: " ").contains(Substring(word)) {
        best = 3
      } else if word.count > 2, named.contains(word) {
        best = 2
      } else if word.count > 3,
        text.contains(where: { $0.hasPrefix(word) })
          || known.joined().contains(where: { $0.hasPrefix(word) })
      {
        best = 1
      }
      total += best
    }
    guard total > 0, words.count > 1 else { return total }
    // The whole phrase outweighs any number of single words.
    let phrases = [named, text.joined(separator: " ")] + known.map { $0.joined(separator: " ") }
    return phrases.contains { " \($0) ".contains(" \(phrase) ") } ? total + 20 : total
  }

  /// The answers to common questions that the words ask for, the closest first.
  private var answers: [String] {
    HelpAnswer.all.enumerated().compactMap { place, answer -> (Int, Int, String)? in
      let best =
        answer.asked.compactMap { way -> Int? in
          let way = Self.words(way)
          let telling = way.filter { !Self.small.contains($0) || $0 == "all" }
          return telling.allSatisfy(words.contains) ? telling.count : nil
        }.max() ?? 0
      guard best > 0 else { return nil }
      let example = answer.example.map { "\n      \($0)" } ?? ""
      return (-best, place, "  \(answer.text)\(example)")
    }.sorted { ($0.0, $0.1) < ($1.0, $1.1) }.prefix(2).map { $0.2 }
  }

  /// The closest answer in one line, without its example; nil where there is none.
  var answer: String? {
    answers.first.flatMap { $0.split(separator: "\n").first }.map { String($0).trimmingBlanks }
  }

  // MARK: What is searched

  private var rows: [(score: Int, line: String)] { language + around + lessons + data }

  /// Verbs, functions, statements.
  private var language: [(score: Int, line: String)] {
    let verbs = catalogue.verbs.map {
      (
        score($0.name, $0.summary, aliases: $0.aliases, search: $0.searchWords),
        "  \($0.name): \($0.summary)\n      \($0.forms.first ?? "")"
      )
    }
    let functions = catalogue.functions.map { function in
      (
        score(function.name, function.summary, aliases: function.aliases, search: function.searchWords),
        "  \(HelpEntry(function).forms.first ?? function.name): \(function.summary)"
      )
    }
    let statements = StatementTable.rows.map {
      (
        score($0.name, $0.summary, aliases: $0.aliases, search: $0.searchWords),
        "  \($0.name): \($0.summary)\n      \($0.forms.first ?? "")"
      )
    }
    return verbs + functions + statements
  }

  /// Options of files, formats, charts, settings.
  private var around: [(score: Int, line: String)] {
    var seen: Set<String> = []
    let options = catalogue.inputs.flatMap(\.options).filter { seen.insert($0.name).inserted }.map {
      (score($0.name, $0.summary), "  load … with \($0.example): \($0.summary)")
    }
    let read = catalogue.inputs.map {
      (score($0.name, $0.summary), "  load \"x.\($0.name)\": reads \($0.summary)")
    }
    let written = catalogue.outputs.map { format in
      (
        score(format.name, format.summary),
        "  \(format.name): \(format.summary)\n      rounds run x.rounds --format \(format.name)"
      )
    }
    let charts = catalogue.chartKinds.map {
      (score($0.name, $0.summary, aliases: ["chart"]) - 1, "  \($0.example): \($0.summary)")
    }
    let settings = catalogue.settings.map {
      (score($0.name, $0.summary) - 1, "  set \($0.name) = …: \($0.summary)")
    }
    return options + read + written + charts + settings
  }

  private var lessons: [(score: Int, line: String)] {
    Tutorial.lessons.enumerated().map { index, lesson in
      let said = lesson.parts.map { if case .words(let text) = $0 { text } else { "" } }
      let titled = score("", lesson.title)
      let found = titled > 0 ? titled + 1 : min(1, score("", said.joined(separator: " ")))
      return (found, "  lesson \(index + 1), \(lesson.title): learn \(index + 1)")
    }
  }

  /// The loaded tables and their columns.
  private var data: [(score: Int, line: String)] {
    tables.flatMap { table in
      [
        (
          score(table.name, table.summary ?? ""),
          "  \(table.name): a table\(table.summary.map { ". \($0)" } ?? "")\n      help \(table.name)"
        )
      ]
        + table.columns.map {
          (
            score($0.name, $0.meaning ?? ""),
            "  \($0.name): a column of \(table.name) (\($0.text))"
          )
        }
    }
  }

  /// All names that there is help for, each once.
  private var names: [String] {
    let language =
      catalogue.verbs.map(\.name) + catalogue.callableNames + StatementTable.rows.map(\.name)
      + catalogue.chartKinds.map(\.name) + catalogue.settings.map(\.name)
    var seen: Set<String> = []
    return (language + tables.flatMap { [$0.name] + $0.columns.map(\.name) }).filter {
      seen.insert($0).inserted
    }
  }

  /// What was found, or what comes near.
  var text: String {
    let answers = answers
    // Beside an answer only what names nearly all that was asked for is worth a line.
    let least = answers.isEmpty ? max(1, (wanted.count + 1) / 2) : 3 * wanted.count + 1
    let found = rows.enumerated().filter { $0.element.score >= least }.sorted {
      ($1.element.score, $0.offset) < ($0.element.score, $1.offset)
    }.prefix(Self.shown - answers.count).map(\.element.line)
    let best = answers + found
    if best.isEmpty {
      let near = Suggestion.ranked(asked, names)
      return "Nothing found for \"\(visible(asked))\"."
        + (near.isEmpty ? " `help` shows where to begin." : " Did you mean \(near.joined(separator: ", "))?")
    }
    return (["Found for \"\(visible(asked))\":"] + best).joined(separator: "\n")
  }
}
