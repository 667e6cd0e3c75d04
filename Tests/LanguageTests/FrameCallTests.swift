import Diagnostics
import Language
import Testing

/// Calls of R and pandas around a table's columns, and the pipelines that say the same.
struct FrameCallTests {
  @Test(
    arguments: [
      ("table(df$ward)", "df | count by ward"), ("table(df$ward, df$sex)", "df | count by ward, sex"),
      ("table(df$ward, other$sex)", nil), ("table(df$ward, useNA = \"ifany\")", "df | count by ward"),
      ("table(df$ward, exclude = \"A\")", nil), ("hist(df$los, breaks = 20)", nil),
      ("pd.crosstab(df.a, df['b'])", "df | pivot rows a columns b values count()"),
      ("pd.crosstab(df.a, df.b, normalize=True)", nil),
      ("unique(df$ward)", "df | distinct ward"), ("summary(df$los)", "df | select los | describe"),
      ("hist(df$los)", "df | chart histogram los"), ("plot(df$age, df$los)", "df | chart scatter los by age"),
      ("cor(df$a, df$b)", "df | aggregate correlation(a, b)"),
      ("mean(df$los, na.rm = TRUE)", "df | aggregate mean(los)"),
      ("sd(df$los)", "df | aggregate stddev(los)"), ("mean(df$los, trim = 0.1)", nil),
      ("tapply(df$los, df$ward, median)", "df | aggregate median(los) by ward"),
      ("tapply(df$los, df$ward, my_own)", nil),
      ("aggregate(los ~ ward, data = df, FUN = mean)", "df | aggregate mean(los) by ward"),
      ("aggregate(los ~ ward + sex, df, max)", "df | aggregate max(los) by ward, sex"),
      ("aggregate(cbind(a, b) ~ ward, df, max)", nil), ("aggregate(los ~ ward, df)", nil),
      ("boxplot(los ~ ward, data = df)", "df | chart box los by ward"),
      ("boxplot(df$los)", "df | chart box los"),
      ("subset(df, los > 4 & ward == \"A\")", "df | filter los > 4 and ward == \"A\""),
      ("subset(df, los > 4, select = c(id, los))", "df | filter los > 4 | select id, los"),
      ("subset(df, los > 4, select = -id)", nil),
      ("=AVERAGE(t[los])", "t | aggregate mean(los)"), ("=COUNT(t[los])", "t | aggregate count(los)"),
      ("=COUNTA(t[los])", "t | aggregate count(los)"),
      ("=COUNTIF(t[ward],\"A\")", "t | filter ward == \"A\" | count"),
      (
        "=COUNTIFS(t[ward],\"<>A\",t[age],\">=65\",t[day],\"<2025-01-01\")",
        "t | filter ward != \"A\" and age >= 65 and day < 2025-01-01 | count"
      ),
      ("=COUNTIFS(t[ward],\"A*\")", nil), ("=COUNTIFS(t[ward],\"\")", "t | filter ward is missing | count"),
      ("=COUNTIFS(t[ward],\"A\",u[age],1)", nil), ("=COUNTIFS(t[ward])", nil),
      ("=SUMIFS(t[cost],t[ward],\"A\")", "t | filter ward == \"A\" | aggregate sum(cost)"),
      ("=AVERAGEIF(t[ward],\"A\",t[cost])", "t | filter ward == \"A\" | aggregate mean(cost)"),
      ("=SUMIF(t[ward],\"A\")", nil), ("=AVERAGE(t[los]", nil),
      ("quantile(df$los, 0.9)", "df | aggregate percentile(los, 90)"),
      (
        "quantile(df$los, c(0.25, 0.75), na.rm = TRUE)",
        "df | aggregate percentile(los, 25), percentile(los, 75)"
      ),
      ("quantile(df$los, 9)", nil), ("quantile(df$los, p)", nil),
      ("prop.table(table(df$ward))", "df | count by ward"), ("prop.table(x)", nil),
      ("nrow(subset(df, los > 4))", "df | filter los > 4 | count"),
      ("nrow(df[df$los > 4, ])", "df | filter los > 4 | count"), ("nrow(df)", nil),

      ("lm(los ~ age, data = df)", "df | aggregate slope(los, age)"), ("lm(los ~ age + sex, data = df)", nil),
      (
        "subset(df, !is.na(los) & ward %in% c(\"A\", \"B\"))",
        "df | filter los is not missing and ward in [\"A\", \"B\"]"
      ),
      ("merge(a, b, by = \"id\")", "a | join b on id"),
      ("merge(a, b, by = c(\"id\", \"day\"), all.x = TRUE)", "a | join left b on id, day"),
      ("merge(a, b, by = \"id\", all.x = FALSE)", nil), ("merge(a, b)", nil),
      ("max(r.a)", nil), ("table()", nil), ("mean(df$)", nil), ("aggregate(~)", nil),
      ("merge(a, b, by = )", nil),
      ("subset(df, )", nil),
      ("aggregate(los ~ ward +, data = df, FUN = mean)", "df | aggregate mean(los) by ward"),
    ] as [(String, String?)])
  func isWrittenAsAPipeline(call: String, pipeline: String?) {
    let told = Parser.parse(SourceText(call)).diagnostics.filter { $0.code == "table-first" }
    #expect(told.flatMap(\.help) == (pipeline.map { ["Write \($0)"] } ?? []))
    // What is offered is one of ours.
    if let pipeline { #expect(Parser.parse(SourceText(pipeline)).diagnostics.isEmpty) }
  }
}
