//! Redacted records to the bodies that receivers take. A file per destination, its contract in the head.

mod body;
mod cloudevents;
mod contract;
mod datadog;
mod elastic;
mod http;
mod json;
mod ndjson;
mod newrelic;
mod ocsf;
mod otlp;
mod oversize;
mod redshift;
mod s3;
mod sentry;
mod splunk;
mod sumo;
#[cfg(test)]
mod tests;

pub use body::Part;
pub use contract::Request;
pub use ndjson::ndjson;

pub(crate) use body::Body;
pub(crate) use contract::{Ask, Contract, Options};
pub(crate) use oversize::{Oversize, WORKATO_LIMIT, each_step};
pub(crate) use sentry::dsn;

use crate::part;
use crate::template::Template;
use contract::{Frame, Limits, Made};

/// Where a route's records go, and in what form.
#[derive(Clone, Debug)]
pub struct Destination {
    contract: &'static Contract,
    content_type: &'static str,
    frame: Frame,
    open: String,
    limits: Option<Limits>,
    request: Option<Request>,
    head: Option<Template>,
    key: Option<Template>,
}

/// The templates of a destination, as texts.
#[derive(Debug, Default)]
pub(crate) struct Envelope {
    pub(crate) record: String,
    pub(crate) head: String,
    pub(crate) key: String,
}

impl Destination {
    /// All that a policy may name.
    pub(crate) const ALL: [&'static Contract; 14] = [
        &ndjson::CONTRACT,
        &json::CONTRACT,
        &datadog::CONTRACT,
        &splunk::CONTRACT,
        &sumo::CONTRACT,
        &newrelic::CONTRACT,
        &elastic::CONTRACT,
        &otlp::CONTRACT,
        &sentry::CONTRACT,
        &s3::CONTRACT,
        &redshift::CONTRACT,
        &cloudevents::CONTRACT,
        &ocsf::CONTRACT,
        &http::CONTRACT,
    ];

    /// Those that are bodies for whoever calls.
    pub(crate) const PLAIN: [&'static Contract; 2] = [&ndjson::CONTRACT, &json::CONTRACT];

    /// One of [`Destination::PLAIN`].
    pub(crate) fn plain(contract: &'static Contract) -> Destination {
        Destination {
            contract,
            content_type: contract.content_type,
            frame: contract.frame,
            open: contract.frame.open.to_owned(),
            limits: contract.limits,
            request: None,
            head: None,
            key: None,
        }
    }

    /// A destination with its options, and the texts of its templates.
    pub(crate) fn new(
        contract: &'static Contract,
        options: &Options,
        part: part::Destinations,
    ) -> (Destination, Envelope) {
        part.go();
        let mut destination = Destination::plain(contract);
        let Some(make) = contract.make else { return (destination, Envelope::default()) };
        let mut made = Made::default();
        make(options, &mut made);
        let Made { mut request, envelope, head, key, frame, open, content_type } = made;
        destination.content_type = content_type.unwrap_or(contract.content_type);
        destination.frame = frame.unwrap_or(contract.frame);
        destination.open = if open.is_empty() { destination.frame.open.to_owned() } else { open };
        if destination.frame.is_single()
            && let Some(limits) = &mut destination.limits
        {
            limits.records = 1;
        }
        request.gzip = options.text("gzip", "") == "true";
        if request.gzip && request.sign.is_none() {
            request.headers.push(("Content-Encoding".to_owned(), "gzip".to_owned()));
        }
        if !request.headers.iter().any(|(name, _)| name.eq_ignore_ascii_case("content-type")) {
            request.headers.push(("Content-Type".to_owned(), destination.content_type.to_owned()));
        }
        destination.request = Some(request);
        (destination, Envelope { record: envelope, head, key })
    }

    /// Sets the templates of what stands before each record, and of what a body is called.
    pub(crate) fn set(&mut self, head: Option<Template>, key: Option<Template>) {
        (self.head, self.key) = (head, key);
    }

    /// Its own templates, besides what becomes of a record.
    pub(crate) fn templates(&self) -> impl Iterator<Item = &Template> {
        self.head.iter().chain(&self.key)
    }

    /// Whether it has templates of its own besides what becomes of a record.
    pub(crate) fn renders(&self) -> bool {
        self.head.is_some() || self.key.is_some()
    }

    /// Whether its bodies end before a run does.
    pub(crate) fn has_limits(&self) -> bool {
        self.limits.is_some()
    }

    /// The policy's word for it.
    pub fn name(&self) -> &'static str {
        self.contract.name
    }

    /// The media type of a body.
    pub fn content_type(&self) -> &'static str {
        self.content_type
    }

    /// The request that takes a body to it; none where the caller knows what to do with it.
    pub fn request(&self) -> Option<&Request> {
        self.request.as_ref()
    }
}

impl Default for Destination {
    fn default() -> Destination {
        Destination::plain(&ndjson::CONTRACT)
    }
}
