//! The rules of redaction.

use super::{Policy, Secrets};
use crate::catalog::Class;
use crate::document::{Notes, nearest, text};
use crate::hash::Hmac;
use crate::limits::*;
use crate::pattern::Finder;
use crate::plan::Path;
use crate::redact::{Action, Hash, Mask, Rule, Rules};
use crate::sensitive::{Check, Kind as Detector};
use crate::tape::{Cursor, Kind};

/// The rules for which routes are named: a rule's number, and the names.
type Named<'a> = Vec<(usize, Vec<Cursor<'a>>)>;

/// Reads the rules; what routes they are for is settled once those are known.
pub(super) fn rules<'a>(value: Cursor<'a>, secrets: Secrets<'_>, notes: &mut Notes<'_>) -> (Vec<Rule>, Named<'a>) {
    let (mut rules, mut named) = (Vec::new(), Vec::new());
    let (mut count, mut cost) = (0, 0);
    let elements = notes.array(value, "rules");
    if elements.len() > Rules::MOST {
        notes.add_at("P107", value, &format!("at most {} rules", Rules::MOST), None);
    }
    for value in elements.into_iter().take(Rules::MOST) {
        if count > MAX_PATHS || notes.is_full() {
            break;
        }
        let mut rule = Rule::default();
        let (mut is_for_something, mut check) = (false, None);
        for (name, value) in notes
            .object(value, &["path", "key", "class", "detect", "pattern", "validate", "in", "except", "routes", "with"])
        {
            is_for_something |= matches!(name, "path" | "key" | "class" | "detect" | "pattern");
            match name {
                "with" => rule.action = action(value, secrets, notes).unwrap_or_default(),
                "path" => rule.paths = paths(value, &mut count, notes),
                "pattern" => rule.patterns = patterns(value, &mut cost, notes),
                "validate" => check = notes.word(value, &Check::ALL.map(|(_, word)| word)).map(|n| Check::ALL[n].0),
                "in" => rule.within = paths(value, &mut count, notes).into_iter().map(|(path, _)| path).collect(),
                "except" => rule.except = paths(value, &mut count, notes).into_iter().map(|(path, _)| path).collect(),
                "key" => rule.keys = keys(value, notes),
                "detect" => {
                    for value in list(value, "names of detectors", notes) {
                        let word = notes.word(value, &Detector::ALL.map(|(_, word)| word));
                        rule.detectors.extend(word.map(|number| Detector::ALL[number].0));
                    }
                }
                "class" => {
                    for value in list(value, "classes of personal data", notes) {
                        let word = notes.word(value, &Class::ALL.map(|(_, word)| word));
                        rule.classes.extend(word.map(|number| Class::ALL[number].0));
                    }
                }
                _ => named.push((rules.len(), notes.array(value, "names of routes"))),
            }
        }
        rule.patterns.iter_mut().for_each(|(_, of)| *of = check);
        if !is_for_something && value.kind() == Kind::Object {
            notes.add_at(
                "P104",
                value,
                "one of the members \"path\", \"key\", \"class\", \"detect\" and \"pattern\": what the rule is for",
                None,
            );
        }
        rules.push(rule);
    }
    if count > MAX_PATHS {
        notes.add_at("P107", value, &format!("at most {MAX_PATHS} paths"), None);
    }
    (rules, named)
}

/// Settles which routes rules are for.
pub(super) fn for_routes(policy: &mut Policy, named: Named<'_>, notes: &mut Notes<'_>) {
    let names = || policy.routes.iter().map(|route| route.name.as_str());
    for (rule, values) in named {
        let mut routes = Vec::new();
        for value in values {
            let name = text(value).unwrap_or_default();
            match names().position(|known| known == name) {
                Some(route) => routes.push(route),
                None => {
                    let help = nearest(&name, names()).map(|near| format!("did you mean \"{near}\"?"));
                    notes.add_at("P103", value, "the name of a route", help);
                }
            }
        }
        if let Some(rule) = policy.redact.get_mut(rule) {
            rule.routes = Some(routes);
        }
    }
}

/// One value or several.
fn list<'a>(value: Cursor<'a>, what: &str, notes: &mut Notes<'_>) -> Vec<Cursor<'a>> {
    let values = if value.kind() == Kind::String { vec![value] } else { notes.array(value, what) };
    if values.is_empty() && value.kind() == Kind::Array {
        notes.add_at("P107", value, "at least one", None);
    }
    values
}

fn paths(value: Cursor<'_>, count: &mut usize, notes: &mut Notes<'_>) -> Vec<(Path, String)> {
    let mut paths = Vec::new();
    for value in list(value, "paths", notes) {
        *count += 1;
        if *count > MAX_PATHS {
            break;
        }
        paths.extend(notes.path(value));
    }
    paths
}

/// Patterns, and what they cost together.
fn patterns(value: Cursor<'_>, cost: &mut usize, notes: &mut Notes<'_>) -> Vec<(String, Option<Check>)> {
    let mut patterns = Vec::new();
    for value in list(value, "regular expressions", notes) {
        let Some(pattern) = text(value) else {
            notes.add_at("P102", value, "a regular expression", None);
            continue;
        };
        match Finder::new(&pattern) {
            Ok(finder) => *cost += finder.cost(),
            Err(error) => notes.add_at("P113", value, error.expected, None),
        }
        if *cost > MAX_OWN_PATTERNS {
            notes.add_at("P107", value, "fewer or simpler regular expressions", None);
            break;
        }
        patterns.push((pattern, None));
    }
    patterns
}

fn keys(value: Cursor<'_>, notes: &mut Notes<'_>) -> Vec<String> {
    let mut keys = Vec::new();
    for value in list(value, "names of keys", notes) {
        match text(value) {
            Some(key) if (1..=MAX_KEY_PATTERN_BYTES).contains(&key.len()) && keys.len() < MAX_KEY_PATTERNS => {
                keys.push(key)
            }
            Some(_) => {
                let expected =
                    format!("at most {MAX_KEY_PATTERNS} names of keys, of 1 to {MAX_KEY_PATTERN_BYTES} bytes");
                notes.add_at("P107", value, &expected, None);
            }
            None => notes.add_at("P102", value, "the name of a key, or a pattern such as \"*token*\"", None),
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
        notes.add_at("P104", value, "the member \"replace\", \"hash\", \"mask\" or \"truncate\"", None);
        return None;
    };
    if let Some((_, second)) = members.get(1) {
        notes.add_at("P108", *second, "one thing to do with a value, not two", None);
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
        notes.add_at("P107", with, &format!("a replacement of at most {MAX_REPLACEMENT_BYTES} bytes"), None);
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
                        notes.add_at("P102", value, "1 to 32 letters, digits or characters of _-.:~", None);
                    }
                }
            }
        }
    }
    hash.length = length.unwrap_or(64);
    let Some(key) = key else {
        notes.add_at(
            "P104",
            value,
            "the member \"key\": the name of a key that is given when the policy is compiled",
            None,
        );
        return None;
    };
    let Some(name) = text(key) else {
        notes.add_at("P102", key, "the name of a key", None);
        return None;
    };
    let Some((_, secret)) = secrets.iter().find(|(known, _)| *known == name) else {
        let help = nearest(&name, secrets.iter().map(|(name, _)| name.as_str()));
        let help = help.map_or_else(
            || "give it as `keys` to compile(), or as --secret NAME=env:VARIABLE".to_owned(),
            |near| format!("did you mean \"{near}\"?"),
        );
        notes.add_at("P111", key, "the name of a key that was given", Some(help));
        return None;
    };
    if secret.len() < MIN_KEY_BYTES {
        notes.add_at("P112", key, &format!("a key of at least {MIN_KEY_BYTES} bytes"), None);
    }
    hash.hmac = Hmac::new(secret);
    hash.key = name;
    Some(hash)
}
