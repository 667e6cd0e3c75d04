internal import CZlib
import Columns
import Planning

/// Unpacks gzip (and zlib) streams, one or several in a row, while others read what came out.
enum Gunzip {
  static func looksPacked(_ head: [UInt8]) -> Bool {
    head.count > 2 && head[0] == 0x1F && head[1] == 0x8B && head[2] == 8
  }

  /// Begins to unpack what a source holds.
  static func unpacked(_ source: ByteSource) throws(FormatFault) -> ByteSource {
    let bytes = UnpackedBytes(name: source.name) { (emit) throws(FormatFault) in try unpack(source, emit) }
    return ByteSource(bytes, estimate: try estimate(source), name: source.name)
  }

  /// How much will come out: what the end of a stream says of it, modulo 4 GB and only of the last of several streams.
  private static func estimate(_ source: ByteSource) throws(FormatFault) -> Int {
    let packed = try source.count()
    let end = try source.bytes(at: max(0, packed - 4), count: 4)
    let size = end.reversed().reduce(0) { $0 << 8 | Int($1) }
    return size > packed && packed < 1 << 28 ? size : packed * 8
  }

  private static func unpack(
    _ source: ByteSource, _ emit: (Span<UInt8>) throws(FormatFault) -> Void
  ) throws(FormatFault) {
    var stream = z_stream()
    guard rounds_inflate_init(&stream) == Z_OK else {
      throw FormatFault(file: source.name, "cannot start to unpack \(source.name)")
    }
    defer { inflateEnd(&stream) }
    let packed = try source.count()
    var target = [UInt8](repeating: 0, count: 1 << 17)
    var offset = 0
    var ended = false
    while offset < packed {
      var input = try source.bytes(at: offset, count: 1 << 17)
      offset += input.count
      ended = try inflate(&stream, &input, &target, emit, source.name, wasEnded: ended)
    }
    guard ended else {
      throw FormatFault(file: source.name, "\(source.name) ends in the middle of its compressed data")
    }
  }

  /// Unpacks one block of input; tells whether a stream ended with it.
  private static func inflate(
    _ stream: inout z_stream, _ input: inout [UInt8], _ target: inout [UInt8],
    _ emit: (Span<UInt8>) throws(FormatFault) -> Void, _ name: String, wasEnded: Bool
  ) throws(FormatFault) -> Bool {
    var ended = wasEnded
    var used = 0
    while used < input.count {
      if ended {
        // Another stream may follow; zeros are padding.
        if input[used] == 0 {
          used += 1
          continue
        }
        inflateReset(&stream)
        ended = false
      }
      var status: Int32 = Z_OK
      var made = 0
      let available = input.count - used
      let capacity = target.count
      input.withUnsafeMutableBufferPointer { bytes in
        target.withUnsafeMutableBufferPointer { out in
          stream.next_in = bytes.baseAddress.map { $0 + used }
          stream.avail_in = UInt32(available)
          stream.next_out = out.baseAddress
          stream.avail_out = UInt32(capacity)
          status = CZlib.inflate(&stream, Z_NO_FLUSH)
          used += available - Int(stream.avail_in)
          made = capacity - Int(stream.avail_out)
        }
      }
      try emit(target.span.extracting(0..<made))
      if status == Z_STREAM_END {
        ended = true
      } else if status != Z_OK && !(status == Z_BUF_ERROR && used == input.count) {
        throw FormatFault(file: name, "\(name) is damaged: its compressed data cannot be unpacked")
      } else if used == input.count, made == capacity {
        try drain(&stream, &target, emit, name, &ended)
      }
    }
    return ended
  }

  /// Takes out what is left when the input is used up but the output was full.
  private static func drain(
    _ stream: inout z_stream, _ target: inout [UInt8], _ emit: (Span<UInt8>) throws(FormatFault) -> Void,
    _ name: String, _ ended: inout Bool
  ) throws(FormatFault) {
    while true {
      var status: Int32 = Z_OK
      let capacity = target.count
      target.withUnsafeMutableBufferPointer { out in
        stream.avail_in = 0
        stream.next_out = out.baseAddress
        stream.avail_out = UInt32(capacity)
        status = CZlib.inflate(&stream, Z_NO_FLUSH)
      }
      let made = capacity - Int(stream.avail_out)
      try emit(target.span.extracting(0..<made))
      if status == Z_STREAM_END { ended = true }
      if made < capacity { return }
    }
  }
}
