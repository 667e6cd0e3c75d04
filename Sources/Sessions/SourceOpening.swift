import Columns
import Diagnostics
import Formats
import Glibc
import Planning
import Scheduling
import Synchronization

/// Opens files as sources, and remembers them for the length of a run, so that what a scan has learnt of a file
/// (a wider type) is known when the query runs again.
package final class SourceOpening: Sendable {
  private let known = Mutex<[String: any TableSource]>([:])
  /// The files behind each source, and those that were asked for since somebody last took the list.
  private let files = Mutex<(of: [String: [String]], used: [String])>(([:], []))
  /// All of standard input; handed in by whoever owns it.
  let standardInput: @Sendable () throws -> ByteOrigin
  /// What pipes held, by the system's numbers for them: it comes only once, however often and with what options it is read.
  private let streams = Mutex<[String: (origin: ByteOrigin, isNamed: Bool)]>([:])

  private let cancellation: Cancellation

  /// - Parameter cancellation: stops the search for files; a file that is read has the query's own.
  package init(cancellation: Cancellation, standardInput: @escaping @Sendable () throws -> ByteOrigin) {
    self.cancellation = cancellation
    self.standardInput = standardInput
  }

  /// Forgets every source that was opened: files are looked at anew.
  package func forget() {
    known.withLock { $0 = [:] }
    // A pipe that has a name may be fed again.
    streams.withLock { $0 = $0.filter { !$0.value.isNamed } }
  }

  /// Forgets all but standard input, which cannot be read twice: a file has been written, and may be read next.
  func forgetFiles() { known.withLock { $0 = $0.filter { $0.key.hasPrefix("-\u{0}") } } }

  /// A file, a folder, a glob, or `-` for standard input.
  package func open(_ path: String, _ options: [Option]) throws -> any TableSource {
    let key = path + "\u{0}" + options.map { "\($0.name)=\($0.value)" }.joined(separator: "\u{0}")
    if let source = known.withLock({ $0[key] }) {
      files.withLock { $0.used += $0.of[key] ?? [] }
      return source
    }
    let (source, opened) = try openAnew(path, options)
    known.withLock { $0[key] = source }
    files.withLock {
      $0.of[key] = opened
      $0.used += opened
    }
    return source
  }

  /// Reads the files through whose types only a sample showed: a cell that it did not hold may be of another type.
  ///
  /// - Returns: whether a type is another one now.
  func settleTypes(_ environment: ScanEnvironment) throws -> Bool {
    var hasChanged = false
    for source in known.withLock({ Array($0.values) }) where source.typesAreGuessed {
      let before = source.schema
      var isRead = false
      while !isRead {
        let columns = source.schema.fields.indices.filter { source.schema[$0].type != .text }
        do {
          let scan = try source.scan(columns: Array(columns), environment: environment)
          _ = try environment.workers.map(scan.segmentCount) { try scan.read(segment: $0, filter: nil).count }
          isRead = true
        } catch is SchemaChange {
          continue
        } catch is ScanRestart {
          continue
        }
      }
      if source.schema.fields != before.fields { hasChanged = true }
    }
    return hasChanged
  }

  /// Notes a file that was read without becoming a table.
  func note(_ path: String) { files.withLock { $0.used.append(path) } }

  /// The files that were asked for since the last call, each once, in order.
  func takeUsedFiles() -> [String] {
    let used = files.withLock { files in
      defer { files.used = [] }
      return files.used
    }
    var seen: Set<String> = []
    return used.filter { seen.insert($0).inserted }
  }

  private func openAnew(_ path: String, _ options: [Option]) throws -> (any TableSource, [String]) {
    let nameColumn = try Self.nameColumn(options)
    let rest = options.filter { $0.name != OptionRow.filename.name }
    let isStrict = rest.contains { $0.name == "strict" && $0.value == .value(.bool(true)) }
    if path == "-" {
      let (origin, name) = (try inputOrigin(), StandardInput.name)
      let source = try FormatTable.input(forHead: StandardInput.head(of: origin)).open(origin, rest)
      if nameColumn == nil { return (source, []) }
      return (
        try CombinedSource([(name, source)], name: name, nameColumn: nameColumn, isStrict: isStrict), []
      )
    }
    let expanded = Paths.expandingHome(path)
    var files = [expanded]
    if Paths.isFolder(expanded) {
      files = Paths.files(in: expanded)
    } else if Paths.isPattern(expanded) {
      // A pipe would be waited for, and a device may have no end.
      files = try FilePattern.files(expanded, cancellation).filter { !Paths.isDeviceOrPipe($0) }
    }
    guard !files.isEmpty else {
      if let folder = Paths.forbiddenFolder(expanded) { throw Paths.forbidden(path, folder) }
      throw FormatFault(file: path, "no file fits this name", help: ["look with `files \"*\"` what is there"])
    }
    if files.count == 1, nameColumn == nil { return (try openFile(files[0], rest), files) }
    let parts = try files.map { (name: $0, source: try openFile($0, rest)) }
    return (
      try CombinedSource(parts, name: path, nameColumn: nameColumn, isStrict: isStrict), files
    )
  }

  /// The name of the column that tells each row's file, where one is asked for.
  private static func nameColumn(_ options: [Option]) throws(Diagnostic) -> (
    name: String, range: SourceRange?
  )? {
    guard let option = options.last(where: { $0.name == OptionRow.filename.name }) else { return nil }
    switch option.value {
    case .value(.bool(let isWanted)): return isWanted ? ("file", option.range) : nil
    case .value(.text(let name)) where !name.isEmpty: return (name, option.range)
    case .word(let name): return (name, option.range)
    default:
      throw Diagnostic(
        "option-value", "`filename` takes \(OptionRow.filename.takes)", at: option.range,
        help: ["for example `\(OptionRow.filename.example)`"])
    }
  }

  private func openFile(_ path: String, _ options: [Option]) throws -> any TableSource {
    guard Paths.exists(path) else {
      if errno == EACCES { throw Paths.forbidden(path, Paths.folder(path)) }
      let near = Suggestion.nearest(to: Paths.lastPart(path), among: Paths.names(in: Paths.folder(path)))
      throw FormatFault(
        file: path, "there is no such file",
        help: near.map { ["did you mean \"\(Paths.join(Paths.folder(path), $0))\"?"] }
          ?? (path.contains("://") ? ["files are read from this machine: download it first"] : []))
    }
    if let origin = try origin(ofPipe: path) {
      return try FormatTable.input(forHead: StandardInput.head(of: origin)).open(origin, options)
    }
    var format = FormatTable.input(forPath: path)
    // An Arrow file under the name of a text is read as what it is; reading from a pipe would take its head away.
    if format.name == "csv", !Paths.isDeviceOrPipe(path) {
      format = FormatTable.input(forHead: StandardInput.head(of: .file(path)))
    }
    return try format.open(.file(path), options)
  }

  // MARK: Pipes

  private func inputOrigin() throws -> ByteOrigin {
    let key = Paths.pipe("/dev/stdin") ?? "-"
    return try remembered(key, isNamed: false) { try standardInput() }
  }

  /// What a pipe holds; nil for what is none.
  private func origin(ofPipe path: String) throws -> ByteOrigin? {
    guard let key = Paths.pipe(path) else { return nil }
    if key == Paths.pipe("/dev/stdin") { return try inputOrigin() }
    return try remembered(key, isNamed: Paths.isNamed(path)) {
      let pipe = Glibc.open(path, O_RDONLY | O_CLOEXEC)
      guard pipe >= 0 else { throw FormatFault(file: path, FileAccess.reason(errno)) }
      defer { close(pipe) }
      return try StandardInput.read(pipe, name: path, temporaryFolder: UnnamedFile.folder)
    }
  }

  private func remembered(_ key: String, isNamed: Bool, _ read: () throws -> ByteOrigin) throws -> ByteOrigin
  {
    // Whoever comes second waits: a pipe is read by one.
    try streams.withLock { streams in
      if let known = streams[key] { return known.origin }
      let origin = try read()
      streams[key] = (origin, isNamed)
      return origin
    }
  }
}

/// File names.
package enum Paths {
  /// The path with `~` in front replaced by the home folder; other paths as they are.
  package static func expandingHome(_ path: String) -> String {
    guard path == "~" || path.hasPrefix("~/"), let home = getenv("HOME") else { return path }
    return String(cString: home) + path.dropFirst()
  }

  /// Whether there is a file or folder; `~` is not looked for.
  package static func exists(_ path: String) -> Bool { access(path, F_OK) == 0 }

  /// Whether there is a folder, be it behind a link.
  package static func isFolder(_ path: String) -> Bool {
    var info = stat()
    return stat(path, &info) == 0 && info.st_mode & S_IFMT == S_IFDIR
  }

  /// The folder of a path, or the path itself where it is one, if its files may not be listed.
  static func forbiddenFolder(_ path: String) -> String? {
    let folder = isFolder(path) ? path : folder(path)
    return access(folder, R_OK | X_OK) != 0 && errno == EACCES ? folder : nil
  }

  static func forbidden(_ path: String, _ folder: String) -> FormatFault {
    FormatFault(
      file: path, "permission denied: this program may not look into the folder \(folder)",
      help: ["whoever it belongs to has to allow it"])
  }

  /// Whether a path leads to what is written into as it comes, and never replaced.
  package static func isDeviceOrPipe(_ path: String) -> Bool {
    var info = stat()
    guard stat(path, &info) == 0 else { return false }
    return info.st_mode & S_IFMT != S_IFREG && info.st_mode & S_IFMT != S_IFDIR
  }

  /// The system's numbers for the pipe that a path leads to; nil for what is none.
  static func pipe(_ path: String) -> String? {
    var info = stat()
    guard stat(path, &info) == 0, info.st_mode & S_IFMT == S_IFIFO else { return nil }
    return "\(info.st_dev):\(info.st_ino)"
  }

  /// Whether a path is in a folder of the file system, and no way to what the program was given open.
  static func isNamed(_ path: String) -> Bool {
    guard let found = realpath(path, nil) else { return false }
    free(found)
    return true
  }

  /// What a link says that it leads to; nil for what is none.
  static func linked(from path: String) -> String? {
    var target = [CChar](repeating: 0, count: Int(PATH_MAX) + 1)
    let length = readlink(path, &target, Int(PATH_MAX))
    guard length > 0 else { return nil }
    let text = String(decoding: target.prefix(length).map { UInt8(bitPattern: $0) }, as: UTF8.self)
    return text.hasPrefix("/") ? text : join(folder(path), text)
  }

  /// What a path leads to in the end; the path itself where nothing is there.
  ///
  /// A link may lead to a file that is not there yet.
  static func followingLinks(_ path: String) -> String {
    if let found = realpath(path, nil) {
      defer { free(found) }
      return String(cString: found)
    }
    var place = path
    // As many as the system itself follows.
    for _ in 0..<40 {
      guard let next = linked(from: place) else { return place }
      place = next
    }
    return path
  }

  /// Two names of one file that is there.
  static func isSame(_ one: String, _ other: String) -> Bool {
    var (first, second) = (stat(), stat())
    guard stat(expandingHome(one), &first) == 0, stat(expandingHome(other), &second) == 0 else {
      return false
    }
    return first.st_dev == second.st_dev && first.st_ino == second.st_ino
  }

  static func isPattern(_ path: String) -> Bool {
    path.contains { "*?[".contains($0) } && !exists(path)
  }

  /// The name of a file without its folder.
  package static func lastPart(_ path: String) -> String {
    path.split(separator: "/").last.map(String.init) ?? path
  }

  /// The folder of a file, `.` where the path names none.
  package static func folder(_ path: String) -> String {
    guard let slash = path.lastIndex(of: "/") else { return "." }
    return slash == path.startIndex ? "/" : String(path[..<slash])
  }

  static func join(_ folder: String, _ name: String) -> String {
    if folder == "." || name.hasPrefix("/") { return name }
    return folder.hasSuffix("/") ? folder + name : folder + "/" + name
  }

  /// The names in a folder, sorted; hidden ones left out.
  package static func names(in folder: String) -> [String] {
    (try? entries(of: folder, Cancellation()))?.map(\.name).filter { !$0.hasPrefix(".") } ?? []
  }

  /// What a folder holds, sorted; `isFolder` is nil where only a closer look can tell.
  static func entries(
    of folder: String, _ cancellation: Cancellation
  ) throws(Cancelled) -> [(name: String, isFolder: Bool?)] {
    guard let directory = opendir(folder) else { return [] }
    defer { closedir(directory) }
    var entries: [(name: String, isFolder: Bool?)] = []
    while let entry = readdir(directory) {
      if entries.count & 1023 == 0 { try cancellation.check() }
      let name = withUnsafePointer(to: &entry.pointee.d_name) { pointer in
        pointer.withMemoryRebound(to: CChar.self, capacity: 256) { String(cString: $0) }
      }
      let kind = Int(entry.pointee.d_type)
      entries.append((name, kind == Int(DT_UNKNOWN) ? nil : kind == Int(DT_DIR)))
    }
    try cancellation.check()
    return entries.sorted { $0.name < $1.name }
  }

  static func files(in folder: String) -> [String] {
    readable(names(in: folder).map { join(folder, $0) })
  }

  /// Those of the paths that tables are read from, by their endings.
  static func readable(_ paths: [String]) -> [String] {
    paths.filter { path in
      let ending = path.split(separator: ".").last.map { $0.lowercased() } ?? ""
      return !isFolder(path) && !isDeviceOrPipe(path) && readableEndings.contains(ending)
    }
  }

  /// Endings of the files that tables are read from.
  package static var readableEndings: [String] {
    FormatTable.inputs.flatMap(\.extensions) + FormatTable.packedEndings
  }
}
