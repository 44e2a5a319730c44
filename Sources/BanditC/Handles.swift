import Synchronization

/// What C holds handles of: a handle is a number in a pointer's clothes, so that a wrong one is noticed.
final class Handles<Object: Sendable>: Sendable {
  private struct State {
    var objects: [Int: Object] = [:]
    var next = 1
  }

  private let state = Mutex(State())

  /// Keeps an object; its handle is never given to another.
  func add(_ object: Object) -> OpaquePointer? {
    state.withLock { state in
      // Odd numbers in the thousands are addresses of nothing.
      let number = 16 * state.next + 1
      state.next += 1
      state.objects[number] = object
      return OpaquePointer(bitPattern: number)
    }
  }

  /// The object of a handle.
  func object(_ handle: OpaquePointer?, _ kind: String) throws(CallError) -> Object {
    guard let handle else { throw CallError(.argument, "\(kind) is NULL") }
    guard let object = state.withLock({ $0.objects[Int(bitPattern: handle)] }) else {
      throw CallError(.argument, "\(kind) is no handle, or was destroyed")
    }
    return object
  }

  /// Forgets an object.
  func remove(_ handle: OpaquePointer?) {
    guard let handle else { return }
    _ = state.withLock { $0.objects.removeValue(forKey: Int(bitPattern: handle)) }
  }
}
