import Diagnostics
import Language

extension ForeignHabits {
  /// A word in a stage that orders, repeats or measures in other languages and would pass for a column here:
  /// `sort desc age`, `count by ward, by site`, `sample frac 0.1`; nil where there is none.
  ///
  /// - Parameter isAggregate: whether a function of this name works on many rows.
  static func misplaced(
    _ call: VerbCall, columns: [String], isAggregate: (String) -> Bool
  ) -> Diagnostic? {
    let groups = call.stage.groups
    for (index, group) in groups.enumerated() {
      let next = index + 1 < groups.count ? groups[index + 1].items.first?.value : nil
      for item in group.items {
        guard item.names.isEmpty, case .name(let name) = item.value.kind, !name.isQuoted,
          !columns.contains(name.text)
        else { continue }
        let isLast = item.range == group.items.last?.range
        let rest = isLast && index + 1 < groups.count ? groups[index + 1].written : nil
        let help =
          distinct(name.text.lowercased(), rest, call, columns)
          ?? counted(name, next, call) ?? measured(name, next, call, columns, isAggregate)
          ?? meant(name.text.lowercased(), group, isLast ? next : nil, call)
        guard let help else { continue }
        return Diagnostic(
          "foreign-word", "`\(name.text)` is not written here", at: name.range, help: ["write \(help)"])
      }
    }
    return nil
  }

  /// `select distinct sex`, `count distinct patient_id by ward`: what to write; nil for other words.
  private static func distinct(_ word: String, _ rest: String?, _ call: VerbCall, _ columns: [String])
    -> String?
  {
    guard ["distinct", "unique"].contains(word), let rest else { return nil }
    switch call.verb.name {
    case "select": return "distinct \(rest)"
    case "count", "aggregate":
      let by =
        call.items("by").isEmpty
        ? "" : " by " + call.items("by").map { ExpressionText.of($0.value) }.joined(separator: ", ")
      return "aggregate n = count_distinct(\(rest))\(by)"
    default: return nil
    }
  }

  /// `aggregate mean age by class`: the function, and what it measures.
  private static func measured(
    _ name: Name, _ next: Expression?, _ call: VerbCall, _ columns: [String], _ isAggregate: (String) -> Bool
  ) -> String? {
    guard call.verb.name == "aggregate", isAggregate(name.text), case .name(let column)? = next?.kind,
      columns.contains(column.text)
    else { return nil }
    // `by ward mean age`: what is measured is no key.
    let keys = call.items("by").filter { $0.value.range != name.range && $0.value.range != next?.range }
    let by = keys.isEmpty ? "" : " by " + Group(items: keys, range: call.range).ordered
    return "aggregate \(name.text)(\(CheckMessages.quoted(column.text)))\(by)"
  }

  private static let numbers = [
    "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "eleven", "twelve",
  ]

  /// `take five`: how many rows stands in digits; nil where that is not what was written.
  private static func counted(_ name: Name, _ next: Expression?, _ call: VerbCall) -> String? {
    let verb = call.verb.name
    guard ["take", "skip", "top", "sample"].contains(verb),
      call.stage.groups.first?.items.first?.range == name.range
    else { return nil }
    let rest = next.map { " " + ExpressionText.of($0) } ?? ""
    if let number = numbers.firstIndex(of: name.text.lowercased()) {
      return "\(verb) \(number + 1)" + (verb == "top" ? rest : "")
    }
    return nil
  }

  private static func meant(
    _ word: String, _ group: Group, _ next: Expression?, _ call: VerbCall
  ) -> String? {
    let following = next.map(ExpressionText.of)
    switch word {
    case "desc", "descending", "decreasing":
      return following.map { "sort \($0) desc" }
    case "asc", "ascending", "increasing":
      return following.map { "sort \($0)" }
    case call.verb.name where call.verb.name == "sort" || call.verb.name == "select":
      guard following != nil else { return nil }
      let keys = call.stage.groups.flatMap(\.items)
      let others = keys.compactMap { item -> String? in
        if item.names.isEmpty, case .name(let name) = item.value.kind, name.text.lowercased() == word {
          return nil
        }
        return Group.ordered(item)
      }
      return "`\(word)` once, and commas between: \(word) \(others.joined(separator: ", "))"
    case "by" where call.verb.name == "distinct":
      guard let following else { return nil }
      // `distinct id keep last by day`: the rows of each, of which one is to stay.
      if let keys = call.stage.groups.first, keys.bareWord?.text.lowercased() != "by" {
        let isLast = call.stage.groups.contains { $0.bareWord?.text.lowercased() == "last" }
        return "take 1 by \(keys.written) sort \(following)\(isLast ? " desc" : "")"
      }
      return
        "distinct \(following) for its different values, or take 1 by \(following) for the first row of each"
    case "by" where group.items.count > 1 && call.arguments.contains { $0.range == group.range }:
      // `aggregate n = count(), by ward`
      let made = group.items.filter { $0.value.bareName?.text.lowercased() != "by" }
      let behind = call.place(of: group).map { call.stage.groups[($0 + 1)...].map(\.ordered) } ?? []
      let by = " by \(behind.isEmpty ? "…" : behind.joined(separator: " "))"
      return "no comma before `by`: \(call.verb.name) \(made.map(Group.ordered).joined(separator: ", "))\(by)"
    case "by" where group.items.count > 1:
      let before = group.items.filter { $0.range.upper <= (next?.range.lower ?? .max) }
        .map { ExpressionText.of($0.value) }.filter { $0.lowercased() != "by" }
      return "`by` once, and commas between: by \((before + [following ?? "…"]).joined(separator: ", "))"
    case "frac", "fraction", "percent", "prop":
      guard call.verb.name == "sample", let following else { return nil }
      return "sample \(percent(following)) for a share of the rows"
    case "n", "size", "rows":
      guard call.verb.name == "sample", let following,
        !call.verb.clauses.contains(where: { $0.word == following.lowercased() })
      else { return nil }
      return "sample \(following)"
    case "with" where !call.verb.clauses.contains { $0.word == "with" }:
      guard following == "totals" else { return nil }
      return "aggregate … by … with totals: \(call.verb.name) has no totals of its own"
    default: return nil
    }
  }

  /// `0.1` as `10%`.
  private static func percent(_ text: String) -> String {
    let number = text.hasSuffix("%") ? String(text.dropLast()) : hundredfold(text)
    return number + "%"
  }
}

extension Group {
  /// The items as they are written, without names and directions.
  package var written: String { items.map { ExpressionText.code($0.value) }.joined(separator: ", ") }
}

extension Group {
  /// The items as they are written, with their directions.
  package var ordered: String { items.map(Group.ordered).joined(separator: ", ") }

  static func ordered(_ item: Item) -> String {
    let value = ExpressionText.code(item.value)
    let named = item.names.first.map { "\(CheckMessages.quoted($0.text)) = \(value)" } ?? value
    return item.direction == .descending ? named + " desc" : named
  }
}

extension Expression {
  /// The name that the whole expression is.
  fileprivate var bareName: Name? { if case .name(let name) = kind { name } else { nil } }

  /// The name that an expression without brackets begins with.
  var firstName: Name? {
    switch kind {
    case .name(let name) where !isParenthesized: name
    case .binary(_, let left, _) where !isParenthesized: left.firstName
    case .between(let value, _, _, _), .membership(let value, _, _), .isMissing(let value, _):
      isParenthesized ? nil : value.firstName
    default: nil
    }
  }

  /// The name that an expression without brackets ends with.
  var lastName: Name? {
    switch kind {
    case .name(let name) where !isParenthesized: name
    case .binary(_, _, let right) where !isParenthesized: right.lastName
    default: nil
    }
  }
}

extension CheckMessages {
  /// `Unit No == 1`
  static func spacedName(_ name: String, isKnown: Bool, at range: SourceRange) -> Diagnostic {
    let spelled = isKnown ? quoted(name) : "`\(name)`"
    return Diagnostic(
      "spaced-name", "a name with blanks or signs stands in backticks", at: range,
      help: [isKnown ? "write \(spelled)" : "for a column of this name write \(spelled)"],
      fix: isKnown ? Diagnostic.Fix(range, spelled) : nil)
  }

  /// `aggregate n = count() by ward sort n desc`
  package static func resultsSorted(
    _ verb: String, _ name: String, _ order: String, at range: SourceRange, fix: Diagnostic.Fix?
  ) -> Diagnostic {
    Diagnostic(
      "results-sorted",
      "`sort` inside `\(verb)` orders the rows that it works on, and `\(name)` is made from them",
      at: range, help: ["sorting the results is a stage of its own: | sort \(order)"], fix: fix)
  }

  /// `sort -age desc`: a minus sign and a word that both give the direction.
  static func doubledDirection(_ text: String, at range: SourceRange) -> Diagnostic {
    Diagnostic(
      "sort-direction", "the direction is given twice: `-` and a word", at: range,
      help: ["write one of the two: \(text) desc for the largest first, \(text) for the smallest first"])
  }

  /// The words behind a name as what stands in its brackets: of names alone each is an argument.
  private static func called(_ words: [Substring]) -> String {
    words.joined(separator: words.allSatisfy { ForeignHabits.isName($0) } ? ", " : " ")
  }

  /// The stage for a function that stands where a verb is wanted: `upper class`, `month(admitted)`.
  static func functionStage(_ function: Function, _ arguments: String?) -> String {
    if function.isAggregate { return aggregateStage(function.name, arguments) }
    let value = called((arguments ?? "").split(whereSeparator: \.isWhitespace))
    // What stands in further brackets is not counted.
    let count = value.contains { "([{\"'".contains($0) } ? nil : value.split(separator: ",").count
    let fits = function.signatures.contains { signature in
      let needed = signature.parameters.count { $0.defaultValue == nil && !$0.isVariadic }
      let isOpen = signature.parameters.contains(where: \.isVariadic)
      return count.map { $0 >= needed && (isOpen || $0 <= signature.parameters.count) } ?? true
    }
    let call = fits && !value.isEmpty ? "\(function.name)(\(value))" : function.usage.first ?? function.name
    return "`\(function.name)` is a function: write \(function.isCondition ? "filter" : "derive x =") \(call)"
  }

  /// `median los_hours by ward` as a stage: an aggregate is measured by `aggregate`.
  static func aggregateStage(_ name: String, _ arguments: String?) -> String {
    let words = (arguments ?? "").split(whereSeparator: \.isWhitespace)
    let place = words.firstIndex(of: "by") ?? words.endIndex
    // `median of los_hours`
    let value = called(words[..<place].filter { $0.lowercased() != "of" })
    let by = words[place...].joined(separator: " ")
    let groups = by.isEmpty ? "" : " " + by
    // `percent by class`: the share of each group stands beside its count.
    if value.isEmpty, name == "percent", !by.isEmpty { return "write count\(groups)" }
    return "write aggregate \(name)(\(value.isEmpty && name != "count" ? "x" : value))" + groups
  }
}
