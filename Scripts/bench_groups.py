"""The groups of questions of the benchmark. A group is a value: to add one, or a question, add an entry."""

from dataclasses import dataclass, field

import bench_data

FULL_ROWS = 5_000_000
# As many as db-benchmark has.
DB_BENCHMARK_ROWS = 10_000_000


@dataclass(frozen=True)
class Question:
    """One question in the language of each peer; a peer without text is left out. FILE stands for the data, OUT for
    a file that the question writes.

    Polars code is an expression over `t`, the table or the scan of the file. Miller's is the arguments after mlr.
    """

    name: str
    rounds: str
    duckdb: str = ""
    polars: str = ""
    miller: str = ""
    tolerance: float = 1e-9


@dataclass(frozen=True)
class Group:
    name: str
    title: str
    run: str  # one of: alone, load, loaded, growth, keys
    questions: list = field(default_factory=list)
    # Name and maker of each table; the file of the first one is FILE.
    tables: tuple = (("enc", bench_data.encounters),)
    rows: int = FULL_ROWS
    # What bench-floor.c does beside it: read, sum, write, or nothing.
    floor: str = ""


DEPARTMENTS = "n = count(), m = mean(los_hours), med = median(los_hours) by department"
DEPARTMENTS_SQL = "select department, count(*) n, avg(los_hours) m, median(los_hours) med from SOURCE group by 1 order by 1"
DEPARTMENTS_POLARS = (
    "t.group_by('department').agg(n=pl.len(), m=pl.col('los_hours').mean(),"
    " med=pl.col('los_hours').median()).sort('department')"
)



def joining(name, kind, table, key):
    """Rows of both sides with one key, counted and summed."""
    return Question(
        name,
        f"x | join {kind} {table} on {key} | aggregate n = count(), v = sum(v1), w = sum(v2)",
        f"select count(*) n, sum(x.v1) v, sum({table}.v2) w from x {kind} join {table} using ({key})",
        f"x.join({table}, on='{key}', how='{kind}').select(n=pl.len(), v=pl.col('v1').sum(), w=pl.col('v2').sum())")


GROUPS = [
    Group("start", "Start and leave", "alone", [
        Question("start", 'say "1"', "select 1"),
    ]),
    Group("keys", "From a key to the screen in the shell", "keys", rows=200),
    Group("one-pass", "One pass over a CSV, few columns used", "alone", floor="read", questions=[
        Question(
            "count, mean, median by department",
            f'"FILE" | aggregate {DEPARTMENTS}',
            DEPARTMENTS_SQL.replace("SOURCE", "'FILE'"),
            DEPARTMENTS_POLARS,
            "--icsv --ocsv stats1 -a count,mean,median -f los_hours -g department FILE"),
        Question(
            "rows by department",
            '"FILE" | aggregate n = count() by department',
            "select department, count(*) n from 'FILE' group by 1 order by 1",
            "t.group_by('department').agg(n=pl.len()).sort('department')"),
        Question(
            "filter on two columns, mean of a third",
            '"FILE" | filter age >= 65 and department == "Cardiology" | aggregate n = count(), m = mean(charges)',
            "select count(*) n, avg(charges) m from 'FILE' where age >= 65 and department = 'Cardiology'",
            "t.filter((pl.col('age') >= 65) & (pl.col('department') == 'Cardiology'))"
            ".select(n=pl.len(), m=pl.col('charges').mean())"),
    ]),
    Group("load", "All columns of a CSV, typed, into memory", "load", floor="read", questions=[
        Question(
            "load",
            'load "FILE" as enc; enc | aggregate n = count()',
            "create table enc as from 'FILE'; select count(*) n from enc",
            "t.select(n=pl.len())"),
    ]),
    Group("memory", "In memory, after the load", "loaded", floor="sum", questions=[
        Question(
            "count, mean, median by department",
            f"enc | aggregate {DEPARTMENTS}",
            DEPARTMENTS_SQL.replace("SOURCE", "enc"),
            DEPARTMENTS_POLARS),
        Question(
            "count, mean, sum by two keys",
            "enc | aggregate n = count(), m = mean(los_hours), s = sum(charges) by department, admission_type",
            "select department, admission_type, count(*) n, avg(los_hours) m, sum(charges) s from enc"
            " group by 1, 2 order by 1, 2",
            "t.group_by('department', 'admission_type').agg(n=pl.len(), m=pl.col('los_hours').mean(),"
            " s=pl.col('charges').sum()).sort('department', 'admission_type')"),
        Question(
            "count, mean by month",
            "enc | aggregate n = count(), m = mean(los_hours) by month = start_of(admitted, month)",
            "select date_trunc('month', admitted)::date as month, count(*) n, avg(los_hours) m from enc"
            " group by 1 order by 1",
            "t.group_by(month=pl.col('admitted').dt.truncate('1mo').dt.date()).agg(n=pl.len(),"
            " m=pl.col('los_hours').mean()).sort('month')"),
        Question(
            "sum by patient, top 10",
            "enc | aggregate s = sum(charges) by patient_id | top 10 s",
            "select patient_id, sum(charges) s from enc group by 1 order by 2 desc limit 10",
            "t.group_by('patient_id').agg(s=pl.col('charges').sum()).top_k(10, by='s').sort('s', descending=True)"),
        Question(
            "filter on three columns, count, mean",
            'enc | filter department == "Emergency" and age >= 65 and los_hours > 24'
            " | aggregate n = count(), m = mean(charges)",
            "select count(*) n, avg(charges) m from enc"
            " where department = 'Emergency' and age >= 65 and los_hours > 24",
            "t.filter((pl.col('department') == 'Emergency') & (pl.col('age') >= 65) & (pl.col('los_hours') > 24))"
            ".select(n=pl.len(), m=pl.col('charges').mean())"),
        Question(
            "distinct patients",
            "enc | aggregate n = count_distinct(patient_id)",
            "select count(distinct patient_id) n from enc",
            "t.select(n=pl.col('patient_id').n_unique())"),
        Question(
            "top 20 rows by charges",
            "enc | top 20 charges",
            "select * from enc order by charges desc limit 20",
            "t.top_k(20, by='charges').sort('charges', descending=True)"),
        # Two stays of a patient that begin in the same second may come in either order.
        Question(
            "time since the previous stay, mean",
            "enc | derive gap = hours(admitted - lag(discharged)) by patient_id sort admitted"
            " | aggregate m = mean(gap)",
            "select avg(epoch(gap)) / 3600 m from (select admitted - lag(discharged)"
            " over (partition by patient_id order by admitted) as gap from enc)",
            "t.sort('admitted').select(gap=pl.col('admitted') - pl.col('discharged').shift(1).over('patient_id'))"
            ".select(m=pl.col('gap').dt.total_seconds().mean() / 3600)",
            tolerance=1e-5),
    ]),
    Group("groupby", "The ten group-by questions of db-benchmark, in memory", "loaded", floor="sum",
          rows=DB_BENCHMARK_ROWS, tables=(("x", bench_data.grouping),), questions=[
        Question(
            "1: sum v1 by id1",
            "x | aggregate v = sum(v1) by id1 | aggregate n = count(), v = sum(v)",
            "select count(*) n, sum(v) v from (select sum(v1) v from x group by id1)",
            "x.group_by('id1').agg(v=pl.col('v1').sum()).select(n=pl.len(), v=pl.col('v').sum())"),
        Question(
            "2: sum v1 by id1, id2",
            "x | aggregate v = sum(v1) by id1, id2 | aggregate n = count(), v = sum(v)",
            "select count(*) n, sum(v) v from (select sum(v1) v from x group by id1, id2)",
            "x.group_by('id1', 'id2').agg(v=pl.col('v1').sum()).select(n=pl.len(), v=pl.col('v').sum())"),
        Question(
            "3: sum v1, mean v3 by id3",
            "x | aggregate v = sum(v1), w = mean(v3) by id3 | aggregate n = count(), v = sum(v), w = sum(w)",
            "select count(*) n, sum(v) v, sum(w) w from (select sum(v1) v, avg(v3) w from x group by id3)",
            "x.group_by('id3').agg(v=pl.col('v1').sum(), w=pl.col('v3').mean())"
            ".select(n=pl.len(), v=pl.col('v').sum(), w=pl.col('w').sum())"),
        Question(
            "4: mean v1, v2, v3 by id4",
            "x | aggregate u = mean(v1), v = mean(v2), w = mean(v3) by id4"
            " | aggregate n = count(), u = sum(u), v = sum(v), w = sum(w)",
            "select count(*) n, sum(u) u, sum(v) v, sum(w) w from"
            " (select avg(v1) u, avg(v2) v, avg(v3) w from x group by id4)",
            "x.group_by('id4').agg(u=pl.col('v1').mean(), v=pl.col('v2').mean(), w=pl.col('v3').mean())"
            ".select(n=pl.len(), u=pl.col('u').sum(), v=pl.col('v').sum(), w=pl.col('w').sum())"),
        Question(
            "5: sum v1, v2, v3 by id6",
            "x | aggregate u = sum(v1), v = sum(v2), w = sum(v3) by id6"
            " | aggregate n = count(), u = sum(u), v = sum(v), w = sum(w)",
            "select count(*) n, sum(u) u, sum(v) v, sum(w) w from"
            " (select sum(v1) u, sum(v2) v, sum(v3) w from x group by id6)",
            "x.group_by('id6').agg(u=pl.col('v1').sum(), v=pl.col('v2').sum(), w=pl.col('v3').sum())"
            ".select(n=pl.len(), u=pl.col('u').sum(), v=pl.col('v').sum(), w=pl.col('w').sum())"),
        Question(
            "6: median, deviation of v3 by id4, id5",
            "x | aggregate v = median(v3), w = stddev(v3) by id4, id5"
            " | aggregate n = count(), v = sum(v), w = sum(w)",
            "select count(*) n, sum(v) v, sum(w) w from"
            " (select median(v3) v, stddev(v3) w from x group by id4, id5)",
            "x.group_by('id4', 'id5').agg(v=pl.col('v3').median(), w=pl.col('v3').std())"
            ".select(n=pl.len(), v=pl.col('v').sum(), w=pl.col('w').sum())"),
        Question(
            "7: max v1 - min v2 by id3",
            "x | aggregate v = max(v1) - min(v2) by id3 | aggregate n = count(), v = sum(v)",
            "select count(*) n, sum(v) v from (select max(v1) - min(v2) v from x group by id3)",
            "x.group_by('id3').agg(v=pl.col('v1').max() - pl.col('v2').min())"
            ".select(n=pl.len(), v=pl.col('v').sum())"),
        Question(
            "8: largest two v3 by id6",
            "x | top 2 v3 by id6 | aggregate n = count(), v = sum(v3)",
            "select count(*) n, sum(v3) v from (select v3 from (select v3,"
            " row_number() over (partition by id6 order by v3 desc) as r from x) where r <= 2)",
            "x.group_by('id6').agg(pl.col('v3').top_k(2)).explode('v3').select(n=pl.len(), v=pl.col('v3').sum())"),
        Question(
            "9: squared correlation v1, v2 by id2, id4",
            "x | aggregate r = correlation(v1, v2) by id2, id4 | aggregate n = count(), r = sum(r ^ 2)",
            "select count(*) n, sum(r * r) r from (select corr(v1, v2) r from x group by id2, id4)",
            "x.group_by('id2', 'id4').agg(r=pl.corr('v1', 'v2')).select(n=pl.len(), r=(pl.col('r') ** 2).sum())",
            tolerance=1e-6),
        Question(
            "10: sum v3, count by id1 … id6",
            "x | aggregate v = sum(v3), c = count() by id1, id2, id3, id4, id5, id6"
            " | aggregate n = count(), v = sum(v), c = sum(c)",
            "select count(*) n, sum(v) v, sum(c) c from"
            " (select sum(v3) v, count(*) c from x group by id1, id2, id3, id4, id5, id6)",
            "x.group_by('id1', 'id2', 'id3', 'id4', 'id5', 'id6').agg(v=pl.col('v3').sum(), c=pl.len())"
            ".select(n=pl.len(), v=pl.col('v').sum(), c=pl.col('c').sum())"),
    ]),
    Group("join", "The five join questions of db-benchmark, in memory", "loaded", floor="sum",
          rows=DB_BENCHMARK_ROWS, tables=(("x", bench_data.joining), ("small", bench_data.joined_small),
                  ("medium", bench_data.joined_medium), ("big", bench_data.joined_big)), questions=[
        joining("1: small, inner on id1", "inner", "small", "id1"),
        joining("2: medium, inner on id2", "inner", "medium", "id2"),
        joining("3: medium, left on id2", "left", "medium", "id2"),
        joining("4: medium, inner on id5 (text)", "inner", "medium", "id5"),
        joining("5: big, inner on id3", "inner", "big", "id3"),
    ]),
    Group("windows", "Functions over the rows of each patient, in memory", "loaded", floor="sum", questions=[
        Question(
            "hours since the previous stay",
            "enc | derive gap = hours(admitted - lag(discharged)) by patient_id sort admitted, encounter_id"
            " | aggregate n = count(gap), m = mean(gap)",
            "select count(gap) n, avg(epoch(gap)) / 3600 m from (select admitted - lag(discharged)"
            " over (partition by patient_id order by admitted, encounter_id) as gap from enc)",
            "t.sort('admitted', 'encounter_id')"
            ".select(gap=pl.col('admitted') - pl.col('discharged').shift(1).over('patient_id'))"
            ".select(n=pl.col('gap').count(), m=pl.col('gap').dt.total_seconds().mean() / 3600)"),
        Question(
            "running sum of charges",
            "enc | derive r = running_sum(charges) by patient_id sort admitted, encounter_id"
            " | aggregate n = count(r), m = mean(r)",
            "select count(r) n, avg(r) m from (select sum(charges) over"
            " (partition by patient_id order by admitted, encounter_id rows unbounded preceding) as r from enc)",
            "t.sort('admitted', 'encounter_id').select(r=pl.col('charges').cum_sum().over('patient_id'))"
            ".select(n=pl.col('r').count(), m=pl.col('r').mean())"),
        Question(
            "readmitted within 30 days",
            "enc | derive next = lead(admitted) by patient_id sort admitted, encounter_id"
            " | aggregate n = count(), back = count(where: next - discharged <= 30d)",
            "select count(*) n, count(*) filter (next - discharged <= interval 30 days) back from (select discharged,"
            " lead(admitted) over (partition by patient_id order by admitted, encounter_id) as next from enc)",
            "t.sort('admitted', 'encounter_id')"
            ".select('discharged', next=pl.col('admitted').shift(-1).over('patient_id'))"
            ".select(n=pl.len(), back=((pl.col('next') - pl.col('discharged')) <= pl.duration(days=30)).sum())"),
        Question(
            "mean of the department beside each row",
            "enc | derive d = mean(los_hours) by department | aggregate n = count(), m = mean(abs(los_hours - d))",
            "select count(*) n, avg(abs(los_hours - d)) m from"
            " (select los_hours, avg(los_hours) over (partition by department) as d from enc)",
            "t.select('los_hours', d=pl.col('los_hours').mean().over('department'))"
            ".select(n=pl.len(), m=(pl.col('los_hours') - pl.col('d')).abs().mean())"),
    ]),
    Group("sort", "All rows in order, the middle ones shown, in memory", "loaded", floor="sum", questions=[
        Question(
            "by a number",
            "enc | select charges | sort charges | skip MIDDLE | take 3",
            "select charges from enc order by charges limit 3 offset MIDDLE",
            "t.select('charges').sort('charges').slice(MIDDLE, 3)"),
        Question(
            "by a text of many values, whole rows",
            "enc | sort patient_id, encounter_id | skip MIDDLE | take 3 | select patient_id, encounter_id, charges",
            "select patient_id, encounter_id, charges from"
            " (select * from enc order by patient_id, encounter_id limit 3 offset MIDDLE)",
            "t.sort('patient_id', 'encounter_id').slice(MIDDLE, 3).select('patient_id', 'encounter_id', 'charges')"),
        Question(
            "by a text of few values and a time",
            "enc | select department, admitted | sort department, -admitted | skip MIDDLE | take 3",
            "select department, admitted from enc order by department, admitted desc limit 3 offset MIDDLE",
            "t.select('department', 'admitted').sort('department', 'admitted', descending=[False, True])"
            ".slice(MIDDLE, 3)"),
    ]),
    Group("wide", "A CSV of 2,000 columns", "alone", floor="read", rows=20_000,
          tables=(("wide", bench_data.wide),), questions=[
        Question(
            "mean of three columns",
            '"FILE" | aggregate a = mean(c1), b = mean(c1000), c = mean(c2000)',
            "select avg(c1) a, avg(c1000) b, avg(c2000) c from 'FILE'",
            "t.select(a=pl.col('c1').mean(), b=pl.col('c1000').mean(), c=pl.col('c2000').mean())"),
        Question(
            "load all, mean of three columns",
            'load "FILE" as t; t | aggregate a = mean(c1), b = mean(c1000), c = mean(c2000)',
            "create table t as from 'FILE'; select avg(c1) a, avg(c1000) b, avg(c2000) c from t"),
    ]),
    Group("tall-text", "A CSV of texts that mostly differ", "alone", floor="read",
          tables=(("notes", bench_data.notes),), questions=[
        Question(
            "different texts",
            '"FILE" | aggregate n = count_distinct(note)',
            "select count(distinct note) n from 'FILE'",
            "t.select(n=pl.col('note').n_unique())"),
        Question(
            "texts that hold a word",
            '"FILE" | filter contains(note, "sepsis") | aggregate n = count()',
            "select count(*) n from 'FILE' where contains(note, 'sepsis')",
            "t.filter(pl.col('note').str.contains('sepsis', literal=True)).select(n=pl.len())"),
    ]),
    Group("write", "Writing CSV from memory", "loaded", floor="write", questions=[
        Question(
            "all rows and columns",
            'enc | save "OUT" replace',
            "copy enc to 'OUT' (header, delimiter ',')",
            "(t.write_csv('OUT'), pl.DataFrame())[1]"),
    ]),
    Group("growth", "Growth from one to twenty-five times the rows", "growth", [
        Question(
            "count, mean, median by department",
            f'"FILE" | aggregate {DEPARTMENTS}',
            DEPARTMENTS_SQL.replace("SOURCE", "'FILE'")),
        Question(
            "sum by patient, top 10",
            '"FILE" | aggregate s = sum(charges) by patient_id | top 10 s',
            "select patient_id, sum(charges) s from 'FILE' group by 1 order by 2 desc limit 10"),
        Question(
            "load",
            'load "FILE" as enc; enc | aggregate n = count()',
            "create table enc as from 'FILE'; select count(*) n from enc"),
    ]),
]
