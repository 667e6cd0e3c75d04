/// What `1,000`, `1000,50` and `1.000,50` may stand for, as numbers are written here.
package struct NumberSpelling {
  /// With the commas as marks between groups of three digits: `1_000`.
  package var grouped: String?
  /// With the comma before the decimals: `1000.50`.
  package var decimal: String?

  /// The number that parts between commas can be together; nil where they can be none.
  package static func meant(_ parts: [String]) -> NumberSpelling? {
    guard let left = parts.first, let last = parts.last, let whole = digits(left),
      parts.allSatisfy({ $0.allSatisfy { $0 == "." || ($0.isASCII && $0.isNumber) } })
    else { return nil }
    var spelled = NumberSpelling()
    let hasGroups = parts.dropFirst().allSatisfy { $0.prefix { $0 != "." }.count == 3 }
    // A zero before the comma is no thousand: 0,125.
    if hasGroups, left.count <= 3, left.first != "0", parts.dropLast().allSatisfy({ !$0.contains(".") }) {
      spelled.grouped = parts.joined(separator: "_")
    }
    if parts.count == 2, !last.contains(".") { spelled.decimal = "\(whole).\(last)" }
    return spelled.grouped == nil && spelled.decimal == nil ? nil : spelled
  }

  /// The digits of `1000` and of `1.000`, whose points stand between groups of three; nil for other texts.
  private static func digits(_ text: String) -> String? {
    let parts = text.split(separator: ".", omittingEmptySubsequences: false)
    return parts.dropFirst().allSatisfy { $0.count == 3 } ? parts.joined() : nil
  }
}
