/// How long something takes, and how near that is to what the processor could do.
struct Measurement: Encodable {
  var name: String
  /// Nanoseconds of one call: the median and the best of the repeats.
  var medianNanoseconds: Double
  var bestNanoseconds: Double
  /// Floating-point operations a second at the best time, in 10⁹ (an fma counts as two).
  var gigaflops: Double?
  /// Bytes read and written a second at the best time, in 10⁹.
  var gigabytesPerSecond: Double?
  /// What the stated limit of the processor would allow, and the share of it that is reached.
  var limitNanoseconds: Double?
  var shareOfLimit: Double?
  /// The median beside that of the faster of two bare echoes of as many bytes, for a child process.
  var timesOfFasterEcho: Double?

  enum CodingKeys: String, CodingKey {
    case name
    case medianNanoseconds = "median_ns"
    case bestNanoseconds = "best_ns"
    case gigaflops = "gflop_per_s"
    case gigabytesPerSecond = "gb_per_s"
    case limitNanoseconds = "limit_ns"
    case shareOfLimit = "share_of_limit"
    case timesOfFasterEcho = "times_of_faster_echo"
  }
}

/// What a call does, for its limit.
struct Work {
  /// Floating-point operations of products; an fma is two.
  var productFlops: Double = 0
  /// 16-lane floating-point additions, multiplications and fma of element-wise code, counted in the kernels' source.
  var operations: Double = 0
  /// 16-lane divisions and square roots.
  var divisions: Double = 0
  /// Bytes read and written.
  var bytes: Double = 0
}

/// Runs bodies again and again and keeps what the processor can do beside what they did.
struct Stopwatch {
  let seconds: Double
  let limits: Limits
  private let clock = ContinuousClock()

  init(seconds: Double, limits: Limits) {
    self.seconds = seconds
    self.limits = limits
  }

  /// Times `body`, which does `calls` calls at a time; `work` is what one call does, one kernel after another, each of
  /// which has a limit of its own.
  func measure(_ name: String, calls: Int = 1, work: [Work] = [], _ body: () throws -> Void) rethrows
    -> Measurement
  {
    try body()
    var times: [Double] = []
    let start = clock.now
    repeat {
      let began = clock.now
      try body()
      times.append((clock.now - began) / .nanoseconds(1) / Double(calls))
    } while times.count < 5 || (clock.now - start) / .seconds(1) < seconds
    times.sort()
    let best = times[0]
    var result = Measurement(name: name, medianNanoseconds: times[times.count / 2], bestNanoseconds: best)
    if !work.isEmpty {
      let limit = work.reduce(0) { $0 + limits.nanoseconds($1) }
      let flops = work.reduce(0) { $0 + $1.productFlops }
      let bytes = work.reduce(0) { $0 + $1.bytes }
      result.gigaflops = flops > 0 ? flops / best : nil
      result.gigabytesPerSecond = bytes > 0 ? bytes / best : nil
      result.limitNanoseconds = limit
      result.shareOfLimit = limit / best
    }
    return result
  }

  /// Takes the time of some bodies in turn, which give the nanoseconds of one call; each has a first turn that is not
  /// counted.
  func measureInTurn(_ names: [String], _ body: (Int) throws -> Double) rethrows -> [Measurement] {
    for index in names.indices { _ = try body(index) }
    var times = [[Double]](repeating: [], count: names.count)
    let start = clock.now
    repeat {
      for index in names.indices { times[index].append(try body(index)) }
    } while times[0].count < 5 || (clock.now - start) / .seconds(1) < seconds * Double(names.count)
    return zip(names, times).map { name, times in
      let times = times.sorted()
      return Measurement(
        name: name, medianNanoseconds: times[times.count / 2], bestNanoseconds: times[0])
    }
  }
}
