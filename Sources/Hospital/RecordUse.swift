import Columns

extension SyntheticHospital {
  /// The use of the record by everyone who may order, one row a person and day.
  func sessionsTable() -> Table {
    let staff = theStaff()
    var book = SessionBook(draws: draws("ehr_sessions"), staff: staff)
    for day in Period.firstDay...Period.lastDay { book.liveThrough(day, staff) }
    var sheet = Sheet()
    sheet.ids("session_id", from: 7_000_001, count: book.people.count)
    sheet.date("day", book.days)
    sheet.int("staff_id", book.people)
    sheet.departments(book.department)
    sheet.int("logins", tiny: book.logins)
    sheet.int("patients_opened", tiny: book.opened)
    sheet.int("minutes", small: book.minutes)
    sheet.int("note_minutes", small: book.notes)
    sheet.int("order_minutes", small: book.orders)
    sheet.int("after_hours_minutes", small: book.late)
    return sheet.table()
  }

  func alertsTable() -> Table {
    let stays = theStays().rows
    let staff = theStaff()
    var book = AlertBook(draws: draws("alerts"))
    for (index, stay) in stays.enumerated() where stay.kind != .outpatient { book.add(stay, index, staff) }
    var sheet = Sheet()
    sheet.ids("alert_id", from: 2_000_001, count: book.rule.count)
    sheet.datetime("fired_at", minutes: book.fired)
    sheet.int("encounter_id", book.encounters)
    sheet.int("staff_id", book.authors)
    sheet.departments(book.department)
    sheet.text("rule", book.rule, of: AlertBook.rules)
    sheet.text("level", book.level, of: AlertBook.levels, ordered: true)
    sheet.bool("overridden", book.overridden)
    sheet.text("reason", book.reason, of: AlertBook.reasons)
    sheet.int("seconds_to_answer", small: book.seconds)
    return sheet.table()
  }
}

private struct SessionBook {
  var draws: Draws
  /// How long each person takes over the same work; -1 for those who do not order.
  private var pace: [Double]
  private var cohort: [Int] = []
  var days: [Int32] = []
  var people: [Int32] = []
  var department: [UInt8] = []
  var logins: [UInt8] = []
  var opened: [UInt8] = []
  var minutes: [Int16] = []
  var notes: [Int16] = []
  var orders: [Int16] = []
  var late: [Int16] = []

  init(draws: Draws, staff: Staff) {
    self.draws = draws
    pace = []
    for person in 0..<staff.count {
      pace.append(staff.role[person] <= 2 ? self.draws.logNormal(median: 1, sigma: 0.28) : -1)
      if staff.role[person] <= 2 { cohort.append(person) }
    }
  }

  mutating func liveThrough(_ day: Int32, _ staff: Staff) {
    let isWeekend = Calendar.weekday(day) > 5
    let since = Double(day - Period.goLive)
    // The new record slowed everyone for some weeks and saved a little time afterwards.
    let habit = since < 0 ? 1 : 0.93 + 0.42 * max(0, 1 - since / 90)
    for person in cohort where staff.works(person, on: day) {
      let isClinic = Departments.all[Int(staff.department[person])].kind == .outpatient
      let attendance = (isWeekend ? (isClinic ? 0.02 : 0.27) : 0.6) * staff.fte[person]
      if draws.chance(attendance) { work(person, day, habit, staff) }
    }
  }

  private mutating func work(_ person: Int, _ day: Int32, _ habit: Double, _ staff: Staff) {
    let seen = min(60, draws.poisson(13))
    let noteTime = 3.4 * Double(seen) * pace[person] * habit * (0.8 + 0.4 * draws.uniform())
    let orderTime = 1.7 * Double(seen) * pace[person] * (0.5 + 0.5 * habit) * (0.75 + 0.5 * draws.uniform())
    let other = 18 + draws.exponential(mean: 26)
    let share = draws.uniform() * draws.uniform() * 0.42 * min(1.6, pace[person] * habit)
    days.append(day)
    people.append(Staff.firstID + Int32(truncatingIfNeeded: person))
    department.append(staff.department[person])
    // Days on which the counter of sign-ins was lost.
    logins.append(draws.chance(0.006) ? Missing.code : UInt8(min(90, 2 + draws.poisson(6))))
    opened.append(UInt8(seen))
    let total = noteTime + orderTime + other
    minutes.append(Int16(min(1_200, total).rounded()))
    notes.append(Int16(min(900, noteTime).rounded(.down)))
    orders.append(Int16(min(290, orderTime).rounded(.down)))
    late.append(Int16(min(600, total * share).rounded(.down)))
  }
}

/// Alerts that the record raised while someone ordered.
private struct AlertBook {
  static let rules = [
    "duplicate therapy", "drug interaction", "allergy", "dose range", "renal dosing", "sepsis screen",
  ]
  static let levels = ["information", "warning", "critical"]
  static let reasons = [
    "benefit outweighs risk", "patient tolerates", "already monitored", "not relevant", "dose verified",
    "other",
  ]
  private static let sharesBefore = Weights([31, 33, 11, 13, 7, 5])
  private static let sharesAfter = Weights([11, 24, 15, 15, 18, 17])
  private static let overridesBefore = [0.94, 0.91, 0.76, 0.86, 0.79, 0.66]
  private static let overridesAfter = [0.74, 0.66, 0.5, 0.56, 0.45, 0.41]
  private static let reasonShares = Weights([27, 21, 19, 17, 10, 6])
  private static let levelShares = [
    Weights([70, 28, 2]), Weights([24, 60, 16]), Weights([8, 50, 42]), Weights([30, 55, 15]),
    Weights([22, 62, 16]), Weights([5, 45, 50]),
  ]

  var draws: Draws
  var fired: [Int32] = []
  var encounters: [Int32] = []
  var authors: [Int32] = []
  var department: [UInt8] = []
  var rule: [UInt8] = []
  var level: [UInt8] = []
  var overridden: [Bool] = []
  var reason: [UInt8] = []
  var seconds: [Int16] = []

  init(draws: Draws) { self.draws = draws }

  mutating func add(_ stay: Stay, _ index: Int, _ staff: Staff) {
    let length = Int(stay.known - stay.admitted)
    let isAfter = stay.admitted / Period.minutesPerDay >= Period.goLive
    let mean =
      (stay.kind == .emergency ? 0.5 : 1.6 + Double(min(length, 9_000)) / 4_500) * (isAfter ? 0.7 : 1.2)
    for _ in 0..<draws.poisson(mean) {
      let minute = stay.admitted + Int32(draws.below(max(1, length)))
      fire(minute, stay, index, staff)
    }
  }

  private mutating func fire(_ minute: Int32, _ stay: Stay, _ index: Int, _ staff: Staff) {
    let day = minute / Period.minutesPerDay
    let isNew = day >= Period.goLive
    let kind = draws.pick(isNew ? Self.sharesAfter : Self.sharesBefore)
    let isOverridden = draws.chance((isNew ? Self.overridesAfter : Self.overridesBefore)[kind])
    fired.append(minute)
    encounters.append(Stays.firstID + Int32(truncatingIfNeeded: index))
    authors.append(staff.prescriber(stay.department, on: day, &draws))
    department.append(stay.department)
    rule.append(UInt8(kind))
    level.append(UInt8(draws.pick(Self.levelShares[kind])))
    overridden.append(isOverridden)
    let isWhy = isOverridden && !draws.chance(isNew ? 0.05 : 0.16)
    reason.append(isWhy ? UInt8(draws.pick(Self.reasonShares)) : Missing.code)
    let time = draws.logNormal(median: isOverridden ? 3.4 : 11, sigma: 0.7)
    seconds.append(draws.chance(0.01) ? .min : Int16(max(1, min(900, time.rounded()))))
  }
}
