/// Counts that may be too great to be held: of bytes that nobody has, or of rows that nobody wants.
extension Int {
  /// The product, or the greatest number where it is larger.
  package func saturating(times other: Int) -> Int {
    let (product, overflow) = multipliedReportingOverflow(by: other)
    return overflow ? .max : product
  }

  /// The sum, or the greatest number where it is larger.
  package func saturating(plus other: Int) -> Int {
    let (sum, overflow) = addingReportingOverflow(other)
    return overflow ? .max : sum
  }
}
