import BanditAgents
import BanditCore
import BanditEnvironments

// What bandit.h declares; its comments are there.

private let agents = Handles<AgentBox>()
private let environments = Handles<EnvironmentBox>()
private nonisolated(unsafe) let versionText = permanent("1.0.0")

/// The number of this interface.
@_cdecl("bandit_interface")
public func interface() -> Int32 { 1 }

/// The version of the library.
@_cdecl("bandit_version")
public func version() -> UnsafePointer<CChar> { versionText }

/// What went wrong in this thread's last call that failed.
@_cdecl("bandit_last_error")
public func lastError() -> UnsafePointer<CChar> { lastSentence() }

/// Writes the names of the agents.
@_cdecl("bandit_agent_names")
public func agentNames(
  _ text: UnsafeMutablePointer<CChar>?, _ capacity: Int, _ needed: UnsafeMutablePointer<Int>?
) -> Int32 {
  call {
    let names = BuiltInAgents.all.filter { !($0 is any AuditReader.Type) }.map { $0.name }
    try write(names.joined(separator: "\n"), to: text, capacity: capacity, needed: needed)
  }
}

/// Writes the names of the environments.
@_cdecl("bandit_environment_names")
public func environmentNames(
  _ text: UnsafeMutablePointer<CChar>?, _ capacity: Int, _ needed: UnsafeMutablePointer<Int>?
) -> Int32 {
  call {
    let names = BuiltInEnvironments.all.filter { !($0 is any DelayedEnvironment.Type) }.map { $0.name }
    try write(names.joined(separator: "\n"), to: text, capacity: capacity, needed: needed)
  }
}

/// Creates an agent for a task.
@_cdecl("bandit_agent_create")
public func createAgent(
  _ name: UnsafePointer<CChar>?, _ task: UnsafePointer<CChar>?, _ preset: UnsafePointer<CChar>?,
  _ given: UnsafePointer<CChar>?, _ seed: UInt64, _ agent: UnsafeMutablePointer<OpaquePointer?>?
) -> Int32 {
  call {
    let agent = try place(agent, "agent")
    agent.pointee = nil
    agent.pointee = agents.add(
      try AgentBox(
        name: requiredText(name, "name"), task: .read(requiredText(task, "task")), preset: text(preset),
        settings: settings(given), seed: seed))
  }
}

/// Destroys an agent.
@_cdecl("bandit_agent_destroy")
public func destroyAgent(_ agent: OpaquePointer?) { agents.remove(agent) }

/// Chooses an action in a dense context.
@_cdecl("bandit_agent_select")
public func select(
  _ agent: OpaquePointer?, _ context: UnsafePointer<Float>?, _ count: Int,
  _ action: UnsafeMutablePointer<Int32>?, _ propensity: UnsafeMutablePointer<Double>?
) -> Int32 {
  call { try select(agent, .dense(context, count), action, propensity) }
}

/// Gives the probability of each action in a dense context.
@_cdecl("bandit_agent_propensities")
public func propensities(
  _ agent: OpaquePointer?, _ context: UnsafePointer<Float>?, _ count: Int, _ draws: Int32,
  _ propensities: UnsafeMutablePointer<Double>?, _ actions: Int
) -> Int32 {
  call { try copyPropensities(agent, .dense(context, count), draws, to: propensities, actions) }
}

/// Learns from a step with a dense context.
@_cdecl("bandit_agent_update")
public func update(
  _ agent: OpaquePointer?, _ context: UnsafePointer<Float>?, _ count: Int, _ action: Int32,
  _ propensity: Double, _ reward: Double
) -> Int32 {
  call { try learn(agent, .dense(context, count), action, propensity, reward, isPrefill: false) }
}

/// Stores a step of random play with a dense context.
@_cdecl("bandit_agent_prefill")
public func prefill(
  _ agent: OpaquePointer?, _ context: UnsafePointer<Float>?, _ count: Int, _ action: Int32,
  _ propensity: Double, _ reward: Double
) -> Int32 {
  call { try learn(agent, .dense(context, count), action, propensity, reward, isPrefill: true) }
}

/// Chooses an action in a one-hot context.
@_cdecl("bandit_agent_select_active")
public func selectActive(
  _ agent: OpaquePointer?, _ context: UnsafePointer<Int32>?, _ count: Int,
  _ action: UnsafeMutablePointer<Int32>?, _ propensity: UnsafeMutablePointer<Double>?
) -> Int32 {
  call { try select(agent, .active(context, count), action, propensity) }
}

/// Gives the probability of each action in a one-hot context.
@_cdecl("bandit_agent_propensities_active")
public func propensitiesActive(
  _ agent: OpaquePointer?, _ context: UnsafePointer<Int32>?, _ count: Int, _ draws: Int32,
  _ propensities: UnsafeMutablePointer<Double>?, _ actions: Int
) -> Int32 {
  call { try copyPropensities(agent, .active(context, count), draws, to: propensities, actions) }
}

/// Learns from a step with a one-hot context.
@_cdecl("bandit_agent_update_active")
public func updateActive(
  _ agent: OpaquePointer?, _ context: UnsafePointer<Int32>?, _ count: Int, _ action: Int32,
  _ propensity: Double, _ reward: Double
) -> Int32 {
  call { try learn(agent, .active(context, count), action, propensity, reward, isPrefill: false) }
}

/// Stores a step of random play with a one-hot context.
@_cdecl("bandit_agent_prefill_active")
public func prefillActive(
  _ agent: OpaquePointer?, _ context: UnsafePointer<Int32>?, _ count: Int, _ action: Int32,
  _ propensity: Double, _ reward: Double
) -> Int32 {
  call { try learn(agent, .active(context, count), action, propensity, reward, isPrefill: true) }
}

private func select(
  _ agent: OpaquePointer?, _ context: Context, _ action: UnsafeMutablePointer<Int32>?,
  _ propensity: UnsafeMutablePointer<Double>?
) throws {
  let action = try place(action, "action")
  let decision = try agents.object(agent, "agent").select(context)
  action.pointee = Int32(decision.action)
  propensity?.pointee = decision.propensity ?? .nan
}

private func copyPropensities(
  _ agent: OpaquePointer?, _ context: Context, _ draws: Int32,
  to propensities: UnsafeMutablePointer<Double>?, _ actions: Int
) throws {
  let values = try agents.object(agent, "agent").propensities(context, draws: Int(draws))
  try copy(values, to: propensities, actions, "propensities")
}

private func learn(
  _ agent: OpaquePointer?, _ context: Context, _ action: Int32, _ propensity: Double, _ reward: Double,
  isPrefill: Bool
) throws {
  try agents.object(agent, "agent").learn(
    context, action: action, propensity: propensity, reward: reward, isPrefill: isPrefill)
}

/// Copies numbers to where C wants them.
private func copy(
  _ values: [Double], to target: UnsafeMutablePointer<Double>?, _ count: Int, _ name: String
) throws(CallError) {
  let target = try place(target, name)
  guard count == values.count else {
    throw CallError(.argument, "actions is \(count); this task has \(values.count)")
  }
  for index in 0..<count { target[index] = values[index] }
}

/// Gives the steps of random play that an agent expects.
@_cdecl("bandit_agent_prefill_steps")
public func prefillSteps(_ agent: OpaquePointer?, _ steps: UnsafeMutablePointer<Int64>?) -> Int32 {
  call { try place(steps, "steps").pointee = Int64(agents.object(agent, "agent").prefillSteps) }
}

/// Sets how many threads an agent may use.
@_cdecl("bandit_agent_set_threads")
public func setThreads(_ agent: OpaquePointer?, _ threads: Int32) -> Int32 {
  call { try agents.object(agent, "agent").setThreads(Int(threads)) }
}

/// Writes an agent's state to a file.
@_cdecl("bandit_agent_save")
public func save(_ agent: OpaquePointer?, _ path: UnsafePointer<CChar>?) -> Int32 {
  call { try agents.object(agent, "agent").save(requiredText(path, "path")) }
}

/// Takes an agent's state from a file.
@_cdecl("bandit_agent_load")
public func load(_ agent: OpaquePointer?, _ path: UnsafePointer<CChar>?) -> Int32 {
  call { try agents.object(agent, "agent").load(requiredText(path, "path")) }
}

/// Creates an environment.
@_cdecl("bandit_environment_create")
public func createEnvironment(
  _ name: UnsafePointer<CChar>?, _ given: UnsafePointer<CChar>?, _ seed: UInt64,
  _ environment: UnsafeMutablePointer<OpaquePointer?>?
) -> Int32 {
  call {
    let environment = try place(environment, "environment")
    environment.pointee = nil
    environment.pointee = environments.add(
      try EnvironmentBox(name: requiredText(name, "name"), settings: settings(given), seed: seed))
  }
}

/// Destroys an environment.
@_cdecl("bandit_environment_destroy")
public func destroyEnvironment(_ environment: OpaquePointer?) { environments.remove(environment) }

/// Writes an environment's task as JSON.
@_cdecl("bandit_environment_task")
public func task(
  _ environment: OpaquePointer?, _ text: UnsafeMutablePointer<CChar>?, _ capacity: Int,
  _ needed: UnsafeMutablePointer<Int>?
) -> Int32 {
  call {
    let spec = try environments.object(environment, "environment").spec
    try write(TaskText(spec).json, to: text, capacity: capacity, needed: needed)
  }
}

/// Shows the next context, with the expected rewards.
@_cdecl("bandit_environment_observe")
public func observe(
  _ environment: OpaquePointer?, _ features: UnsafeMutablePointer<Float>?, _ count: Int,
  _ expectedRewards: UnsafeMutablePointer<Double>?, _ actions: Int
) -> Int32 {
  call {
    let box = try environments.object(environment, "environment")
    let rewards = try box.observe(into: place(features, "features"), count: count)
    try copy(rewards, to: expectedRewards, actions, "expected_rewards")
  }
}

/// Plays an action in the context shown last.
@_cdecl("bandit_environment_step")
public func step(
  _ environment: OpaquePointer?, _ action: Int32, _ reward: UnsafeMutablePointer<Double>?
) -> Int32 {
  call { try place(reward, "reward").pointee = environments.object(environment, "environment").step(action) }
}
