import Columns

/// A laboratory test by its LOINC code, with how its values lie.
private struct LabTest: Sendable {
  let code: String
  let name: String
  let unit: String
  let low: Double
  let high: Double
  let median: Double
  /// Spread of the logarithm.
  let sigma: Double
  /// What a grave case does to the middle value.
  let gravity: Double
  /// Ten to the number of decimals reported.
  let places: Double
  /// Minutes from sample to result.
  let turnaround: Double

  static let all: [LabTest] = [
    LabTest("2345-7", "Glucose [Mass/volume] in Serum or Plasma", "mg/dL", 70...99, 112, 0.26, 1.2, 1, 46),
    LabTest(
      "2160-0", "Creatinine [Mass/volume] in Serum or Plasma", "mg/dL", 0.6...1.3, 0.98, 0.34, 1.45, 100, 50),
    LabTest(
      "2823-3", "Potassium [Moles/volume] in Serum or Plasma", "mmol/L", 3.5...5.1, 4.1, 0.105, 1.03, 10, 48),
    LabTest(
      "2951-2", "Sodium [Moles/volume] in Serum or Plasma", "mmol/L", 136...145, 139, 0.023, 0.99, 1, 48),
    LabTest("718-7", "Hemoglobin [Mass/volume] in Blood", "g/dL", 12...17, 12.7, 0.135, 0.87, 10, 34),
    LabTest(
      "6690-2", "Leukocytes [#/volume] in Blood by Automated count", "10*3/uL", 4.5...11, 8.6, 0.38, 1.3, 10,
      34),
    LabTest(
      "777-3", "Platelets [#/volume] in Blood by Automated count", "10*3/uL", 150...400, 236, 0.31, 0.88, 1,
      34),
    LabTest(
      "3094-0", "Urea nitrogen [Mass/volume] in Serum or Plasma", "mg/dL", 7...20, 16, 0.42, 1.5, 1, 50),
    LabTest(
      "1988-5", "C reactive protein [Mass/volume] in Serum or Plasma", "mg/L", 0...8, 11, 1.25, 3.2, 10, 62),
    LabTest(
      "2524-7", "Lactate [Moles/volume] in Serum or Plasma", "mmol/L", 0.5...2.2, 1.4, 0.45, 1.7, 10, 28),
    LabTest(
      "67151-1", "Troponin T.cardiac [Mass/volume] in Serum or Plasma by High sensitivity method", "ng/L",
      0...14, 9, 1.0, 2.6, 1, 58),
    LabTest(
      "6301-6", "INR in Platelet poor plasma by Coagulation assay", "{INR}", 0.9...1.1, 1.08, 0.2, 1.18, 10,
      56),
    LabTest(
      "1742-6", "Alanine aminotransferase [Enzymatic activity/volume] in Serum or Plasma", "U/L", 7...56, 27,
      0.6, 1.3, 1, 64),
    LabTest(
      "1975-2", "Bilirubin.total [Mass/volume] in Serum or Plasma", "mg/dL", 0.2...1.2, 0.6, 0.5, 1.4, 10, 64),
    LabTest(
      "17861-6", "Calcium [Mass/volume] in Serum or Plasma", "mg/dL", 8.5...10.5, 9.1, 0.06, 0.97, 10, 60),
    LabTest("4548-4", "Hemoglobin A1c/Hemoglobin.total in Blood", "%", 4...5.6, 5.9, 0.18, 1.05, 10, 190),
  ]

  init(
    _ code: String, _ name: String, _ unit: String, _ range: ClosedRange<Double>, _ median: Double,
    _ sigma: Double, _ gravity: Double, _ places: Double, _ turnaround: Double
  ) {
    self.code = code
    self.name = name
    self.unit = unit
    low = range.lowerBound
    high = range.upperBound
    self.median = median
    self.sigma = sigma
    self.gravity = gravity
    self.places = places
    self.turnaround = turnaround
  }
}

/// The laboratory's results while they are made.
private struct LabBook {
  static let tests = LabTest.all
  static let units = [
    "mg/dL", "mg/dl", "mmol/L", "mEq/L", "g/dL", "10*3/uL", "mg/L", "ng/L", "{INR}", "U/L", "%",
  ]
  static let statuses = ["final", "cancelled", "pending"]
  static let flags = ["low", "normal", "high"]
  private static let emergencyTests = Weights([15, 13, 14, 14, 16, 16, 9, 9, 9, 7, 11, 4, 4, 3, 2, 0.3])
  private static let wardTests = Weights([13, 17, 19, 18, 18, 16, 12, 12, 9, 3, 2, 5, 4, 3, 4, 1])
  private static let clinicTests = Weights([14, 8, 4, 4, 8, 4, 2, 3, 1, 0, 0, 4, 7, 2, 2, 22])

  var draws: Draws
  var encounters: [Int32] = []
  var patients: [Int32] = []
  var test: [UInt8] = []
  var values: [Double] = []
  var unit: [UInt8] = []
  var flag: [UInt8] = []
  var status: [UInt8] = []
  var taken: [Int32] = []
  var resulted: [Int32] = []
  var recorded: [Int32] = []
  private let unitOfTest: [UInt8] = tests.map { test in
    UInt8(units.firstIndex(of: test.unit) ?? 0)
  }

  init(draws: Draws) { self.draws = draws }

  mutating func add(_ stay: Stay, at index: Int) {
    let length = Int(stay.known - stay.admitted)
    switch stay.kind {
    case .emergency:
      if stay.disposition == Dispositions.leftUnseen || !draws.chance(0.42) { return }
      let minute = stay.admitted + Int32(min(length, 12 + draws.below(60)))
      panel(stay, index, minute, 1 + draws.poisson(1.4), Self.emergencyTests, speed: 0.85)
    case .inpatient:
      var day = stay.admitted / Period.minutesPerDay
      let last = min(stay.known / Period.minutesPerDay, day + 9)
      while day <= last {
        // The round at dawn, or soon after arrival on the first day.
        let dawn = day * Period.minutesPerDay + 345 + Int32(draws.below(80))
        let minute = max(dawn, stay.admitted + 20)
        let share = stay.severity == 2 ? 0.9 : 0.52
        if minute <= stay.known, draws.chance(share) {
          panel(stay, index, minute, 1 + draws.poisson(0.7), Self.wardTests, speed: 1.15)
        }
        day += stay.severity == 2 ? 1 : 2
      }
    case .outpatient:
      if !draws.chance(0.24) { return }
      let minute = stay.admitted + Int32(draws.below(max(1, length)))
      panel(stay, index, minute, 1 + draws.poisson(0.9), Self.clinicTests, speed: 1.6)
    }
  }

  private mutating func panel(
    _ stay: Stay, _ index: Int, _ minute: Int32, _ count: Int, _ tests: Weights, speed: Double
  ) {
    var done: UInt32 = 0
    for _ in 0..<count {
      let test = draws.pick(tests)
      if done & 1 << UInt32(test) != 0 { continue }
      done |= 1 << UInt32(test)
      encounters.append(Stays.firstID + Int32(truncatingIfNeeded: index))
      patients.append(stay.patient + Patients.firstID)
      result(test, stay, minute, speed)
    }
  }

  private mutating func result(_ index: Int, _ stay: Stay, _ minute: Int32, _ speed: Double) {
    let kind = Self.tests[index]
    test.append(UInt8(index))
    unit.append(spelling(index, isLakeview: Departments.siteCodes[Int(stay.department)] == 1))
    taken.append(minute)
    var wait = draws.logNormal(median: kind.turnaround * speed, sigma: 0.42)
    if minute >= Period.outageStart, minute < Period.outageEnd {
      // While the system was down, results went by paper and telephone.
      wait += draws.logNormal(median: 390, sigma: 0.35)
    }
    let done = minute + Int32(max(6, wait))
    var known = done + Int32(1 + draws.below(4))
    if draws.chance(0.014) {
      known += Int32(draws.within(1...9)) * Period.minutesPerDay + Int32(draws.below(600))
    }
    if known >= Period.end {
      return close(2, value: .nan, resulted: Missing.minute, recorded: Missing.minute)
    }
    // Samples that were clotted, too small or mislaid.
    if draws.chance(0.013) { return close(1, value: .nan, resulted: Missing.minute, recorded: known) }
    let middle = kind.median * (stay.severity == 2 ? kind.gravity : 1)
    // Beyond a limit the analyzer would dilute; no such case is among these.
    let drawn = min(kind.high * 60, draws.logNormal(median: middle, sigma: kind.sigma))
    let value = drawn.rounded(places: kind.places)
    close(0, value: value, resulted: done, recorded: known)
    flag[flag.count - 1] = value < kind.low ? 0 : value > kind.high ? 2 : 1
  }

  private mutating func close(_ state: UInt8, value: Double, resulted done: Int32, recorded known: Int32) {
    status.append(state)
    values.append(value)
    resulted.append(done)
    recorded.append(known)
    flag.append(Missing.code)
  }

  /// One analyzer at Lakeview writes some units its own way; for potassium and sodium mEq/L and mmol/L are equal.
  private mutating func spelling(_ index: Int, isLakeview: Bool) -> UInt8 {
    let usual = unitOfTest[index]
    guard isLakeview, draws.chance(0.16) else { return usual }
    return usual == 0 ? 1 : usual == 2 && index < 4 ? 3 : usual
  }
}

extension SyntheticHospital {
  func labsTable() -> Table {
    let stays = theStays().rows
    var book = LabBook(draws: draws("labs"))
    for (index, stay) in stays.enumerated() { book.add(stay, at: index) }
    let tests = LabBook.tests
    var sheet = Sheet()
    sheet.ids("lab_id", from: 4_000_001, count: book.test.count)
    sheet.int("encounter_id", book.encounters)
    sheet.int("patient_id", book.patients)
    sheet.text("loinc", book.test, of: tests.map(\.code))
    sheet.text("test", book.test, of: tests.map(\.name))
    sheet.float("value", book.values)
    sheet.text("unit", book.unit, of: LabBook.units)
    let (low, high) = (tests.map(\.low), tests.map(\.high))
    sheet.float("reference_low", book.test.map { low[Int($0)] })
    sheet.float("reference_high", book.test.map { high[Int($0)] })
    sheet.text("flag", book.flag, of: LabBook.flags, ordered: true)
    sheet.text("status", book.status, of: LabBook.statuses)
    sheet.datetime("taken_at", minutes: book.taken)
    sheet.datetime("resulted_at", minutes: book.resulted)
    sheet.datetime("recorded_at", minutes: book.recorded)
    return sheet.table()
  }
}
