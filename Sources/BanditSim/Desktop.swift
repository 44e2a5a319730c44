import Foundation

/// The graphical desktop, where there is one.
enum Desktop {
  /// Shows a file with the program that the desktop has for it, and says so on stderr where it cannot.
  static func open(_ path: String) {
    let environment = ProcessInfo.processInfo.environment
    let hasDisplay = ["DISPLAY", "WAYLAND_DISPLAY"].contains { environment[$0]?.isEmpty == false }
    guard hasDisplay else {
      Console.note("--open: there is no desktop here: neither DISPLAY nor WAYLAND_DISPLAY is set.\n")
      return
    }
    let process = Process()
    process.executableURL = URL(filePath: "/usr/bin/env")
    process.arguments = ["xdg-open", URL(filePath: path).path]
    process.standardInput = FileHandle.nullDevice
    process.standardOutput = FileHandle.nullDevice
    process.standardError = FileHandle.nullDevice
    do {
      try process.run()
      process.waitUntilExit()
      if process.terminationStatus != 0 {
        Console.note("--open: xdg-open could not show \(path) (status \(process.terminationStatus)).\n")
      }
    } catch {
      Console.note("--open: xdg-open could not be started; install xdg-utils.\n")
    }
  }
}
