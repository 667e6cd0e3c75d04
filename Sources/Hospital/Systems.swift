import Columns

/// A system of the hospital's IT.
struct System: Sendable {
  let name: String
  let category: String
  let owner: UInt8
  let goLive: Int32
  let retired: Int32
  let annualCost: Int32
  let users: Int32
  /// 1 for the most critical.
  let tier: UInt8
  /// How many tickets and outages it brings, compared with the others.
  let trouble: Double

  static let firstID: Int32 = 301
  static let meridian = 1
  static let laboratory = 2

  static let all: [System] = [
    make("LegacyChart", "clinical record", 4, 2009, 6, 1_150_000, 420, 1, 14, retired: Period.goLive + 48),
    System(
      name: "Meridian EHR", category: "clinical record", owner: 4, goLive: Period.goLive,
      retired: Missing.day,
      annualCost: 2_480_000, users: 460, tier: 1, trouble: 17),
    make("LabLink LIS", "laboratory", 0, 2016, 3, 318_000, 58, 1, 6),
    make("PharmaTrack", "pharmacy", 1, 2018, 9, 264_000, 71, 1, 5),
    make("ClearView PACS", "imaging", 2, 2015, 2, 402_000, 190, 1, 6),
    make("RadFlow RIS", "imaging", 2, 2015, 2, 155_000, 64, 2, 3),
    make("CareFlow Devices", "bedside monitoring", 5, 2021, 4, 188_000, 240, 1, 4),
    make("SmartPump Library", "bedside monitoring", 5, 2020, 11, 74_000, 210, 1, 2),
    make("MedCabinet", "pharmacy", 1, 2017, 5, 139_000, 230, 2, 4),
    make("BedBoard", "patient flow", 5, 2022, 2, 61_000, 150, 2, 3),
    make("ED Tracker", "patient flow", 5, 2019, 10, 88_000, 95, 2, 3),
    make("Theatre Planner", "patient flow", 6, 2014, 8, 92_000, 60, 2, 2),
    make("PatientLink Portal", "patient access", 4, 2023, 9, 126_000, 30, 3, 4),
    make("Clinic Scheduler", "patient access", 4, 2013, 1, 117_000, 110, 2, 4),
    make("LedgerWorks", "finance", 7, 2012, 7, 204_000, 44, 2, 2),
    make("CodeAssist", "finance", 7, 2020, 6, 83_000, 18, 3, 1),
    make("PeopleHub", "human resources", 8, 2019, 1, 97_000, 520, 3, 3),
    make("LearnSpace", "human resources", 8, 2021, 9, 39_000, 520, 3, 2),
    make("SafeReport", "quality", 9, 2018, 4, 31_000, 520, 3, 1),
    make("DataHouse", "analytics", 4, 2022, 10, 168_000, 26, 3, 1),
    make("Identity Service", "infrastructure", 4, 2017, 12, 143_000, 520, 1, 8),
    make("Nurse Call", "infrastructure", 5, 2011, 5, 58_000, 230, 1, 2),
    make("SecureMail", "infrastructure", 4, 2018, 2, 76_000, 520, 2, 7),
    make("SepsisWatch", "decision support", 5, 2025, 3, 110_000, 120, 2, 2),
  ]

  static let owners = [
    "Laboratory", "Pharmacy", "Radiology", "Cardiology", "Information Technology", "Nursing", "Surgery",
    "Finance",
    "Human Resources", "Quality and Safety",
  ]
  static let categories: [String] = all.reduce(into: []) { known, system in
    if !known.contains(system.category) { known.append(system.category) }
  }
  static let categoryCodes: [UInt8] = all.map { UInt8(categories.firstIndex(of: $0.category) ?? 0) }

  private static func make(
    _ name: String, _ category: String, _ owner: UInt8, _ year: Int, _ month: Int, _ cost: Int32,
    _ users: Int32,
    _ tier: UInt8, _ trouble: Double, retired: Int32 = Missing.day
  ) -> System {
    // Systems go live on a Monday.
    let first = Period.day(year, month, 1)
    let monday = first + Int32((8 - Calendar.weekday(first)) % 7)
    return System(
      name: name, category: category, owner: owner, goLive: monday, retired: retired, annualCost: cost,
      users: users, tier: tier, trouble: trouble)
  }

  func isLive(_ day: Int32) -> Bool { goLive <= day && (retired == Missing.day || retired > day) }
}

/// Outages, planned and not.
struct Incidents: Sendable {
  static let causes = [
    "network", "storage failure", "software defect", "vendor change", "power", "certificate expired",
    "capacity", "planned maintenance",
  ]
  var system: [Int] = []
  var started: [Int32] = []
  var resolved: [Int32] = []
  var cause: [UInt8] = []
  var severity: [UInt8] = []
  var isPlanned: [Bool] = []

  init(draws: Draws) {
    var draws = draws
    let shares = Weights(System.all.map(\.trouble))
    let causes = Weights([22, 9, 30, 16, 3, 5, 15])
    for day in Period.firstDay...Period.lastDay {
      if day == Period.outageStart / Period.minutesPerDay {
        add(System.laboratory, Period.outageStart, Period.outageEnd, cause: 1, severity: 0, planned: false)
      }
      let strain = day >= Period.goLive && day < Period.goLive + 60 ? 2.2 : 1.0
      if draws.chance(0.13 * strain) {
        let system = draws.pick(shares)
        guard System.all[system].isLive(day), system != System.laboratory else { continue }
        let start = day * Period.minutesPerDay + Int32(draws.below(1440))
        let length = Int32(max(4, min(720, draws.logNormal(median: 38, sigma: 0.85))))
        let grade = UInt8(min(3, Int(System.all[system].tier) + (length > 90 ? -1 : draws.below(2))))
        add(system, start, start + length, cause: UInt8(draws.pick(causes)), severity: grade, planned: false)
      }
      // Maintenance in the small hours of Sunday.
      if Calendar.weekday(day) == 7, draws.chance(0.2) {
        let system = draws.pick(shares)
        guard System.all[system].isLive(day), system != System.laboratory else { continue }
        let start = day * Period.minutesPerDay + 120
        add(system, start, start + Int32(draws.within(30...210)), cause: 7, severity: 3, planned: true)
      }
    }
  }

  private mutating func add(
    _ system: Int, _ start: Int32, _ end: Int32, cause: UInt8, severity: UInt8, planned: Bool
  ) {
    self.system.append(system)
    started.append(start)
    resolved.append(end >= Period.end ? Missing.minute : end)
    self.cause.append(cause)
    self.severity.append(severity)
    isPlanned.append(planned)
  }
}

extension SyntheticHospital {
  func systemsTable() -> Table {
    let systems = System.all
    var sheet = Sheet()
    sheet.ids("system_id", from: System.firstID, count: systems.count)
    sheet.text("system", each: systems.map(\.name))
    sheet.text("category", System.categoryCodes, of: System.categories)
    sheet.text("owner", systems.map(\.owner), of: System.owners)
    sheet.date("go_live", systems.map(\.goLive))
    sheet.date("retired", systems.map(\.retired))
    sheet.int("annual_cost", systems.map(\.annualCost))
    sheet.int("users", systems.map(\.users))
    sheet.int("tier", tiny: systems.map(\.tier))
    return sheet.table()
  }

  func incidentsTable() -> Table {
    let incidents = theIncidents()
    var draws = draws("incidents table")
    var sheet = Sheet()
    sheet.ids("incident_id", from: 8_001, count: incidents.system.count)
    sheet.int("system_id", incidents.system.map { System.firstID + Int32($0) })
    sheet.text("system", incidents.system.map { UInt8($0) }, of: System.all.map(\.name))
    sheet.datetime("started", minutes: incidents.started)
    sheet.datetime("resolved", minutes: incidents.resolved)
    sheet.text("cause", incidents.cause.map { draws.chance(0.06) ? Missing.code : $0 }, of: Incidents.causes)
    sheet.text("severity", incidents.severity, of: ["critical", "high", "medium", "low"], ordered: true)
    sheet.bool("planned", incidents.isPlanned)
    return sheet.table()
  }

  func ticketsTable() -> Table {
    var book = TicketBook(draws: draws("tickets"))
    for day in Period.firstDay...Period.lastDay { book.liveThrough(day, scale: Double(scale)) }
    var sheet = Sheet()
    sheet.ids("ticket_id", from: 90_001, count: book.system.count)
    sheet.int("system_id", book.system.map { System.firstID + Int32($0) })
    sheet.departments(book.department)
    sheet.text("topic", book.topic, of: TicketBook.topics)
    sheet.text("priority", book.priority, of: ["low", "normal", "high", "urgent"], ordered: true)
    sheet.datetime("opened", minutes: book.opened)
    sheet.datetime("closed", minutes: book.closed)
    sheet.int("satisfaction", tiny: book.satisfaction)
    return sheet.table()
  }
}

/// Calls for help to the service desk.
private struct TicketBook {
  static let topics = [
    "how to", "access", "defect", "slow", "printing", "hardware", "report request", "data fix",
  ]
  private static let usual = Weights([15, 27, 13, 9, 12, 13, 6, 5])
  private static let novel = Weights([44, 21, 17, 7, 4, 1, 3, 3])
  private static let priorities = Weights([22, 57, 16, 5])
  private static let hoursToClose = [58.0, 26, 8, 2.2]
  private static let weekdays = [1.45, 1.3, 1.2, 1.2, 1.1, 0.4, 0.35]
  private static let callHours = Weights([
    1, 1, 1, 1, 1, 2, 4, 9, 12, 12, 11, 9, 8, 9, 9, 8, 7, 5, 4, 4, 3, 2, 2, 1,
  ])
  private static let byDepartment = Weights(
    Departments.all.map { $0.kind == .support ? 5 : 3 + Double($0.beds) })

  var draws: Draws
  private let shares = Weights(System.all.map(\.trouble))
  var system: [UInt8] = []
  var department: [UInt8] = []
  var topic: [UInt8] = []
  var priority: [UInt8] = []
  var opened: [Int32] = []
  var closed: [Int32] = []
  var satisfaction: [UInt8] = []

  init(draws: Draws) { self.draws = draws }

  mutating func liveThrough(_ day: Int32, scale: Double) {
    let volume = 6.3 * scale * Self.weekdays[Calendar.weekday(day) - 1]
    for _ in 0..<draws.poisson(volume) {
      let system = draws.pick(shares)
      if System.all[system].isLive(day) { open(system, day, isNovel: false) }
    }
    let since = day - Period.goLive
    guard since >= 0, since < 150 else { return }
    // The help that a new record needs, less from week to week.
    let wave = Double((150 - since) * (150 - since)) / 22_500
    for _ in 0..<draws.poisson(volume * 2.3 * wave) { open(System.meridian, day, isNovel: true) }
  }

  private mutating func open(_ system: Int, _ day: Int32, isNovel: Bool) {
    let minute = day * Period.minutesPerDay + Int32(draws.pick(Self.callHours) * 60 + draws.below(60))
    let urgency = draws.pick(Self.priorities)
    let hours = draws.logNormal(median: Self.hoursToClose[urgency] * (isNovel ? 1.7 : 1), sigma: 0.95)
    let end = minute + Int32(min(200_000, max(5, hours * 60)))
    self.system.append(UInt8(system))
    department.append(draws.chance(0.02) ? Departments.technology : UInt8(draws.pick(Self.byDepartment)))
    topic.append(UInt8(draws.pick(isNovel ? Self.novel : Self.usual)))
    priority.append(UInt8(urgency))
    opened.append(minute)
    closed.append(end >= Period.end ? Missing.minute : end)
    let mood = draws.normal(hours > 72 ? 3.1 : 4.1, 0.9).rounded()
    let answers = end < Period.end && draws.chance(0.27)
    satisfaction.append(answers ? UInt8(max(1, min(5, mood))) : Missing.code)
  }
}
