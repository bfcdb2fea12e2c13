//! A pattern as instructions: Thompson's construction (K. Thompson, "Regular Expression Search Algorithm", CACM 11(6),
//! 1968), written from the end, so that every instruction knows what comes after it.

use super::alphabet::{Alphabet, EDGE, Kind};
use super::set::Set;
use super::syntax::{Node, Syntax};

/// A condition on what stands before and behind a position: one of both is of a kind it names, not both or none.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Look {
    pub(super) before: Kind,
    pub(super) behind: Kind,
    /// Holds where it would not.
    pub(super) not: bool,
}

impl Look {
    pub(super) const START: Look = Look { before: EDGE, behind: 0, not: false };

    pub(super) fn holds(self, before: Kind, behind: Kind) -> bool {
        ((before & self.before != 0) != (behind & self.behind != 0)) != self.not
    }
}

#[derive(Clone, Copy, Debug)]
pub(super) enum Step {
    /// Takes a code point of a set.
    Take {
        set: u16,
        next: u32,
    },
    Split(u32, u32),
    Look(Look, u32),
    Match,
}

#[derive(Debug)]
pub(super) struct Program {
    pub(super) steps: Vec<Step>,
    pub(super) start: u32,
    pub(super) alphabet: Box<Alphabet>,
    /// All kinds that some condition asks for.
    pub(super) looks: Kind,
}

impl Program {
    #[inline(never)]
    pub(super) fn new(syntax: Syntax) -> Program {
        let Syntax { node, mut sets, looks } = syntax;
        let everything = sets.len() as u16;
        sets.push(Set::everything());
        let mut steps = vec![Step::Match];
        let mut start = write(&mut steps, &node, 0);
        if !begins_at_start(&node) {
            // A match may begin anywhere: first take as many code points as you like.
            let skip = steps.len() as u32;
            steps.push(Step::Split(start, skip + 1));
            steps.push(Step::Take { set: everything, next: skip });
            start = skip;
        }
        Program { steps, start, alphabet: Alphabet::new(sets, looks), looks }
    }
}

/// Writes the steps of a node, and gives the first; `next` is the step behind it.
fn write(steps: &mut Vec<Step>, node: &Node, next: u32) -> u32 {
    match node {
        Node::Empty => next,
        Node::Set(set) => push(steps, Step::Take { set: *set, next }),
        Node::Look(look) => push(steps, Step::Look(*look, next)),
        Node::Sequence(nodes) => nodes.iter().rev().fold(next, |next, node| write(steps, node, next)),
        Node::Choice(nodes) => {
            let mut first = None;
            for node in nodes.iter().rev() {
                let start = write(steps, node, next);
                first = Some(first.map_or(start, |others| push(steps, Step::Split(start, others))));
            }
            first.unwrap_or(next)
        }
        Node::Repeat { node, min, max } => {
            let mut start = match max {
                Some(max) => (*min..*max).fold(next, |more, _| {
                    let once = write(steps, node, more);
                    push(steps, Step::Split(once, next))
                }),
                None => {
                    let again = push(steps, Step::Match); // its place; what stands there is known below
                    let once = write(steps, node, again);
                    if let Some(step) = steps.get_mut(again as usize) {
                        *step = Step::Split(once, next);
                    }
                    again
                }
            };
            for _ in 0..*min {
                start = write(steps, node, start);
            }
            start
        }
    }
}

fn push(steps: &mut Vec<Step>, step: Step) -> u32 {
    steps.push(step);
    steps.len() as u32 - 1
}

/// Whether every match begins where the text does.
fn begins_at_start(node: &Node) -> bool {
    match node {
        Node::Empty | Node::Set(_) => false,
        Node::Look(look) => *look == Look::START,
        Node::Sequence(nodes) => nodes.iter().any(begins_at_start),
        Node::Choice(nodes) => nodes.iter().all(begins_at_start),
        Node::Repeat { node, min, .. } => *min > 0 && begins_at_start(node),
    }
}
