//! Comments are blanked and places stay; the nearest word is the one that was meant.

use proptest::prelude::*;
use serde_json::Value;

use super::jsonc;
use super::nearest::nearest;
use crate::common::doc::{self, dice};
use crate::common::seed::config;

proptest! {
    #![proptest_config(config(1500))]

    /// Comments and commas too many change what is read in no way, and no place in it.
    #[test]
    fn comments_are_white_space(doc in doc::doc(false), mut dice in dice(true), comment in "(/\\*[a-z\"{,}\n]{0,6}\\*/|//[a-z\"{,}*]{0,6}\n|[ \n]){0,4}") {
        let text = doc.write(&mut dice);
        let commented = format!("{comment}{text}{comment}");
        let plain = jsonc::to_json(&commented).expect("comments end");
        prop_assert_eq!(plain.len(), commented.len());
        prop_assert_eq!(plain.iter().filter(|b| **b == b'\n').count(), commented.matches('\n').count());
        prop_assert_eq!(&plain[comment.len()..comment.len() + text.len()], text.as_bytes());
        prop_assert_eq!(serde_json::from_slice::<Value>(&plain).expect("JSON"), serde_json::from_str::<Value>(&text).expect("JSON"));
    }

    #[test]
    fn a_trailing_comma_is_allowed_behind_a_value_only(values in proptest::collection::vec("[0-9]|\"[,\\]}]\"|\\[\\]|\\{\\}", 0..4), space in "[ \n]{0,2}") {
        let text = format!("[{}{space},{space}]", values.join(","));
        let plain = jsonc::to_json(&text).expect("no comment");
        prop_assert_eq!(serde_json::from_slice::<Value>(&plain).is_ok(), !values.is_empty());
    }
}

#[test]
fn the_nearest_word_is_near() {
    let known = ["redact", "routes", "limits", "recordBytes"];
    for (word, near) in [
        ("redcat", Some("redact")),
        ("route", Some("routes")),
        ("ROUTES", Some("routes")),
        ("record_bytes", Some("recordBytes")),
        ("limit", Some("limits")),
        ("keep", None),
        ("", None),
        ("template", None),
    ] {
        assert_eq!(nearest(word, known), near, "{word}");
    }
    assert_eq!(nearest("x", []), None);
}
