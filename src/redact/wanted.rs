//! The paths that rules ask for.

use super::reach::{Asked, Redactor};
use crate::order::Order;
use crate::plan::{Path, PlanBuilder, Segment};

/// The paths that are asked for, and why each is.
#[derive(Default)]
pub(super) struct Wanted {
    paths: Order,
    list: Vec<(Path, Vec<Asked>)>,
}

impl Wanted {
    pub(super) fn add(&mut self, path: Path, asked: impl IntoIterator<Item = Asked>) {
        let next = self.list.len();
        let place = self.paths.find_or_add(next, &|place| self.list[place].0.cmp(&path));
        if place == next {
            self.list.push((path, Vec::new()));
        }
        self.list[place].1.extend(asked);
    }

    /// Asks for all of them: those that are for the same end, at the value itself or below, as alike.
    pub(super) fn ask(self, plan: &mut PlanBuilder, redactor: &mut Redactor) {
        type End = (Vec<Asked>, bool);
        let (mut ends, mut alike): (Vec<(End, usize)>, _) = (Vec::new(), Order::default());
        for (path, asked) in self.list {
            let end = (asked, path.segments.ends_with(&[Segment::Any, Segment::Deep]));
            let place = alike.find_or_add(ends.len(), &|place| ends[place].0.cmp(&end));
            let like = ends.get(place).map(|(_, number)| *number);
            let number = plan.ask_like(path, like);
            redactor.asked(number, end.0.clone());
            if like.is_none() {
                ends.push((end, number));
            }
        }
    }
}
