import Glibc

/// What the system lets a program take, as far as it may be raised.
package enum SystemLimits {
  /// Lets as many files be open as the system allows: a folder of thousands of them is one table, and the usual limit
  /// is 1,024.
  package static func raiseOpenFiles() {
    var limit = rlimit()
    let kind = __rlimit_resource_t(RLIMIT_NOFILE.rawValue)
    guard getrlimit(kind, &limit) == 0, limit.rlim_cur < limit.rlim_max else { return }
    limit.rlim_cur = limit.rlim_max
    _ = setrlimit(kind, &limit)
  }
}
