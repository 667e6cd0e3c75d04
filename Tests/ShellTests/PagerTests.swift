import Shell
import TestSupport
import Testing

@Suite struct PagerTests {
  private func model(rows: Int = 8, columns: Int = 30, lines: Int = 50) -> PagerModel {
    let body = (1...lines).map {
      "r\($0)".padded(to: 6) + "\u{1B}[0;36m日本\u{1B}[0m middle of the row \($0) END\($0)"
    }
    return PagerModel(
      ["name  columns of the table and more of them", "------"] + body, headerLines: 2, frozenColumns: 6,
      coloured: true, size: TerminalSize(columns: columns, rows: rows))
  }

  private func screen(_ model: PagerModel) -> TerminalScreen {
    var screen = TerminalScreen(columns: model.size.columns, rows: model.size.rows)
    screen.feed(model.paint())
    return screen
  }

  private func press(_ model: inout PagerModel, _ keys: String) {
    for scalar in keys.unicodeScalars { _ = model.press(.character(scalar)) }
  }

  @Test func headerAndFirstColumnStay() {
    var pager = model()
    press(&pager, "jjl")
    let shown = screen(pager)
    #expect(shown.line(0).hasPrefix("name  "))
    #expect(shown.line(1) == "------")
    #expect(shown.line(2).hasPrefix("r3    dle of the row 3"))
    #expect(pager.left == 8)
    press(&pager, "h")
    #expect(screen(pager).line(2).hasPrefix("r3    日本 middle"))
    #expect(screen(pager).style(of: "日本") == "36")
  }

  /// A number of which only the end can be seen would be another one.
  @Test func aTableMovesByWholeColumns() {
    let rows = (1...9).map {
      "\($0)".padded(to: 4) + "word\($0)".padded(to: 30) + "  490,490.98  other \($0)"
    }
    var pager = PagerModel(
      [
        "id".padded(to: 4) + "name".padded(to: 30) + "  amount      other",
        "──  " + String(repeating: "─", count: 28) + "    ──────────  ───────",
      ]
        + rows, headerLines: 2, frozenColumns: 4, coloured: false, size: TerminalSize(columns: 40, rows: 6))
    #expect(screen(pager).line(2).hasSuffix("490…"))
    #expect(screen(pager).line(5).contains(", column 2 of 4"))
    press(&pager, "l")
    #expect(screen(pager).line(2) == "1   490,490.98  other 1")
    #expect(screen(pager).line(5).contains("columns 3-4 of 4"))
    press(&pager, "h")
    #expect(pager.left == 0)
    press(&pager, "$")
    #expect(screen(pager).line(2) == "1   490,490.98  other 1")
    // Of a column that is wider than the screen the marks say that there is more.
    pager.size = TerminalSize(columns: 20, rows: 6)
    press(&pager, "0l")
    #expect(screen(pager).line(1).hasPrefix("──  ─"))
    for columns in 8...60 {
      pager.size = TerminalSize(columns: columns, rows: 6)
      press(&pager, "0lll$hh")
      #expect(screen(pager).line(2).hasPrefix("1"))
    }
    #expect(pager.press(.character("\u{1A}")) == .stop)
  }

  @Test func theLineAboveATotalIsNoRow() {
    let pager = PagerModel(
      ["n", "-", "1", "2", "3", "-", "6", "4 rows"], headerLines: 2, tailLines: 1, otherLines: 1,
      frozenColumns: 0, coloured: false, size: TerminalSize(columns: 40, rows: 5))
    #expect(screen(pager).line(4).hasPrefix("rows 1-2 of 4"))
  }

  @Test func endsAndPages() {
    var pager = model()
    press(&pager, "G")
    #expect(pager.top == 45)
    #expect(screen(pager).line(6).hasPrefix("r50"))
    #expect(screen(pager).line(7).contains("of 50"))
    press(&pager, "b")
    #expect(pager.top == 40)
    press(&pager, "g kk")
    #expect(pager.top == 3)
    #expect(pager.press(.character("q")) == .leave)
  }

  @Test func searchGoesToTheLineAndShowsTheColumn() {
    var pager = model()
    press(&pager, "/end30\n")
    #expect(screen(pager).text.contains("END30"))
    #expect(screen(pager).style(of: "END30") == "7")
    press(&pager, "N")
    #expect(screen(pager).line(7).contains("not found above"))
    press(&pager, "g/row 4\nn")
    #expect(screen(pager).text.contains("r40"))
    press(&pager, "/nowhere\n")
    #expect(screen(pager).line(7).contains("not found"))
  }

  @Test func aWideCharacterCutByTheEdgeIsBlank() {
    var pager = PagerModel(
      ["日本語日本語日本語"], headerLines: 0, frozenColumns: 0, coloured: true,
      size: TerminalSize(columns: 5, rows: 3))
    #expect(screen(pager).line(0) == "日本")
    press(&pager, "$")
    #expect(pager.left == 13)
    #expect(screen(pager).line(0) == " 本語")
  }

  @Test func whatIsSaidOfTheRowsIsNotCountedAndDoesNotMove() {
    var pager = PagerModel(
      ["a          b", "1          2", "3          4", "2 rows × 2 columns"], headerLines: 1, tailLines: 1,
      frozenColumns: 0, coloured: false, size: TerminalSize(columns: 40, rows: 5))
    #expect(screen(pager).line(4).hasPrefix("rows 1-2 of 2 (end)"))
    pager.size = TerminalSize(columns: 10, rows: 5)
    press(&pager, "$")
    #expect(pager.left > 0)
    #expect(screen(pager).line(3) == "2 rows × 2")
  }

  @Test func controlCharactersInTheLinesAreShown() {
    let pager = PagerModel(
      ["a\u{1B}[2Jb"], headerLines: 0, frozenColumns: 0, coloured: true,
      size: TerminalSize(columns: 20, rows: 3))
    #expect(screen(pager).line(0) == "a^[[2Jb")
  }

  @Test(arguments: 1...6) func anySize(rows: Int) {
    for columns in [2, 7, 200] {
      var pager = model()
      pager.size = TerminalSize(columns: columns, rows: rows)
      press(&pager, "Gl$/x\n")
      #expect(pager.rows().count == rows)
      _ = screen(pager)
    }
  }
}

extension String {
  fileprivate func padded(to width: Int) -> String {
    self + String(repeating: " ", count: max(0, width - count))
  }
}
