/// What the printer must be told of verbs and functions, since this module knows none: which spellings have
/// another that is the canonical one.
package struct FormatRules: Sendable {
  /// A call that has a shorter spelling.
  package enum CallRewrite: Sendable {
    /// `coalesce(a, b, c)` is `a ?? b ?? c`: the operator between all arguments.
    case infix(BinaryOperator)
    /// `matches(x, r)` is `x ~ r`: the operator between exactly two arguments.
    case pair(BinaryOperator)
    /// `count_if(c)` is `count(where: c)`: another function, with its one argument named.
    case named(function: String, argument: String)
  }

  /// Verbs behind `|` by what they are called elsewhere: `where` to `filter`. A key of two words
  /// (`order by` to `sort`) is a verb and the bare name behind it.
  package var verbAliases: [String: String]
  /// Verbs that stay as they are written where a minus stands behind: their alias would decide what nobody has said.
  package var unclearWithMinus: Set<String> = []
  /// Functions by their aliases.
  package var functionAliases: [String: String]
  /// Calls with a spelling of another shape.
  package var callRewrites: [String: CallRewrite]
  /// For a canonical verb the clause words whose groups are conditions, where `a = 3` compares and is written
  /// `a == 3`; the empty word stands for the group right behind the verb: `["filter": [""], "join": ["on"]]`.
  package var conditions: [String: Set<String>]
  /// Columns of a line.
  package var width: Int

  package init(
    verbAliases: [String: String] = [:], unclearWithMinus: Set<String> = [],
    functionAliases: [String: String] = [:],
    callRewrites: [String: CallRewrite] = [:], conditions: [String: Set<String>] = [:], width: Int = 100
  ) {
    self.verbAliases = verbAliases
    self.unclearWithMinus = unclearWithMinus
    self.functionAliases = functionAliases
    self.callRewrites = callRewrites
    self.conditions = conditions
    self.width = width
  }

  /// The canonical spelling of a verb, in whatever capitals it is written; nil where it is that already.
  func verb(_ word: String) -> String? {
    let small = word.lowercased()
    if let name = verbAliases[word] ?? verbAliases[small] { return name }
    return small != word && (conditions[small] != nil || verbAliases.values.contains(small)) ? small : nil
  }

  /// The rules without those that write some names anew, or write them for others; the names in lower case.
  func leaving(_ names: Set<String>) -> FormatRules {
    if names.isEmpty { return self }
    var rules = self
    rules.functionAliases = functionAliases.filter { alias, name in
      !names.contains(alias.lowercased()) && !names.contains(name.lowercased())
    }
    rules.callRewrites = callRewrites.filter { name, rewrite in
      if case .named(let function, _) = rewrite, names.contains(function.lowercased()) { return false }
      return !names.contains(name.lowercased())
    }
    return rules
  }
}
