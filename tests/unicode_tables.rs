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
        ("script.bin", ranges_table(names::SCRIPTS, |name| property(&format!("sc={name}")))),
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

/// A membership for each code point.
type Points = Vec<bool>;

fn points(class: &ClassUnicode) -> Points {
    let mut points = vec![false; LAST as usize + 1];
    for range in class.ranges() {
        points[range.start() as usize..=range.end() as usize].fill(true);
    }
    points[SURROGATES.0 as usize..=SURROGATES.1 as usize].fill(false); // that crate has no surrogates at all
    points
}

fn property(name: &str) -> Points {
    let text = format!(r"\p{{{name}}}");
    let hir = Parser::new().parse(&text).unwrap_or_else(|error| panic!("{error}"));
    match hir.kind() {
        HirKind::Class(Class::Unicode(class)) => points(class),
        HirKind::Literal(one) => {
            let c = std::str::from_utf8(&one.0).unwrap().chars().next().unwrap();
            points(&ClassUnicode::new([ClassUnicodeRange::new(c, c)]))
        }
        other => panic!("{name} is {other:?}"),
    }
}

fn extensions(name: &str) -> Points {
    let both = property(&format!("sc={name}")).into_iter().zip(property(&format!("scx={name}")));
    both.map(|(script, extension)| script != extension).collect()
}

/// The short name of each category, and its number for each code point.
fn categories() -> (Vec<&'static str>, Vec<u8>) {
    let lines = names::CATEGORIES.lines().take(names::CATEGORY_COUNT);
    let shorts: Vec<&str> = lines.map(|line| line.split(' ').next().unwrap()).collect();
    let surrogate = shorts.iter().position(|&short| short == "Cs").unwrap();
    let mut numbers = vec![u8::MAX; LAST as usize + 1];
    numbers[SURROGATES.0 as usize..=SURROGATES.1 as usize].fill(surrogate as u8);
    for (number, short) in shorts.iter().enumerate().filter(|(number, _)| *number != surrogate) {
        for (point, _) in property(&format!("gc={short}")).iter().enumerate().filter(|(_, has)| **has) {
            assert_eq!(numbers[point], u8::MAX, "{point:x} is of two categories");
            numbers[point] = number as u8;
        }
    }
    assert!(numbers.iter().all(|&number| number != u8::MAX), "a code point without a category");
    (shorts, numbers)
}

fn category_table((_, numbers): &(Vec<&str>, Vec<u8>)) -> Vec<u8> {
    let mut table = Vec::new();
    for run in numbers.chunk_by(|a, b| a == b) {
        let short = (run.len() - 1).min(7);
        table.push((short as u8) << 5 | run[0]);
        if short == 7 {
            number(&mut table, run.len() as u32 - 8);
        }
    }
    table
}

/// For each line of names: where the property differs from the categories behind its `=`.
fn property_table(lines: &str, (shorts, numbers): &(Vec<&str>, Vec<u8>)) -> Vec<u8> {
    let categories = |line: &str| -> Vec<usize> {
        let list = line.split_once('=').map_or("", |(_, list)| list);
        let begins = |short: &&str, group: &str| {
            **short == *group
                || group.len() == 1 && short.starts_with(group)
                || group == "LC" && ["Lu", "Ll", "Lt"].contains(short)
        };
        let has = |short: &&str| list.split(' ').any(|group| !group.is_empty() && begins(short, group));
        (0..shorts.len()).filter(|&i| has(&shorts[i])).collect()
    };
    let lines: Vec<&str> = lines.lines().collect();
    let mut table = Vec::new();
    for line in lines {
        let name = line.split(['=', ' ']).next().unwrap();
        let kinds = categories(line);
        let differs =
            property(name).into_iter().zip(numbers).map(|(has, number)| has != kinds.contains(&(*number as usize)));
        ranges(&mut table, differs.collect());
    }
    table
}

fn ranges_table(lines: &str, points: impl Fn(&str) -> Points) -> Vec<u8> {
    let mut table = Vec::new();
    for line in lines.lines() {
        ranges(&mut table, points(line.split(' ').next().unwrap()));
    }
    table
}

/// The number of ranges; of each the gap before it, and its length less 1.
fn ranges(table: &mut Vec<u8>, points: Points) {
    let runs: Vec<&[bool]> = points.chunk_by(|a, b| a == b).collect();
    number(table, runs.iter().filter(|run| run[0]).count() as u32);
    let mut gap = 0;
    for run in runs {
        if run[0] {
            number(table, gap);
            number(table, run.len() as u32 - 1);
        }
        gap = if run[0] { 0 } else { run.len() as u32 };
    }
}

/// Runs of code points that fold by the same distance: the gap between starts, length doubled (and 1 where every second
/// one is meant), the distance with its sign in the lowest bit.
fn fold_table() -> Vec<u8> {
    let mut folds: Vec<(u32, i32)> = Vec::new();
    for c in '\0'..=char::MAX {
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
