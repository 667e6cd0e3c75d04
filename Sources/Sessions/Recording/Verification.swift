import Columns
import Diagnostics
import Language
import Planning
import Scheduling
import Synchronization

/// Runs a transcript again and compares.
package enum Verification {
  /// How many statements ran again, and what came out otherwise.
  package struct Report: Sendable {
    package var statements = 0
    /// One or more lines each; empty when all is as it was recorded.
    package var differences: [String] = []
  }

  /// Reads a transcript and runs its statements in a fresh session. Files are read but none is written.
  ///
  /// - Parameters:
  ///   - threads: how many to use; every number gives the same bits.
  ///   - start: told the session before anything runs, so that it can be stopped.
  /// - Throws: a `Diagnostic` or `FormatFault` where the file is no transcript.
  package static func run(_ file: String, threads: Int, start: (Session) -> Void = { _ in }) throws -> Report
  {
    let text = String(decoding: try FileAccess.read(file), as: UTF8.self)
    let document = TranscriptText.read(text)
    let (head, statements) = (document.head, document.statements)
    guard head["transcript"] == "1", let now = head["now"].flatMap({ Int64($0) }) else {
      throw FormatFault(
        file: file, "this is no transcript", help: ["`record \"\(file)\"` in the shell begins one"])
    }
    var options = Session.Options(threads: threads, now: now)
    options.hospitalScale = head["hospital"].flatMap { Int($0) }.map { min(max(1, $0), 1000) }
    options.seed = head["seed"].flatMap { UInt64($0) }
    for line in head["set"]?.split(separator: "\n") ?? [] {
      guard let sign = line.firstIndex(of: "=") else { continue }
      options.parameters[String(line[..<sign])] = String(line[line.index(after: sign)...])
    }
    let session = Session(options: options, writeFile: { _, _, body in try body { _ in } })
    start(session)
    var report = Report()
    if let version = head["version"], version != Version.text {
      report.differences.append("version: recorded by \(version), and this is \(Version.text)")
    }
    report.differences += gaps(document, file)
    for (recorded, line) in statements {
      report.differences += try verify(recorded, "\(file):\(line)", session)
      if !recorded.isSetup { report.statements += 1 }
    }
    return report
  }

  /// What was taken out of the document, or put into it, since it was recorded.
  private static func gaps(_ document: TranscriptText.Document, _ file: String) -> [String] {
    var differences = document.strays.map { "\(file):\($0): what stands here was not recorded" }
    var last = 0
    for (statement, line) in document.statements {
      guard let number = statement.number else { continue }
      if number > last + 1 {
        differences.append(
          "\(file):\(line): \(counted(number - last - 1, "statement")) before this one \(number == last + 2 ? "is" : "are") not in the file any more"
        )
      }
      last = max(last, number)
    }
    if let end = document.end, end > last {
      differences.append(
        "\(file): the last \(counted(end - last, "statement")) \(end == last + 1 ? "is" : "are") not in the file any more"
      )
    }
    return differences
  }

  private static func verify(_ old: RecordedStatement, _ place: String, _ session: Session) throws -> [String]
  {
    var differences: [String] = []
    if let recorded = old.recordedAsShown, recorded != old.shown {
      let text = old.text.split(separator: "\n").joined(separator: " ")
      differences.append("\(place): the answer was changed in the file after it was recorded: \(text)")
    }
    for source in old.sources {
      let now = session.sources([source.path])[0]
      if now.digest == source.digest { continue }
      let change =
        now.digest == "none"
        ? "cannot be read any more"
        : "has changed: \(grouped(source.bytes)) bytes then, \(grouped(now.bytes)) now"
      differences.append("\(place): data: \(source.path) \(change)")
    }
    let seen = Mutex<RecordedStatement?>(nil)
    session.recorder = Recorder { statement in seen.withLock { $0 = statement } }
    let status = session.run(SourceText(old.text, name: place)) { _ in }
    // A recorded statement that was stopped says nothing of what it would have answered.
    if status == .interrupted, session.cancellation.isCancelled { throw Cancelled() }
    guard !old.isSetup, old.status != .interrupted else {
      if status != .done { differences.append("\(place): what was done before the recording fails now") }
      return old.isSetup ? differences : []
    }
    guard let new = seen.withLock({ $0 }) else { return differences }
    let short = old.text.split(separator: "\n").joined(separator: " ")
    if new.status != old.status {
      let message = session.lastDiagnostics.first.map { ": \($0.message)" } ?? ""
      differences.append(
        "\(place): \(old.status == .done ? "worked then, fails now\(message)" : "failed then, works now"): \(short)"
      )
    } else if short == "why" || isTimed(short) {
      // These tell of an error by its place in what is run, or of times, and of no result.
      return differences
    } else if new.result != old.result {
      let rows =
        old.rows == new.rows
        ? "" : " (\(counted(old.rows ?? 0, "row")) then, \(grouped(new.rows ?? 0)) now)"
      differences.append("\(place): the result differs\(rows): \(short)")
    } else if new.notes != old.notes {
      differences.append("\(place): the notes differ: \(short)")
    }
    return differences
  }

  /// Whether it is an `explain analyze`.
  private static func isTimed(_ statement: String) -> Bool {
    let words = statement.lowercased().split(separator: " ").prefix(2).map(String.init)
    return words.first == "explain" && StatementRow.analysing.contains(words[words.count - 1])
  }
}
