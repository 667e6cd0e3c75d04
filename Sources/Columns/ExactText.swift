/// A text as the language compares it: by its scalars. Swift takes letters that are composed in another way for equal, so
/// that its own texts as keys of a dictionary would make one of two values.
package struct ExactText: Hashable, Comparable, Sendable {
  package let text: String

  package init(_ text: String) { self.text = text }

  package static func == (left: ExactText, right: ExactText) -> Bool {
    Spelling.isSame(left.text, right.text)
  }

  package static func < (left: ExactText, right: ExactText) -> Bool {
    left.text.utf8.lexicographicallyPrecedes(right.text.utf8)
  }

  package func hash(into hasher: inout Hasher) {
    for byte in text.utf8 { hasher.combine(byte) }
    // No byte of a text: what follows is not taken for more of it.
    hasher.combine(UInt8.max)
  }
}
