import Columns

/// Divides rows by a number made of their keys: equal keys, however they are stored, come into one partition.
enum KeyPartitions {
  static let count = 64

  /// The rows of each partition, ascending.
  static func rows(_ keys: [Column], count rows: Int) -> [Buffer<UInt32>] {
    var hashes = MutableBuffer<UInt64>(repeating: 0, count: rows)
    for key in keys { mix(key, into: &hashes) }
    var parts = [[UInt32]](repeating: [], count: count)
    for row in 0..<rows { parts[Int(hashes[row] >> 58)].append(UInt32(row)) }
    return parts.map { Buffer($0) }
  }

  private static func mix(_ key: Column, into hashes: inout MutableBuffer<UInt64>) {
    switch key.storage {
    case .int8(let values): mix(values, key, &hashes) { UInt64(bitPattern: Int64($0)) }
    case .int16(let values): mix(values, key, &hashes) { UInt64(bitPattern: Int64($0)) }
    case .int32(let values), .date(let values): mix(values, key, &hashes) { UInt64(bitPattern: Int64($0)) }
    case .int64(let values), .duration(let values), .datetime(let values, _):
      mix(values, key, &hashes) { UInt64(bitPattern: $0) }
    case .float(let values):
      // Grouping takes -0 for 0 and NaN for missing.
      mix(values, key, &hashes) { $0.isNaN ? missing : $0 == 0 ? 0 : $0.bitPattern }
    case .bool(let bits):
      for row in 0..<hashes.count {
        hashes[row] = TextHash.mix(hashes[row] ^ (key.isKnown(row) ? (bits[row] ? 1 : 0) : missing))
      }
    case .text(let codes, let pool): mix(codes, pool, key, &hashes)
    // Nested keys are rare: they leave the division to the other keys.
    case .list, .record: break
    case .missing:
      for row in 0..<hashes.count { hashes[row] = TextHash.mix(hashes[row] ^ missing) }
    }
  }

  private static let missing: UInt64 = 0x7A3D_91C4_55E0_2B17

  private static func mix<Element>(
    _ values: Buffer<Element>, _ key: Column, _ hashes: inout MutableBuffer<UInt64>,
    _ number: (Element) -> UInt64
  ) {
    for row in 0..<hashes.count {
      let value = key.isKnown(row) ? number(values[row]) : missing
      hashes[row] = TextHash.mix(hashes[row] ^ value)
    }
  }

  private static func mix(
    _ codes: TextCodes, _ pool: TextPool, _ key: Column, _ hashes: inout MutableBuffer<UInt64>
  ) {
    let bytes = pool.bytes
    for row in 0..<hashes.count {
      let value = key.isKnown(row) ? TextHash.of(bytes.span.extracting(pool.range(codes[row]))) : missing
      hashes[row] = TextHash.mix(hashes[row] ^ value)
    }
  }
}
