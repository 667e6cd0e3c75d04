"""Runs the groups of questions below on Rounds and its peers and prints how they compare. Started by Scripts/bench.

A group is a value: its questions, each with the text for Rounds, SQL for DuckDB and code for Polars, and how it is
run: see bench_groups.py.

CPU is user and system time of the whole process, all threads; wall is wall time; memory is the highest resident
size. Every peer runs once in turn, several times; the tables show medians, and the spread from the lowest to the
highest run. A ratio under 1 says that Rounds took less than the peer.
"""

import argparse
import csv
import io
import math
import os
import platform
import re
import resource
import statistics
import subprocess
import sys
import tempfile
import time
from dataclasses import dataclass

from bench_data import DUCKDB, FOLDER, encounters, say
import bench_keys
from bench_groups import GROUPS

ROUNDS = os.environ.get("BENCH_ROUNDS", "rounds")
PYTHON = f"{FOLDER}/peers/venv/bin/python3"
README = os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "README.md")
RESULTS = os.path.join(os.path.dirname(os.path.abspath(__file__)), "bench-results.md")


# --- Running ---------------------------------------------------------------------------------------------------


@dataclass
class Usage:
    cpu: float
    wall: float
    memory: int  # bytes
    output: str = ""


def run_alone(command):
    """Runs one command to its end."""
    with tempfile.TemporaryFile() as errors:
        started = time.perf_counter()
        with subprocess.Popen(
                command, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=errors) as process:
            output = process.stdout.read()
            _, status, usage = os.wait4(process.pid, 0)
            wall = time.perf_counter() - started
            process.returncode = os.waitstatus_to_exitcode(status)
        errors.seek(0)
        require_success(process, errors.read().decode())
    return Usage(usage.ru_utime + usage.ru_stime, wall, usage.ru_maxrss * 1024, output.decode())


def require_success(process, text):
    if process.returncode != 0:
        raise RuntimeError(f"exit code {process.returncode}: {' '.join(process.args)}\n{text}")


MARK = re.compile(rb"^mark (\d+)$")


def run_marked(command):
    """Runs a command that prints `mark N` between its parts: the usage of each part.

    Both outputs go into one pipe, so that a mark never overtakes the answer before it.
    """
    marks, parts, rest = [], [[]], b""
    with subprocess.Popen(
            command, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.STDOUT) as process:
        clock = (~process.pid << 3) | 2  # the CPU clock of another process, as clock_getcpuclockid makes it
        while data := os.read(process.stdout.fileno(), 1 << 16):
            now = time.perf_counter()
            *lines, rest = (rest + data).split(b"\n")
            for line in lines:
                if MARK.match(line):
                    marks.append((time.clock_gettime(clock), now))
                    parts.append([])
                else:
                    parts[-1].append(line.decode())
        _, status, usage = os.wait4(process.pid, 0)
        process.returncode = os.waitstatus_to_exitcode(status)
    require_success(process, "\n".join(parts[-1]))
    return [
        Usage(after[0] - before[0], after[1] - before[1], usage.ru_maxrss * 1024, "\n".join(part))
        for before, after, part in zip(marks, marks[1:], parts[1:])]


POLARS = "import polars as pl; "
SCAN = "t = pl.scan_csv('FILE', try_parse_dates=True); "
READ = "{0} = t = pl.read_csv('{1}', try_parse_dates=True); "
PRINT = "print(({0}).write_csv(), end='', flush=True); "


def filled(text, peer, path, rows):
    """A question's text with the file, the file that it writes, and the middle row put in."""
    return text.replace("FILE", path).replace("OUT", written(peer)).replace("MIDDLE", str(rows // 2))


def written(peer):
    return f"{FOLDER}/out-{peer}.csv"


def command_alone(peer, question, path, rows, reads_all=False):
    """The command that answers one question by itself, or nothing where the peer has no text for it."""
    text = filled(getattr(question, peer), peer, path, rows)
    if not text:
        return None
    if peer == "rounds":
        # What is only said is the same in every format.
        return [ROUNDS, *([] if text.startswith("say ") else ["-q", "--format", "csv"]), "-e", text]
    if peer == "duckdb":
        return [DUCKDB, "-csv", "-nullvalue", "", "-c", text]
    if peer == "miller":
        return ["mlr"] + text.split()
    if reads_all:
        return [PYTHON, "-c", POLARS + READ.format("t", path) + PRINT.format(text)]
    return [PYTHON, "-c", POLARS + SCAN.replace("FILE", path) + PRINT.format(f"({text}).collect()")]


def command_loaded(peer, questions, paths, rows):
    """One process that loads the tables, then answers all the questions, with a mark before and after each."""
    texts = [filled(getattr(question, peer), peer, "", rows) for question in questions]
    if peer == "rounds":
        parts = [f'load "{path}" as {name}' for name, path in paths.items()] + ['say "mark 0"']
        for number, text in enumerate(texts, 1):
            parts += [text, f'say "mark {number}"']
        return [ROUNDS, "-q", "--format", "csv", "-e", "\n".join(parts)]
    if peer == "duckdb":
        # Without a terminal it would keep what it prints until the end.
        parts = ["stdbuf", "-oL", DUCKDB, "-csv", "-nullvalue", ""]
        for step in [f"create table {name} as from '{path}'" for name, path in paths.items()] + [".print mark 0"]:
            parts += ["-c", step]
        for number, text in enumerate(texts, 1):
            parts += ["-c", text, "-c", f".print mark {number}"]
        return parts
    code = POLARS + "".join(READ.format(name, path) for name, path in paths.items())
    code += "print('mark 0', flush=True); "
    for number, text in enumerate(texts, 1):
        code += PRINT.format(text) + f"print('mark {number}', flush=True); "
    return [PYTHON, "-c", code]


def floor(group, path, rows, runs):
    """CPU seconds that a bare loop takes for as much as must be done at least, in words for the report."""
    if not group.floor:
        return ""
    program = f"{FOLDER}/bench-floor"
    source = os.path.join(os.path.dirname(os.path.abspath(__file__)), "bench-floor.c")
    if not os.path.exists(program) or os.path.getmtime(program) < os.path.getmtime(source):
        subprocess.run(["cc", "-O2", "-o", program, source], check=True)
    words = {"read": [path], "sum": [str(rows)], "write": [path, written("floor")]}[group.floor]
    times = [float(subprocess.run([program, group.floor, *words], check=True, capture_output=True, text=True).stdout)
             for _ in range(runs)]
    what = {
        "read": "reads the file once and counts its lines", "sum": "adds one column by a group number",
        "write": "copies the file"}[group.floor]
    return f"A bare loop that {what} takes {spread(times)} of CPU time."


# --- Answers ---------------------------------------------------------------------------------------------------


def cells(output):
    """The cells of a CSV without its head, numbers as numbers, and dates and times in one form."""
    rows = list(csv.reader(io.StringIO(output)))[1:]
    return [[cell(text) for text in row] for row in rows if row]


def cell(text):
    try:
        return float(text)
    except ValueError:
        when = re.fullmatch(r"(\d{4}-\d\d-\d\d)[T ](\d\d:\d\d(?::\d\d)?)(?:\.0+)?", text)
        return f"{when[1]} {when[2]}" if when else text


def agree(one, other, tolerance):
    def same(a, b):
        if isinstance(a, float) and isinstance(b, float):
            return math.isclose(a, b, rel_tol=tolerance)
        return a == b
    return len(one) == len(other) and all(
        len(a) == len(b) and all(map(same, a, b)) for a, b in zip(one, other))


def check(question, outputs):
    """Says where a peer's answer is not the one of Rounds. Miller sorts and counts in its own way."""
    if question.name == "start":
        return True
    answers = {peer: cells(output) for peer, output in outputs.items() if peer != "miller"}
    mine = answers.pop("rounds")
    wrong = [peer for peer, answer in answers.items() if not agree(mine, answer, question.tolerance)]
    for peer in wrong:
        say(f"The answers of Rounds and {peer} differ: {question.name}")
        say(f"  rounds: {mine[:3]}")
        say(f"  {peer}: {answers[peer][:3]}")
    return not wrong


# --- Groups ----------------------------------------------------------------------------------------------------


@dataclass
class Row:
    """What was measured of one question: the usages of each peer, in the order of the runs."""

    question: str
    usages: dict
    agrees: bool


def in_turn(commands, runs, run):
    """Runs each peer's command once in turn, over and over; Miller, which takes minutes, once."""
    measured = {peer: [] for peer in commands}
    for turn in range(runs):
        for peer, command in commands.items():
            if peer != "miller" or turn == 0:
                measured[peer].append(run(command))
    return measured


def measure_alone(group, peers, runs, path, size, reads_all=False):
    rows = []
    for question in group.questions:
        say(f"  {question.name}")
        commands = {peer: command_alone(peer, question, path, size, reads_all) for peer in peers}
        commands = {peer: command for peer, command in commands.items() if command}
        warm(path)
        measured = in_turn(commands, runs, run_alone)
        agrees = check(question, {peer: usages[0].output for peer, usages in measured.items()})
        rows.append(Row(question.name, measured, agrees))
    return rows


def warm(path):
    """The file is read once, so that the first peer does not pay for the disk."""
    with open(path, "rb") as file:
        while file.read(1 << 20):
            pass


def measure_loaded(group, peers, runs, paths, size):
    peers = [peer for peer in peers if peer != "miller"]
    commands = {peer: command_loaded(peer, group.questions, paths, size) for peer in peers}
    for path in paths.values():
        warm(path)
    measured = in_turn(commands, runs, run_marked)
    rows = []
    for number, question in enumerate(group.questions):
        usages = {peer: [parts[number] for parts in results] for peer, results in measured.items()}
        agrees = check(question, {peer: each[0].output for peer, each in usages.items()})
        rows.append(Row(question.name, usages, agrees))
    return rows


def report_ratios(rows, group, size):
    peers = [peer for peer in ("duckdb", "polars", "miller") if any(peer in row.usages for row in rows)]
    head = ["question", "rounds CPU", "wall", "memory"]
    for peer in peers:
        head += [f"{peer}: CPU ratio", "wall", "memory"]
    table = [head]
    loaded = group.run == "loaded"
    for row in rows:
        mine = row.usages["rounds"]
        line = [row.question + ("" if row.agrees else " (answers differ)")]
        line += [spread([u.cpu for u in mine]), spread([u.wall for u in mine]), size_text(mine)]
        for peer in peers:
            theirs = row.usages.get(peer)
            if not theirs:
                line += ["", "", ""]
                continue
            line += [ratio(mine, theirs, key) for key in ("cpu", "wall", "memory")]
        table.append(line)
    if loaded:
        line = ["geometric mean", "", "", ""]
        for peer in peers:
            line += [geometric(rows, peer, "cpu"), geometric(rows, peer, "wall"), ""]
        table.append(line)
    return table


def ratio_of(mine, theirs, key):
    divisor = median(getattr(u, key) for u in theirs)
    return median(getattr(u, key) for u in mine) / max(divisor, 1e-9)


def ratio(mine, theirs, key):
    return f"{ratio_of(mine, theirs, key):.2f}"


def geometric(rows, peer, key):
    ratios = [ratio_of(row.usages["rounds"], row.usages[peer], key) for row in rows if peer in row.usages]
    if not ratios or min(ratios) <= 0:
        return ""
    return f"{math.exp(sum(map(math.log, ratios)) / len(ratios)):.2f}"


def spread(values):
    """The median with the lowest and highest, in seconds, or milliseconds where they are short."""
    factor, unit = (1000, "ms") if median(values) < 1 else (1, "s")
    form = "{:.1f}" if factor == 1000 else "{:.2f}"
    middle, low, high = (
        form.format(factor * value) for value in (median(values), min(values), max(values)))
    return f"{middle} {unit} ({low}–{high})"


def own_memory():
    """The highest resident size of this program, in bytes: the system counts it to each program started from here,
    so that less than this cannot be told."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024


def size_text(usages):
    size = median(u.memory for u in usages)
    return ("≤ " if size <= own_memory() else "") + f"{size / 1e6:,.0f} MB"


def median(values):
    values = sorted(values)
    middle = len(values) // 2
    return values[middle] if len(values) % 2 else (values[middle - 1] + values[middle]) / 2


def measure_growth(group, peers, runs, rows):
    """Each question at a fifth, once and five times the rows: how much longer the largest takes."""
    sizes = [max(1000, rows // 5), rows, rows * 5]
    peers = [peer for peer in peers if peer in ("rounds", "duckdb")]
    table = [["question", "peer"] + [f"{size:,} rows, CPU" for size in sizes] + ["wall at the largest", "growth of CPU", "of wall"]]
    measured = {}
    for size in sizes:
        path = encounters(size)
        say(f"  {size:,} rows")
        for row in measure_alone(group, peers, runs if size <= rows else min(runs, 3), path, size):
            for peer, usages in row.usages.items():
                measured.setdefault((row.question, peer), []).append(usages)
    for (question, peer), usages in measured.items():
        cpu = [median(u.cpu for u in each) for each in usages]
        wall = [median(u.wall for u in each) for each in usages]
        table.append(
            [question, peer] + [spread([u.cpu for u in each]) for each in usages]
            + [spread([u.wall for u in usages[-1]]), f"{cpu[-1] / cpu[0]:.1f} ×", f"{wall[-1] / wall[0]:.1f} ×"])
    return table


def measure(group, peers, runs, rows):
    """The table of a group's results, and a line about the floor below it."""
    if group.run == "keys":
        return bench_keys.measure(ROUNDS, rows), ""
    if group.run == "growth":
        return measure_growth(group, peers, runs, rows), ""
    paths = {name: maker(rows) for name, maker in group.tables}
    first = next(iter(paths.values()))
    if group.run == "loaded":
        measured = measure_loaded(group, peers, runs, paths, rows)
    else:
        measured = measure_alone(group, peers, runs, first, rows, reads_all=group.run == "load")
    if group.floor == "write":
        compare_written(measured, peers)
    below = floor(group, first, rows, runs)
    for peer in ["floor", *peers]:
        if os.path.exists(written(peer)):
            os.remove(written(peer))
    return report_ratios(measured, group, rows), below


def compare_written(rows, peers):
    """Reads back what each program wrote: all must hold the same."""
    facts = {}
    for peer in peers:
        if os.path.exists(written(peer)):
            query = (
                "select count(*), count(distinct encounter_id), sum(charges::decimal(18, 2)), sum(age), count(los_hours),"
                f" min(admitted), max(discharged) from '{written(peer)}'")
            facts[peer] = subprocess.run([DUCKDB, "-csv", "-c", query], check=True, capture_output=True).stdout
    if len(set(facts.values())) > 1:
        say(f"The files differ: {facts}")
        for row in rows:
            row.agrees = False


# --- Reports ---------------------------------------------------------------------------------------------------


def markdown(table):
    """The table with its columns aligned, so that it reads well as plain text too."""
    widths = [max(len(line[i]) for line in table) for i in range(len(table[0]))]
    def form(line):
        first, *others = (cell.ljust(w) if i == 0 else cell.rjust(w) for i, (cell, w) in enumerate(zip(line, widths)))
        return "| " + " | ".join([first, *others]) + " |"
    rule = "| " + " | ".join(["-" * widths[0]] + ["-" * (w - 1) + ":" for w in widths[1:]]) + " |"
    return "\n".join([form(table[0]), rule] + [form(line) for line in table[1:]])


def machine():
    model = "unknown processor"
    try:
        with open("/proc/cpuinfo") as file:
            model = next((line.split(":", 1)[1].strip() for line in file if line.startswith("model name")), model)
    except OSError:
        pass
    return f"{len(os.sched_getaffinity(0))} processors, {model}, {platform.system()} {platform.machine()}"


def version(command):
    try:
        text = subprocess.run(command, capture_output=True, text=True).stdout.split("\n")[0].strip()
    except OSError:
        return None
    found = re.search(r"\d+\.\d+(\.\d+)?", text)
    return found[0] if found else None


def versions(peers):
    commands = {
        "duckdb": [DUCKDB, "--version"],
        "polars": [PYTHON, "-c", "import polars; print(polars.__version__)"],
        "miller": ["mlr", "--version"],
    }
    return ", ".join(f"{peer} {version(commands[peer])}" for peer in peers if peer in commands)


def keep(group, text):
    """Replaces the group's part of the file of results."""
    parts = {}
    if os.path.exists(RESULTS):
        with open(RESULTS) as file:
            pieces = re.split(r"^## ", file.read(), flags=re.M)[1:]
        parts = {piece.split("\n", 1)[0].split(":")[0]: "## " + piece.strip() for piece in pieces}
    parts[group.name] = text
    head = (
        "# Measured against others\n\n"
        "Made by `Scripts/bench`. A ratio is Rounds divided by the other: under 1, Rounds took less. Medians; the\n"
        "lowest and highest run in brackets. Each program runs in turn on the same machine, files in the page cache.\n")
    order = [name for name in [*(g.name for g in GROUPS), "notes"] if name in parts]
    with open(RESULTS, "w") as file:
        file.write("\n".join([head] + [parts[name] + "\n" for name in order]))


def summary():
    """The table of README.md: for each group the geometric mean of its questions' CPU and wall ratios."""
    with open(RESULTS) as file:
        pieces = re.split(r"^## ", file.read(), flags=re.M)[1:]
    lines = ["| work | DuckDB: CPU, wall | Polars: CPU, wall |", "| --- | --- | --- |"]
    for piece in pieces:
        rows = [[cell.strip() for cell in line.split("|")[1:-1]] for line in piece.split("\n") if line.startswith("|")]
        columns = {cell.split(":")[0]: place for place, cell in enumerate(rows[0])
                   if cell.endswith(": CPU ratio")} if rows else {}
        if "duckdb" not in columns:
            continue
        questions = [row for row in rows[2:] if row[0] != "geometric mean"]
        means = []
        for peer in ["duckdb", "polars"]:
            place = columns.get(peer)
            if place is None or not all(row[place] for row in questions):
                means.append("")
                continue
            values = [[float(row[place + offset]) for row in questions] for offset in (0, 1)]
            means.append(", ".join(f"{statistics.geometric_mean(column):.2f}" for column in values))
        lines.append(f"| {piece.split(chr(10), 1)[0].split(': ', 1)[1]} | {means[0]} | {means[1]} |")
    return lines


def tell_readme():
    """Puts the table into README.md, in the place of the one that is there."""
    with open(README) as file:
        lines = file.read().split("\n")
    made = summary()
    first = lines.index(made[0])
    last = next(number for number in range(first, len(lines)) if not lines[number].startswith("|"))
    with open(README, "w") as file:
        file.write("\n".join(lines[:first] + made + lines[last:]))


def touch_memory():
    """Fills half of the memory that is free, once, and lets it go.

    A virtual machine gets its memory from the host when it is first written to, which takes longer than many a question:
    whoever comes first would pay for it.
    """
    with open("/proc/meminfo") as lines:
        free = next(int(line.split()[1]) for line in lines if line.startswith("MemAvailable")) << 10
    subprocess.run([sys.executable, "-c", f"x = [b'x' * (1 << 26) for _ in range({min(free // 2, 12 << 30) >> 26})]"])


def main():
    parser = argparse.ArgumentParser(
        prog="Scripts/bench", formatter_class=argparse.RawDescriptionHelpFormatter,
        description="Measures Rounds against its peers.",
        epilog="groups:\n" + "\n".join(f"  {group.name:10} {group.title}" for group in GROUPS))
    parser.add_argument("groups", nargs="*", metavar="group", help="which groups; all when none is named")
    parser.add_argument("--rows", type=int, help="rows of the data; each group has its own")
    parser.add_argument("--runs", type=int, default=5, help="runs of each, in turn (%(default)s)")
    parser.add_argument("--peers", default="rounds,duckdb,polars,miller", help="which programs (%(default)s)")
    parser.add_argument("--keep", action="store_true", help="keep the results at other sizes too")
    options = parser.parse_args()
    names = [group.name for group in GROUPS]
    unknown = [name for name in options.groups if name not in names]
    if unknown or (options.rows or 1) < 1 or options.runs < 1:
        parser.error(f"no such group: {', '.join(unknown)}" if unknown else "--rows and --runs are at least 1")
    peers = ["rounds"] + [peer for peer in options.peers.split(",") if peer != "rounds"]
    print(f"{machine()}; {versions(peers)}\n")
    for group in GROUPS:
        if options.groups and group.name not in options.groups:
            continue
        say(f"{group.name}: {group.title} …")
        touch_memory()
        try:
            rows = options.rows or group.rows
            table, below = measure(group, peers, options.runs, rows)
        except (RuntimeError, subprocess.CalledProcessError) as failure:
            say(f"{group.name} failed: {failure}")
            sys.exit(1)
        text = (
            f"## {group.name}: {group.title}\n\n{rows:,} {'keys' if group.run == 'keys' else 'rows'}, {options.runs} runs; {machine()};"
            f" {versions(peers)}.\n\n{markdown(table)}" + (f"\n\n{below}" if below else ""))
        print(text + "\n", flush=True)
        if options.keep or rows == group.rows:
            keep(group, text)
            tell_readme()


if __name__ == "__main__":
    main()
