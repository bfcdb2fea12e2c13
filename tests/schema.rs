//! JSON Schema: the official suite where it is at hand, and cases of our own.
//!
//! The suite is looked for beside the repository (`../shared/suites`) or where `LOGWEIR_SUITES` says.

use std::fs;
use std::path::{Path, PathBuf};

use logweir::{Dialect, Schema, SchemaOptions, Validator};
use serde_json::Value;

/// The suite's folder; none, with a line that says so, where it is not at hand.
fn suite() -> Option<PathBuf> {
    let suites = std::env::var_os("LOGWEIR_SUITES").map(PathBuf::from);
    let suites = suites.unwrap_or_else(|| Path::new(env!("CARGO_MANIFEST_DIR")).join("../shared/suites"));
    let suite = suites.join("json-schema");
    if suite.join("draft7").is_dir() {
        return Some(suite);
    }
    println!("skipped: no JSON Schema suite at {}; LOGWEIR_SUITES says where it is", suite.display());
    None
}

/// The schemas that the suite's server would serve.
fn remotes(folder: &Path, uri: &str, remotes: &mut Vec<(String, String)>) {
    for entry in fs::read_dir(folder).expect("a folder").flatten() {
        let uri = format!("{uri}/{}", entry.file_name().to_string_lossy());
        if entry.path().is_dir() {
            self::remotes(&entry.path(), &uri, remotes);
        } else {
            remotes.push((uri, fs::read_to_string(entry.path()).expect("a schema")));
        }
    }
}

#[derive(Debug, Default)]
struct Score {
    passed: usize,
    failed: Vec<String>,
}

impl Score {
    fn of(&self) -> String {
        format!("{}/{}", self.passed, self.passed + self.failed.len())
    }
}

/// Runs all files of a folder, not of those within.
fn run(folder: &Path, options: &SchemaOptions) -> Score {
    let mut score = Score::default();
    let mut files: Vec<PathBuf> = fs::read_dir(folder).expect("a folder").flatten().map(|entry| entry.path()).collect();
    files.retain(|file| file.extension().is_some_and(|kind| kind == "json"));
    files.sort();
    for file in files {
        let name = file.file_stem().unwrap_or_default().to_string_lossy().into_owned();
        let groups: Value = serde_json::from_str(&fs::read_to_string(&file).expect("a file")).expect("JSON");
        for group in groups.as_array().expect("groups") {
            let tests = group["tests"].as_array().expect("tests");
            let about = |test: &Value| format!("{name}: {} / {}", group["description"], test["description"]);
            let schema = match Schema::compile(&group["schema"].to_string(), options) {
                Ok(schema) => schema,
                Err(problems) => {
                    score.failed.extend(tests.iter().map(|test| format!("{}: {problems}", about(test))));
                    continue;
                }
            };
            let mut validator = Validator::new(&schema);
            for test in tests {
                let data = test["data"].to_string();
                let valid = is_valid(&mut validator, &data);
                if test["valid"] == valid {
                    score.passed += 1;
                } else {
                    score.failed.push(about(test));
                }
            }
        }
    }
    score
}

/// The verdict, which every way of asking for it has to share.
#[track_caller]
fn is_valid(validator: &mut Validator, data: &str) -> bool {
    let mut ask = |what: &mut dyn FnMut(&mut Validator, usize) -> bool| {
        validator.input(data.len()).copy_from_slice(data.as_bytes());
        what(validator, data.len())
    };
    let valid = ask(&mut |v, len| v.is_valid(len));
    assert_eq!(ask(&mut |v, len| v.findings(len).is_empty()), valid, "findings of {data}");
    assert_eq!(ask(&mut |v, len| v.first(len).is_none()), valid, "first finding of {data}");
    for output in [logweir::Output::Flag, logweir::Output::Basic, logweir::Output::Detailed] {
        let mut text = String::new();
        ask(&mut |v, len| {
            text = v.output(len, output);
            true
        });
        let json: Value = serde_json::from_str(&text).expect("JSON");
        assert_eq!(json["valid"], valid, "{output:?} of {data}");
    }
    valid
}

fn options(suite: &Path, dialect: Dialect, assert_formats: bool) -> SchemaOptions {
    let mut options = SchemaOptions { dialect, assert_formats, ..SchemaOptions::default() };
    remotes(&suite.join("remotes"), "http://localhost:1234", &mut options.remotes);
    options
}

#[test]
fn the_required_suites_pass() {
    let Some(suite) = suite() else { return };
    for (folder, dialect, all) in [("draft2020-12", Dialect::Draft202012, 1299), ("draft7", Dialect::Draft07, 927)] {
        let score = run(&suite.join(folder), &options(&suite, dialect, false));
        println!("{folder}: {} required", score.of());
        assert!(score.failed.is_empty(), "\n{}", score.failed.join("\n"));
        assert_eq!(score.passed, all, "{folder}");
    }
}

/// Formats are asserted, as these files want.
#[test]
fn the_optional_suites_pass_but_for_what_is_known() {
    let Some(suite) = suite() else { return };
    for (folder, dialect, known) in
        [("draft2020-12", Dialect::Draft202012, KNOWN_202012), ("draft7", Dialect::Draft07, KNOWN_07)]
    {
        let options = options(&suite, dialect, true);
        let formats = run(&suite.join(folder).join("optional/format"), &options);
        println!("{folder}: {} formats", formats.of());
        assert!(formats.failed.is_empty(), "\n{}", formats.failed.join("\n"));
        let optional = run(&suite.join(folder).join("optional"), &options);
        println!("{folder}: {} optional", optional.of());
        let unknown = |about: &&String| !known.iter().any(|(beginning, _)| about.starts_with(beginning));
        let failed: Vec<&String> = optional.failed.iter().filter(unknown).collect();
        assert!(failed.is_empty(), "\n{failed:#?}");
        for (beginning, why) in known {
            assert!(optional.failed.iter().any(|about| about.starts_with(beginning)), "{beginning} passes: {why}?");
        }
    }
}

/// Optional tests that fail, by how their names begin, and why.
const KNOWN_202012: &[(&str, &str)] =
    &[("cross-draft: \"refs to historic drafts", "draft 2019-09 is no dialect of ours: refused rather than guessed")];
const KNOWN_07: &[(&str, &str)] = &[
    ("cross-draft: \"refs to future drafts", "draft 2019-09 is no dialect of ours: refused rather than guessed"),
    ("content: ", "contentEncoding and contentMediaType annotate, as later drafts have it"),
];
