import Columns
import Diagnostics
import Scheduling
import Synchronization

/// The buffers of one record batch, unpacked when they are first asked for.
final class ArrowBatch: Sendable {
  struct Node {
    var length: Int
    var missing: Int
  }

  let rows: Int
  let nodes: [Node]
  /// How many buffers of texts each text view has, in the order of the columns.
  let viewBuffers: [Int]
  private let places: [Range<Int>]
  private let body: Buffer<UInt8>
  private let packing: Packing?
  private let unpacked = Mutex<[Int: Buffer<UInt8>]>([:])
  /// What is unpacked, in the budget of the query that reads it; nil for dictionaries, which stay.
  private let memory: Reservation?

  private enum Packing {
    case lz4, zstd
  }

  /// Rows of all batches, and elements of a list's parts, beyond which a file is refused: rows are numbered with
  /// 32 bits.
  static let mostRows = Int(UInt32.max) - 1

  init(_ header: FlatTable, body: Buffer<UInt8>) throws(ArrowFault) {
    self.body = body
    memory = nil
    rows = try Self.count(try header.integer(0, Int64.self))
    let numbers = try header.integers(1, width: 2)
    var nodes: [Node] = []
    for index in stride(from: 0, to: numbers.count, by: 2) {
      nodes.append(Node(length: try Self.count(numbers[index]), missing: try Self.count(numbers[index + 1])))
    }
    self.nodes = nodes
    var places: [Range<Int>] = []
    let ranges = try header.integers(2, width: 2)
    for index in stride(from: 0, to: ranges.count, by: 2) {
      let (start, length) = (Int(ranges[index]), Int(ranges[index + 1]))
      guard start >= 0, length >= 0, start <= body.count, length <= body.count - start else {
        throw .damaged("a buffer lies outside of its batch")
      }
      places.append(start..<start + length)
    }
    self.places = places
    var viewBuffers: [Int] = []
    for number in try header.integers(4) {
      guard 0...Int64(places.count) ~= number else { throw .damaged("a text column has \(number) buffers") }
      viewBuffers.append(Int(number))
    }
    self.viewBuffers = viewBuffers
    packing = try header.table(3).map { (table) throws(ArrowFault) in try Self.packing(table) }
  }

  private static func packing(_ table: FlatTable) throws(ArrowFault) -> Packing {
    switch (try table.integer(0, Int8.self), try table.integer(1, Int8.self)) {
    case (0, 0): return .lz4
    case (1, 0): return .zstd
    case (let codec, _): throw ArrowFault("is compressed in a way that is not known (number \(codec))")
    }
  }

  private static func count(_ number: Int64) throws(ArrowFault) -> Int {
    guard 0...Int64(mostRows) ~= number else { throw .damaged("a part of it has \(number) rows") }
    return Int(number)
  }

  func node(_ index: Int) throws(ArrowFault) -> Node {
    guard index < nodes.count else { throw .damaged("a batch has fewer columns than the schema") }
    return nodes[index]
  }

  /// The same batch for one reading of it: what that unpacks is part of a budget, and goes with it. Columns that look
  /// into it keep it.
  func opened(within budget: Budget) -> ArrowBatch {
    packing == nil ? self : ArrowBatch(self, Reservation(budget))
  }

  private init(_ other: ArrowBatch, _ memory: Reservation) {
    (rows, nodes, viewBuffers) = (other.rows, other.nodes, other.viewBuffers)
    (places, body, packing) = (other.places, other.body, other.packing)
    self.memory = memory
  }

  /// A buffer's bytes, with the padding behind it as far as it makes the length a multiple of eight.
  func bytes(_ index: Int) throws(ArrowFault) -> Buffer<UInt8> {
    guard index < places.count else { throw .damaged("a batch has fewer buffers than its columns need") }
    let place = places[index]
    guard let packing, !place.isEmpty else {
      return body.slice(place.lowerBound..<min(body.count, place.lowerBound + (place.count + 7) & ~7))
    }
    // One thread unpacks while others that want this batch wait: they would want the same buffers.
    let result = unpacked.withLock { known -> Result<Buffer<UInt8>, ArrowFault> in
      if let bytes = known[index] { return .success(bytes) }
      let made = Result { () throws(ArrowFault) in try Self.unpack(body.slice(place), packing, memory) }
      if case .success(let bytes) = made { known[index] = bytes }
      return made
    }
    return try result.get()
  }

  /// A packed buffer begins with its unpacked size; −1 marks one that was left as it is.
  private static func unpack(
    _ bytes: Buffer<UInt8>, _ packing: Packing, _ memory: Reservation?
  ) throws(ArrowFault) -> Buffer<UInt8> {
    guard let head = bytes.values(Int64.self, count: 1)?[0] else {
      throw .damaged("a packed buffer is too short")
    }
    let rest = bytes.slice(8..<bytes.count)
    if head == -1 { return rest }
    // A size that is no size of these bytes must not take the memory: LZ4 makes at most 255 bytes of one, and a frame
    // of zstd says how many it holds. One that does not is believed up to a thousand times its own size.
    let isPossible =
      switch packing {
      case .lz4: head / 255 <= rest.count
      case .zstd: Zstd.contentSize(rest).map { $0 == UInt64(clamping: head) } ?? (head / 1024 <= rest.count)
      }
    guard head >= 0, head <= 1 << 40, isPossible else {
      throw .damaged("a packed buffer has an impossible size")
    }
    let size = Int(head)
    do throws(BudgetExceeded) {
      try memory?.grow(size, for: "a packed column")
    } catch {
      throw ArrowFault(
        "has a packed column of \(grouped(size >> 20)) MB in one piece, and of the \(grouped(error.limit >> 20)) MB of memory that a query may use \(grouped(error.held >> 20)) MB are in use",
        help: ["give it more with --memory, or write the file in smaller batches"])
    }
    var target = MutableBuffer<UInt8>(repeating: 0, count: (size + 7) & ~7)
    let isWhole =
      switch packing {
      case .lz4: LZ4.unpack(rest, into: &target, count: size)
      case .zstd: Zstd.unpack(rest, into: &target, count: size)
      }
    guard isWhole else { throw .damaged("a packed buffer cannot be unpacked") }
    return target.freeze()
  }
}
