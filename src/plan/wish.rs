//! What the rooms ask for.

use super::automaton::Plan;
use super::build::Builder;
use super::path::Path;

/// The paths need more states than a plan may have.
#[derive(Debug)]
pub(crate) struct TooLarge;

/// Collects what the rooms ask for.
#[derive(Debug, Default)]
pub(crate) struct PlanBuilder {
    wishes: Vec<Wish>,
    /// Some path asks for everything.
    everything: bool,
    /// From this number on, what is asked does not make strings be gone into.
    aside: Option<u32>,
}

/// A path that is asked for.
#[derive(Debug)]
pub(super) struct Wish {
    pub(super) path: Path,
    /// The number of an earlier path for the same end, or its own.
    pub(super) like: u32,
    /// All that lies on the way is asked for, too.
    pub(super) is_way: bool,
    /// Strings are not gone into for it.
    pub(super) is_silent: bool,
}

impl PlanBuilder {
    /// Asks for the values at `path`. The number given comes back from [`Plan::asked`].
    pub(crate) fn ask(&mut self, path: Path) -> usize {
        self.wish(path, None, (false, false))
    }

    fn wish(&mut self, path: Path, like: Option<usize>, (is_way, is_silent): (bool, bool)) -> usize {
        let number = self.wishes.len();
        self.wishes.push(Wish { path, like: like.unwrap_or(number) as u32, is_way, is_silent });
        number
    }

    /// Asks for the values at `path` for the same end as those of number `like`: where nothing but what lies behind a
    /// place tells the two apart, that number comes back, and there are fewer states.
    pub(crate) fn ask_like(&mut self, path: Path, like: Option<usize>) -> usize {
        self.wish(path, like, (false, false))
    }

    /// Asks for the values at `path` and for all that lies on the way, so that a cursor on the tape finds them step by step.
    pub(crate) fn ask_way(&mut self, path: Path) {
        self.wish(path, None, (true, false));
    }

    /// Asks for every value, without going on into strings that hold JSON for it.
    pub(crate) fn ask_everything(&mut self) {
        if !self.everything {
            self.everything = true;
            self.ask_silently(Path::everything());
        }
    }

    /// Asks for the values at `path`, without going on into strings that hold JSON for it.
    pub(crate) fn ask_silently(&mut self, path: Path) -> usize {
        self.wish(path, None, (false, true))
    }

    /// Whether every value was asked for.
    pub(crate) fn asks_everything(&self) -> bool {
        self.everything
    }

    /// Asks for all that lies on the way to what was asked for, so that a cursor on the tape finds members where they
    /// stand. What is asked from now on finds its way itself: nobody goes on into strings for it.
    pub(crate) fn ask_ways(&mut self) {
        if self.wishes.iter().any(|wish| wish.path.is_of_any_depth()) {
            self.ask_everything();
        }
        self.aside = Some(self.wishes.len() as u32);
        self.wishes.iter_mut().for_each(|wish| wish.is_way = true);
    }

    /// Compiles: subset construction over the positions in all paths.
    pub(crate) fn build(self) -> Result<Plan, TooLarge> {
        Builder::new(self.wishes, self.aside.unwrap_or(u32::MAX))?.run()
    }
}
