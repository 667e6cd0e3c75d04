import Testing

/// The saved scripts, run on the built-in hospital, against figures that Python's csv module and plain loops give on
/// the exported tables.
@Suite struct SavedScriptTests {
  static let names = ["ed-monthly", "ehr-adoption", "readmissions"]

  @Test(arguments: names) func checksAndIsLaidOut(_ name: String) throws {
    let folder = try CommandFolder()
    defer { try? folder.remove() }
    let script = "Scripts/\(name).rounds"
    #expect(try folder.run("rounds check --demo \(script)") == "")
    #expect(try folder.run("rounds fmt --check \(script)") == "")
    let text = try CommandFolder.read(folder.path + "/" + script)
    #expect(text.hasPrefix("# "))
    for word in ["\nparam ", "\nassert "] { #expect(text.contains(word)) }
    for line in text.split(separator: "\n") where line.hasPrefix("param ") {
      #expect(line.hasSuffix("\""), "a parameter without help: \(line)")
    }
  }

  @Test(arguments: names) func givesWhatPlainLoopsGive(_ name: String) throws {
    let folder = try CommandFolder()
    defer { try? folder.remove() }
    guard try folder.run("command -v python3") != "" else {
      print("python3 is not here: the figures of \(name) are not compared")
      return
    }
    for table in ["encounters", "staff", "training", "ehr_sessions"] {
      let said = try folder.run("rounds demo -q --format csv --output \(table).csv -e '\(table)'")
      #expect(said == "")
    }
    try folder.write(Self.python, to: "figures.py")
    let expected = try folder.run("python3 figures.py \(name)")
    let actual = try folder.run("rounds demo -q --format csv Scripts/\(name).rounds 2>/dev/null")
    #expect(expected.split(separator: "\n").count >= 2)
    #expect(try folder.run(Self.comparison(expected, actual)) == "", "\(expected)\n\n\(actual)")
  }

  /// Text in quotes and numbers that differ in their spelling (`100.0` and `100`) are the same figures.
  private static func comparison(_ expected: String, _ actual: String) -> String {
    """
    cat > expected.txt <<'END'
    \(expected)
    END
    cat > actual.txt <<'END'
    \(actual)
    END
    python3 figures.py compare
    """
  }

  @Test func readmissionsOverASmallWindowAreFewer() throws {
    let folder = try CommandFolder()
    defer { try? folder.remove() }
    func total(_ window: Int) throws -> Int? {
      let text = try folder.run(
        "rounds demo -q --format csv Scripts/readmissions.rounds --set window=\(window) 2>/dev/null")
      return text.split(separator: "\n").last?.split(separator: ",").dropFirst().first.flatMap { Int($0) }
    }
    let (week, month) = (try #require(try total(7)), try #require(try total(30)))
    #expect(week > 0 && week < month)
  }

  @Test func asksForFitDataAndFitParameters() throws {
    let folder = try CommandFolder()
    defer { try? folder.remove() }
    let none = try folder.run(
      "rounds demo Scripts/ed-monthly.rounds --set hospital=Nowhere; echo \"exit code $?\"")
    #expect(none.contains("no ED visit in this time at this site") && none.hasSuffix("exit code 3\n"))
    let backwards = try folder.run(
      "rounds demo -q Scripts/ehr-adoption.rounds --set first=2026-01-01; echo \"exit code $?\"")
    #expect(backwards.contains("the first day is after the last") && backwards.hasSuffix("exit code 3\n"))
    let wrong = try folder.run(
      "rounds demo Scripts/readmissions.rounds --set window=x; echo \"exit code $?\"")
    #expect(wrong.contains("window") && !wrong.hasSuffix("exit code 0\n"))
  }

  private static let python = """
    import csv, sys
    from collections import defaultdict
    from datetime import datetime, timedelta

    def rows(name):
        return list(csv.DictReader(open(name + '.csv', newline='')))

    def time(text):
        return datetime.fromisoformat(text) if text else None

    def percentile(values, p):
        values = sorted(values)
        at = (len(values) - 1) * p / 100
        low = int(at)
        high = min(low + 1, len(values) - 1)
        return values[low] + (values[high] - values[low]) * (at - low)

    def ed():
        months = defaultdict(list)
        for row in rows('encounters'):
            if row['class'] == 'ED' and '2025-01-01' <= row['admitted'][:10] <= '2025-12-31':
                months[row['admitted'][:7] + '-01'].append(row)
        for month in sorted(months):
            all = months[month]
            hours = [float(r['los_hours']) for r in all if r['los_hours']]
            known = [r for r in all if r['disposition']]
            print(month, len(all), percentile(hours, 50), percentile(hours, 90),
                  100 * sum(h > 4 for h in hours) / len(hours),
                  100 * sum(r['disposition'] == 'left before seen' for r in known) / len(known), sep=',')

    def adoption():
        first, final = '2025-07-01', '2025-12-31'
        people = {r['staff_id']: r for r in rows('staff')
                  if r['role'] in ('physician', 'resident', 'nurse practitioner')
                  and r['hired'] <= final and (not r['left'] or r['left'] > final)}
        use = defaultdict(list)
        for r in rows('ehr_sessions'):
            if first <= r['day'] <= final:
                use[r['staff_id']].append(r)
        courses = defaultdict(list)
        for r in rows('training'):
            if 'Meridian' in r['course'] and r['assigned'] <= final:
                courses[r['staff_id']].append(bool(r['completed']) and r['completed'] <= final)
        groups = defaultdict(list)
        for id, r in people.items():
            groups[r['department'], r['site']].append(id)
        lines = []
        for key, ids in groups.items():
            days = [s for id in ids for s in use[id]]
            done = [d for id in ids for d in courses[id]]
            lines.append(key + (len(ids), sum(bool(use[id]) for id in ids), len(days) / len(ids),
                sum(int(s['minutes']) for s in days) / len(days),
                sum(int(s['after_hours_minutes']) for s in days) / len(days),
                len(done), 100 * sum(done) / len(done)))
        for line in sorted(lines, key=lambda l: (round(l[-1], 1), l[0], l[1])):
            print(*line, sep=',')

    def readmissions():
        stays = [r for r in rows('encounters') if r['class'] == 'inpatient']
        end = max(time(r['admitted']) for r in stays)
        by_patient = defaultdict(list)
        for r in stays:
            by_patient[r['patient_id']].append(r)
        counts = defaultdict(lambda: [0, 0])
        for own in by_patient.values():
            own.sort(key=lambda r: r['admitted'])
            for r, following in zip(own, own[1:] + [None]):
                left = time(r['discharged'])
                if not left or r['disposition'] in ('died', 'transferred') or left + timedelta(days=30) > end:
                    continue
                counts[r['department']][0] += 1
                counts[r['department']][1] += bool(
                    following and time(following['admitted']) - left <= timedelta(days=30))
        for name, (n, k) in sorted(counts.items(), key=lambda item: -item[1][0]):
            print(name, n, k, 100 * k / n if n >= 30 else '', sep=',')
        n, k = (sum(c[i] for c in counts.values()) for i in (0, 1))
        print(n, k, 100 * k / n, sep=',')

    def compare():
        # The script rounds to at most two places, so a figure may be half of its last place away.
        expected = [r for r in csv.reader(open('expected.txt')) if r]
        actual = [r for r in csv.reader(open('actual.txt')) if r]
        actual = [r for r in actual if any(c.replace('.', '').isdigit() for c in r)]
        if len(expected) != len(actual):
            print(len(expected), 'rows expected,', len(actual), 'found')
        for e, a in zip(expected, actual):
            for x, y in zip(e, a):
                try:
                    places = len(y.rstrip('0').partition('.')[2])
                    same = abs(float(x) - float(y)) <= 0.5 * 10 ** -places + 1e-9
                    if '.' not in x and '.' not in y: same = x == y
                except ValueError:
                    same = x == y
                if not same: print('expected', x, 'found', y, 'in', a)
            if len(e) != len(a): print('expected', e, 'found', a)

    {'ed-monthly': ed, 'ehr-adoption': adoption, 'readmissions': readmissions, 'compare': compare}[sys.argv[1]]()
    """
}
