//! What a file of this room says of its receiver.

pub(super) use crate::template::Wants;

/// What a receiver wants and what it takes.
#[derive(Debug)]
pub(crate) struct Contract {
    /// Its word in a policy.
    pub(crate) name: &'static str,
    pub(crate) options: &'static [(&'static str, Ask)],
    pub(crate) content_type: &'static str,
    pub(crate) frame: Frame,
    /// None: what comes is one body, from the first call of a run to its end.
    pub(crate) limits: Option<Limits>,
    /// What is made of the options; none for a body that goes wherever the caller likes.
    pub(crate) make: Option<fn(&Options, &mut Made)>,
}

/// What an option has to be.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Ask {
    Text,
    /// A text without which nothing can be sent.
    Needed,
    /// A text that may hold tags, as those of templates.
    Template(Wants),
    /// Several such texts, of which one is made, with commas between them.
    Tags,
    /// The name of a secret.
    Secret,
    /// Where a project of Sentry takes events.
    Dsn,
    /// `http:` or `https:`.
    Url,
    NeededUrl,
    /// The same, of which an address is made by a path behind it.
    Base,
    NeededBase,
    /// A header's value.
    Header,
    /// Names of headers, and their values.
    Headers,
    /// Yes or no.
    Flag,
    /// One of these words.
    OneOf(&'static [&'static str]),
}

impl Ask {
    pub(crate) fn is_needed(self) -> bool {
        matches!(self, Ask::Needed | Ask::NeededUrl | Ask::NeededBase | Ask::Dsn)
    }
}

/// What stands around and between the records of a body.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Frame {
    pub(crate) open: &'static str,
    pub(crate) between: &'static str,
    /// Behind each record.
    pub(crate) end: &'static str,
    pub(crate) close: &'static str,
    /// No record may have a line break.
    pub(crate) lines: bool,
    /// The number of records goes into the three spaces of `open`.
    pub(crate) counted: bool,
}

impl Frame {
    /// Whether nothing tells records apart, so that each goes alone.
    pub(crate) fn is_single(&self) -> bool {
        [self.open, self.between, self.end].concat().is_empty()
    }
}

/// A line for each record.
pub(crate) const LINES: Frame = Frame { open: "", between: "", end: "\n", close: "", lines: true, counted: false };
/// One array of all.
pub(crate) const ARRAY: Frame =
    Frame { open: "[", between: ",\n", end: "", close: "]\n", lines: false, counted: false };

/// What one request may hold, before it is compressed.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Limits {
    pub(crate) records: u64,
    pub(crate) bytes: usize,
    pub(crate) record_bytes: usize,
}

/// A request, all but its body; `${NAME}` stands for the secret of that name.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Request {
    /// `POST` or `PUT`.
    pub method: &'static str,
    /// Where it goes; `${key}` stands for the batch's key.
    pub url: String,
    /// Names and values.
    pub headers: Vec<(String, String)>,
    /// Whether the body is to be compressed with gzip.
    pub gzip: bool,
    /// The service and region that AWS Signature Version 4 names, where that signs the request.
    pub sign: Option<(&'static str, String)>,
}

/// What a file of this room makes of a route's options.
#[derive(Debug, Default)]
pub(crate) struct Made {
    pub(crate) request: Request,
    /// A template of JSON around each record, which is its partial `record`; `text`, the same in a JSON string; `any`, as
    /// OpenTelemetry writes values; or `event`, which is never blank. Empty for the record alone.
    pub(crate) envelope: String,
    /// The same, of a line before each record.
    pub(crate) head: String,
    /// A template of text: what the batch is called, whose records all have the same.
    pub(crate) key: String,
    /// Another frame than the contract's.
    pub(crate) frame: Option<Frame>,
    /// What a body begins with, where options have a say in it.
    pub(crate) open: String,
    pub(crate) content_type: Option<&'static str>,
}

impl Made {
    /// A POST to this address.
    #[inline(never)]
    pub(super) fn post(&mut self, url: &[&str]) {
        self.request.method = "POST";
        self.request.url = url.concat();
    }

    #[inline(never)]
    pub(super) fn header(&mut self, name: &str, value: &[&str]) {
        self.request.headers.push((name.to_owned(), value.concat()));
    }

    /// Appends to what stands around each record.
    #[inline(never)]
    pub(super) fn add(&mut self, parts: &[&str]) {
        parts.iter().for_each(|part| self.envelope.push_str(part));
    }
}

/// The options that were given: each with its texts (of headers, names and values by turns), and what stands for it in an
/// envelope.
#[derive(Debug, Default)]
pub(crate) struct Options {
    pub(crate) given: Vec<(&'static str, Vec<String>, String)>,
}

impl Options {
    fn find(&self, name: &str) -> Option<&(&'static str, Vec<String>, String)> {
        self.given.iter().find(|(known, ..)| *known == name)
    }

    pub(crate) fn has(&self, name: &str) -> bool {
        self.find(name).is_some_and(|(_, texts, _)| !texts.is_empty())
    }

    pub(crate) fn texts(&self, name: &str) -> &[String] {
        self.find(name).map_or(&[], |(_, texts, _)| texts)
    }

    /// What an option says, or what goes without saying.
    pub(crate) fn text<'a>(&'a self, name: &str, usual: &'a str) -> &'a str {
        self.texts(name).first().map_or(usual, String::as_str)
    }

    /// The secret that stands in for `usual` under another name, as a slot.
    pub(crate) fn slot(&self, usual: &str) -> String {
        ["${", self.text("secret", usual), "}"].concat()
    }

    /// What stands in a JSON template for an option: `usual` is JSON.
    pub(crate) fn json<'a>(&'a self, name: &str, usual: &'a str) -> &'a str {
        self.find(name).map_or(usual, |(.., json)| json)
    }

    /// Appends a member, if there is such an option.
    pub(crate) fn member(&self, name: &str, key: &str, out: &mut String) {
        if let Some((.., json)) = self.find(name) {
            for part in ["\"", key, "\":", json, ","] {
                out.push_str(part);
            }
        }
    }
}

/// A line for people: the message, or what kind of event it is.
pub(super) const MESSAGE: &str = "{{#@message}}{{.}}{{/@message}}{{^@message}}{{@type | default:event}}{{/@message}}";

/// What tells an event from all others, and a repeat: its own id, or a digest of the record.
pub(super) const EVENT_ID: &str = "{{#@id}}{{.}}{{/@id}}{{^@id}}{{log_message_id}}{{/@id}}";

/// The common fields that receivers have no place of their own for, in the order of DESIGN's list.
pub(super) const FIELDS: [&str; 21] = [
    "platform",
    "type",
    "status",
    "org.id",
    "customer.id",
    "customer.external_id",
    "environment",
    "workflow.id",
    "workflow.name",
    "run.id",
    "parent.id",
    "trace.id",
    "step",
    "connector",
    "integration.id",
    "operation",
    "resource.type",
    "resource.id",
    "actor.id",
    "actor.email",
    "actor.ip",
];

/// Appends for each of these common fields what `before`, its name, `between`, its value and `behind` give, if it has a
/// value.
pub(super) fn each(fields: &[&str], around: (&str, &str, &str), out: &mut String) {
    fields.iter().for_each(|field| named(&[(field, field)], around, out));
}

/// The same under other names: name and common field.
pub(super) fn named(fields: &[(&str, &str)], (before, between, behind): (&str, &str, &str), out: &mut String) {
    for (name, field) in fields {
        for part in ["{{#@", field, "}}", before, name, between, "{{.}}", behind, ",{{/@", field, "}}"] {
            out.push_str(part);
        }
    }
}

/// What stands around name and value of a member whose value is text.
pub(super) const MEMBER: (&str, &str, &str) = ("\"", "\":\"", "\"");
