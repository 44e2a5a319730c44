import BanditLaboratory
import BanditTraining
import BanditLearning
import BanditNumerics
import Foundation

/// The time of an epoch of training under each estimator.
enum EpochTimes {
  /// The median over epochs of the processor's time in seconds, on one thread; estimators take turns, so that
  /// what else the machine does slows them alike.
  static func measure(_ fits: [FitSettings], epochs: Int, in laboratory: Laboratory) throws -> [Double] {
    var networks = fits.map { $0.makeModel() }
    var trainings = try fits.map { fit in
      var settings = fit.training
      settings.epochs = epochs
      settings.evaluateEvery = .max
      return Training(
        settings, examples: try fit.data.training(seed: fit.seed), evaluation: Evaluation([]) { _, _ in [] },
        shuffling: fit.stream.child("shuffling"))
    }
    var times = [[Double]](repeating: [], count: fits.count)
    for _ in 0..<epochs {
      if laboratory.shouldStop() { throw ExperimentInterrupted() }
      for index in fits.indices {
        let before = processorTime
        var isTrained = false
        _ = try trainings[index].run(
          &networks[index], record: { _ in isTrained = true }, shouldStop: { isTrained })
        times[index].append(processorTime - before)
      }
    }
    return times.map { $0.sorted()[epochs / 2] }
  }

  /// Seconds that this thread has computed.
  private static var processorTime: Double {
    var time = timespec()
    clock_gettime(CLOCK_THREAD_CPUTIME_ID, &time)
    return Double(time.tv_sec) + 1e-9 * Double(time.tv_nsec)
  }
}
