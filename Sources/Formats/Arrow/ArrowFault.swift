/// What is wrong with an Arrow file, in words that follow the file's name; the source adds the name.
struct ArrowFault: Error {
  var message: String
  var help: [String] = []

  init(_ message: String, help: [String] = []) {
    self.message = message
    self.help = help
  }

  /// A file whose parts do not fit together.
  static func damaged(_ what: String) -> ArrowFault { ArrowFault("is damaged: \(what)") }
}
