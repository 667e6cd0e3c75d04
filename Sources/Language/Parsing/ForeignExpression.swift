import Diagnostics

/// An expression of Stata, Epi Info or R over the columns of a table, as it is written here: `&`, `|`, `!`, `~`, what is
/// missing, `inlist`, `%in%`, `x[_n-1]`, `df$x`; nil where a piece of it is not known.
struct ForeignExpression {
  enum Dialect { case stata, r }

  let parser: Parser
  let dialect: Dialect
  /// The table whose name may stand before its columns, `df$x`.
  var frame: String?

  func written(_ range: Range<Int>) -> String? {
    var result = ""
    var place = range.lowerBound
    while place < range.upperBound {
      let token = parser.token(at: place)
      // Two operands side by side are words of something else.
      if token.kind == .name || token.isLiteral, place > range.lowerBound,
        case let before = parser.token(at: place - 1),
        before.kind == .name || before.isLiteral || before.symbol == .closeParenthesis
      {
        return nil
      }
      guard let (piece, next) = piece(at: place, in: range) else { return nil }
      if !result.isEmpty, token.isPrecededByBlank, result.last != " ", piece.first != " " { result += " " }
      result += piece
      place = next
    }
    return result.isEmpty ? nil : result
  }

  private func piece(at place: Int, in range: Range<Int>) -> (String, Int)? {
    let token = parser.token(at: place)
    let next = parser.token(at: place + 1)
    switch token.symbol {
    case .ampersand, .andC: return (" and ", place + 1)
    case .orC: return (" or ", place + 1)
    case .pipe: return isCondition(from: place + 1, in: range) ? (" or ", place + 1) : nil
    case .assign: return ("==", place + 1)
    case .notEqualSQL: return ("!=", place + 1)
    case .bang, .matches:
      if next.symbol == .assign { return ("!=", place + 2) }
      if let (whole, end) = called(at: place + 1, negated: true) { return (whole, end) }
      return ("not ", place + 1)
    case .equal, .notEqual, .less:
      // `x == .`, `x < .`
      guard next.symbol == .dot else { break }
      return (token.symbol == .equal ? "is missing" : "is not missing", place + 2)
    case .openParenthesis:
      guard let close = parser.partner(of: place), close < range.upperBound,
        let inner = written(place + 1..<close)
      else { return nil }
      return ("(\(inner))", close + 1)
    case .dot where dialect == .r:
      // `.N` of data.table
      return parser.isWord("n", at: place + 1) ? ("count()", place + 2) : nil
    case .dot: return ("missing", place + 1)
    case .inR:
      guard let list = list(at: place + 1) else { return nil }
      return ("in [\(list.values.joined(separator: ", "))]", list.next)
    case .comma, .colon, .dollar, .question, .openBrace, .openBracket: return nil
    default: break
    }
    if token.kind == .name || token.word == .missing {
      if next.symbol == .openBracket { return neighbour(at: place) }
      if next.symbol == .openParenthesis { return called(at: place, negated: false) }
      let name = parser.text(token)
      if next.symbol == .dollar {
        let column = parser.token(at: place + 2)
        return name == frame && column.kind == .name
          ? (MethodChain.name(parser.text(column)), place + 3) : nil
      }
      let value = dialect == .r ? Self.values[name] : Self.counters[name]
      return (value ?? name, place + 1)
    }
    if token.kind == .unknown || token.kind == .malformedNumber { return nil }
    return (parser.text(token), place + 1)
  }

  /// Whether what follows a `|`, as far as the next one, compares something: else it is a stage of ours.
  private func isCondition(from start: Int, in range: Range<Int>) -> Bool {
    let end = (start..<range.upperBound).first { parser.token(at: $0).symbol == .pipe } ?? range.upperBound
    return (start..<end).contains {
      parser.token(at: $0).symbol.map { $0.isComparison || $0 == .assign || $0 == .bang } ?? false
        || parser.token(at: $0 + 1).symbol == .openParenthesis
    }
  }

  private static let counters = ["_n": "row_number()", "_N": "count()"]
  private static let values = ["TRUE": "true", "FALSE": "false", "NA": "missing", "T": "true", "F": "false"]

  /// `c("a", "b")`, and the place behind it.
  private func list(at place: Int) -> (values: [String], next: Int)? {
    guard let close = parser.partner(of: place + 1), let parts = parser.listed(place..<close + 1) else {
      return nil
    }
    let values = parts.map { written($0) }
    return values.allSatisfy { $0 != nil } ? (values.compactMap(\.self), close + 1) : nil
  }

  /// `x[_n-1]`
  private func neighbour(at place: Int) -> (String, Int)? {
    guard dialect == .stata, let close = parser.partner(of: place + 1) else { return nil }
    let inner = (place + 2..<close).map { parser.text(parser.token(at: $0)) }.joined()
    let name = parser.text(parser.token(at: place))
    let sign = inner.dropFirst(2).first
    guard inner.hasPrefix("_n"), sign == "-" || sign == "+", let steps = Int(inner.dropFirst(3)) else {
      return nil
    }
    let function = sign == "-" ? "lag" : "lead"
    return ("\(function)(\(name)\(steps == 1 ? "" : ", \(steps)"))", close + 1)
  }

  /// A call, of which some have no function of that name here.
  private func called(at place: Int, negated: Bool) -> (String, Int)? {
    guard parser.token(at: place).kind == .name || parser.token(at: place).word == .missing,
      parser.token(at: place + 1).symbol == .openParenthesis, let close = parser.partner(of: place + 1)
    else { return nil }
    let name = parser.text(parser.token(at: place))
    var parts = parser.pieces(place + 2..<close)
    // What is missing is left out here, and told.
    if dialect == .r { parts.removeAll { parser.isWord("na.rm", at: $0.lowerBound) } }
    let written = parts.map { self.written($0) }
    guard written.allSatisfy({ $0 != nil }), case let values = written.compactMap(\.self), !values.isEmpty
    else {
      return nil
    }
    return (spelled(name, values, negated: negated), close + 1)
  }

  private func spelled(_ name: String, _ values: [String], negated: Bool) -> String {
    let not = negated ? "not " : ""
    switch (name, values.count) {
    case ("missing", 1), ("mi", 1), ("is.na", 1), ("is.null", 1): return "\(values[0]) is \(not)missing"
    case ("inlist", 2...): return "\(values[0]) \(not)in [\(values[1...].joined(separator: ", "))]"
    case ("inrange", 3), ("between", 3):
      let whole = "\(values[0]) between \(values[1]) and \(values[2])"
      return negated ? "not (\(whole))" : whole
    case ("length", 1) where dialect == .r:
      // `length(unique(x))`
      return values[0].hasPrefix("unique(")
        ? "count_distinct(" + values[0].dropFirst("unique(".count) : "count()"
    case ("grepl", 2) where dialect == .r: return "\(not)\(values[1]) ~ \(values[0])"
    default:
      let functions = dialect == .r ? Self.ofR : Self.ofStata
      return "\(not)\(functions[name] ?? name)(\(values.joined(separator: ", ")))"
    }
  }

  private static let ofStata = [
    "strlen": "length", "strupper": "upper", "strlower": "lower", "strtrim": "trim", "log": "ln",
    // From the first row to this one.
    "sum": "running_sum",
  ]

  /// Aggregate functions by what R calls them; it shares the others with data frames elsewhere.
  static let aggregatesOfR = MethodChain.aggregates.merging(
    ["sd": "stddev", "uniqueN": "count_distinct", "n_distinct": "count_distinct"], uniquingKeysWith: { $1 })

  private static let ofR = aggregatesOfR.merging(
    [
      "nchar": "length", "paste0": "concat", "toupper": "upper", "tolower": "lower", "trimws": "trim",
      "ifelse": "if",
      "fifelse": "if", "if_else": "if", "log": "ln", "as.integer": "int", "as.numeric": "float",
      "as.character": "text", "as.Date": "date", "as.logical": "bool",
    ], uniquingKeysWith: { $1 })
}

extension Parser {
  /// What stands between the commas of `c( )`, `list( )` or `.( )` of R; nil for anything else.
  func listed(_ range: Range<Int>) -> [Range<Int>]? {
    let open = range.lowerBound + 1
    let isList =
      token(at: range.lowerBound).symbol == .dot
      || ["list", "c"].contains { isWord($0, at: range.lowerBound) }
    guard isList, token(at: open).symbol == .openParenthesis, partner(of: open) == range.upperBound - 1 else {
      return nil
    }
    return pieces(open + 1..<range.upperBound - 1)
  }
}
