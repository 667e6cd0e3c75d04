import Columns
import Planning
import Scheduling

/// A group-by's rows on disk, divided by their keys into partitions that are grouped one after the other.
///
/// Each segment's rows stay apart within a partition: a group's state sees the rows in the portions in which segments
/// that find their groups see them, so that sums of floats are the same to the last bit.
struct PartitionedInput {
  private let file: SpillFile
  /// By segment and partition; nil where a partition has no rows of the segment.
  private let pieces: [[SpilledSegment?]]
  private let needed: [Int]
  private let width: Int
  private let types: [DataType]
  let rowCount: Int

  var byteCount: Int { file.byteCount }

  func rows(_ partition: Int) -> Int { pieces.reduce(0) { $0 + ($1[partition]?.count ?? 0) } }

  /// Reads a stream once and writes the keys and the columns that the calls read.
  init(_ stream: SegmentStream, _ keys: EvaluatorList, needed: Set<Int>, _ context: QueryContext) throws {
    let file = try SpillFile(folder: context.temporaryFolder)
    let columns = needed.sorted()
    let parts = try context.workers.map(stream.count) { index -> (pieces: [SpilledSegment?], rows: Int) in
      let segment = try stream.read(index)
      context.progress.advance()
      let keyColumns = try keys.columns(segment)
      let kept = columns.map { segment.columns[$0] } + keyColumns
      let pieces = try KeyPartitions.rows(keyColumns, count: segment.count).map { rows -> SpilledSegment? in
        if rows.count == 0 { return nil }
        return try SpilledSegment(Segment(columns: kept.map { $0.take(rows) }, count: rows.count), in: file)
      }
      return (pieces, segment.count)
    }
    self.file = file
    self.needed = columns
    width = stream.schema.count
    types = stream.schema.fields.map(\.type)
    pieces = parts.map(\.pieces)
    rowCount = parts.reduce(0) { $0 + $1.rows }
  }

  /// A partition's rows, a segment for each one of the input that has any: the input's columns in their places
  /// (those that nobody reads are missing), and the keys behind them.
  func stream(_ partition: Int) -> [@Sendable () throws -> (Segment, keys: [Column])] {
    pieces.compactMap { $0[partition] }.map { piece in
      let read: @Sendable () throws -> (Segment, keys: [Column]) = { [file, needed, width, types] in
        let stored = try piece.read(from: file)
        var columns = (0..<width).map { Column.missing(count: piece.count, type: types[$0]) }
        for (position, index) in needed.enumerated() { columns[index] = stored.columns[position] }
        return (Segment(columns: columns, count: piece.count), Array(stored.columns.dropFirst(needed.count)))
      }
      return read
    }
  }
}
