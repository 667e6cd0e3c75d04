import Diagnostics

/// An expression with its place in the text.
package struct Expression: Sendable {
  /// What an expression is.
  package indirect enum Kind: Sendable {
    // Literals.
    case missing
    case bool(Bool)
    case int(Int64)
    case float(Double)
    /// `12%` with the value 0.12.
    case percent(Double)
    case text(String)
    /// `f"…{expression:format}…"`
    case interpolation([InterpolationPart])
    /// Days since 1970-01-01.
    case date(Int32)
    /// Microseconds since 1970-01-01T00:00 as written, and the offset from UTC in minutes when one is written.
    case datetime(Int64, offset: Int?)
    /// Microseconds.
    case duration(Int64)
    case list([Expression])
    /// `("a", "b")` behind `in`.
    case tuple([Expression])
    /// `{a: 1, b: 2}`
    case record([Field])
    case range(Expression, Expression)

    // Names and what hangs on them.
    /// A name, with its dots in it: `a`, `t.a`, `x.y.z`.
    case name(Name)
    case call(Name, [Argument])
    /// `x[0]`, `x[condition]`
    case index(Expression, Expression)
    /// `.field` on something that is no name: `x[0].code`; also a name with a part in backticks: ``t.`a b` ``.
    case field(Expression, Name)

    // Operators.
    case unary(UnaryOperator, Expression)
    case binary(BinaryOperator, Expression, Expression)
    case between(Expression, lower: Expression, upper: Expression, negated: Bool)
    case membership(Expression, in: Expression, negated: Bool)
    /// `is missing`, `is not missing`
    case isMissing(Expression, negated: Bool)

    // Choices.
    /// `case { condition -> value, …, else -> value }`; with a subject, `case x { "a" -> 1, … }`.
    case choice(subject: Expression?, [Branch], otherwise: Expression?)

    /// `{ … }` that is no record: branches, words with groups, or a mixture.
    case block([BlockItem])
    /// `(pipeline)`
    case pipeline(Pipeline)
    /// A place that could not be read; a diagnostic says why.
    case invalid
  }

  /// An argument of a call: `value` or `name: value`.
  package struct Argument: Sendable {
    /// The name in `name: value`.
    package var name: Name?
    package var value: Expression
    package init(name: Name? = nil, value: Expression) {
      self.name = name
      self.value = value
    }
  }

  /// `name: value` of a record.
  package struct Field: Sendable {
    package var name: Name
    package var value: Expression
    package init(name: Name, value: Expression) {
      self.name = name
      self.value = value
    }
  }

  /// `condition -> value` of a `case`; behind a subject the condition is the value to be met.
  package struct Branch: Sendable {
    package var condition: Expression
    package var value: Expression
    package init(condition: Expression, value: Expression) {
      self.condition = condition
      self.value = value
    }
  }

  /// One item of a block, ended by a comma or the line's end.
  package enum BlockItem: Sendable {
    /// `name: value`
    case field(Field)
    /// `condition -> value`
    case branch(Branch)
    /// `else -> value`
    case otherwise(Expression)
    /// A word with groups, as in a stage.
    case stage(Stage)
  }

  /// A piece of `f"…"`: text, or a value in braces with what stands behind its `:`.
  package enum InterpolationPart: Sendable {
    case text(String)
    case value(Expression, format: String?)
  }

  package var kind: Kind
  /// The place in the text, with the brackets of its own if it has them.
  package var range: SourceRange
  /// True when the expression stands in brackets of its own.
  package var isParenthesized: Bool

  package init(_ kind: Kind, at range: SourceRange, isParenthesized: Bool = false) {
    self.kind = kind
    self.range = range
    self.isParenthesized = isParenthesized
  }
}

/// Operators with one operand.
package enum UnaryOperator: String, Sendable, CaseIterable {
  case minus = "-"
  case not = "not"
}

/// Operators with two operands; the raw value is the canonical spelling.
package enum BinaryOperator: String, Sendable, CaseIterable {
  case or = "or"
  case and = "and"
  case equal = "=="
  case notEqual = "!="
  case less = "<"
  case lessOrEqual = "<="
  case greater = ">"
  case greaterOrEqual = ">="
  case like = "like"
  case notLike = "not like"
  case matches = "~"
  case notMatches = "!~"
  case otherwise = "??"
  case add = "+"
  case subtract = "-"
  case multiply = "*"
  case divide = "/"
  case floorDivide = "//"
  case remainder = "%"
  case power = "^"

  /// `==`, `<` and their like, which compare two values.
  package var isComparison: Bool {
    switch self {
    case .equal, .notEqual, .less, .lessOrEqual, .greater, .greaterOrEqual: true
    default: false
    }
  }
}

extension Expression {
  /// A text in quotes, with or without values in braces.
  package var isText: Bool {
    switch kind {
    case .text, .interpolation: true
    default: false
    }
  }

  /// A text, a number, a day or a time as it is written.
  package var isPlainValue: Bool {
    switch kind {
    case .text, .int, .float, .date, .datetime: true
    default: false
    }
  }
}
