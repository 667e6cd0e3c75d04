import Columns

/// What an argument may be.
package indirect enum TypeClass: Sendable, Hashable {
  case any
  case number
  case int
  case float
  case text
  case bool
  case date
  case datetime
  /// A date or a datetime.
  case time
  case duration
  /// Anything that sorts: all but lists and records.
  case orderable
  case list
  case record
  /// One of these bare words, never a column: units such as `month`.
  case word([String])

  /// Whether a value of this type may stand here. `missing` fits everywhere but where a word must.
  package func accepts(_ type: DataType) -> Bool {
    if type == .missing {
      if case .word = self { return false }
      return true
    }
    switch self {
    case .any: return true
    case .number: return type.isNumber
    case .int: return type == .int
    case .float: return type.isNumber
    case .text: return type == .text
    case .bool: return type == .bool
    case .date: return type == .date
    case .datetime: return type == .datetime
    case .time: return type.isTime
    case .duration: return type == .duration
    case .orderable: return type.isOrderable
    case .list: if case .list = type { return true } else { return false }
    case .record: if case .record = type { return true } else { return false }
    case .word: return type == .text
    }
  }

  /// For people: `a number`, `a date or datetime`.
  package var description: String {
    switch self {
    case .any: "any value"
    case .number, .float: "a number"
    case .int: "a whole number"
    case .text: "text"
    case .bool: "a condition"
    case .date: "a date"
    case .datetime: "a datetime"
    case .time: "a date or datetime"
    case .duration: "a duration"
    case .orderable: "a number, text, time or condition"
    case .list: "a list"
    case .record: "a record"
    case .word(let words): "one of " + words.joined(separator: ", ")
    }
  }
}

/// One parameter of a function.
package struct Parameter: Sendable {
  package var name: String
  package var type: TypeClass
  /// The value when the argument is left out; nil when it must be given.
  package var defaultValue: Value?
  /// Takes any number of arguments (one at least); only the last parameter may.
  package var isVariadic: Bool
  /// Must be the same for all rows: a literal, a param, arithmetic on such.
  package var isConstant: Bool

  package init(
    _ name: String, _ type: TypeClass, default defaultValue: Value? = nil, variadic: Bool = false,
    constant: Bool = false
  ) {
    self.name = name
    self.type = type
    self.defaultValue = defaultValue
    self.isVariadic = variadic
    self.isConstant = constant
  }
}

/// The type that a call has.
package enum ResultRule: Sendable {
  case type(DataType)
  /// The type of the parameter at this position.
  case same(Int)
  /// The type that holds all arguments of the parameters from this position on; none when they clash.
  case common(from: Int)
  /// Worked out from the argument types, one for each parameter (the variadic ones as given); nil: they do not fit.
  case computed(@Sendable ([DataType]) -> DataType?)
}

/// One way to call a function.
package struct Signature: Sendable {
  package var parameters: [Parameter]
  /// The type of what comes of it, as a rule over the arguments' types.
  package var result: ResultRule
  package init(_ parameters: [Parameter], _ result: ResultRule) {
    self.parameters = parameters
    self.result = result
  }
}

/// What a function makes of a missing argument.
package enum MissingRule: Sendable {
  /// The result is missing.
  case propagates
  /// The function decides itself (`??`, `is missing`); the summary says how.
  case handles
  /// Missing values are left out and counted in a note (aggregates).
  case leavesOut
}

extension Function {
  /// Whether it is true or false whatever it is called with.
  package var isCondition: Bool {
    signatures.allSatisfy { if case .type(.bool) = $0.result { true } else { false } }
  }
}

/// On which other rows the result of a function over rows hangs, where these have an order: what there is to tell of ends,
/// gaps and equal sort keys follows from it.
package enum RowReach: Sendable, Equatable {
  /// The row so many rows before (`lag`, `difference`), or behind (`lead`).
  case neighbour(isLater: Bool)
  /// All rows up to this one; of an extreme, rows of one sort key may have the same.
  case soFar(isExtreme: Bool)
  /// The rows of a moving window.
  case window
  /// The nearest row up to this one that has a value.
  case lastKnown
  /// How many rows stand before it.
  case place
  /// The row that stands first or last in the group.
  case edge(isLast: Bool)
}

/// An example with its result, run by a test. The input is an expression (`round(2.5)`) or, where it begins with
/// `table`, a whole pipeline whose only cell, or whose CSV, is the result.
package struct Example: Sendable {
  package var input: String
  /// Empty where the example draws instead of giving a value.
  package var result: String
  package init(_ input: String, gives result: String) {
    self.input = input
    self.result = result
  }
}

extension Function {
  /// Each comparison as it is called with its sides exchanged.
  package static let mirroredSigns = ["==": "==", "<": ">", "<=": ">=", ">": "<", ">=": "<="]
}

/// A function: everything that the checker, the evaluator, completion, help and the reference know of it.
package struct Function: Sendable {
  /// The parts of help and of the reference, in their order.
  package enum Category: String, Sendable, CaseIterable {
    case operators, numbers, text, dates, conversions, conditions, lists, aggregates, windows, statistics
  }

  package enum Implementation: Sendable {
    /// On whole columns.
    case vector(VectorKernel)
    /// On one row's values; called once for each dictionary entry where only one text argument varies.
    case rows(RowKernel)
    /// Over the rows of a group.
    case aggregate(AggregateKernel)
    /// Over ordered rows of a partition.
    case window(WindowKernel)
    /// Lowered by the checker into other calls (`if`, `case`, `??` and the like).
    case form
  }

  package var name: String
  package var aliases: [String]
  package var category: Category
  /// One line of help.
  package var summary: String
  /// The ways to call it: of those that take so many arguments the first whose types fit.
  package var signatures: [Signature]
  package var missing: MissingRule
  package var examples: [Example]
  /// Names of the results after the first (`_low`, `_high`), for functions of several results.
  package var furtherResults: [String]
  /// How the further results are worked out, for the note that names it.
  package var method: String?
  /// On which other rows it hangs by their order; nil where their order changes nothing.
  package var reach: RowReach?
  /// Words that people coming from elsewhere search for.
  package var searchWords: [String]
  /// What else there is to know, behind the examples.
  package var remark: String?
  package var implementation: Implementation

  package init(
    _ name: String, aliases: [String] = [], _ category: Category, _ summary: String,
    _ signatures: [Signature], missing: MissingRule = .propagates, examples: [Example],
    furtherResults: [String] = [], method: String? = nil, reach: RowReach? = nil, searchWords: [String] = [],
    remark: String? = nil,
    _ implementation: Implementation
  ) {
    self.name = name
    self.aliases = aliases
    self.category = category
    self.summary = summary
    self.signatures = signatures
    self.missing = missing
    self.examples = examples
    self.furtherResults = furtherResults
    self.method = method
    self.reach = reach
    self.searchWords = searchWords
    self.remark = remark
    self.implementation = implementation
  }

  /// `??`, `is missing` and `fill` say themselves what becomes of a missing value.
  package var saysWhatMissingBecomes: Bool {
    name == "??" || name == "is missing" || name == Kernels.filling
  }

  /// Whether it works over the rows of a group and gives one value for each.
  package var isAggregate: Bool { if case .aggregate = implementation { true } else { false } }
  /// Whether it works over ordered rows of a partition and gives a value for each row.
  package var isWindow: Bool { if case .window = implementation { true } else { false } }

  /// What an argument may be in any of the forms, for people: `a number, a duration, a date or a datetime`.
  package func wanted(_ parameter: Parameter) -> String {
    var kinds: [String] = []
    for signature in signatures {
      guard let other = signature.parameters.first(where: { $0.name == parameter.name }) else { continue }
      let own = other.type == .time ? [TypeClass.date, .datetime] : [other.type]
      for kind in own.map(\.description) where !kinds.contains(kind) { kinds.append(kind) }
    }
    guard kinds.count > 1, let last = kinds.last else { return parameter.type.description }
    return kinds.dropLast().joined(separator: ", ") + " or " + last
  }

  /// `round(x, [n])`: the ways to call it, a line each.
  package var usage: [String] {
    var lines: [String] = []
    for signature in signatures {
      let parameters = signature.parameters.map { parameter in
        let name = parameter.isVariadic ? parameter.name + ", …" : parameter.name
        return parameter.defaultValue == nil ? name : "[\(name)]"
      }
      let line = "\(name)(\(parameters.joined(separator: ", ")))"
      if !lines.contains(line) { lines.append(line) }
    }
    return lines
  }
}
