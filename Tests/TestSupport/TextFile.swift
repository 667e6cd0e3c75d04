import Foundation

/// Whole text files of the repository, for tests that compare with what is written down.
package enum TextFile {
  package struct Failure: Error, CustomStringConvertible {
    package let description: String
  }

  package static func read(_ path: String) throws -> String {
    guard let data = FileManager.default.contents(atPath: path) else {
      throw Failure(description: "\(path) cannot be read")
    }
    return String(decoding: data, as: UTF8.self)
  }

  /// Writes a file, with the folders it stands in.
  package static func write(_ text: String, to path: String) throws {
    let folder = (path as NSString).deletingLastPathComponent
    try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
    guard FileManager.default.createFile(atPath: path, contents: Data(text.utf8)) else {
      throw Failure(description: "\(path) cannot be written")
    }
  }

  package static func remove(_ path: String) throws { try FileManager.default.removeItem(atPath: path) }

  /// The paths of the files below a folder with an ending, in the order of their names.
  package static func paths(in folder: String, ending: String) -> [String] {
    let all = FileManager.default.enumerator(atPath: folder)?.compactMap { $0 as? String } ?? []
    return all.filter { $0.hasSuffix(ending) }.sorted().map { folder + "/" + $0 }
  }
}
