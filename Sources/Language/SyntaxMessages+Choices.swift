import Diagnostics

/// What is wrong with `case`, `if` and what stands in braces.
extension SyntaxMessages {
  static func ifNeedsBrackets(keepsRows: Bool, at range: SourceRange) -> Diagnostic {
    Diagnostic(
      "if-needs-brackets", "`if` takes its three parts in brackets: if(condition, then, otherwise)",
      at: range,
      help: [
        keepsRows
          ? "Rows are kept by a stage of its own: | filter condition; left out: | filter not (condition)."
          : "For several conditions write case { a > 1 -> \"x\", else -> \"y\" }."
      ])
  }

  /// - Parameter meant: what was written as a call of `case`, in braces.
  static func caseNeedsBraces(_ meant: String? = nil, at range: SourceRange) -> Diagnostic {
    Diagnostic(
      "case-needs-braces", "the branches of `case` stand in braces", at: range,
      help: meant.map { ["Write \($0)."] } ?? [
        "such as case { age < 18 -> \"child\", else -> \"adult\" }",
        "A column of the name stands in backticks: `case`.",
      ])
  }

  static func emptyCase(at range: SourceRange) -> Diagnostic {
    Diagnostic(
      "empty-case", "`case` has no branch", at: range,
      help: ["Write case { age < 18 -> \"child\", else -> \"adult\" }."])
  }

  static func arrowExpected(_ found: String?, behindElse: Bool, at range: SourceRange) -> Diagnostic {
    let place = found.map { " before \($0)" } ?? ""
    return Diagnostic(
      "arrow-expected", "an -> is missing\(place)", at: range,
      help: [
        behindElse
          ? "Write else -> value."
          : "A branch is condition -> value; branches are separated by commas or line ends."
      ])
  }

  static func colonInCase(_ condition: String, at range: SourceRange) -> Diagnostic {
    Diagnostic(
      "arrow-expected", "a branch is written with an arrow: \(condition) -> …", at: range,
      fix: Fix(range, " -> "))
  }

  static func elseNotLast(at range: SourceRange) -> Diagnostic {
    Diagnostic("else-not-last", "`else` is the last branch, and the only one of its kind", at: range)
  }

  static func elseWithoutComma(at range: SourceRange) -> Diagnostic {
    Diagnostic(
      "else-without-comma", "a comma stands between the branches, before `else`, too", at: range,
      help: ["Write case { condition -> value, else -> value }."],
      fix: Fix(SourceRange(range.lower, range.lower), ", "))
  }

  static func elseMisplaced(at range: SourceRange) -> Diagnostic {
    Diagnostic(
      "else-misplaced", "`else` stands in the braces of `case`", at: range,
      help: ["Write case { condition -> value, else -> value }, or if(condition, value, value)."])
  }

  /// - Parameter names: what stands on both sides, where each is a name.
  static func arrowOutsideBraces(_ names: (left: String, right: String)?, at range: SourceRange) -> Diagnostic
  {
    Diagnostic(
      "arrow-outside-braces", "an arrow stands only in braces", at: range,
      help: names.map { ["A new name stands before =: \($0.right) = \($0.left)."] } ?? [
        "There are no anonymous functions: give the expression itself, or define a name with def f(x) = …"
      ])
  }
}
