import Glibc

/// Files that are no files: what is read from them comes from a driver.
package enum Device {
  /// Whether an open file is a device that may have no end: all but terminals, and the one that is always empty.
  package static func isEndless(_ file: Int32) -> Bool {
    var (status, null) = (stat(), stat())
    guard fstat(file, &status) == 0, status.st_mode & S_IFMT == S_IFCHR, isatty(file) == 0 else {
      return false
    }
    // By whatever name.
    return stat("/dev/null", &null) != 0 || null.st_rdev != status.st_rdev
  }
}
