internal import CZlib
import Columns
import Planning

/// Packs what is written as one gzip stream.
final class Gzip: Packer {
  /// zlib keeps the address.
  private let stream: UnsafeMutablePointer<z_stream>
  private var target = [UInt8](repeating: 0, count: 1 << 17)

  init() throws(FormatFault) {
    stream = .allocate(capacity: 1)
    stream.initialize(to: z_stream())
    guard rounds_deflate_init(stream, Z_DEFAULT_COMPRESSION) == Z_OK else {
      throw FormatFault(file: "", "there is no memory to pack in")
    }
  }

  deinit {
    deflateEnd(stream)
    stream.deallocate()
  }

  func pack(_ bytes: Span<UInt8>, _ emit: OutputFormat.Emit) throws {
    // zlib counts in 32 bits.
    var start = 0
    while start < bytes.count {
      let end = min(bytes.count, start + 1 << 24)
      try deflate(bytes.extracting(start..<end), Z_NO_FLUSH, emit)
      start = end
    }
  }

  func finish(_ emit: OutputFormat.Emit) throws {
    let nothing: [UInt8] = []
    try deflate(nothing.span, Z_FINISH, emit)
  }

  private func deflate(_ bytes: Span<UInt8>, _ flush: Int32, _ emit: OutputFormat.Emit) throws {
    // No span of what an object holds may leave it.
    var target: [UInt8] = []
    swap(&target, &self.target)
    defer { swap(&target, &self.target) }
    var used = 0
    while true {
      let capacity = target.count
      let status = bytes.withUnsafeBufferPointer { source in
        target.withUnsafeMutableBufferPointer { out in
          stream.pointee.next_in = source.baseAddress.map { UnsafeMutablePointer(mutating: $0 + used) }
          stream.pointee.avail_in = UInt32(source.count - used)
          stream.pointee.next_out = out.baseAddress
          stream.pointee.avail_out = UInt32(capacity)
          return CZlib.deflate(stream, flush)
        }
      }
      used = bytes.count - Int(stream.pointee.avail_in)
      let made = capacity - Int(stream.pointee.avail_out)
      guard status == Z_OK || status == Z_STREAM_END || status == Z_BUF_ERROR else {
        throw FormatFault(file: "", "the data cannot be packed")
      }
      if made > 0 { try emit(target.span.extracting(0..<made)) }
      // Output that filled its block may go on without further input.
      if made < capacity, used == bytes.count { return }
    }
  }
}
