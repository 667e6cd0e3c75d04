import Columns

/// The people who come to the hospital, as columns.
struct Patients: Sendable {
  static let firstID: Int32 = 500_001
  static let sexes = ["female", "male", "unknown"]
  static let payers = ["Medicare", "Medicaid", "Commercial", "Self-pay", "Other"]
  static let languages = ["English", "Spanish", "Vietnamese", "Arabic", "Other"]
  static let zips = (0..<28).map { "48\(1 + $0 / 10)\($0 % 10)\(($0 * 7 + 3) % 10)" }

  /// Days since 1970-01-01.
  var birth: [Int32] = []
  var sex: [UInt8] = []
  /// Who pays before the age of 65.
  var payer: [UInt8] = []

  init(draws: Draws, count: Int) {
    var draws = draws
    let anchor = Period.day(2024, 7, 1)
    let sexes = Weights([0.535, 0.462, 0.003])
    let payers = Weights([0.05, 0.27, 0.53, 0.11, 0.04])
    birth.reserveCapacity(count)
    sex.reserveCapacity(count)
    payer.reserveCapacity(count)
    for _ in 0..<count {
      birth.append(anchor - Int32(Self.years(&draws) * 365.25))
      sex.append(UInt8(draws.pick(sexes)))
      payer.append(UInt8(draws.pick(payers)))
    }
  }

  private static func years(_ draws: inout Draws) -> Double {
    let group = draws.uniform()
    if group < 0.13 { return draws.uniform() * 17 }
    if group < 0.47 { return 17 + draws.uniform() * 36 }
    return 50 + (draws.uniform() + draws.uniform() * 0.6) * 30
  }

  /// The age in whole years on a day, by the calendar.
  func birthdays(_ patient: Int, before day: Int32) -> Int16 {
    let (born, now) = (Calendar.day(of: birth[patient]), Calendar.day(of: day))
    let isBefore = (now.month, now.day) < (born.month, born.day)
    return Int16(clamping: now.year - born.year - (isBefore ? 1 : 0))
  }

  /// About the whole years between birth and a day: what the draws go by.
  func age(_ patient: Int, on day: Int32) -> Int {
    Int((Double(day - birth[patient]) / 365.2425).rounded(.down))
  }
}

extension SyntheticHospital {
  func patientsTable() -> Table {
    let patients = thePatients()
    var draws = draws("patients table")
    let count = patients.birth.count
    var zips: [UInt8] = []
    var languages: [UInt8] = []
    var smokers: [UInt8] = []
    var masses: [Double] = []
    let byZip = Weights(Patients.zips.indices.map { 1 / Double($0 + 3) })
    let byLanguage = Weights([0.79, 0.12, 0.03, 0.02, 0.04])
    let bySmoking = Weights([0.55, 0.27, 0.18])
    for patient in 0..<count {
      let isChild = patients.age(patient, on: Period.goLive) < 16
      zips.append(draws.chance(0.008) ? Missing.code : UInt8(draws.pick(byZip)))
      languages.append(draws.chance(0.02) ? Missing.code : UInt8(draws.pick(byLanguage)))
      smokers.append(isChild || draws.chance(0.11) ? Missing.code : UInt8(draws.pick(bySmoking)))
      let mass = draws.logNormal(median: isChild ? 17.5 : 27.6, sigma: isChild ? 0.14 : 0.21)
      masses.append(draws.chance(0.17) ? .nan : mass.rounded(places: 10))
    }
    var deceased = [Int32](repeating: Missing.day, count: count)
    for stay in theStays().rows where stay.disposition == Dispositions.died && stay.discharged < Period.end {
      deceased[Int(stay.patient)] = stay.discharged / Period.minutesPerDay
    }
    var sheet = Sheet()
    sheet.ids("patient_id", from: Patients.firstID, count: count)
    sheet.text("sex", patients.sex, of: Patients.sexes)
    sheet.date("birth_date", patients.birth)
    sheet.text("zip", zips, of: Patients.zips)
    sheet.text("language", languages, of: Patients.languages)
    sheet.text("smoking", smokers, of: ["never", "former", "current"])
    sheet.float("bmi", masses)
    sheet.date("deceased_on", deceased)
    return sheet.table()
  }
}
