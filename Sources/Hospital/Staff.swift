import Columns

/// The people who work in the hospital.
struct Staff: Sendable {
  static let firstID: Int32 = 20_001
  static let roles = [
    "physician", "resident", "nurse practitioner", "registered nurse", "nursing assistant", "pharmacist",
    "technologist", "analyst", "clerk",
  ]

  var role: [UInt8] = []
  var department: [UInt8] = []
  /// Days since 1970-01-01.
  var hired: [Int32] = []
  var left: [Int32] = []
  var fte: [Double] = []
  /// Those who may order, by department.
  var prescribers: [[Int32]]

  var count: Int { role.count }

  init(draws: Draws, scale: Int) {
    prescribers = [[Int32]](repeating: [], count: Departments.all.count)
    var draws = draws
    for (index, department) in Departments.all.enumerated() {
      for (role, number) in Self.posts(department) {
        for _ in 0..<number * scale { hire(UInt8(role), UInt8(index), &draws) }
      }
    }
  }

  /// How many of each role a department has.
  private static func posts(_ department: Department) -> [(role: Int, number: Int)] {
    let beds = department.beds
    switch department.kind {
    case .emergency: return [(0, beds), (1, beds / 4), (2, beds / 2), (3, 3 * beds), (4, beds / 2), (8, 3)]
    case .criticalCare: return [(0, 2 + beds / 2), (1, beds / 2), (2, 1), (3, 4 * beds), (4, beds), (8, 1)]
    case .inpatient:
      return [(0, 2 + beds / 3), (1, beds / 4), (2, 1 + beds / 8), (3, 4 + beds), (4, 1 + beds / 2), (8, 1)]
    case .outpatient: return [(0, 8), (2, 4), (3, 6), (4, 3), (8, 5)]
    case .support:
      let role = department.name == "Pharmacy" ? 5 : department.name == "Information Technology" ? 7 : 6
      return [(role, 9), (8, 1)]
    }
  }

  private mutating func hire(_ role: UInt8, _ department: UInt8, _ draws: inout Draws) {
    // A post that is left is filled again some weeks later, so the tables know more people than posts.
    var day = Period.firstDay - Int32(draws.exponential(mean: 2_100)) - 1
    let tenure = role == 1 ? 900.0 : role == 4 || role == 8 ? 1_700 : 3_000
    while day <= Period.lastDay {
      var end = day + 60 + Int32(draws.exponential(mean: tenure))
      if end < Period.firstDay { end = Period.firstDay + Int32(draws.exponential(mean: tenure)) }
      if role <= 2 { prescribers[Int(department)].append(Int32(count)) }
      self.role.append(role)
      self.department.append(department)
      hired.append(day)
      left.append(end > Period.lastDay ? Missing.day : end)
      let full = draws.uniform()
      fte.append(full < 0.66 ? 1 : full < 0.82 ? 0.8 : full < 0.94 ? 0.6 : 0.5)
      day = end + 14 + Int32(draws.below(50))
    }
  }

  func works(_ person: Int, on day: Int32) -> Bool {
    hired[person] <= day && (left[person] == Missing.day || left[person] >= day)
  }

  /// The id of someone who may order in a department and works there on the day; missing when none is found.
  func prescriber(_ department: UInt8, on day: Int32, _ draws: inout Draws) -> Int32 {
    let those = prescribers[Int(department)]
    if those.isEmpty { return Missing.int }
    for _ in 0..<12 {
      let person = those[draws.below(those.count)]
      if works(Int(person), on: day) { return Self.firstID + person }
    }
    for person in those where works(Int(person), on: day) { return Self.firstID + person }
    return Missing.int
  }
}

private enum Names {
  static let first = [
    "Amara", "Ana", "Andre", "Anita", "Ben", "Carla", "Chen", "Clara", "Daniel", "David", "Elena", "Emily",
    "Farid", "Grace", "Hannah", "Hiro", "Ines", "Ivan", "James", "Jana", "Jorge", "Julia", "Karim", "Kate",
    "Leila", "Linh", "Lucas", "Maria", "Mark", "Mei", "Miguel", "Nadia", "Noah", "Olga", "Omar", "Priya",
    "Rosa", "Samuel", "Sofia", "Tariq", "Thomas", "Yara",
  ]
  static let last = [
    "Abbott", "Adeyemi", "Alvarez", "Baker", "Bauer", "Bennett", "Carter", "Castro", "Chan", "Cohen", "Costa",
    "Dawson", "Diaz", "Edwards", "Evans", "Fischer", "Flores", "Garcia", "Gupta", "Haddad", "Hansen",
    "Hughes",
    "Ito", "Jackson", "Kamara", "Kaplan", "Khan", "Kim", "Kowalski", "Larsen", "Lewis", "Lopez", "Martin",
    "Mensah", "Meyer", "Morales", "Murphy", "Nguyen", "Novak", "Okafor", "Olsen", "Park", "Patel", "Perez",
    "Quinn", "Ramos", "Reyes", "Rossi", "Santos", "Shah", "Silva", "Singh", "Tanaka", "Torres", "Tran",
    "Walker", "Weber", "Wong", "Young", "Zhang",
  ]
}

extension SyntheticHospital {
  func staffTable() -> Table {
    let staff = theStaff()
    var draws = draws("staff names")
    let names = (0..<staff.count).map { _ in
      Names.first[draws.below(Names.first.count)] + " " + Names.last[draws.below(Names.last.count)]
    }
    var sheet = Sheet()
    sheet.ids("staff_id", from: Staff.firstID, count: staff.count)
    sheet.text("name", each: names)
    sheet.text("role", staff.role, of: Staff.roles)
    sheet.departments(staff.department)
    sheet.date("hired", staff.hired)
    sheet.date("left", staff.left)
    sheet.float("fte", staff.fte)
    return sheet.table()
  }

  func trainingTable() -> Table {
    let staff = theStaff()
    var book = TrainingBook(draws: draws("training"))
    for person in 0..<staff.count { book.add(person, staff) }
    var sheet = Sheet()
    sheet.ids("training_id", from: 700_001, count: book.people.count)
    sheet.int("staff_id", book.people)
    sheet.text("course", book.course, of: TrainingBook.courses)
    sheet.date("assigned", book.assigned)
    sheet.date("due", book.due)
    sheet.date("completed", book.completed)
    sheet.int("score", small: book.scores)
    return sheet.table()
  }
}

/// Courses that the staff were told to take.
private struct TrainingBook {
  static let courses = [
    "Fire Safety", "Hand Hygiene", "Privacy and Security", "Medication Safety", "Sepsis Recognition",
    "Meridian EHR Basics", "Meridian EHR Orders",
  ]

  var draws: Draws
  var people: [Int32] = []
  var course: [UInt8] = []
  var assigned: [Int32] = []
  var due: [Int32] = []
  var completed: [Int32] = []
  var scores: [Int16] = []

  init(draws: Draws) { self.draws = draws }

  mutating func add(_ person: Int, _ staff: Staff) {
    let role = staff.role[person]
    let rate = rate(staff, person)
    for year in 2023...2025 {
      let day = Period.day(year, 1, 16)
      guard staff.works(person, on: day) else { continue }
      for yearly in 0..<3 { give(person, UInt8(yearly), day, days: 75, rate: rate, staff) }
      if role <= 3 { give(person, 4, day + 60, days: 60, rate: rate - 0.05, staff) }
      if role <= 3 || role == 5 { give(person, 3, day + 120, days: 60, rate: rate - 0.03, staff) }
    }
    // For the new record: all who work when it comes, and later everyone new.
    let before = Period.goLive - 56
    let day = max(before, staff.hired[person])
    guard day <= Period.lastDay, staff.works(person, on: day) else { return }
    let isFirst = day == before
    give(person, 5, day, days: isFirst ? 49 : 21, rate: isFirst ? rate : rate + 0.03, staff)
    if role <= 2 || role == 5 { give(person, 6, day, days: isFirst ? 49 : 21, rate: rate - 0.04, staff) }
  }

  private func rate(_ staff: Staff, _ person: Int) -> Double {
    let byRole = [0.83, 0.86, 0.92, 0.93, 0.91, 0.95, 0.94, 0.97, 0.94][Int(staff.role[person])]
    let department = Departments.all[Int(staff.department[person])]
    return byRole - (department.kind == .emergency && department.site == 0 ? 0.2 : 0)
  }

  private mutating func give(
    _ person: Int, _ subject: UInt8, _ day: Int32, days: Int32, rate: Double, _ staff: Staff
  ) {
    guard staff.works(person, on: day) else { return }
    people.append(Staff.firstID + Int32(truncatingIfNeeded: person))
    course.append(subject)
    assigned.append(day)
    due.append(day + days)
    // Most wait for the last weeks; some are late.
    let share = draws.uniform()
    let used = share < 0.86 ? 1 - draws.uniform() * draws.uniform() : 1 + draws.exponential(mean: 0.35)
    let done = day + Int32(used * Double(days))
    let isDone = draws.chance(rate) && done <= Period.lastDay && staff.works(person, on: done)
    completed.append(isDone ? done : Missing.day)
    let score = Int16(max(52, min(100, draws.normal(87, 7).rounded())))
    scores.append(isDone && !draws.chance(0.02) ? score : .min)
  }
}
