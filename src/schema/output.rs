//! The output formats of the specification (2020-12 core, section 12): `flag`, `basic` and `detailed`.

use super::finding::{Finding, Teller};
use super::node::{Compiled, Tree};
use super::trace::{Trace, What};
use crate::limits::MAX_FINDINGS;
use crate::tape::{Cursor, escape_into};

/// An output format of the specification.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Output {
    /// Valid or not.
    #[default]
    Flag,
    /// A flat list of errors or annotations.
    Basic,
    /// Errors or annotations as a tree, along the schema; nodes with a single child are that child.
    Detailed,
}

/// Writes what was noted about a document as JSON.
pub(super) fn write(schema: &Compiled, trace: &Trace, value: Cursor<'_>, valid: bool, output: Output) -> String {
    let teller = Teller::new(schema, trace, value);
    let mut writer = Writer { valid, flat: output == Output::Basic, out: Vec::new(), told: 0 };
    writer.open();
    if output != Output::Flag && !(valid && trace.stopped) {
        let begin = writer.out.len();
        writer.locations("", &teller.absolute(0, ""), "");
        let list = writer.list();
        writer.within(&teller, &children(trace, valid), 0);
        if valid && teller.is_full() {
            writer.out.truncate(begin); // rather none than some of the annotations
        } else {
            if let Some(expected) = teller.limit(writer.told) {
                writer.error(&teller.absolute(0, ""), expected);
            }
            writer.end_list(list);
        }
    }
    writer.close()
}

/// What there is to say of a document that is no JSON.
pub(super) fn broken(finding: &Finding, output: Output) -> String {
    let mut writer = Writer { valid: false, flat: true, out: Vec::new(), told: 0 };
    writer.open();
    if output != Output::Flag {
        writer.locations("", "", "");
        let list = writer.list();
        writer.error("", &finding.expected);
        writer.end_list(list);
    }
    writer.close()
}

/// Of each unit, how many output units it comes to with those directly within.
fn children(trace: &Trace, valid: bool) -> Vec<u32> {
    let mut children = vec![0; trace.units.len()];
    for (number, unit) in trace.units.iter().enumerate().rev() {
        let own = match unit.what {
            _ if unit.valid != valid || number == 0 => 0,
            What::Schema { .. } => children[number].min(1),
            What::Group { .. } if valid => children[number],
            _ => 1,
        };
        children[unit.parent as usize] += own;
    }
    children
}

/// Output units on their way to text.
struct Writer {
    valid: bool,
    flat: bool,
    out: Vec<u8>,
    /// Errors so far.
    told: usize,
}

impl Writer {
    /// Writes the units directly within one that are as valid as the document; the others do not matter to it.
    fn within(&mut self, teller: &Teller<'_>, children: &[u32], unit: u32) {
        for (number, within) in teller.trace.within(unit) {
            if within.valid != self.valid {
                continue;
            }
            if teller.is_full() || self.told >= MAX_FINDINGS {
                return;
            }
            let below = children.get(number as usize).copied().unwrap_or_default();
            let is_unit = match within.what {
                What::Schema { node, .. } => {
                    let is_unit = below > 1 && !self.flat;
                    if is_unit {
                        let (instance, keyword) = teller.way(number);
                        self.unit(&keyword, &teller.absolute(node, ""), &instance);
                    }
                    is_unit
                }
                What::Group { .. } if self.valid => false,
                What::Group { .. } | What::Fault { .. } => {
                    let Some(finding) = teller.finding(number) else { continue };
                    self.unit(&finding.keyword, &finding.absolute, &finding.instance);
                    self.member("error");
                    self.string("expected ", &finding.expected);
                    self.told += 1;
                    true
                }
                What::Annotation { name } => self.annotation(teller, number, name.entry().name),
            };
            let list = (is_unit && below > 0 && !self.flat).then(|| self.list());
            if is_unit && list.is_none() {
                self.out.push(b'}');
            }
            self.within(teller, children, number);
            if let Some(list) = list {
                self.end_list(list);
                self.out.push(b'}');
            }
        }
    }

    fn annotation(&mut self, teller: &Teller<'_>, unit: u32, name: &str) -> bool {
        let Some((_, id, _)) = teller.schema_around(unit) else { return false };
        let Some(node) = teller.schema.node(id) else { return false };
        let view = teller.schema.tree(node).map(Tree::view).unwrap_or_default();
        let value = view.raw(view.member(node.at, name).unwrap_or(node.at));
        let (instance, keyword) = teller.way(unit);
        let (before, keyword) = (self.out.len(), [&keyword, "/", name].concat());
        self.unit(&keyword, &teller.absolute(id, name), &instance);
        self.member("annotation");
        self.out.extend_from_slice(value);
        teller.tell(self.out.len() - before);
        true
    }

    /// Begins a unit of a list.
    fn unit(&mut self, keyword: &str, absolute: &str, instance: &str) {
        if self.out.last() != Some(&b'[') {
            self.out.push(b',');
        }
        self.open();
        self.locations(keyword, absolute, instance);
    }

    fn open(&mut self) {
        self.out.extend_from_slice(if self.valid { b"{\"valid\":true" } else { b"{\"valid\":false" });
    }

    fn locations(&mut self, keyword: &str, absolute: &str, instance: &str) {
        self.member("keywordLocation");
        self.string("", keyword);
        self.member("absoluteKeywordLocation");
        self.string("", absolute);
        self.member("instanceLocation");
        self.string("", instance);
    }

    /// Writes an error about the whole document.
    fn error(&mut self, absolute: &str, expected: &str) {
        self.unit("", absolute, "");
        self.member("error");
        self.string("expected ", expected);
        self.out.push(b'}');
    }

    /// Begins the list of what is within; gives where that is.
    fn list(&mut self) -> usize {
        let start = self.out.len();
        self.member(if self.valid { "annotations" } else { "errors" });
        self.out.push(b'[');
        start
    }

    /// Ends it; an empty one goes.
    fn end_list(&mut self, start: usize) {
        if self.out.last() == Some(&b'[') {
            self.out.truncate(start);
        } else {
            self.out.push(b']');
        }
    }

    fn close(mut self) -> String {
        self.out.push(b'}');
        String::from_utf8(self.out).unwrap_or_default()
    }

    fn member(&mut self, name: &str) {
        self.out.push(b',');
        self.string("", name);
        self.out.push(b':');
    }

    fn string(&mut self, before: &str, text: &str) {
        self.out.push(b'"');
        self.out.extend_from_slice(before.as_bytes());
        escape_into(text.as_bytes(), &mut self.out);
        self.out.push(b'"');
    }
}
