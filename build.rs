//! Makes what the core ships as data, without what only people read: the catalogue's folders as one JSON array of the
//! entries, each with its schema as the member `schema`; the names that it has, ascending, a line each; the metaschemas on
//! a line each.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};
use std::{env, fs};

use serde_json::Value;

fn main() {
    let root = env::var("CARGO_MANIFEST_DIR").expect("cargo says where the crate is");
    let catalog = Path::new(&root).join("src/catalog");
    println!("cargo::rerun-if-changed={}", catalog.display());
    let entries: Vec<Value> =
        folders(&catalog).iter().flat_map(|platform| folders(platform)).map(|f| entry(&f)).collect();
    let out = env::var("OUT_DIR").expect("cargo says where to write");
    let mut all = BTreeSet::new();
    entries.iter().for_each(|entry| names(entry, &mut all));
    let all: Vec<&str> = all.into_iter().collect();
    fs::write(Path::new(&out).join("names.txt"), all.join("\n")).unwrap_or_else(|e| panic!("names.txt: {e}"));
    write(&Path::new(&out).join("catalog.json"), &Value::from(entries));

    let metaschemas = Path::new(&root).join("src/schema/metaschema");
    println!("cargo::rerun-if-changed={}", metaschemas.display());
    for path in entries_of(&metaschemas) {
        write(&Path::new(&out).join(path.file_name().unwrap_or_default()), &json(&path));
    }
}

/// The names of the properties of an entry's schema, and those on the ways to its places.
fn names<'v>(value: &'v Value, all: &mut BTreeSet<&'v str>) {
    match value {
        Value::Object(members) => {
            for (name, value) in members {
                match (name.as_str(), value) {
                    ("properties", Value::Object(named)) => all.extend(named.keys().map(String::as_str)),
                    ("path", Value::String(path)) => all.extend(names_on(path)),
                    ("payload" | "steps" | "json", Value::Array(paths)) => {
                        all.extend(paths.iter().filter_map(Value::as_str).flat_map(names_on));
                    }
                    _ => {}
                }
                names(value, all);
            }
        }
        Value::Array(elements) => elements.iter().for_each(|element| names(element, all)),
        _ => {}
    }
}

/// `lines[*].input` → `lines`, `input`.
fn names_on(path: &str) -> impl Iterator<Item = &str> {
    assert!(!path.contains('\\'), "{path}: escapes are not read here");
    path.split('.').filter_map(|step| step.split('[').next()).filter(|name| !matches!(*name, "" | "*" | "**"))
}

fn write(path: &Path, value: &Value) {
    fs::write(path, value.to_string()).unwrap_or_else(|e| panic!("{}: {e}", path.display()));
}

/// What is in a folder, by name.
fn entries_of(folder: &Path) -> Vec<PathBuf> {
    let read = fs::read_dir(folder).unwrap_or_else(|e| panic!("{}: {e}", folder.display()));
    let mut paths: Vec<PathBuf> = read.filter_map(|entry| Some(entry.ok()?.path())).collect();
    paths.sort();
    paths
}

/// The folders in a folder, by name.
fn folders(folder: &Path) -> Vec<PathBuf> {
    entries_of(folder).into_iter().filter(|path| path.is_dir()).collect()
}

fn entry(folder: &Path) -> Value {
    let mut entry = json(&folder.join("event.json"));
    let mut schema = json(&folder.join("schema.json"));
    strip(&mut schema);
    if let Value::Object(members) = &mut entry {
        members.insert("schema".to_owned(), schema);
    }
    entry
}

fn json(path: &Path) -> Value {
    let text = fs::read_to_string(path).unwrap_or_else(|e| panic!("{}: {e}", path.display()));
    serde_json::from_str(&text).unwrap_or_else(|e| panic!("{}: {e}", path.display()))
}

/// Takes the texts for people out of a schema; a property of such a name stays.
fn strip(schema: &mut Value) {
    match schema {
        Value::Object(members) => {
            members.retain(|name, value| !is_for_people(name) || value.is_object());
            for (name, value) in members {
                if name == "properties" || name == "$defs" {
                    let Value::Object(named) = value else { continue };
                    named.values_mut().for_each(strip);
                } else if !matches!(name.as_str(), "const" | "enum" | "default") {
                    strip(value);
                }
            }
        }
        Value::Array(elements) => elements.iter_mut().for_each(strip),
        _ => {}
    }
}

fn is_for_people(name: &str) -> bool {
    matches!(name, "title" | "description" | "$comment" | "examples")
}
