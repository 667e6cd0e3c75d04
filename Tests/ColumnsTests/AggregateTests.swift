import Columns
import Testing

@Suite struct AggregateTests {
  /// The result for rows of groups: in one state, and in one state a part merged in order.
  private func results(
    _ kernel: AggregateKernel, _ columns: [Column], constants: [Value] = [], groups: [UInt32], count: Int,
    selection: [Bool]? = nil, parts: Int = 1
  ) throws -> (values: [Value], skipped: Int) {
    let types = columns.map(\.type)
    let size = max(1, (groups.count + parts - 1) / parts)
    var whole: (any AggregateState)?
    for lower in stride(from: 0, to: max(1, groups.count), by: size) {
      let range = lower..<min(groups.count, lower + size)
      let state = kernel(types, columns.isEmpty ? [] : [.missing] + constants)
      // Each part numbers its own groups by first occurrence.
      var own: [UInt32] = []
      let ids = groups[range].map { group -> UInt32 in
        if let known = own.firstIndex(of: group) { return UInt32(known) }
        own.append(group)
        return UInt32(own.count - 1)
      }
      try state.update(
        columns.map { .column($0.slice(range)) }, rows: range.count, groups: Buffer(ids),
        groupCount: own.count, selection: selection.map { Bitmap(Array($0[range])) })
      if whole == nil { whole = kernel(types, columns.isEmpty ? [] : [.missing] + constants) }
      try whole?.merge(state, map: Buffer(own), groupCount: count)
    }
    let state = try #require(whole)
    return (try state.finish(groupCount: count)[0].values, state.skipped)
  }

  private func single(_ kernel: AggregateKernel, _ values: [Value], _ constants: [Value] = []) throws -> Value
  {
    let column = Column(values)
    let state = kernel([column.type], [.missing] + constants)
    try state.update([.column(column)], rows: values.count, groups: nil, groupCount: 1, selection: nil)
    return try state.finish(groupCount: 1)[0].value(0)
  }

  private func close(_ a: Value, _ b: Value) -> Bool {
    if let x = a.number, let y = b.number {
      return x == y || abs(x - y) <= 1e-12 * max(abs(x), abs(y))
    }
    return a == b
  }

  // MARK: Against plain loops, for every kind of column

  private typealias Reference = ([Value]) -> Value

  private func known(_ values: [Value]) -> [Value] { values.filter { !$0.isMissing } }

  private func check(_ kernel: AggregateKernel, _ kind: String, _ seed: UInt64, _ reference: Reference) throws
  {
    var random = Random(seed)
    for rows in [0, 1, 2, 7, 64, 130] {
      let column = KernelSamples.column(kind, rows: rows, &random)
      let groups = (0..<rows).map { _ in UInt32.random(in: 0..<4, using: &random) }
      let selection = (0..<rows).map { _ in Bool.random(using: &random) }
      for chosen in [nil, selection] {
        let wanted = (0..<4).map { group in
          reference(
            (0..<rows).filter { groups[$0] == group && (chosen?[$0] ?? true) }.map { row in
              let value = column.value(row)
              if case .float(let number) = value, number.isNaN { return .missing }
              return value
            })
        }
        for parts in [1, 3] {
          let found = try results(
            kernel, [column], groups: groups, count: 4, selection: chosen, parts: parts)
          let matches = zip(found.values, wanted).allSatisfy(close)
          #expect(matches, "\(kind), \(rows) rows, \(parts) parts: \(found.values), wanted \(wanted)")
        }
      }
    }
  }

  private let scalarKinds = [
    "int8", "int16", "int32", "int64", "wide", "float", "bool", "text8", "text16", "text32", "plain",
    "sequence", "date", "datetime", "duration", "missing",
  ]

  @Test func countsAndDistinctCounts() throws {
    for kind in KernelSamples.kinds where kind != "missing" {
      try check(Aggregates.count, kind, 31) { .int(Int64(self.known($0).count)) }
      try check(Aggregates.countDistinct, kind, 32) { values in
        .int(Int64(Set(self.known(values)).count))
      }
    }
  }

  @Test func extremesOfEveryType() throws {
    for kind in scalarKinds {
      try check(Aggregates.min, kind, 33) { self.known($0).min(by: Value.precedes) ?? .missing }
      try check(Aggregates.max, kind, 34) { self.known($0).max(by: Value.precedes) ?? .missing }
    }
  }

  @Test func sumsAndMeans() throws {
    for kind in ["int8", "int16", "int32", "int64"] {
      try check(Aggregates.sum, kind, 35) { values in
        let known = self.known(values).compactMap(\.integer)
        return known.isEmpty ? .missing : .int(known.reduce(0, +))
      }
      try check(Aggregates.mean, kind, 36) { values in
        let known = self.known(values).compactMap(\.integer)
        return known.isEmpty ? .missing : .float(Double(known.reduce(0, +)) / Double(known.count))
      }
    }
  }

  @Test func orderStatistics() throws {
    for kind in ["int8", "int32", "int64"] {
      try check(Aggregates.median, kind, 37) { values in
        let sorted = self.known(values).compactMap(\.integer).sorted()
        if sorted.isEmpty { return .missing }
        let middle = sorted.count / 2
        return .float(
          sorted.count.isMultiple(of: 2)
            ? Double(sorted[middle - 1] + sorted[middle]) / 2 : Double(sorted[middle]))
      }
    }
    for kind in scalarKinds where kind != "float" {
      try check(Aggregates.mode, kind, 38) { values in
        let counts = Dictionary(grouping: self.known(values)) { $0 }.mapValues(\.count)
        let most = counts.values.max()
        return counts.filter { $0.value == most }.keys.min(by: Value.precedes) ?? .missing
      }
    }
  }

  @Test func edgesAndLists() throws {
    for kind in scalarKinds + ["list", "record"] where kind != "float" && kind != "missing" {
      try check(Aggregates.first, kind, 39) { $0.first ?? .missing }
      try check(Aggregates.last, kind, 40) { $0.last ?? .missing }
      try check(Aggregates.list, kind, 41) { values in
        let known = self.known(values)
        return known.isEmpty ? .missing : .list(known)
      }
    }
    try check(Aggregates.textJoin, "text8", 42) { values in
      let known = self.known(values).compactMap(\.string)
      return known.isEmpty ? .missing : .text(known.joined(separator: ", "))
    }
  }

  @Test func conditions() throws {
    try check(Aggregates.any, "bool", 43) { .bool(self.known($0).contains(.bool(true))) }
    try check(Aggregates.all, "bool", 44) { .bool(!self.known($0).contains(.bool(false))) }
    try check(Aggregates.percent, "bool", 45) { values in
      let known = self.known(values)
      let holding = known.filter { $0 == .bool(true) }.count
      return known.isEmpty ? .missing : .float(Double(holding) * 100 / Double(known.count))
    }
  }

  @Test func orderedTextIsComparedByItsOwnOrder() throws {
    let column = Column.text(codes: [2, 0, 1], of: ["low", "mid", "high"], ordered: true)
    for (kernel, wanted) in [(Aggregates.min, "low"), (Aggregates.max, "high")] {
      let found = try results(kernel, [column], groups: [0, 0, 0], count: 1, parts: 3)
      #expect(found.values == [.text(wanted)])
    }
  }

  // MARK: Facts

  @Test func sumsAreExactInsideAndFailWhereTheyDoNotFit() throws {
    let big: [Value] = [.int(.max), .int(.max), .int(.min), .int(.min), .int(5)]
    #expect(try single(Aggregates.sum, big) == .int(3))
    #expect(try single(Aggregates.mean, [.int(.max), .int(.max)]) == .float(9_223_372_036_854_775_808))
    #expect {
      _ = try results(Aggregates.sum, [Column([.int(1), .int(.max), .int(1)])], groups: [0, 1, 1], count: 2)
    } throws: { error in
      (error as? KernelFault)?.row == 1
    }
  }

  @Test func floatSumsKeepWhatRoundingLoses() throws {
    let values = [1e16, 1, -1e16, 1e-3].map { Value.float($0) }
    #expect(try single(Aggregates.sum, values) == .float(1.001))
    #expect(throws: KernelFault.self) { try single(Aggregates.sum, [.float(1e308), .float(1e308)]) }
    #expect(throws: KernelFault.self) { try single(Aggregates.mean, [.float(-1e308), .float(-1e308)]) }
    #expect(try single(Aggregates.sum, [.float(.nan), .float(1)]) == .float(1))
  }

  @Test func knownStatistics() throws {
    let eight = [2, 4, 4, 4, 5, 5, 7, 9].map { Value.int($0) }
    // DuckDB: stddev_samp, var_samp, skewness and quantile_cont(0.9) of the same values.
    #expect(close(try single(Aggregates.standardDeviation, eight), .float(2.138089935299395)))
    #expect(close(try single(Aggregates.variance, eight), .float(4.571428571428571)))
    #expect(close(try single(Aggregates.skewness, eight), .float(0.8184875533567999)))
    #expect(close(try single(Aggregates.percentile, eight, [.int(90)]), .float(7.6)))
    #expect(try single(Aggregates.range, eight) == .int(7))
    #expect(try single(Aggregates.standardDeviation, [.int(7)]) == .missing)
    #expect(try single(Aggregates.skewness, [.int(7), .int(7), .int(7)]) == .missing)
    #expect(throws: KernelFault.self) { try single(Aggregates.percentile, eight, [.int(101)]) }
    #expect(try single(Aggregates.percentile, eight, [.float(0)]) == .int(2).widened(to: .float))
    #expect(try single(Aggregates.median, [.date(3), .date(10), .date(4), .date(7)]) == .date(5))
    #expect(try single(Aggregates.mean, [.date(-1), .date(0)]) == .date(-1))
    #expect(try single(Aggregates.mean, [.duration(3), .duration(4)]) == .duration(3))
    #expect(
      try single(Aggregates.range, [.date(1), .date(4)]) == .duration(3 * Calendar.microsecondsPerDay))
  }

  @Test func pairsWithAMissingPartAreLeftOut() throws {
    let y = Column([.int(1), .int(3), .missing, .int(4), .int(9)])
    let x = Column([.float(1), .float(2), .float(3), .float(4), .missing])
    for parts in [1, 2, 5] {
      let groups: [UInt32] = [0, 0, 0, 0, 0]
      let slope = try results(Aggregates.slope, [y, x], groups: groups, count: 1, parts: parts)
      #expect(close(slope.values[0], .float(0.9285714285714286)))
      #expect(slope.skipped == 2)
      let correlation = try results(Aggregates.correlation, [y, x], groups: groups, count: 1, parts: parts)
      #expect(close(correlation.values[0], .float(0.9285714285714286)))
    }
  }

  @Test func momentsMergeAsIfTheyWereOne() throws {
    var random = Random(50)
    let values = (0..<500).map { _ in Value.float(1e6 + Double.random(in: 0..<10, using: &random)) }
    let groups = (0..<500).map { _ in UInt32.random(in: 0..<3, using: &random) }
    for kernel in [Aggregates.variance, Aggregates.standardDeviation, Aggregates.skewness] {
      let one = try results(kernel, [Column(values)], groups: groups, count: 3)
      let many = try results(kernel, [Column(values)], groups: groups, count: 3, parts: 9)
      for (a, b) in zip(one.values, many.values) {
        let (x, y) = (try #require(a.number), try #require(b.number))
        #expect(abs(x - y) < 1e-8)
      }
    }
  }

  @Test func countWithoutArgumentCountsRows() throws {
    let state = Aggregates.count([], [])
    try state.update(
      [], rows: 5, groups: nil, groupCount: 1, selection: Bitmap([true, true, false, true, false]))
    try state.update([], rows: 2, groups: Buffer([1, 1]), groupCount: 2, selection: nil)
    #expect(try state.finish(groupCount: 2)[0].values == [.int(3), .int(2)])
  }

  @Test func selectionFindsEveryRank() throws {
    var random = Random(51)
    for size in [1, 2, 17, 100, 1000] {
      for domain in [1, 3, 1_000_000] {
        let numbers = (0..<size).map { _ in Int64.random(in: 0..<Int64(domain), using: &random) }
        let sorted = numbers.sorted()
        for percent in [0.0, 10, 33, 50, 99, 100] {
          let position = Double(size - 1) * (percent / 100)
          let below = Int(position.rounded(.down))
          let above = min(size - 1, below + 1)
          let step = Double(sorted[above] - sorted[below]) * (position - Double(below))
          let found = try single(Aggregates.percentile, numbers.map { .int($0) }, [.float(percent)])
          #expect(close(found, .float(Double(sorted[below]) + step)))
        }
      }
    }
  }
}
