//! What queries say of the elements on the way to a value: `lines[mask_data:true].input`.

use super::reach::Reached;
use super::walk::Pass;
use crate::tape::Node;

/// What a selector said of an element.
pub(super) struct Verdict {
    selector: u16,
    /// The entry behind the element.
    end: u32,
    is_taken: bool,
    /// Where those of the same element begin; they are in the order of the selectors.
    first: u32,
}

impl Pass<'_> {
    /// Judges an element by the selectors of its place.
    #[cold]
    #[inline(never)]
    pub(super) fn select(&mut self, text: &[u8], (node, at): (&Node, usize), reached: &Reached) {
        while self.verdicts.len() > self.first_verdict && self.verdicts.last().is_some_and(|v| v.end as usize <= at) {
            self.verdicts.pop();
        }
        let first = self.verdicts.len() as u32;
        for &selector in &reached.judged {
            let query = self.redactor.selectors.get(usize::from(selector));
            let is_taken = query.is_some_and(|query| self.judge.matches(query, text, node.span()));
            self.verdicts.push(Verdict { selector, end: node.next.max(at as u32 + 1), is_taken, first });
        }
    }

    /// Whether a selector took the innermost element that it judged around an entry.
    #[cold]
    #[inline(never)]
    pub(super) fn is_selected(&self, selector: u16, at: usize) -> bool {
        let mut around = &self.verdicts[..];
        while let Some(last) = around.last() {
            let (outer, element) = around.split_at(last.first as usize);
            if (outer.len() < self.first_verdict || last.end as usize > at)
                && let Ok(found) = element.binary_search_by_key(&selector, |verdict| verdict.selector)
            {
                return element[found].is_taken;
            }
            around = outer;
        }
        false
    }
}
