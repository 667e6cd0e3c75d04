import Glibc
import Synchronization

/// Temporary files that have no name any more.
package enum UnnamedFile {
  /// Where temporary files belong, unless a query says otherwise: set once, by the program that starts.
  package static var folder: String {
    get { place.withLock { $0 } }
    set { place.withLock { $0 = newValue } }
  }
  private static let place = Mutex("/tmp")

  /// Whether there was one: closing a file without a name takes as long as it is large.
  package static var wasMade: Bool { anyMade.load(ordering: .relaxed) }
  private static let anyMade = Atomic(false)

  /// A file to write and to read, which goes when it is closed; below 0 where the folder can hold none, and `errno`
  /// then says why.
  package static func open(in folder: String) -> Int32 {
    var template = Array((folder + "/rounds-" + String(repeating: "X", count: 6)).utf8CString)
    let file = mkstemp(&template)
    if file < 0 { return file }
    _ = fcntl(file, F_SETFD, FD_CLOEXEC)
    unlink(template)
    anyMade.store(true, ordering: .relaxed)
    return file
  }

  /// Writes all bytes at a place of a file; gives 0, or the number of the system's error.
  package static func write(_ bytes: UnsafeRawBufferPointer, to file: Int32, at offset: Int) -> Int32 {
    guard let base = bytes.baseAddress else { return 0 }
    var done = 0
    while done < bytes.count {
      let count = pwrite(file, base + done, bytes.count - done, off_t(offset + done))
      if count < 0, errno == EINTR { continue }
      if count <= 0 { return count < 0 ? errno : ENOSPC }
      done += count
    }
    return 0
  }
}
