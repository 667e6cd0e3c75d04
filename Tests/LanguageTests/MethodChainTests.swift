import Language
import Testing

/// Chains of methods of data frames, and the pipelines that say the same.
struct MethodChainTests {
  @Test(
    arguments: [
      ("df.head()", "df | take 5"), ("df.head(3)", "df | take 3"), ("df.tail(2)", "df | take -2"),
      ("df.shape", "df | describe"), ("df.los.mean()", "df | aggregate mean(los)"),
      ("df['Bed Days'].sum()", "df | aggregate sum(`Bed Days`)"),
      ("df[['a', 'b']].mean()", "df | aggregate mean(a), mean(b)"),
      ("df.groupby('w').size().reset_index()", "df | count by w"),
      ("df.groupby(by=['w', 'x']).first_seen.min()", "df | aggregate min(first_seen) by w, x"),
      ("df.groupby('w').agg('mean')", nil),
      ("df.groupby('w')['x'].agg(['min', 'max'])", "df | aggregate min(x), max(x) by w"),
      (
        "df.groupby('w').agg({'x': 'mean', 'y': ['min', 'nunique']})",
        "df | aggregate mean(x), min(y), count_distinct(y) by w"
      ),
      ("df.groupby('w').head(2)", "df | take 2 by w"),
      ("df.groupby('w').x.nlargest(2)", "df | top 2 x by w"),
      ("df.groupby('w').x.transform('mean')", "df | derive m = mean(x) by w"),
      ("df.groupby(['w', 's']).size().unstack()", "df | pivot rows w columns s values count()"),
      ("df.groupby(['w', 's']).x.sum().unstack(fill_value=0)", "df | pivot rows w columns s values sum(x)"),
      ("df.groupby('id').x.shift(-2)", "df | derive m = lead(x, 2) by id"),
      ("df.groupby('id').x.cumsum()", "df | derive m = running_sum(x) by id"),
      ("df[df.x > 1]", nil), ("df[df.x > 1].count()", "df | filter x > 1 | count"),
      (
        "df.loc[(df.x > 1) | (df['y'].isna()), 'x'].median()",
        "df | filter (x > 1) or (y is missing) | aggregate median(x)"
      ),
      ("df[~df.w.isin(['A', 'B'])].head()", "df | filter not w in ['A', 'B'] | take 5"),
      ("df[df.w.str.contains('med')].head()", "df | filter w ~ 'med' | take 5"),
      ("df[df.t.dt.month == 3].head()", "df | filter month(t) == 3 | take 5"),
      ("df.sort_values(by='x', ascending=False)", "df | sort -x"), ("df.sort_values('x')", "df | sort x"),
      ("df.sort_values(['a', 'b'], ascending=[False, True])", "df | sort -a, b"),
      ("df.nsmallest(3, 'x')", "df | top 3 -x"), ("df.drop(columns=['a'])", "df | drop a"),
      ("df.rename(columns={'a': 'b', 'c': 'd'})", "df | rename b = a, d = c"),
      ("df.assign(y=df.x * 2, z=lambda d: d['y'] + 1)", "df | derive y = x * 2, z = y + 1"),
      ("df.merge(o, on=['a', 'b'], how='outer')", "df | join full o on a, b"),
      ("df.merge(o, left_on='a', right_on='k')", "df | join o on a == o.k"), ("df.merge(o)", nil),
      ("df.dropna(subset=['a', 'b'])", "df | filter a is not missing and b is not missing"),
      ("df.dropna()", nil),
      ("df.sample(frac=0.25)", "df | sample 25%"), ("df.sample(10)", "df | sample 10"),
      ("df.filter(pl.col('x') > 1).select('x', 'y')", "df | filter x > 1 | select x, y"),
      ("df.sort('x', descending=True).limit(2)", "df | sort -x | take 2"),
      ("df.rolling(7).mean()", nil), ("df.apply(f)", nil), ("df.x", nil), ("mean(df)", nil), ("df", nil),
      ("(df\n  .query('x > 1')\n  .head(2))", "df | filter x > 1 | take 2"),
      ("df['x'].quantile(0.125)", "df | aggregate percentile(x, 12.5)"),
      // Results have the names that data frames give them where a link behind asks for them.
      (
        "df.groupby('w')['x'].sum().sort_values('x', ascending=False).head(5)",
        "df | aggregate x = sum(x) by w | sort -x | take 5"
      ),
      ("df.groupby('w').agg({'x': 'mean'}).sort_values('x')", "df | aggregate x = mean(x) by w | sort x"),
      ("df.groupby('w')['x'].sum().sort_values(ascending=False)", "df | aggregate x = sum(x) by w | sort -x"),
      (
        "df.groupby('w').size().reset_index(name='n_w').sort_values('n_w')",
        "df | aggregate n_w = count() by w | sort n_w"
      ),
      ("df.group_by('w').agg(pl.col('x').mean().alias('m'))", "df | aggregate m = mean(x) by w"),
      ("df.groupby('w')['x'].last()", "df | aggregate last(x, where: x is not missing) by w"),
      ("df.drop_duplicates('w')", "df | take 1 by w"),
      ("df.drop_duplicates('w', keep='last')", "df | take -1 by w"),
      ("df[['a', 'b']].drop_duplicates()", "df | distinct a, b"), ("df.drop_duplicates(keep=False)", nil),
      ("df.join(o, on='k', how='left_anti')", "df | join anti o on k"),
      ("df.join(o, on='k', how='cross')", nil),
      ("df.query('x > 1 & w == @wanted')", "df | filter x > 1 and w == wanted"),
      ("df[df.t >= '2025-01-01'].count()", "df | filter t >= 2025-01-01 | count"),
      ("df[df.x.isin([1, 2]) == False].head()", "df | filter (x in [1, 2]) == false | take 5"),
      ("df['los'][df.site == 'L'].head()", "df | filter site == 'L' | select los | take 5"),
      ("df.filter(['a', 'b'])", "df | select a, b"), ("df.sample(5, random_state=1)", "df | sample 5 seed 1"),
      // What a stage would pass over in silence.
      ("df[df.x.between(1, 2, inclusive='neither')].head()", nil),
      ("df[df.w.str.contains('a.b', regex=False)].head()", nil),
      ("df[df.x.isin(o['x'])].head()", nil), ("df.query('18 < age < 65')", nil), ("df[5].head()", nil),
      ("df.loc['x'].head()", nil),
      ("df['a', 'b'].head()", nil), ("df.drop_duplicates(['a'], 'last')", nil),
      ("df['a'].value_counts(True)", "df | count by a"), ("df['a'].value_counts('b')", nil),
      ("df.to_csv('x.csv', ';')", nil), ("df.describe([0.1])", nil),
      ("df.sort_values('a', inplace=True)", nil),
      ("df.groupby('w')['x'].agg(['mean', 'median']).sort_values('mean')", nil),
      ("df.head(-5)", nil), ("df.tail(-5)", nil), ("df[['a', 'b']].sum(axis=1)", nil),
      ("df.a.std(ddof=0)", nil),
      ("df.sample(fraction=0.1)", "df | sample 10%"), ("df.sample(0.1)", nil),
      ("df.sample(5, replace=True)", nil),
      ("df.sort_values('a', ascending=0)", "df | sort -a"), ("df.sort_values('a', ascending=asc)", nil),
      ("df.a.fillna(method='ffill')", nil), ("df.w.value_counts(normalize=True)", "df | count by w"),
      ("df.groupby('w').describe()", nil),
      ("df.groupby(level=0).size()", nil), ("df.assign(y=np.log(df.x))", nil),
      ("df.pivot_table(index='a', columns='b', values='c', margins=True)", nil),
    ] as [(String, String?)])
  func pipelines(chain: String, pipeline: String?) {
    #expect(MethodChain.pipeline(of: chain) == pipeline, "\(chain)")
  }

  /// Whatever stands there comes to an end, and is no chain where it is hostile.
  @Test func hostileTextsAreNoChains() {
    let deep = String(repeating: "(", count: 50_000) + String(repeating: ")", count: 50_000)
    #expect(MethodChain.pipeline(of: "df.head\(deep)") == nil)
    #expect(MethodChain.pipeline(of: "df[\(deep)].head()") == nil)
    let lists = String(repeating: "[", count: 20_000) + String(repeating: "]", count: 20_000)
    #expect(MethodChain.pipeline(of: "df.groupby(\(lists)).size()") == nil)
    #expect(
      MethodChain.pipeline(of: "df" + String(repeating: ".head()", count: 20_000))?.hasSuffix("| take 5")
        == true)
    for text in [
      "df.", "df.head(", "df.[1].head()", "df..head()", ".head()", "df.head)", "df[].head()", "df.agg(=)",
    ] {
      #expect(MethodChain.pipeline(of: text) == nil, "\(text)")
    }
  }
}
