import Testing

/// `first` and `last` of groups whose first or last rows have equal sort keys: it is by chance which of them is taken.
@Suite struct EdgeTiesTests {
  /// Group 1: two first rows that differ, one last row. Group 2: two first rows alike, two last ones that differ.
  /// Group 3: one row. Group 4: all rows equal in the key, and different.
  private static let rows = """
    let t = table [{g: 1, t: 1, x: 5}, {g: 1, t: 1, x: 6}, {g: 1, t: 2, x: 7}, {g: 2, t: 1, x: 5}, {g: 2, t: 1, x: 5},
      {g: 2, t: 9, x: 1}, {g: 2, t: 9, x: missing}, {g: 3, t: 1, x: 1}, {g: 4, t: 3, x: 1}, {g: 4, t: 3, x: 2},
      {g: 4, t: 3, x: 2}]
    """

  private func ties(_ stages: String) -> [String] {
    let ran = Ran(Self.rows + "\nt | \(stages)")
    #expect(ran.faults.isEmpty)
    return ran.notes.filter { $0.contains("equal sort keys") }.map { note in
      String(
        note.prefix(while: { $0 != "," }).replacing(
          " rows have equal sort keys and different values", with: ""))
    }
  }

  @Test(arguments: [
    ("sort t | aggregate first(x) by g", ["first(x): in 2 of 4 groups several first"]),
    (
      "aggregate first(x), last(x) by g sort t",
      ["first(x): in 2 of 4 groups several first", "last(x): in 2 of 4 groups several last"]
    ),
    (
      "sort t | filter g != 4 | derive y = x + 1 | aggregate first(y) by g",
      ["first(y): in 1 of 3 groups several first"]
    ),
    ("sort t | aggregate first(x)", ["first(x): several first"]),
    ("sort t | aggregate first(x, where: g == 2)", []),
    ("sort t | aggregate last(x, where: g == 2)", ["last(x"]),
    ("sort t | aggregate last(t), first(g) by g", []),
    ("sort t, x | aggregate first(x) by g", []),
    ("sort -t | aggregate first(x) by g", ["first(x): in 2 of 4 groups several first"]),
    ("derive f = first(x) by g sort t | select f", ["first(x): in 2 of 4 groups several first"]),
    ("derive f = last(x, where: g > 2) by g sort t | select f", ["last(x"]),
    ("sort t | pivot rows g columns t values first(x)", ["first(x): in 3 of 16 cells several first"]),
    (
      "sort t | pivot rows g columns t values a = first(x), b = first(x) * 2",
      ["first(x): in 3 of 16 cells several first"]
    ),
    ("sort x | sort t | aggregate first(x) by g", []),
    ("sort t | take 4 | aggregate first(x) by g", ["first(x): in 1 of 2 groups several first"]),
    ("aggregate first(x) by g", []),
    // Stages that leave the key out, or hand it on under another name.
    ("sort t | select g, x | aggregate first(x) by g", ["first(x): in 2 of 4 groups several first"]),
    (
      "sort t | drop t | filter g != 4 | rename y = x | aggregate first(y) by g",
      ["first(y): in 1 of 3 groups several first"]
    ),
    ("sort x | sort t | select g, y = x | aggregate first(y) by g", []),
    (
      "sort t | select c = g, x | pivot rows c columns x in [5, 7] values first(x ?? 0)",
      []
    ),
    ("sort t | derive f = first(x) by g | select f", ["first(x): in 2 of 4 groups several first"]),
    ("sort x | derive f = first(x) by g sort t | select f", []),
    // Other columns stand where those of the rows before stood, and the key of the first row goes with each.
    ("sort t | distinct g, x | aggregate first(x) by g", ["first(x): in 2 of 4 groups several first"]),
    ("sort t | distinct x, t, g | aggregate first(x) by g", ["first(x): in 2 of 4 groups several first"]),
    ("sort x | sort t | distinct g | derive f = first(g), n = row_number() | select f", []),
  ]) func whatIsTold(_ stages: String, _ expected: [String]) {
    let told = ties(stages)
    #expect(told.count == expected.count)
    for (said, start) in zip(told, expected) { #expect(said.hasPrefix(start)) }
  }

  /// A window goes by the order of a stage before, which settles its own ties, too.
  @Test(arguments: [
    ("sort t | derive n = row_number() by g", "row_number(): 5 rows have the same `t` as the row before"),
    ("sort t | derive l = lag(x) by g", "lag(x): 5 rows have the same `t` as the row before"),
    ("sort t | derive l = lag(x) by g | select l", "lag(x): 5 rows have the same `t` as the row before"),
    ("sort x | derive l = lag(t) by g sort t", "lag(t): 2 rows have the same `t`, `x` as the row before"),
    ("sort g | derive l = lag(x) sort t, x", "lag(x): 2 rows have the same `t`, `x`, `g` as the row before"),
  ]) func windows(_ stages: String, _ start: String) {
    for optimizer in ["on", "off"] {
      let ran = Ran("set optimizer = \(optimizer)\n" + Self.rows + "\nt | " + stages)
      #expect(ran.notes.filter { $0.contains("as the row before") }.map { $0.hasPrefix(start) } == [true])
    }
  }

  /// Over many segments and threads, and with the total of all rows beside the groups.
  @Test func partsOfATable() {
    let ran = Ran(
      """
      let t = table i = 1..300000 | derive g = i % 1000, t = i / 2000 | derive t = floor(t)
      t | aggregate first(i), last(i) by g sort t | count
      """)
    // Of a group's 300 rows two have each t: i, and i + 1000 where that is below the next 2000.
    #expect(ran.notes.contains { $0.contains("first(i): in 999 of 1,000 groups") })
    #expect(ran.notes.contains { $0.contains("last(i): in 999 of 1,000 groups") })
    #expect(
      Ran(Self.rows + "\nt | sort t | aggregate first(x) by g with totals").notes.contains {
        $0.contains("first(x): in 2 of 4 groups")
      })
  }

  /// A cut and a function over neighbours go by the sort before them, whose keys need no longer be columns.
  @Test(arguments: [
    ("sort t | select g, x | take 1", ["the cut goes through equal values"]),
    ("sort t | select g, x | skip 1", ["the cut goes through equal values"]),
    ("sort t | select g, x | take -1", ["the cut goes through equal values"]),
    ("sort -x, t | select g, x | take 1", []),
    ("sort t, x | select g | take 1", []),
    ("sort t | drop t | take 5 | take 3", ["the cut goes through equal values"]),
    ("sort t | select g, x | take 1 by g", ["the cut goes through equal values"]),
    ("sort t | select g, x | derive p = lag(x) | take 1", ["lag(x)", "the cut goes through equal values"]),
    ("sort t | select g, x | derive p = lag(x) | aggregate first(p)", ["lag(x)", "first(p)"]),
    ("sort t | select g, x | show | take 1", ["the cut goes through equal values"]),
    ("sort t | select g, x | assert g > 0 | take 1", ["the cut goes through equal values"]),
    ("sort t | select g, x | assert sum(x) > 0 | take 1", ["the cut goes through equal values"]),
    ("sort t | select g, x | sample 100% | take 1", ["the cut goes through equal values"]),
    ("sort t | select g, x | distinct g | take 1", ["the cut goes through equal values"]),
    ("sort t | select x | distinct | take 1", ["the cut goes through equal values"]),
    ("sort t, x | distinct g | take 1", []),
  ])
  func tiesBehindASortWhoseKeyIsGone(stages: String, told: [String]) {
    let ran = Ran(Self.rows + "\nt | \(stages)")
    #expect(ran.faults.isEmpty)
    let ties = ran.notes.filter {
      $0.contains("equal values") || $0.contains("equal sort keys") || $0.contains("have the same")
    }
    #expect(ties.map { note in told.first { note.hasPrefix($0) } ?? note } == told)
  }
}
