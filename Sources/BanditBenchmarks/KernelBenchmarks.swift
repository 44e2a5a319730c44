import BanditNumerics
import CBanditKernels

/// Every kernel at the hot step's sizes: 22,201 parameters, 64 rows, 100 units, 23 of 119 columns active.
struct KernelBenchmarks {
  private let kernels: bandit_kernels
  private let stopwatch: Stopwatch
  private let count = 22_201
  private let rows = 64
  private let width = 100
  private let row = 112
  private let columns = 119
  private let active = 23

  init(_ kernels: bandit_kernels, _ stopwatch: Stopwatch) {
    self.kernels = kernels
    self.stopwatch = stopwatch
  }

  /// Measures them all.
  func run() -> [Measurement] { elementwise() + layers() }

  /// Work on every parameter: operations and divisions a vector as counted in the source, floats read and written.
  private func work(_ operations: Double, divisions: Double = 0, floats: Double) -> [Work] {
    let vectors = Double(count) / 16
    return [
      Work(
        operations: operations * vectors, divisions: divisions * vectors, bytes: 4 * floats * Double(count))
    ]
  }

  private func elementwise() -> [Measurement] {
    var stream = NormalStream(RandomStream(seed: 1))
    var buffers = (0..<8).map { _ in FloatBuffer(count: count) }
    for index in buffers.indices { stream.fill(buffers[index].mutablePointer, count: count) }
    let pointers = buffers.indices.map { buffers[$0].mutablePointer }
    defer { withExtendedLifetime(buffers) {} }  // the pointers alone do not keep them
    let (a, b, c, d) = (pointers[0], pointers[1], pointers[2], pointers[3])
    let (e, f, g, h) = (pointers[4], pointers[5], pointers[6], pointers[7])
    let mixture = bandit_prior(
      family: BANDIT_PRIOR_MIXTURE, inverse1: 1, inverse2: 162_754.8, offset: -8.656, slope: 117_402)
    let gaussian = bandit_prior(family: BANDIT_PRIOR_GAUSSIAN, inverse1: 1, inverse2: 0, offset: 0, slope: 0)
    let adam = bandit_adam(
      learning_rate: 1e-4, beta2: 0.999, gain1: 0.1, gain2: 0.001, second_scale: 1, epsilon: 1e-8, decay: 1)
    return [
      stopwatch.measure("normals", work: work(14, divisions: 0.5, floats: 1)) {
        kernels.normals(&stream.lanes, count, a)
      },
      stopwatch.measure("sample", work: work(15, divisions: 0.5, floats: 3)) {
        kernels.sample(&stream.lanes, count, b, c, d)
      },
      stopwatch.measure("softplus", work: work(25, divisions: 1, floats: 3)) {
        kernels.softplus(count, b, e, f)
      },
      stopwatch.measure("accumulate, no prior", work: work(3, floats: 7)) {
        kernels.accumulate(count, mixture, 0, false, a, b, c, d, g)
      },
      stopwatch.measure("accumulate, Gaussian prior", work: work(5, floats: 7)) {
        kernels.accumulate(count, gaussian, 0.01, false, a, b, c, d, g)
      },
      stopwatch.measure("accumulate, mixture prior", work: work(19, divisions: 1, floats: 7)) {
        kernels.accumulate(count, mixture, 0.01, false, a, b, c, d, g)
      },
      stopwatch.measure("finish", work: work(3, floats: 5)) {
        kernels.finish(count, 0.5, 0.01, f, d, g)
      },
      stopwatch.measure("closed form, Gaussian prior", work: work(4, floats: 7)) {
        kernels.closed_form(count, gaussian, 0.01, a, e, f, d, g)
      },
      stopwatch.measure("adam", work: work(7, divisions: 2, floats: 7)) {
        kernels.adam(count, adam, a, b, c, h)
      },
      stopwatch.measure("momentum", work: work(2, floats: 5)) {
        kernels.momentum(count, 1e-4, 0.9, a, b, c)
      },
    ]
  }

  private func layers() -> [Measurement] {
    var random = RandomStream(seed: 2)
    let lists = (0..<(rows * active)).map { Int32($0 % active * 5 + random.integer(below: 5)) }
    var starts = [Int32](repeating: 0, count: columns + 1)
    var named = [Int32](repeating: 0, count: rows * active)
    var stream = NormalStream(random)
    var buffers = (0..<4).map { _ in FloatBuffer(count: columns * row) }
    for index in buffers.indices { stream.fill(buffers[index].mutablePointer, count: columns * row) }
    let pointers = buffers.indices.map { buffers[$0].mutablePointer }
    defer { withExtendedLifetime(buffers) {} }  // the pointers alone do not keep them
    let (a, b, c, d) = (pointers[0], pointers[1], pointers[2], pointers[3])
    let vectors = Double((width + 15) / 16)
    let gather = Work(
      operations: Double(rows * active) * vectors, bytes: 4 * Double(rows * (active + 1) * width))
    let product = Work(
      productFlops: 2 * Double(rows * width * width), bytes: 4 * Double(2 * rows * width + width * width))
    return [
      stopwatch.measure("invert lists") {
        kernels.invert_lists(rows, active, lists, columns, &starts, &named)
      },
      stopwatch.measure("gather forward", work: [gather]) {
        kernels.gather_forward(rows, active, lists, width, a, b, true, c, row)
      },
      stopwatch.measure("gather backward", work: [gather]) {
        kernels.gather_backward(columns, starts, named, width, a, row, b)
      },
      stopwatch.measure("multiply 64x100x100", work: [product]) {
        kernels.multiply(rows, width, width, a, row, 1, b, width, c, true, d, row)
      },
      stopwatch.measure("multiply 100x100x64, first transposed", work: [product]) {
        kernels.multiply(width, width, rows, a, 1, row, b, row, nil, false, d, width)
      },
      stopwatch.measure("multiply 64x100x100, second transposed", work: [product]) {
        kernels.multiply_transposed(rows, width, width, a, row, b, width, d, row)
      },
      stopwatch.measure("one output, forward") { kernels.dot_forward(rows, width, a, row, b, 0, c) },
      stopwatch.measure("one output, backward") {
        kernels.dot_backward(rows, width, a, row, b, c, d, d + 200)
      },
    ]
  }
}
