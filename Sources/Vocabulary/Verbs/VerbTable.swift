import Planning

/// The table of verbs: a line each; everything about a verb is in its file.
package enum VerbTable {
  package static let verbs: [Verb] = [
    .filter, .derive, .select, .drop, .rename, .aggregate, .count, .sort, .take, .skip, .top, .sample,
    .distinct,
    .join, .append, .pivot, .unpivot, .fill, .split, .describe, .chart, .show, .save, .assert,
  ]
}
