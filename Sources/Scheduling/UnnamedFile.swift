import Glibc

/// Temporary files that have no name any more.
package enum UnnamedFile {
  /// Where temporary files belong: what TMPDIR says, or else `/tmp`.
  package static var folder: String {
    guard let value = getenv("TMPDIR") else { return "/tmp" }
    let folder = String(cString: value)
    return folder.isEmpty ? "/tmp" : folder
  }

  /// A file to write and to read, which goes when it is closed; below 0 where the folder can hold none, and `errno`
  /// then says why.
  package static func open(in folder: String) -> Int32 {
    var template = Array((folder + "/rounds-" + String(repeating: "X", count: 6)).utf8CString)
    let file = mkstemp(&template)
    if file < 0 { return file }
    _ = fcntl(file, F_SETFD, FD_CLOEXEC)
    unlink(template)
    return file
  }
}
