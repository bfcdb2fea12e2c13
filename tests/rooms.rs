//! The floor plan of `src/`, held: rooms know earlier rooms only, unsafe code stays in one folder, the core stays pure.

use std::fs;
use std::path::Path;

/// The rooms of the core from the first to the last; those of one line stand side by side.
const ROOMS: &[&[&str]] = &[
    &["hash", "limits", "order", "part", "span"],
    &["plan"],
    &["scan"],
    &["tape"],
    &["pattern"],
    &["format"],
    &["time"],
    &["sensitive"],
    &["document", "edit"],
    &["catalog"],
    &["detect"],
    &["drift", "schema"],
    &["recognition"],
    &["query"],
    &["store"],
    &["accept", "sample"],
    &["redact"],
    &["template"],
    &["encode"],
    &["policy"],
    &["flow"],
    &["report"],
    &["explain", "pipeline"],
    &["probe"],
];

/// Doors that lead forward all the same: file, room, why. One that is no longer used has to go from here.
const DOORS: &[(&str, &str, &str)] = &[
    ("scan/frame.rs", "tape", "the framing drives the walk: one pass over the bytes"),
    ("scan/lines.rs", "tape", "the same, for NDJSON"),
];

/// Names that only an impure core would need.
const IMPURE: &[&str] = &[
    "std::time",
    "Instant",
    "SystemTime",
    "std::net",
    "std::fs",
    "std::io",
    "std::env",
    "std::process",
    "std::thread",
    "std::sync::atomic",
    "thread_local",
    "static",
    "OnceLock",
    "OnceCell",
    "LazyLock",
    "LazyCell",
    "Mutex",
    "RwLock",
    "rand",
    "getrandom",
    "RandomState",
    "HashMap",
    "HashSet",
    "println",
    "eprintln",
    "dbg",
];

/// The only folder of unsafe code.
const UNSAFE: &str = "scan/kernel/";

fn is_test(file: &str) -> bool {
    file.ends_with("tests.rs") || file.contains("/tests/")
}

#[test]
fn rooms_know_earlier_rooms_only() {
    let mut wrong = Vec::new();
    let mut used = vec![false; DOORS.len()];
    for (file, code) in sources() {
        let room = file.split('/').next().unwrap_or_default().trim_end_matches(".rs");
        if matches!(room, "lib" | "wasm") || is_test(&file) {
            continue; // the front door, the other crate, the visitors
        }
        let Some(own) = rank(room) else {
            wrong.push(format!("{file}: {room} is no known room"));
            continue;
        };
        for (line, other) in mentions(&code) {
            if let Some(door) = DOORS.iter().position(|door| (door.0, door.1) == (file.as_str(), other)) {
                used[door] = true;
            } else if other != room && rank(other).is_none_or(|other| other > own) {
                wrong.push(format!("{file}:{line}: {room} may not know {other}"));
            }
        }
    }
    let unused = DOORS.iter().zip(used).filter(|(_, used)| !used);
    wrong.extend(unused.map(|((file, room, _), _)| format!("{file}: no longer knows {room}; take the door away")));
    assert!(wrong.is_empty(), "\n{}", wrong.join("\n"));
}

#[test]
fn unsafe_code_stays_in_the_kernels() {
    let found: Vec<String> = sources()
        .iter()
        .filter(|(file, _)| !file.starts_with(UNSAFE))
        .flat_map(|(file, code)| words(code, "unsafe").map(move |line| format!("{file}:{line}")))
        .collect();
    assert!(found.is_empty(), "unsafe outside {UNSAFE}: {found:?}");
    let kernels = sources().into_iter().filter(|(file, _)| file.starts_with(UNSAFE)).count();
    assert!(kernels > 0, "{UNSAFE} has moved");
}

#[test]
fn the_core_has_no_clock_no_network_no_chance_and_no_state() {
    let mut found = Vec::new();
    for (file, code) in sources().into_iter().filter(|(file, _)| !is_test(file)) {
        for name in IMPURE {
            found.extend(words(&code, name).map(|line| format!("{file}:{line}: {name}")));
        }
    }
    assert!(found.is_empty(), "\n{}", found.join("\n"));
}

#[test]
fn the_check_itself_sees_what_it_should() {
    let code = plain(
        "use crate::{\n    tape::Tape, // crate::policy\n    plan::{Path, Plan},\n};\nlet x = crate::redact::f(\"crate::scan\"); 'static",
    );
    let seen: Vec<(usize, &str)> = mentions(&code).collect();
    assert_eq!(seen, [(1, "tape"), (1, "plan"), (5, "redact")]);
    assert_eq!(words(&code, "static").count(), 0, "a lifetime is no state");
    assert_eq!(words("let a = 1;\nstatic mut B: u8 = 0;", "static").collect::<Vec<_>>(), [2]);
    assert_eq!(words("unsafe_code(x) unsafer", "unsafe").count(), 0);
}

fn rank(room: &str) -> Option<usize> {
    ROOMS.iter().position(|rooms| rooms.contains(&room))
}

/// Every source file: its path below `src`, and its text without comments and strings.
fn sources() -> Vec<(String, String)> {
    fn walk(folder: &Path, prefix: &str, files: &mut Vec<(String, String)>) {
        for entry in fs::read_dir(folder).expect("src").flatten() {
            let name = format!("{prefix}{}", entry.file_name().to_string_lossy());
            if entry.path().is_dir() {
                walk(&entry.path(), &format!("{name}/"), files);
            } else if name.ends_with(".rs") {
                files.push((name, plain(&fs::read_to_string(entry.path()).expect("a source file"))));
            }
        }
    }
    let mut files = Vec::new();
    walk(&Path::new(env!("CARGO_MANIFEST_DIR")).join("src"), "", &mut files);
    assert!(files.len() > 20, "src has moved");
    files
}

/// The text with comments and strings blanked, line by line; enough for code that is formatted.
fn plain(text: &str) -> String {
    let mut out = String::new();
    for line in text.lines() {
        let mut rest = line;
        while let Some(at) = rest.find(['"', '/']) {
            let (before, found) = rest.split_at(at);
            out.push_str(before);
            if found.starts_with("//") {
                rest = "";
            } else if found.starts_with('"') && !before.ends_with('\'') && !before.ends_with("'\\") {
                let mut escaped = false;
                let end = found[1..].find(|c| {
                    let ends = c == '"' && !escaped;
                    escaped = c == '\\' && !escaped;
                    ends
                });
                rest = end.map_or("", |end| &found[end + 2..]);
            } else {
                out.push_str(&found[..1]);
                rest = &found[1..];
            }
        }
        out.push_str(rest);
        out.push('\n');
    }
    out
}

/// The rooms that a text names behind `crate::`, also in a list of braces, with the line.
fn mentions(code: &str) -> impl Iterator<Item = (usize, &str)> {
    code.match_indices("crate::").flat_map(move |(at, found)| {
        let line = code[..at].matches('\n').count() + 1;
        let rest = &code[at + found.len()..];
        let list = rest.strip_prefix('{').map_or_else(|| vec![name(rest)], first_names);
        list.into_iter().map(move |name| (line, name))
    })
}

fn name(text: &str) -> &str {
    let end = text.find(|c: char| !c.is_alphanumeric() && c != '_').unwrap_or(text.len());
    &text[..end]
}

/// Of `a::b, c::{d, e}}`, the names `a` and `c`.
fn first_names(text: &str) -> Vec<&str> {
    let (mut depth, mut start, mut names) = (0, 0, Vec::new());
    for (i, c) in text.char_indices() {
        match c {
            '{' => depth += 1,
            '}' if depth > 0 => depth -= 1,
            ',' | '}' if depth == 0 => {
                names.push(name(text[start..i].trim_start()));
                start = i + 1;
                if c == '}' {
                    break;
                }
            }
            _ => {}
        }
    }
    names.retain(|name| !name.is_empty());
    names
}

/// The lines on which a word (or path) stands alone.
fn words<'a>(code: &'a str, word: &'a str) -> impl Iterator<Item = usize> + 'a {
    let part = |c: char| c.is_alphanumeric() || c == '_' || c == '\'';
    code.match_indices(word).filter_map(move |(at, _)| {
        let before = code[..at].chars().next_back().is_some_and(part);
        let behind = code[at + word.len()..].chars().next().is_some_and(|c| part(c) && c != '\'');
        (!before && !behind).then(|| code[..at].matches('\n').count() + 1)
    })
}
