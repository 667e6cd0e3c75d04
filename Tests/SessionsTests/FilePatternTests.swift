import Glibc
import Scheduling
import Testing

@testable import Sessions

@Suite struct FilePatternTests {
  @Test func aSearchIsStopped() throws {
    let cancellation = Cancellation()
    cancellation.cancel()
    #expect(throws: Cancelled.self) { try FilePattern.files("/usr/**/*.csv", cancellation) }
    #expect(throws: Cancelled.self) { try FilePattern.files("/usr/*/*.csv", cancellation) }
  }

  @Test(arguments: ["/etc/*", "/etc/pa*d", "/etc/[a-g]*", "/usr/*/perl", "/e?c/passwd", "/etc/\\passwd"])
  func patternsFitWhatTheSystemSays(_ pattern: String) throws {
    var result = glob_t()
    defer { globfree(&result) }
    try #require(glob(pattern, 0, nil, &result) == 0)
    let expected = (0..<Int(result.gl_pathc)).compactMap { index in
      result.gl_pathv[index].map { String(cString: $0) }
    }
    #expect(try FilePattern.files(pattern, Cancellation()) == expected.sorted())
  }

  /// As the system's own matching of names says.
  @Test func namesFitAsTheSystemSays() {
    let names = ["a", "ab", "abc", "a.csv", ".a", "b-c", "a]b", "a[b", "a*b", "aXbXc", "aa", "", "z9", "-"]
    let patterns = [
      "*", "a*", "*c", "a?c", "?", "[a-c]*", "[!a]*", "a[]]b", "a[[]b", "a\\*b", "*b*", "a*b*c", ".*", "[.]a",
      "[a",
      "z[0-9]", "[-a]", "[a-]", "**", "*a", "", "[z-a]*", "a*?",
    ]
    for pattern in patterns where pattern != "[z-a]*" {
      for name in names {
        #expect(
          FilePattern.fits(Array(name.unicodeScalars)[...], Array(pattern.unicodeScalars)[...])
            == (fnmatch(pattern, name, FNM_PERIOD) == 0), "\(pattern) \(name)")
      }
    }
  }

  @Test(arguments: [("ün?.csv", true), ("ün[ï].csv", true), ("ün??.csv", false), ("?nï.c*", true)])
  func signsAreCharacters(_ pattern: String, _ fits: Bool) {
    let name = "ünï.csv".unicodeScalars
    #expect(FilePattern.fits(Array(name)[...], Array(pattern.unicodeScalars)[...]) == fits)
  }
}
