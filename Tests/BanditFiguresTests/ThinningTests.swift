import Foundation
import Testing

@testable import BanditFigures

@Suite("Thinned curves")
struct ThinningTests {
  /// A curve of many points over 200 by 140 points of paper.
  private func curve(_ count: Int, _ height: (Double) -> Double) -> [Thinning.Point] {
    (0..<count).map { index in
      let share = Double(index) / Double(count - 1)
      return Thinning.Point(x: 200 * share, y: 140 * height(share))
    }
  }

  @Test("A smooth curve keeps few points, and none is farther than the tolerance from the line")
  func smooth() throws {
    let points = curve(50_000) { 1 - exp(-8 * $0) }
    let thin = try #require(Thinning.curves(points, tolerance: 0.15).first)
    #expect(thin.count < 60)
    #expect(thin.first == points.first && thin.last == points.last)
    let farthest = points.map { point in
      zip(thin, thin.dropFirst()).map { Thinning.distance(of: point, from: $0, to: $1) }.min() ?? .infinity
    }.max()
    // Half a point's width between kept columns comes to the tolerance.
    #expect((farthest ?? .infinity) < 0.2)
  }

  @Test("A noisy curve keeps its extremes and at most four in each half point")
  func noisy() throws {
    var points = curve(50_000) { 0.5 + 0.3 * sin(40 * $0) + 0.05 * sin(90_000 * $0) }
    points[31_234].y = 500
    points[12_345].y = -300
    let thin = try #require(Thinning.curves(points, tolerance: 0.15).first)
    #expect(thin.count <= 1_600)
    #expect(thin.contains(points[31_234]) && thin.contains(points[12_345]))
  }

  @Test("Gaps divide a curve, and order is kept")
  func gaps() {
    var points = curve(10) { $0 * $0 }
    points[4].y = .nan
    let stretches = Thinning.curves(points, tolerance: 0)
    #expect(stretches.map(\.first) == [points[0], points[5]])
    #expect(stretches.map(\.last) == [points[3], points[9]])
    #expect(Thinning.curves([], tolerance: 0.1).isEmpty)
  }

  @Test("Dots that cover one another are drawn once, and never too many")
  func dots() {
    let same = (0..<100).map { Thinning.Point(x: Double($0) * 1e-4, y: 1) }
    #expect(Thinning.dots(same).count == 1)
    let cloud = (0..<50_000).map {
      Thinning.Point(x: 200 * Gallery.noise($0), y: 140 * Gallery.noise($0 + 70_000))
    }
    #expect((1_000...2_000).contains(Thinning.dots(cloud).count))
    #expect(Thinning.dots([Thinning.Point(x: .nan, y: 0)]).isEmpty)
  }
}
