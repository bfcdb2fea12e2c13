//! Documents as properties make them: a tree, and many ways to write it down.

use proptest::collection::vec;
use proptest::prelude::*;
use serde_json::Value;

/// A JSON text, and what its strings hold.
#[derive(Clone, Debug, PartialEq)]
pub(crate) enum Doc {
    /// A number or literal, as text.
    Raw(String),
    /// A string that holds no JSON.
    Text(String),
    /// A string that holds a document.
    Inside(Box<Doc>),
    /// A string that holds the beginning of one: so much of its text, in 256ths.
    Cut(Box<Doc>, u8),
    Array(Vec<Doc>),
    Object(Vec<(String, Doc)>),
}

/// Names that paths speak of, among others.
pub(crate) const NAMES: &[&str] =
    &["a", "b", "email", "lines", "a.b", "*", "x[0]", "é", "__proto__", "q\"\\\n", "namename", "namename2"];

pub(crate) fn name() -> impl Strategy<Value = String> {
    prop_oneof![8 => prop::sample::select(NAMES).prop_map(str::to_owned), 1 => text(), 1 => Just(String::new())]
}

/// A text that is no document, nor looks like one.
pub(crate) fn text() -> impl Strategy<Value = String> {
    let some = prop_oneof![
        "[a-z ]{0,9}",
        prop::sample::select(vec![
            "",
            "[CICD] | FUN-003",
            "{name}",
            "ana@example.org",
            "1",
            "true",
            "日本 😀",
            "\u{0}\n\t\"\\/"
        ])
        .prop_map(str::to_owned),
        any::<String>(),
    ];
    some.prop_map(
        |text| if text.contains('{') && text.contains('"') || is_container(&text) { "no".to_owned() } else { text },
    )
}

fn is_container(text: &str) -> bool {
    text.trim_start().starts_with(['{', '[', '"']) && serde_json::from_str::<Value>(text).is_ok()
}

pub(crate) fn raw() -> impl Strategy<Value = String> {
    prop_oneof![
        prop::sample::select(vec![
            "null",
            "true",
            "false",
            "0",
            "-0",
            "1e-06",
            "70000.0",
            "1694081235979123457",
            "1E+400"
        ])
        .prop_map(str::to_owned),
        "-?(0|[1-9][0-9]{0,20})(\\.[0-9]{1,10})?([eE][+-]?[0-9]{1,3})?",
    ]
}

/// A document of any shape. `strings`: strings may hold documents, whole and cut off.
pub(crate) fn doc(strings: bool) -> impl Strategy<Value = Doc> {
    let leaf = prop_oneof![raw().prop_map(Doc::Raw), text().prop_map(Doc::Text)];
    leaf.prop_recursive(5, 40, 6, move |inner| {
        let array = vec(inner.clone(), 0..5).prop_map(Doc::Array).boxed();
        let object = vec((name(), inner.clone()), 0..6).prop_map(Doc::Object).boxed();
        let inside = prop_oneof![array.clone(), object.clone()].prop_map(|doc| Doc::Inside(Box::new(doc)));
        let cut = (object.clone(), any::<u8>()).prop_map(|(doc, at)| Doc::Cut(Box::new(doc), at));
        let deeper = inner.prop_map(|doc| match doc {
            Doc::Raw(_) => doc,
            doc => Doc::Inside(Box::new(doc)), // a string in a string
        });
        let weight = u32::from(strings);
        // A weight of zero is not allowed: where strings hold nothing, these three turn into arrays.
        let plain = move |doc: Doc| if weight == 0 { Doc::Array(Vec::new()) } else { doc };
        prop_oneof![
            4 => object,
            3 => array,
            1 + 2 * weight => inside.prop_map(plain),
            1 => deeper.prop_map(plain),
            1 => cut.prop_map(plain),
        ]
    })
}

/// Choices of how to write something down, used one after the other and over again.
#[derive(Clone, Debug, Default)]
pub(crate) struct Dice {
    faces: Vec<u8>,
    at: usize,
    /// Line breaks may stand between tokens.
    pub(crate) breaks: bool,
}

impl Dice {
    fn roll(&mut self, sides: u8) -> u8 {
        if self.faces.is_empty() {
            return 0;
        }
        self.at += 1;
        self.faces[(self.at - 1) % self.faces.len()] % sides
    }
}

/// Dice that all show the plainest way.
pub(crate) fn plainly() -> Dice {
    Dice::default()
}

pub(crate) fn dice(breaks: bool) -> impl Strategy<Value = Dice> {
    vec(any::<u8>(), 0..40).prop_map(move |faces| Dice { faces, at: 0, breaks })
}

impl Doc {
    /// Writes it down.
    pub(crate) fn write(&self, dice: &mut Dice) -> String {
        let mut out = String::new();
        self.append(dice, &mut out);
        out
    }

    fn append(&self, dice: &mut Dice, out: &mut String) {
        match self {
            Doc::Raw(text) => out.push_str(text),
            Doc::Text(text) => quote(text, dice, out),
            Doc::Inside(doc) => quote(&doc.write(dice), dice, out),
            Doc::Cut(..) => quote(&self.cut_off(dice), dice, out),
            Doc::Array(elements) => {
                list(('[', ']'), elements, dice, out, |element, dice, out| element.append(dice, out))
            }
            Doc::Object(members) => list(('{', '}'), members, dice, out, |(name, value), dice, out| {
                quote(name, dice, out);
                space(dice, out);
                out.push(':');
                space(dice, out);
                value.append(dice, out);
            }),
        }
    }

    /// Of a cut-off document, what is left of its text: never all of it.
    pub(crate) fn cut_off(&self, dice: &mut Dice) -> String {
        let Doc::Cut(doc, at) = self else { return String::new() };
        let text = doc.write(dice);
        let mut end = text.len() * usize::from(*at) / 256;
        while !text.is_char_boundary(end) {
            end -= 1;
        }
        text[..end].to_owned()
    }

    /// The same without what a map of values cannot show: each name of an object once, nothing cut off.
    pub(crate) fn tidy(self) -> Doc {
        match self {
            Doc::Array(elements) => Doc::Array(elements.into_iter().map(Doc::tidy).collect()),
            Doc::Object(members) => {
                let mut once: Vec<(String, Doc)> = Vec::new();
                for (name, value) in members {
                    if once.iter().all(|(known, _)| *known != name) {
                        once.push((name, value.tidy()));
                    }
                }
                Doc::Object(once)
            }
            Doc::Inside(doc) | Doc::Cut(doc, _) => Doc::Inside(Box::new(doc.tidy())),
            leaf => leaf,
        }
    }

    /// Whether a value says the same: as serde_json reads it, and of strings with documents, as it reads those.
    pub(crate) fn says(&self, value: &Value) -> bool {
        match (self, value) {
            (Doc::Raw(text), _) => serde_json::from_str::<Value>(text).is_ok_and(|own| own == *value),
            (Doc::Text(text), Value::String(said)) => text == said,
            (Doc::Inside(doc), Value::String(said)) => serde_json::from_str(said).is_ok_and(|inner| doc.says(&inner)),
            (Doc::Array(elements), Value::Array(values)) => {
                elements.len() == values.len() && elements.iter().zip(values).all(|(doc, value)| doc.says(value))
            }
            (Doc::Object(members), Value::Object(values)) => {
                members.len() == values.len()
                    && members.iter().zip(values).all(|((name, doc), (key, value))| name == key && doc.says(value))
            }
            _ => false,
        }
    }
}

fn list<T>(
    (open, close): (char, char),
    items: &[T],
    dice: &mut Dice,
    out: &mut String,
    mut item: impl FnMut(&T, &mut Dice, &mut String),
) {
    out.push(open);
    space(dice, out);
    for (i, each) in items.iter().enumerate() {
        if i > 0 {
            out.push(',');
            space(dice, out);
        }
        item(each, dice, out);
        space(dice, out);
    }
    out.push(close);
}

fn space(dice: &mut Dice, out: &mut String) {
    let ways = if dice.breaks { 11 } else { 9 };
    out.push_str(["", "", "", "", "", "", " ", "\t", "  ", "\n", "\r\n  "][usize::from(dice.roll(ways))]);
}

/// Appends a text as a JSON string: plainly as the core itself would, else with any escape that is one.
fn quote(text: &str, dice: &mut Dice, out: &mut String) {
    out.push('"');
    for c in text.chars() {
        let way = dice.roll(8);
        let short = match c {
            '"' => "\\\"",
            '\\' => "\\\\",
            '\n' => "\\n",
            '\r' => "\\r",
            '\t' => "\\t",
            '\u{8}' if way > 0 => "\\b",
            '\u{c}' if way > 0 => "\\f",
            '/' if way > 4 => "\\/",
            _ => "",
        };
        let must = c < ' ' || c == '"' || c == '\\';
        if way == 1 || (must && short.is_empty()) {
            for unit in c.encode_utf16(&mut [0; 2]) {
                out.push_str(&if way == 2 { format!("\\u{unit:04X}") } else { format!("\\u{unit:04x}") });
            }
        } else if short.is_empty() {
            out.push(c);
        } else {
            out.push_str(short);
        }
    }
    out.push('"');
}
