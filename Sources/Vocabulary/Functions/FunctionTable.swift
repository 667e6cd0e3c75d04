import Planning

/// The table of functions: a row each, in the literal of its category.
package enum FunctionTable {
  package static let all: [Function] =
    operators + numbers + text + dates + conversions + conditions + lists + aggregates + windows + statistics
}
