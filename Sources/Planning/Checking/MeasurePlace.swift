import Diagnostics

extension PlanExpression {
  /// The same with every place in it at a range: a measure's own places are in another text than the statement
  /// that it is used in.
  func placed(at range: SourceRange) -> PlanExpression {
    var copy = mapChildren { $0.placed(at: range) }
    copy.range = range
    if case .call(let call) = copy.kind {
      copy.kind = .call(call.with(at: range))
    }
    return copy
  }
}
