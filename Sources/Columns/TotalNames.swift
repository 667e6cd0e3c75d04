/// What rows and columns are called that sum up others.
package enum TotalNames {
  private static let names = [
    "total", "totals", "grand total", "subtotal", "sub-total", "sub total", "sum", "overall",
  ].map { Array($0.utf8) }

  /// What is such a name only in the last row of a table: elsewhere it may be a value as any other.
  private static let namesOfLast: Set<String> = [
    "all", "average", "mean", "gesamt", "insgesamt", "summe", "gesamtsumme", "ensemble", "totaal", "totale",
    "year to date", "ytd",
  ]

  /// What all of are summed up: `All sites`.
  private static let plurals: Set<String> = [
    "sites", "wards", "units", "hospitals", "departments", "patients", "clinics", "locations", "facilities",
    "regions", "services", "specialties", "months", "years", "ages", "staff",
  ]

  /// Names of columns that sum up those beside them.
  private static let namesOfColumns: Set<String> = [
    "ytd", "year to date", "gesamt", "summe", "all", "average",
  ]

  /// Whether a text is one of these, in capitals or not, perhaps with a colon.
  package static func isTotal(_ text: [UInt8]) -> Bool {
    let (lower, upper) = trimmed(text)
    // Most texts are seen to be others by their length and their first letter.
    guard (3...11).contains(upper - lower) else { return false }
    switch text[lower] | 0x20 {
    case UInt8(ascii: "t"), UInt8(ascii: "g"), UInt8(ascii: "s"), UInt8(ascii: "o"): break
    default: return false
    }
    return names.contains { name in
      name.count == upper - lower && name[0] == text[lower] | 0x20
        && name.indices.allSatisfy { name[$0] == text[lower + $0] | 0x20 }
    }
  }

  /// What a text says is summed up, `Lakeview` of `Lakeview Total`; nil where it does not end like that.
  package static func summed(_ text: [UInt8]) -> [UInt8]? {
    let (lower, upper) = trimmed(text)
    for ending in endings where upper - lower > ending.count {
      let start = upper - ending.count
      if ending.indices.allSatisfy({ ending[$0] == text[start + $0] | 0x20 }) {
        return Array(text[lower..<start])
      }
    }
    return nil
  }

  private static let endings = [" total", " totals", " subtotal"].map { Array($0.utf8) }

  /// Whether a text of the last row says that it sums up those above: `All sites`, `Average`.
  package static func isTotalOfLast(_ text: [UInt8]) -> Bool {
    let (lower, upper) = trimmed(text)
    guard upper - lower < 40 else { return false }
    let plain = String(decoding: text[lower..<upper], as: UTF8.self).lowercased()
    return summed(text) != nil || namesOfLast.contains(plain)
      || plain.hasPrefix("all ") && plurals.contains(String(plain.dropFirst(4)))
  }

  /// Whether a column of this name sums up those beside it.
  package static func isColumn(_ name: String) -> Bool {
    let text = Array(name.utf8)
    return isTotal(text) || summed(text) != nil || namesOfColumns.contains(name.lowercased())
  }

  /// Without blanks around and a colon behind.
  private static func trimmed(_ text: [UInt8]) -> (lower: Int, upper: Int) {
    var lower = 0
    var upper = text.count
    while lower < upper, text[lower] == 32 { lower += 1 }
    while upper > lower, text[upper - 1] == 32 || text[upper - 1] == UInt8(ascii: ":") { upper -= 1 }
    return (lower, upper)
  }
}
