import Glibc

/// Room on the stack for statements that nest deep: a chain of 10,000 operators is checked and planned by
/// functions that call themselves once for each.
package enum DeepStack {
  /// Bytes of a stack that holds the longest chain the parser lets through; pages count only once touched.
  static let size = 512 << 20

  /// Lets the stack of the main thread grow to `size`, as far as the system allows it.
  package static func allow() {
    var limit = rlimit()
    guard getrlimit(__rlimit_resource_t(RLIMIT_STACK.rawValue), &limit) == 0 else { return }
    let wanted = min(rlim_t(size), limit.rlim_max)
    guard limit.rlim_cur < wanted else { return }
    limit.rlim_cur = wanted
    _ = setrlimit(__rlimit_resource_t(RLIMIT_STACK.rawValue), &limit)
  }
}
