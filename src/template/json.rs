//! What proves, before the first record, that a template gives valid JSON whatever the values.
//!
//! The literal parts are read by a machine that knows JSON's grammar; each tag stands in one of its states, and that
//! decides how its value is written, or that it may not stand there. What a section repeats has to come back to the
//! state that it began in. Commas next to sections are put where they are needed when the template is rendered: nobody
//! knows before how many elements there will be.

use super::code;
use super::compile::Fault;
use super::format::Format;
use super::parse::{Block, Callee, Node, What};
use super::value::Place;
use crate::limits::{MAX_DEPTH, MAX_TEMPLATE_BYTES, MAX_TEMPLATE_DEPTH};
use crate::scan::check;

/// What may stand next.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum State {
    /// A value.
    Value,
    /// The next element or member, a comma before it, or the end of the list.
    List,
    /// The colon behind a key.
    Colon,
    /// More of a string, which is a key or a value.
    Inside { key: bool },
    /// Nothing.
    Done,
}

/// Whether something stands before in a list.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Before {
    Nothing,
    Something,
    Perhaps,
}

/// What was read since the last element of a list.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Comma {
    None,
    /// A comma, at this place of the literal.
    At(usize),
    /// The edge of a section: whether a comma is wanted is found out.
    Edge,
}

/// Where in an escape a string is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Escape {
    None,
    Begun,
    /// So many digits are missing, of a unit of UTF-16.
    Digits(u8, u32),
}

/// The templates by name: text and nodes.
pub(super) type Sources<'t> = [(&'t str, &'t str, Vec<Node>)];

/// Who renders a partial: other text for its blocks, and the number of the source that this stands in.
struct Caller<'t, 'c> {
    blocks: &'t [(String, Block)],
    source: usize,
    outer: Option<&'c Caller<'t, 'c>>,
}

/// A JSON template that was checked.
pub(super) struct Checked {
    /// Texts, values, sections and commas.
    pub(super) nodes: Vec<Node>,
    /// Line breaks stand between its tokens.
    pub(super) breaks: bool,
}

struct Machine<'t> {
    sources: &'t Sources<'t>,
    state: State,
    before: Before,
    comma: Comma,
    /// Open objects (true) and arrays.
    open: Vec<bool>,
    /// How many of them the section at hand may not close.
    floor: usize,
    escape: Escape,
    /// What the last escape said was the first half of a surrogate pair.
    half: bool,
    /// The literal that is being written.
    literal: Vec<u8>,
    breaks: bool,
    compact: bool,
    /// Partials stand for a value in the form that their name says.
    formats: bool,
    /// The partials that are being read.
    calls: Vec<usize>,
    /// Sections, partials and blocks within each other.
    depth: usize,
    /// The source that is being read.
    source: usize,
    /// Bytes and nodes gone through.
    work: usize,
}

/// Checks the first of some templates, the others being its partials; gives it as one tree without partials.
/// `compact`: without white space between its tokens. `formats`: what its partials make goes through
/// [`Format::of_partial`].
pub(super) fn check_template(sources: &Sources<'_>, compact: bool, formats: bool) -> Result<Checked, Fault> {
    let mut machine = Machine {
        sources,
        state: State::Value,
        before: Before::Nothing,
        comma: Comma::None,
        open: Vec::new(),
        floor: 0,
        escape: Escape::None,
        half: false,
        literal: Vec::new(),
        breaks: false,
        compact,
        formats,
        calls: Vec::new(),
        depth: 0,
        source: 0,
        work: 0,
    };
    let mut out = Vec::new();
    if let Some((_, text, nodes)) = sources.first() {
        machine.nodes(nodes, None, &mut out)?;
        if machine.state != State::Done {
            return Err(Fault::new(code::SHAPE, text.len(), machine.wanted()));
        }
    }
    machine.flush(&mut out);
    Ok(Checked { nodes: out, breaks: machine.breaks })
}

impl<'t> Machine<'t> {
    fn nodes(&mut self, nodes: &'t [Node], caller: Option<&Caller<'t, '_>>, out: &mut Vec<Node>) -> Result<(), Fault> {
        self.depth += 1;
        for node in nodes {
            self.node(node, caller, out)?;
        }
        self.depth -= 1;
        Ok(())
    }

    /// The same of another source.
    fn nodes_of(
        &mut self,
        source: usize,
        nodes: &'t [Node],
        caller: Option<&Caller<'t, '_>>,
        out: &mut Vec<Node>,
    ) -> Result<(), Fault> {
        let before = std::mem::replace(&mut self.source, source);
        self.nodes(nodes, caller, out)?;
        self.source = before;
        Ok(())
    }

    #[cold]
    #[inline(never)]
    fn fail(&self, code: &'static str, at: usize, expected: &'static str) -> Result<(), Fault> {
        Err(Fault { source: self.source, ..Fault::new(code, at, expected) })
    }

    fn node(&mut self, node: &'t Node, caller: Option<&Caller<'t, '_>>, out: &mut Vec<Node>) -> Result<(), Fault> {
        self.work += 1;
        if self.work > MAX_TEMPLATE_BYTES || self.depth > MAX_TEMPLATE_DEPTH {
            let expected = "less: 1 MiB, and 64 sections and partials within each other, are too much";
            return self.fail(code::LIMIT, node.at, expected);
        }
        match &node.what {
            What::Text { text, .. } => {
                self.work += text.len();
                let done = self.text(text, out);
                done.or_else(|(at, expected)| self.fail(code::SHAPE, node.at + at, expected))
            }
            What::Value { name, formats, .. } => {
                let place = match self.state {
                    State::Value => Place::Json,
                    State::List if self.open.last() == Some(&false) => Place::Json,
                    State::Inside { .. } if self.is_between() => Place::Inside,
                    _ => return self.fail(code::PLACE, node.at, self.wanted()),
                };
                if place == Place::Json {
                    if let Err(expected) = self.begin(out) {
                        return self.fail(code::SHAPE, node.at, expected);
                    }
                    self.end_value();
                }
                self.flush(out);
                let what = What::Value { name: name.clone(), formats: formats.clone(), place };
                out.push(Node { at: node.at, what });
                Ok(())
            }
            What::Section { name, formats, inverted, body } => {
                let (state, depth, floor, before) = (self.state, self.open.len(), self.floor, self.before);
                if !matches!(state, State::Inside { .. } | State::List) || !self.is_between() {
                    let help = "for one of two values there are {{name | map:a=x,*=y}} and {{name | default:x}}";
                    let failed = self.fail(code::STATE, node.at, "a section in a string, or between what a list holds");
                    return failed.map_err(|fault| Fault { help: help.to_owned(), ..fault });
                }
                self.edge(out);
                if before == Before::Nothing && !inverted {
                    self.before = Before::Perhaps; // from the second time on
                }
                self.floor = depth;
                let mut inner = Vec::new();
                self.nodes(body, caller, &mut inner)?;
                if self.state != state || self.open.len() != depth || !self.is_between() {
                    return self.fail(
                        code::STATE,
                        node.at,
                        "a section that ends in the string or list that it began in",
                    );
                }
                self.edge(&mut inner);
                self.floor = floor;
                self.before = if before == Before::Something { before } else { Before::Perhaps };
                let (name, formats) = (name.clone(), formats.clone());
                let what = What::Section { name, formats, inverted: *inverted, body: inner };
                out.push(Node { at: node.at, what });
                Ok(())
            }
            What::Partial { callee, blocks, .. } => {
                let sources = self.sources;
                let mut found = None;
                if let Callee::Named(name) = callee {
                    found = sources.iter().skip(1).position(|(known, ..)| known == name);
                }
                let Some(number) = found.map(|number| number + 1) else {
                    return self.fail(code::PARTIAL, node.at, "the name of a partial that is known beforehand");
                };
                if self.calls.contains(&number) {
                    return self.fail(code::RECURSION, node.at, "no partial within itself: JSON has an end");
                }
                self.calls.push(number);
                let own = Caller { blocks, source: self.source, outer: caller };
                let (name, _, nodes) = &sources[number];
                match Format::of_partial(name).filter(|_| self.formats) {
                    None => self.nodes_of(number, nodes, Some(&own), out)?,
                    Some(format) => {
                        self.flush(out);
                        let mut body = Vec::new();
                        self.nodes_of(number, nodes, Some(&own), &mut body)?;
                        self.flush(&mut body);
                        out.push(Node { at: node.at, what: What::Formatted { format, body } });
                    }
                }
                self.calls.pop();
                Ok(())
            }
            What::Block { name, block } => {
                let mut found = (block, self.source);
                let mut next = caller;
                while let Some(caller) = next {
                    if let Some((_, other)) = caller.blocks.iter().find(|(known, _)| known == name) {
                        found = (other, caller.source);
                    }
                    next = caller.outer;
                }
                self.nodes_of(found.1, &found.0.body, caller, out)
            }
            What::Comma | What::Member { .. } | What::Formatted { .. } => Ok(()),
        }
    }

    /// Reads literal text. Where it does not fit: a byte of it, and what should have stood there.
    fn text(&mut self, text: &[u8], out: &mut Vec<Node>) -> Result<(), (usize, &'static str)> {
        let mut at = 0;
        while let Some(&byte) = text.get(at) {
            let fail = |expected| (at, expected);
            let mut end = at + 1;
            match (byte, self.state) {
                (_, State::Inside { key }) => self.inside(byte, key).map_err(fail)?,
                (b' ' | b'\t' | b'\n' | b'\r', state) => {
                    // None before and behind it all.
                    if self.compact || state == State::Done || (state == State::Value && self.open.is_empty()) {
                        at = end;
                        continue;
                    }
                    self.breaks |= byte == b'\n';
                }
                // Next to a section, and nobody knows whether it is wanted.
                (b',', State::List) if self.comma == Comma::Edge && self.before != Before::Something => {
                    at = end;
                    continue;
                }
                (b',', State::List) if !matches!(self.comma, Comma::At(_)) => {
                    self.comma = Comma::At(self.literal.len());
                }
                (b':', State::Colon) => self.state = State::Value,
                (b'}' | b']', State::List) => {
                    let is_own = self.open.len() > self.floor && self.open.last() == Some(&(byte == b'}'));
                    if !is_own || matches!(self.comma, Comma::At(_)) {
                        return Err(fail(self.wanted()));
                    }
                    self.open.pop();
                    self.end_value();
                }
                (_, State::Value | State::List) => {
                    let is_key = self.state == State::List && self.open.last() == Some(&true);
                    let wanted = self.wanted();
                    if (is_key && byte != b'"') || matches!(byte, b',' | b':' | b'}' | b']') {
                        return Err(fail(wanted));
                    }
                    self.begin(out).map_err(fail)?;
                    match byte {
                        b'"' => self.state = State::Inside { key: is_key },
                        b'{' | b'[' if self.open.len() < MAX_DEPTH => {
                            self.open.push(byte == b'{');
                            (self.state, self.before, self.comma) = (State::List, Before::Nothing, Comma::None);
                        }
                        b'{' | b'[' => return Err(fail("at most 1024 levels of objects and arrays")),
                        _ => {
                            let plain = |b: &&u8| b.is_ascii_alphanumeric() || matches!(b, b'+' | b'-' | b'.');
                            end = at + text[at..].iter().take_while(plain).count();
                            if check(&text[at..end], 0) != Ok(end - at) {
                                return Err(fail(wanted));
                            }
                            self.end_value();
                        }
                    }
                }
                _ => return Err(fail(self.wanted())),
            }
            self.literal.extend_from_slice(&text[at..end]);
            at = end;
        }
        Ok(())
    }

    /// Reads a byte of a string.
    fn inside(&mut self, byte: u8, key: bool) -> Result<(), &'static str> {
        const PAIR: &str = "a surrogate pair: one half of it stands alone";
        match (self.escape, byte) {
            (Escape::None, b'\\') => self.escape = Escape::Begun,
            (Escape::Begun, b'u') => self.escape = Escape::Digits(4, 0),
            _ if self.half && !matches!(self.escape, Escape::Digits(..)) => return Err(PAIR),
            (Escape::None, b'"') if key => self.state = State::Colon,
            (Escape::None, b'"') => self.end_value(),
            (Escape::None, ..0x20) => return Err("an escape: control characters may not stand raw in a string"),
            (Escape::None, _) => {}
            (Escape::Begun, b'"' | b'\\' | b'/' | b'b' | b'f' | b'n' | b'r' | b't') => self.escape = Escape::None,
            (Escape::Digits(left, unit), _) if byte.is_ascii_hexdigit() => {
                let digit = char::from(byte).to_digit(16).unwrap_or_default();
                let unit = unit << 4 | digit;
                self.escape = Escape::Digits(left - 1, unit);
                if left == 1 {
                    let (first, second) = (unit >> 10 == 0x36, unit >> 10 == 0x37);
                    if second != self.half {
                        return Err(PAIR);
                    }
                    (self.escape, self.half) = (Escape::None, first);
                }
            }
            _ => return Err("one of the escapes \\\" \\\\ \\/ \\b \\f \\n \\r \\t \\uXXXX"),
        }
        Ok(())
    }

    /// Whether a string is between characters.
    fn is_between(&self) -> bool {
        self.escape == Escape::None && !self.half
    }

    /// The next value or member: with a comma before it that is there, or that has to be put there.
    fn begin(&mut self, out: &mut Vec<Node>) -> Result<(), &'static str> {
        if self.state == State::List {
            match (self.before, self.comma) {
                (Before::Something, Comma::None) => return Err("a comma"),
                (Before::Nothing, Comma::At(_)) => return Err("something before the comma"),
                (Before::Something, Comma::Edge) => self.literal.push(b','),
                (Before::Perhaps, _) => {
                    self.flush(out);
                    out.push(Node { at: 0, what: What::Comma });
                }
                _ => {}
            }
            (self.before, self.comma) = (Before::Something, Comma::None);
        }
        Ok(())
    }

    fn end_value(&mut self) {
        if self.open.is_empty() {
            self.state = State::Done;
        } else {
            (self.state, self.before, self.comma) = (State::List, Before::Something, Comma::None);
        }
    }

    /// The edge of a section: a comma before it is not certain to be wanted.
    fn edge(&mut self, out: &mut Vec<Node>) {
        if self.state == State::List {
            if let Comma::At(at) = self.comma {
                self.literal.remove(at);
            }
            self.comma = Comma::Edge;
        }
        self.flush(out);
    }

    fn flush(&mut self, out: &mut Vec<Node>) {
        if !self.literal.is_empty() {
            let text = std::mem::take(&mut self.literal);
            out.push(Node { at: 0, what: What::Text { text, begins_line: false } });
        }
    }

    /// What may stand next.
    fn wanted(&self) -> &'static str {
        match (self.state, self.open.last()) {
            (State::Value, _) => "a value: object, array, string, number, true, false, null or a placeholder",
            (State::List, Some(true)) => "a member: its name in double quotes, where a placeholder may stand, or }",
            (State::List, _) => "an element, or ]",
            (State::Colon, _) => "a colon",
            (State::Inside { .. }, _) => "the rest of the string",
            (State::Done, _) => "nothing more: the JSON is complete before this",
        }
    }
}
