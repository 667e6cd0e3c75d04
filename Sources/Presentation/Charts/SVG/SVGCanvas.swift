import Diagnostics

/// The elements of a vector picture.
struct SVGCanvas {
  private var elements: [String] = []
  let width: Double
  var height: Double

  init(width: Double, height: Double) {
    self.width = width
    self.height = height
  }

  /// A coordinate with at most two decimals.
  static func number(_ value: Double) -> String {
    let text = NumberText.fixed(value.isFinite ? value : 0, 2)
    return text.hasSuffix(".00") ? String(text.dropLast(3)) : text
  }

  enum Anchor: String { case start, middle, end }

  mutating func text(
    _ text: String, x: Double, y: Double, _ anchor: Anchor = .start, bold: Bool = false, fill: String = "#222"
  ) {
    let weight = bold ? " font-weight=\"bold\"" : ""
    elements.append(
      "<text x=\"\(n(x))\" y=\"\(n(y))\" text-anchor=\"\(anchor.rawValue)\" fill=\"\(fill)\"\(weight)>"
        + "\(SVGCanvas.escaped(text))</text>")
  }

  mutating func line(
    _ x1: Double, _ y1: Double, _ x2: Double, _ y2: Double, stroke: String = "#888", width: Double = 1
  ) {
    elements.append(
      "<line x1=\"\(n(x1))\" y1=\"\(n(y1))\" x2=\"\(n(x2))\" y2=\"\(n(y2))\" stroke=\"\(stroke)\" "
        + "stroke-width=\"\(n(width))\"/>")
  }

  mutating func rectangle(
    x: Double, y: Double, width: Double, height: Double, fill: String, stroke: String = "none",
    title: String = ""
  ) {
    let hover = title.isEmpty ? "/>" : "><title>\(SVGCanvas.escaped(title))</title></rect>"
    elements.append(
      "<rect x=\"\(n(x))\" y=\"\(n(y))\" width=\"\(n(max(0, width)))\" height=\"\(n(max(0, height)))\" "
        + "fill=\"\(fill)\" stroke=\"\(stroke)\"\(hover)")
  }

  mutating func polyline(_ points: [(x: Double, y: Double)], stroke: String, dash: String) {
    let list = points.map { "\(n($0.x)),\(n($0.y))" }.joined(separator: " ")
    let dashes = dash.isEmpty ? "" : " stroke-dasharray=\"\(dash)\""
    elements.append(
      "<polyline points=\"\(list)\" fill=\"none\" stroke=\"\(stroke)\" stroke-width=\"2\"\(dashes)/>")
  }

  mutating func polygon(_ points: [(x: Double, y: Double)], fill: String, opacity: Double) {
    let list = points.map { "\(n($0.x)),\(n($0.y))" }.joined(separator: " ")
    elements.append("<polygon points=\"\(list)\" fill=\"\(fill)\" fill-opacity=\"\(n(opacity))\"/>")
  }

  /// A marker whose shape tells its series.
  mutating func marker(x: Double, y: Double, series: Int) {
    let color = SVGCanvas.color(series)
    let fill = series < 4 ? color : "white"
    let paint = "fill=\"\(fill)\" stroke=\"\(color)\" stroke-width=\"1.5\""
    switch series % 4 {
    case 0: elements.append("<circle cx=\"\(n(x))\" cy=\"\(n(y))\" r=\"3.5\" \(paint)/>")
    case 1: shape([(x, y - 4), (x + 4, y + 3), (x - 4, y + 3)], paint)
    case 2: shape([(x - 3, y - 3), (x + 3, y - 3), (x + 3, y + 3), (x - 3, y + 3)], paint)
    default: shape([(x, y - 4.5), (x + 4.5, y), (x, y + 4.5), (x - 4.5, y)], paint)
    }
  }

  private mutating func shape(_ points: [(Double, Double)], _ paint: String) {
    let list = points.map { "\(n($0.0)),\(n($0.1))" }.joined(separator: " ")
    elements.append("<polygon points=\"\(list)\" \(paint)/>")
  }

  private func n(_ value: Double) -> String { SVGCanvas.number(value) }

  static func color(_ series: Int) -> String { Theme.svgSeries[series % Theme.svgSeries.count] }

  /// Text for an element, without the control characters that XML forbids.
  static func escaped(_ text: String) -> String { HTMLDocument.escaped(visible(text)) }

  /// The whole file.
  func file(title: String) -> String {
    let (w, h) = (n(width), n(height))
    let head =
      "<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"\(w)\" height=\"\(h)\" viewBox=\"0 0 \(w) \(h)\" "
      + "font-family=\"sans-serif\" font-size=\"13\" role=\"img\">"
    let lines =
      ["<?xml version=\"1.0\" encoding=\"UTF-8\"?>", head, "<title>\(SVGCanvas.escaped(title))</title>"]
      + ["<rect width=\"\(w)\" height=\"\(h)\" fill=\"white\"/>"] + elements + ["</svg>"]
    return lines.joined(separator: "\n") + "\n"
  }
}
