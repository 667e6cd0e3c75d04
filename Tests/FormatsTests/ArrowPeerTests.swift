import Columns
import Diagnostics
import Planning
import Scheduling
import TestSupport
import Testing

@testable import Formats

/// The other readers and writers of Arrow files: pyarrow, Polars and DuckDB.
struct ArrowPeerTests {
  static let areThere =
    DuckDB.output(of: "python3 -c 'import duckdb, polars, pyarrow' 2>/dev/null && echo yes") == "yes\n"

  private func python(_ script: String, in folder: String) throws -> String {
    try DuckDB.write(script, to: folder + "/script.py")
    return DuckDB.output(of: "cd '\(folder)' && python3 script.py 2>&1")
  }

  @Test(
    "pyarrow, Polars and DuckDB read what Rounds writes",
    .enabled(if: areThere, "skipped: python3 has no pyarrow, polars or duckdb"))
  func written() throws {
    let folder = try DuckDB.temporaryFolder()
    defer { _ = DuckDB.output(of: "rm -r '\(folder)'") }
    // A column of nothing has no type in DuckDB.
    let table = Table(everyType.schema.names.enumerated().dropLast().map { ($1, everyType.column($0)) })
    let levels = Table([("risk", .text(codes: [1, 0, 1], of: ["low", "high"], ordered: true))])
    for (name, table) in [
      ("x", table), ("levels", levels), ("none", Table(schema: table.schema, segments: [])),
    ] {
      let bytes = try arrowBytes(table).map { String($0) }.joined(separator: ",")
      try DuckDB.write(bytes, to: folder + "/\(name).txt")
    }
    let said = try python(
      """
      import duckdb, polars, pyarrow as pa, pyarrow.feather as feather
      for name in ["x", "levels", "none"]:
          open(name + ".arrow", "wb").write(bytes(int(b) for b in open(name + ".txt").read().split(",")))
      t = pa.ipc.open_file("x.arrow").read_all()
      t.validate(full=True)
      print([str(f.type) for f in t.schema])
      for name in t.column_names: print(name, [str(v) for v in t[name].to_pylist()])
      p = polars.read_ipc("x.arrow")
      print(p.height, p["small"].to_list(), p["t"].to_list(), p["took"].to_list()[0], p["visit"].to_list()[2])
      d = duckdb.sql("select small, big, t, d, took, codes, visit.n from t").fetchall()
      print(d[0])
      r = feather.read_table("levels.arrow")
      r.validate(full=True)
      print(r["risk"].type.ordered, r["risk"].to_pylist(), polars.read_ipc("levels.arrow")["risk"].to_list())
      n = pa.ipc.open_file("none.arrow").read_all()
      print(n.num_rows, n.num_columns, polars.read_ipc("none.arrow").shape)
      """, in: folder)
    let expected = """
      ['int64', 'int64', 'double', 'bool', 'dictionary<values=large_string, indices=int8, ordered=0>', \
      'date32[day]', 'timestamp[us]', 'timestamp[us, tz=Etc/GMT-5]', 'duration[us]', 'large_list<item: large_string>', \
      'struct<code: large_string, n: int64>']
      small ['1', 'None', '-3', '127']
      big ['9223372036854775807', '-9223372036854775808', 'None', '0']
      x ['1.0', '0.1', 'None', '-1e+300']
      b ['True', 'None', 'False', 'True']
      t ['Ä', '', 'None', 'Ä']
      d ['2026-01-31', 'None', '1970-01-01', '1969-12-31']
      at ['2026-01-31 08:30:15.250000', 'None', '1969-12-31 23:59:59.999999', '1970-01-01 00:00:00']
      zoned ['1970-01-01 05:00:00+05:00', 'None', '1970-01-01 05:00:00.000005+05:00', '1970-01-01 05:00:00.000007+05:00']
      took ['0:01:30', 'None', '-1 day, 23:59:59.999999', '0:00:00']
      codes ["['a', None]", 'None', '[]', "['long text of more than twelve bytes']"]
      visit ["{'code': 'I21', 'n': 2}", 'None', "{'code': None, 'n': -7}", "{'code': 'I21', 'n': 2}"]
      4 [1, None, -3, 127] ['Ä', '', None, 'Ä'] 0:01:30 {'code': None, 'n': -7}
      (1, 9223372036854775807, 'Ä', datetime.date(2026, 1, 31), datetime.timedelta(seconds=90), ['a', None], 2)
      True ['high', 'low', 'high'] ['high', 'low', 'high']
      0 11 (0, 11)

      """
    #expect(said == expected)
  }

  /// Three rows of every type that pyarrow has, in every form of file.
  private static let writing = """
    import pyarrow as pa, pyarrow.feather as feather, polars, decimal, datetime
    s = ["short", None, "a text of more than twelve bytes, é"]
    cols = {
      "i8": pa.array([1, None, -128], pa.int8()), "u8": pa.array([1, None, 255], pa.uint8()),
      "i16": pa.array([1, None, -32768], pa.int16()), "u16": pa.array([1, None, 65535], pa.uint16()),
      "i32": pa.array([1, None, -(2**31)], pa.int32()), "u32": pa.array([1, None, 2**32 - 1], pa.uint32()),
      "i64": pa.array([1, None, -(2**63)], pa.int64()), "u64": pa.array([1, None, 2**63 - 1], pa.uint64()),
      "f32": pa.array([0.5, None, float("nan")], pa.float32()), "f64": pa.array([0.1, None, 1e300]),
      "b": pa.array([True, None, False]),
      "s": pa.array(s), "ls": pa.array(s, pa.large_string()), "sv": pa.array(s, pa.string_view()),
      "ds": pa.array(s).dictionary_encode(), "di": pa.array([7, None, 8]).dictionary_encode(),
      "d32": pa.array([datetime.date(2026, 1, 31), None, datetime.date(1969, 12, 31)]),
      "d64": pa.array([datetime.date(2026, 1, 31), None, datetime.date(1969, 12, 31)], pa.date64()),
      "ts": pa.array([1, None, -1], pa.timestamp("s")), "tms": pa.array([1, None, -1], pa.timestamp("ms")),
      "tus": pa.array([1, None, -1], pa.timestamp("us")), "tns": pa.array([1000, None, -1], pa.timestamp("ns")),
      "tz": pa.array([1, None, -1], pa.timestamp("us", "+02:00")),
      "berlin": pa.array([1, None, -1], pa.timestamp("us", "Europe/Berlin")),
      "t32": pa.array([1, None, 2], pa.time32("s")), "t64": pa.array([1000, None, 2000], pa.time64("ns")),
      "du": pa.array([1, None, -1], pa.duration("ms")),
      "l": pa.array([[1, None], None, []]), "ll": pa.array([["a"], None, ["b", None]], pa.large_list(pa.string())),
      "fl": pa.array([[1, 2], None, [3, None]], pa.list_(pa.int32(), 2)),
      "st": pa.array([{"a": 1, "b": "x"}, None, {"a": None, "b": "y"}]),
      "dec": pa.array([decimal.Decimal("1.25"), None, decimal.Decimal("-99999999999999999999.5")]),
      "n": pa.nulls(3), "m": pa.array([[("k", 1)], None, []], pa.map_(pa.string(), pa.int32())),
    }
    t = pa.table(cols)
    def write(name, table, **options):
        with pa.ipc.new_file(name, table.schema, options=pa.ipc.IpcWriteOptions(**options)) as w: w.write_table(table)
    write("plain.arrow", t)
    write("lz4.arrow", t, compression="lz4")
    write("zstd.arrow", t, compression="zstd")
    with pa.ipc.new_stream("stream.arrow", t.schema) as w: w.write_table(t)
    one = pa.Table.from_batches([b for r in range(3) for b in t.slice(r, 1).combine_chunks().to_batches()])
    write("rows.arrow", one.unify_dictionaries())
    with pa.ipc.new_file("delta.arrow", t.select(["ds"]).schema, options=pa.ipc.IpcWriteOptions(emit_dictionary_deltas=True)) as w:
        for d in [["a"], ["a", "b"]]: w.write(pa.record_batch({"ds": pa.array(d).dictionary_encode()}))
    write("huge.arrow", pa.table({"id": pa.array([2**63], pa.uint64())}))
    big = pa.table({"n": pa.array(range(600000)), "s": pa.array([str(i % 1000) for i in range(600000)])})
    for codec in [None, "lz4", "zstd"]: write(f"big-{codec}.arrow", big, compression=codec)
    polars.DataFrame({"s": s, "c": polars.Series(["x", None, "y"], dtype=polars.Categorical), "f": [1.5, None, 2.5],
      "l": [[1], None, [2, 3]], "at": [datetime.datetime(2026, 1, 31), None, datetime.datetime(1970, 1, 1)]}).write_ipc("polars.arrow")
    polars.DataFrame({"s": s}).write_ipc("polars-zstd.arrow", compression="zstd")
    print("done")
    """

  private static let expected: [(String, [Value])] = {
    let texts: [Value] = [.text("short"), .missing, .text("a text of more than twelve bytes, é")]
    func ints(_ last: Int64) -> [Value] { [.int(1), .missing, .int(last)] }
    func times(_ unit: Int64, offset: Int16? = nil) -> [Value] {
      [.datetime(unit, offset: offset), .missing, .datetime(-unit, offset: offset)]
    }
    func pair(_ a: Value, _ b: Value) -> Value { .record([Value.Field("a", a), Value.Field("b", b)]) }
    return [
      ("i8", ints(-128)), ("u8", ints(255)), ("i16", ints(-32_768)), ("u16", ints(65_535)),
      ("i32", ints(-2_147_483_648)), ("u32", ints(4_294_967_295)), ("i64", ints(.min)), ("u64", ints(.max)),
      ("f32", [.float(0.5), .missing, .missing]), ("f64", [.float(0.1), .missing, .float(1e300)]),
      ("b", [.bool(true), .missing, .bool(false)]),
      ("s", texts), ("ls", texts), ("sv", texts), ("ds", texts), ("di", [.int(7), .missing, .int(8)]),
      ("d32", [.date(20_484), .missing, .date(-1)]), ("d64", [.date(20_484), .missing, .date(-1)]),
      ("ts", times(1_000_000)), ("tms", times(1000)), ("tus", times(1)),
      ("tns", [.datetime(1, offset: nil), .missing, .datetime(-1, offset: nil)]),
      ("tz", times(1, offset: 120)), ("berlin", times(1, offset: 0)),
      ("t32", [.duration(1_000_000), .missing, .duration(2_000_000)]),
      ("t64", [.duration(1), .missing, .duration(2)]),
      ("du", [.duration(1000), .missing, .duration(-1000)]),
      ("l", [.list([.int(1), .missing]), .missing, .list([])]),
      ("ll", [.list([.text("a")]), .missing, .list([.text("b"), .missing])]),
      ("fl", [.list([.int(1), .int(2)]), .missing, .list([.int(3), .missing])]),
      ("st", [pair(.int(1), .text("x")), .missing, pair(.missing, .text("y"))]),
      ("dec", [.float(1.25), .missing, .float(-99_999_999_999_999_999_999.5)]),
      ("n", [.missing, .missing, .missing]),
      (
        "m",
        [
          .list([.record([Value.Field("key", .text("k")), Value.Field("value", .int(1))])]), .missing,
          .list([]),
        ]
      ),
    ]
  }()

  @Test(
    "Rounds reads what pyarrow and Polars write",
    .enabled(if: areThere, "skipped: python3 has no pyarrow, polars or duckdb"))
  func read() throws {
    let folder = try DuckDB.temporaryFolder()
    defer { _ = DuckDB.output(of: "rm -r '\(folder)'") }
    #expect(try python(Self.writing, in: folder) == "done\n")
    func reading(_ name: String) throws -> Reading {
      try readAll(ArrowSource(.file(folder + "/\(name).arrow")), workers: 2)
    }
    for name in ["plain", "lz4", "zstd", "stream", "rows"] {
      let reading = try reading(name)
      #expect(reading.table.schema.names == Self.expected.map(\.0))
      for (column, values) in Self.expected { #expect(reading.values(column) == values, "\(name) \(column)") }
      let notes = reading.notes.map(\.message).joined(separator: "\n")
      for part in [
        "`f32`", "`tns` lost", "`berlin` is in the time zone Europe/Berlin", "`t32` holds times",
        "`dec` holds decimals",
      ] {
        #expect(notes.contains(part), "\(name) \(part)")
      }
    }
    for codec in ["None", "lz4", "zstd"] {
      let big = try reading("big-\(codec)")
      #expect(big.table.segments.map(\.count) == [262_144, 262_144, 75_712])
      for row in [0, 262_143, 262_144, 599_999] {
        #expect(big.table.row(row) == [.int(Int64(row)), .text(String(row % 1000))])
      }
    }
    try refusals(folder)
    let polars = try reading("polars")
    #expect(polars.values("s") == Self.expected[11].1)
    #expect(polars.values("c") == [.text("x"), .missing, .text("y")])
    #expect(polars.values("f") == [.float(1.5), .missing, .float(2.5)])
    #expect(polars.values("l") == [.list([.int(1)]), .missing, .list([.int(2), .int(3)])])
    #expect(
      polars.values("at") == [
        .datetime(1_769_817_600_000_000, offset: nil), .missing, .datetime(0, offset: nil),
      ])
    #expect(try reading("polars-zstd").values("s") == Self.expected[11].1)
  }

  /// What Rounds has no type for is left out and told, the columns around it are read.
  @Test(
    "Columns of bytes are passed over",
    .enabled(if: areThere, "skipped: python3 has no pyarrow, polars or duckdb"))
  func passedOver() throws {
    let folder = try DuckDB.temporaryFolder()
    defer { _ = DuckDB.output(of: "rm -r '\(folder)'") }
    let script = """
      import pyarrow as pa, pyarrow.ipc as ipc
      t = pa.table({
        'id': [1, 2], 'raw': pa.array([b'a', b'bcd'], pa.binary()), 't': ['x', 'yy'],
        'large': pa.array([b'a', None], pa.large_binary()), 'fixed': pa.array([b'ab', b'cd'], pa.binary(2)),
        'took': pa.array([(1, 2, 3), (4, 5, 6)], pa.month_day_nano_interval()),
        'view': pa.array([b'a', b'a long value of more than twelve'], pa.binary_view()),
        'text': pa.array(['q', 'a long text of more than twelve'], pa.string_view()),
        'record': pa.array([{'a': 1, 'b': b'x'}, {'a': 2, 'b': b'y'}]), 'end': [True, False]})
      w = ipc.new_file('bytes.arrow', t.schema); w.write_table(t); w.close()
      print('done')
      """
    #expect(try python(script, in: folder) == "done\n")
    let found = try readAll(ArrowSource(.file(folder + "/bytes.arrow")))
    #expect(found.table.schema.names == ["id", "t", "text", "end"])
    #expect(found.values("text") == [.text("q"), .text("a long text of more than twelve")])
    #expect(found.values("end") == [.bool(true), .bool(false)])
    #expect(
      found.notes.map(\.message) == [
        "6 columns are left out, of types that are not read: `raw` (binary), `large` (large binary), `fixed` (fixed-size binary), `took` (interval), `view` (binary view), `record` (binary)"
      ])
  }

  private func refusals(_ folder: String) throws {
    let wanted = [
      ("delta", "has a dictionary that comes in parts (deltas)"),
      ("huge", "has 9223372036854775808 in column `id`"),
    ]
    for (name, part) in wanted {
      let fault = #expect(throws: FormatFault.self) {
        try readAll(ArrowSource(.file(folder + "/\(name).arrow")))
      }
      #expect(fault?.message.contains(part) == true, "\(fault?.message ?? "")")
    }
  }

  @Test(
    "Damaged files of other programs give an error or a table",
    .enabled(if: areThere, "skipped: python3 has no pyarrow, polars or duckdb"))
  func damaged() throws {
    let folder = try DuckDB.temporaryFolder()
    defer { _ = DuckDB.output(of: "rm -r '\(folder)'") }
    #expect(try python(Self.writing, in: folder) == "done\n")
    for name in ["plain", "lz4", "zstd", "stream"] {
      let source = try ByteSource.open(.file(folder + "/\(name).arrow"))
      let bytes = try source.bytes(at: 0, count: try source.count())
      var state: UInt64 = 42
      for _ in 0..<1500 {
        var copy = bytes
        for _ in 0..<2 {
          state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
          copy[Int(state >> 33) % copy.count] = UInt8(truncatingIfNeeded: state >> 20)
        }
        if state >> 60 == 0 { copy = Array(copy.prefix(Int(state >> 30) % copy.count)) }
        do {
          for column in try readArrow(copy).table.segments.flatMap(\.columns) { _ = column.values }
        } catch is FormatFault {}
      }
    }
  }

  /// What is unpacked is part of the budget, and given back when its rows are read.
  @Test(
    "What is unpacked is part of the budget",
    .enabled(if: areThere, "skipped: python3 has no pyarrow, polars or duckdb"))
  func unpacked() throws {
    let folder = try DuckDB.temporaryFolder()
    defer { _ = DuckDB.output(of: "rm -r '\(folder)'") }
    let made = try python(
      """
      import pyarrow as pa
      t = pa.table({"a": pa.array([7] * 4_000_000, pa.int64())})
      for name, rows in [("whole", 4_000_000), ("parts", 100_000)]:
          with pa.ipc.new_file(name + ".arrow", t.schema, options=pa.ipc.IpcWriteOptions(compression="zstd")) as w: w.write_table(t, max_chunksize=rows)
      print("done")
      """, in: folder)
    #expect(made == "done\n")
    func read(_ name: String) throws -> (sum: Int64, reserved: Int) {
      let budget = Budget(limit: 8 << 20)
      let source = try ArrowSource(.file(folder + "/\(name).arrow"))
      let environment = ScanEnvironment(workers: Workers(count: 2), budget: budget)
      let scan = source.scan(columns: [0], environment: environment)
      let sums = try environment.workers.map(scan.segmentCount) { index in
        try scan.read(segment: index, filter: nil).columns[0].int64Values.array.reduce(0, +)
      }
      return (sums.reduce(0, +), budget.reserved)
    }
    // 32 MB of numbers, no more than two parts of which are unpacked at a time.
    #expect(try read("parts") == (28_000_000, 0))
    #expect(throws: FormatFault.self) { try read("whole") }
  }
}
