import Diagnostics
import Language
import Testing

/// Brackets and new columns of data frames, and the pipelines that say the same.
struct FrameBracketsTests {
  @Test(
    arguments: [
      ("df[df$los > 4, ]", "df | filter los > 4"),
      ("df[df$los > 4, c(\"id\", \"los\")]", "df | filter los > 4 | select id, los"),
      ("df[, c(\"id\", \"los\")]", "df | select id, los"),
      ("df[df$a == 1, \"id\"]", "df | filter a == 1 | select id"),
      ("df[!is.na(df$los) & df$w %in% c(\"A\"), ]", "df | filter los is not missing and w in [\"A\"]"),
      ("df[other$los > 4, ]", nil), ("df[order(-df$los, df$id), ]", "df | sort -los, id"),
      ("df[order(df$los, decreasing = TRUE), ]", "df | sort -los"), ("df[order(los)]", "df | sort los"),
      ("df[1:10, ]", "df | take 10"), ("df[11:20, ]", "df | skip 10 | take 10"), ("df[5, ]", nil),
      ("df[-1, ]", nil),
      ("df[, -1]", nil), ("df[c(1, 3), ]", nil),
      ("dt[, .N]", "dt | count"), ("dt[, .N, by = ward]", "dt | count by ward"),
      ("dt[los > 4, .N, keyby = .(ward, sex)]", "dt | filter los > 4 | count by ward, sex"),
      (
        "dt[, .(n = .N, m = mean(los, na.rm = TRUE)), by = \"ward\"]",
        "dt | aggregate n = count(), m = mean(los) by ward"
      ),
      ("dt[, sd(los), by = c(\"ward\", \"sex\")]", "dt | aggregate stddev(los) by ward, sex"),
      ("dt[, uniqueN(id), ward]", nil),
      ("dt[, length(unique(id)), by = ward]", "dt | aggregate count_distinct(id) by ward"),
      ("dt[, .(id, los)]", "dt | select id, los"),
      ("dt[, .(los / 24), by = ward]", nil), ("dt[, days := hours / 24]", "dt | derive days = hours / 24"),
      ("dt[, m := mean(los), by = ward]", "dt | derive m = mean(los) by ward"),
      ("dt[, x := fifelse(los > 4, \"long\", NA)]", "dt | derive x = if(los > 4, \"long\", missing)"),
      (
        "dt[los > 4, .N, by = ward][order(-N)][1:5]", "dt | filter los > 4 | count by ward | sort -N | take 5"
      ),
      ("dt[, , by = ward]", nil), ("dt[los > 4, .SD[1], by = ward]", nil), ("dt[los > 4, .N, by = ]", nil),
      ("dt[,", nil), ("dt[]", nil), ("dt[,]", nil), ("dt[, .()]", nil), ("x[0]", nil), ("x[age > 3]", nil),
    ] as [(String, String?)])
  func bracketsAreWrittenAsAPipeline(brackets: String, pipeline: String?) {
    expect(brackets, "frame-brackets", pipeline)
  }

  @Test(
    arguments: [
      ("df$days <- df$hours / 24", "let df = df | derive days = hours / 24"),
      ("df$old = ifelse(df$age > 65, 1, 0)", "let df = df | derive old = if(age > 65, 1, 0)"),
      ("df$x <- other$y", nil), ("df$x <-", nil),
      ("df[\"days\"] = df[\"hours\"] / 24", "let df = df | derive days = hours / 24"),
      (
        "df['m'] = df.groupby('ward')['los'].transform('mean')",
        "let df = df | derive m = mean(los) by ward"
      ),
      ("df['p'] = df.groupby('id')['los'].shift(1)", "let df = df | derive p = lag(los) by id"),
      ("df['s'] = df['los'].cumsum()", "let df = df | derive s = running_sum(los)"),
      ("df['m'] = other.groupby('ward')['los'].transform('mean')", nil), ("df['m'] =", nil),
      ("df[0] = 5", nil),
    ] as [(String, String?)])
  func columnsAreDerived(statement: String, pipeline: String?) {
    expect(statement, "new-column", pipeline)
  }

  private func expect(_ statement: String, _ code: String, _ pipeline: String?) {
    let told = Parser.parse(SourceText(statement)).diagnostics.filter { $0.code == code }
    #expect(told.flatMap(\.help) == (pipeline.map { ["Write \($0)"] } ?? []))
    // What is offered is one of ours.
    if let pipeline { #expect(Parser.parse(SourceText(pipeline)).diagnostics.isEmpty) }
  }
}
