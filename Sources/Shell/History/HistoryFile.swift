import Glibc

/// The history on disk: appended to under a lock, so that shells that run side by side lose nothing.
///
/// Trouble with the file never stops the shell; it is told by the returned values.
package struct HistoryFile {
  /// Where the file is, or will be.
  package let path: String

  /// How far the file was read, and which file it was.
  private var offset = 0
  private var identity: FileIdentity?

  private struct FileIdentity: Equatable {
    let device: UInt
    let inode: UInt

    init(_ status: stat) {
      device = UInt(status.st_dev)
      inode = UInt(status.st_ino)
    }
  }

  package init(path: String) { self.path = path }

  /// The entries that were added since the last call, oldest first. `isFresh` when the file was replaced,
  /// and they are all there are.
  package mutating func readNew() -> (entries: [HistoryEntry], isFresh: Bool) {
    let descriptor = open(path, O_RDONLY | O_CLOEXEC)
    guard descriptor >= 0 else { return ([], false) }
    defer { close(descriptor) }
    var status = stat()
    guard fstat(descriptor, &status) == 0 else { return ([], false) }
    let size = Int(status.st_size)
    let isFresh = identity != FileIdentity(status) || size < offset
    if isFresh { offset = 0 }
    identity = FileIdentity(status)
    guard size > offset else { return ([], isFresh) }
    flock(descriptor, LOCK_SH)
    let bytes = Self.read(descriptor, from: offset)
    flock(descriptor, LOCK_UN)
    // A record without its line end is being written by a shell that was killed; it is skipped.
    guard let last = bytes.lastIndex(of: 0x0A) else { return ([], isFresh) }
    offset += last + 1
    return (bytes[..<last].split(separator: 0x0A).compactMap(HistoryRecord.decode), isFresh)
  }

  /// Adds one record; false when it could not be written.
  package mutating func append(_ text: String, time: Int) -> Bool {
    guard let descriptor = openLocked(O_WRONLY | O_APPEND | O_CREAT) else { return false }
    defer { close(descriptor) }
    var status = stat()
    guard fstat(descriptor, &status) == 0 else { return false }
    let record = HistoryRecord.encode(text, time: time)
    // Where nobody else has written, this shell need not read its own record again.
    let isOurs = identity == FileIdentity(status) && Int(status.st_size) == offset
    guard TerminalMode.write(record, to: descriptor) else { return false }
    if isOurs || (identity == nil && status.st_size == 0) {
      identity = FileIdentity(status)
      offset = Int(status.st_size) + record.count
    }
    return true
  }

  /// Replaces the file by the newest distinct entries, at once: another shell sees the old file or the new one.
  package mutating func rewrite(limit: Int) -> Bool {
    guard let descriptor = openLocked(O_RDONLY) else { return false }
    defer { close(descriptor) }
    let bytes = Self.read(descriptor, from: 0)
    let entries = History.distinct(
      bytes.split(separator: 0x0A).compactMap(HistoryRecord.decode), limit: limit)
    let temporary = "\(path).\(getpid())"
    let copy = open(temporary, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0o600)
    guard copy >= 0 else { return false }
    let content = entries.flatMap { HistoryRecord.encode($0.text, time: $0.time) }
    let isWritten = TerminalMode.write(content, to: copy) && fsync(copy) == 0
    var status = stat()
    let isKnown = fstat(copy, &status) == 0
    close(copy)
    guard isWritten, isKnown, rename(temporary, path) == 0 else {
      unlink(temporary)
      return false
    }
    identity = FileIdentity(status)
    offset = content.count
    return true
  }

  /// Opens the file with its lock held. A file that was replaced while waiting for the lock is opened again.
  private func openLocked(_ flags: Int32) -> Int32? {
    for _ in 0..<20 {
      var descriptor = open(path, flags | O_CLOEXEC, 0o600)
      if descriptor < 0, errno == ENOENT, flags & O_CREAT != 0, Self.makeFolder(of: path) {
        descriptor = open(path, flags | O_CLOEXEC, 0o600)
      }
      guard descriptor >= 0 else { return nil }
      var mine = stat()
      var named = stat()
      if flock(descriptor, LOCK_EX) == 0, fstat(descriptor, &mine) == 0, stat(path, &named) == 0,
        FileIdentity(mine) == FileIdentity(named)
      {
        return descriptor
      }
      close(descriptor)
    }
    return nil
  }

  private static func makeFolder(of path: String) -> Bool {
    guard let slash = path.lastIndex(of: "/"), slash != path.startIndex else { return false }
    let folder = String(path[..<slash])
    if mkdir(folder, 0o700) == 0 || errno == EEXIST { return true }
    return errno == ENOENT && makeFolder(of: folder) && mkdir(folder, 0o700) == 0
  }

  private static func read(_ descriptor: Int32, from offset: Int) -> [UInt8] {
    var bytes: [UInt8] = []
    var block = [UInt8](repeating: 0, count: 1 << 16)
    while true {
      let count = pread(descriptor, &block, block.count, off_t(offset + bytes.count))
      if count < 0 && errno == EINTR { continue }
      if count <= 0 { return bytes }
      bytes.append(contentsOf: block[..<count])
    }
  }
}
