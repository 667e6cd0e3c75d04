import Diagnostics
import Language

/// Hides what could name a person before a statement is kept: literals compared with columns that identify people,
/// and texts that look like a social security number, a phone number or an e-mail address wherever they stand.
///
/// It works on the words alone, since a statement is kept whether or not its table can be found: a column is known by
/// its name. Rather one literal too many is hidden than one too few.
package enum IdentifierMask {
  /// What stands in the place of a hidden literal.
  package static let mark = "\"***\""

  /// Words that make a column's name that of an identifier, alone or beside others (`patient_mrn`).
  private static let words: Set<String> = [
    "mrn", "ssn", "dob", "surname", "birthdate", "birthday", "born", "phone", "telephone", "mobile",
    "cellphone",
    "fax", "email", "mail", "passport", "nhs", "address", "street", "patient", "person", "subject",
    "beneficiary",
    "member", "account", "iban", "forename", "firstname", "lastname", "fullname", "middlename", "patientid",
    "personid", "patientname", "initials", "licence", "license",
  ]
  /// Words that do so only together.
  private static let pairs: Set<String> = [
    "first name", "last name", "given name", "family name", "full name", "middle name", "maiden name",
    "birth date", "birth day", "birth name", "date birth", "social security", "medical record",
    "record number",
    "health card", "insurance number", "insurance id", "encounter id", "visit id", "accession number",
  ]
  /// Words beside which one of `words` counts nothing: `patient_count`, `member_months`, `patient_days`.
  private static let quantities: Set<String> = [
    "count", "counts", "days", "months", "years", "hours", "rate", "age", "class", "type", "kind", "status",
    "total",
    "share", "percent", "n", "number_of", "charges", "cost", "volume", "group", "sex", "satisfaction",
  ]

  /// Whether a column of this name holds what could name a person.
  package static func isIdentifier(_ name: String) -> Bool {
    let parts = self.parts(name.split(separator: ".").last.map(String.init) ?? name)
    if parts == ["name"] || parts == ["names"] { return true }
    if parts.contains(where: quantities.contains) { return false }
    if parts.contains(where: words.contains) { return true }
    let small = parts.filter { $0 != "of" }
    return zip(small, small.dropFirst()).contains { pairs.contains("\($0) \($1)") }
  }

  /// `PatientId` and `patient_id` as `patient`, `id`.
  private static func parts(_ name: String) -> [String] {
    var parts: [String] = [""]
    var wasLower = false
    for character in name {
      if !character.isLetter {
        if parts.last != "" { parts.append("") }
        wasLower = false
        continue
      }
      if character.isUppercase, wasLower { parts.append("") }
      parts[parts.count - 1] += character.lowercased()
      wasLower = character.isLowercase
    }
    return parts.filter { !$0.isEmpty }
  }

  /// A statement with what could name a person hidden.
  package static func masked(_ statement: String) -> String {
    let source = SourceText(statement)
    let tokens = Lexer.tokens(of: source)
    var hidden: [SourceRange] = []
    for clause in clauses(tokens) {
      let names = clause.filter { tokens[$0].kind == .name || tokens[$0].kind == .quotedName }
      let isNamed = names.contains { isIdentifier(source[tokens[$0].range].filter { $0 != "`" }) }
      for index in clause where isHideable(tokens[index].kind) {
        let text = source[tokens[index].range]
        if (isNamed && clause.contains { compares(tokens[$0]) }) || looksPersonal(text) {
          hidden.append(tokens[index].range)
        }
      }
    }
    var result = ""
    var end = 0
    for range in hidden {
      result += source[SourceRange(end, range.lower)] + mark
      end = range.upper
    }
    return result + source[SourceRange(end, statement.utf8.count)]
  }

  /// The words between `|`, `and`, `or` and the commas outside lists, as places in the tokens.
  private static func clauses(_ tokens: [Token]) -> [[Int]] {
    var clauses: [[Int]] = [[]]
    // Inside brackets and calls a comma separates what belongs together; in records and tables it does not.
    var open: [Symbol] = []
    var betweens = 0
    for (index, token) in tokens.enumerated() {
      if let symbol = token.symbol {
        if symbol.isOpening { open.append(symbol) }
        if symbol.isClosing, !open.isEmpty { open.removeLast() }
      }
      let isComma = token.symbol == .comma && (open.last ?? .openBrace) == .openBrace
      let ends = token.symbol?.isPipe == true || token.symbol == .semicolon || token.symbol == .closeBrace
      if token.word == .between { betweens += 1 }
      if token.word == .and, betweens > 0 {
        betweens -= 1
      } else if isComma || ends || token.word == .and || token.word == .or {
        clauses.append([])
        if ends { betweens = 0 }
        continue
      }
      clauses[clauses.count - 1].append(index)
    }
    return clauses
  }

  private static func isHideable(_ kind: Token.Kind) -> Bool {
    switch kind {
    case .text, .interpolation, .int, .float, .date, .datetime, .malformedNumber: true
    default: false
    }
  }

  /// Whether a word says that two things are compared, looked for in one another, or given to a name.
  private static func compares(_ token: Token) -> Bool {
    switch token.kind {
    case .word(let word): return [.in, .between, .like, .is, .case].contains(word)
    case .symbol(let symbol):
      return [
        .equal, .notEqual, .notEqualSQL, .lessOrEqual, .greaterOrEqual, .less, .greater, .matches,
        .notMatches,
        .assign, .colon, .otherwise, .strictEqual, .strictNotEqual, .inR, .comma,
      ].contains(symbol)
    default: return false
    }
  }

  /// `123-45-6789`, `555-123-4567` or `(555) 123-4567`, `a@b.org`.
  private static func looksPersonal(_ text: String) -> Bool {
    guard let quote = text.first, quote == "\"" || quote == "'" || quote == "f" else { return false }
    let inner = text.drop { !$0.isLetter && !$0.isNumber && $0 != "(" && $0 != "+" }
    if let at = inner.firstIndex(of: "@"), at > inner.startIndex, inner[at...].contains(".") { return true }
    let runs = inner.split { !$0.isNumber }.map(\.count)
    let isPlain = inner.allSatisfy { $0.isNumber || "-() +./\"'".contains($0) }
    return isPlain && (runs.starts(with: [3, 2, 4]) || runs.suffix(3) == [3, 3, 4])
  }
}
