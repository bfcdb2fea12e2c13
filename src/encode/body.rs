//! What goes out over a route: records in bodies that its receiver takes.

use super::Destination;
use super::contract::Limits;
use crate::edit::join_lines;
use crate::hash::{hex, sha256};
use crate::limits::MAX_KEY_BYTES;
use crate::recognition::Catalog;
use crate::redact::Redacted;
use crate::scan::Reason;
use crate::template::{Now, Renderer, Template};

/// A body that is complete: where it ends among the bytes of the call, its records, and its key.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Part {
    /// Where it ends; it begins where the one before it ends.
    pub end: usize,
    /// How many.
    pub records: u64,
    /// What it is called; empty where the receiver knows no names.
    pub key: String,
}

/// What one route has got.
#[derive(Debug)]
pub(crate) struct Body {
    /// Of the last call, and behind that the body at hand.
    bytes: Vec<u8>,
    /// Of the bodies of the last call.
    pub(crate) records: u64,
    /// Of a destination with limits: its bodies.
    pub(crate) parts: Vec<Part>,
    pub(crate) total_records: u64,
    pub(crate) total_bytes: u64,
    /// Records of the run that were too large as they were, and went out in another form.
    pub(crate) total_oversize: u64,
    /// Where the record at hand begins, with what stands before it.
    before: usize,
    /// Where the body at hand begins, and how many records are in it.
    start: usize,
    count: u64,
    /// What all of its records are called.
    key: Vec<u8>,
    next_key: Vec<u8>,
    /// What was there when the record at hand began.
    mark: Mark,
    record: Option<Renderer>,
    head: Option<Renderer>,
    name: Option<Renderer>,
}

/// How far a body has come.
#[derive(Debug, Default)]
struct Mark {
    bytes: usize,
    parts: usize,
    start: usize,
    /// Records of the body at hand, of the call, of the run; bytes of the run, and records that were too large.
    counts: [u64; 5],
    key: Vec<u8>,
}

impl Body {
    /// `template`: what becomes of a record, what the destination puts around it included. `catalog`: what templates
    /// know of events; none where there are no templates.
    pub(crate) fn new(to: &Destination, template: Option<&Template>, catalog: Option<&Catalog>, most: usize) -> Body {
        let renderer = |template: Option<&Template>| {
            template.zip(catalog).map(|(template, catalog)| Renderer::with_limit(template, catalog, most))
        };
        Body {
            bytes: Vec::new(),
            records: 0,
            parts: Vec::new(),
            total_records: 0,
            total_bytes: 0,
            total_oversize: 0,
            before: 0,
            start: 0,
            count: 0,
            key: Vec::new(),
            next_key: Vec::new(),
            mark: Mark::default(),
            record: renderer(template),
            head: renderer(to.head.as_ref()),
            name: renderer(to.key.as_ref()),
        }
    }

    /// What the last call gave.
    pub(crate) fn bytes(&self) -> &[u8] {
        &self.bytes[..self.start]
    }

    /// Forgets what the last call gave, but not the body at hand.
    pub(crate) fn clear(&mut self) {
        self.bytes.drain(..self.start);
        self.parts.clear();
        (self.records, self.start) = (0, 0);
    }

    /// Forgets the body at hand.
    pub(crate) fn drop_open(&mut self) {
        self.bytes.truncate(self.start);
        self.count = 0;
    }

    /// Counts from 0.
    pub(crate) fn restart(&mut self) {
        (self.total_records, self.total_bytes, self.total_oversize) = (0, 0, 0);
        self.drop_open();
    }

    /// Begins a record, which may become several: [`Body::undo`] takes out all that is appended from here on.
    pub(crate) fn begin(&mut self) {
        let mark = &mut self.mark;
        (mark.bytes, mark.parts, mark.start) = (self.bytes.len(), self.parts.len(), self.start);
        mark.counts = [self.count, self.records, self.total_records, self.total_bytes, self.total_oversize];
        if self.name.is_some() {
            mark.key.clone_from(&self.key);
        }
    }

    /// Takes out what was appended since the record began.
    #[inline(never)]
    pub(crate) fn undo(&mut self) {
        let mark = &self.mark;
        self.bytes.truncate(mark.bytes);
        self.parts.truncate(mark.parts);
        self.start = mark.start;
        [self.count, self.records, self.total_records, self.total_bytes, self.total_oversize] = mark.counts;
        if self.name.is_some() {
            self.key.clone_from(&mark.key);
        }
    }

    /// Appends a record, or a piece of one.
    ///
    /// # Errors
    /// It is too long for the receiver, or what the templates make of it is too long.
    #[inline(never)]
    pub(crate) fn append(&mut self, to: &Destination, record: &Redacted<'_>, now: &Now) -> Result<(), Reason> {
        self.write(to, record, now)?;
        self.count += 1;
        self.total_records += 1;
        self.total_bytes += (self.bytes.len() - self.before) as u64;
        Ok(())
    }

    fn write(&mut self, to: &Destination, record: &Redacted<'_>, now: &Now) -> Result<(), Reason> {
        self.before = self.bytes.len();
        if let Some(name) = &mut self.name {
            self.next_key.clear();
            name.render(record, now, &mut self.next_key)?;
            if self.next_key.len() > MAX_KEY_BYTES - HASH {
                return Err(Reason::Oversize);
            }
            if self.next_key != self.key {
                self.close(to);
                std::mem::swap(&mut self.key, &mut self.next_key);
            }
        }
        self.before = self.bytes.len();
        let first = match to.limits {
            Some(_) => self.before == self.start,
            None => self.total_records == 0,
        };
        let frame = &to.frame;
        add(if first { &to.open } else { frame.between }, &mut self.bytes);
        let start = self.bytes.len();
        let out = &mut self.bytes;
        if let Some(head) = &mut self.head {
            head.render(record, now, out)?;
            out.push(b'\n');
        }
        let from = out.len();
        let breaks = match &mut self.record {
            None => {
                record.append_to(out);
                record.has_breaks()
            }
            Some(renderer) => {
                renderer.render(record, now, out)?;
                renderer.has_breaks(record)
            }
        };
        if breaks && frame.lines {
            join_lines(out, from);
        }
        add(frame.end, out);
        match to.limits {
            Some(limits) => self.keep_within(limits, to, start, first),
            None => Ok(()),
        }
    }

    /// Moves the last record, which begins there, into a new body where it is too much for the one at hand.
    fn keep_within(&mut self, limits: Limits, to: &Destination, start: usize, first: bool) -> Result<(), Reason> {
        let most = limits.bytes.saturating_sub(to.open.len() + to.frame.close.len());
        let len = self.bytes.len() - start;
        if len > limits.record_bytes.min(most) {
            return Err(Reason::Oversize);
        }
        let full = self.count >= limits.records || self.bytes.len() + to.frame.close.len() - self.start > limits.bytes;
        if !first && full {
            let record = self.bytes.split_off(start);
            self.bytes.truncate(self.before);
            self.close(to);
            self.before = self.bytes.len();
            self.bytes.extend_from_slice(to.open.as_bytes());
            self.bytes.extend_from_slice(&record);
        }
        Ok(())
    }

    /// Ends the body at hand, if there is any; where it is that of a whole run, what there is of it.
    #[inline(never)]
    pub(crate) fn close(&mut self, to: &Destination) {
        self.records += self.count;
        if to.limits.is_none() || self.count == 0 {
            (self.start, self.count) = (self.bytes.len(), 0);
            return;
        }
        let len = self.bytes.len();
        if let Some(place) = to.open.find("   ").filter(|_| to.frame.counted) {
            let mut count = self.count;
            for digit in self.bytes.iter_mut().skip(self.start + place).take(3).rev() {
                if count > 0 {
                    *digit = b'0' + (count % 10) as u8;
                }
                count /= 10;
            }
        }
        self.bytes.extend_from_slice(to.frame.close.as_bytes());
        self.total_bytes += (self.bytes.len() - len) as u64;
        let mut key = String::from_utf8(self.key.clone()).unwrap_or_default();
        if key.contains(BATCH) {
            let digest = sha256(&self.bytes[self.start..]);
            let hash = String::from_utf8(hex(&digest)[..HASH].to_vec()).unwrap_or_default();
            key = key.replace(BATCH, &hash);
        }
        self.parts.push(Part { end: self.bytes.len(), records: self.count, key });
        (self.start, self.count) = (self.bytes.len(), 0);
    }

    /// Ends the body of a whole run.
    pub(crate) fn finish(&mut self, to: &Destination) {
        if to.limits.is_some() {
            return;
        }
        let len = self.bytes.len();
        let open = if self.total_records == 0 { to.open.as_str() } else { "" };
        self.bytes.extend_from_slice(open.as_bytes());
        self.bytes.extend_from_slice(to.frame.close.as_bytes());
        self.total_bytes += (self.bytes.len() - len) as u64;
        self.start = self.bytes.len();
    }
}

/// Appends what stands around records: nothing or a byte, as a rule.
fn add(text: &str, out: &mut Vec<u8>) {
    match *text.as_bytes() {
        [] => {}
        [byte] => out.push(byte),
        _ => out.extend_from_slice(text.as_bytes()),
    }
}

/// In a key, what its body's own digest is put for.
const BATCH: &str = "${batch}";
/// Letters of that digest.
const HASH: usize = 16;
