//! The cases of `tests/detectors`; its README says what their files look like.

use std::fs;
use std::ops::Range;

use serde_json::Value;

/// A text and what is to be found in it.
#[derive(Clone, Debug)]
pub(crate) struct Case {
    /// The key that it is the value of; empty if that does not matter.
    pub(crate) key: String,
    pub(crate) text: String,
    pub(crate) spans: Vec<Range<usize>>,
}

impl Case {
    fn read(key: &str, marked: &str, seed: u64) -> Case {
        let (mut text, mut spans) = (String::new(), Vec::new());
        for c in expand(marked, seed).chars() {
            match c {
                '⟦' => spans.push(text.len()..text.len()),
                '⟧' => spans.last_mut().expect("an opened mark").end = text.len(),
                c => text.push(c),
            }
        }
        Case { key: key.to_owned(), text, spans }
    }

    pub(crate) fn values(&self) -> impl Iterator<Item = &str> {
        self.spans.iter().map(|span| &self.text[span.clone()])
    }

    /// The text is one value.
    pub(crate) fn is_value(&self) -> bool {
        self.spans.len() == 1 && self.spans[0].len() == self.text.len()
    }
}

/// What one detector finds and lets pass.
pub(crate) struct Cases {
    pub(crate) finds: Vec<Case>,
    pub(crate) passes: Vec<Case>,
}

impl Cases {
    /// The cases of a detector, by its name; what is random in them is drawn by `seed`.
    pub(crate) fn of(detector: &str, seed: u64) -> Cases {
        let path = format!("{}/tests/detectors/{detector}.json", env!("CARGO_MANIFEST_DIR"));
        let text = fs::read_to_string(&path).unwrap_or_else(|error| panic!("{path}: {error}"));
        let file: Value = serde_json::from_str(&text).unwrap_or_else(|error| panic!("{path}: {error}"));
        let list = |name: &str| file[name].as_array().cloned().unwrap_or_default();
        let text = |value: &Value| value.as_str().expect("a text").to_owned();
        let mut finds: Vec<Case> = list("finds").iter().map(|case| Case::read("", &text(case), seed)).collect();
        let mut passes: Vec<Case> = list("passes").iter().map(|case| Case::read("", &text(case), seed)).collect();
        for case in list("keys") {
            let case = Case::read(&text(&case[0]), &text(&case[1]), seed);
            if case.spans.is_empty() { passes.push(case) } else { finds.push(case) }
        }
        assert!(finds.iter().all(|case| !case.spans.is_empty()) && passes.iter().all(|case| case.spans.is_empty()));
        Cases { finds, passes }
    }
}

/// `‹36 alnum›` as 36 characters.
fn expand(text: &str, mut state: u64) -> String {
    let mut out = String::new();
    let mut rest = text;
    while let Some((before, behind)) = rest.split_once('‹') {
        out += before;
        let (what, behind) = behind.split_once('›').expect("a closed mark");
        let (count, alphabet) = what.split_once(' ').expect("a count and an alphabet");
        let (lower, upper) = ("abcdefghijklmnopqrstuvwxyz", "ABCDEFGHIJKLMNOPQRSTUVWXYZ");
        let letters = match alphabet {
            "alnum" => format!("{upper}{lower}0123456789"),
            "url" => format!("{upper}{lower}0123456789-_"),
            "std" => format!("{upper}{lower}0123456789+/"),
            "hex" => "0123456789abcdef".to_owned(),
            "upper" => format!("{upper}234567"),
            "lower" => lower.to_owned(),
            "digit" => "123456789".to_owned(),
            other => panic!("no alphabet {other}"),
        };
        let count: usize = count.parse().expect("a count");
        for place in 0..count {
            state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
            let drawn = &letters.as_bytes()[(state >> 33) as usize % letters.len()];
            // At the ends no mark, as a text goes on behind it.
            let mark = !drawn.is_ascii_alphanumeric() && (place == 0 || place + 1 == count);
            out.push(if mark { 'x' } else { char::from(*drawn) });
        }
        rest = behind;
    }
    out + rest
}
