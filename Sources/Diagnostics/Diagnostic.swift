/// What is wrong with a text or its data, said so that its author can mend it.
package struct Diagnostic: Error, Sendable, Equatable {
  /// Whether the text cannot run or only deserves a look.
  package enum Severity: String, Sendable { case error, warning }

  /// A replacement that would mend the fault.
  package struct Fix: Sendable, Equatable {
    /// What is replaced; empty where something is put in.
    package var range: SourceRange
    /// The text in its place; empty where something is taken out.
    package var replacement: String
    package init(_ range: SourceRange, _ replacement: String) {
      self.range = range
      self.replacement = replacement
    }
  }

  /// A second place that belongs to the fault, with a word on why.
  package struct Related: Sendable, Equatable {
    /// The place, in `source` where it has one, else in the fault's text.
    package var range: SourceRange
    /// Why it belongs to the fault.
    package var message: String
    /// The text that the place is in, where it is not that of the fault.
    package var source: SourceText?
    package init(_ range: SourceRange, _ message: String, in source: SourceText? = nil) {
      self.range = range
      self.message = message
      self.source = source
    }

    /// Leaves the text aside, as faults do.
    package static func == (left: Related, right: Related) -> Bool {
      left.range == right.range && left.message == right.message
    }
  }

  package var severity: Severity
  /// A stable identifier of the kind of fault, such as `unknown-column`.
  package var code: String
  /// What is wrong, in plain words, one sentence without a final full stop.
  package var message: String
  /// The place of the fault, in `source`; nil where it has none, such as one of a setting.
  package var range: SourceRange?
  /// What to do about it, a sentence each.
  package var help: [String]
  /// An edit that would mend it; nil where none is sure.
  package var fix: Fix?
  /// Further places, in the order in which they are shown.
  package var related: [Related]
  /// The text that `range` points into; set by whoever knows it.
  package var source: SourceText?

  package init(
    _ code: String, _ message: String, at range: SourceRange? = nil, help: [String] = [],
    fix: Fix? = nil, related: [Related] = [], severity: Severity = .error
  ) {
    self.severity = severity
    self.code = code
    self.message = message
    self.range = range
    self.help = help
    self.fix = fix
    self.related = related
  }

  /// The same with the text that its ranges point into, unless one is known already.
  package func located(in source: SourceText) -> Diagnostic {
    var copy = self
    if copy.source == nil { copy.source = source }
    for index in copy.related.indices where copy.related[index].source == nil {
      copy.related[index].source = source
    }
    return copy
  }

  /// Leaves aside the fix, the related places and the text.
  package static func == (left: Diagnostic, right: Diagnostic) -> Bool {
    left.code == right.code && left.message == right.message && left.range == right.range
      && left.help == right.help && left.severity == right.severity
  }
}

/// Several faults at once: everything that could be known before any of a text ran.
package struct DiagnosticList: Error, Sendable {
  /// In the order in which they are shown.
  package var diagnostics: [Diagnostic]
  package init(_ diagnostics: [Diagnostic]) { self.diagnostics = diagnostics }
}
