import Columns
import Planning

/// Functions of text. Positions count from 1, lengths in Unicode scalars.
extension FunctionTable {
  private static let x = Parameter("x", .text)
  private static let one = [Signature([Parameter("x", .text)], .type(.text))]

  private static func with(_ parameters: [Parameter], _ result: DataType = .text) -> [Signature] {
    [Signature([x] + parameters, .type(result))]
  }

  package static let text: [Function] = [
    Function(
      "length", aliases: ["len", "nchar", "strlen"], .text,
      "The number of characters (Unicode scalars) of a text, or of elements of a list.",
      [Signature([x], .type(.int)), Signature([Parameter("x", .list)], .type(.int))],
      examples: [
        Example("length(\"Zürich\")", gives: "6"), Example("length([4, 5])", gives: "2"),
      ], searchWords: ["len", "nchar", "strlen", "char_length", "array_length"], .rows(TextFunctions.length)),
    Function(
      "upper", aliases: ["toupper", "str_to_upper"], .text, "The text in capitals.", one,
      examples: [Example("upper(\"straße\")", gives: "STRASSE")], searchWords: ["uppercase", "toupper"],
      .rows(TextFunctions.upper)),
    Function(
      "lower", aliases: ["tolower", "str_to_lower"], .text, "The text in small letters.", one,
      examples: [Example("lower(\"ÖL\")", gives: "öl")], searchWords: ["lowercase", "tolower"],
      .rows(TextFunctions.lower)),
    Function(
      "trim", aliases: ["str_trim"], .text, "The text without blanks at both ends.", one,
      examples: [Example("trim(\"  a b \")", gives: "a b")], searchWords: ["strip", "trimws", "btrim"],
      .rows(TextFunctions.trim)),
    Function(
      "trim_left", aliases: ["ltrim", "trim_start"], .text, "The text without blanks at the start.", one,
      examples: [Example("length(trim_left(\"  a \"))", gives: "2")], searchWords: ["ltrim", "lstrip"],
      .rows(TextFunctions.trimLeft)),
    Function(
      "trim_right", aliases: ["rtrim", "trim_end"], .text, "The text without blanks at the end.", one,
      examples: [Example("length(trim_right(\"  a \"))", gives: "3")], searchWords: ["rtrim", "rstrip"],
      .rows(TextFunctions.trimRight)),
    Function(
      "substring", aliases: ["substr", "mid"], .text,
      "So many characters from a position on, or all to the end.",
      with([Parameter("from", .int), Parameter("length", .int)]) + with([Parameter("from", .int)]),
      examples: [
        Example("substring(\"E11.9\", 1, 3)", gives: "E11"), Example("substring(\"E11.9\", 5)", gives: "9"),
      ], searchWords: ["substr", "mid", "str_sub", "slice"], .rows(TextFunctions.substring)),
    Function(
      "left", .text, "The first n characters.", with([Parameter("n", .int)]),
      examples: [Example("left(\"E11.9\", 3)", gives: "E11")], searchWords: ["prefix", "head", "substr"],
      .rows(TextFunctions.left)),
    Function(
      "right", .text, "The last n characters.", with([Parameter("n", .int)]),
      examples: [Example("right(\"E11.9\", 2)", gives: ".9")], searchWords: ["suffix", "tail", "substr"],
      .rows(TextFunctions.right)),
    Function(
      "replace", .text,
      "Every place of one text replaced by another, letter by letter.",
      with([Parameter("old", .text), Parameter("new", .text)]),
      examples: [Example("replace(\"E11.9\", \".\", \"\")", gives: "E119")],
      searchWords: ["gsub", "substitute", "str_replace", "str_replace_all", "replace_string"],
      .rows(TextFunctions.replace)),
    Function(
      "replace_pattern", .text,
      "Every match of a regular expression replaced; $1 is its first group, $$ a dollar sign.",
      with([Parameter("regex", .text), Parameter("with", .text)]),
      examples: [
        Example("replace_pattern(\"2026-10\", \"(\\d+)-(\\d+)\", \"$2/$1\")", gives: "10/2026"),
        Example("replace_pattern(\"a  b   c\", \" +\", \" \")", gives: "a b c"),
      ], searchWords: ["gsub", "regexp_replace", "re.sub", "replace_regex"],
      .rows(TextFunctions.replacePattern)),
    Function(
      "matches", aliases: ["regexp_like", "str_detect"], .text,
      "True where the regular expression is found in the text; written `x ~ regex`.",
      with([Parameter("regex", .text)], .bool),
      examples: [Example("matches(\"Sepsis\", \"^S\")", gives: "true")],
      searchWords: ["regex", "~", "rlike", "grepl"], .vector(Kernels.matches)),
    Function(
      "extract", .text,
      "The first match of a regular expression; where it has (groups) the first of these, or the one of a number (0: the whole match). Absent is missing.",
      with([Parameter("regex", .text)]) + with([Parameter("regex", .text), Parameter("group", .int)]),
      examples: [
        Example("extract(\"BP 120/80\", \"\\d+\")", gives: "120"),
        Example("extract(\"BP 120/80\", \"(\\d+)/(\\d+)\", 2)", gives: "80"),
        Example("extract(\"none\", \"\\d+\")", gives: "missing"),
      ], searchWords: ["regexp_extract", "str_extract", "regexp_substr", "str_match"],
      .rows(TextFunctions.extract)),
    Function(
      "split_part", .text,
      "The n-th part between separators, from 1 (from the end with -1); absent is missing.",
      with([Parameter("separator", .text), Parameter("n", .int)]),
      examples: [
        Example("split_part(\"a/b/c\", \"/\", 2)", gives: "b"),
        Example("split_part(\"a/b\", \"/\", 3)", gives: "missing"),
      ], searchWords: ["split", "strsplit", "word", "textsplit"], .rows(TextFunctions.splitPart)),
    Function(
      "contains", aliases: ["has"], .text,
      "True where the text holds the other, or the list the value; exact in case.",
      [
        Signature([x, Parameter("part", .text)], .type(.bool)),
        Signature(
          [Parameter("list", .list), Parameter("value", .any)],
          .computed { types in
            guard case .list(let element) = types[0] else { return .bool }
            return Kernels.areComparable(element, types[1], forEquality: true) ? .bool : nil
          }),
      ],
      examples: [
        Example("contains(\"acute sepsis\", \"sepsis\")", gives: "true"),
        Example("contains([1, 2], 3)", gives: "false"),
      ], searchWords: ["instr", "position", "str_detect", "list_contains", "has", "search"],
      .vector(Kernels.contains)),
    Function(
      "starts_with", aliases: ["startswith", "starts"], .text,
      "True where the text begins with the other; exact in case.",
      with([Parameter("start", .text)], .bool),
      examples: [Example("starts_with(\"E11.9\", \"E11\")", gives: "true")],
      searchWords: ["prefix", "startswith"],
      .vector(Kernels.startsWith)),
    Function(
      "ends_with", aliases: ["endswith"], .text, "True where the text ends with the other; exact in case.",
      with([Parameter("end", .text)], .bool),
      examples: [Example("ends_with(\"report.pdf\", \".pdf\")", gives: "true")],
      searchWords: ["suffix", "endswith"],
      .vector(Kernels.endsWith)),
    Function(
      "concat", aliases: ["paste0", "strcat"], .text,
      "The arguments end to end as one text; missing where one of them is.",
      [Signature([Parameter("parts", .any, variadic: true)], .type(.text))],
      examples: [
        Example("concat(\"ward \", 7)", gives: "ward 7"), Example("concat(\"a\", missing)", gives: "missing"),
      ], searchWords: ["paste", "||", "strcat", "concatenate", "&"], .vector(TextFunctions.concatColumns)),
    Function(
      "pad_left", aliases: ["lpad"], .text, "The text filled up to a length at the start.",
      with([Parameter("length", .int), Parameter("fill", .text, default: .text(" "))]),
      examples: [Example("pad_left(\"42\", 5, \"0\")", gives: "00042")],
      searchWords: ["lpad", "str_pad", "zfill"],
      .rows(TextFunctions.padLeft)),
    Function(
      "pad_right", aliases: ["rpad"], .text, "The text filled up to a length at the end.",
      with([Parameter("length", .int), Parameter("fill", .text, default: .text(" "))]),
      examples: [Example("pad_right(\"42\", 4, \".\")", gives: "42..")],
      searchWords: ["rpad", "str_pad", "ljust"],
      .rows(TextFunctions.padRight)),
    Function(
      "reverse", .text, "The text from back to front.", one,
      examples: [Example("reverse(\"abc\")", gives: "cba")],
      searchWords: ["strrev", "stri_reverse"], .rows(TextFunctions.reverse)),
    Function(
      "repeat", aliases: ["strrep", "str_dup"], .text, "The text n times; up to a million bytes.",
      with([Parameter("n", .int)]), examples: [Example("repeat(\"ab\", 3)", gives: "ababab")],
      searchWords: ["rept", "replicate", "strrep"], .rows(TextFunctions.repeated)),
    Function(
      "similarity", aliases: ["jaro_winkler"], .text,
      "How alike two texts are by Jaro and Winkler, 0 to 1; exact in case.",
      [Signature([Parameter("a", .text), Parameter("b", .text)], .type(.float))],
      examples: [
        Example("round(similarity(\"MARTHA\", \"MARHTA\"), 3)", gives: "0.961"),
        Example("similarity(\"ward\", \"ward\")", gives: "1.0"),
        Example("similarity(\"a\", \"b\")", gives: "0.0"),
      ], searchWords: ["fuzzy", "jaro", "winkler", "levenshtein", "stringdist", "edit distance"],
      .rows(TextFunctions.similarity)),
  ]
}
