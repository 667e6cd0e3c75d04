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
    var list = CommonList(texts: first.listedTexts, open: [])
    for pool in ordered.dropFirst() {
      guard let both = merged(list.texts, pool.listedTexts) else { return nil }
      list = CommonList(texts: both.texts, open: list.open.isEmpty ? both.open : list.open)
    }
    return list
  }

  private var listedTexts: [String] { listed.map { self[$0] } }

  /// Two lists as one that keeps the order of both; where they leave it open, by scalar.
  private static func merged(_ one: [String], _ two: [String]) -> CommonList? {
    if one == two { return CommonList(texts: one, open: []) }
    let (inOne, inTwo) = (Set(one), Set(two))
    var result: [String] = []
    var open: [String] = []
    var (left, right) = (0, 0)
    while left < one.count, right < two.count {
      let (a, b) = (one[left], two[right])
      // Texts before these are through: whoever knows the other's head still has it ahead.
      let (leftWaits, rightWaits) = (inTwo.contains(a), inOne.contains(b))
      if a == b {
        result.append(a)
        left += 1
        right += 1
      } else if leftWaits, rightWaits {
        return nil
      } else if leftWaits || !rightWaits && b.unicodeScalars.lexicographicallyPrecedes(a.unicodeScalars) {
        if !leftWaits, open.isEmpty { open = [b, a] }
        result.append(b)
        right += 1
      } else {
        if !rightWaits, open.isEmpty { open = [a, b] }
        result.append(a)
        left += 1
      }
    }
    return CommonList(texts: result + one[left...] + two[right...], open: open)
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
