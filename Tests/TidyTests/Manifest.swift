import Foundation

/// What Package.swift says of the modules: the table of who may import whom.
struct Manifest {
  struct Module {
    let name: String
    let dependencies: [String]
  }

  /// In the order of the manifest.
  let modules: [Module]
  /// The modules that only make a C library visible.
  let libraries: [String]

  init() throws {
    let text = try String(contentsOf: SourceTree.root.appending(path: "Package.swift"), encoding: .utf8)
    libraries = text.matches(of: /\.systemLibrary\(\s*name: "(\w+)"/).map { String($0.1) }
    let plain = text.matches(of: /\n\s+module\(\s*"(\w+)"\s*(?:,\s*\[([^\]]*)\]\s*)?\)/)
    var found = plain.map { match in
      Module(name: String(match.1), dependencies: Self.names(String(match.2 ?? "")))
    }
    // The program itself is no module for others; its product dependency is in a bracket of its own.
    let executables = text.matches(
      of: /\.executableTarget\(\s*name: "(\w+)",\s*dependencies: \[([^\]]*)\]/)
    found += executables.map { match in
      let products = String(match.2).matches(of: /\.product\(name: "(\w+)"/).map { String($0.1) }
      let own = String(match.2).replacing(/\.product\([^)]*\)/, with: "")
      return Module(name: String(match.1), dependencies: Self.names(own) + products)
    }
    modules = found
  }

  private static func names(_ list: String) -> [String] {
    list.matches(of: /"(\w+)"/).map { String($0.1) }
  }
}
