import Columns
import Diagnostics
import Planning

/// The order of texts that is another than that of their letters: text files have no place for it.
enum OrderLoss {
  /// So many texts are written out for whoever gives them their order again.
  private static let shown = 12

  static func notes(_ table: Table) -> [Note] {
    table.schema.fields.enumerated().compactMap { index, field in
      guard field.type == .text, table.rowCount > 1 else { return nil }
      let pools = table.segments.compactMap { $0.columns[index].pool }
      guard !pools.isEmpty, pools.allSatisfy(\.isOrdered) else { return nil }
      let (united, _) = TextPool.united(pools)
      let texts = united.listed.map { united[$0] }
      // What stands in the order of its letters comes back in it.
      if texts.count < 2 || texts == texts.sorted() { return nil }
      let quoted = texts.map(ExpressionText.literal)
      let again =
        texts.count <= shown
        ? "ordered(\(CheckMessages.quoted(field.name)), \(quoted.joined(separator: ", "))) gives it again, and "
        : ""
      return Note(
        .input, "the order of `\(field.name)` is not kept in this file: \(again)an Arrow file has it",
        subject: field.name)
    }
  }
}
