//! Strings: those that hold JSON are opened, redacted and closed again.

use super::document::{Holds, begins_like_document, holds, without_blanks};
use super::here::{Here, said};
use super::rule::Rules;
use super::walk::Pass;
use super::work::Level;
use crate::edit::{Edits, lift};
use crate::scan::{PAD, PADDING, Reason, is_space};
use crate::tape::{ROOM, Tape, Text, Walk, decode_into, walk};

impl Pass<'_> {
    /// A string that rules may reach into: opened if it holds JSON, withheld if it should and does not. Where rules look
    /// everywhere, so is what stands in a text.
    #[inline(never)]
    pub(super) fn string(
        &mut self,
        here: Here<'_>,
        everywhere: bool,
        edits: &mut Edits,
        levels: &mut [Level],
    ) -> Result<(), Reason> {
        match self.open(here, everywhere, Rules::default(), edits, levels)? {
            None => Ok(()),
            Some(Holds::Text) if !self.should_be_json(here.node) || says_nothing(here.node.span().of(here.text)) => {
                if everywhere {
                    self.text(here, edits, levels)
                } else {
                    Ok(())
                }
            }
            Some(_) => {
                self.withhold(here, edits, levels.len());
                Ok(())
            }
        }
    }

    /// Opens a string and redacts the document in it, all of it by `rules` as well. If it holds none: what else.
    pub(super) fn open(
        &mut self,
        here: Here<'_>,
        everywhere: bool,
        rules: Rules,
        edits: &mut Edits,
        levels: &mut [Level],
    ) -> Result<Option<Holds>, Reason> {
        let (text, node, inside) = (here.text, here.node, here.inside());
        let raw = inside.of(text);
        if !begins_like_document(raw) {
            return Ok(Some(Holds::Text));
        }
        let Some((level, deeper)) = levels.split_first_mut() else {
            let holds = holds(&here.said(), self.limits.depth)?;
            return Ok(Some(if holds == Holds::Text { holds } else { Holds::Unreadable }));
        };
        let Level { text: document, index, tape, edits: inner } = level;
        let room = raw.len() + ROOM.max(PADDING);
        if document.len() < room {
            document.resize(room, PAD);
        }
        let end = decode_into(raw, document);
        document[end..end + PADDING].fill(PAD);
        let start = end - without_blanks(&document[..end]).len();
        index.build(document, start, end);
        tape.clear();
        inner.clear();
        let reading = Text { bytes: document, index, end, lines: false };
        if !rules.is_none() && document[start] == b'"' {
            return Ok(Some(Holds::Text)); // a part of it is as good as the whole
        }
        match walk(reading, self.plan, node.state, self.limits.depth, start, tape) {
            Walk::Whole { end: value_end, .. }
                if document[value_end..end].iter().all(is_space)
                    && (!index.is_suspect(start, end)
                        || holds(&document[..end], self.limits.depth)? == Holds::Document) =>
            {
                self.counts.entered += u64::from(self.is_first);
                let outermost = self.outer.is_none();
                self.outer.get_or_insert(node.span());
                let key = here.key.or_else(|| self.key_around(here)).filter(|_| everywhere);
                let around = key.map_or_else(Vec::new, |key| said(text, key).into_owned());
                let around = if around.is_empty() { None } else { Some(std::mem::replace(&mut self.around, around)) };
                self.inner_document(here, (document, tape), rules, inner, deeper)?;
                if let Some(around) = around {
                    self.around = around;
                }
                if outermost {
                    self.outer = None;
                }
                lift(inner, text, inside, edits);
                Ok(None)
            }
            _ => holds(&document[..end], self.limits.depth).map(Some),
        }
    }

    /// Whether a string should hold JSON and cannot be read to its end.
    #[cold]
    #[inline(never)]
    pub(super) fn is_cut_off(&self, here: Here<'_>) -> bool {
        begins_like_document(here.inside().of(here.text))
            && !matches!(holds(&here.said(), self.limits.depth), Ok(Holds::Document | Holds::Text))
    }

    /// The edits of a document inside a string.
    pub(super) fn inner_document(
        &mut self,
        here: Here<'_>,
        (text, tape): (&[u8], &Tape),
        rules: Rules,
        edits: &mut Edits,
        levels: &mut [Level],
    ) -> Result<(), Reason> {
        let mut way = std::mem::take(&mut self.way);
        let outer = way.len();
        self.add_way(here, &mut way);
        self.way = way;
        self.document(text, tape, rules, edits, levels)?;
        self.way.truncate(outer);
        Ok(())
    }
}

/// Whether a string in place of an object or array tells nothing of it.
fn says_nothing(raw: &[u8]) -> bool {
    let inside = raw.get(1..raw.len().saturating_sub(1)).unwrap_or_default().trim_ascii();
    let texts = [super::WITHHELD, super::REDACTED, "", "null", "true", "false"];
    raw == super::LINES_OMITTED.as_bytes() || texts.iter().any(|text| text.as_bytes() == inside)
}
