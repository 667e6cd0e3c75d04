import Columns
import Diagnostics
import Language

/// What is said of operands whose types do not go together.
extension CheckMessages {
  /// `age + name`
  package static func operands(
    _ symbol: String, _ left: DataType, _ leftText: String, _ right: DataType, _ rightText: String,
    at range: SourceRange
  ) -> Diagnostic {
    Diagnostic(
      "operand-types", "`\(symbol)` does not fit: \(leftText) is \(left.name), \(rightText) is \(right.name)",
      at: range, help: operandHelp(symbol, left, leftText, right, rightText))
  }

  /// `{percent(x):.1%}`: a percentage runs to 100 already, and `%` would multiply it again.
  ///
  /// - Parameter isCall: in a call of `format`, and not in the braces of a text.
  static func percentOfPercent(
    _ text: String, _ format: String, isCall: Bool = false, at range: SourceRange
  ) -> Diagnostic {
    let plain = format.count > 1 ? String(format.dropLast()) : ".0"
    return Diagnostic(
      "percent-format", "\(text) runs from 0 to 100 already, and `%` in a format is for shares from 0 to 1",
      at: range,
      help: [
        isCall
          ? "write format(\(text), \"\(plain)\"), or f\"{\(text):\(plain)}%\" with the sign"
          : "write {\(text):\(plain)}%"
      ])
  }

  /// Two types that do not go into one list; of records the first field in which they differ.
  static func mixture(_ one: DataType, _ other: DataType) -> String {
    if case .record(let fields) = one, case .record(let others) = other {
      for field in fields {
        guard let second = others.first(where: { $0.name == field.name }),
          DataType.common(field.type, second.type) == nil
        else { continue }
        return "`\(field.name)` is \(field.type.name) in one record and \(second.type.name) in another"
      }
    }
    return "this one mixes \(one.name) and \(other.name)"
  }

  private static func operandHelp(
    _ symbol: String, _ left: DataType, _ leftText: String, _ right: DataType, _ rightText: String
  ) -> [String] {
    if symbol == "??" { return otherwiseHelp(left, leftText, right, rightText) }
    if ["~", "!~", "like", "not like"].contains(symbol), left != .text {
      return ["patterns are for texts: text(\(leftText)) \(symbol) \(rightText)"]
    }
    let isSum = symbol == "+" || symbol == "-"
    if left.isTime, right == .int, isSum {
      let days = rightText.allSatisfy(\.isNumber) ? rightText + "d" : rightText + " * 1d"
      return [
        "say the unit: \(leftText) \(symbol) \(days) for days, or add(\(leftText), \(symbol == "-" ? "-" : "")\(rightText), months)"
      ]
    }
    if left.isTime, right == .text {
      let inner = String(rightText.dropFirst().dropLast())
      let isDate =
        rightText.hasPrefix("\"")
        && (Kernels.parse(inner, as: .date) != nil || Kernels.parse(inner, as: .datetime) != nil)
      let spelled = inner.split(separator: " ").joined(separator: "T")
      return [
        isDate
          ? "a date is written without quotes: \(leftText) \(symbol) \(spelled)"
          : "a date is written without quotes, year-month-day: 2026-01-31"
      ]
    }
    if left.isTime, right.isNumber, rightText.contains("/") {
      return ["a date is written year-month-day: 2026-01-31"]
    }
    if left.isTime, right == .int, let year = Int(rightText), (1800...2200).contains(year) {
      let day = symbol == "<" || symbol == ">=" ? symbol : ">="
      return [
        "compare the year, year(\(leftText)) \(symbol) \(year), or a date, such as \(leftText) \(day) \(year)-01-01"
      ]
    }
    if left == .text, right.isTime {
      return ["convert the text: \(CheckMessages.dayConversion(leftText)) or datetime(\(leftText))"]
    }
    if left == .text, right == .text, symbol == "+" {
      return ["join texts with concat(\(leftText), \(rightText)) or f\"{…}{…}\""]
    }
    if symbol == "+", left == .text || right == .text {
      return [
        "put texts together with concat(\(leftText), \(rightText)), which takes numbers too, or f\"{…}{…}\""
      ]
    }
    if Set([left, right]) == [.bool, .text] {
      let (condition, text) = left == .bool ? (leftText, rightText) : (rightText, leftText)
      return conditionAndText(condition, text, isNegated: symbol == "!=")
    }
    if case .list = left, leftText.hasPrefix("["), leftText.hasSuffix("]"), !leftText.contains(",") {
      let inner = String(leftText.dropFirst().dropLast())
      return ["square brackets make a list; a column stands without them: \(inner) \(symbol) \(rightText)"]
    }
    if left == .text, right.isNumber, leftText.hasPrefix("\"") {
      let inner = String(leftText.dropFirst().dropLast())
      return [
        Double(inner) != nil
          ? "a number is written without quotes: \(inner)"
          : "quotes make a text; a column's name stands without them, or in backticks where it has blanks or signs: `\(inner)`"
      ]
    }
    if symbol == "~" || symbol == "like", left == .text, right != .text {
      return ["a pattern is a text: \(leftText) \(symbol) text(\(rightText))"]
    }
    if left == .text, right.isNumber { return ["convert the text: float(\(leftText)) or int(\(leftText))"] }
    if left.isNumber, right == .text, rightText.hasPrefix("\"") {
      let inner = String(rightText.dropFirst().dropLast())
      let parts = inner.split(separator: ",", omittingEmptySubsequences: false).map(String.init)
      if parts.count > 1, let meant = NumberSpelling.meant(parts) {
        if let grouped = meant.grouped {
          return ["a number is written without quotes and without commas: \(grouped.filter { $0 != "_" })"]
        }
        return ["a number is written without quotes, its decimals behind a point: \(meant.decimal ?? inner)"]
      }
      if leftText.hasPrefix("month("), let number = monthNumber(inner) {
        return ["a month is a number, 1 to 12: \(leftText) == \(number)"]
      }
      if leftText.hasPrefix("weekday("), let number = weekdayNumber(inner) {
        return ["a weekday is a number, 1 for Monday to 7 for Sunday: \(leftText) == \(number)"]
      }
    }
    if left.isNumber, right == .text {
      if rightText.hasPrefix("\"") {
        let inner = rightText.dropFirst().dropLast()
        let isNumber = Double(inner) != nil && inner.allSatisfy { $0.isASCII && !$0.isLetter }
        return [
          isNumber
            ? "a number is written without quotes: \(inner)"
            : "\(rightText) is no number; one is written in digits, without quotes"
        ]
      }
      return ["to read text as a number: float(\(rightText))"]
    }
    if left == .duration, right.isNumber {
      return [
        "say the unit: \(rightText)d for days or \(rightText)h for hours; or take days(\(leftText)), hours(\(leftText))"
      ]
    }
    if left.isNumber, right == .duration {
      // A column that is called after its unit takes that one.
      let named = ForeignHabits.unitOfName(leftText)
      return [
        named.map { "a number of \($0): \($0)(\(rightText))" }
          ?? "use hours(\(rightText)) or days(\(rightText))"
      ]
    }
    let isBetweenNumbers = left == .bool || left.isNumber && right == .bool
    if isBetweenNumbers, right == .bool || right.isNumber, ["+", "-", "*", "/"].contains(symbol) {
      let parts = [(leftText, left), (rightText, right)].map { text, type in
        let inner = text.hasPrefix("(") && text.hasSuffix(")") ? String(text.dropFirst().dropLast()) : text
        return type == .bool ? "int(\(inner))" : text
      }
      return ["a condition as 1 or 0: \(parts[0]) \(symbol) \(parts[1])"]
    }
    if left == .bool, right.isNumber {
      return ["a condition is true or false; write \(leftText) or not \(leftText)"]
    }
    return []
  }

  /// The number of a month by the beginning of its English name.
  static func monthNumber(_ name: String) -> Int? {
    let names = [
      "january", "february", "march", "april", "may", "june", "july", "august", "september", "october",
      "november", "december",
    ]
    let word = name.lowercased()
    return word.count < 3 ? nil : names.firstIndex { $0.hasPrefix(word) }.map { $0 + 1 }
  }

  private static func weekdayNumber(_ name: String) -> Int? {
    let names = ["mon", "tue", "wed", "thu", "fri", "sat", "sun"]
    return names.firstIndex { name.lowercased().hasPrefix($0) }.map { $0 + 1 }
  }

  /// `planned == "false"`
  private static func conditionAndText(_ condition: String, _ text: String, isNegated: Bool) -> [String] {
    if ["true", "false"].contains(condition) {
      return ["\(text) holds texts: compare it with one, \(text) == \"yes\", or read it with bool(\(text))"]
    }
    let word = text.dropFirst().dropLast().lowercased()
    let isTrue = ["true", "yes", "y", "t", "1"].contains(word)
    guard isTrue || ["false", "no", "n", "f", "0"].contains(word), text.hasPrefix("\"") else {
      return ["\(condition) is true or false; write \(condition) or not \(condition)"]
    }
    return [
      "true and false stand without quotes: write \(isTrue == isNegated ? "not " : "")\(condition), or \(condition) == \(isTrue != isNegated)"
    ]
  }
}
