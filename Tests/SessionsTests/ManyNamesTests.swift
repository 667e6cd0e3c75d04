import Sessions
import TestSupport
import Testing

/// Names and values that mean what they say wherever they stand, and edges of numbers.
@Suite struct ManyNamesTests {
  @Test func aTableOfOneColumnIsAListBehindIn() {
    let table = "let ks = table [{k: \"a\"}, {k: \"b\"}]\n"
    #expect(Ran(table + "table [{x: \"a\"}, {x: \"c\"}] | filter x in ks").cells == ["a"])
    #expect(Ran(table + "table [{x: \"a\"}, {x: \"c\"}] | filter x not in ks").cells == ["c"])
  }

  @Test func aRangeUnderANameSaysThatItHoldsWholeNumbers() {
    let run = Ran("let r = 2..4\ntable [{x: 2.5}, {x: 3.0}] | filter x in r")
    #expect(run.cells == ["3.0"])
    #expect(
      run.notes.contains { $0.hasPrefix("`r` is a list of whole numbers: nothing between them is in it") })
    #expect(Ran("let r = 2..4\ntable [{x: 2}] | filter x in r").notes == [])
    #expect(Ran("def inside(x) = x in 2..4\ntable [{x: 2.5}] | filter inside(x)").cells == ["2.5"])
  }

  @Test func fieldsOfANamedRecordAreRead() {
    #expect(Ran("let r = {a: 1, b: {c: 2}}\nsay f\"{r.a} {r.b.c}\"").cells == ["1 2"])
  }

  @Test func aSearchInAListSeesOtherColumnsAndFieldsOfFields() {
    let rows =
      "table [{w: \"y\", l: [{k: \"x\", v: 1, t: {c: \"p\"}}, {k: \"y\", v: 2, t: {c: \"q\"}}]}] | "
    #expect(Ran(rows + "select a = l[k == w].v").cells == ["2"])
    #expect(Ran(rows + "select a = l[t.c == \"p\"].v").cells == ["1"])
    #expect(Ran("let want = \"x\"\n" + rows + "select a = l[k == want].v").cells == ["1"])
    // A field hides a column of its name.
    #expect(Ran(rows + "derive k = \"y\" | select a = l[k == \"x\"].v").cells == ["1"])
  }

  @Test func aMeasureMayHoldAPipeline() {
    let text =
      "let t = table [{x: 1}, {x: 5}]\ndef many(a) = (t | filter x > 2 | aggregate n = count()) + a\nsay f\"{many(1)}\""
    #expect(Ran(text).cells == ["2"])
    let faulty = Ran("def f(a) = a + y\ntable [{x: 1, y: 2}] | derive z = f(x)")
    #expect(faulty.messages == ["a measure sees its parameters and named values, not the column `y`"])
  }

  @Test func percentsAndSeedsMayHaveNames() {
    #expect(
      Ran("let p = 50%\ntable x = 1..40 | sample p seed 1").cells
        == Ran("table x = 1..40 | sample 50% seed 1").cells)
    let seeded = Ran("let s = 3\ntable [{s: 9}, {s: 8}] | sample 1 seed s")
    #expect(seeded.cells == Ran("table [{s: 9}, {s: 8}] | sample 1 seed 3").cells)
  }

  @Test func theLeastIntIsANumberAsAnyOther() {
    #expect(Ran("table [{a: 1}, {a: 2}] | take -9223372036854775808 | count").cells == ["2"])
    #expect(Ran("table [{a: 1}] | skip -9223372036854775808").status == .failed)
    #expect(Ran("table [{a: 1}] | top -9223372036854775808 a").status == .failed)
    #expect(Ran("try -9223372036854775808").status == .failed)
  }

  @Test func narrowBinsHaveLabelsOfTheirOwn() {
    let rows = "table [{x: 3.5e-13}, {x: 1.2e-13}, {x: 8e-13}] | "
    #expect(Ran(rows + "select b = bin(x, 1e-13)").cells == ["3e-13-<4e-13", "1e-13-<2e-13", "8e-13-<9e-13"])
    #expect(Ran("table [{x: 0.3}] | select b = bin(x, 0.1)").cells == ["0.3-<0.4"])
    #expect(Ran("table [{x: 1.00000000000001}] | select b = bin(x, 1e-14)").status == .failed)
  }

  @Test func divisionOfFloatsLeavesWhatItsRestSays() {
    // As Python's // and %.
    #expect(
      Ran(
        "table [{a: 1.0, b: 0.1}, {a: -3.0, b: 0.3}, {a: 64.0, b: 0.1}, {a: 5.5, b: -2.0}] | select q = a // b"
      ).cells
        == ["9.0", "-11.0", "639.0", "-3.0"])
    #expect(Ran("table [{a: 1.0, b: 0.1}] | select same = (a // b) * b + a % b == a").cells == ["true"])
  }

  @Test func greatOppositeNumbersHaveAMedian() {
    let rows = "table [{f: 1.7e308}, {f: -1.7e308}] | "
    #expect(Ran(rows + "aggregate m = median(f)").cells == ["0.0"])
    #expect(Ran(rows + "derive d = difference(f) sort -f").status == .failed)
    #expect(
      Ran("table [{f: 1.7e308}, {f: 1.7e308}] | derive b = rolling_sum(f, 1) sort f | select b").cells == [
        "1.7e+308", "1.7e+308",
      ])
  }

  @Test func aFaultIsOfRowsThatAreThere() {
    // What a filter left out, or lies under a missing value, is nobody's fault.
    let rows = "table [{s: \"(\", k: 1}, {s: \"a\", k: 2}] | filter k == 2 | "
    #expect(Ran(rows + "select r = extract(\"abc\", s)").cells == ["a"])
    #expect(Ran("table [{s: \"(\"}] | select r = extract(\"abc\", s)").status == .failed)
    let least = "table [{a: 9223372036854775807}, {a: 5}] | derive b = nullif(a, 9223372036854775807) | "
    #expect(Ran(least + "select c = round(b, -1)").cells == ["missing", "10"])
  }

  @Test func anOverflowNamesItsGroup() {
    let rows = "let t = table [{a: 9223372036854775807, g: \"q\"}, {a: 1, g: \"q\"}, {a: 1, g: \"p\"}]\n"
    #expect(
      Ran(rows + "t | aggregate s = sum(a) by g").messages == [
        "sum(a): the sum is 9223372036854775808, which does not fit in 64 bits (g q)"
      ])
  }

  @Test func durationsAreReadExactly() {
    #expect(
      Ran("table [{t: \"106000000d\"}, {t: \"1.5h\"}, {t: \"2h 15m\"}] | select d = duration(t)").cells == [
        "106000000d", "1h 30min", "2h 15min",
      ])
  }

  @Test func productsMakeACurve() {
    let rows = "table [{d: 1, n: 4}, {d: missing, n: 3}, {d: 1, n: 2}, {d: 1, n: 1}] | "
    #expect(
      Ran(rows + "derive s = running_product(1 - d / n) sort -n | select s").cells == [
        "0.75", "0.75", "0.375", "0.0",
      ])
    #expect(
      Ran(rows + "aggregate p = product(n), q = product(d, where: n > 9)").cells == ["24.0", "missing"])
    #expect(Ran("table [{a: 1e200}, {a: 1e200}] | aggregate p = product(a)").status == .failed)
    // On its way a product may be greater than any number, in whatever order the rows come.
    #expect(Ran("table [{a: 1e200}, {a: 1e200}, {a: 0.0}] | aggregate p = product(a)").cells == ["0.0"])
    #expect(
      Ran("table [{a: -1e200}, {a: 1e200}, {a: 1e-300}] | aggregate p = product(a)").cells == ["-1e+100"])
  }
}
