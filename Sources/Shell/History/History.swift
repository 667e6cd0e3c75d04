import Glibc

/// The statements that were run, oldest first, each once: in memory, and on disk where a file is given.
package final class History {
  /// The oldest first.
  package private(set) var entries: [HistoryEntry] = []
  /// Set when the file could not be written; the shell may say so once.
  package private(set) var isFileBroken = false
  /// Counts changes, so that users of the entries know when to look again.
  package private(set) var version = 0

  private var lastSuggestion: (text: String, index: Int, version: Int)?
  private var file: HistoryFile?
  private let limit: Int
  private let masker: (String) -> String
  private let now: () -> Int
  private var unsuggested: Set<String> = []

  /// How many entries are kept where nothing else is said.
  package static let defaultLimit = 10_000

  /// - Parameters:
  ///   - path: the file; nil keeps the history in memory only.
  ///   - limit: how many entries are kept.
  ///   - masker: hides what must not reach the disk.
  ///   - now: the time in seconds since 1970.
  package init(
    path: String? = nil, limit: Int = History.defaultLimit, masker: @escaping (String) -> String = { $0 },
    now: @escaping () -> Int = { time(nil) }
  ) {
    file = path.map(HistoryFile.init(path:))
    self.limit = limit
    self.masker = masker
    self.now = now
    load()
  }

  private func load() {
    guard let read = file?.readNew().entries else { return }
    entries = Self.distinct(read, limit: limit)
    // Some slack, so that a full history is not rewritten at every start.
    if read.count > limit + limit / 10 { isFileBroken = file?.rewrite(limit: limit) == false }
    version += 1
  }

  /// Takes in what other shells have added.
  package func refresh() {
    guard let (added, isFresh) = file?.readNew() else { return }
    guard !added.isEmpty else { return }
    let masked = Dictionary(
      entries.filter(\.isMasked).map { ($0.masked, $0.text) }, uniquingKeysWith: { $1 })
    let known = added.map { entry in
      var entry = entry
      // What this shell ran itself stays readable here after the file was replaced.
      if let text = masked[entry.masked] { entry.text = text }
      return entry
    }
    entries = Self.distinct((isFresh ? [] : entries) + known, limit: limit)
    version += 1
  }

  /// Remembers a statement that was run. A leading space leaves it out, on disk and in memory.
  package func remember(_ statement: String) {
    let text = Self.kept(statement)
    guard let first = text.first, !first.isWhitespace else { return }
    let entry = HistoryEntry(text: text, masked: masker(text), time: now())
    if unsuggested.remove(text) != nil { version += 1 }
    if entries.last?.text == entry.text { return }
    entries.removeAll { $0.text == entry.text }
    entries.append(entry)
    if entries.count > limit { entries.removeFirst(entries.count - limit) }
    version += 1
    if file?.append(entry.masked, time: entry.time) == false { isFileBroken = true }
  }

  /// Leaves a statement out of the suggestions: it did not work.
  package func leaveUnsuggested(_ statement: String) {
    unsuggested.insert(Self.kept(statement))
    version += 1
  }

  /// The newest statement that begins with a text and goes on; never one with hidden literals.
  package func suggestion(for text: String) -> String? {
    let typed = text.utf8
    guard !typed.isEmpty else { return nil }
    // What did not match a text does not match a longer one either: typing on goes on from the place found.
    var index = entries.count - 1
    if let last = lastSuggestion, last.version == version, typed.starts(with: last.text.utf8) {
      index = last.index
    }
    while index >= 0 {
      let entry = entries[index]
      if !entry.isMasked, entry.text.utf8.count > typed.count, entry.text.utf8.starts(with: typed),
        !entry.text.contains(IdentifierMask.mark), !unsuggested.contains(entry.text)
      {
        break
      }
      index -= 1
    }
    lastSuggestion = (text, index, version)
    return index >= 0 ? entries[index].text : nil
  }

  /// A statement as it is kept: without blanks at its end.
  private static func kept(_ statement: String) -> String {
    var text = statement[...]
    while let last = text.last, last.isWhitespace { text = text.dropLast() }
    return String(text)
  }

  /// Each statement once, where it was run last, the newest `limit` of them.
  static func distinct(_ entries: [HistoryEntry], limit: Int) -> [HistoryEntry] {
    var seen: Set<String> = []
    var newest: [HistoryEntry] = []
    for entry in entries.reversed() where newest.count < limit {
      if seen.insert(entry.text).inserted { newest.append(entry) }
    }
    return newest.reversed()
  }
}

/// A walk through the statements with Up and Down; what was changed on the way is kept until the statement runs.
package struct HistoryWalk {
  private let entries: [String]
  private var position: Int
  private var drafts: [Int: EditBuffer] = [:]

  /// - Parameter entries: oldest first.
  package init(_ entries: [String]) {
    self.entries = entries
    position = entries.count
  }

  /// Goes to an older (negative) or newer statement; nil at the ends.
  package mutating func move(by step: Int, from current: EditBuffer) -> EditBuffer? {
    let target = position + step
    guard (0...entries.count).contains(target), target != position else { return nil }
    drafts[position] = current
    position = target
    if let draft = drafts[target] { return draft }
    return target < entries.count ? EditBuffer(entries[target]) : EditBuffer()
  }

  /// Goes to the oldest statement, or to the draft.
  package mutating func moveToEnd(oldest: Bool, from current: EditBuffer) -> EditBuffer? {
    move(by: oldest ? -position : entries.count - position, from: current)
  }
}
