import Diagnostics
import Sessions
import Language

/// What stands before the cursor: the statement, the innermost pipeline and stage, the brackets that are open, and
/// the word being typed.
struct CursorPlace {
  /// An open pair of brackets, or the statement itself.
  struct Frame {
    /// The opening bracket's token; -1 for the statement.
    var opening: Int
    /// The name that the bracket touches: a call.
    var callee: String?
    /// The first token inside.
    var start: Int
    var pipes: [Int] = []
    var commas = 0
  }

  enum Inside { case code, comment, text, name, interpolation }

  let source: SourceText
  /// The tokens of the statement before the word being typed.
  private(set) var tokens: [Token] = []
  /// What of the word, the text or the name in backticks is typed, without its opening mark.
  private(set) var typed = ""
  /// Where that begins, with its mark, in bytes.
  private(set) var typedStart: Int
  private(set) var inside = Inside.code
  private(set) var frames: [Frame] = []
  /// Where the statement begins, in bytes.
  private(set) var statementStart = 0

  init(_ text: String, cursor: Int) {
    self.init(upToCursor: ReadText(String(text.unicodeScalars.prefix(max(0, cursor)))))
  }

  /// The place at the end of a text.
  init(upToCursor text: ReadText) {
    source = text.source
    typedStart = source.bytes.count
    var all = text.tokens
    let end = all.removeLast()
    if endsInComment(end) { inside = .comment }
    var word: Token?
    if inside == .code, let last = all.last, last.range.upper == source.bytes.count {
      takeTyped(last)
      if typedStart < source.bytes.count { word = all.removeLast() }
    }
    keepStatement(all, end, word)
    makeFrames()
  }

  private func endsInComment(_ end: Token) -> Bool {
    Lexer.trivia(before: end, in: source).last?.kind == .comment
  }

  private mutating func takeTyped(_ token: Token) {
    switch token.kind {
    case .name, .word:
      typedStart = token.range.lower
      typed = source[token.range]
    case .text, .quotedName, .interpolation:
      guard !token.isTerminated else { return }
      typedStart = token.range.lower
      typed = source[SourceRange(token.range.lower + 1, token.range.upper)]
      inside = token.kind == .text ? .text : token.kind == .quotedName ? .name : .interpolation
    default: break
    }
  }

  /// Leaves the tokens of the last statement, in which the cursor is.
  private mutating func keepStatement(_ all: [Token], _ end: Token, _ word: Token?) {
    var walk = StatementWalk()
    var first = 0
    for (index, token) in all.enumerated() where walk.step(over: token) == .statementStart {
      first = token.symbol == .semicolon ? index + 1 : index
    }
    // The word being typed, or the empty place, may begin a statement itself.
    let probe = Token(
      .end, at: end.range, leading: end.leading, isPrecededByNewline: end.isPrecededByNewline,
      isPrecededByEmptyLine: end.isPrecededByEmptyLine, indentation: end.indentation)
    if !all.isEmpty, typedStart == source.bytes.count, walk.step(over: probe) == .statementStart {
      first = all.count
    } else if all.last?.symbol == .semicolon, walk.depth == 0 {
      first = all.count
    } else if let word, all.isEmpty || walk.step(over: word) == .statementStart {
      first = all.count
    }
    statementStart = first < all.count ? all[first].range.lower : typedStart
    tokens = Array(all[min(first, all.count)...])
  }

  private mutating func makeFrames() {
    frames = [Frame(opening: -1, start: 0)]
    for (index, token) in tokens.enumerated() {
      guard let symbol = token.symbol else { continue }
      if symbol.isOpening {
        var callee: String?
        if symbol == .openParenthesis, !token.isPrecededByBlank, index > 0, tokens[index - 1].kind == .name {
          callee = source[tokens[index - 1].range]
        }
        frames.append(Frame(opening: index, callee: callee, start: index + 1))
      } else if symbol.isClosing {
        if frames.count > 1 { frames.removeLast() }
      } else if symbol.isPipe {
        frames[frames.count - 1].pipes.append(index)
      } else if symbol == .comma {
        frames[frames.count - 1].commas += 1
      }
    }
  }

  // MARK: Asking

  /// The mark that the text or the name at the cursor begins with, and must end with.
  var openingMark: Unicode.Scalar? {
    guard inside == .text || inside == .name, typedStart < source.bytes.count else { return nil }
    return Unicode.Scalar(source.bytes[typedStart])
  }

  var frame: Frame { frames[frames.count - 1] }

  /// The innermost frame that is a pipeline, and how deep it is.
  var pipeline: (frame: Frame, level: Int) {
    for (level, frame) in frames.enumerated().reversed() where !frame.pipes.isEmpty || level == 0 {
      return (frame, level)
    }
    return (frame, 0)
  }

  func word(_ index: Int) -> String? {
    guard tokens.indices.contains(index) else { return nil }
    switch tokens[index].kind {
    case .name, .word: return source[tokens[index].range]
    default: return nil
    }
  }

  var last: Token? { tokens.last }

  /// The text of the innermost pipeline before the stage that the cursor is in; nil before the first
  /// `|`, empty behind a `|` that begins the statement.
  var earlierStages: String? {
    let frame = pipeline.frame
    guard let pipe = frame.pipes.last else { return nil }
    var start = frame.start
    if frame.opening < 0 { start = sourceStart() }
    // A line that begins with | goes on from the last result.
    guard start < pipe else { return "" }
    return source[SourceRange(tokens[start].range.lower, tokens[pipe].range.lower)]
  }

  /// The first token of the pipeline in `let x = …` and `explain …`.
  func sourceStart() -> Int {
    switch word(0)?.lowercased() {
    case "let":
      let equals = tokens.firstIndex { $0.symbol == .assign }
      return equals.map { $0 + 1 } ?? 0
    case "explain": return StatementRow.analysing.contains(word(1)?.lowercased() ?? "") ? 2 : 1
    default: return 0
    }
  }

  /// The range in unicode scalars that a candidate replaces.
  func replacing(_ cursor: Int) -> Range<Int> {
    let length = source[SourceRange(typedStart, source.bytes.count)].unicodeScalars.count
    return max(0, cursor - length)..<cursor
  }
}
