import Diagnostics

/// Text brought to a width in terminal columns.
enum Fitting {
  enum Alignment: Sendable { case left, right }

  static func blanks(_ count: Int) -> String { String(repeating: " ", count: max(0, count)) }

  /// Text padded to a width; longer text stays as it is.
  static func pad(_ text: String, _ width: Int, _ alignment: Alignment) -> String {
    let gap = blanks(width - DisplayWidth.of(text))
    return alignment == .left ? text + gap : gap + text
  }

  /// Text of exactly a width: padded, or its beginning with a mark where the rest was cut.
  static func fit(_ text: String, _ width: Int, _ alignment: Alignment, _ ellipsis: String) -> String {
    let own = DisplayWidth.of(text)
    if own == width { return text }
    if own > width { return pad(shorten(text, width, ellipsis), width, alignment) }
    let gap = blanks(width - own)
    return alignment == .left ? text + gap : gap + text
  }

  /// The beginning of a text with a mark where the rest was cut; the whole where it fits.
  static func shorten(_ text: String, _ width: Int, _ ellipsis: String) -> String {
    if DisplayWidth.of(text) <= width { return text }
    var result = ""
    var used = 0
    for character in text {
      let size = DisplayWidth.of(character)
      if used + size > width - 1 { break }
      result.append(character)
      used += size
    }
    return width > 0 ? result + ellipsis : ""
  }

  /// Labels shortened so that those that differ still do: the beginning of each where that is enough, otherwise the
  /// beginning and the end, or what is behind their common beginning, and at last a number behind it.
  static func shortenApart(_ texts: [String], _ width: Int, _ ellipsis: String) -> [String] {
    let short = texts.map { shorten($0, width, ellipsis) }
    let alike = Dictionary(grouping: texts.indices, by: { short[$0] }).values.filter { places in
      places.contains { texts[$0] != texts[places[0]] }
    }
    if alike.isEmpty { return short }
    var result = short
    var taken = Set(short)
    for places in alike.sorted(by: { $0[0] < $1[0] }) {
      var different: [String] = []
      for place in places where !different.contains(texts[place]) { different.append(texts[place]) }
      let labels = apart(different, width, ellipsis, taken)
      taken.formUnion(labels)
      for place in places {
        if let index = different.firstIndex(of: texts[place]) { result[place] = labels[index] }
      }
    }
    return result
  }

  /// Different texts that begin alike, in labels that differ from each other and from those `taken`.
  private static func apart(
    _ texts: [String], _ width: Int, _ ellipsis: String, _ taken: Set<String>
  ) -> [String] {
    func areApart(_ labels: [String]) -> Bool {
      Set(labels).count == labels.count && taken.isDisjoint(with: labels)
    }
    let ends = texts.map { text in
      let tail = end(of: text, max(1, (width - 1) / 2))
      return shorten(text, width - DisplayWidth.of(tail), ellipsis) + tail
    }
    if width >= 5, areApart(ends) { return ends }
    let characters = texts.map(Array.init)
    let shortest = characters.map(\.count).min() ?? 0
    let common = (0..<shortest).first { place in characters.contains { $0[place] != characters[0][place] } }
    let middles = characters.map { text in
      ellipsis + shorten(String(text[max(0, (common ?? shortest) - 1)...]), width - 1, ellipsis)
    }
    if width >= 5, areApart(middles) { return middles }
    return texts.enumerated().map { index, text in
      let number = " \(index + 1)"
      return shorten(text, max(1, width - number.count), ellipsis) + number
    }
  }

  /// The last characters of a text that fit a width.
  private static func end(of text: String, _ width: Int) -> String {
    var result = ""
    var used = 0
    for character in text.reversed() {
      used += DisplayWidth.of(character)
      if used > width { break }
      result = String(character) + result
    }
    return result
  }
}
