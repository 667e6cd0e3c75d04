import Columns
import Diagnostics
import Formats
import Glibc
import Planning
import Synchronization

/// Whole files, read at once and written by a temporary file that is renamed.
package enum FileAccess {
  /// The bytes of a file, `~` for the home folder; throws `FormatFault` where it cannot be read.
  package static func read(_ path: String) throws -> [UInt8] {
    let file = open(Paths.expandingHome(path), O_RDONLY | O_CLOEXEC)
    guard file >= 0 else { throw FormatFault(file: path, reason(errno)) }
    defer { close(file) }
    if Device.isEndless(file) {
      throw FormatFault(file: path, "this is a device, which may have no end")
    }
    return try readAll(file, name: path)
  }

  /// No script, and no record of a session, is longer: what is, or has no end, is another file.
  private static let longestText = 256 << 20

  /// The text of a script's bytes, a byte order mark left aside; bytes that are no UTF-8 are a fault that names the
  /// line, since statements guessed from them could mean something else.
  package static func script(_ bytes: [UInt8], name: String) throws -> String {
    guard let text = String(validating: bytes, as: UTF8.self) else {
      var line = 1
      for part in bytes.split(separator: 10, omittingEmptySubsequences: false) {
        if String(validating: part, as: UTF8.self) == nil { break }
        line += 1
      }
      throw FormatFault(
        file: name, line: line, "this script is not UTF-8 text",
        help: ["save it as UTF-8 in the editor, or convert it: iconv -f WINDOWS-1252 -t UTF-8"])
    }
    return text.hasPrefix("\u{FEFF}") ? String(text.dropFirst()) : text
  }

  /// The bytes of an open file from where it stands to its end; it stays open.
  package static func readAll(_ file: Int32, name: String) throws -> [UInt8] {
    var bytes: [UInt8] = []
    try forEachBlock(file, name: name) { block in
      if bytes.count + block.count > longestText {
        throw FormatFault(
          file: name, "a script or a transcript is no longer than \(longestText >> 20) MB, and this is",
          help: ["a table is read by its name: load \"FILE\""])
      }
      append(block, to: &bytes)
    }
    return bytes
  }

  /// Calls `body` with the bytes of a file from where it stands to its end, some at a time.
  static func forEachBlock(_ file: Int32, name: String, _ body: (Span<UInt8>) throws -> Void) throws {
    var block = [UInt8](repeating: 0, count: 1 << 16)
    while true {
      let count = Glibc.read(file, &block, block.count)
      if count == 0 { return }
      if count < 0 {
        if errno == EINTR { continue }
        throw FormatFault(file: name, reason(errno))
      }
      try body(block.span.extracting(0..<count))
    }
  }

  /// A system's error number in words.
  package static func reason(_ number: Int32) -> String {
    switch number {
    case ENOENT: "there is no such file"
    case EACCES: "this file may not be read or written"
    case EISDIR: "this is a folder"
    case ENOSPC: "the disk is full"
    case EFBIG: "the file would be larger than the system allows here (ulimit -f)"
    default: String(cString: strerror(number))
    }
  }

  private static func unwritable(_ path: String, _ target: String, _ number: Int32) -> FormatFault {
    let folder = Paths.folder(target)
    if number == ENOENT, !Paths.exists(folder) {
      return FormatFault(
        file: path, "there is no folder \(folder)", help: ["make it first: mkdir -p \(folder)"])
    }
    if number == ENOENT { return FormatFault(file: path, "no file can be made in \(folder)") }
    if number == EACCES { return FormatFault(file: path, "files may not be written in \(folder)") }
    return FormatFault(file: path, reason(number))
  }

  /// Writes by a temporary file in the same folder; an existing file stays as it is unless `replace`. A link keeps
  /// its place and what it leads to is written; a device or a pipe is written into, and never replaced by a file.
  package static func write(
    _ path: String, _ replace: Bool, _ body: (_ emit: (Span<UInt8>) throws -> Void) throws -> Void
  ) throws {
    let written = Paths.expandingHome(path)
    if let stream = openStream(written) {
      // What others write there stays, and what comes behind it.
      defer { close(stream) }
      return try pour(into: stream, path, body)
    }
    let target = Paths.followingLinks(written)
    if Paths.isDeviceOrPipe(written) {
      let file = open(written, O_WRONLY | O_CLOEXEC)
      guard file >= 0 else { throw unwritable(path, target, errno) }
      defer { close(file) }
      return try pour(into: file, path, body)
    }
    if !replace, Paths.exists(target) { throw existing(path) }
    // A renamed file would take its place all the same.
    if Paths.exists(target), access(target, W_OK) != 0 {
      throw FormatFault(
        file: path, "this file is protected against writing",
        help: ["take another name, or allow it first: chmod u+w \"\(path)\""])
    }
    var template = Array((temporaryStem(target) + "." + String(repeating: "X", count: 6)).utf8CString)
    let file = mkstemp(&template)
    guard file >= 0 else { throw unwritable(path, target, errno) }
    let temporary = String(decoding: template.dropLast().map { UInt8(bitPattern: $0) }, as: UTF8.self)
    let unfinished = UnfinishedFiles.add(temporary)
    defer { UnfinishedFiles.remove(unfinished) }
    var isOpen = true
    do {
      try pour(into: file, path, body)
      _ = fchmod(file, mode(replacing: target))
      isOpen = false
      guard close(file) == 0 else { throw FormatFault(file: path, reason(errno)) }
      try place(temporary, at: target, path, replace)
    } catch {
      // A file that is open keeps its room on the disk.
      if isOpen { close(file) }
      unlink(temporary)
      throw error
    }
  }

  /// A name beside a file's own: the file's, unless more letters would make it longer than names may be.
  private static func temporaryStem(_ target: String) -> String {
    let name = target.utf8.lastIndex(of: UInt8(ascii: "/")).map { target.utf8.index(after: $0) }
    let start = name ?? target.utf8.startIndex
    let isLong = target.utf8[start...].count > 240
    return isLong ? String(target[..<start]) + ".unfinished" : target
  }

  /// A stream that the program was given open, by the name that the system has for it: `/dev/stdout`, `/dev/fd/3`.
  private static func openStream(_ path: String) -> Int32? {
    // A link may lead there by several steps; where a descriptor's own entry leads no name must be looked for.
    var place = path
    var number = descriptor(place)
    for _ in 0..<8 where number == nil {
      guard let next = Paths.linked(from: place) else { return nil }
      place = next
      number = descriptor(place)
    }
    guard let number else { return nil }
    let stream = fcntl(number, F_DUPFD_CLOEXEC, 0)
    return stream >= 0 ? stream : nil
  }

  private static func descriptor(_ path: String) -> Int32? {
    if path == "/dev/stdout" { return STDOUT_FILENO }
    if path == "/dev/stderr" { return STDERR_FILENO }
    for folder in ["/dev/fd/", "/proc/self/fd/"] where path.hasPrefix(folder) {
      return Int32(path.dropFirst(folder.count))
    }
    return nil
  }

  private static func existing(_ path: String) -> FormatFault {
    FormatFault(
      file: path, "this file exists already",
      help: ["add `replace` to write over it: save \"\(path)\" replace"])
  }

  /// Gives a finished file its name. What has come there while it was written stays, unless `replace`.
  private static func place(
    _ temporary: String, at target: String, _ path: String, _ replace: Bool
  ) throws(FormatFault) {
    if !replace {
      if link(temporary, target) == 0 {
        unlink(temporary)
        return
      }
      if errno == EEXIST { throw existing(path) }
      // A file system without links: another program would have to be quick.
      if Paths.exists(target) { throw existing(path) }
    }
    guard rename(temporary, target) == 0 else { throw FormatFault(file: path, reason(errno)) }
  }

  /// Who may read a file that is written: those who could read the one it replaces, otherwise as for any new file.
  private static func mode(replacing target: String) -> mode_t {
    var info = stat()
    if stat(target, &info) == 0 { return info.st_mode & 0o7777 }
    let mask = umask(0o077)
    umask(mask)
    return 0o666 & ~mask
  }

  private static func pour(
    into file: Int32, _ path: String, _ body: (_ emit: (Span<UInt8>) throws -> Void) throws -> Void
  ) throws {
    var pending: [UInt8] = []
    try body { span in
      if span.count >= 1 << 16 {
        // Whole columns go out as they lie.
        try flush(&pending, to: file, path)
        try span.withUnsafeBytes { try write($0, to: file, path) }
        return
      }
      append(span, to: &pending)
      if pending.count >= 1 << 18 { try flush(&pending, to: file, path) }
    }
    try flush(&pending, to: file, path)
  }

  /// Puts bytes behind others at once.
  package static func append(_ span: Span<UInt8>, to bytes: inout [UInt8]) {
    span.withUnsafeBufferPointer { bytes.append(contentsOf: $0) }
  }

  /// Puts a text behind what a file holds; makes the file where there is none.
  package static func append(_ path: String, _ text: String) throws {
    let file = open(Paths.expandingHome(path), O_WRONLY | O_APPEND | O_CREAT | O_CLOEXEC, 0o644)
    guard file >= 0 else { throw FormatFault(file: path, reason(errno)) }
    defer { close(file) }
    var pending = Array(text.utf8)
    try flush(&pending, to: file, path)
  }

  /// Length and SHA-256 of a file's bytes. Throws `FormatFault`, and what `check` throws between the blocks.
  static func digest(_ path: String, check: () throws -> Void) throws -> (bytes: Int, digest: String) {
    let file = open(Paths.expandingHome(path), O_RDONLY | O_CLOEXEC)
    guard file >= 0 else { throw FormatFault(file: path, reason(errno)) }
    defer { close(file) }
    var digest = Digest()
    var bytes = 0
    try forEachBlock(file, name: path) { block in
      try check()
      bytes += block.count
      digest.add(block)
    }
    return (bytes, digest.finish())
  }

  static func flush(_ pending: inout [UInt8], to file: Int32, _ path: String) throws {
    try pending.withUnsafeBytes { try write($0, to: file, path) }
    pending.removeAll(keepingCapacity: true)
  }

  private static func write(_ bytes: UnsafeRawBufferPointer, to file: Int32, _ path: String) throws {
    var start = 0
    while start < bytes.count {
      let written = Glibc.write(file, bytes.baseAddress.map { $0 + start }, bytes.count - start)
      if written < 0 {
        if errno == EINTR { continue }
        throw FormatFault(file: path, reason(errno))
      }
      start += written
    }
  }
}

/// Temporary files that have not got their name yet: whatever ends the process removes them.
package enum UnfinishedFiles {
  /// Addresses of paths, 0 where there is none. No path is ever freed: a signal's handler may be looking at it.
  private static let paths = InlineArray<8, Atomic<UInt>> { _ in Atomic(0) }

  /// Set up once, before the first statement. Signals that somebody answers, or that are ignored, stay so; who
  /// ends the process for one calls `unlinkAll`.
  private static let watch: Void = {
    atexit { UnfinishedFiles.unlinkAll() }
    // What a handler looks at is made before it can be called.
    unlinkAll()
    for number in [SIGINT, SIGTERM, SIGHUP] {
      var action = sigaction()
      guard sigaction(number, nil, &action) == 0, action.__sigaction_handler.sa_handler == nil else {
        continue
      }
      action.__sigaction_handler.sa_handler = { number in
        UnfinishedFiles.unlinkAll()
        HandedOverMemory.handOver()
        signal(number, SIG_DFL)
        raise(number)
      }
      sigaction(number, &action, nil)
    }
  }()

  /// Has signals that end the process leave nothing behind, neither files nor who waits for it.
  package static func watchSignals() { _ = watch }

  /// Keeps a path in mind; where it is kept, nil when too many are written at once.
  static func add(_ path: String) -> Int? {
    _ = watch
    guard let copy = strdup(path) else { return nil }
    for place in paths.indices {
      let (isFree, _) = paths[place].compareExchange(
        expected: 0, desired: UInt(bitPattern: copy), ordering: .sequentiallyConsistent)
      if isFree { return place }
    }
    free(copy)
    return nil
  }

  static func remove(_ place: Int?) {
    if let place { paths[place].store(0, ordering: .sequentiallyConsistent) }
  }

  /// Removes the files. A signal's handler may call it.
  package static func unlinkAll() {
    for place in paths.indices {
      let address = paths[place].load(ordering: .sequentiallyConsistent)
      if let path = UnsafePointer<CChar>(bitPattern: address) { unlink(path) }
    }
  }
}
