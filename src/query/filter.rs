//! The queries of a policy.

use super::{Judge, Query};
use crate::span::Span;

/// What a policy says about which records go where.
#[derive(Clone, Debug, Default)]
pub(crate) struct Filter {
    /// What does not match is left out.
    pub(crate) keep: Option<Query>,
    /// Of each route, what it takes; a route that says nothing takes all.
    pub(crate) when: Vec<Option<Query>>,
}

impl Filter {
    /// Which routes take the record at `span` of `bytes`: a bit each, the first the lowest.
    pub(crate) fn routes(&self, judge: &mut Judge, bytes: &[u8], span: Span) -> u32 {
        let mut matches = |query: &Option<Query>| query.as_ref().is_none_or(|query| judge.matches(query, bytes, span));
        if !matches(&self.keep) {
            return 0;
        }
        self.when.iter().rev().fold(0, |taken, when| taken << 1 | u32::from(matches(when)))
    }
}
