import Columns
import Diagnostics
import Language
import Planning
import Sessions

/// Where in a stage the cursor is: behind which clause word, and whether something is wanted there.
struct StagePlace {
  private let verb: Verb
  private let clause: Clause?
  private let used: Set<String>
  /// Tokens behind the verb or the clause word.
  private let written: Int
  private let wantsOperand: Bool

  init(_ place: CursorPlace, _ verb: Verb, from verbIndex: Int) {
    self.verb = verb
    var clause: Clause?
    var used: Set<String> = []
    var begin = verbIndex
    var depth = 0
    for index in (verbIndex + 1)..<max(verbIndex + 1, place.tokens.count) {
      let token = place.tokens[index]
      if let symbol = token.symbol {
        if symbol.isOpening { depth += 1 }
        if symbol.isClosing { depth -= 1 }
      }
      guard depth == 0, token.kind == .name, !place.tokens[index - 1].continuesLine else { continue }
      let word = place.source[token.range].lowercased()
      guard let found = verb.clauses.first(where: { $0.word == word }) else { continue }
      (clause, begin) = (found, index)
      used.insert(word)
    }
    self.clause = clause
    self.used = used
    written = place.tokens.count - begin - 1
    wantsOperand = written == 0 || Self.wantsOperand(place.last)
  }

  /// Whether an operand must follow a token.
  static func wantsOperand(_ token: Token?) -> Bool {
    guard let token else { return true }
    switch token.kind {
    case .symbol(let symbol): return !symbol.isClosing
    case .word(let word): return !word.isLiteral && word != .asc && word != .desc && word != .is
    default: return false
    }
  }

  func candidates(_ completer: Completer, _ place: CursorPlace) -> [CompletionCandidate] {
    let content = clause?.content ?? verb.argument
    if !wantsOperand {
      if case .name = content { return clauses(completer) }
      let further = clauses(completer) + directions(completer, content)
      var found =
        verb.name == "filter" && clause == nil
        ? completer.operators(place) + further : further + completer.operators(place)
      // `top 5 charges`: a second group stands behind the number.
      if clause == nil, written == 1, verb.name == "top" {
        found = completer.operands(place, aggregatesFirst: false)
      }
      if clause == nil, written == 1, isChartKind(completer, place) {
        found = completer.columns(place) + clauses(completer)
      }
      return found
    }
    var found: [CompletionCandidate]
    switch content {
    case .items, .order:
      found = completer.operands(place, aggregatesFirst: verb.name == "aggregate" && clause == nil)
      if verb.name == "join", clause != nil {
        // Columns that both tables have are keys more often than others.
        let others = partners(completer, place)
        let names = Set(others.map(\.text))
        found = found.filter { names.contains($0.text) } + found.filter { !names.contains($0.text) } + others
      }
    case .name: found = clause == nil ? completer.tables(place) : []
    case .words(let words): found = words.map { completer.word($0) }
    case .literal: found = verb.name == "show" && clause == nil ? [completer.word("all", "every row")] : []
    case .nothing: found = []
    }
    if clause == nil, written == 0 {
      if verb.name == "chart" { found = kinds(completer) + completer.columns(place) }
      if case .nothing = content { found = clauses(completer) }
      if case .literal = content { found += clauses(completer) }
    }
    return found
  }

  private func clauses(_ completer: Completer) -> [CompletionCandidate] {
    verb.clauses.filter { !used.contains($0.word) }.map { completer.word($0.word, $0.summary) }
  }

  private func directions(_ completer: Completer, _ content: Clause.Content) -> [CompletionCandidate] {
    guard case .order = content else { return [] }
    return [completer.word("desc", "from the largest down"), completer.word("asc", "from the smallest up")]
  }

  private func kinds(_ completer: Completer) -> [CompletionCandidate] {
    completer.session.catalogue.chartKinds.map {
      CompletionCandidate($0.name, detail: "\($0.summary); \($0.example)", kind: .word)
    }
  }

  private func isChartKind(_ completer: Completer, _ place: CursorPlace) -> Bool {
    guard verb.name == "chart", let word = place.word(place.tokens.count - 1)?.lowercased() else {
      return false
    }
    return completer.session.catalogue.chartKinds.contains { $0.name == word }
  }

  /// The columns of the table that is joined.
  private func partners(_ completer: Completer, _ place: CursorPlace) -> [CompletionCandidate] {
    guard let pipe = place.pipeline.frame.pipes.last else { return [] }
    let environment = completer.session.environment(runs: false)
    for index in (pipe + 2)..<max(pipe + 2, place.tokens.count) {
      guard let name = place.word(index), let table = environment.table(name) else { continue }
      return table.source.schema.fields.map {
        CompletionCandidate(
          completer.quotedWhereNeeded($0.name), detail: "\($0.type.name) of \(table.name)", kind: .column)
      }
    }
    return []
  }
}

/// The column that what stands at the cursor is compared with.
enum ComparedColumn {
  /// Behind `column ==` and its like, and in the list behind `column in`.
  static func name(_ place: CursorPlace) -> String? {
    var index = place.tokens.count - 1
    guard let last = place.last, let symbol = last.symbol else { return nil }
    if symbol == .openBracket || symbol == .openParenthesis || symbol == .comma {
      index = place.frame.opening - 1
      guard index >= 0, place.tokens[index].word == .in else { return nil }
      if index > 0, place.tokens[index - 1].word == .not { index -= 1 }
    } else {
      let compared: [Symbol] = [.equal, .notEqual, .assign, .matches, .notMatches]
      guard compared.contains(symbol) else { return nil }
    }
    guard index > 0 else { return nil }
    let token = place.tokens[index - 1]
    switch token.kind {
    case .name: return place.source[token.range]
    case .quotedName: return String(place.source[token.range].dropFirst().dropLast())
    default: return nil
    }
  }
}
