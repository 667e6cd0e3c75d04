import Columns
import Diagnostics
import Glibc
import Synchronization

/// Segments of rows in a temporary file that has no name any more: it goes when this object goes, or with the
/// program, however that ends.
final class SpillFile: Sendable {
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
    var template = Array((folder + "/rounds-XXXXXX").utf8CString)
    file = mkstemp(&template)
    guard file >= 0 else { throw SpillFile.fault(folder, errno) }
    _ = fcntl(file, F_SETFD, FD_CLOEXEC)
    unlink(template)
  }

  deinit { close(file) }

  /// Bytes that were written.
  var byteCount: Int { end.load(ordering: .relaxed) }

  /// Appends the values as they lie in memory.
  func write<Element>(_ buffer: Buffer<Element>) throws -> Piece {
    let total = buffer.byteCount
    let start = end.add(total, ordering: .relaxed).oldValue
    try buffer.withUnsafePointer { base in
      let bytes = UnsafeRawPointer(base)
      var done = 0
      while done < total {
        let count = pwrite(file, bytes + done, total - done, off_t(start + done))
        if count < 0, errno == EINTR { continue }
        guard count > 0 else { throw SpillFile.fault(folder, count < 0 ? errno : ENOSPC) }
        done += count
      }
    }
    return Piece(offset: start, count: buffer.count)
  }

  /// Reads values back.
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
