import Testing

/// Whole numbers of more than 53 bits beside floats: compared as they are, and told where they become floats.
@Suite struct WideNumbersTests {
  private static let table =
    "table [{a: 9007199254740993, b: 1.5}, {a: 9007199254740992, b: 2.5}, {a: -9007199254740993, b: 9007199254740992.0}]"

  /// 2^53 + 1, 2^53 and −(2^53 + 1) beside 2^53 as a float.
  @Test(arguments: [
    ("a == 9007199254740992.0", ["false", "true", "false"]),
    ("a != 9007199254740992.0", ["true", "false", "true"]),
    ("a > 9007199254740992.0", ["true", "false", "false"]),
    ("9007199254740992.0 >= a", ["false", "true", "true"]),
    ("a < -9007199254740992.0", ["false", "false", "true"]), ("a < 1e30", ["true", "true", "true"]),
    ("a < -1e30", ["false", "false", "false"]), ("a < b", ["false", "false", "true"]),
    ("a between 9007199254740992.0 and 9007199254740992.0", ["false", "true", "false"]),
  ]) func comparisonsAreExact(_ condition: String, _ expected: [String]) {
    #expect(Ran("\(Self.table) | select c = \(condition)").cells == expected)
  }

  @Test(arguments: [
    ("select c = b ?? a", []), ("select c = a ?? b", ["`??`: 2 whole numbers rounded"]),
    ("select c = if(a > 0, a, b)", ["`if(a > 0, …)`: 1 whole number rounded"]),
    ("select c = greatest(a, b)", ["greatest(…): 1 whole number rounded"]),
    ("select c = clamp(a, b, 1e18)", ["clamp(…): 1 whole number rounded"]),
    ("derive c = if(a < 0, missing, a) | fill c with 1.5 | select c", ["fill: 1 whole number rounded"]),
    ("unpivot a, b into n, v", ["2 whole numbers of `v` are rounded"]),
    ("join (table [{k: 9007199254740992.0}]) on a == k", ["2 whole numbers of `a` are rounded"]),
    ("filter a < 9e15", []),
  ]) func roundingIsTold(_ stages: String, _ expected: [String]) {
    let told = Ran("\(Self.table) | \(stages)").notes.filter { $0.contains("rounded") }
    #expect(told.count == expected.count)
    for (note, start) in zip(told, expected) { #expect(note.hasPrefix(start)) }
  }
}
