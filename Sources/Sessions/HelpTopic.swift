import Planning

extension Help {
  /// Signs and words of the language that are no function of their own.
  private static let plainSigns: Set<String> = ["|", "..", "->", "#", ";", "desc", "asc", "by", "else"]

  /// Operators of several words, by their other forms.
  private static let otherForms = [
    "is": "is missing", "is not": "is missing", "is not missing": "is missing", "not in": "in",
    "not like": "like", "not between": "between",
  ]

  /// `help in`, `help ~`, `help if`: an operator cannot stand alone in a statement and would wait for its right side on
  /// the next line, and `if` and `case` want what belongs to them; in quotes they are topics. Every other text as it is.
  package static func withQuotedTopic(_ text: String, _ catalogue: Catalogue) -> String {
    let line = text.trimmingBlanks
    guard line.lowercased().hasPrefix("help ") else { return text }
    let topic = String(line.dropFirst(5)).trimmingBlanks
    guard !topic.contains("\"") else { return text }
    if let form = otherForms[topic.lowercased()] { return "help \"\(form)\"" }
    let function = catalogue.function(topic.lowercased())
    let isForm = if case .form? = function?.implementation { true } else { false }
    let isWritten = isForm || function?.category == .operators || plainSigns.contains(topic.lowercased())
    return isWritten ? "help \"\(topic)\"" : text
  }
}
