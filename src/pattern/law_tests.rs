//! Against another engine wherever both mean the same; and no text makes the parser panic.

use proptest::collection::vec;
use proptest::prelude::*;

use super::program::Program;
use super::syntax::Parser;
use super::{Pattern, threads};
use crate::common::seed::config;

/// A pattern as we write it and as the crate `regex` does.
type Both = (String, String);

fn atom() -> impl Strategy<Value = Both> {
    let same = |text: &str| Just((text.to_owned(), text.to_owned()));
    let differs = |ours: &str, theirs: &str| Just((ours.to_owned(), theirs.to_owned()));
    prop_oneof![
        6 => "[abkKsSéÉσς😀\u{212A}1-]".prop_map(|c| (c.clone(), c)),
        2 => vec("[a-ck-m]|é-í|\u{212A}|[0-9_]", 1..4).prop_map(|list| (list.concat(), list.concat())).prop_flat_map(|(list, _)| {
            prop_oneof![Just(format!("[{list}]")), Just(format!("[^{list}]"))].prop_map(|class| (class.clone(), class))
        }),
        1 => differs(".", r"[^\n\r\u{2028}\u{2029}]"),
        1 => differs(r"\w", "[0-9A-Za-z_]"),
        1 => differs(r"\W", "[^0-9A-Za-z_]"),
        1 => differs(r"[^\d]", "[^0-9]"),
        1 => differs(r"\s", r"[\t\n\x0B\x0C\r \u{A0}\u{FEFF}\u{2028}\u{2029}\p{Zs}]"),
        1 => same(r"\p{L}"),
        1 => same(r"[^\p{Lu}\p{Nd}]"),
        1 => same(r"\P{Nd}"),
        1 => same("^"),
        1 => same("$"),
    ]
}

fn pattern() -> impl Strategy<Value = Both> {
    let group = |(ours, theirs): Both| (format!("(?:{ours})"), format!("(?:{theirs})"));
    atom().prop_recursive(4, 24, 4, move |inner| {
        let join = |parts: Vec<Both>, by: &str| {
            let (ours, theirs): (Vec<String>, Vec<String>) = parts.into_iter().unzip();
            (ours.join(by), theirs.join(by))
        };
        prop_oneof![
            3 => vec(inner.clone(), 0..4).prop_map(move |parts| join(parts, "")),
            2 => vec(inner.clone(), 1..4).prop_map(move |parts| group(join(parts, "|"))),
            3 => (inner, r"[*+?]\??|\{[0-3]\}|\{[0-2],\}|\{[01],[1-4]\}").prop_map(move |(part, times)| {
                let (ours, theirs) = group(part);
                (format!("{ours}{times}"), format!("{theirs}{times}"))
            }),
        ]
    })
}

const TEXT: &str = "[abkKsSéÉσς😀ſ\u{212A}12 \n-]{0,12}";

proptest! {
    #![proptest_config(config(800))]

    #[test]
    fn what_is_found_is_what_another_engine_finds((ours, theirs) in pattern(), text in TEXT, any_case: bool) {
        let theirs = regex::RegexBuilder::new(&theirs).case_insensitive(any_case).build().expect("a regex");
        let pattern = Pattern::compile(&ours, any_case).expect("a pattern");
        let found = theirs.is_match(&text);
        prop_assert_eq!(pattern.is_match(text.as_bytes()), found, "{} in {:?}", ours, text);
        let program = Program::new(Parser::new(&ours, any_case).read().unwrap().unwrap());
        prop_assert_eq!(threads::is_match(&program, text.as_bytes()), found, "{} in {:?}, simulated", ours, text);
    }

    /// Word boundaries of ASCII, which that crate has for bytes only.
    #[test]
    fn word_boundaries_are_found_where_another_engine_finds_them((ours, theirs) in pattern(), (more, most) in pattern(), not: bool, text in "[abkKsS12 -]{0,12}") {
        let b = if not { r"\B" } else { r"\b" };
        let theirs = regex::bytes::Regex::new(&format!("(?:{theirs})(?-u:{b})(?:{most})|(?:(?-u:{b})(?:{most})){{2}}")).expect("a regex");
        let pattern = Pattern::new(&format!("(?:{ours}){b}(?:{more})|(?:{b}(?:{more})){{2}}")).expect("a pattern");
        prop_assert_eq!(pattern.is_match(text.as_bytes()), theirs.is_match(text.as_bytes()), "{} {} {:?}", ours, more, text);
    }

    #[test]
    fn no_text_makes_the_parser_panic(text in r"([\\(){}\[\]?*+|^$.,:<>=!-]|\\[a-zA-Z]|\\u\{?|\\p\{|\(\?<?|[0-9a-zA-Z]|é|\PC){0,20}", subject in ".{0,8}") {
        if let Ok(pattern) = Pattern::new(&text) {
            pattern.is_match(subject.as_bytes());
            prop_assert!(Pattern::is_syntax(&text));
        }
        if let Err(error) = Pattern::new(&text) {
            prop_assert!(text.is_char_boundary(error.at), "{} {:?}", text, error);
        }
    }

    #[test]
    fn bytes_of_any_kind_are_read_to_their_end((ours, _) in pattern(), bytes in vec(any::<u8>(), 0..24)) {
        let program = Program::new(Parser::new(&ours, false).read().unwrap().unwrap());
        let pattern = Pattern::new(&ours).expect("a pattern");
        prop_assert_eq!(pattern.is_match(&bytes), threads::is_match(&program, &bytes));
    }
}
