internal import CZstd
import Columns
import Planning

/// Unpacks zstd frames, one or several in a row, while others read what came out.
enum Zstd {
  /// A frame, or one that is passed over, which some packers begin with (RFC 8878, 3.1.1 and 3.1.2).
  static func looksPacked(_ head: [UInt8]) -> Bool {
    if head.starts(with: [0x28, 0xB5, 0x2F, 0xFD]) { return true }
    guard let first = head.first, first & 0xF0 == 0x50 else { return false }
    return head.dropFirst().starts(with: [0x2A, 0x4D, 0x18])
  }

  /// Begins to unpack what a source holds.
  static func unpacked(_ source: ByteSource) throws(FormatFault) -> ByteSource {
    let bytes = UnpackedBytes(name: source.name) { (emit) throws(FormatFault) in try unpack(source, emit) }
    return ByteSource(bytes, estimate: try estimate(source), name: source.name)
  }

  /// How much will come out: what the first frame says of itself, where it does and is most of the bytes.
  private static func estimate(_ source: ByteSource) throws(FormatFault) -> Int {
    let packed = try source.count()
    let head = try source.bytes(at: 0, count: 32)
    let size = head.withUnsafeBytes { ZSTD_getFrameContentSize($0.baseAddress, $0.count) }
    // The two greatest numbers mean that the frame does not say, and that it is none.
    // A frame may say anything: more than a thousand times its own size is not believed.
    let most = packed.multipliedReportingOverflow(by: 1024)
    guard !most.overflow, size <= UInt64(most.partialValue), Int(size) > packed else { return packed * 8 }
    return Int(size)
  }

  private static func unpack(
    _ source: ByteSource, _ emit: (Span<UInt8>) throws(FormatFault) -> Void
  ) throws(FormatFault) {
    guard let context = ZSTD_createDCtx() else {
      throw FormatFault(file: source.name, "cannot start to unpack \(source.name)")
    }
    defer { ZSTD_freeDCtx(context) }
    let packed = try source.count()
    var target = [UInt8](repeating: 0, count: ZSTD_DStreamOutSize())
    var offset = 0
    // What the last call still wants: 0 between frames.
    var wanted = 0
    while offset < packed {
      let input = try source.bytes(at: offset, count: 1 << 17)
      offset += input.count
      var used = 0
      // Output that filled its block may go on without further input.
      var isFull = false
      while used < input.count || isFull {
        let (status, made) = step(context, input, &used, &target)
        if ZSTD_isError(status) != 0 {
          throw FormatFault(
            file: source.name, "\(source.name) is damaged: its compressed data cannot be unpacked")
        }
        wanted = status
        isFull = made == target.count && status != 0
        try emit(target.span.extracting(0..<made))
      }
    }
    guard wanted == 0 else {
      throw FormatFault(file: source.name, "\(source.name) ends in the middle of its compressed data")
    }
  }

  private static func step(
    _ context: OpaquePointer, _ input: [UInt8], _ used: inout Int, _ target: inout [UInt8]
  ) -> (status: Int, made: Int) {
    input.withUnsafeBytes { bytes in
      target.withUnsafeMutableBytes { out in
        var from = ZSTD_inBuffer(src: bytes.baseAddress, size: bytes.count, pos: used)
        var into = ZSTD_outBuffer(dst: out.baseAddress, size: out.count, pos: 0)
        let status = ZSTD_decompressStream(context, &into, &from)
        used = from.pos
        return (status, into.pos)
      }
    }
  }

  /// How many bytes the first frame of a block says it holds; nil where it does not say.
  static func contentSize(_ packed: Buffer<UInt8>) -> UInt64? {
    let size = packed.withUnsafePointer { ZSTD_getFrameContentSize($0, packed.count) }
    // The two greatest numbers mean that the frame does not say, and that it is none.
    return size >= UInt64.max - 1 ? nil : size
  }

  /// Unpacks a block whose unpacked size is known; nil when it is damaged or of another size.
  static func unpack(_ packed: Buffer<UInt8>, into target: inout MutableBuffer<UInt8>, count: Int) -> Bool {
    var span = target.mutableSpan
    return packed.withUnsafePointer { source in
      span.withUnsafeMutableBytes { out in
        guard let base = out.baseAddress, out.count >= count else { return false }
        return ZSTD_decompress(base, count, source, packed.count) == count
      }
    }
  }
}

/// Packs what is written as one zstd frame.
final class ZstdPacker: Packer {
  private let context: OpaquePointer
  private var target = [UInt8](repeating: 0, count: ZSTD_CStreamOutSize())

  init() throws(FormatFault) {
    guard let context = ZSTD_createCCtx() else {
      throw FormatFault(file: "", "there is no memory to pack in")
    }
    self.context = context
    // Damage is found when the file is read, as in gzip.
    ZSTD_CCtx_setParameter(context, ZSTD_c_checksumFlag, 1)
  }

  deinit { ZSTD_freeCCtx(context) }

  func pack(_ bytes: Span<UInt8>, _ emit: OutputFormat.Emit) throws {
    try compress(bytes, ZSTD_e_continue, emit)
  }

  func finish(_ emit: OutputFormat.Emit) throws {
    let nothing: [UInt8] = []
    try compress(nothing.span, ZSTD_e_end, emit)
  }

  private func compress(_ bytes: Span<UInt8>, _ mode: ZSTD_EndDirective, _ emit: OutputFormat.Emit) throws {
    // No span of what an object holds may leave it.
    var target: [UInt8] = []
    swap(&target, &self.target)
    defer { swap(&target, &self.target) }
    var used = 0
    while true {
      let (status, made) = bytes.withUnsafeBytes { source in
        target.withUnsafeMutableBytes { out in
          var from = ZSTD_inBuffer(src: source.baseAddress, size: source.count, pos: used)
          var into = ZSTD_outBuffer(dst: out.baseAddress, size: out.count, pos: 0)
          let status = ZSTD_compressStream2(context, &into, &from, mode)
          used = from.pos
          return (status, into.pos)
        }
      }
      if ZSTD_isError(status) != 0 { throw FormatFault(file: "", "the data cannot be packed") }
      if made > 0 { try emit(target.span.extracting(0..<made)) }
      if mode == ZSTD_e_end ? status == 0 : used == bytes.count && made < target.count { return }
    }
  }
}
