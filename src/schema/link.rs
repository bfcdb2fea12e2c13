//! What can be told only once all schemas are in the arena: loops, chains that are too long, and what is valid at a glance.

use super::code;
use super::keyword::{Name, bounds, properties};
use super::node::*;
use crate::limits::{MAX_PROBLEMS, MAX_SCHEMA_CHAIN};

/// A schema that leads back to itself without a step down in the value would be checked for ever.
const LOOP: &str = "a schema that does not lead back to itself without going down to a member or element";
const CHAIN: &str = "fewer schemas applied to one value within each other";

const LONGEST: u32 = MAX_SCHEMA_CHAIN as u32;

/// What is known of a schema: nothing, that it is being looked at, or how many schemas are below it, and [`DONE`].
type State = u32;
const UNSEEN: State = 0;
const OPEN: State = 1;
const DONE: State = 2;

/// Schemas that cannot be used, with code and reason.
type Faults = Vec<(NodeId, &'static str, &'static str)>;

/// Links the arena.
pub(super) fn link(compiled: &mut Compiled) -> Faults {
    let mut faults = Vec::new();
    let mut states = vec![UNSEEN; compiled.nodes.len()];
    for node in 0..compiled.nodes.len() as NodeId {
        look(compiled, &mut states, &mut faults, node, 0);
    }
    for keyword in &compiled.keywords {
        if matches!(keyword.name, Name::Const | Name::Enum)
            && let Some(values) = compiled.words.get_mut(keyword.a as usize + 1..keyword.b as usize)
        {
            values.sort_unstable();
        }
    }
    properties::settle(compiled);
    faults
}

/// Looks at a schema and all in place below it, so many levels down; gives how many levels are below.
fn look(compiled: &mut Compiled, states: &mut [State], faults: &mut Faults, node: NodeId, level: u32) -> u32 {
    let Some(state) = states.get_mut(node as usize) else { return 0 };
    if *state >= DONE {
        return *state - DONE;
    }
    let fault = match *state {
        OPEN => (node, code::LOOP, LOOP),
        _ => (node, code::LIMIT, CHAIN),
    };
    if *state == OPEN || level > LONGEST {
        if faults.len() < MAX_PROBLEMS && !faults.contains(&fault) {
            faults.push(fault);
        }
        return 0;
    }
    *state = OPEN;
    let mut below = 0;
    let (from, to) = compiled.nodes[node as usize].keywords;
    for keyword in from..to {
        let mut place = 0;
        while let Some(next) = compiled.in_place(&compiled.keywords[keyword as usize], place) {
            place += 1;
            if next != NONE {
                below = below.max(1 + look(compiled, states, faults, next, level + 1));
            }
        }
    }
    if below == LONGEST {
        faults.push(fault);
    }
    let (quick, quickly) = (quick(compiled, node), quickly(compiled, node));
    let here = &mut compiled.nodes[node as usize];
    (here.quick, here.quickly) = (quick, quickly);
    states[node as usize] = DONE + below;
    below
}

/// The kinds of values that a schema has nothing against, and nothing to note about. Those below it are known by now.
fn quick(compiled: &Compiled, node: NodeId) -> Kinds {
    let Some(node) = compiled.node(node) else { return 0 };
    let mut quick = node.types;
    if quick & (NUMBER | INTEGER) != 0 {
        quick |= INTEGER | NATURAL;
    }
    for keyword in compiled.keywords(node) {
        let mut kinds = !keyword.kinds;
        if keyword.kinds & NUMBER != 0 && !bounds::is_at_most_zero(compiled, keyword) {
            kinds &= !NATURAL;
        }
        if keyword.kinds & NUMBER != 0 {
            kinds &= !INTEGER;
        }
        if matches!(keyword.name, Name::Ref | Name::AllOf) {
            let mut all = Kinds::MAX;
            let mut place = 0;
            while let Some(below) = compiled.in_place(keyword, place) {
                all &= compiled.node(below).map_or(0, |node| node.quick);
                place += 1;
            }
            kinds |= all;
        }
        quick &= kinds;
    }
    quick
}

fn quickly(compiled: &Compiled, node: NodeId) -> Quickly {
    let node = &compiled.nodes[node as usize];
    let keywords = compiled.keywords(node);
    if let [Keyword { name: Name::Ref, a, .. }] = keywords
        && node.types == ANY
        && let Some(target) = compiled.node(*a)
    {
        return target.quickly;
    }
    let mut object = NONE;
    for keyword in keywords.iter().filter(|keyword| keyword.kinds & OBJECT != 0) {
        if object != NONE || keyword.name != Name::Properties {
            object = NONE;
            break;
        }
        object = keyword.a;
    }
    Quickly { types: node.types, unevaluated: node.unevaluated, keywords: node.keywords, object }
}
