/// The list of candidates under the input, and what choosing one does to the text.
package struct Menu: Equatable, Sendable {
  package let list: CompletionList
  /// The text before anything was chosen; Esc goes back to it.
  package let original: EditBuffer
  /// The chosen candidate, from 0; nil before one is chosen.
  package private(set) var selection: Int?
  /// The first candidate shown.
  package private(set) var top = 0

  package init(list: CompletionList, original: EditBuffer) {
    self.list = list
    self.original = original
  }

  /// The buffer with the selected candidate in place.
  package var buffer: EditBuffer {
    guard let selection, list.candidates.indices.contains(selection) else { return original }
    let text = Array(list.candidates[selection].text.unicodeScalars)
    return original.replacing(list.replacing, with: text)
  }

  /// Moves the selection, going round at the ends.
  package mutating func move(by step: Int) {
    let count = list.candidates.count
    guard count > 0 else { return }
    guard let now = selection else {
      selection = step > 0 ? 0 : count - 1
      return
    }
    selection = (now + step % count + count) % count
  }

  /// Scrolls so that the selection is among `rows` rows; returns the shown candidates.
  package mutating func window(rows: Int) -> Range<Int> {
    let count = list.candidates.count
    let height = min(max(rows, 0), count)
    if let selection {
      top = min(top, selection)
      top = max(top, selection - height + 1)
    }
    top = max(0, min(top, count - height))
    return top..<(top + height)
  }

  /// The text that all candidates begin with, nil when it adds nothing to what is typed.
  package static func commonPrefix(_ list: CompletionList, in buffer: EditBuffer) -> [Unicode.Scalar]? {
    guard let first = list.candidates.first else { return nil }
    var prefix = Array(first.text.unicodeScalars)
    for candidate in list.candidates.dropFirst() {
      var shared = 0
      for scalar in candidate.text.unicodeScalars {
        guard shared < prefix.count, prefix[shared] == scalar else { break }
        shared += 1
      }
      prefix.removeSubrange(shared...)
    }
    let typed = buffer.text[list.replacing.clamped(to: 0..<buffer.text.count)]
    guard prefix.count > typed.count || (list.candidates.count == 1 && prefix[...] != typed) else {
      return nil
    }
    return prefix
  }
}
