import Glibc
import Synchronization

/// Folders for tests, removed when the tests are through.
package enum TemporaryFolder {
  package struct Failure: Error {}

  private static let made = Mutex<[String]>([])

  /// A new folder under /tmp.
  package static func make(_ name: String) throws -> String {
    var template = Array("/tmp/\(name)-\(String(repeating: "X", count: 6))".utf8CString)
    guard let folder = mkdtemp(&template).map({ String(cString: $0) }) else { throw Failure() }
    let isFirst = made.withLock { made in
      made.append(folder)
      return made.count == 1
    }
    if isFirst { atexit { TemporaryFolder.removeAll() } }
    return folder
  }

  private static func removeAll() {
    for folder in made.withLock({ $0 }) { removeTree(folder) }
  }

  private static func removeTree(_ path: String) {
    // What is no folder goes at once; a link is not followed.
    if unlink(path) == 0 { return }
    if let directory = opendir(path) {
      while let entry = readdir(directory) {
        let name = withUnsafePointer(to: &entry.pointee.d_name) { pointer in
          pointer.withMemoryRebound(to: CChar.self, capacity: 256) { String(cString: $0) }
        }
        if name != ".", name != ".." { removeTree("\(path)/\(name)") }
      }
      closedir(directory)
    }
    rmdir(path)
  }
}
