import Columns
import Testing

@Suite struct WindowTests {
  private func run(
    _ kernel: WindowKernel, _ arguments: [Datum], rows: Int, partitions: [Int]? = nil,
    newPeers: [Bool]? = nil,
    orderKey: Column? = nil
  ) throws -> [Value] {
    let input = WindowInput(
      arguments: arguments, rows: rows, partitions: partitions ?? [0, rows],
      newPeers: newPeers.map { Bitmap($0) }, orderKey: orderKey)
    let result = try kernel.run(input).column
    #expect(result.count == rows)
    return result.values
  }

  private func constant(_ value: Value) -> Datum { .constant(value, value.type) }

  private let numbers = Column([.int(1), .int(4), .missing, .int(9), .int(16)])

  @Test func lagAndLeadStayInsideTheirPartition() throws {
    let found = try run(Windows.lag, [.column(numbers)], rows: 5, partitions: [0, 3, 5])
    #expect(found == [.missing, .int(1), .int(4), .missing, .int(9)])
    let lead = try run(Windows.lead, [.column(numbers)], rows: 5, partitions: [0, 3, 5])
    #expect(lead == [.int(4), .missing, .missing, .int(16), .missing])
    let two = try run(
      Windows.lag, [.column(numbers), constant(.int(2)), constant(.int(-1))], rows: 5, partitions: [0, 3, 5])
    #expect(two == [.int(-1), .int(-1), .int(1), .int(-1), .int(-1)])
    let wider = try run(Windows.lag, [.column(numbers), constant(.int(1)), constant(.float(0.5))], rows: 5)
    #expect(wider == [.float(0.5), .float(1), .float(4), .missing, .float(9)])
    let text = try run(
      Windows.lead,
      [.column(Column([.text("a"), .text("b")])), constant(.int(1)), constant(.text("none"))], rows: 2)
    #expect(text == [.text("b"), .text("none")])
    let back = try run(Windows.lag, [.column(numbers), constant(.int(-1))], rows: 5)
    #expect(back == [.int(4), .missing, .int(9), .int(16), .missing])
  }

  @Test func ranksOfPeers() throws {
    let peers = [true, false, true, true, true, false]
    let partitions = [0, 4, 6]
    func found(_ kernel: WindowKernel) throws -> [Value] {
      try run(kernel, [], rows: 6, partitions: partitions, newPeers: peers)
    }
    #expect(try found(Windows.rowNumber) == [1, 2, 3, 4, 1, 2].map { .int($0) })
    #expect(try found(Windows.rank) == [1, 1, 3, 4, 1, 1].map { .int($0) })
    #expect(try found(Windows.denseRank) == [1, 1, 2, 3, 1, 1].map { .int($0) })
    #expect(try found(Windows.percentRank) == [0, 0, 2.0 / 3, 1, 0, 0].map { .float($0) })
    #expect(Windows.rank.needsOrder && Windows.denseRank.needsOrder && Windows.percentRank.needsOrder)
    #expect(!Windows.rowNumber.needsOrder && !Windows.lag.needsOrder)
  }

  @Test func runningTotalsLeaveMissingOut() throws {
    let sums = try run(Windows.runningSum, [.column(numbers)], rows: 5, partitions: [0, 2, 5])
    #expect(sums == [.int(1), .int(5), .missing, .int(9), .int(25)])
    let counts = try run(Windows.runningCount, [.column(numbers)], rows: 5)
    #expect(counts == [.int(1), .int(2), .int(2), .int(3), .int(4)])
    let means = try run(Windows.runningMean, [.column(numbers)], rows: 5)
    #expect(means == [.float(1), .float(2.5), .float(2.5), .float(14.0 / 3), .float(7.5)])
    #expect(throws: KernelFault.self) {
      try run(Windows.runningSum, [.column(Column([.int(.max), .int(1)]))], rows: 2)
    }
  }

  @Test func rollingWindowsAreMissingUntilFull() throws {
    let sums = try run(Windows.rollingSum, [.column(numbers), constant(.int(2))], rows: 5)
    #expect(sums == [.missing, .int(5), .int(4), .int(9), .int(25)])
    let means = try run(
      Windows.rollingMean, [.column(numbers), constant(.int(3))], rows: 5, partitions: [0, 1, 5])
    #expect(means == [.missing, .missing, .missing, .float(6.5), .float(12.5)])
    #expect(throws: KernelFault.self) {
      try run(Windows.rollingSum, [.column(numbers), constant(.int(0))], rows: 5)
    }
  }

  @Test func rollingFloatsAgreeWithSummingAnew() throws {
    var random = Random(61)
    let values = (0..<4000).map { _ in Double.random(in: -1...1, using: &random) * 1e6 }
    let found = try run(
      Windows.rollingSum, [.column(.float(Buffer(values))), constant(.int(50))], rows: values.count)
    for row in stride(from: 49, to: values.count, by: 97) {
      let wanted = values[row - 49...row].reduce(0, +)
      #expect(abs((found[row].number ?? .nan) - wanted) < 1e-6)
    }
    // A sum beyond the largest float is a fault, never an infinity.
    #expect(throws: KernelFault.self) {
      try run(
        Windows.rollingSum, [.column(.float(Buffer([1, 1e308, 1e308, 3]))), constant(.int(2))], rows: 4)
    }
  }

  @Test func durationsGoByTheSortKey() throws {
    let day = Calendar.microsecondsPerDay
    let days = Column.date(Buffer<Int32>([0, 1, 1, 3, 4, 10]))
    let values = Column((1...6).map { Value.int($0) })
    let found = try run(
      Windows.rollingSum, [.column(values), constant(.duration(2 * day))], rows: 6, orderKey: days)
    // Windows (t - 2d, t]: {0,1,1}, {3}, {3,4}, {10}; the first day is not full. Equal days share a window.
    #expect(found == [.missing, .int(6), .int(6), .int(4), .int(9), .int(6)])
    #expect(throws: KernelFault.self) {
      try run(Windows.rollingMean, [.column(values), constant(.duration(day))], rows: 6, orderKey: nil)
    }
  }

  @Test func differences() throws {
    #expect(
      try run(Windows.difference, [.column(numbers)], rows: 5)
        == [.missing, .int(3), .missing, .missing, .int(7)])
    let dates = Column.date(Buffer<Int32>([5, 7]))
    #expect(
      try run(Windows.difference, [.column(dates)], rows: 2)
        == [.missing, .duration(2 * Calendar.microsecondsPerDay)])
    let floats = Column.float(Buffer([0.5, 0.75]))
    #expect(try run(Windows.difference, [.column(floats)], rows: 2) == [.missing, .float(0.25)])
  }

  @Test func quantileGroupsAreAsEqualAsCanBe() throws {
    let values = Column([.int(50), .int(10), .missing, .int(30), .int(20), .int(40)])
    let found = try run(Windows.quantileGroup, [.column(values), constant(.int(2))], rows: 6)
    #expect(found == [.int(2), .int(1), .missing, .int(1), .int(1), .int(2)])
    let many = try run(Windows.quantileGroup, [.column(values), constant(.int(9))], rows: 6)
    #expect(many == [.int(5), .int(1), .missing, .int(3), .int(2), .int(4)])
    #expect(throws: KernelFault.self) {
      try run(Windows.quantileGroup, [.column(values), constant(.int(0))], rows: 6)
    }
  }

  @Test func nothingOfNothing() throws {
    let empty = Column.int(Buffer([]))
    for kernel in [Windows.lag, Windows.difference, Windows.runningSum, Windows.runningMean] {
      #expect(try run(kernel, [.column(empty)], rows: 0).isEmpty)
    }
  }
}
