import BanditCore
import BanditNumerics
import Foundation
import Testing

@Suite("Encoded states")
struct CheckpointableTests {
  private struct Part: Codable, Equatable {
    @StoredArray var values: [Float]
    var tensor: NamedTensor
  }

  private struct State: Codable, Equatable {
    var numbers: [Double]
    var seed: UInt64
    @StoredArray var doubles: [Double]
    @StoredArray var indices: [Int32]
    @StoredArray var masks: [UInt64]
    var parts: [Part]
  }

  private let state = State(
    numbers: [0.1, -0.0, 1.0 / 3, .infinity, -.infinity, .leastNonzeroMagnitude, .greatestFiniteMagnitude],
    seed: .max, doubles: [0.1, -0.0, .infinity], indices: [-1, .max], masks: [.max, 0],
    parts: (0..<2).map { number in
      Part(
        values: [Float(number), .leastNonzeroMagnitude],
        tensor: NamedTensor(name: "layer", shape: [1, 2], values: [Float(number), -1]))
    })

  @Test("A state goes out and in to the bit; long arrays are tensors with names of their own")
  func roundTrip() throws {
    let encoded = try EncodedState(state, name: "agent")
    #expect(
      Set(encoded.tensors.map(\.name)) == [
        "agent.doubles", "agent.indices", "agent.masks", "agent.parts.0.values",
        "agent.parts.0.tensor.values",
        "agent.parts.1.values", "agent.parts.1.tensor.values",
      ])
    #expect(encoded.tensors.first { $0.name == "agent.parts.1.tensor.values" }?.shape == [1, 2])
    let read = try encoded.decoded(as: State.self)
    #expect(read == state)
    #expect(read.numbers[1].sign == .minus && read.doubles[1].sign == .minus)
    let odd = try EncodedState([Double.nan], name: "odd").decoded(as: [Double].self)
    #expect(odd[0].isNaN)
  }

  @Test("Tensors that are missing or of other numbers are refused by name")
  func refusals() throws {
    var encoded = try EncodedState(state, name: "agent")
    let tensors = encoded.tensors
    encoded.tensors = tensors.filter { $0.name != "agent.masks" }
    #expect(problem(encoded).contains("agent.masks"))
    encoded.tensors = tensors.map {
      $0.name == "agent.indices" ? NamedTensor(name: $0.name, shape: [1], values: [1]) : $0
    }
    #expect(problem(encoded).contains("agent.indices"))
    #expect(throws: EncodingError.self) { try JSONEncoder().encode(state) }
  }

  private func problem(_ encoded: EncodedState) -> String {
    do {
      _ = try encoded.decoded(as: State.self)
      return ""
    } catch {
      return "\(error)"
    }
  }
}
