//! What holds for every query, and for every record: against an evaluation over `serde_json`'s values that is written to
//! be read.

use proptest::collection::vec;
use proptest::prelude::*;
use serde_json::Value as Json;

use super::parse::{join, parse};
use super::place::{Place, Step};
use super::syntax::{Bound, Field, Glyph, Node, NodeKind, Test, Value, glyphs, push_plain};
use super::{Query, QueryReader, literal, print, value};
use crate::common::doc::{self, NAMES};
use crate::common::seed::config;
use crate::pattern::Pattern;
use crate::recognition::Catalog;
use crate::scan::Format;
use crate::span::Span;
use crate::tape::number;

// Queries

fn node(kind: NodeKind) -> Node {
    Node { kind, span: Span::default() }
}

fn glyph() -> impl Strategy<Value = String> {
    let odd = "[-+!&|:(){}\\[\\]\"~^<>=/@._, \\\\]";
    prop_oneof![6 => "[a-zA-Z0-9]", 1 => Just("é".to_owned()), 1 => Just("É".to_owned()), 1 => Just("日".to_owned()),
        2 => odd.prop_map(|c: String| c)]
    .prop_map(|c| {
        let mut text = String::new();
        c.chars().for_each(|c| push_plain(c, &mut text));
        text
    })
}

/// Texts that documents hold, and others.
fn known_text() -> impl Strategy<Value = String> {
    let texts =
        ["no", "NO", "ana@example.org", "1", "true", "null", "-0", "0", "70000", "1e-6", "日本", "[CICD] | FUN-003"];
    prop::sample::select(texts.to_vec()).prop_map(|known| {
        let mut text = String::new();
        known.chars().for_each(|c| push_plain(c, &mut text));
        text
    })
}

fn value(wildcards: bool) -> impl Strategy<Value = Value> {
    let word = vec(
        prop_oneof![5 => glyph(), 1 => Just(if wildcards { "*" } else { "x" }.to_owned()),
        1 => Just(if wildcards { "?" } else { "y" }.to_owned())],
        1..5,
    )
    .prop_map(|glyphs| glyphs.concat());
    let keyword = prop::sample::select(vec!["AND", "OR", "NOT", "TO"]).prop_map(str::to_owned);
    let text = prop_oneof![3 => word, 4 => known_text(), 1 => keyword];
    (text, any::<bool>()).prop_map(|(mut text, quoted)| {
        if text.bytes().all(|b| b == b'*') {
            text = "a*".to_owned(); // stars alone ask for existence
        }
        let is_plain = glyphs(&text).all(|glyph| matches!(glyph, Glyph::Char(_)));
        Value { text, quoted: quoted && is_plain, span: Span::default() }
    })
}

fn field() -> impl Strategy<Value = Field> {
    let names = prop::sample::select(NAMES).prop_map(|name| Step::Name(name.to_owned()));
    let step = prop_oneof![
        8 => names,
        1 => Just(Step::Like("*".to_owned())),
        1 => Just(Step::Like("n*e?".to_owned())),
        1 => (0..3u32).prop_map(Step::Index),
        1 => Just(Step::Element),
    ];
    let deep = (vec(step.clone(), 0..2), vec(step.clone(), 0..2)).prop_map(|(mut way, rest)| {
        way.push(Step::Deep);
        way.extend(rest);
        way
    });
    let place = prop_oneof![8 => vec(step, 1..4), 1 => deep].prop_map(Place::Path);
    prop_oneof![9 => place, 1 => Just(Place::Everywhere)]
        .prop_map(|place| Field { name: place.name(), span: Span::default() })
}

fn test() -> impl Strategy<Value = Test> {
    let is_number = |bound: &Bound| value::is_number(bound.value.plain().as_bytes());
    let bound = || (value(false), any::<bool>()).prop_map(|(value, inclusive)| Bound { value, inclusive });
    let range = (prop::option::of(bound()), prop::option::of(bound())).prop_map(move |(low, high)| match (low, high) {
        (None, None) => Test::Exists,
        (Some(low), Some(high)) if is_number(&low) != is_number(&high) => Test::Range { low: Some(low), high: None },
        (low, high) => Test::Range { low, high },
    });
    let regex = (prop::sample::select(vec!["a", "^no$", "[/a]b\\/", "(x|é)+"]), any::<bool>()).prop_map(
        |(pattern, ignore_case)| Test::Regex {
            pattern: Value { text: pattern.to_owned(), quoted: false, span: Span::default() },
            ignore_case,
        },
    );
    prop_oneof![5 => value(true).prop_map(Test::Value), 1 => Just(Test::Exists), 2 => range, 1 => regex]
}

fn query() -> impl Strategy<Value = Node> {
    let bare = prop_oneof![3 => value(true).prop_map(Test::Value), 1 => test()].prop_map(|test| match test {
        test @ (Test::Value(_) | Test::Regex { .. }) => Node::term(None, test, 0, 0),
        _ => node(NodeKind::All),
    });
    let term = (field(), test()).prop_map(|(field, test)| match (field.name.as_str(), &test) {
        ("*", Test::Exists) => node(NodeKind::All),
        _ => Node::term(Some(field), test, 0, 0),
    });
    let leaf = prop_oneof![2 => bare, 5 => term];
    leaf.prop_recursive(4, 24, 4, |inner| {
        let group = (field(), vec(test(), 2..4), any::<bool>()).prop_map(|(field, tests, and)| {
            let field = if field.name == "*" { Field { name: "a".to_owned(), ..field } } else { field };
            let term = |test| Node::term(Some(field.clone()), test, 0, 0);
            join(tests.into_iter().map(term).collect(), and)
        });
        prop_oneof![
            3 => (vec(inner.clone(), 2..4), any::<bool>()).prop_map(|(parts, and)| join(parts, and)),
            1 => group,
            2 => inner.prop_map(|part| match part.kind {
                NodeKind::Not(inner) => *inner,
                kind => node(NodeKind::Not(Box::new(node(kind)))),
            }),
        ]
    })
}

// The plain evaluation

fn lower(c: char) -> char {
    if c == 'É' { 'é' } else { c.to_ascii_lowercase() }
}

fn glob(form: &[Glyph], text: &[char]) -> bool {
    match form.split_first() {
        None => text.is_empty(),
        Some((Glyph::Any, rest)) => (0..=text.len()).any(|skip| glob(rest, &text[skip..])),
        Some((Glyph::One, rest)) => !text.is_empty() && glob(rest, &text[1..]),
        Some((Glyph::Char(c), rest)) => text.first().is_some_and(|t| lower(*t) == lower(*c)) && glob(rest, &text[1..]),
    }
}

fn plain_glob(form: &str, text: &str, within: bool) -> bool {
    let mut form: Vec<Glyph> = glyphs(form).collect();
    if within {
        form.insert(0, Glyph::Any);
        form.push(Glyph::Any);
    }
    form.dedup_by(|a, b| a == b && *a == Glyph::Any);
    glob(&form, &text.chars().collect::<Vec<_>>())
}

/// The document in a string.
fn open(text: &str) -> Option<Json> {
    let text = text.trim_ascii_start();
    let text = text.strip_prefix('\u{FEFF}').unwrap_or(text);
    if text.starts_with(['{', '[', '"']) { serde_json::from_str(text).ok() } else { None }
}

fn holds(test: &Test, value: &Json, within: bool) -> bool {
    let text = match value {
        Json::String(text) => text.clone(),
        Json::Array(_) | Json::Object(_) => return *test == Test::Exists,
        other => other.to_string(),
    };
    let number = |text: &str| value::is_number(text.as_bytes());
    let is_number = !value.is_null() && !value.is_boolean() && number(&text);
    match test {
        Test::Exists => !value.is_null(),
        Test::Value(wanted) => {
            let same = || is_number && number::compare(text.as_bytes(), wanted.plain().as_bytes()).is_eq();
            plain_glob(&wanted.text, &text, within)
                || !within && number(&wanted.plain()) && !wanted.has_wildcard() && same()
        }
        Test::Regex { .. } => unreachable!("left out"),
        Test::Range { low, high } => {
            let all_numbers = [low, high].into_iter().flatten().all(|bound| number(&bound.value.plain()));
            let compare = |bound: &Bound| {
                let bound = bound.value.plain();
                match all_numbers {
                    true => is_number.then(|| number::compare(text.as_bytes(), bound.as_bytes())),
                    false => value.is_string().then(|| text.to_ascii_lowercase().cmp(&bound.to_ascii_lowercase())),
                }
            };
            let fits = |bound: &Option<Bound>, below: bool| {
                bound.as_ref().is_none_or(|bound| {
                    compare(bound).is_some_and(|order| {
                        order.is_eq() && bound.inclusive || if below { order.is_gt() } else { order.is_lt() }
                    })
                })
            };
            fits(low, true) && fits(high, false)
        }
    }
}

fn at_end(test: &Test, value: &Json, lists: usize) -> bool {
    holds(test, value, false)
        || lists > 0 && value.as_array().is_some_and(|list| list.iter().any(|each| at_end(test, each, lists - 1)))
}

fn reach(test: &Test, value: &Json, path: &[Step]) -> bool {
    let Some((step, rest)) = path.split_first() else { return at_end(test, value, 2) };
    let inner = value.as_str().and_then(open);
    match (step, value) {
        (Step::Deep, _) if inner.is_some() => inner.is_some_and(|inner| reach(test, &inner, path)),
        (Step::Deep, Json::Array(list)) => reach(test, value, rest) || list.iter().any(|each| reach(test, each, path)),
        (Step::Deep, Json::Object(map)) => reach(test, value, rest) || map.values().any(|each| reach(test, each, path)),
        (Step::Deep, _) => reach(test, value, rest),
        (_, Json::String(_)) => inner.is_some_and(|inner| reach(test, &inner, path)),
        (Step::Name(name), Json::Object(map)) => map.get(name).is_some_and(|each| reach(test, each, rest)),
        (Step::Like(like), Json::Object(map)) => map.iter().any(|(name, each)| {
            let form: Vec<Glyph> = glyphs(like).collect();
            let exact = |c: &Glyph| *c;
            let form: Vec<Glyph> = form.iter().map(exact).collect();
            glob_exact(&form, &name.chars().collect::<Vec<_>>()) && reach(test, each, rest)
        }),
        (Step::Like(like), Json::Array(list)) if like == "*" => list.iter().any(|each| reach(test, each, rest)),
        (Step::Name(_) | Step::Like(_), Json::Array(list)) => list.iter().any(|each| match each {
            Json::Array(list) => list.iter().any(|each| each.is_object() && reach(test, each, path)),
            each => reach(test, each, path),
        }),
        (Step::Index(number), Json::Array(list)) => {
            list.get(*number as usize).is_some_and(|each| reach(test, each, rest))
        }
        (Step::Element, Json::Array(list)) => list.iter().any(|each| reach(test, each, rest)),
        _ => false,
    }
}

fn glob_exact(form: &[Glyph], text: &[char]) -> bool {
    match form.split_first() {
        None => text.is_empty(),
        Some((Glyph::Any, rest)) => (0..=text.len()).any(|skip| glob_exact(rest, &text[skip..])),
        Some((Glyph::One, rest)) => !text.is_empty() && glob_exact(rest, &text[1..]),
        Some((Glyph::Char(c), rest)) => text.first() == Some(c) && glob_exact(rest, &text[1..]),
    }
}

fn everywhere(test: &Test, value: &Json, within: bool) -> bool {
    match value {
        Json::Array(list) => list.iter().any(|each| everywhere(test, each, within)),
        Json::Object(map) => map.values().any(|each| everywhere(test, each, within)),
        Json::String(text) => match open(text) {
            Some(inner) => everywhere(test, &inner, within),
            None => holds(test, value, within),
        },
        Json::Null => false,
        _ => holds(test, value, within),
    }
}

fn evaluate(node: &Node, record: &Json) -> bool {
    match &node.kind {
        NodeKind::All => true,
        NodeKind::And(parts) => parts.iter().all(|part| evaluate(part, record)),
        NodeKind::Or(parts) => parts.iter().any(|part| evaluate(part, record)),
        NodeKind::Not(inner) => !evaluate(inner, record),
        NodeKind::Term(term) => match term.field.as_ref().map(|field| Place::read(&field.name).expect("a place")) {
            None => everywhere(&term.test, record, true),
            Some(Place::Everywhere) => everywhere(&term.test, record, false),
            Some(Place::Path(steps)) => reach(&term.test, record, &steps),
            Some(Place::Common(_)) => false,
        },
    }
}

fn has_regex(node: &Node) -> bool {
    match &node.kind {
        NodeKind::All => false,
        NodeKind::And(parts) | NodeKind::Or(parts) => parts.iter().any(has_regex),
        NodeKind::Not(inner) => has_regex(inner),
        NodeKind::Term(term) => matches!(term.test, Test::Regex { .. }),
    }
}

#[test]
fn what_is_printed_is_read_as_the_same_tree() {
    proptest!(config(1500), |(node in query())| {
        let text = print::print(&node);
        let (tokens, read) = parse(&text);
        let again = read.unwrap_or_else(|mistake| panic!("{text}: {mistake:?}"));
        prop_assert_eq!(&again, &node, "{}", text);
        prop_assert_eq!(print::print(&again), text.clone());
        serde_json::from_str::<Json>(&print::json(&again)).expect("JSON");
        // Nothing but blanks lies between the pieces.
        let mut at = 0;
        for token in tokens {
            prop_assert!(token.span.start >= at && text[at..token.span.start].trim().is_empty(), "{}", text);
            at = token.span.end;
        }
        prop_assert!(text[at..].trim().is_empty());
    });
}

#[test]
fn any_text_is_read_or_refused() {
    proptest!(config(1500), |(text in "[-ab:(){}\\[\\]\"/\\\\*?~^&|! <>=@.TORAND0é]{0,24}", at in 0..30usize)| {
        let (tokens, read) = parse(&text);
        for token in &tokens {
            prop_assert!(text.get(token.span.start..token.span.end).is_some_and(|text| !text.is_empty()));
        }
        match read {
            Ok(node) => {
                let (_, again) = parse(&print::print(&node));
                prop_assert_eq!(again.as_ref(), Ok(&node), "{} as {}", text, print::print(&node));
            }
            Err(mistake) => prop_assert!(mistake.at <= text.len()),
        }
        let catalog = Catalog::built_in();
        let _ = Query::compile(&text, &catalog, Some(0)).map(|query| query.warnings(&[]));
        for candidate in Query::complete(&text, text.floor_char_boundary(at), &catalog, &["tray.*".to_owned()]) {
            prop_assert!(text.get(candidate.span.start..candidate.span.end).is_some());
        }
    });
}

#[test]
fn records_match_as_a_plain_evaluation_says() {
    let catalog = Catalog::built_in();
    proptest!(config(1500), |(node in query(), docs in vec((doc::doc(true), doc::dice(false)), 1..4))| {
        prop_assume!(!has_regex(&node));
        let text = print::print(&node);
        // The reference's parser writes a plus into exponents that have none.
        prop_assume!(!text.contains('+'));
        let Ok(query) = Query::compile(&text, &catalog, None) else { return Err(TestCaseError::reject("no query")) };
        let mut reader = QueryReader::new(&query);
        let mut input = Vec::new();
        let mut wanted = 0;
        for (doc, mut dice) in docs {
            let record = doc.tidy().write(&mut dice).replace(['\n', '\r'], " ");
            let value: Json = serde_json::from_str(&record).expect("JSON");
            let matches = evaluate(&node, &value);
            wanted += usize::from(matches);
            reader.input(record.len()).copy_from_slice(record.as_bytes());
            prop_assert_eq!(reader.one(record.len()), matches, "{} over {}", text, record);
            let clauses = literal::clauses(&node);
            prop_assert!(!matches || literal::may_hold(&clauses, record.as_bytes()), "{} over {}", text, record);
            input.extend(record.bytes().chain([b'\n']));
        }
        for pass_over in [false, true] {
            reader.pass_over(pass_over);
            reader.begin(Format::Ndjson);
            reader.push(&input);
            let found = reader.matches().len();
            reader.end();
            prop_assert_eq!(found + reader.matches().len(), wanted, "{} over {}", text, String::from_utf8_lossy(&input));
        }
    });
}

#[test]
fn a_literal_is_found_where_it_is_and_nowhere_before() {
    proptest!(config(1500), |(before in "[a-fA-F\\\\u0é ]{0,80}", needle in "[a-fA-F0 ]{2,6}", behind in "[a-f]{0,270}")| {
        let text = format!("{before}{needle}{behind}").to_ascii_uppercase();
        let word = Node::term(None, Test::Value(Value { text: needle.clone(), quoted: true, span: Span::default() }), 0, 0);
        let clauses = literal::clauses(&word);
        let literal = &clauses[0][0];
        let found = literal.find(text.as_bytes(), 0);
        prop_assert!(found.is_some_and(|at| at <= before.len()), "{}", text);
        let escape = text.find("\\U").is_some();
        let plain = text.to_ascii_lowercase().find(&needle.to_ascii_lowercase());
        prop_assert!(escape || found == plain);
    });
}

#[test]
fn what_a_pattern_requires_stands_in_all_that_it_matches() {
    let pieces = [
        "ab", "c", "s", "\\.", "\\d", "(e|ab)", "(c)?", "[ab\\]]", "[^\\\\c]", "d*", "e+", "f?", "g{0,2}", ".", "é",
        "|", "^", "\\x61b", "(a(b|c))", "]", "}", "/",
    ];
    let texts = ["ab", "c", "s", "S", "}", ".", "1", "e", "d", "g", "f", "é", "/", "]", "b", "a"];
    let pieces = vec(prop::sample::select(pieces.to_vec()), 1..6).prop_map(|pieces| pieces.concat());
    let texts = vec(prop::sample::select(texts.to_vec()), 0..10).prop_map(|texts| texts.concat());
    proptest!(config(4000), |(pattern in pieces, text in texts, ignore_case in any::<bool>())| {
        let compiled = if ignore_case { Pattern::ignoring_case(&pattern) } else { Pattern::new(&pattern) };
        let Ok(compiled) = compiled else { return Ok(()) };
        let value = Value { text: pattern.clone(), quoted: false, span: Span::default() };
        let node = Node::term(None, Test::Regex { pattern: value, ignore_case }, 0, 0);
        let may_hold = literal::may_hold(&literal::clauses(&node), Json::from(text.as_str()).to_string().as_bytes());
        prop_assert!(may_hold || !compiled.is_match(text.as_bytes()), "{} in {}", pattern, text);
    });
    let clauses = |query: &str| literal::clauses(&parse(query).1.expect("a query")).len();
    assert_eq!(["/time(d )?out/", "/a|b/", "/^\\d+$/"].map(clauses), [1, 0, 0]);
}
