//! The walk: one pass over a record that checks its grammar and writes down what the plan asks for.
//!
//! With [`skip`](super::skip), this is the hot loop of the whole library. It has one straight path for compact JSON;
//! white space, keys with escapes and elements that are asked for by number are handled in functions of their own. It
//! does not say what is wrong with a record, only that something is: [`crate::scan::check`] finds out.

use super::skip::{skip, skip_members};
use super::token::{At, NEXT_STRING, Text, closer, literal, number};
use super::{Kind, Tape, decode};
use crate::plan::{DEAD, Members, Plan, START, State};

/// How a walk went.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Walk {
    /// A whole value; it ends before `end`. `breaks`: line breaks stand between its tokens.
    Whole { end: usize, breaks: bool },
    /// No value, or its end is not in sight.
    Broken,
}

/// An open container.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct Frame {
    /// State of the container that this one stands in.
    outer: State,
    /// Whether that one is an object.
    outer_object: bool,
    /// Entry of this container, or [`NONE`].
    node: u32,
    /// Elements passed so far, where the plan wants them by number.
    count: u32,
}

const NONE: u32 = u32::MAX;

/// What reads a record once its start is known, by the walk or in its place.
pub(crate) trait Reader {
    /// Forgets the last record.
    fn clear(&mut self);

    /// Reads the value that begins at `start`, as [`walk`] does.
    fn read(&mut self, text: Text<'_>, plan: &Plan, depth: usize, start: usize) -> Walk;
}

impl Reader for Tape {
    fn clear(&mut self) {
        self.nodes.clear();
    }

    fn read(&mut self, text: Text<'_>, plan: &Plan, depth: usize, start: usize) -> Walk {
        self.nodes.clear();
        walk(text, plan, START, depth, start, self)
    }
}

/// Reads records for their grammar alone.
#[derive(Debug)]
pub(crate) struct Grammar;

impl Reader for Grammar {
    fn clear(&mut self) {}

    fn read(&mut self, text: Text<'_>, plan: &Plan, depth: usize, start: usize) -> Walk {
        walk(text, plan, DEAD, depth, start, &mut Tape::default())
    }
}

/// Reads the value that begins at `start` (no white space) in state `root`, down to `depth` levels.
pub(crate) fn walk(text: Text<'_>, plan: &Plan, root: State, depth: usize, start: usize, tape: &mut Tape) -> Walk {
    if root != DEAD && tape.frames.len() < depth {
        tape.frames.resize(depth, Frame::default());
    }
    let mut walker = Walker { text, plan, tape, breaks: false };
    match walker.run(root, start, depth) {
        Some(end) if end <= text.end => Walk::Whole { end, breaks: walker.breaks },
        _ => Walk::Broken,
    }
}

struct Walker<'a> {
    text: Text<'a>,
    plan: &'a Plan,
    tape: &'a mut Tape,
    breaks: bool,
}

impl Walker<'_> {
    fn run(&mut self, root: State, start: usize, depth: usize) -> Option<usize> {
        let (text, bytes, index) = (self.text, self.text.bytes, self.text.index);
        let mut state = root; // of the value to be read
        let mut here = DEAD; // of the container that it stands in
        let mut members = Members::default(); // of that container, if it is an object
        let mut object = false; // what that container is
        let mut level = 0;
        let (mut pos, mut c) = (start, *bytes.get(start)?);
        'entry: loop {
            'value: {
                if object {
                    // Keys that are asked for often stand side by side: only for a stretch of others the loop is left.
                    if c == b'"' && members.other == DEAD && !self.may_differ(text, pos, members) {
                        (pos, c) = skip_members(&text, members.bits, pos, depth - level, &mut self.breaks)?;
                        if c == b'}' {
                            break 'value;
                        }
                    }
                    if c != b'"' {
                        return None;
                    }
                    (pos, c, state) = self.member(text, pos, here, members)?;
                }
                match c {
                    b'"' => {
                        let close = index.stop(pos + 1);
                        let tail = text.four(close)?;
                        if tail as u8 != b'"' {
                            return None;
                        }
                        if state != DEAD {
                            self.string(state, pos, close + 1);
                        }
                        if tail & 0xFF_FFFF == NEXT_STRING && object {
                            (pos, c) = (close + 2, b'"');
                            continue 'entry;
                        }
                        pos = close + 1;
                    }
                    b'{' | b'[' if state == DEAD => pos = skip(&text, pos, depth - level, &mut self.breaks)?,
                    b'{' | b'[' => {
                        if level == depth {
                            return None;
                        }
                        object = self.open(c, state, (here, object), pos, level)?;
                        level += 1;
                        here = state;
                        members = self.plan.members(here);
                        (pos, c) = text.at(pos + 1, &mut self.breaks)?;
                        if c != closer(object) {
                            if !object {
                                state = self.element(here, level);
                            }
                            continue 'entry;
                        }
                    }
                    b'-' | b'0'..=b'9' => {
                        let end = number(bytes, pos)?;
                        if state != DEAD {
                            self.scalar(Kind::Number, state, pos, end);
                        }
                        pos = end;
                    }
                    _ => {
                        let (kind, end) = literal(bytes, pos)?;
                        if state != DEAD {
                            self.scalar(kind, state, pos, end);
                        }
                        pos = end;
                    }
                }
            }
            // Behind a value: a comma and the next entry, or the ends of containers.
            loop {
                if level == 0 {
                    return Some(pos);
                }
                (pos, c) = text.at(pos, &mut self.breaks)?;
                if c == b',' {
                    (pos, c) = text.at(pos + 1, &mut self.breaks)?;
                    if !object {
                        state = self.element(here, level);
                    }
                    continue 'entry;
                }
                if c != closer(object) {
                    return None;
                }
                pos += 1;
                level -= 1;
                (here, object) = self.close(level, pos)?;
                members = self.plan.members(here);
            }
        }
    }

    /// Enters a container; gives whether it is an object.
    #[inline(always)]
    fn open(
        &mut self,
        c: u8,
        state: State,
        (outer, outer_object): (State, bool),
        pos: usize,
        level: usize,
    ) -> Option<bool> {
        let object = c == b'{';
        let kind = if object { Kind::Object } else { Kind::Array };
        let node = if self.plan.is_asked(state) { self.tape.push(kind, state, (pos, pos), false) } else { NONE };
        *self.tape.frames.get_mut(level)? = Frame { outer, outer_object, node, count: 0 };
        Some(object)
    }

    /// Leaves the container at `level`; gives the state and kind of the one around it.
    #[inline(always)]
    fn close(&mut self, level: usize, end: usize) -> Option<(State, bool)> {
        let frame = *self.tape.frames.get(level)?;
        if frame.node != NONE {
            self.tape.close(frame.node, end);
        }
        Some((frame.outer, frame.outer_object))
    }

    /// Whether the key that begins at `pos` may lead elsewhere than the others.
    #[inline(always)]
    fn may_differ(&self, text: Text<'_>, pos: usize, members: Members) -> bool {
        let first = text.bytes.get(pos + 1).copied().unwrap_or_default();
        Members::may_differ(members.bits, first, text.index.stop(pos + 1) - pos - 1)
    }

    /// From a member's opening quote to its value, and that value's state.
    #[inline(always)]
    fn member(&mut self, text: Text<'_>, pos: usize, here: State, members: Members) -> Option<(usize, u8, State)> {
        let index = text.index;
        let close = index.stop(pos + 1);
        let ((at, c), _): (At, bool) = text.value_of(close, &mut self.breaks)?;
        let mut state = members.other;
        if Members::may_differ(members.bits, *text.bytes.get(pos + 1)?, close - pos - 1) {
            state = self.plan.member(here, text.bytes, pos + 1, close);
        }
        if index.may_escape(pos, close) {
            state = self.escaped_key(here, pos + 1, close).unwrap_or(state);
        }
        if state != DEAD && self.plan.is_asked(state) {
            self.string_node(Kind::Key, state, pos, close + 1);
        }
        Some((at, c, state))
    }

    /// The state of a member whose key holds escapes; none if it holds none after all.
    #[cold]
    #[inline(never)]
    fn escaped_key(&self, here: State, start: usize, end: usize) -> Option<State> {
        let key = self.text.bytes.get(start..end)?;
        key.contains(&b'\\').then(|| {
            let mut decoded = Vec::with_capacity(key.len());
            decode(key, &mut decoded);
            self.plan.member_decoded(here, &decoded)
        })
    }

    /// The state of the next element of the array at `level`.
    #[inline(always)]
    fn element(&mut self, here: State, level: usize) -> State {
        let (all, numbered) = self.plan.elements(here);
        if numbered { self.numbered_element(here, level) } else { all }
    }

    #[cold]
    #[inline(never)]
    fn numbered_element(&mut self, here: State, level: usize) -> State {
        let Some(frame) = self.tape.frames.get_mut(level - 1) else {
            return DEAD;
        };
        frame.count += 1;
        self.plan.element(here, frame.count - 1)
    }

    /// A string in a state that somebody cares for.
    #[inline(never)]
    fn string(&mut self, state: State, start: usize, end: usize) {
        // Where a path goes on, the string is of interest if it may hold a document. Of what may stand before one:
        // DEL, and the first bytes of blanks and marks beyond ASCII.
        let first = self.text.bytes.get(start + 1).copied().unwrap_or_default();
        let document = matches!(first, b'{' | b'[' | b'\\' | b' ' | 0x7F | 0xC2 | 0xE1..=0xE3 | 0xEF);
        if self.plan.is_asked(state) || (document && self.plan.goes_on(state)) {
            self.string_node(Kind::String, state, start, end);
        }
    }

    #[inline(always)]
    fn string_node(&mut self, kind: Kind, state: State, start: usize, end: usize) {
        let escaped = self.text.index.may_escape(start, end);
        self.tape.push(kind, state, (start, end), escaped);
    }

    /// A number or literal in a state that somebody cares for.
    #[inline(never)]
    fn scalar(&mut self, kind: Kind, state: State, start: usize, end: usize) {
        if self.plan.is_asked(state) {
            self.tape.push(kind, state, (start, end), false);
        }
    }
}
