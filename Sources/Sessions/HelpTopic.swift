import Planning

extension Help {
  /// Signs and words of the language that are no function of their own.
  private static let plainSigns: Set<String> = ["|", "..", "->", "#", ";", "desc", "asc", "by", "else"]

  /// Operators of several words, by their other forms.
  private static let otherForms = [
    "is": "is missing", "is not": "is missing", "is not missing": "is missing", "not in": "in",
    "not like": "like", "not between": "between",
  ]

  /// What is asked for by the words of other languages.
  static let otherTopics = [
    "case when": "case", "case when then": "case", "case when then else": "case", "case when else": "case",
    "when": "case", "switch": "case",
    "if else": "if", "if then": "if", "if then else": "if", "else if": "if", "elif": "if", "elseif": "if",
    "demo": "hospital", "rounds demo": "hospital",
    "left join": "join", "right join": "join", "inner join": "join", "full join": "join",
    "outer join": "join",
    "semi join": "join", "anti join": "join", "asof join": "join", "join left": "join", "join right": "join",
    "join inner": "join", "join full": "join", "join semi": "join", "join anti": "join", "join asof": "join",
    "asof": "join", "as of": "join", "semi": "join", "anti": "join", "inner": "join", "outer": "join",
  ]

  /// `help in`, `help ~`, `help if`: an operator cannot stand alone in a statement and would wait for its right side on
  /// the next line, and `if` and `case` want what belongs to them; in quotes they are topics. Every other text as it is.
  package static func withQuotedTopic(_ text: String, _ catalogue: Catalogue) -> String {
    let line = text.trimmingBlanks
    guard line.lowercased().hasPrefix("help ") else { return text }
    let topic = String(line.dropFirst(5)).trimmingBlanks
    guard !topic.contains("\"") else { return text }
    if let semicolon = topic.firstIndex(of: ";") {
      // Each statement of a line by itself: `help if; help sum`.
      let first = withQuotedTopic("help " + topic[..<semicolon], catalogue)
      return first + "; "
        + withQuotedTopic(String(topic[topic.index(after: semicolon)...]).trimmingBlanks, catalogue)
    }
    if let form = otherForms[topic.lowercased()] { return "help \"\(form)\"" }
    // Several words are no statement of ours, and may hold words that are read otherwise: `help case when`.
    if topic.contains(" "), !topic.contains(where: { "\\;|\n".contains($0) }) { return "help \"\(topic)\"" }
    let function = catalogue.function(topic.lowercased())
    let isForm = if case .form? = function?.implementation { true } else { false }
    let isWritten = isForm || function?.category == .operators || plainSigns.contains(topic.lowercased())
    return isWritten ? "help \"\(topic)\"" : text
  }
}
