/// Leaves out the points of a curve that no eye would miss.
enum Thinning {
  /// A place in points.
  struct Point: Hashable {
    var x: Double
    var y: Double
  }

  /// The width in points within which only extremes are kept.
  private static let column = 0.5
  /// The most dots that are drawn one by one.
  private static let mostDots = 2_000

  /// The finite stretches of a curve, each thinned; no point is farther than `tolerance` from the drawn line.
  static func curves(_ points: [Point], tolerance: Double) -> [[Point]] {
    points.split { !$0.x.isFinite || !$0.y.isFinite }
      .map { simplified(extremes(Array($0)), tolerance: tolerance) }
  }

  /// Dots, one of those that cover one another.
  static func dots(_ points: [Point]) -> [Point] {
    var cell = 0.5
    while true {
      var seen: Set<Point> = []
      let kept = points.filter { point in
        guard point.x.isFinite && point.y.isFinite else { return false }
        return seen.insert(Point(x: (point.x / cell).rounded(), y: (point.y / cell).rounded())).inserted
      }
      if kept.count <= mostDots { return kept }
      cell *= 1.25
    }
  }

  /// The first, lowest, highest and last point of each stretch that stays within one column.
  private static func extremes(_ points: [Point]) -> [Point] {
    var kept: [Point] = []
    var start = 0
    while start < points.count {
      let place = (points[start].x / column).rounded(.down)
      var end = start
      var lowest = start
      var highest = start
      while end < points.count, (points[end].x / column).rounded(.down) == place {
        if points[end].y < points[lowest].y { lowest = end }
        if points[end].y > points[highest].y { highest = end }
        end += 1
      }
      var last = -1
      for index in [start, lowest, highest, end - 1].sorted() where index != last {
        kept.append(points[index])
        last = index
      }
      start = end
    }
    return kept
  }

  /// The method of Douglas and Peucker (1973): points far from the line between the ones around them.
  private static func simplified(_ points: [Point], tolerance: Double) -> [Point] {
    guard points.count > 2 else { return points }
    var isKept = [Bool](repeating: false, count: points.count)
    isKept[0] = true
    isKept[points.count - 1] = true
    var stretches = [(0, points.count - 1)]
    while let (first, last) = stretches.popLast() {
      var farthest = first
      var distance = tolerance
      for index in first..<last {
        let here = Self.distance(of: points[index], from: points[first], to: points[last])
        if here > distance { (farthest, distance) = (index, here) }
      }
      guard farthest > first else { continue }
      isKept[farthest] = true
      stretches.append((first, farthest))
      stretches.append((farthest, last))
    }
    return zip(points, isKept).filter(\.1).map(\.0)
  }

  /// The distance of a point from a segment.
  static func distance(of point: Point, from start: Point, to end: Point) -> Double {
    let (dx, dy) = (end.x - start.x, end.y - start.y)
    let length = dx * dx + dy * dy
    let share = length > 0 ? ((point.x - start.x) * dx + (point.y - start.y) * dy) / length : 0
    let along = min(max(share, 0), 1)
    let (ex, ey) = (start.x + along * dx - point.x, start.y + along * dy - point.y)
    return (ex * ex + ey * ey).squareRoot()
  }
}
