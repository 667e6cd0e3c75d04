import Columns
import Planning

/// Functions of lists.
extension FunctionTable {
  package static let lists: [Function] = [
    Function(
      "element", .lists, "The element of a list at a position from 0, from the end with a negative one.",
      [
        Signature(
          [Parameter("list", .list), Parameter("position", .int)],
          .computed { types in if case .list(let element) = types[0] { element } else { .missing } })
      ],
      examples: [
        Example("element([10, 20, 30], 0)", gives: "10"), Example("element([10, 20, 30], -1)", gives: "30"),
        Example("element([10], 5)", gives: "missing"),
      ], searchWords: ["index", "list_element", "at", "nth", "[0]"], .vector(Kernels.element)),
    Function(
      "split_text", aliases: ["str_split"], .lists, "The parts of a text between the separators, as a list.",
      [Signature([Parameter("x", .text), Parameter("separator", .text)], .type(.list(.text)))],
      examples: [Example("element(split_text(\"a;b;c\", \";\"), 1)", gives: "b")],
      searchWords: ["split", "strsplit", "string_split", "explode"], .rows(TextFunctions.splitText)),
    Function(
      "join_text", .lists,
      "The elements of a list as one text with a separator between; missing ones are left out.",
      [
        Signature(
          [Parameter("list", .list), Parameter("separator", .text, default: .text(", "))], .type(.text))
      ],
      examples: [
        Example("join_text([\"a\", \"b\"])", gives: "a, b"),
        Example("join_text([1, 2], \"-\")", gives: "1-2"),
      ], searchWords: ["paste", "collapse", "array_to_string", "strcat_array"], .rows(TextFunctions.joinText)),
  ]
}
