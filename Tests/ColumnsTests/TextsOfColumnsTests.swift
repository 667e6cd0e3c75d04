import Columns
import Testing

/// Functions of texts over whole columns give what they give row by row.
@Suite struct TextsOfColumnsTests {
  private static let texts: [Value] = [
    .text("a"), .text(""), .missing, .text("é-ü"), .text("a"), .text("long text of a ward"), .text("b-"),
  ]

  private static func column(_ values: [Value], _ type: DataType) -> Datum {
    var builder = ColumnBuilder(type, capacity: values.count)
    for value in values { builder.append(value) }
    return .column(builder.finish())
  }

  @Test func concatOfColumns() throws {
    let first = Self.column(Self.texts, .text)
    let second = Self.column(Self.texts.reversed(), .text)
    let numbers = Self.column((0..<7).map { $0 == 3 ? .missing : .int($0) }, .int)
    let dash = Datum.constant(.text("-"), .text)
    for arguments in [
      [first, second], [first, dash, second], [dash, first, dash], [first, numbers], [numbers, dash],
      [first, .constant(.missing, .text)], [first, .constant(.int(7), .int), second],
    ] {
      let whole = try TextFunctions.concatColumns(arguments, 7, CallState())
      for row in 0..<7 {
        let values = arguments.map { $0.value(row) }
        let wanted: Value =
          values.contains { $0.isMissing } ? .missing : try TextFunctions.concat(values, CallState())
        #expect(whole.value(row) == wanted)
      }
    }
  }

  @Test(arguments: ["%Y-%m", "%d %B %Y %%", "%j %a %q %G-W%V", "%Y-%m-%d %H:%M", "%H"])
  func formatOfColumns(pattern: String) throws {
    let days: [Value] = [-800_000, 0, 20_000, 20_001, 0].map { .date($0) } + [.missing, .date(-1)]
    let far: [Value] = [.date(Int32.min / 2), .date(Int32.max / 2), .missing]
    let instants: [Value] = [0, -1, 1_700_000_000_000_000, 1_700_000_000_000_001].map {
      .datetime($0, offset: nil)
    }
    let offsets: [Value] = [.datetime(0, offset: 120), .datetime(-1, offset: -60), .missing]
    for (values, type) in [
      (days, DataType.date), (far, .date), (instants + [.missing], .datetime), (offsets, .datetime),
      ([.missing, .missing], .date), ([], .date),
    ] {
      let column = Self.column(values, type)
      let whole = try TextFunctions.formatColumns(
        [column, .constant(.text(pattern), .text)], values.count, CallState())
      for (row, value) in values.enumerated() {
        let wanted: Value =
          value.isMissing ? .missing : try TextFunctions.format([value, .text(pattern)], CallState())
        #expect(whole.value(row) == wanted)
      }
    }
  }

  @Test(arguments: [
    ("a-b--c", "-", "", "abc"), ("aaa", "aa", "b", "ba"), ("é1é", "é", "ee", "ee1ee"),
    ("abc", "x", "y", "abc"),
    ("abc", "", "y", "abc"), ("", "a", "b", ""), ("ab", "abc", "", "ab"), ("aa", "a", "aa", "aaaa"),
  ])
  func replacedTexts(text: String, old: String, new: String, wanted: String) throws {
    let replaced = try TextFunctions.replace([.text(text), .text(old), .text(new)], CallState())
    #expect(replaced == .text(wanted))
  }

  /// The parts from the front are those from the back.
  @Test func partsFromBothEnds() throws {
    for (text, separator) in [
      ("a-b--c", "-"), ("", "-"), ("a", ""), ("a--b", "--"), ("--", "-"), ("aaa", "aa"),
    ] {
      func part(_ number: Int) throws -> Value {
        try TextFunctions.splitPart([.text(text), .text(separator), .int(Int64(number))], CallState())
      }
      var count = 0
      while try part(-count - 1) != .missing { count += 1 }
      for number in 1...count { #expect(try part(number) == part(number - count - 1)) }
      #expect(try part(count + 1) == .missing)
    }
  }
}
