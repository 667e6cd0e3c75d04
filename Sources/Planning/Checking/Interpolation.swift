import Columns

/// Functions that the syntax itself calls and nobody by name: `f"…"` and lists of expressions.
enum Interpolation {
  /// The whole of `f"…"`: its parts end to end; a missing part makes the whole missing.
  static let whole = Function(
    "f", .text, "Joins the parts of an f\"…\" text.",
    [Signature([Parameter("parts", .text, variadic: true)], .type(.text))], examples: [],
    .rows { (arguments, state) throws(KernelFault) in
      .text(try TextFunctions.joined(arguments.map { $0.string ?? "" }, "", state))
    })

  /// One `{expression:format}`.
  static func part(_ format: String?) -> Function {
    Function(
      "f_part" + (format.map { ":" + $0 } ?? ""), .text, "Writes a value by a format.",
      [Signature([Parameter("value", .any)], .type(.text))], examples: [],
      .rows { (arguments, _) throws(KernelFault) in
        let value = arguments.first ?? .missing
        if let fault = ValueText.fault(ofFormat: format, for: value) { throw fault }
        return .text(ValueText.formatted(value, format))
      })
  }

  /// `[a, b]` where not every item is a plain value.
  static let list = Function(
    "list_of", .lists, "Makes a list of values.",
    [
      Signature(
        [Parameter("items", .any, variadic: true)], .computed { types in .list(types.first ?? .missing) })
    ],
    missing: .handles, examples: [], .rows { arguments, _ in .list(arguments) })
}
