/// What a child prints: the end of it for errors, the lines for the terminal.
struct ChildWordsBuffer {
  /// Bytes that an error quotes.
  private static let quoted = 2_000
  /// Bytes that are handed on; a child that prints without end does not fill a terminal.
  private static let shown = 256_000

  private let name: String
  private var last: [UInt8] = []
  private var line: [UInt8] = []
  private var count = 0

  init(name: String) { self.name = name }

  /// Takes a piece of what was printed.
  mutating func take(_ piece: ArraySlice<UInt8>) {
    last += piece
    if last.count > 2 * Self.quoted { last.removeFirst(last.count - Self.quoted) }
    guard count < Self.shown else { return }
    count += piece.count
    line += piece
    let lines = line.split(separator: UInt8(ascii: "\n"), omittingEmptySubsequences: false)
    for line in lines.dropLast() { show(line) }
    line = Array(lines.last ?? [])
    if count >= Self.shown { ChildWords.take("\(name): prints more than is shown") }
  }

  /// Hands on a line without an end.
  mutating func finish() {
    if !line.isEmpty { show(line[...]) }
    line = []
  }

  private func show(_ line: ArraySlice<UInt8>) {
    ChildWords.take("\(name): \(String(decoding: line, as: UTF8.self))")
  }

  /// The last that was printed: whole lines, where there are any.
  var quotation: String {
    let end = last.suffix(Self.quoted)
    let isCut = last.count > end.count
    let start =
      isCut ? end.firstIndex(of: UInt8(ascii: "\n")).map { $0 + 1 } ?? end.startIndex : end.startIndex
    return String(decoding: end[start...], as: UTF8.self)
  }
}
