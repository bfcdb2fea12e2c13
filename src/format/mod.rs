//! The formats of JSON Schema (2020-12, Validation §7.3; draft-07, Validation §7.3), each by the grammar of its RFC.
//!
//! A check reads the text once, allocates nothing and takes time in proportion to its length. Where a reading is of use
//! elsewhere (addresses, timestamps, the parts of a URI), checking and reading are one function.
//!
//! | format | grammar | |
//! |---|---|---|
//! | `date-time` `date` `time` | RFC 3339 §5.6 | second 60 only where UTC's clock may show it (§5.7) |
//! | `duration` | RFC 3339 appendix A | unknown to draft-07 |
//! | `email` | RFC 5321 §4.1.2 | ¹ |
//! | `idn-email` | RFC 6531 §3.3 | labels beyond ASCII are not looked into |
//! | `hostname` | RFC 1123 §2.1 | A-labels are looked into (RFC 5891 §5.4); ² |
//! | `idn-hostname` | RFC 5890 §2.3.2.3 | IDNA 2008 with tables of Unicode 17 |
//! | `ipv4` | RFC 2673 §3.2 | no zeros in front of a number |
//! | `ipv6` | RFC 4291 §2.2 | |
//! | `uri` `uri-reference` | RFC 3986 | |
//! | `iri` `iri-reference` | RFC 3987 §2.2 | |
//! | `uri-template` | RFC 6570 §2 | an apostrophe is a literal (erratum 6937) |
//! | `uuid` | RFC 4122 §3 | any version and variant; unknown to draft-07 |
//! | `json-pointer` | RFC 6901 §3 | |
//! | `relative-json-pointer` | draft-bhutton-relative-json-pointer-00 §3 | ³ |
//!
//! Where draft-07 names another document: ¹ RFC 5322 §3.4.1, whose comments, white space and free literals are refused
//! all the same; ² RFC 1034 §3.1, whose labels begin with a letter, which the official suite does not ask for either;
//! ³ draft-handrews-relative-json-pointer-01, in which no index is moved by `+1` or `-1`: a format of its own here.
//!
//! Without the crate's feature `idn` there is no IDNA: a `hostname` with an A-label does not hold, and `idn-hostname` is
//! not supported, so that a schema that asserts it has to be refused: nothing passes unchecked.
//!
//! `regex` is not told here: it is whatever the room of patterns compiles.

mod class;
pub(crate) mod date_time;
pub(crate) mod duration;
pub(crate) mod email;
pub(crate) mod host;
#[cfg(feature = "idn")]
mod idn;
pub(crate) mod ip;
pub(crate) mod json_pointer;
#[cfg(test)]
mod tests;
pub(crate) mod uri;
pub(crate) mod uri_template;
pub(crate) mod uuid;

/// The draft of JSON Schema that a format's name is read in.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Draft {
    Draft07,
    Draft202012,
}

/// A format that a text can be held against.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Format {
    Date,
    DateTime,
    Duration,
    Email,
    Hostname,
    IdnEmail,
    IdnHostname,
    Ipv4,
    Ipv6,
    Iri,
    IriReference,
    JsonPointer,
    RelativeJsonPointer,
    /// As draft-07 has it.
    RelativeJsonPointer07,
    Time,
    Uri,
    UriReference,
    UriTemplate,
    Uuid,
}

use Format::*;

const NAMES: [(&str, Format); 18] = [
    ("date", Date),
    ("date-time", DateTime),
    ("duration", Duration),
    ("email", Email),
    ("hostname", Hostname),
    ("idn-email", IdnEmail),
    ("idn-hostname", IdnHostname),
    ("ipv4", Ipv4),
    ("ipv6", Ipv6),
    ("iri", Iri),
    ("iri-reference", IriReference),
    ("json-pointer", JsonPointer),
    ("relative-json-pointer", RelativeJsonPointer),
    ("time", Time),
    ("uri", Uri),
    ("uri-reference", UriReference),
    ("uri-template", UriTemplate),
    ("uuid", Uuid),
];

impl Format {
    /// The format that a draft knows by this name; none for any other name, which a schema may use as it likes.
    pub(crate) fn named(name: &str, draft: Draft) -> Option<Format> {
        let (_, format) = NAMES.iter().find(|(known, _)| *known == name)?;
        match (draft, format) {
            (Draft::Draft07, Duration | Uuid) => None,
            (Draft::Draft07, RelativeJsonPointer) => Some(RelativeJsonPointer07),
            _ => Some(*format),
        }
    }

    /// The names that a draft knows, but `regex`.
    pub(crate) fn names(draft: Draft) -> impl Iterator<Item = &'static str> {
        NAMES.iter().map(|(name, _)| *name).filter(move |name| Format::named(name, draft).is_some())
    }

    /// Its name in a schema.
    pub(crate) fn name(self) -> &'static str {
        let listed = if self == RelativeJsonPointer07 { RelativeJsonPointer } else { self };
        NAMES.iter().find(|(_, format)| *format == listed).map_or("", |(name, _)| name)
    }

    /// Whether this build can tell it; one that cannot lets no text hold.
    pub(crate) fn is_supported(self) -> bool {
        cfg!(feature = "idn") || self != IdnHostname
    }

    /// Whether a text has it.
    pub(crate) fn holds(self, text: &str) -> bool {
        let bytes = text.as_bytes();
        match self {
            Date => date_time::parse_date(bytes).is_some(),
            DateTime => date_time::parse(bytes).is_some(),
            Duration => duration::is_duration(bytes),
            Email => email::is_email(bytes),
            Hostname => host::is_hostname(text),
            IdnEmail => email::is_idn_email(bytes),
            IdnHostname => host::is_idn_hostname(text),
            Ipv4 => ip::parse_v4(bytes).is_some(),
            Ipv6 => ip::parse_v6(bytes).is_some(),
            Iri => uri::is_iri(text, true),
            IriReference => uri::is_iri(text, false),
            JsonPointer => json_pointer::is_pointer(bytes),
            RelativeJsonPointer => json_pointer::is_relative(bytes, true),
            RelativeJsonPointer07 => json_pointer::is_relative(bytes, false),
            Time => date_time::parse_time(bytes).is_some(),
            Uri => uri::is_uri(bytes, true),
            UriReference => uri::is_uri(bytes, false),
            UriTemplate => uri_template::is_template(text),
            Uuid => uuid::is_uuid(bytes),
        }
    }
}
