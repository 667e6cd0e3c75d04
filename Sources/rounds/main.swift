import Glibc
import Shell

if CommandLine.arguments.dropFirst().first == "--editor-probe" { exit(runEditorProbe()) }
print("rounds")
