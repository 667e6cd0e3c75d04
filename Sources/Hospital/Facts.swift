import Columns

/// The time that the hospital's tables cover, and the dates on which things changed.
enum Period {
  static let minutesPerDay: Int32 = 1440
  static let firstDay = day(2023, 1, 1)
  static let lastDay = day(2025, 12, 31)
  static let dayCount = Int(lastDay - firstDay) + 1
  /// The extract was taken at this minute; what had not ended by then has no end in the tables.
  static let end = (lastDay + 1) * minutesPerDay

  /// The new record went live with a revised set of alert rules.
  static let goLive = day(2024, 5, 13)
  /// The laboratory system was down between these minutes.
  static let outageStart = day(2025, 2, 11) * minutesPerDay + 380
  static let outageEnd = day(2025, 2, 13) * minutesPerDay + 1120

  static func day(_ year: Int, _ month: Int, _ day: Int) -> Int32 {
    Calendar.days(year: year, month: month, day: day) ?? 0
  }

  /// 1 in mid January, -1 in mid July.
  static func winter(_ day: Int32) -> Double {
    winterByDay[Calendar.dayOfYear(day)]
  }

  private static let winterByDay: [Double] = (0...366).map { index in
    // Bhaskara's rational cosine: exact enough for a season, and the same on every machine.
    var angle = Double((index + 350) % 365) / 365 * 360
    if angle > 180 { angle = 360 - angle }
    let folded = angle <= 90 ? angle : 180 - angle
    let square = folded * folded
    let cosine = (32_400 - 4 * square) / (32_400 + square)
    return angle <= 90 ? cosine : -cosine
  }
}

/// What happens in a department: it decides the cases and the stays.
enum Kind: UInt8, CaseIterable {
  case emergency, criticalCare, inpatient, outpatient, support

  static let names = ["emergency", "critical care", "inpatient", "outpatient", "support"]
}

/// One department of one site.
struct Department: Sendable {
  let id: Int32
  let name: String
  /// 0 for Riverside, 1 for Lakeview.
  let site: UInt8
  let kind: Kind
  let beds: Int
  let costCentre: String
  /// Hours of a typical stay of moderate severity.
  let typicalStay: Double
}

enum Departments {
  static let sites = ["Riverside", "Lakeview"]

  static let all: [Department] = [
    make(101, "Emergency", 0, .emergency, 12, 3.4),
    make(102, "Intensive Care", 0, .criticalCare, 5, 92),
    make(103, "Cardiology", 0, .inpatient, 5, 76),
    make(104, "General Medicine", 0, .inpatient, 8, 88),
    make(105, "Surgery", 0, .inpatient, 5, 66),
    make(106, "Orthopedics", 0, .inpatient, 5, 78),
    make(107, "Maternity", 0, .inpatient, 4, 50),
    make(108, "Pediatrics", 0, .inpatient, 3, 44),
    make(109, "Oncology", 0, .inpatient, 4, 104),
    make(110, "Neurology", 0, .inpatient, 4, 94),
    make(111, "Burns Unit", 0, .inpatient, 1, 190),
    make(112, "Outpatient Clinics", 0, .outpatient, 0, 0.8),
    make(201, "Emergency", 1, .emergency, 8, 2.8),
    make(202, "Intensive Care", 1, .criticalCare, 2, 80),
    make(203, "General Medicine", 1, .inpatient, 8, 84),
    make(204, "Surgery", 1, .inpatient, 4, 58),
    make(205, "Maternity", 1, .inpatient, 3, 48),
    make(206, "Geriatrics", 1, .inpatient, 5, 150),
    make(207, "Outpatient Clinics", 1, .outpatient, 0, 0.7),
    make(120, "Laboratory", 0, .support, 0, 0),
    make(121, "Pharmacy", 0, .support, 0, 0),
    make(122, "Radiology", 0, .support, 0, 0),
    make(123, "Information Technology", 0, .support, 0, 0),
    make(220, "Laboratory", 1, .support, 0, 0),
    make(221, "Pharmacy", 1, .support, 0, 0),
  ]

  /// Departments with patients come first in `all`.
  static let clinicalCount = all.prefix { $0.kind != .support }.count

  /// Each name once: both sites have an Emergency.
  static let names: [String] = all.reduce(into: []) { names, department in
    if !names.contains(department.name) { names.append(department.name) }
  }

  /// The index in `names` of each department.
  static let nameCodes: [UInt8] = all.map { UInt8(names.firstIndex(of: $0.name) ?? 0) }
  static let ids: [Int32] = all.map(\.id)
  static let siteCodes: [UInt8] = all.map(\.site)

  static let intensiveCare: [UInt8] = [index(102), index(202)]
  static let emergency: [UInt8] = [index(101), index(201)]
  static let maternity: [UInt8] = [index(107), index(205)]
  static let outpatient: [UInt8] = [index(112), index(207)]
  static let pediatrics = index(108)
  static let burns = index(111)
  static let geriatrics = index(206)
  static let technology = index(123)

  static func index(_ id: Int32) -> UInt8 { UInt8(all.firstIndex { $0.id == id } ?? 0) }

  private static func make(
    _ id: Int32, _ name: String, _ site: UInt8, _ kind: Kind, _ beds: Int, _ stay: Double
  ) -> Department {
    Department(
      id: id, name: name, site: site, kind: kind, beds: beds, costCentre: "CC-\(id * 10)",
      typicalStay: stay)
  }

  static func table(scale: Int) -> Table {
    var sheet = Sheet()
    sheet.int("department_id", ids)
    sheet.text("department", nameCodes, of: names)
    sheet.text("site", siteCodes, of: sites)
    sheet.int("beds", all.map { Int32(clamping: $0.beds * scale) })
    sheet.text("kind", all.map(\.kind.rawValue), of: Kind.names)
    sheet.text("cost_centre", each: all.map(\.costCentre))
    return sheet.table()
  }
}

extension Sheet {
  /// The columns `department_id`, `department` and `site` of rows that belong to departments.
  mutating func departments(_ indices: [UInt8]) {
    let ids = Departments.ids
    let names = Departments.nameCodes
    let sites = Departments.siteCodes
    int("department_id", indices.map { ids[Int($0)] })
    text("department", indices.map { names[Int($0)] }, of: Departments.names)
    text("site", indices.map { sites[Int($0)] }, of: Departments.sites)
  }
}
