#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#else
  import Darwin
#endif

/// The system's file calls, as far as this module needs them.
package enum POSIXFile {
  /// Writes some bytes to a descriptor: the type of `write(2)`.
  package typealias Write = (Int32, UnsafeRawPointer, Int) -> Int

  /// Opens an existing file for reading, and closes it when the body is done.
  package static func withRegularFile<Result>(
    atPath path: String, _ body: (_ descriptor: Int32, _ size: Int) throws(DataFileError) -> Result
  ) throws(DataFileError) -> Result {
    // Without O_NONBLOCK, opening a pipe without a writer would wait for ever.
    let descriptor = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK)
    guard descriptor >= 0 else { throw failure(path, errno) }
    defer { close(descriptor) }
    var status = stat()
    guard fstat(descriptor, &status) == 0 else { throw failure(path, errno) }
    switch status.st_mode & S_IFMT {
    case S_IFREG: return try body(descriptor, Int(status.st_size))
    case S_IFDIR: throw failure(path, EISDIR)
    default:
      throw DataFileError(file: path, reason: "is not a regular file; copy what it gives to one first")
    }
  }

  /// Creates a file to append to; one that is there already is an error.
  package static func create(_ path: String) throws(DataFileError) -> Int32 {
    let descriptor = open(path, O_WRONLY | O_CREAT | O_EXCL | O_APPEND | O_CLOEXEC, 0o666)
    guard descriptor >= 0 else {
      guard errno == ENOENT else { throw failure(path, errno) }
      throw DataFileError(
        file: path, reason: "cannot be created: its directory does not exist; create it first")
    }
    syncDirectory(of: path)
    return descriptor
  }

  /// Opens a file to append to and gives its size; where there is none it is created.
  ///
  /// A symbolic link, or a file that has a second name, leads to what is somebody else's: it gives way to a new file.
  package static func openToAppend(_ path: String, size: inout Int) throws(DataFileError) -> Int32 {
    let descriptor = open(path, O_WRONLY | O_APPEND | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK)
    if descriptor >= 0 {
      var status = stat()
      if fstat(descriptor, &status) == 0, status.st_mode & S_IFMT == S_IFREG, status.st_nlink == 1 {
        size = Int(status.st_size)
        return descriptor
      }
      close(descriptor)
    }
    size = 0
    return try createAnew(path, flags: O_APPEND)
  }

  /// The size of a file, if it is there.
  package static func size(_ path: String) -> Int? {
    var status = stat()
    return stat(path, &status) == 0 ? Int(status.st_size) : nil
  }

  /// Creates a file for writing in the place of one that is there; what a link of that name leads to is left alone.
  package static func createAnew(_ path: String, flags: Int32 = 0) throws(DataFileError) -> Int32 {
    unlink(path)
    let descriptor = open(path, O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC | flags, 0o666)
    guard descriptor >= 0 else { throw failure(path, errno) }
    return descriptor
  }

  /// Gives a file another name, in the place of what has it, so that it lasts, and the error number if that
  /// failed.
  package static func rename(_ path: String, to other: String) -> Int32? {
    #if canImport(Glibc)
      let status = Glibc.rename(path, other)
    #elseif canImport(Musl)
      let status = Musl.rename(path, other)
    #else
      let status = Darwin.rename(path, other)
    #endif
    guard status == 0 else { return errno }
    syncDirectory(of: other)
    return nil
  }

  /// Removes a file, if it is there.
  package static func remove(_ path: String) { unlink(path) }

  /// Creates a folder, and those above it, if they are not there; new ones outlast a power cut.
  package static func createFolder(_ path: String) throws(DataFileError) {
    guard let number = createOneFolder(path) else { return }
    guard number == ENOENT, let slash = path.lastIndex(of: "/"), slash > path.startIndex else {
      throw failure(path, number)
    }
    try createFolder(String(path[..<slash]))
    if let number = createOneFolder(path) { throw failure(path, number) }
  }

  /// Creates a folder in one that is there, if it is not there, and gives the error number if that failed; a new one
  /// outlasts a power cut.
  package static func createOneFolder(_ path: String) -> Int32? {
    guard mkdir(path, 0o777) == 0 else { return errno == EEXIST ? nil : errno }
    syncDirectory(of: path)
    return nil
  }

  /// Opens a folder to lock it.
  package static func openFolder(_ path: String) throws(DataFileError) -> Int32 {
    let descriptor = open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC)
    guard descriptor >= 0 else { throw failure(path, errno) }
    return descriptor
  }

  /// Whether a path leads to what is open.
  package static func isAt(_ path: String, _ descriptor: Int32) -> Bool {
    var (named, opened) = (stat(), stat())
    return stat(path, &named) == 0 && fstat(descriptor, &opened) == 0
      && named.st_dev == opened.st_dev && named.st_ino == opened.st_ino
  }

  /// Creates a folder of a new name that nobody else can enter, and gives its path.
  package static func createPrivateFolder(in folder: String) throws(DataFileError) -> String {
    var template = Array("\(folder)/private-XXXXXX".utf8CString)
    guard let path = mkdtemp(&template) else { throw failure(folder, errno) }
    return String(cString: path)
  }

  /// Keeps other processes from filling a folder, until the descriptor is released.
  package static func lockFolder(_ path: String) throws(DataFileError) -> Int32 {
    let descriptor = open("\(path)/.lock", O_RDWR | O_CREAT | O_NOFOLLOW | O_CLOEXEC, 0o666)
    guard descriptor >= 0 else { throw failure("\(path)/.lock", errno) }
    guard lock(descriptor) else {
      close(descriptor)
      throw DataFileError(file: path, reason: "is being filled by another process; wait until it is done")
    }
    return descriptor
  }

  /// Opens an existing regular file to read and append to, and gives its length.
  package static func reopen(_ path: String) throws(DataFileError) -> (descriptor: Int32, length: Int) {
    let descriptor = open(path, O_RDWR | O_APPEND | O_CLOEXEC | O_NONBLOCK)
    guard descriptor >= 0 else { throw failure(path, errno) }
    var status = stat()
    guard fstat(descriptor, &status) == 0, status.st_mode & S_IFMT == S_IFREG else {
      close(descriptor)
      throw DataFileError(file: path, reason: "is not a regular file")
    }
    return (descriptor, Int(status.st_size))
  }

  /// Keeps other processes from locking the file while the descriptor is open; false where one has it locked.
  package static func lock(_ descriptor: Int32) -> Bool {
    flock(descriptor, LOCK_EX | LOCK_NB) == 0 || errno != EWOULDBLOCK
  }

  /// Makes a new file's name outlast a power cut, on the file systems that allow it.
  private static func syncDirectory(of path: String) {
    let slash = path.dropLast().lastIndex(of: "/")
    let directory = slash.map { String(path[...$0]) } ?? "."
    let descriptor = open(directory, O_RDONLY | O_DIRECTORY | O_CLOEXEC)
    guard descriptor >= 0 else { return }
    _ = fsync(descriptor)
    close(descriptor)
  }

  /// Reads bytes of an open file, from where it is or from a position.
  ///
  /// - Returns: how many they are, 0 at the end; below 0 where that failed, `errno` says why.
  package static func readSome(
    _ descriptor: Int32, into start: UnsafeMutableRawPointer?, _ count: Int, at position: Int? = nil
  ) -> Int {
    guard let start else { return 0 }
    while true {
      let got = position.map { pread(descriptor, start, count, off_t($0)) } ?? read(descriptor, start, count)
      if got >= 0 || errno != EINTR { return got }
    }
  }

  /// Writes all the bytes, and gives the error number that stopped it, if one did.
  package static func writeAll(_ bytes: [UInt8], to descriptor: Int32, with write: Write) -> Int32? {
    bytes.withUnsafeBytes { buffer -> Int32? in
      var rest = buffer[...]
      while let start = UnsafeRawBufferPointer(rebasing: rest).baseAddress, !rest.isEmpty {
        let written = write(descriptor, start, rest.count)
        if written > 0 {
          rest = rest.dropFirst(written)
        } else if written == 0 || errno != EINTR {
          return written == 0 ? ENOSPC : errno
        }
      }
      return nil
    }
  }

  /// Waits until a file's contents are on the disk, and gives the error number if they may not be.
  package static func sync(_ descriptor: Int32) -> Int32? {
    #if os(Linux)
      let status = fdatasync(descriptor)
    #else
      let status = fsync(descriptor)
    #endif
    return status == 0 ? nil : errno
  }

  /// Cuts a file to a length, and tells whether that worked.
  package static func truncate(_ descriptor: Int32, to length: Int) -> Bool {
    ftruncate(descriptor, off_t(length)) == 0
  }

  /// Gives a descriptor back, and the error number if that failed.
  package static func release(_ descriptor: Int32) -> Int32? {
    // A child that is just being started has a copy for a moment; closing alone would leave a lock until then.
    _ = flock(descriptor, LOCK_UN)
    return close(descriptor) == 0 ? nil : errno
  }

  /// The system's own call for writing.
  package static func systemWrite(_ descriptor: Int32, _ start: UnsafeRawPointer, _ count: Int) -> Int {
    write(descriptor, start, count)
  }

  /// An error number as an error about a file.
  package static func failure(_ path: String, _ number: Int32) -> DataFileError {
    DataFileError(file: path, reason: explanation(of: number))
  }

  /// What an error number means, and what can be done.
  package static func explanation(of number: Int32) -> String {
    switch number {
    case ENOENT: "does not exist; check the path"
    case EISDIR: "is a directory; give the path of a file in it"
    case ENOTDIR: "cannot be there: a part of its path is a file, not a directory; check the path"
    case ELOOP: "is a symbolic link, or its path has too many; remove it"
    case EMFILE, ENFILE: "too many files are open; raise the limit (ulimit -n) or lower --jobs"
    case EEXIST: "exists already; remove it or choose another path"
    case EACCES, EPERM: "permission denied; change the permissions of the file or its directory"
    case EROFS: "is on a file system that is read-only; choose another path"
    case ENOSPC: "no space left on device; free some space and run again"
    case EDQUOT: "disk quota exceeded; free some space and run again"
    case EFBIG: "larger than the system lets a file be; raise the limit (ulimit -f) and run again"
    default: "the system says: \(String(cString: strerror(number)))"
    }
  }
}
