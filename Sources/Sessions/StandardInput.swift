import Columns
import Diagnostics
import Execution
import Glibc
import Planning
import Scheduling

/// What comes in by the standard input, as a file: a table is read several times, and from several places at once.
package enum StandardInput {
  /// What messages call it.
  package static let name = "standard input"
  /// Bytes that are held in memory; more than that go through a temporary file.
  private static let held = 32 << 20

  /// In the shell the lines that are typed come from there.
  package static var isTerminal: FormatFault {
    FormatFault(
      file: name, "the standard input is this terminal, where the lines are typed",
      help: [
        "name the file: load \"FILE\"",
        "what another program writes goes through it outside of the shell: PROGRAM | rounds -e 'stdin | count'",
      ])
  }

  /// All of it: a file that was redirected here as it lies, or what a pipe holds.
  package static func read(temporaryFolder: String) throws -> ByteOrigin {
    var status = stat()
    if fstat(STDIN_FILENO, &status) == 0, status.st_mode & S_IFMT == S_IFREG, status.st_size > 0,
      lseek(STDIN_FILENO, 0, SEEK_CUR) == 0
    {
      return .file("/proc/self/fd/\(STDIN_FILENO)", name: name)
    }
    return try read(STDIN_FILENO, name: name, temporaryFolder: temporaryFolder)
  }

  /// All of a pipe, which can be read only once: little in memory, more in a temporary file that has no name and goes with
  /// the program.
  static func read(_ pipe: Int32, name: String, temporaryFolder: String) throws -> ByteOrigin {
    var bytes: [UInt8] = []
    var file: Int32 = -1
    do {
      try FileAccess.forEachBlock(pipe, name: name) { block in
        FileAccess.append(block, to: &bytes)
        if bytes.count < (file < 0 ? held : 1 << 20) { return }
        if file < 0 { file = try unnamedFile(in: temporaryFolder) }
        try FileAccess.flush(&bytes, to: file, name)
      }
      if file < 0 { return .memory(Buffer(bytes), name: name) }
      try FileAccess.flush(&bytes, to: file, name)
    } catch {
      if file >= 0 { close(file) }
      throw error
    }
    return .file("/proc/self/fd/\(file)", name: name)
  }

  private static func unnamedFile(in folder: String) throws -> Int32 {
    let file = UnnamedFile.open(in: folder)
    guard file >= 0 else {
      throw FormatFault(
        file: name, "a temporary file for it cannot be written in \(folder): \(FileAccess.reason(errno))",
        help: ["set TMPDIR to a folder with room for it"])
    }
    return file
  }

  /// The first bytes, which tell the format.
  static func head(of origin: ByteOrigin) -> ArraySlice<UInt8> {
    switch origin {
    case .memory(let bytes, _): return bytes.slice(0..<min(8, bytes.count)).array[...]
    case .file(let path, _):
      let file = open(path, O_RDONLY | O_CLOEXEC)
      if file < 0 { return [] }
      defer { close(file) }
      var head = [UInt8](repeating: 0, count: 8)
      let count = Glibc.read(file, &head, head.count)
      return head.prefix(max(0, count))
    }
  }
}
