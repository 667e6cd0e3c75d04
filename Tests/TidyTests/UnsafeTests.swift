import Testing

/// Unsafe memory stands only where it is listed here, in groups that share a reason.
@Suite struct UnsafeTests {
  private struct Group {
    let reason: String
    let files: [String]
  }

  private let groups = [
    Group(
      reason: "owns the memory of every column and hands out spans of it",
      files: ["Columns/Buffer.swift", "Columns/TextPool.swift"]),
    Group(
      reason: "hands a segment's keys to C, which looks them up without a check for each",
      files: ["Columns/Kernels/KeyMatching.swift"]),
    Group(
      reason: "hands bytes to PCRE2, and makes Strings of bytes in place",
      files: ["Columns/Kernels/Patterns.swift", "Columns/Kernels/Texts.swift"]),
    Group(
      reason: "reads from the system, zlib, zstd and LZ4 into memory of its own, and packs with them",
      files: [
        "Formats/Bytes/ByteSource.swift", "Formats/Bytes/Gunzip.swift", "Formats/Bytes/Gzip.swift",
        "Formats/Bytes/LZ4.swift", "Formats/Bytes/UnpackedBytes.swift", "Formats/Bytes/Zstd.swift",
      ]),
    Group(
      reason: "maps a file, and sees its bytes as the values of columns without copying them",
      files: ["Formats/Arrow/ArrowMemory.swift", "Formats/Bytes/MappedFile.swift"]),
    Group(
      reason: """
        walks the bytes of a block and keeps marks and cells of them by address: the bounds are checked once a \
        block and not once a byte
        """,
      files: [
        "Formats/CSV/ArenaDecoder.swift", "Formats/CSV/BlockScanner.swift", "Formats/CSV/CSVSource.swift",
        "Formats/CSV/CellDecoder.swift", "Formats/CSV/ColumnDecoder.swift", "Formats/CSV/ColumnGuess.swift",
        "Formats/CSV/DatePatternDecoder.swift", "Formats/CSV/KindDecoder.swift",
        "Formats/CSV/RangeScanner.swift", "Formats/CSV/RowScanner.swift", "Formats/CSV/SampleScanner.swift",
        "Formats/CSV/TextDecoder.swift", "Formats/CSV/ValueDecoder.swift",
      ]),
    Group(
      reason: "spells cells straight into the bytes of what is written",
      files: [
        "Formats/Writing/CellSpelling.swift", "Formats/Writing/LineBlock.swift",
        "Formats/Writing/Spelling.swift",
      ]),
    Group(
      reason: "writes the memory of columns to temporary files and reads it back",
      files: ["Execution/Spilling/SpillFile.swift", "Scheduling/UnnamedFile.swift"]),
    Group(
      reason: "lists folders, which gives C strings, and calls write",
      files: ["Sessions/FileAccess.swift", "Sessions/SourceOpening.swift"]),
    Group(
      reason: "calls libedit, termios, pthreads, read and write",
      files: [
        "Shell/Editor/Engine.swift", "Shell/Editor/LineEditor.swift", "Shell/Editor/PlainEditor.swift",
        "Shell/Pager/Pager.swift", "Shell/Terminal/InterruptibleRun.swift",
        "Shell/Terminal/TerminalMode.swift",
      ]),
  ]

  private func isUnsafe(_ file: SourceFile) -> Bool {
    file.code.contains { $0.contains("unsafe") || $0.contains("Unsafe") }
  }

  @Test func unsafeOnlyWhereListed() {
    let listed = Set(groups.flatMap(\.files).map { "Sources/" + $0 })
    for file in SourceTree.sources where isUnsafe(file) && !listed.contains(file.path) {
      Issue.record("\(file.path) uses unsafe memory: use a Span, or list it here with the reason")
    }
  }

  @Test func whatIsListedIsStillUnsafe() {
    let unsafe = Set(SourceTree.sources.filter(isUnsafe).map(\.path))
    for group in groups {
      for file in group.files where !unsafe.contains("Sources/" + file) {
        Issue.record("\(file) needs no unsafe memory any more: take it off the list")
      }
    }
  }
}
