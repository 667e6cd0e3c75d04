import Diagnostics
import Language

extension ForeignHabits {
  /// A word in a stage that orders, repeats or measures in other languages and would pass for a column here:
  /// `sort desc age`, `count by ward, by site`, `sample frac 0.1`; nil where there is none.
  static func misplaced(_ call: VerbCall, columns: [String]) -> Diagnostic? {
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
    case "count":
      let by =
        call.items("by").isEmpty
        ? "" : " by " + call.items("by").map { ExpressionText.of($0.value) }.joined(separator: ", ")
      return "aggregate n = count_distinct(\(rest))\(by)"
    default: return nil
    }
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
    case "by" where group.items.count > 1:
      let before = group.items.filter { $0.range.upper <= (next?.range.lower ?? .max) }
        .map { ExpressionText.of($0.value) }.filter { $0.lowercased() != "by" }
      return "`by` once, and commas between: by \((before + [following ?? "…"]).joined(separator: ", "))"
    case "frac", "fraction", "percent", "prop":
      guard call.verb.name == "sample", let following else { return nil }
      return "sample \(percent(following)) for a share of the rows"
    case "n", "size", "rows":
      guard call.verb.name == "sample", let following else { return nil }
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
  var written: String { items.map { ExpressionText.of($0.value) }.joined(separator: ", ") }
}

extension CheckMessages {
  /// `sort -age desc`: a minus sign and a word that both give the direction.
  static func doubledDirection(_ text: String, at range: SourceRange) -> Diagnostic {
    Diagnostic(
      "sort-direction", "the direction is given twice: `-` and a word", at: range,
      help: ["write one of the two: \(text) desc for the largest first, \(text) for the smallest first"])
  }

  /// `median los_hours by ward` as a stage: an aggregate is measured by `aggregate`.
  static func aggregateStage(_ name: String, _ arguments: String?) -> String {
    let words = (arguments ?? "").split(whereSeparator: \.isWhitespace)
    let place = words.firstIndex(of: "by") ?? words.endIndex
    let value = words[..<place].joined(separator: " ")
    let by = words[place...].joined(separator: " ")
    return "write aggregate \(name)(\(value))" + (by.isEmpty ? "" : " " + by)
  }
}
