internal import CLZ4
import Columns

/// Unpacks LZ4 frames.
enum LZ4 {
  /// Unpacks a frame whose unpacked size is known; false when it is damaged or of another size.
  static func unpack(_ packed: Buffer<UInt8>, into target: inout MutableBuffer<UInt8>, count: Int) -> Bool {
    var context: OpaquePointer?
    guard LZ4F_isError(LZ4F_createDecompressionContext(&context, UInt32(LZ4F_VERSION))) == 0 else {
      return false
    }
    defer { LZ4F_freeDecompressionContext(context) }
    var span = target.mutableSpan
    return packed.withUnsafePointer { source in
      span.withUnsafeMutableBytes { out in
        guard let base = out.baseAddress, out.count >= count else { return false }
        var (used, made) = (0, 0)
        while used < packed.count {
          var input = packed.count - used
          var output = count - made
          let status = LZ4F_decompress(context, base + made, &output, source + used, &input, nil)
          if LZ4F_isError(status) != 0 { return false }
          used += input
          made += output
          if status == 0 { return made == count && used == packed.count }
          // Neither read nor written: more output than was promised.
          if input == 0, output == 0 { return false }
        }
        return false
      }
    }
  }
}
