/// Something that a result must say of itself: what was left out, and why.
package struct Note: Sendable, Equatable {
  /// What a note may be about.
  package enum Kind: String, Sendable, CaseIterable {
    /// Rows or values that dropped out of the answer because they are missing.
    case missing
    /// Rows of a join that found no partner, or that a join multiplied.
    case join
    /// Cells that could not be converted and became missing.
    case converted
    /// Divisions by zero that became missing.
    case division
    /// Rows cut off between equal values.
    case tie
    /// Something about the file that was read.
    case input
    /// Absence that the question itself makes (the first row has none before it).
    case structural
    /// A denominator, a method or a choice worth knowing.
    case fact
    /// Rows or columns that the screen does not show.
    case hidden
  }

  /// What it is about.
  package var kind: Kind
  /// One line, plain words, with its count and denominator in it.
  package var message: String
  /// How many rows, values or cells it speaks of; nil where it counts nothing.
  package var count: Int?
  /// Out of how many; nil where there is no such number.
  package var total: Int?
  /// The column or expression that made it.
  package var subject: String?
  /// The place of the stage that made it.
  package var range: SourceRange?
  /// What the message begins with, where the rest of it may be true of several: `mean(age)` and `max(age)`.
  package var teller: String?
  /// It stood under a step of the same result: a screen need not repeat it, a file that is written must hold it.
  package var isTold = false
  /// It was told when a table was kept that this result is made of: a screen need not repeat it, a file that is written
  /// and goes out of the house must hold it.
  package var isOfKept = false

  package init(
    _ kind: Kind, _ message: String, count: Int? = nil, total: Int? = nil, subject: String? = nil,
    at range: SourceRange? = nil
  ) {
    self.kind = kind
    self.message = message
    self.count = count
    self.total = total
    self.subject = subject
    self.range = range
  }

  /// A note that begins with who tells it.
  package init(
    _ kind: Kind, of teller: String, _ rest: String, count: Int? = nil, total: Int? = nil,
    subject: String? = nil, at range: SourceRange? = nil
  ) {
    self.init(kind, teller + rest, count: count, total: total, subject: subject, at: range)
    self.teller = teller
  }
}

extension [Note] {
  /// The notes without those that say what one before them says: two places that count the same rows, such as two
  /// parts of a condition, say it once. Values that became missing at several places are as many as those together,
  /// which the first says; so are the rows of two joins.
  ///
  /// What is true of several, such as how many rows `mean(age)` and `max(age)` left out, is said once of all of them.
  package var saidOnce: [Note] {
    eachOnce.saidOfAll
  }

  /// The notes as a result tells them which is made of a table of this name, when they have been told with the table.
  package func kept(with table: String) -> [Note] {
    let own = filter { !$0.isOfKept }.told(by: "`\(table)`")
    return filter(\.isOfKept)
      + own.map { note in
        var note = note
        note.isOfKept = true
        return note
      }
  }

  /// The notes, each with what it is about in front.
  package func told(by teller: String) -> [Note] {
    saidOnce.map { note in
      var note = note
      note.message = "\(teller): \(note.message)"
      note.teller = nil
      return note
    }
  }

  private var saidOfAll: [Note] {
    var result: [Note] = []
    var tellers: [[String]] = []
    var places: [String: Int] = [:]
    for note in self {
      if let teller = note.teller {
        let deed = note.kind.rawValue + note.deed
        if let place = places[deed] {
          tellers[place].append(teller)
          continue
        }
        places[deed] = result.count
      }
      result.append(note)
      tellers.append(note.teller.map { [$0] } ?? [])
    }
    // What the reader of a file tells itself need not be told again by who orders the column.
    for (index, note) in result.enumerated() where note.teller != nil && note.kind == .fact {
      guard let subject = note.subject,
        contains(where: {
          $0.kind == .input && ($0.message == note.deed || $0.message.hasSuffix(": " + note.deed))
        })
      else {
        continue
      }
      result[index].message = "\(note.teller ?? "")`\(subject)` is text"
      result[index].teller = nil
    }
    for (index, all) in tellers.enumerated() where all.count > 1 && result[index].teller != nil {
      result[index].message = Note.enumerated(all) + result[index].deed
      result[index].teller = nil
    }
    return result
  }

  private var eachOnce: [Note] {
    var places: [String: Set<SourceRange>] = [:]
    for note in self { if let range = note.range { places[note.identity, default: []].insert(range) } }
    var said: Set<String> = []
    return filter { said.insert($0.identity).inserted }.map { note in
      let count = places[note.identity]?.count ?? 1
      guard count > 1, [.division, .converted, .join, .tie].contains(note.kind) else { return note }
      var note = note
      note.message += ", at each of \(count) places"
      return note
    }
  }
}

extension Note {
  /// What the reader of one of several files says, with the file in front.
  package func told(of file: String) -> Note {
    guard kind == .input else { return self }
    var note = self
    note.message = "\(file): \(message)"
    return note
  }

  fileprivate var identity: String { kind.rawValue + message }

  /// The message behind who tells it.
  fileprivate var deed: Substring { message.dropFirst(teller?.count ?? 0) }

  /// So many names stand before the others are only counted.
  private static let namesShown = 6

  /// `a`, `a and b`, `a, b and c`
  fileprivate static func enumerated(_ names: [String]) -> String {
    if names.count > namesShown {
      return names.prefix(namesShown).joined(separator: ", ")
        + " and \(grouped(names.count - namesShown)) more"
    }
    return names.dropLast().joined(separator: ", ") + " and " + (names.last ?? "")
  }
}

/// A count for people: thousands separated by commas.
package func grouped(_ count: Int) -> String {
  let digits = Array(String(count.magnitude))
  var text = count < 0 ? "-" : ""
  for (index, digit) in digits.enumerated() {
    if index > 0, (digits.count - index).isMultiple(of: 3) { text.append(",") }
    text.append(digit)
  }
  return text
}

/// A count with its noun: `1 row`, `2,000 rows`.
package func counted(_ count: Int, _ singular: String, _ plural: String? = nil) -> String {
  count == 1 ? "1 \(singular)" : "\(grouped(count)) \(plural ?? singular + "s")"
}
