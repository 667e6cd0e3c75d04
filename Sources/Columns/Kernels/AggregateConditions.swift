extension Aggregates {
  /// Whether the condition holds in some row where it is known; false over no rows.
  package static func any(_ types: [DataType], _ constants: [Value]) -> any AggregateState {
    conditions { cells, count in
      [.integers(Buffer((0..<count).map { cells[$0].holding > 0 ? 1 : 0 }), type: .bool, validity: nil)]
    }
  }

  /// Whether the condition holds in every row where it is known; true over no rows.
  package static func all(_ types: [DataType], _ constants: [Value]) -> any AggregateState {
    conditions { cells, count in
      let values = (0..<count).map { cells[$0].holding == cells[$0].known ? Int64(1) : 0 }
      return [.integers(Buffer(values), type: .bool, validity: nil)]
    }
  }

  /// The rows in which the condition holds, in percent of those where it is known; missing where it never is.
  package static func percent(_ types: [DataType], _ constants: [Value]) -> any AggregateState {
    conditions { cells, count in
      [
        .floats(count) { group in
          let cell = cells[group]
          return cell.known == 0 ? nil : Double(cell.holding) * 100 / Double(cell.known)
        }
      ]
    }
  }

  private static func conditions(
    _ result: @escaping (borrowing AggregateCells<ConditionCount>, Int) throws(KernelFault) -> [Column]
  ) -> any AggregateState {
    CellState<ConditionCount>(feed: { $0.takeIntegers($1, $2) }, result: result)
  }
}
