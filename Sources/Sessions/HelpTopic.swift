import Planning

extension Help {
  /// Signs and words of the language that are no function of their own.
  private static let plainSigns: Set<String> = ["|", "..", "->", "#", ";", "desc", "asc", "by", "else"]

  /// `help in`, `help ~`: an operator cannot stand alone in a statement and would wait for its right side on the next
  /// line; in quotes it is a topic. Every other text as it is.
  package static func withQuotedTopic(_ text: String, _ catalogue: Catalogue) -> String {
    let line = text.trimmingBlanks
    guard line.lowercased().hasPrefix("help ") else { return text }
    let topic = String(line.dropFirst(5)).trimmingBlanks
    guard !topic.contains("\"") else { return text }
    let isOperator = catalogue.function(topic.lowercased())?.category == .operators
    return isOperator || plainSigns.contains(topic.lowercased()) ? "help \"\(topic)\"" : text
  }
}
