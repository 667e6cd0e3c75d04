import Columns

/// A medicine with its ATC code and the ways it is given.
private struct Medicine: Sendable {
  let name: String
  let code: String
  let dose: Double
  let unit: UInt8
  let route: UInt8
  let weight: Double

  static let units = ["mg", "g", "units", "mcg", "mmol"]
  static let routes = ["oral", "intravenous", "subcutaneous", "inhaled"]

  static let all: [Medicine] = [
    Medicine("acetaminophen", "N02BE01", 650, 0, 0, 15),
    Medicine("ibuprofen", "M01AE01", 400, 0, 0, 7),
    Medicine("enoxaparin", "B01AB05", 40, 0, 2, 9),
    Medicine("heparin", "B01AB01", 5000, 2, 2, 4),
    Medicine("furosemide", "C03CA01", 40, 0, 1, 6),
    Medicine("metoprolol", "C07AB02", 25, 0, 0, 7),
    Medicine("lisinopril", "C09AA03", 10, 0, 0, 5),
    Medicine("atorvastatin", "C10AA05", 40, 0, 0, 6),
    Medicine("apixaban", "B01AF02", 5, 0, 0, 4),
    Medicine("ceftriaxone", "J01DD04", 1, 1, 1, 6),
    Medicine("vancomycin", "J01XA01", 1, 1, 1, 3),
    Medicine("piperacillin and tazobactam", "J01CR05", 4.5, 1, 1, 3),
    Medicine("amoxicillin", "J01CA04", 500, 0, 0, 3),
    Medicine("insulin lispro", "A10AB04", 6, 2, 2, 7),
    Medicine("insulin glargine", "A10AE04", 18, 2, 2, 4),
    Medicine("metformin", "A10BA02", 500, 0, 0, 3),
    Medicine("morphine", "N02AA01", 4, 0, 1, 6),
    Medicine("ondansetron", "A04AA01", 4, 0, 1, 8),
    Medicine("pantoprazole", "A02BC02", 40, 0, 0, 6),
    Medicine("potassium chloride", "B05XA01", 20, 4, 0, 4),
    Medicine("salbutamol", "R03AC02", 2.5, 0, 3, 5),
    Medicine("prednisone", "H02AB07", 40, 0, 0, 3),
  ]

  init(_ name: String, _ code: String, _ dose: Double, _ unit: UInt8, _ route: UInt8, _ weight: Double) {
    self.name = name
    self.code = code
    self.dose = dose
    self.unit = unit
    self.route = route
    self.weight = weight
  }
}

extension SyntheticHospital {
  func medicationsTable() -> Table {
    let stays = theStays().rows
    let medicines = Medicine.all
    let shares = Weights(medicines.map(\.weight))
    let multiples = Weights([0.18, 0.68, 0.14])
    var draws = draws("medications")
    var encounters: [Int32] = []
    var patients: [Int32] = []
    var which: [UInt8] = []
    var doses: [Double] = []
    var ordered: [Int32] = []
    var given: [Int32] = []
    var status: [UInt8] = []
    for (index, stay) in stays.enumerated() where stay.kind != .outpatient {
      let length = Int(stay.known - stay.admitted)
      let days = Double(length) / 1440
      let mean = stay.kind == .emergency ? 0.75 : 1.6 + 0.75 * min(days, 9)
      for _ in 0..<draws.poisson(mean) {
        let medicine = draws.pick(shares)
        let minute = stay.admitted + Int32(draws.below(max(1, length)))
        let wait = draws.logNormal(median: stay.kind == .emergency ? 31 : 58, sigma: 0.7)
        encounters.append(Stays.firstID + Int32(truncatingIfNeeded: index))
        patients.append(stay.patient + Patients.firstID)
        which.append(UInt8(medicine))
        let factor = [0.5, 1, 2][draws.pick(multiples)] * (stay.age < 12 ? 0.5 : 1)
        doses.append((medicines[medicine].dose * factor).rounded(places: 100))
        ordered.append(minute)
        let time = minute + Int32(max(3, wait))
        let fate = draws.uniform()
        let state: UInt8 = time >= stay.known || fate < 0.031 ? 1 : fate < 0.047 ? 2 : 0
        status.append(state)
        given.append(state == 0 ? time : Missing.minute)
      }
    }
    var sheet = Sheet()
    sheet.ids("medication_id", from: 5_000_001, count: which.count)
    sheet.int("encounter_id", encounters)
    sheet.int("patient_id", patients)
    sheet.text("drug", which, of: medicines.map(\.name))
    sheet.text("atc", which, of: medicines.map(\.code))
    sheet.float("dose", doses)
    sheet.text("unit", which.map { medicines[Int($0)].unit }, of: Medicine.units)
    sheet.text("route", which.map { medicines[Int($0)].route }, of: Medicine.routes)
    sheet.datetime("ordered_at", minutes: ordered)
    sheet.datetime("given_at", minutes: given)
    sheet.text("status", status, of: ["given", "held", "refused"])
    return sheet.table()
  }

  func ordersTable() -> Table {
    let stays = theStays().rows
    let staff = theStaff()
    let shares = [
      Weights([40, 31, 20, 3, 6]), Weights([34, 15, 27, 11, 13]), Weights([44, 26, 14, 10, 6]),
    ]
    let priorities = [Weights([38, 36, 26]), Weights([76, 17, 7]), Weights([97, 3, 0])]
    let waits = [55.0, 95, 70, 540, 330]
    var draws = draws("orders")
    var encounters: [Int32] = []
    var departments: [UInt8] = []
    var authors: [Int32] = []
    var kinds: [UInt8] = []
    var priority: [UInt8] = []
    var ordered: [Int32] = []
    var completed: [Int32] = []
    var status: [UInt8] = []
    for (index, stay) in stays.enumerated() where stay.disposition != Dispositions.leftUnseen {
      let length = Int(stay.known - stay.admitted)
      let mean = stay.kind == .emergency ? 1.5 : stay.kind == .outpatient ? 0.7 : 1.9 + Double(length) / 3600
      for _ in 0..<draws.poisson(mean) {
        let kind = draws.pick(shares[Int(stay.kind.rawValue)])
        let minute = stay.admitted + Int32(draws.uniform() * draws.uniform() * Double(length))
        let urgency = draws.pick(priorities[Int(stay.kind.rawValue)])
        let wait = draws.logNormal(median: waits[kind] * [1, 0.6, 0.35][urgency], sigma: 0.75)
        let time = minute + Int32(max(2, wait))
        let state: UInt8 = draws.chance(0.036) ? 1 : time >= Period.end ? 2 : 0
        encounters.append(Stays.firstID + Int32(truncatingIfNeeded: index))
        departments.append(stay.department)
        authors.append(staff.prescriber(stay.department, on: minute / Period.minutesPerDay, &draws))
        kinds.append(UInt8(kind))
        priority.append(UInt8(urgency))
        ordered.append(minute)
        completed.append(state == 0 ? time : Missing.minute)
        status.append(state)
      }
    }
    var sheet = Sheet()
    sheet.ids("order_id", from: 6_000_001, count: kinds.count)
    sheet.int("encounter_id", encounters)
    sheet.departments(departments)
    sheet.int("staff_id", authors)
    sheet.text("kind", kinds, of: ["lab", "imaging", "medication", "procedure", "consult"])
    sheet.text("priority", priority, of: ["routine", "urgent", "stat"], ordered: true)
    sheet.datetime("ordered_at", minutes: ordered)
    sheet.datetime("completed_at", minutes: completed)
    sheet.text("status", status, of: ["completed", "cancelled", "open"])
    return sheet.table()
  }
}
