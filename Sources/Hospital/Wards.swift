import Columns

extension SyntheticHospital {
  func safetyEventsTable() -> Table {
    let stays = theStays().rows
    var book = SafetyBook(draws: draws("safety_events"))
    for (index, stay) in stays.enumerated() where stay.kind != .outpatient { book.add(stay, index) }
    let order = book.occurred.indices.sorted { book.occurred[$0] < book.occurred[$1] }
    var sheet = Sheet()
    sheet.ids("event_id", from: 60_001, count: order.count)
    sheet.int("encounter_id", order.map { book.encounters[$0] })
    sheet.departments(order.map { book.department[$0] })
    sheet.text("kind", order.map { book.kind[$0] }, of: SafetyBook.kinds)
    sheet.text("harm", order.map { book.harm[$0] }, of: SafetyBook.harms, ordered: true)
    sheet.datetime("occurred_at", minutes: order.map { book.occurred[$0] })
    sheet.datetime("reported_at", minutes: order.map { book.reported[$0] })
    sheet.text("reported_by", order.map { book.reporter[$0] }, of: Staff.roles)
    return sheet.table()
  }

  /// One row for each ward and day.
  func patientDaysTable() -> Table {
    let wards = (0..<Departments.clinicalCount).filter {
      [Kind.inpatient, .criticalCare].contains(Departments.all[$0].kind)
    }
    let census = Census(theStays().rows)
    var draws = draws("patient_days")
    var days: [Int32] = []
    var department: [UInt8] = []
    var beds: [Int32] = []
    var patients: [Int32] = []
    var admissions: [Int32] = []
    var discharges: [Int32] = []
    var hours: [Double] = []
    for offset in 0..<Period.dayCount {
      for ward in wards {
        let cell = ward * Period.dayCount + offset
        let place = Departments.all[ward]
        days.append(Period.firstDay + Int32(offset))
        department.append(UInt8(ward))
        beds.append(Int32(clamping: place.beds * scale))
        patients.append(census.patients[cell])
        admissions.append(census.admissions[cell])
        discharges.append(census.discharges[cell])
        let need = Double(census.patients[cell]) * (place.kind == .criticalCare ? 16.5 : 7.1)
        let worked = max(24, need) * (0.88 + 0.24 * draws.uniform())
        hours.append(draws.chance(0.011) ? .nan : worked.rounded(places: 10))
      }
    }
    var sheet = Sheet()
    sheet.date("day", days)
    sheet.departments(department)
    sheet.int("beds", beds)
    sheet.int("patients", patients)
    sheet.int("admissions", admissions)
    sheet.int("discharges", discharges)
    sheet.float("nursing_hours", hours)
    return sheet.table()
  }
}

/// Inpatients in each department at the end of each day, and those who came and went; cells by department, day.
private struct Census {
  var patients: [Int32]
  var admissions: [Int32]
  var discharges: [Int32]

  init(_ stays: [Stay]) {
    let cells = Departments.clinicalCount * Period.dayCount
    patients = [Int32](repeating: 0, count: cells)
    admissions = patients
    discharges = patients
    for stay in stays where stay.kind == .inpatient {
      let first = Int(stay.department) * Period.dayCount
      let came = Int(stay.admitted / Period.minutesPerDay - Period.firstDay)
      let went = Int(stay.known / Period.minutesPerDay - Period.firstDay)
      admissions[first + came] += 1
      if !stay.isOpen { discharges[first + went] += 1 }
      for day in came..<(stay.isOpen ? went + 1 : went) { patients[first + day] += 1 }
    }
  }
}

/// Events that someone reported because a patient was or might have been harmed.
private struct SafetyBook {
  static let kinds = [
    "fall", "medication", "pressure injury", "identification", "equipment", "specimen", "behavior",
    "line or tube",
  ]
  static let harms = ["none", "mild", "moderate", "severe", "death"]
  private static let shares = Weights([24, 29, 10, 7, 8, 11, 6, 5])
  private static let harmShares = Weights([0.63, 0.27, 0.082, 0.015, 0.003])
  private static let reporters = Weights([9, 4, 3, 60, 12, 7, 5, 0, 0])

  var draws: Draws
  var encounters: [Int32] = []
  var department: [UInt8] = []
  var kind: [UInt8] = []
  var harm: [UInt8] = []
  var occurred: [Int32] = []
  var reported: [Int32] = []
  var reporter: [UInt8] = []

  init(draws: Draws) { self.draws = draws }

  mutating func add(_ stay: Stay, _ index: Int) {
    let length = stay.known - stay.admitted
    let days = Double(length) / 1440
    let frailty = stay.age >= 75 ? 1.6 : 1
    let mean = stay.kind == .emergency ? 0.011 : 0.022 + 0.021 * min(days, 30) * frailty
    for _ in 0..<draws.poisson(mean) {
      let minute = stay.admitted + Int32(draws.below(max(1, Int(length))))
      // Most are written down by the end of the shift, some when the chart is reviewed.
      let delay = draws.chance(0.09) ? draws.exponential(mean: 9 * 1440) : draws.exponential(mean: 310)
      let written = minute + 4 + Int32(delay)
      if written >= Period.end { continue }
      encounters.append(Stays.firstID + Int32(truncatingIfNeeded: index))
      department.append(stay.department)
      kind.append(stay.age >= 75 && draws.chance(0.22) ? 0 : UInt8(draws.pick(Self.shares)))
      harm.append(draws.chance(0.034) ? Missing.code : UInt8(draws.pick(Self.harmShares)))
      occurred.append(minute)
      reported.append(written)
      reporter.append(draws.chance(0.19) ? Missing.code : UInt8(draws.pick(Self.reporters)))
    }
  }
}
