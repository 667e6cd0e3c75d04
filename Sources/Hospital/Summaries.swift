extension SyntheticHospital {
  /// What each table holds and what its columns mean, for help.
  package static let summaries:
    [(table: String, summary: String, columns: [(name: String, meaning: String)])] = [
      (
        "encounters", "Every visit and stay of the years 2023 to 2025, one row each.",
        [
          ("encounter_id", "key"), ("patient_id", "who came: patients"),
          ("department_id", "where: departments"), ("department", "name of the department"),
          ("site", "Riverside or Lakeview"), ("class", "ED, inpatient or outpatient"),
          ("admitted", "when it began"), ("discharged", "when it ended; missing while in the house"),
          ("los_hours", "hours from admitted to discharged"), ("age", "whole years when admitted"),
          ("sex", "female, male or unknown"), ("triage", "1 (immediate) to 5; ED only"),
          ("severity", "minor, moderate or major when admitted; inpatients only"),
          ("arrival", "how the patient came: walk-in, ambulance, planned ..."),
          ("disposition", "where the patient went: home, admitted, died ..."),
          ("charges", "dollars billed; missing until the bill is known"), ("payer", "who pays"),
        ]
      ),
      (
        "patients", "The people who come, one row each.",
        [
          ("patient_id", "key"), ("sex", "female, male or unknown"), ("birth_date", "day of birth"),
          ("zip", "postal code of the home"), ("language", "language spoken at home"),
          ("smoking", "never, former or current, as last asked"),
          ("bmi", "body mass index, kg per square meter"),
          ("deceased_on", "day of death in the hospital, if so"),
        ]
      ),
      (
        "departments", "The departments of both sites.",
        [
          ("department_id", "key"), ("department", "name; both sites may have one of the same name"),
          ("site", "Riverside or Lakeview"), ("beds", "beds or treatment bays"),
          ("kind", "emergency, critical care, inpatient, outpatient or support"), ("cost_centre", "account"),
        ]
      ),
      (
        "diagnoses", "ICD-10-CM codes given to encounters.",
        [
          ("diagnosis_id", "key"), ("encounter_id", "encounters"), ("patient_id", "patients"),
          ("code", "ICD-10-CM code"), ("description", "what the code means"), ("rank", "1 for the main one"),
          ("present_on_admission", "Y or N; inpatients only"),
        ]
      ),
      (
        "labs", "Laboratory results.",
        [
          ("lab_id", "key"), ("encounter_id", "encounters"), ("patient_id", "patients"),
          ("loinc", "LOINC code of the test"), ("test", "name of the test"),
          ("value", "result; missing when cancelled or pending"),
          ("unit", "unit of the value, as the analyzer wrote it"),
          ("reference_low", "lower end of the usual range"),
          ("reference_high", "upper end of the usual range"),
          ("flag", "low, normal or high"), ("status", "final, cancelled or pending"),
          ("taken_at", "when the sample was taken"), ("resulted_at", "when the result was ready"),
          ("recorded_at", "when it was entered in the record"),
        ]
      ),
      (
        "medications", "Doses ordered and given.",
        [
          ("medication_id", "key"), ("encounter_id", "encounters"), ("patient_id", "patients"),
          ("drug", "name"), ("atc", "ATC code"), ("dose", "amount"), ("unit", "unit of the dose"),
          ("route", "oral, intravenous, subcutaneous or inhaled"), ("ordered_at", "when it was ordered"),
          ("given_at", "when it was given; missing when held or refused"),
          ("status", "given, held or refused"),
        ]
      ),
      (
        "orders", "Orders for tests, imaging, medication, procedures and consults.",
        [
          ("order_id", "key"), ("encounter_id", "encounters"), ("department_id", "departments"),
          ("department", "name of the department"), ("site", "Riverside or Lakeview"),
          ("staff_id", "who ordered: staff"), ("kind", "lab, imaging, medication, procedure or consult"),
          ("priority", "routine, urgent or stat"), ("ordered_at", "when it was ordered"),
          ("completed_at", "when it was done; missing when cancelled or open"),
          ("status", "completed, cancelled or open"),
        ]
      ),
      (
        "alerts", "Warnings that the record showed while someone ordered.",
        [
          ("alert_id", "key"), ("fired_at", "when it was shown"), ("encounter_id", "encounters"),
          ("staff_id", "who saw it: staff"), ("department_id", "departments"),
          ("department", "name of the department"), ("site", "Riverside or Lakeview"),
          ("rule", "the rule that fired"), ("level", "information, warning or critical"),
          ("overridden", "whether the order went ahead regardless"),
          ("reason", "why it was overridden, if given"),
          ("seconds_to_answer", "seconds from showing to answer"),
        ]
      ),
      (
        "safety_events", "Reports of harm and near misses.",
        [
          ("event_id", "key"), ("encounter_id", "encounters"), ("department_id", "departments"),
          ("department", "name of the department"), ("site", "Riverside or Lakeview"),
          ("kind", "fall, medication, pressure injury ..."),
          ("harm", "none, mild, moderate, severe or death"),
          ("occurred_at", "when it happened"), ("reported_at", "when it was reported"),
          ("reported_by", "role of who reported; missing when anonymous"),
        ]
      ),
      (
        "patient_days", "The census of each ward at the end of each day.",
        [
          ("day", "the day"), ("department_id", "departments"), ("department", "name of the department"),
          ("site", "Riverside or Lakeview"), ("beds", "beds of the ward"),
          ("patients", "inpatients at midnight, when the day ends"), ("admissions", "admissions of the day"),
          ("discharges", "discharges of the day"), ("nursing_hours", "hours of nursing worked"),
        ]
      ),
      (
        "staff", "Everyone who has worked here in these years.",
        [
          ("staff_id", "key"), ("name", "full name"), ("role", "physician, registered nurse ..."),
          ("department_id", "departments"), ("department", "name of the department"),
          ("site", "Riverside or Lakeview"), ("hired", "first day"),
          ("left", "last day; missing when still here"),
          ("fte", "share of a full post, 0.5 to 1"),
        ]
      ),
      (
        "training", "Courses that the staff were assigned.",
        [
          ("training_id", "key"), ("staff_id", "staff"), ("course", "name of the course"),
          ("assigned", "day of assignment"), ("due", "last day to do it"),
          ("completed", "day it was done; missing when not done"), ("score", "points of 100 in the test"),
        ]
      ),
      (
        "ehr_sessions", "Use of the record by those who may order, one row a person and day.",
        [
          ("session_id", "key"), ("day", "the day"), ("staff_id", "staff"), ("department_id", "departments"),
          ("department", "name of the department"), ("site", "Riverside or Lakeview"),
          ("logins", "sign-ins"), ("patients_opened", "different patients opened"),
          ("minutes", "active minutes in all"), ("note_minutes", "minutes in notes"),
          ("order_minutes", "minutes in orders"),
          ("after_hours_minutes", "minutes before 7:00 and after 18:00"),
        ]
      ),
      (
        "systems", "The inventory of the hospital's IT systems.",
        [
          ("system_id", "key"), ("system", "name"), ("category", "what it is for"),
          ("owner", "who answers for it"), ("go_live", "first day of use"),
          ("retired", "last day of use; missing when in use"), ("annual_cost", "dollars a year"),
          ("users", "people with an account"), ("tier", "1 (most critical) to 3"),
        ]
      ),
      (
        "incidents", "Outages and maintenance of the systems.",
        [
          ("incident_id", "key"), ("system_id", "systems"), ("system", "name of the system"),
          ("started", "when it began"), ("resolved", "when it ended; missing when it goes on"),
          ("cause", "what caused it, if found"), ("severity", "critical, high, medium or low"),
          ("planned", "whether it was announced maintenance"),
        ]
      ),
      (
        "tickets", "Calls to the service desk.",
        [
          ("ticket_id", "key"), ("system_id", "systems"), ("department_id", "departments"),
          ("department", "name of the department"), ("site", "Riverside or Lakeview"),
          ("topic", "what it was about"),
          ("priority", "low, normal, high or urgent"), ("opened", "when it was opened"),
          ("closed", "when it was closed; missing when open"), ("satisfaction", "1 to 5, if answered"),
        ]
      ),
    ]
}
