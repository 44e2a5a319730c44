import CBanditKernels

/// Threads that run one job side by side, for work of tens of microseconds.
///
/// What a member's share is depends on its number alone, not on the thread that does it, so results do not depend on the
/// number of threads as long as a job's shares do not touch each other's memory.
public final class ThreadTeam: @unchecked Sendable {
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
  /// A caller that is done with its share begins those that no other thread has begun; one that finds the team at work
  /// for another caller does all of them itself.
  public func run(
    _ context: UnsafeMutableRawPointer, _ job: @convention(c) (UnsafeMutableRawPointer?, Int32) -> Void
  ) {
    if let team { bandit_team_run(team, job, context) } else { job(context, 0) }
  }
}
