/// A question to a file of the data folder, asked in two languages. `{folder/name}` is the file.
struct Comparison: Sendable {
  let name: String
  let rounds: String
  let sql: String

  init(_ name: String, _ rounds: String, _ sql: String) {
    self.name = name
    self.rounds = rounds
    self.sql = sql
  }

  static let all = filters + aggregates + expressions + dates + rows + joins + shapes + windows
}

extension Comparison {
  static let filters = [
    Comparison(
      "filter and count",
      #"{Rdatasets/survival__veteran} | filter celltype == "smallcell" and karno >= 60 | aggregate n = count()"#,
      "select count(*) from {Rdatasets/survival__veteran} where celltype='smallcell' and karno>=60"),
    Comparison(
      "or, not and missing",
      #"""
      {Rdatasets/MASS__survey} | filter not (Smoke == "Never" or Pulse > 80) | count by Exer | sort Exer | drop percent
      """#,
      """
      select Exer, count(*) from {Rdatasets/MASS__survey} where not (Smoke='Never' or Pulse>80)
      group by 1 order by 1
      """),
    Comparison(
      "in and not in",
      #"""
      {Rdatasets/medicaldata__strep_tb} | filter rad_num in [1, 2, 6] and rad_num not in [2]
      | aggregate n = count() by gender
      """#,
      """
      select gender, count(*) from {Rdatasets/medicaldata__strep_tb}
      where rad_num in (1, 2, 6) and rad_num not in (2) group by 1 order by 1
      """),
    Comparison(
      "between and not between",
      #"""
      {Rdatasets/survival__nafld1} | filter bmi between 25 and 30 and age not between 40 and 59
      | aggregate n = count(), h = mean(height) by male
      """#,
      """
      select male, count(*), avg(height) from {Rdatasets/survival__nafld1}
      where bmi between 25 and 30 and age not between 40 and 59 group by 1 order by 1
      """),
    Comparison(
      "like",
      #"""
      {hospital/synthea_csv/conditions} | filter DESCRIPTION like "%(disorder)" and DESCRIPTION not like "A%"
      | aggregate n = count() by DESCRIPTION
      """#,
      """
      select DESCRIPTION, count(*) from {hospital/synthea_csv/conditions}
      where DESCRIPTION like '%(disorder)' and DESCRIPTION not like 'A%' group by 1 order by 1
      """),
    Comparison(
      "regular expression",
      #"""
      {hospital/synthea_csv/medications} | filter DESCRIPTION ~ "\d+ MG" and DESCRIPTION !~ "(?i)tablet$"
      | count by DESCRIPTION | drop percent
      """#,
      """
      select DESCRIPTION, count(*) from {hospital/synthea_csv/medications}
      where regexp_matches(DESCRIPTION, '\\d+ MG') and not regexp_matches(DESCRIPTION, '(?i)tablet$')
      group by 1 order by 2 desc, 1
      """),
    Comparison(
      "is missing",
      #"""
      {Rdatasets/medicaldata__blood_storage} | filter PVol is missing or TVol is missing and Units is not missing
      | aggregate n = count(), psa = mean(PreopPSA) by RBC.Age.Group
      """#,
      """
      select "RBC.Age.Group", count(*), avg(PreopPSA) from {Rdatasets/medicaldata__blood_storage}
      where PVol is null or TVol is null and Units is not null group by 1 order by 1
      """),
    Comparison(
      "filter by an aggregate of the group",
      #"""
      {Rdatasets/survival__veteran} | filter time > percentile(time, 95) by celltype
      | select celltype, time | sort celltype, -time
      """#,
      """
      select celltype, time from (select celltype, time, quantile_cont(time, 0.95) over (partition by celltype) q
      from {Rdatasets/survival__veteran}) where time > q order by 1, 2 desc
      """),
  ]

  static let aggregates = [
    Comparison(
      "count, mean, median, percentiles",
      #"""
      {Rdatasets/survival__pbcseq} | aggregate n = count(), known = count(chol), m = mean(chol), med = median(chol),
        p10 = percentile(chol, 10), p90 = percentile(chol, 90), sd = stddev(chol), v = variance(chol),
        lo = min(chol), hi = max(chol), s = sum(chol) by stage
      """#,
      """
      select stage, count(*), count(chol), avg(chol), median(chol), quantile_cont(chol, 0.1),
      quantile_cont(chol, 0.9), stddev_samp(chol), var_samp(chol), min(chol), max(chol), sum(chol)
      from {Rdatasets/survival__pbcseq} group by 1 order by 1 nulls last
      """),
    Comparison(
      "aggregates over everything",
      #"""
      {Rdatasets/openintro__ncbirths} | aggregate n = count(), f = count(fage), d = count_distinct(fage),
        m = mean(weight), s = sum(visits), sk = skew(gained), lo = min(premie), hi = max(premie)
      """#,
      """
      select count(*), count(fage), count(distinct fage), avg(weight), sum(visits), skewness(gained), min(premie),
      max(premie) from {Rdatasets/openintro__ncbirths}
      """),
    Comparison(
      "percent and conditions",
      #"""
      {Rdatasets/openintro__ncbirths} | aggregate n = count(), low = percent(lowbirthweight == "low"),
        older = percent(fage > 40), w = mean(weight, where: habit == "smoker"), k = count(where: weeks < 37)
        by mature
      """#,
      """
      select mature, count(*), 100.0 * avg((lowbirthweight = 'low')::int), 100.0 * avg((fage > 40)::int),
      avg(weight) filter (where habit = 'smoker'), count(*) filter (where weeks < 37)
      from {Rdatasets/openintro__ncbirths} group by 1 order by 1
      """),
    Comparison(
      "groups of two keys, one with missing values",
      #"""
      {Rdatasets/MASS__survey} | aggregate n = count(), h = median(Height), p = max(Pulse) by Sex, Clap
      """#,
      """
      select Sex, Clap, count(*), median(Height), max(Pulse) from {Rdatasets/MASS__survey}
      group by 1, 2 order by 1 nulls last, 2 nulls last
      """),
    Comparison(
      "a group by an expression",
      #"""
      {Rdatasets/survival__nafld1} | aggregate n = count(), d = sum(status), any_old = any(age > 90),
        all_tall = all(height > 120) by decade = age // 10 * 10
      """#,
      """
      select age // 10 * 10 as decade, count(*), sum(status)::bigint, bool_or(age > 90), bool_and(height > 120)
      from {Rdatasets/survival__nafld1} group by 1 order by 1
      """),
    Comparison(
      "mode, first, last and joined text",
      #"""
      {Rdatasets/MASS__survey} | filter Exer is not missing
      | aggregate m = mode(Smoke), f = first(Age), l = last(Age), t = text_join(Clap, "/") by Exer sort Age, rownames
      """#,
      """
      select Exer, (select Smoke from {Rdatasets/MASS__survey} i where i.Exer = o.Exer and Smoke is not null
      group by 1 order by count(*) desc, 1 limit 1),
      arg_min(Age, (Age, rownames)), arg_max(Age, (Age, rownames)),
      string_agg(Clap, '/' order by Age, rownames) from {Rdatasets/MASS__survey} o
      where Exer is not null group by 1 order by 1
      """),
    Comparison(
      "correlation and slope",
      #"""
      {Rdatasets/MASS__survey} | aggregate r = correlation(Height, Wr.Hnd), n = count(where: Height + Wr.Hnd > 0)
        by Sex
      """#,
      """
      select Sex, corr(Height, "Wr.Hnd"), count(*) filter (where Height + "Wr.Hnd" > 0)
      from {Rdatasets/MASS__survey} group by 1 order by 1 nulls last
      """),
    Comparison(
      "sums of ints and floats, range",
      #"""
      {Rdatasets/datasets__esoph} | aggregate cases = sum(ncases), total = sum(ncases + ncontrols),
        share = sum(ncases) / sum(ncases + ncontrols), r = range(ncontrols) by alcgp
      """#,
      """
      select alcgp, sum(ncases)::bigint, sum(ncases + ncontrols)::bigint, sum(ncases) / sum(ncases + ncontrols),
      max(ncontrols) - min(ncontrols) from {Rdatasets/datasets__esoph} group by 1 order by 1
      """),
  ]

  static let expressions = [
    Comparison(
      "arithmetic",
      #"""
      {Rdatasets/MASS__anorexia} | derive change = Postwt - Prewt, pct = 100 * change / Prewt, sq = change ^ 2,
        r = round(pct, 1), f = floor(change), c = ceil(change), a = abs(change) | drop rownames
      """#,
      """
      select Treat, Prewt, Postwt, Postwt - Prewt, 100 * (Postwt - Prewt) / Prewt, (Postwt - Prewt) ^ 2,
      round(100 * (Postwt - Prewt) / Prewt, 1), floor(Postwt - Prewt), ceil(Postwt - Prewt), abs(Postwt - Prewt)
      from {Rdatasets/MASS__anorexia} order by rownames
      """),
    Comparison(
      "whole division and remainder of negative numbers",
      #"""
      {Rdatasets/medicaldata__polyps} | derive d = baseline - number3m, q = d // 7, r = d % 7, s = sqrt(abs(d)),
        l = ln(baseline), e = exp(-age / 10) | select participant_id, d, q, r, s, l, e
      """#,
      """
      select participant_id, d, floor(d / 7), d - 7 * floor(d / 7), sqrt(abs(d)), ln(baseline), exp(-age / 10)
      from (select *, baseline - number3m as d from {Rdatasets/medicaldata__polyps}) order by rownames
      """),
    Comparison(
      "division by zero is missing",
      "{Rdatasets/datasets__esoph} | derive r = ncontrols / ncases | select rownames, r",
      "select rownames, ncontrols / nullif(ncases, 0) from {Rdatasets/datasets__esoph} order by 1"),
    Comparison(
      "case, if and ??",
      #"""
      {Rdatasets/survival__nafld1} | derive
        g = case { bmi < 18.5 -> "under", bmi < 25 -> "normal", bmi < 30 -> "over", else -> "obese" },
        w = weight ?? 0.0, s = if(male == 1, "m", "f")
      | aggregate n = count(), w = sum(w) by g = text(g), s = text(s)
      """#,
      """
      select case when bmi is null then null when bmi < 18.5 then 'under' when bmi < 25 then 'normal'
      when bmi < 30 then 'over' else 'obese' end g, case when male = 1 then 'm' else 'f' end s, count(*),
      sum(coalesce(weight, 0)) from {Rdatasets/survival__nafld1} group by 1, 2 order by 1 nulls last, 2
      """),
    Comparison(
      "bands in their order",
      #"""
      {Rdatasets/survival__nafld1} | aggregate n = count(), dead = 100 * mean(status)
        by band = bands(age, 20, 40, 60, 80)
      """#,
      """
      select case when age < 20 then '<20' when age < 40 then '20-39' when age < 60 then '40-59'
      when age < 80 then '60-79' else '80+' end, count(*), 100.0 * avg(status)
      from {Rdatasets/survival__nafld1} group by 1 order by min(age)
      """),
    Comparison(
      "bins",
      #"{NHSRdatasets/synthetic_news_data} | aggregate n = count() by b = bin(syst, 20)"#,
      """
      select (syst // 20 * 20) || '-' || (syst // 20 * 20 + 19), count(*)
      from {NHSRdatasets/synthetic_news_data} group by 1, syst // 20 order by syst // 20
      """),
    Comparison(
      "text functions",
      #"""
      {hospital/synthea_csv/organizations} | derive u = lower(NAME), l = length(NAME), i = left(CITY, 3),
        e = right(CITY, 2), s = substring(NAME, 3, 4), w = split_part(NAME, " ", 2), r = replace(NAME, "HOSPITAL", "H"),
        p = pad_left(left(CITY, 4), 8, "."), t = starts_with(NAME, "UC"), x = extract(ADDRESS, "\d+")
      | select u, l, i, e, s, w, r, p, t, x | sort u, x
      """#,
      """
      select lower(NAME) u, length(NAME), left(CITY, 3), right(CITY, 2), substring(NAME, 3, 4),
      case when strpos(NAME, ' ') > 0 then split_part(NAME, ' ', 2) end, replace(NAME, 'HOSPITAL', 'H'),
      lpad(left(CITY, 4), 8, '.'), starts_with(NAME, 'UC'), nullif(regexp_extract(ADDRESS, '\\d+'), '') x
      from {hospital/synthea_csv/organizations} order by 1, x
      """),
    Comparison(
      "least, greatest, clamp, sign",
      #"""
      {Rdatasets/MASS__survey} | derive a = least(Wr.Hnd, NW.Hnd), b = greatest(Wr.Hnd, NW.Hnd),
        c = clamp(Pulse, 60, 90), s = sign(Wr.Hnd - NW.Hnd) | filter Pulse is not missing and Wr.Hnd is not missing
      | select rownames, a, b, c, s
      """#,
      """
      select rownames, least("Wr.Hnd", "NW.Hnd"), greatest("Wr.Hnd", "NW.Hnd"), greatest(60, least(90, Pulse)),
      sign("Wr.Hnd" - "NW.Hnd") from {Rdatasets/MASS__survey}
      where Pulse is not null and "Wr.Hnd" is not null order by 1
      """),
    Comparison(
      "membership in another table",
      #"""
      let heavy = {hospital/synthea_csv/conditions} | filter contains(DESCRIPTION, "obesity")
      {hospital/synthea_csv/patients} | filter Id in heavy.PATIENT | aggregate n = count() by GENDER
      """#,
      """
      select GENDER, count(*) from {hospital/synthea_csv/patients} where Id in
      (select PATIENT from {hospital/synthea_csv/conditions} where DESCRIPTION like '%obesity%') group by 1 order by 1
      """),
  ]

  static let dates = [
    Comparison(
      "year, month, weekday, week",
      #"""
      {Rdatasets/mosaicData__Births78} | aggregate b = sum(births), d = count() by m = month(date), w = weekday(date)
      """#,
      """
      select month(date), isodow(date), sum(births)::bigint, count(*) from {Rdatasets/mosaicData__Births78}
      group by 1, 2 order by 1, 2
      """),
    Comparison(
      "parts of dates",
      #"""
      {NHSRdatasets/ons_mortality} | distinct date | derive y = year(date), q = quarter(date), w = week(date),
        d = day(date), n = day_of_year(date) | sort date
      """#,
      """
      select distinct date, year(date), quarter(date), week(date), day(date), dayofyear(date)
      from {NHSRdatasets/ons_mortality} order by 1
      """),
    Comparison(
      "start_of",
      #"""
      {hospital/synthea_csv/encounters} | aggregate n = count(), cost = sum(TOTAL_CLAIM_COST)
        by m = start_of(START, month), w = start_of(START, week)
      """#,
      """
      select date_trunc('month', START)::date, date_trunc('week', START)::date, count(*), sum(TOTAL_CLAIM_COST)
      from {hospital/synthea_csv/encounters} group by 1, 2 order by 1, 2
      """),
    Comparison(
      "durations",
      #"""
      {hospital/synthea_csv/encounters} | aggregate n = count(), h = mean(hours(STOP - START)),
        longest = max(minutes(STOP - START)), d = max(days_between(START, STOP)) by ENCOUNTERCLASS
      """#,
      """
      select ENCOUNTERCLASS, count(*), avg(epoch(STOP - START)) / 3600, max(epoch(STOP - START)) / 60,
      max(date_diff('day', START::timestamp, STOP::timestamp)) from {hospital/synthea_csv/encounters}
      group by 1 order by 1
      """),
    Comparison(
      "dates compared and added",
      #"""
      {Rdatasets/survival__jasa} | filter tx.date < accept.dt + 30d and fu.date >= 1970-01-01
      | derive wait = days(tx.date - accept.dt), next = add(accept.dt, 1, month), e = end_of(accept.dt, quarter)
      | select rownames, wait, next, e
      """#,
      """
      select rownames, date_diff('day', "accept.dt", "tx.date"), ("accept.dt" + interval 1 month)::date,
      (date_trunc('quarter', "accept.dt") + interval 3 month - interval 1 day)::date
      from {Rdatasets/survival__jasa}
      where "tx.date" < "accept.dt" + interval 30 day and "fu.date" >= date '1970-01-01' order by 1
      """),
    Comparison(
      "age in whole years",
      #"""
      {Rdatasets/survival__jasa} | derive a = age(birth.dt, accept.dt) | aggregate n = count(), m = median(a) by a
      """#,
      """
      select a, count(*), median(a) from (select date_part('year', age("accept.dt", "birth.dt")) a
      from {Rdatasets/survival__jasa}) group by 1 order by 1
      """),
    Comparison(
      "dates by a pattern",
      #"""
      {Rdatasets/asaur__pancreatic} | derive d = parse_date(death, "%m/%d/%Y"), o = parse_date(onstudy, "%m/%d/%Y")
      | derive f = format(d, "%d.%m.%y"), n = days(d - o) | select rownames, d, f, n
      """#,
      """
      select rownames::int, d, strftime(d, '%d.%m.%y'), d - o from (select rownames, death::date d, onstudy::date o
      from (select rownames, strptime(death, '%m/%d/%Y') death, strptime(onstudy, '%m/%d/%Y') onstudy
      from read_csv('tables/Rdatasets/asaur__pancreatic.csv', all_varchar = true))) order by rownames::int
      """),
  ]

  static let rows = [
    Comparison(
      "distinct",
      #"{Rdatasets/MASS__survey} | distinct Sex, W.Hnd | select Sex, W.Hnd | sort Sex, W.Hnd"#,
      """
      select distinct Sex, "W.Hnd" from {Rdatasets/MASS__survey} order by 1 nulls last, 2 nulls last
      """),
    Comparison(
      "count with percent",
      "{hospital/synthea_csv/encounters} | count by ENCOUNTERCLASS",
      """
      select ENCOUNTERCLASS, count(*), 100.0 * count(*) / sum(count(*)) over ()
      from {hospital/synthea_csv/encounters} group by 1 order by 2 desc, 1
      """),
    Comparison(
      "sort by several keys with missing values",
      "{Rdatasets/MASS__survey} | sort -Pulse, Smoke, -Height, rownames | select Pulse, Smoke, Height, rownames",
      """
      select Pulse, Smoke, Height, rownames from {Rdatasets/MASS__survey}
      order by 1 desc nulls last, 2 nulls last, 3 desc nulls last, 4
      """),
    Comparison(
      "take by group",
      "{Rdatasets/survival__veteran} | take 2 by celltype sort -time, age | select celltype, time, age, rownames",
      """
      select celltype, time, age, rownames from {Rdatasets/survival__veteran}
      qualify row_number() over (partition by celltype order by time desc, age, rownames) <= 2
      order by 1, 2 desc, 3, 4
      """),
    Comparison(
      "top",
      "{Rdatasets/modeldata__stackoverflow} | top 7 Salary by Country | select Country, Salary, rownames",
      """
      select Country, Salary, rownames from {Rdatasets/modeldata__stackoverflow} where Salary is not null
      qualify row_number() over (partition by Country order by Salary desc, rownames) <= 7 order by 1, 2 desc, 3
      """),
    Comparison(
      "skip and take",
      "{Rdatasets/tidyr__population} | sort -population, country, year | skip 10 | take 5 | drop rownames",
      """
      select country, year, population from {Rdatasets/tidyr__population} order by 3 desc, 1, 2 limit 5 offset 10
      """),
    Comparison(
      "the last rows",
      "{Rdatasets/tidyr__population} | take -3 sort year, country | select country, year",
      """
      select country, year from (select * from {Rdatasets/tidyr__population} order by year desc, country desc limit 3)
      order by year, country
      """),
  ]
}
