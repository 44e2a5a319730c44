import BanditNumerics
import CBanditKernels

/// One step of a network of point estimates on several threads: outputs by rows, then their derivatives by rows, then
/// gradients and new parameters by ranges of parameters.
///
/// Every number comes from the same chain of operations as on one thread, so the bits are the same.
struct PointStepJob {
  let pass: DensePass
  let rows: Int
  let threads: Int
  let deltas: UnsafeMutablePointer<Float>
  let parameters: UnsafeMutablePointer<Float>
  let gradient: UnsafeMutablePointer<Float>
  let l2: Float
  let l1: Float
  let step: Optimiser.Step

  /// The least work, in parameters times rows, that is shared out.
  ///
  /// Below, it takes longer to move what one core wrote
  /// to the other: the bandit's network, at 1.4 million, took 48 µs on two cores and 27 µs on one.
  static let leastWork = 5_000_000

  /// Computes the outputs of this thread's rows.
  func forward(thread: Int) { pass.forward(share(of: rows, thread)) }

  /// Computes the derivatives by the activations below the outputs, of this thread's rows.
  func propagate(thread: Int) {
    let rows = share(of: rows, thread)
    for index in pass.layers.indices.dropFirst().reversed() {
      let layer = pass.layers[index]
      let belowRow = pass.layers[index - 1].rowLength
      let below = deltas(index - 1, rows.lowerBound)
      pass.products(index, rows: rows.count).inputDelta(
        deltas(index, rows.lowerBound), weights: parameters + layer.weights, out: below, outRow: belowRow)
      kernels.relu_backward(rows.count, belowRow, pass.activations(index - 1, rows.lowerBound), below)
      pass.masks?.apply(to: below, layer: index - 1, rows: rows)
    }
  }

  /// Computes the gradient by this thread's parameters and moves them.
  func update(thread: Int) {
    for (index, layer) in pass.layers.enumerated() {
      let delta = deltas(index, 0)
      let inputs = share(of: layer.inputs, thread)
      let weights = layer.weights + inputs.lowerBound * layer.outputs
      pass.products(index, rows: rows).weightGradient(
        pass.input(index), inputs: inputs, delta: delta, gradient: gradient + weights)
      move(weights, count: inputs.count * layer.outputs)
      let outputs = share(of: layer.outputs, thread)
      let biases = layer.biases + outputs.lowerBound
      kernels.column_sums(
        rows, outputs.count, delta + outputs.lowerBound, layer.rowLength, gradient + biases)
      move(biases, count: outputs.count)
    }
  }

  /// Adds the penalties to the gradient of a range and moves its parameters.
  private func move(_ start: Int, count: Int) {
    PointNetwork.addPenalties(
      l2: l2, l1: l1, count: count, parameters: parameters + start, gradient: gradient + start)
    step.move(start, count: count, parameters + start, gradient: gradient + start)
  }

  private var kernels: bandit_kernels { pass.kernels.functions.pointee }

  private func deltas(_ index: Int, _ row: Int) -> UnsafeMutablePointer<Float> {
    deltas + pass.offsets[index] + row * pass.layers[index].rowLength
  }

  /// A thread's part of `count` rows or columns, by blocks of eight.
  private func share(of count: Int, _ thread: Int) -> Range<Int> {
    let blocks = (count + 7) / 8
    return min(count, blocks * thread / threads * 8)..<min(count, blocks * (thread + 1) / threads * 8)
  }
}

extension PointNetwork {
  /// Takes a step on all threads of the team and returns the mean cost.
  mutating func stepSideBySide(_ batch: borrowing Minibatch, learningRate: Double) -> Double {
    precondition(batch.count > 0, "a step on an empty minibatch")
    precondition(batch.isSorted, "a minibatch is sorted by column before a gradient")
    let step = optimiser.beginStep(learningRate: learningRate)
    let (rows, team, likelihood) = (batch.count, team, likelihood)
    let parameters = parameters.mutablePointer
    let gradient = gradient.mutablePointer
    let outputs = network.outputs
    let outputDeltas = network.outputDeltas
    let deltas = network.deltas.mutablePointer
    let (l2, l1) = (Float(l2), Float(l1))
    var cost: Double = 0
    network.withPass(batch, parameters: parameters, masks: masks) { pass in
      var job = PointStepJob(
        pass: pass, rows: rows, threads: team.members, deltas: deltas, parameters: parameters,
        gradient: gradient, l2: l2, l1: l1, step: step)
      withUnsafeMutablePointer(to: &job) { job in
        team.run(job) { context, thread in
          context?.assumingMemoryBound(to: PointStepJob.self).pointee.forward(thread: Int(thread))
        }
        cost = likelihood.cost(batch, outputs: outputs, scale: 1 / Float(rows), deltas: outputDeltas)
        team.run(job) { context, thread in
          context?.assumingMemoryBound(to: PointStepJob.self).pointee.propagate(thread: Int(thread))
        }
        team.run(job) { context, thread in
          context?.assumingMemoryBound(to: PointStepJob.self).pointee.update(thread: Int(thread))
        }
      }
    }
    return cost / Double(rows)
  }
}
