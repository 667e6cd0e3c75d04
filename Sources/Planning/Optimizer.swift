import Columns
import Scheduling

/// A rule that makes a plan better and changes no result, no note and no effect.
package struct OptimizerRule: Sendable {
  /// As `explain` tells it.
  package var name: String
  package var summary: String
  /// The better plan, or the same.
  package var apply: @Sendable (Plan) -> Plan

  init(name: String, summary: String, apply: @escaping @Sendable (Plan) -> Plan) {
    self.name = name
    self.summary = summary
    self.apply = apply
  }

  /// A rule that looks at one node at a time, the children of which it has been through already.
  init(name: String, summary: String, eachNode change: @escaping @Sendable (Plan) -> Plan) {
    self.init(name: name, summary: summary, apply: { Self.applied(change, $0) })
  }

  private static func applied(_ change: (Plan) -> Plan, _ plan: Plan) -> Plan {
    change(plan.mapChildren { applied(change, $0) })
  }
}

/// The rules, applied in order.
package enum Optimizer {
  /// In the order in which they are applied, each once.
  package static let rules: [OptimizerRule] = [
    .cutBeforeColumns, .mergeProjections, .topRows, .pruneColumns, .filterIntoScan, .joinSide,
    .commonExpressions,
  ]

  /// The plan after all rules.
  package static func optimised(_ plan: Plan) -> Plan {
    rules.reduce(plan) { $1.apply($0) }
  }

  /// The plan after each rule that changed it.
  package static func stages(_ plan: Plan) -> [(rule: String, plan: Plan)] {
    var result: [(rule: String, plan: Plan)] = []
    var current = plan
    for rule in rules {
      let next = rule.apply(current)
      if next.tree != current.tree { result.append((rule.name, next)) }
      current = next
    }
    return result
  }
}

extension OptimizerRule {
  /// Two projections in a row become one where the upper only picks, or calculates with plain columns of the lower.
  static let mergeProjections = OptimizerRule(
    name: "merge projections", summary: "two projections in a row become one", eachNode: merged)

  private static func merged(_ plan: Plan) -> Plan {
    guard case .project(let upper) = plan, case .project(let lower) = upper.input else { return plan }
    var uses = [Int](repeating: 0, count: lower.items.count)
    for item in upper.items { countUses(item, &uses) }
    // A lower item that nobody uses may still have something to note (a conversion), so it must be plain.
    guard lower.items.indices.allSatisfy({ uses[$0] == 1 || isPlain(lower.items[$0], uses: uses[$0]) }) else {
      return plan
    }
    var result = upper
    result.input = lower.input
    result.items = upper.items.map { $0.substituting(lower.items) }
    return .project(result)
  }

  private static func isPlain(_ expression: PlanExpression, uses: Int) -> Bool {
    switch expression.kind {
    case .column: true
    // A column of one text that is compared is told of where it differs only by its spelling; a text alone is not.
    case .literal: expression.type != .text || uses == 0
    default: false
    }
  }

  /// A use inside of a calculation counts as two: what notes say of it would have another name, and a value that only
  /// some rows want would be told of for these alone.
  private static func countUses(_ item: PlanExpression, _ uses: inout [Int]) {
    if case .column(let index, _) = item.kind {
      uses[index] += 1
    } else {
      for index in item.columns { uses[index] += 2 }
    }
  }

  /// A cut behind a choice of columns stands before it, next to a sort that it may shorten.
  static let cutBeforeColumns = OptimizerRule(
    name: "cut before columns", summary: "rows are cut before columns are chosen, next to their sort",
    eachNode: cutBelow)

  private static func cutBelow(_ plan: Plan) -> Plan {
    guard case .slice(var slice) = plan, slice.keys.isEmpty, slice.order.isEmpty,
      case .project(var project) = slice.input,
      // What is worked out has something to say of the rows that are then cut.
      project.items.allSatisfy({ if case .column = $0.kind { true } else { false } })
    else { return plan }
    slice.input = project.input
    project.input = cutBelow(.slice(slice))
    return .project(project)
  }

  /// A sort whose rows are then cut to the first few need not order the rest.
  static let topRows = OptimizerRule(
    name: "top rows", summary: "sort and take become a selection of the first rows", eachNode: top)

  private static func top(_ plan: Plan) -> Plan {
    guard case .slice(var slice) = plan, slice.keys.isEmpty, slice.order.isEmpty, !slice.fromEnd,
      // Of no rows at all there is nothing to gain, and the stage could not tell how many it kept none of.
      let take = slice.take, take > 0, case .sort(var sort) = slice.input
    else { return plan }
    sort.limit = take.saturating(plus: slice.skip)
    slice.input = .sort(sort)
    return .slice(slice)
  }

  /// A filter on a source of rows in a file is applied while the file is read.
  static let filterIntoScan = OptimizerRule(
    name: "filter into scan", summary: "the reader decodes other columns only for rows that the filter keeps",
    eachNode: pushed)

  private static func pushed(_ plan: Plan) -> Plan {
    guard case .filter(let filter) = plan, case .scan(var scan) = filter.input, scan.filter == nil,
      scan.source.gains(
        byFiltering: scan.columns, on: Set(filter.condition.expression.columns.map { scan.columns[$0] }))
    else { return plan }
    scan.filter = filter.condition
    return .scan(scan)
  }

  /// Only columns that are used are read and carried along.
  static let pruneColumns = OptimizerRule(
    name: "prune columns", summary: "only columns that are used are read", apply: ColumnPruning.pruned)
}

/// Leaves out columns that nobody above needs.
private enum ColumnPruning {
  static func pruned(_ plan: Plan) -> Plan {
    prune(plan, Set(plan.schema.fields.indices)).plan
  }

  /// The plan with at least the wanted columns, and where each old column went.
  private static func prune(_ plan: Plan, _ wanted: Set<Int>) -> (plan: Plan, map: [Int: Int]) {
    switch plan {
    case .scan(var node):
      let needed = wanted.union(node.filter?.expression.columns ?? [])
      let kept = node.schema.fields.indices.filter { needed.contains($0) }
      let map = positions(kept)
      node.columns = kept.map { node.columns[$0] }
      node.schema = Schema(kept.map { node.schema[$0] })
      if let filter = node.filter {
        node.filter = Plan.Filter.Condition(
          expression: filter.expression.remapped { map[$0] ?? 0 }, origin: filter.origin)
      }
      return (.scan(node), map)
    case .filter(var node):
      let (input, map) = prune(node.input, wanted.union(node.condition.expression.columns))
      node.input = input
      node.condition.expression = node.condition.expression.remapped { map[$0] ?? 0 }
      return (.filter(node), map)
    case .project(var node):
      // Items that may have something to note stay, so that no note is lost.
      let kept = node.items.indices.filter { wanted.contains($0) || isTelling(node.items[$0]) }
      let needed = kept.reduce(into: Set<Int>()) { $0.formUnion(node.items[$1].columns) }
      let (input, map) = prune(node.input, needed)
      node.items = kept.map { node.items[$0].remapped { map[$0] ?? 0 } }
      node.schema = Schema(kept.map { node.schema[$0] })
      node.input = input
      return (.project(node), positions(kept))
    case .aggregate(var node):
      let needed = (node.keys + node.calls.flatMap(\.expressions)).reduce(into: Set<Int>()) {
        $0.formUnion($1.columns)
      }
      let (input, map) = prune(node.input, needed)
      node.input = input
      node.keys = node.keys.map { $0.remapped { map[$0] ?? 0 } }
      node.calls = node.calls.map { $0.mapExpressions { $0.remapped { map[$0] ?? 0 } } }
      return (.aggregate(node), identity(node.schema.count))
    case .sort(var node):
      let needed = node.order.reduce(into: wanted) { $0.formUnion($1.expression.columns) }
      let (input, map) = prune(node.input, needed)
      node.input = input
      node.order = node.order.map {
        OrderItem($0.expression.remapped { map[$0] ?? 0 }, descending: $0.descending)
      }
      return (.sort(node), map)
    case .slice(var node):
      var needed = node.keys.reduce(into: wanted) { $0.formUnion($1.columns) }
      needed = node.order.reduce(into: needed) { $0.formUnion($1.expression.columns) }
      // Without an order of its own the keys of a sort before tell whether the cut goes through equal rows.
      if node.order.isEmpty { needed = node.input.sortKeys.reduce(into: needed) { $0.formUnion($1.columns) } }
      let (input, map) = prune(node.input, needed)
      node.input = input
      node.keys = node.keys.map { $0.remapped { map[$0] ?? 0 } }
      node.order = node.order.map {
        OrderItem($0.expression.remapped { map[$0] ?? 0 }, descending: $0.descending)
      }
      return (.slice(node), map)
    case .window(var node):
      let width = node.input.schema.count
      var needed = Set(wanted.filter { $0 < width })
      needed = Plan.window(node).expressions.reduce(into: needed) { $0.formUnion($1.columns) }
      let (input, map) = prune(node.input, needed)
      let results = node.schema.fields[width...]
      node.input = input
      node.keys = node.keys.map { $0.remapped { map[$0] ?? 0 } }
      node.order = node.order.map {
        OrderItem($0.expression.remapped { map[$0] ?? 0 }, descending: $0.descending)
      }
      node.earlier = node.earlier.map { $0.remapped { map[$0] ?? 0 } }
      node.calls = node.calls.map { $0.mapExpressions { $0.remapped { map[$0] ?? 0 } } }
      node.schema = Schema(input.schema.fields + results)
      var moved = map
      for offset in results.indices { moved[offset] = input.schema.count + offset - width }
      return (.window(node), moved)
    case .distinct(var node):
      let (input, map) = prune(node.input, Set(node.columns))
      node.input = input
      node.columns = node.columns.map { map[$0] ?? 0 }
      return (.distinct(node), identity(node.schema.count))
    case .join(let node): return joined(node, wanted)
    case .sample, .append, .unpivot, .split, .describe, .effect:
      // These look at whole rows: their inputs keep all columns, and are pruned for themselves.
      return (plan.mapChildren { pruned($0) }, identity(plan.schema.count))
    }
  }

  private static func joined(_ join: Plan.Join, _ wanted: Set<Int>) -> (plan: Plan, map: [Int: Int]) {
    var node = join
    let width = node.left.schema.count
    let kept = node.output.indices.filter { wanted.contains($0) }
    var left = Set<Int>()
    var right = Set<Int>()
    for position in kept {
      let index = node.output[position]
      if index < width { left.insert(index) } else { right.insert(index - width) }
      if let partner = node.keyPartners[index] { right.insert(partner - width) }
    }
    for key in node.keys {
      left.formUnion(key.left.columns)
      right.formUnion(key.right.columns)
    }
    for index in node.residual?.columns ?? [] {
      if index < width { left.insert(index) } else { right.insert(index - width) }
    }
    if let nearest = node.nearest {
      left.formUnion(nearest.left.columns)
      right.formUnion(nearest.right.columns)
    }
    let (leftPlan, leftMap) = prune(node.left, left)
    let (rightPlan, rightMap) = prune(node.right, right)
    let newWidth = leftPlan.schema.count
    func moved(_ index: Int) -> Int {
      index < width ? leftMap[index] ?? 0 : newWidth + (rightMap[index - width] ?? 0)
    }
    node.left = leftPlan
    node.right = rightPlan
    node.keys = node.keys.map { key in
      (key.left.remapped { leftMap[$0] ?? 0 }, key.right.remapped { rightMap[$0] ?? 0 })
    }
    node.residual = node.residual?.remapped(moved)
    node.nearest = node.nearest.map { nearest in
      (
        nearest.left.remapped { leftMap[$0] ?? 0 }, nearest.right.remapped { rightMap[$0] ?? 0 },
        nearest.comparison
      )
    }
    var partners: [Int: Int] = [:]
    for position in kept {
      let index = node.output[position]
      if let partner = node.keyPartners[index] { partners[moved(index)] = moved(partner) }
    }
    node.keyPartners = partners
    node.output = kept.map { moved(node.output[$0]) }
    node.schema = Schema(kept.map { node.schema[$0] })
    return (.join(node), positions(kept))
  }

  /// Whether evaluating an expression can make a note or an error.
  private static func isTelling(_ expression: PlanExpression) -> Bool {
    switch expression.kind {
    case .call, .choice: true
    default: expression.children.contains(where: isTelling)
    }
  }

  private static func positions(_ kept: [Int]) -> [Int: Int] {
    Dictionary(uniqueKeysWithValues: kept.enumerated().map { ($1, $0) })
  }

  private static func identity(_ count: Int) -> [Int: Int] { positions(Array(0..<count)) }
}

extension Plan {
  /// The plan as an indented tree, for `explain` and tests.
  package var tree: String { lines.joined(separator: "\n") }

  /// What the plan's last operator is called, without what it works out: `scan encounters`, `aggregate`.
  package var operatorName: String {
    if case .scan(let node) = self { return "scan \(node.source.name)" }
    return String(headline.prefix { $0 != " " })
  }

  private var lines: [String] { [headline] + children.flatMap { $0.lines.map { "  " + $0 } } }

  private var headline: String {
    switch self {
    case .scan(let node):
      "scan \(node.source.name) [\(node.schema.names.joined(separator: ", "))]"
        + (node.filter.map { " where \($0.expression)" } ?? "")
    case .filter(let node): "filter \(node.condition.expression)"
    case .project(let node):
      "project "
        + zip(node.schema.names, node.items).map { "\($0) = \($1)" }.joined(separator: ", ")
    case .aggregate(let node):
      "aggregate [\(node.calls.map(\.description).joined(separator: ", "))] by [\(node.keys.map(\.description).joined(separator: ", "))]"
        + (node.totals ? " with totals" : "")
    case .window(let node):
      "window [\(node.calls.map(\.description).joined(separator: ", "))] by [\(node.keys.map(\.description).joined(separator: ", "))] sort [\(Plan.text(node.order))]"
    case .sort(let node): "sort \(Plan.text(node.order))" + (node.limit.map { ", first \($0)" } ?? "")
    case .slice(let node):
      "slice skip \(node.skip) take \(node.take.map(String.init) ?? "all")\(node.fromEnd ? " from the end" : "") by [\(node.keys.map(\.description).joined(separator: ", "))] sort [\(Plan.text(node.order))]"
    case .distinct(let node): "distinct \(node.schema.names.dropLast(node.hidden).joined(separator: ", "))"
    case .sample(let node): "sample \(node.size) seed \(node.seed)"
    case .join(let node):
      "join \(node.kind.rawValue) on [\(node.keys.map { "\($0.left) == \($0.right)" }.joined(separator: ", "))]"
        + (node.residual.map { " and \($0)" } ?? "") + (node.indexed.map { ", index of the \($0)" } ?? "")
    case .append: "append"
    case .unpivot(let node): "unpivot \(node.melted.count) columns"
    case .split(let node): "split \(node.schema.names[node.column])"
    case .describe: "describe"
    case .effect(let node): "\(node.origin.verb)"
    }
  }

  private static func text(_ order: [OrderItem]) -> String {
    order.map { ($0.descending ? "-" : "") + $0.expression.description }.joined(separator: ", ")
  }
}
