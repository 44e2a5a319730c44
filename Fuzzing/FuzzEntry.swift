import BanditFiles
import BanditNumerics
import Foundation

/// The target that `FUZZ_TARGET` names.
private let target: FuzzTarget = {
  let name = ProcessInfo.processInfo.environment["FUZZ_TARGET"] ?? ""
  guard let target = FuzzTarget.all.first(where: { $0.name == name }) else {
    leave("FUZZ_TARGET is '\(name)'; there are: \(FuzzTarget.all.map(\.name).joined(separator: " "))")
  }
  return target
}()

/// Ends the program with a message.
private func leave(_ message: String) -> Never {
  FileHandle.standardError.write(Data("\(message)\n".utf8))
  // libFuzzer takes an orderly exit for a crash, and keeps a file of it.
  _exit(64)
}

/// What libFuzzer calls first: writes the target's seed into the folder `FUZZ_SEEDS`.
@_cdecl("LLVMFuzzerInitialize")
public func initialize(
  _ count: UnsafeMutablePointer<CInt>?,
  _ words: UnsafeMutablePointer<UnsafeMutablePointer<UnsafeMutablePointer<CChar>?>?>?
) -> CInt {
  guard let folder = ProcessInfo.processInfo.environment["FUZZ_SEEDS"] else { return 0 }
  do {
    try Data(target.seed()).write(to: URL(filePath: folder + "/seed"))
  } catch {
    leave("no seed for \(target.name): \(error)")
  }
  return 0
}

/// What libFuzzer calls with every input.
@_cdecl("LLVMFuzzerTestOneInput")
public func testOneInput(_ start: UnsafePointer<UInt8>?, _ count: Int) -> CInt {
  try? target.read(Array(UnsafeBufferPointer(start: start, count: count)))
  return 0
}

/// libFuzzer's own mutations.
@_silgen_name("LLVMFuzzerMutate")
private func mutateBytes(_ bytes: UnsafeMutablePointer<UInt8>, _ count: Int, _ limit: Int) -> Int

/// What libFuzzer mutates with: every other time a number in a text is replaced, and in tensors' files the header fits.
@_cdecl("LLVMFuzzerCustomMutator")
public func mutate(_ bytes: UnsafeMutablePointer<UInt8>, _ count: Int, _ limit: Int, _ seed: CUnsignedInt)
  -> Int
{
  var random = SeededGenerator(state: UInt64(seed))
  let input = Array(UnsafeBufferPointer(start: bytes, count: count))
  var mutation = NumberMutation(random: random)
  var mutated: [UInt8]?
  if Bool.random(using: &random) {
    mutated =
      (try? Safetensors(bytes: input, file: "fuzz")).map { mutate($0, with: &mutation, &random).bytes }
      ?? mutation.apply(input)
  }
  guard let mutated, mutated.count <= limit else { return mutateBytes(bytes, count, limit) }
  for (index, byte) in mutated.enumerated() { bytes[index] = byte }
  return mutated.count
}

/// The contents with a number of a word's text, or a tensor's numbers, replaced.
private func mutate(
  _ contents: Safetensors, with mutation: inout NumberMutation, _ random: inout SeededGenerator
) -> Safetensors {
  var contents = contents
  if let key = contents.metadata.keys.sorted().randomElement(using: &random),
    Int.random(in: 0..<4, using: &random) > 0
  {
    contents.metadata[key] = contents.metadata[key].flatMap { mutation.apply(Array($0.utf8)) }.map {
      String(decoding: $0, as: UTF8.self)
    }
  } else if let place = contents.tensors.indices.randomElement(using: &random) {
    let tensor = contents.tensors[place]
    contents.tensors[place] = NamedTensor(
      name: tensor.name, shape: tensor.shape, elements: tensor.elements.replacing(&random))
  }
  return contents
}

extension NamedTensor.Elements {
  /// These numbers with one of them another.
  fileprivate func replacing(_ random: inout SeededGenerator) -> Self {
    func replaced<Element>(_ values: [Element], _ others: [Element]) -> [Element] {
      var values = values
      if let place = values.indices.randomElement(using: &random),
        let other = others.randomElement(using: &random)
      {
        values[place] = other
      }
      return values
    }
    switch self {
    case .float(let values):
      return .float(replaced(values, [0, -1, .nan, .infinity, 1e38, .leastNonzeroMagnitude]))
    case .double(let values):
      return .double(replaced(values, [0, -1, .nan, .infinity, 1e308, .leastNonzeroMagnitude]))
    case .int32(let values): return .int32(replaced(values, [0, -1, 1, .max, .min]))
    case .uint64(let values): return .uint64(replaced(values, [0, 1, .max]))
    }
  }
}

/// libFuzzer's program.
@_silgen_name("LLVMFuzzerRunDriver")
private func runDriver(
  _ count: UnsafeMutablePointer<CInt>,
  _ words: UnsafeMutablePointer<UnsafeMutablePointer<UnsafeMutablePointer<CChar>?>?>,
  _ read: @convention(c) (UnsafePointer<UInt8>?, Int) -> CInt
) -> CInt

/// What the package manager starts in place of `main`.
@_cdecl("BanditFuzzing_main")
public func start(_ count: CInt, _ words: UnsafeMutablePointer<UnsafeMutablePointer<CChar>?>?) -> CInt {
  var (count, words) = (count, words)
  return runDriver(&count, &words) { testOneInput($0, $1) }
}
