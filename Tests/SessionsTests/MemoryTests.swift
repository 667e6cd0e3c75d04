import Columns
import Diagnostics
import Glibc
import Planning
import Scheduling
import TestSupport
import Testing

@testable import Sessions

/// Answers within a budget: the same as without, or a refusal that says what is missing.
@Suite struct MemoryTests {
  private struct Answer {
    var status: Sessions.ExitStatus
    var faults: [Diagnostic] = []
    var rows: [[Value]] = []
    var spilled = 0
    var notes: [String] = []
  }

  /// Files of one form in a folder of their own, and the query that puts them behind each other, a segment each.
  private final class Files {
    let folder: String
    let paths: [String]

    init(_ count: Int = 6, rows: Int = 2000, patients: UInt64 = 4500) throws {
      var template = Array("/tmp/rounds-memory-XXXXXX".utf8CString)
      #expect(mkdtemp(&template) != nil)
      folder = String(decoding: template.dropLast().map { UInt8(bitPattern: $0) }, as: UTF8.self)
      var state: UInt64 = 42
      func next(_ bound: UInt64) -> UInt64 {
        state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
        return (state >> 33) % bound
      }
      var paths: [String] = []
      for number in 0..<count {
        var text = "id,patient,ward,charge,day\n"
        for row in 0..<rows {
          let charge = next(20) == 0 ? "" : "\(next(100_000)).\(10 + next(90))"
          let ward = next(30) == 0 ? "" : ["Surgery", "Emergency", "Ward \"9\""][Int(next(3))]
          let quoted = ward.contains("\"") ? "\"Ward \"\"9\"\"\"" : ward
          text +=
            "\(number * rows + row),P\(next(patients)),\(quoted),\(charge),2026-0\(1 + next(9))-1\(next(10))\n"
        }
        let path = folder + "/part\(number).csv"
        try FileAccess.write(path, false) { emit in try emit(Array(text.utf8).span) }
        paths.append(path)
      }
      self.paths = paths
    }

    deinit {
      for path in paths { unlink(path) }
      rmdir(folder)
    }

    var query: String {
      "\"\(paths[0])\" | append " + paths.dropFirst().map { "\"\($0)\"" }.joined(separator: ", ")
    }

    /// What lies in the folder beyond the data.
    var rest: [String] {
      guard let directory = opendir(folder) else { return ["unreadable"] }
      defer { closedir(directory) }
      var count = 0
      while readdir(directory) != nil { count += 1 }
      return count == paths.count + 2 ? [] : ["\(count - paths.count - 2) files"]
    }
  }

  private func answer(_ text: String, _ memory: Int, _ folder: String, threads: Int = 2) -> Answer {
    var options = Session.Options(threads: threads, memory: memory, now: 1_790_000_000_000_000)
    options.temporaryFolder = folder
    let session = Session(options: options)
    var answer = Answer(status: .done)
    session.tell = { outcome in
      guard case .table(let table, let notes, _, _) = outcome else { return }
      answer.rows = (0..<table.rowCount).map { table.row($0) }
      answer.notes += notes.map(\.message)
      answer.spilled += notes.filter { $0.message.contains("temporary files") }.count
    }
    answer.status = session.run(SourceText(text)) { answer.faults += $0 }
    return answer
  }

  @Test(arguments: [
    "sort charge, -id", "sort -ward, patient", "sort day, charge", "sort -charge | select id, charge",
    "aggregate n = count(), s = sum(charge), m = mean(charge), sd = stddev(charge) by patient",
    "aggregate m = median(charge), d = count_distinct(ward), p = percentile(charge, 90), l = list(ward) by patient, day",
    "aggregate n = count(), f = first(ward), top = max(charge) by ward, patient",
    "sort -charge | take 20", "distinct | sort id | take 10", "derive double = charge * 2",
    "join left wards on id",
    "aggregate m = median(charge), l = list(id), p = percent(ward == \"x\") by g = if(id % 2 == 0, \"G1\", \"g1\"), month = start_of(day, month)",
  ]) func theSameInLittleMemory(_ stages: String) throws {
    let files = try Files()
    let text = "let wards = table [{id: 7, beds: 20}]\n" + files.query + " | " + stages
    let free = answer(text, .max, files.folder)
    #expect(free.status == .done && free.spilled == 0 && !free.rows.isEmpty)
    var spilled = 0
    for kilobytes in [500, 750, 1500, 3000] {
      let tight = answer(text, kilobytes << 10, files.folder, threads: kilobytes > 1000 ? 2 : 1)
      if tight.status == .done {
        #expect(tight.rows == free.rows)
        #expect(tight.notes.filter { !$0.contains("temporary files") } == free.notes)
        spilled += tight.spilled
      } else {
        #expect(tight.faults.map(\.code) == ["memory"])
      }
      #expect(files.rest.isEmpty)
    }
    if !stages.contains("| take"), !stages.contains("list") { #expect(spilled > 0) }
  }

  /// Joins of every kind whose keys do not fit: on numbers, texts and both, with keys that are missing and that come
  /// several times on both sides.
  @Test(arguments: [
    ("", "id"), ("left", "patient"), ("right", "patient, day"), ("full", "ward, patient"), ("semi", "id"),
    ("anti", "patient"), ("full", "id"), ("left", "ward, patient"),
  ])
  func joinsAreTheSameInLittleMemory(_ kind: String, _ keys: String) throws {
    let files = try Files(4, rows: 3000, patients: 9000)
    let other =
      "(\"\(files.paths[1])\" | append \"\(files.paths[3])\" | select id = id * 2, patient, day, ward, other = charge)"
    let text =
      "\"\(files.paths[0])\" | append \"\(files.paths[1])\", \"\(files.paths[2])\" | join \(kind) \(other) as o on \(keys)"
    let free = answer(text, .max, files.folder)
    #expect(free.status == .done && free.spilled == 0 && !free.rows.isEmpty)
    var spilled = 0
    for kilobytes in [450, 550, 700, 1000, 1500] {
      let tight = answer(text, kilobytes << 10, files.folder)
      if tight.status == .done {
        #expect(tight.rows == free.rows)
        #expect(
          tight.notes.filter { !$0.contains("temporary files") }
            == free.notes.filter { !$0.contains("temporary files") })
        spilled += tight.notes.filter { $0.hasPrefix("join: ") }.count
      } else {
        #expect(tight.faults.map(\.code) == ["memory"])
      }
      #expect(files.rest.isEmpty)
    }
    #expect(spilled > 0)
  }

  /// Groups of hardly more than a row each are found by sorting; with totals, and on disk, by merging segments' groups.
  @Test(arguments: [
    "s = sum(charge), sd = stddev(charge), m = median(charge), d = count_distinct(ward), l = list(id), f = first(ward), r = correlation(charge, id) by patient",
    "n = count(where: charge > 50000), p = percent(ward == \"Surgery\"), top = max(day), w = max(ward), s = sum(charge / (id % 3)) by day, patient",
    "n = count() by charge",
  ]) func manyGroupsAreTheSameToTheLastBit(_ calls: String) throws {
    let files = try Files(8, rows: 4100, patients: 30_000)
    let sorted = answer(files.query + " | aggregate " + calls, .max, files.folder)
    let merged = answer(
      files.query + " | aggregate " + calls + " with totals", .max, files.folder, threads: 1)
    #expect(sorted.rows.count > 15_000 && sorted.rows.count == merged.rows.count - 1)
    let different = zip(sorted.rows, merged.rows).first { $0 != $1 }
    #expect(different == nil)
    #expect(sorted.notes == merged.notes)
    let tight = answer(files.query + " | aggregate " + calls, 3 << 20, files.folder, threads: 1)
    if tight.status == .done {
      #expect(zip(sorted.rows, tight.rows).first { $0 != $1 } == nil)
    } else {
      #expect(tight.faults.map(\.code) == ["memory"])
    }
    #expect(files.rest.isEmpty)
  }

  @Test func theRefusalNamesTheStageAndTheSizes() throws {
    let files = try Files()
    let refused = answer(files.query + " | derive x = lag(charge) sort id", 1 << 20, files.folder)
    #expect(refused.status == .failed)
    let message = refused.faults.first?.message ?? ""
    #expect(message.hasPrefix("`derive` needs "))
    #expect(message.contains("but the query may use 1MB"))
    #expect(refused.faults.first?.help.first?.contains("--memory") == true)
    #expect(files.rest.isEmpty)
  }

  /// Pairs are reserved as they are found, not when all of them lie in memory.
  @Test func aJoinWithoutEqualKeysStopsInTime() {
    let days = "(table n = sequence(1, 3000, 1))"
    let join = "\(days) | join (table m = sequence(1, 3000, 1)) on n <= m"
    let refused = answer(join, 8 << 20, "/tmp")
    #expect(refused.faults.first?.message.contains("pairing each of 3,000 rows") == true)
    #expect(answer(join + " | aggregate count()", .max, "/tmp").rows == [[.int(4_501_500)]])
  }

  /// A row that is longer than rows are is part of the budget, wherever it stands.
  @Test(arguments: ["a,b\n1,x\n2,%\n3,y\n", "a,b\n2,%\n", "a,b\n1,x\n2,\"%\n"])
  func aLongRowIsPartOfTheBudget(_ text: String) throws {
    let files = try Files()
    let path = files.folder + "/long.csv"
    let long = String(repeating: "z", count: 40 << 20)
    let parts = text.split(separator: "%", omittingEmptySubsequences: false)
    try DuckDB.write(parts[0] + long + parts[1], to: path)
    defer { unlink(path) }
    let tight = answer("\"\(path)\" | aggregate max(length(b))", 100 << 20, files.folder)
    #expect(tight.faults.first?.message.contains("a row of \(path) is longer than") == true)
    #expect(tight.faults.first?.help.contains("or give it more with --memory") == true)
    let free = answer("\"\(path)\" | aggregate m = max(length(b))", 1 << 30, files.folder)
    #expect(free.rows == [[.int(Int64(long.utf8.count + (text.contains("\"") ? 1 : 0)))]])
  }

  /// The names are looked for in the first megabytes.
  @Test func aFirstRowWithoutEndIsRefused() throws {
    let files = try Files()
    let path = files.folder + "/names.csv"
    try DuckDB.write("a,\"" + String(repeating: "z", count: 65 << 20) + "\n1,2\n", to: path)
    defer { unlink(path) }
    let refused = answer("\"\(path)\" | count", .max, files.folder)
    #expect(
      refused.faults.first?.message.contains("its first row, that of the names, is longer than 64 MB") == true
    )
    try DuckDB.write("a,\"" + String(repeating: "z", count: 3 << 20) + "\"\n1,2\n", to: path)
    #expect(answer("\"\(path)\" | aggregate sum(a)", .max, files.folder).rows == [[.int(1)]])
  }

  /// Functions that make much of little ask before they make it.
  @Test(arguments: [
    "say length(replace(repeat(\"x\", 1000000), \"x\", repeat(\"x\", 1000000)))",
    "say length(replace_pattern(repeat(\"x\", 1000000), \"x\", repeat(\"y\", 1000)))",
    "table a = 1..10 | derive t = join_text(sequence(1, 100000), repeat(\"x\", 10000)) | select length(t)",
    "table a = 1..10 | derive t = repeat(\"x\", 100000), u = replace(t, \"x\", t) | select length(u)",
    "table a = 1..1000 | derive t = repeat(text(a), 200000) | select length(t) | count",
    "table a = 1..1000 | derive t = pad_left(text(a), 1000000, \"x\") | select length(t) | count",
    "let x = repeat(\"x\", 1000000); let y = f\"{x}{x}{x}{x}{x}{x}{x}{x}\"; say length(f\"{y}{y}{y}{y}{y}{y}{y}{y}\")",
  ]) func longTextsAreRefused(_ text: String) throws {
    let files = try Files()
    let refused = answer(text, 100 << 20, files.folder)
    #expect(refused.status == .failed && !refused.faults.isEmpty)
    #expect(
      refused.faults.map(\.message).allSatisfy {
        $0.contains("need more memory than the query can still have")
      })
  }

  @Test func aChartIsPartOfTheBudget() throws {
    let files = try Files()
    let refused = answer("table a = 1..200000 | chart histogram a", 16 << 20, files.folder)
    #expect(refused.faults.map(\.code) == ["memory"])
    #expect(answer("table a = 1..200000 | chart histogram a", 64 << 20, files.folder).status == .done)
  }

  /// A picture that nobody waits for any more takes no file's place.
  @Test func aStoppedChartIsNotWritten() throws {
    let files = try Files()
    let path = files.folder + "/o.svg"
    defer { unlink(path) }
    let cancellation = Cancellation()
    let session = Session(
      options: Session.Options(threads: 1, now: 1_790_000_000_000_000), cancellation: cancellation)
    cancellation.cancel()
    #expect(throws: Cancelled.self) {
      try session.saveChart(
        ChartSpecification(kind: "histogram", y: [0], file: path),
        Table([("a", Column([.int(1), .int(2)]))]), path)
    }
    #expect(access(path, F_OK) != 0)
  }

  @Test func aScriptIsNoDevice() throws {
    let files = try Files()
    let refused = answer("include \"/dev/zero\"", .max, files.folder)
    #expect(refused.faults.first?.message.contains("this is a device, which may have no end") == true)
  }

  @Test func theSessionGoesOnAfterARefusal() throws {
    let files = try Files()
    let session = Session(
      options: Session.Options(threads: 2, memory: 1 << 20, now: 1_790_000_000_000_000))
    #expect(session.run(SourceText(files.query + " | derive x = lag(charge) sort id")) { _ in } == .failed)
    #expect(session.run(SourceText("table [{a: 1}] | sort a")) { _ in } == .done)
  }

  @Test func aFolderThatCannotBeWrittenIsSaid() throws {
    let files = try Files()
    let refused = answer(files.query + " | sort charge", 1 << 20, "/nowhere")
    #expect(refused.faults.first?.message.contains("/nowhere") == true)
  }

  @Test func reservationsAreGivenBack() throws {
    let budget = Budget(limit: 100, held: 40)
    #expect(throws: BudgetExceeded.self) { try budget.reserve(61, for: "x") }
    do {
      let reservation = Reservation(budget)
      try reservation.grow(60, for: "x")
      #expect(budget.available == 0)
      #expect(throws: BudgetExceeded.self) { try reservation.grow(1, for: "x") }
      reservation.release()
      reservation.release()
      #expect(budget.reserved == 40)
    }
    #expect(budget.reserved == 40)
    #expect(throws: BudgetExceeded.self) { try budget.reserve(.max, for: "x") }
  }
}
