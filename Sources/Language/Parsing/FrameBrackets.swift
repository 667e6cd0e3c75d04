import Diagnostics

/// Rows and columns of a data frame in brackets, as R and data.table choose them, `df[df$los > 4, c("id", "los")]`,
/// `dt[los > 4, .(n = .N), by = ward]`, and the pipeline that says the same.
struct FrameBrackets {
  private let parser: Parser
  private let table: String
  private var stages: [String] = []

  /// The pipeline of a statement that is a table with such brackets behind it; nil for any other.
  static func pipeline(in parser: Parser, from start: Int) -> String? {
    let name = parser.token(at: start)
    guard name.kind == .name, parser.token(at: start + 1).symbol == .openBracket,
      parser.nesting(from: start) <= MethodChain.deepest
    else { return nil }
    var frame = FrameBrackets(parser: parser, table: parser.text(name))
    var place = start + 1
    while place < parser.limit {
      guard parser.token(at: place).symbol == .openBracket, let close = parser.partner(of: place),
        frame.read(place + 1..<close)
      else { return nil }
      place = close + 1
    }
    let written = ([frame.table] + frame.stages).joined(separator: " | ")
    return frame.stages.isEmpty || !Parser.isReadable(written) ? nil : written
  }

  /// `df$days <- df$hours / 24`, `df["days"] = df["hours"] / 24`: a column that a table is given.
  static func column(in parser: Parser, from start: Int) -> String? {
    guard parser.token(at: start).kind == .name else { return nil }
    let table = parser.text(parser.token(at: start))
    let value: Int
    var column: String?
    if parser.token(at: start + 1).symbol == .dollar, parser.token(at: start + 2).kind == .name {
      column = MethodChain.name(parser.text(parser.token(at: start + 2)))
      let isArrow =
        parser.token(at: start + 3).symbol == .less && parser.token(at: start + 4).symbol == .minus
      guard isArrow || parser.token(at: start + 3).symbol == .assign else { return nil }
      value = start + (isArrow ? 5 : 4)
    } else if parser.token(at: start + 1).symbol == .openBracket, parser.partner(of: start + 1) == start + 3,
      parser.token(at: start + 4).symbol == .assign
    {
      column = MethodChain(parser, base: table).names(start + 2..<start + 3)?.first
      value = start + 5
    } else {
      return nil
    }
    guard let column, value < parser.limit, parser.nesting(from: start) <= MethodChain.deepest else {
      return nil
    }
    let range = value..<parser.limit
    let isOfR = parser.token(at: start + 1).symbol == .dollar
    let spelled =
      isOfR
      ? ForeignExpression(parser: parser, dialect: .r, frame: table).written(range)
      : MethodChain(parser, base: table).expression(range)
        ?? MethodChain.broadcast(in: parser, range, of: table)
    guard let spelled else { return nil }
    let written = "let \(table) = \(table) | derive \(column) = \(spelled)"
    return Parser.isReadable(written) ? written : nil
  }

  // MARK: Rows

  /// What stands between the brackets: rows, columns, and the groups of data.table; false where it is not known.
  private mutating func read(_ range: Range<Int>) -> Bool {
    let pieces = parser.pieces(range)
    guard let rows = pieces.first, pieces.count > 1 || isOrder(rows) else {
      // `dt[1:5]`, behind other brackets.
      return pieces.count == 1 && !stages.isEmpty && choose(pieces[0])
    }
    guard rows.isEmpty || choose(rows) else { return false }
    var keys: [String]?
    for piece in pieces.dropFirst(2) {
      guard ["by", "keyby"].contains(where: { parser.isWord($0, at: piece.lowerBound) }), keys == nil,
        parser.token(at: piece.lowerBound + 1).symbol == .assign, piece.count > 2,
        let names = names(piece.lowerBound + 2..<piece.upperBound)
      else { return false }
      keys = names
    }
    guard pieces.count > 1, !pieces[1].isEmpty else { return keys == nil }
    return make(pieces[1], by: keys)
  }

  private func isOrder(_ rows: Range<Int>) -> Bool { parser.isWord("order", at: rows.lowerBound) }

  private mutating func choose(_ rows: Range<Int>) -> Bool {
    let (first, last) = (rows.lowerBound, rows.upperBound - 1)
    if isOrder(rows), parser.partner(of: first + 1) == last {
      return sort(parser.pieces(first + 2..<last))
    }
    if rows.count == 3, parser.token(at: first + 1).symbol == .colon,
      let lower = Int(parser.text(parser.token(at: first))),
      let upper = Int(parser.text(parser.token(at: last))),
      1 <= lower, lower <= upper
    {
      if lower > 1 { stages.append("skip \(lower - 1)") }
      stages.append("take \(upper - lower + 1)")
      return true
    }
    // A number alone is a place, and no condition.
    guard rows.count > 1, let condition = expression(rows), compares(rows) else { return false }
    stages.append("filter \(condition)")
    return true
  }

  /// Whether it is a condition: a list of places chooses rows, too.
  private func compares(_ rows: Range<Int>) -> Bool {
    rows.contains {
      parser.token(at: $0).symbol.map { $0.isComparison || $0 == .inR || $0 == .bang } ?? false
        || parser.isWord("is.na", at: $0) || parser.isWord("grepl", at: $0)
    }
  }

  private mutating func sort(_ keys: [Range<Int>]) -> Bool {
    var written: [String] = []
    var isFalling = false
    for key in keys {
      if parser.isWord("decreasing", at: key.lowerBound), key.count == 3 {
        isFalling = ["TRUE", "T"].contains(parser.text(parser.token(at: key.upperBound - 1)))
      } else if let spelled = expression(key) {
        written.append(spelled)
      } else {
        return false
      }
    }
    if isFalling { written = written.map { "-\($0)" } }
    if written.isEmpty { return false }
    stages.append("sort \(written.joined(separator: ", "))")
    return true
  }

  // MARK: Columns

  private mutating func make(_ columns: Range<Int>, by keys: [String]?) -> Bool {
    let groups = keys.map { " by \($0.joined(separator: ", "))" } ?? ""
    let first = columns.lowerBound
    // `days := hours / 24`
    if columns.count > 2, parser.token(at: first).kind == .name,
      parser.token(at: first + 1).symbol == .assignWalrus
    {
      guard let value = expression(first + 2..<columns.upperBound) else { return false }
      stages.append("derive \(MethodChain.name(parser.text(parser.token(at: first)))) = \(value)\(groups)")
      return true
    }
    if keys == nil, let names = names(columns) {
      stages.append("select \(names.joined(separator: ", "))")
      return true
    }
    guard let items = items(columns), !items.isEmpty else { return false }
    stages.append(
      items == ["count()"] ? "count\(groups)" : "aggregate \(items.joined(separator: ", "))\(groups)")
    return true
  }

  /// `mean(los)`, `.(n = .N, m = mean(los))`: what is computed of the rows, with names.
  private func items(_ range: Range<Int>) -> [String]? {
    let pieces = parser.listed(range) ?? [range]
    var result: [String] = []
    for piece in pieces {
      let isNamed =
        parser.token(at: piece.lowerBound).kind == .name
        && parser.token(at: piece.lowerBound + 1).symbol == .assign
      let value = isNamed ? min(piece.lowerBound + 2, piece.upperBound)..<piece.upperBound : piece
      guard let spelled = expression(value), spelled.hasSuffix(")") else { return nil }
      result.append(
        isNamed
          ? "\(MethodChain.name(parser.text(parser.token(at: piece.lowerBound)))) = \(spelled)" : spelled)
    }
    return result
  }

  /// Names of columns, in quotes or without, alone or in a list.
  private func names(_ range: Range<Int>) -> [String]? {
    var result: [String] = []
    for piece in parser.listed(range) ?? [range] {
      guard piece.count == 1, case let token = parser.token(at: piece.lowerBound) else { return nil }
      switch token.kind {
      case .name: result.append(MethodChain.name(parser.text(token)))
      case .text: result.append(MethodChain.name(LiteralValue.text(token, in: parser.source).value))
      default: return nil
      }
    }
    return result
  }

  private func expression(_ range: Range<Int>) -> String? {
    ForeignExpression(parser: parser, dialect: .r, frame: table).written(range)
  }
}
