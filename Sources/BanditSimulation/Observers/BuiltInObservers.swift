/// The observers that come with the program.
public enum BuiltInObservers {
  /// In the order that `bandit-sim list` shows.
  public static let all: [any RequestedObserver.Type] = [
    RunEvents.self, JSONLines.self, InteractionLog<JSONInteractions>.self,
    InteractionLog<FullJSONInteractions>.self, InteractionLog<VWInteractions>.self,
  ]
}
