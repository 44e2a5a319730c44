extension String {
  /// The text without the characters that steer a terminal or turn its writing direction: manifests, logs and names of
  /// files may hold any.
  ///
  /// They are written as JSON escapes them, `\u001b`, so that JSON stays JSON; line ends and tabs stay.
  var withoutControls: String {
    guard unicodeScalars.contains(where: Self.isControl) else { return self }
    var result = String.UnicodeScalarView()
    for scalar in unicodeScalars {
      guard Self.isControl(scalar) else {
        result.append(scalar)
        continue
      }
      let digits = String(scalar.value, radix: 16)
      result.append(
        contentsOf: "\\u\(String(repeating: "0", count: 4 - digits.count))\(digits)".unicodeScalars)
    }
    return String(result)
  }

  private static func isControl(_ scalar: Unicode.Scalar) -> Bool {
    switch scalar.value {
    case 0x09, 0x0a: false
    case 0..<0x20, 0x7f..<0xa0: true
    case 0x200e, 0x200f, 0x2028...0x202e, 0x2066...0x2069: true
    default: false
    }
  }
}
