import Columns
import Diagnostics
import Planning
import Testing

@testable import Presentation

/// Histograms whose bars have a width that was asked for.
@Suite struct HistogramStepTests {
  /// Bars of a given width hold what a row-by-row count gives, ends that no binary number meets among them.
  @Test(
    arguments: [
      (0.1, (0...40).map { Double($0) / 10 }), (0.25, (0...40).map { Double($0) / 8 }),
      (0.3, (-20...20).map { Double($0) / 10 }),
      (1, (0...3).map { 1_234_567_890_123_456 + Double($0) }), (10, (0...40).map { Double($0 * 7 % 83) }),
      (7, [13, 14, 27.5, 28, 34.999]),
    ] as [(Double, [Double])])
  func histogramSteps(_ step: Double, _ values: [Double]) throws {
    let data = table(("v", values.map { .float($0) }))
    let lines = try drawn(
      ChartSpecification(kind: "histogram", y: [0], step: .float(step)), data, ChartStyle(width: 60))
    var counts: [Int: Int] = [:]
    // In thousandths, which are whole.
    for value in values {
      let whole = Int((value * 1000).rounded())
      let width = Int((step * 1000).rounded())
      counts[(whole - (whole % width + width) % width) / width, default: 0] += 1
    }
    let keys = counts.keys.sorted()
    let shown = lines.dropFirst().compactMap {
      Int($0.split(separator: " ").last ?? "") ?? Int($0.split(separator: "│").last ?? "")
    }
    let range = try #require(keys.first)...(try #require(keys.last))
    #expect(shown == range.map { counts[$0] ?? 0 }, "\(lines.joined(separator: "\n"))")
  }

  @Test func histogramStepsThatAreTooFineAreRefused() throws {
    for step in [1e-9, 1e-300] {
      let data = table(("v", [.float(1), .float(1e9)]))
      let fault = #expect(throws: Diagnostic.self) {
        try drawn(ChartSpecification(kind: "histogram", y: [0], step: .float(step)), data)
      }
      #expect(fault?.message.contains("bars of `v`, and a chart has at most 200") ?? false)
    }
  }
}
