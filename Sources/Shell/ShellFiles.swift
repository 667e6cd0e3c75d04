import Glibc
import Sessions

/// Where the shell keeps its files, by the XDG base directories.
enum ShellFiles {
  /// The history's file, its folder made; nil where there is no place for it.
  static func history() -> String? {
    if let file = environmentValue("ROUNDS_HISTORY") { return file.isEmpty ? nil : file }
    guard let base = folder("XDG_STATE_HOME", under: ".local/state") else { return nil }
    return makeFolders(base + "/rounds") ? base + "/rounds/history" : nil
  }

  /// The statements to run at the start; nil where there are none.
  static func initialisation() -> String? {
    if let file = environmentValue("ROUNDS_INIT") { return file.isEmpty ? nil : file }
    guard let base = folder("XDG_CONFIG_HOME", under: ".config") else { return nil }
    let file = base + "/rounds/init.rounds"
    return Paths.exists(file) ? file : nil
  }

  /// The specification has relative paths ignored.
  private static func folder(_ variable: String, under place: String) -> String? {
    if let folder = environmentValue(variable), folder.hasPrefix("/") { return folder }
    guard let home = environmentValue("HOME"), home.hasPrefix("/") else { return nil }
    return home + "/" + place
  }

  private static func makeFolders(_ path: String) -> Bool {
    var made = ""
    for part in path.split(separator: "/") {
      made += "/" + part
      if !Paths.isFolder(made), mkdir(made, 0o700) != 0, errno != EEXIST { return false }
    }
    return Paths.isFolder(path)
  }
}
