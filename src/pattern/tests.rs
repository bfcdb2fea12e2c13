//! ECMA-262's particulars, a line each; limits; the official suites.

use std::path::PathBuf;
use std::time::{Duration, Instant};

use serde_json::Value;

use super::*;

fn compiled(pattern: &str) -> Pattern {
    Pattern::new(pattern).unwrap_or_else(|error| panic!("{pattern}: {error:?}"))
}

/// A pattern, texts in which it is found, texts in which it is not.
type Case = (&'static str, &'static [&'static str], &'static [&'static str]);

const CASES: &[Case] = &[
    // anchors
    ("^abc$", &["abc"], &["abc\n", "xabc", "\nabc"]),
    ("a|^b|c$", &["xa", "bx", "xc"], &["xb", "cx"]),
    ("(^|,)a(,|$)", &["a", "b,a", "a,b", "b,a,c"], &["ba", "ab", "b,ab"]),
    ("a^b|a$b", &[], &["ab", "a\nb"]),
    ("", &["", "a"], &[]),
    ("^$", &[""], &["a", "\n"]),
    (r"\bfoo\b", &["foo", "a foo b", "é-foo", "éfoo"], &["food", "_foo", "foo1"]),
    (r"\Boo\B", &["foot", "oot_oot"], &["oo", "foo", "oof"]),
    (r"^\B$", &[""], &["a"]),
    (r"\b", &["a", "-a"], &["", "--", "é"]),
    // classes and their escapes
    (".", &["a", "é", "😀", "\u{85}"], &["", "\n", "\r", "\u{2028}", "\u{2029}"]),
    ("^.$", &["😀"], &["e\u{301}"]),
    (r"^\d$", &["0", "9"], &["\u{7C0}", "৪", "a"]),
    (r"^\D$", &["\u{7C0}", "é"], &["0"]),
    (r"^\w$", &["a", "Z", "_", "0"], &["é", "-", "ſ"]),
    (r"^\W$", &["é", "-"], &["a"]),
    (
        r"^\s$",
        &[" ", "\t", "\u{B}", "\u{C}", "\u{A0}", "\u{FEFF}", "\n", "\r", "\u{2029}", "\u{2003}", "\u{3000}"],
        &["\u{1}", "\u{2013}", "\u{200B}", "\u{85}", "\u{180E}"],
    ),
    (r"^\S$", &["a", "\u{200B}"], &[" ", "\u{FEFF}"]),
    ("[]", &[], &["", "a", "]"]),
    ("^[^]$", &["a", "\n", "😀"], &["", "ab"]),
    ("^[^a-c]$", &["d", "é", "\n"], &["b"]),
    (r"^[\d\-x]+$", &["1-x"], &["y"]),
    (r"^[\b]$", &["\u{8}"], &["b"]),
    ("^[a-]$", &["a", "-"], &["b"]),
    ("^[-a]$", &["a", "-"], &["b"]),
    ("^[--/]$", &["-", ".", "/"], &["0"]),
    ("^[a-c-e]$", &["b", "-", "e"], &["d"]),
    ("^[[(.]$", &["[", "(", "."], &["]"]),
    ("^[é-í]$", &["ê"], &["a", "î"]),
    (r"^[^\d\s]$", &["a"], &["1", " "]),
    (r"^[\s\S]$", &["\n", "a"], &[]),
    (r"^[\D\d]$", &["é", "0"], &[]),
    ("^🐲*$", &["", "🐲🐲"], &["🐉", "D"]),
    // escapes of characters
    (r"^\t\n\v\f\r\0$", &["\t\n\u{B}\u{C}\r\0"], &[]),
    (r"^\cC\cc$", &["\u{3}\u{3}"], &[r"\cC"]),
    (r"^\x41\u0042\u{43}\u{00044}$", &["ABCD"], &[]),
    (r"^\uD83D\uDE00$", &["😀"], &[]),
    (r"^[\uD83D\uDE00-\uD83D\uDE02]$", &["😁"], &["\u{FFFD}"]),
    (r"\uD83D", &[], &["😀", "\u{FFFD}"]),
    (r"^\/\.\*\+\?\(\)\[\]\{\}\|\^\$\\$", &[r"/.*+?()[]{}|^$\"], &[]),
    // Unicode
    (r"^\p{Letter}+$", &["Hello", "π"], &["123", "a1"]),
    (r"^\p{L}\p{gc=Lu}\p{General_Category=Uppercase_Letter}$", &["aAÉ"], &["AAa"]),
    (r"^\p{digit}+$", &["42", "৪২"], &["-"]),
    (r"^\P{L}$", &["1"], &["é"]),
    (r"^[^\p{L}\d]$", &["-"], &["é", "1"]),
    (r"^[\P{L}a]$", &["1", "a"], &["b"]),
    (r"^\p{Punctuation}\p{P}\p{punct}$", &["!¿_"], &["!!+"]),
    (r"^\p{LC}$", &["a", "A", "ǅ"], &["ª", "ʰ", "א"]),
    (r"^\p{Cn}$", &["\u{378}"], &["a"]),
    (r"^\p{Any}\p{ASCII}\p{Assigned}$", &["\u{378}aé"], &["aéa"]),
    (r"^\p{Alphabetic}\p{Alpha}$", &["aⓐ", "ऀः"], &["1a"]),
    (r"^\p{Lowercase}\p{Uppercase}$", &["aA", "ªⒶ"], &["Aa"]),
    (r"^\p{White_Space}$", &["\u{85}", " "], &["\u{FEFF}"]),
    // groups, alternatives, repetition
    ("^(?:a|b)(?<name>c)(d)$", &["acd"], &["ab"]),
    ("(?<y>a)|(?<y>b)", &["a", "b"], &["c"]),
    ("^(a|ab)(c|bcd)$", &["ac", "abc", "abcd"], &["ab"]),
    ("^(|a)$", &["", "a"], &["b"]),
    ("^a{2}$", &["aa"], &["a", "aaa"]),
    ("^a{2,}$", &["aa", "aaaa"], &["a"]),
    ("^a{1,2}?b??$", &["a", "aab"], &["", "aaa"]),
    ("^a{0}$", &[""], &["a"]),
    ("^(a{0,1}){2,3}$", &["", "aaa"], &["aaaa"]),
    ("^(a*)*$", &["", "aa"], &["b"]),
    ("^(a|b*)+?$", &["", "abba"], &["c"]),
    ("^(?:$|a)+$", &["", "a", "aa"], &["b"]),
    ("^(a{2}){3}$", &["aaaaaa"], &["aaaaa"]),
    ("^(?:){4294967295}$", &[""], &["a"]),
    // modifiers, ECMA-262 2025
    ("^(?i:a)b$", &["ab", "Ab"], &["aB"]),
    ("^(?i:a(?-i:b))c$", &["abc", "Abc"], &["aBc", "abC"]),
    ("^(?s:.).$", &["\na"], &["a\n"]),
    ("(?m:^)a(?m:$)", &["a", "b\na\nb", "\u{2028}a\r"], &["ba", "ab"]),
    ("(?ims-:^a.)", &["x\nA\n"], &["xA"]),
    // annex B, where the flag `u` would refuse
    (r"^[\w-.]+$", &["a-b.c"], &["a b"]),
    (r"^[a-\d]$", &["a", "-", "1"], &["b"]),
    (r"^\-\@\_\ \é$", &["-@_ é"], &[]),
    ("^{.*}$", &["{}", "{a}"], &["a"]),
    ("^a{,2}]$", &["a{,2}]"], &["aa]"]),
    ("^a{x}b{1$", &["a{x}b{1"], &[]),
];

/// Where case is ignored.
const ANY_CASE: &[Case] = &[
    ("^straße$", &["STRAßE", "straẞe"], &["strasse"]),
    ("^[a-z]+$", &["ABC", "ſ\u{212A}"], &["1"]),
    ("^σς$", &["ΣΣ", "ςσ"], &["σs"]),
    ("^[^k]$", &["a"], &["k", "K", "\u{212A}"]),
    (r"^\w\b.$", &["\u{212A}-", "ſ "], &["ſa"]),
    (r"^\W$", &["-"], &["\u{212A}", "s"]),
    (r"^\P{Lu}$", &["A", "a"], &[]), // what folds like something that is not Lu
    (r"^[^\P{Lu}]$", &[], &["A", "a"]),
    ("^ǆ$", &["Ǆ", "ǅ"], &["dž"]),
    ("^і$", &["І"], &["i", "I"]),
    ("^İ$", &["İ"], &["i", "ı"]),
    ("^Ꭰ$", &["ꭰ"], &["a"]),
    ("^𐐀$", &["𐐨"], &["a"]),
];

#[test]
fn patterns_mean_what_ecma_262_says() {
    for (cases, any_case) in [(CASES, false), (ANY_CASE, true)] {
        for &(text, hits, misses) in cases {
            let pattern = Pattern::compile(text, any_case).unwrap_or_else(|error| panic!("{text}: {error:?}"));
            let program = Program::new(Parser::new(text, any_case).read().unwrap().unwrap());
            for (subject, found) in hits.iter().map(|hit| (hit, true)).chain(misses.iter().map(|miss| (miss, false))) {
                assert_eq!(pattern.is_match(subject.as_bytes()), found, "{text} in {subject:?}");
                assert_eq!(threads::is_match(&program, subject.as_bytes()), found, "{text} in {subject:?}, simulated");
            }
        }
    }
}

#[test]
fn mistakes_are_named_with_their_place() {
    let cases = [
        ("^(abc]", 1),
        ("abc)", 3),
        ("a|*", 2),
        ("a**", 2),
        ("a{2}{3}", 4),
        ("^*", 1),
        (r"a\b+", 3),
        ("a(?:+)", 4),
        ("a{3,2}", 1),
        ("é[z-a]", 3),
        ("x[abc", 1),
        ("x\\", 1),
        (r"^\S(|(.|\n)*\S)\Z", 15),
        (r"\a", 0),
        (r"\c1", 0),
        (r"\xg0", 0),
        (r"\u00", 0),
        (r"\u{110000}", 0),
        (r"\u{}", 0),
        (r"\01", 0),
        (r"[\1]", 1),
        (r"[\B]", 1),
        (r"\p{Foo=Bar}", 0),
        (r"\p{gc=Foo}", 0),
        (r"\p{gc=}", 0),
        (r"\p{=Lu}", 0),
        (r"\pL", 0),
        (r"\p{L", 0),
        (r"\p{}", 0),
        (r"(a)\2", 3),
        (r"(?<n>a)\k<m>", 7),
        ("(?=?<n>a)", 3),
        ("(?!?:a)", 3),
        (r"\k<n>", 0),
        (r"\k", 2),
        ("(?P<name>x)", 2),
        ("(?#comment)a", 2),
        ("(?i)abc", 3),
        ("(?ii:a)", 3),
        ("(?-:a)", 3),
        ("(?<n>a)(?<n>b)", 10),
        ("(?<1>a)", 3),
        ("(?<>a)", 3),
        ("(?<a-b>a)", 4),
        ("(?", 2),
        ("(?<", 3),
    ];
    for (text, at) in cases {
        assert_eq!(Pattern::new(text).err().map(|error| error.at), Some(at), "{text}");
        assert!(!Pattern::is_syntax(text), "{text}");
    }
}

#[test]
fn what_no_linear_engine_can_do_is_syntax_all_the_same() {
    let cases = [
        ("^(?=.*a)b", 1),
        ("x(?!a)*b", 1),
        ("(?<=a+)b", 0),
        ("(?<!a)b", 0),
        (r"(a)\1", 3),
        (r"\1(a)", 0),
        (r"(?<n>a)\k<n>", 7),
        ("(?:a{1000}){1000}", 11),
        ("a{32769}", 1),
        ("a{0,99999999999}", 1),
        ("((a{100}){100}){100}", 15),
        ("a{20000}a{20000}", 8),
        ("a{20000}|b{20000}", 9),
        ("(?=(?!a))", 0),
    ];
    for (text, at) in cases {
        assert_eq!(Pattern::new(text).err().map(|error| error.at), Some(at), "{text}");
        assert!(Pattern::is_syntax(text), "{text}");
    }
    for text in ["(?=a", "(?<=a)*", r"(?=\2)(a)"] {
        assert!(!Pattern::is_syntax(text), "{text}");
    }
    assert!(Pattern::new("a{32768}").is_ok());
}

#[test]
fn other_properties_are_behind_a_feature() {
    let built_in = cfg!(feature = "unicode");
    for (text, hit, miss) in [
        (r"^\p{Script=Greek}$", "π", "a"),
        (r"^\p{sc=Grek}$", "π", "\u{342}"),
        (r"^\p{scx=Grek}$", "\u{342}", "a"),
        (r"^\p{Emoji_Presentation}$", "😀", "1"),
        (r"^\p{ID_Start}$", "ℼ", "1"),
    ] {
        assert!(Pattern::is_syntax(text), "{text}");
        match Pattern::new(text) {
            Ok(pattern) => assert!(pattern.is_match(hit.as_bytes()) && !pattern.is_match(miss.as_bytes()), "{text}"),
            Err(error) => {
                assert!(!built_in && error.at == 1 && error.expected.contains("feature"), "{text}: {error:?}")
            }
        }
        assert_eq!(Pattern::new(text).is_ok(), built_in, "{text}");
    }
    assert_eq!(Pattern::is_syntax(r"\p{Script=Klingon}"), !built_in);
}

#[test]
fn hostile_patterns_and_texts_take_little_time() {
    let start = Instant::now();
    let tables = ["^(a+)+$", "(a*)*b", "(a|a)*$", "(x+x+)+y", "^(([a-z])+.)+[A-Z]([a-z])+$", "(a?){50}a{50}b"];
    let simulated = ["a{400}b[ab]{400}c", "[ab]*a[ab]{30}c"];
    for (patterns, length) in [(&tables[..], 100_000), (&simulated[..], 1_000)] {
        let (yes, no) = ("a".repeat(length), format!("{}!", "a".repeat(length)));
        for text in patterns {
            let pattern = compiled(text);
            let simulated = length < 100_000;
            assert_eq!(pattern.cost() > MAX_AUTOMATON_CELLS, simulated, "{text}");
            assert_eq!(pattern.steps(length) > length, simulated, "{text}");
            pattern.is_match(yes.as_bytes());
            pattern.is_match(no.as_bytes());
        }
    }
    let nested = |depth: usize| format!("{}a{}", "(".repeat(depth), ")".repeat(depth));
    assert!(compiled(&nested(199)).is_match(b"a"));
    for (pattern, at) in
        [(nested(100_000), 32 << 10), (nested(10_000), 200), ("(".repeat(10_000), 200), ("a".repeat(40_000), 32 << 10)]
    {
        assert_eq!(Pattern::new(&pattern).err().map(|error| error.at), Some(at));
    }
    let classes: String =
        (0..4000).map(|i| format!(r"[\p{{L}}{}]", char::from_u32(0x2500 + i % 1500).unwrap())).collect();
    assert!(Pattern::new(&classes[..30_000]).is_err_and(|error| error.expected.contains("fewer different")));
    let many: String = (0x4E00..0x6E00).filter_map(char::from_u32).collect();
    assert!(compiled(&format!("[{many}]")).is_match("一".as_bytes()));
    assert!(start.elapsed() < Duration::from_secs(60), "{:?}", start.elapsed());
}

#[test]
fn bytes_that_are_no_text_do_no_harm() {
    for text in [&b"\xFF"[..], b"\xC3", b"\xE2\x82", b"\xF0\x9F\x98", b"\x80\x80", b"\xF5\x80\x80\x80", b"\xC0\x80"] {
        assert!(compiled(r"^\uFFFD+$").is_match(text), "{text:x?}");
    }
    assert!(compiled(r"^\uD83D$").is_match(b"\xED\xA0\xBD"), "a surrogate alone, where a caller writes it so");
}

/// The official suite, where it lies beside the repository or where LOGWEIR_SUITES says.
#[test]
fn the_official_suites_hold() {
    let beside = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../shared/suites");
    let suites = std::env::var_os("LOGWEIR_SUITES").map_or(beside, PathBuf::from).join("json-schema");
    if !suites.is_dir() {
        println!("skipped: the suites are not at {}; LOGWEIR_SUITES may say where they are", suites.display());
        return;
    }
    let files = [
        "pattern",
        "patternProperties",
        "optional/ecmascript-regex",
        "optional/non-bmp-regex",
        "optional/format/regex",
        "optional/format/ecmascript-regex",
    ];
    let (mut count, mut wrong) = (0, Vec::new());
    for file in ["draft7", "draft2020-12"].iter().flat_map(|draft| files.map(|file| suites.join(draft).join(file))) {
        let text = std::fs::read(file.with_extension("json")).expect("a file of the suite");
        for group in serde_json::from_slice::<Value>(&text).expect("JSON").as_array().unwrap() {
            for test in group["tests"].as_array().unwrap() {
                let Some(holds) = holds(&group["schema"], &test["data"]) else { continue };
                count += 1;
                if Some(holds) != test["valid"].as_bool() {
                    wrong.push(format!("{}: {}", file.display(), test["description"]));
                }
            }
        }
    }
    println!("patterns in the official suites: {count}, wrong: {}", wrong.len());
    assert!(wrong.is_empty() && count > 200, "{count} {wrong:#?}");
}

/// What pattern, patternProperties and the format say; none where others have a say as well.
fn holds(schema: &Value, data: &Value) -> Option<bool> {
    if let (Some(pattern), Some(text)) = (schema["pattern"].as_str(), data.as_str()) {
        return Some(compiled(pattern).is_match(text.as_bytes()));
    }
    if let (Some("regex"), Some(text)) = (schema["format"].as_str(), data.as_str()) {
        return Some(Pattern::is_syntax(text));
    }
    let (patterns, object) = (schema["patternProperties"].as_object()?, data.as_object()?);
    let mut valid = true;
    for (key, value) in object {
        let mut closed = schema["additionalProperties"] == false;
        for (_, rule) in patterns.iter().filter(|(pattern, _)| compiled(pattern).is_match(key.as_bytes())) {
            closed = false;
            valid &= match rule["type"].as_str() {
                Some("integer") => value.is_i64() || value.is_u64(),
                Some("number") => value.is_number(),
                Some("boolean") => value.is_boolean(),
                Some("string") => value.is_string(),
                Some("null") => value.is_null(),
                _ if rule["maximum"].is_number() => value.as_f64() <= rule["maximum"].as_f64(),
                _ => rule != &Value::Bool(false),
            };
        }
        valid &= !closed;
    }
    Some(valid)
}
