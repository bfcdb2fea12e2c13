//! Lists of numbers, each kept once.

/// Lists in the order in which they came.
#[derive(Debug, Default)]
pub(super) struct Distinct {
    lists: Vec<Vec<u32>>,
    /// Their numbers, by their content.
    order: Vec<u32>,
}

impl Distinct {
    /// The number of a list, which is kept if it is new.
    #[inline(never)]
    pub(super) fn number(&mut self, list: &[u32]) -> u32 {
        let of = |number: u32| self.lists.get(number as usize).map_or(&[][..], |list| &list[..]);
        match self.order.binary_search_by(|&number| of(number).cmp(list)) {
            Ok(at) => self.order[at],
            Err(at) => {
                let number = self.lists.len() as u32;
                self.order.insert(at, number);
                self.lists.push(list.to_vec());
                number
            }
        }
    }

    pub(super) fn lists(&self) -> &[Vec<u32>] {
        &self.lists
    }
}
