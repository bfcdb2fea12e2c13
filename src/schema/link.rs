//! What can be told only once all schemas are in the arena: loops, chains that are too long, and what is valid at a glance.

use super::code;
use super::node::*;
use crate::limits::MAX_SCHEMA_CHAIN;

/// A schema that leads back to itself without a step down in the value would be checked for ever.
const LOOP: &str = "a schema that does not lead back to itself without going down to a member or element";
const CHAIN: &str = "fewer schemas applied to one value within each other";

/// Links the arena; gives the schemas that cannot be used, with code and reason.
pub(super) fn link(compiled: &mut Compiled) -> Vec<(NodeId, &'static str, &'static str)> {
    #[derive(Clone, Copy, PartialEq)]
    enum Seen {
        Not,
        Open,
        /// Done; so many schemas are below it.
        Done(usize),
    }
    let mut faults = Vec::new();
    let mut seen = vec![Seen::Not; compiled.nodes.len()];
    for start in 0..compiled.nodes.len() as NodeId {
        // Depth first, each with those below it that are still to be looked at.
        let mut open: Vec<(NodeId, Vec<NodeId>, usize)> = Vec::new();
        let mut enter = Some(start).filter(|start| seen[*start as usize] == Seen::Not);
        loop {
            if let Some(node) = enter.take() {
                seen[node as usize] = Seen::Open;
                open.push((node, below(compiled, node), 0));
            }
            let Some((node, rest, depth)) = open.last_mut() else { break };
            let node = *node;
            match rest.pop() {
                Some(next) => match seen.get(next as usize) {
                    Some(Seen::Not) => enter = Some(next),
                    Some(Seen::Open) => faults.push((next, code::LOOP, LOOP)),
                    Some(Seen::Done(below)) => *depth = (*depth).max(below + 1),
                    None => {}
                },
                None => {
                    let depth = *depth;
                    if depth == MAX_SCHEMA_CHAIN {
                        faults.push((node, code::LIMIT, CHAIN));
                    }
                    seen[node as usize] = Seen::Done(depth);
                    let quick = quick(compiled, node);
                    if let Some(node) = compiled.nodes.get_mut(node as usize) {
                        node.quick = quick;
                    }
                    open.pop();
                    if let Some((_, _, above)) = open.last_mut() {
                        *above = (*above).max(depth + 1);
                    }
                }
            }
        }
    }
    let nodes = &compiled.nodes;
    let quick = |id: NodeId| nodes.get(id as usize).map_or(0, |node| node.quick);
    for keyword in &mut compiled.keywords {
        if let Check::Properties(rule) = &mut keyword.check {
            rule.settle(quick);
        }
    }
    faults.sort_unstable();
    faults.dedup();
    faults
}

fn below(compiled: &Compiled, node: NodeId) -> Vec<NodeId> {
    let keywords = compiled.node(node).map(|node| compiled.keywords(node)).unwrap_or_default();
    keywords.iter().flat_map(|keyword| keyword.check.in_place()).collect()
}

/// The kinds of values that a schema has nothing against, and nothing to note about. Those below it are known by now.
fn quick(compiled: &Compiled, node: NodeId) -> Kinds {
    let Some(node) = compiled.node(node) else { return 0 };
    let of = |id: &NodeId| compiled.node(*id).map_or(0, |node| node.quick);
    let mut quick = node.types;
    for keyword in compiled.keywords(node) {
        let kinds = if keyword.kinds & NUMBER != 0 { keyword.kinds | INTEGER } else { keyword.kinds };
        quick &= !kinds
            | match &keyword.check {
                Check::Ref(to) => of(to),
                Check::AllOf(all) => all.iter().map(of).fold(Kinds::MAX, |all, one| all & one),
                _ => 0,
            };
    }
    quick
}
