import Diagnostics

/// What stands in the brackets of the methods: names, options, and expressions over the columns.
extension MethodChain {
  /// What stands between the commas of some tokens; `name=` in front is its name.
  func arguments(_ range: Range<Int>) -> [Argument] {
    parser.pieces(range).filter { !$0.isEmpty }.map { piece in
      let (start, end) = (piece.lowerBound, piece.upperBound)
      let isNamed = parser.token(at: start).kind == .name && parser.token(at: start + 1).symbol == .assign
      return Argument(
        name: isNamed ? parser.text(parser.tokens[start]) : nil,
        tokens: (isNamed ? min(start + 2, end) : start)..<end)
    }
  }

  func text(_ range: Range<Int>) -> String {
    guard !range.isEmpty else { return "" }
    return parser.text(parser.range(ofTokens: range.lowerBound, to: range.upperBound))
  }

  func option(_ name: String, _ arguments: [Argument]) -> String? {
    arguments.first { $0.name == name }.map { text($0.tokens) }
  }

  /// The columns that some arguments name: texts, or lists of texts; nil where one is something else.
  func allNames(_ arguments: [Argument], named name: String) -> [String]? {
    let named = arguments.filter { $0.name == name }
    let given = named.isEmpty ? arguments.filter { $0.name == nil } : named
    var result: [String] = []
    for argument in given {
      guard let names = names(argument.tokens) else { return nil }
      result += names
    }
    return result
  }

  /// `"a"`, `["a", "b"]`, `("a", "b")`, `pl.col("a")`: the columns; nil for anything else.
  func names(_ range: Range<Int>) -> [String]? {
    guard let first = range.first else { return nil }
    if range.count == 1 {
      let token = parser.tokens[first]
      guard token.kind == .text else { return nil }
      return [Self.name(LiteralValue.text(token, in: parser.source).value)]
    }
    if let column = columnCall(at: first), column.next == range.upperBound { return [column.name] }
    let symbol = parser.token(at: first).symbol
    guard symbol == .openBracket || symbol == .openParenthesis,
      parser.partner(of: first) == range.upperBound - 1
    else { return nil }
    var result: [String] = []
    for part in arguments(first + 1..<range.upperBound - 1) {
      guard part.name == nil, let names = names(part.tokens) else { return nil }
      result += names
    }
    return result.isEmpty ? nil : result
  }

  /// `{"a": "b", "c": ["d", "e"]}`
  func pairs(_ range: Range<Int>) -> [(key: String, values: [String])]? {
    guard let first = range.first, parser.token(at: first).symbol == .openBrace,
      parser.partner(of: first) == range.upperBound - 1
    else { return nil }
    var result: [(String, [String])] = []
    for part in arguments(first + 1..<range.upperBound - 1) {
      guard part.tokens.count > 2, parser.token(at: part.tokens.lowerBound + 1).symbol == .colon,
        let key = names(part.tokens.lowerBound..<part.tokens.lowerBound + 1),
        let values = names(part.tokens.lowerBound + 2..<part.tokens.upperBound)
      else { return nil }
      result.append((key[0], values))
    }
    return result.isEmpty ? nil : result
  }

  /// A share as the number before `%`: 0.125 is 12.5.
  static func percent(_ share: Double) -> String {
    let percent = (share * 1e6).rounded() / 1e4
    return percent == percent.rounded() ? String(Int(percent)) : String(percent)
  }

  static func unquoted(_ text: String) -> String {
    guard text.count > 1, let mark = text.first, mark == "\"" || mark == "'" else { return text }
    return String(text.dropFirst().dropLast())
  }

  /// A column's name as it is written here.
  static func name(_ text: String) -> String {
    let isPlain =
      text.first?.isNumber == false && ReservedWord(spelling: text) == nil
      && text.allSatisfy { $0.isLetter || $0.isNumber || $0 == "_" || $0 == "." }
    return isPlain ? text : "`\(text)`"
  }

  // MARK: Expressions

  /// `pl.col("a")`, `col("a")`, `df["a"]`: the column, and the place behind it.
  private func columnCall(at place: Int, frame: String? = nil) -> (name: String, next: Int)? {
    let token = parser.token(at: place)
    guard token.kind == .name, case let word = parser.text(token), parser.token(at: place + 2).kind == .text,
      parser.partner(of: place + 1) == place + 3
    else { return nil }
    let symbol = parser.token(at: place + 1).symbol
    let isCall = symbol == .openParenthesis && (word == "col" || word.hasSuffix(".col"))
    guard isCall || symbol == .openBracket && word == (frame ?? base) else { return nil }
    let name = LiteralValue.text(parser.tokens[place + 2], in: parser.source).value
    return (Self.name(name), place + 4)
  }

  /// Values and words that Python writes otherwise.
  private static let words = ["None": "missing", "True": "true", "False": "false"]

  /// The text of `query` as a condition.
  static func condition(_ text: String, _ base: String) -> String? {
    let parser = Parser.reading(text)
    guard parser.nesting(from: 0) <= deepest else { return nil }
    return MethodChain(parser, base: base).expression(0..<parser.limit)
  }

  /// `pl.col("los").mean()`, with or without `.alias("typical")`: the name of the result, and the call.
  func columnAggregate(_ range: Range<Int>) -> (column: String, call: String)? {
    guard let column = columnCall(at: range.lowerBound), parser.token(at: column.next).symbol == .dot,
      parser.partner(of: column.next + 2) == column.next + 3,
      let function = Self.aggregates[parser.text(parser.token(at: column.next + 1)).lowercased()]
    else { return nil }
    let end = column.next + 4
    let call = ["first", "last"].contains(function) ? nil : "\(function)(\(column.name))"
    guard let call else { return nil }
    if end == range.upperBound { return (column.name, call) }
    guard hasAlias(range), range.upperBound == end + 5, let name = names(end + 3..<end + 4)?.first else {
      return nil
    }
    return (name, call)
  }

  /// Whether a Polars expression ends with the name of its result.
  func hasAlias(_ range: Range<Int>) -> Bool {
    range.count > 4 && parser.isWord("alias", at: range.upperBound - 4)
  }

  /// An expression over the columns of a frame as it is written here; nil where a piece of it is not known.
  func expression(_ range: Range<Int>, frame: String? = nil) -> String? {
    if chains(range) { return nil }
    let prefix = (frame ?? base) + "."
    var result = ""
    var place = range.lowerBound
    while place < range.upperBound {
      let token = parser.token(at: place)
      var piece = parser.text(token)
      var next = place + 1
      if let column = columnCall(at: place, frame: frame) {
        (piece, next) = column
        guard let whole = methods(of: piece, at: &next, frame: frame) else { return nil }
        piece = whole
      } else if token.kind == .name, piece.hasPrefix(prefix) {
        let parts = piece.dropFirst(prefix.count).split(separator: ".").map(String.init)
        guard let column = parts.first else { return nil }
        guard
          let whole = methods(of: Self.name(column), at: &next, path: Array(parts.dropFirst()), frame: frame)
        else {
          return nil
        }
        piece = whole
      } else {
        switch token.symbol {
        case .ampersand, .andC: piece = "and"
        case .pipe, .orC: piece = "or"
        case .matches: piece = "not "
        case .powerPython: piece = "^"
        // `query("ward == @wanted")`
        case .at: piece = ""
        case .openParenthesis, .openBracket:
          guard let close = parser.partner(of: place), let inner = expression(place + 1..<close, frame: frame)
          else { return nil }
          piece += inner + parser.text(parser.tokens[close])
          next = close + 1
        case .dot, .colon, .assign, .arrow, .fatArrow, .question, .bang, .dollar: return nil
        default: piece = Self.words[piece] ?? piece
        }
        // A name of a library, or of another frame.
        if token.kind == .name, piece.contains(".") || parser.token(at: next).symbol == .openParenthesis {
          return nil
        }
        if token.kind == .unknown || token.kind == .malformedNumber { return nil }
        // A day in quotes, as masks have it.
        if token.kind == .text, case let text = LiteralValue.text(token, in: parser.source).value,
          LiteralValue.dateInText(text) != nil
        {
          piece = text.replacing(" ", with: "T")
        }
      }
      if !result.isEmpty, token.isPrecededByBlank { result += " " }
      result += piece
      place = next
    }
    return result.isEmpty ? nil : result
  }

  /// A column with the methods behind it: `.isin([…])`, `.isna()`, `.str.contains("x")`, `.dt.month`. An option of a method
  /// changes what it means.
  private func methods(of column: String, at next: inout Int, path: [String] = [], frame: String?) -> String?
  {
    var path = path
    var result = column
    var isCondition = false
    while true {
      if path.isEmpty, parser.token(at: next).symbol == .dot, parser.token(at: next + 1).kind == .name {
        path = parser.text(parser.tokens[next + 1]).split(separator: ".").map(String.init)
        next += 2
      }
      guard let method = path.last?.lowercased() else {
        // `x.isin([1]) == False`
        let isCompared = parser.token(at: next).symbol?.isComparison ?? false
        return isCondition && isCompared ? "(\(result))" : result
      }
      guard !isCondition, path.dropLast().allSatisfy({ ["str", "dt"].contains($0) }) else { return nil }
      var inner: [String] = []
      if parser.token(at: next).symbol == .openParenthesis {
        guard let close = parser.partner(of: next) else { return nil }
        for argument in arguments(next + 1..<close) {
          guard argument.name == nil, let value = expression(argument.tokens, frame: frame) else {
            return nil
          }
          inner.append(value)
        }
        next = close + 1
      }
      path = []
      isCondition = true
      switch (method, inner.count) {
      case ("isin", 1), ("is_in", 1):
        guard inner[0].hasPrefix("[") else { return nil }
        result += " in \(inner[0])"
      case ("isna", 0), ("isnull", 0), ("is_null", 0): result += " is missing"
      case ("notna", 0), ("notnull", 0), ("is_not_null", 0): result += " is not missing"
      case ("between", 2): result += " between \(inner[0]) and \(inner[1])"
      case ("contains", 1): result += " ~ \(inner[0])"
      case ("startswith", 1), ("starts_with", 1): result = "starts_with(\(result), \(inner[0]))"
      case ("endswith", 1), ("ends_with", 1): result = "ends_with(\(result), \(inner[0]))"
      case ("lower", 0), ("upper", 0), ("year", 0), ("month", 0), ("day", 0), ("hour", 0), ("abs", 0),
        ("round", 0),
        ("round", 1):
        result = "\(method)(\(([result] + inner).joined(separator: ", ")))"
        isCondition = false
      case ("strip", 0):
        result = "trim(\(result))"
        isCondition = false
      default: return nil
      }
    }
  }

  /// Whether two comparisons follow one another without `and` or `or` between them.
  private func chains(_ range: Range<Int>) -> Bool {
    var isCompared = false
    var place = range.lowerBound
    while place < range.upperBound {
      let token = parser.token(at: place)
      if token.symbol?.isComparison ?? false, token.symbol != .matches {
        if isCompared { return true }
        isCompared = true
      }
      let joints: [Symbol] = [.ampersand, .pipe, .andC, .orC]
      if token.word == .and || token.word == .or || token.symbol.map(joints.contains) ?? false {
        isCompared = false
      }
      place = parser.partner(of: place).map { $0 + 1 } ?? place + 1
    }
    return false
  }
}
