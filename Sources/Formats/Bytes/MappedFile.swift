import Columns
import Glibc
import Planning
import Synchronization

/// A file whose bytes lie in memory without having been read: pages come in when they are looked at.
///
/// Another program that cuts the file short takes its last pages away; looking at one of them is then a bus error,
/// which ends the program with a message that names the file.
final class MappedFile: BufferOwner {
  let name: String
  let bytes: Buffer<UInt8>
  private let mapping: Mapping

  /// The pages themselves: apart from the file, so that `bytes` can keep them without keeping itself.
  private final class Mapping: BufferOwner, @unchecked Sendable {
    let base: UnsafeMutableRawPointer
    let length: Int
    private let entry: UnsafeMutablePointer<MappedRange>
    /// Kept open, to see whether another program writes to the file.
    private let descriptor: Int32
    private let written: timespec
    private let name: String

    init(
      _ base: UnsafeMutableRawPointer, _ length: Int, _ name: String, _ descriptor: Int32, _ written: timespec
    ) {
      self.base = base
      self.length = length
      self.descriptor = descriptor
      self.name = name
      self.written = written
      entry = MappedRanges.add(base, length, name)
    }

    deinit {
      MappedRanges.remove(entry)
      munmap(base, length)
      close(descriptor)
    }

    var changedFile: String? {
      var status = stat()
      let isKnown = fstat(descriptor, &status) == 0
      let isSame =
        isKnown && Int(status.st_size) == length && status.st_mtim.tv_sec == written.tv_sec
        && status.st_mtim.tv_nsec == written.tv_nsec
      return isSame ? nil : name
    }
  }

  /// Maps a regular file; nil for a pipe, a device or an empty file, which are read instead.
  static func open(_ path: String) throws(FormatFault) -> MappedFile? {
    let descriptor = Glibc.open(path, O_RDONLY | O_CLOEXEC)
    guard descriptor >= 0 else {
      throw FormatFault(file: path, "cannot open \(path): \(ByteSource.systemMessage())")
    }
    var status = stat()
    guard fstat(descriptor, &status) == 0, status.st_mode & S_IFMT == S_IFREG, status.st_size > 0,
      case let length = Int(status.st_size),
      let base = mmap(nil, length, PROT_READ, MAP_PRIVATE, descriptor, 0), base != MAP_FAILED
    else {
      close(descriptor)
      return nil
    }
    return MappedFile(Mapping(base, length, path, descriptor, status.st_mtim), name: path)
  }

  /// Throws where another program has written to the file since it was opened: what is known of its bytes no longer
  /// holds. One that was replaced by another file of its name stays as it was.
  func checkUnchanged() throws(FormatFault) {
    if let file = mapping.changedFile { throw .changed(file) }
  }

  private init(_ mapping: Mapping, name: String) {
    self.name = name
    self.mapping = mapping
    let base = UnsafePointer(mapping.base.assumingMemoryBound(to: UInt8.self))
    bytes = Buffer(owner: mapping, base: base, count: mapping.length)
  }
}

/// Where a file lies in memory: one entry of a list that is only ever added to, so that the handler of a bus error
/// can walk it at any moment.
private struct MappedRange {
  var lower: UInt
  var upper: UInt
  var name: UnsafeMutablePointer<CChar>?
  var next: UnsafeMutablePointer<MappedRange>?
}

private enum MappedRanges {
  /// Guards the list against other writers; the handler reads without it.
  private static let writing = Mutex(false)
  nonisolated(unsafe) static var first: UnsafeMutablePointer<MappedRange>?

  static func add(
    _ base: UnsafeMutableRawPointer, _ length: Int, _ name: String
  ) -> UnsafeMutablePointer<MappedRange> {
    writing.withLock { isHandled in
      if !isHandled {
        handleBusErrors()
        isHandled = true
      }
      var free = first
      while let entry = free, entry.pointee.upper != 0 { free = entry.pointee.next }
      let entry = free ?? .allocate(capacity: 1)
      if free == nil { entry.initialize(to: MappedRange(lower: 0, upper: 0, name: nil, next: first)) }
      Glibc.free(entry.pointee.name)
      entry.pointee.name = strdup(name)
      entry.pointee.lower = UInt(bitPattern: base)
      entry.pointee.upper = UInt(bitPattern: base) + UInt(length)
      if free == nil { first = entry }
      return entry
    }
  }

  static func remove(_ entry: UnsafeMutablePointer<MappedRange>) {
    writing.withLock { _ in
      entry.pointee.lower = 0
      entry.pointee.upper = 0
    }
  }

  private static func handleBusErrors() {
    var action = sigaction()
    action.sa_flags = SA_SIGINFO
    action.__sigaction_handler.sa_sigaction = { _, info, _ in
      let address = UInt(bitPattern: info?.pointee._sifields._sigfault.si_addr)
      var entry = MappedRanges.first
      while let range = entry {
        if range.pointee.lower <= address, address <= range.pointee.upper | 4095 {
          MappedRanges.tell(range.pointee.name)
          _exit(1)
        }
        entry = range.pointee.next
      }
      // Not ours: what the system does with a bus error.
      signal(SIGBUS, SIG_DFL)
    }
    sigaction(SIGBUS, &action, nil)
  }

  /// Only what a signal handler may call: `write` and `strlen`.
  private static func tell(_ name: UnsafeMutablePointer<CChar>?) {
    put("error: ")
    if let name { _ = write(STDERR_FILENO, name, strlen(name)) }
    put(" was cut short by another program while it was open\n")
  }

  private static func put(_ text: StaticString) {
    _ = write(STDERR_FILENO, text.utf8Start, text.utf8CodeUnitCount)
  }
}
