import Columns

extension SyntheticHospital {
  func encountersTable() -> Table {
    let stays = theStays().rows
    let patients = thePatients()
    var money = Money(draws: draws("charges"))
    var sheet = Sheet()
    sheet.ids("encounter_id", from: Stays.firstID, count: stays.count)
    sheet.int("patient_id", stays.map { $0.patient + Patients.firstID })
    sheet.departments(stays.map(\.department))
    sheet.text("class", stays.map(\.kind.rawValue), of: StayClass.names)
    sheet.datetime("admitted", minutes: stays.map(\.admitted))
    sheet.datetime("discharged", minutes: stays.map { $0.isOpen ? Missing.minute : $0.discharged })
    sheet.float(
      "los_hours",
      stays.map { $0.isOpen ? .nan : (Double($0.discharged - $0.admitted) / 60).rounded(places: 100) })
    sheet.int(
      "age",
      small: stays.map { patients.birthdays(Int($0.patient), before: $0.admitted / Period.minutesPerDay) })
    sheet.text("sex", stays.map { patients.sex[Int($0.patient)] }, of: Patients.sexes)
    sheet.int("triage", tiny: stays.map(\.triage))
    sheet.text("severity", stays.map(\.severity), of: Stays.severities, ordered: true)
    sheet.text("arrival", stays.map(\.arrival), of: Arrivals.names)
    sheet.text(
      "disposition", stays.map { $0.isOpen ? Missing.code : $0.disposition }, of: Dispositions.names)
    sheet.float("charges", stays.map { money.charges($0) })
    sheet.text("payer", stays.map { money.payer($0, patients) }, of: Patients.payers)
    return sheet.table()
  }
}

/// What stays cost and who pays.
private struct Money {
  var draws: Draws

  /// In dollars and cents; not a number where the bill is not yet known.
  mutating func charges(_ stay: Stay) -> Double {
    let amount = amount(stay)
    let age = Period.end - stay.discharged
    // The coders are ten days behind at the end of the extract.
    let isLate = age < 10 * Period.minutesPerDay && draws.chance(0.6)
    if stay.isOpen || isLate || draws.chance(0.017) { return .nan }
    return amount.rounded(places: 100)
  }

  private mutating func amount(_ stay: Stay) -> Double {
    let spread = draws.logNormal(median: 1, sigma: 0.38)
    let days = Double(stay.discharged - stay.admitted) / 1440
    switch stay.kind {
    case .emergency:
      if stay.disposition == Dispositions.leftUnseen { return 85 * spread }
      return (stay.triage <= 5 ? [0, 4_300, 2_350, 1_450, 760, 480][Int(stay.triage)] : 900) * spread
    case .outpatient: return 265 * spread
    case .inpatient:
      let isIntensive = Departments.intensiveCare.contains(stay.department)
      return (4_600 + days * (isIntensive ? 6_900 : 2_450)) * spread
    }
  }

  mutating func payer(_ stay: Stay, _ patients: Patients) -> UInt8 {
    let usual = patients.payer[Int(stay.patient)]
    let isMedicare = stay.age >= 65 && (usual != 2 || draws.chance(0.8))
    if draws.chance(0.012) { return Missing.code }
    return isMedicare ? 0 : usual
  }
}
