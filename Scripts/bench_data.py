"""Makes the data of the benchmark with DuckDB: the same on every run, from the row's number and a seed."""

import os
import subprocess
import sys

FOLDER = os.environ.get("BENCH_DIR", "/tmp/rounds-bench")
DUCKDB = f"{FOLDER}/peers/cli/duckdb_cli/duckdb"


def say(text):
    print(text, file=sys.stderr, flush=True)


def draw(column):
    """SQL for an evenly spread number from 0 to 1 that depends on the row and the column alone."""
    return f"((hash(i, {column}, 20260101) >> 11)::double / 9007199254740992)"


def pick(values, column):
    texts = ", ".join(f"'{value}'" for value in values)
    return f"([{texts}])[1 + floor({draw(column)} * {len(values)})::int]"


def encounters(rows):
    """The path of the file of this many encounters, which is made when it is not there."""
    path = f"{FOLDER}/encounters-{rows}.csv"
    if os.path.exists(path):
        return path
    say(f"Making {path} …")
    departments = [
        "Emergency", "Cardiology", "Orthopaedics", "Paediatrics", "Oncology", "General Medicine", "Surgery",
        "Maternity", "Neurology", "ICU"]
    admissions = ["Emergency", "Elective", "Urgent", "Observation", "Transfer"]
    # About six stays a patient, whatever the size: 830,000 patients in five million rows.
    patients = max(1, rows * 83 // 500)
    form = "'%Y-%m-%d %H:%M:%S'"
    query = f"""
      copy (
        select
          'E' || lpad(i::varchar, 9, '0') as encounter_id,
          'P' || lpad(floor({draw(1)} * {patients})::bigint::varchar, 8, '0') as patient_id,
          {pick(departments, 2)} as department,
          {pick(admissions, 3)} as admission_type,
          strftime(admitted_at, {form}) as admitted,
          strftime(admitted_at + to_seconds(round(stay * 3600)::bigint), {form}) as discharged,
          case when {draw(6)} < 0.05 then null else round(stay, 2) end as los_hours,
          floor({draw(7)} * 100)::int as age,
          {pick(["F", "M"], 8)} as sex,
          chr(65 + floor({draw(9)} * 26)::int) || lpad(floor({draw(10)} * 100)::int::varchar, 2, '0')
            || '.' || floor({draw(11)} * 10)::int as icd10,
          round(-4000 * ln(1 - {draw(12)}), 2) as charges,
          {draw(13)} < 0.12 as readmitted
        from (
          select i, timestamp '2022-01-01' + to_seconds(floor({draw(4)} * 94608000)::bigint) as admitted_at,
            exp({draw(5)} * 4 + 1) as stay
          from range({rows}) r(i))
      ) to '{path}.part' (header, delimiter ',')"""
    subprocess.run([DUCKDB, "-c", query], check=True, stdout=subprocess.DEVNULL)
    os.rename(f"{path}.part", path)
    return path


def made(name, rows, select):
    """The path of a CSV of the rows of a query, which is made when it is not there."""
    path = f"{FOLDER}/{name}-{rows}.csv"
    if not os.path.exists(path):
        say(f"Making {path} …")
        query = f"copy ({select}) to '{path}.part' (header, delimiter ',')"
        # A query of 2,000 columns is too long for an argument.
        subprocess.run([DUCKDB, "-bail"], input=query.encode(), check=True, stdout=subprocess.DEVNULL)
        os.rename(f"{path}.part", path)
    return path


def whole(column, values):
    """SQL for a whole number from 1 to `values`."""
    return f"(1 + floor({draw(column)} * {values}))::bigint"


def coded(form, column, values):
    return f"printf('{form}', {whole(column, values)})"


def grouping(rows):
    """The table of the group-by questions of db-benchmark: a hundred groups and a hundredth of the rows."""
    many = max(1, rows // 100)
    return made("groupby", rows, f"""
      select {coded("id%03d", 1, 100)} as id1, {coded("id%03d", 2, 100)} as id2, {coded("id%010d", 3, many)} as id3,
        {whole(4, 100)} as id4, {whole(5, 100)} as id5, {whole(6, many)} as id6,
        {whole(7, 5)} as v1, {whole(8, 15)} as v2, round({draw(9)} * 100, 6) as v3
      from range({rows}) r(i)""")


def sizes(rows):
    """The numbers of different keys of the join questions: few, a thousandth, nine tenths of the rows."""
    return max(1, rows // 1_000_000), max(1, rows // 1000), max(1, rows * 9 // 10)


def joining(rows):
    few, some, many = sizes(rows)
    return made("join-x", rows, f"""
      select {whole(1, few * 10 // 9 + 1)} as id1, {whole(2, some * 10 // 9)} as id2, {whole(3, rows)} as id3,
        printf('id%d', id1) as id4, printf('id%d', id2) as id5, printf('id%d', id3) as id6,
        round({draw(7)} * 100, 6) as v1
      from range({rows}) r(i)""")


def joined(name, rows, count, key, text):
    """Rows with different keys, not in order."""
    return made(name, rows, f"""
      select {key}, printf('id%d', {key}) as {text}, v2 from (
        select 1 + (i * 7919) % {count} as {key}, round({draw(8)} * 100, 6) as v2 from range({count}) r(i))""")


def joined_small(rows):
    return joined("join-small", rows, sizes(rows)[0], "id1", "id4")


def joined_medium(rows):
    return joined("join-medium", rows, sizes(rows)[1], "id2", "id5")


def joined_big(rows):
    return joined("join-big", rows, sizes(rows)[2], "id3", "id6")


def wide(rows):
    columns = ", ".join(
        f"round({draw(number)} * 1000, 1) as c{number}" if number % 4 else f"{whole(number, 1000)} as c{number}"
        for number in range(1, 2001))
    return made("wide", rows, f"select {columns} from range({rows}) r(i)")


def notes(rows):
    words = [pick(
        ["fever", "cough", "sepsis", "fracture", "chest pain", "dizzy", "fall", "rash", "anaemia", "asthma"], number)
        for number in range(1, 5)]
    return made("notes", rows, f"""
      select i as id, {" || ' ' || ".join(words)} || ', seen ' || {whole(5, rows * 20)} as note
      from range({rows}) r(i)""")
