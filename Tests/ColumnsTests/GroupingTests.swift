import Columns
import Testing

@Suite struct GroupingTests {
  /// Groups by comparing every row with the first row of every group before it.
  private func reference(_ keys: [Column], rows: Int) -> (ids: [UInt32], firstRows: [UInt32]) {
    var ids: [UInt32] = []
    var firstRows: [UInt32] = []
    for row in 0..<rows {
      let key = keys.map { KernelSamples.comparable($0, row) }
      let known = firstRows.firstIndex { first in
        keys.map { KernelSamples.comparable($0, Int(first)) } == key
      }
      ids.append(UInt32(known ?? firstRows.count))
      if known == nil { firstRows.append(UInt32(row)) }
    }
    return (ids, firstRows)
  }

  private func check(_ keys: [Column], rows: Int, _ name: String) {
    let found = Grouper.group(keys, rows: rows)
    let wanted = reference(keys, rows: rows)
    #expect(found.ids.array == wanted.ids, "\(name)")
    #expect(found.firstRows.array == wanted.firstRows, "\(name)")
    #expect(found.count == wanted.firstRows.count, "\(name)")
  }

  @Test(arguments: KernelSamples.kinds) func oneKeyOfEveryKind(kind: String) {
    var random = Random(7)
    for rows in [0, 1, 2, 3, 63, 64, 65, 200] {
      for _ in 0..<3 { check([KernelSamples.column(kind, rows: rows, &random)], rows: rows, kind) }
    }
  }

  @Test func twoAndThreeKeysOfAllKinds() {
    var random = Random(8)
    for first in KernelSamples.kinds {
      for second in KernelSamples.kinds {
        let third = KernelSamples.kinds.randomElement(using: &random) ?? first
        let kinds = [first, second] + (Bool.random(using: &random) ? [third] : [])
        check(kinds.map { KernelSamples.column($0, rows: 70, &random) }, rows: 70, "\(kinds)")
      }
    }
  }

  @Test func noKeysAreOneGroup() {
    let grouping = Grouper.group([], rows: 3)
    #expect(grouping.count == 1)
    #expect(grouping.ids.array == [0, 0, 0])
    #expect(Grouper.group([], rows: 0).count == 0)
  }

  @Test func manyDifferentKeysGrowTheHashTable() {
    let rows = 30_000
    let keys = (0..<rows).map { Int64($0 % 20_000) &* 0x1234_5678_9ABC }
    let grouping = Grouper.group([.int(Buffer(keys))], rows: rows)
    #expect(grouping.count == 20_000)
    #expect(grouping.ids.array == (0..<rows).map { UInt32($0 % 20_000) })
    #expect(grouping.firstRows.array == (0..<20_000).map { UInt32($0) })
  }

  @Test func aSliceOfAColumnGroupsItsOwnRows() {
    var random = Random(9)
    for kind in KernelSamples.kinds {
      let column = KernelSamples.column(kind, rows: 300, &random)
      for range in [64..<200, 5..<9, 128..<300] {
        check([column.slice(range)], rows: range.count, kind)
      }
    }
  }
}

/// Texts with orders of their own from several tables.
@Suite struct OwnOrderTests {
  private func column(_ texts: [String]) -> Column {
    .text(
      .u32(Buffer((0..<texts.count).map { UInt32($0) })), TextPool(texts, isDistinct: true, ordered: true))
  }

  private func sorted(_ parts: [[String]]) -> [String] {
    let whole = Column.concatenated(parts.map(column), type: .text)
    let order = Sorter.order([SortKey(column: whole, descending: false)], rows: whole.count)
    return whole.take(order).values.map { $0.string ?? "" }
  }

  @Test func ordersThatAgreeAreKept() {
    #expect(sorted([["low", "mid", "a"], ["mid", "high"]]) == ["low", "mid", "mid", "a", "high"])
    #expect(
      sorted([["z", "m", "b"], ["z", "m", "c"], ["z", "a"]]) == ["z", "z", "z", "a", "m", "m", "b", "c"])
    #expect(sorted([["z", "a"], ["b", "z", "a"]]) == ["b", "z", "z", "a", "a"])
  }

  /// Nothing is right for texts that one table has this way and the other that way: they sort as texts.
  @Test func ordersThatDisagreeAreNot() {
    #expect(sorted([["b", "a"], ["a", "b", "c"]]) == ["a", "a", "b", "b", "c"])
  }
}
