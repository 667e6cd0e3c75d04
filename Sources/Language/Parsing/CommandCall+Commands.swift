import Diagnostics

/// What the commands of Stata and Epi Info are as stages, and their expressions.
extension CommandCall {
  typealias Command = @Sendable (CommandCall) -> String?

  /// By name in lower case: the stages; nil where no stages say the same.
  static let commands: [String: Command] = {
    var all: [String: Command] = [:]
    for (names, command) in table { for name in names { all[name] = command } }
    return all
  }()

  private static let table: [([String], Command)] = [
    (["tabulate", "tab", "ta", "tab2"], { $0.crossed }),
    (["tables"], { $0.columns(2...2) == nil ? nil : $0.crossed }),
    (["freq", "frequencies", "tab1", "fre"], { $0.counted }),
    (["summarize", "summarise", "summ", "su", "codebook", "descriptives"], { $0.summarized }),
    (["mean"], { $0.hasOption("over") ? $0.each("mean", by: "over") : nil }),
    (["total"], { $0.each("sum", by: "over") }), (["means"], { $0.means }),
    (["tabstat"], { $0.tabulatedStatistics }),
    (["table"], { $0.tableOfStatistic }), (["collapse"], { $0.collapsed }),
    (["egen", "gen", "generate", "assign"], { $0.derived }),
    (["replace"], { $0.replaced }),
    (["keep"], { $0.kept(not: false) }), (["drop"], { $0.condition == nil ? nil : $0.kept(not: true) }),
    (["count"], { $0.body.isEmpty && $0.condition != nil && $0.has(only: []) ? $0.behind("count") : nil }),
    (["list", "li"], { $0.listed }),
    (["gsort"], { $0.body.isEmpty || !$0.has(only: []) ? nil : "sort \($0.sortKeys)" }),
    (["duplicates drop"], { $0.body.isEmpty && $0.has(only: []) ? "distinct" : nil }),
    (["histogram", "hist"], { $0.drawn("histogram", 1) }),
    (["scatter", "twoway scatter"], { $0.drawn("scatter", 2) }),
    (["graph bar"], { $0.bars }),
    (
      ["graph box"],
      { call in
        call.has(only: ["over"])
          ? call.columns(1...1).flatMap { call.behind("chart box \($0[0])\(call.by(call.option("over")))") }
          : nil
      }
    ),
    (
      ["correlate", "corr", "pwcorr"],
      { call in
        call.has(only: [])
          ? call.columns(2...2).flatMap { call.behind("aggregate correlation(\($0[0]), \($0[1]))") } : nil
      }
    ),
    (
      ["regress", "reg"],
      { call in
        call.has(only: [])
          ? call.columns(2...2).flatMap { call.behind("aggregate slope(\($0[0]), \($0[1]))") } : nil
      }
    ),
    (["select"], { $0.chosen }),
  ]

  // MARK: Counts

  /// `tab a`, `tab a b`
  private var crossed: String? {
    guard let names = columns(1...2), has(only: ["missing", "m", "nolabel", "sort"]) else { return nil }
    if names.count == 1 || !keys.isEmpty { return behind("count\(by(names))") }
    return behind("pivot rows \(names[0]) columns \(names[1]) values count()")
  }

  private var counted: String? {
    guard let names = columns(1...1), has(only: ["missing"]) else { return nil }
    return behind("count\(by(names))")
  }

  // MARK: Summaries

  private var summarized: String? {
    guard has(only: ["detail", "d"]) else { return nil }
    if !keys.isEmpty {
      return columns(1...1).flatMap { behind("aggregate \(Self.summary(of: $0[0]))\(by())") }
    }
    return columns().flatMap { behind("select \($0.joined(separator: ", ")) | describe") }
  }

  private static func summary(of column: String) -> String {
    "n = count(\(column)), mean(\(column)), stddev(\(column)), min(\(column)), max(\(column))"
  }

  private func each(_ function: String, by option: String) -> String? {
    guard let names = columns(), has(only: [option]) else { return nil }
    let calls = names.map { "\(function)(\($0))" }.joined(separator: ", ")
    return behind("aggregate \(calls)\(by(self.option(option)))")
  }

  /// `MEANS los ward` of Epi Info
  private var means: String? {
    guard let names = columns(1...2), has(only: []) else { return nil }
    let column = names[0]
    return behind(
      "aggregate n = count(\(column)), mean(\(column)), stddev(\(column)), median(\(column))\(by(Array(names[1...])))"
    )
  }

  private static let statistics = [
    "mean": "mean", "sd": "stddev", "var": "variance", "variance": "variance", "median": "median",
    "p50": "median", "min": "min", "max": "max", "sum": "sum", "total": "sum", "n": "count", "count": "count",
    "range": "range", "skewness": "skew",
  ]

  /// A statistic of a column; a name such as `p90` is a percentile. Of `first` and `last` ours differ: what is missing
  /// may be the first value.
  private static func call(_ statistic: String, _ column: String) -> String? {
    let statistic = statistic.lowercased()
    if let function = statistics[statistic] { return "\(function)(\(column))" }
    guard statistic.first == "p", let percent = Int(statistic.dropFirst()), (1...99).contains(percent) else {
      return nil
    }
    return "percentile(\(column), \(percent))"
  }

  private var tabulatedStatistics: String? {
    guard let names = columns(), has(only: ["by", "stat", "stats", "statistics", "s"]) else { return nil }
    let asked =
      option("stat") ?? option("stats") ?? option("statistics") ?? option("s") ?? ["mean"]
    let calls = names.flatMap { name in asked.map { Self.call($0, name) } }
    guard calls.allSatisfy({ $0 != nil }) else { return nil }
    return behind("aggregate \(calls.compactMap(\.self).joined(separator: ", "))\(by(option("by")))")
  }

  /// `table ward sex, contents(mean los)`
  private var tableOfStatistic: String? {
    guard let names = columns(1...4), has(only: ["contents", "c", "statistic", "stat"]),
      let asked = option("contents") ?? option("c") ?? option("statistic") ?? option("stat"),
      asked.count == 2,
      let call = Self.call(asked[0], asked[1])
    else { return nil }
    return behind("aggregate \(call)\(by(names))")
  }

  /// `collapse (mean) los (sd) spread = los (count) n = age, by(ward)`
  private var collapsed: String? {
    guard has(only: ["by"]) else { return nil }
    var statistic = "mean"
    var items: [String] = []
    var place = body.lowerBound
    while place < body.upperBound {
      let token = parser.token(at: place)
      if token.symbol == .openParenthesis, parser.partner(of: place) == place + 2 {
        statistic = parser.text(parser.token(at: place + 1))
        place += 3
        continue
      }
      guard token.kind == .name else { return nil }
      let isNamed = parser.token(at: place + 1).symbol == .assign
      let column = parser.text(parser.token(at: isNamed ? place + 2 : place))
      guard let call = Self.call(statistic, column) else { return nil }
      items.append("\(parser.text(token)) = \(call)")
      place += isNamed ? 3 : 1
    }
    return items.isEmpty ? nil : behind("aggregate \(items.joined(separator: ", "))\(by(option("by")))")
  }

  // MARK: Columns

  /// The name and the value of `x = expression`.
  private var assigned: (name: String, value: Range<Int>)? {
    let start = body.lowerBound
    guard body.count > 2, parser.token(at: start).kind == .name, parser.token(at: start + 1).symbol == .assign
    else { return nil }
    return (parser.text(parser.token(at: start)), start + 2..<body.upperBound)
  }

  private var derived: String? {
    guard let (name, value) = assigned, has(only: ["by"]), rows == nil else { return nil }
    if word == "egen" {
      guard value.count > 3, parser.partner(of: value.lowerBound + 1) == value.upperBound - 1,
        let inner = expression(value.lowerBound + 2..<value.upperBound - 1),
        let call = Self.call(
          parser.text(parser.token(at: value.lowerBound)), inner + (condition.map { ", where: \($0)" } ?? ""))
      else { return nil }
      // Other rows are left without a value.
      let whole = condition.map { "if(\($0), \(call), missing)" } ?? call
      return "derive \(name) = \(whole)\(by(option("by")))"
    }
    guard let spelled = expression(value), has(only: []) else { return nil }
    let sorted = order.isEmpty ? "" : " sort \(order.joined(separator: ", "))"
    let whole = condition.map { "if(\($0), \(spelled), missing)" } ?? spelled
    return "derive \(name) = \(whole)\(by())\(sorted)"
  }

  private var replaced: String? {
    guard let (name, value) = assigned, has(only: []), rows == nil, keys.isEmpty,
      let spelled = expression(value)
    else { return nil }
    return "derive \(name) = \(condition.map { "if(\($0), \(spelled), \(name))" } ?? spelled)"
  }

  // MARK: Rows

  private func kept(not: Bool) -> String? {
    guard has(only: []), rows == nil else { return nil }
    if let condition { return body.isEmpty ? "filter \(not ? "not (\(condition))" : condition)" : nil }
    return columns().map { "select \($0.joined(separator: ", "))" }
  }

  private var listed: String? {
    guard has(only: ["noobs", "clean"]) else { return nil }
    if body.isEmpty { return condition == nil && rows == nil ? nil : behind("") }
    return columns().flatMap { behind("select \($0.joined(separator: ", "))") }
  }

  /// `SELECT age > 65` of Epi Info; our verb of that name takes columns.
  private var chosen: String? {
    let compares = body.contains {
      parser.token(at: $0).symbol.map { $0.isComparison || $0 == .assign } ?? false
    }
    guard compares, has(only: []), condition == nil, rows == nil else { return nil }
    return expression(body).map { "filter \($0)" }
  }

  private var sortKeys: String {
    var result = ""
    for place in body {
      let token = parser.token(at: place)
      if token.symbol == .plus { continue }
      if !result.isEmpty, result.last != "-" { result += ", " }
      result += parser.text(token)
    }
    return result
  }

  // MARK: Charts

  private func drawn(_ kind: String, _ count: Int) -> String? {
    guard let names = columns(count...count), has(only: []) else { return nil }
    return behind("chart \(kind) \(names[0])" + (count > 1 ? " by \(names[1])" : ""))
  }

  /// `graph bar (mean) los, over(ward)`
  private var bars: String? {
    guard has(only: ["over"]), let over = option("over"), over.count == 1,
      parser.partner(of: body.lowerBound) == body.lowerBound + 2, body.count == 4,
      let call = Self.call(
        parser.text(parser.token(at: body.lowerBound + 1)), parser.text(parser.token(at: body.lowerBound + 3))
      )
    else { return nil }
    return behind("aggregate m = \(call) by \(over[0]) | chart bar m by \(over[0])")
  }

  private func expression(_ range: Range<Int>) -> String? {
    ForeignExpression(parser: parser, dialect: .stata).written(range)
  }
}
