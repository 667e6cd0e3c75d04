import Columns
import Diagnostics

/// The stage of the text that made a plan node: for notes, errors, `steps` and `explain`.
package struct StageOrigin: Sendable {
  /// The place of the stage in the text.
  package var range: SourceRange
  /// The verb as it is canonically written.
  package var verb: String
  /// The position of the stage in its pipeline; the source is 0.
  package var index: Int

  package init(range: SourceRange, verb: String, index: Int) {
    self.range = range
    self.verb = verb
    self.index = index
  }
}

/// A checked query: what to do, in the order of the text, with every name and type settled.
package indirect enum Plan: Sendable {
  case scan(Scan)
  case filter(Filter)
  case project(Project)
  case aggregate(Aggregate)
  case window(Window)
  case sort(Sort)
  case slice(Slice)
  case distinct(Distinct)
  case sample(Sample)
  case join(Join)
  case append(Append)
  case unpivot(Unpivot)
  case split(Split)
  case describe(Describe)
  case effect(Effect)

  /// Rows from a source: the columns at these positions of its schema.
  package struct Scan: Sendable {
    package var source: any TableSource
    /// Positions in the source's schema, in the order of the scan's columns.
    package var columns: [Int]
    /// One field for each of `columns`.
    package var schema: Schema
    /// A filter that the source applies while it reads; its columns are positions in `columns`.
    package var filter: Filter.Condition?
    /// The history of the rows, with the calls marked that it has something to tell of.
    package var past: Plan?
    package var origin: StageOrigin

    package init(
      source: any TableSource, columns: [Int], schema: Schema, filter: Filter.Condition?, origin: StageOrigin
    ) {
      self.source = source
      self.columns = columns
      self.schema = schema
      self.filter = filter
      self.origin = origin
    }
  }

  /// Rows for which a condition is true.
  package struct Filter: Sendable {
    /// What must be true of a row for it to stay; rows go where it is false or missing.
    package struct Condition: Sendable {
      package var expression: PlanExpression
      package var origin: StageOrigin

      package init(expression: PlanExpression, origin: StageOrigin) {
        self.expression = expression
        self.origin = origin
      }
    }
    package var input: Plan
    package var condition: Condition
    /// Rows that came and rows that stayed, where it was run before.
    package var past: (rowsIn: Int, rowsOut: Int)?

    package init(input: Plan, condition: Condition) {
      self.input = input
      self.condition = condition
    }
  }

  /// Columns computed from each row.
  package struct Project: Sendable {
    package var input: Plan
    /// One for each column of the schema, over the input's columns.
    package var items: [PlanExpression]
    package var schema: Schema
    /// How many of the last items nobody named: they are handed on for a stage behind.
    package var hidden = 0
    /// In how many rows each `case` and `if` gives no value, where it was run before.
    package var unchosen: [SourceRange: Int] = [:]
    package var origin: StageOrigin

    package init(input: Plan, items: [PlanExpression], schema: Schema, origin: StageOrigin) {
      self.input = input
      self.items = items
      self.schema = schema
      self.origin = origin
    }
  }

  /// One row a group: keys, then the results of the calls. Groups are sorted by key.
  package struct Aggregate: Sendable {
    package var input: Plan
    /// What the rows of a group have in common; without keys all rows are one group.
    package var keys: [PlanExpression]
    /// The functions over the rows of a group; one of several results makes several columns.
    package var calls: [GroupCall]
    package var schema: Schema
    /// A last row over all rows.
    package var totals: Bool
    /// Calls of a stage behind that average what is counted here: a period without rows is no 0 to them.
    package var averaged: [String] = []
    /// The periods without a group, where it was run before.
    package var absent: AbsentPeriods?
    /// Of a pivot: how many cells of each column have no row, where it was run before.
    package var lacking: [String: Int] = [:]
    package var origin: StageOrigin

    package init(
      input: Plan, keys: [PlanExpression], calls: [GroupCall], schema: Schema, totals: Bool,
      origin: StageOrigin
    ) {
      self.input = input
      self.keys = keys
      self.calls = calls
      self.schema = schema
      self.totals = totals
      self.origin = origin
    }
  }

  /// The input's columns, then one for each result of the calls over partitions of it.
  package struct Window: Sendable {
    package var input: Plan
    /// What the rows of a partition have in common; without keys all rows are one partition.
    package var keys: [PlanExpression]
    /// The order of the rows in a partition; empty for the one in which they come.
    package var order: [OrderItem]
    /// What somebody sorted the rows by before: it settles which of rows with equal keys comes first.
    package var earlier: [PlanExpression]
    package var calls: [GroupCall]
    package var schema: Schema
    /// In how many rows its functions had no row to look at, where it was run before.
    package var lacking: [String: Int] = [:]
    package var origin: StageOrigin

    package init(
      input: Plan, keys: [PlanExpression], order: [OrderItem], earlier: [PlanExpression], calls: [GroupCall],
      schema: Schema, origin: StageOrigin
    ) {
      self.input = input
      self.keys = keys
      self.order = order
      self.earlier = earlier
      self.calls = calls
      self.schema = schema
      self.origin = origin
    }
  }

  /// All rows in an order; equal ones stay as they were, missing comes last either way.
  package struct Sort: Sendable {
    package var input: Plan
    /// The keys, the first of them first.
    package var order: [OrderItem]
    /// How many of the last keys nobody wrote: they settle where equal rows stand, and do not make them unequal.
    package var settling: Int
    /// Only so many first rows are wanted (set by the optimiser).
    package var limit: Int?
    package var origin: StageOrigin

    package init(input: Plan, order: [OrderItem], settling: Int = 0, limit: Int?, origin: StageOrigin) {
      self.input = input
      self.order = order
      self.settling = settling
      self.limit = limit
      self.origin = origin
    }
  }

  /// Some rows of the whole or of each group: `skip` first ones left out, `take` kept; from the end when `fromEnd`.
  /// With keys, rows come out by key, then in the order; without an order, in their present one.
  package struct Slice: Sendable {
    package var input: Plan
    /// What the rows of a group have in common; without keys the slice is of the whole.
    package var keys: [PlanExpression]
    /// Empty for the order in which the rows come.
    package var order: [OrderItem]
    /// How many rows are left out, of each group.
    package var skip: Int
    /// How many rows are kept at most, of each group; nil for all that are not left out.
    package var take: Int?
    /// The last rows are kept instead of the first; they come out in their order all the same.
    package var fromEnd: Bool
    /// Rows whose first order key is missing are left out first, and counted (`top`).
    package var dropsMissing: Bool
    package var origin: StageOrigin

    package init(
      input: Plan, keys: [PlanExpression], order: [OrderItem], skip: Int, take: Int?, fromEnd: Bool,
      dropsMissing: Bool, origin: StageOrigin
    ) {
      self.input = input
      self.keys = keys
      self.order = order
      self.skip = skip
      self.take = take
      self.fromEnd = fromEnd
      self.dropsMissing = dropsMissing
      self.origin = origin
    }
  }

  /// The first row of each combination of the columns.
  package struct Distinct: Sendable {
    package var input: Plan
    /// Positions in the input; the result has these columns.
    package var columns: [Int]
    /// No columns were named: what goes are whole rows that stand there twice, which are counted.
    package var isOfWholeRows: Bool
    /// How many of the last columns tell no rows apart: those of the first row are handed on for a stage behind.
    package var hidden = 0
    package var schema: Schema
    package var origin: StageOrigin

    package init(
      input: Plan, columns: [Int], isOfWholeRows: Bool = false, schema: Schema, origin: StageOrigin
    ) {
      self.input = input
      self.columns = columns
      self.isOfWholeRows = isOfWholeRows
      self.schema = schema
      self.origin = origin
    }
  }

  /// Rows drawn by chance, in the order of the input. Which ones depends on their place and the seed alone.
  package struct Sample: Sendable {
    /// So many rows, or a share of them (0 to 1), each row by its own draw.
    package enum Size: Sendable { case rows(Int), fraction(Double) }
    package var input: Plan
    package var size: Size
    package var seed: UInt64
    /// Somebody wrote the seed, so that the draw need not be told.
    package var seedIsGiven: Bool
    package var origin: StageOrigin

    package init(input: Plan, size: Size, seed: UInt64, seedIsGiven: Bool, origin: StageOrigin) {
      self.input = input
      self.size = size
      self.seed = seed
      self.seedIsGiven = seedIsGiven
      self.origin = origin
    }
  }

  /// Rows of two inputs side by side where a condition holds; pairs come in the order of the left side.
  package struct Join: Sendable {
    /// `left`, `right` and `full` keep rows without a match too; `semi` and `anti` give left rows
    /// with and without one, `asof` each left row with its nearest match or with none.
    package enum Kind: String, Sendable, CaseIterable { case inner, left, right, full, semi, anti, asof }

    /// One of the two inputs.
    package enum Side: String, Sendable {
      case left, right

      /// The side to index by its key where the rows of both are known. Pairs come in the order of the left side,
      /// which an index of the left one has to restore: it must be a good deal smaller to be worth that.
      package static func of(leftRows: Int, rightRows: Int) -> Side {
        leftRows < rightRows / 4 ? .left : .right
      }
    }
    package var left: Plan
    package var right: Plan
    package var kind: Kind
    /// Pairs of equal keys, each over its own side's columns.
    package var keys: [(left: PlanExpression, right: PlanExpression)]
    /// The rest of the condition, over the left columns followed by the right ones.
    package var residual: PlanExpression?
    /// For `asof`: the two sides of the inequality, and which way it points.
    package var nearest: (left: PlanExpression, right: PlanExpression, comparison: String)?
    /// The side that is indexed by its key (set by the optimiser where it knows the rows of both; else found out).
    package var indexed: Side?
    /// Output columns as positions among the left columns followed by the right ones; a key that stands once takes
    /// the right side's value where the left has none.
    package var output: [Int]
    /// For an output column that is a key: its partner on the right.
    package var keyPartners: [Int: Int]
    /// One field for each of `output`.
    package var schema: Schema
    /// What the left table is called in messages.
    package var leftName: String
    /// What columns of the right side go by where the left has the same: `labs.taken`.
    package var rightName: String
    /// A pipeline in brackets without `as` has no name that anybody gave it.
    package var rightIsNamed: Bool
    /// Calls of a stage behind that add or average values of the left side, as often as a row of it is repeated.
    package var summed: [String] = []
    /// Calls of a stage behind that add values of the right side, as often as a row of it matched.
    package var added: [String] = []
    /// A filter lies between it and one of these.
    package var isFiltered = false
    /// What the join did, where it was run before.
    package var fact: JoinCounts?
    package var origin: StageOrigin

    package init(
      left: Plan, right: Plan, kind: Kind, keys: [(left: PlanExpression, right: PlanExpression)],
      residual: PlanExpression?, nearest: (left: PlanExpression, right: PlanExpression, comparison: String)?,
      output: [Int], keyPartners: [Int: Int], schema: Schema, leftName: String, rightName: String,
      rightIsNamed: Bool = true, origin: StageOrigin
    ) {
      self.left = left
      self.right = right
      self.kind = kind
      self.keys = keys
      self.residual = residual
      self.nearest = nearest
      self.output = output
      self.keyPartners = keyPartners
      self.schema = schema
      self.leftName = leftName
      self.rightName = rightName
      self.rightIsNamed = rightIsNamed
      self.origin = origin
    }

    /// The right side in notes.
    package var rightTold: String { rightIsNamed ? "`\(rightName)`" : "the table in brackets" }
  }

  /// Rows of all inputs; `maps` give for each output column its position in the input, or nil.
  package struct Append: Sendable {
    /// At least one, the rows of the first first.
    package var inputs: [Plan]
    /// One for each input, as long as the schema.
    package var maps: [[Int?]]
    package var schema: Schema
    /// How many rows come from a table without the column, where it was run before.
    package var lacking: [String: Int] = [:]
    package var origin: StageOrigin

    package init(inputs: [Plan], maps: [[Int?]], schema: Schema, origin: StageOrigin) {
      self.inputs = inputs
      self.maps = maps
      self.schema = schema
      self.origin = origin
    }
  }

  /// For each row and each of some columns a row: the kept columns, the column's name, its value.
  package struct Unpivot: Sendable {
    package var input: Plan
    /// Positions in the input of the columns that each row repeats.
    package var kept: [Int]
    /// Positions in the input of the columns whose values get rows of their own, in this order.
    package var melted: [Int]
    package var schema: Schema
    package var origin: StageOrigin

    package init(input: Plan, kept: [Int], melted: [Int], schema: Schema, origin: StageOrigin) {
      self.input = input
      self.kept = kept
      self.melted = melted
      self.schema = schema
      self.origin = origin
    }
  }

  /// A row for each part of a text, or each element of a list.
  package struct Split: Sendable {
    package var input: Plan
    /// The position of the column that is divided; its parts take its place.
    package var column: Int
    /// What stands between the parts of a text; nil for lists.
    package var separator: String?
    package var schema: Schema
    package var origin: StageOrigin

    package init(input: Plan, column: Int, separator: String?, schema: Schema, origin: StageOrigin) {
      self.input = input
      self.column = column
      self.separator = separator
      self.schema = schema
      self.origin = origin
    }
  }

  /// One row for each column of the input: its type, counts, range and shape.
  package struct Describe: Sendable {
    package var input: Plan
    package var schema: Schema
    package var origin: StageOrigin

    package init(input: Plan, schema: Schema, origin: StageOrigin) {
      self.input = input
      self.schema = schema
      self.origin = origin
    }
  }

  /// Something done with the table on its way; the table passes on.
  package struct Effect: Sendable {
    /// What is done. `rows` is nil where nobody said how many to show.
    package enum Kind: Sendable {
      case show(rows: Int?)
      case chart(ChartSpecification)
      case save(path: String, replace: Bool)
      /// Every row must be true; the message for when one is not.
      case assert(PlanExpression, message: String?)
    }
    package var input: Plan
    package var kind: Kind
    /// How many of the last columns nobody named: they pass on for a stage behind, and are not looked at.
    package var hidden = 0
    package var origin: StageOrigin

    package init(input: Plan, kind: Kind, hidden: Int = 0, origin: StageOrigin) {
      self.input = input
      self.kind = kind
      self.hidden = hidden
      self.origin = origin
    }
  }
}

extension Plan {
  /// Whether there is a row for the total: one group of all rows has none beside it.
  package var hasTotalRow: Bool {
    switch self {
    case .aggregate(let node): node.totals && !node.keys.isEmpty
    case .project, .sort, .effect: children.first?.hasTotalRow ?? false
    case .scan(let node): node.source.hasTotals
    default: false
    }
  }

  /// Whether the last row is a total, which no stage counts as a row.
  package var hasTotals: Bool {
    switch self {
    case .aggregate(let node): node.totals
    case .project(let node): node.input.hasTotals
    case .sort(let node): node.input.hasTotals
    case .effect(let node): node.input.hasTotals
    case .scan(let node): node.source.hasTotals
    default: false
    }
  }
}

extension Plan {
  /// The columns of the result.
  package var schema: Schema {
    switch self {
    case .scan(let node): node.schema
    case .filter(let node): node.input.schema
    case .project(let node): node.schema
    case .aggregate(let node): node.schema
    case .window(let node): node.schema
    case .sort(let node): node.input.schema
    case .slice(let node): node.input.schema
    case .distinct(let node): node.schema
    case .sample(let node): node.input.schema
    case .join(let node): node.schema
    case .append(let node): node.schema
    case .unpivot(let node): node.schema
    case .split(let node): node.schema
    case .describe(let node): node.schema
    case .effect(let node): node.input.schema
    }
  }

  /// The stage that made the node; of a filter that which made its condition.
  package var origin: StageOrigin {
    switch self {
    case .scan(let node): node.origin
    case .filter(let node): node.condition.origin
    case .project(let node): node.origin
    case .aggregate(let node): node.origin
    case .window(let node): node.origin
    case .sort(let node): node.origin
    case .slice(let node): node.origin
    case .distinct(let node): node.origin
    case .sample(let node): node.origin
    case .join(let node): node.origin
    case .append(let node): node.origin
    case .unpivot(let node): node.origin
    case .split(let node): node.origin
    case .describe(let node): node.origin
    case .effect(let node): node.origin
    }
  }

  /// The plans whose rows go in, the left side of a join first; subqueries are not among them.
  package var children: [Plan] {
    switch self {
    case .scan: []
    case .filter(let node): [node.input]
    case .project(let node): [node.input]
    case .aggregate(let node): [node.input]
    case .window(let node): [node.input]
    case .sort(let node): [node.input]
    case .slice(let node): [node.input]
    case .distinct(let node): [node.input]
    case .sample(let node): [node.input]
    case .join(let node): [node.left, node.right]
    case .append(let node): node.inputs
    case .unpivot(let node): [node.input]
    case .split(let node): [node.input]
    case .describe(let node): [node.input]
    case .effect(let node): [node.input]
    }
  }

  /// The same with every child replaced; the children must keep their schemas.
  package func mapChildren(_ transform: (Plan) -> Plan) -> Plan {
    switch self {
    case .scan: return self
    case .filter(var node):
      node.input = transform(node.input)
      return .filter(node)
    case .project(var node):
      node.input = transform(node.input)
      return .project(node)
    case .aggregate(var node):
      node.input = transform(node.input)
      return .aggregate(node)
    case .window(var node):
      node.input = transform(node.input)
      return .window(node)
    case .sort(var node):
      node.input = transform(node.input)
      return .sort(node)
    case .slice(var node):
      node.input = transform(node.input)
      return .slice(node)
    case .distinct(var node):
      node.input = transform(node.input)
      return .distinct(node)
    case .sample(var node):
      node.input = transform(node.input)
      return .sample(node)
    case .join(var node):
      node.left = transform(node.left)
      node.right = transform(node.right)
      return .join(node)
    case .append(var node):
      node.inputs = node.inputs.map(transform)
      return .append(node)
    case .unpivot(var node):
      node.input = transform(node.input)
      return .unpivot(node)
    case .split(var node):
      node.input = transform(node.input)
      return .split(node)
    case .describe(var node):
      node.input = transform(node.input)
      return .describe(node)
    case .effect(var node):
      node.input = transform(node.input)
      return .effect(node)
    }
  }

  /// The same rows without what `show`, `chart`, `save` and `assert` do on the way: for a look ahead of the query.
  package var withoutEffects: Plan {
    if case .effect(let node) = self { return node.input.withoutEffects }
    return mapChildren(\.withoutEffects)
  }

  /// A scan of all columns of a source.
  package static func scanning(_ source: any TableSource, origin: StageOrigin) -> Plan {
    let schema = source.schema
    return .scan(
      Scan(
        source: source, columns: Array(schema.fields.indices), schema: schema, filter: nil, origin: origin))
  }

  /// All expressions of this node alone.
  package var expressions: [PlanExpression] {
    switch self {
    case .scan(let node): node.filter.map { [$0.expression] } ?? []
    case .filter(let node): [node.condition.expression]
    case .project(let node): node.items
    case .aggregate(let node): node.keys + node.calls.flatMap(\.expressions)
    case .window(let node):
      node.keys + node.order.map(\.expression) + node.earlier + node.calls.flatMap(\.expressions)
    case .sort(let node): node.order.map(\.expression)
    case .slice(let node): node.keys + node.order.map(\.expression)
    case .join(let node):
      node.keys.flatMap { [$0.left, $0.right] } + (node.residual.map { [$0] } ?? [])
        + (node.nearest.map { [$0.left, $0.right] } ?? [])
    case .effect(let node): if case .assert(let condition, _) = node.kind { [condition] } else { [] }
    case .distinct, .sample, .append, .unpivot, .split, .describe: []
    }
  }

  /// Every subquery of this plan's expressions, its own inputs included.
  package var subqueries: [PlanExpression.Subquery] {
    expressions.flatMap(\.subqueries) + children.flatMap(\.subqueries)
  }
}

extension GroupCall {
  /// The arguments, and the condition where there is one.
  package var expressions: [PlanExpression] { arguments + (condition.map { [$0] } ?? []) }
}
