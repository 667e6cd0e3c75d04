extension Comparison {
  /// The answers in Rounds to the data folder's questions, by their numbers. `{folder/name}` is a file.
  static let questions: [(id: String, rounds: String)] = [
    (
      "P001",
      #"{Rdatasets/survival__veteran} | filter celltype == "smallcell" and karno >= 60 | aggregate n = count()"#
    ),
    (
      "P002",
      "{Rdatasets/survival__veteran} | aggregate n = count(), med = median(time), p75 = percentile(time, 75) by celltype"
    ),
    (
      // The curve is a running product: the exponential of a running sum of logarithms, where nobody is left zero.
      "P003",
      #"""
      let times = {Rdatasets/survival__veteran}
      | aggregate left = count(), dead = sum(status) by g = celltype, time
      | derive at_risk = running_sum(left) by g sort -time
      | derive step = if(dead == at_risk, -1000.0, ln(1 - dead / nullif(at_risk, dead)))
      | derive curve = exp(running_sum(step)) by g sort time
      times | aggregate n = sum(left), events = sum(dead), median = min(time, where: curve <= 0.5 + 1e-12) by g
      """#
    ),
    (
      "P004",
      #"""
      let curve = {Rdatasets/survival__rotterdam}
      | aggregate left = count(), dead = sum(death) by g = hormon, dtime
      | derive at_risk = running_sum(left) by g sort -dtime
      | derive step = if(dead == at_risk, -1000.0, ln(1 - dead / nullif(at_risk, dead)))
      | derive surv = exp(running_sum(step)) by g sort dtime
      | select g, dtime, surv
      table [{g: 0, tt: 1826}, {g: 0, tt: 3652}, {g: 1, tt: 1826}, {g: 1, tt: 3652}]
      | join asof curve on g and curve.dtime <= tt
      | select g, tt, surv
      """#
    ),
    (
      "P005",
      #"""
      {Rdatasets/medicaldata__blood_storage}
      | aggregate n = count(), missing_pvol = count(where: PVol is missing), mean_psa = mean(PreopPSA),
        recurrences = sum(Recurrence) by grp = RBC.Age.Group
      """#
    ),
    (
      "P006",
      #"""
      let days = {Rdatasets/HistData__Snow.dates} | derive total = running_sum(deaths) sort date
      table [{threshold: 100}, {threshold: 300}, {threshold: 500}]
      | join days on total >= threshold
      | aggregate date = min(date) by threshold
      """#
    ),
    (
      "P007",
      #"""
      {Rdatasets/survival__nafld1} | filter age >= 18
      | aggregate n = count(), deaths = sum(status) by band = bands(age, 40, 60, 80)
      | derive (p, lo, hi) = proportion(deaths, n)
      | derive band = if(band == "<40", "18-39", text(band))
      """#
    ),
    (
      "P008",
      #"""
      {Rdatasets/tidyr__cms_patient_care}
      | pivot rows ccn, measure_abbr columns type in ["observed", "denominator"] values max(score)
      | filter observed is not missing and denominator is not missing
      | aggregate pairs = count(), pct = sum(observed * denominator) / sum(denominator) by measure_abbr
      """#
    ),
    (
      "P009",
      #"""
      {NHSRdatasets/ons_mortality} | filter category_1 == "Total deaths" and category_2 == "all ages"
      | select date, counts | top 5 counts
      """#
    ),
    (
      "P010",
      #"""
      {NHSRdatasets/ons_mortality}
      | filter category_1 == "Total deaths" and category_2 == "all ages" and year(date) between 2010 and 2019
      | aggregate total = sum(counts) by year = year(date)
      | derive diff = difference(total) sort year
      """#
    ),
    (
      "P011",
      #"""
      {NHSRdatasets/synthetic_news_data}
      | aggregate n = count(), pct = percent(died == 1) by band = bands(NEWS, 5, 7, labels: ["0-4", "5-6", "7+"])
      """#
    ),
    ("P012", "{hospital/synthea_csv/encounters} | count by ENCOUNTERCLASS | rename pct = percent"),
    (
      "P013",
      #"""
      {hospital/synthea_csv/encounters} | filter ENCOUNTERCLASS == "inpatient"
      | join {hospital/synthea_csv/patients} as p on PATIENT == p.Id
      | aggregate n = count(), mean_los = mean(days(STOP - START)), max_los = max(days(STOP - START)) by GENDER
      """#
    ),
    (
      "P014",
      #"""
      {hospital/synthea_csv/encounters} | filter ENCOUNTERCLASS == "inpatient"
      | derive next = lead(START) by PATIENT sort START
      | aggregate index_n = count(), readmitted = count(where: next between STOP and STOP + 30d)
      """#
    ),
    (
      "P015",
      #"""
      let alive = {hospital/synthea_csv/patients} | filter DEATHDATE is missing
      {hospital/synthea_csv/conditions} | join semi alive on PATIENT == alive.Id
      | aggregate patients = count_distinct(PATIENT) by DESCRIPTION
      | take 10 sort -patients, DESCRIPTION
      """#
    ),
    (
      "P016",
      #"""
      {hospital/synthea_csv/patients} | join anti {hospital/synthea_csv/medications} as m on Id == m.PATIENT
      | aggregate n = count()
      """#
    ),
    (
      "P017",
      #"""
      {hospital/synthea_csv/observations} | filter CODE == "8480-6" | derive v = float(VALUE)
      | take 1 by PATIENT sort -DATE, -v
      | aggregate ge140 = count(where: v >= 140), ge120 = count(where: v >= 120 and v < 140),
        lt120 = count(where: v < 120)
      """#
    ),
    (
      "P018",
      #"""
      {hospital/synthea_csv/encounters} | filter year(START) between 2019 and 2021
      | aggregate n = count(), cost = round(sum(TOTAL_CLAIM_COST), 2) by quarter = start_of(START, quarter)
      """#
    ),
    (
      "P019",
      #"""
      {hospital/synthea_csv/patients} | filter BIRTHDATE < 1950-01-01
      | derive last = replace_pattern(LAST, "\d+$", ""), first = replace_pattern(FIRST, "\d+$", "")
      | select name = f"{last}, {first}", BIRTHDATE
      | sort BIRTHDATE, name
      """#
    ),
    (
      "P020",
      #"""
      {Rdatasets/modeldata__stackoverflow}
      | aggregate n = count(), median_salary = median(Salary) by Country
      | filter n >= 200
      | derive rnk = rank() sort -median_salary
      | sort rnk, Country
      """#
    ),
    (
      "P021",
      #"""
      {hospital/clinosim/encounters} | filter encounter_type == "inpatient" and discharge_datetime is not missing
      | aggregate n = count(), k = count(where: is_readmission) by quarter = start_of(discharge_datetime, quarter)
      | derive p = k / n, centre = sum(k) / sum(n), width = 3 * sqrt(centre * (1 - centre) / n),
        lcl = greatest(0.0, centre - width), ucl = least(1.0, centre + width)
      | drop width
      """#
    ),
    (
      "P022",
      #"""
      let cultured = {hospital/clinosim/microbiology} | distinct encounter_id
      {hospital/clinosim/encounters}
      | aggregate encounters = count(), with_micro = count(where: encounter_id in cultured.encounter_id)
        by encounter_type
      """#
    ),
  ]
}
