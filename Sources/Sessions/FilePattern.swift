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
      where fnmatch(part, entry.name, FNM_PERIOD) == 0 && entry.name != "." && entry.name != ".." {
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
