public import BanditCore
public import BanditLaboratory

/// The experiments that come with the program.
public enum BuiltInExperiments {
  /// In the order they are listed.
  public static let all: [any Experiment.Type] = [
    RegressionExperiment.self, RegressionNoiseExperiment.self, RegressionPriorsExperiment.self,
    RegressionLRTExperiment.self, RegressionHMCExperiment.self, PriorsExperiment.self,
    MushroomExperiment.self,
    ShowdownExperiment.self, MNISTExperiment.self,
    MNISTWeightsExperiment.self, MNISTPruningExperiment.self, MNISTCalibrationExperiment.self,
    MNISTAdversarialExperiment.self, MNISTEnsembleExperiment.self, CubicExperiment.self,
    SpiralExperiment.self, EstimatorsExperiment.self, BBBMinibatchesExperiment.self,
  ]

  /// The experiment of that name.
  public static func named(_ name: String) throws(ConfigurationError) -> any Experiment.Type {
    guard let experiment = all.first(where: { $0.name == name }) else {
      throw .unknown("experiment", name, among: all.map { $0.name })
    }
    return experiment
  }
}
