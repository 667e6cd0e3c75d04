// One input of the fuzzer: a script that is read, written anew and checked, or, behind a zero byte, a CSV file that is
// read whole. Built by Scripts/fuzz.
import Columns
import Diagnostics
import Language
import Planning
import Sessions

/// The session of all inputs: what one declares is undone by making a new one now and then.
nonisolated(unsafe) private var session = makeSession()
nonisolated(unsafe) private var inputs = 0
nonisolated(unsafe) private var file: [UInt8] = []

private struct NoFiles: Error {}

private func makeSession() -> Session {
  let session = Session(
    options: Session.Options(threads: 1, memory: 1 << 30, now: 1_790_000_000_000_000, hospitalScale: 1),
    standardInput: { .memory(Buffer(file), name: "standard input") }, readFile: { _ in throw NoFiles() },
    writeFile: { _, _, _ in throw NoFiles() })
  return session
}

@_cdecl("LLVMFuzzerTestOneInput") public func fuzz(_ start: UnsafePointer<UInt8>?, _ count: Int) -> CInt {
  let bytes = Array(UnsafeBufferPointer(start: start, count: count))
  inputs += 1
  if inputs % 1000 == 0 { session = makeSession() }
  if bytes.first == 0 { readCSV(Array(bytes.dropFirst())) } else { check(bytes) }
  return 0
}

private func readCSV(_ bytes: [UInt8]) {
  file = bytes
  session = makeSession()
  for text in [
    "stdin | show 5 | describe", "stdin with header = false | count", "stdin with strict = true | take 3",
  ] {
    _ = session.run(SourceText(text)) { faults in places(faults, in: text.utf8.count) }
  }
}

private func check(_ bytes: [UInt8]) {
  let text = String(decoding: bytes, as: UTF8.self)
  let source = SourceText(text)
  var position = 0
  for token in Lexer.tokens(of: source) {
    precondition(
      token.leading.lower == position && token.range.lower == token.leading.upper, "tokens leave a gap")
    position = token.range.upper
  }
  precondition(position == source.bytes.count, "tokens end before the text")
  let script = Parser.parse(source)
  places(script.diagnostics, in: source.bytes.count)
  let formatted = Printer.format(script)
  let again = Parser.parse(SourceText(formatted))
  if script.diagnostics.isEmpty {
    precondition(again.diagnostics.isEmpty, "what fmt writes does not parse")
    precondition(Printer.format(again) == formatted, "fmt changes what it wrote itself")
  }
  let (faults, warnings) = session.check(script)
  places(faults + warnings, in: source.bytes.count)
}

private func places(_ diagnostics: [Diagnostic], in count: Int) {
  for diagnostic in diagnostics {
    precondition(!diagnostic.message.isEmpty, "a fault without a message")
    guard let range = diagnostic.range else { continue }
    precondition(range.lower <= range.upper && range.upper <= count, "a place outside the text")
  }
}
