//! The rules of redaction.

use super::{Policy, Secrets};
use crate::catalog::Class;
use crate::document::{Document, Notes, Problems, nearest, start, text};
use crate::hash::{Hmac, key_of};
use crate::limits::*;
use crate::part;
use crate::pattern::Finder;
use crate::plan::Path;
use crate::query::Query;
use crate::recognition::Catalog;
use crate::redact::{Action, Hash, Mask, Rule, Rules, Selected};
use crate::sensitive::{Check, Kind as Detector};
use crate::tape::{Cursor, Kind};

/// Rules, and what of them is settled once the rest of the policy is known: their number, and what they say.
#[derive(Default)]
pub(super) struct Found<'a> {
    pub(super) rules: Vec<Rule>,
    /// How many entries the list has; one that uses presets gives several rules.
    pub(super) entries: usize,
    /// The first entry with paths of presets, which are meant from events.
    pub(super) uses_presets: Option<usize>,
    pub(super) routes: Vec<(usize, Vec<Cursor<'a>>)>,
    pub(super) when: Vec<(usize, Cursor<'a>)>,
    /// Paths so far, and what patterns cost.
    paths: usize,
    cost: usize,
}

const MEMBERS: [&str; 14] = [
    "use", "path", "key", "class", "detect", "pattern", "validate", "payload", "pass", "in", "except", "when",
    "routes", "with",
];

/// Reads the rules.
pub(super) fn rules<'a>(value: Cursor<'a>, secrets: Secrets<'_>, notes: &mut Notes<'_>) -> Found<'a> {
    let mut found = Found::default();
    let elements = notes.array(value, "rules");
    found.entries = elements.len();
    for value in elements {
        if found.rules.len() > Rules::MOST || found.paths > MAX_PATHS || notes.is_full() {
            break;
        }
        rule(value, secrets, &mut found, notes);
    }
    if found.entries > Rules::MOST {
        notes.add_at("P107", value, &format!("at most {} rules", Rules::MOST), "");
    }
    if found.paths > MAX_PATHS {
        notes.add_at("P115", value, &format!("at most {MAX_PATHS} paths"), "");
    }
    for (number, rule) in found.rules.iter_mut().enumerate() {
        rule.entry = rule.entry.or(Some(number));
    }
    found
}

/// Reads an entry: a rule, or the presets that it uses.
fn rule<'a>(value: Cursor<'a>, secrets: Secrets<'_>, found: &mut Found<'a>, notes: &mut Notes<'_>) {
    let entry = found.rules.last().map_or(0, |rule| rule.entry.unwrap_or_default() + 1);
    let mut rule = Rule { entry: Some(entry), ..Rule::default() };
    let (mut is_for_something, mut is_pass, mut check, mut with) = (false, false, None, None);
    let (mut used, mut routes, mut when) = (Vec::new(), None, None);
    let paths_only = |paths: Vec<(Path, String)>| paths.into_iter().map(|(path, _)| path);
    for (name, value) in notes.object(value, &MEMBERS) {
        is_for_something |=
            matches!(name, "use" | "path" | "key" | "class" | "detect" | "pattern" | "payload" | "pass");
        match name {
            "with" => with = action(value, secrets, notes),
            "use" => used.extend(notes.one_or_more(value, "names of presets").into_iter().map(|value| {
                let word = notes.word(value, &PRESETS.map(|(name, _)| name)).unwrap_or_default();
                preset(PRESETS[word].1, value, notes)
            })),
            "path" => (rule.paths, rule.selected) = selected(value, &mut found.paths, notes),
            "pattern" => rule.patterns = patterns(value, &mut found.cost, notes),
            "validate" => check = notes.word(value, &Check::ALL.map(|(_, word)| word)).map(|n| Check::ALL[n].0),
            "payload" => rule.payload = notes.boolean(value).unwrap_or_default(),
            "pass" => {
                is_pass = true;
                rule.paths.push((Path::everything(), "**".to_owned()));
                rule.except.extend(paths_only(paths(value, &mut found.paths, notes)));
            }
            "in" => rule.within = paths_only(paths(value, &mut found.paths, notes)).collect(),
            "except" => rule.except.extend(paths_only(paths(value, &mut found.paths, notes))),
            "key" => rule.keys = keys(value, notes),
            "detect" => {
                let Some(_) = notes.need(part::Detecting::NEED, start(value)) else { continue };
                for value in notes.one_or_more(value, "names of detectors") {
                    let word = notes.word(value, &Detector::ALL.map(|(_, word)| word));
                    rule.detectors.extend(word.map(|number| Detector::ALL[number].0));
                }
            }
            "class" => {
                for value in notes.one_or_more(value, "classes of personal data") {
                    let word = notes.word(value, &Class::ALL.map(|(_, word)| word));
                    rule.classes.extend(word.map(|number| Class::ALL[number].0));
                }
            }
            "when" => when = Some(value),
            _ => routes = Some(notes.array(value, "names of routes")),
        }
    }
    rule.patterns.iter_mut().for_each(|(_, of)| *of = check);
    if !is_for_something && value.kind() == Kind::Object {
        let expected = "one of the members \"use\", \"path\", \"key\", \"class\", \"detect\", \"pattern\", \"payload\" and \"pass\": what the rule is for";
        notes.add_at("P104", value, expected, "");
    }
    if is_pass && with.as_ref().is_some_and(|with: &Action| !with.is_of_scalars()) {
        let expected = "with \"mask\", \"hash\" or \"truncate\": what passes stands in objects that stay";
        notes.add_at("P102", value, expected, "");
    }
    let masked_by_type = Action::Mask(Mask { keep_type: true, ..Mask::default() });
    rule.action = with.clone().unwrap_or_else(|| if is_pass { masked_by_type } else { Action::default() });
    let first = found.rules.len();
    let has_paths = |preset: &Rule| !(preset.paths.is_empty() && preset.selected.is_empty());
    if used.iter().flatten().any(has_paths) {
        found.uses_presets = found.uses_presets.or(Some(entry));
    }
    for mut preset in used.into_iter().flatten() {
        preset.entry = rule.entry;
        preset.within.extend(rule.within.iter().cloned());
        preset.except.extend(rule.except.iter().cloned());
        preset.action = with.clone().unwrap_or(preset.action);
        found.rules.push(preset);
    }
    let Rule { paths, selected, keys, classes, detectors, patterns, payload, .. } = &rule;
    let is_rule = *payload || !(paths.is_empty() && selected.is_empty() && keys.is_empty() && classes.is_empty());
    if found.rules.len() == first || is_rule || !(detectors.is_empty() && patterns.is_empty()) {
        found.rules.push(rule);
    }
    for number in first..found.rules.len() {
        found.routes.extend(routes.clone().map(|routes| (number, routes)));
        found.when.extend(when.map(|when| (number, when)));
    }
}

/// Rules under a name, which a policy may use.
const PRESETS: [(&str, &str); 5] = [
    ("personal", include_str!("presets/personal.json")),
    ("secrets", include_str!("presets/secrets.json")),
    ("strict-payload", include_str!("presets/strict-payload.json")),
    ("mask-data", include_str!("presets/mask-data.json")),
    ("workato-duplicates", include_str!("presets/workato-duplicates.json")),
];

/// The rules of a preset that is used at a value: what the build lacks for them is noted there.
fn preset(json: &str, used: Cursor<'_>, outer: &mut Notes<'_>) -> Vec<Rule> {
    // All of them speak of what the catalogue knows.
    let Some(_) = outer.need(part::Events::NEED, start(used)) else { return Vec::new() };
    let (document, _) = Document::with_comments(json);
    let root = document.root();
    let mut notes = Notes::new(json, root, "P199");
    let found = root.and_then(|root| root.member("redact")).map(|redact| rules(redact, &[], &mut notes));
    let Found { mut rules, when, .. } = found.unwrap_or_default();
    for (number, when) in when {
        if let (Some(rule), Some(said)) = (rules.get_mut(number), text(when)) {
            let compiled = Query::compile(&said, &Catalog::built_in(), None);
            if let (false, Err(Problems { problems })) = (part::ALL, &compiled) {
                problems.iter().for_each(|problem| notes.add_at(problem.code, when, &problem.expected, part::MEND));
            }
            rule.when.extend(compiled);
        }
    }
    if !part::ALL {
        // A preset is in order, but the build may lack what it takes.
        let mut lacking = notes.into_problems();
        lacking.dedup_by(|a, b| a.expected == b.expected);
        lacking.iter().for_each(|problem| outer.add_at(problem.code, used, &problem.expected, part::MEND));
    }
    rules
}

/// Settles which routes rules are for.
pub(super) fn for_routes(policy: &mut Policy, named: Vec<(usize, Vec<Cursor<'_>>)>, notes: &mut Notes<'_>) {
    let names: Vec<&str> = policy.routes.iter().map(|route| route.name.as_str()).collect();
    for (rule, values) in named {
        let mut routes = Vec::new();
        for value in values {
            routes.extend(notes.reference(value, &names, "the name of a route"));
        }
        if let Some(rule) = policy.redact.get_mut(rule) {
            rule.routes = Some(routes);
        }
    }
}

fn paths(value: Cursor<'_>, count: &mut usize, notes: &mut Notes<'_>) -> Vec<(Path, String)> {
    let mut paths = Vec::new();
    for value in notes.one_or_more(value, "paths") {
        *count += 1;
        if *count > MAX_PATHS {
            break;
        }
        paths.extend(notes.path(value));
    }
    paths
}

/// Paths; those through elements that a query judges apart.
fn selected(value: Cursor<'_>, count: &mut usize, notes: &mut Notes<'_>) -> (Vec<(Path, String)>, Vec<Selected>) {
    let (mut plain, mut selected) = (Vec::new(), Vec::new());
    for value in notes.one_or_more(value, "paths") {
        *count += 1;
        if *count > MAX_PATHS {
            break;
        }
        match text(value).and_then(|text| Some((selector(&text)?, text))) {
            Some((open, text)) => selected.extend(through(value, open, text, notes)),
            None => plain.extend(notes.path(value)),
        }
    }
    (plain, selected)
}

/// Where the first selector of a path opens: a bracket behind which a field is named before anything ends.
fn selector(text: &str) -> Option<usize> {
    let mut is_escaped = false;
    text.bytes().enumerate().position(|(at, byte)| {
        let opens = byte == b'[' && !is_escaped && names_field(text.get(at + 1..).unwrap_or_default());
        is_escaped = byte == b'\\' && !is_escaped;
        opens
    })
}

fn names_field(query: &str) -> bool {
    query.find([':', '[', ']']).is_some_and(|at| query[at..].starts_with(':'))
}

/// A path whose selector opens at a byte.
fn through(value: Cursor<'_>, open: usize, text: String, notes: &mut Notes<'_>) -> Option<Selected> {
    let mut depth = 0;
    let close = text[open..].bytes().position(|byte| {
        depth += i32::from(byte == b'[') - i32::from(byte == b']');
        depth == 0
    });
    let Some(close) = close.map(|len| open + len) else {
        notes.add_at("P110", value, "the ] that ends the query", "");
        return None;
    };
    let mut path = |text: &str| {
        let path = Path::parse(text);
        path.map_err(|error| notes.add_at("P110", value, error.expected, "")).ok()
    };
    let element = path(&[&text[..open], "[*]"].concat())?;
    let path = path(&[&text[..open], "[*]", &text[close + 1..]].concat())?;
    match Query::compile(&text[open + 1..close], &Catalog::built_in(), None) {
        Ok(query) => Some(Selected { element, query, path, text }),
        Err(problems) => {
            for problem in problems.problems {
                notes.add_at(problem.code, value, &problem.expected, &problem.help.unwrap_or_default());
            }
            None
        }
    }
}

/// Patterns, and what they cost together.
fn patterns(value: Cursor<'_>, cost: &mut usize, notes: &mut Notes<'_>) -> Vec<(String, Option<Check>)> {
    let mut patterns = Vec::new();
    let Some(_) = notes.need(part::Detecting::NEED, start(value)) else { return patterns };
    for value in notes.one_or_more(value, "regular expressions") {
        let Some(pattern) = text(value) else {
            notes.add_at("P102", value, "a regular expression", "");
            continue;
        };
        match Finder::new(&pattern) {
            Ok(finder) if finder.steps() > MAX_OWN_STEPS => {
                let expected = format!("a regular expression of at most {MAX_OWN_STEPS} steps (a{{9}} takes nine)");
                notes.add_at("P115", value, &expected, "");
                continue;
            }
            Ok(finder) => *cost += finder.cost(),
            Err(error) => notes.add_at("P113", value, error.expected, ""),
        }
        if *cost > MAX_OWN_PATTERNS {
            notes.add_at("P115", value, "fewer or simpler regular expressions", "");
            break;
        }
        patterns.push((pattern, None));
    }
    patterns
}

fn keys(value: Cursor<'_>, notes: &mut Notes<'_>) -> Vec<String> {
    let mut keys = Vec::new();
    for value in notes.one_or_more(value, "names of keys") {
        match text(value) {
            Some(key)
                if (1..=MAX_KEY_PATTERN_LENGTH).contains(&key.chars().count()) && keys.len() < MAX_KEY_PATTERNS =>
            {
                keys.push(key)
            }
            Some(_) => {
                let expected =
                    format!("at most {MAX_KEY_PATTERNS} names of keys, of 1 to {MAX_KEY_PATTERN_LENGTH} characters");
                notes.add_at("P107", value, &expected, "");
            }
            None => notes.add_at("P102", value, "the name of a key, or a pattern such as \"*token*\"", ""),
        }
    }
    keys
}

fn action(value: Cursor<'_>, secrets: Secrets<'_>, notes: &mut Notes<'_>) -> Option<Action> {
    if value.kind() != Kind::Object {
        let word = notes.word(value, &["remove", "replace", "null", "mask"])?;
        return Some(match word {
            0 => Action::Remove,
            1 => Action::default(),
            2 => Action::Replace("null".to_owned()),
            _ => Action::Mask(Mask::default()),
        });
    }
    let members = notes.object(value, &["replace", "hash", "mask", "truncate"]);
    let Some((name, with)) = members.first().copied() else {
        if value.children().next().is_none() {
            notes.add_at("P104", value, "the member \"replace\", \"hash\", \"mask\" or \"truncate\"", "");
        }
        return None;
    };
    if let Some((_, second)) = members.get(1) {
        notes.add_at("P107", *second, "one thing to do with a value, not two", "");
    }
    match name {
        "replace" => replacement(with, notes).map(Action::Replace),
        "hash" => hash(with, secrets, notes).map(|hash| Action::Hash(Box::new(hash))),
        "truncate" => notes.number(with, 1, MAX_RECORD_BYTES).map(Action::Truncate),
        _ => Some(Action::Mask(mask(with, notes))),
    }
}

/// As it stands in the policy, but on one line: a line break would tear a record apart.
fn replacement(with: Cursor<'_>, notes: &mut Notes<'_>) -> Option<String> {
    let lines = with.raw().split(|b| matches!(b, b'\n' | b'\r'));
    let joined = lines.flat_map(<[u8]>::trim_ascii).copied().collect();
    let joined = String::from_utf8(joined).unwrap_or_default();
    if joined.len() > MAX_REPLACEMENT_BYTES {
        notes.add_at("P115", with, &format!("a replacement of at most {MAX_REPLACEMENT_BYTES} bytes"), "");
        return None;
    }
    Some(joined)
}

fn mask(value: Cursor<'_>, notes: &mut Notes<'_>) -> Mask {
    let mut mask = Mask::default();
    for (name, value) in notes.object(value, &["keep", "first", "last", "keepType"]) {
        match name {
            "keepType" => mask.keep_type = notes.boolean(value).unwrap_or_default(),
            "first" => mask.first = notes.number(value, 0, MAX_KEPT_CHARACTERS).unwrap_or_default(),
            _ => mask.last = notes.number(value, 0, MAX_KEPT_CHARACTERS).unwrap_or_default(),
        }
    }
    mask
}

fn hash(value: Cursor<'_>, secrets: Secrets<'_>, notes: &mut Notes<'_>) -> Option<Hash> {
    let mut hash =
        Hash { hmac: Hmac::new(b""), key: String::new(), prefix: String::new(), length: 0, base64url: false };
    let (mut key, mut length) = (None, None);
    if value.kind() == Kind::String {
        key = Some(value);
    } else {
        for (name, value) in notes.object(value, &["key", "prefix", "length", "encoding"]) {
            match name {
                "key" => key = Some(value),
                "length" => length = notes.number(value, MIN_DIGEST_LETTERS, 64),
                "encoding" => hash.base64url = notes.word(value, &["hex", "base64url"]) == Some(1),
                _ => {
                    hash.prefix = text(value).unwrap_or_default();
                    let is_plain = |c: char| c.is_ascii_alphanumeric() || matches!(c, '_' | '-' | '.' | ':' | '~');
                    if !(1..=MAX_PREFIX_BYTES).contains(&hash.prefix.len()) || !hash.prefix.chars().all(is_plain) {
                        notes.add_at("P102", value, "1 to 32 letters, digits or characters of _-.:~", "");
                    }
                }
            }
        }
    }
    hash.length = length.unwrap_or(64);
    let Some(key) = key else {
        if value.kind() == Kind::Object {
            let expected = "the member \"key\": the name of a key that is given when the policy is compiled";
            notes.add_at("P104", value, expected, "");
        }
        return None;
    };
    let Some(name) = text(key) else {
        notes.add_at("P102", key, "the name of a key", "");
        return None;
    };
    let Some((_, secret)) = key_of(secrets, &name) else {
        let help = nearest(&name, secrets.iter().map(|(name, _)| name.as_str()));
        let help = help.map_or_else(
            || "give it as `keys` to compile(), or as --secret NAME=env:VARIABLE".to_owned(),
            |near| ["did you mean \"", near, "\"?"].concat(),
        );
        notes.add_at("P111", key, "the name of a key that was given", &help);
        return None;
    };
    if secret.len() < MIN_KEY_BYTES {
        notes.add_at("P112", key, &format!("a key of at least {MIN_KEY_BYTES} bytes"), "");
    }
    hash.hmac = Hmac::new(secret);
    hash.key = name;
    Some(hash)
}
