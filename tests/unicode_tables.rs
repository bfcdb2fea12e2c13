//! The tables of `src/pattern/tables`: made from those of the crate regex-syntax, and the same as they are there.
//! `LOGWEIR_BLESS=1 cargo test --test unicode_tables` writes them anew, after that crate has learnt a newer Unicode.

use std::fs;
use std::path::Path;

use regex_syntax::Parser;
use regex_syntax::hir::{Class, ClassUnicode, ClassUnicodeRange, HirKind};

#[path = "../src/pattern/names.rs"]
mod names;

const SURROGATES: (u32, u32) = (0xD800, 0xDFFF);
const LAST: u32 = 0x10_FFFF;

#[test]
fn tables_are_those_of_regex_syntax() {
    let categories = categories();
    let files = [
        ("category.bin", category_table(&categories)),
        ("property.bin", property_table(names::PROPERTIES, &categories)),
        ("more.bin", property_table(names::MORE_PROPERTIES, &categories)),
        ("script.bin", ranges_table(names::SCRIPTS, script)),
        ("extension.bin", ranges_table(names::SCRIPTS, extensions)),
        ("fold.bin", fold_table()),
    ];
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("src/pattern/tables");
    for (file, made) in files {
        if std::env::var_os("LOGWEIR_BLESS").is_some() {
            fs::write(folder.join(file), &made).expect("a table");
        }
        assert!(fs::read(folder.join(file)).expect("a table") == made, "{file} is of another Unicode");
    }
}

fn property(name: &str) -> ClassUnicode {
    let hir = Parser::new().parse(&format!(r"\p{{{name}}}")).unwrap_or_else(|error| panic!("{name}: {error}"));
    match hir.kind() {
        HirKind::Class(Class::Unicode(class)) => class.clone(),
        HirKind::Literal(one) => {
            let c = std::str::from_utf8(&one.0).expect("UTF-8").chars().next().expect("a character");
            ClassUnicode::new([ClassUnicodeRange::new(c, c)])
        }
        other => panic!("{name} is {other:?}"),
    }
}

/// First and last code point of each range. That crate knows no surrogates: what seems to span them does not hold them.
fn ranges(class: &ClassUnicode) -> Vec<(u32, u32)> {
    let whole = class.ranges().iter().map(|range| (range.start() as u32, range.end() as u32));
    let parts = whole.flat_map(|(a, b)| [(a, b.min(SURROGATES.0 - 1)), (a.max(SURROGATES.1 + 1), b)]);
    parts.filter(|(a, b)| a <= b).collect()
}

/// The short name of each category, and its code points.
fn categories() -> Vec<(&'static str, ClassUnicode)> {
    let lines = names::CATEGORIES.lines().take(names::CATEGORY_COUNT);
    let shorts = lines.map(|line| line.split(' ').next().expect("a name"));
    shorts
        .map(|short| (short, if short == "Cs" { ClassUnicode::empty() } else { property(&format!("gc={short}")) }))
        .collect()
}

fn category_table(categories: &[(&str, ClassUnicode)]) -> Vec<u8> {
    let mut runs = Vec::new();
    for (category, (short, class)) in (0..).zip(categories) {
        let ranges = if *short == "Cs" { vec![SURROGATES] } else { ranges(class) };
        runs.extend(ranges.into_iter().map(|(first, last)| (first, last, category)));
    }
    runs.sort_unstable();
    let (mut table, mut next) = (Vec::new(), 0);
    for (first, last, category) in runs {
        assert_eq!(first, next, "a code point is of one category");
        next = last + 1;
        let more = (last - first).min(7);
        table.push((more as u8) << 5 | category);
        if more == 7 {
            number(&mut table, last - first - 7);
        }
    }
    assert_eq!(next, LAST + 1);
    table
}

/// For each line of names: where the property differs from the categories behind its `=`.
fn property_table(lines: &str, categories: &[(&str, ClassUnicode)]) -> Vec<u8> {
    ranges_table(lines, |line| {
        let (names, list) = line.split_once('=').unwrap_or((line, ""));
        let mut class = property(names.split(' ').next().expect("a name"));
        for group in list.split(' ').filter(|group| !group.is_empty()) {
            let begins = |short: &str| match group {
                "LC" => ["Lu", "Ll", "Lt"].contains(&short),
                _ => short == group || group.len() == 1 && short.starts_with(group),
            };
            categories
                .iter()
                .filter(|(short, _)| begins(short))
                .for_each(|(_, category)| class.symmetric_difference(category));
        }
        class
    })
}

fn script(line: &str) -> ClassUnicode {
    property(&format!("sc={}", line.split(' ').next().expect("a name")))
}

/// Where the scripts of Script_Extensions differ from those of Script.
fn extensions(line: &str) -> ClassUnicode {
    let mut class = property(&format!("scx={}", line.split(' ').next().expect("a name")));
    class.symmetric_difference(&script(line));
    class
}

/// For each line the number of ranges, and of each the gap before it and its length less 1.
fn ranges_table(lines: &str, class: impl Fn(&str) -> ClassUnicode) -> Vec<u8> {
    let mut table = Vec::new();
    for line in lines.lines() {
        let ranges = ranges(&class(line));
        number(&mut table, ranges.len() as u32);
        let mut next = 0;
        for (first, last) in ranges {
            number(&mut table, first - next);
            number(&mut table, last - first);
            next = last + 1;
        }
    }
    table
}

/// Runs of code points that fold by the same distance: the gap between starts, length doubled (and 1 where every second
/// one is meant), the distance with its sign in the lowest bit.
fn fold_table() -> Vec<u8> {
    let mut folds: Vec<(u32, i32)> = Vec::new();
    let mut cased = property("Changes_When_Casemapped");
    cased.union(&property("Changes_When_Casefolded"));
    cased.case_fold_simple();
    for c in cased.ranges().iter().flat_map(|range| range.start()..=range.end()) {
        let mut class = ClassUnicode::new([ClassUnicodeRange::new(c, c)]);
        class.case_fold_simple();
        let like: Vec<char> = class.ranges().iter().flat_map(|range| range.start()..=range.end()).collect();
        let smallest = like[0];
        let lower = smallest.to_lowercase().next().filter(|lower| like.contains(lower)).unwrap_or(smallest);
        if c != lower {
            folds.push((c as u32, lower as i32 - c as i32));
        }
    }
    let mut table = Vec::new();
    let (mut at, mut before) = (0, 0);
    while let Some(&(first, distance)) = folds.get(at) {
        let run = |stride: u32| {
            let like = folds[at..].iter().zip(0..).take_while(|(fold, i)| **fold == (first + stride * i, distance));
            like.count() as u32
        };
        let (stride, len) = if run(2) > run(1) { (2, run(2)) } else { (1, run(1)) };
        number(&mut table, first - before);
        number(&mut table, len << 1 | (stride - 1));
        number(&mut table, (distance << 1 ^ distance >> 31) as u32);
        before = first;
        at += len as usize;
    }
    table
}

/// 7 bits a byte, the low ones first.
fn number(table: &mut Vec<u8>, mut number: u32) {
    while number >= 0x80 {
        table.push(number as u8 | 0x80);
        number >>= 7;
    }
    table.push(number as u8);
}
