import Columns
import Diagnostics
import Scheduling

/// An option of a format or a setting, as a person writes it behind `with` or `set`.
package struct OptionRow: Sendable {
  /// As it is written in front of `=`.
  package var name: String
  package var summary: String
  /// What it takes, for help: `true or false`, `a text`, `["NA", …]`.
  package var takes: String
  /// How it is written, as it stands behind `with`.
  package var example: String

  package init(_ name: String, _ summary: String, takes: String, example: String) {
    self.name = name
    self.summary = summary
    self.takes = takes
    self.example = example
  }
}

extension OptionRow {
  /// What every format takes, as it concerns files and not what they hold.
  package static let filename = OptionRow(
    "filename", "a further column with the name of each row's file, for folders and names with *",
    takes: "true, which calls it `file`, or a name for the column", example: "filename = true")
}

/// The value of an option: a value, a list, a record (`types = {admitted: date("%d/%m/%Y")}` arrives as the text of
/// the type or a call of `date` with its pattern).
package indirect enum OptionValue: Sendable, Equatable {
  case value(Value)
  case word(String)
  case list([OptionValue])
  case record([(name: String, value: OptionValue)])
  /// A call such as `date("%d/%m/%Y")`.
  case call(String, [OptionValue])

  package static func == (left: OptionValue, right: OptionValue) -> Bool {
    switch (left, right) {
    case (.value(let a), .value(let b)): a == b
    case (.word(let a), .word(let b)): a == b
    case (.list(let a), .list(let b)): a == b
    case (.record(let a), .record(let b)): a.map(\.name) == b.map(\.name) && a.map(\.value) == b.map(\.value)
    case (.call(let a, let x), .call(let b, let y)): a == b && x == y
    default: false
    }
  }
}

/// One option as written, with its place.
package struct Option: Sendable {
  /// As written; whoever reads it says whether there is such an option.
  package var name: String
  /// True for a bare word: `with strict`.
  package var value: OptionValue
  /// Its place in the text; nil where nobody wrote it.
  package var range: SourceRange?

  package init(_ name: String, _ value: OptionValue, at range: SourceRange? = nil) {
    self.name = name
    self.value = value
    self.range = range
  }
}

/// Where a source's bytes come from.
package enum ByteOrigin: Sendable {
  /// A path, and what to call it in messages.
  case file(String, name: String)
  /// Bytes at hand, with a name for messages.
  case memory(Buffer<UInt8>, name: String)

  /// A path that is its own name in messages.
  package static func file(_ path: String) -> ByteOrigin { .file(path, name: path) }
}

/// A kind of file that tables are read from.
package struct InputFormat: Sendable {
  package var name: String
  /// File name endings without the dot, lower case.
  package var extensions: [String]
  package var summary: String
  /// Those of this format alone.
  package var options: [OptionRow]
  /// Opens the source: sniffs its layout, reads the head for names and types. Throws `FormatFault`, or `Diagnostic`
  /// for an option that cannot be.
  package var open: @Sendable (ByteOrigin, [Option]) throws -> any TableSource

  package init(
    name: String, extensions: [String], summary: String, options: [OptionRow],
    open: @escaping @Sendable (ByteOrigin, [Option]) throws -> any TableSource
  ) {
    self.name = name
    self.extensions = extensions
    self.summary = summary
    self.options = options
    self.open = open
  }
}

/// A result on its way into a file: the table, and what is to be said of it.
package struct WrittenResult: Sendable {
  /// All rows, the total among them where there is one.
  package var table: Table
  /// What was left out and why, in the order in which it is told.
  package var notes: [Note]
  /// True where the last row stands for all rows together.
  package var hasTotals: Bool
  /// What was said before it, for documents that people read.
  package var texts: [String] = []
  /// A drawing behind it, as SVG, for documents that show pictures.
  package var picture: String?
  /// Who shares the work of writing; their number changes nothing in what is written.
  package var workers: Workers

  package init(
    _ table: Table, notes: [Note] = [], hasTotals: Bool = false, workers: Workers = Workers(count: 1)
  ) {
    self.table = table
    self.notes = notes
    self.hasTotals = hasTotals
    self.workers = workers
  }

  /// What was said, or drawn, where no result follows.
  package init(texts: [String] = [], picture: String? = nil, notes: [Note] = []) {
    self.init(Table([]), notes: notes)
    self.texts = texts
    self.picture = picture
  }

  /// The word that marks a row of totals in its first key.
  package static let totalMark = "Total"

  /// The table with its row of totals marked: a first key that is no text becomes text for it.
  package var marked: Table {
    guard hasTotals, let first = table.schema.fields.first else { return table }
    var schema = table.schema
    schema.fields[0].type = .text
    let keys = table.column(0).values.dropLast()
    let texts =
      first.type == .text
      ? Array(keys) : keys.map { $0.isMissing ? Value.missing : .text(ValueText.plain($0)) }
    let marks = Column(texts + [.text(Self.totalMark)], type: .text)
    let others = schema.fields.indices.dropFirst().map { table.column($0) }
    return Table(schema: schema, columns: [marks] + others, count: table.rowCount)
  }
}

/// Packs one file's bytes as they come.
package protocol Packer: AnyObject {
  func pack(_ bytes: Span<UInt8>, _ emit: OutputFormat.Emit) throws
  /// Hands on what is left, and the end.
  func finish(_ emit: OutputFormat.Emit) throws
}

/// A way of packing what is written: its ending stands behind that of the format.
package struct Packing: Sendable {
  package var name: String
  /// Without the dot, lower case.
  package var ending: String
  /// Makes the packer of one file.
  package var start: @Sendable () throws -> any Packer

  package init(name: String, ending: String, start: @escaping @Sendable () throws -> any Packer) {
    self.name = name
    self.ending = ending
    self.start = start
  }
}

/// A kind of output that results are written as.
package struct OutputFormat: Sendable {
  /// Takes the next bytes of what is written; throws where they cannot be.
  package typealias Emit = (Span<UInt8>) throws -> Void

  package var name: String
  /// File name endings without the dot, lower case.
  package var extensions: [String]
  package var summary: String
  /// True for formats that programs read: only data goes to standard output, notes go elsewhere.
  package var isMachine: Bool
  /// True where everything written forms one value or document, so that several results are written together at
  /// the end.
  package var isOneDocument: Bool
  /// True where the notes stand in what is written.
  package var holdsNotes: Bool
  /// True where charts are drawn into what is written.
  package var holdsPictures: Bool
  /// True where what is written is no text: never for a terminal.
  package var isBinary: Bool
  /// What of a table the format cannot hold.
  package var losses: @Sendable (Table) -> [Note]
  /// Writes results, one after the other, in pieces.
  package var write: @Sendable ([WrittenResult], _ emit: Emit) throws -> Void

  package init(
    name: String, extensions: [String], summary: String, isMachine: Bool = true, isOneDocument: Bool = false,
    holdsNotes: Bool = false, holdsPictures: Bool = false, isBinary: Bool = false,
    losses: @escaping @Sendable (Table) -> [Note] = { _ in [] },
    write: @escaping @Sendable ([WrittenResult], _ emit: Emit) throws -> Void
  ) {
    self.name = name
    self.extensions = extensions
    self.summary = summary
    self.isMachine = isMachine
    self.isOneDocument = isOneDocument
    self.holdsNotes = holdsNotes
    self.holdsPictures = holdsPictures
    self.isBinary = isBinary
    self.losses = losses
    self.write = write
  }

  /// The same format, packed.
  package func packed(_ packing: Packing) -> OutputFormat {
    var format = self
    format.isBinary = true
    format.write = { [write] results, emit in
      let packer = try packing.start()
      try write(results) { try packer.pack($0, emit) }
      try packer.finish(emit)
    }
    return format
  }
}
