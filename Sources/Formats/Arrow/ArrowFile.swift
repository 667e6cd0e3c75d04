import Columns

/// The parts of an Arrow file or stream: the schema, and where the dictionaries and the record batches lie.
struct ArrowFile {
  /// A batch: its metadata, and the bytes that its buffers lie in.
  struct Batch {
    var header: FlatTable
    var body: Buffer<UInt8>
  }

  private(set) var fields: [ArrowField] = []
  private(set) var dictionaries: [Batch] = []
  private(set) var batches: [Batch] = []

  private static let magic = Array("ARROW1".utf8)
  /// Columns, with all their parts, beyond which a file is refused.
  private static let mostFields = 1_000_000

  private let bytes: Buffer<UInt8>

  /// Whether bytes begin as an Arrow file or stream does.
  static func isArrow(_ head: [UInt8]) -> Bool {
    head.starts(with: magic) || head.starts(with: [0xFF, 0xFF, 0xFF, 0xFF])
  }

  init(_ bytes: Buffer<UInt8>) throws(ArrowFault) {
    self.bytes = bytes
    let head = bytes.slice(0..<min(8, bytes.count)).array
    if head.starts(with: Self.magic) {
      try readFile()
    } else if head.starts(with: Array("FEA1".utf8)) {
      throw ArrowFault(
        "is a Feather file of version 1, which is not read", help: ["write it as Feather version 2 or Arrow"])
    } else if head.starts(with: Array("PAR1".utf8)) {
      throw ArrowFault("is a Parquet file, not an Arrow file")
    } else if head.starts(with: [0xFF, 0xFF, 0xFF, 0xFF]) {
      try readStream()
    } else {
      throw ArrowFault("is not an Arrow file")
    }
  }

  // MARK: The file: its parts are listed at the end

  private mutating func readFile() throws(ArrowFault) {
    let cut = ArrowFault(
      "is not complete: an Arrow file ends with a list of its parts, and there is none",
      help: ["the program that wrote it may have been stopped, or the copy"])
    guard bytes.count >= 24, bytes.slice(bytes.count - 6..<bytes.count).array == Self.magic else { throw cut }
    let length = try integer(at: bytes.count - 10)
    guard length > 0, length <= bytes.count - 18 else { throw cut }
    let footer = try FlatTable(root: bytes.slice(bytes.count - 10 - length..<bytes.count - 10))
    guard let schema = try footer.table(1) else { throw .damaged("it has no schema") }
    try readSchema(schema)
    for block in try blocks(footer, 2) { dictionaries.append(try batch(block, kind: 2)) }
    for block in try blocks(footer, 3) { batches.append(try batch(block, kind: 3)) }
  }

  /// Where the messages of a list in the footer begin, and the lengths of their bodies.
  private func blocks(_ footer: FlatTable, _ field: Int) throws(ArrowFault) -> [(start: Int, body: Int)] {
    let numbers = try footer.integers(field, width: 3)
    return stride(from: 0, to: numbers.count, by: 3).map { (Int(numbers[$0]), Int(numbers[$0 + 2])) }
  }

  private func batch(_ block: (start: Int, body: Int), kind: UInt8) throws(ArrowFault) -> Batch {
    guard let message = try message(at: block.start), message.kind == kind, message.body == block.body else {
      throw .damaged("a batch does not lie where its list says")
    }
    return Batch(header: message.header, body: bytes.slice(message.end..<message.end + message.body))
  }

  // MARK: The stream: one message after the other

  private mutating func readStream() throws(ArrowFault) {
    var position = 0
    var hasSchema = false
    while position < bytes.count, let message = try message(at: position) {
      let body = bytes.slice(message.end..<message.end + message.body)
      switch message.kind {
      case 1:
        guard !hasSchema else { throw .damaged("it has two schemas") }
        hasSchema = true
        try readSchema(message.header)
      case 2: dictionaries.append(Batch(header: message.header, body: body))
      case 3: batches.append(Batch(header: message.header, body: body))
      default: throw ArrowFault("holds something other than a table")
      }
      // A message without a body could otherwise stand still only if it had no bytes, which it has.
      position = message.end + message.body
    }
    guard hasSchema else { throw .damaged("it has no schema") }
  }

  private struct Message {
    var kind: UInt8
    var header: FlatTable
    /// Where the metadata end and the body begins.
    var end: Int
    var body: Int
  }

  /// The message that begins at a place; nil at the end mark of a stream.
  private func message(at start: Int) throws(ArrowFault) -> Message? {
    guard start >= 0, start <= bytes.count - 8 else { throw .damaged("it ends in the middle of a message") }
    var position = start
    var length = try integer(at: position)
    if length == -1 {
      position += 4
      length = try integer(at: position)
    }
    position += 4
    if length == 0 { return nil }
    guard length > 0, length <= bytes.count - position else {
      throw .damaged("it ends in the middle of a message")
    }
    let end = position + length
    let table = try FlatTable(root: bytes.slice(position..<end))
    guard let header = try table.table(2) else { throw .damaged("a message is empty") }
    let body = try table.integer(3, Int64.self)
    guard body >= 0, body <= bytes.count - end else { throw .damaged("it ends in the middle of a batch") }
    return Message(kind: try table.integer(1, UInt8.self), header: header, end: end, body: Int(body))
  }

  private func integer(at position: Int) throws(ArrowFault) -> Int {
    guard position >= 0, position <= bytes.count - 4,
      let value = bytes.slice(position..<position + 4).values(Int32.self, count: 1)
    else { throw .damaged("it ends in the middle of a message") }
    return Int(Int32(littleEndian: value[0]))
  }

  private mutating func readSchema(_ schema: FlatTable) throws(ArrowFault) {
    guard try schema.integer(0, Int16.self) == 0 else {
      throw ArrowFault("holds numbers with the highest byte first, which are not read")
    }
    var parts = Self.mostFields
    for field in try schema.tables(1) { fields.append(try ArrowField(field, parts: &parts)) }
  }
}
