import COpenBLAS

/// What is asked of the library before its first use.
enum OpenBLAS {
  /// Work in the caller's thread alone: where a process forks, as other tests do, the library ends its threads, and waits for
  /// ever for those at work.
  static let serial: Void = openblas_set_num_threads(1)
}
