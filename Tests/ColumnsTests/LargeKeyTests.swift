import Scheduling
import Synchronization
import Testing

@testable import Columns

/// The ways that only many rows take, against plain dictionaries and sorts of the standard library.
@Suite struct LargeKeyTests {
  /// Whole numbers that look random and are the same on every run.
  private func numbers(_ count: Int, below limit: UInt64, seed: UInt64 = 1) -> [UInt64] {
    (0..<count).map { TextHash.mix(UInt64($0) &+ seed &* 0x9E37_79B9_7F4A_7C15) % limit }
  }

  @Test func groupsOfManyRowsAreNumberedByTheirFirstRows() {
    let rows = PartitionedGrouping.leastRows + 1_000
    // Beyond what a table indexed by the key holds.
    let keys = numbers(rows, below: 40_000).map { Int64(bitPattern: $0 &* 1_000_000_007) }
    let grouping = Grouper.group([.int(Buffer(keys))], rows: rows)
    var known: [Int64: UInt32] = [:]
    var firsts: [UInt32] = []
    for (row, key) in keys.enumerated() {
      if known[key] == nil {
        known[key] = UInt32(firsts.count)
        firsts.append(UInt32(row))
      }
    }
    #expect(grouping.count == firsts.count)
    #expect(grouping.firstRows.array == firsts)
    #expect(grouping.ids.array == keys.map { known[$0] ?? .max })
  }

  @Test(arguments: [1, 2]) func oneDictionaryHoldsTheTextsOfAllPools(workers: Int) throws {
    let lists = (0..<3).map { list in
      numbers(30_000, below: 20_000, seed: UInt64(list)).map { "patient \($0)" }
    }
    let pools = lists.map { TextPool($0, isDistinct: false) }
    let (pool, maps) = try TextDictionary.united(pools, workers: Workers(count: workers))
    #expect(pool.count == Set(lists.joined()).count)
    var codes: [String: UInt32] = [:]
    for (list, map) in zip(lists, maps) {
      #expect(map.count == list.count)
      for index in stride(from: 0, to: list.count, by: 7) {
        #expect(pool[Int(map[index])] == list[index])
        #expect(codes[list[index], default: map[index]] == map[index])
        codes[list[index]] = map[index]
      }
    }
  }

  @Test func codedPartsKeepTheirTextsAndShareAPool() throws {
    let first = Column([.text("b"), .missing, .text("a")], type: .text)
    let second = Column([.text("a"), .text("c")], type: .text)
    let coded = try Column.coded(
      [first, second, .missing(count: 2, type: .text)], workers: Workers(count: 1))
    #expect(coded.map(\.values) == [first.values, second.values, [.missing, .missing]])
    #expect(coded[0].pool === coded[1].pool)
    #expect(coded[0].pool?.isDistinct == true)
  }

  @Test func rowsOfPartitionsAreSortedStably() throws {
    let rows = 3_000
    // One large partition, some of middle size and many small ones.
    let groups = numbers(rows, below: 100).map { $0 < 50 ? Int64(0) : Int64($0) }
    let keys = numbers(rows, below: 300, seed: 2).map { $0 == 7 ? nil : Int64($0) }
    let column = Column(keys.map { $0.map { .int($0) } ?? .missing }, type: .int)
    let grouping = Grouper.group([.int(Buffer(groups))], rows: rows)
    let placed = try Sorter.partitioned(
      grouping.rowGroups, [SortKey(column, descending: true)], rows: rows, workers: Workers(count: 2))
    let expected = (0..<rows).sorted { left, right in
      let (a, b) = (grouping.ids[left], grouping.ids[right])
      if a != b { return a < b }
      let (x, y) = (keys[left] ?? -1, keys[right] ?? -1)
      return x != y ? x > y : left < right
    }
    #expect(placed.order.array.map { Int($0) } == expected)
    #expect(placed.starts.count == grouping.count + 1)
  }

  /// Each worker places a share of the rows: together they place them as a stable sort by group does.
  @Test(arguments: [3, 5_000, 400_000], [1, 2]) func rowsAreSharedByGroup(groups: Int, workers: Int) throws {
    let rows = 300_001
    // Some groups have no row.
    let ids = numbers(rows, below: UInt64(groups)).map { UInt32($0 % 5 == 0 ? $0 / 2 : $0) }
    let crew = Workers(count: workers)
    let placed = try RowGroups(count: groups, ids: Buffer(ids)).rows(by: crew)
    var lists = [[UInt32]](repeating: [], count: groups)
    for (row, id) in ids.enumerated() { lists[Int(id)].append(UInt32(row)) }
    #expect(placed.order.array == lists.flatMap { $0 })
    #expect(placed.starts.count == groups + 1 && Int(placed.starts[groups]) == rows)
    #expect(lists.indices.allSatisfy { Int(placed.starts[$0 + 1] - placed.starts[$0]) == lists[$0].count })
    #expect(try placed.order.inverse(by: crew).array == placed.order.inverse.array)
  }

  /// The codes of a dictionary are groups; missing rows are one of their own, whatever code they carry.
  @Test func codesAreNumbersOfGroups() throws {
    let codes: Buffer<UInt32> = Buffer([2, 0, 9, 2, 1, 0])
    let known = Bitmap([true, true, false, true, true, true])
    let pool = TextPool(["a", "b", "c"], isDistinct: true)
    let column = Column.text(.u32(codes), pool, validity: known)
    let groups = try Grouper.numbers([column], rows: 6, by: Workers(count: 2))
    #expect(groups.count == 4 && groups.ids.array == [2, 0, 3, 2, 1, 0])
    let twice = Column.text(
      .u32(Buffer([0, 1, 2])), TextPool(["a", "b", "a"], isDistinct: false), validity: nil)
    #expect(try Grouper.numbers([twice], rows: 3, by: Workers(count: 2)).ids.array == [0, 1, 0])
  }

  @Test func manyFloatsAreSortedStably() {
    let values = numbers(5_000, below: 1_000).map { Double($0) / 7 - 50 }
    let order = Sorter.order([SortKey(.float(Buffer(values)))], rows: values.count)
    let expected = values.indices.sorted { values[$0] != values[$1] ? values[$0] < values[$1] : $0 < $1 }
    #expect(order.array.map { Int($0) } == expected)
  }

  @Test(arguments: [1, 2], [40, 64])
  func keysInBucketsAreSortedStably(workers: Int, bits: Int) throws {
    let rows = BucketSort.leastRows + 5_000
    // Most in few buckets, many twice, with a row beside the key (40 bits) and without room for it (64).
    let keys = numbers(rows, below: 60_000).map {
      $0 % 7 == 0 ? $0 << UInt64(bits - 17) : $0 << 3 | $0 >> 12 & 1
    }
    let word = KeyWord(values: Buffer(keys), bits: bits)
    let expected = keys.indices.sorted { keys[$0] != keys[$1] ? keys[$0] < keys[$1] : $0 < $1 }
    #expect(BucketSort.order(of: word, by: Alone()).array.map { Int($0) } == expected)
    #expect(try BucketSort.order(of: word, by: Workers(count: workers)).array.map { Int($0) } == expected)
  }

  @Test func keysThatAreAlikeInAllRowsKeepTheRows() {
    let rows = BucketSort.leastRows + 1
    let word = KeyWord(values: Buffer(repeating: 1 << 62, count: rows), bits: 63)
    #expect(BucketSort.order(of: word, by: Alone()).array == Array(0..<UInt32(rows)))
  }

  @Test func laterKeysSettleOnlyWhatIsEqual() throws {
    let rows = 2_000
    let groups = numbers(rows, below: 30).map { Int64($0) }
    let times = numbers(rows, below: 40, seed: 2).map { Int64($0) }
    let names = numbers(rows, below: 500, seed: 3).map { "n\($0)" }
    let column = Column(names.map { .text($0) }, type: .text)
    for grouped in [false, true] {
      let grouping = grouped ? Grouper.group([.int(Buffer(groups))], rows: rows) : nil
      let asked = Mutex<[UInt32]>([])
      let later = LaterKeys { some in
        asked.withLock { $0 += some.array }
        return [SortKey(column.take(some), descending: true)]
      }
      let placed = try Sorter.partitioned(
        grouping?.rowGroups, [SortKey(.int(Buffer(times)))], later: later, rows: rows,
        workers: Workers(count: 2))
      let expected = (0..<rows).sorted { left, right in
        let (a, b) = (grouping?.ids[left] ?? 0, grouping?.ids[right] ?? 0)
        if a != b { return a < b }
        if times[left] != times[right] { return times[left] < times[right] }
        return names[left] != names[right] ? names[left] > names[right] : left < right
      }
      #expect(placed.order.array.map { Int($0) } == expected)
      let alone = Dictionary(grouping: 0..<rows) { [Int64(grouping?.ids[$0] ?? 0), times[$0]] }
        .values.filter { $0.count == 1 }.joined()
      #expect(Set(alone).isDisjoint(with: asked.withLock { $0.map { Int($0) } }))
    }
  }

  @Test func candidatesHoldTheFirstRowsAndTheirTies() {
    let values = numbers(2_000, below: 500).map { Int64($0) }
    let rows = Set(Sorter.candidates(10, [SortKey(.int(Buffer(values)))], rows: values.count).array)
    let limit = values.sorted()[9]
    for (row, value) in values.enumerated() where value <= limit { #expect(rows.contains(UInt32(row))) }
  }

  @Test(arguments: [false, true]) func anIndexFindsTheRowsOfEachKey(keepsUnmatched: Bool) throws {
    let right = Column([.int(3), .int(5), .missing, .int(5)], type: .int)
    let left = Column([.int(5), .missing, .int(4), .int(3), .int(-9)], type: .int)
    let index = try #require(KeyIndex(right, for: [left]))
    let found = index.matches(left, keepsUnmatched: keepsUnmatched)
    let none = missingRow
    #expect(found.left?.array == (keepsUnmatched ? [0, 0, 1, 2, 3, 4] : [0, 0, 3]))
    #expect(found.right.array == (keepsUnmatched ? [1, 3, none, none, 0, none] : [1, 3, 0]))
    #expect((found.unmatched, found.multiplied, found.extra) == (3, 1, 1))
    #expect(index.unmatched(seen: [found.seen]) == 1)
  }

  @Test func anIndexOfDifferentTextsLeavesTheRowsInPlace() throws {
    let right = Column([.text("b"), .text("a")], type: .text)
    let left = Column([.text("a"), .text("b"), .text("a")], type: .text)
    let index = try #require(KeyIndex(right, for: [left]))
    let found = index.matches(left, keepsUnmatched: false)
    #expect(found.left == nil)
    #expect(found.right.array == [1, 0, 1])
  }
}

/// Dictionaries made of numbers of the texts, and different texts counted by bits.
@Suite struct NumberedDictionaryTests {
  private static func texts(_ kind: String, _ count: Int, _ seed: UInt64) -> [String] {
    (0..<count).map { index in
      let number = TextHash.mix(UInt64(index) &+ seed &* 0x9E37_79B9_7F4A_7C15) % 20_000
      switch kind {
      case "ids": return "P\(100_000 + number)"
      case "lengths": return number % 7 == 0 ? "" : String(number % 2_187, radix: 3)
      case "long": return "the ward of the old hospital \(number % 100)"
      default: return String(number * 7_919, radix: 36)
      }
    }
  }

  @Test(arguments: ["ids", "lengths", "long", "mixed"], [1, 2]) func holdsEachTextOnceInOrder(
    _ kind: String, _ workers: Int
  ) throws {
    let lists = (0..<3).map { Self.texts(kind, 6_000, $0) } + [[]]
    let pools = lists.map { TextPool($0, isDistinct: false) }
    let made = try NumberedDictionary.united(pools, workers: Workers(count: workers))
    if kind == "mixed" {
      // Six letters of 36 kinds are numbers too large for bits.
      #expect(made == nil)
      return
    }
    let (pool, maps) = try #require(made)
    let sorted = Set(lists.joined()).sorted { $0.utf8.lexicographicallyPrecedes($1.utf8) }
    #expect((0..<pool.count).map { pool[$0] } == sorted)
    #expect(pool.ranks.array == (0..<UInt32(pool.count)).map { $0 })
    for (list, map) in zip(lists, maps) {
      #expect(map.array.map { sorted[Int($0)] } == list)
    }
  }

  @Test func fewTextsAreLeftToHashing() throws {
    let few = [TextPool(Self.texts("ids", 100, 1), isDistinct: false)]
    #expect(try NumberedDictionary.united(few, workers: Workers(count: 1)) == nil)
  }

  /// Values of several dictionaries, of groups that come in any order, some rows missing, some left out.
  @Test(arguments: 0..<60) func differentTextsAreThoseOfASet(_ seed: Int) throws {
    var random = Random(UInt64(seed) + 900)
    let groupCount = Int.random(in: 1...5, using: &random)
    let pools = (0..<2).map { which in
      TextPool(
        (0..<Int.random(in: 1...300, using: &random)).map { "\($0 * (which + 1) / (seed % 2 + 1))" },
        isDistinct: seed % 2 == 0 && (seed % 5 > 0 || which == 0))
    }
    var wanted = [Set<String>](repeating: [], count: groupCount)
    var skipped = 0
    let whole = Aggregates.countDistinct([.text], [])
    for part in 0..<4 {
      let rows = Int.random(in: 0...500, using: &random)
      let pool = pools[seed % 3 == 0 ? part % 2 : 0]
      let codes = (0..<rows).map { _ in UInt32.random(in: 0..<UInt32(pool.count), using: &random) }
      let known = (0..<rows).map { _ in Int.random(in: 0..<9, using: &random) > 0 }
      let taken = (0..<rows).map { _ in Int.random(in: 0..<4, using: &random) > 0 }
      let own = Array(0..<groupCount).shuffled(using: &random).prefix(
        Int.random(in: 1...groupCount, using: &random))
      let groups = (0..<rows).map { _ in UInt32.random(in: 0..<UInt32(own.count), using: &random) }
      let column = Column.text(.u32(Buffer(codes)), pool, validity: Bitmap(known))
      let state = Aggregates.countDistinct([.text], [])
      try state.update(
        [.column(column)], rows: rows, groups: own.count == 1 ? nil : Buffer(groups), groupCount: own.count,
        selection: part % 2 == 0 ? Bitmap(taken) : nil)
      try whole.merge(state, map: Buffer(own.map { UInt32($0) }), groupCount: groupCount)
      for row in 0..<rows where part % 2 == 1 || taken[row] {
        let group = own[own.startIndex + (own.count == 1 ? 0 : Int(groups[row]))]
        if known[row] { wanted[group].insert(pool[Int(codes[row])]) } else { skipped += 1 }
      }
    }
    #expect(try whole.finish(groupCount: groupCount)[0].values == wanted.map { .int(Int64($0.count)) })
    #expect(whole.skipped == skipped)
  }
}
