import BanditC

/// Bytes as calls of the library for C: whatever is asked, in whatever order, an answer is a code.
struct FuzzCalls {
  private var bytes: ArraySlice<UInt8>
  private var agents: [OpaquePointer?] = [nil, OpaquePointer(bitPattern: 0x7000)]
  private var worlds: [OpaquePointer?] = [nil]

  init(_ bytes: [UInt8]) { self.bytes = bytes[...] }

  private mutating func byte() -> Int { Int(bytes.popFirst() ?? 0) }

  private mutating func text(_ texts: [String]) -> String {
    let choice = byte()
    guard choice >= texts.count else { return texts[choice] }
    return String(decoding: (0..<choice % 64).map { _ in UInt8(byte()) }.filter { $0 > 0 }, as: UTF8.self)
  }

  private mutating func number() -> Double {
    let numbers = [0, 1, -1, 0.5, .nan, .infinity, -.infinity, 1e15, -1e15, 1e308, .leastNonzeroMagnitude]
    return numbers[byte() % numbers.count]
  }

  private static let names = [
    "linear-ucb", "linear-thompson", "uniform", "fixed", "oracle", "bbb", "epsilon-greedy", "ensemble",
    "nobody",
  ]
  private static let tasks = [
    #"{"features":2,"encoding":"dense","actions":["a","b"]}"#,
    #"{"features":5,"encoding":"one-hot","maximum_active":3,"actions":["a","b","c"]}"#,
    #"{"features":0,"encoding":"dense","actions":["a","b"]}"#,
    #"{"features":3,"encoding":"one-hot","actions":["a"]}"#,
  ]
  private static let settings = [
    #"{}"#, #"{"hiddenLayers":[3],"minibatches":1,"batchSize":2,"prefill":2}"#, #"{"alpha":-1}"#,
    #"{"prefill":3}"#,
    #"{"priorPrecision":1e308}"#, #"{"hiddenLayers":[3],"learningRate":1e30,"batchSize":1,"minibatches":1}"#,
  ]

  /// Makes the calls that the bytes say.
  mutating func run() {
    while !bytes.isEmpty {
      switch byte() % 9 {
      case 0: create()
      case 1: select()
      case 2: learn(isPrefill: false)
      case 3: learn(isPrefill: true)
      case 4: destroyAgent(agents[byte() % agents.count])
      case 5: propensity()
      case 6: _ = setThreads(agents[byte() % agents.count], Int32(byte()) - 3)
      case 7: createWorld()
      default: playWorld()
      }
    }
    agents.forEach { destroyAgent($0) }
    worlds.forEach { destroyEnvironment($0) }
  }

  private mutating func create() {
    guard agents.count < 8 else { return }
    var agent: OpaquePointer?
    let (name, task, settings) = (text(Self.names), text(Self.tasks), text(Self.settings))
    _ = createAgent(name, task, byte() == 1 ? text(["standard"]) : nil, settings, UInt64(byte()), &agent)
    agents.append(agent)
  }

  private mutating func dense() -> [Float] { (0..<byte() % 4).map { _ in Float(number()) } }
  private mutating func active() -> [Int32] { (0..<byte() % 5).map { _ in Int32(byte()) - 1 } }

  private mutating func select() {
    let agent = agents[byte() % agents.count]
    var (action, propensity): (Int32, Double) = (0, 0)
    if byte() % 2 == 0 {
      let context = dense()
      _ = BanditC.select(agent, context, context.count, &action, &propensity)
    } else {
      let context = active()
      _ = selectActive(agent, context, context.count, &action, nil)
    }
  }

  private mutating func learn(isPrefill: Bool) {
    let agent = agents[byte() % agents.count]
    let (action, propensity, reward) = (Int32(byte()) - 2, number(), number())
    if byte() % 2 == 0 {
      let context = dense()
      _ = (isPrefill ? prefill : update)(agent, context, context.count, action, propensity, reward)
    } else {
      let context = active()
      _ = (isPrefill ? prefillActive : updateActive)(
        agent, context, context.count, action, propensity, reward)
    }
  }

  private mutating func propensity() {
    let agent = agents[byte() % agents.count]
    var values = [Double](repeating: 0, count: 3)
    let context = dense()
    _ = propensities(agent, context, context.count, Int32(byte() % 9) - 1, &values, byte() % 4)
  }

  private mutating func createWorld() {
    guard worlds.count < 4 else { return }
    var world: OpaquePointer?
    let name = text(["wheel", "linear", "gaussian-arms", "drift", "delay", "statlog"])
    _ = createEnvironment(name, text(["{}", #"{"delta":2}"#, #"{"of":"drift"}"#]), UInt64(byte()), &world)
    worlds.append(world)
  }

  private mutating func playWorld() {
    let world = worlds[byte() % worlds.count]
    var (features, rewards, reward) = (
      [Float](repeating: 0, count: 10), [Double](repeating: 0, count: 8), 0.0
    )
    _ = observe(world, &features, byte() % 11, &rewards, byte() % 9)
    _ = step(world, Int32(byte()) - 1, &reward)
  }
}
