/// Three-valued logic: what is missing may be true or false, and the result is known where that does not matter.
extension Kernels {
  /// True where both are, false where one is false; elsewhere missing.
  package static func and(
    _ arguments: [Datum], _ rows: Int, _ state: CallState
  ) throws(KernelFault) -> Datum {
    try folding(arguments, rows) { (arguments, rows) throws(KernelFault) in
      conjunction(Truth(arguments[0], rows), Truth(arguments[1], rows)).column
    }
  }

  /// True where one is, false where both are false; elsewhere missing.
  package static func or(
    _ arguments: [Datum], _ rows: Int, _ state: CallState
  ) throws(KernelFault) -> Datum {
    try folding(arguments, rows) { (arguments, rows) throws(KernelFault) in
      // a or b is not (not a and not b).
      conjunction(Truth(arguments[0], rows).negated, Truth(arguments[1], rows).negated).negated.column
    }
  }

  /// True where it is false and the reverse; missing stays missing.
  package static func not(
    _ arguments: [Datum], _ rows: Int, _ state: CallState
  ) throws(KernelFault) -> Datum {
    try folding(arguments, rows) { (arguments, rows) throws(KernelFault) in
      Truth(arguments[0], rows).negated.column
    }
  }

  /// Whether the argument is missing, which is always known.
  package static func isMissing(
    _ arguments: [Datum], _ rows: Int, _ state: CallState
  ) throws(KernelFault) -> Datum {
    try folding(arguments, rows) { (arguments, rows) throws(KernelFault) in
      let known = validity(of: arguments, rows: rows) ?? Bitmap(repeating: true, count: rows)
      return .bool(known.inverted)
    }
  }

  private static func conjunction(_ a: Truth, _ b: Truth) -> Truth {
    Truth(yes: a.yes.and(b.yes), no: a.no.or(b.no))
  }

  /// A condition as two bitmaps: where it is known to be true and where it is known to be false.
  package struct Truth {
    /// The rows in which it is known to be true.
    package var yes: Bitmap
    /// The rows in which it is known to be false; missing rows stand in neither.
    package var no: Bitmap

    init(yes: Bitmap, no: Bitmap) {
      self.yes = yes
      self.no = no
    }

    package init(_ datum: Datum, _ rows: Int) {
      switch datum {
      case .constant(let value, _):
        yes = Bitmap(repeating: value.boolean == true, count: rows)
        no = Bitmap(repeating: value.boolean == false, count: rows)
      case .column(let column):
        if case .missing = column.storage {
          yes = Bitmap(repeating: false, count: rows)
          no = yes
          return
        }
        let bits = column.boolValues
        if let validity = column.validity {
          yes = bits.and(validity)
          no = validity.subtracting(bits)
        } else {
          // Clears the bits of a neighbour that a slice may hold in its last word.
          yes = bits.and(bits)
          no = bits.inverted
        }
      }
    }

    var negated: Truth { Truth(yes: no, no: yes) }

    var column: Column {
      let known = yes.or(no)
      return .bool(yes, validity: known.ones == known.count ? nil : known)
    }
  }
}
