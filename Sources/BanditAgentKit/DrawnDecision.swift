public import BanditCore
public import BanditNumerics

/// An action drawn by the probabilities of all actions, which sum to 1, with the one it had.
public func drawnDecision(_ probabilities: [Double], from stream: inout RandomStream) -> Decision {
  var left = stream.uniform()
  for (action, probability) in probabilities.enumerated() {
    left -= probability
    if left < 0 { return Decision(action: action, propensity: probability) }
  }
  // The probabilities' sum was rounded to less than 1.
  let action = greedyAction(probabilities, ties: &stream)
  return Decision(action: action, propensity: probabilities[action])
}
