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
}
