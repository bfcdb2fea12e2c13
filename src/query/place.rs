//! Where the values of a field stand: a path of the query language.

use super::parse::Mistake;
use super::syntax::{Glyph, glyphs, push_plain};
use crate::catalog::Field;
use crate::document::nearest;
use crate::limits::MAX_PATH_SEGMENTS;

/// A step of a path.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Step {
    /// A member of that name. In an array: in each element.
    Name(String),
    /// The same, the name with wildcards.
    Like(String),
    /// The element at that place, from 0.
    Index(u32),
    /// `[*]`: any element.
    Element,
    /// `**`: any number of members and elements, none too.
    Deep,
}

/// Where to look.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Place {
    /// Every value of the record.
    Everywhere,
    Common(Field),
    Path(Vec<Step>),
}

impl Place {
    /// Reads a field's name; places in mistakes are those in it.
    pub(super) fn read(text: &str) -> Result<Place, Mistake> {
        if text == "*" {
            return Ok(Place::Everywhere);
        }
        if text.starts_with('@') {
            return common(text);
        }
        let mut steps = Vec::new();
        let mut at = 0;
        loop {
            if steps.len() >= MAX_PATH_SEGMENTS {
                return Err(Mistake::field(at, "at most 64 steps"));
            }
            at = match text.as_bytes().get(at) {
                Some(b'[') => index(text, at, &mut steps)?,
                _ => name(text, at, &mut steps)?,
            };
            match text.as_bytes().get(at) {
                None => break,
                Some(b'.') => {
                    at += 1;
                    if text.as_bytes().get(at) == Some(&b'[') {
                        return Err(Mistake::field(at, "a name behind the dot: an index follows a name directly"));
                    }
                }
                Some(b'[') => {}
                Some(_) => return Err(Mistake::field(at, "a dot, [ or the name's end")),
            }
        }
        if steps.iter().filter(|step| **step == Step::Deep).count() > 1 {
            return Err(Mistake::field(0, "at most one ** in a path"));
        }
        Ok(Place::Path(steps))
    }

    /// Its canonical name.
    pub(super) fn name(&self) -> String {
        let steps = match self {
            Place::Everywhere => return "*".to_owned(),
            Place::Common(field) => {
                let named = Field::ALL.iter().find(|(known, _)| known == field);
                return named.map(|(_, name)| (*name).to_owned()).unwrap_or_default();
            }
            Place::Path(steps) => steps,
        };
        let mut text = String::new();
        for step in steps {
            if !text.is_empty() && !matches!(step, Step::Index(_) | Step::Element) {
                text.push('.');
            }
            match step {
                Step::Name(name) => name.chars().for_each(|c| push(c, &mut text)),
                Step::Like(like) => glyphs(like).for_each(|glyph| match glyph {
                    Glyph::Char(c) => push(c, &mut text),
                    Glyph::Any => text.push('*'),
                    Glyph::One => text.push('?'),
                }),
                Step::Index(number) => {
                    text.push('[');
                    text += &number.to_string();
                    text.push(']');
                }
                Step::Element => text += "[*]",
                Step::Deep => text += "**",
            }
        }
        if text == "_exists_" || text == "_missing_" {
            text.insert(0, '\\');
        }
        text
    }
}

/// Appends a character of a name, escaped where it would mean something else.
fn push(c: char, text: &mut String) {
    let first = text.is_empty();
    let special =
        matches!(c, '.' | '[' | ']' | '*' | '?' | '\\' | ':' | '(' | ')' | '"' | '{' | '}' | '&' | '|' | '~' | '^');
    if special || c.is_whitespace() || first && matches!(c, '@' | '-' | '!' | '+' | '/' | '<' | '>') {
        text.push('\\');
    }
    text.push(c);
}

fn common(text: &str) -> Result<Place, Mistake> {
    if let Some(field) = Field::named(text) {
        return Ok(Place::Common(field));
    }
    let near = nearest(text, Field::ALL.iter().map(|(_, name)| *name));
    let help = match near {
        Some(near) => format!("did you mean {near}? write \\{text} for a member of that name"),
        None => format!("write \\{text} for a member of that name"),
    };
    Err(Mistake { code: "Q103", at: 0, expected: "a common field", help: Some(help) })
}

fn index(text: &str, open: usize, steps: &mut Vec<Step>) -> Result<usize, Mistake> {
    let rest = text.get(open + 1..).unwrap_or_default();
    let end = rest.find(']').unwrap_or(rest.len());
    let inside = &rest[..end];
    let step = match inside {
        "*" => Some(Step::Element),
        _ if inside.bytes().all(|b| b.is_ascii_digit()) => inside.parse().ok().map(Step::Index),
        _ => None,
    };
    match step {
        Some(step) if end < rest.len() => {
            steps.push(step);
            Ok(open + end + 2)
        }
        _ => Err(Mistake::field(open + 1, "an element's number from 0, or *, and ]")),
    }
}

fn name(text: &str, start: usize, steps: &mut Vec<Step>) -> Result<usize, Mistake> {
    let rest = text.get(start..).unwrap_or_default();
    let mut escaped = false;
    let end = rest.find(|c| {
        let ends = matches!(c, '.' | '[') && !escaped;
        escaped = c == '\\' && !escaped;
        ends
    });
    let raw = &rest[..end.unwrap_or(rest.len())];
    if raw.is_empty() {
        return Err(Mistake::field(start, "a name, *, ** or [index]"));
    }
    let is_like = glyphs(raw).any(|glyph| !matches!(glyph, Glyph::Char(_)));
    steps.push(match raw {
        "**" => Step::Deep,
        _ if is_like => {
            let mut like = String::new();
            for glyph in glyphs(raw) {
                match glyph {
                    Glyph::Char(c) => push_plain(c, &mut like),
                    Glyph::Any if like.ends_with('*') && !like.ends_with("\\*") => {}
                    Glyph::Any => like.push('*'),
                    Glyph::One => like.push('?'),
                }
            }
            Step::Like(like)
        }
        _ => Step::Name(
            glyphs(raw).filter_map(|glyph| if let Glyph::Char(c) = glyph { Some(c) } else { None }).collect(),
        ),
    });
    Ok(start + raw.len())
}
