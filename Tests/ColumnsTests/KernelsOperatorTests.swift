import Testing

@testable import Columns

/// The reference: what one row of an operator gives, on plain values.
private enum Reference {
  static func compare(_ comparison: Comparison, _ left: Value, _ right: Value) -> Value {
    if left.isMissing || right.isMissing { return .missing }
    let isLess = Value.precedes(left, right)
    let isMore = Value.precedes(right, left)
    switch comparison {
    case .equal: return .bool(!isLess && !isMore)
    case .notEqual: return .bool(isLess || isMore)
    case .less: return .bool(isLess)
    case .lessOrEqual: return .bool(!isMore)
    case .greater: return .bool(isMore)
    case .greaterOrEqual: return .bool(!isLess)
    }
  }
}

/// A column and some of its values as constants, in all ways a kernel may meet them.
private func shapes(_ values: [Value], _ type: DataType) -> [Datum] {
  [.column(Column(values, type: type))] + [values[0], values[values.count - 1]].map { .constant($0, type) }
}

private func expectRows(
  _ datum: Datum, _ rows: Int, _ comment: String, _ expected: (Int) -> Value,
  sourceLocation: SourceLocation = #_sourceLocation
) {
  for row in 0..<rows {
    let wanted = expected(row)
    let got = datum.value(row)
    if got != wanted {
      Issue.record("\(comment) row \(row): \(got), expected \(wanted)", sourceLocation: sourceLocation)
      return
    }
  }
}

@Suite struct KernelsOperatorTests {
  static let orderables: [(DataType, [Value])] = [
    (.int, [.int(3), .missing, .int(-300), .int(3), .int(Int64.max), .int(Int64.min), .int(0)]),
    (.float, [.float(3), .float(-0.5), .missing, .float(1e300), .int(0), .float(2.5), .float(3)]),
    (.bool, [.bool(true), .bool(false), .missing, .bool(true), .bool(false), .bool(false), .bool(true)]),
    (.text, ["b", "", "a", "ab", "é", "b"].map { .text($0) } + [.missing]),
    (.date, [.date(3), .date(-9), .missing, .date(0), .date(20_000), .date(3), .date(1)]),
    (
      .duration,
      [.duration(3), .duration(-9), .missing, .duration(0), .duration(9), .duration(3), .duration(1)]
    ),
    (
      .datetime,
      [
        .datetime(3, offset: nil), .missing, .datetime(-9, offset: nil), .datetime(0, offset: nil),
        .datetime(3, offset: nil), .datetime(7, offset: nil), .datetime(1, offset: nil),
      ]
    ),
  ]

  @Test(arguments: Comparison.allCases)
  func comparisonsAgreeWithTheReference(_ comparison: Comparison) throws {
    for (type, values) in Self.orderables {
      for left in shapes(values, type) {
        for right in shapes(values.reversed(), type) {
          let result = try Kernels.compare(comparison, [left, right], 7, CallState())
          expectRows(result, 7, "\(comparison) \(type)") { row in
            Reference.compare(comparison, left.value(row), right.value(row))
          }
          if left.constant != nil, right.constant != nil { #expect(result.constant != nil) }
        }
      }
    }
  }

  @Test(arguments: Comparison.allCases)
  func narrowIntsCompareAsTheirValues(_ comparison: Comparison) throws {
    let small: [Int64] = [-128, -1, 0, 1, 5, 127, 5, -128]
    let columns: [ColumnStorage] = [
      .int8(Buffer(small.map { Int8($0) })), .int16(Buffer(small.map { Int16($0) })),
      .int32(Buffer(small.map { Int32($0) })), .int64(Buffer(small)),
    ]
    let validity = Bitmap([true, true, false, true, true, true, true, true])
    for storage in columns {
      let column = Datum.column(Column(type: .int, storage: storage, validity: validity, count: 8))
      for constant: Int64 in [-129, -128, 0, 5, 127, 128, 40_000, -40_000, Int64.max, Int64.min] {
        let other = Datum.constant(.int(constant), .int)
        for pair in [[column, other], [other, column]] {
          expectRows(try Kernels.compare(comparison, pair, 8, CallState()), 8, "\(comparison) \(constant)") {
            Reference.compare(comparison, pair[0].value($0), pair[1].value($0))
          }
        }
      }
      for second in columns {
        let pair = [column, .column(Column(type: .int, storage: second, validity: nil, count: 8).reversed)]
        expectRows(try Kernels.compare(comparison, pair, 8, CallState()), 8, "\(comparison)") {
          Reference.compare(comparison, pair[0].value($0), pair[1].value($0))
        }
      }
    }
  }

  @Test func longColumnsFillWholeWords() throws {
    for rows in [0, 1, 63, 64, 65, 200] {
      let values = (0..<rows).map { Value.int(Int64($0 * 37 % 101)) }
      let column = Column(values, type: .int)
      let result = try Kernels.compare(
        .less, [.column(column), .constant(.int(50), .int)], rows, CallState())
      expectRows(result, rows, "rows \(rows)") { .bool($0 * 37 % 101 < 50) }
      let bits = result.column(rows: rows).boolValues
      #expect(bits.ones == (0..<rows).count { $0 * 37 % 101 < 50 })
    }
  }

  @Test func logicIsThreeValued() throws {
    let cases: [Value] = [.bool(true), .bool(false), .missing]
    let left = Datum.column(Column(cases.flatMap { [$0, $0, $0] }, type: .bool))
    let right = Datum.column(Column(cases + cases + cases, type: .bool))
    let and: [Value] = [
      .bool(true), .bool(false), .missing, .bool(false), .bool(false), .bool(false), .missing, .bool(false),
      .missing,
    ]
    let or: [Value] = [
      .bool(true), .bool(true), .bool(true), .bool(true), .bool(false), .missing, .bool(true), .missing,
      .missing,
    ]
    #expect(try Kernels.and([left, right], 9, CallState()).column(rows: 9).values == and)
    #expect(try Kernels.or([left, right], 9, CallState()).column(rows: 9).values == or)
    #expect(
      try Kernels.not([.column(Column(cases, type: .bool))], 3, CallState()).column(rows: 3).values
        == [.bool(false), .bool(true), .missing])
    // The same with constants on either side.
    for (index, value) in cases.enumerated() {
      let constant = Datum.constant(value, .bool)
      let result = try Kernels.and([constant, .column(Column(cases, type: .bool))], 3, CallState())
      #expect(result.column(rows: 3).values == Array(and[index * 3..<index * 3 + 3]))
      let folded = try Kernels.or([constant, constant], 3, CallState())
      #expect(folded.constant == or[index * 4])
    }
  }

  @Test func sumsOfAllIntWidthsAndConstants() throws {
    let narrow = Column(type: .int, storage: .int8(Buffer([127, -128, 0])), validity: nil, count: 3)
    let wide = Column([.int(1), .missing, .int(Int64.max)], type: .int)
    #expect(try Kernels.add([.column(narrow), .column(narrow)], 3, CallState()).value(0) == .int(254))
    #expect(
      try Kernels.add([.column(narrow), .column(wide)], 3, CallState()).column(rows: 3).values
        == [.int(128), .missing, .int(Int64.max)])
    #expect(
      try Kernels.add([.constant(.int(2), .int), .constant(.float(0.5), .float)], 9, CallState()).constant
        == .float(2.5))
    #expect(throws: KernelFault.self) {
      try Kernels.add([.column(wide), .constant(.int(1), .int)], 3, CallState())
    }
    // A missing row cannot overflow.
    let masked = Column(
      type: .int, storage: .int64(Buffer([Int64.max, 1])), validity: Bitmap([false, true]), count: 2)
    #expect(
      try Kernels.add([.column(masked), .constant(.int(1), .int)], 2, CallState()).column(rows: 2).values
        == [.missing, .int(2)])
  }

  @Test func divisionFloorsAndCountsZeros() throws {
    let state = CallState()
    let x = Datum.column(Column([7, -7, 7, -7, 5].map { .int($0) }, type: .int))
    let y = Datum.column(Column([.int(2), .int(2), .int(-2), .int(-2), .int(0)], type: .int))
    // Python's // and %, which floor.
    #expect(
      try Kernels.floorDivide([x, y], 5, state).column(rows: 5).values
        == [.int(3), .int(-4), .int(-4), .int(3), .missing])
    #expect(
      try Kernels.remainder([x, y], 5, state).column(rows: 5).values
        == [.int(1), .int(1), .int(-1), .int(-1), .missing])
    #expect(
      try Kernels.divide([x, y], 5, state).column(rows: 5).values
        == [.float(3.5), .float(-3.5), .float(-3.5), .float(3.5), .missing])
    #expect(state.divisions == 3)
    #expect(throws: KernelFault.self) {
      try Kernels.floorDivide(
        [.constant(.int(Int64.min), .int), .constant(.int(-1), .int)], 1, CallState())
    }
  }

  @Test func timesAndDurations() throws {
    let hour = Calendar.microsecondsPerHour
    let day = Datum.constant(.date(1), .date)
    #expect(
      try Kernels.add([day, .constant(.duration(36 * hour), .duration)], 1, CallState()).constant
        == .datetime(2 * 24 * hour + 12 * hour, offset: nil))
    #expect(
      try Kernels.subtract([.constant(.date(3), .date), day], 1, CallState()).constant
        == .duration(48 * hour))
    #expect(
      try Kernels.divide(
        [.constant(.duration(36 * hour), .duration), .constant(.duration(24 * hour), .duration)], 1,
        CallState()
      ).constant == .float(1.5))
    let late = Datum.column(Column([.datetime(23 * hour, offset: nil), .datetime(25 * hour, offset: nil)]))
    let epoch = Datum.constant(.date(0), .date)
    #expect(
      try Kernels.compare(.equal, [late, epoch], 2, CallState()).column(rows: 2).values
        == [.bool(true), .bool(false)])
    // 23:30 in UTC is the next day at +01:00: the day as written counts.
    let offset = Datum.column(Column([.datetime(23 * hour + hour / 2, offset: 60)]))
    #expect(
      try Kernels.compare(.greater, [offset, epoch], 1, CallState()).value(0) == .bool(true))
  }

  @Test func textPoolsOfEveryKindCompareAlike() throws {
    let texts = ["mid", "low", "high", "low", "", "mid"]
    let plain = Column(texts.map { .text($0) }, type: .text)
    let sequence = Column.text(.sequence(start: 0, count: 6), TextPool(texts, isDistinct: false))
    for comparison in Comparison.allCases {
      for column in [plain, sequence, plain.slice(0..<6)] {
        for constant in ["low", "zzz", ""] {
          let pair = [Datum.column(column), .constant(.text(constant), .text)]
          expectRows(try Kernels.compare(comparison, pair, 6, CallState()), 6, "\(comparison) \(constant)") {
            Reference.compare(comparison, .text(texts[$0]), .text(constant))
          }
        }
        let pair = [Datum.column(column), .column(sequence)]
        expectRows(try Kernels.compare(comparison, pair, 6, CallState()), 6, "\(comparison)") {
          Reference.compare(comparison, .text(texts[$0]), .text(texts[$0]))
        }
      }
    }
  }

  @Test func orderedTextComparesInItsOrder() throws {
    let column = Column.text(codes: [0, 1, 2], of: ["low", "mid", "high"], ordered: true)
    let less = try Kernels.compare(
      .less, [.column(column), .constant(.text("high"), .text)], 3, CallState())
    #expect(less.column(rows: 3).values == [.bool(true), .bool(true), .bool(false)])
    // "king" is not in the order: nothing is more or less than it.
    let other = try Kernels.compare(
      .less, [.column(column), .constant(.text("king"), .text)], 3, CallState())
    #expect(other.column(rows: 3).values == [.missing, .missing, .missing])
    let between = try Kernels.isBetween(
      [.column(column), .constant(.text("low"), .text), .constant(.text("king"), .text)], 3, CallState())
    #expect(between.column(rows: 3).values == [.missing, .missing, .missing])
  }

  @Test func membershipAndBetween() throws {
    let x = Datum.column(Column([.int(1), .int(20), .missing, .int(3)], type: .int))
    let few = Datum.constant(.list([.int(3), .missing, .int(1)]), .list(.int))
    let many = Datum.constant(.list((3..<20).map { .int($0) }), .list(.int))
    #expect(
      try Kernels.isMember([x, few], 4, CallState()).column(rows: 4).values
        == [.bool(true), .bool(false), .missing, .bool(true)])
    #expect(
      try Kernels.isMember([x, many], 4, CallState()).column(rows: 4).values
        == [.bool(false), .bool(false), .missing, .bool(true)])
    let codes = Datum.column(Column(["E09", "E10", "E14.9", "E15"].map { .text($0) }))
    let ends = [Datum.constant(.text("E10"), .text), .constant(.text("E14"), .text)]
    #expect(
      try Kernels.isBetween([codes] + ends, 4, CallState()).column(rows: 4).values
        == [.bool(false), .bool(true), .bool(true), .bool(false)])
    let low = Datum.constant(.int(2), .int)
    let high = Datum.constant(.missing, .int)
    // 1 is below the lower end, whatever the upper end may be.
    #expect(
      try Kernels.isBetween([x, low, high], 4, CallState()).column(rows: 4).values
        == [.bool(false), .missing, .missing, .missing])
  }

  @Test func choicesFollowTheFirstConditionThatIsNotFalse() {
    let conditions: [Datum] = [
      .column(Column([.bool(true), .bool(false), .missing, .bool(false)], type: .bool)),
      .column(Column([.bool(true), .bool(true), .bool(true), .bool(false)], type: .bool)),
    ]
    let values: [Datum] = [.constant(.text("z"), .text), .constant(.text("a"), .text)]
    let with = Kernels.choose(
      conditions: conditions, values: values, otherwise: .constant(.text("m"), .text), rows: 4, type: .text)
    #expect(with.column(rows: 4).values == [.text("z"), .text("a"), .missing, .text("m")])
    #expect(with.column(rows: 4).pool?.ranks.array == [0, 1, 2])
    let without = Kernels.choose(
      conditions: conditions,
      values: [.constant(.int(1), .int), .column(Column([1, 2, 3, 4].map { .float($0) }))],
      otherwise: nil, rows: 4, type: .float)
    #expect(without.column(rows: 4).values == [.float(1), .float(2), .missing, .missing])
  }

  @Test func coalesceTakesTheFirstKnown() throws {
    let x = Datum.column(Column([.text("a"), .missing], type: .text))
    let result = try Kernels.coalesce([x, .constant(.text("unknown"), .text)], 2, CallState())
    #expect(result.column(rows: 2).values == [.text("a"), .text("unknown")])
    let ordered = Column.text(
      codes: [0, 1, 0], of: ["z", "b"], ordered: true, validity: Bitmap([true, true, false]))
    let filled = try Kernels.coalesce(
      [.column(ordered), .constant(.text("a"), .text)], 3, CallState()
    ).column(rows: 3)
    #expect(filled.pool?.ownOrder?.array == [0, 1, 2])
    #expect(filled.values == [.text("z"), .text("b"), .text("a")])
  }

  @Test func patternsAndTheirLimits() throws {
    let texts = Column(
      [.text("Sepsis, severe"), .text("sepsis"), .missing, .text("I10"), .text("sepsis")], type: .text)
    func run(_ kernel: VectorKernel, _ pattern: String) throws -> [Value] {
      try kernel([.column(texts), .constant(.text(pattern), .text)], 5, CallState()).column(rows: 5).values
    }
    let (yes, no) = (Value.bool(true), Value.bool(false))
    #expect(try run(Kernels.matches, "^Sep") == [yes, no, .missing, no, no])
    #expect(try run(Kernels.matches, "(?i)^sep") == [yes, yes, .missing, no, yes])
    #expect(try run(Kernels.notMatches, "\\d") == [yes, yes, .missing, no, yes])
    #expect(try run(Kernels.like, "_epsis%") == [yes, yes, .missing, no, yes])
    #expect(try run(Kernels.like, "%s") == [no, yes, .missing, no, yes])
    #expect(try run(Kernels.notLike, "I__") == [yes, yes, .missing, no, yes])
    #expect(throws: KernelFault.self) { try run(Kernels.matches, "a(b") }
    let evil = Datum.constant(.text(String(repeating: "a", count: 40) + "!"), .text)
    #expect(throws: KernelFault.self) {
      try Kernels.matches([evil, .constant(.text("^(a+)+$"), .text)], 1, CallState())
    }
  }

  @Test(arguments: [
    ("", "", true), ("", "%", true), ("a", "", false), ("abc", "a%c", true), ("abc", "a_c", true),
    ("aXbXc", "a%X%c", true), ("é", "_", true), ("日本", "__", true), ("日本", "%本", true), ("ab", "_", false),
    ("mississippi", "m%iss%ip%i", true), ("a.c", "a.c", true), ("abc", "a.c", false),
  ])
  func likeMatchesTheWhole(_ text: String, _ pattern: String, _ expected: Bool) throws {
    let result = try Kernels.like(
      [.constant(.text(text), .text), .constant(.text(pattern), .text)], 1, CallState())
    #expect(result.constant == .bool(expected))
  }
}

extension Column {
  fileprivate var reversed: Column { take(Buffer((0..<count).reversed().map { UInt32($0) })) }
}
