import Columns
import Planning

/// The calls of a function that the sweeps try: every signature with arguments that fit, and each argument in turn
/// of every other type, or of every extreme value.
struct FunctionSweep {
  /// An argument as it may be written: a column of the sweep's table, or a constant.
  struct Argument: Hashable {
    var text: String
    /// The columns whose missing values reach the function through it; empty for constants.
    var column: String?
  }

  let function: Function
  /// The arguments that fit a class of types, the first the commonest.
  let fitting: (Parameter) -> [Argument]

  /// Ways to call, each a list of arguments.
  func calls(_ others: [Argument]) -> [[Argument]] {
    var result: [[Argument]] = []
    var seen: Set<[Argument]> = []
    func add(_ call: [Argument]) { if seen.insert(call).inserted { result.append(call) } }
    for signature in function.signatures {
      let parameters = signature.parameters
      let least = parameters.prefix { $0.defaultValue == nil }.count
      for count in least...parameters.count {
        let base = parameters.prefix(count).map { fitting($0) }
        guard base.allSatisfy({ !$0.isEmpty }) else { continue }
        let first = base.map { $0[0] }
        add(first)
        for position in 0..<count {
          for argument in base[position] + others {
            var call = first
            call[position] = argument
            add(call)
          }
        }
        // Arguments that fit, the first two in all pairs.
        if count >= 2 {
          for a in base[0] {
            for b in base[1] { add([a, b] + first.dropFirst(2)) }
          }
        }
      }
      if let last = parameters.last, last.isVariadic {
        let some = fitting(last).prefix(4)
        add(parameters.dropLast().map { fitting($0)[0] } + some)
        for other in others { add(parameters.dropLast().map { fitting($0)[0] } + some + [other]) }
      }
    }
    // One too few and one too many.
    if let call = result.first {
      add(Array(call.dropLast()))
      if let other = others.first { add(call + [other]) }
    }
    return result
  }

  /// The call as a person writes it. `labels` and the like stand behind a list of any length and need their name.
  func text(_ call: [Argument]) -> String { "\(function.name)(\(call.map(\.text).joined(separator: ", ")))" }
}

extension TypeClass {
  /// Whether a sample's type may stand here.
  func fits(_ sample: Sample) -> Bool { sample.type != .missing && accepts(sample.type) }
}
