import Columns
import Diagnostics
import Glibc
import Scheduling
import Synchronization

/// Where the values of spilled columns are read.
protocol SpillReader: Sendable {
  /// The values of a piece that was written whole.
  func read<Element: BitwiseCopyable>(_ piece: SpillFile.Piece) throws -> Buffer<Element>
}

/// Segments of rows in a temporary file that has no name any more: it goes when this object goes, or with the
/// program, however that ends.
final class SpillFile: SpillReader {
  /// A run of values in the file.
  struct Piece: Sendable {
    var offset: Int
    var count: Int
  }

  private let file: Int32
  private let folder: String
  private let end = Atomic<Int>(0)

  /// - Parameter folder: where temporary files belong.
  init(folder: String) throws {
    self.folder = folder
    file = UnnamedFile.open(in: folder)
    guard file >= 0 else { throw SpillFile.fault(folder, errno) }
  }

  deinit { close(file) }

  /// Bytes that were written.
  var byteCount: Int { end.load(ordering: .relaxed) }

  /// Appends the values as they lie in memory, at a place where every type may lie.
  func write<Element>(_ buffer: Buffer<Element>) throws -> Piece {
    let total = buffer.byteCount
    let start = end.add((total + 63) & ~63, ordering: .relaxed).oldValue
    let failure = buffer.withUnsafePointer { base in
      UnnamedFile.write(UnsafeRawBufferPointer(start: base, count: total), to: file, at: start)
    }
    if failure != 0 { throw SpillFile.fault(folder, failure) }
    return Piece(offset: start, count: buffer.count)
  }

  /// The pages of what was written until now, to look into it where it lies: the system reads them when they are
  /// looked at, and takes them back when memory is short.
  func mapped() throws -> SpillMapping {
    let length = byteCount
    guard length > 0 else { return SpillMapping(nil, 0) }
    // The last piece may end before the end of its place.
    guard ftruncate(file, off_t(length)) == 0,
      let base = mmap(nil, length, PROT_READ, MAP_SHARED, file, 0), base != MAP_FAILED
    else { throw SpillFile.fault(folder, errno) }
    return SpillMapping(base, length)
  }

  /// Reads values back into memory of their own.
  func read<Element>(_ piece: Piece) throws -> Buffer<Element> {
    var result = MutableBuffer<Element>(count: piece.count)
    let total = piece.count * MemoryLayout<Element>.stride
    var target = result.mutableSpan
    try target.withUnsafeMutableBufferPointer { memory in
      guard let bytes = UnsafeMutableRawPointer(memory.baseAddress) else { return }
      var done = 0
      while done < total {
        let count = pread(file, bytes + done, total - done, off_t(piece.offset + done))
        if count < 0, errno == EINTR { continue }
        guard count > 0 else { throw SpillFile.fault(folder, count < 0 ? errno : EIO) }
        done += count
      }
    }
    return result.freeze()
  }

  private static func fault(_ folder: String, _ number: Int32) -> Diagnostic {
    let reason =
      number == ENOSPC ? "there is no room left" : String(cString: strerror(number))
    return Diagnostic(
      "temporary-file",
      "the query does not fit in memory, and in \(folder) no temporary file can hold it: \(reason)",
      help: ["set TMPDIR to a folder with more room, or give more with --memory"])
  }
}

/// The pages of a temporary file, for as long as a buffer looks into them.
final class SpillMapping: SpillReader, BufferOwner, @unchecked Sendable {
  private let base: UnsafeMutableRawPointer?
  private let length: Int

  fileprivate init(_ base: UnsafeMutableRawPointer?, _ length: Int) {
    self.base = base
    self.length = length
  }

  deinit {
    if let base { munmap(base, length) }
  }

  func read<Element: BitwiseCopyable>(_ piece: SpillFile.Piece) -> Buffer<Element> {
    let bytes = piece.count * MemoryLayout<Element>.stride
    guard let base, piece.count > 0, piece.offset + bytes <= length else { return Buffer([]) }
    let start = (base + piece.offset).bindMemory(to: Element.self, capacity: piece.count)
    return Buffer(owner: self, base: UnsafePointer(start), count: piece.count)
  }
}
