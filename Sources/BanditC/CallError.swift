import BanditCore
import BanditFiles
import BanditSimulation
import Foundation

/// What a call failed with, as C is told.
struct CallError: Error {
  enum Code: Int32 {
    case argument = 1
    case setting, file, other
  }

  let code: Code
  let sentence: String

  init(_ code: Code, _ sentence: String) { (self.code, self.sentence) = (code, sentence) }

  /// Any error that the program's own parts throw.
  init(_ error: any Error) {
    switch error {
    case let error as CallError: self = error
    case is ConfigurationError: self.init(.setting, "\(error)")
    case is CheckpointError, is DataFileError: self.init(.file, "\(error)")
    default: self.init(.other, error.sentence)
    }
  }
}

/// The sentence of each thread's last failure.
private let sentences: pthread_key_t = {
  var key = pthread_key_t()
  pthread_key_create(&key) { free($0) }
  return key
}()

/// What went wrong in this thread's last call that failed, for C.
func lastSentence() -> UnsafePointer<CChar> {
  guard let text = pthread_getspecific(sentences) else { return empty }
  return UnsafePointer(text.assumingMemoryBound(to: CChar.self))
}

/// Text that lives as long as the process.
func permanent(_ text: String) -> UnsafePointer<CChar> { UnsafePointer(strdup(text)) }

private nonisolated(unsafe) let empty = permanent("")

/// Does a call's work; what it throws becomes a code and this thread's sentence.
func call(_ body: () throws -> Void) -> Int32 {
  do {
    try body()
    return 0
  } catch {
    let failure = CallError(error)
    free(pthread_getspecific(sentences))
    pthread_setspecific(sentences, strdup(failure.sentence))
    return failure.code.rawValue
  }
}

/// A text that C gave; nil for NULL.
func text(_ pointer: UnsafePointer<CChar>?) -> String? { pointer.map { String(cString: $0) } }

/// A text that C has to give.
func requiredText(_ pointer: UnsafePointer<CChar>?, _ name: String) throws(CallError) -> String {
  guard let text = text(pointer) else { throw CallError(.argument, "\(name) is NULL") }
  return text
}

/// A place that C has to give.
func place<T>(_ pointer: UnsafeMutablePointer<T>?, _ name: String) throws(CallError) -> UnsafeMutablePointer<
  T
> {
  guard let pointer else { throw CallError(.argument, "\(name) is NULL") }
  return pointer
}

/// Writes as much of a text as there is room for, with a zero at the end, and how many bytes it needs.
func write(
  _ text: String, to target: UnsafeMutablePointer<CChar>?, capacity: Int, needed: UnsafeMutablePointer<Int>?
) throws(CallError) {
  let bytes = Array(text.utf8)
  needed?.pointee = bytes.count + 1
  guard capacity > 0 else { return }
  let target = try place(target, "text")
  let count = min(bytes.count, capacity - 1)
  for index in 0..<count { target[index] = CChar(bitPattern: bytes[index]) }
  target[count] = 0
}
