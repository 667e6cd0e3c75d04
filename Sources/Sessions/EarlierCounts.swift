import Diagnostics
import Execution
import Language
import Planning

extension QueryResult {
  /// Has the notes that count say so where a stage behind theirs left rows out: what
  /// they count need not be in the result.
  mutating func placeCounts(in pipeline: Pipeline, _ catalogue: Catalogue) {
    let verbs = pipeline.stages.map { catalogue.verb($0.word?.text ?? "")?.name }
    for index in notes.indices {
      let note = notes[index]
      // A fact that is a part of a whole counts rows, too: `percent` shows what it is of.
      let isCount = note.kind == .fact && note.total != nil
      guard isCount || [.division, .converted, .missing, .structural].contains(note.kind), note.count != nil,
        let range = note.range,
        let stage = pipeline.stages.firstIndex(where: {
          $0.range.lower <= range.lower && range.upper <= $0.range.upper
        })
      else { continue }
      // How many a filter leaves out, of how many, is its own; of a join and of calculations it is the rows'.
      if note.total != nil, let own = verbs[stage], Self.leavesOut.contains(own) { continue }
      let behind = verbs[(stage + 1)...].lazy.compactMap { $0 }
      guard let verb = behind.first(where: Self.leavesOut.contains) else { continue }
      notes[index].message += ", counted before `\(verb)`"
    }
  }

  /// Verbs that keep some rows as they are.
  private static let leavesOut: Set<String> = ["filter", "take", "skip", "top", "sample"]
}
