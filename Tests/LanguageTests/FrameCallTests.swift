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
