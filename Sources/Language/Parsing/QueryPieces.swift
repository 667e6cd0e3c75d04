import Diagnostics

/// One item of a list of SQL.
struct QueryItem {
  var name: String?
  var value: String
  var hasAggregate: Bool
  /// True when it is one call of an aggregate and nothing else.
  var isCall: Bool

  var written: String { name.map { "\($0) = \(value)" } ?? value }
}

/// What a query selects: each call of an aggregate gets a name, by which the clauses behind it can speak of it.
struct QueryItems {
  private var items: [QueryItem]
  /// How many of them the query names itself; the others only serve a clause behind.
  private let selected: Int
  private var names: [(call: String, name: String)] = []

  init(_ items: [QueryItem]) {
    self.items = items
    selected = items.count
  }

  var hasAggregate: Bool { items.contains(where: \.hasAggregate) }
  var written: String { Self.written(items) }

  /// What stands beside `*`, as `derive` has it; nil where no `*` stands there.
  var besideAll: String? {
    func isAll(_ item: QueryItem) -> Bool { item.value == "*" || item.value.hasSuffix(".*") }
    guard !hasAggregate, items.contains(where: isAll) else { return nil }
    // A column beside all of them is there already.
    let others = items.filter { item in
      let isName =
        item.value.allSatisfy { $0.isLetter || $0.isNumber || "_.".contains($0) }
        && item.value.first?.isNumber != true || item.value.first == "`"
      return !isAll(item) && (item.name != nil || !isName)
    }
    return Self.written(others)
  }

  /// The keys of `group by`, those of `rollup` and `cube` one by one, and whether a total is wanted.
  static func keys(_ written: [String]) -> (names: [String], totals: Bool) {
    var names: [String] = []
    var totals = false
    for key in written {
      let word = key.lowercased()
      let isRolled = word.hasPrefix("rollup") || word.hasPrefix("cube")
      if isRolled, let open = key.firstIndex(of: "("), key.hasSuffix(")") {
        let inner = key[key.index(after: open)...].dropLast()
        names += inner.split(separator: ",").map { String($0.drop { $0 == " " }) }
        totals = true
      } else if word.hasSuffix(" with") {
        // `with rollup`, whose second word was taken for a name.
        names.append(key.split(separator: " ").dropLast().joined(separator: " "))
        totals = true
      } else {
        names.append(key)
      }
    }
    return (names, totals)
  }

  private static func written(_ items: [QueryItem]) -> String {
    items.map(\.written).joined(separator: ", ")
  }

  /// Adds a call that a clause behind speaks of, where it is not among the items.
  mutating func need(_ call: String) {
    if items.contains(where: { $0.value == call }) { return }
    items.append(QueryItem(name: nil, value: call, hasAggregate: true, isCall: true))
  }

  /// The stage that leaves out what only a clause behind spoke of; nil where there is nothing.
  var dropped: String? {
    let names = items[selected...].compactMap(\.name)
    return names.isEmpty ? nil : "drop \(names.joined(separator: ", "))"
  }

  /// Names the items that are calls of aggregates: `avg(age)` becomes `avg_age = avg(age)`.
  mutating func nameCalls() {
    for index in items.indices where items[index].isCall {
      let call = items[index].value
      guard let open = call.firstIndex(of: "(") else { continue }
      let whole = call[call.index(after: open)...].dropLast()
      // `count(where: age > 65)` is called like `count()`.
      let inner = whole.ranges(of: "where:").first.map { whole[..<$0.lowerBound] } ?? whole
      // `avg(p.age)` is called like `avg(age)`.
      let column = inner.split(separator: ".").last ?? inner
      let isPlain = column.allSatisfy { $0.isLetter || $0.isNumber || $0 == "_" }
      let made = inner.isEmpty ? "n" : "\(call[..<open])_\(isPlain ? String(column) : "value")"
      let name = items[index].name ?? unused(made, at: index)
      items[index].name = name
      names.append((call, name))
    }
  }

  /// A name that no other item has: `n`, `n_2`.
  private func unused(_ name: String, at index: Int) -> String {
    let taken = Set(items.indices.filter { $0 != index }.compactMap { items[$0].name })
    if !taken.contains(name) { return name }
    return (2...items.count + 2).lazy.map { "\(name)_\($0)" }.first { !taken.contains($0) } ?? name
  }

  /// A clause with the names in place of the calls.
  func replaced(_ clause: String) -> String {
    names.reduce(clause) { $0.replacing($1.call, with: $1.name) }
  }

  /// An item that a clause names by its place, its name or its value.
  private func item(_ key: String) -> QueryItem? {
    if let place = Int(key) { return items.indices.contains(place - 1) ? items[place - 1] : nil }
    return items.first { $0.name == key || $0.value == key }
  }

  /// The stage of `group by`.
  func grouped(by keys: [String]) -> String {
    let found = keys.map(item)
    let written = zip(keys, found).map { $1?.written ?? $0 }.joined(separator: ", ")
    let values = items.filter { item in !found.contains { $0?.written == item.written } }
    return values.isEmpty ? "distinct \(written)" : "aggregate \(Self.written(values)) by \(written)"
  }

  /// The stage of `order by`.
  func order(_ keys: [String]) -> String {
    let spelled = keys.map { key in
      var words = key.split(separator: " ").map(String.init)
      // Missing values come last either way.
      if words.count > 2, words[words.count - 2].lowercased() == "nulls" { words.removeLast(2) }
      if words.count > 1, let direction = words.last?.lowercased(), ["asc", "desc"].contains(direction) {
        words[words.count - 1] = direction
      }
      if let place = words.first.flatMap({ Int($0) }), let item = item(String(place)) {
        words[0] = item.name ?? item.value
      }
      return replaced(words.joined(separator: " "))
    }
    return "sort \(spelled.joined(separator: ", "))"
  }
}

/// The tables of a query and the short names that it gives them.
struct QueryTables {
  let name: String
  private var aliases: [(alias: String, table: String)] = []

  /// False where more than one table, or a short name for one, is spoken of.
  let isPlain: Bool

  /// `encounters`, `encounters e`, `encounters as e`; what joins it (`left`, `inner`) may stand behind.
  ///
  /// - Parameter subQuery: the pipeline that stands in the table's place.
  init(_ spelling: String, subQuery: String?) {
    isPlain = !spelling.contains { $0 == " " || $0 == "," }
    if let subQuery {
      name = subQuery
      let behind = spelling.split(separator: ")").last.map(String.init) ?? ""
      let words = ["from"] + behind.split(separator: " ").map(String.init)
      if spelling.last != ")", let alias = Self.alias(words) { aliases.append((alias, "")) }
      return
    }
    let words = spelling.split(separator: " ").map(String.init)
    name = words.first ?? spelling
    if let alias = Self.alias(words) { aliases.append((alias, "")) }
    aliases.append((name, ""))
  }

  private static let kinds = ["left", "right", "inner", "full", "outer", "cross"]

  private static func alias(_ words: [String]) -> String? {
    words.dropFirst().first { $0.lowercased() != "as" && !kinds.contains($0.lowercased()) }
  }

  /// `patients p on e.patient_id = p.patient_id` as a stage.
  mutating func join(_ spelling: String, kind: String?) -> String {
    let verb = kind.map { "join \($0)" } ?? "join"
    let words = spelling.split(separator: " ").map(String.init)
    guard let on = words.firstIndex(where: { $0.lowercased() == "on" || $0.lowercased() == "using" }),
      let table = words.first
    else { return "\(verb) \(spelling)" }
    if let alias = Self.alias(Array(words[..<on])) { aliases.append((alias, table)) }
    // The kind of the next join may stand behind.
    let condition = words[(on + 1)...].filter { !Self.kinds.contains($0.lowercased()) }
    let sides = condition.map { $0.split(separator: ".").last.map(String.init) ?? $0 }
    if sides.count == 3, sides[1].hasPrefix("="), sides[0] == sides[2] {
      return "\(verb) \(table) on \(sides[0])"
    }
    return "\(verb) \(table) on \(condition.joined(separator: " "))"
  }

  /// A text with the short names written out; the first table's columns need no name before them.
  func withoutAliases(_ text: String) -> String {
    aliases.reduce(text) { text, name in
      var result = ""
      var rest = text[...]
      while let place = rest.ranges(of: name.alias + ".").first {
        let before = rest[..<place.lowerBound]
        let isWhole = (before.last ?? result.last).map { !$0.isLetter && !$0.isNumber && $0 != "_" } ?? true
        result += before
        result += isWhole ? (name.table.isEmpty ? "" : name.table + ".") : String(rest[place])
        rest = rest[place.upperBound...]
      }
      return result + rest
    }
  }
}
