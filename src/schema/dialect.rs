//! Dialects: which keywords a schema's `$schema` brings into force.

/// A draft of JSON Schema, for schemas that do not name theirs in `$schema`.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Dialect {
    /// Draft 2020-12.
    #[default]
    Draft202012,
    /// Draft-07.
    Draft07,
}

/// Bits of vocabularies (2020-12, section 6 of core and of validation). Draft-07 has all of them.
pub(super) mod vocabulary {
    pub(crate) const CORE: u8 = 1;
    pub(crate) const APPLICATOR: u8 = 2;
    pub(crate) const UNEVALUATED: u8 = 4;
    pub(crate) const VALIDATION: u8 = 8;
    pub(crate) const METADATA: u8 = 16;
    pub(crate) const FORMAT: u8 = 32;
    pub(crate) const CONTENT: u8 = 64;
    pub(crate) const ALL: u8 = 127;
}

/// What holds for the schemas of a resource.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Rules {
    pub(super) draft: Dialect,
    /// The vocabularies in force.
    pub(super) vocabularies: u8,
    /// A vocabulary asks for formats to be asserted.
    pub(super) assert_formats: bool,
    /// False: `$schema` names a dialect that is not known here.
    pub(super) known: bool,
}

impl Rules {
    pub(super) fn of(draft: Dialect) -> Rules {
        Rules { draft, vocabularies: vocabulary::ALL, assert_formats: false, known: true }
    }

    /// The rules of a draft, by the URI of its metaschema.
    pub(super) fn named(uri: &str) -> Option<Rules> {
        match uri.trim_end_matches('#').split_once("://")?.1 {
            "json-schema.org/draft/2020-12/schema" => Some(Rules::of(Dialect::Draft202012)),
            "json-schema.org/draft-07/schema" => Some(Rules::of(Dialect::Draft07)),
            _ => None,
        }
    }

    /// Adds a vocabulary, by its URI. One that is required and not known makes the dialect unknown.
    pub(super) fn add(&mut self, uri: &str, required: bool) {
        let name = uri.strip_prefix("https://json-schema.org/draft/2020-12/vocab/");
        self.vocabularies |= match name {
            Some("core") => vocabulary::CORE,
            Some("applicator") => vocabulary::APPLICATOR,
            Some("unevaluated") => vocabulary::UNEVALUATED,
            Some("validation") => vocabulary::VALIDATION,
            Some("meta-data") => vocabulary::METADATA,
            Some("content") => vocabulary::CONTENT,
            Some("format-annotation") => vocabulary::FORMAT,
            Some("format-assertion") => {
                self.assert_formats = true;
                vocabulary::FORMAT
            }
            _ => {
                self.known &= !required;
                0
            }
        };
    }
}

/// One of `metaschema/`, as `build.rs` writes it.
macro_rules! metaschema {
    ($name:literal) => {
        include_str!(concat!(env!("OUT_DIR"), "/", $name))
    };
}

/// The metaschemas that are built in: URI, draft, text. Our own rendition: what they demand, without their prose.
pub(super) const METASCHEMAS: [(&str, Dialect, &str); 10] = [
    ("https://json-schema.org/draft/2020-12/schema", Dialect::Draft202012, metaschema!("schema.json")),
    ("https://json-schema.org/draft/2020-12/meta/core", Dialect::Draft202012, metaschema!("core.json")),
    ("https://json-schema.org/draft/2020-12/meta/applicator", Dialect::Draft202012, metaschema!("applicator.json")),
    ("https://json-schema.org/draft/2020-12/meta/unevaluated", Dialect::Draft202012, metaschema!("unevaluated.json")),
    ("https://json-schema.org/draft/2020-12/meta/validation", Dialect::Draft202012, metaschema!("validation.json")),
    ("https://json-schema.org/draft/2020-12/meta/meta-data", Dialect::Draft202012, metaschema!("meta-data.json")),
    (
        "https://json-schema.org/draft/2020-12/meta/format-annotation",
        Dialect::Draft202012,
        metaschema!("format-annotation.json"),
    ),
    (
        "https://json-schema.org/draft/2020-12/meta/format-assertion",
        Dialect::Draft202012,
        metaschema!("format-assertion.json"),
    ),
    ("https://json-schema.org/draft/2020-12/meta/content", Dialect::Draft202012, metaschema!("content.json")),
    ("http://json-schema.org/draft-07/schema", Dialect::Draft07, metaschema!("draft-07.json")),
];
