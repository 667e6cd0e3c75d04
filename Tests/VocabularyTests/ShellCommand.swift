import Glibc
import TestSupport

/// A folder with the program, the scripts of the repository and whatever files a test puts there, and command lines
/// run in it as a person would type them in a clone.
struct CommandFolder {
  struct Failure: Error, CustomStringConvertible {
    let description: String
  }

  let path: String

  /// The root of the repository: this file's folder is two below it.
  static let root: String = {
    var parts = #filePath.split(separator: "/", omittingEmptySubsequences: false)
    parts.removeLast(3)
    return parts.joined(separator: "/")
  }()

  init() throws {
    var template = Array("/tmp/rounds-readme-XXXXXX".utf8CString)
    guard mkdtemp(&template) != nil else { throw Failure(description: "no temporary folder: errno \(errno)") }
    path = String(decoding: template.dropLast().map { UInt8(bitPattern: $0) }, as: UTF8.self)
    // `Scripts/rounds` would build a release first; what it then starts is `rounds demo`.
    _ = try run(
      """
      mkdir Scripts && ln -s '\(Self.root)'/Scripts/*.rounds Scripts/ &&
      printf '#!/bin/sh\\nexec rounds demo "$@"\\n' > Scripts/rounds && chmod +x Scripts/rounds
      """)
  }

  func remove() throws { _ = try run("cd / && rm -rf '\(path)'") }

  /// Runs a line of a POSIX shell; gives what it wrote, errors among it.
  func run(_ command: String) throws -> String {
    let program = Self.absolute(TerminalSession.builtProgram("rounds"))
    let folder = program.split(separator: "/", omittingEmptySubsequences: false).dropLast()
      .joined(separator: "/")
    let line =
      "cd '\(path)' && export NO_COLOR=1 PATH='\(folder)':\"$PATH\" && { \(command)\n} 2>&1 </dev/null"
    guard let pipe = popen(line, "r") else { throw Failure(description: "no shell: errno \(errno)") }
    var output: [UInt8] = []
    var block = [UInt8](repeating: 0, count: 1 << 16)
    while true {
      let count = fread(&block, 1, block.count, pipe)
      if count == 0 { break }
      output += block[..<count]
    }
    pclose(pipe)
    return String(decoding: output, as: UTF8.self)
  }

  private static func absolute(_ path: String) -> String { path.hasPrefix("/") ? path : root + "/" + path }

  func write(_ text: String, to name: String) throws { try Self.write(text, to: path + "/" + name) }

  static func write(_ text: String, to path: String) throws {
    guard let file = fopen(path, "w") else { throw Failure(description: "\(path): errno \(errno)") }
    defer { fclose(file) }
    let bytes = Array(text.utf8)
    guard fwrite(bytes, 1, bytes.count, file) == bytes.count else {
      throw Failure(description: "\(path): errno \(errno)")
    }
  }

  static func read(_ path: String) throws -> String {
    guard let file = fopen(path, "r") else { throw Failure(description: "\(path): errno \(errno)") }
    defer { fclose(file) }
    var bytes: [UInt8] = []
    var block = [UInt8](repeating: 0, count: 1 << 16)
    while true {
      let count = fread(&block, 1, block.count, file)
      if count == 0 { return String(decoding: bytes, as: UTF8.self) }
      bytes += block[..<count]
    }
  }
}
