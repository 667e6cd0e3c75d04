/// A key that terminals send as an escape sequence.
package enum NamedKey: Hashable, Sendable {
  case up, down, left, right, home, end, insert, delete, pageUp, pageDown, backTab
  case function(Int)
}

/// Keys held down with another: the bits are those of xterm's modifier number less one.
package struct KeyModifiers: OptionSet, Hashable, Sendable {
  package let rawValue: UInt8
  package init(rawValue: UInt8) { self.rawValue = rawValue }
  package static let shift = KeyModifiers(rawValue: 1)
  package static let alt = KeyModifiers(rawValue: 2)
  package static let control = KeyModifiers(rawValue: 4)
}

/// What a person did at the keyboard.
package enum InputEvent: Equatable, Sendable {
  /// A character, control characters included.
  case character(Unicode.Scalar)
  /// A character with Alt (Meta).
  case alt(Unicode.Scalar)
  case key(NamedKey, KeyModifiers, sequence: [UInt8])
  /// Text pasted at once; line ends are `\n`.
  case paste([Unicode.Scalar])
}

/// Turns the bytes of a terminal into events. Pure: time comes in as a call of `flush`.
///
/// Invalid UTF-8 becomes U+FFFD, unknown escape sequences are swallowed.
package struct InputDecoder: Sendable {
  private var pending: [UInt8] = []
  private var pasted: [UInt8]?

  private static let pasteEnd: [UInt8] = Array("\u{1B}[201~".utf8)

  package init() {}

  /// Whether an unfinished sequence waits for its rest, or for `flush`.
  package var isWaiting: Bool { !pending.isEmpty || pasted != nil }

  /// Whether a bracketed paste has begun and not ended.
  package var isPasting: Bool { pasted != nil }

  /// Takes in bytes from the terminal and gives what they complete; an unfinished sequence waits.
  package mutating func feed(_ bytes: some Sequence<UInt8>) -> [InputEvent] {
    pending.append(contentsOf: bytes)
    var events: [InputEvent] = []
    var index = 0
    while index < pending.count {
      if pasted != nil {
        index = takePaste(from: index, into: &events)
        if pasted != nil { break }
        continue
      }
      guard let length = take(at: index, isFinal: false, into: &events) else { break }
      index += length
    }
    pending.removeFirst(min(index, pending.count))
    return events
  }

  /// Ends waiting: no more bytes came in time, so an ESC was the key itself.
  package mutating func flush() -> [InputEvent] {
    var events: [InputEvent] = []
    if let bytes = pasted {
      pasted = nil
      events.append(.paste(Self.text(bytes + pending)))
      pending = []
      return events
    }
    var index = 0
    while index < pending.count {
      index += take(at: index, isFinal: true, into: &events) ?? 1
    }
    pending = []
    return events
  }

  /// Collects pasted bytes; returns where to go on.
  private mutating func takePaste(from index: Int, into events: inout [InputEvent]) -> Int {
    let mark = Self.pasteEnd
    var end = index
    while end < pending.count {
      if pending[end] == 0x1B {
        let rest = pending[end...].prefix(mark.count)
        if rest.elementsEqual(mark) {
          events.append(.paste(Self.text((pasted ?? []) + pending[index..<end])))
          pasted = nil
          return end + mark.count
        }
        // The mark may be cut in two by the read.
        if rest.count < mark.count && mark.starts(with: rest) { break }
      }
      end += 1
    }
    pasted?.append(contentsOf: pending[index..<end])
    return end
  }

  /// Decodes one event; nil when more bytes are needed. Always progresses when `isFinal`.
  private mutating func take(at index: Int, isFinal: Bool, into events: inout [InputEvent]) -> Int? {
    guard pending[index] == 0x1B else {
      guard let (scalar, length) = scalar(at: index, isFinal: isFinal) else { return nil }
      if !(0x80...0x9F).contains(scalar.value) { events.append(.character(scalar)) }
      return length
    }
    guard index + 1 < pending.count else {
      if isFinal { events.append(.character("\u{1B}")) }
      return isFinal ? 1 : nil
    }
    switch pending[index + 1] {
    case UInt8(ascii: "["), UInt8(ascii: "O"):
      return takeSequence(at: index, isFinal: isFinal, into: &events)
    case 0x1B:
      // ESC ESC [ A is Alt-Up of some terminals; two lone ESC are one.
      events.append(.character("\u{1B}"))
      return 1
    default:
      guard let (scalar, length) = scalar(at: index + 1, isFinal: isFinal) else { return nil }
      events.append(.alt(scalar))
      return 1 + length
    }
  }

  private mutating func takeSequence(at index: Int, isFinal: Bool, into events: inout [InputEvent]) -> Int? {
    let introducer = pending[index + 1]
    var end = index + 2
    var parameters: [UInt8] = []
    while end < pending.count, (0x20...0x3F).contains(pending[end]) {
      parameters.append(pending[end])
      end += 1
    }
    // The Linux console's F1...F5 are ESC [ [ A.
    if parameters.isEmpty, end < pending.count, introducer == UInt8(ascii: "["), pending[end] == introducer {
      parameters.append(pending[end])
      end += 1
    }
    guard end < pending.count else {
      guard isFinal else { return nil }
      if parameters.isEmpty { events.append(.alt(Unicode.Scalar(introducer))) }
      return end - index
    }
    let final = pending[end]
    let sequence = Array(pending[index...end])
    if !(0x40...0x7E).contains(final) { return end - index }
    if final == UInt8(ascii: "~"), parameters == Array("200".utf8) {
      pasted = []
    } else if let event = Self.event(parameters, final, sequence) {
      events.append(event)
    }
    return end + 1 - index
  }

  /// The event of a control sequence, nil where there is none for it.
  private static func event(_ parameters: [UInt8], _ final: UInt8, _ sequence: [UInt8]) -> InputEvent? {
    // Answers of a terminal, marked as private, are no keys.
    if let mark = parameters.first, (0x3C...0x3F).contains(mark) { return nil }
    let numbers = parameters.split(separator: UInt8(ascii: ";"), omittingEmptySubsequences: false).map {
      part in
      part.prefix(6).reduce(0) { (48...57).contains($1) ? $0 * 10 + Int($1 - 48) : $0 }
    }
    let first = numbers.first ?? 0
    let modifiers = modifiers(numbers.count > 1 ? numbers[1] : 1)
    func key(_ key: NamedKey, _ extra: KeyModifiers = []) -> InputEvent {
      .key(key, modifiers.union(extra), sequence: sequence)
    }
    switch final {
    case UInt8(ascii: "A"): return key(parameters.first == UInt8(ascii: "[") ? .function(1) : .up)
    case UInt8(ascii: "B"): return key(.down)
    case UInt8(ascii: "C"): return key(.right)
    case UInt8(ascii: "D"): return key(.left)
    case UInt8(ascii: "H"): return key(.home)
    case UInt8(ascii: "F"): return key(.end)
    case UInt8(ascii: "Z"): return key(.backTab)
    case UInt8(ascii: "P")...UInt8(ascii: "S"): return key(.function(Int(final) - 79))
    case UInt8(ascii: "a")...UInt8(ascii: "d"):
      // rxvt: ESC O a is Ctrl-Up.
      let arrows: [NamedKey] = [.up, .down, .right, .left]
      return parameters.isEmpty ? key(arrows[Int(final) - 0x61], .control) : nil
    case UInt8(ascii: "M"):
      return sequence.count == 3 && sequence[1] == UInt8(ascii: "O") ? .character("\n") : nil
    case UInt8(ascii: "u"): return unicodeKey(first, modifiers)
    case UInt8(ascii: "~"):
      if first == 27, numbers.count > 2 { return unicodeKey(numbers[2], modifiers) }
      return tildeKey(first).map { key($0) }
    default: return nil
    }
  }

  private static func tildeKey(_ number: Int) -> NamedKey? {
    switch number {
    case 1, 7: .home
    case 2: .insert
    case 3: .delete
    case 4, 8: .end
    case 5: .pageUp
    case 6: .pageDown
    case 11...15: .function(number - 10)
    case 17...21: .function(number - 11)
    case 23...24: .function(number - 12)
    default: nil
    }
  }

  private static func modifiers(_ parameter: Int) -> KeyModifiers {
    KeyModifiers(rawValue: UInt8(truncatingIfNeeded: max(0, parameter - 1)) & 7)
  }

  /// A key told by its code point, as terminals do that tell all modifiers.
  private static func unicodeKey(_ code: Int, _ modifiers: KeyModifiers) -> InputEvent? {
    guard var scalar = Unicode.Scalar(UInt32(code)) else { return nil }
    if scalar == "\t", modifiers.contains(.shift) { return .key(.backTab, [], sequence: []) }
    if scalar == "\r" { scalar = "\n" }
    // Ctrl-letter is the control character.
    if modifiers.contains(.control), (0x40...0x7E).contains(scalar.value) {
      scalar = Unicode.Scalar(UInt8(scalar.value & 0x1F))
    }
    // Shift-Enter asks for a line break, as Alt-Enter does.
    let isAlt = modifiers.contains(.alt) || (scalar == "\n" && !modifiers.isEmpty)
    return isAlt ? .alt(scalar) : .character(scalar)
  }

  /// One scalar and its bytes; nil when it is cut off and more may come.
  private func scalar(at index: Int, isFinal: Bool) -> (Unicode.Scalar, Int)? {
    let lead = pending[index]
    if lead < 0x80 { return (lead == 0x0D ? "\n" : Unicode.Scalar(lead), 1) }
    let wanted = lead >= 0xF0 ? 4 : lead >= 0xE0 ? 3 : lead >= 0xC2 ? 2 : 1
    guard wanted > 1, lead < 0xF5 else { return ("\u{FFFD}", 1) }
    var value = UInt32(lead) & (wanted == 2 ? 0x1F : wanted == 3 ? 0x0F : 0x07)
    for offset in 1..<wanted {
      guard index + offset < pending.count else { return isFinal ? ("\u{FFFD}", offset) : nil }
      let byte = pending[index + offset]
      guard byte & 0xC0 == 0x80 else { return ("\u{FFFD}", offset) }
      value = value << 6 | UInt32(byte & 0x3F)
    }
    let minimum: [UInt32] = [0, 0, 0x80, 0x800, 0x10000]
    guard value >= minimum[wanted], let scalar = Unicode.Scalar(value) else { return ("\u{FFFD}", wanted) }
    return (scalar, wanted)
  }

  /// Pasted bytes as text: one kind of line end, no NUL.
  static func text(_ bytes: [UInt8]) -> [Unicode.Scalar] {
    var scalars: [Unicode.Scalar] = []
    for scalar in String(decoding: bytes, as: UTF8.self).unicodeScalars where scalar != "\0" {
      if scalar == "\n", scalars.last == "\r" { scalars.removeLast() }
      scalars.append(scalar)
    }
    return scalars.map { $0 == "\r" ? "\n" : $0 }
  }
}

/// Tells a paste from keys on terminals that do not mark pastes.
package enum PasteGuess {
  /// Whether bytes that arrived in one read were pasted: more text follows a line end, or a tab that
  /// follows or precedes text.
  package static func isPaste(_ bytes: some Collection<UInt8>) -> Bool {
    guard bytes.count > 2, !bytes.contains(0x1B) else { return false }
    var sawBreak = false
    for byte in bytes {
      if byte == 0x0A || byte == 0x0D || byte == 0x09 {
        sawBreak = true
      } else if byte < 0x20 || byte == 0x7F {
        // Control keys are pressed, not pasted.
        return false
      } else if sawBreak {
        return true
      }
    }
    return false
  }

  /// Whether a read ended where a paste may go on: text, then a line end.
  package static func mayContinue(_ bytes: some BidirectionalCollection<UInt8>) -> Bool {
    bytes.count > 1 && (bytes.last == 0x0A || bytes.last == 0x0D) && !bytes.contains(0x1B)
  }
}
