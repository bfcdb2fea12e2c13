//! What can be told only once all schemas are in the arena: loops, chains that are too long, and what is valid at a glance.

use super::code;
use super::keyword::{Name, properties};
use super::node::*;
use crate::limits::{MAX_PROBLEMS, MAX_SCHEMA_CHAIN};

/// A schema that leads back to itself without a step down in the value would be checked for ever.
const LOOP: &str = "a schema that does not lead back to itself without going down to a member or element";
const CHAIN: &str = "fewer schemas applied to one value within each other";

/// A schema whose in-place schemas are being looked at.
struct Open {
    node: NodeId,
    /// The next of them: keyword, and its place there.
    keyword: u32,
    place: u32,
    /// How many schemas are below it.
    depth: u32,
}

const UNSEEN: u32 = 0;
const OPEN: u32 = 1;
/// And as many more as there are schemas below.
const DONE: u32 = 2;

/// Links the arena; gives the schemas that cannot be used, with code and reason.
pub(super) fn link(compiled: &mut Compiled) -> Vec<(NodeId, &'static str, &'static str)> {
    let mut faults = Vec::new();
    let mut seen = vec![UNSEEN; compiled.nodes.len()];
    // Depth first.
    let mut open: Vec<Open> = Vec::new();
    for start in 0..compiled.nodes.len() as NodeId {
        let mut enter = start;
        loop {
            match seen.get_mut(enter as usize) {
                Some(state) if *state == UNSEEN => {
                    *state = OPEN;
                    let keyword = compiled.nodes[enter as usize].keywords.0;
                    open.push(Open { node: enter, keyword, place: 0, depth: 0 });
                }
                Some(state) if *state == OPEN => {
                    let fault = (enter, code::LOOP, LOOP);
                    if faults.len() < MAX_PROBLEMS && !faults.contains(&fault) {
                        faults.push(fault);
                    }
                }
                Some(state) => {
                    if let Some(above) = open.last_mut() {
                        above.depth = above.depth.max(*state - DONE + 1);
                    }
                }
                None => {}
            }
            let Some(here) = open.last_mut() else { break };
            let last = compiled.nodes[here.node as usize].keywords.1;
            enter = NONE;
            while enter == NONE && here.keyword < last {
                match compiled.in_place(&compiled.keywords[here.keyword as usize], here.place) {
                    Some(next) => (enter, here.place) = (next, here.place + 1),
                    None => (here.keyword, here.place) = (here.keyword + 1, 0),
                }
            }
            if enter == NONE {
                let Open { node, depth, .. } = *here;
                if depth as usize == MAX_SCHEMA_CHAIN {
                    faults.push((node, code::LIMIT, CHAIN));
                }
                compiled.nodes[node as usize].quick = quick(compiled, node);
                seen[node as usize] = DONE + depth;
                open.pop();
                enter = node; // to tell the one above
                if open.is_empty() {
                    break;
                }
            }
        }
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

/// The kinds of values that a schema has nothing against, and nothing to note about. Those below it are known by now.
fn quick(compiled: &Compiled, node: NodeId) -> Kinds {
    let Some(node) = compiled.node(node) else { return 0 };
    let mut quick = node.types;
    for keyword in compiled.keywords(node) {
        let mut kinds = !keyword.kinds;
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
