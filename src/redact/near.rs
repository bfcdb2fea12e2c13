//! What is known of a value by the keys around it, and by the catalogue.

use std::borrow::Cow;

use super::Rules;
use super::here::{Here, inside, said};
use super::key::Known as KnownKey;
use super::reach::Reached;
use super::walk::Pass;
use super::work::Finds;
use crate::sensitive::{Context, Known};
use crate::tape::{Cursor, Kind, Node, Tape};

/// Members of an object that names what its value is for.
const MOST_MEMBERS: usize = 16;

impl Pass<'_> {
    /// The key of the array that an element is in, or is in an array of.
    pub(super) fn key_around<'t>(&self, here: Here<'t>) -> Option<&'t Node> {
        let before = |parent: &u32| here.tape.nodes.get((*parent as usize).checked_sub(1)?);
        let mut around = self.parents.get(here.parents..)?.iter().rev().filter_map(before);
        around.find(|node| node.kind == Kind::Key)
    }

    /// What the catalogue says the value is, if it is valid as that; else it is like any other.
    #[inline(never)]
    pub(super) fn known(&self, reached: &Reached) -> Option<Known> {
        let event_type = self.event_type?;
        reached.known.iter().find(|(known, _)| *known == event_type).map(|(_, known)| *known)
    }

    /// Whether the catalogue says that there is an object or array, or a string that holds one, and a rule is for
    /// something in it.
    pub(super) fn should_be_json(&self, node: &Node) -> bool {
        let json = self.redactor.reached(node.state).map_or(&[][..], |reached| &reached.json);
        let mut rules = json.iter().filter(|(known, _)| Some(*known) == self.event_type).map(|(_, rules)| *rules);
        rules.any(|rules| !rules.that_are(self.active).is_none())
    }

    /// The rule for a number in which a detector finds something.
    pub(super) fn number(&mut self, here: Here<'_>, reached: &Reached) -> Option<u8> {
        let key = here.key.or_else(|| self.key_around(here));
        let key = key.map_or(Cow::Borrowed(&self.around[..]), |key| said(here.text, key));
        let known = self.known(reached);
        let context = Context { key: &key, number: true, known };
        let Finds { list, scratch } = &mut *self.found;
        self.redactor.detectors.as_ref()?.find(here.node.span().of(here.text), context, scratch, list);
        let rules =
            list.iter().fold(Rules::default(), |all, found| all.and_those(self.redactor.found_by(found.detector)));
        rules.that_are(reached.live).that_are(self.active).foremost()
    }

    /// What is known of a key, by its text.
    pub(super) fn know_text(&mut self, key: &[u8]) -> Option<KnownKey> {
        let (redactor, found) = (self.redactor, &mut *self.found);
        let mut is_sensitive = |key: &[u8]| {
            let Some(detectors) = &redactor.detectors else { return false };
            detectors.find(key, Context::default(), &mut found.scratch, &mut found.list);
            !found.list.is_empty()
        };
        self.seen.know(&redactor.keys, key, &mut is_sensitive)
    }

    pub(super) fn know(&mut self, text: &[u8], key: &Node) -> Option<KnownKey> {
        if key.escaped { self.know_text(&said(text, key)) } else { self.know_text(inside(key).of(text)) }
    }

    /// The rules for the value in an object such as `{"name":"Authorization","value":"…"}`: those for its name.
    #[cold]
    #[inline(never)]
    pub(super) fn named(&mut self, text: &[u8], tape: &Tape, is_unknown: bool) -> Rules {
        let object = self.parents.last().and_then(|&parent| Cursor::on(text, &tape.nodes, parent));
        let mut rules = Rules::default();
        // Few members: what is longer is no such object, and would be looked through for each of its members.
        for (key, value) in object.iter().flat_map(|object| object.children().take(MOST_MEMBERS)) {
            let Some(key) = key.filter(|_| value.kind() == Kind::String) else { continue };
            if self.know_text(&key.text()).is_some_and(|known| known.is_name)
                && let Some(named) = self.know_text(&value.text())
            {
                rules = rules.and_those(named.meant.rules(is_unknown));
            }
        }
        rules
    }
}
