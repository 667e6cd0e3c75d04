/// How texts that `float`, `int`, `date` or `datetime` could not read would be read.
package enum ConversionAdvice {
  /// What to write instead; nil where the texts do not show it.
  ///
  /// - Parameters:
  ///   - function: the function that was called, with one argument.
  ///   - argument: the argument as it is written.
  ///   - texts: the commonest texts that it could not read.
  package static func reading(_ texts: [String], with function: String, _ argument: String) -> String? {
    if texts.isEmpty { return nil }
    switch function {
    case "date", "datetime":
      guard let type = DataType.named(function) else { return nil }
      let fitting = patterns(thatRead: texts, as: type)
      guard let pattern = fitting.first else { return nil }
      let call = "\(function)(\(argument), \"\(pattern)\") reads these"
      return fitting.count > 1 ? call + ", or \"\(fitting[1])\"" : call
    case "float", "int":
      if texts.allSatisfy(isLimit) {
        let signs: [String] = ["<", ">", "="].filter { sign in texts.contains { $0.contains(sign) } }
        return without(signs, texts, function, argument).map { $0 + " takes the limits themselves" }
      }
      guard texts.allSatisfy(hasThousands) else { return nil }
      let comma: [String] = [","]
      return without(comma, texts, function, argument).map { $0 + " reads these" }
    default: return nil
    }
  }

  /// The common patterns that fit all of some texts.
  package static func patterns(thatRead texts: [String], as type: DataType) -> [String] {
    DateFormat.common.filter { pattern in
      texts.allSatisfy { DateParser.parse(Kernels.trimmed($0), pattern: pattern, as: type) != nil }
    }
  }

  /// The call without some signs, where it reads the texts then: `int` where it can, else `float`.
  private static func without(
    _ signs: [String], _ texts: [String], _ function: String, _ argument: String
  ) -> String? {
    if texts.isEmpty { return nil }
    let plain = texts.map { text in signs.reduce(text) { $0.replacing($1, with: "") } }
    let call = signs.reduce(argument) { "replace(\($0), \"\($1)\", \"\")" }
    let reading = [function, "float"].first { name in
      DataType.named(name).map { type in plain.allSatisfy { Kernels.parse($0, as: type) != nil } } ?? false
    }
    return reading.map { "\($0)(\(call))" }
  }

  /// `<0.5`, `> 100`: what a laboratory reports beyond what it can measure.
  package static func isLimit(_ text: String) -> Bool {
    let text = Kernels.trimmed(text)
    guard let first = text.first, first == "<" || first == ">" else { return false }
    let number = Kernels.trimmed(String(text.dropFirst().drop { $0 == "=" }))
    return Double(number) != nil && number.first?.isLetter == false
  }

  /// `1,012` and `1,012.5`.
  private static func hasThousands(_ text: String) -> Bool {
    let whole = Kernels.trimmed(text).split(separator: ".", maxSplits: 1).first ?? ""
    let parts = (whole.first == "-" ? whole.dropFirst() : whole).split(
      separator: ",", omittingEmptySubsequences: false)
    return parts.count > 1 && (1...3).contains(parts[0].count)
      && parts.dropFirst().allSatisfy { $0.count == 3 }
      && parts.allSatisfy { $0.allSatisfy { $0.isASCII && $0.isNumber } }
  }
}
