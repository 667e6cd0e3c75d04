import Columns
import Diagnostics

/// The cells of one column as texts for the screen. What they have in common (decimals, seconds, thousands)
/// is decided from all the values that are shown.
struct CellFormat: Sendable {
  private enum Kind: Sendable {
    case int(grouping: Bool)
    case float(FloatFormat)
    case datetime(ClockDetail)
    case plain
  }

  private enum ClockDetail: Int, Sendable { case minutes, seconds, fraction }

  private let kind: Kind
  let alignment: Fitting.Alignment
  private let mark: String
  private let ascii: Bool

  /// - Parameters:
  ///   - grouping: false where thousands are never separated: documents and files.
  ///   - ascii: the little histograms of `describe` are drawn in ASCII.
  init(_ column: Column, name: String, missingMark: String, grouping: Bool = true, ascii: Bool = false) {
    mark = missingMark
    self.ascii = ascii
    switch column.type {
    case .int:
      alignment = .right
      kind = .int(grouping: grouping && CellFormat.isGrouped(name) && !CellFormat.looksLikeYears(column))
    case .float:
      alignment = .right
      let values = (0..<column.count).lazy.compactMap { column.value($0).number }
      kind = .float(FloatFormat(values, grouping: grouping && CellFormat.isGrouped(name)))
    case .datetime:
      alignment = .left
      kind = .datetime(CellFormat.clockDetail(column))
    case .duration:
      alignment = .right
      kind = .plain
    default:
      alignment = .left
      kind = .plain
    }
  }

  /// Those of a table's columns for documents, one column after the other put in one piece.
  static func ofDocument(_ table: Table) -> [CellFormat] {
    table.schema.names.indices.map {
      CellFormat(table.column($0), name: table.schema[$0].name, missingMark: "·", grouping: false)
    }
  }

  /// The text of a value, safe to print.
  func text(_ value: Value) -> String {
    switch (value, kind) {
    case (.missing, _): return mark
    case (.int(let number), .int(let grouping)):
      return grouping ? NumberText.separated(String(number)) : String(number)
    case (.float(let number), .float(let format)): return format.text(number)
    case (.datetime(let instant, let offset), .datetime(let detail)):
      return CellFormat.clock(instant, offset, detail)
    case (.text(let text), _) where ascii && PlainSigns.isDrawn(text): return PlainSigns.drawn(text)
    case (.text(let text), _): return text == mark ? "\"\(text)\"" : visible(text)
    default: return CellFormat.plain(value)
    }
  }

  // MARK: Thousands

  /// Words at the end of a name that say: this number is a name, not an amount.
  private static let namingWords: Set<String> = [
    "id", "year", "code", "key", "mrn", "npi", "ssn", "zip", "phone", "postcode",
  ]

  /// Whether a column of this name has its thousands separated. Not those whose last word is `id`, `year`,
  /// `code` or the like (`patient_id`, `PatientID`, `fiscal year`), where a comma would change what is read.
  static func isGrouped(_ name: String) -> Bool {
    var words: [String] = [""]
    var wasLower = false
    for character in name {
      if !character.isLetter && !character.isNumber {
        words.append("")
        wasLower = false
        continue
      }
      if character.isUppercase, wasLower { words.append("") }
      words[words.count - 1].append(contentsOf: character.lowercased())
      wasLower = character.isLowercase
    }
    guard let last = words.last(where: { !$0.isEmpty }) else { return true }
    // `count_distinct_patient_id` counts them.
    if words.first == "count" { return true }
    return !namingWords.contains(last)
  }

  /// All known values lie in 1900 to 2100: they are read as years whatever the name.
  private static func looksLikeYears(_ column: Column) -> Bool {
    var known = 0
    for row in 0..<column.count {
      guard let value = column.value(row).integer else { continue }
      if !(1900...2100).contains(value) { return false }
      known += 1
    }
    return known > 0
  }

  // MARK: Times

  private static func clockDetail(_ column: Column) -> ClockDetail {
    var detail = ClockDetail.minutes
    for row in 0..<column.count {
      guard case .datetime(let instant, _) = column.value(row) else { continue }
      if instant % Calendar.microsecondsPerSecond != 0 { return .fraction }
      if instant % Calendar.microsecondsPerMinute != 0 { detail = .seconds }
    }
    return detail
  }

  private static func clock(_ instant: Int64, _ offset: Int16?, _ detail: ClockDetail) -> String {
    let text = Calendar.text(microseconds: instant, offset: offset)
    let bytes = text.utf8
    guard let mark = bytes.firstIndex(of: UInt8(ascii: "T")) else { return text }
    let start = bytes.index(after: mark)
    let zone = bytes[start...].firstIndex { byte in
      byte == UInt8(ascii: "Z") || byte == UInt8(ascii: "+") || byte == UInt8(ascii: "-")
    }
    var end = zone ?? bytes.endIndex
    if detail == .minutes { end = bytes.index(start, offsetBy: 5, limitedBy: end) ?? end }
    var result = String(text[..<mark])
    result += " "
    result += text[start..<end]
    if let zone {
      if bytes[zone] != UInt8(ascii: "Z") { result += " " }
      result += text[zone...]
    }
    return result
  }

  /// A duration rounded to what its size makes worth reading: from a day on to the minute, from an hour on
  /// to the second, from a second on to the millisecond.
  static func duration(_ value: Int64) -> String {
    let magnitude = value.magnitude
    let unit: UInt64 =
      magnitude >= UInt64(Calendar.microsecondsPerDay)
      ? UInt64(Calendar.microsecondsPerMinute)
      : magnitude >= UInt64(Calendar.microsecondsPerHour)
        ? UInt64(Calendar.microsecondsPerSecond)
        : magnitude >= UInt64(Calendar.microsecondsPerSecond) ? 1000 : 1
    let (sum, overflow) = magnitude.addingReportingOverflow(unit / 2)
    let rounded = overflow ? magnitude : sum / unit * unit
    guard rounded <= UInt64(Int64.max) else { return Calendar.text(duration: value) }
    return Calendar.text(duration: value < 0 ? -Int64(rounded) : Int64(rounded))
  }

  /// A value by itself, without what its column has in common.
  static func plain(_ value: Value) -> String {
    switch value {
    case .missing: "missing"
    case .int(let number): String(number)
    case .float(let number): FloatFormat([number], grouping: false).text(number)
    case .bool(let flag): flag ? "true" : "false"
    case .text(let text): visible(text)
    case .date(let days): Calendar.text(days: days)
    case .datetime(let instant, let offset):
      clock(
        instant, offset,
        instant % Calendar.microsecondsPerSecond != 0
          ? .fraction : instant % Calendar.microsecondsPerMinute != 0 ? .seconds : .minutes)
    case .duration(let length): duration(length)
    case .list(let values): "[" + values.map(nested).joined(separator: ", ") + "]"
    case .record(let fields):
      "{" + fields.map { "\(visible($0.name)): \(nested($0.value))" }.joined(separator: ", ") + "}"
    }
  }

  private static func nested(_ value: Value) -> String {
    if case .text(let text) = value { "\"\(visible(text))\"" } else { plain(value) }
  }
}
