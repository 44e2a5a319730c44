/// A convolution of one image as a matrix product: a row of `patches` is what the filters see at a pixel.
///
/// Source: Chellapilla, Puri & Simard 2006, §3.
extension ConvolutionalArchitecture.Layer {
  /// Writes what the filters see, `[positions × patch]`; beyond the image's edge there are zeros.
  func lower(_ image: UnsafePointer<Float>, into patches: UnsafeMutablePointer<Float>) {
    forEachRun { patch, count, inside in
      let run = patches + patch
      guard let inside else {
        run.update(repeating: 0, count: count)
        return
      }
      run.update(repeating: 0, count: inside.skipped)
      (run + inside.skipped).update(from: image + inside.pixel, count: inside.count)
      let end = inside.skipped + inside.count
      (run + end).update(repeating: 0, count: count - end)
    }
  }

  /// The transpose of `lower`: adds up the derivatives of all patches that have a pixel in them.
  func raise(_ patches: UnsafePointer<Float>, into image: UnsafeMutablePointer<Float>) {
    image.update(repeating: 0, count: inputs)
    forEachRun { patch, _, inside in
      guard let inside else { return }
      let run = patches + patch + inside.skipped
      let pixels = image + inside.pixel
      for index in 0..<inside.count { pixels[index] += run[index] }
    }
  }

  /// The part of a run that is within the image.
  private struct Inside {
    /// Numbers of the run before it.
    let skipped: Int
    /// Its numbers.
    let count: Int
    /// Where it starts in the image.
    let pixel: Int
  }

  /// Calls `body` with every row of every patch: where it starts among the patches, its numbers, and what of it is in
  /// the image.
  @inline(__always)
  private func forEachRun(_ body: (_ patch: Int, _ count: Int, _ inside: Inside?) -> Void) {
    let margin = kernel / 2
    let count = kernel * channels
    for y in 0..<height {
      for x in 0..<width {
        let first = max(0, margin - x)
        let last = min(kernel, width + margin - x)
        for row in 0..<kernel {
          let source = y + row - margin
          let inside = Inside(
            skipped: first * channels, count: (last - first) * channels,
            pixel: (source * width + x + first - margin) * channels)
          body(
            (y * width + x) * patch + row * count, count, source >= 0 && source < height ? inside : nil)
        }
      }
    }
  }

  /// Writes the maximum of every square of 2 × 2 pixels, filter by filter.
  func pool(_ activations: UnsafePointer<Float>, into pooled: UnsafeMutablePointer<Float>) {
    forEachSquare { square, first, below in
      let out = pooled + square
      let top = activations + first
      let bottom = activations + below
      for index in 0..<filters {
        out[index] = max(
          max(top[index], top[filters + index]), max(bottom[index], bottom[filters + index]))
      }
    }
  }

  /// Hands the derivatives by the maxima to the pixels that had them, the first of equals, and to none where the ReLU
  /// gave zero.
  func unpool(
    _ pooledDelta: UnsafePointer<Float>, pooled: UnsafePointer<Float>, activations: UnsafePointer<Float>,
    into delta: UnsafeMutablePointer<Float>
  ) {
    forEachSquare { square, first, below in
      for index in 0..<filters {
        let greatest = pooled[square + index]
        var left = greatest > 0 ? pooledDelta[square + index] : 0
        for place in [first + index, first + filters + index, below + index, below + filters + index] {
          let isGreatest = activations[place] == greatest
          delta[place] = isGreatest ? left : 0
          left = isGreatest ? 0 : left
        }
      }
    }
  }

  /// Calls `body` with every square: where its filters are among the squares', and where those of its upper and its
  /// lower left pixel are among the pixels'.
  @inline(__always)
  private func forEachSquare(_ body: (_ square: Int, _ first: Int, _ below: Int) -> Void) {
    for y in 0..<(height / 2) {
      for x in 0..<(width / 2) {
        let first = (2 * y * width + 2 * x) * filters
        body((y * (width / 2) + x) * filters, first, first + width * filters)
      }
    }
  }
}
