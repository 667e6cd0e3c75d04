// swift-tools-version: 6.3
import PackageDescription

/// Warnings are errors only in our own checks: a user's newer compiler must not fail on a new warning.
let strict: [SwiftSetting] =
  Context.environment["CI"] == nil ? [] : [.treatAllWarnings(as: .error)]

let settings: [SwiftSetting] =
  [
    .swiftLanguageMode(.v6),
    .enableUpcomingFeature("ExistentialAny"),
    .enableUpcomingFeature("MemberImportVisibility"),
    .enableExperimentalFeature("Lifetimes"),
  ] + strict

/// Where a library of C++ lies that can be linked in, for the release: the system's own, looked up at each start, took
/// a seventh of it.
let linking: [LinkerSetting] =
  Context.environment["ROUNDS_LIBRARIES"].map { [.unsafeFlags(["-L", $0])] } ?? []

/// A module of the product with its test target beside it.
func module(_ name: String, _ dependencies: [Target.Dependency] = []) -> Target {
  .target(name: name, dependencies: dependencies, swiftSettings: settings)
}

func tests(_ name: String, _ dependencies: [Target.Dependency]) -> Target {
  .testTarget(name: name, dependencies: dependencies + ["TestSupport"], swiftSettings: settings)
}

let package = Package(
  name: "rounds",
  products: [
    .executable(name: "rounds", targets: ["rounds"])
  ],
  dependencies: [
    .package(url: "https://github.com/apple/swift-argument-parser", from: "1.8.2")
  ],
  targets: [
    // C libraries: one owner each.
    .systemLibrary(name: "CLibedit", pkgConfig: "libedit", providers: [.apt(["libedit-dev"])]),
    .systemLibrary(name: "CPCRE2", pkgConfig: "libpcre2-8", providers: [.apt(["libpcre2-dev"])]),
    .systemLibrary(name: "CZlib", pkgConfig: "zlib", providers: [.apt(["zlib1g-dev"])]),
    .systemLibrary(name: "CZstd", pkgConfig: "libzstd", providers: [.apt(["libzstd-dev"])]),
    .systemLibrary(name: "CLZ4", pkgConfig: "liblz4", providers: [.apt(["liblz4-dev"])]),
    .systemLibrary(name: "CVector"),
    .systemLibrary(name: "CKeys"),
    .systemLibrary(name: "CMalloc"),
    .systemLibrary(name: "CHandover"),

    // The house, in the order of its import rule: a module imports only modules above it.
    module("Diagnostics"),
    module("Scheduling"),
    module("Columns", ["Diagnostics", "Scheduling", "CPCRE2", "CKeys"]),
    module("Statistics"),
    module("Language", ["Diagnostics"]),
    module("Planning", ["Language", "Columns", "Diagnostics", "Scheduling"]),
    module("Vocabulary", ["Planning", "Language", "Columns", "Diagnostics", "Statistics"]),
    module("Execution", ["Planning", "Columns", "Scheduling", "Diagnostics", "CMalloc"]),
    module(
      "Formats",
      ["Planning", "Columns", "Scheduling", "Diagnostics", "CVector", "CZlib", "CZstd", "CLZ4"]),
    module("Presentation", ["Planning", "Columns", "Diagnostics", "Statistics"]),
    module("Hospital", ["Columns"]),
    module(
      "Sessions",
      [
        "Presentation", "Hospital", "Formats", "Execution", "Vocabulary", "Planning", "Language",
        "Columns", "Scheduling", "Diagnostics", "CHandover",
      ]),
    module(
      "Shell",
      [
        "Sessions", "Presentation", "Planning", "Language", "Columns", "Scheduling", "Diagnostics",
        "CLibedit",
      ]),
    .executableTarget(
      name: "rounds",
      dependencies: [
        "Shell", "Sessions",
        .product(name: "ArgumentParser", package: "swift-argument-parser"),
      ],
      swiftSettings: settings, linkerSettings: linking),

    // Tests.
    .target(
      name: "TestSupport",
      dependencies: ["Columns", "Diagnostics"],
      path: "Tests/TestSupport", swiftSettings: settings),
    tests("DiagnosticsTests", ["Diagnostics"]),
    tests("ColumnsTests", ["Columns", "Scheduling", "Diagnostics"]),
    tests("LanguageTests", ["Language", "Diagnostics"]),
    tests(
      "VocabularyTests",
      ["Vocabulary", "Planning", "Language", "Sessions", "Columns", "Diagnostics"]),
    tests("FormatsTests", ["Formats", "Planning", "Columns", "Scheduling", "Diagnostics"]),
    tests("PresentationTests", ["Presentation", "Statistics", "Planning", "Columns", "Diagnostics"]),
    tests("HospitalTests", ["Hospital", "Columns"]),
    tests("SessionsTests", ["Sessions", "Presentation", "Planning", "Columns", "Scheduling", "Diagnostics"]),
    tests("GoldenTests", ["Sessions", "Planning", "Columns", "Diagnostics"]),
    tests("ShellTests", ["Shell", "Sessions", "Presentation", "rounds"]),
    tests("TidyTests", []),
  ]
)
