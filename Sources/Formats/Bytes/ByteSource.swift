import Columns
import Glibc
import Planning

/// Bytes that can be read at any place from any thread: an open file, or memory.
///
/// A file is read with `pread`, never mapped: another program that cuts a mapped file short would end this one.
final class ByteSource: BufferOwner {
  /// For messages: the path.
  let name: String
  /// The number of bytes, fixed when the file is opened.
  let count: Int
  private let descriptor: Int32
  private let memory: Buffer<UInt8>

  init(_ bytes: Buffer<UInt8>, name: String) {
    self.name = name
    count = bytes.count
    descriptor = -1
    memory = bytes
  }

  private init(descriptor: Int32, count: Int, name: String) {
    self.name = name
    self.count = count
    self.descriptor = descriptor
    memory = Buffer([])
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

  /// Fills `target` from `offset` and returns how many bytes there were: fewer than asked for only at the end.
  func read(at offset: Int, into target: UnsafeMutableRawBufferPointer) throws(FormatFault) -> Int {
    let wanted = min(target.count, count - offset)
    guard wanted > 0, let base = target.baseAddress else { return 0 }
    if descriptor < 0 {
      memory.withUnsafePointer { base.copyMemory(from: $0 + offset, byteCount: wanted) }
      return wanted
    }
    var done = 0
    while done < wanted {
      let got = pread(descriptor, base + done, wanted - done, off_t(offset + done))
      if got < 0 {
        if errno == EINTR { continue }
        throw FormatFault(file: name, "cannot read \(name): \(Self.systemMessage())")
      }
      if got == 0 {
        throw FormatFault(file: name, "\(name) was cut short by another program while it was read")
      }
      done += got
    }
    return wanted
  }

  /// A part as an array; shorter at the end of the bytes.
  func bytes(at offset: Int, count wanted: Int) throws(FormatFault) -> [UInt8] {
    var failure: FormatFault?
    let size = max(0, min(wanted, count - offset))
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
