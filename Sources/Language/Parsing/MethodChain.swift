import Diagnostics

/// A chain of methods of a data frame, `df[df.los > 4].groupby("ward")["los"].mean()`, and the pipeline that says the same.
///
/// The methods of pandas and Polars that have a stage are known; a chain with another one has no translation.
package struct MethodChain {
  /// An argument in the brackets of a method, with the name in front of it.
  struct Argument {
    var name: String?
    var tokens: Range<Int>
  }

  let parser: Parser
  /// The table, as it is written.
  private(set) var base: String
  var stages: [String] = []
  /// What `groupby` names, until a stage uses it.
  var keys: [String] = []
  /// What brackets behind the table or its groups choose, until a stage uses it.
  var columns: [String] = []
  /// True when the brackets chose one column, and not a table.
  var isColumn = false
  /// What the last aggregate made, until a link asks for it by the name that data frames give it: that of its column.
  var made: (stage: Int, calls: [(column: String, call: String)], by: String)?
  /// The one column of values that the last stage made.
  var value: String?

  /// The pipeline that says what a statement of a method's call says: `encounters.head(5)`; nil for an unknown method.
  package static func pipeline(of text: String) -> String? {
    pipeline(in: Parser.reading(text), from: 0, ofTable: true)
  }

  /// The pipeline of a chain that begins at a token and ends with the statement; nil where there is none.
  ///
  /// - Parameter ofTable: it is known to begin with a table, of which a property may be asked without any call.
  static func pipeline(in parser: Parser, from start: Int, ofTable: Bool = false) -> String? {
    var parser = parser
    var start = start
    if parser.token(at: start).symbol == .openParenthesis, parser.partner(of: start) == parser.limit - 1 {
      // Brackets around a chain of several lines.
      parser.limit -= 1
      start += 1
    }
    let first = parser.token(at: start)
    // Most statements are none: it is seen from their first two words.
    guard first.kind == .name,
      parser.text(first).contains(".") || [.dot, .openBracket].contains(parser.token(at: start + 1).symbol),
      parser.nesting(from: start) <= deepest
    else { return nil }
    var chain = MethodChain(parser, base: parser.text(parser.tokens[start]))
    return chain.read(from: start + 1, ofTable: ofTable) ? chain.written : nil
  }

  /// Nobody writes brackets in brackets deeper than this, and each level is read by a call of its own.
  static let deepest = 40

  init(_ parser: Parser, base: String) {
    self.parser = parser
    self.base = base
  }

  private var written: String { ([base] + stages).joined(separator: " | ") }

  // MARK: - Links

  /// Reads link after link; false where one is not known, or where no method is called at all.
  private mutating func read(from start: Int, ofTable: Bool) -> Bool {
    var place = start
    var path = base.split(separator: ".", omittingEmptySubsequences: false).map(String.init)
    base = path.removeFirst()
    var calls = 0
    while true {
      let token = parser.token(at: place)
      switch token.symbol {
      case .openParenthesis where !path.isEmpty && !token.isPrecededByBlank:
        guard let close = parser.partner(of: place), choose(path.dropLast()),
          apply(path[path.count - 1], arguments(place + 1..<close))
        else { return false }
        path = []
        calls += 1
        place = close + 1
      case .openBracket where !token.isPrecededByBlank:
        guard let close = parser.partner(of: place), close > place + 1 else { return false }
        let isLoc = path.last == "loc"
        if isLoc { path.removeLast() }
        guard choose(path[...]), select(place + 1..<close, isLoc: isLoc) else { return false }
        path = []
        place = close + 1
      case .dot where path.isEmpty && parser.token(at: place + 1).kind == .name:
        path = parser.text(parser.tokens[place + 1]).split(separator: ".").map(String.init)
        place += 2
      default:
        guard place >= parser.limit else { return false }
        if let property = path.last, ofTable || calls > 0, Self.properties.contains(property.lowercased()) {
          return choose(path.dropLast()) && add("describe")
        }
        return calls > 0 && choose(path[...]) && finish()
      }
    }
  }

  private static let properties: Set<String> = ["shape", "columns", "dtypes"]

  /// Whether data frames have a method or a property of this name that has a stage.
  package static func isKnown(_ name: String) -> Bool {
    let name = name.lowercased()
    return methods[name] != nil || aggregates[name] != nil || properties.contains(name)
  }

  /// Whether a method of data frames is a stage, and no function of a column.
  static func isStage(_ name: String) -> Bool {
    methods[name.lowercased()] != nil && aggregates[name.lowercased()] == nil
  }

  /// `.los` in front of a method is a column; accessors such as `.str` have no stage.
  private mutating func choose(_ path: ArraySlice<String>) -> Bool {
    guard let column = path.first else { return true }
    guard path.count == 1, !["str", "dt", "iloc", "loc", "plot", "T"].contains(column) else { return false }
    (columns, isColumn) = ([Self.name(column)], true)
    return true
  }

  /// What no method used any more: chosen columns are a selection, groups alone are counted.
  private mutating func finish() -> Bool {
    if keys.isEmpty {
      // Nothing behind asks for what an aggregate has made by another name.
      made = nil
      return settle()
    }
    if !columns.isEmpty { return false }
    stages.append("count\(byKeys())")
    return true
  }

  /// Makes a stage of the columns that are chosen; false where groups wait for a method that this is not.
  mutating func settle() -> Bool {
    guard keys.isEmpty else { return false }
    nameResults()
    if !columns.isEmpty { stages.append("select \(columns.joined(separator: ", "))") }
    (columns, isColumn) = ([], false)
    return true
  }

  /// A stage of a method that takes rows as they are.
  mutating func add(_ stage: String) -> Bool {
    guard settle() else { return false }
    stages.append(stage)
    value = nil
    return true
  }

  /// Names what the last aggregate made as data frames do, where each result has a column of its own.
  mutating func nameResults() {
    guard let made, Set(made.calls.map(\.column)).count == made.calls.count else { return }
    let items = made.calls.map { "\($0.column) = \($0.call)" }.joined(separator: ", ")
    stages[made.stage] = "aggregate \(items)\(made.by)"
    self.made = nil
  }

  mutating func byKeys() -> String {
    defer { keys = [] }
    return keys.isEmpty ? "" : " by \(keys.joined(separator: ", "))"
  }

  /// `["los"]`, `[["a", "b"]]`, `[df.los > 4]`, `[df.los > 4, "ward"]`.
  private mutating func select(_ range: Range<Int>, isLoc: Bool) -> Bool {
    let parts = arguments(range)
    guard let first = parts.first, parts.count <= 2 else { return false }
    nameResults()
    if let names = names(first.tokens), parts.count == 1 {
      // Behind `loc`, and behind a column of results, a text is a row's name.
      if isLoc || value != nil { return false }
      columns = names
      isColumn = parser.token(at: range.lowerBound).kind == .text
      return true
    }
    guard keys.isEmpty, parts.count == 1 || isLoc else { return false }
    // Rows are chosen before the columns that the condition may need are left out.
    if !(first.tokens.count == 1 && parser.token(at: first.tokens.lowerBound).symbol == .colon) {
      guard first.tokens.count > 1, let condition = expression(range.lowerBound..<first.tokens.upperBound)
      else {
        return false
      }
      stages.append("filter \(condition)")
    }
    guard parts.count == 2 else { return true }
    guard let names = names(parts[1].tokens) else { return false }
    (columns, isColumn) = (names, parser.token(at: parts[1].tokens.lowerBound).kind == .text)
    return true
  }
}

extension Parser {
  /// How deep brackets stand in brackets between a token and the end of what is read.
  func nesting(from start: Int) -> Int {
    var (depth, deepest) = (0, 0)
    for index in start..<max(start, limit) {
      guard let symbol = tokens[index].symbol else { continue }
      if symbol.isOpening { depth += 1 }
      if symbol.isClosing { depth -= 1 }
      deepest = max(deepest, depth)
    }
    return deepest
  }
}
