import Testing

/// The house: who may import whom.
@Suite struct ImportTests {
  /// What comes with Swift and costs nothing at the start. Foundation costs 10 ms and is nowhere in the product.
  private let standard: Set<String> = ["Glibc", "Dispatch", "Synchronization"]

  /// The parts that know nothing of each other: only Sessions and what stands above it puts them together.
  private let siblings: Set<String> = ["Vocabulary", "Execution", "Formats", "Presentation", "Hospital"]

  @Test func importsAreThoseOfTheManifest() throws {
    let manifest = try Manifest()
    var allowed: [String: Set<String>] = [:]
    for module in manifest.modules { allowed[module.name] = Set(module.dependencies) }
    for file in SourceTree.sources {
      guard let may = allowed[file.module] else {
        Issue.record("\(file.path): \(file.module) is no module of Package.swift")
        continue
      }
      for (module, line) in file.imports where !standard.contains(module) && !may.contains(module) {
        Issue.record("\(file.path):\(line): \(file.module) must not import \(module)")
      }
    }
  }

  @Test func modulesDependOnlyOnThoseAboveThem() throws {
    let manifest = try Manifest()
    var above = Set(manifest.libraries)
    for module in manifest.modules {
      for dependency in module.dependencies
      where dependency != "ArgumentParser" && !above.contains(dependency) {
        Issue.record(
          "\(module.name) depends on \(dependency), which does not stand above it in Package.swift")
      }
      above.insert(module.name)
    }
  }

  @Test func siblingsDoNotKnowEachOther() throws {
    for module in try Manifest().modules where siblings.contains(module.name) {
      let known = siblings.intersection(module.dependencies)
      #expect(known.isEmpty, "\(module.name) depends on \(known.sorted())")
    }
  }

  @Test func everyLibraryHasOneOwner() throws {
    let manifest = try Manifest()
    for library in manifest.libraries {
      let owners = manifest.modules.filter { $0.dependencies.contains(library) }.map(\.name)
      #expect(owners.count == 1, "\(library) is used by \(owners)")
    }
  }

  /// A manifest that the tests above could not read would let everything pass.
  @Test func theManifestIsRead() throws {
    let manifest = try Manifest()
    let folders = Set(SourceTree.sources.map(\.module))
    #expect(folders == Set(manifest.modules.map(\.name)))
    #expect(manifest.libraries.contains("CLibedit"))
    #expect(manifest.modules.first { $0.name == "Columns" }?.dependencies.contains("CPCRE2") == true)
    #expect(manifest.modules.first { $0.name == "rounds" }?.dependencies.contains("Shell") == true)
    #expect(SourceTree.sources.count > 100)
  }
}
