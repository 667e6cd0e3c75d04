import Planning

/// The line under the input: how the function around the cursor is called, or how the verb is written.
package struct SignatureHint {
  private let catalogue: Catalogue

  package init(_ catalogue: Catalogue) { self.catalogue = catalogue }

  /// The hint for a cursor, counted in unicode scalars; nil where there is nothing to say.
  package func hint(_ text: String, _ cursor: Int) -> String? {
    text.isEmpty ? nil : hint(CursorPlace(text, cursor: cursor))
  }

  func hint(_ place: CursorPlace) -> String? {
    if place.inside == .comment { return nil }
    for frame in place.frames.reversed() {
      if !frame.pipes.isEmpty { break }
      if let callee = frame.callee, let function = catalogue.function(callee) {
        return hint(function, argument: frame.commas)
      }
    }
    let frame = place.pipeline.frame
    if let pipe = frame.pipes.last, place.tokens.count == pipe + 2, place.typed.isEmpty,
      let verb = place.word(pipe + 1).flatMap(catalogue.verb)
    {
      return verb.forms.joined(separator: "   or   ")
    }
    return nil
  }

  private func hint(_ function: Function, argument: Int) -> String {
    let fitting = function.signatures.indices.first { argument < function.signatures[$0].parameters.count }
    let index = fitting ?? 0
    var hint = function.usage.indices.contains(index) ? function.usage[index] : function.name + "(…)"
    if let parameter = parameter(function, index, argument) {
      hint += "   \(parameter.name): \(parameter.type.description)"
    }
    return hint + "   " + function.summary
  }

  private func parameter(_ function: Function, _ signature: Int, _ argument: Int) -> Parameter? {
    guard function.signatures.indices.contains(signature) else { return nil }
    let parameters = function.signatures[signature].parameters
    if parameters.indices.contains(argument) { return parameters[argument] }
    return parameters.last.flatMap { $0.isVariadic ? $0 : nil }
  }
}
