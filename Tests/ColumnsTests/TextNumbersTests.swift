import Scheduling
import Testing

@testable import Columns

/// The ranks of texts, made by numbers of their bytes, against those that comparing gives.
@Suite struct TextNumbersTests {
  private static func ranks(_ texts: [String]) -> [UInt32] {
    let bytes = texts.map { Array($0.utf8) }
    let order = bytes.indices.sorted { bytes[$0].lexicographicallyPrecedes(bytes[$1]) }
    var ranks = [UInt32](repeating: 0, count: texts.count)
    for (place, index) in order.enumerated() {
      let isSame = place > 0 && bytes[order[place - 1]] == bytes[index]
      ranks[index] = isSame ? ranks[order[place - 1]] : UInt32(place)
    }
    return ranks
  }

  private static func texts(_ kind: String, _ count: Int) -> [String] {
    var draws = SystemLike(state: UInt64(kind.utf8.reduce(7) { $0 &* 31 &+ Int($1) }))
    return (0..<count).map { _ in
      let number = Int(draws.next() % 5_000)
      switch kind {
      case "ids": return "P00\(1_000_000 + number)"
      case "lengths": return String("abcabc".prefix(number % 7))
      case "zeros": return ["", "\0", "\0\0", "a", "a\0", "a\0b", "a\0\0"][number % 7]
      case "long":
        return String(repeating: "shared beginning ", count: 5) + "\(number % 40)"
          + String(repeating: "z", count: number % 3)
      case "wide": return ["日本", "Ü", "e\u{301}", "👩‍⚕️", "zz", "\u{10FFFF}"][number % 6] + "\(number % 11)"
      case "same": return "always"
      default: return String(number * 7_919, radix: 36) + String(number, radix: 2)
      }
    }
  }

  @Test(arguments: ["ids", "lengths", "zeros", "long", "wide", "same", "mixed"], [1, 2, 3_000, 150_000])
  func ranksAreThoseOfComparing(_ kind: String, _ count: Int) throws {
    let texts = Self.texts(kind, count)
    let wanted = Self.ranks(texts)
    #expect(TextPool(texts, isDistinct: false).ranks.array == wanted)
    let crew = Workers(count: 2)
    #expect(try TextPool(texts, isDistinct: false).ranks(by: crew).array == wanted)
  }

  @Test(arguments: ["ids", "zeros", "long", "wide"], [false, true])
  func rowsAreSortedByTheirTexts(_ kind: String, _ descending: Bool) throws {
    let texts = Self.texts(kind, 2_000)
    let values = texts.enumerated().map { $0 % 13 == 5 ? Value.missing : .text($1) }
    let column = Column(values, type: .text).plain
    let order = Sorter.order([SortKey(column, descending: descending)], rows: values.count).array.map(
      Int.init)
    let known = values.indices.filter { !values[$0].isMissing }
    let bytes = texts.map { Array($0.utf8) }
    let sorted = known.sorted { a, b in
      if bytes[a] == bytes[b] { return a < b }
      return bytes[descending ? b : a].lexicographicallyPrecedes(bytes[descending ? a : b])
    }
    #expect(order == sorted + values.indices.filter { values[$0].isMissing })
  }

  @Test func identifiersFitFewBits() throws {
    let numbers = TextNumbers(TextPool(Self.texts("ids", 1_000), isDistinct: false), by: Alone())
    #expect(numbers.areWhole && numbers.limit <= 50_000)
    let long = TextNumbers(TextPool(Self.texts("long", 1_000), isDistinct: false), by: Alone())
    #expect(!long.areWhole)
  }
}

/// Draws that are the same on each run.
private struct SystemLike: RandomNumberGenerator {
  var state: UInt64
  mutating func next() -> UInt64 {
    state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
    return state >> 20
  }
}

extension Column {
  /// The same texts, one for each row.
  fileprivate var plain: Column {
    guard case .text(let codes, let pool) = storage else { return self }
    return .text(.sequence(start: 0, count: count), pool.entries(of: codes), validity: validity)
  }
}
