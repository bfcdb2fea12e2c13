//! The members `sample`: which share goes on.

use crate::document::Notes;
use crate::query::Query;
use crate::sample::{Sample, Share};
use crate::tape::{Cursor, Kind};

/// What a policy says, its query not read yet.
#[derive(Clone, Copy)]
pub(super) struct Unread<'v> {
    share: Share,
    pub(super) always: Option<Cursor<'v>>,
}

impl<'v> Unread<'v> {
    pub(super) fn settle(self, query: &mut impl FnMut(Option<Cursor<'v>>) -> Option<Query>) -> Sample {
        Sample { share: self.share, always: query(self.always) }
    }
}

/// Reads one: a share, or an object with it.
pub(super) fn sample<'v>(value: Cursor<'v>, notes: &mut Notes<'_>) -> Option<Unread<'v>> {
    let (mut told, mut always) = (Some(value), None);
    if value.kind() == Kind::Object {
        told = None;
        for (name, value) in notes.object(value, &["share", "always"]) {
            match name {
                "share" => told = Some(value),
                _ => always = Some(value),
            }
        }
        if told.is_none() {
            notes.add_at("P104", value, "the member \"share\"", "");
        }
    }
    let told = told?;
    let share = Share::read(told.raw()).filter(|_| told.kind() == Kind::Number);
    if share.is_none() {
        let code = if told.kind() == Kind::Number { "P105" } else { "P102" };
        notes.add_at(code, told, "a number from 0 to 1 of at most nine decimals", "");
    }
    Some(Unread { share: share?, always })
}
