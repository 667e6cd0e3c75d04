import Diagnostics
import Language
import Planning

/// Which statements of a session make a script that works from its first line on.
extension Session {
  /// The statements for a saved script, and how many are left out because what they need is taken back, or was
  /// typed behind a space.
  var replayable: (kept: [WorkedStatement], left: Int) {
    let found = replayable { $0.isKept }
    return (found.kept, found.left)
  }

  /// The statements that a recording begins with: those whose changes hold still, and what the last result comes from,
  /// where it can be had again.
  var foundation: [WorkedStatement] {
    let (kept, _, lastIsLeft) = replayable { $0.isKept || $0.changes > 0 }
    var wanted = Set(kept.indices.filter { kept[$0].changes > 0 || kept[$0].declares })
    var index = lastIsLeft ? -1 : kept.count - 1
    let names = environment(runs: false)
    while index >= 0 {
      let statements = Parser.parse(SourceText(kept[index].text)).statements
      if statements.contains(where: { $0.makesLast(names) }) {
        wanted.insert(index)
        if !statements.contains(where: \.wantsLast) { break }
      }
      index -= 1
    }
    return wanted.sorted().map { kept[$0] }
  }

  private func replayable(
    _ isWanted: (WorkedStatement) -> Bool
  ) -> (kept: [WorkedStatement], left: Int, lastIsLeft: Bool) {
    var kept: [WorkedStatement] = []
    var left = 0
    let checker = ScriptChecker(environment(runs: false), self)
    checker.environment.bindings = original
    checker.environment.last = nil
    // Nothing goes on from the result of a statement that is left out.
    var lastIsLeft = false
    for statement in worked where isWanted(statement) {
      let script = Parser.parse(SourceText(statement.text))
      let before = checker.environment
      let wantsLast = script.statements.first.map(\.wantsLast) ?? false
      let makesLast = script.statements.contains { $0.makesLast(before) }
      let works =
        !statement.isOutdated && !(wantsLast && lastIsLeft)
        && script.statements.allSatisfy { one in
          checker.check(one, in: script.source).allSatisfy { $0.severity != .error }
        }
      if works {
        kept.append(statement)
        if makesLast { lastIsLeft = false }
      } else {
        left += 1
        checker.environment = before
        if makesLast { lastIsLeft = true }
      }
    }
    return (kept, left, lastIsLeft)
  }

  /// What `undo` has taken back is in no saved script: the last statement that changed something goes, and what was
  /// answered with a meaning that a name has no longer.
  func forgetWorked(_ changed: Set<String>) {
    guard let index = worked.lastIndex(where: { $0.changes > 0 }) else { return }
    var taken = TakenBack(place: index)
    for later in worked.indices.dropFirst(index + 1) where worked[later].isKept {
      let script = Parser.parse(SourceText(worked[later].text))
      let names = script.statements.reduce(into: Set<String>()) { names, statement in
        names.formUnion(NameUse.uses(in: statement, isDefinition: false))
      }
      if !names.isDisjoint(with: changed), !worked[later].isOutdated {
        worked[later].isOutdated = true
        taken.outdated.append(later)
      }
    }
    if worked[index].changes == 1 {
      taken.statement = worked.remove(at: index)
      taken.outdated = taken.outdated.map { $0 - 1 }
    } else {
      worked[index].changes -= 1
    }
    undone.append(taken)
  }

  /// What `redo` gives again stands in saved scripts where it stood, and so does what was answered with it.
  func rememberWorkedAgain() {
    guard let taken = undone.popLast() else { return }
    for place in taken.outdated where worked.indices.contains(place) { worked[place].isOutdated = false }
    if let statement = taken.statement {
      worked.insert(statement, at: min(taken.place, worked.count))
    } else if worked.indices.contains(taken.place) {
      worked[taken.place].changes += 1
    }
  }
}

extension Statement {
  /// Its result is what a later one goes on from.
  fileprivate func makesLast(_ environment: Environment) -> Bool {
    StatementTable.row(for: self, environment).map { $0.name == "load" } ?? true
  }

  /// It goes on from the last result.
  fileprivate var wantsLast: Bool {
    continuesLast || NameUse.uses(in: self, isDefinition: false).contains("last")
  }
}

extension Binding {
  /// The names, as they match, that mean something else now than before and meant something then: a name that was
  /// not there is missed by whoever looks for it.
  static func changed(from before: [String: Binding], to now: [String: Binding]) -> Set<String> {
    Set(
      before.filter { name, binding in now[name].map { !binding.isSame(as: $0) } ?? true }
        .map { Suggestion.folded($0.key) })
  }

  private func isSame(as other: Binding) -> Bool {
    switch (self, other) {
    case (.table(let one), .table(let other)): one === other
    case (.value(let one, let type), .value(let other, let otherType)): one == other && type == otherType
    case (.definition(let one), .definition(let other)):
      one.name.range == other.name.range && one.source.text == other.source.text
    case (.unknown, .unknown), (.unknownTable, .unknownTable): true
    default: false
    }
  }
}
