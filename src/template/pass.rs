//! One record on its way through a template.

use std::borrow::Cow;

use super::Compiled;
use super::format::Format;
use super::now::Now;
use super::parse::{Block, Callee, Node, What};
use super::placeholder::Name;
use super::value::{Place, Value};
use crate::catalog::{EventType, Field, Source};
use crate::detect::{Spots, Strings, said};
use crate::document::Document;
use crate::hash::{hex, sha256};
use crate::limits::{MAX_EMBEDDED_DEPTH, MAX_RENDER_DEPTH};
use crate::plan::Segment;
use crate::redact::Redacted;
use crate::scan::Reason;
use crate::tape::{Cursor, Kind, escape_into};
use crate::time::{self, SECOND};

/// What names are looked up in, from the innermost section outwards.
pub(super) struct Context<'a> {
    value: &'a Value<'a>,
    /// In a section over an array: which element it is, and whether it is the last.
    element: Option<(usize, bool)>,
    outer: Option<&'a Context<'a>>,
}

impl<'a> Context<'a> {
    pub(super) fn of(value: &'a Value<'a>, outer: Option<&'a Context<'a>>) -> Context<'a> {
        Context { value, element: None, outer }
    }

    /// This one, and those around it.
    fn outwards(&self) -> impl Iterator<Item = &Context<'a>> {
        std::iter::successors(Some(self), |context| context.outer)
    }
}

/// Who renders a partial: with other text for its blocks.
struct Caller<'f> {
    blocks: &'f [(String, Block)],
    outer: Option<&'f Caller<'f>>,
}

/// How lines begin, and whose blocks count. Only a text template has any of it.
#[derive(Clone, Copy, Default)]
struct Frame<'f> {
    /// Put before each line.
    indent: &'f [u8],
    /// Taken from each line first, as far as it is there.
    margin: &'f [u8],
    caller: Option<&'f Caller<'f>>,
}

pub(super) type Done = Result<(), Reason>;
/// What is done with a value.
type Then<'t> = &'t mut dyn FnMut(&mut Pass<'_>, &Value<'_>) -> Done;

pub(super) struct Pass<'p> {
    pub(super) compiled: &'p Compiled,
    pub(super) record: &'p Redacted<'p>,
    /// Its bytes, if they are at hand.
    pub(super) text: Option<&'p [u8]>,
    pub(super) now: &'p Now,
    pub(super) event: Option<(&'p EventType, Cursor<'p>)>,
    pub(super) strings: &'p mut Strings,
    /// Where the event's values stand, if that is known.
    pub(super) spots: Option<&'p Spots>,
    /// Longest that `out` may get.
    pub(super) most: usize,
    /// Steps that are left.
    pub(super) steps: u64,
    pub(super) depth: usize,
    pub(super) out: &'p mut Vec<u8>,
}

impl<'p> Pass<'p> {
    /// The same once more, from the beginning.
    pub(super) fn again(&mut self) -> Pass<'_> {
        Pass { strings: self.strings, out: self.out, ..*self }
    }

    /// Renders the template, whose nodes these are.
    pub(super) fn all(&mut self, nodes: &[Node], context: &Context<'_>) -> Done {
        self.nodes(nodes, context, Frame::default())
    }

    fn nodes(&mut self, nodes: &[Node], context: &Context<'_>, frame: Frame<'_>) -> Done {
        self.depth += 1;
        if self.depth > MAX_RENDER_DEPTH {
            return Err(Reason::OutputTooLong);
        }
        for node in nodes {
            self.spend(1)?;
            match &node.what {
                What::Text { text, begins_line } => self.text(text, *begins_line, frame),
                What::Value { name: Name::Record, formats, place: Place::Json | Place::Plain }
                    if formats.is_empty() =>
                {
                    match self.text {
                        Some(text) => self.out.extend_from_slice(text),
                        None => self.record.append_to(self.out),
                    }
                }
                What::Value { name: Name::RecordText, formats, place: Place::Json | Place::Plain }
                    if formats.is_empty() =>
                {
                    let json = self.json();
                    self.out.push(b'"');
                    escape_into(&json, self.out);
                    self.out.push(b'"');
                }
                What::Value { name, formats, place } => {
                    self.with(name, formats.is_empty(), context, &mut |pass, value| {
                        if formats.is_empty() {
                            value.write(*place, pass.out);
                        } else {
                            pass.formatted(formats, value.clone())?.write(*place, pass.out);
                        }
                        Ok(())
                    })?
                }
                What::Member { field, comma, before, formats, place, behind } => {
                    let of = self.event.and_then(|(of, event)| Some((event, &of.fields.get(*field)?.1[..])));
                    let value = of.map_or(Value::Nothing, |(event, sources)| self.said(event, sources));
                    if value.is_truthy() {
                        if *comma {
                            self.comma();
                        }
                        self.out.extend_from_slice(before);
                        self.formatted(formats, value)?.write(*place, self.out);
                        self.out.extend_from_slice(behind);
                    }
                }
                What::Section { name, formats, inverted, body } => {
                    self.with(name, formats.is_empty(), context, &mut |pass, value| {
                        if formats.is_empty() {
                            return pass.section(value, *inverted, body, context, frame);
                        }
                        pass.section(&pass.formatted(formats, value.clone())?, *inverted, body, context, frame)
                    })?
                }
                What::Partial { callee, indent, blocks } => {
                    let caller = Caller { blocks, outer: frame.caller };
                    let indent = indent.as_ref().map(|own| [frame.indent, after(own, frame.margin)].concat());
                    let indent = indent.unwrap_or_default();
                    let frame = Frame { indent: &indent, margin: b"", caller: Some(&caller) };
                    match callee {
                        Callee::Named(name) => self.partial(name.as_bytes(), context, frame)?,
                        Callee::Dynamic(name) => self.with(name, true, context, &mut |pass, value| {
                            pass.partial(&value.text(), context, frame)
                        })?,
                    }
                }
                What::Block { name, block } => self.block(name, block, context, frame)?,
                What::Comma => self.comma(),
                What::Formatted { format, body } => {
                    let start = self.out.len();
                    self.nodes(body, context, frame)?;
                    let json = Value::Json(self.out.split_off(start).into());
                    format.apply(json).write(Place::Json, self.out);
                }
            }
            if self.out.len() > self.most {
                return Err(Reason::OutputTooLong);
            }
        }
        self.depth -= 1;
        Ok(())
    }

    fn formatted<'v>(&self, formats: &'v [Format], value: Value<'v>) -> Result<Value<'v>, Reason> {
        Format::all(formats, value, self.most).ok_or(Reason::OutputTooLong)
    }

    /// A comma, unless nothing stands before it in its list.
    fn comma(&mut self) {
        let last = self.out.iter().rev().find(|byte| !byte.is_ascii_whitespace());
        if !matches!(last, Some(b'{' | b'[')) {
            self.out.push(b',');
        }
    }

    fn spend(&mut self, steps: usize) -> Done {
        self.steps = self.steps.checked_sub(steps as u64).ok_or(Reason::OutputTooLong)?;
        Ok(())
    }

    /// Literal text, its lines indented.
    fn text(&mut self, text: &[u8], begins_line: bool, frame: Frame<'_>) {
        if frame.indent.is_empty() && frame.margin.is_empty() {
            return self.out.extend_from_slice(text);
        }
        let mut begins = begins_line;
        let mut rest = text;
        loop {
            if begins {
                self.out.extend_from_slice(frame.indent);
                rest = after(rest, frame.margin);
            }
            let end = rest.iter().position(|&b| b == b'\n').map_or(rest.len(), |at| at + 1);
            let (line, behind) = rest.split_at(end);
            self.out.extend_from_slice(line);
            rest = behind;
            begins = true;
            if rest.is_empty() {
                return;
            }
        }
    }

    fn section(
        &mut self,
        value: &Value<'_>,
        inverted: bool,
        body: &[Node],
        context: &Context<'_>,
        frame: Frame<'_>,
    ) -> Done {
        // Of a string that holds a document, the document.
        let document;
        let inside;
        let mut inner = value;
        if let Value::Here(string) = value
            && string.kind() == Kind::String
        {
            self.spend(string.raw().len() / 8)?;
            document = Document::of_bytes(&string.text());
            if let Some(root) = document.root().filter(|root| root.kind() != Kind::String) {
                inside = Value::Here(root);
                inner = &inside;
            }
        }
        // An empty array in a string is as empty as any.
        let is_truthy = value.is_truthy() && inner.is_truthy();
        if inverted || !is_truthy {
            return if is_truthy == inverted { Ok(()) } else { self.nodes(body, context, frame) };
        }
        let Value::Here(array) = inner else { return self.nodes(body, &Context::of(inner, Some(context)), frame) };
        if array.kind() != Kind::Array {
            return self.nodes(body, &Context::of(inner, Some(context)), frame);
        }
        let mut elements = array.children().map(|(_, element)| element).enumerate().peekable();
        while let Some((number, element)) = elements.next() {
            let element_of = Some((number, elements.peek().is_none()));
            let context = Context { value: &Value::Here(element), element: element_of, outer: Some(context) };
            self.nodes(body, &context, frame)?;
        }
        Ok(())
    }

    fn partial(&mut self, name: &[u8], context: &Context<'_>, frame: Frame<'_>) -> Done {
        let partials = &self.compiled.partials;
        match partials.iter().find(|(known, _)| known.as_bytes() == name) {
            Some((_, nodes)) => self.nodes(nodes, context, frame),
            None => Ok(()),
        }
    }

    /// A block: the text that the outermost caller has for it, else its own.
    fn block(&mut self, name: &str, own: &Block, context: &Context<'_>, frame: Frame<'_>) -> Done {
        let start = self.out.len();
        let mut found = None;
        let mut next = frame.caller;
        while let Some(caller) = next {
            found = caller.blocks.iter().find(|(known, _)| known == name).or(found);
            next = caller.outer;
        }
        match found {
            Some((_, other)) => {
                let indent = [frame.indent, after(&own.indent, frame.margin)].concat();
                self.nodes(&other.body, context, Frame { indent: &indent, margin: &other.margin, ..frame })?;
            }
            None => self.nodes(&own.body, context, frame)?,
        }
        if self.out.len() > start && self.out.last() != Some(&b'\n') {
            self.out.extend_from_slice(&own.line_end);
        }
        Ok(())
    }

    /// Shows `then` what a name stands for. `written`: a time is wanted as it is written, not for formatters.
    fn with(&mut self, name: &Name, written: bool, context: &Context<'_>, then: Then<'_>) -> Done {
        let value = match name {
            Name::Path(path) => match self.spots.zip(self.event) {
                Some((spots, (_, event))) => spots.at(path, event).map_or(Value::Nothing, Value::Here),
                None => match self.lookup(path, context)? {
                    Some((value, rest)) if self.step(value, rest, MAX_EMBEDDED_DEPTH, then)? => return Ok(()),
                    _ => Value::Nothing,
                },
            },
            Name::Here => return then(self, context.value),
            Name::Field(field) => match self.event {
                Some((of, _)) if *field == Field::Type => Value::Text(of.name.as_bytes().into()),
                Some((of, event)) => of.sources(*field).map_or(Value::Nothing, |of| self.said(event, of)),
                None => Value::Nothing,
            },
            Name::Index | Name::First | Name::Last => {
                match (context.outwards().find_map(|context| context.element), name) {
                    (None, _) => Value::Nothing,
                    (Some((number, _)), Name::Index) => {
                        Value::Json(time::write_seconds(number as i128 * SECOND).into_bytes().into())
                    }
                    (Some((0, _)), Name::First) | (Some((_, true)), Name::Last) => Value::Json(b"true"[..].into()),
                    _ => Value::Json(b"false"[..].into()),
                }
            }
            Name::Record | Name::RecordText => {
                let json = self.json();
                if *name == Name::Record { Value::Json(json) } else { Value::Text(json) }
            }
            Name::RecordId => Value::Text(hex(&sha256(&self.json()))[..32].to_vec().into()),
            Name::Now(form) => match self.now.texts.get(*form) {
                Some(text) if written && *form == 0 => Value::Text(text.as_bytes().into()),
                Some(text) if written => Value::Json(text.as_bytes().into()),
                _ => Value::Time(self.now.instant),
            },
            Name::Nothing => Value::Nothing,
        };
        then(self, &value)
    }

    /// The record's bytes.
    fn json(&self) -> Cow<'p, [u8]> {
        self.text.map_or_else(
            || {
                let mut json = Vec::with_capacity(self.record.len());
                self.record.append_to(&mut json);
                json.into()
            },
            Cow::Borrowed,
        )
    }

    /// What some sources of the event's type say.
    fn said(&mut self, event: Cursor<'p>, sources: &'p [Source]) -> Value<'p> {
        said(sources, event, (self.spots, self.strings)).map_or(Value::Nothing, Value::from)
    }

    /// The first part of a path, in the innermost object that has it; and the parts that are left.
    fn lookup<'a, 'n>(
        &mut self,
        path: &'n [Segment],
        context: &Context<'a>,
    ) -> Result<Option<(Cursor<'a>, &'n [Segment])>, Reason> {
        let Some((Segment::Name(first), rest)) = path.split_first() else {
            return Ok(match context.value {
                Value::Here(value) => Some((*value, path)),
                _ => None,
            });
        };
        for context in context.outwards() {
            if let Value::Here(object) = context.value
                && object.kind() == Kind::Object
                && let Some(found) = self.member(*object, first)?
            {
                return Ok(Some((found, rest)));
            }
        }
        Ok(None)
    }

    /// The member of that name: the last, where there are several.
    fn member<'a>(&mut self, object: Cursor<'a>, name: &str) -> Result<Option<Cursor<'a>>, Reason> {
        let (mut found, mut count) = (None, 0);
        for (key, value) in object.children() {
            count += 1;
            if key.is_some_and(|key| key.says(name)) {
                found = Some(value);
            }
        }
        self.spend(count)?;
        Ok(found)
    }

    /// Shows `then` the first value that a path leads to, through arrays and on into strings that hold JSON; gives
    /// whether there is one.
    fn step(&mut self, value: Cursor<'_>, path: &[Segment], left: usize, then: Then<'_>) -> Result<bool, Reason> {
        let Some((segment, rest)) = path.split_first() else { return then(self, &Value::Here(value)).map(|()| true) };
        match (segment, value.kind()) {
            (Segment::Name(name), Kind::Object) => match self.member(value, name)? {
                Some(member) => self.step(member, rest, left, then),
                None => Ok(false),
            },
            (Segment::Name(_), Kind::Array) => {
                for (_, element) in value.children() {
                    self.spend(1)?;
                    if self.step(element, path, left, then)? {
                        return Ok(true);
                    }
                }
                Ok(false)
            }
            (Segment::Index(number), Kind::Array) => {
                self.spend(*number as usize)?;
                match value.children().nth(*number as usize) {
                    Some((_, element)) => self.step(element, rest, left, then),
                    None => Ok(false),
                }
            }
            (_, Kind::String) if left > 0 => {
                self.spend(value.raw().len() / 8)?;
                let document = Document::of_bytes(&value.text());
                document.root().map_or(Ok(false), |inner| self.step(inner, path, left - 1, then))
            }
            _ => Ok(false),
        }
    }
}

/// A line behind the white space that it shares with a margin.
fn after<'l>(line: &'l [u8], margin: &[u8]) -> &'l [u8] {
    let shared = line.iter().zip(margin).take_while(|(a, b)| a == b).count();
    &line[shared..]
}
