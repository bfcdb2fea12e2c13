//! What is told of a record.

use crate::drift::Drift;
use crate::encode::Body;
#[cfg(doc)]
use crate::limits::{MAX_EXPLAINED, MAX_EXPLAINED_BYTES};
use crate::policy::Route;
use crate::query::Term;
use crate::schema::Finding;
use crate::template::{Mode, Template};

/// One record's trip, in the order of the rooms.
#[derive(Clone, Debug, PartialEq, Eq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize))]
pub struct Trip {
    /// Which record, from 0.
    pub record: u64,
    /// Its first byte in the input.
    pub offset: u64,
    /// Its length in bytes.
    pub length: u64,
    /// Its line, where the format goes by lines.
    #[cfg_attr(feature = "serde", serde(skip_serializing_if = "Option::is_none"))]
    pub line: Option<u64>,
    /// `kept`, `filtered` or `quarantined`.
    pub outcome: &'static str,
    /// What the record was recognised as, if the policy asks and the catalogue knows.
    #[cfg_attr(feature = "serde", serde(skip_serializing_if = "Option::is_none"))]
    pub event: Option<Recognised>,
    /// What its type's JSON Schema finds fault with, at most [`MAX_EXPLAINED`]; places are counted from the event's start.
    pub findings: Vec<Finding>,
    /// How it differs from what the catalogue knows of its type, at most [`MAX_EXPLAINED`].
    pub drift: Vec<Drift>,
    /// What the policy asked of it, and what was answered.
    pub decisions: Vec<Decision>,
    /// What was changed.
    pub edits: Vec<Change>,
    /// The routes that took it, and what each got.
    pub routes: Vec<Delivery>,
    /// The room that withheld it.
    #[cfg_attr(feature = "serde", serde(skip_serializing_if = "Option::is_none"))]
    pub room: Option<&'static str>,
    /// Why it was withheld.
    #[cfg_attr(feature = "serde", serde(skip_serializing_if = "Option::is_none"))]
    pub code: Option<&'static str>,
    /// The byte of the input at which the fault lies.
    #[cfg_attr(feature = "serde", serde(skip_serializing_if = "Option::is_none"))]
    pub at: Option<u64>,
    /// What should have stood there.
    #[cfg_attr(feature = "serde", serde(skip_serializing_if = "Option::is_none"))]
    pub expected: Option<&'static str>,
}

/// What a record was recognised as.
#[derive(Clone, Debug, PartialEq, Eq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize))]
pub struct Recognised {
    /// The catalogue's name of the event type.
    #[cfg_attr(feature = "serde", serde(rename = "type"))]
    pub event_type: String,
    /// How many keys lead from the record to the event.
    pub wrappers: u64,
    /// Whether it fits its type's JSON Schema, if the policy asks that.
    #[cfg_attr(feature = "serde", serde(skip_serializing_if = "Option::is_none"))]
    pub valid: Option<bool>,
}

/// Something that a policy asks of a record: whether it may come in or go on, and whether a rule is for it.
#[derive(Clone, Debug, PartialEq, Eq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize))]
pub struct Decision {
    /// Pointer into the policy: `/accept/events` (and its like, where it kept the record out), `/keep`, `/routes/0/when`,
    /// `/sample`, `/sample/always`, `/redact/0/when`.
    pub pointer: String,
    /// The answer: the record goes on; the query matches, and the route, rule or exception is for it.
    pub passes: bool,
    /// Of a query, the first of the terms that alone make the answer, or do together.
    #[cfg_attr(feature = "serde", serde(skip_serializing_if = "Option::is_none"))]
    pub term: Option<Term>,
    /// Of a share, what decided: `@run.id`, `@id`, or the record's `bytes`.
    #[cfg_attr(feature = "serde", serde(skip_serializing_if = "Option::is_none"))]
    pub by: Option<&'static str>,
}

/// What a route got of a record: as if it were the first of a body, and the last.
#[derive(Clone, Debug, PartialEq, Eq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize))]
pub struct Delivery {
    /// The route's name.
    pub name: String,
    /// The policy's word for its destination.
    pub to: &'static str,
    /// Pointer to what says in the policy which form the record takes: the route's `template`, or its `to`. None: it stays
    /// as it is.
    #[cfg_attr(feature = "serde", serde(skip_serializing_if = "Option::is_none"))]
    pub template: Option<String>,
    /// What that template makes: `json` or `text`.
    #[cfg_attr(feature = "serde", serde(skip_serializing_if = "Option::is_none"))]
    pub mode: Option<&'static str>,
    /// Records that it became.
    pub records: u64,
    /// Their bytes, framing included.
    pub bytes: u64,
    /// It was too large for the receiver, and took another form.
    pub oversize: bool,
    /// Of the request that takes a body there, the method.
    #[cfg_attr(feature = "serde", serde(skip_serializing_if = "Option::is_none"))]
    pub method: Option<&'static str>,
    /// The scheme and host of its address. What may be secret is not told: path, query, headers.
    #[cfg_attr(feature = "serde", serde(skip_serializing_if = "Option::is_none"))]
    pub host: Option<String>,
    /// The beginning of what the route got, [`MAX_EXPLAINED_BYTES`] at most; where somebody asked for it, and `allow` lets
    /// nothing pass this route.
    #[cfg_attr(feature = "serde", serde(skip_serializing_if = "Option::is_none"))]
    pub body: Option<String>,
    /// What the body is called: its object's key or partition. Told where the body is.
    #[cfg_attr(feature = "serde", serde(skip_serializing_if = "Option::is_none"))]
    pub key: Option<String>,
}

/// One value changed. Lengths are in bytes; no values.
#[derive(Clone, Debug, PartialEq, Eq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize))]
pub struct Change {
    /// Pointer to the rule in the policy; empty where a string was withheld because its JSON could not be read.
    pub rule: String,
    /// The path that reached the value, as the policy or the catalogue writes it; else what did:
    /// `key`, `class`, `detect`, `pattern`.
    pub path: String,
    /// Where it stood: a path of names that the catalogue or the policy has; others are `*`.
    pub place: String,
    /// What it was: `string`, `number`, `boolean`, `null`, `array`, `object` or `key`.
    pub kind: &'static str,
    /// What was done: `remove`, `replace`, `null`, `mask`, `truncate`, or `withhold`.
    pub action: &'static str,
    /// First byte in the input: of the value, or of the outermost string that was opened to reach it.
    pub offset: u64,
    /// The value's length in the document that it stands in.
    pub length: u64,
    /// Length of what stands in its place.
    pub becomes: u64,
    /// In how many strings that document stands.
    pub embedded: u64,
    /// What it said, or its JSON, where somebody asked for values.
    #[cfg_attr(feature = "serde", serde(skip_serializing_if = "Option::is_none"))]
    pub was: Option<String>,
}

impl Decision {
    pub(super) fn of(pointer: &[&str], passes: bool) -> Decision {
        Decision { pointer: pointer.concat(), passes, term: None, by: None }
    }
}

impl Delivery {
    pub(super) fn new(number: usize, route: &Route, template: Option<&Template>, output: &Body) -> Delivery {
        let member = if route.is_templated { "/template" } else { "/to" };
        let request = route.to.request();
        Delivery {
            name: route.name.clone(),
            to: route.to.name(),
            template: template.map(|_| ["/routes/", &number.to_string(), member].concat()),
            mode: template.map(|template| if template.mode() == Mode::Json { "json" } else { "text" }),
            records: output.records,
            bytes: output.bytes().len() as u64,
            oversize: output.total_oversize > 0,
            method: request.map(|request| request.method),
            host: request.and_then(|request| host(&request.url)),
            body: None,
            key: None,
        }
    }
}

/// The scheme and host of an address; a slot where it begins with one.
fn host(url: &str) -> Option<String> {
    let from = url.find("://").map_or(0, |at| at + 3);
    let (scheme, rest) = url.split_at_checked(from)?;
    let end = rest.bytes().position(|b| matches!(b, b'/' | b'?' | b'#')).unwrap_or(rest.len());
    let user = rest.as_bytes().get(..end)?.iter().rposition(|b| *b == b'@').map_or(0, |at| at + 1);
    Some([scheme, rest.get(user..end)?].concat())
}
