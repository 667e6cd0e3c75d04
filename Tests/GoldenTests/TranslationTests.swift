import Diagnostics
import Language
import Testing
import TestSupport

/// What an error offers for a query of SQL, run here, and the query itself, run by DuckDB: the answers agree.
@Suite struct TranslationTests {
  /// Queries over `news`, with one order of their rows.
  private static let queries = [
    "select male, count(*) as n from news group by male order by male",
    "select male, count(*) filter (where age > 65) as old, count(*) as n, max(news) filter (where died = 1) as worst from news group by male order by 1",
    "select percentile_cont(0.5) within group (order by syst) as m, percentile_cont(0.9) within group (order by age) as p from news",
    "select male, percentile_cont(0.125) within group (order by age) as p from news group by male order by p, male",
    "select distinct on (male, died) male, died, age from news order by male, died, age desc",
    "select distinct on (died) age, died from news where male = 1 order by age desc, syst desc, died",
    "with old as (select * from news where age > 80) select count(*) as n, avg(syst) as m from old",
    "with a as (select news, died from news where age > 60), b as (select news, count(*) as n, sum(died) as d from a group by news) select news, d from b where n > 20 order by news",
    "select cast(age / 10 as integer) as decade, count(*) as n from news where age < 20 and age > 18 group by 1 order by 1",
    "select age::varchar as a, cast(cast(news as varchar) as integer) as s from news order by news desc, age, syst limit 1",
    "select case when age > 65 then 'old' when age > 40 then 'middle' else 'young' end as grp, count(*) as n from news group by 1 order by n",
    "select count(distinct age) as n, sum(news) as s from news where sat between 90 and 95 and not (age < 40)",
    "select news, count(*) as n from news group by news having count(*) > 30 and avg(age) > 50 order by n desc, news",
  ]

  private static let file = "tables/NHSRdatasets/synthetic_news_data.csv"

  @Test(
    .enabled(
      if: ComparisonTests.canRun, "skipped: python3 has no duckdb, or ../shared/data is not there"))
  func theOfferedPipelinesAnswerAsTheQueries() throws {
    let folder = try #require(DuckDB.dataFolder)
    let there = "(select * rename (\"NEWS\" as news) from read_csv('\(Self.file)', header=true)) as news"
    let answers = try DuckDB.answers(
      Self.queries.map { $0.replacing("from news", with: "from \(there)") }, in: folder)
    for (query, answer) in zip(Self.queries, answers) {
      guard case .rows(let rows) = answer else {
        Issue.record("\(query): DuckDB says \(answer)")
        continue
      }
      let help = Parser.parse(SourceText(query)).diagnostics.flatMap(\.help)
      guard let offered = help.first(where: { $0.hasPrefix("Write ") })?.dropFirst("Write ".count) else {
        Issue.record("\(query): offers \(help)")
        continue
      }
      do {
        let table = try Answering("let news = (\"\(folder)/\(Self.file)\")\n\(offered)").table
        let difference = DuckDB.difference(table, rows)
        #expect(difference == nil, "\(query)\n  \(offered)")
      } catch {
        Issue.record("\(query): \(error)")
      }
    }
  }
}
