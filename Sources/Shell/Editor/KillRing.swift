/// The texts that were cut, newest last.
package struct KillRing: Sendable {
  /// Where a cut goes that follows another one: into no entry, behind the last one's text or before it.
  package enum Joining: Sendable { case none, after, before }

  private var entries: [[Unicode.Scalar]] = []
  private var position = 0
  private static let limit = 60

  package init() {}

  /// Keeps a cut text; cuts that follow each other join into one entry.
  package mutating func keep(_ text: [Unicode.Scalar], joining: Joining) {
    guard !text.isEmpty else { return }
    switch (joining, entries.last) {
    case (.after, let last?): entries[entries.count - 1] = last + text
    case (.before, let last?): entries[entries.count - 1] = text + last
    default:
      entries.append(text)
      if entries.count > Self.limit { entries.removeFirst() }
    }
    position = entries.count - 1
  }

  /// The text to insert, from the newest cut.
  package mutating func yank() -> [Unicode.Scalar]? {
    position = entries.count - 1
    return entries.last
  }

  /// The cut before the one yanked last, going round.
  package mutating func rotate() -> [Unicode.Scalar]? {
    guard !entries.isEmpty else { return nil }
    position = position > 0 ? position - 1 : entries.count - 1
    return entries[position]
  }
}
