import Synchronization

/// Where a band or a bin begins and ends, read from its label: `<18`, `18-64`, `18-<65`, `65+`, `-20 to -11`, and a
/// value that is a band alone. Labels of several calls, none of which knows the other's, have an order by it.
struct BandEdges: Comparable, Sendable {
  /// What the edges are of: others cannot be compared with them.
  enum Kind: Sendable { case number, duration, time }

  let kind: Kind
  private let lower: Double
  private let upper: Double
  /// Whether the upper end is a value of the band, the greatest whole number in it.
  private let isClosed: Bool

  /// Of a number, as the maker of its label knows them.
  init(_ lower: Double, _ upper: Double, isClosed: Bool) {
    (kind, self.lower, self.upper, self.isClosed) = (.number, lower, upper, isClosed)
  }

  init?(_ label: String) {
    guard label.utf8.count <= 80 else { return nil }
    let (low, high) = Self.ends(label[...])
    isClosed = !label.contains("-<")
    let ends = [low, high].map { $0.isEmpty ? nil : Self.edge(String($0)) }
    if !low.isEmpty && ends[0] == nil || !high.isEmpty && ends[1] == nil { return nil }
    guard let kind = ends[0]?.kind ?? ends[1]?.kind, ends.allSatisfy({ ($0?.kind ?? kind) == kind }) else {
      return nil
    }
    (self.kind, lower, upper) = (kind, ends[0]?.place ?? -.infinity, ends[1]?.place ?? .infinity)
    if lower > upper { return nil }
  }

  static func < (left: BandEdges, right: BandEdges) -> Bool {
    (left.lower, left.upper) < (right.lower, right.upper)
  }

  /// The two ends as they are written, one of them empty where the band has none.
  private static func ends(_ label: Substring) -> (Substring, Substring) {
    if label.first == "<" { return ("", label.dropFirst()) }
    if label.last == "+" { return (label.dropLast(), "") }
    for between in [" to ", "-<"] {
      if let place = label.firstRange(of: between) {
        return (label[..<place.lowerBound], label[place.upperBound...])
      }
    }
    // A sign, and the parts of a date, are no end of a band.
    if edge(String(label)) != nil { return (label, label) }
    guard let dash = label.dropFirst().firstIndex(of: "-") else { return (label, label) }
    return (label[..<dash], label[label.index(after: dash)...])
  }

  private static func edge(_ text: String) -> (kind: Kind, place: Double)? {
    if case .float(let number)? = Kernels.parse(text, as: .float) { return (.number, number) }
    if case .datetime(let instant, _)? = Kernels.parse(text, as: .datetime) {
      return (.time, Double(instant))
    }
    if case .duration(let length)? = Kernels.parse(text, as: .duration) { return (.duration, Double(length)) }
    return nil
  }
}

extension BandEdges {
  /// From where one of several bins beside each other begins to where the next does; nil where an end is open.
  private var step: Double? {
    lower.isFinite && upper.isFinite ? upper - lower + (isClosed ? 1 : 0) : nil
  }

  /// Whether the two have no value together: they touch at most.
  private func isApart(from other: BandEdges) -> Bool { upper < other.lower || other.upper < lower }

  /// The step of bins that are all of one width; nil for other bands.
  static func step(of bands: [BandEdges]) -> Double? {
    guard let first = bands.first, let step = first.step, step > 0 else { return nil }
    let areAlike = bands.allSatisfy { one in
      one.isClosed == first.isClosed && one.step.map { abs($0 - step) <= step * 1e-9 } ?? false
    }
    return areAlike ? step : nil
  }

  /// Whether it may stand among bands, of which it is none: as one of the bins that have not come yet, or apart from
  /// all others. What has values together with one of them is mistyped, or another call's: nothing is known of it.
  func fits(among bands: [BandEdges], step: Double?) -> Bool {
    guard let first = bands.first else { return true }
    guard kind == first.kind else { return false }
    guard let step else { return bands.allSatisfy { isApart(from: $0) } }
    guard isClosed == first.isClosed, let own = self.step, abs(own - step) <= step * 1e-9 else {
      return false
    }
    let away = (lower - first.lower) / step
    return abs(away - away.rounded()) <= 1e-6
  }

  /// The edges of labels; nil where not all are bands of one kind that ascend.
  static func all(_ labels: [String]) -> [BandEdges]? {
    var edges: [BandEdges] = []
    edges.reserveCapacity(labels.count)
    for label in labels {
      guard let next = BandEdges(label), edges.last.map({ $0.kind == next.kind && $0 < next }) ?? true else {
        return nil
      }
      edges.append(next)
    }
    return edges
  }
}

extension TextPool {
  /// The edges of the listed entries, in their order; nil where not all are bands, or not in the order of their edges.
  var bands: [BandEdges]? { knownBands.edges }

  /// Whether a label that does not occur may stand among those of the pool.
  func mayHold(_ edges: BandEdges) -> Bool {
    let known = knownBands
    return known.edges.map { edges.fits(among: $0, step: known.step) } ?? false
  }

  private var knownBands: CachedBands {
    cachedBands.withLock { cached in
      if let cached { return cached }
      let made = CachedBands(BandEdges.all(listed.map { self[$0] }))
      cached = made
      return made
    }
  }

  /// Whoever makes the labels knows their edges.
  func knowing(_ edges: [BandEdges]?) -> TextPool {
    if let edges { cachedBands.withLock { $0 = CachedBands(edges) } }
    return self
  }

  /// What the labels of a pool came to.
  struct CachedBands: Sendable {
    let edges: [BandEdges]?
    let step: Double?

    init(_ edges: [BandEdges]?) {
      self.edges = edges
      step = edges.flatMap { BandEdges.step(of: $0) }
    }
  }

  /// The labels of several pools in the order of their edges, each once, those of the same edges as the pools come; nil
  /// where one of the pools is not of ascending bands, or they are of different kinds.
  static func unitedBands(_ pools: [TextPool]) -> (labels: [String], edges: [BandEdges])? {
    var known: Set<String> = []
    var all: [(label: String, edges: BandEdges)] = []
    for pool in pools {
      guard let edges = pool.bands else { return nil }
      if let one = all.first, let other = edges.first, one.edges.kind != other.kind { return nil }
      for (entry, edge) in zip(pool.listed, edges) {
        let label = pool[entry]
        if known.insert(label).inserted { all.append((label, edge)) }
      }
    }
    let order = all.indices.sorted { (all[$0].edges, $0) < (all[$1].edges, $1) }
    return (order.map { all[$0].label }, order.map { all[$0].edges })
  }
}

extension Column {
  /// Texts that are labels of bands apart from those of another column, or of their own that are listed, in their order;
  /// other texts as they are.
  func asBands(beside other: Column) -> Column {
    guard case .text(let codes, let pool) = storage, pool.isDistinct, pool.listedCount < pool.count,
      pool.count - pool.listedCount <= 8, pool.listedCount <= 10_000
    else { return self }
    let source = pool.isOrdered ? pool : other.pool
    guard let source, source.bands?.isEmpty == false else { return self }
    let known = Set(source.listed.map { source[$0] })
    var own: [(entry: Int, edges: BandEdges)] = []
    for entry in 0..<pool.count {
      guard let edges = BandEdges(pool[entry]), known.contains(pool[entry]) || source.mayHold(edges) else {
        return self
      }
      own.append((entry, edges))
    }
    let entries = own.sorted { $0.edges < $1.edges }.map(\.entry)
    return .text(codes, pool.ordered(listing: entries), validity: validity)
  }
}
