import Columns

enum Dispositions {
  static let names = [
    "home", "home health", "skilled nursing", "rehabilitation", "transferred", "against advice", "admitted",
    "left before seen", "died",
  ]
  static let home: UInt8 = 0
  static let transferred: UInt8 = 4
  static let againstAdvice: UInt8 = 5
  static let admitted: UInt8 = 6
  static let leftUnseen: UInt8 = 7
  static let died: UInt8 = 8
}

enum Arrivals {
  static let names = ["walk-in", "ambulance", "police", "transfer", "from ED", "planned", "appointment"]
  static let walkIn: UInt8 = 0
  static let ambulance: UInt8 = 1
  static let police: UInt8 = 2
  static let transfer: UInt8 = 3
  static let fromEmergency: UInt8 = 4
  static let planned: UInt8 = 5
  static let appointment: UInt8 = 6
}

enum StayClass: UInt8 {
  case emergency, inpatient, outpatient
  static let names = ["ED", "inpatient", "outpatient"]
}

/// One encounter.
struct Stay: Sendable {
  var patient: Int32
  /// An index in `Departments.all`.
  var department: UInt8
  var kind: StayClass
  /// Minutes since 1970-01-01.
  var admitted: Int32
  /// The true end, which may lie beyond the end of the extract.
  var discharged: Int32
  var age: Int16
  var triage: UInt8 = Missing.code
  var arrival: UInt8
  var disposition: UInt8
  /// 0 minor, 1 moderate, 2 major; inpatients only.
  var severity: UInt8 = Missing.code

  var isOpen: Bool { discharged >= Period.end }
  /// The last minute of the stay that the tables can know of.
  var known: Int32 { min(discharged, Period.end - 1) }
}

/// All encounters by the time of admission.
struct Stays: Sendable {
  static let firstID: Int32 = 1_000_001
  static let severities = ["minor", "moderate", "major"]
  var rows: [Stay]
}

/// Lets the patients come, day by day: each patient is in one place at a time, and those who died stay away.
struct StayMaker {
  private var draws: Draws
  private let patients: Patients
  private let scale: Double
  /// The minute from which each patient can come again.
  private var freeFrom: [Int32]
  /// Patients who will be back with the same trouble, by day.
  private var returning: [[Int32]]
  private var deaths = DeathRates()
  private var rows: [Stay] = []

  init(draws: Draws, patients: Patients, scale: Int) {
    self.draws = draws
    self.patients = patients
    self.scale = Double(scale)
    freeFrom = [Int32](repeating: .min, count: patients.birth.count)
    returning = [[Int32]](repeating: [], count: Period.dayCount)
  }

  private static let emergencyWeekdays = [1.13, 1.03, 0.99, 0.98, 0.99, 0.94, 0.94]
  private static let plannedWeekdays = [1.45, 1.5, 1.45, 1.4, 1.1, 0.06, 0.04]
  private static let clinicWeekdays = [1.4, 1.45, 1.4, 1.4, 1.2, 0.15, 0]
  private static let emergencyHours = Weights([
    2.1, 1.7, 1.4, 1.2, 1.1, 1.3, 1.8, 2.9, 4.3, 5.6, 6.5, 6.8, 6.5, 6.2, 6.0, 6.0, 6.1, 6.4, 6.6, 6.3, 5.6,
    4.7, 3.7, 2.8,
  ])
  private static let plannedHours = Weights([0, 0, 0, 0, 0, 3, 9, 8, 5, 4, 3, 2, 2, 1])
  private static let clinicHours = Weights([0, 0, 0, 0, 0, 0, 0, 1, 7, 9, 9, 7, 3, 8, 9, 8, 5, 1])

  consuming func made() -> Stays {
    rows.reserveCapacity(Int(21_500 * scale))
    for offset in 0..<Period.dayCount { liveThrough(offset) }
    let made = rows
    let order = made.indices.map { UInt64(made[$0].admitted) << 32 | UInt64($0) }.sorted()
    return Stays(rows: order.map { made[Int($0 & 0xFFFF_FFFF)] })
  }

  private mutating func liveThrough(_ offset: Int) {
    let day = Period.firstDay + Int32(offset)
    let weekday = Calendar.weekday(day) - 1
    let growth = 1 + 0.025 * Double(offset) / 365
    let winter = Period.winter(day)
    let emergencies = 10.3 * scale * growth * (1 + 0.11 * winter) * Self.emergencyWeekdays[weekday]
    for _ in 0..<draws.poisson(emergencies) {
      let minute = minute(day, Self.emergencyHours)
      if let patient = someone(free: minute, day, from: 0) { emergency(patient, minute, mustStay: false) }
    }
    for patient in returning[offset] {
      let minute = minute(day, Self.emergencyHours)
      if freeFrom[Int(patient)] <= minute { emergency(Int(patient), minute, mustStay: true) }
    }
    // The weeks around New Year bring few planned stays.
    let holiday = Calendar.dayOfYear(day) < 4 || Calendar.dayOfYear(day) > 357 ? 0.3 : 1
    for _ in 0..<draws.poisson(2.15 * scale * growth * holiday * Self.plannedWeekdays[weekday]) {
      let minute = minute(day, Self.plannedHours)
      guard let patient = someone(free: minute, day, from: 17) else { continue }
      let site: UInt8 = draws.chance(0.57) ? 0 : 1
      let arrival = draws.chance(0.9) ? Arrivals.planned : Arrivals.transfer
      inpatient(patient, minute, site: site, arrival: arrival, triage: Missing.code)
    }
    for _ in 0..<draws.poisson(2.6 * scale * growth * holiday * Self.clinicWeekdays[weekday]) {
      let minute = minute(day, Self.clinicHours)
      if let patient = someone(free: minute, day, from: 0) { outpatient(patient, minute) }
    }
  }

  private mutating func minute(_ day: Int32, _ hours: Weights) -> Int32 {
    day * Period.minutesPerDay + Int32(draws.pick(hours) * 60 + draws.below(60))
  }

  /// A patient who is at home and old enough; some come far more often than others.
  private mutating func someone(free minute: Int32, _ day: Int32, from age: Int) -> Int? {
    let bound = Int32((Double(age) * 365.2425).rounded())
    for _ in 0..<24 {
      let point = draws.uniform()
      let patient = Int(Double(freeFrom.count) * point * (0.35 + 0.65 * point))
      if freeFrom[patient] <= minute, patients.birth[patient] <= day - bound { return patient }
    }
    return nil
  }

  // MARK: Emergency

  private static let triageShares = Weights([0.012, 0.155, 0.47, 0.29, 0.073])
  private static let admissionByTriage = [0.72, 0.47, 0.225, 0.06, 0.015]
  private static let stayByTriage = [1.15, 1.3, 1.12, 0.74, 0.52]
  private static let ambulanceByTriage = [0.86, 0.52, 0.27, 0.1, 0.04]

  private mutating func emergency(_ patient: Int, _ minute: Int32, mustStay: Bool) {
    let day = minute / Period.minutesPerDay
    let age = patients.age(patient, on: day)
    var triage = draws.pick(Self.triageShares)
    // The old and those sent back are seldom trivial cases.
    if triage > 1, mustStay || (age >= 70 && draws.chance(0.4)) { triage -= 1 }
    let site: UInt8 = age < 16 ? (draws.chance(0.8) ? 0 : 1) : (draws.chance(0.59) ? 0 : 1)
    let department = Departments.emergency[Int(site)]
    let hour = Int(minute % Period.minutesPerDay) / 60
    let crowding = hour >= 15 && hour <= 22 ? 1.16 : 1.0
    let typical = Departments.all[Int(department)].typicalStay * Self.stayByTriage[triage] * crowding
    let length = min(2_800, max(12, draws.logNormal(median: typical, sigma: 0.55) * 60))
    var stay = Stay(
      patient: Int32(patient), department: department, kind: .emergency, admitted: minute,
      discharged: minute + Int32(length), age: Int16(clamping: age), triage: UInt8(triage + 1),
      arrival: emergencyArrival(triage), disposition: Dispositions.home)
    let admission = Self.admissionByTriage[triage] * (age >= 65 ? 1.3 : age < 16 ? 0.5 : 0.95)
    if mustStay || draws.chance(admission) {
      stay.disposition = Dispositions.admitted
    } else if triage == 0, draws.chance(0.16) {
      stay.disposition = Dispositions.died
    } else if triage > 1, draws.chance(crowding > 1 ? 0.046 : 0.022) {
      stay.disposition = Dispositions.leftUnseen
      stay.discharged = minute + Int32(20 + draws.exponential(mean: 95))
      if draws.chance(0.3) { stay.triage = Missing.code }
    } else if draws.chance(0.022) {
      stay.disposition = draws.chance(0.5) ? Dispositions.transferred : Dispositions.againstAdvice
    }
    add(stay)
    if stay.disposition == Dispositions.admitted, stay.discharged < Period.end {
      inpatient(
        patient, stay.discharged, site: site, arrival: Arrivals.fromEmergency, triage: stay.triage)
    }
  }

  private mutating func emergencyArrival(_ triage: Int) -> UInt8 {
    if draws.chance(0.009) { return Missing.code }
    if draws.chance(Self.ambulanceByTriage[triage]) { return Arrivals.ambulance }
    let rest = draws.uniform()
    return rest < 0.015 ? Arrivals.police : rest < 0.04 ? Arrivals.transfer : Arrivals.walkIn
  }

  // MARK: Inpatients

  private static let wards: [[UInt8]] = [
    [103, 104, 105, 106, 109, 110].map(Departments.index), [203, 204].map(Departments.index),
  ]
  private static let medicalShares = [Weights([19, 40, 8, 7, 11, 15]), Weights([78, 22])]
  private static let plannedShares = [Weights([14, 6, 34, 26, 16, 4]), Weights([26, 74])]
  private static let severityStay = [0.74, 1.0, 1.55]
  private static let returnRates = [0.07, 0.125, 0.2]

  private mutating func inpatient(_ patient: Int, _ minute: Int32, site: UInt8, arrival: UInt8, triage: UInt8)
  {
    let age = patients.age(patient, on: minute / Period.minutesPerDay)
    let isMother = patients.sex[patient] == 0 && (18...43).contains(age) && draws.chance(0.42)
    let site = age < 16 ? 0 : site
    let severity = severity(site: site, isLight: isMother || age < 16)
    let department = department(age, site, arrival, severity, isMother)
    let length = hours(department, severity)
    var end = minute + Int32(length * 60)
    let dies = deaths.takes(site: site, severity: severity, department: department, age: age, &draws)
    if !dies { end = leavingTime(end, after: minute) }
    var stay = Stay(
      patient: Int32(patient), department: department, kind: .inpatient, admitted: minute, discharged: end,
      age: Int16(clamping: age), arrival: draws.chance(0.006) ? Missing.code : arrival,
      disposition: Dispositions.died, severity: severity)
    if !dies { stay.disposition = leaving(age, severity, department) }
    add(stay)
    if !dies, draws.chance(Self.returnRates[Int(severity)] * (isMother ? 0.3 : 1)) {
      let day =
        Int(end / Period.minutesPerDay - Period.firstDay) + 1 + Int(draws.uniform() * draws.uniform() * 29)
      if day < returning.count { returning[day].append(Int32(patient)) }
    }
  }

  /// Riverside takes the gravest cases of the region, so its mix is heavier.
  private mutating func severity(site: UInt8, isLight: Bool) -> UInt8 {
    let point = draws.uniform() * (isLight ? 0.72 : 1)
    let (minor, moderate) = site == 0 ? (0.26, 0.66) : (0.62, 0.93)
    return point < minor ? 0 : point < moderate ? 1 : 2
  }

  private mutating func department(
    _ age: Int, _ site: UInt8, _ arrival: UInt8, _ severity: UInt8, _ isMother: Bool
  ) -> UInt8 {
    if age < 16 { return Departments.pediatrics }
    if isMother { return Departments.maternity[Int(site)] }
    if draws.chance([0.01, 0.05, 0.3][Int(severity)]) { return Departments.intensiveCare[Int(site)] }
    if site == 1, age >= 76, draws.chance(0.42) { return Departments.geriatrics }
    if site == 0, arrival != Arrivals.planned, draws.chance(0.0088) { return Departments.burns }
    let shares = arrival == Arrivals.planned ? Self.plannedShares : Self.medicalShares
    return Self.wards[Int(site)][draws.pick(shares[Int(site)])]
  }

  private mutating func hours(_ department: UInt8, _ severity: UInt8) -> Double {
    let typical = Departments.all[Int(department)].typicalStay * Self.severityStay[Int(severity)]
    return min(2_400, max(7, draws.logNormal(median: typical, sigma: 0.66)))
  }

  /// People go home in the daytime, most of them early in the afternoon, and seldom on a Sunday.
  private mutating func leavingTime(_ end: Int32, after start: Int32) -> Int32 {
    var day = end / Period.minutesPerDay
    if Calendar.weekday(day) == 7, draws.chance(0.45) { day += 1 }
    let minute = Int32(min(1_290, max(480, draws.normal(835, 125))))
    let time = day * Period.minutesPerDay + minute
    return time < start + 360 ? time + Period.minutesPerDay : time
  }

  private mutating func leaving(_ age: Int, _ severity: UInt8, _ department: UInt8) -> UInt8 {
    if draws.chance(0.014) { return Dispositions.againstAdvice }
    if draws.chance(0.02) { return Dispositions.transferred }
    let need = (age >= 75 ? 0.3 : age >= 60 ? 0.14 : 0.03) * (severity == 2 ? 1.7 : 1)
    if draws.chance(need) { return draws.chance(0.6) ? 2 : 3 }
    return draws.chance(need) ? 1 : Dispositions.home
  }

  // MARK: Clinics

  private mutating func outpatient(_ patient: Int, _ minute: Int32) {
    let age = patients.age(patient, on: minute / Period.minutesPerDay)
    let department = Departments.outpatient[draws.chance(0.63) ? 0 : 1]
    let typical = Departments.all[Int(department)].typicalStay
    let length = max(8, draws.logNormal(median: typical, sigma: 0.45) * 60)
    add(
      Stay(
        patient: Int32(patient), department: department, kind: .outpatient, admitted: minute,
        discharged: min(minute + Int32(length), Period.end - 1), age: Int16(clamping: age),
        arrival: draws.chance(0.02) ? Missing.code : Arrivals.appointment, disposition: Dispositions.home))
  }

  private mutating func add(_ stay: Stay) {
    rows.append(stay)
    let isGone = stay.disposition == Dispositions.died
    freeFrom[Int(stay.patient)] = isGone ? .max : stay.discharged
  }
}

/// Keeps the share of inpatients who die at its rate within each site and severity, whatever the seed: the
/// comparison of the sites then rests on the rates and not on the luck of a draw.
struct DeathRates {
  /// By site and severity: Riverside does better with every kind of case, and has the graver ones.
  private static let rates = [[0.004, 0.018, 0.082], [0.009, 0.03, 0.14]]
  private var due: [[Double]] = [[0.5, 0.5, 0.5], [0.5, 0.5, 0.5]]
  private var dueInBurns = 0.35

  mutating func takes(
    site: UInt8, severity: UInt8, department: UInt8, age: Int, _ draws: inout Draws
  ) -> Bool {
    if department == Departments.burns {
      dueInBurns += 0.16
      if dueInBurns < 1 { return false }
      dueInBurns -= 1
      return true
    }
    due[Int(site)][Int(severity)] += Self.rates[Int(site)][Int(severity)]
    guard due[Int(site)][Int(severity)] >= 1, age >= 40 else { return false }
    // Those waiting to be counted fall on the old rather than on the middle-aged.
    guard age >= 74 || draws.chance(0.3) else { return false }
    due[Int(site)][Int(severity)] -= 1
    return true
  }
}
