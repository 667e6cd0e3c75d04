extension Aggregates {
  /// The sample variance (n − 1) of numbers; missing below two values.
  package static func variance(_ types: [DataType], _ constants: [Value]) -> any AggregateState {
    moments(types) { $0.variance }
  }

  /// The sample standard deviation (n − 1) of numbers or durations; missing below two values.
  package static func standardDeviation(_ types: [DataType], _ constants: [Value]) -> any AggregateState {
    guard types.first == .duration else { return moments(types) { $0.variance?.squareRoot() } }
    return CellState<Moments>(feed: { $0.takeNumbers($1, $2) }) { cells, count in
      [
        .integers(count, type: .duration) { group in
          cells[group].variance.flatMap { Int64(exactly: $0.squareRoot().rounded()) }
        }
      ]
    }
  }

  private static func moments(
    _ types: [DataType], _ result: @escaping (Moments) -> Double?
  ) -> any AggregateState {
    guard types.first?.isNumber == true else { return NothingState(.float) }
    return CellState<Moments>(feed: { $0.takeNumbers($1, $2) }) { cells, count throws(KernelFault) in
      for group in 0..<count where cells[group].isTooSmall { throw Column.belowSmallest }
      return [try .ofPowers(count) { result(cells[$0]) }]
    }
  }

  /// The adjusted Fisher–Pearson coefficient of skewness; missing below three values or where all are equal.
  package static func skewness(_ types: [DataType], _ constants: [Value]) -> any AggregateState {
    guard types.first?.isNumber == true else { return NothingState(.float) }
    return CellState<ThirdMoments>(feed: { $0.takeNumbers($1, $2) }) { cells, count throws(KernelFault) in
      for group in 0..<count where cells[group].isTooSmall { throw Column.belowSmallest }
      return [try .ofPowers(count) { cells[$0].skewness }]
    }
  }

  /// Pearson's correlation of the pairs in which both are known; missing below two pairs or without spread.
  package static func correlation(_ types: [DataType], _ constants: [Value]) -> any AggregateState {
    PairState { $0.correlation }
  }

  /// The slope of the least-squares line of the first argument on the second; missing where the second is constant.
  package static func slope(_ types: [DataType], _ constants: [Value]) -> any AggregateState {
    PairState { $0.slope }
  }
}

/// Means, spreads and common spread of pairs of numbers, each as its difference from the first one.
struct PairMoments: BitwiseCopyable {
  private var count = 0.0
  private var originY = 0.0
  private var originX = 0.0
  private var meanY = 0.0
  private var meanX = 0.0
  private var squaresY = 0.0
  private var squaresX = 0.0
  private var products = 0.0

  @inline(__always)
  mutating func take(y: Double, x: Double) {
    if count == 0 { (originY, originX) = (y, x) }
    count += 1
    let (y, x) = (y - originY, x - originX)
    let distanceY = y - meanY
    let distanceX = x - meanX
    meanY += distanceY / count
    meanX += distanceX / count
    squaresY += distanceY * (y - meanY)
    squaresX += distanceX * (x - meanX)
    products += distanceX * (y - meanY)
  }

  mutating func merge(_ later: PairMoments) {
    if later.count == 0 { return }
    if count == 0 {
      self = later
      return
    }
    let total = count + later.count
    let weight = count * later.count / total
    let distanceY = (later.originY - originY) + (later.meanY - meanY)
    let distanceX = (later.originX - originX) + (later.meanX - meanX)
    squaresY += later.squaresY + distanceY * distanceY * weight
    squaresX += later.squaresX + distanceX * distanceX * weight
    products += later.products + distanceX * distanceY * weight
    meanY += distanceY * (later.count / total)
    meanX += distanceX * (later.count / total)
    count = total
  }

  /// Whether squares of the distances went beyond the largest number: nothing can be told from them.
  var isTooLarge: Bool { !(squaresY.isFinite && squaresX.isFinite && products.isFinite) }

  /// Whether values differ by so little that squares of it are below the smallest number.
  var isTooSmall: Bool {
    meanY != 0 && squaresY < .leastNormalMagnitude || meanX != 0 && squaresX < .leastNormalMagnitude
  }

  var correlation: Double? {
    guard count >= 2, squaresY > 0, squaresX > 0 else { return nil }
    // One root of the product is exact where the pairs lie on a line; two roots serve where it would overflow.
    let product = squaresY * squaresX
    let found =
      product.isNormal
      ? products / product.squareRoot() : products / squaresY.squareRoot() / squaresX.squareRoot()
    return Swift.min(1, Swift.max(-1, found))
  }

  var slope: Double? { squaresX > 0 ? products / squaresX : nil }
}

/// A state of pairs of numbers; a pair with a missing part is left out.
final class PairState: AggregateState {
  private var cells = MutableBuffer<PairMoments>(capacity: 1)
  private(set) var skipped = 0
  var takesSegments: Bool { true }
  private let result: (PairMoments) -> Double?

  init(_ result: @escaping (PairMoments) -> Double?) { self.result = result }

  private func grow(_ groupCount: Int) {
    while cells.count < groupCount { cells.append(PairMoments()) }
  }

  func update(
    _ arguments: [Datum], rows: Int, groups: Buffer<UInt32>?, groupCount: Int, selection: Bitmap?
  ) throws(KernelFault) {
    grow(groupCount)
    guard arguments.count >= 2 else { return }
    let columns = arguments.prefix(2).map { $0.column(rows: rows) }
    let taken = AggregateRows(columns, rows: rows, groups: groups, selection: selection)
    skipped += taken.skipped
    if taken.count == 0 { return }
    let indices = taken.rows ?? .ascending(rows)
    let groupIds = taken.takenGroups
    let (yValues, xValues) = (columns[0].floatValues, columns[1].floatValues)
    Self.take(y: yValues.span, x: xValues.span, indices.span, groupIds.span, &cells)
  }

  private static func take(
    y: Span<Double>, x: Span<Double>, _ rows: Span<UInt32>, _ groups: Span<UInt32>,
    _ cells: inout MutableBuffer<PairMoments>
  ) {
    var span = cells.mutableSpan
    for index in 0..<rows.count {
      let row = Int(rows[index])
      span[Int(groups[index])].take(y: y[row], x: x[row])
    }
  }

  func merge(_ other: any AggregateState, map: Buffer<UInt32>, groupCount: Int) throws(KernelFault) {
    grow(groupCount)
    guard let other = other as? PairState else { return }
    skipped += other.skipped
    for group in 0..<Swift.min(other.cells.count, map.count) {
      cells[Int(map[group])].merge(other.cells[group])
    }
  }

  func finish(groupCount: Int) throws(KernelFault) -> [Column] {
    grow(groupCount)
    for group in 0..<groupCount where cells[group].isTooLarge { throw Column.beyondLargest }
    for group in 0..<groupCount where cells[group].isTooSmall { throw Column.belowSmallest }
    return [.floats(groupCount) { result(cells[$0]) }]
  }
}

extension Column {
  /// Squares or cubes of numbers went beyond the largest number: nothing can be told from them.
  static let beyondLargest = KernelFault(
    "the squares or cubes of these numbers are beyond the largest number",
    help: ["divide them before, by 1e100 for instance"])

  /// Squares or cubes of distances went below the smallest number: they would be 0.
  static let belowSmallest = KernelFault(
    "the squares or cubes of the differences between these numbers are below the smallest number",
    help: ["multiply them before, by 1e100 for instance"])

  /// Floats worked out from sums of powers; nil is missing, what is no finite number a fault.
  static func ofPowers(_ count: Int, _ value: (Int) -> Double?) throws(KernelFault) -> Column {
    for index in 0..<count {
      if let value = value(index), !value.isFinite { throw beyondLargest }
    }
    return .floats(count, value)
  }
}
