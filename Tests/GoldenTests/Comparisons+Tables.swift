extension Comparison {
  static let joins = [
    Comparison(
      "inner join with keys of other names",
      #"""
      {hospital/synthea_csv/encounters} | join {hospital/synthea_csv/patients} as p on PATIENT == p.Id
      | aggregate n = count(), cost = mean(TOTAL_CLAIM_COST) by GENDER, ENCOUNTERCLASS
      """#,
      """
      select GENDER, ENCOUNTERCLASS, count(*), avg(TOTAL_CLAIM_COST) from {hospital/synthea_csv/encounters} e
      join {hospital/synthea_csv/patients} p on e.PATIENT = p.Id group by 1, 2 order by 1, 2
      """),
    Comparison(
      "left join that multiplies rows",
      #"""
      {hospital/synthea_csv/patients} | select PATIENT = Id, GENDER
      | join left {hospital/synthea_csv/careplans} as c on PATIENT
      | aggregate n = count(), plans = count(Id), kinds = count_distinct(DESCRIPTION) by GENDER
      """#,
      """
      select GENDER, count(*), count(c.Id), count(distinct c.DESCRIPTION) from {hospital/synthea_csv/patients} p
      left join {hospital/synthea_csv/careplans} c on p.Id = c.PATIENT group by 1 order by 1
      """),
    Comparison(
      "semi and anti join",
      #"""
      let asthma = {hospital/synthea_csv/conditions} | filter DESCRIPTION ~ "(?i)bronchitis"
      {hospital/synthea_csv/patients} | select PATIENT = Id, GENDER, born = year(BIRTHDATE)
      | join semi asthma on PATIENT | join anti {hospital/synthea_csv/devices} on PATIENT | sort born, PATIENT
      """#,
      """
      select Id, GENDER, year(BIRTHDATE) from {hospital/synthea_csv/patients} where Id in
      (select PATIENT from {hospital/synthea_csv/conditions} where regexp_matches(DESCRIPTION, '(?i)bronchitis'))
      and Id not in (select PATIENT from {hospital/synthea_csv/devices}) order by 3, 1
      """),
    Comparison(
      "full join with missing keys",
      #"""
      let a = {Rdatasets/MASS__survey} | filter Age > 20 | count by k = Pulse | select k, a = n
      let b = {Rdatasets/MASS__survey} | filter Age <= 20 | count by k = Pulse | select k, b = n
      a | join full b on k | sort k, a, b
      """#,
      """
      with a as (select Pulse k, count(*) a from {Rdatasets/MASS__survey} where Age > 20 group by 1),
      b as (select Pulse k, count(*) b from {Rdatasets/MASS__survey} where Age <= 20 group by 1)
      select coalesce(a.k, b.k), a, b from a full join b on a.k = b.k order by 1 nulls last, 2 nulls last, 3 nulls last
      """),
    Comparison(
      "right join",
      #"""
      let e = {hospital/clinosim/microbiology} | distinct encounter_id | derive cultured = true
      e | join right {hospital/clinosim/encounters} as x on encounter_id
      | aggregate n = count(), c = count(where: cultured) by encounter_type
      """#,
      """
      select encounter_type, count(*), count(m.encounter_id) from (select distinct encounter_id
      from {hospital/clinosim/microbiology}) m right join {hospital/clinosim/encounters} e using (encounter_id)
      group by 1 order by 1
      """),
    Comparison(
      "a join by a range",
      #"""
      let stays = {hospital/clinosim/encounters} | filter encounter_type == "inpatient" | select
        encounter_id, patient_id, admission_datetime, discharge_datetime
      let labs = {hospital/clinosim/lab_results} | filter lab_name == "CRP" | select patient_id, result_datetime, value
      stays | join labs on patient_id and labs.result_datetime between admission_datetime and discharge_datetime
      | aggregate n = count(), peak = max(value) by encounter_id
      """#,
      """
      select e.encounter_id, count(*), max(value::double) from {hospital/clinosim/encounters} e
      join {hospital/clinosim/lab_results} l on e.patient_id = l.patient_id and lab_name = 'CRP'
      and result_datetime between admission_datetime and discharge_datetime
      where encounter_type = 'inpatient' group by 1 order by 1
      """),
    Comparison(
      "asof join",
      #"""
      let labs = {hospital/clinosim/lab_results} | filter lab_name == "WBC" | select patient_id, result_datetime, value
      {hospital/clinosim/encounters} | filter encounter_type == "inpatient"
      | select encounter_id, patient_id, discharge_datetime
      | join asof labs on patient_id and labs.result_datetime <= discharge_datetime
      | select encounter_id, result_datetime, value | sort encounter_id
      """#,
      """
      select e.encounter_id, l.result_datetime, l.value::double from {hospital/clinosim/encounters} e
      asof left join (select patient_id, result_datetime, value from {hospital/clinosim/lab_results}
      where lab_name = 'WBC') l on e.patient_id = l.patient_id and l.result_datetime <= e.discharge_datetime
      where encounter_type = 'inpatient' order by 1
      """),
    Comparison(
      "a join on two keys",
      #"""
      let adl = {hospital/clinosim/adl_assessments} | select patient_id, date, barthel_score
      {hospital/clinosim/nursing_risk} | join adl on patient_id, date
      | aggregate n = count(), b = mean(barthel_score), r = correlation(barthel_score, braden_total)
        by fall_risk_level
      """#,
      """
      select fall_risk_level, count(*), avg(barthel_score), corr(barthel_score, braden_total)
      from {hospital/clinosim/nursing_risk} join {hospital/clinosim/adl_assessments} using (patient_id, date)
      group by 1 order by 1
      """),
  ]

  static let shapes = [
    Comparison(
      "pivot of counts",
      "{Rdatasets/MASS__survey} | filter Sex is not missing and Smoke is not missing | pivot rows Sex columns Smoke values count()",
      """
      select Sex, count(*) filter (where Smoke = 'Heavy'), count(*) filter (where Smoke = 'Never'),
      count(*) filter (where Smoke = 'Occas'), count(*) filter (where Smoke = 'Regul')
      from {Rdatasets/MASS__survey} where Sex is not null and Smoke is not null group by 1 order by 1
      """),
    Comparison(
      "pivot of means with a list",
      #"""
      {Rdatasets/medicaldata__strep_tb} | pivot rows baseline_condition, gender columns arm in ["Streptomycin", "Control"]
        values m = mean(rad_num), n = count()
      """#,
      """
      select baseline_condition, gender, avg(rad_num) filter (where arm = 'Streptomycin'),
      count(*) filter (where arm = 'Streptomycin'), avg(rad_num) filter (where arm = 'Control'),
      count(*) filter (where arm = 'Control') from {Rdatasets/medicaldata__strep_tb} group by 1, 2 order by 1, 2
      """),
    Comparison(
      "unpivot",
      #"""
      {Rdatasets/openintro__sowc_child_mortality} | select c = countries_and_areas, under5_mortality_1990..under5_mortality_2018
      | unpivot under5_mortality_1990..under5_mortality_2018 into y, v | sort c, y
      """#,
      """
      select c, y, v from (select countries_and_areas c, unnest(['under5_mortality_1990', 'under5_mortality_2000',
      'under5_mortality_2018']) y, unnest([under5_mortality_1990, under5_mortality_2000, under5_mortality_2018]) v
      from {Rdatasets/openintro__sowc_child_mortality}) order by 1, 2
      """),
    Comparison(
      "append tables with other columns",
      #"""
      let a = {hospital/clinosim/adl_assessments} | select patient_id, date, barthel_score
      {hospital/clinosim/nursing_risk} | select patient_id, date, braden_total | append a
      | aggregate n = count(), b = mean(braden_total), s = sum(barthel_score) by m = start_of(date, month)
      """#,
      """
      select date_trunc('month', date)::date, count(*), avg(braden_total), sum(barthel_score)::bigint from
      (select patient_id, date, braden_total from {hospital/clinosim/nursing_risk} union all by name
      select patient_id, date, barthel_score from {hospital/clinosim/adl_assessments}) group by 1 order by 1
      """),
    Comparison(
      "fill down and with",
      #"""
      {Rdatasets/survival__pbcseq} | fill chol down by id sort day | fill platelet with 0
      | select id, day, chol, platelet | sort id, day
      """#,
      """
      select id, day, last_value(chol ignore nulls) over (partition by id order by day), coalesce(platelet, 0)
      from {Rdatasets/survival__pbcseq} order by 1, 2
      """),
    Comparison(
      "split",
      #"""
      {hospital/clinosim/patients} | distinct patient_id, chronic_conditions | split chronic_conditions on "|"
      | count by chronic_conditions | drop percent
      """#,
      """
      select c, count(*) from (select distinct patient_id, chronic_conditions from {hospital/clinosim/patients})
      left join unnest(string_split(chronic_conditions, '|')) t(c) on true group by 1 order by 2 desc, 1 nulls last
      """),
  ]

  static let windows = [
    Comparison(
      "lag, lead and difference",
      #"""
      {Rdatasets/survival__pbcseq} | derive before = lag(bili), after = lead(day), d = difference(bili),
        z = lag(bili, 2, 0.0) by id sort day | select id, day, before, after, d, z | sort id, day
      """#,
      """
      select id, day, lag(bili) over w, lead(day) over w, bili - lag(bili) over w, lag(bili, 2, 0.0) over w
      from {Rdatasets/survival__pbcseq} window w as (partition by id order by day) order by 1, 2
      """),
    Comparison(
      "running sums and rolling means",
      #"""
      {Rdatasets/HistData__Snow.dates} | derive c = running_sum(deaths), n = running_count(), m = running_mean(deaths),
        r = rolling_mean(deaths, 7), s = rolling_sum(attacks, 3) sort date | select date, c, n, m, r, s
      """#,
      """
      select date, sum(deaths) over w, count(*) over w, avg(deaths) over w,
      case when row_number() over (order by date) >= 7 then
        avg(deaths) over (order by date rows between 6 preceding and current row) end,
      case when row_number() over (order by date) >= 3 then
        sum(attacks) over (order by date rows between 2 preceding and current row) end
      from {Rdatasets/HistData__Snow.dates} window w as (order by date) order by 1
      """),
    Comparison(
      "running and rolling extremes",
      #"""
      {Rdatasets/survival__pbcseq} | derive m = running_max(bili), l = running_min(bili),
        r = rolling_max(bili, 3), s = rolling_min(platelet, 2) by id sort day | select id, day, m, l, r, s | sort id, day
      """#,
      """
      select id, day, max(bili) over w, min(bili) over w,
      case when row_number() over w >= 3 then
        max(bili) over (partition by id order by day rows between 2 preceding and current row) end,
      case when row_number() over w >= 2 then
        min(platelet) over (partition by id order by day rows between 1 preceding and current row) end
      from {Rdatasets/survival__pbcseq} window w as (partition by id order by day) order by 1, 2
      """),
    Comparison(
      "the greatest within a stretch of time",
      #"""
      {Rdatasets/HistData__Snow.dates} | derive m = rolling_max(deaths, 7d) sort date | filter m is not missing
      | select date, m
      """#,
      """
      select date, max(deaths) over (order by date range between interval 6 days preceding and current row) m
      from {Rdatasets/HistData__Snow.dates}
      qualify date >= min(date) over () + interval 6 days order by 1
      """),
    Comparison(
      "ranks with ties",
      #"""
      {Rdatasets/survival__veteran} | derive r = rank(), d = dense_rank(), p = percent_rank() by celltype sort -karno
      | select rownames, celltype, karno, r, d, p
      """#,
      """
      select rownames, celltype, karno, rank() over w, dense_rank() over w, percent_rank() over w
      from {Rdatasets/survival__veteran} window w as (partition by celltype order by karno desc) order by 1
      """),
    Comparison(
      "quantile groups",
      "{Rdatasets/survival__nafld1} | derive q = quantile_group(age, 4) | aggregate n = count(), lo = min(age), hi = max(age) by q",
      """
      select q, count(*), min(age), max(age) from (select age, ntile(4) over (order by age) q
      from {Rdatasets/survival__nafld1}) group by 1 order by 1
      """),
    Comparison(
      "shares of the group",
      #"""
      {Rdatasets/datasets__esoph} | derive share = ncases / sum(ncases) by agegp | derive all = ncases / sum(ncases),
        off = ncontrols - mean(ncontrols) | select rownames, share, all, off
      """#,
      """
      select rownames, ncases / sum(ncases) over (partition by agegp), ncases / sum(ncases) over (),
      ncontrols - avg(ncontrols) over () from {Rdatasets/datasets__esoph} order by 1
      """),
    Comparison(
      "totals over totals",
      #"""
      {NHSRdatasets/ons_mortality} | filter category_1 == "Total deaths" and category_2 == "all ages"
      | aggregate total = sum(counts) by y = year(date) | derive change = total - lag(total),
        growth = 100 * (total / lag(total) - 1), r = rank() sort y | filter r > 1
      """#,
      """
      select * from (select y, t, t - lag(t) over (order by y), 100 * (t / lag(t) over (order by y) - 1),
      rank() over (order by y) r from (select year(date) y, sum(counts) t from {NHSRdatasets/ons_mortality}
      where category_1 = 'Total deaths' and category_2 = 'all ages' group by 1)) where r > 1 order by 1
      """),
    Comparison(
      "rolling mean by time",
      #"""
      {Rdatasets/MedDataSets__covid19sf_tests_df} | derive r = rolling_sum(pos, 7d) sort specimen_collection_date
      | filter r is not missing | select specimen_collection_date, r | sort specimen_collection_date
      """#,
      """
      select specimen_collection_date, r from (select specimen_collection_date, min(specimen_collection_date) over () f,
      sum(pos) over (order by specimen_collection_date range between interval '6 days' preceding and current row) r
      from {Rdatasets/MedDataSets__covid19sf_tests_df}) where specimen_collection_date >= f + interval 6 day order by 1
      """),
  ]
}
