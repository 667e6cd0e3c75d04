/// A column's name and type.
package struct Field: Hashable, Sendable {
  package var name: String
  package var type: DataType
  /// Where the column came from, when a join brought it in: `T.name` finds it too.
  package var table: String?
  /// Made by `percent` or `count`: it runs from 0 to 100, and a literal such as 5% is no measure for it.
  package var isPercentage = false

  package init(_ name: String, _ type: DataType, table: String? = nil) {
    self.name = name
    self.type = type
    self.table = table
  }
}

/// The columns of a table, in order.
package struct Schema: Hashable, Sendable {
  /// One for each column, in the order of `Segment.columns`.
  package var fields: [Field]

  package init(_ fields: [Field]) { self.fields = fields }

  /// The number of columns.
  package var count: Int { fields.count }
  package var names: [String] { fields.map(\.name) }
  package subscript(index: Int) -> Field { fields[index] }
  /// The place of the first column of that exact name; nil where there is none.
  package func index(of name: String) -> Int? { fields.firstIndex { $0.name == name } }
}

/// A run of rows, all columns of the same length.
package struct Segment: Sendable {
  /// In the order of the schema's fields.
  package var columns: [Column]
  /// The number of rows, known without columns too.
  package var count: Int

  package init(columns: [Column], count: Int) {
    self.columns = columns
    self.count = count
  }

  /// Rows of this segment; free where the range begins at a multiple of 64.
  package func slice(_ range: Range<Int>) -> Segment {
    if range == 0..<count { return self }
    return Segment(columns: columns.map { $0.slice(range) }, count: range.count)
  }
}

/// A schema and segments of rows.
package struct Table: Sendable {
  /// Rows of a segment that Rounds cuts itself. Float sums are taken of segments, or of some behind each other, and
  /// merged in row order, so that every number of workers gives the same bits.
  package static let segmentRows = 262_144

  package var schema: Schema
  /// The rows in order; a segment may be empty, and a table may have none.
  package var segments: [Segment]

  package init(schema: Schema, segments: [Segment]) {
    self.schema = schema
    self.segments = segments
  }

  /// A table of whole columns of one length, cut into segments.
  package init(schema: Schema, columns: [Column], count: Int) {
    let whole = Segment(columns: columns, count: count)
    var segments: [Segment] = []
    var lower = 0
    while lower < count {
      let upper = min(count, lower + Table.segmentRows)
      segments.append(whole.slice(lower..<upper))
      lower = upper
    }
    self.init(schema: schema, segments: segments)
  }

  /// A table from named columns of one length.
  package init(_ columns: [(name: String, column: Column)]) {
    self.init(
      schema: Schema(columns.map { Field($0.name, $0.column.type) }), columns: columns.map(\.column),
      count: columns.first?.column.count ?? 0)
  }

  /// The rows of all segments, added up at each call.
  package var rowCount: Int { segments.reduce(0) { $0 + $1.count } }
  package var columnCount: Int { schema.count }

  /// A whole column in one piece; free for a table of one segment.
  package func column(_ index: Int) -> Column {
    if segments.count == 1 { return segments[0].columns[index] }
    return Column.concatenated(segments.map { $0.columns[index] }, type: schema[index].type)
  }

  /// A whole column by its exact name; nil where there is none.
  package func column(named name: String) -> Column? {
    schema.index(of: name).map { column($0) }
  }

  /// The whole table as one segment.
  package var merged: Segment {
    if segments.count == 1 { return segments[0] }
    return Segment(columns: schema.fields.indices.map { column($0) }, count: rowCount)
  }

  /// One row's values (results and rare paths).
  package func row(_ index: Int) -> [Value] {
    var rest = index
    for segment in segments {
      if rest < segment.count { return segment.columns.map { $0.value(rest) } }
      rest -= segment.count
    }
    return []
  }

  /// Some columns.
  package func keeping(_ columns: Range<Int>) -> Table {
    Table(
      schema: Schema(Array(schema.fields[columns])),
      segments: segments.map { Segment(columns: Array($0.columns[columns]), count: $0.count) })
  }

  /// The first rows.
  package func prefix(_ rows: Int) -> Table {
    var kept: [Segment] = []
    var rest = rows
    for segment in segments where rest > 0 {
      kept.append(segment.count <= rest ? segment : segment.slice(0..<rest))
      rest -= segment.count
    }
    return Table(schema: schema, segments: kept)
  }

  /// Bytes that the columns hold, counting shared memory once a column.
  package var byteCount: Int {
    segments.reduce(0) { $0 + $1.columns.reduce(0) { $0 + $1.byteCount } }
  }
}
