import Glibc
import Shell
import Testing

@Suite struct InterruptibleRunTests {
  @Test func theValueComesBackAndTimeIsTold() {
    var ticks: [Duration] = []
    let value = runInterruptibly(
      interval: 5,
      {
        usleep(60_000)
        return 42
      }, onTick: { ticks.append($0) })
    #expect(value == 42)
    #expect(ticks.count >= 2)
    #expect(ticks == ticks.sorted())
  }

  /// A query may recurse deeper than the 0.5 MB that other threads get: 4 MB of frames must fit.
  @Test func theStackIsDeep() {
    @Sendable func descend(_ depth: Int) -> Int {
      withUnsafeTemporaryAllocation(byteCount: 4096, alignment: 8) { block in
        block.initializeMemory(as: UInt8.self, repeating: UInt8(truncatingIfNeeded: depth))
        return depth == 0 ? Int(block[17]) : descend(depth - 1) + Int(block[9]) - Int(block[5])
      }
    }
    #expect(runInterruptibly({ descend(1_000) }) == 0)
  }

  @Test func terminalKinds() {
    #expect(TerminalKind.detect(inputIsTerminal: true, outputIsTerminal: true, term: "xterm") == .rich)
    #expect(TerminalKind.detect(inputIsTerminal: true, outputIsTerminal: true, term: "dumb") == .plain)
    #expect(TerminalKind.detect(inputIsTerminal: true, outputIsTerminal: false, term: "xterm") == .batch)
    #expect(TerminalKind.detect(inputIsTerminal: false, outputIsTerminal: true, term: "xterm") == .batch)
  }
}
