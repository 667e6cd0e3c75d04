import Columns
import Diagnostics
import Glibc
import Planning
import Presentation
import Sessions

/// The shell: reads a statement, runs it while Ctrl-C is watched, shows what comes of it, and reads the next.
struct ReadLoop {
  private let session: Session
  private let request: RunRequest

  init(_ session: Session, _ request: RunRequest) {
    self.session = session
    self.request = request
  }

  func run() -> Int32 { 0 }
}
