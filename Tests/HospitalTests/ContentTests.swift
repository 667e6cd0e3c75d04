import Columns
import Hospital
import Testing

@Suite("What the hospital's tables say")
struct ContentTests {
  @Test("los_hours is the time between the two ends and missing with the second")
  func lengths() throws {
    let encounters = try table("encounters")
    let ends = zip(try encounters.moments("admitted"), try encounters.moments("discharged"))
    for ((start, end), hours) in zip(ends, try encounters.numbers("los_hours")) {
      let start = try #require(start)
      if let end, let hours {
        if end <= start || abs(hours - Double(end - start) / 60) > 0.0051 {
          Issue.record("\(start) \(end) \(hours)")
        }
      } else if (end == nil) != (hours == nil) {
        Issue.record("one of discharged and los_hours is missing without the other")
      }
    }
    #expect((5...120).contains(try #require(encounters.column(named: "discharged")).missingCount))
  }

  @Test("Nobody is in two places at once, and nobody comes back from the dead")
  func onePlace() throws {
    let encounters = try table("encounters")
    let (starts, ends) = (try encounters.moments("admitted"), try encounters.moments("discharged"))
    #expect(starts.map { $0 ?? 0 } == starts.map { $0 ?? 0 }.sorted())
    let dispositions = try encounters.texts("disposition")
    var free: [Int: Int] = [:]
    for (row, patient) in try encounters.integers("patient_id").enumerated() {
      let (patient, start) = (try #require(patient), try #require(starts[row]))
      if start < free[patient] ?? .min { Issue.record("patient \(patient) is in two places") }
      free[patient] = dispositions[row] == "died" ? .max : ends[row] ?? .max
    }
  }

  @Test("Ages are the whole years since birth")
  func ages() throws {
    let patients = try table("patients")
    let births = Dictionary(
      uniqueKeysWithValues: zip(try patients.integers("patient_id"), try patients.moments("birth_date")))
    let encounters = try table("encounters")
    let ages = zip(try encounters.integers("age"), try encounters.moments("admitted"))
    for (patient, (age, admitted)) in zip(try encounters.integers("patient_id"), ages) {
      guard let age, let admitted, let birth = births[patient] ?? nil else { continue }
      let (born, now) = (
        Columns.Calendar.day(of: Int32(birth)), Columns.Calendar.day(of: Int32(admitted / 1440))
      )
      let years = now.year - born.year - ((now.month, now.day) < (born.month, born.day) ? 1 : 0)
      if years != age { Issue.record("\(age) and \(years)") }
    }
    #expect(try encounters.integers("age").allSatisfy { (0...105).contains($0 ?? -1) })
  }

  @Test("An ED patient who is admitted has an inpatient stay that begins at once")
  func admissions() throws {
    let encounters = try table("encounters")
    let patients = try encounters.integers("patient_id")
    let (classes, starts) = (try encounters.texts("class"), try encounters.moments("admitted"))
    let (ends, dispositions) = (try encounters.moments("discharged"), try encounters.texts("disposition"))
    var begun: Set<[Int?]> = []
    for row in patients.indices where classes[row] == "inpatient" {
      begun.insert([patients[row], starts[row]])
    }
    for row in patients.indices where dispositions[row] == "admitted" {
      #expect(classes[row] == "ED")
      if !begun.contains([patients[row], ends[row]]) { Issue.record("row \(row) was admitted nowhere") }
    }
  }

  @Test(
    "Values are missing at the rates of real extracts",
    arguments: [
      ("encounters", "charges", 0.015...0.035), ("encounters", "payer", 0.008...0.018),
      ("encounters", "arrival", 0.005...0.016), ("encounters", "discharged", 0.0002...0.006),
      ("labs", "value", 0.008...0.02), ("patients", "bmi", 0.14...0.2), ("patients", "zip", 0.004...0.014),
      ("orders", "completed_at", 0.025...0.05), ("medications", "given_at", 0.05...0.16),
      ("training", "completed", 0.1...0.22), ("tickets", "satisfaction", 0.65...0.8),
      ("safety_events", "reported_by", 0.13...0.26), ("patient_days", "nursing_hours", 0.005...0.018),
    ])
  func missing(_ name: String, _ column: String, _ range: ClosedRange<Double>) throws {
    #expect(range.contains(try table(name).missingShare(column)))
  }

  @Test("Triage is given in the ED alone, severity to inpatients alone")
  func classes() throws {
    let encounters = try table("encounters")
    let (triage, severity) = (try encounters.integers("triage"), try encounters.texts("severity"))
    for (row, kind) in try encounters.texts("class").enumerated() {
      if (kind != "ED" && triage[row] != nil) || (kind == "inpatient") != (severity[row] != nil) {
        Issue.record("row \(row)")
      }
    }
    #expect(Set(triage.compactMap { $0 }) == [1, 2, 3, 4, 5])
    #expect(Set(try encounters.texts("class")) == ["ED", "inpatient", "outpatient"])
  }

  @Test("Stays are skewed: the mean lies well above the median")
  func skew() throws {
    let encounters = try table("encounters")
    let classes = try encounters.texts("class")
    let hours = zip(classes, try encounters.numbers("los_hours")).compactMap { $0 == "inpatient" ? $1 : nil }
      .sorted()
    let mean = hours.reduce(0, +) / Double(hours.count)
    #expect((60...100).contains(hours[hours.count / 2]))
    #expect(mean > 1.2 * hours[hours.count / 2])
  }

  @Test("The ED is busiest on Mondays, in winter and in the daytime")
  func rhythm() throws {
    let encounters = try table("encounters")
    let times = zip(try encounters.texts("class"), try encounters.moments("admitted")).compactMap {
      $0 == "ED" ? $1 : nil
    }
    let weekdays = Dictionary(grouping: times) { Calendar.weekday(Int32($0 / 1440)) }.mapValues(\.count)
    #expect(weekdays.max { $0.value < $1.value }?.key == 1)
    let months = Dictionary(grouping: times) { Calendar.day(of: Int32($0 / 1440)).month }.mapValues(\.count)
    let winter = [12, 1, 2].reduce(0) { $0 + (months[$1] ?? 0) }
    let summer = [6, 7, 8].reduce(0) { $0 + (months[$1] ?? 0) }
    #expect(Double(winter) > 1.1 * Double(summer))
    let night = share(times.map { $0 % 1440 < 360 })
    #expect(night > 0.05 && night < 0.15)
  }

  @Test("LOINC codes carry their check digit")
  func loinc() throws {
    let codes = Set(try table("labs").texts("loinc").compactMap { $0 })
    #expect(codes.count == 16)
    for code in codes {
      let parts = code.split(separator: "-")
      let digits = parts[0].compactMap(\.wholeNumberValue)
      // Luhn: every second digit from the right counts twice.
      let sum = digits.reversed().enumerated().reduce(0) { sum, item in
        let value = item.offset.isMultiple(of: 2) ? item.element * 2 : item.element
        return sum + value / 10 + value % 10
      }
      #expect(parts[1] == String((10 - sum % 10) % 10), "\(code)")
    }
  }

  @Test("Diagnoses have the form of ICD-10-CM codes, one main one an encounter")
  func icd() throws {
    let diagnoses = try table("diagnoses")
    for code in Set(try diagnoses.texts("code").compactMap { $0 }) {
      let isCode =
        code.wholeMatch(of: /[A-TV-Z][0-9][0-9AB](\.[0-9A-Z]{1,4})?/) != nil
        || code.wholeMatch(of: /U07\.[01]/) != nil
      #expect(isCode, "\(code)")
    }
    let main = zip(try diagnoses.integers("rank"), try diagnoses.integers("encounter_id")).filter {
      $0.0 == 1
    }
    #expect(Set(main.map(\.1)).count == main.count)
    #expect(Set(main.map(\.1)) == Set(try diagnoses.integers("encounter_id")))
  }

  @Test("One unit has two spellings, and some results are entered days late")
  func dirt() throws {
    let labs = try table("labs")
    let units = try labs.texts("unit")
    let other = share(units.filter { $0 == "mg/dL" || $0 == "mg/dl" }.map { $0 == "mg/dl" })
    #expect((0.02...0.1).contains(other))
    let delays = zip(try labs.moments("taken_at"), try labs.moments("recorded_at")).compactMap {
      taken, recorded in
      recorded.flatMap { recorded in taken.map { recorded - $0 } }
    }
    #expect((0.008...0.025).contains(share(delays.map { $0 > 1440 })))
    #expect(delays.allSatisfy { $0 > 0 && $0 < 12 * 1440 })
  }

  @Test("Each ward's census follows from the day before, those who came and those who went")
  func census() throws {
    let days = try table("patient_days")
    let (patients, ids) = (try days.integers("patients"), try days.integers("department_id"))
    let (came, went) = (try days.integers("admissions"), try days.integers("discharges"))
    var last: [Int: Int] = [:]
    for row in ids.indices {
      guard let id = ids[row], let now = patients[row], let a = came[row], let d = went[row] else { continue }
      if now != (last[id] ?? 0) + a - d { Issue.record("row \(row)") }
      last[id] = now
    }
  }
}
