import Planning

/// The table of functions: a row each, in the literal of its category.
package enum FunctionTable {
  /// Every function there is, in the order of the categories.
  package static let all: [Function] =
    operators + numbers + text + dates + conversions + conditions + lists + aggregates + windows + statistics
}
