/// The aggregate functions on numbers, times and conditions: each makes the state for its argument types.
package enum Aggregates {
  /// Rows, or rows whose argument is known.
  package static func count(_ types: [DataType], _ constants: [Value]) -> any AggregateState { CountState() }

  /// The sum of numbers or durations, in the argument's type. A total beyond 64 bits is a fault of the group.
  package static func sum(_ types: [DataType], _ constants: [Value]) -> any AggregateState {
    switch types.first {
    case .float?:
      return CellState<FloatSum>(feed: { $0.takeNumbers($1, $2) }) { cells, count throws(KernelFault) in
        try requireFinite(cells, count)
        return [.floats(count) { cells[$0].count == 0 ? nil : cells[$0].total }]
      }
    case .int?, .duration?:
      let type = types[0]
      return CellState<IntegerSum>(feed: { $0.takeIntegers($1, $2) }) { cells, count throws(KernelFault) in
        for group in 0..<count where cells[group].fitting == nil {
          throw KernelFault(
            "the sum is \(cells[group].total), which does not fit in 64 bits", row: group,
            help: type == .int ? ["Sum as decimal numbers: sum(float(x))."] : [])
        }
        return [.integers(count, type: type) { cells[$0].count == 0 ? nil : cells[$0].fitting }]
      }
    default: return NothingState(types.first ?? .missing)
    }
  }

  /// The product of numbers, a float.
  package static func product(_ types: [DataType], _ constants: [Value]) -> any AggregateState {
    guard types.first?.isNumber ?? false else { return NothingState(.float) }
    return CellState<FloatProduct>(feed: { $0.takeNumbers($1, $2) }) { cells, count throws(KernelFault) in
      for group in 0..<count where !cells[group].product.isFinite {
        throw KernelFault("the product is larger than the largest number (about 1.8e308)", row: group)
      }
      return [.floats(count) { cells[$0].count == 0 ? nil : cells[$0].product }]
    }
  }

  /// A total beyond the largest float (about 1.8e308) is a fault of the group, as one beyond 64 bits is.
  private static func requireFinite(_ cells: borrowing AggregateCells<FloatSum>, _ count: Int)
    throws(KernelFault)
  {
    for group in 0..<count where !cells[group].total.isFinite {
      throw KernelFault("the sum is larger than the largest number (about 1.8e308)", row: group)
    }
  }

  /// The mean: a float for numbers; the argument's type for durations, dates and datetimes, rounded down to the
  /// microsecond or the day.
  package static func mean(_ types: [DataType], _ constants: [Value]) -> any AggregateState {
    switch types.first {
    case .float?:
      return CellState<FloatSum>(feed: { $0.takeNumbers($1, $2) }) { cells, count throws(KernelFault) in
        try requireFinite(cells, count)
        return [.floats(count) { cells[$0].count == 0 ? nil : cells[$0].mean }]
      }
    case .int?:
      return CellState<IntegerSum>(feed: { $0.takeIntegers($1, $2) }) { cells, count in
        [.floats(count) { cells[$0].count == 0 ? nil : cells[$0].mean }]
      }
    case .duration?, .date?, .datetime?:
      let type = types[0]
      let state = CellState<IntegerSum>(feed: { $0.takeIntegers($1, $2) }) { cells, count in
        [.integers(count, type: type) { cells[$0].flooredMean }]
      }
      return type == .datetime ? OffsetState(state) : state
    default: return NothingState(types.first ?? .missing)
    }
  }

  /// The least value.
  package static func min(_ types: [DataType], _ constants: [Value]) -> any AggregateState {
    extreme(types, greatest: false)
  }

  /// The greatest value.
  package static func max(_ types: [DataType], _ constants: [Value]) -> any AggregateState {
    extreme(types, greatest: true)
  }

  private static func extreme(_ types: [DataType], greatest: Bool) -> any AggregateState {
    switch types.first {
    case .float?:
      return CellState<FloatExtremes>(feed: { $0.takeNumbers($1, $2) }) { cells, count in
        [
          .floats(count) { group in
            let cell = cells[group]
            return cell.isKnown ? (greatest ? cell.greatest : cell.least) : nil
          }
        ]
      }
    case .text?: return TextExtremeState(greatest: greatest)
    case .datetime?:
      return OffsetState(
        CellState<TimeExtremes>(feed: { $0.takeTimes($1, $2) }) { cells, count in
          [cells.times(count, greatest: greatest)]
        })
    case .int?, .bool?, .date?, .duration?:
      let type = types[0]
      return CellState<IntegerExtremes>(feed: { $0.takeIntegers($1, $2) }) { cells, count in
        [
          .integers(count, type: type) { group in
            let cell = cells[group]
            return cell.isKnown ? (greatest ? cell.greatest : cell.least) : nil
          }
        ]
      }
    default: return NothingState(types.first ?? .missing)
    }
  }

  /// The middle value; the mean of the two middle ones where their number is even.
  package static func median(_ types: [DataType], _ constants: [Value]) -> any AggregateState {
    quantile(types.first ?? .missing, fraction: 0.5)
  }

  /// The value below which `fraction` of the values lie, interpolated between neighbours (R type 7): a float for
  /// numbers; the argument's type for times and durations, rounded down to the day or the microsecond.
  static func quantile(_ type: DataType, fraction: Double) -> any AggregateState {
    switch type {
    case .float: return GatheringState { values, count in [floatQuantiles(values, count, fraction)] }
    case .int, .duration, .date, .datetime:
      let state = GatheringState { values, count in [integerQuantiles(values, count, type, fraction)] }
      return type == .datetime ? OffsetState(state) : state
    default: return NothingState(type)
    }
  }

  private static func floatQuantiles(_ values: GatheredValues, _ count: Int, _ fraction: Double) -> Column {
    let results = values.floatNeighbours(count, fraction).map { found in
      found.map { low, high, weight in
        if weight == 0 { return low }
        let width = high - low
        // Between two numbers of opposite signs that are great enough lie more than any number.
        return width.isFinite ? low + width * weight : low * (1 - weight) + high * weight
      }
    }
    return .floats(count) { results[$0] }
  }

  private static func integerQuantiles(
    _ values: GatheredValues, _ count: Int, _ type: DataType, _ fraction: Double
  ) -> Column {
    let found = values.integerNeighbours(count, fraction)
    if type == .int {
      return .floats(count) { group in
        found[group].map { low, high, weight in
          if weight == 0.5 { return Double(Int128(low) + Int128(high)) / 2 }
          return Double(low) + Double(Int128(high) - Int128(low)) * weight
        }
      }
    }
    return .integers(count, type: type) { group in
      found[group].map { low, high, weight in
        let step = (Double(Int128(high) - Int128(low)) * weight).rounded(.down)
        return low &+ (Int64(exactly: step) ?? 0)
      }
    }
  }
}

extension IntegerSum {
  /// The mean rounded down; nil of nothing.
  var flooredMean: Int64? {
    if count == 0 { return nil }
    let (quotient, remainder) = total.quotientAndRemainder(dividingBy: Int128(count))
    return Int64(exactly: remainder < 0 ? quotient - 1 : quotient)
  }
}
