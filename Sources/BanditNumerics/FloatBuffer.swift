/// A flat, 64-byte-aligned vector of `Float` with value semantics.
///
/// Networks keep all their parameters in one such buffer, and kernels work on its pointer. Copies share storage
/// until one of them is written.
public struct FloatBuffer: Sendable {
  /// The memory behind one or more buffers; written only while a single buffer owns it.
  private final class Storage: @unchecked Sendable {
    let pointer: UnsafeMutablePointer<Float>

    init(count: Int) {
      let bytes = max(count, 1) * MemoryLayout<Float>.stride
      let raw = UnsafeMutableRawPointer.allocate(byteCount: bytes, alignment: 64)
      pointer = raw.bindMemory(to: Float.self, capacity: max(count, 1))
    }

    deinit { UnsafeMutableRawPointer(pointer).deallocate() }
  }

  private var storage: Storage

  /// The number of elements.
  public let count: Int

  /// Creates a buffer of `count` elements, each `value`.
  public init(count: Int, repeating value: Float = 0) {
    precondition(count >= 0, "a buffer's count is never negative")
    self.count = count
    storage = Storage(count: count)
    storage.pointer.initialize(repeating: value, count: count)
  }

  /// Creates a buffer with the elements of an array.
  public init(_ values: [Float]) {
    self.init(count: values.count)
    for (index, value) in values.enumerated() { storage.pointer[index] = value }
  }

  /// A pointer for reading, valid while this buffer lives and is not written.
  public var pointer: UnsafePointer<Float> { UnsafePointer(storage.pointer) }

  /// A pointer for writing, valid while this buffer lives and is not copied.
  public var mutablePointer: UnsafeMutablePointer<Float> {
    mutating get {
      if !isKnownUniquelyReferenced(&storage) {
        let copy = Storage(count: count)
        copy.pointer.initialize(from: storage.pointer, count: count)
        storage = copy
      }
      return storage.pointer
    }
  }

  /// The element at `index`.
  public subscript(index: Int) -> Float {
    get {
      precondition(index >= 0 && index < count, "index \(index) is outside 0..<\(count)")
      return storage.pointer[index]
    }
    set {
      precondition(index >= 0 && index < count, "index \(index) is outside 0..<\(count)")
      mutablePointer[index] = newValue
    }
  }

  /// Sets every element to `value`.
  public mutating func fill(_ value: Float) {
    mutablePointer.update(repeating: value, count: count)
  }

  /// The elements as an array.
  public var array: [Float] { Array(UnsafeBufferPointer(start: storage.pointer, count: count)) }
}
