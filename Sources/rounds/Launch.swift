import Glibc
import Sessions
import Shell

/// What the commands do, behind the reading of their arguments.
enum Launch {
  static var version: String { Version.text }

  static func verify(_ files: [String], threads: Int?) -> Int32 {
    if let threads, !(1...1024).contains(threads) { return usage("--threads wants 1 to 1024") }
    return CommandRunner.verify(files, threads: threads)
  }

  /// The lessons: in the shell, or off a terminal all steps of one.
  static func learn(_ common: CommonOptions, _ lesson: String?) -> Int32 {
    var common = common
    let isTerminal = isatty(STDIN_FILENO) != 0 && isatty(STDOUT_FILENO) != 0
    if !isTerminal { common.statements = [Tour.statements(lesson)] }
    return run(
      common, nil, [], hospital: common.scale ?? 1, first: isTerminal ? Tour.first(lesson) : nil)
  }

  /// Runs what nothing but statements is said for, with the hospital or without: what starts the shell every day, and most
  /// of what schedules start. Reading a command line takes a third of the start; here there is nothing to be read.
  ///
  /// - Returns: the exit code; nil for any other command line.
  static func plainly(_ arguments: [String]) -> Int32? {
    let isDemo = arguments.first == Rounds.Demo.name
    let rest = arguments.dropFirst(isDemo ? 1 : 0)
    guard rest.isEmpty || rest.count == 2 && rest.first == "-e" else { return nil }
    var request = request(Array(rest.dropFirst()), hospital: isDemo ? 1 : nil)
    if let wrong = takeEnvironment(&request) { return usage(wrong) }
    return CommandRunner(request).run()
  }

  static func run(
    _ common: CommonOptions, _ file: String?, _ arguments: [String], hospital: Int?, first: String? = nil
  )
    -> Int32
  {
    var request = request(common.statements, hospital: hospital)
    request.firstStatement = first
    request.file = file
    request.arguments = arguments
    request.isQuiet = common.quiet
    request.format = common.format
    request.output = common.output
    request.width = common.width
    request.color = common.noColor ? false : nil
    request.threads = common.threads
    if let wrong = takeEnvironment(&request) { return usage(wrong) }
    request.steps = common.steps
    request.seed = common.seed
    if let scale = common.scale, !(1...1000).contains(scale) { return usage("--scale wants 1 to 1000") }
    if let threads = common.threads, !(1...1024).contains(threads) {
      return usage("--threads wants 1 to 1024")
    }
    if let width = common.width, !(20...10_000).contains(width) { return usage("--width wants 20 to 10000") }
    if let memory = common.memory {
      guard let bytes = byteCount(memory) else { return usage("--memory wants a size such as 500MB or 2GB") }
      request.memory = bytes
    }
    for setting in common.parameters {
      guard let sign = setting.firstIndex(of: "="), sign > setting.startIndex else {
        return usage("--set wants name=value, not \(setting)")
      }
      let name = String(setting[..<sign])
      if request.parameters[name] != nil { return usage("--set gives \(name) twice") }
      request.parameters[name] = String(setting[setting.index(after: sign)...])
    }
    return CommandRunner(request).run()
  }

  private static func request(_ statements: [String], hospital: Int?) -> RunRequest {
    var request = RunRequest()
    request.statements = statements
    request.hospitalScale = hospital
    request.commands = Rounds.commandNames
    return request
  }

  /// What the environment says where the command line says nothing; what is wrong with it.
  private static func takeEnvironment(_ request: inout RunRequest) -> String? {
    func number(_ name: String, _ range: ClosedRange<Int>) -> (value: Int?, wrong: String?) {
      guard let text = environmentValue(name), !text.isEmpty else { return (nil, nil) }
      guard let value = Int(text), range.contains(value) else {
        return (nil, "\(name) wants \(range.lowerBound) to \(range.upperBound)")
      }
      return (value, nil)
    }
    let threads = number("ROUNDS_THREADS", 1...1024)
    let width = number("ROUNDS_WIDTH", 20...10_000)
    request.threads = request.threads ?? threads.value
    request.width = request.width ?? width.value
    if let memory = environmentValue("ROUNDS_MEMORY"), !memory.isEmpty {
      guard let bytes = byteCount(memory) else { return "ROUNDS_MEMORY wants a size such as 500MB or 2GB" }
      request.memory = bytes
    }
    return threads.wrong ?? width.wrong
  }

  static func check(_ files: [String], hospital: Bool, format: String) -> Int32 {
    guard format == "text" || format == "json" else { return usage("--format wants text or json") }
    return CommandRunner.check(files, hospital: hospital, asJSON: format == "json")
  }

  static func format(_ files: [String], onlyCheck: Bool) -> Int32 {
    CommandRunner.format(files, onlyCheck: onlyCheck)
  }

  private static func usage(_ message: String) -> Int32 {
    Console.error("rounds: \(message)")
    return 2
  }

  private static func byteCount(_ text: String) -> Int? {
    let units: [(String, Int)] = [
      ("KB", 1 << 10), ("MB", 1 << 20), ("GB", 1 << 30), ("TB", 1 << 40),
      ("K", 1 << 10), ("M", 1 << 20), ("G", 1 << 30), ("T", 1 << 40),
      ("B", 1), ("", 1),
    ]
    for (unit, factor) in units where text.uppercased().hasSuffix(unit) {
      guard let number = Int(text.dropLast(unit.count)), number > 0 else { continue }
      let (bytes, overflow) = number.multipliedReportingOverflow(by: factor)
      return overflow ? nil : bytes
    }
    return nil
  }
}
