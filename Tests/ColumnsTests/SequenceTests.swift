import Columns
import Testing

/// Sequences of whole columns against the same made one by one.
@Suite struct SequenceTests {
  private static let days: [Value] = [
    .date(0), .date(20_000), .missing, .date(19_999), .date(2_932_890), .date(5),
  ]
  private static let times: [Value] = [
    .datetime(0, offset: nil), .datetime(90_000_000_000, offset: nil), .missing,
    .datetime(-1, offset: nil), .datetime(7_200_000_001, offset: nil), .datetime(3_600_000_000, offset: nil),
  ]
  private static let zoned: [Value] = [
    .datetime(0, offset: 120), .datetime(90_000_000_000, offset: -60), .missing,
    .datetime(-1, offset: 0), .datetime(7_200_000_001, offset: 120), .datetime(3_600_000_000, offset: 60),
  ]
  private static let ints: [Value] = [.int(3), .int(-3), .missing, .int(0), .int(.max), .int(.min)]

  private static let steps: [(Value, [String])] = [
    (.int(1), ["int"]), (.int(-2), ["int"]), (.int(3), ["int"]), (.text("day"), ["date", "time"]),
    (.text("week"), ["date", "time"]), (.text("hour"), ["date", "time"]),
    (.duration(86_400_000_000), ["date", "time"]), (.duration(-3_600_000_000), ["time"]),
    (.duration(5_400_000_000), ["time"]),
  ]

  private func columns(_ kind: String) -> [(Column, Column)] {
    switch kind {
    case "int":
      let near: [Value] = [.int(9), .int(-9), .int(1), .missing, .int(.max - 2), .int(.min + 5)]
      return [(Column(Self.ints), Column(near)), (Column(near), Column(Self.ints))]
    case "date":
      let later: [Value] = [.date(9), .date(20_001), .date(3), .missing, .date(2_932_896), .date(4)]
      return [(Column(Self.days), Column(later))]
    default:
      let later = Self.times.map { value -> Value in
        if case .datetime(let instant, let offset) = value {
          .datetime(instant + 10_800_000_000, offset: offset)
        } else {
          .missing
        }
      }
      return [
        (Column(Self.times), Column(later)), (Column(Self.zoned), Column(later)),
        (Column(later), Column(Self.zoned)),
      ]
    }
  }

  @Test func wholeColumnsGiveWhatSingleRowsGive() throws {
    var compared = 0
    for (step, kinds) in Self.steps {
      for kind in kinds {
        for (from, to) in columns(kind) {
          let given = Datum.constant(step, step.type)
          let whole = try Kernels.sequences([.column(from), .column(to), given], from.count, CallState())
          for row in 0..<from.count {
            let arguments = [from.value(row), to.value(row), step]
            let alone = arguments.contains(.missing) ? .missing : try Kernels.sequence(arguments, CallState())
            #expect(whole.value(row) == alone, "\(arguments)")
            compared += 1
          }
        }
      }
    }
    #expect(compared > 150)
  }

  @Test func aSequenceThatIsTooLongIsRefusedByItsRow() throws {
    let from = Column([.int(0), .int(0)])
    let to = Column([.int(5), .int(20_000_000)])
    let fault = #expect(throws: KernelFault.self) {
      try Kernels.sequences([.column(from), .column(to), .constant(.int(1), .int)], 2, CallState())
    }
    #expect(fault?.row == 1)
    #expect(throws: KernelFault.self) {
      try Kernels.sequences([.column(from), .column(to), .constant(.int(0), .int)], 2, CallState())
    }
    #expect(throws: KernelFault.self) {
      try Kernels.sequences(
        [.column(from), .column(to), .constant(.int(1), .int)], 2, CallState(room: { 100 }))
    }
  }
}
