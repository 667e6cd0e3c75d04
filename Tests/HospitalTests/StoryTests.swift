import Columns
import Hospital
import Testing

/// What a curious user can find out: each is a figure that follows from the tables.
@Suite("The hospital's stories")
struct StoryTests {
  @Test("From the day a new record went live, fewer alerts are overridden")
  func overrides() throws {
    let systems = try table("systems")
    let row = try #require(try systems.texts("system").firstIndex(of: "Meridian EHR"))
    let goLive = try #require(try systems.moments("go_live")[row])
    let alerts = try table("alerts")
    var before: [Bool] = []
    var after: [Bool] = []
    for (moment, overridden) in zip(try alerts.moments("fired_at"), try alerts.flags("overridden")) {
      guard let moment, let overridden else { continue }
      if moment / 1440 < goLive { before.append(overridden) } else { after.append(overridden) }
    }
    #expect((0.84...0.9).contains(share(before)))
    #expect((0.5...0.6).contains(share(after)))
    #expect(before.count > 8_000 && after.count > 6_000)
  }

  @Test("The step lies at the go-live: the months on both sides differ, the months before do not")
  func step() throws {
    let goLive = try day(2024, 5, 13)
    let alerts = try table("alerts")
    let days = try alerts.moments("fired_at").map { ($0 ?? 0) / 1440 }
    let overridden = try alerts.flags("overridden").map { $0 ?? false }
    func rate(_ range: Range<Int>) -> Double {
      share(zip(days, overridden).filter { range.contains($0.0) }.map(\.1))
    }
    #expect(rate(goLive - 30..<goLive) - rate(goLive..<goLive + 30) > 0.2)
    #expect(abs(rate(goLive - 60..<goLive - 30) - rate(goLive - 30..<goLive)) < 0.06)
  }

  @Test(
    "Riverside has more deaths over all and fewer at each severity", arguments: [nil, 11, 99] as [UInt64?])
  func simpson(_ seed: UInt64?) throws {
    let other = seed.map { SyntheticHospital(seed: $0) } ?? hospital
    let encounters = try #require(other.table("encounters"))
    let (sites, dispositions) = (try encounters.texts("site"), try encounters.texts("disposition"))
    var deaths: [String: [String: [Bool]]] = [:]
    for (row, severity) in try encounters.texts("severity").enumerated() {
      guard let severity, let site = sites[row], let disposition = dispositions[row] else { continue }
      deaths[site, default: [:]][severity, default: []].append(disposition == "died")
    }
    let riverside = try #require(deaths["Riverside"])
    let lakeview = try #require(deaths["Lakeview"])
    #expect(share(riverside.values.joined()) > 1.2 * share(lakeview.values.joined()))
    for severity in ["minor", "moderate", "major"] {
      let (here, there) = (share(riverside[severity] ?? []), share(lakeview[severity] ?? []))
      #expect(here < 0.8 * there, "\(severity): \(here), \(there)")
    }
  }

  @Test("The Burns Unit has a frightening rate and too few cases for it to mean anything")
  func burns() throws {
    let encounters = try table("encounters")
    let rows = zip(try encounters.texts("department"), try encounters.texts("disposition"))
    let deaths = Dictionary(grouping: rows.filter { $0.1 != nil }, by: { $0.0 ?? "" })
      .mapValues { $0.map { $0.1 == "died" } }
    let burns = try #require(deaths["Burns Unit"])
    #expect((5...25).contains(burns.count))
    for (name, others) in deaths where name != "Burns Unit" {
      #expect(others.count > 100, "\(name)")
      #expect(share(others) < share(burns), "\(name)")
    }
  }

  @Test("Laboratory results took hours while the laboratory system was down")
  func outage() throws {
    let incidents = try table("incidents")
    let times = zip(try incidents.moments("started"), try incidents.moments("resolved"))
    let outages = zip(try incidents.texts("system"), times).filter { $0.0 == "LabLink LIS" }
    let (start, end) = try #require(outages.first?.1)
    #expect(outages.count == 1)
    let from = try #require(start)
    let to = try #require(end)
    #expect(to - from > 2 * 1440)
    let labs = try table("labs")
    var during: [Int] = []
    var around: [Int] = []
    for (taken, resulted) in zip(try labs.moments("taken_at"), try labs.moments("resulted_at")) {
      guard let taken, let resulted else { continue }
      if (from..<to).contains(taken) { during.append(resulted - taken) }
      if abs(taken - from) < 30 * 1440, !(from..<to).contains(taken) { around.append(resulted - taken) }
    }
    #expect(during.count >= 40 && around.count > 1_000)
    #expect(median(during) > 5 * median(around))
    #expect((30...80).contains(median(around)))
  }

  @Test("Training for the new record was done least in Riverside's Emergency")
  func training() throws {
    let staff = try table("staff")
    let places = zip(try staff.texts("department"), try staff.texts("site")).map { "\($0 ?? "") \($1 ?? "")" }
    let place = Dictionary(uniqueKeysWithValues: zip(try staff.integers("staff_id"), places))
    let training = try table("training")
    let people = zip(try training.integers("staff_id"), try training.moments("completed"))
    var (there, elsewhere) = ([Bool](), [Bool]())
    for (course, (person, completed)) in zip(try training.texts("course"), people) {
      guard course?.hasPrefix("Meridian") == true else { continue }
      if place[person] == "Emergency Riverside" {
        there.append(completed != nil)
      } else {
        elsewhere.append(completed != nil)
      }
    }
    #expect(share(there) < share(elsewhere) - 0.06)
  }

  @Test("Notes took longer for some weeks after the go-live and a little less later")
  func notes() throws {
    let goLive = try day(2024, 5, 13)
    let sessions = try table("ehr_sessions")
    let minutes = zip(try sessions.moments("day"), try sessions.integers("note_minutes"))
    var sums: [Int: (total: Int, count: Int)] = [:]
    for (day, minutes) in minutes {
      guard let day, let minutes else { continue }
      let period = day < goLive ? 0 : day < goLive + 30 ? 1 : day < goLive + 100 ? 2 : 3
      sums[period, default: (0, 0)].total += minutes
      sums[period, default: (0, 0)].count += 1
    }
    let means = sums.mapValues { Double($0.total) / Double($0.count) }
    let (before, first, later) = (means[0] ?? 0, means[1] ?? 0, means[3] ?? 0)
    #expect(first > 1.12 * before)
    #expect(later < before && later > 0.85 * before)
  }
}
