import Columns
import Hospital
import Testing

@Suite("The hospital's tables")
struct TableTests {
  @Test("A second hospital, asked in the opposite order, has the same tables bit for bit")
  func deterministic() throws {
    let second = SyntheticHospital()
    for name in SyntheticHospital.tableNames.reversed() {
      let left = try #require(second.table(name))
      let right = try table(name)
      #expect(left.schema == right.schema)
      for index in 0..<left.columnCount {
        let isSame = left.column(index).isIdentical(to: right.column(index))
        #expect(isSame, "\(name).\(left.schema[index].name)")
      }
    }
  }

  @Test("Another seed gives other tables of the same kind")
  func otherSeed() throws {
    let other = SyntheticHospital(seed: 7)
    let encounters = try #require(other.table("encounters"))
    #expect(try encounters.moments("admitted") != table("encounters").moments("admitted"))
    #expect((19_000...22_500).contains(encounters.rowCount))
  }

  @Test("Scale 2 is twice as busy")
  func scale() throws {
    let larger = SyntheticHospital(scale: 2)
    let ratio =
      try Double(#require(larger.table("encounters")).rowCount) / Double(table("encounters").rowCount)
    #expect((1.95...2.05).contains(ratio))
    #expect(try #require(larger.table("patients")).rowCount == 22_000)
    #expect(try #require(larger.table("departments")).rowCount == table("departments").rowCount)
  }

  @Test("Threads that ask at the same time see the same tables")
  func threads() async throws {
    let shared = SyntheticHospital()
    let counts = await withTaskGroup(of: [Int].self) { group in
      for worker in 0..<4 {
        group.addTask {
          let names =
            worker.isMultiple(of: 2) ? SyntheticHospital.tableNames : SyntheticHospital.tableNames.reversed()
          let found = names.map { (name: $0, rows: shared.table($0)?.rowCount ?? -1) }
          return found.sorted { $0.name < $1.name }.map(\.rows)
        }
      }
      return await group.reduce(into: [[Int]]()) { $0.append($1) }
    }
    #expect(Set(counts).count == 1)
    #expect(try counts.first == SyntheticHospital.tableNames.sorted().map { try table($0).rowCount })
  }

  @Test("The summaries name every column, in order, with a meaning")
  func summaries() throws {
    let wanted = [
      "departments", "staff", "training", "systems", "incidents", "tickets", "ehr_sessions", "alerts",
      "orders",
      "patients", "encounters", "diagnoses", "labs", "medications", "safety_events", "patient_days",
    ]
    #expect(SyntheticHospital.tableNames.sorted() == wanted.sorted())
    for summary in SyntheticHospital.summaries {
      let names = try table(summary.table).schema.names
      #expect(summary.columns.map(\.name) == names)
      #expect(summary.columns.allSatisfy { !$0.meaning.isEmpty } && !summary.summary.isEmpty)
    }
    #expect(hospital.table("nothing") == nil)
  }

  @Test(
    "Tables have about the number of rows that they should",
    arguments: [
      ("encounters", 19_500...22_000), ("patients", 11_000...11_000), ("departments", 25...25),
      ("diagnoses", 30_000...42_000), ("labs", 28_000...42_000), ("medications", 30_000...45_000),
      ("orders", 35_000...50_000), ("alerts", 17_000...25_000), ("safety_events", 700...1_300),
      ("patient_days", 16_440...16_440), ("staff", 500...900), ("training", 6_000...9_000),
      ("ehr_sessions", 55_000...80_000), ("systems", 24...24), ("incidents", 80...180),
      ("tickets", 5_000...9_000),
    ])
  func rows(_ name: String, _ range: ClosedRange<Int>) throws {
    #expect(range.contains(try table(name).rowCount))
  }

  @Test("Ids are different, and those of other tables are found there")
  func keys() throws {
    let homes = [
      "encounter_id": "encounters", "patient_id": "patients", "department_id": "departments",
      "staff_id": "staff",
      "system_id": "systems",
    ]
    var known: [String: Set<Int?>] = [:]
    for (key, home) in homes {
      let ids = try table(home).integers(key)
      known[key] = Set(ids)
      #expect(Set(ids).count == ids.count && !ids.contains(nil))
    }
    for name in SyntheticHospital.tableNames {
      for key in try table(name).schema.names.filter({ $0.hasSuffix("_id") }) {
        let ids = try table(name).integers(key)
        if let there = known[key] {
          #expect(ids.allSatisfy { there.contains($0) }, "\(name).\(key)")
        } else {
          #expect(Set(ids).count == ids.count, "\(name).\(key)")
        }
      }
    }
  }

  @Test("A row's department name and site are those of its department_id")
  func departments() throws {
    let departments = try table("departments")
    let (ids, names) = (try departments.integers("department_id"), try departments.texts("department"))
    let sites = try departments.texts("site")
    let wanted = Dictionary(uniqueKeysWithValues: zip(ids, zip(names, sites).map { [$0, $1] }))
    for name in ["encounters", "orders", "alerts", "staff", "tickets", "patient_days"] {
      let table = try table(name)
      let given = zip(try table.texts("department"), try table.texts("site")).map { [$0, $1] }
      #expect(zip(try table.integers("department_id"), given).allSatisfy { wanted[$0] == $1 }, "\(name)")
    }
  }

  @Test("Rows of an encounter lie within its stay, and name its patient")
  func withinStays() throws {
    let encounters = try table("encounters")
    let ids = try encounters.integers("encounter_id")
    let first = try #require(ids.first ?? nil)
    let admitted = try encounters.moments("admitted")
    let discharged = try encounters.moments("discharged")
    let patients = try encounters.integers("patient_id")
    for (name, time) in [
      ("labs", "taken_at"), ("orders", "ordered_at"), ("medications", "given_at"), ("alerts", "fired_at"),
      ("safety_events", "occurred_at"),
    ] {
      let table = try table(name)
      for (id, moment) in zip(try table.integers("encounter_id"), try table.moments(time)) {
        guard let id, let moment, let start = admitted[id - first] else { continue }
        let isInside = moment >= start && moment <= discharged[id - first] ?? .max
        if !isInside { Issue.record("\(name).\(time) outside encounter \(id)") }
      }
    }
    for name in ["labs", "medications", "diagnoses"] {
      let table = try table(name)
      let pairs = zip(try table.integers("encounter_id"), try table.integers("patient_id"))
      #expect(
        pairs.allSatisfy { id, patient in id.map { patients[$0 - first] == patient } ?? false }, "\(name)")
    }
  }

  @Test("Dates lie within the three years, but for those that begin before and due dates")
  func dates() throws {
    let (first, last) = (try day(2023, 1, 1), try day(2025, 12, 31))
    let open: Set<String> = ["birth_date", "hired", "go_live", "due", "assigned"]
    for name in SyntheticHospital.tableNames {
      let table = try table(name)
      for field in table.schema.fields where field.type.isTime && !open.contains(field.name) {
        let scale = field.type == .date ? 1 : 1440
        let days = try table.moments(field.name).compactMap { $0.map { $0 / scale } }
        #expect(days.min() ?? first >= first && days.max() ?? last <= last, "\(name).\(field.name)")
      }
    }
  }
}
