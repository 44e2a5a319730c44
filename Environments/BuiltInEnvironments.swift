public import BanditCore

/// The environments that come with the program.
public enum BuiltInEnvironments {
  /// In the order that `bandit-sim list` shows.
  public static let all: [any Environment.Type] = [
    Mushroom.self, Classification.self, MNIST.self, OpenML.self, Curve.self,
    Wheel.self, Linear.self, SparseLinear.self, Logistic.self, GaussianArms.self,
    LabelledSet<Statlog>.self, LabelledSet<Adult>.self, LabelledSet<Covertype>.self, LabelledSet<Census>.self,
    Jester.self, Financial.self, Movies.self, Drift.self, Delay.self,
  ]
}
