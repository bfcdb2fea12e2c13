//! The queries of a policy.

use super::{Judge, Query, Record};
use crate::catalog::EventType;
use crate::plan::PlanBuilder;
use crate::span::Span;
use crate::time::EpochNanos;

/// What a policy says about which records go where.
#[derive(Clone, Debug, Default)]
pub(crate) struct Filter {
    /// What does not match is left out.
    pub(crate) keep: Option<Query>,
    /// Of each route, what it takes; a route that says nothing takes all.
    pub(crate) when: Vec<Option<Query>>,
}

impl Filter {
    /// Whether every route takes every record.
    pub(crate) fn is_empty(&self) -> bool {
        self.keep.is_none() && self.when.iter().all(Option::is_none)
    }

    fn queries(&mut self) -> impl Iterator<Item = &mut Query> {
        self.keep.iter_mut().chain(self.when.iter_mut().flatten())
    }

    /// Asks a plan, behind all others, for what the queries look at.
    pub(crate) fn ask(&self, types: &[EventType], plan: &mut PlanBuilder) {
        let queries = self.keep.iter().chain(self.when.iter().flatten());
        for (number, query) in queries.enumerate() {
            if plan.asks_everything() {
                return;
            }
            if number == 0 {
                plan.ask_ways();
            }
            query.part.go();
            query.program.ask(types, plan);
        }
    }

    /// From now on, it is `now`.
    pub(crate) fn set_now(&mut self, now: EpochNanos) {
        self.queries().for_each(|query| query.set_now(now));
    }

    /// Which routes take the record at `span` of `bytes`: a bit each, the first the lowest. None of the record: its tape is
    /// empty, and nobody asks.
    pub(crate) fn routes(&self, judge: &mut Judge, place: (&[u8], Span), record: Option<Record<'_>>) -> u32 {
        judge.begin();
        let mut matches = |query: &Option<Query>| {
            query.as_ref().is_none_or(|query| record.is_some_and(|record| judge.sees(query, place, record)))
        };
        if !matches(&self.keep) {
            return 0;
        }
        self.when.iter().rev().fold(0, |taken, when| taken << 1 | u32::from(matches(when)))
    }
}
