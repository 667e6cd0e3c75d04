internal import CHandover
import Scheduling

/// The memory and the temporary files of a process that a signal ends.
package enum HandedOverMemory {
  /// So many bytes are taken back in a moment that nobody notices.
  private static let least: Int64 = 256 << 20

  /// Has a child wait for the system to take them back, so that who pressed Ctrl-C need not. A signal's handler may
  /// call it, right before the process ends.
  package static func handOver() { rounds_hand_over_memory(UnnamedFile.wasMade ? 0 : least) }
}
