import Columns
import Diagnostics

/// Conditions that no row can fulfil, whatever the data: `age > 65 and age < 18`, `month(day) == 13`.
package enum Contradictions {
  /// A warning for each condition of a plan that can never be true.
  package static func warnings(in plan: Plan) -> [Diagnostic] {
    var found: [Diagnostic] = []
    visit(plan, &found)
    return found
  }

  /// Whether the ends of a range stand the wrong way round, so that nothing lies between them. Texts may have an order of
  /// their own, which only the run knows.
  package static func isTurnedRound(_ value: PlanExpression, _ low: Value, _ high: Value) -> Bool {
    guard value.type != .text, !low.isMissing, !high.isMissing else { return false }
    let types = Set([value.type, low.type, high.type])
    guard types.contains(.date), types.contains(.datetime) else { return Value.precedes(high, low) }
    // A day beside a time holds all of its times.
    func day(_ value: Value) -> Int32? {
      switch value {
      case .date(let days): days
      case .datetime(let instant, let offset):
        Calendar.days(ofMicroseconds: instant + Int64(offset ?? 0) * Calendar.microsecondsPerMinute)
      default: nil
      }
    }
    guard let first = day(low), let last = day(high) else { return false }
    return last < first
  }

  /// An expression as a person reads it.
  package static func plain(_ expression: PlanExpression) -> String { Claim.plain(expression) }

  /// Branches that no row comes to, since those before them take all rows that they are for:
  /// `case { age >= 18 -> "adult", age >= 65 -> "old" }`.
  ///
  /// - Returns: for each its place, what to say of it, and what to do.
  package static func unreachable(in choice: PlanExpression) -> [Unreachable] {
    var before: [(subject: String, claim: Claim)] = []
    var found: [Unreachable] = []
    // Each is held against all before it: of a long list of codes there are too many pairs.
    for condition in conditions(of: choice).prefix(mostBranches) {
      if case .call(let call) = condition.kind, call.function.name == "is missing",
        let subject = call.arguments.first?.description,
        let claim = before.first(where: { $0.subject == subject })
      {
        found.append(
          Unreachable(
            range: condition.range,
            message:
              "no row comes to `\(Claim.plain(call.arguments[0])) is missing`: where it is missing, `\(claim.claim.text)` before it is not known, and that decides",
            advice: "put what is missing first"))
        continue
      }
      // Of several claims on one thing, as of `between`, the opposite is no single claim.
      guard let (subject, claims) = Claim.all(in: condition) else { continue }
      let key = subject.description
      let earlier = before.filter { $0.subject == key }.map(\.claim)
      if let claim = claims.first, earlier.contains(where: { $0.text == claim.text }) {
        found.append(
          Unreachable(
            range: condition.range, message: "no row comes to `\(claim.text)`: it stands before already",
            advice: "leave one of the two out"))
      } else if let claim = claims.first, let reason = ValueDomain.exhausted(subject, claims, by: earlier) {
        found.append(
          Unreachable(
            range: condition.range, message: "no row comes to `\(claim.text)`: \(reason)",
            advice: "put the narrower condition first"))
      }
      if claims.count == 1 { before.append((key, claims[0])) }
    }
    return found
  }

  /// A branch of a choice that no row comes to.
  package struct Unreachable {
    package var range: SourceRange
    /// What is wrong with the branch, as the warning says it.
    package var message: String
    /// What to write instead.
    package var advice: String
  }

  private static let mostBranches = 40

  /// The conditions of a choice, and of one that is all of its last branch: `if(a, 1, if(b, 2, 3))`.
  private static func conditions(of choice: PlanExpression) -> [PlanExpression] {
    guard case .choice(let branches, let otherwise, _) = choice.kind else { return [] }
    return branches.map(\.condition) + (otherwise.map(conditions) ?? [])
  }

  private static func visit(_ plan: Plan, _ found: inout [Diagnostic]) {
    // Filters behind one another are one condition.
    var below = plan
    var conjuncts: [PlanExpression] = []
    while case .filter(let node) = below {
      conjuncts = node.condition.expression.conjuncts + conjuncts
      below = node.input
    }
    if !conjuncts.isEmpty {
      examine(conjuncts, &found)
      visit(below, &found)
      return
    }
    for expression in plan.expressions { visit(expression, &found) }
    for child in plan.children { visit(child, &found) }
  }

  private static func visit(_ expression: PlanExpression, _ found: inout [Diagnostic]) {
    if expression.type == .bool {
      examine(expression.conjuncts, &found)
    } else {
      for place in unreachable(in: expression) where !found.contains(where: { $0.range == place.range }) {
        found.append(
          Diagnostic(
            "never-reached", place.message, at: place.range, help: [place.advice], severity: .warning))
      }
      for child in expression.children { visit(child, &found) }
    }
    for subquery in expression.children.isEmpty ? expression.subqueries : [] { visit(subquery.plan, &found) }
  }

  /// Parts that hold together: what they say of the same thing must leave a value.
  private static func examine(_ conjuncts: [PlanExpression], _ found: inout [Diagnostic]) {
    var domains: [String: ValueDomain] = [:]
    // `los is missing and los > 3`: a comparison holds for no missing value.
    var missing: [String: String] = [:]
    for part in conjuncts {
      guard case .call(let call) = part.kind, call.function.name == "is missing",
        let subject = call.arguments.first
      else { continue }
      missing[subject.description] = "\(Claim.plain(subject)) is missing"
    }
    for part in conjuncts {
      guard let (subject, claims) = Claim.all(in: part) else {
        for child in part.children { visit(child, &found) }
        continue
      }
      let key = subject.description
      var domain = domains[key] ?? ValueDomain(subject)
      if let absent = missing[key], let claim = claims.first, !domain.isReported {
        domain.isReported = true
        found.append(
          Diagnostic(
            "never-true", "`\(absent)` and `\(claim.text)` are never true together", at: part.range,
            severity: .warning))
      }
      for claim in claims where !domain.isReported {
        if let reason = domain.narrow(claim) {
          domain.isReported = true
          found.append(
            Diagnostic("never-true", reason, at: part.range, help: claim.help, severity: .warning))
        }
      }
      domains[key] = domain
    }
  }
}

/// One comparison of something with a plain value.
private struct Claim {
  var sign: String
  var values: [Value]
  /// The whole comparison as a person reads it.
  var text: String
  var help: [String] = []

  /// Claims that hold together exactly where this one does not.
  var opposite: Claim? {
    guard let sign = ["<": ">=", "<=": ">", ">": "<=", ">=": "<"][sign] else { return nil }
    return Claim(sign: sign, values: values, text: text)
  }

  /// What a condition says of one thing; nil for conditions of another kind.
  static func all(in condition: PlanExpression) -> (subject: PlanExpression, claims: [Claim])? {
    guard case .call(let call) = condition.kind, let subject = call.arguments.first else { return nil }
    let text = plain(subject)
    switch call.function.name {
    case "==", "<", "<=", ">", ">=":
      let sign = call.function.name
      if let value = call.arguments[1].constant, !value.isMissing {
        return (subject, [Claim(sign: sign, values: [value], text: "\(text) \(sign) \(spelled(value))")])
      }
      guard let value = subject.constant, !value.isMissing else { return nil }
      let mirrored = Function.mirroredSigns[sign] ?? sign
      let other = call.arguments[1]
      return (
        other, [Claim(sign: mirrored, values: [value], text: "\(plain(other)) \(mirrored) \(spelled(value))")]
      )
    case "between":
      guard call.arguments.count == 3, let low = call.arguments[1].constant,
        let high = call.arguments[2].constant, !low.isMissing, !high.isMissing
      else { return nil }
      let whole = "\(text) between \(spelled(low)) and \(spelled(high))"
      return (
        subject,
        [
          Claim(sign: ">=", values: [low], text: whole),
          Claim(
            sign: "<=", values: [high], text: whole,
            help: ["the lower end stands first: between \(spelled(high)) and \(spelled(low))"]),
        ]
      )
    case "in":
      guard case .list(let values)? = call.arguments[1].constant, !values.isEmpty else { return nil }
      let list =
        "[" + values.prefix(4).map(spelled).joined(separator: ", ") + (values.count > 4 ? ", …]" : "]")
      return (subject, [Claim(sign: "in", values: values, text: "\(text) in \(list)")])
    default: return nil
    }
  }

  private static func spelled(_ value: Value) -> String { PlanExpression.text(of: value) }

  /// Without the column numbers of the plan's own notation.
  static func plain(_ expression: PlanExpression) -> String {
    var result = ""
    var skipping = false
    for character in expression.description {
      if character == "#" {
        skipping = true
      } else if !skipping || !character.isNumber {
        skipping = false
        result.append(character)
      }
    }
    return result.hasPrefix("(") && result.hasSuffix(")") ? String(result.dropFirst().dropLast()) : result
  }
}

extension Substring {
  /// Without blanks at both ends.
  fileprivate var trimmed: String {
    var rest = self
    while rest.first?.isWhitespace ?? false { rest.removeFirst() }
    while rest.last?.isWhitespace ?? false { rest.removeLast() }
    return String(rest)
  }
}

/// The values that are still possible.
private struct ValueDomain {
  private let type: DataType
  private var low = -Double.infinity
  private var high = Double.infinity
  private var lowIsIn = true
  private var highIsIn = true
  private var lowText: String?
  private var highText: String?
  private var allowed: (values: [Value], text: String)?
  /// What the function itself gives, for the message.
  private var bounds: String?
  /// A function that gives texts of one form alone, and that form of a text.
  private var form: Form?
  var isReported = false

  /// What a function makes of every text.
  private struct Form: Sendable {
    var name: String
    var words: String
    var of: @Sendable (String) -> String
  }
  private static let forms = [
    Form(name: "lower", words: "gives small letters") { $0.lowercased() },
    Form(name: "upper", words: "gives capitals") { $0.uppercased() },
    Form(name: "trim", words: "leaves no blank at the ends") { Substring($0).trimmed },
  ]

  init(_ subject: PlanExpression) {
    type = subject.type
    guard case .call(let call) = subject.kind else { return }
    form = Self.forms.first { $0.name == call.function.name }
    guard let range = Self.ranges[call.function.name] else { return }
    low = range.lowerBound
    high = range.upperBound
    bounds =
      high.isFinite
      ? "\(call.function.name) runs from \(Int(low)) to \(Int(high))"
      : "\(call.function.name) is never below 0"
  }

  /// Why claims on a subject leave no value that the claims before them do not take; nil where they do.
  static func exhausted(_ subject: PlanExpression, _ claims: [Claim], by earlier: [Claim]) -> String? {
    var own = ValueDomain(subject)
    for claim in claims where own.narrow(claim) != nil { return nil }
    func isEmpty(_ domain: ValueDomain, without claims: [Claim]) -> Bool {
      var domain = domain
      return claims.contains { claim in
        if let opposite = claim.opposite { return domain.narrow(opposite) != nil }
        return domain.remove(claim.values)
      }
    }
    if let one = earlier.first(where: { isEmpty(own, without: [$0]) }) {
      return "`\(one.text)` before it takes all that it is for"
    }
    return isEmpty(own, without: earlier) ? "the branches before it take all that it is for" : nil
  }

  /// Takes values out of those that are listed; true when that leaves none.
  private mutating func remove(_ values: [Value]) -> Bool {
    // Of two long lists of codes nobody wants to wait for this.
    guard let allowed, allowed.values.count * values.count < 10_000, Self.compare(allowed.values + values)
    else { return false }
    let left = allowed.values.filter { !values.contains($0) }
    self.allowed = (left, allowed.text)
    return left.isEmpty
  }

  private static let ranges: [String: ClosedRange<Double>] = [
    "month": 1...12, "quarter": 1...4, "week": 1...53, "weekday": 1...7, "day": 1...31,
    "day_of_year": 1...366, "hour": 0...23, "minute": 0...59, "second": 0...59, "year": 1...9999,
    "length": 0...Double.infinity, "abs": 0...Double.infinity, "sqrt": 0...Double.infinity,
  ]

  /// Takes a claim in; gives what is wrong when it leaves nothing.
  mutating func narrow(_ claim: Claim) -> String? {
    if claim.sign == "==" || claim.sign == "in" { return restrict(claim) }
    guard let value = claim.values.first, let (from, to) = Self.span(value, type) else { return nil }
    switch claim.sign {
    case ">": raise(to ?? from, isIn: to != nil, claim.text)
    case ">=": raise(from, isIn: true, claim.text)
    case "<": lower(from, isIn: false, claim.text)
    default: lower(to ?? from, isIn: to == nil, claim.text)
    }
    if let reason = emptiness(claim) { return reason }
    guard let allowed, !allowed.values.contains(where: isInside) else { return nil }
    return together(allowed.text, claim.text)
  }

  /// `==` and `in`: only these values.
  private mutating func restrict(_ claim: Claim) -> String? {
    if let allowed {
      let both = allowed.values.filter { claim.values.contains($0) }
      if both.isEmpty, Self.compare(allowed.values + claim.values) {
        return together(allowed.text, claim.text)
      }
    }
    if let form {
      let texts = claim.values.compactMap(\.string)
      if !texts.isEmpty, texts.count == claim.values.count, texts.allSatisfy({ form.of($0) != $0 }) {
        return "`\(claim.text)` is never true: \(form.name) \(form.words)"
      }
    }
    let possible = claim.values.filter(isInside)
    allowed = (claim.values, claim.text)
    if !possible.isEmpty || claim.values.isEmpty { return nil }
    if type == .int, claim.values.allSatisfy({ Self.isFraction($0) }) {
      return "`\(claim.text)` is never true: a whole number is wanted"
    }
    if let other = lowText ?? highText { return together(other, claim.text) }
    return bounds.map { "`\(claim.text)` is never true: \($0)" }
  }

  private mutating func raise(_ value: Double, isIn: Bool, _ text: String) {
    let (value, isIn) =
      type == .int ? (isIn ? value.rounded(.up) : value.rounded(.down) + 1, true) : (value, isIn)
    if value > low || (value == low && !isIn) { (low, lowIsIn, lowText) = (value, isIn, text) }
  }

  private mutating func lower(_ value: Double, isIn: Bool, _ text: String) {
    let (value, isIn) =
      type == .int ? (isIn ? value.rounded(.down) : value.rounded(.up) - 1, true) : (value, isIn)
    if value < high || (value == high && !isIn) { (high, highIsIn, highText) = (value, isIn, text) }
  }

  private func emptiness(_ claim: Claim) -> String? {
    if low < high || (low == high && lowIsIn && highIsIn) { return nil }
    switch (lowText, highText) {
    case (let one?, let other?): return together(one, other)
    default: return "`\(claim.text)` is never true" + (bounds.map { ": \($0)" } ?? "")
    }
  }

  private func together(_ one: String, _ other: String) -> String {
    one == other ? "`\(one)` is never true" : "`\(one)` and `\(other)` are never true together"
  }

  private func isInside(_ value: Value) -> Bool {
    guard let (from, to) = Self.span(value, type) else { return true }
    if type == .int, Self.isFraction(value) { return false }
    // A day is a span of time: part of it is enough.
    let last = to.map { $0 - 1 } ?? from
    return (last > low || (last == low && lowIsIn)) && (from < high || (from == high && highIsIn))
  }

  private static func isFraction(_ value: Value) -> Bool {
    if case .float(let number) = value { number != number.rounded() } else { false }
  }

  /// Whether values of these types can be told apart here: a date and a datetime of the same day are equal.
  private static func compare(_ values: [Value]) -> Bool {
    Set(values.map { $0.type.name }).count == 1
  }

  /// A value as a number; for a day among datetimes its begin and its end, which is outside.
  private static func span(_ value: Value, _ type: DataType) -> (from: Double, to: Double?)? {
    switch value {
    case .int(let number): return (Double(number), nil)
    case .float(let number): return (number, nil)
    case .duration(let number): return (Double(number), nil)
    case .date(let days):
      let from = Double(days) * Double(Calendar.microsecondsPerDay)
      return type == .datetime ? (from, from + Double(Calendar.microsecondsPerDay)) : (from, nil)
    case .datetime(let instant, let offset):
      // Times with an offset compare by instant, the others by the clock: they are not mixed here.
      return offset == nil && type == .datetime ? (Double(instant), nil) : nil
    default: return nil
    }
  }
}
