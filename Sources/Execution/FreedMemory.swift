internal import CMalloc

/// Memory that was freed, and that the allocator keeps, piece by piece between what is still in use.
enum FreedMemory {
  /// So much may stay with the allocator, which makes the next query begin faster: bytes, and a part of what is in use.
  private static let spare = 128 << 20
  private static let sparePart = 4

  /// Gives it back to the system: a query within its budget could otherwise yet hold twice as much.
  static func giveBack() { malloc_trim(0) }

  /// Gives it back where it has become much. What each of thousands of queries leaves behind (a statement's text for
  /// the transcript) divides the freed pieces, so that the next query would begin new ones without end.
  static func giveBackMuch() {
    let now = mallinfo2()
    let (free, used) = (Int(now.fordblks), Int(now.uordblks))
    if free > spare + used / sparePart { giveBack() }
  }
}
