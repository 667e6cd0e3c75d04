import Columns

/// ICD-10-CM codes with their descriptions, by where they are met.
private enum Codes {
  typealias Entry = (code: String, description: String)

  static let cardiology: [Entry] = [
    ("I50.23", "Acute on chronic systolic (congestive) heart failure"),
    ("I21.4", "Non-ST elevation (NSTEMI) myocardial infarction"),
    ("I48.91", "Unspecified atrial fibrillation"),
    ("I20.0", "Unstable angina"),
    ("R07.9", "Chest pain, unspecified"),
  ]
  static let medicine: [Entry] = [
    ("J18.9", "Pneumonia, unspecified organism"),
    ("A41.9", "Sepsis, unspecified organism"),
    ("N39.0", "Urinary tract infection, site not specified"),
    ("J44.1", "Chronic obstructive pulmonary disease with (acute) exacerbation"),
    ("N17.9", "Acute kidney failure, unspecified"),
    ("L03.115", "Cellulitis of right lower limb"),
    ("E11.65", "Type 2 diabetes mellitus with hyperglycemia"),
    ("K92.2", "Gastrointestinal hemorrhage, unspecified"),
    ("U07.1", "COVID-19"),
  ]
  static let surgery: [Entry] = [
    ("K80.20", "Calculus of gallbladder without cholecystitis without obstruction"),
    ("K35.80", "Unspecified acute appendicitis"),
    ("K40.90", "Unilateral inguinal hernia, without obstruction or gangrene, not specified as recurrent"),
    ("K57.32", "Diverticulitis of large intestine without perforation or abscess without bleeding"),
    ("K56.609", "Unspecified intestinal obstruction, unspecified as to partial versus complete obstruction"),
  ]
  static let orthopedics: [Entry] = [
    ("M17.11", "Unilateral primary osteoarthritis, right knee"),
    ("M16.12", "Unilateral primary osteoarthritis, left hip"),
    (
      "S72.001A", "Fracture of unspecified part of neck of right femur, initial encounter for closed fracture"
    ),
    (
      "S52.501A",
      "Unspecified fracture of the lower end of right radius, initial encounter for closed fracture"
    ),
  ]
  static let maternity: [Entry] = [
    ("O80", "Encounter for full-term uncomplicated delivery"),
    ("O34.211", "Maternal care for low transverse scar from previous cesarean delivery"),
    ("O14.13", "Severe pre-eclampsia, third trimester"),
  ]
  static let pediatrics: [Entry] = [
    ("J21.9", "Acute bronchiolitis, unspecified"),
    ("J45.901", "Unspecified asthma with (acute) exacerbation"),
    ("A08.4", "Viral intestinal infection, unspecified"),
    ("R56.00", "Simple febrile convulsions"),
    ("J05.0", "Acute obstructive laryngitis [croup]"),
  ]
  static let oncology: [Entry] = [
    ("Z51.11", "Encounter for antineoplastic chemotherapy"),
    ("C34.90", "Malignant neoplasm of unspecified part of unspecified bronchus or lung"),
    ("C18.9", "Malignant neoplasm of colon, unspecified"),
    ("C25.9", "Malignant neoplasm of pancreas, unspecified"),
    ("D70.1", "Agranulocytosis secondary to cancer chemotherapy"),
  ]
  static let neurology: [Entry] = [
    ("I63.9", "Cerebral infarction, unspecified"),
    ("G45.9", "Transient cerebral ischemic attack, unspecified"),
    ("G40.909", "Epilepsy, unspecified, not intractable, without status epilepticus"),
    ("I61.9", "Nontraumatic intracerebral hemorrhage, unspecified"),
  ]
  static let intensive: [Entry] = [
    ("A41.9", "Sepsis, unspecified organism"),
    ("J96.01", "Acute respiratory failure with hypoxia"),
    ("J80", "Acute respiratory distress syndrome"),
    ("I46.9", "Cardiac arrest, cause unspecified"),
    ("I21.4", "Non-ST elevation (NSTEMI) myocardial infarction"),
  ]
  static let geriatrics: [Entry] = [
    ("N39.0", "Urinary tract infection, site not specified"),
    ("I50.23", "Acute on chronic systolic (congestive) heart failure"),
    ("J69.0", "Pneumonitis due to inhalation of food and vomit"),
    ("R41.0", "Disorientation, unspecified"),
    ("J18.9", "Pneumonia, unspecified organism"),
  ]
  static let burns: [Entry] = [
    ("T31.10", "Burns involving 10-19% of body surface with 0% to 9% third degree burns"),
    ("T31.21", "Burns involving 20-29% of body surface with 10-19% third degree burns"),
  ]
  static let emergency: [Entry] = [
    ("R07.9", "Chest pain, unspecified"),
    ("R10.9", "Unspecified abdominal pain"),
    ("S93.401A", "Sprain of unspecified ligament of right ankle, initial encounter"),
    ("S01.81XA", "Laceration without foreign body of other part of head, initial encounter"),
    ("M54.50", "Low back pain, unspecified"),
    ("N39.0", "Urinary tract infection, site not specified"),
    ("R55", "Syncope and collapse"),
    ("S09.90XA", "Unspecified injury of head, initial encounter"),
    ("R51.9", "Headache, unspecified"),
    ("K52.9", "Noninfective gastroenteritis and colitis, unspecified"),
    ("R11.2", "Nausea with vomiting, unspecified"),
  ]
  static let winter: [Entry] = [
    ("J10.1", "Influenza due to other identified influenza virus with other respiratory manifestations"),
    ("J06.9", "Acute upper respiratory infection, unspecified"),
    ("J18.9", "Pneumonia, unspecified organism"),
    ("U07.1", "COVID-19"),
  ]
  static let clinic: [Entry] = [
    ("Z00.00", "Encounter for general adult medical examination without abnormal findings"),
    ("I10", "Essential (primary) hypertension"),
    ("E11.9", "Type 2 diabetes mellitus without complications"),
    ("Z23", "Encounter for immunization"),
    ("M54.50", "Low back pain, unspecified"),
    ("L40.0", "Psoriasis vulgaris"),
  ]
  static let children: [Entry] = [
    ("Z00.129", "Encounter for routine child health examination without abnormal findings"),
    ("Z23", "Encounter for immunization"),
  ]
  static let chronic: [Entry] = [
    ("I10", "Essential (primary) hypertension"),
    ("E78.5", "Hyperlipidemia, unspecified"),
    ("E11.9", "Type 2 diabetes mellitus without complications"),
    ("I25.10", "Atherosclerotic heart disease of native coronary artery without angina pectoris"),
    ("K21.9", "Gastro-esophageal reflux disease without esophagitis"),
    ("N18.30", "Chronic kidney disease, stage 3 unspecified"),
    ("J44.9", "Chronic obstructive pulmonary disease, unspecified"),
    ("F32.A", "Depression, unspecified"),
    ("F17.210", "Nicotine dependence, cigarettes, uncomplicated"),
    ("E03.9", "Hypothyroidism, unspecified"),
    ("D64.9", "Anemia, unspecified"),
    ("Z79.01", "Long term (current) use of anticoagulants"),
  ]

  /// By department, in the order of `Departments.all`.
  static let byDepartment = [
    emergency, intensive, cardiology, medicine, surgery, orthopedics, maternity, pediatrics, oncology,
    neurology, burns, clinic, emergency, intensive, medicine, surgery, maternity, geriatrics, clinic,
  ]
}

/// The codes as one list, each once, and the groups as positions in it.
private struct CodeBook {
  var codes: [String] = []
  var descriptions: [String] = []

  mutating func group(_ entries: [Codes.Entry]) -> [UInt8] {
    entries.map { entry in
      if let known = codes.firstIndex(of: entry.code) { return UInt8(known) }
      codes.append(entry.code)
      descriptions.append(entry.description)
      return UInt8(codes.count - 1)
    }
  }
}

extension SyntheticHospital {
  func diagnosesTable() -> Table {
    let stays = theStays().rows
    var draws = draws("diagnoses")
    var book = CodeBook()
    let groups = Codes.byDepartment.map { book.group($0) }
    let (winter, children) = (book.group(Codes.winter), book.group(Codes.children))
    let (young, chronic) = (book.group(Codes.pediatrics), book.group(Codes.chronic))
    // The first entries of a group are the common ones.
    let general = Departments.index(104)
    let shares = (0...12).map { size in Weights((0..<size).map { 1 / (1.6 + Double($0)) }) }
    var encounters: [Int32] = []
    var patients: [Int32] = []
    var codes: [UInt8] = []
    var ranks: [UInt8] = []
    var present: [UInt8] = []
    for (index, stay) in stays.enumerated() {
      // The coders have not reached everyone, and not those still in the house.
      if stay.isOpen || draws.chance(0.013) { continue }
      var group = groups[Int(stay.department)]
      let isWinter = draws.chance(0.1 + 0.085 * Period.winter(stay.admitted / Period.minutesPerDay))
      let isMedical = stay.kind == .emergency || stay.department == general
      if stay.age < 16 { group = stay.kind == .outpatient ? children : young }
      if isMedical, isWinter { group = winter }
      let more = stay.kind == .outpatient ? 0.3 : stay.kind == .emergency ? 0.35 : 2.2
      let count = stay.age < 30 ? 0 : min(7, draws.poisson(more * (stay.age >= 65 ? 1.5 : 0.8)))
      var used = group[draws.pick(shares[group.count])]
      for rank in 0...count {
        if rank > 0 {
          let other = chronic[draws.pick(shares[chronic.count])]
          if codes.suffix(rank).contains(other) { continue }
          used = other
        }
        encounters.append(Stays.firstID + Int32(truncatingIfNeeded: index))
        patients.append(stay.patient + Patients.firstID)
        ranks.append(
          ranks.isEmpty || encounters.dropLast().last != encounters.last ? 1 : (ranks.last ?? 0) + 1)
        codes.append(used)
        let isKnown = stay.kind == .inpatient && !draws.chance(0.03)
        present.append(isKnown ? (rank > 1 && draws.chance(0.12) ? 1 : 0) : Missing.code)
      }
    }
    var sheet = Sheet()
    sheet.ids("diagnosis_id", from: 3_000_001, count: codes.count)
    sheet.int("encounter_id", encounters)
    sheet.int("patient_id", patients)
    sheet.text("code", codes, of: book.codes)
    sheet.text("description", codes, of: book.descriptions)
    sheet.int("rank", tiny: ranks)
    sheet.text("present_on_admission", present, of: ["Y", "N"])
    return sheet.table()
  }
}
