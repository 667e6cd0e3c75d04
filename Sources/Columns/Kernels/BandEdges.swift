/// Where a band or a bin begins and ends, read from its label: `<18`, `18-64`, `18-<65`, `65+`, `-20 to -11`, and a
/// value that is a band alone. Labels of several calls, none of which knows the other's, have an order by it.
struct BandEdges: Comparable {
  /// What the edges are of: others cannot be compared with them.
  enum Kind { case number, duration, time }

  let kind: Kind
  private let lower: Double
  private let upper: Double

  init?(_ label: String) {
    guard label.utf8.count <= 80 else { return nil }
    let (low, high) = Self.ends(label[...])
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

extension TextPool {
  /// The edges of the listed entries, in their order; nil where not all are bands, or not in the order of their edges.
  var bands: [BandEdges]? { BandEdges.all(listed.map { self[$0] }) }
}

extension BandEdges {
  /// The edges of labels; nil where not all are bands of one kind that ascend.
  static func all(_ labels: [String]) -> [BandEdges]? {
    var edges: [BandEdges] = []
    for label in labels {
      guard let next = BandEdges(label), edges.last.map({ $0.kind == next.kind && $0 < next }) ?? true else {
        return nil
      }
      edges.append(next)
    }
    return edges
  }

  /// Labels of several lists in one order, each once; nil where one of the lists is not of ascending bands.
  static func union(_ lists: [[String]]) -> [String]? {
    var known: [String: BandEdges] = [:]
    for list in lists {
      guard let edges = all(list) else { return nil }
      for (label, edge) in zip(list, edges) { known[label] = edge }
    }
    guard Set(known.values.map(\.kind)).count <= 1 else { return nil }
    let sorted = known.sorted { $0.value < $1.value }
    // Two labels of the same edges (`5` and `5-5`) leave their order open.
    if zip(sorted, sorted.dropFirst()).contains(where: { $0.value == $1.value }) { return nil }
    return sorted.map(\.key)
  }
}
