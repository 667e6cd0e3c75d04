extension TextPool {
  /// The entries that the order lists, in it.
  package var listed: [Int] {
    guard let ownOrder else { return [] }
    var result = [Int](repeating: 0, count: listedCount)
    for entry in 0..<count where Int(ownOrder[entry]) < listedCount { result[Int(ownOrder[entry])] = entry }
    return result
  }

  /// The same distinct entries in an order: the listed ones first, the others behind by scalar.
  package func ordered(listing entries: [Int]) -> TextPool {
    var order = MutableBuffer<UInt32>(repeating: missingRow, count: count)
    for (place, entry) in entries.enumerated() { order[entry] = UInt32(truncatingIfNeeded: place) }
    if entries.count < count {
      // The entries are distinct, so that their ranks by scalar are a permutation.
      let byScalar = TextPool(offsets: offsets, bytes: bytes, isDistinct: true).ranks.inverse
      var next = UInt32(truncatingIfNeeded: entries.count)
      for place in 0..<count where order[Int(byScalar[place])] == missingRow {
        order[Int(byScalar[place])] = next
        next += 1
      }
    }
    return TextPool(
      offsets: offsets, bytes: bytes, isDistinct: true, ownOrder: order.freeze(), listedCount: entries.count)
  }

  /// Texts in an order that agrees with several others.
  package struct CommonList: Sendable {
    package var texts: [String]
    /// The first two of which no other order says which comes first: they stand by scalar.
    package var open: [String]
    /// Their edges, where they are bands.
    var bands: [BandEdges]?
  }

  /// The texts of an order that agrees with the orders of all pools; nil where none of them has one, or they disagree.
  package static func commonList(_ pools: [TextPool]) -> CommonList? {
    var seen: Set<ObjectIdentifier> = []
    let ordered = pools.filter { $0.isOrdered && seen.insert(ObjectIdentifier($0)).inserted }
    guard let first = ordered.first else { return nil }
    if ordered.count > 1, let bands = unitedBands(ordered) {
      return CommonList(texts: bands.labels, open: [], bands: bands.edges)
    }
    var lists = [first.listedTexts.map(ExactText.init)]
    for pool in ordered.dropFirst() {
      let list = pool.listedTexts.map(ExactText.init)
      if !lists.contains(list) { lists.append(list) }
    }
    return merged(lists)
  }

  /// Why texts of several orders do not stand in one of them all: the orders contradict each other, or leave open which
  /// of some comes first. Nil where they agree.
  package static func orderFault(_ pools: [TextPool]) -> String? {
    if !pools.contains(where: \.isOrdered) { return nil }
    guard let list = commonList(pools) else { return contraryOrders }
    return list.open.isEmpty ? nil : openOrders
  }

  package static let contraryOrders =
    "the orders of the texts contradict each other: together they go by letters; ordered(x, …) says how"
  package static let openOrders =
    "the orders of the texts do not say which of some comes first: these go by letters; ordered(x, …) says how"

  private var listedTexts: [String] { listed.map { self[$0] } }

  /// Lists as one that keeps the order of each; where they leave it open, by scalar. Nil where they disagree.
  private static func merged(_ lists: [[ExactText]]) -> CommonList? {
    if lists.count == 1 { return CommonList(texts: lists[0].map(\.text), open: []) }
    var behind: [ExactText: Set<ExactText>] = [:]
    // How many others must come before each.
    var waits: [ExactText: Int] = [:]
    for list in lists {
      for text in list { waits[text, default: 0] += 0 }
      for (text, next) in zip(list, list.dropFirst()) where behind[text, default: []].insert(next).inserted {
        waits[next, default: 0] += 1
      }
    }
    var ready = waits.filter { $0.value == 0 }.keys.sorted(by: >)
    var result: [String] = []
    var open: [String] = []
    while let text = ready.popLast() {
      // Of texts that wait for nothing no list says which comes first.
      if open.isEmpty, let other = ready.last { open = [text.text, other.text] }
      result.append(text.text)
      let freed = (behind[text] ?? []).filter { next in
        waits[next, default: 1] -= 1
        return waits[next] == 0
      }
      if !freed.isEmpty { ready = (ready + freed).sorted(by: >) }
    }
    return result.count == waits.count ? CommonList(texts: result, open: open) : nil
  }

  /// A list with what a pool lists beside it: of bins, a later part of a table may have others.
  fileprivate func extending(_ list: [String]) -> [String] {
    guard isOrdered else { return list }
    let own = listedTexts
    if own.count <= list.count, Set(list).isSuperset(of: own) { return list }
    return TextPool.commonList([TextPool(list, isDistinct: true, ordered: true), self])?.texts ?? list
  }
}

/// A pool in an order that somebody asked for, and how the codes of the source become its codes.
struct OrderedPool: Sendable {
  let pool: TextPool
  let map: CodeMap

  init(_ source: TextPool, _ texts: [String]) {
    var interner = TextInterner(capacity: source.count + texts.count)
    map = .table(interner.codes(of: source))
    let listed = texts.map { Int(interner.code(of: $0)) }
    pool = interner.freeze().ordered(listing: listed)
  }
}

extension Column {
  /// The same texts in an order that lists these; without an order for nil.
  ///
  /// - Parameter state: remembers what was made of a pool.
  package func ordered(as list: [String]?, _ state: CallState) -> Column {
    guard case .text(let codes, let pool) = storage else { return self }
    guard let list else { return withoutOrder }
    let order = state.remembered(for: pool) { OrderedPool(pool, pool.extending(list)) }
    return .text(.u32(order.map(codes.widened)), order.pool, validity: validity)
  }
}
