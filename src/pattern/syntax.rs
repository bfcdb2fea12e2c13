//! The syntax of patterns: ECMA-262 (2025), section 22.2.1, as with the flag `u`.
//!
//! Schemas in the wild were tried without that flag, so some of annex B is read too, where it cannot mean anything else:
//! `]`, `{` and `}` alone stand for themselves, so does punctuation behind a backslash, and a `-` beside `\w` in a class.

use super::PatternError;
use super::alphabet::{EDGE, Kind, LINE, WORD, WORD_ANY_CASE};
use super::distinct::Distinct;
use super::program::Look;
use super::set::Set;
use super::unicode::fold_set;
use crate::limits::{MAX_PATTERN_BYTES, MAX_PATTERN_DEPTH, MAX_PATTERN_STEPS, MAX_PATTERN_WORK};

#[derive(Debug)]
pub(super) enum Node {
    Empty,
    /// A code point of the set of that number.
    Set(u16),
    Look(Look),
    Sequence(Vec<Node>),
    Choice(Vec<Node>),
    Repeat {
        node: Box<Node>,
        min: u32,
        max: Option<u32>,
    },
}

/// A pattern that was read.
#[derive(Debug)]
pub(super) struct Syntax {
    pub(super) node: Node,
    pub(super) sets: Vec<Set>,
    /// All kinds that some condition asks for.
    pub(super) looks: Kind,
}

/// A node and how many steps it becomes.
pub(super) type Piece = (Node, usize);

pub(super) type Read<T> = Result<T, PatternError>;

const ONCE_TOO_OFTEN: &str = "fewer repetitions: the pattern becomes too large";
const NO_LOOK_AROUND: &str = "no look-around: it cannot be matched in linear time";
const NO_REFERENCE: &str = "no back reference: it cannot be matched in linear time";

/// What modifiers say, ECMA-262 section 22.2.2.1.
#[derive(Clone, Copy)]
pub(super) struct Flags {
    pub(super) ignore_case: bool,
    pub(super) multiline: bool,
    pub(super) dot_all: bool,
}

pub(super) struct Parser<'a> {
    pub(super) text: &'a str,
    pub(super) at: usize,
    pub(super) flags: Flags,
    depth: usize,
    /// How many groups capture.
    pub(super) groups: usize,
    /// Names of groups that may take part in a match together with what is read now.
    pub(super) names: Vec<String>,
    /// References to groups: where they stand, and what to.
    references: Vec<(usize, Reference)>,
    /// Properties that were unpacked.
    pub(super) properties: Vec<(&'a str, Set)>,
    /// Sets, by their turns.
    sets: Distinct,
    /// Turns of all sets.
    turns: usize,
    looks: Kind,
    /// The first thing that is right, but cannot be matched.
    beyond: Option<PatternError>,
}

enum Reference {
    Number(usize),
    Name(String),
}

impl<'a> Parser<'a> {
    pub(super) fn new(text: &'a str, ignore_case: bool) -> Parser<'a> {
        Parser {
            text,
            at: 0,
            flags: Flags { ignore_case, multiline: false, dot_all: false },
            depth: 0,
            groups: 0,
            names: Vec::new(),
            references: Vec::new(),
            properties: Vec::new(),
            sets: Distinct::default(),
            turns: 0,
            looks: 0,
            beyond: None,
        }
    }

    /// Reads the pattern. The outer error: it is none; the inner one: it is one that cannot be matched here.
    pub(super) fn read(mut self) -> Read<Read<Syntax>> {
        if self.text.len() > MAX_PATTERN_BYTES {
            return Err(PatternError { at: MAX_PATTERN_BYTES, expected: "the end of the pattern: it is too long" });
        }
        let (node, _) = self.choice()?;
        if self.at < self.text.len() {
            return self.fail(self.at, "no ) here: no group is open");
        }
        for (at, to) in &self.references {
            let known = match to {
                Reference::Number(number) => *number <= self.groups,
                Reference::Name(name) => self.names.contains(name),
            };
            if !known {
                return self.fail(*at, "a reference to a group that there is");
            }
        }
        if let Some(beyond) = self.beyond {
            return Ok(Err(beyond));
        }
        let sets = self.sets.lists().iter().map(|turns| Set::from_turns(turns)).collect();
        Ok(Ok(Syntax { node, sets, looks: self.looks }))
    }

    pub(super) fn choice(&mut self) -> Read<Piece> {
        if self.depth == MAX_PATTERN_DEPTH {
            return self.fail(self.at, "fewer groups inside groups");
        }
        self.depth += 1;
        // A name may stand in several alternatives, for only one of them takes part in a match.
        let (outer, mut others) = (self.names.len(), Vec::new());
        let (first, mut size) = self.sequence()?;
        let mut options = vec![first];
        while self.eat("|") {
            let at = self.at;
            others.extend(self.names.drain(outer..));
            let (option, more) = self.sequence()?;
            options.push(option);
            size = self.sum(at, size, more + 1);
        }
        self.names.extend(others);
        self.depth -= 1;
        let node = if options.len() == 1 { options.pop().unwrap_or(Node::Empty) } else { Node::Choice(options) };
        Ok((node, size))
    }

    #[inline(never)]
    fn sequence(&mut self) -> Read<Piece> {
        let (mut nodes, mut size) = (Vec::new(), 0);
        while let Some(next) = self.peek().filter(|next| !matches!(next, '|' | ')')) {
            let at = self.at;
            let (node, more) = self.term(next)?;
            size = self.sum(at, size, more);
            if more > 0 {
                nodes.push(node);
            }
        }
        let node = if nodes.len() > 1 { Node::Sequence(nodes) } else { nodes.pop().unwrap_or(Node::Empty) };
        Ok((node, size))
    }

    #[inline(never)]
    fn term(&mut self, first: char) -> Read<Piece> {
        let at = self.at;
        self.at += first.len_utf8();
        let piece = match first {
            '^' => return Ok(self.look(Look { before: self.edge(), ..NOWHERE })),
            '$' => return Ok(self.look(Look { behind: self.edge(), ..NOWHERE })),
            '\\' => match self.peek() {
                Some(b @ ('b' | 'B')) => {
                    self.at += 1;
                    let word = if self.flags.ignore_case { WORD_ANY_CASE } else { WORD };
                    return Ok(self.look(Look { before: word, behind: word, not: b == 'B' }));
                }
                Some('1'..='9') => {
                    let number = self.number() as usize;
                    self.reference(at, Reference::Number(number))
                }
                Some('k') => {
                    self.at += 1;
                    if !self.eat("<") {
                        return self.fail(self.at, "the name of a group: <name>");
                    }
                    let name = self.group_name()?;
                    self.reference(at, Reference::Name(name))
                }
                _ => {
                    let set = self.escape(at)?;
                    self.set(at, set)
                }
            },
            '(' => {
                let looks_behind = self.look_around();
                if looks_behind.is_some() {
                    self.beyond(at, NO_LOOK_AROUND);
                }
                let piece = self.group(at, looks_behind.is_some())?;
                if looks_behind == Some(true) {
                    return Ok(piece); // annex B lets what looks ahead be repeated
                }
                piece
            }
            '.' if self.flags.dot_all => self.set(at, Set::everything()),
            '.' => self.set(at, Set::line_ends().complement()),
            '[' => {
                let set = self.class(at)?;
                self.set(at, set)
            }
            '*' | '+' | '?' => return self.fail(at, "something to repeat before this"),
            '{' if self.bounds_follow(self.at) => return self.fail(at, "something to repeat before this"),
            literal => self.set(at, point(literal)),
        };
        self.quantifier(piece)
    }

    /// What may follow an atom: `*`, `+`, `?`, `{2}`, `{2,}`, `{2,3}`, each with a `?` that changes nothing here.
    #[inline(never)]
    fn quantifier(&mut self, (node, size): Piece) -> Read<Piece> {
        let at = self.at;
        let (min, max) = if self.eat("*") {
            (0, None)
        } else if self.eat("+") {
            (1, None)
        } else if self.eat("?") {
            (0, Some(1))
        } else if self.peek() == Some('{') && self.bounds_follow(at + 1) {
            self.at += 1;
            let min = self.number();
            let max = match (self.eat(","), self.peek()) {
                (false, _) => Some(min),
                (true, Some('}')) => None,
                (true, _) => Some(self.number()),
            };
            self.at += 1;
            if max.is_some_and(|max| max < min) {
                return self.fail(at, "a range of repetitions whose end is not before its start");
            }
            (min, max)
        } else {
            return Ok((node, size));
        };
        self.eat("?");
        let optional = max.map_or(1, |max| (max - min) as usize);
        let repeated = size.saturating_mul(min as usize).saturating_add((size + 1).saturating_mul(optional));
        if size == 0 || max == Some(0) {
            return Ok((Node::Empty, 0));
        }
        if repeated > MAX_PATTERN_STEPS {
            self.beyond(at, ONCE_TOO_OFTEN);
            return Ok((Node::Empty, 0));
        }
        Ok((Node::Repeat { node: Box::new(node), min, max }, repeated))
    }

    /// How many steps both are; too many are a mistake at that place.
    fn sum(&mut self, at: usize, size: usize, more: usize) -> usize {
        if size + more <= MAX_PATTERN_STEPS {
            return size + more;
        }
        self.beyond(at, ONCE_TOO_OFTEN);
        0
    }

    /// Whether `2}`, `2,}` or `2,3}` stands there: else the brace before it is a character like others.
    #[inline(never)]
    fn bounds_follow(&self, at: usize) -> bool {
        let rest = self.text.as_bytes().get(at..).unwrap_or_default();
        let digits = |from: usize| rest.iter().skip(from).take_while(|byte| byte.is_ascii_digit()).count();
        let min = digits(0);
        let end = match rest.get(min) {
            Some(b',') => min + 1 + digits(min + 1),
            _ => min,
        };
        min > 0 && rest.get(end) == Some(&b'}')
    }

    fn look(&mut self, look: Look) -> Piece {
        self.looks |= look.before | look.behind;
        (Node::Look(look), 1)
    }

    fn edge(&self) -> Kind {
        if self.flags.multiline { EDGE | LINE } else { EDGE }
    }

    fn reference(&mut self, at: usize, to: Reference) -> Piece {
        self.references.push((at, to));
        self.beyond(at, NO_REFERENCE);
        (Node::Empty, 0)
    }

    #[inline(never)]
    fn set(&mut self, at: usize, set: Set) -> Piece {
        if self.beyond.is_some() {
            return (Node::Empty, 1); // nobody will compile it
        }
        let set = if self.flags.ignore_case { fold_set(set) } else { set };
        let known = self.sets.lists().len();
        let number = self.sets.number(set.turns());
        if number as usize == known {
            self.turns += set.turns().len();
            if (known + 1) * self.turns > MAX_PATTERN_WORK {
                self.beyond(at, "fewer different characters and classes");
            }
        }
        (Node::Set(number as u16), 1)
    }

    /// A number; what is too large for it is as large as it can be.
    #[inline(never)]
    fn number(&mut self) -> u32 {
        let mut number: u32 = 0;
        while let Some(digit) = self.peek().and_then(|c| c.to_digit(10)) {
            number = number.saturating_mul(10).saturating_add(digit);
            self.at += 1;
        }
        number
    }

    #[inline(never)]
    pub(super) fn peek(&self) -> Option<char> {
        self.text.get(self.at..)?.chars().next()
    }

    #[inline(never)]
    pub(super) fn eat(&mut self, sign: &str) -> bool {
        let found = self.text.get(self.at..).is_some_and(|rest| rest.starts_with(sign));
        self.at += if found { sign.len() } else { 0 };
        found
    }

    pub(super) fn rest(&self) -> &'a str {
        self.text.get(self.at..).unwrap_or_default()
    }

    pub(super) fn fail<T>(&self, at: usize, expected: &'static str) -> Read<T> {
        Err(PatternError { at, expected })
    }

    pub(super) fn beyond(&mut self, at: usize, expected: &'static str) {
        self.beyond.get_or_insert(PatternError { at, expected });
    }
}

const NOWHERE: Look = Look { before: 0, behind: 0, not: false };

fn point(c: char) -> Set {
    Set::of(&[(c as u32, c as u32)])
}
