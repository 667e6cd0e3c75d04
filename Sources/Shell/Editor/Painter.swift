/// Makes the bytes that turn one frame on the terminal into the next. Pure.
package enum Painter {
  /// - Parameters:
  ///   - old: what is on the screen; nil when the cursor stands at the start of a fresh row.
  ///   - new: what is to be there.
  package static func paint(from old: Frame?, to new: Frame) -> [UInt8] {
    if let old, old == new { return [] }
    var bytes = Array("\u{1B}[?2026h\u{1B}[?25l".utf8)
    var row = 0
    var last = 0
    if let old {
      (row, last) = (old.cursorRow, old.rows.count - 1)
    } else {
      bytes.append(contentsOf: "\r".utf8)
    }
    for (index, next) in new.rows.enumerated() {
      if let old, index < old.rows.count, old.rows[index] == next { continue }
      move(from: &row, to: index, last: &last, &bytes)
      bytes.append(contentsOf: "\r".utf8)
      bytes.append(contentsOf: next.bytes)
      // On a full row the erase would take its last character.
      if next.width < new.columns { bytes.append(contentsOf: "\u{1B}[K".utf8) }
    }
    if last >= new.rows.count {
      move(from: &row, to: new.rows.count, last: &last, &bytes)
      bytes.append(contentsOf: "\r\u{1B}[J".utf8)
    }
    move(from: &row, to: new.cursorRow, last: &last, &bytes)
    bytes.append(contentsOf: "\r".utf8)
    if new.cursorColumn > 0 { bytes.append(contentsOf: "\u{1B}[\(new.cursorColumn)C".utf8) }
    bytes.append(contentsOf: "\u{1B}[?25h\u{1B}[?2026l".utf8)
    return bytes
  }

  /// Goes to a row; rows that are not there yet are made by line feeds, which scroll where they must.
  private static func move(from row: inout Int, to target: Int, last: inout Int, _ bytes: inout [UInt8]) {
    if target < row {
      bytes.append(contentsOf: "\u{1B}[\(row - target)A".utf8)
    } else if target > row {
      let known = min(target, last)
      if known > row { bytes.append(contentsOf: "\u{1B}[\(known - row)B".utf8) }
      for _ in 0..<max(0, target - max(known, row)) { bytes.append(contentsOf: "\r\n".utf8) }
    }
    row = target
    last = max(last, target)
  }

  /// Goes to the first row of a frame that the terminal has reflowed to another width, and clears from there.
  package static func clear(_ old: Frame, columns: Int) -> [UInt8] {
    var above = 0
    if columns < old.columns {
      for row in old.rows.prefix(old.cursorRow) { above += max(1, (row.width + columns - 1) / columns) }
      above += old.cursorColumn / columns
    } else {
      above = old.cursorRow
    }
    return Array(((above > 0 ? "\u{1B}[\(above)A" : "") + "\r\u{1B}[J").utf8)
  }

  /// Leaves a frame: the cursor goes to a fresh row below it.
  package static func leave(_ frame: Frame) -> [UInt8] {
    let down = frame.rows.count - 1 - frame.cursorRow
    return Array(((down > 0 ? "\u{1B}[\(down)B" : "") + "\r\n").utf8)
  }
}
