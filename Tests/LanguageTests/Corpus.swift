import Diagnostics
import Testing

@testable import Language

/// The outline of a text without faults; the faults in its place where there are any.
func outline(_ text: String) -> String {
  let script = Parser.parse(SourceText(text))
  if let fault = script.diagnostics.first { return "\(fault.code): \(fault.message)" }
  return script.outline
}

/// The outline of one expression, read as the condition of a filter would be.
func expression(_ text: String) -> String {
  let whole = outline("x | filter (\(text))")
  guard whole.hasPrefix("x: | filter: <"), whole.hasSuffix(">") else { return whole }
  return String(whole.dropFirst("x: | filter: <".count).dropLast())
}

/// The codes of all faults of a text, in its order.
func codes(_ text: String) -> [String] { Parser.parse(SourceText(text)).diagnostics.map(\.code) }

/// The text with every fix of its first fault that has one applied.
func mended(_ text: String) -> String? {
  let source = SourceText(text)
  guard let fix = Parser.parse(source).diagnostics.compactMap(\.fix).first else { return nil }
  let bytes = source.bytes
  return String(
    decoding: bytes[..<fix.range.lower] + Array(fix.replacement.utf8) + bytes[fix.range.upper...],
    as: UTF8.self)
}

/// Well-formed texts of every construct: what the printer and the mutations are tried on.
let corpus: [String] = [
  """
  # How long do adults wait in the emergency department, month by month?
  param since = 2025-01-01
  load "encounters.csv"

  encounters
  | filter department == "Emergency" and age >= 18 and admitted >= since
  | derive los = hours(discharged - admitted)
  | aggregate visits = count(), typical = median(los), over_4h = percent(los > 4) by month = start_of(admitted, month)
  | chart line typical by month
  """,
  "t | take 3 by ward sort -n",
  "t | top 5 -x",
  "t | sort a, -b, c desc",
  "let x = t | take 3",
  "let n = (t | aggregate count())",
  "def rate(k, n) = 1000 * k / n",
  "param ward: text = \"A\" \"which ward\"",
  "load \"a b.csv\" as t with delimiter = \";\", missing = [\"N/A\"], types = {admitted: date(\"%d/%m/%Y\")}",
  "t | filter a = 3 and b = \"x\" or not c",
  "t | filter x in (\"a\", \"b\") and y not in [1..5, 7] and z in other.id",
  "t | filter x in (u | filter k == 1 | select id)",
  "t | filter age between 18 and 65 and name not like \"%x\" and code ~ \"\\d+\" and code !~ 'q'",
  "t | derive band = case { age < 18 -> \"child\", age < 65 -> \"adult\", else -> \"older\" }",
  """
  t
  | derive band = case sex {
      "f" -> "female"   # as coded
      "m" -> "male"

      else -> missing
    }, n = 2
  | take 3   # three are enough
  """,
  "t | derive x = if(a > 1, \"x\", \"y\") ?? \"z\", y = -2^2 + 3 // 4 % 5",
  "t | derive p = 12%, d = 30d 4h 15min, w = 2026-10-01T08:30:15.5+01:00, z = 2026-10-01",
  "t | derive s = f\"{name:>10} of {a + 1} {{x}}\"",
  "t | derive c = x[0].code, v = x[code == \"1\"].value, w = T.`a b`",
  "t | select a..f, starts_with(\"lab_\"), `Facility ID`, new = 1",
  "t | derive (risk, lo, hi) = proportion(k, n)",
  "t | join left (u | take 1 by id) as v on t.id == v.id and v.day between a and a + 24h",
  "t | pivot rows a, b columns c in [\"x\", \"y\"] values count()",
  "table [{a: 1, b: \"x\"}, {a: 2, b: missing}] | show",
  "\"x.csv\" with strict = true | count by a",
  "(t | take 1) | show; u | show",
  "| take 3",
  "assert count(t) > 3 \"too few\"",
  "t | measures { rate k, n per 1000\n share sum(x) / 2 }",
  "t\n  | filter is_weekend(d) is not missing\n  # why\n  | count\n\nsay \"done\"",
  "t | filter (a or b) and not (c == d)",
]
