/// The names that a stage has given to columns: there may be thousands, and each must be another.
package struct TakenNames: Sendable {
  private var names: Set<String>
  /// Of each name that was wanted again the next number to try.
  private var numbers: [String: Int] = [:]

  package init(_ names: some Sequence<String> = []) { self.names = Set(names) }

  /// Whether a name is taken in exactly this spelling.
  package func contains(_ name: String) -> Bool { names.contains(name) }

  /// Takes a name as it is, be it taken or not.
  package mutating func insert(_ name: String) { names.insert(name) }

  /// The name, or another where it is taken already: a second gets `_2`.
  ///
  /// - Parameter given: names that somebody has written, and which nothing else may take.
  package mutating func unique(_ name: String, but given: Set<String> = []) -> String {
    if !given.contains(name), names.insert(name).inserted { return name }
    var number = numbers[name] ?? 2
    while given.contains("\(name)_\(number)") || !names.insert("\(name)_\(number)").inserted { number += 1 }
    numbers[name] = number + 1
    return "\(name)_\(number)"
  }
}
