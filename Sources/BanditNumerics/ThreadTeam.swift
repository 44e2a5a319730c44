import CBanditKernels

/// Threads that run one job side by side, for work of tens of microseconds.
///
/// Which member does what is fixed by its number, so results do not depend on the number of threads as long as a
/// job's parts do not touch each other's memory.
public final class ThreadTeam: @unchecked Sendable {
  /// How many threads a run may use; numbers never depend on it.
  @TaskLocal public static var threadsPerRun = 1

  private let team: OpaquePointer?

  /// A team of `members` threads, the caller included, or of as many as the system gives.
  public init(members: Int) {
    team = members > 1 ? bandit_team_create(Int32(clamping: members)) : nil
  }

  deinit { if let team { bandit_team_destroy(team) } }

  /// The number of threads.
  public var members: Int { team.map { Int(bandit_team_members($0)) } ?? 1 }

  /// Calls `job(context, member)` for every member and returns when all calls have.
  ///
  /// A caller that finds the team at work for another thread does all members' shares itself.
  public func run(
    _ context: UnsafeMutableRawPointer, _ job: @convention(c) (UnsafeMutableRawPointer?, Int32) -> Void
  ) {
    if let team { bandit_team_run(team, job, context) } else { job(context, 0) }
  }
}
