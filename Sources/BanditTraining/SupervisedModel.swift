public import BanditFiles
public import BanditLearning
public import BanditNumerics

/// What the supervised harness needs of a model.
///
/// Laws: the same calls on equal models give the same numbers; `restore` of a model's own `tensors` changes no
/// prediction.
public protocol SupervisedModel: Sendable {
  /// Takes one optimiser step and returns the data cost, a mean over rows and samples.
  mutating func step(_ batch: borrowing Minibatch, klWeight: Double, learningRate: Double) -> Double
  /// Chooses what `predict` uses from here on: a new draw of the weights, or of a dropout mask; nothing where there
  /// is nothing to draw.
  mutating func draw()
  /// The outputs of a minibatch, `[rows × outputs]`, valid until the model is used again.
  mutating func predict(_ batch: borrowing Minibatch) -> UnsafePointer<Float>
  /// Takes what `draw` chooses from here on from a stream of the caller's; training draws on as it did.
  mutating func reseed(_ stream: RandomStream)
  /// Writes the mean over `draws` new draws of each row's gradient of its margin by its inputs, `[rows × columns]`.
  mutating func marginGradient(
    _ batch: borrowing Minibatch, draws: Int, into gradient: UnsafeMutablePointer<Float>)
  /// KL[posterior ‖ prior] in nats, or an unbiased estimate of it; nil where there is no posterior.
  mutating func complexityCost() -> Double?
  /// The parameters, as a file has them.
  var tensors: [NamedTensor] { get }
  /// Everything that its further training depends on.
  var state: NetworkState { get }
  /// Resumes from a state of a model of the same settings.
  mutating func restore(_ state: NetworkState) throws
  /// Replaces the parameters by those of a file.
  ///
  /// - Throws: `DataFileError` where tensors are missing or have other shapes.
  mutating func restore(_ contents: Safetensors, file: String) throws
}

extension SupervisedModel {
  /// Adds predictions of examples to a table: `count` draws, each for all examples.
  public mutating func predict(
    _ examples: Examples, draws count: Int, batch: inout Minibatch, into samples: inout PredictiveSamples
  ) {
    var row: [Float] = []
    row.reserveCapacity(examples.count)
    forEachBlock(examples, draws: count, batch: &batch) { outputs, rows in
      for index in 0..<rows { row.append(outputs[index]) }
      if row.count == examples.count {
        samples.append(row)
        row.removeAll(keepingCapacity: true)
      }
    }
  }

  /// Calls `body` with the outputs of every minibatch of examples, in their order, and how many rows it has; once
  /// through all examples for each of `count` draws.
  package mutating func forEachBlock(
    _ examples: Examples, draws count: Int, batch: inout Minibatch,
    _ body: (_ outputs: UnsafePointer<Float>, _ rows: Int) -> Void
  ) {
    for _ in 0..<count {
      draw()
      for start in stride(from: 0, to: examples.count, by: batch.capacity) {
        let rows = Array(start..<min(start + batch.capacity, examples.count))
        examples.fill(&batch, rows)
        body(predict(batch), rows.count)
      }
    }
  }
}
