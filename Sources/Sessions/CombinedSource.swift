import Columns
import Diagnostics
import Execution
import Formats
import Planning

/// Several files of the same kind as one table: columns by name, types widened to hold all.
///
/// A name that differs from another file's only in case, blanks or punctuation is the same column, as in the
/// language. Where files differ a note says how, and `strict` refuses them.
final class CombinedSource: TableSource {
  typealias Part = (name: String, source: any TableSource)

  let name: String
  private let parts: [Part]
  private let nameColumn: String?
  /// What each file is called in that column: the end of its path, or all of it where two folders hold the same.
  private let fileNames: [String]
  /// The types that the heads of the files showed, by file.
  private let firstTypes: [[DataType]]

  private struct Scan: TableScan {
    let source: CombinedSource
    let columns: [Int]
    let schema: Schema
    var parts: [any TableScan] = []
    var places: [(part: Int, segment: Int)] = []
    /// For each part and each column of the scan: its place in what the part reads.
    var maps: [[Int?]] = []
    let times: TimeOffsets
    let rounded: RoundedInts

    init(_ source: CombinedSource, _ columns: [Int], _ schema: Schema) {
      (self.source, self.columns, self.schema) = (source, columns, schema)
      let read = Schema(columns.map { schema[$0] })
      (times, rounded) = (TimeOffsets(read), RoundedInts(read))
    }

    var segmentCount: Int { places.count }
    func read(segment: Int, filter: SegmentFilter?) throws -> Segment {
      try source.read(segment, self, filter)
    }
    func finish() -> [Note] { source.notes(of: self) }
  }

  init(
    _ parts: [Part], name: String, nameColumn: (name: String, range: SourceRange?)?, isStrict: Bool
  ) throws {
    self.parts = parts
    self.name = name
    self.nameColumn = nameColumn?.name
    let short = parts.map { Paths.lastPart($0.name) }
    fileNames = Set(short).count == short.count ? short : parts.map(\.name)
    Self.readMarksAsMissing(parts)
    // A column of nothing but marks says nothing of its type, and is not what makes the others' text.
    firstTypes = parts.map { part in
      part.source.schema.fields.enumerated().map { column, field in
        (part.source as? CSVSource)?.holdsOnlyMarks(column) == true ? .missing : field.type
      }
    }
    let columns = CombinedColumns(parts)
    if let nameColumn, let taken = columns.like(nameColumn.name) {
      throw Diagnostic(
        "option-value", "the files have a column `\(taken)`: `filename` wants another name",
        at: nameColumn.range,
        help: ["for example `filename = \"source\"`"])
    }
    if isStrict, let fault = CombinedNotes(parts, columns, firstTypes).fault { throw fault }
  }

  /// A file that holds nothing but marks of missing in a column says nothing of its type: as in one file they count as
  /// missing where the others' cells are no texts.
  private static func readMarksAsMissing(_ parts: [Part]) {
    let places = CombinedColumns(parts).places
    for column in places.first?.indices ?? 0..<0 {
      var type = DataType.missing
      var unsure: [(CSVSource, Int)] = []
      for (part, place) in zip(parts, places) {
        guard let own = place[column] else { continue }
        if let source = part.source as? CSVSource, source.holdsOnlyMarks(own) {
          unsure.append((source, own))
        } else {
          type = DataType.common(type, part.source.schema[own].type) ?? .text
        }
      }
      if type == .text || type == .missing { continue }
      for (source, own) in unsure { source.read(own, as: type) }
    }
  }

  private var nameField: [Field] { nameColumn.map { [Field($0, .text)] } ?? [] }

  var schema: Schema { Schema(CombinedColumns(parts).fields + nameField) }
  var knownRowCount: Int? { nil }
  var typesAreGuessed: Bool { parts.contains { $0.source.typesAreGuessed } }

  /// What the first file that says something has to say.
  func remarks(on columns: [Int]) -> [Int: ColumnRemark] {
    let combined = CombinedColumns(parts)
    var result: [Int: ColumnRemark] = [:]
    for column in columns where column < combined.fields.count {
      for (index, part) in parts.enumerated() where result[column] == nil {
        result[column] = combined.places[index][column].flatMap { part.source.remarks(on: [$0])[$0] }
      }
    }
    return result
  }

  func scan(columns: [Int], environment: ScanEnvironment) throws -> any TableScan {
    let combined = CombinedColumns(parts)
    var state = Scan(self, columns, Schema(combined.fields + nameField))
    for (index, part) in parts.enumerated() {
      let own = columns.map { $0 < combined.fields.count ? combined.places[index][$0] : nil }
      keepTexts(part, own, columns.map { state.schema[$0].type })
      let scan = try part.source.scan(columns: own.compactMap { $0 }, environment: environment)
      state.parts.append(scan)
      var next = 0
      state.maps.append(
        own.map { position in
          guard position != nil else { return nil }
          defer { next += 1 }
          return next
        })
      for segment in 0..<scan.segmentCount { state.places.append((index, segment)) }
    }
    return state
  }

  /// Where another file makes a column text, its cells are read as they are written and not from numbers.
  private func keepTexts(_ part: Part, _ own: [Int?], _ types: [DataType]) {
    guard let source = part.source as? CSVSource else { return }
    for (column, type) in zip(own, types) where type == .text {
      if let column { source.readAsText(column) }
    }
  }

  private func read(_ segment: Int, _ state: Scan, _ filter: SegmentFilter?) throws -> Segment {
    let place = state.places[segment]
    let read = try state.parts[place.part].read(segment: place.segment, filter: nil)
    let columns = zip(state.columns, state.maps[place.part]).enumerated().map { number, pair -> Column in
      let (index, position) = pair
      let field = state.schema[index]
      if let position {
        let column = read.columns[position]
        state.times.saw(column, number)
        state.rounded.saw(column, number)
        if column.type == field.type { return column }
        if DataType.common(column.type, field.type) == field.type { return column.widened(to: field.type) }
        return Column(column.values.map { $0.isMissing ? .missing : .text(ValueText.plain($0)) }, type: .text)
      }
      if field.name == nameColumn {
        return .repeating(.text(fileNames[place.part]), count: read.count, type: .text)
      }
      return .missing(count: read.count, type: field.type)
    }
    let whole = Segment(columns: columns, count: read.count)
    guard let filter else { return whole }
    let needed = Segment(columns: filter.columns.map { columns[$0] }, count: read.count)
    guard let rows = try filter.select(needed) else { return whole }
    return Segment(columns: columns.map { $0.take(rows) }, count: rows.count)
  }

  private func notes(of scan: Scan) -> [Note] {
    let notes = CombinedNotes(parts, CombinedColumns(parts), firstTypes)
      .notes(reading: Set(scan.columns), scan.parts)
    if parts.count == 1 { return notes }
    let fact = "\(name): \(counted(parts.count, "file")) read as one table"
    return [Note(.fact, fact, count: parts.count)] + notes + scan.times.notes(at: nil)
      + scan.rounded.notes(at: nil)
  }
}

/// The columns of several files, and where each file has them.
struct CombinedColumns {
  private(set) var fields: [Field] = []
  /// For each file and each field: its column in the file.
  private(set) var places: [[Int?]] = []
  private var exact: [String: Int] = [:]
  private var loose: [String: [Int]] = [:]

  init(_ parts: [CombinedSource.Part]) {
    for part in parts {
      let own = part.source.schema.fields
      var place = [Int?](repeating: nil, count: fields.count)
      var counts: [String: Int] = [:]
      for field in own { counts[Suggestion.folded(field.name), default: 0] += 1 }
      // What this file itself names goes to its own column before any other name can take it.
      let taken = Set(own.compactMap { exact[$0.name] })
      for (column, field) in own.enumerated() {
        let fold = Suggestion.folded(field.name)
        let index: Int
        if let known = exact[field.name] {
          index = known
        } else if !fold.isEmpty, counts[fold] == 1, let like = loose[fold], like.count == 1,
          !taken.contains(like[0])
        {
          index = like[0]
        } else {
          index = fields.count
          exact[field.name] = index
          loose[fold, default: []].append(index)
          fields.append(Field(field.name, .missing))
          place.append(nil)
        }
        // Types that clash become text: the same rule as for a cell that contradicts its column.
        fields[index].type = DataType.common(fields[index].type, field.type) ?? .text
        place[index] = column
      }
      places.append(place)
    }
    for part in places.indices {
      places[part] += [Int?](repeating: nil, count: fields.count - places[part].count)
    }
  }

  /// A column that goes by a name or nearly so.
  func like(_ name: String) -> String? {
    fields.first { $0.name == name || Suggestion.folded($0.name) == Suggestion.folded(name) }?.name
  }
}

/// What is to be said of files that were read as one table.
struct CombinedNotes {
  private let parts: [CombinedSource.Part]
  private let columns: CombinedColumns
  private let firstTypes: [[DataType]]
  private let names: [String]

  /// Notes of single files that are shown; the others are counted.
  private static let shown = 24

  init(_ parts: [CombinedSource.Part], _ columns: CombinedColumns, _ firstTypes: [[DataType]]) {
    self.parts = parts
    self.columns = columns
    self.firstTypes = firstTypes
    // The last part of a path says which file is meant unless two folders hold the same.
    let short = parts.map { Paths.lastPart($0.name) }
    names = Set(short).count == short.count ? short : parts.map(\.name)
  }

  /// All notes after a scan of some columns.
  ///
  /// - Parameter scans: of the files, in their order.
  func notes(reading read: Set<Int>, _ scans: [any TableScan]) -> [Note] {
    absences(read) + renames + clashes(read) + ownNotes(scans)
  }

  private func absent(_ part: Int, _ read: Set<Int>) -> [Int] {
    columns.fields.indices.filter { read.contains($0) && columns.places[part][$0] == nil }
  }

  /// Columns that a file lacks; of files that have little in common how many.
  private func absences(_ read: Set<Int>) -> [Note] {
    let lacking = parts.indices.map { (part: $0, columns: absent($0, read)) }.filter { !$0.columns.isEmpty }
    // Whether they are different tables shows in all columns, whichever are read.
    let all = Set(columns.fields.indices)
    let lacks = parts.indices.map { absent($0, all).count }
    if lacking.count > 2, lacks.reduce(0, +) * 2 > parts.count * all.count {
      let counts = lacking.map {
        "\(names[$0.part]) lacks \(grouped(lacks[$0.part])) of \(counted(all.count, "column"))"
      }
      let message =
        "the files have little in common, and a column is missing where a file does not have it: "
        + "\(Spelling.few(counts)); files that are different tables are loaded one by one"
      return [Note(.structural, message)]
    }
    return lacking.map { part, columns in
      let absent = columns.map { "`\(visible(self.columns.fields[$0].name))`" }
      return Note(.structural, "\(names[part]) has no \(Spelling.few(absent)): missing there")
    }
  }

  private func ownName(_ part: Int, _ column: Int) -> String? {
    columns.places[part][column].map { parts[part].source.schema[$0].name }
  }

  private var renames: [Note] {
    parts.indices.compactMap { part in
      let pairs = columns.fields.indices.compactMap { column in
        ownName(part, column).flatMap { own in
          own == columns.fields[column].name ? nil : "`\(own)` is taken for `\(columns.fields[column].name)`"
        }
      }
      if pairs.isEmpty { return nil }
      return Note(
        .structural,
        "\(names[part]): \(pairs.joined(separator: ", ")), as the files before it call the column")
    }
  }

  /// The types of a column, each with the first file that shows it, where they have nothing but text in common.
  private func clash(_ column: Int) -> [(type: DataType, part: Int)]? {
    var found: [(type: DataType, part: Int)] = []
    var common: DataType? = .missing
    for part in parts.indices {
      guard let place = columns.places[part][column] else { continue }
      let type = firstTypes[part][place]
      if type == .missing || found.contains(where: { $0.type == type }) { continue }
      found.append((type, part))
      common = common.flatMap { DataType.common($0, type) }
    }
    return found.count > 1 && common == nil ? found : nil
  }

  private func clashes(_ read: Set<Int>) -> [Note] {
    columns.fields.indices.filter { read.contains($0) }.compactMap { column in
      guard let found = clash(column) else { return nil }
      let list = found.map { type, part in
        "\(type.name) in \(names[part])" + (type == .text ? example(part, column) : "")
      }
      let field = columns.fields[column].name
      return Note(.structural, "`\(field)` is text: \(list.joined(separator: ", "))", subject: field)
    }
  }

  private func firstText(_ part: Int, _ column: Int) -> (line: Int, cell: String)? {
    columns.places[part][column].flatMap { (parts[part].source as? CSVSource)?.firstText(of: $0) }
  }

  private func example(_ part: Int, _ column: Int) -> String {
    guard let text = firstText(part, column) else { return "" }
    return " (\(text.line > 0 ? "line \(grouped(text.line)) holds " : "")\"\(text.cell)\")"
  }

  /// The notes of each file with its name; what several files say in the same words is said once.
  private func ownNotes(_ scans: [any TableScan]) -> [Note] {
    var found: [Note] = []
    var files: [[String]] = []
    var known: [String: Int] = [:]
    for (scan, name) in zip(scans, names) {
      for note in scan.finish() {
        if let index = known[note.message] {
          files[index].append(name)
          if let count = note.count { found[index].count = (found[index].count ?? 0) + count }
          if let total = note.total { found[index].total = (found[index].total ?? 0) + total }
        } else {
          known[note.message] = found.count
          found.append(note)
          files.append([name])
        }
      }
    }
    for index in found.indices where parts.count > 1 && !found[index].message.contains(files[index][0]) {
      let list = files[index].prefix(3).joined(separator: ", ")
      let rest = files[index].count > 3 ? " and \(grouped(files[index].count - 3)) more" : ""
      found[index].message = "\(list)\(rest): \(found[index].message)"
    }
    guard found.count > Self.shown else { return found }
    let left = found.count - Self.shown
    return found.prefix(Self.shown) + [
      Note(
        .hidden,
        "\(counted(left, "further note")) on single files: load a file alone to see what is said of it",
        count: left)
    ]
  }

  /// The first difference between the files, for `strict`.
  var fault: FormatFault? {
    let help = ["without `strict` the files are read as one table, with a note"]
    for part in parts.indices {
      let file = parts[part].name
      if let column = absent(part, Set(columns.fields.indices)).first {
        let owner =
          parts.indices.first { columns.places[$0][column] != nil }.map { names[$0] } ?? "another file"
        return FormatFault(
          file: file, line: 1, "there is no column `\(columns.fields[column].name)`, which \(owner) has",
          help: help)
      }
      for (column, field) in columns.fields.enumerated() {
        guard let own = ownName(part, column), own != field.name else { continue }
        return FormatFault(
          file: file, line: 1, "the column `\(own)` is called `\(field.name)` in \(names[0])", help: help)
      }
    }
    for (column, field) in columns.fields.enumerated() {
      guard let found = clash(column) else { continue }
      // The file that differs is the one whose cells are texts, otherwise the later one.
      let odd = found.first { $0.type == .text } ?? found[1]
      let other = found.first { $0.type != odd.type } ?? found[0]
      let text = odd.type == .text ? firstText(odd.part, column) : nil
      let holds = text.map { ": \"\($0.cell)\"" } ?? ""
      return FormatFault(
        file: parts[odd.part].name, line: text.flatMap { $0.line > 0 ? $0.line : nil },
        "`\(field.name)` is \(odd.type.name) here and \(other.type.name) in \(names[other.part])\(holds)",
        help: help)
    }
    return nil
  }
}
