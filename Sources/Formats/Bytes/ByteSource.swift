import Columns
import Glibc
import Planning
import Scheduling

/// Bytes that can be read at any place from any thread: an open file, memory, or what comes out of packed bytes.
///
/// A file is read with `pread`, never mapped: another program that cuts a mapped file short would end this one.
final class ByteSource: BufferOwner {
  /// For messages: the path.
  let name: String
  /// The number of bytes, or what it is taken to be until packed bytes are all unpacked. Fixed when the file is opened.
  let estimatedCount: Int
  private let descriptor: Int32
  private let memory: Buffer<UInt8>
  private let unpacked: UnpackedBytes?

  init(_ bytes: Buffer<UInt8>, name: String) {
    self.name = name
    estimatedCount = bytes.count
    descriptor = -1
    memory = bytes
    unpacked = nil
  }

  /// - Parameter estimate: how many bytes may come out.
  init(_ bytes: UnpackedBytes, estimate: Int, name: String) {
    self.name = name
    estimatedCount = estimate
    descriptor = -1
    memory = Buffer([])
    unpacked = bytes
  }

  private init(descriptor: Int32, count: Int, name: String) {
    self.name = name
    estimatedCount = count
    self.descriptor = descriptor
    memory = Buffer([])
    unpacked = nil
  }

  deinit {
    if descriptor >= 0 { close(descriptor) }
  }

  /// Opens what an origin names. Pipes and devices are read to their end at once.
  static func open(_ origin: ByteOrigin) throws(FormatFault) -> ByteSource {
    switch origin {
    case .memory(let bytes, let name): return ByteSource(bytes, name: name)
    case .file(let path, let name): return try openFile(path, name)
    }
  }

  private static func openFile(_ path: String, _ name: String) throws(FormatFault) -> ByteSource {
    let descriptor = Glibc.open(path, O_RDONLY | O_CLOEXEC)
    guard descriptor >= 0 else { throw FormatFault(file: name, "cannot open \(name): \(systemMessage())") }
    var status = stat()
    guard fstat(descriptor, &status) == 0 else {
      let message = systemMessage()
      close(descriptor)
      throw FormatFault(file: name, "cannot read \(name): \(message)")
    }
    switch status.st_mode & S_IFMT {
    // The files of /proc say that they hold nothing: they are read like a pipe.
    case S_IFREG where status.st_size > 0:
      return ByteSource(descriptor: descriptor, count: Int(status.st_size), name: name)
    case S_IFDIR:
      close(descriptor)
      throw FormatFault(
        file: path, "\(path) is a folder, not a file", help: ["name its files: \"\(path)/*.csv\""])
    case S_IFCHR where isatty(descriptor) != 0:
      close(descriptor)
      throw FormatFault(
        file: name, "\(name) is a terminal, and what is typed there is no file",
        help: ["outside of the shell the standard input can be typed: rounds -e 'stdin | count'"])
    case S_IFCHR where Device.isEndless(descriptor):
      close(descriptor)
      throw FormatFault(
        file: name, "\(name) is a device, which may have no end",
        help: ["a part of it goes by the standard input: head -c 1M \(name) | rounds …"])
    default:
      defer { close(descriptor) }
      return ByteSource(try readToEnd(descriptor, name), name: name)
    }
  }

  private static func readToEnd(_ descriptor: Int32, _ path: String) throws(FormatFault) -> Buffer<UInt8> {
    var bytes = MutableBuffer<UInt8>(capacity: 1 << 16)
    var block = [UInt8](repeating: 0, count: 1 << 16)
    while true {
      let got = block.withUnsafeMutableBytes { Glibc.read(descriptor, $0.baseAddress, $0.count) }
      if got == 0 { return bytes.freeze() }
      if got < 0 {
        if errno == EINTR { continue }
        throw FormatFault(file: path, "cannot read \(path): \(systemMessage())")
      }
      bytes.append(block.span.extracting(0..<got))
    }
  }

  /// Whether they come out of packed bytes, and how many there are is not known before all are unpacked.
  var isUnpacked: Bool { unpacked != nil }

  /// The least of a place and the number of bytes.
  func clamped(_ place: Int) throws(FormatFault) -> Int {
    if let unpacked { return try unpacked.clamped(place) }
    return min(place, estimatedCount)
  }

  /// Whether the bytes end before a place or at it.
  func ends(at place: Int) throws(FormatFault) -> Bool { try clamped(place + 1) <= place }

  /// The number of bytes.
  func count() throws(FormatFault) -> Int { try clamped(.max) }

  /// Fills `target` from `offset` and returns how many bytes there were: fewer than asked for only at the end.
  func read(at offset: Int, into target: UnsafeMutableRawBufferPointer) throws(FormatFault) -> Int {
    let wanted = try clamped(offset + target.count) - offset
    guard wanted > 0, let base = target.baseAddress else { return 0 }
    if let unpacked {
      try unpacked.copy(at: offset, into: UnsafeMutableRawBufferPointer(start: base, count: wanted))
      return wanted
    }
    if descriptor < 0 {
      memory.withUnsafePointer { base.copyMemory(from: $0 + offset, byteCount: wanted) }
      return wanted
    }
    let part = UnsafeMutableRawBufferPointer(start: base, count: wanted)
    try Self.read(descriptor, at: offset, into: part, name)
    return wanted
  }

  /// Fills `target` with the bytes of a file from `offset` on.
  static func read(
    _ file: Int32, at offset: Int, into target: UnsafeMutableRawBufferPointer, _ name: String
  ) throws(FormatFault) {
    guard let base = target.baseAddress else { return }
    var done = 0
    while done < target.count {
      let got = pread(file, base + done, target.count - done, off_t(offset + done))
      if got < 0 {
        if errno == EINTR { continue }
        throw FormatFault(file: name, "cannot read \(name): \(systemMessage())")
      }
      if got == 0 {
        throw FormatFault(file: name, "\(name) was cut short by another program while it was read")
      }
      done += got
    }
  }

  /// Writes bytes to a temporary file at a place.
  static func write(
    _ bytes: Buffer<UInt8>, to file: Int32, at offset: Int, _ name: String, made: String
  ) throws(FormatFault) {
    let failure = bytes.withUnsafePointer { base in
      UnnamedFile.write(UnsafeRawBufferPointer(start: base, count: bytes.count), to: file, at: offset)
    }
    if failure != 0 {
      let reason =
        failure == ENOSPC ? "there is no room left" : String(cString: strerror(failure)).lowercased()
      throw FormatFault(
        file: name,
        "it is \(made) into a temporary file in \(UnnamedFile.folder), which cannot hold it: \(reason)",
        help: ["set TMPDIR to a folder with room for it"])
    }
  }

  /// A part as an array; shorter at the end of the bytes.
  func bytes(at offset: Int, count wanted: Int) throws(FormatFault) -> [UInt8] {
    var failure: FormatFault?
    let size = max(0, try clamped(offset + min(wanted, .max - offset)) - offset)
    let bytes = [UInt8](unsafeUninitializedCapacity: size) { target, filled in
      do throws(FormatFault) {
        filled = try read(at: offset, into: UnsafeMutableRawBufferPointer(target))
      } catch {
        failure = error
      }
    }
    if let failure { throw failure }
    return bytes
  }

  static func systemMessage() -> String {
    String(cString: strerror(errno)).lowercased()
  }
}
