import Columns

/// A hospital of two sites that does not exist, with three years of its tables.
///
/// Nothing is made before it is asked for. Every table draws from its own stream of random numbers, so the same
/// seed and scale give the same tables in whatever order they are used, from any thread.
package final class SyntheticHospital: Sendable {
  let scale: Int
  let seed: UInt64
  let patients = Once<Patients>()
  let stays = Once<Stays>()
  let staff = Once<Staff>()
  let incidents = Once<Incidents>()
  private let tables: [Once<Table>]

  /// A hospital `scale` times as busy as the ordinary one (about 20,000 encounters); 1 to 1,000.
  package init(scale: Int = 1, seed: UInt64 = 20_230_101) {
    self.scale = min(max(1, scale), 1000)
    self.seed = seed
    tables = Self.tableNames.map { _ in Once<Table>() }
  }

  /// The names of the tables, the ones most asked for first.
  package static let tableNames: [String] = summaries.map(\.table)

  /// A table by its name; made on first use and kept. Nil when there is none of that name.
  package func table(_ name: String) -> Table? {
    guard let index = Self.tableNames.firstIndex(of: name) else { return nil }
    return tables[index].get { make(name) }
  }

  private func make(_ name: String) -> Table {
    switch name {
    case "encounters": encountersTable()
    case "patients": patientsTable()
    case "departments": Departments.table(scale: scale)
    case "diagnoses": diagnosesTable()
    case "labs": labsTable()
    case "medications": medicationsTable()
    case "orders": ordersTable()
    case "alerts": alertsTable()
    case "safety_events": safetyEventsTable()
    case "patient_days": patientDaysTable()
    case "staff": staffTable()
    case "training": trainingTable()
    case "ehr_sessions": sessionsTable()
    case "systems": systemsTable()
    case "incidents": incidentsTable()
    case "tickets": ticketsTable()
    default: Table(schema: Schema([]), segments: [])
    }
  }

  func draws(_ name: StaticString) -> Draws { Draws(seed: seed, name: name) }

  func thePatients() -> Patients {
    patients.get { Patients(draws: draws("patients"), count: 11_000 * scale) }
  }
  func theStays() -> Stays {
    stays.get { StayMaker(draws: draws("encounters"), patients: thePatients(), scale: scale).made() }
  }
  func theStaff() -> Staff { staff.get { Staff(draws: draws("staff"), scale: scale) } }
  func theIncidents() -> Incidents { incidents.get { Incidents(draws: draws("incidents")) } }
}
