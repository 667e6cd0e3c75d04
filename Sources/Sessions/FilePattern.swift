import Glibc
import Scheduling

/// Names of files with `*`, `?`, `[…]`, and `**` for folders of any depth, also none.
///
/// The system's own search is not used: it cannot be stopped on the way, and does not know `**`.
struct FilePattern {
  private let cancellation: Cancellation
  private var found: Set<String> = []

  /// Folders inside folders that are looked into.
  private static let deepest = 64

  /// The files that a pattern fits, sorted; one of `**` fits no folders.
  static func files(_ pattern: String, _ cancellation: Cancellation) throws(Cancelled) -> [String] {
    var parts = pattern.split(separator: "/").map(String.init)
    let isDeep = parts.contains("**")
    // Several that follow each other say no more than one.
    for place in parts.indices.reversed().dropLast() where parts[place] == "**" && parts[place - 1] == "**" {
      parts.remove(at: place)
    }
    if parts.last == "**" { parts.append("*") }
    var search = FilePattern(cancellation)
    try search.look(in: pattern.hasPrefix("/") ? "/" : ".", for: parts[...], depth: 0)
    return (isDeep ? search.found.filter { !Paths.isFolder($0) } : search.found).sorted()
  }

  private init(_ cancellation: Cancellation) { self.cancellation = cancellation }

  private mutating func look(
    in folder: String, for parts: ArraySlice<String>, depth: Int
  ) throws(Cancelled) {
    try cancellation.check()
    guard let part = parts.first else {
      found.insert(folder)
      return
    }
    let rest = parts.dropFirst()
    if part == "**" {
      try look(in: folder, for: rest, depth: depth)
      guard depth < Self.deepest else { return }
      // Links to folders are not followed, which could lead around in a ring.
      for entry in try Paths.entries(of: folder, cancellation) where !entry.name.hasPrefix(".") {
        let path = Paths.join(folder, entry.name)
        guard entry.isFolder ?? Self.isRealFolder(path) else { continue }
        try look(in: path, for: parts, depth: depth + 1)
      }
    } else if part.contains(where: { "*?[".contains($0) }) {
      for entry in try Paths.entries(of: folder, cancellation)
      where Self.fits(Array(entry.name.unicodeScalars)[...], Array(part.unicodeScalars)[...])
        && entry.name != "." && entry.name != ".."
      {
        let path = Paths.join(folder, entry.name)
        if rest.isEmpty || Paths.isFolder(path) { try look(in: path, for: rest, depth: depth) }
      }
    } else {
      let path = Paths.join(folder, Self.plain(part))
      if rest.isEmpty ? Paths.exists(path) : Paths.isFolder(path) {
        try look(in: path, for: rest, depth: depth)
      }
    }
  }

  /// Whether a name is as a part of a pattern says: `*` any signs, `?` one, `[a-z]` one of these and `[!a-z]` one of the
  /// others, a backslash the sign behind it. A point in front is written out. Signs are Unicode scalars.
  static func fits(_ name: ArraySlice<Unicode.Scalar>, _ pattern: ArraySlice<Unicode.Scalar>) -> Bool {
    if name.first == ".", pattern.first != "." { return false }
    var (name, pattern) = (name, pattern)
    // Where the last star stands, and the name that is left when it takes one sign more.
    var star: (pattern: ArraySlice<Unicode.Scalar>, name: ArraySlice<Unicode.Scalar>)?
    while true {
      if pattern.first == "*" {
        pattern = pattern.dropFirst()
        star = (pattern, name)
      } else if let rest = one(pattern), let sign = name.first, rest.holds(sign) {
        (name, pattern) = (name.dropFirst(), rest.rest)
      } else if name.isEmpty, pattern.isEmpty {
        return true
      } else if let last = star, !last.name.isEmpty {
        star = (last.pattern, last.name.dropFirst())
        (name, pattern) = (last.name.dropFirst(), last.pattern)
      } else {
        return false
      }
    }
  }

  /// What the first sign of a pattern stands for, and the pattern behind; nil at its end.
  private static func one(
    _ pattern: ArraySlice<Unicode.Scalar>
  ) -> (holds: (Unicode.Scalar) -> Bool, rest: ArraySlice<Unicode.Scalar>)? {
    guard let first = pattern.first else { return nil }
    let rest = pattern.dropFirst()
    switch first {
    case "?": return ({ _ in true }, rest)
    case "\\": return rest.first.map { sign in ({ $0 == sign }, rest.dropFirst()) } ?? ({ $0 == first }, rest)
    case "[": return signs(rest) ?? ({ $0 == first }, rest)
    default: return ({ $0 == first }, rest)
    }
  }

  /// `a-z]` and what stands behind it; nil where nothing closes it.
  private static func signs(
    _ inside: ArraySlice<Unicode.Scalar>
  ) -> (holds: (Unicode.Scalar) -> Bool, rest: ArraySlice<Unicode.Scalar>)? {
    var rest = inside
    let isOthers = rest.first == "!" || rest.first == "^"
    if isOthers { rest = rest.dropFirst() }
    var ranges: [ClosedRange<Unicode.Scalar>] = []
    // A bracket right behind the first is a sign of them.
    while let low = rest.first, low != "]" || ranges.isEmpty {
      rest = rest.dropFirst()
      var high = low
      if rest.first == "-", let last = rest.dropFirst().first, last != "]" {
        high = last
        rest = rest.dropFirst(2)
      }
      if low <= high { ranges.append(low...high) } else { ranges.append(low...low) }
    }
    guard rest.first == "]" else { return nil }
    let known = ranges
    return ({ sign in known.contains { $0.contains(sign) } != isOthers }, rest.dropFirst())
  }

  /// A part without the backslashes that take a sign's meaning away.
  private static func plain(_ part: String) -> String {
    var isPlain = false
    return part.reduce(into: "") { result, sign in
      if sign == "\\", !isPlain {
        isPlain = true
      } else {
        result.append(sign)
        isPlain = false
      }
    }
  }

  private static func isRealFolder(_ path: String) -> Bool {
    var info = stat()
    return lstat(path, &info) == 0 && info.st_mode & S_IFMT == S_IFDIR
  }
}
