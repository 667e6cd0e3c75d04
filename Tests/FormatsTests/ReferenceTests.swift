import Columns
import Diagnostics
import Foundation
import Planning
import Testing

@testable import Formats

/// The files that other readers were tried on: each loads or is refused with a reason, and where those readers
/// agree, Rounds sees the same cells.
struct ReferenceTests {
  struct Case {
    var path: String
    var agrees: Bool
    var records: [[String]]?
    var recordCount: Int?
    var pandasRows: Int?
    var delimiter: String
  }

  static let cases: [Case] = {
    guard let sharedData,
      let text = try? String(contentsOfFile: sharedData + "/csv/_reference.jsonl", encoding: .utf8)
    else { return [] }
    return text.split(separator: "\n").compactMap { line in
      guard let json = try? JSONSerialization.jsonObject(with: Data(line.utf8)) as? [String: Any],
        let path = json["path"] as? String
      else { return nil }
      let python = json["python_csv"] as? [String: Any]
      return Case(
        path: path, agrees: json["agree"] as? Bool ?? false, records: python?["data"] as? [[String]],
        recordCount: python?["records"] as? Int,
        pandasRows: (json["pandas_str"] as? [String: Any])?["rows"] as? Int,
        delimiter: python?["delimiter"] as? String ?? ",")
    }
  }()

  @Test("Every file loads, or is refused with a reason")
  func everyFileLoads() throws {
    for item in Self.cases {
      guard let sharedData else { return }
      do {
        var reading = try readAll(
          CSVSource(.file(sharedData + "/" + item.path), options: CSVOptions()))
        if item.agrees, item.records?.first?.count == 1, reading.table.columnCount > 1 {
          // The others were content with one column.
          var options = CSVOptions()
          options.delimiter = item.delimiter.utf8.first
          reading = try readAll(CSVSource(.file(sharedData + "/" + item.path), options: options))
        }
        if item.agrees, let records = item.recordCount {
          let rows = reading.table.rowCount
          let skipped = reading.notes.filter { $0.message.contains("skipped") }.reduce(0) {
            $0 + ($1.count ?? 0)
          }
          #expect(
            rows == records || rows == records - 1 || rows + skipped == records - 1,
            "\(item.path): \(rows) rows, others see \(records) records")
          if let data = item.records, data.count == records { compare(reading, data, item) }
        }
      } catch let fault as FormatFault {
        #expect(!item.agrees, "\(item.path) is refused: \(fault.message)")
      }
    }
  }

  private func compare(_ reading: Reading, _ records: [[String]], _ item: Case) {
    let width = reading.table.columnCount
    guard let first = records.first, first.count == width else {
      #expect(records.first?.count == width, "\(item.path): \(width) columns, \(reading.table.schema.names)")
      return
    }
    let data = records.count > reading.table.rowCount ? Array(records.dropFirst()) : records
    var wrong = 0
    for (row, record) in zip(0..., data) where row < reading.table.rowCount {
      let values = reading.table.row(row)
      for (column, text) in record.enumerated() where column < width {
        if !Self.isSame(values[column], text), wrong < 3 {
          wrong += 1
          Issue.record(
            "\(item.path) row \(row + 1) `\(reading.table.schema.names[column])`: \(values[column]), others see \"\(text)\""
          )
        }
      }
    }
  }

  /// Whether a value is what the text says.
  private static func isSame(_ value: Value, _ text: String) -> Bool {
    let trimmed = text.trimmingCharacters(in: .whitespaces)
    switch value {
    case .missing: return trimmed.isEmpty || trimmed == "NA" || Marks.soft.contains(trimmed)
    case .int(let number): return String(number) == trimmed || trimmed == "-0"
    case .float(let number): return Double(trimmed) == number
    case .bool(let flag): return trimmed.lowercased() == String(flag)
    case .text(let known): return known == text
    case .date(let days): return Calendar.text(days: days) == trimmed
    case .datetime(let instant, let offset):
      let ours = Calendar.text(microseconds: instant, offset: offset)
      return ours.hasPrefix(trimmed.replacingOccurrences(of: " ", with: "T").prefix(16))
    default: return false
    }
  }
}
