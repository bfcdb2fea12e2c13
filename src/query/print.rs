//! The canonical text of a query, and its tree as JSON.

use super::syntax::{Bound, Field, Glyph, Node, NodeKind, Term, Test, Value, glyphs};
use crate::tape::escape_into;

/// How a query is written: reading the text gives the same tree again.
pub(super) fn print(node: &Node) -> String {
    let mut out = String::new();
    write(node, None, 0, &mut out);
    out
}

/// Where a word stands, for what it must not be taken for.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Spot {
    /// Alone: the colon makes a field of it, a sign a negation.
    Bare,
    /// In a field's group: a sign is a negation.
    Grouped,
    Value,
    Bound,
}

/// `outer`: the field whose group this stands in. `rank`: 0 where anything may stand, 1 in a disjunction, 2 in a
/// conjunction, 3 behind NOT.
fn write(node: &Node, outer: Option<&Field>, rank: u8, out: &mut String) {
    let own = match &node.kind {
        NodeKind::Or(_) => 1,
        NodeKind::And(_) => 2,
        _ => 3,
    };
    let field = if own < 3 && outer.is_none() { common_field(node) } else { None };
    if let Some(field) = field {
        *out += &field.name;
        out.push(':');
    }
    let grouped = field.is_some() || own <= rank && own < 3;
    if grouped {
        out.push('(');
    }
    let outer = outer.or(field);
    match &node.kind {
        NodeKind::All => *out += "*:*",
        NodeKind::Or(parts) | NodeKind::And(parts) => {
            for (number, part) in parts.iter().enumerate() {
                if number > 0 {
                    *out += if own == 1 { " OR " } else { " AND " };
                }
                write(part, outer, own, out);
            }
        }
        NodeKind::Not(inner) => {
            *out += "NOT ";
            write(inner, outer, 3, out);
        }
        NodeKind::Term(term) => write_term(term, outer.is_some(), out),
    }
    if grouped {
        out.push(')');
    }
}

/// The field that all terms ask for.
fn common_field(node: &Node) -> Option<&Field> {
    match &node.kind {
        NodeKind::All => None,
        NodeKind::Term(term) => term.field.as_ref(),
        NodeKind::Not(inner) => common_field(inner),
        NodeKind::And(parts) | NodeKind::Or(parts) => {
            let (first, rest) = parts.split_first()?;
            let field = common_field(first)?;
            rest.iter().all(|part| common_field(part) == Some(field)).then_some(field)
        }
    }
}

fn write_term(term: &Term, grouped: bool, out: &mut String) {
    let spot = match (&term.field, grouped) {
        (_, true) => Spot::Grouped,
        (None, false) => Spot::Bare,
        (Some(field), false) => {
            if term.test == Test::Exists {
                *out += "_exists_:";
                *out += &field.name;
                return;
            }
            *out += &field.name;
            out.push(':');
            Spot::Value
        }
    };
    match &term.test {
        Test::Exists => out.push('*'),
        Test::Value(value) => write_value(value, spot, out),
        Test::Regex { pattern, ignore_case } => {
            out.push('/');
            *out += &pattern.text;
            *out += if *ignore_case { "/i" } else { "/" };
        }
        Test::Range { low: Some(low), high: None } => compare('>', low, out),
        Test::Range { low: None, high: Some(high) } => compare('<', high, out),
        Test::Range { low, high } => {
            out.push(if low.as_ref().is_none_or(|low| low.inclusive) { '[' } else { '{' });
            write_bound(low.as_ref(), out);
            *out += " TO ";
            write_bound(high.as_ref(), out);
            out.push(if high.as_ref().is_none_or(|high| high.inclusive) { ']' } else { '}' });
        }
    }
}

fn compare(sign: char, bound: &Bound, out: &mut String) {
    out.push(sign);
    if bound.inclusive {
        out.push('=');
    }
    write_value(&bound.value, Spot::Bound, out);
}

fn write_bound(bound: Option<&Bound>, out: &mut String) {
    match bound {
        Some(bound) => write_value(&bound.value, Spot::Bound, out),
        None => out.push('*'),
    }
}

fn write_value(value: &Value, spot: Spot, out: &mut String) {
    if value.quoted {
        out.push('"');
        for c in value.plain().chars() {
            if matches!(c, '"' | '\\') {
                out.push('\\');
            }
            out.push(c);
        }
        out.push('"');
        return;
    }
    let is_keyword = matches!(value.text.as_str(), "AND" | "OR" | "NOT" | "TO");
    for (number, glyph) in glyphs(&value.text).enumerate() {
        match glyph {
            Glyph::Any => out.push('*'),
            Glyph::One => out.push('?'),
            Glyph::Char(c) => {
                let first = number == 0;
                let special = match c {
                    '\\' | '*' | '?' | '"' | '(' | ')' | ']' | '}' | '&' | '|' | '~' | '^' => true,
                    ':' => spot == Spot::Bare,
                    '[' | '{' | '<' | '>' | '/' | '=' => first,
                    '-' | '+' | '!' => first && matches!(spot, Spot::Bare | Spot::Grouped),
                    _ => c.is_whitespace() || first && is_keyword,
                };
                if special {
                    out.push('\\');
                }
                out.push(c);
            }
        }
    }
}

/// The tree as JSON: `{"kind":"and","of":[…],"span":[0,5]}`. `QUERY.md` lists the members.
pub(super) fn json(node: &Node) -> String {
    let mut out = Vec::new();
    write_json(node, &mut out);
    String::from_utf8(out).unwrap_or_default()
}

fn write_json(node: &Node, out: &mut Vec<u8>) {
    match &node.kind {
        NodeKind::All => out.extend(br#"{"kind":"all""#),
        NodeKind::And(parts) | NodeKind::Or(parts) => {
            let is_and = matches!(node.kind, NodeKind::And(_));
            out.extend(if is_and { &br#"{"kind":"and","of":["#[..] } else { br#"{"kind":"or","of":["# });
            for (number, part) in parts.iter().enumerate() {
                if number > 0 {
                    out.push(b',');
                }
                write_json(part, out);
            }
            out.push(b']');
        }
        NodeKind::Not(inner) => {
            out.extend(br#"{"kind":"not","of":"#);
            write_json(inner, out);
        }
        NodeKind::Term(term) => term_json(term, out),
    }
    out.extend(format!(",\"span\":[{},{}]}}", node.span.start, node.span.end).as_bytes());
}

fn term_json(term: &Term, out: &mut Vec<u8>) {
    let kind = match &term.test {
        Test::Exists => "exists",
        Test::Value(value) if value.quoted => "phrase",
        Test::Value(_) => "word",
        Test::Regex { .. } => "regex",
        Test::Range { .. } => "range",
    };
    member(b"{", "kind", kind, out);
    if let Some(field) = &term.field {
        member(b",", "field", &field.name, out);
    }
    match &term.test {
        Test::Exists => {}
        Test::Value(value) if value.quoted => member(b",", "value", &value.plain(), out),
        Test::Value(value) => member(b",", "value", &value.text, out),
        Test::Regex { pattern, ignore_case } => {
            member(b",", "pattern", &pattern.text, out);
            if *ignore_case {
                out.extend(br#","ignoreCase":true"#);
            }
        }
        Test::Range { low, high } => {
            for (bound, inclusive, exclusive) in [(low, "gte", "gt"), (high, "lte", "lt")] {
                if let Some(bound) = bound {
                    let name = if bound.inclusive { inclusive } else { exclusive };
                    member(b",", name, &bound.value.plain(), out);
                }
            }
        }
    }
}

fn member(before: &[u8], name: &str, text: &str, out: &mut Vec<u8>) {
    out.extend(before);
    out.push(b'"');
    out.extend(name.as_bytes());
    out.extend(b"\":\"");
    escape_into(text.as_bytes(), out);
    out.push(b'"');
}
