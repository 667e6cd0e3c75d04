import Diagnostics

/// A command of Stata or Epi Info, `tabulate ward sex if age > 65`, `MEANS los ward`, `bysort ward: egen m = mean(los)`:
/// a word, columns, `if`, and options behind a comma. Both work on the one table in memory; here it is named.
package struct CommandCall {
  let parser: Parser
  /// The word of the command, in lower case, and where what follows it begins.
  private(set) var word: String
  private(set) var body: Range<Int>
  /// The keys of `by a (b):`, and the order behind them.
  private(set) var keys: [String] = []
  private(set) var order: [String] = []
  /// What `if` says, as a condition of ours.
  private(set) var condition: String?
  /// `in 5/10`: the first and the last row.
  private(set) var rows: (first: Int, last: Int)?
  private var options: [String: Range<Int>] = [:]

  /// The stages that a statement says that is such a command, and the columns that it names.
  package struct Translation: Sendable {
    package var stages: String
    package var columns: [String]
  }

  /// The translation of a statement's text; nil for one that is no such command.
  package static func translation(of text: String) -> Translation? {
    translation(in: Parser.reading(text), from: 0)
  }

  static func translation(in parser: Parser, from start: Int) -> Translation? {
    guard var call = CommandCall(parser, from: start), call.readOptions(), call.readParts(),
      let command = commands[call.word], let stages = command(call), Parser.isReadable("t | " + stages)
    else { return nil }
    let columns = (start + 1..<parser.limit).filter {
      parser.token(at: $0).kind == .name && parser.token(at: $0 + 1).symbol != .openParenthesis
    }
    return Translation(stages: stages, columns: columns.map { parser.text(parser.token(at: $0)) })
  }

  // MARK: Reading

  private init?(_ parser: Parser, from start: Int) {
    var place = start
    var (keys, order): ([String], [String]) = ([], [])
    if ["by", "bys", "bysort"].contains(where: { parser.isWord($0, at: start) }),
      let colon = (start..<parser.limit).first(where: { parser.token(at: $0).symbol == .colon })
    {
      place = start + 1
      while place < colon {
        let token = parser.token(at: place)
        if token.symbol == .openParenthesis, parser.partner(of: place) == colon - 1 {
          order = (place + 1..<colon - 1).map { parser.text(parser.token(at: $0)) }
          place = colon
        } else if token.kind == .name {
          keys.append(parser.text(token))
          place += 1
        } else {
          return nil
        }
      }
      place = colon + 1
      if keys.isEmpty { return nil }
    }
    let token = parser.token(at: place)
    guard token.kind == .name, place + 1 < parser.limit else { return nil }
    // Most statements are none: it is seen from their first words.
    var word = parser.text(token).lowercased()
    var next = place + 1
    if let second = Self.twoWords[word], parser.isWord(second, at: next) {
      word += " " + second
      next += 1
    } else if word == "graph" {
      word += " " + parser.text(parser.token(at: next)).lowercased()
      next += 1
    }
    guard Self.commands[word] != nil, next < parser.limit || word == "duplicates drop",
      ![.pipe, .assign, .dot].contains(parser.token(at: next).symbol),
      parser.nesting(from: start) <= MethodChain.deepest
    else { return nil }
    (self.parser, self.word, self.keys, self.order) = (parser, word, keys, order)
    body = next..<parser.limit
  }

  private static let twoWords = ["duplicates": "drop", "twoway": "scatter"]

  /// Reads what stands behind the comma, word after word, each perhaps with brackets; false for anything else.
  private mutating func readOptions() -> Bool {
    var comma = body.lowerBound
    while comma < body.upperBound, parser.token(at: comma).symbol != .comma {
      comma = parser.partner(of: comma).map { $0 + 1 } ?? comma + 1
    }
    var place = comma + 1
    while place < body.upperBound {
      guard parser.token(at: place).kind == .name || parser.token(at: place).word != nil else { return false }
      let name = parser.text(parser.token(at: place)).lowercased()
      if let close = parser.partner(of: place + 1), parser.token(at: place + 1).symbol == .openParenthesis {
        options[name] = place + 2..<close
        place = close + 1
      } else {
        options[name] = place..<place
        place += 1
      }
    }
    body = body.lowerBound..<min(comma, body.upperBound)
    return true
  }

  /// Takes `if …` and `in 1/10` off the end; false where they cannot be read.
  private mutating func readParts() -> Bool {
    let place = body.first { parser.token(at: $0).word == .if }
    let isIn = { [parser, body] (index: Int) in
      parser.token(at: index).word == .in && index + 4 == body.upperBound
        && parser.token(at: index + 2).symbol == .divide
    }
    if let lines = body.first(where: isIn) {
      guard let first = number(at: lines + 1), let last = number(at: lines + 3), 1 <= first, first <= last
      else {
        return false
      }
      rows = (first, last)
      body = body.lowerBound..<lines
    }
    guard let place, place < body.upperBound else { return true }
    condition = ForeignExpression(parser: parser, dialect: .stata).written(place + 1..<body.upperBound)
    body = body.lowerBound..<place
    return condition != nil
  }

  private func number(at place: Int) -> Int? { Int(parser.text(parser.token(at: place))) }

  // MARK: What commands ask for

  /// Whether there are no options but these.
  func has(only names: Set<String>) -> Bool { options.keys.allSatisfy(names.contains) }

  /// The columns of an option; nil where it is not there.
  func option(_ name: String) -> [String]? {
    options[name].flatMap { names($0) }
  }

  func hasOption(_ name: String) -> Bool { options[name] != nil }

  /// The columns that stand there; nil where it is anything else.
  func names(_ range: Range<Int>) -> [String]? {
    let tokens = range.map { parser.token(at: $0) }
    guard !tokens.isEmpty, tokens.allSatisfy({ $0.kind == .name || $0.kind == .quotedName }) else {
      return nil
    }
    return tokens.map(parser.text)
  }

  /// The columns behind the word; nil where there are others than so many.
  func columns(_ count: ClosedRange<Int> = 1...20) -> [String]? {
    names(body).flatMap { count.contains($0.count) ? $0 : nil }
  }

  /// The stages behind the rows that `if` and `in` choose.
  func behind(_ stages: String?) -> String? {
    guard let stages else { return nil }
    var all = condition.map { ["filter \($0)"] } ?? []
    if let rows {
      if rows.first > 1 { all.append("skip \(rows.first - 1)") }
      all.append("take \(rows.last - rows.first + 1)")
    }
    if !stages.isEmpty { all.append(stages) }
    return all.isEmpty ? nil : all.joined(separator: " | ")
  }

  /// ` by a, b` of the keys in front of the command and of its options.
  func by(_ further: [String]? = nil) -> String {
    let all = keys + (further ?? [])
    return all.isEmpty ? "" : " by \(all.joined(separator: ", "))"
  }
}

extension Parser {
  /// A parser at the beginning of a text of one statement.
  static func reading(_ text: String) -> Parser {
    let source = SourceText(text, name: "")
    let tokens = Lexer.tokens(of: source)
    var splitter = StatementSplitter(tokens: tokens)
    _ = splitter.end(ofStatementAt: 0)
    return Parser(source: source, tokens: tokens, match: splitter.match)
  }

  /// Whether a pipeline is one of ours: what it names may not be known, but nothing in it is of another language.
  static func isReadable(_ pipeline: String) -> Bool {
    parse(SourceText(pipeline, name: "")).diagnostics.isEmpty
  }
}
