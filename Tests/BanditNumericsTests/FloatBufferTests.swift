import BanditNumerics
import Testing

@Suite("Float buffers")
struct FloatBufferTests {
  @Test("A copy keeps its values when the original is written, by every way of writing")
  func valueSemantics() {
    let writers: [(inout FloatBuffer) -> Void] = [
      { $0[1] = 9 }, { $0.fill(9) }, { $0.mutablePointer[1] = 9 },
    ]
    for write in writers {
      var buffer = FloatBuffer([1, 2, 3])
      let copy = buffer
      write(&buffer)
      #expect(copy.array == [1, 2, 3])
      #expect(buffer[1] == 9 && buffer.count == 3)
    }
  }

  @Test("Writing a copy leaves the original alone, and a sole owner keeps its memory")
  func ownership() {
    let buffer = FloatBuffer([1, 2, 3])
    var copy = buffer
    #expect(copy.pointer == buffer.pointer, "copies share storage until one is written")
    copy[0] = 5
    #expect(buffer.array == [1, 2, 3] && copy.array == [5, 2, 3])
    let place = copy.pointer
    copy[2] = 6
    #expect(copy.pointer == place && copy.mutablePointer == place)
    #expect(copy.array == [5, 2, 6])
  }

  @Test("Memory starts on a 64-byte boundary", arguments: [0, 1, 3, 16, 17, 1000, 100_003])
  func alignment(count: Int) {
    let buffers = (0..<8).map { FloatBuffer(count: count, repeating: Float($0)) }
    for (index, buffer) in buffers.enumerated() {
      #expect(UInt(bitPattern: buffer.pointer) % 64 == 0)
      #expect(buffer.array == [Float](repeating: Float(index), count: count))
    }
  }

  @Test("A buffer can be empty")
  func empty() {
    var buffer = FloatBuffer([])
    buffer.fill(1)
    #expect(buffer.count == 0 && buffer.array.isEmpty && FloatBuffer(count: 0).array.isEmpty)
  }

  @Test("Reading outside a buffer stops the program")
  func outside() async {
    await #expect(processExitsWith: .failure) { _ = FloatBuffer(count: 3)[3] }
    await #expect(processExitsWith: .failure) { _ = FloatBuffer(count: 3)[-1] }
  }
}
